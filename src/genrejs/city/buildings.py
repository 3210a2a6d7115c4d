"""Buildings constructed from a seed: quarters, blocks of streets, footprints clear of water, roads and steep slopes."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray

from genrejs.city.buildings_blocks import BLOCKS, Floats, lay_blocks
from genrejs.city.buildings_quarters import draw_quarters
from genrejs.city.buildings_use import furnish
from genrejs.city.districts import embedded_districts, embedded_roads, read_table
from genrejs.rng import stream

CRS = "EPSG:25832"


@dataclass(frozen=True)
class Siting:
    """Where a constructed building may stand; all assumptions."""

    centre: tuple[float, float] = (533700.0, 6173700.0)  # [m] the town's middle, from which it thins outwards
    stream_clearance: float = 42.0  # [m] from a stream's centre line: its bed, banks and dikes stay free
    bank: float = 12.0  # [m] from the edge of a wide stream
    road_clearance: float = 5.0  # [m] from the edge of a main road
    site_clearance: float = 10.0  # [m] round the buildings of a lifeline
    street: float = 6.0  # [m] from a quarter's edge, half a street
    ground_clearance: float = 8.0  # [m] round a footprint whose ground is looked at
    lowest_ground: float = 1.05  # [m DVR90] nobody builds lower; the meadows at Rosborg lie at about 1 m (FACTS 5.2)
    steepest: float = 0.25  # [m/m]


def construct_buildings(
    streams: gpd.GeoDataFrame,
    ground: xr.DataArray | None = None,
    *,
    name: str = "vejle",
    seed: int = 1,
    siting: Siting | None = None,
) -> gpd.GeoDataFrame:
    """Return the buildings of an embedded city, ``(building,)`` with BUILDING_COLUMNS, `constructed` and polygons.

    `streams` has LineStrings and `width` [m]; `ground` is the elevation ``(y, x)`` [m DVR90] that keeps buildings off
    low and steep ground, or None to look at neither. No resident lives in them yet: see `households.settle`.
    """
    rules = siting or Siting()
    districts, roads = embedded_districts(name), embedded_roads(name)
    sites = _sites(read_table(name, "components.csv"), districts)
    quarters = draw_quarters(districts, read_table(name, "fabric.csv"), roads, shapely.Point(rules.centre), seed)
    blocked = _blocked(streams, roads, sites, rules)
    parts = [sites, *(_fill(quarter, blocked, rules, seed) for quarter in quarters.itertuples())]
    buildings = pd.concat([part for part in parts if len(part)], ignore_index=True)
    if ground is not None:
        dry = (buildings["role"] == "site").to_numpy() | _ground_allows(buildings["geometry"].to_numpy(), ground, rules)
        buildings = buildings[dry].reset_index(drop=True)
    table = furnish(buildings, name, seed)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)


def _sites(components: pd.DataFrame, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    placed = components[components["bbr_code"].notna()]
    half = placed[["length", "width"]].to_numpy() / 2
    x, y = placed["x"].to_numpy(), placed["y"].to_numpy()
    boxes = shapely.box(x - half[:, 0], y - half[:, 1], x + half[:, 0], y + half[:, 1])
    nearest = shapely.STRtree(districts.geometry.to_numpy()).nearest(shapely.points(x, y))
    return pd.DataFrame(
        {
            "district": districts["id"].to_numpy()[nearest],
            "kind": districts["kind"].to_numpy()[nearest],
            "role": "site",
            "bbr_code": placed["bbr_code"].to_numpy(dtype=float),
            "geometry": boxes,
        }
    )


def _blocked(
    streams: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, sites: pd.DataFrame, rules: Siting
) -> shapely.Geometry:
    near = np.maximum(streams["width"].to_numpy() / 2 + rules.bank, rules.stream_clearance)
    parts = [
        shapely.buffer(streams.geometry.to_numpy(), near),
        shapely.buffer(roads.geometry.to_numpy(), roads["width"].to_numpy() / 2 + rules.road_clearance),
        shapely.buffer(sites["geometry"].to_numpy(), rules.site_clearance),
    ]
    return shapely.union_all(np.concatenate(parts))


def _fill(quarter: pd.Series, blocked: shapely.Geometry, rules: Siting, seed: int) -> pd.DataFrame:
    if quarter.way not in BLOCKS:
        return pd.DataFrame()
    region = shapely.difference(shapely.buffer(quarter.geometry, -rules.street), blocked)
    middle = shapely.centroid(quarter.geometry)
    reach = shapely.minimum_bounding_radius(quarter.geometry) * 1.5
    rng = stream(seed, f"blocks/{quarter.district}/{quarter.Index}")
    rectangles, roles = lay_blocks(quarter.way, (-reach, -reach, reach, reach), rng)
    polygons = _turned(rectangles, quarter.angle, middle)
    shapely.prepare(region)
    inside = shapely.contains(region, polygons)
    return pd.DataFrame(
        {
            "district": quarter.district,
            "kind": quarter.kind,
            "role": roles[inside],
            "bbr_code": np.nan,
            "geometry": polygons[inside],
        }
    )


def _turned(rectangles: Floats, angle: float, middle: shapely.Point) -> NDArray[np.object_]:
    x, y = rectangles[:, [0, 2, 2, 0]], rectangles[:, [1, 1, 3, 3]]
    cosine, sine = np.cos(angle), np.sin(angle)
    east, north = middle.x + cosine * x - sine * y, middle.y + sine * x + cosine * y
    # Centimetres are enough, and rounding keeps the written city the same on every machine.
    corners = np.round(np.stack([east, north], axis=-1), 2)
    return np.asarray(shapely.polygons(corners), dtype=object)


def _ground_allows(footprints: NDArray[np.object_], ground: xr.DataArray, rules: Siting) -> NDArray[np.bool_]:
    corners = shapely.get_coordinates(footprints).reshape(-1, 5, 2)[:, :4]
    middle = corners.mean(axis=1, keepdims=True)
    arms = corners - middle
    arms *= 1 + rules.ground_clearance * np.sqrt(2) / np.linalg.norm(arms, axis=2, keepdims=True)
    u, v = (part.ravel()[:, None] for part in np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 9)))
    a, b, c, d = (middle + arms)[:, None].transpose(2, 0, 1, 3)
    points = (1 - u) * (1 - v) * a + u * (1 - v) * b + u * v * c + (1 - u) * v * d
    x, y, level = ground["x"].to_numpy(), ground["y"].to_numpy(), ground.to_numpy()
    cell = float(x[1] - x[0])
    column = np.clip(np.floor((points[..., 0] - x[0]) / cell + 0.5).astype(int), 0, x.size - 1)
    row = np.clip(np.floor((y[0] - points[..., 1]) / cell + 0.5).astype(int), 0, y.size - 1)
    slope = np.hypot(*np.gradient(level, cell))
    centre = (u.size - 1) // 2
    low = ~(level[row, column].min(axis=1) >= rules.lowest_ground)
    return np.asarray(~low & (slope[row[:, centre], column[:, centre]] <= rules.steepest), dtype=np.bool_)
