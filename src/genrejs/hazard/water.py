"""The border between a city and the flood solver: structures onto cells and faces, results back as a Dataset."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
import xarray as xr
from numpy.typing import NDArray
from shapely import Point

from genrejs.city import structures as built
from genrejs.city.grid import Grid
from genrejs.city.landcover import read_land_cover
from genrejs.city.model import City
from genrejs.city.terrain import stream_cells
from genrejs.errors import InputError
from genrejs.hazard.event import Event
from genrejs.hazard.faces import line_faces
from genrejs.hazard.flood.choice import choose_scheme
from genrejs.hazard.flood.content import content_hash
from genrejs.hazard.flood.engine import simulate
from genrejs.hazard.flood.options import Options
from genrejs.hazard.flood.problem import (
    OPEN,
    Flood,
    Forcing,
    Gate,
    Ground,
    Inflow,
    Pump,
    Series,
    Weir,
    Works,
)
from genrejs.provenance import code_hash

Bounds = tuple[float, float, float, float]
GROUND = ("elevation", "manning", "infiltration", "drain_capacity")
LOW_GROUND = 5.0
"""[m] below this the ground is so flat that a coarse run's level may be laid on finer ground (assumption)."""


@dataclass(frozen=True)
class Problem:
    """Everything the solver reads; two problems with the same `key` have the same flood.

    `dug` ``(y, x)`` [m] is how far basins lie below the city's ground: water that stays in them is no flood.
    """

    grid: Grid
    ground: Ground
    forcing: Forcing
    works: Works
    duration: float
    initial_level: float | None
    dug: NDArray[np.float64] | None = None
    scheme: str = "inertial"

    @property
    def key(self) -> str:
        """A hash of the solver's code and input, so that scenarios that leave the water alone share one run."""
        return content_hash(
            code_hash("hazard/flood"),
            self.grid,
            self.ground,
            self.forcing,
            self.works,
            self.duration,
            self.initial_level,
            self.scheme,
        )


def build_problem(city: City, event: Event, window: Bounds | None = None, scheme: str = "inertial") -> Problem:
    """Return the flood problem of `event` in `city`, inside `window` (west, south, east, north) when given.

    Infiltration, drains and basins act on rain only (assumption): a surge or a river stands above the outlets and fills
    a square before its peak. Structures that lie
    outside the window are left out. `scheme` is inertial, shallow-water or auto, which takes what suits the event.
    Raises InputError when the city has no open sea for an event with a sea level.
    """
    grid, cut = city.grid.window(window) if window is not None else (city.grid, (slice(None), slice(None)))
    sea = _sea_cells(city, grid) if event.sea_level is not None else None
    forcing = _forcing(city, event, grid, sea)
    start = float(event.sea_level.values[0]) if event.sea_level is not None else None
    works = _works(city.structures, grid)
    rain = event.rain is not None
    dug = _dug(city, grid) if rain else None
    ground = _ground(city, grid, cut, dug)
    if not rain:
        ground = replace(ground, infiltration=None, drain_capacity=None)
    return Problem(grid, ground, forcing, works, event.duration, start, dug, choose_scheme(forcing, scheme)[0])


def _forcing(city: City, event: Event, grid: Grid, sea: NDArray[np.bool_] | None) -> Forcing:
    inflows = _inflows(city, event, grid)
    if event.rain is None or event.rain_area is None:
        return Forcing(event.sea_level, sea, event.rain, inflows)
    x, y = np.meshgrid(grid.x, grid.y)
    zones = np.where(shapely.contains_xy(event.rain_area, x, y), 0, -1).astype(np.int8)
    if not (zones == 0).any():
        raise InputError(f"The rain of '{event.name}' falls outside the window that is computed.")
    return Forcing(event.sea_level, sea, None, inflows, rain_zones=zones, zone_rain=(event.rain,))


def _dug(city: City, grid: Grid) -> NDArray[np.float64] | None:
    """Return how deep basins are dug into the ground ``(y, x)`` [m], None without any."""
    basins = [part for part in city.structures if isinstance(part, built.Basin)]
    if not basins:
        return None
    x, y = np.meshgrid(grid.x, grid.y)
    depths = [np.where(shapely.contains_xy(part.area, x, y), part.depth, 0.0) for part in basins]
    return np.asarray(np.sum(depths, axis=0), dtype=np.float64)


def _sea_cells(city: City, grid: Grid) -> NDArray[np.bool_]:
    if city.open_sea is None:
        raise InputError(
            f"{city.name} has no open sea, but the event sets a sea level; give the city an open_sea polygon."
        )
    x, y = np.meshgrid(grid.x, grid.y)
    return np.asarray(shapely.contains_xy(city.open_sea, x, y))


def _ground(city: City, grid: Grid, cut: tuple[slice, slice], dug: NDArray[np.float64] | None) -> Ground:
    """Return the ground less what is `dug`, with walls on faces (the higher crest where they meet); soil for rain."""
    field = {name: np.array(city.terrain[name].to_numpy()[cut], dtype=np.float64) for name in GROUND}
    east, south = np.full(grid.shape, OPEN), np.full(grid.shape, OPEN)
    for part in city.structures:
        if isinstance(part, built.Wall):
            for crests, faces in zip((east, south), line_faces(part.line, grid), strict=True):
                rows, columns = faces[:, 0], faces[:, 1]
                crests[rows, columns] = np.maximum(crests[rows, columns], part.crest)
    ground = field["elevation"] if dug is None else field["elevation"] - dug
    return Ground(
        ground, grid.cell, field["manning"], field["infiltration"], field["drain_capacity"], None, east, south
    )


