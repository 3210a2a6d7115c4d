"""The flood solver on anyone's files: what `genrejs flood TERRAIN.tif --out DIR` does."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio.features
import xarray as xr
from numpy.typing import NDArray
from rasterio.transform import Affine

from genrejs.city.grid import Floats, Grid
from genrejs.city.raster import read_raster, read_vector, write_raster
from genrejs.errors import InputError
from genrejs.hazard.flood.engine import simulate
from genrejs.hazard.flood.options import SCHEMES, Options
from genrejs.hazard.flood.problem import Flood, Forcing, Ground, Inflow, Series
from genrejs.units import read_duration, read_rain
from genrejs.writing import whole_folder

BUILDING_HEIGHT = 10.0
"""[m] by which a building raises its cells when it stands as a block (assumption: no flood goes over roofs)."""
END_OF_RAIN = 1e-6
"""[s] in which an even rain stops."""
WILD_FROUDE = 1.0
"""Froude number above which the inertial scheme leaves out momentum that matters."""


@dataclass(frozen=True)
class FloodRequest:
    """The options of `genrejs flood` as given: text and paths, read and checked by `flood_files`."""

    rain: str | None = None
    level: str | None = None
    open_edges: str | None = None
    inflow: Path | None = None
    initial_level: str | None = None
    manning: str = "0.035"
    buildings: Path | None = None
    buildings_as: str = "block"
    gauges: Path | None = None
    duration: str = "1h"
    every: str | None = None
    scheme: str = "inertial"
    precision: str | int = "32"
    engine: str = "auto"
    threads: int | None = None


def flood_files(
    terrain: Path, out: Path, request: FloodRequest, progress: Callable[[float], None] | None = None
) -> dict[str, Any]:
    """Compute a flood from files, write its maps, gauges and summary into `out` when all is done, return the summary.

    Raises
    ------
    InputError
        A file or option is wrong; nothing is written.
    """
    _check_choices(request)
    duration = read_duration(request.duration)
    every = None if request.every is None else read_duration(request.every, "time between slices (--every)")
    elevation, grid = read_raster(terrain)
    ground = _ground(elevation, grid, request)
    forcing = _forcing(ground, grid, request)
    gauges = _gauges(request.gauges, grid)
    options = Options(
        scheme=request.scheme, precision=int(request.precision), threads=request.threads, every=every,
        gauges=tuple(gauges.values()), progress=progress,
    )  # fmt: skip
    start = None if request.initial_level is None else _number(request.initial_level, "--initial-level")
    flood = simulate(ground, forcing, duration=duration, initial_level=start, options=options)
    summary = _summary(flood, grid, duration, options)
    with whole_folder(out) as folder:
        _write(folder, flood, grid, list(gauges))
        (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    return summary


def _check_choices(request: FloodRequest) -> None:
    """Raise InputError for a choice that is not there, or when nothing brings water."""
    if request.engine == "cuda":
        raise InputError("The GPU engine (--engine cuda) is not built yet; use --engine cpu or auto.")
    choices = {
        "--engine": (request.engine, ("cpu", "cuda", "auto")),
        "--scheme": (request.scheme, SCHEMES),
        "--precision": (str(request.precision), ("32", "64")),
        "--buildings-as": (request.buildings_as, ("block", "hole")),
    }
    for name, (given, accepted) in choices.items():
        if given not in accepted:
            raise InputError(f"{name} {given!r} is not known; accepted: {', '.join(accepted)}.")
    if not (request.rain or request.level or request.inflow or request.initial_level):
        raise InputError("Nothing brings water: give --rain, --level with --open-edges, --inflow or --initial-level.")
    if request.level and not request.open_edges:
        raise InputError("--level needs --open-edges, the edges that hold it, such as --open-edges e or n,w.")


def _number(text: str, what: str) -> float:
    """Return a finite number; raise InputError otherwise."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{what} must be a number; got {text!r}.")
    return value


def _ground(elevation: Floats, grid: Grid, request: FloodRequest) -> Ground:
    """Return the ground with its roughness and buildings."""
    manning = _manning(request.manning, grid)
    blocked = None
    if request.buildings is not None:
        built = _footprints(request.buildings, grid)
        if request.buildings_as == "hole":
            blocked = built
        else:
            elevation = np.where(built, elevation + BUILDING_HEIGHT, elevation)
    return Ground(elevation, grid.cell, manning, blocked=blocked)


