"""The road graph of an embedded city: constructed, like its buildings; no street in it but the main roads is real."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely import LineString, Point
from shapely.ops import substring

from genrejs.city.buildings import Siting
from genrejs.city.buildings_blocks import BLOCKS
from genrejs.city.buildings_quarters import draw_quarters
from genrejs.city.cache import cached
from genrejs.city.districts import embedded_districts, embedded_roads, read_table, read_text
from genrejs.city.streets import (
    KMH,
    LayerSettings,
    Streets,
    streets_from_arrays,
    streets_from_lines,
    streets_to_arrays,
)
from genrejs.city.streets_lines import SAME
from genrejs.city.terrain import embedded_streams
from genrejs.city.terrain_sources import read_sources

Objects = NDArray[np.object_]

SPEEDS = {"motorway": 110 * KMH, "main": 50 * KMH, "street": 40 * KMH}
"""[m/s] on a dry day (assumption)."""

E45, E45_BRIDGE = "E45", "E45 bridge"
"""Names of the motorway on land and of its bridge over the fjord."""

LANDING, BRIDGE_LENGTH, CLEARANCE = Point(536007.0, 6173610.0), 1712.0, 40.0
"""North end of the E45 bridge, where the drawn line meets the constructed shore, so that the bridge spans the fjord
(assumption), its length [m] and clearance [m] (FACTS 8)."""

STREET_BACK = 5.0  # [m] from a block's corner to the middle of the street before it (assumption)
RAMP = 130.0  # [m] a main road that ends so near another is led on to it (assumption)
APART = 20.0  # [m] streets keep from the motorway's middle (assumption)
BANK = 5.0  # [m] streets keep from a stream's edge, and where bridges end (assumption)
CROSSING = 300.0  # [m] along a small stream between the bridges of ordinary streets (assumption)
SMALL = 15.0  # [m] widest stream that ordinary streets cross (assumption)
BESIDE = 90.0  # [m] from a small stream to the junctions that such a bridge joins (assumption)
GRAIN = 0.01  # [m] to which streets are rounded before they are split where they cross
SHORTEST = 250.0  # [m] separate bits of less street than this are left out (assumption)


MODULES = (
    "streets.py", "streets_embedded.py", "streets_columns.py", "streets_lines.py", "buildings.py",
    "buildings_blocks.py", "buildings_quarters.py",
)  # fmt: skip
FILES = ("roads.geojson", "districts.geojson", "fabric.csv", "streams.geojson", "shore.geojson")
"""What decides the graph besides the seed and the ground; part of the cache's key."""


def embedded_streets(
    name: str = "vejle", ground: xr.DataArray | None = None, *, seed: int = 1, cache: Path | None = None
) -> Streets:
    """Return the CONSTRUCTED road graph of an embedded city; `seed` is that of its buildings (`load_city`).

    `ground` is the elevation ``(y, x)`` [m DVR90] that keeps ordinary streets off low and steep ground as it keeps
    buildings off it (`Siting`), or None to look at neither; `cache` is a folder that keeps results.

    The main roads and the E45 are those of ``roads.geojson``, drawn by hand within about 200 m. Between the blocks of
    buildings that the seed lays run streets, and round every quarter that is built; they are no real streets and bear
    the names of their quarters, such as "vestbyen/3". Streets meet where they cross; the E45 meets only the main roads
    that end beside it. Main roads cross streams on bridges, streets the small ones every 300 m where there are streets
    on both banks (assumption), and links join what would otherwise be cut off on an ordinary day: where a bridge stands
    and how many there are is not to be believed. The E45 bridge is 1,712 m long and 40 m high (published).

    Raises
    ------
    InputError
        When no city of that name is embedded.
    """
    sources = [read_text(name, file) for file in FILES]
    level = b"" if ground is None else ground.to_numpy().tobytes()
    key = [*sources, *(Path(__file__).with_name(module) for module in MODULES), name, seed, level]
    return streets_from_arrays(cached(cache, key, lambda: streets_to_arrays(_build(name, ground, seed))))


