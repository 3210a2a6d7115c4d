"""Reading a flood at buildings and points; which cells a footprint meets is found once and used for every event."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.impact import kernels_footprints as kernels
from genrejs.impact.footprints import (
    CHUNK,
    OUTSIDE,
    PARTLY,
    POINT,
    SHAPELESS,
    CellIndex,
    Flags,
    beyond,
    checked,
    footprint_cells,
)
from genrejs.machine import cores

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "HOW", "CellIndex", "Sample", "Sampler", "depth_at_buildings", "depth_at_points", "footprint_cells", "grid_of",
    "highest", "make_ready", "north_up",
]  # fmt: skip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOW = ("max", "mean", "point")
"""How a building's depth is taken: the largest of the cells it meets, their mean, or the cell under a point inside."""

MOST_RUNS = 100_000_000
"""Runs of cells that a `Sampler` keeps between rasters: 1.2 GB (assumption)."""


@dataclass(frozen=True)
class Sample:
    """What one raster says at each footprint, and for which footprints it says nothing.

    Attributes
    ----------
    depth
        Depth ``(n,)`` [m]; 0 where nothing could be read: see `outside`, `nodata` and `shapeless`.
    known
        Share of the cells read that hold data, ``(n,)``; 0 where none was read.
    wet
        Share of the cells with data that are wet (depth above 0), ``(n,)``. The mean depth of the wet cells alone, as
        Delft-FIAT takes it, is ``depth / wet`` of a sample by "mean".
    place
        Where the footprint lies, ``(n,)``: `WHOLE`, `PARTLY`, `OUTSIDE` or `SHAPELESS` of `impact.footprints`.
    """

    depth: Floats
    known: Floats
    wet: Floats
    place: NDArray[np.int8]

    @property
    def outside(self) -> Flags:
        """Footprints that meet no cell of the raster, ``(n,)``; their depth is not known."""
        return np.asarray(self.place == OUTSIDE)

    @property
    def partly(self) -> Flags:
        """Footprints of which a part lies beyond the raster, ``(n,)``; their depth is that of the rest."""
        return np.asarray(self.place == PARTLY)

    @property
    def nodata(self) -> Flags:
        """Footprints on the raster that meet only cells without data (or skipped ones), ``(n,)``."""
        return np.asarray((self.known == 0.0) & (self.place < OUTSIDE))

    @property
    def shapeless(self) -> Flags:
        """Rows without a footprint (None or empty), ``(n,)``."""
        return np.asarray(self.place == SHAPELESS)

    def counts(self) -> Mapping[str, int]:
        """Return how many footprints are `outside`, `partly` outside, on `nodata` only and `shapeless`."""
        return {name: int(getattr(self, name).sum()) for name in ("outside", "partly", "nodata", "shapeless")}


