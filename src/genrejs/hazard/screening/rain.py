"""Rain that runs off, fills hollows, spills over and joins them: where it stands in the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.hazard.screening.depressions import Depressions, Nest, passed_on
from genrejs.hazard.screening.kernels_flow import tally
from genrejs.hazard.screening.kernels_nest import pour, rest_levels
from genrejs.hazard.screening.kernels_spill import OUTSIDE
from genrejs.hazard.screening.surface import Floats


@dataclass(frozen=True)
class Standing:
    """Where the rain stands. Tables ``(bluespots,)`` [m3]: `water` held, `inflow` reached it, `overflow` passed on.

    `share` is the filled share 0..1; `rained`, `stored` and `left` [m3] are the account of the whole ground, `left` off
    the map, beside NaN and at outlets; `basin_water` [m3] and `basin_full` ``(basins,)`` are the nest's.
    """

    depressions: Depressions
    water: NDArray[np.float64]
    inflow: NDArray[np.float64]
    overflow: NDArray[np.float64]
    rained: float
    stored: float
    left: float
    basin_water: NDArray[np.float64]
    basin_full: NDArray[np.bool_]

    @property
    def share(self) -> NDArray[np.float64]:
        """Filled share of each bluespot ``(bluespots,)``, 0..1."""
        return self.water / self.depressions.volume

    def depth(self) -> NDArray[np.float32]:
        """Return the depth of standing water ``(y, x)`` [m], exact in bluespots that are filled only in part."""
        level = _levels(self)
        shape = self.depressions.elevation.shape
        surface = np.concatenate([[-np.inf], level])[self.depressions.catchment * (self.depressions.bluespot > 0)]
        depth = np.zeros(shape, np.float32)
        np.subtract(
            surface, self.depressions.elevation, out=depth, where=surface > self.depressions.elevation,
            casting="same_kind",
        )  # fmt: skip
        return depth


def fill_and_spill(depressions: Depressions, rain: float | Floats, runoff: float = 1.0) -> Standing:
    """Return where `rain` [m], a depth or ``(y, x)``, stands when the share `runoff` of it has run off (barnes2021).

    Each hollow keeps what its pits hold; what is above runs to the next, and full neighbours join. There is no time:
    drains, soil and streams act only through `runoff`, and every drop has come to rest.

    Raises
    ------
    InputError
        The rain is negative or does not fit the ground, or the runoff is not a share 0..1.
    """
    if not 0.0 <= runoff <= 1.0:
        raise InputError(f"The runoff is the share of the rain that runs off, 0..1; got {runoff}.")
    arriving = _arriving(depressions, rain) * runoff
    nest = depressions.nest
    water, full, left = pour(arriving[1:], nest.parent, nest.sibling, nest.target, nest.volume)
    held = _held(nest, water, full)
    count = len(depressions.volume)
    own = np.bincount(nest.bluespot[: nest.pits] - 1, weights=arriving[1:], minlength=count).astype(np.float64)
    inflow = passed_on(own, depressions.spills_to, depressions.volume)
    stored = np.bincount(nest.bluespot - 1, weights=held, minlength=count).astype(np.float64)
    return Standing(
        depressions, stored, inflow, np.maximum(inflow - depressions.volume, 0.0), float(arriving.sum()),
        float(stored.sum()), float(left + arriving[0]), water, full,
    )  # fmt: skip


def _arriving(depressions: Depressions, rain: float | Floats) -> NDArray[np.float64]:
    """Return the rain [m3] on the ground that leaves (place 0) and on each pit's catchment."""
    ground = depressions.direction != OUTSIDE
    depth = np.asarray(rain, dtype=np.float64)
    if depth.shape not in ((), ground.shape) or not (np.broadcast_to(depth, ground.shape)[ground] >= 0).all():
        raise InputError(f"The rain must be 0 m or more, one depth or one on each of the {ground.shape} cells.")
    if depth.ndim:
        amount = tally(depressions.catchment.ravel(), np.where(ground, depth, 0.0).ravel(), depressions.nest.pits + 1)
    else:
        amount = tally(depressions.catchment.ravel(), ground.ravel(), depressions.nest.pits + 1) * depth
    return np.asarray(amount * depressions.cell**2)


def _joined(nest: Nest, full: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which basins ``(basins,)`` hold one pool: pits, and those whose two children are full."""
    joined = np.ones(len(nest.parent), bool)
    child = nest.parent >= 0
    joined[nest.parent[child & ~full]] = False
    return joined


def _held(nest: Nest, water: NDArray[np.float64], full: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the water [m3] of basins ``(basins,)`` that are pools of their own, 0 where it is in a larger pool."""
    joined = _joined(nest, full)
    swallowed = (nest.parent >= 0) & joined[nest.parent]
    return np.where(joined & ~swallowed, water, 0.0)


def _pools(nest: Nest, full: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the largest pool that each basin ``(basins,)`` is part of."""
    joined = _joined(nest, full)
    pool = np.arange(len(nest.parent))
    for node in range(len(pool) - 1, -1, -1):
        above = nest.parent[node]
        if above >= 0 and joined[above]:
            pool[node] = pool[above]
    return pool


def _levels(standing: Standing) -> NDArray[np.float64]:
    """Return the water level [m] at each pit ``(pits,)``; -inf where it is dry."""
    nest, water = standing.depressions.nest, standing.basin_water
    pool = _pools(nest, standing.basin_full)
    level = np.where(standing.basin_full, nest.spill, -np.inf)
    part = np.flatnonzero((pool == np.arange(len(pool))) & ~standing.basin_full & (water > 0))
    if part.size:
        _partial(standing.depressions, pool, part, water / standing.depressions.cell**2, level)
    return np.asarray(level[pool[: nest.pits]])


def _partial(
    depressions: Depressions, pool: NDArray[np.int64], part: NDArray[np.int64], depth: Floats, level: Floats
) -> None:
    """Set the `level` [m] of the pools `part` that hold `depth` [m times cells] and are not full."""
    hollow = np.flatnonzero(depressions.bluespot)
    owner = pool[depressions.catchment.ravel()[hollow] - 1]
    wanted = np.zeros(len(pool), bool)
    wanted[part] = True
    hollow, owner = hollow[wanted[owner]], owner[wanted[owner]]
    heights = depressions.elevation.ravel()[hollow]
    order = np.lexsort((heights, owner))
    begin = np.searchsorted(owner[order], np.append(part, len(pool)))
    rest_levels(part, heights[order], begin, depth[part], level)
