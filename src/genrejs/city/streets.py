"""A road graph: junctions and the stretches between them, from a layer of lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.ops import substring

from genrejs.city import streets_columns as columns
from genrejs.city.raster import read_vector
from genrejs.city.streets_lines import Lines, cut_at_streams, joined, pieces
from genrejs.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

KMH = 1 / 3.6  # m/s per km/h


def _limits() -> Mapping[str, float]:
    return MappingProxyType({"motorway": 130 * KMH, "motorway_link": 80 * KMH, "trunk": 90 * KMH})


@dataclass(frozen=True)
class LayerSettings:
    """How lines become a graph."""

    snap: float = 1.0  # [m] ends nearer than this to a vertex, an end or a line meet it (assumption)
    longest: float = 150.0  # [m] longer stretches are halved and so on, so that water closes what is wet (assumption)
    speed: float = 50 * KMH  # [m/s] where the layer does not say: the Danish limit in towns
    speeds: Mapping[str, float] = field(default_factory=_limits)  # [m/s] by class, before `speed` (assumption)
    freeboard: float = 1.0  # [m] a bridge's deck lies above the ground at its ends (assumption)
    bank: float = 5.0  # [m] from a stream's edge to where a guessed bridge ends (assumption)


@dataclass(frozen=True, eq=False)
class Streets:
    """Junctions ``(node,)`` and the stretches ``(edge,)`` between them.

    Attributes
    ----------
    x, y
        Junctions [m].
    start, end
        Nodes of each edge; traffic runs both ways unless `oneway`, then from `start` to `end`.
    length
        [m], above 0.
    speed
        Free speed [m/s], above 0.
    kind
        Class of road, such as "motorway"; "" unknown.
    bridge
        Whether the edge is a bridge.
    freeboard
        How far a bridge's deck lies above the ground at its ends [m]; 0 for other edges.
    oneway
        Whether the edge is open from `start` to `end` only.
    name
        Name of the street, "" unknown.
    traffic
        Vehicles a day, both ways together; NaN unknown.
    lines
        LineStrings from `start` to `end`.
    crs
        Of x, y and the lines.

    Raises
    ------
    InputError
        When the arrays differ in length, a node does not exist, or a length or speed is not above 0.
    """

    x: Floats
    y: Floats
    start: Integers
    end: Integers
    length: Floats
    speed: Floats
    kind: Objects
    bridge: Flags
    freeboard: Floats
    oneway: Flags
    name: Objects
    traffic: Floats
    lines: Objects
    crs: str = "EPSG:25832"

    def __post_init__(self) -> None:
        edges = self.start.size
        parts = ("end", "length", "speed", "kind", "bridge", "freeboard", "oneway", "name", "traffic", "lines")
        odd = [part for part in parts if getattr(self, part).shape != (edges,)]
        if odd or self.x.shape != self.y.shape:
            raise InputError(f"A road graph needs one value for each of its {edges} edges; {odd or ['x, y']} has not.")
        ends = np.r_[self.start, self.end]
        if edges == 0 or ends.min() < 0 or ends.max() >= self.x.size:
            raise InputError(f"A road graph needs edges between its {self.x.size} nodes; got {edges} edges.")
        for part, unit in (("length", "m"), ("speed", "m/s")):
            values = getattr(self, part)
            wrong = ~(np.isfinite(values) & (values > 0))
            if wrong.any():
                row = int(np.flatnonzero(wrong)[0])
                raise InputError(f"The {part} of edge {row} is {values[row]:g} {unit}; it must be above 0.")
        if not (np.isfinite(self.freeboard) & (self.freeboard >= 0)).all():
            raise InputError("The freeboard of a bridge must be 0 m or more.")

    def __len__(self) -> int:
        return int(self.start.size)

    def named(self, name: str) -> Integers:
        """Return the edges of a street; raise InputError when there is none of that name."""
        found = np.flatnonzero(self.name == name)
        if found.size == 0:
            some = ", ".join(sorted({str(other) for other in self.name if other})[:8])
            raise InputError(f"No street is named '{name}'; known are {some or 'none'}.")
        return found.astype(np.int64)

    def tips(self, edges: ArrayLike) -> Integers:
        """Return the nodes that only one of `edges` touches: the two ends of a road without branches."""
        chosen = np.asarray(edges, dtype=np.int64)
        nodes, count = np.unique(np.r_[self.start[chosen], self.end[chosen]], return_counts=True)
        return np.asarray(nodes[count == 1], dtype=np.int64)

    def parts(self) -> Integers:
        """Return the part of the graph that each node belongs to, ``(node,)``, one-way streets taken both ways."""
        graph = coo_array((np.ones(len(self)), (self.start, self.end)), shape=(self.x.size, self.x.size))
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def straight_streets(
    x: ArrayLike, y: ArrayLike, start: ArrayLike, end: ArrayLike, speed: ArrayLike = 50 * KMH, **parts: Any
) -> Streets:
    """Return a graph of straight edges between nodes at x, y [m] with free `speed` [m/s].

    `parts` are other arrays of `Streets`; a bridge without a freeboard gets the default one.

    Raises
    ------
    InputError
        See `Streets`.
    """
    east, north = np.asarray(x, np.float64), np.asarray(y, np.float64)
    tail, head = np.asarray(start, np.int64), np.asarray(end, np.int64)
    if tail.size == 0 or min(tail.min(), head.min()) < 0 or max(tail.max(), head.max()) >= east.size:
        raise InputError(f"A road graph needs edges between its {east.size} nodes; got {tail.size} edges.")
    places = np.stack([np.column_stack([east, north])[nodes] for nodes in (tail, head)], axis=1)
    edges = tail.size

    def each(name: str, default: Any, kind: type[Any]) -> NDArray[Any]:
        return np.broadcast_to(np.asarray(parts.pop(name, default), dtype=kind), edges).copy()

    bridge = each("bridge", False, np.bool_)
    made: dict[str, Any] = {
        "length": each("length", np.hypot(*(places[:, 1] - places[:, 0]).T), np.float64),
        "speed": np.broadcast_to(np.asarray(speed, np.float64), edges).copy(),
        "kind": each("kind", "", np.object_),
        "bridge": bridge,
        "freeboard": each("freeboard", np.where(bridge, LayerSettings().freeboard, 0.0), np.float64),
        "oneway": each("oneway", False, np.bool_),
        "name": each("name", "", np.object_),
        "traffic": each("traffic", np.nan, np.float64),
        "lines": np.asarray(shapely.linestrings(places), dtype=np.object_),
    }
    return Streets(east, north, tail, head, **(made | parts))


def read_streets(
    path: Path | str,
    crs: str | None = None,
    streams: gpd.GeoDataFrame | None = None,
    settings: LayerSettings | None = None,
) -> Streets:
    """Return the road graph of a layer of lines (GeoPackage, GeoJSON, GeoParquet), reprojected to `crs` if given.

    See `streets_from_lines` for the columns; a layer is named as in `read_vector`.

    Raises
    ------
    InputError
        The file is not what is wanted, or its lines are not.
    """
    return streets_from_lines(read_vector(path, crs), streams, settings, what=f"The layer {path}")


def streets_from_lines(
    layer: gpd.GeoDataFrame,
    streams: gpd.GeoDataFrame | None = None,
    settings: LayerSettings | None = None,
    what: str = "The layer of roads",
) -> Streets:
    """Return the road graph of lines whose CRS is in metres.

    Lines meet where they share a vertex and where an end lies within `settings.snap` of another line; lines that only
    cross do not meet (one passes over the other), as in OpenStreetMap and the Danish road layers. Columns, all
    optional: `maxspeed` or `speed` [km/h, numbers or as in OpenStreetMap], `oneway` (yes, no, -1; or F, T, B),
    `bridge`, `name`, `class` (`highway`, `fclass`, `kind`), `traffic` (`vehicles_per_day`) and `freeboard` [m].
    Without a column `bridge`, where a line crosses the middle of one of the `streams` (with `width` [m]) the part
    between the banks is taken for a bridge.

    Raises
    ------
    InputError
        The layer is empty, without CRS or in degrees, holds other shapes than lines, or a speed is not above 0.
    """
    rules = settings or LayerSettings()
    shapes = columns.checked_lines(layer, what)
    table = columns.read(layer, what, rules.speed, rules.speeds)
    backward = table["reverse"].to_numpy(dtype=np.bool_)
    shapes[backward] = shapely.reverse(shapes[backward])
    single, row = shapely.get_parts(shapes, return_index=True)
    lines = Lines(np.asarray(single, dtype=np.object_), row, table["bridge"].to_numpy(np.bool_)[row])
    if streams is not None and "bridge" not in {str(name).lower() for name in layer.columns}:
        lines = cut_at_streams(lines, streams, rules.bank)
    x, y, start, end, lines = pieces(joined(lines, rules.snap), rules.snap)
    if lines.shapes.size == 0:
        raise InputError(f"{what} has no line longer than {rules.snap:g} m.")
    whole = table.iloc[lines.row]
    deck = np.where(lines.bridge, whole["freeboard"].fillna(rules.freeboard).to_numpy(np.float64), 0.0)
    made = Streets(
        x, y, start, end, shapely.length(lines.shapes), whole["speed"].to_numpy(np.float64),
        whole["kind"].to_numpy(dtype=object), lines.bridge, deck, whole["oneway"].to_numpy(np.bool_),
        whole["name"].to_numpy(dtype=object), whole["traffic"].to_numpy(np.float64), lines.shapes, str(layer.crs),
    )  # fmt: skip
    return shortened(made, rules.longest)


def shortened(streets: Streets, longest: float) -> Streets:
    """Return the graph with every edge but bridges cut into equal parts of at most `longest` [m].

    Raises
    ------
    InputError
        `longest` is not above 0.
    """
    if not longest > 0:
        raise InputError(f"The longest stretch must be above 0 m; got {longest:g}.")
    count = np.where(streets.bridge, 1, np.ceil(streets.length / longest - 1e-9)).astype(np.int64)
    if (count <= 1).all():
        return streets
    row = np.repeat(np.arange(len(streets)), count)
    place = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    first, last = place == 0, place == count[row] - 1
    fresh = streets.x.size + np.cumsum(~last) - 1  # the node at the far end of every part but the last
    end = np.where(last, streets.end[row], fresh)
    start = np.where(first, streets.start[row], np.r_[0, fresh[:-1]])
    lines = streets.lines[row].copy()
    for part in np.flatnonzero(count[row] > 1):
        low, high = place[part] / count[row[part]], (place[part] + 1) / count[row[part]]
        lines[part] = substring(lines[part], low, high, normalized=True)
    cut = shapely.get_coordinates(shapely.get_point(lines[~last], -1))
    same = ("speed", "kind", "bridge", "freeboard", "oneway", "name", "traffic")
    return Streets(
        np.r_[streets.x, cut[:, 0]], np.r_[streets.y, cut[:, 1]], start, end, streets.length[row] / count[row],
        lines=lines, crs=streets.crs, **{part: getattr(streets, part)[row] for part in same},
    )  # fmt: skip


def streets_to_arrays(streets: Streets) -> dict[str, NDArray[Any]]:
    """Return the graph as plain arrays, as `cache.cached` keeps them; lines as points and the edge of each."""
    points, edge = shapely.get_coordinates(streets.lines, return_index=True)
    plain = {part: getattr(streets, part) for part in Streets.__dataclass_fields__ if part not in ("lines", "crs")}
    texts = {part: plain[part].astype(str) for part in ("kind", "name")}
    return plain | texts | {"points": points, "edge": edge.astype(np.int64), "crs": np.array(streets.crs)}


def streets_from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Streets:
    """Return the graph that `streets_to_arrays` took apart."""
    parts: dict[str, Any] = {name: arrays[name] for name in Streets.__dataclass_fields__ if name in arrays}
    parts |= {part: arrays[part].astype(object) for part in ("kind", "name")}
    lines = np.asarray(shapely.linestrings(arrays["points"], indices=arrays["edge"]), dtype=np.object_)
    return Streets(**(parts | {"lines": lines, "crs": str(arrays["crs"])}))
