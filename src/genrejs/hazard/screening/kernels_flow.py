"""Compiled loops: sums along the ways that water takes."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from genrejs.hazard.screening.kernels_spill import DOWN, LEAVES, OUTSIDE, RIGHT


@njit(cache=True)
def downstream(basin: Any, direction: Any, width: Any) -> None:
    """Give every cell with `basin` below 0 the basin that its water meets first, 0 where it leaves."""
    for start in range(basin.size):
        i = start
        while basin[i] < 0:
            k = direction[i]
            if k >= LEAVES:
                break
            i += DOWN[k] * width + RIGHT[k]
        found = max(basin[i], 0)
        i = start
        while basin[i] < 0:
            basin[i] = found
            k = direction[i]
            if k >= LEAVES:
                break
            i += DOWN[k] * width + RIGHT[k]


@njit(cache=True)
def survey(z: Any, level: Any, hollow: Any, direction: Any, width: Any, hollows: Any) -> Any:
    """Return of each hollow its cells, depth [m], volume per cell area [m], last cell and the cell it pours to."""
    cells, depth, volume = np.zeros(hollows, np.int64), np.zeros(hollows), np.zeros(hollows)
    last, sill = np.zeros(hollows, np.int64), np.zeros(hollows, np.int64)
    for i in range(z.size):
        h = hollow[i] - 1
        if h < 0:
            continue
        cells[h] += 1
        volume[h] += level[i] - z[i]
        depth[h] = max(depth[h], level[i] - z[i])
        j = i + DOWN[direction[i]] * width + RIGHT[direction[i]]
        if hollow[j] != h + 1:
            last[h], sill[h] = i, j
    return cells, depth, volume, last, sill


@njit(cache=True)
def cascade(own: Any, spills_to: Any, capacity: Any) -> Any:
    """Return what reaches each hollow when those of higher number pass on what is above their capacity."""
    total = own.copy()
    for h in range(own.size - 1, -1, -1):
        if spills_to[h] > 0:
            total[spills_to[h] - 1] += max(total[h] - capacity[h], 0.0)
    return total


@njit(cache=True)
def tally(basin: Any, amount: Any, basins: Any) -> Any:
    """Return the sum of each cell's `amount` over every basin 0..basins-1."""
    total = np.zeros(basins)
    for i in range(basin.size):
        total[basin[i]] += amount[i]
    return total


@njit(cache=True)
def accumulate(direction: Any, width: Any) -> Any:
    """Return how many cells drain through each cell, itself among them; 0 outside."""
    n = direction.size
    waits = np.zeros(n, np.uint8)
    for i in range(n):
        k = direction[i]
        if 0 <= k < LEAVES:
            waits[i + DOWN[k] * width + RIGHT[k]] += 1
    count = np.ones(n, np.int32)
    for start in range(n):
        if direction[start] == OUTSIDE:
            count[start] = 0
        if waits[start] > 0:
            continue
        i = start
        while True:
            waits[i] = 255
            k = direction[i]
            if k < 0 or k >= LEAVES:
                break
            j = i + DOWN[k] * width + RIGHT[k]
            count[j] += count[i]
            waits[j] -= 1
            if waits[j] > 0:
                break
            i = j
    return count
