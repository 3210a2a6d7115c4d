"""Pictures of the study's window, one pixel a cell: the ground, and the sea level at which each cell is reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from genrejs.city.grid import Grid
from genrejs.city.model import City
from genrejs.hazard.screening import sea_reach
from genrejs.hazard.screening.place import city_walls
from genrejs.measure.catalogue import carry_out
from genrejs.web.pictures import terrarium

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Window:
    """The part of a city's grid that is computed: its own `grid` and the ``(y, x)`` slices that cut it out."""

    grid: Grid
    cut: tuple[slice, slice]


def window_of(city: City, bounds: Bounds | None) -> Window:
    """Return the study's window in the city, the whole city without `bounds`."""
    if bounds is None:
        return Window(city.grid, (slice(None), slice(None)))
    return Window(*city.grid.window(bounds))


def ground_png(city: City, window: Window) -> bytes:
    """Return the ground [m] of the window in terrarium coding."""
    return terrarium(city.terrain["elevation"].to_numpy()[window.cut])


def reach_png(city: City, window: Window, strategy: str) -> bytes:
    """Return the lowest sea level [m] at which connected water comes to each cell of the window, gates shut.

    Raises
    ------
    InputError
        The strategy is not known.
    """
    return terrarium(reach(city, strategy)[window.cut])


def reach(city: City, strategy: str) -> NDArray[np.float64]:
    """Return the lowest sea level ``(y, x)`` [m] that reaches each cell of the city; inf where none does."""
    built = carry_out(city, strategy)
    if city.open_sea is None:
        return np.full(city.grid.shape, np.inf)
    x, y = np.meshgrid(city.grid.x, city.grid.y)
    sea = np.asarray(shapely.contains_xy(city.open_sea, x, y))
    elevation = np.array(built.terrain["elevation"].to_numpy(), dtype=np.float64)
    found = sea_reach(elevation, sea, *city_walls(built, gates_shut=True)).reach
    return np.asarray(found, dtype=np.float64)
