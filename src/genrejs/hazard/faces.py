"""Lines on a grid: which cell faces a wall closes, so that no water slips through a corner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely import LineString

from genrejs.city.grid import Grid

Faces = NDArray[np.int64]


def line_faces(line: LineString, grid: Grid) -> tuple[Faces, Faces]:
    """Return the east faces and south faces ``(n, 2)`` (row, column) along `line`, a staircase on the cell corners.

    Face (r, c) of the first kind lies between cells (r, c) and (r, c+1), of the second between (r, c) and (r+1, c);
    what lies outside the grid is left out.
    """
    corners = _corner_path(line, grid)
    step = np.diff(corners, axis=0)
    start = np.minimum(corners[1:], corners[:-1])
    vertical = step[:, 0] != 0
    east = np.column_stack([start[vertical, 0], start[vertical, 1] - 1])
    south = np.column_stack([start[~vertical, 0] - 1, start[~vertical, 1]])
    return _inside(east, (grid.rows, grid.columns - 1)), _inside(south, (grid.rows - 1, grid.columns))


def _inside(faces: Faces, shape: tuple[int, int]) -> Faces:
    keep = (faces >= 0).all(axis=1) & (faces[:, 0] < shape[0]) & (faces[:, 1] < shape[1])
    return np.unique(faces[keep], axis=0)


def _corner_path(line: LineString, grid: Grid) -> Faces:
    """Return the corners (row, column) of a 4-connected path along the line's vertices."""
    xy = np.asarray(line.coords)[:, :2]
    nodes = np.column_stack([(grid.north - xy[:, 1]) / grid.cell, (xy[:, 0] - grid.west) / grid.cell]).round()
    path = [nodes[:1].astype(np.int64)]
    for start, end in zip(nodes[:-1].astype(np.int64), nodes[1:].astype(np.int64), strict=True):
        path.append(_staircase(start, end))
    return np.concatenate(path)


def _staircase(start: Faces, end: Faces) -> Faces:
    """Return the corners after `start` up to `end`, one row or column a step, close to the straight line."""
    move = end - start
    rows, columns = abs(int(move[0])), abs(int(move[1]))
    when_row = (np.arange(rows) + 0.5) / max(rows, 1)
    when_column = (np.arange(columns) + 0.5) / max(columns, 1)
    order = np.argsort(np.concatenate([when_row, when_column]), kind="stable")
    steps = np.concatenate([np.tile([np.sign(move[0]), 0], (rows, 1)), np.tile([0, np.sign(move[1])], (columns, 1))])
    return np.asarray(start + np.cumsum(steps[order], axis=0), dtype=np.int64).reshape(-1, 2)
