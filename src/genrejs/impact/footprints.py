"""Which cells of a raster each footprint meets, found once and used for every flood on the same grid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.impact import kernels_footprints as kernels
from genrejs.machine import cores

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]

CHUNK = 20_000  # footprints laid at a time by one thread
BLOCK = 64  # rows of a raster whose footprints are read after each other, from west to east
WHOLE, PARTLY, OUTSIDE, SHAPELESS = (np.int8(place) for place in range(4))
"""Where a footprint lies: wholly on the raster, partly, off it (no cell is met), or without a shape (None, empty)."""

NEAR = 2.0**-44
"""Share of a coordinate within which a line between cells counts as near: 64 times what rounding can do."""

POINT, POLYGON, POINTS, POLYGONS = 0, 3, 4, 6  # shapely.GeometryType


@dataclass(frozen=True)
class CellIndex:
    """The cells that each footprint meets, as runs along the rows of `grid`.

    Attributes
    ----------
    runs
        Number of runs before each footprint, ``(n + 1,)``: those of i are ``runs[i]:runs[i + 1]``.
    first, length
        Flat, row-major number of each run's first cell, and its number of cells, ``(m,)``.
    place
        Where each footprint lies, ``(n,)``: `WHOLE`, `PARTLY`, `OUTSIDE` or `SHAPELESS`.
    """

    grid: Grid
    runs: Ints
    first: Ints
    length: NDArray[np.int32]
    place: NDArray[np.int8]

    def __len__(self) -> int:
        return self.place.size

    @cached_property
    def order(self) -> Ints:
        """Footprints from place to place, ``(n,)``: read in this order, neighbours find a large raster in the cache."""
        if not self.first.size:
            return np.arange(len(self))
        row, column = np.divmod(self.first[np.minimum(self.runs[:-1], self.first.size - 1)], self.grid.columns)
        return np.argsort(row // BLOCK * self.grid.columns + column, kind="stable")

    @property
    def starts(self) -> Ints:
        """Number of cells before each footprint, ``(n + 1,)``: the cells of i are ``starts[i]:starts[i + 1]``."""
        return np.asarray(np.r_[0, np.cumsum(self.length, dtype=np.int64)][self.runs])

    @property
    def cells(self) -> Ints:
        """Flat, row-major number of every cell of every footprint."""
        before = np.cumsum(self.length, dtype=np.int64) - self.length
        return np.repeat(self.first - before, self.length) + np.arange(self.length.sum(dtype=np.int64))


def footprint_cells(footprints: gpd.GeoSeries, grid: Grid, skip: Flags | None = None) -> CellIndex:
    """Return the cells of `grid` that each footprint meets, edges included, without those of `skip` ``(y, x)``.

    A cell is met when its closed square shares a point with the closed polygon, exactly. A point meets the cell under
    it, which the lines west and north of it belong to. `skip` marks cells that hold water on an ordinary day (sea,
    streams): a coarse cell of a stream must not drown the house beside it. A footprint outside the grid gets no cell.

    Raises
    ------
    InputError
        A footprint is neither polygon nor point, or has coordinates that are no numbers; `skip` does not fit the grid.
    """
    if skip is not None and skip.shape != grid.shape:
        raise InputError(f"The cells to skip have shape {skip.shape}, the grid has {grid.shape} cells.")
    shapes = footprints.to_numpy()
    left_out = np.zeros((0, 0), bool) if skip is None else np.ascontiguousarray(skip)
    parts = [slice(start, start + CHUNK) for start in range(0, len(shapes), CHUNK)]
    if len(parts) < 2:
        laid = [_lay(shapes, grid, left_out, 0)]
    else:
        with ThreadPoolExecutor(cores()) as pool:
            laid = list(pool.map(lambda part: _lay(shapes[part], grid, left_out, part.start), parts))
    runs, first, length, place = (np.concatenate(columns) for columns in zip(*laid, strict=True))
    return CellIndex(grid, np.r_[0, np.cumsum(runs)], first, length, place)


def checked(shapes: Shapes, number: int = 0) -> tuple[Shapes, NDArray[np.int32]]:
    """Return the shapes, those of one point as points, and their kinds ``(n,)``, -1 where there is no shape.

    Raises
    ------
    InputError
        A shape is neither polygon nor point (the message counts from `number`), or a coordinate is no number.
    """
    kind = np.where(shapely.is_empty(shapes), -1, shapely.get_type_id(shapes))
    single = (kind == POINTS) & (shapely.get_num_geometries(shapes) == 1)
    if single.any():
        shapes, kind = np.where(single, shapely.get_geometry(shapes, 0), shapes), np.where(single, POINT, kind)
    wrong = np.flatnonzero(~np.isin(kind, (-1, POINT, POLYGON, POLYGONS)))
    if wrong.size:
        what = shapes[wrong[0]].geom_type
        raise InputError(
            f"Footprint {number + wrong[0] + 1} is a {what}; buildings must be polygons (or multipolygons) or points."
        )
    if not np.isfinite(shapely.get_coordinates(shapes)).all():
        raise InputError("A footprint has coordinates that are no numbers; repair or leave out that building.")
    return shapes, kind


def _lay(
    shapes: Shapes, grid: Grid, skip: Flags, number: int
) -> tuple[Ints, Ints, NDArray[np.int32], NDArray[np.int8]]:
    """Return the runs of some footprints (how many each, first cells, lengths) and where each footprint lies."""
    shapes, kind = checked(shapes, number)
    bounds = shapely.bounds(shapes)
    windows = _windows(grid, bounds, kind == POINT)
    xy, rings, owners = _edges(shapes, kind)
    far = np.max(np.abs(np.nan_to_num(bounds)), axis=1, initial=max(map(abs, grid.bounds)))
    place = (grid.west, grid.north, grid.cell, grid.columns)
    runs, first, length, met, size = kernels.lay(xy, rings, owners, windows, NEAR * far / grid.cell, place, skip)
    where = np.select([kind < 0, ~met, beyond(bounds, grid)], [SHAPELESS, OUTSIDE, PARTLY], WHOLE)
    return runs, first[:size].copy(), length[:size].astype(np.int32), where.astype(np.int8)


def beyond(bounds: Floats, grid: Grid) -> Flags:
    """Return which `bounds` ``(n, 4)`` (west, south, east, north) reach beyond the grid, ``(n,)``."""
    west, south, east, north = grid.bounds
    lower, upper = bounds[:, :2] < (west, south), bounds[:, 2:] > (east, north)
    return np.asarray(lower.any(axis=1) | upper.any(axis=1))


def _edges(shapes: Shapes, kind: NDArray[np.int32]) -> tuple[Floats, Ints, Ints]:
    """Return the coordinates ``(k, 2)`` of all polygons, where each ring starts, and which rings are whose."""
    polygon = (kind == POLYGON) | (kind == POLYGONS)
    shapes = shapes.copy()
    shapes[~polygon] = None
    size = shapely.get_num_coordinates(shapes).astype(np.int64)
    rings = np.where(polygon, 1, 0)
    several = np.flatnonzero((kind == POLYGONS) | (polygon & (shapely.get_num_interior_rings(shapes) > 0)))
    if not several.size:
        sizes = size[polygon]
    else:
        parts, of_part = shapely.get_parts(shapes[several], return_index=True)
        single, of_ring = shapely.get_rings(parts, return_index=True)
        owner = several[of_part[of_ring]]
        rings[several] = np.bincount(owner, minlength=len(shapes))[several]
        sizes = np.repeat(size, rings)
        sizes[np.isin(np.repeat(np.arange(len(shapes)), rings), several)] = shapely.get_num_coordinates(single)
    return shapely.get_coordinates(shapes), np.r_[0, np.cumsum(sizes)], np.r_[0, np.cumsum(rings)]


def _windows(grid: Grid, bounds: Floats, point: Flags) -> Ints:
    """Return the first column, columns, first row and rows of `grid` that each footprint may meet, ``(n, 4)``."""
    across = _ranges(bounds[:, 0], bounds[:, 2], point, (grid.west, grid.cell, grid.columns))
    down = _ranges(-bounds[:, 3], -bounds[:, 1], point, (-grid.north, grid.cell, grid.rows))
    return np.stack([*across, *down], axis=1)


def _ranges(low: Floats, high: Floats, point: Flags, axis: tuple[float, float, int]) -> tuple[Ints, Ints]:
    """Return the first and the number of cells that the closed intervals `low` to `high` meet, ``(n,)`` each.

    `axis` is where the cells begin, their size and number. Whether the ends of an interval meet a cell is asked of the
    lines between cells as they are laid elsewhere, because a division may round across them. A point has one cell.
    """
    begin, cell, limit = axis
    first = np.floor(np.nan_to_num((low - begin) / cell, nan=limit + 2.0))
    last = np.where(point, first, np.floor(np.nan_to_num((high - begin) / cell, nan=-2.0)) + 1.0)
    first = np.where(point, first, first - 1.0)
    for _ in range(2):
        first += ~point & ((begin + first * cell) + cell < low)
        last -= ~point & (begin + last * cell > high)
    first = np.where(point, first, np.maximum(first, 0.0))
    count = np.where(first < 0.0, 0.0, np.clip(np.minimum(last, limit - 1.0) - first + 1.0, 0.0, limit))
    return np.clip(first, 0.0, limit).astype(np.int64), count.astype(np.int64)