def _manning(text: str, grid: Grid) -> Floats:
    """Return Manning's n ``(y, x)`` [s m-1/3] from a number or a raster on the same cells."""
    if Path(text).suffix.lower() in {".tif", ".tiff"}:
        values, own = read_raster(Path(text))
        if own.shape != grid.shape or not np.allclose(own.bounds, grid.bounds, atol=0.01 * grid.cell):
            raise InputError(f"The Manning raster {text} ({own.shape}, {own.bounds}) must lie on the terrain's cells.")
    else:
        values = np.full(grid.shape, _number(text, "Manning's n (--manning), or the path of a .tif,"))
    if (values[np.isfinite(values)] <= 0).any():
        raise InputError(f"Manning's n must be above 0 everywhere; --manning {text} has {np.nanmin(values):g}.")
    return np.asarray(values, dtype=np.float64)


def _footprints(path: Path, grid: Grid) -> NDArray[np.bool_]:
    """Return the cells ``(y, x)`` whose centre lies in a building."""
    layer = read_vector(path, grid.crs)
    shapes = [shape for shape in layer.geometry if shape is not None and not shape.is_empty]
    if not all(shape.geom_type in {"Polygon", "MultiPolygon"} for shape in shapes):
        raise InputError(f"The buildings {path} must be polygons; it holds other shapes too.")
    place = Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, grid.north)
    burnt = rasterio.features.rasterize(shapes, out_shape=grid.shape, transform=place, dtype="uint8")
    return np.asarray(burnt > 0)


def _forcing(ground: Ground, grid: Grid, request: FloodRequest) -> Forcing:
    """Return rain, levels and inflows."""
    rain = None if request.rain is None else _rain(request.rain)
    inflows = () if request.inflow is None else _inflows(request.inflow, grid)
    if request.open_edges is None:
        return Forcing(rain=rain, inflows=inflows)
    edge = _edges(request.open_edges, grid)
    if request.level is None:
        level = Series(np.zeros(1), np.array([float(np.nanmin(ground.elevation)) - 1.0]))
    else:
        level = _level(request.level)
        with np.errstate(invalid="ignore"):
            edge = edge & (ground.elevation < np.max(level.values))
    if not (edge & np.isfinite(ground.elevation)).any():
        raise InputError(f"No cell of the open edges {request.open_edges!r} lies below the level: no water can enter.")
    return Forcing(level, edge, rain, inflows)


def _edges(text: str, grid: Grid) -> NDArray[np.bool_]:
    """Return the outermost cells ``(y, x)`` of the named edges."""
    places: dict[str, Any] = {"n": np.s_[0, :], "s": np.s_[-1, :], "w": np.s_[:, 0], "e": np.s_[:, -1]}
    edge = np.zeros(grid.shape, bool)
    for name in text.split(","):
        if name.strip().lower() not in places:
            raise InputError(f"--open-edges takes n, e, s, w separated by commas; got {name.strip()!r} in {text!r}.")
        edge[places[name.strip().lower()]] = True
    return edge


def _rain(text: str) -> Series:
    """Return the rain [m/s] from "60mm/1h" or a table of time_s, intensity_mm_h."""
    if Path(text).suffix.lower() == ".csv":
        table = _table(Path(text), ("time_s", "intensity_mm_h"))
        return Series(table["time_s"].to_numpy(), table["intensity_mm_h"].to_numpy() / 3.6e6)
    depth, duration = read_rain(text)
    return Series(np.array([0.0, duration, duration + END_OF_RAIN]), np.array([1.0, 1.0, 0.0]) * depth / duration)


def _level(text: str) -> Series:
    """Return the level [m] at the open edges from a number or a table of time_s, level_m."""
    if Path(text).suffix.lower() == ".csv":
        table = _table(Path(text), ("time_s", "level_m"))
        return Series(table["time_s"].to_numpy(), table["level_m"].to_numpy())
    return Series(np.zeros(1), np.array([_number(text, "--level, or the path of a .csv,")]))


def _inflows(path: Path, grid: Grid) -> tuple[Inflow, ...]:
    """Return the inflows of a table of name, x, y, time_s, discharge_m3_s: one cell for each name."""
    table = _table(path, ("x", "y", "time_s", "discharge_m3_s"), name=True)
    inflows = []
    for name, part in table.groupby("name", sort=False):
        row, column = _place(f"The inflow {name!r} in {path}", part["x"].iloc[0], part["y"].iloc[0], grid)
        series = Series(part["time_s"].to_numpy(), part["discharge_m3_s"].to_numpy())
        inflows.append(Inflow(str(name), np.array([row]), np.array([column]), series))
    return tuple(inflows)


