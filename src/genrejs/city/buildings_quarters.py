"""Quarters: parts of a district with one street direction and one way of building."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from genrejs.rng import stream

WAYS = ("perimeter", "slab", "terrace", "hall", "house", "plot", "green")
"""Ways of building, the one nearest the town centre first; columns of ``fabric.csv`` with shares of the area."""

HECTARE = 1e4  # [m2]
RELAXATIONS = 2  # moves of the quarters' seeds to their centroids, which even out their sizes (assumption)


def draw_quarters(
    districts: gpd.GeoDataFrame, fabric: pd.DataFrame, roads: gpd.GeoDataFrame, centre: shapely.Point, seed: int
) -> gpd.GeoDataFrame:
    """Return quarters ``(quarter,)``: `district`, `kind`, `way` (one of WAYS), `angle` of its streets [rad], polygon.

    The quarters of a district are Voronoi cells of about ``fabric.quarter`` hectares; their streets run along the
    nearest main road, and the ways of building follow the district's shares in ``fabric.csv`` (assumption).
    """
    shares = fabric.set_index("district")
    parts = []
    for district in districts.itertuples():
        rng = stream(seed, f"quarters/{district.id}")
        row = shares.loc[district.id]
        cells = _voronoi(district.geometry, max(1, round(district.geometry.area / (row["quarter"] * HECTARE))), rng)
        way = _ways(cells, row[list(WAYS)].to_numpy(dtype=float), centre, rng)
        parts.append(
            pd.DataFrame(
                {
                    "district": district.id,
                    "kind": district.kind,
                    "way": way,
                    "angle": street_angles(shapely.centroid(cells), roads),
                    "geometry": cells,
                }
            )
        )
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=districts.crs)


def street_angles(points: NDArray[np.object_], roads: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the direction of the main road nearest to each point, ``(point,)`` [rad, within a right angle]."""
    lines = roads.geometry.to_numpy()
    nearest = lines[shapely.STRtree(lines).nearest(points)]
    along = shapely.line_locate_point(nearest, points)
    step = 40.0  # [m] each side, long enough to smooth a kink
    back = shapely.line_interpolate_point(nearest, np.maximum(along - step, 0.0))
    ahead = shapely.line_interpolate_point(nearest, np.minimum(along + step, shapely.length(nearest)))
    direction = np.arctan2(shapely.get_y(ahead) - shapely.get_y(back), shapely.get_x(ahead) - shapely.get_x(back))
    return np.asarray(direction % (np.pi / 2), dtype=np.float64)


def _voronoi(area: shapely.Polygon, count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    seeds = _points_inside(area, count, rng)
    for _ in range(RELAXATIONS + 1):
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=area))
        cells = shapely.intersection(cells, area) if count > 1 else np.array([area], dtype=object)
        cells = cells[~shapely.is_empty(cells)]
        middles = np.asarray(shapely.centroid(cells), dtype=object)
        order = np.lexsort((shapely.get_y(middles), shapely.get_x(middles)))
        cells, seeds = cells[order], middles[order]
    return np.asarray(cells, dtype=object)


def _points_inside(area: shapely.Polygon, count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    west, south, east, north = area.bounds
    found = np.empty(0, dtype=object)
    while found.size < count:
        x, y = rng.uniform((west, south), (east, north), (4 * count, 2)).T
        draws = np.asarray(shapely.points(x, y), dtype=object)
        found = np.concatenate([found, draws[shapely.contains(area, draws)]])
    return np.asarray(found[:count], dtype=object)


def _ways(
    cells: NDArray[np.object_], shares: NDArray[np.float64], centre: shapely.Point, rng: np.random.Generator
) -> NDArray[np.object_]:
    # Blurred distance: the town thins outwards, but not in rings.
    distance = shapely.distance(cells, centre) + rng.normal(0.0, 250.0, cells.size)
    order = np.argsort(distance, kind="stable")
    area = shapely.area(cells)[order]
    middle = (np.cumsum(area) - area / 2) / area.sum()
    chosen = np.searchsorted(np.cumsum(shares) / shares.sum(), middle)
    way = np.empty(cells.size, dtype=object)
    way[order] = np.array(WAYS, dtype=object)[np.minimum(chosen, len(WAYS) - 1)]
    return way
