"""Water on the edges of a road graph: which cells each crosses is found once, the depth read for every event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from genrejs.city.grid import Grid
from genrejs.city.streets import Streets
from genrejs.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class EdgeCells:
    """The cells of `grid` under each edge, flat and in a row: those of edge k are ``cell[first[k]:first[k + 1]]``.

    The first entry of every edge is `none` (no cell); `beyond` ``(edge,)`` tells edges that leave the grid, about whose
    part outside nothing is known (it counts as dry).
    """

    grid: Grid
    cell: Integers
    none: Flags
    first: Integers
    freeboard: Floats
    beyond: Flags

    @property
    def blind(self) -> Flags:
        """Edges without any cell to read, outside the grid or on skipped cells only, ``(edge,)``: they count as dry."""
        return np.asarray(np.diff(np.r_[self.first, self.cell.size]) == 1)


def edge_cells(streets: Streets, grid: Grid, skip: Flags | None = None) -> EdgeCells:
    """Return the cells that each edge crosses, every one; of a bridge only those under its two ends.

    Cells ``(y, x)`` of `skip` (water on an ordinary day) are left out: a road beside a stream is not in it.

    Raises
    ------
    InputError
        The streets and the grid differ in CRS or do not meet, or `skip` does not fit the grid.
    """
    if streets.crs != grid.crs and pyproj.CRS(streets.crs) != pyproj.CRS(grid.crs):
        raise InputError(f"The roads are in {streets.crs}, the raster in {grid.crs}; reproject one of them.")
    if skip is not None and skip.shape != grid.shape:
        raise InputError(f"The cells to leave out have shape {skip.shape}, the grid has {grid.shape}.")
    edge, x, y = _crossed(streets, grid)
    column = np.floor((x - grid.west) / grid.cell).astype(np.int64)
    row = np.floor((grid.north - y) / grid.cell).astype(np.int64)
    inside = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
    if not inside.any():
        raise InputError(f"No road meets the raster {grid.bounds} ({grid.crs}).")
    beyond = np.bincount(edge[~inside], minlength=len(streets)) > 0
    flat = row * grid.columns + column
    kept = inside.copy()
    if skip is not None:
        kept[inside] &= ~np.asarray(skip, dtype=np.bool_).reshape(-1)[flat[inside]]
    size = grid.rows * grid.columns + 1
    keys = np.unique(np.r_[np.arange(len(streets)) * size, edge[kept] * size + flat[kept] + 1])
    cell = keys % size - 1
    none = cell < 0
    return EdgeCells(grid, np.where(none, 0, cell), none, np.flatnonzero(none), streets.freeboard, beyond)


def edge_depth(cells: EdgeCells, depth: NDArray[Any]) -> Floats:
    """Return the largest depth on each edge ``(edge,)`` [m] of `depth` ``(y, x)`` [m]; NaN and outside count 0.

    A bridge's deck lies its freeboard above the ground at its ends, so only water above that stands on it.

    Raises
    ------
    InputError
        `depth` does not have the shape of the grid.
    """
    if depth.shape != cells.grid.shape:
        raise InputError(f"The depth has shape {depth.shape}, the roads were laid on {cells.grid.shape} cells.")
    values = np.nan_to_num(np.asarray(np.ravel(depth)[cells.cell], dtype=np.float64))
    values[cells.none] = 0.0
    deepest = np.maximum.reduceat(values, cells.first)
    return np.asarray(np.maximum(deepest - cells.freeboard, 0.0), dtype=np.float64)


def _crossed(streets: Streets, grid: Grid) -> tuple[Integers, Floats, Floats]:
    """Return an edge and a point [m] in each cell that it crosses (bridges: under the ends), a row for every cell."""
    road = np.flatnonzero(~streets.bridge)
    points, which = shapely.get_coordinates(streets.lines[road], return_index=True)
    same = which[:-1] == which[1:]
    a, b, edge = points[:-1][same], points[1:][same], road[which[:-1][same]]
    corner = np.array([grid.west, grid.north])
    first, last = (a - corner) / grid.cell, (b - corner) / grid.cell
    own = np.arange(edge.size)
    part, share = [own, own], [np.zeros(edge.size), np.ones(edge.size)]
    for axis in (0, 1):
        p, q = first[:, axis], last[:, axis]
        low, high = np.ceil(np.minimum(p, q)), np.floor(np.maximum(p, q))
        count = np.where(p == q, 0, np.maximum(high - low + 1, 0)).astype(np.int64)
        segment = np.repeat(own, count)
        whole = low[segment] + np.arange(segment.size) - np.repeat(np.cumsum(count) - count, count)
        part.append(segment)
        share.append((whole - p[segment]) / (q[segment] - p[segment]))
    segments, shares = np.concatenate(part), np.concatenate(share)
    order = np.lexsort((shares, segments))
    segments, shares = segments[order], shares[order]
    next_ = segments[:-1] == segments[1:]
    segment, middle = segments[:-1][next_], ((shares[:-1] + shares[1:]) / 2)[next_]
    place = a[segment] + middle[:, None] * (b - a)[segment]
    deck = np.flatnonzero(streets.bridge)
    ends = shapely.get_coordinates(
        np.r_[shapely.get_point(streets.lines[deck], 0), shapely.get_point(streets.lines[deck], -1)]
    )
    every = np.vstack([place, ends])
    return np.r_[edge[segment], deck, deck].astype(np.int64), every[:, 0], every[:, 1]
