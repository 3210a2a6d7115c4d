"""The ground as the screening reads it: checked, flat arrays, and where water may leave or come in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.hazard.screening.kernels_spill import LEAVES, OUTLET, OUTSIDE, UNSEEN

Floats = NDArray[np.floating]
Flags = NDArray[np.bool_]
MOST_CELLS = 2**31 - 1
"""Cells that four bytes can number."""


@dataclass(frozen=True)
class Surface:
    """Elevation [m] and wall crests [m], flat, row by row (crests of size 0 without walls), and the number of columns.

    Crests are as in `genrejs.hazard.flood.problem.Ground`: towards the east and towards the south of each cell.
    """

    z: NDArray[np.float64]
    east: NDArray[np.float64]
    south: NDArray[np.float64]
    width: int
    ways: int


def surface(elevation: Floats, wall_east: Floats | None, wall_south: Floats | None, neighbours: int) -> Surface:
    """Return the checked ground of `elevation` ``(y, x)`` [m] with its wall crests ``(y, x)`` [m].

    Raises
    ------
    InputError
        The arrays do not fit each other, hold no ground, are too large, or `neighbours` is neither 4 nor 8.
    """
    z = np.asarray(elevation, dtype=np.float64)
    if z.ndim != 2 or z.size > MOST_CELLS or not np.isfinite(z).any():
        raise InputError(f"The elevation must be a (y, x) array with ground in it; got shape {z.shape}.")
    if np.isinf(z).any():
        raise InputError("The elevation holds an infinite number; cells without ground are NaN.")
    if neighbours not in (4, 8):
        raise InputError(f"A cell has 4 or 8 neighbours; got {neighbours}.")
    none = wall_east is None and wall_south is None
    east, south = (np.empty(0) if none else _crests(wall, z.shape) for wall in (wall_east, wall_south))
    if not ((east > -np.inf).any() or (south > -np.inf).any()):
        east, south = np.empty(0), np.empty(0)
    return Surface(np.ascontiguousarray(z).ravel(), east, south, z.shape[1], neighbours)


def _crests(wall: Floats | None, shape: tuple[int, ...]) -> NDArray[np.float64]:
    if wall is None:
        return np.full(shape[0] * shape[1], -np.inf)
    crests = np.ascontiguousarray(wall, dtype=np.float64)
    if crests.shape != shape or np.isnan(crests).any():
        raise InputError(f"Wall crests must be numbers on the {shape} cells of the ground; got {crests.shape}.")
    return crests.ravel()


def at_edge(elevation: Floats) -> Flags:
    """Return the cells ``(y, x)`` with ground at the edge of the map or beside a cell without ground."""
    ground = np.isfinite(elevation)
    inner = np.zeros(ground.shape, bool)
    inner[1:-1, 1:-1] = ground[:-2, 1:-1] & ground[2:, 1:-1] & ground[1:-1, :-2] & ground[1:-1, 2:]
    return np.asarray(ground & ~inner)


def directions(elevation: Floats, leaves: Flags | None, outlets: Flags | None) -> NDArray[np.int8]:
    """Return the state ``(cells,)`` that a flood starts from: outside, leaving at `leaves`, out at `outlets`."""
    state = np.full(elevation.shape, UNSEEN, np.int8)
    if leaves is not None:
        state[leaves] = LEAVES
    if outlets is not None:
        state[outlets] = OUTLET
    state[~np.isfinite(elevation)] = OUTSIDE
    return state.ravel()


def mask(cells: Flags, shape: tuple[int, ...], what: str) -> Flags:
    """Return `cells` as flags ``(y, x)``; raise InputError where they do not fit the ground."""
    flags = np.asarray(cells)
    if flags.shape != shape or flags.dtype != np.bool_:
        raise InputError(f"The {what} must be true or false on the {shape} cells of the ground; got {flags.shape}.")
    return flags
