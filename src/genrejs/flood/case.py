"""From what a caller gives to what the solver reads: ground, edges, forcing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.flood.given import Given
from genrejs.flood.houses import built_cells, open_shares
from genrejs.flood.rain import Rain, read_rain_over
from genrejs.flood.soil import read_rate, read_soil
from genrejs.flood.structures import read_structures
from genrejs.flood.surface import Surface, number, on_cells
from genrejs.flood.tables import level_series, read_inflows
from genrejs.flood.walls import burn_walls
from genrejs.hazard.flood.layout import cells_open
from genrejs.hazard.flood.problem import Floats, Forcing, Ground, Outfall, Rating, Series, Works
from genrejs.units import read_duration

BUILDING_HEIGHT = 10.0
"""[m] by which a building raises its cells when it stands as a block (assumption: no flood goes over roofs)."""
BELOW_GROUND = 1.0
"""[m] by which the level of an open edge without water lies below the lowest ground: water runs off freely."""
EDGES: dict[str, Any] = {"n": np.s_[0, :], "s": np.s_[-1, :], "w": np.s_[:, 0], "e": np.s_[:, -1]}
Bools = NDArray[np.bool_]


def lay_ground(surface: Surface, given: Given) -> Ground:
    """Return the ground with roughness, soil, drains, walls and buildings; raise InputError for what does not fit."""
    what = "Manning's n (--manning, a number or the path of a .tif)"
    manning = on_cells(what, given["manning"], surface)
    if (manning[np.isfinite(manning)] <= 0).any():
        raise InputError(f"Manning's n must be above 0 everywhere; its lowest value is {np.nanmin(manning):g}.")
    walls = (None, None) if given["walls"] is None else burn_walls(given["walls"], surface)
    bare = Ground(
        surface.elevation, surface.grid.cell, manning,
        infiltration=read_rate("The infiltration (--infiltration)", given["infiltration"], surface),
        drain_capacity=read_rate("The drains' capacity (--drains)", given["drains"], surface),
        wall_east=walls[0], wall_south=walls[1],
        soil=read_soil(given["soil"], given["soil_table"], surface),
    )  # fmt: skip
    return bare if given["buildings"] is None else _build(bare, given["buildings"], given["buildings_as"], surface.grid)


def _build(ground: Ground, buildings: Any, how: str, grid: Grid) -> Ground:
    """Return the ground with buildings raised as blocks, cut out as holes, or as shares of cells that are built."""
    if how == "porosity":
        cells, east, south = open_shares(buildings, grid)
        return replace(ground, porosity=cells, open_east=east, open_south=south)
    built = built_cells(buildings, grid)
    if how == "hole":
        return replace(ground, blocked=built)
    return replace(ground, elevation=np.where(built, ground.elevation + BUILDING_HEIGHT, ground.elevation))


def lay_forcing(ground: Ground, surface: Surface, given: Given, ratings: tuple[Rating, ...] = ()) -> Forcing:
    """Return rain, levels, inflows and edges; raise InputError for what cannot be read or meets no cell."""
    rain = Rain() if given["rain"] is None else read_rain_over(given["rain"], surface)
    inflows = () if given["inflows"] is None else read_inflows(given["inflows"], surface.grid)
    level, cells = _sea(ground, given)
    outfalls = _outfalls(ground, given["outfall"], cells)
    return Forcing(
        level, cells, rain.series, inflows, outfalls,
        rain_zones=rain.zones, zone_rain=rain.zone_series, ratings=ratings,
    )  # fmt: skip


def lay_works(surface: Surface, given: Given) -> tuple[Works, tuple[Rating, ...]]:
    """Return the structures and rating curves; raise InputError for what cannot be read or lies outside."""
    return (Works(), ()) if given["structures"] is None else read_structures(given["structures"], surface.grid)


def depths(given: Any) -> tuple[float, ...]:
    """Return thresholds [m] from "0.1,0.5", a number or several, rising; raise InputError otherwise."""
    parts = given.split(",") if isinstance(given, str) else np.atleast_1d(given) if given is not None else ()
    return tuple(sorted({number("A threshold (--thresholds)", part) for part in parts}))


def lay_start(surface: Surface, given: Given) -> float | Floats | None:
    """Return the level [m] that the water starts at, a number or ``(y, x)``."""
    start = given["initial_level"]
    if start is None:
        return None
    level = on_cells("The initial level (--initial-level)", start, surface)
    return float(level.flat[0]) if np.isscalar(start) else level


def seconds(given: float | str, what: str) -> float:
    """Return a duration [s] from text such as "12h" or from a number of seconds; raise InputError otherwise."""
    value = read_duration(given, what) if isinstance(given, str) else number(f"The {what}", given)
    if value <= 0:
        raise InputError(f"The {what} must be above 0 s; got {given!r}.")
    return value


def _sea(ground: Ground, given: Given) -> tuple[Series | None, Bools | None]:
    """Return the level and its cells at the open edges: those below the highest level, all where water runs off."""
    if given["open_edges"] is None:
        return None, None
    edge = np.zeros(ground.elevation.shape, bool)
    for name in given["open_edges"].split(","):
        edge[_edge(name, given["open_edges"])] = True
    if given["level"] is None:
        level = Series(np.zeros(1), np.array([float(np.nanmin(ground.elevation)) - BELOW_GROUND]))
    else:
        level = level_series(given["level"])
        with np.errstate(invalid="ignore"):
            edge = edge & (ground.elevation < np.max(level.values))
    if not (edge & np.isfinite(ground.elevation)).any():
        edges = given["open_edges"]
        raise InputError(f"No cell of the open edges {edges!r} lies below the level: no water can enter.")
    return level, edge


def _edge(name: str, whole: str) -> Any:
    """Return the place of a named edge; raise InputError for a name that is none."""
    place = EDGES.get(name.strip().lower())
    if place is None:
        raise InputError(f"Edges are n, e, s, w separated by commas; got {name.strip()!r} in {whole!r}.")
    return place


def _outfalls(ground: Ground, text: str | None, sea: Bools | None) -> tuple[Outfall, ...]:
    """Return the edges where water leaves at the normal depth of a slope, from text such as "e:0.002,s:0.01"."""
    outfalls: list[Outfall] = []
    free = cells_open(ground)
    taken = np.zeros(free.shape, bool) if sea is None else sea.copy()
    for part in (text or "").split(",") if text is not None else ():
        name, colon, slope = part.partition(":")
        if not colon:
            raise InputError(f"An outfall is an edge and a slope [m/m], such as e:0.002; got {part.strip()!r}.")
        edge = np.zeros(free.shape, bool)
        edge[_edge(name, part)] = True
        steep = number(f"The slope of the outfall {part.strip()!r}", slope)
        if steep <= 0:
            raise InputError(f"The slope of the outfall {part.strip()!r} must be above 0 m/m.")
        rows, columns = np.nonzero(edge & free & ~taken)
        if rows.size == 0:
            raise InputError(f"The outfall {part.strip()!r} has no cell of its own: a level or an outfall is there.")
        taken |= edge
        outfalls.append(Outfall(name.strip().lower(), rows, columns, steep))
    return tuple(outfalls)
