"""Streams on a grid: chains of cells that share faces, with beds that never rise downstream."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import LineString

from genrejs.city.grid import Floats, Grid

Integers = NDArray[np.int64]
BED_COLUMNS = ("name", "row", "column", "bed", "width", "wide")


def stream_cells(streams: gpd.GeoDataFrame, grid: Grid) -> Integers:
    """Return ``(n, 2)`` rows and columns of the cells the streams run through, downstream, each next to the one before.

    Parts outside the grid are left out; several streams follow one after the other.
    """
    cells = np.concatenate([np.empty((0, 2), np.int64), *(_trace(line, grid)[0] for line in streams.geometry)])
    return cells[_inside(cells, grid)]


def bed_cells(streams: gpd.GeoDataFrame, grid: Grid) -> pd.DataFrame:
    """Return one row per stream cell, downstream: name, row, column, bed level [m], width [m], wide.

    The bed is interpolated along the line between the levels of its vertices (column `bed`); a stream wider than the
    cells also takes, behind its chain and marked `wide`, the cells beside the chain whose centre lies in it.
    """
    parts = []
    for stream in streams.itertuples():
        line, width = stream.geometry, float(stream.width)
        cells, along = _trace(line, grid)
        held = _inside(cells, grid)
        cells, along = cells[held], along[held]
        chained = len(cells)
        if width > grid.cell:
            cells, along = _widened(line, width, cells, along, grid)
        bed = along_line(line, np.asarray(stream.bed, dtype=np.float64), along)
        parts.append(
            pd.DataFrame(
                {
                    "name": stream.name,
                    "row": cells[:, 0],
                    "column": cells[:, 1],
                    "bed": bed,
                    "width": width,
                    "wide": np.arange(len(cells)) >= chained,
                },
                columns=list(BED_COLUMNS),
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(BED_COLUMNS))


def along_line(line: LineString, values: Floats, along: Floats) -> Floats:
    """Return the values of the line's vertices interpolated at the distances `along` [m] from its start."""
    points = shapely.get_coordinates(line)
    return np.interp(along, np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))]), values)


def _trace(line: LineString, grid: Grid) -> tuple[Integers, Floats]:
    """Return the chain of cells ``(n, 2)`` under a line on the endless grid, and where along the line each lies [m]."""
    points = shapely.get_coordinates(line)
    scaled = np.column_stack([(grid.north - points[:, 1]) / grid.cell, (points[:, 0] - grid.west) / grid.cell])
    cells, along, start = [], [], 0.0
    for first, last in pairwise(scaled):
        cuts = np.unique(np.concatenate([[0.0, 1.0], *(_crossings(first[k], last[k]) for k in (0, 1))]))
        middle = (cuts[:-1] + cuts[1:]) / 2
        cells.append(np.floor(first + middle[:, None] * (last - first)).astype(np.int64))
        length = float(np.hypot(*(last - first))) * grid.cell
        along.append(start + middle * length)
        start += length
    return _chain(np.concatenate(cells), np.concatenate(along))


def _crossings(first: float, last: float) -> Floats:
    """Return the shares of a segment at which it crosses whole numbers."""
    if first == last:
        return np.empty(0)
    whole = np.arange(np.ceil(min(first, last)), np.floor(max(first, last)) + 1)
    share = (whole - first) / (last - first)
    return share[(share > 0) & (share < 1)]


def _chain(cells: Integers, along: Floats) -> tuple[Integers, Floats]:
    """Return the cells without loops, with one put in wherever a step would pass through a corner."""
    chain: list[tuple[int, int]] = []
    place: list[float] = []
    seen: dict[tuple[int, int], int] = {}

    def visit(cell: tuple[int, int], at: float) -> None:
        if cell in seen:
            for gone in chain[seen[cell] + 1 :]:
                del seen[gone]
            del chain[seen[cell] + 1 :], place[seen[cell] + 1 :]
            return
        seen[cell] = len(chain)
        chain.append(cell)
        place.append(at)

    for row, column, at in zip(cells[:, 0].tolist(), cells[:, 1].tolist(), along.tolist(), strict=True):
        if chain and chain[-1][0] != row and chain[-1][1] != column:
            visit((chain[-1][0], column), (place[-1] + at) / 2)
        visit((row, column), at)
    return np.array(chain, dtype=np.int64).reshape(-1, 2), np.array(place)


def _inside(cells: Integers, grid: Grid) -> NDArray[np.bool_]:
    """Return which cells lie on the grid."""
    return np.asarray(((cells >= 0) & (cells < np.array(grid.shape))).all(axis=1))


def _widened(line: LineString, width: float, cells: Integers, along: Floats, grid: Grid) -> tuple[Integers, Floats]:
    """Return the chain with the cells whose centre lies within half a width of the line put behind it."""
    reach = int(np.ceil(width / 2 / grid.cell))
    step = np.arange(-reach, reach + 1)
    around = (cells[:, None, None, :] + np.stack(np.meshgrid(step, step, indexing="ij"), -1)).reshape(-1, 2)
    near = np.unique(around[_inside(around, grid)], axis=0)
    near = near[~np.isin(near @ np.array([grid.columns, 1]), cells @ np.array([grid.columns, 1]))]
    centre = np.asarray(shapely.points(grid.x[near[:, 1]], grid.y[near[:, 0]]), dtype=np.object_)
    wet = np.asarray(shapely.distance(centre, line)) <= width / 2
    place = np.asarray(shapely.line_locate_point(line, centre[wet]), dtype=np.float64)
    return np.concatenate([cells, near[wet]]), np.concatenate([along, place])