def _build(name: str, ground: xr.DataArray | None, seed: int) -> Streets:
    """Return the graph that `embedded_streets` describes."""
    streams = embedded_streams()
    roads = _ramps(embedded_roads(name))
    motorway = roads[roads["kind"] == "motorway"]
    slow = roads[roads["kind"] != "motorway"]
    quarters = draw_quarters(
        embedded_districts(name), read_table(name, "fabric.csv"), embedded_roads(name), Point(Siting().centre), seed
    )
    streets = _quarter_streets(quarters, streams, motorway)
    every = pd.concat([slow[["name", "kind", "traffic", "geometry"]], streets], ignore_index=True)
    layer = pd.concat([_noded(every), _motorway(motorway)], ignore_index=True)
    if ground is not None:
        layer = layer[(layer["kind"] != "street") | _ground_allows(layer["geometry"].to_numpy(), ground)]
    layer["speed"] = layer["kind"].map(SPEEDS).astype(float) / KMH
    rules = LayerSettings(snap=0.05, bank=BANK)
    return _connected(gpd.GeoDataFrame(layer, geometry="geometry", crs=streams.crs), streams, rules)


def _ramps(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the roads, each end that lies within RAMP of another road, and meets none, led on to it."""
    lines = np.asarray(roads.geometry.to_numpy(), dtype=np.object_)
    found = []
    for own, line in enumerate(lines):
        for end in (shapely.get_point(line, 0), shapely.get_point(line, -1)):
            gap = shapely.distance(lines, end)
            gap[own] = np.inf
            other = int(np.argmin(gap))
            if SAME < gap[other] <= RAMP:
                found.append((own, LineString([end, lines[other].interpolate(lines[other].project(end))])))
    table = pd.DataFrame(
        {
            "name": roads["id"].astype(object),
            "kind": np.where(roads["kind"] == "motorway", "motorway", "main"),
            "traffic": roads["vehicles_per_day"].astype(float),
            "geometry": lines,
        }
    )
    links = pd.DataFrame(
        {
            "name": [table["name"].iloc[own] for own, _ in found],
            "kind": "main",
            "traffic": np.nan,
            "geometry": [line for _, line in found],
        }
    )
    return gpd.GeoDataFrame(pd.concat([table, links], ignore_index=True), geometry="geometry", crs=roads.crs)


def _motorway(motorway: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the motorway in parts, the bridge apart with its freeboard."""
    rows = []
    for road in motorway.itertuples():
        line = road.geometry
        top = float(line.project(LANDING))
        low = max(top - BRIDGE_LENGTH, 0.0)
        rows += [
            (road.name, road.traffic, substring(line, 0.0, low), np.nan),
            (f"{road.name} bridge", road.traffic, substring(line, low, top), CLEARANCE),
            (road.name, road.traffic, substring(line, top, line.length), np.nan),
        ]
    table = pd.DataFrame(rows, columns=["name", "traffic", "geometry", "freeboard"])
    return table.assign(kind="motorway", bridge=table["freeboard"].notna())


def _quarter_streets(
    quarters: gpd.GeoDataFrame, streams: gpd.GeoDataFrame, motorway: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the outlines of the built quarters and the streets between their blocks, on land, off streams and E45."""
    beside = shapely.buffer(streams.geometry.to_numpy(), streams["width"].to_numpy() / 2 + BANK)
    blocked = shapely.union_all(np.r_[beside, shapely.buffer(motorway.geometry.to_numpy(), APART)])
    land = shapely.difference(read_sources().land, blocked)
    shapely.prepare(land)
    names, lines = [], []
    for quarter in quarters.itertuples():
        if quarter.way not in BLOCKS:
            continue
        inner = shapely.intersection(_block_lines(quarter), quarter.geometry)
        every = np.r_[shapely.get_exterior_ring(shapely.get_parts(quarter.geometry)), shapely.get_parts(inner)]
        parts = shapely.get_parts(shapely.intersection(every, land))
        parts = parts[(shapely.get_type_id(parts) == 1) & (shapely.length(parts) > 1.0)]
        names += [f"{quarter.district}/{quarter.Index}"] * parts.size
        lines += list(parts)
    table = pd.DataFrame({"name": names, "kind": "street", "traffic": np.nan, "geometry": lines})
    return gpd.GeoDataFrame(table, geometry="geometry", crs=quarters.crs)


def _block_lines(quarter: pd.Series) -> Objects:
    """Return the middles of the streets between a quarter's blocks, as `buildings` lays them."""
    middle, pitch = shapely.centroid(quarter.geometry), BLOCKS[quarter.way].pitch
    reach = float(shapely.minimum_bounding_radius(quarter.geometry)) * 1.5
    along, across = (np.arange(-reach, reach, step) - STREET_BACK for step in pitch)
    far = np.array([-reach, reach])
    ends = [np.stack([np.broadcast_to(far, (along.size, 2)), along[:, None] + 0 * far], -1)[..., ::-1]]
    ends.append(np.stack([np.broadcast_to(far, (across.size, 2)), across[:, None] + 0 * far], -1))
    local = np.concatenate(ends)
    cosine, sine = np.cos(quarter.angle), np.sin(quarter.angle)
    x, y = local[..., 0], local[..., 1]
    turned = np.stack([middle.x + cosine * x - sine * y, middle.y + sine * x + cosine * y], axis=-1)
    return np.asarray(shapely.linestrings(turned), dtype=np.object_)


def _noded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the lines split wherever two cross or touch; of parts that coincide one stays, a main road's first."""
    lines = np.asarray(table["geometry"].to_numpy(), dtype=np.object_)
    parts = shapely.get_parts(shapely.union_all(lines, grid_size=GRAIN))
    middle = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    part, line = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=5 * GRAIN)
    owner = np.full(parts.size, len(lines), dtype=np.int64)
    np.minimum.at(owner, part, line)
    kept = owner < len(lines)
    return table.iloc[owner[kept]].assign(geometry=parts[kept], freeboard=np.nan, bridge=False)


def _ground_allows(lines: Objects, ground: xr.DataArray) -> NDArray[np.bool_]:
    """Return the lines that lie wholly on ground where a building may stand."""
    rules = Siting()
    x, y, level = ground["x"].to_numpy(), ground["y"].to_numpy(), ground.to_numpy()
    cell = float(x[1] - x[0])
    points, line = shapely.get_coordinates(shapely.segmentize(lines, cell / 2), return_index=True)
    column = np.clip(np.floor((points[:, 0] - x[0]) / cell + 0.5).astype(np.int64), 0, x.size - 1)
    row = np.clip(np.floor((y[0] - points[:, 1]) / cell + 0.5).astype(np.int64), 0, y.size - 1)
    slope = np.hypot(*np.gradient(level, cell))
    wrong = (level[row, column] < rules.lowest_ground) | (slope[row, column] > rules.steepest)
    return np.asarray(np.bincount(line[wrong], minlength=lines.size) == 0)


def _connected(layer: gpd.GeoDataFrame, streams: gpd.GeoDataFrame, rules: LayerSettings) -> Streets:
    """Return the graph in one part: small bits left out, others led straight to the nearest junction of another."""
    layer = _bridged(layer, streams)
    layer = _with_links(layer, _crossings(streets_from_lines(layer, None, rules), streams), streams)
    for _ in range(8):
        made = streets_from_lines(layer, None, rules)
        part = made.parts()
        label = part[made.start]
        size = np.asarray(np.bincount(label, weights=made.length), dtype=np.float64)
        if size.size == 1:
            break
        kept = np.flatnonzero(size >= SHORTEST)
        layer = _with_links(_as_layer(made, np.isin(label, kept)), _links(made, part, kept, size), streams)
    return made


def _with_links(layer: gpd.GeoDataFrame, links: list[LineString], streams: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the layer with links as streets of their own, over streams as bridges."""
    if not links:
        return layer
    more = pd.DataFrame({"name": "link", "kind": "street", "traffic": np.nan, "geometry": links})
    more = more.assign(freeboard=np.nan, bridge=False, speed=SPEEDS["street"] / KMH)
    more = _bridged(gpd.GeoDataFrame(more, geometry="geometry", crs=layer.crs), streams)
    return gpd.GeoDataFrame(pd.concat([layer, more], ignore_index=True), geometry="geometry", crs=layer.crs)


def _crossings(made: Streets, streams: gpd.GeoDataFrame) -> list[LineString]:
    """Return a line over every small stream at each CROSSING along it that has a junction on either bank."""
    slow = np.flatnonzero(made.kind != "motorway")
    nodes = np.unique(np.r_[made.start[slow], made.end[slow]])
    points = np.column_stack([made.x, made.y])[nodes]
    tree, links = cKDTree(points), []
    for stream in streams[streams["width"] <= SMALL].itertuples():
        line = stream.geometry
        for along in np.arange(CROSSING / 2, line.length, CROSSING):
            here, ahead = (np.asarray(line.interpolate(at).coords[0]) for at in (along, along + 1.0))
            near = np.asarray(tree.query_ball_point(here, BESIDE), dtype=np.int64)
            offset = points[near] - here
            side = (ahead - here)[0] * offset[:, 1] - (ahead - here)[1] * offset[:, 0]
            banks = [near[side > 0], near[side < 0]]
            if min(bank.size for bank in banks) == 0:
                continue
            ends = [points[bank[np.argmin(np.hypot(*(points[bank] - here).T))]] for bank in banks]
            links.append(LineString(ends))
    return links


def _links(
    made: Streets, part: NDArray[np.int64], kept: NDArray[np.int64], size: NDArray[np.float64]
) -> list[LineString]:
    """Return a line from every part but the largest to the nearest junction of another part."""
    points, links = np.column_stack([made.x, made.y]), []
    slow = np.zeros(made.x.size, dtype=np.bool_)
    ordinary = made.kind != "motorway"
    slow[np.r_[made.start[ordinary], made.end[ordinary]]] = True
    for own in kept[kept != np.argmax(size)]:
        here, there = np.flatnonzero((part == own) & slow), np.flatnonzero(np.isin(part, kept) & (part != own) & slow)
        distance, nearest = cKDTree(points[there]).query(points[here])
        best = int(np.argmin(distance))
        links.append(LineString([points[here[best]], points[there[np.asarray(nearest)[best]]]]))
    return links


def _bridged(layer: gpd.GeoDataFrame, streams: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the lines cut at the banks of the streams, what lies between them a bridge."""
    wide = streams["width"].to_numpy() / 2 + BANK - 10 * GRAIN  # streets cut off at the bank stay streets
    reach = shapely.union_all(shapely.buffer(streams.geometry.to_numpy(), wide))
    shapely.prepare(reach)
    over_water = np.asarray(shapely.intersects(reach, layer.geometry.to_numpy()), dtype=np.bool_)
    crossing = over_water & ~layer["bridge"].to_numpy(dtype=np.bool_)
    open_, parts = layer[crossing], [layer[~crossing]]
    lines = np.asarray(open_.geometry.to_numpy(), dtype=np.object_)
    for shapes, over in ((shapely.difference(lines, reach), False), (shapely.intersection(lines, reach), True)):
        single, row = shapely.get_parts(shapes, return_index=True)
        sound = (shapely.get_type_id(single) == 1) & (shapely.length(single) > SAME)
        parts.append(open_.iloc[row[sound]].assign(geometry=single[sound], bridge=over))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=layer.crs)


def _as_layer(made: Streets, keep: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        {
            "name": made.name[keep],
            "kind": made.kind[keep],
            "traffic": made.traffic[keep],
            "bridge": made.bridge[keep],
            "freeboard": np.where(made.bridge, made.freeboard, np.nan)[keep],
            "speed": made.speed[keep] / KMH,
        }
    )
    return gpd.GeoDataFrame(table, geometry=list(made.lines[keep]), crs=made.crs)
