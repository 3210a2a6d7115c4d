"""The embedded ground before anyone built on it: slopes fitted, valley floor set, beds carved, sea bed assumed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import rasterio.features
import scipy.sparse as sp
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.transform import Affine
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from genrejs.city.grid import Floats, Grid
from genrejs.city.terrain_fit import Integers, fit_surface, mean_rows
from genrejs.city.terrain_sources import Sources
from genrejs.city.terrain_streams import along_line

WINDOW = (531_500.0, 6_169_500.0, 541_500.0, 6_177_500.0)
"""The embedded city: west, south, east, north [m, EPSG:25832]."""

SRTM_CELL = 1 / 120
"""Side of an SRTM30 cell: 30 arc seconds [degrees]."""


@dataclass(frozen=True)
class TerrainSettings:
    """How the ground is made; every number is an assumption unless it says otherwise."""

    fit_cell: float = 50.0  # cells of the least-squares surface [m]
    margin: float = 2500.0  # the surface is fitted this far outside the window, so that its edges are good [m]
    thin_plate: float = 600.0  # weight of bending [m2]; the fit then misses the means by about 3 m, as SRTM does
    membrane: float = 0.008  # weight of stretching: keeps the plate from swinging between the cells
    spot_weight: float = 1.0  # a spot height counts as this many SRTM cells (their place is known to 400 m only)
    blend: float = 150.0  # distance over which the surface bends to meet floor, shore and streams [m]
    bank: float = 0.6  # ground beside a stream on the slopes above its bed [m]
    lowest_land: float = 0.4  # no land lies lower [m DVR90]
    shore_depth: float = 0.9  # depth of the sea at the shore [m]
    deep: float = 9.1  # depth gained far from the shore [m]
    shelf: float = 600.0  # distance over which it is gained [m]
    fairway_width: float = 100.0  # bottom of the fairway [m]; its sides rise 1 in 10
    floor_power: float = 3.0  # floor levels are averaged with weights 1/distance^power
    floor_core: float = 50.0  # distances below this count as this [m], so that the floor has no spikes


def elevation(grid: Grid, sources: Sources, settings: TerrainSettings) -> tuple[Floats, NDArray[np.bool_]]:
    """Return ground before the beds are carved ``(y, x)`` [m DVR90] and where the sea is."""
    pad = int(np.ceil(settings.blend / grid.cell))
    wide = Grid(
        grid.west - pad * grid.cell, grid.north + pad * grid.cell, grid.cell, grid.rows + 2 * pad,
        grid.columns + 2 * pad, grid.crs,
    )  # fmt: skip
    far = settings.margin
    coarse = Grid.covering((WINDOW[0] - far, WINDOW[1] - far, WINDOW[2] + far, WINDOW[3] + far), settings.fit_cell)
    surface = _sampled(_fitted(coarse, sources, settings), coarse, wide)
    fixed = fixed_levels(wide, sources, settings)
    ground = _blended(surface, fixed, grid.cell, settings.blend)
    inner = (slice(pad, pad + grid.rows), slice(pad, pad + grid.columns))
    sea = ~mask(sources.land, grid)
    result = np.maximum(ground[inner], settings.lowest_land)
    result[sea] = sea_bed(grid, sea, sources, settings)
    return result, sea


def mask(area: BaseGeometry, grid: Grid) -> NDArray[np.bool_]:
    """Return the cells ``(y, x)`` whose centre lies in the area."""
    if area.is_empty:
        return np.zeros(grid.shape, dtype=bool)
    place = Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, grid.north)
    return np.asarray(rasterio.features.rasterize([area], out_shape=grid.shape, transform=place), dtype=bool)


def fixed_levels(grid: Grid, sources: Sources, settings: TerrainSettings) -> Floats:
    """Return the levels [m] that are set by hand ``(y, x)``: valley floor, shore (0) and stream valleys; else NaN."""
    level = np.full(grid.shape, np.nan)
    for stream in sources.streams.itertuples():
        half = np.maximum(np.asarray(stream.valley_half_width, dtype=np.float64), grid.cell / 2)
        rows, columns = np.nonzero(mask(stream.geometry.buffer(half.max()), grid))
        point = np.asarray(shapely.points(grid.x[columns], grid.y[rows]), dtype=np.object_)
        along = np.asarray(shapely.line_locate_point(stream.geometry, point), dtype=np.float64)
        near = shapely.distance(stream.geometry, point) <= along_line(stream.geometry, half, along)
        bed = along_line(stream.geometry, np.asarray(stream.bed, dtype=np.float64), along)
        level[rows[near], columns[near]] = bed[near] + settings.bank
    rows, columns = np.nonzero(mask(sources.floor, grid))
    level[rows, columns] = _floor_level(np.column_stack([grid.x[columns], grid.y[rows]]), sources, settings)
    level[~mask(sources.land, grid)] = 0.0
    return level


def _floor_level(points: Floats, sources: Sources, settings: TerrainSettings) -> Floats:
    """Return the valley floor [m] at ``(n, 2)`` points: a weighted mean never lies above or below the known levels."""
    square = ((points[:, None, :] - sources.floor_points[None]) ** 2).sum(axis=2) + settings.floor_core**2
    weight = square ** (-settings.floor_power / 2)
    return np.asarray(weight @ sources.floor_levels / weight.sum(axis=1))


@lru_cache(maxsize=4)
def _fitted(grid: Grid, sources: Sources, settings: TerrainSettings) -> Floats:
    """Return the least-squares surface on the coarse grid; kept, for every window and cell size shares it."""
    group, heights = _srtm_groups(grid, sources.means)
    weight = np.sqrt(settings.spot_weight)
    row = np.floor((grid.north - sources.spot_points[:, 1]) / grid.cell).astype(np.int64)
    column = np.floor((sources.spot_points[:, 0] - grid.west) / grid.cell).astype(np.int64)
    spots = sp.csr_matrix(
        (np.full(len(row), weight), (np.arange(len(row)), row * grid.columns + column)),
        shape=(len(row), group.size),
    )
    observe = sp.csr_matrix(sp.vstack([mean_rows(group, len(heights)), spots]))
    observed = np.concatenate([heights, sources.spot_heights * weight])
    fixed = fixed_levels(grid, sources, settings)
    surface = fit_surface(fixed, observe, observed, grid.cell, settings.thin_plate, settings.membrane)
    surface.flags.writeable = False
    return surface


def _srtm_groups(grid: Grid, means: pd.DataFrame) -> tuple[Integers, Floats]:
    """Return which SRTM mean each cell belongs to ``(y, x)``, -1 without or where the grid cuts it; the means [m]."""
    back = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    lon, lat = back.transform(*np.meshgrid(grid.x, grid.y))
    west, south = means["lon"].min(), means["lat"].min()
    order = pd.DataFrame(
        {"i": ((means["lon"] - west) / SRTM_CELL).round(), "j": ((means["lat"] - south) / SRTM_CELL).round()}
    ).astype(np.int64)
    table = np.full((order["j"].max() + 1, order["i"].max() + 1), -1)
    table[order["j"], order["i"]] = np.arange(len(means))
    i = np.round((lon - west) / SRTM_CELL).astype(np.int64)
    j = np.round((lat - south) / SRTM_CELL).astype(np.int64)
    known = (i >= 0) & (i < table.shape[1]) & (j >= 0) & (j < table.shape[0])
    group = np.where(known, table[np.clip(j, 0, table.shape[0] - 1), np.clip(i, 0, table.shape[1] - 1)], -1)
    size = np.bincount(group[group >= 0], minlength=len(means))
    whole = size > 0.9 * np.median(size[size > 0])
    new = np.where(whole, np.cumsum(whole) - 1, -1)
    return np.where(group >= 0, new[group], -1), means["height"].to_numpy(dtype=np.float64)[whole]


def _sampled(surface: Floats, coarse: Grid, fine: Grid) -> Floats:
    """Return the coarse surface at the centres of the fine grid (cubic)."""
    rows = (coarse.north - fine.y) / coarse.cell - 0.5
    columns = (fine.x - coarse.west) / coarse.cell - 0.5
    place = np.meshgrid(rows, columns, indexing="ij")
    return np.asarray(ndimage.map_coordinates(surface, place, order=3, mode="nearest"), dtype=np.float64)


def _blended(surface: Floats, fixed: Floats, cell: float, reach: float) -> Floats:
    """Return the surface bent over `reach` [m] so that it meets the fixed levels at their edge."""
    known = ~np.isnan(fixed)
    if not known.any():
        return surface
    away, nearest = ndimage.distance_transform_edt(~known, return_indices=True)
    gap = (fixed - surface)[tuple(nearest)]
    share = np.clip(1 - away * cell / reach, 0, 1)
    return np.asarray(surface + gap * share**2 * (3 - 2 * share))


def sea_bed(grid: Grid, sea: NDArray[np.bool_], sources: Sources, settings: TerrainSettings) -> Floats:
    """Return the assumed level [m] of the sea's cells ``(n,)``: deeper away from land, harbour and fairway dredged."""
    rows, columns = np.nonzero(sea)
    point = np.asarray(shapely.points(grid.x[columns], grid.y[rows]), dtype=np.object_)
    land = np.asarray(shapely.distance(sources.land, point), dtype=np.float64)
    depth = settings.shore_depth + settings.deep * (1 - np.exp(-land / settings.shelf))
    side = np.maximum(np.asarray(shapely.distance(sources.fairway, point)) - settings.fairway_width / 2, 0.0)
    depth = np.maximum(depth, sources.fairway_depth - side / 10)
    harbour = mask(sources.harbour, grid)[rows, columns]
    return np.asarray(-np.where(harbour, sources.harbour_depth, depth))