class Sampler:
    """Depths of many rasters at the same footprints; rasters on the same grid share the cells found once.

    Parameters
    ----------
    footprints
        Polygons, multipolygons or points in the CRS of the rasters; None and empty ones get no depth.
    how
        "max": the largest depth of any cell that the footprint meets, edges included, as the Danish municipalities' OS2
        tool takes it. "mean": the plain mean over the same cells, dry ones counting as 0 and those without data left
        out; every cell counts alike however much of it is built over, as in Delft-FIAT and as points on a grid do in
        CLIMADA, because the water that damages stands outside the walls and a share of a cell is no better known.
        "point": the cell under a point that is certainly inside. A point takes the cell under it however.
    skip
        Cells ``(y, x)`` left out in every raster.

    Raises
    ------
    InputError
        `how` is none of these, or a footprint is a line or a collection.
    """

    def __init__(self, footprints: gpd.GeoSeries, how: str = "max", skip: Flags | None = None) -> None:
        if how not in HOW:
            raise InputError(f"The depth of a building is taken by {', '.join(HOW)}; got {how!r}.")
        self.footprints, self.how, self.skip = footprints, how, skip
        self._points = _points_inside(footprints) if how == "point" else footprints
        self._found: dict[Grid, CellIndex] = {}

    def index(self, grid: Grid) -> CellIndex:
        """Return the cells of `grid` that are read, found now or before."""
        if grid not in self._found:
            if sum(index.first.size for index in self._found.values()) > MOST_RUNS:
                self._found.clear()
            self._found[grid] = self._find(grid)
        return self._found[grid]

    def _find(self, grid: Grid) -> CellIndex:
        """Return the cells read; where a building lies is told by its footprint, not by the point inside it."""
        index = footprint_cells(self._points, grid, self.skip)
        if self.how != "point":
            return index
        partly = (index.place < OUTSIDE) & beyond(shapely.bounds(self.footprints.to_numpy()), grid)
        return replace(index, place=np.where(partly, PARTLY, index.place))

    def __call__(self, depth: NDArray[Any], grid: Grid) -> Sample:
        """Return what `depth` ``(y, x)`` [m] on `grid`, NaN where there is no data, says at the footprints.

        A float32 raster is read as it is, without a copy.

        Raises
        ------
        InputError
            `depth` does not have the shape of the grid.
        """
        index = self.index(grid)
        largest, total, cells, known, wet = _read(depth, index)
        some = np.maximum(known, 1)
        value = total / some if self.how == "mean" else largest
        return Sample(np.nan_to_num(value), known / np.maximum(cells, 1), wet / some, index.place)


def _points_inside(footprints: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return a point inside each footprint, on it where it is a point, and none where there is no footprint."""
    shapes, kind = checked(footprints.to_numpy())
    points = shapes.copy()
    points[kind != POINT] = None
    polygon = np.flatnonzero(kind > POINT)
    parts = [polygon[start : start + CHUNK] for start in range(0, polygon.size, CHUNK)]
    with ThreadPoolExecutor(cores()) as pool:
        found = list(pool.map(lambda part: shapely.point_on_surface(shapes[part]), parts))
    if found:
        points[polygon] = np.concatenate(found)
    return gpd.GeoSeries(points, index=footprints.index, crs=footprints.crs)


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


def _read(field: NDArray[Any], index: CellIndex) -> tuple[Floats, Floats, Ints, Ints, Ints]:
    """Return the highest value at each footprint, the sum, and the cells, those with data and the wet, ``(n,)`` each.

    Raises
    ------
    InputError
        When `field` does not have the shape of the index's grid.
    """
    if field.shape != index.grid.shape:
        raise InputError(f"The field has shape {field.shape}, the footprints were laid on {index.grid.shape} cells.")
    kept = field.dtype.newbyteorder("=") if field.dtype in (np.float32, np.float64) else np.dtype(np.float64)
    flat = np.ascontiguousarray(field, dtype=kept).reshape(-1)
    parts = [index.order[start : start + CHUNK] for start in range(0, max(len(index), 1), CHUNK)]
    if len(parts) == 1:
        done = [kernels.read(flat, index.runs, index.first, index.length, parts[0])]
    else:
        with ThreadPoolExecutor(cores()) as pool:
            done = list(pool.map(lambda which: kernels.read(flat, index.runs, index.first, index.length, which), parts))
    back = np.empty(len(index), np.int64)
    back[index.order] = np.arange(len(index))
    largest, total, cells, known, wet = (np.concatenate(columns)[back] for columns in zip(*done, strict=True))
    return largest, total, cells, known, wet


def highest(field: NDArray[Any], index: CellIndex) -> Floats:
    """Return the highest value of `field` ``(y, x)`` that meets each footprint, ``(n,)``; NaN ignored, 0 without any.

    Raises
    ------
    InputError
        When `field` does not have the shape of the index's grid.
    """
    return np.nan_to_num(_read(field, index)[0])


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


def make_ready() -> None:
    """Compile and keep what sampling needs, for float32 and float64 rasters; at once where it was kept."""
    grid = Grid(0.0, 2.0, 1.0, 2, 2)
    sampler = Sampler(gpd.GeoSeries([shapely.box(0.0, 0.0, 1.0, 1.0)]))
    for kind in (np.float32, np.float64):
        sampler(np.zeros(grid.shape, kind), grid)