def _gauges(path: Path | None, grid: Grid) -> dict[str, tuple[int, int]]:
    """Return the cell of each gauge in a table of name, x, y."""
    if path is None:
        return {}
    table = _table(path, ("x", "y"), name=True)
    if table["name"].duplicated().any():
        raise InputError(f"The gauges in {path} need different names; {table['name'].mode()[0]!r} comes twice.")
    rows = table.itertuples(index=False)
    return {str(row.name): _place(f"The gauge {row.name!r} in {path}", row.x, row.y, grid) for row in rows}


def _place(what: str, x: Any, y: Any, grid: Grid) -> tuple[int, int]:
    """Return the cell at a point; raise InputError with its owner's name."""
    try:
        return grid.index(float(x), float(y))
    except InputError as error:
        raise InputError(f"{what}: {error}") from error


def _table(path: Path, numbers: tuple[str, ...], name: bool = False) -> pd.DataFrame:
    """Return a CSV table with the wanted columns as finite numbers; raise InputError with file, column and row."""
    wanted = ("name", *numbers) if name else numbers
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", skipinitialspace=True)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path} cannot be read as a CSV table with the columns {', '.join(wanted)}.") from error
    missing = [column for column in wanted if column not in table.columns]
    if missing or table.empty:
        lack = f"lacks the column {missing[0]}" if missing else "has no rows"
        raise InputError(f"The table {path} {lack}; wanted: {', '.join(wanted)}.")
    for column in numbers:
        values = pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64)
        if not np.isfinite(values).all():
            row = int(np.flatnonzero(~np.isfinite(values))[0])
            raise InputError(f"{path}, row {row + 2}: {column} must be a number; got {table[column].iloc[row]!r}.")
        table[column] = values
    return table


def _summary(flood: Flood, grid: Grid, duration: float, options: Options) -> dict[str, Any]:
    """Return the figures of a run for machines."""
    account = flood.balance
    summary = {
        "cells": grid.rows * grid.columns,
        "steps": flood.steps,
        "simulated_seconds": duration,
        "wall_seconds": round(flood.wall_seconds, 3),
        "cell_updates": flood.cell_updates,
        "active_cell_updates": flood.active_cell_updates,
        "water_in_m3": account["rain"] + account["sea_in"] + account["inflow"],
        "water_out_m3": account["sea_out"] + account["infiltration"] + account["drain"],
        "water_start_m3": account["stored_start"],
        "water_stored_m3": account["stored_end"],
        "balance_error": abs(account["error"]) / max(account["moved"], account["stored_start"], 1e-9),
        "scheme": options.scheme,
        "engine": "cpu",
        "precision": options.precision,
        "max_froude": round(flood.max_froude, 3),
        "warnings": [],
    }
    if flood.max_froude > WILD_FROUDE:
        summary["warnings"] = [
            f"The flow is faster than waves in places (Froude {flood.max_froude:.1f}); there the inertial scheme "
            "leaves out momentum, and levels at quay edges and street mouths may be off by a decimetre."
        ]
    return summary


def _write(folder: Path, flood: Flood, grid: Grid, gauges: list[str]) -> None:
    """Write maps, gauges and slices."""
    write_raster(folder / "max_depth.tif", flood.max_depth, grid)
    write_raster(folder / "max_level.tif", flood.max_level, grid)
    write_raster(folder / "max_speed.tif", flood.max_speed, grid)
    write_raster(folder / "arrival_time.tif", flood.arrival, grid)
    if flood.gauges is not None and flood.gauge_depths is not None and flood.gauge_times is not None:
        with (folder / "gauges.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["name", "time_s", "level_m", "depth_m"])
            for name, levels, depths in zip(gauges, flood.gauges, flood.gauge_depths, strict=True):
                for time, level, depth in zip(flood.gauge_times, levels, depths, strict=True):
                    table.writerow([name, f"{time:g}", f"{level:.4f}", f"{depth:.4f}"])
    if flood.slices is not None and flood.slice_times is not None:
        coordinates = {"time": flood.slice_times, "y": grid.y, "x": grid.x}
        depth = xr.DataArray(flood.slices, coordinates, ("time", "y", "x"), attrs={"units": "m"})
        slices = xr.Dataset({"depth": depth}, attrs={"crs": grid.crs})
        slices.to_zarr(folder / "slices.zarr", consolidated=False)