def _inflows(city: City, event: Event, grid: Grid) -> tuple[Inflow, ...]:
    """Return the streams' inflows at their first cells inside the grid, after water parking upstream."""
    stores = [part for part in city.structures if isinstance(part, built.Storage)]
    result = []
    for name, natural in event.inflows.items():
        cells = _entry_cells(city, name, grid)
        discharge = natural
        for store in (part for part in stores if part.stream == name):
            discharge = parked(discharge, store, event.duration)
        result.append(Inflow(name, cells[:, 0], cells[:, 1], discharge))
    return tuple(result)


def _entry_cells(city: City, name: str, grid: Grid, count: int = 3) -> NDArray[np.int64]:
    """Return the first `count` cells ``(n, 2)`` of a stream inside the grid, downstream from where it enters."""
    stream = city.streams[city.streams["name"] == name]
    cells = stream_cells(stream, grid)
    if len(stream) == 0 or len(cells) == 0:
        raise InputError(f"No stream '{name}' crosses the window {grid.bounds}.")
    return np.asarray(cells[:count], dtype=np.int64)


def parked(discharge: Series, store: built.Storage, duration: float) -> Series:
    """Return the discharge [m3/s] below water parking that holds back what exceeds its release until it is full."""
    times = np.arange(0.0, duration + 600.0, 300.0)
    flow = np.interp(times, discharge.times, discharge.values)
    excess = np.maximum(flow - store.release, 0.0)
    if not excess.any():
        return discharge
    held = np.concatenate([[0.0], np.cumsum((excess[1:] + excess[:-1]) / 2 * 300.0)])
    return Series(times, np.where(held < store.volume, np.minimum(flow, store.release), flow))


def _works(parts: tuple[built.Structure, ...], grid: Grid) -> Works:
    """Return the operated structures whose cells lie inside the grid; a gate or pump that does not work is left out."""
    inside = shapely.box(*grid.bounds)
    gates = tuple(
        Gate(g.id, *line_faces(g.line, grid), _cell(g.outer, grid), _cell(g.inner, grid), g.closes_at, g.crest)
        for g in parts
        if isinstance(g, built.Gate) and g.works and inside.contains(g.line)
    )
    pumps = tuple(
        Pump(p.id, _cell(p.intake, grid), _cell(p.outlet, grid), p.capacity, p.starts_at, p.stops_at)
        for p in parts
        if isinstance(p, built.Pump) and p.works and inside.contains(p.intake) and inside.contains(p.outlet)
    )
    weirs = tuple(
        Weir(w.id, _cell(w.intake, grid), _cell(w.outlet, grid), w.crest, w.width)
        for w in parts
        if isinstance(w, built.Weir) and inside.contains(w.intake) and inside.contains(w.outlet)
    )
    return Works(gates, pumps, weirs)


def _cell(point: Point, grid: Grid) -> tuple[int, int]:
    return grid.index(point.x, point.y)


def solve(problem: Problem, options: Options | None = None) -> xr.Dataset:
    """Return a problem's footprint: `max_depth`, `max_level`, `max_speed`, `arrival` ``(y, x)`` and the account."""
    flood = simulate(
        problem.ground, problem.forcing, problem.works,
        duration=problem.duration, initial_level=problem.initial_level,
        options=replace(options or Options(), scheme=problem.scheme),
    )  # fmt: skip
    return footprint(problem, flood)


def footprint(problem: Problem, flood: Flood) -> xr.Dataset:
    """Return the solver's result on its grid, depths above the city's ground; where the sea is imposed it is NaN."""
    sea = problem.forcing.level_cells
    fields = {}
    for name in ("max_depth", "max_level", "max_speed", "arrival"):
        values = np.asarray(getattr(flood, name), dtype=np.float32)
        if name == "max_depth" and problem.dug is not None:
            values = np.maximum(values - problem.dug, 0.0, where=problem.dug > 0, out=values.copy())
        fields[name] = (("y", "x"), np.where(sea, np.nan, values) if sea is not None else values)
    attributes: dict[str, Any] = {f"balance_{name}": float(value) for name, value in flood.balance.items()}
    attributes |= {
        "steps": flood.steps, "cells": int(problem.ground.elevation.size), "active_updates": flood.active_cell_updates,
        "wall_seconds": flood.wall_seconds, "max_froude": float(flood.max_froude), "problem": problem.key,
    }  # fmt: skip
    return xr.Dataset(fields, coords={"y": problem.grid.y, "x": problem.grid.x}, attrs=attributes)


def ordinary_water(city: City) -> NDArray[np.bool_]:
    """Return the cells ``(y, x)`` that hold water on an ordinary day: sea and streams."""
    table = read_land_cover()
    cover = city.terrain["land_cover"].to_numpy()
    return np.asarray(np.isin(cover, [table.code("sea"), table.code("stream")]))


def spread(coarse: xr.Dataset, grid: Grid) -> xr.Dataset:
    """Return a coarse footprint on a finer `grid`: every fine cell takes the values of the coarse cell it lies in."""
    return coarse.reindex(y=grid.y, x=grid.x, method="nearest", tolerance=float(coarse.x[1] - coarse.x[0]))


def refine(coarse: xr.Dataset, grid: Grid, elevation: NDArray[np.float64]) -> xr.Dataset:
    """Lay a coarse run's level on finer, low and flat ground; elsewhere the coarse depth is kept.

    `elevation` is ``(y, x)`` on `grid` [m]; a fine cell is wet only where its coarse cell is. Only for standing water:
    the film that rain leaves on a slope has no level to lay.
    """
    near = spread(coarse, grid)
    level, depth = near["max_level"].to_numpy(), near["max_depth"].to_numpy()
    flat = (elevation < LOW_GROUND) & (depth > 0.001)
    laid = np.where(flat, np.maximum(level - elevation, 0.0), depth).astype(np.float32)
    return near.assign(max_depth=(("y", "x"), laid))
