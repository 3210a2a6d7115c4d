"""Reading a flood at buildings and points; which cells a footprint meets is found once and used for every event."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from genrejs.city.grid import Grid
from genrejs.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHUNK = 500_000  # pairs of footprint and cell tested at a time: about 100 MB of geometry


@dataclass(frozen=True)
class CellIndex:
    """The cells that each footprint meets: `cells` (flat, row-major) of footprint i are ``starts[i]:starts[i + 1]``."""

    grid: Grid
    starts: Ints
    cells: Ints


def grid_of(footprint: xr.Dataset | xr.DataArray) -> Grid:
    """Return the grid whose cell centres are the coordinates x and y of `footprint`.

    Raises
    ------
    InputError
        When x or y is missing or not evenly spaced, or the cells are not square.
    """
    if "x" not in footprint.coords or "y" not in footprint.coords:
        raise InputError("A flood needs the coordinates x and y (cell centres, metres); one of them is missing.")
    x, y = np.sort(np.asarray(footprint.x, np.float64)), np.sort(np.asarray(footprint.y, np.float64))
    steps = np.r_[np.diff(x), np.diff(y)]
    if steps.size == 0 or steps.min() <= 0 or np.ptp(steps) > 1e-6 * steps.max():
        raise InputError("The coordinates x and y of a flood must be evenly spaced with the same step (square cells).")
    cell = float(steps.mean())
    return Grid(float(x[0] - cell / 2), float(y[-1] + cell / 2), round(cell, 9), y.size, x.size)


def north_up(field: xr.DataArray) -> Floats:
    """Return `field` as an array ``(y, x)`` with row 0 in the north and column 0 in the west."""
    field = field.transpose("y", "x")
    values = np.asarray(field.values, dtype=np.float64)
    values = values[::-1] if field.y[0] < field.y[-1] else values
    return values[:, ::-1] if field.x[0] > field.x[-1] else values


def _ranges(low: Floats, high: Floats, limit: int) -> tuple[Ints, Ints]:
    """Return the first and the number of cells that the closed interval meets, ``(n,)`` each, inside the grid."""
    touched = ~np.isnan(low)
    first = np.where(touched, np.ceil(low) - 1, 0).astype(np.int64)
    last = np.where(touched, np.floor(high), -1).astype(np.int64)
    first, last = np.maximum(first, 0), np.minimum(last, limit - 1)
    return first, np.maximum(last - first + 1, 0)


def _candidates(grid: Grid, bounds: Floats) -> tuple[Ints, Ints, Ints]:
    """Return footprint, row and column of every cell in the bounding box of every footprint, in footprint order."""
    left, width = _ranges((bounds[:, 0] - grid.west) / grid.cell, (bounds[:, 2] - grid.west) / grid.cell, grid.columns)
    top, height = _ranges((grid.north - bounds[:, 3]) / grid.cell, (grid.north - bounds[:, 1]) / grid.cell, grid.rows)
    count = width * height
    owner = np.repeat(np.arange(len(bounds)), count)
    place = np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)
    return owner, top[owner] + place // width[owner], left[owner] + place % width[owner]


def _meet(shapes: NDArray[np.object_], grid: Grid, row: Ints, column: Ints) -> NDArray[np.bool_]:
    """Return whether each footprint meets the square of its cell, edges included, ``(n,)``."""
    west, north = grid.west + column * grid.cell, grid.north - row * grid.cell
    squares = shapely.box(west, north - grid.cell, west + grid.cell, north)
    return np.asarray(shapely.intersects(shapes, squares))


def footprint_cells(footprints: gpd.GeoSeries, grid: Grid, skip: NDArray[np.bool_] | None = None) -> CellIndex:
    """Return the cells of `grid` that each footprint meets, edges included, without those of `skip` ``(y, x)``.

    `skip` marks cells that hold water on an ordinary day (sea, streams): a coarse cell of a stream must not drown the
    house beside it. A footprint outside the grid gets no cell.
    """
    shapes = footprints.to_numpy()
    shapely.prepare(shapes)
    owner, row, column = _candidates(grid, shapely.bounds(shapes))
    keep = np.ones(owner.size, dtype=bool) if skip is None else ~skip[row, column]
    owner, row, column = owner[keep], row[keep], column[keep]
    meets = np.zeros(owner.size, dtype=bool)
    for start in range(0, owner.size, CHUNK):
        part = slice(start, start + CHUNK)
        meets[part] = _meet(shapes[owner[part]], grid, row[part], column[part])
    starts = np.r_[0, np.cumsum(np.bincount(owner[meets], minlength=len(shapes)))]
    return CellIndex(grid, starts.astype(np.int64), row[meets] * grid.columns + column[meets])


def highest(field: Floats, index: CellIndex) -> Floats:
    """Return the highest value of `field` ``(y, x)`` that meets each footprint, ``(n,)``; NaN ignored, 0 without any.

    Raises
    ------
    InputError
        When `field` does not have the shape of the index's grid.
    """
    if field.shape != index.grid.shape:
        raise InputError(f"The field has shape {field.shape}, the footprints were laid on {index.grid.shape} cells.")
    result = np.zeros(index.starts.size - 1)
    some = np.flatnonzero(np.diff(index.starts))
    if some.size:
        values = np.nan_to_num(field.ravel()[index.cells])
        result[some] = np.maximum.reduceat(values, index.starts[some])
    return result


def depth_at_buildings(depth: Floats, grid: Grid, footprints: gpd.GeoSeries, index: CellIndex | None = None) -> Floats:
    """Return the largest depth that touches each footprint, ``(n,)`` [m], of `depth` ``(y, x)`` [m] on `grid`."""
    return highest(depth, footprint_cells(footprints, grid) if index is None else index)


def depth_at_points(depth: Floats, grid: Grid, x: ArrayLike, y: ArrayLike) -> Floats:
    """Return the depth of the cell under each point, ``(n,)`` [m]; 0 outside the grid and at NaN."""
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    column = np.floor((east - grid.west) / grid.cell).astype(np.int64)
    row = np.floor((grid.north - north) / grid.cell).astype(np.int64)
    inside = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
    result = np.zeros(east.shape)
    result[inside] = np.nan_to_num(depth[row[inside], column[inside]])
    return result
