"""How water runs over the filled ground: how much drains through each cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.screening.depressions import Depressions
from genrejs.hazard.screening.kernels_flow import accumulate


def drained_area(depressions: Depressions) -> NDArray[np.float64]:
    """Return the area [m2] that drains through each cell ``(y, x)`` when all hollows are full, its own included."""
    flat = depressions.direction.ravel()
    count = accumulate(flat, depressions.direction.shape[1])
    return np.asarray(count.reshape(depressions.direction.shape) * depressions.cell**2)


def catchments(depressions: Depressions, kept: NDArray[np.bool_] | None = None) -> NDArray[np.int32]:
    """Return the bluespot whose hollow water meets first from each cell ``(y, x)``; 0 where it leaves.

    With `kept` ``(bluespots,)`` the others count as filled: their cells belong to the next one kept downstream.
    """
    count = len(depressions.volume)
    number = np.arange(count + 1, dtype=np.int32)
    if kept is not None:
        number = next_kept(depressions.spills_to, kept)
    first = np.concatenate([np.zeros(1, np.int32), depressions.nest.bluespot[: depressions.nest.pits]])
    return np.asarray(number[first][depressions.catchment], dtype=np.int32)


def next_kept(spills_to: NDArray[np.int32], kept: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return for bluespots 0, 1, ... the first one kept ``(bluespots + 1,)``, itself or downstream; 0 for none."""
    found = np.zeros(len(kept) + 1, np.int32)
    for spot in range(1, len(kept) + 1):
        found[spot] = spot if kept[spot - 1] else found[spills_to[spot - 1]]
    return found
