"""Filling a sea or lake to its level before the flood begins."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True)
def fill(f: Any, level: Any, start: Any, width: Any, full: Any) -> None:
    """Mark in `full` the cells whose `level` [m] stands over their ground and is connected to the `start` cells."""
    stack = np.empty(full.size, np.int64)
    height = 0
    for k in range(start.size):
        if not full[start[k]]:
            full[start[k]] = 1
            stack[height] = start[k]
            height += 1
    while height > 0:
        height -= 1
        i = stack[height]
        for side in range(4):
            j = i + (1, -1, width, -width)[side]
            if j < 0 or j >= full.size or full[j]:
                continue
            face = min(i, j)
            bed = f.bed_east[face] if side < 2 else f.bed_south[face]
            if level[i] > bed and level[j] > bed and level[j] > f.ground[j]:
                full[j] = 1
                stack[height] = j
                height += 1
