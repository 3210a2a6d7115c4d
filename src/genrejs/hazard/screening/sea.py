"""The sea at a level: which ground it reaches, for every level at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.hazard.screening.kernels_spill import flood
from genrejs.hazard.screening.surface import Flags, Floats, directions, mask, surface


@dataclass(frozen=True)
class SeaReach:
    """The `elevation` ``(y, x)`` [m] and, for each cell, the `reach` ``(y, x)`` [m]: the sill the sea must rise over.

    The sill is the highest ground or wall on the lowest way from the sea, the cell's own ground included; inf where no
    way leads (behind NaN). At a sea level above `reach` a cell is wet; at `reach` itself the water stands at the sill.
    """

    elevation: Floats
    reach: Floats

    def depth(self, level: float) -> NDArray[np.float32]:
        """Return the depth ``(y, x)`` [m] of still water at the sea `level` [m], 0 where dry or without ground."""
        wet = self.reach < level
        depth = np.zeros(self.elevation.shape, np.float32)
        np.subtract(np.float64(level), self.elevation, out=depth, where=wet, casting="same_kind")
        return depth


def sea_reach(
    elevation: Floats,
    sea: Flags,
    wall_east: Floats | None = None,
    wall_south: Floats | None = None,
    *,
    neighbours: int = 4,
) -> SeaReach:
    """Return the lowest sea level [m] at which water from the `sea` cells ``(y, x)`` reaches each cell (barnes2014).

    Water passes between the four cells that share a side, as in the solver, over wall crests ``(y, x)`` [m] as in
    `Ground`; with 8 `neighbours` it passes corners too. No time, no momentum, no volume: the level holds for ever.

    Raises
    ------
    InputError
        The arrays do not fit each other, or no cell with ground is sea.
    """
    ground = surface(elevation, wall_east, wall_south, neighbours)
    seeds = mask(sea, np.shape(elevation), "sea")
    if not (seeds & np.isfinite(elevation)).any():
        raise InputError("No cell with ground is sea: water can come from nowhere.")
    state = directions(np.asarray(elevation), None, seeds)
    reach, _, _ = flood(ground.z, state, ground.east, ground.south, ground.width, ground.ways, False)
    return SeaReach(ground.z.reshape(seeds.shape), reach.reshape(seeds.shape))
