"""Bluespots large enough to be shown, as a map layer and rasters; smaller hollows count as filled on the map only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio.features
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry import shape

from genrejs.city.grid import Grid
from genrejs.city.raster import write_raster
from genrejs.hazard.screening.depressions import Depressions
from genrejs.hazard.screening.flow import catchments, next_kept
from genrejs.hazard.screening.place import Place, affine
from genrejs.hazard.screening.rain import Standing


@dataclass(frozen=True)
class Bluespots:
    """The shown bluespots: which are `kept` ``(bluespots,)``, the largest first in `order` ``(shown,)``, and rasters.

    `label` and `catchment` ``(y, x)`` number them 1, 2, ... in that order, 0 elsewhere; `table` has a row each.
    """

    found: Depressions
    kept: NDArray[np.bool_]
    order: NDArray[np.int64]
    label: NDArray[np.int32]
    catchment: NDArray[np.int32]
    table: pd.DataFrame


def chosen(found: Depressions, least: tuple[float, float], runoff: float) -> Bluespots:
    """Return the bluespots at least as deep [m] and large [m2] as `least`; `runoff` is the share of rain that runs."""
    kept = (found.depth >= least[0]) & (found.area >= least[1])
    shown = np.flatnonzero(kept)
    order = shown[np.argsort(-found.volume[shown], kind="stable")]
    number = np.zeros(len(kept) + 1, np.int32)
    number[order + 1] = np.arange(1, len(order) + 1)
    catchment = number[catchments(found, kept)]
    spills = number[next_kept(found.spills_to, kept)[found.spills_to]]
    inside = catchment[np.isfinite(found.elevation)]
    drained = np.bincount(inside, minlength=len(order) + 1)[1:] * found.cell**2
    table = pd.DataFrame(
        {
            "id": np.arange(1, len(order) + 1),
            "depth_m": found.depth[order],
            "level_m": found.level[order],
            "volume_m3": found.volume[order],
            "area_m2": found.area[order],
            "catchment_m2": drained,
            "upstream_m2": found.upstream[order],
            "rain_to_fill_mm": 1000.0 * found.volume[order] / (drained * runoff),
            "spills_to": spills[order],
        }
    )
    return Bluespots(found, kept, order, number[found.bluespot], catchment, table)


def write_bluespots(folder: Path, place: Place, spots: Bluespots, standing: Standing | None) -> None:
    """Write `bluespots.gpkg` (layers bluespots, pour_points), `bluespot_depth.tif`, `catchments.tif`; with rain
    `rain_depth.tif` and the columns `filled`, `water_m3`, `inflow_m3`, `overflow_m3`.
    """  # fmt: skip
    found, grid = spots.found, place.grid
    inside = np.isfinite(found.elevation)
    depth = np.where(spots.label > 0, found.filled - found.elevation, 0.0)
    write_raster(folder / "bluespot_depth.tif", np.where(inside, depth, np.nan), grid)
    write_raster(folder / "catchments.tif", np.where(inside, spots.catchment, np.nan), grid)
    if standing is not None:
        write_raster(folder / "rain_depth.tif", np.where(inside, standing.depth(), np.nan), grid)
    rows, columns = found.sill[spots.order].T if len(spots.order) else (np.empty(0, int), np.empty(0, int))
    table = spots.table.assign(pour_x=grid.x[columns], pour_y=grid.y[rows], **_water(spots, standing))
    _layer(folder, table, _outlines(spots.label, grid), "bluespots", "MultiPolygon", grid.crs)
    points = gpd.points_from_xy(table["pour_x"], table["pour_y"])
    _layer(folder, table[["id", "level_m", "spills_to"]], points, "pour_points", "Point", grid.crs)


def _water(spots: Bluespots, standing: Standing | None) -> dict[str, Any]:
    """Return the columns of rain at rest."""
    if standing is None:
        return {}
    parts = {"filled": standing.share, "water_m3": standing.water, "inflow_m3": standing.inflow}
    return {name: values[spots.order] for name, values in (parts | {"overflow_m3": standing.overflow}).items()}


def _outlines(label: NDArray[np.int32], grid: Grid) -> list[MultiPolygon]:
    """Return the outline of the cells of each number 1, 2, ... on ``(y, x)``."""
    parts: dict[int, list[Any]] = {}
    for outline, number in rasterio.features.shapes(label, mask=label > 0, connectivity=4, transform=affine(grid)):
        parts.setdefault(int(number), []).append(shape(outline))
    return [MultiPolygon(parts[number]) for number in sorted(parts)]


def _layer(folder: Path, table: pd.DataFrame, geometry: Any, name: str, kind: str, crs: str) -> None:
    layer = gpd.GeoDataFrame(table, geometry=list(geometry), crs=crs)
    layer.to_file(folder / "bluespots.gpkg", layer=name, driver="GPKG", engine="pyogrio", geometry_type=kind)
