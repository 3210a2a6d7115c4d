"""The terrain and what lies on its cells, from a DataArray or a GeoTIFF, whichever way its rows run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import xarray as xr

from genrejs.city.grid import Floats, Grid
from genrejs.city.raster import MOST_CELLS, check_metric, crs_name, read_raster
from genrejs.errors import InputError

UNEVEN = 0.01
"""Largest departure of a coordinate from even spacing, as a share of the cell (float32 coordinates have it)."""
NOT_SQUARE = 1e-4
"""Largest difference between a cell's width and height, as a share."""
NO_DATA = ("_FillValue", "missing_value", "nodata")


@dataclass(frozen=True)
class Surface:
    """Ground `elevation` ``(y, x)`` [m] with row 0 in the north, its grid, and the caller's own cell centres."""

    elevation: Floats
    grid: Grid
    y: Floats
    x: Floats


def read_surface(terrain: xr.DataArray | Path | str, crs: Any = None, what: str = "The terrain") -> Surface:
    """Return the ground (or `what` it is called) of a DataArray ``(y, x)`` [m] or of a GeoTIFF.

    Raises
    ------
    InputError
        The terrain has no or a wrong CRS, no data, uneven or oblong cells, or is no raster.
    """
    if isinstance(terrain, (str, Path)):
        if crs is not None:
            raise InputError("crs goes with a DataArray; a GeoTIFF brings its own.")
        elevation, grid = read_raster(terrain)
        return Surface(elevation, grid, grid.y, grid.x)
    if not isinstance(terrain, xr.DataArray):
        raise InputError(
            f"{what} must be an xarray.DataArray (y, x) or the path of a GeoTIFF; got {type(terrain).__name__}."
        )
    name = _metric_crs(terrain, crs, what)
    return _surface(_turned(what, terrain), name, what)


def _metric_crs(terrain: xr.DataArray, crs: Any, what: str) -> str:
    """Return the name of the CRS that is given or that the DataArray carries; raise InputError unless in metres."""
    found = crs if crs is not None else _own_crs(terrain)
    if found is None:
        raise InputError(f"{what} has no coordinate reference system; say which, e.g. crs='EPSG:25832'.")
    try:
        known = pyproj.CRS.from_user_input(found)
    except pyproj.exceptions.CRSError as error:
        raise InputError(
            f"The coordinate reference system {str(found)[:60]!r} is not known; try 'EPSG:25832'."
        ) from error
    check_metric(what, known)
    return crs_name(known)


def _own_crs(array: xr.DataArray) -> Any:
    """Return the CRS that a DataArray carries as rioxarray and CF write it, else None."""
    names = (array.encoding.get("grid_mapping"), array.attrs.get("grid_mapping"), "spatial_ref", "crs")
    for name in names:
        if name in array.coords:
            attributes = array.coords[name].attrs
            wkt = attributes.get("crs_wkt") or attributes.get("spatial_ref")
            if wkt:
                return wkt
    return array.attrs.get("crs")


def _turned(what: str, array: xr.DataArray) -> xr.DataArray:
    """Return the array as ``(y, x)`` with row 0 in the north and column 0 in the west."""
    thin = [name for name in array.dims if name not in ("y", "x") and array.sizes[name] == 1]
    flat = array.squeeze(thin, drop=True)
    if set(flat.dims) != {"y", "x"} or "y" not in flat.coords or "x" not in flat.coords:
        raise InputError(f"{what} needs the dimensions y and x with coordinates in metres; it has {tuple(array.dims)}.")
    if flat.size > MOST_CELLS:
        raise InputError(f"{what} has {flat.size:,} cells; at most {MOST_CELLS:,} are accepted: cut out a window.")
    return flat.transpose("y", "x").sortby("x").sortby("y", ascending=False)


def _values(what: str, array: xr.DataArray) -> Floats:
    """Return the numbers of an array, NaN for no data."""
    try:
        values = np.array(array.to_numpy(), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} must hold numbers; it holds {array.dtype}.") from error
    for name in NO_DATA:
        if name in array.attrs:
            values[values == float(array.attrs[name])] = np.nan
    values[~np.isfinite(values)] = np.nan
    return values


def _surface(turned: xr.DataArray, crs: str, what: str) -> Surface:
    """Return a turned terrain on its grid."""
    x, y = (np.asarray(turned[name].to_numpy(), np.float64) for name in ("x", "y"))
    steps = [abs(_step(f"{what}'s {name}", values)) for name, values in (("x", x), ("y", y)) if values.size > 1]
    if not steps:
        raise InputError(f"{what} has a single cell; at least two are wanted, so that their size is known.")
    if abs(steps[0] - steps[-1]) > NOT_SQUARE * steps[0]:
        raise InputError(f"{what} has cells of {steps[0]:g} x {steps[-1]:g} m; square cells are wanted.")
    cell = round(steps[0], 6)
    elevation = _values(what, turned)
    if np.isnan(elevation).all():
        raise InputError(f"{what} has no data: all {elevation.size} cells are empty or not a number.")
    west, north = float(x[0]) - cell / 2, float(y[0]) + cell / 2
    grid = Grid(round(west, 6), round(north, 6), cell, y.size, x.size, crs)
    return Surface(elevation, grid, y, x)


def _step(what: str, values: Floats) -> float:
    """Return the even step of a coordinate [m]; raise InputError for an uneven one."""
    step = float((values[-1] - values[0]) / (values.size - 1))
    if not np.isfinite(step) or step == 0 or np.abs(np.diff(values) - step).max() > UNEVEN * abs(step):
        raise InputError(f"{what} is not evenly spaced; square cells of one size are wanted.")
    return step


def on_cells(what: str, given: Any, surface: Surface) -> Floats:
    """Return a number, a DataArray or a GeoTIFF as an array ``(y, x)`` on the terrain's cells.

    Raises
    ------
    InputError
        It is no number, or lies on other cells.
    """
    if isinstance(given, xr.DataArray):
        turned = _turned(what, given)
        _check_place(what, (turned["x"].to_numpy(), turned["y"].to_numpy()), surface)
        return _values(what, turned)
    if Path(str(given)).suffix.lower() in {".tif", ".tiff"}:
        values, own = read_raster(given)
        _check_place(f"{what} ({given})", (own.x, own.y), surface)
        return values
    return np.full(surface.grid.shape, number(what, given))


def _check_place(what: str, axes: tuple[Any, Any], surface: Surface) -> None:
    """Raise InputError unless cell centres are the terrain's."""
    for mine, other in zip(axes, (surface.x, surface.y), strict=True):
        if mine.shape != other.shape or np.abs(mine - other).max() > UNEVEN * surface.grid.cell:
            raise InputError(
                f"{what} must lie on the terrain's cells: {surface.grid.columns} x {surface.grid.rows} cells of "
                f"{surface.grid.cell:g} m from ({surface.grid.west:.0f}, {surface.grid.north:.0f})."
            )


def number(what: str, given: Any) -> float:
    """Return a finite number; raise InputError otherwise."""
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(f"{what} must be a number; got {given!r}.")
    return value
