"""Lines of roads: cut where they cross streams, joined where they nearly meet, split where they meet."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely import LineString
from shapely.ops import substring

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

SAME = 1e-6
"""[m] points nearer than this are the same."""


@dataclass(frozen=True, eq=False)
class Lines:
    """LineStrings ``(line,)``, the row of the layer each comes from, and whether it is a bridge."""

    shapes: Objects
    row: Integers
    bridge: Flags


def cut_at_streams(lines: Lines, streams: gpd.GeoDataFrame, bank: float) -> Lines:
    """Return the lines with the part between the banks, `bank` [m] behind them, a bridge where one crosses a stream."""
    beds = np.asarray(streams.geometry.to_numpy(), dtype=np.object_)
    if beds.size == 0:
        return lines
    reach = shapely.buffer(beds, streams["width"].to_numpy(np.float64) / 2 + bank)
    crossing = shapely.STRtree(lines.shapes).query(beds, predicate="intersects")
    spans: dict[int, list[tuple[float, float]]] = {}
    for bed, line in crossing.T:
        middle = beds[bed]
        for part in shapely.get_parts(shapely.intersection(lines.shapes[line], reach[bed])):
            if isinstance(part, LineString) and part.intersects(middle):
                ends = [lines.shapes[line].project(shapely.get_point(part, k)) for k in (0, -1)]
                spans.setdefault(int(line), []).append((min(ends), max(ends)))
    shapes, row, bridge = [], [], []
    for line, shape in enumerate(lines.shapes):
        for part, over in _cut(shape, sorted(spans.get(line, []))):
            shapes.append(part)
            row.append(lines.row[line])
            bridge.append(over or bool(lines.bridge[line]))
    return Lines(_objects(shapes), np.asarray(row, dtype=np.int64), np.asarray(bridge, dtype=np.bool_))


def _cut(line: LineString, spans: list[tuple[float, float]]) -> list[tuple[LineString, bool]]:
    """Return a line in order as parts and whether each lies in one of the spans [m along it]."""
    if not spans:
        return [(line, False)]
    merged = [spans[0]]
    for low, high in spans[1:]:
        if low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    found, at = [], 0.0
    for low, high in merged:
        found += [(substring(line, at, low), False), (substring(line, low, high), True)]
        at = high
    found.append((substring(line, at, line.length), False))
    return [(part, over) for part, over in found if isinstance(part, LineString) and part.length > SAME]


def joined(lines: Lines, snap: float) -> Lines:
    """Return the lines with a vertex wherever the end of one lies within `snap` [m] of another between vertices."""
    ends = np.r_[shapely.get_point(lines.shapes, 0), shapely.get_point(lines.shapes, -1)]
    owner = np.tile(np.arange(lines.shapes.size), 2)
    end, line = shapely.STRtree(lines.shapes).query(ends, predicate="dwithin", distance=snap)
    points, own = shapely.get_coordinates(lines.shapes, return_index=True)
    corners = np.asarray(shapely.multipoints(points, indices=own), dtype=np.object_)
    between = (owner[end] != line) & (shapely.distance(corners[line], ends[end]) > snap)
    end, line = end[between], line[between]
    along = shapely.line_locate_point(lines.shapes[line], ends[end])
    shapes = lines.shapes.copy()
    order = np.argsort(line, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(line[order]) > 0]) if line.size else np.empty(0, np.int64)
    for some in np.split(order, starts[1:]) if line.size else []:
        which = int(line[some[0]])
        shapes[which] = _with_vertices(shapes[which], along[some], snap)
    return Lines(shapes, lines.row, lines.bridge)


def _with_vertices(line: LineString, along: Floats, snap: float) -> LineString:
    """Return a line with a vertex at each of the distances `along` [m] that has no vertex within `snap` yet."""
    points = shapely.get_coordinates(line)
    place = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    fresh = np.unique(along[np.abs(along[:, None] - place[None, :]).min(axis=1) > snap])
    if fresh.size == 0:
        return line
    added = shapely.get_coordinates(shapely.line_interpolate_point(line, fresh))
    order = np.argsort(np.r_[place, fresh], kind="stable")
    return LineString(np.vstack([points, added])[order])


def pieces(lines: Lines, snap: float) -> tuple[Floats, Floats, Integers, Integers, Lines]:
    """Return x, y ``(node,)`` [m], start and end nodes ``(edge,)`` and the lines split where they meet.

    Ends within `snap` [m] of a vertex are put on it; what is shorter than that afterwards vanishes into its node.
    """
    points, line = shapely.get_coordinates(lines.shapes, return_index=True)
    tip = np.r_[True, np.diff(line) > 0] | np.r_[np.diff(line) > 0, True]
    vertex, place = _vertices(points, tip, snap)
    kept = np.r_[True, (np.diff(vertex) != 0) | (np.diff(line) > 0)]
    line, vertex = line[kept], vertex[kept]
    first, last = np.r_[True, np.diff(line) > 0], np.r_[np.diff(line) > 0, True]
    met = np.bincount(vertex, minlength=len(place)) > 1
    node = first | last | met[vertex]
    at = np.flatnonzero(node)
    begin, stop = at[:-1], at[1:]
    whole = line[begin] == line[stop]
    begin, stop = begin[whole], stop[whole]
    if begin.size == 0:
        nothing, none = np.empty(0), np.empty(0, np.int64)
        return nothing, nothing, none, none, Lines(_objects([]), none, none.astype(np.bool_))
    count = stop - begin + 1
    inside = np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())
    shapes = shapely.linestrings(place[vertex[inside]], indices=np.repeat(np.arange(count.size), count))
    used, ends = np.unique(np.r_[vertex[begin], vertex[stop]], return_inverse=True)
    start, end = ends[: begin.size].astype(np.int64), ends[begin.size :].astype(np.int64)
    source = line[begin]
    split = Lines(np.asarray(shapes, dtype=np.object_), lines.row[source], lines.bridge[source])
    return place[used, 0], place[used, 1], start, end, split


def _vertices(points: Floats, tip: Flags, snap: float) -> tuple[Integers, Floats]:
    """Return the number of each point's place, ``(point,)``, and the places ``(place, 2)``: ends on near vertices."""
    same, inverse = np.unique(np.round(points / SAME).astype(np.int64), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    place = np.empty(same.shape)
    place[inverse] = points
    ends = np.unique(inverse[tip])
    near = np.asarray(cKDTree(place).query_ball_point(place[ends], snap), dtype=np.object_)
    count = np.fromiter((len(some) for some in near), np.int64, len(near))
    other = np.concatenate([np.asarray(some, dtype=np.int64) for some in near])
    pairs = coo_array((np.ones(other.size), (np.repeat(ends, count), other)), shape=(len(place), len(place)))
    group = np.asarray(connected_components(pairs, directed=False)[1], dtype=np.int64)
    middle = np.empty((int(group.max()) + 1, 2))
    inner = np.zeros(len(place), dtype=np.bool_)
    inner[inverse[~tip]] = True
    for some in (~inner, inner):  # one of them stands for all, a vertex inside a line before an end
        middle[group[some]] = place[some]
    return group[inverse], middle


def _objects(shapes: list[LineString]) -> Objects:
    result = np.empty(len(shapes), dtype=object)
    result[:] = shapes
    return result
