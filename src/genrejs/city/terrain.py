"""The terrain of the embedded city, for which no measured terrain model is at hand: constructed, and labelled so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from shapely import Polygon, box

from genrejs.city import landcover
from genrejs.city.cache import cached
from genrejs.city.grid import Floats, Grid
from genrejs.city.terrain_sources import CRS, FILES, Sources, read_sources, read_streams, text_of
from genrejs.city.terrain_streams import bed_cells, stream_cells
from genrejs.city.terrain_surface import WINDOW, TerrainSettings, elevation, mask
from genrejs.errors import InputError

__all__ = ["WINDOW", "TerrainSettings", "embedded_sea", "embedded_streams", "embedded_terrain", "stream_cells"]

ATTRIBUTION = "Indeholder data fra Klimadatastyrelsen / Geodatastyrelsen, DAGI 2014; SRTM (NASA, public domain)"
"""To be shown wherever the embedded terrain is."""

MODULES = (
    "terrain.py",
    "terrain_fit.py",
    "terrain_sources.py",
    "terrain_streams.py",
    "terrain_surface.py",
    "landcover.py",
)
FIELDS = {
    "elevation": ("m", "ground or bed level, DVR90"),
    "manning": ("s m-1/3", "Manning roughness"),
    "infiltration": ("m s-1", "rate at which water soaks in"),
    "drain_capacity": ("m s-1", "rate that the drains take"),
    "land_cover": ("1", "land cover class"),
}


def embedded_terrain(
    grid: Grid,
    cache: Path | None = None,
    districts: gpd.GeoDataFrame | None = None,
    settings: TerrainSettings | None = None,
) -> xr.Dataset:
    """Return the constructed terrain ``(y, x)`` on a grid inside WINDOW: the variables that `City.terrain` promises.

    `districts` with a column `kind` replace the rough built-up shapes; `cache` is a folder that keeps results.

    Raises
    ------
    InputError
        The grid leaves the embedded window or has another CRS.
    """
    _check(grid)
    settings = settings or TerrainSettings()
    arrays = cached(cache, _key(grid, districts, settings), lambda: _build(grid, districts, settings))
    return to_dataset(grid, arrays, {"title": "constructed demonstration terrain", "source": ATTRIBUTION})


def embedded_streams() -> gpd.GeoDataFrame:
    """Return the streams: name, width [m, assumption], bed [m DVR90 by vertex], source, lines that run downstream."""
    return read_streams()


def embedded_sea(grid: Grid) -> Polygon | None:
    """Return the fjord outside the harbour mouth inside the grid, where the sea level is imposed; None without sea."""
    sources = read_sources()
    area = sources.open_sea.difference(sources.land).intersection(box(*grid.bounds))
    parts = [part for part in getattr(area, "geoms", [area]) if isinstance(part, Polygon) and not part.is_empty]
    return max(parts, key=lambda part: part.area) if parts else None


def to_dataset(grid: Grid, arrays: dict[str, NDArray[Any]], attributes: dict[str, str]) -> xr.Dataset:
    """Return the fields ``(y, x)`` of a terrain with coordinates, units and attributes."""
    fields = {
        name: (("y", "x"), arrays[name], {"units": unit, "long_name": words}) for name, (unit, words) in FIELDS.items()
    }
    return xr.Dataset(fields, coords={"y": grid.y, "x": grid.x}, attrs={"crs": grid.crs, **attributes})


def _check(grid: Grid) -> None:
    """Raise InputError for a grid that the sources do not cover."""
    west, south, east, north = grid.bounds
    over = grid.cell  # a grid of whole cells may reach one cell beyond the window
    inside = west >= WINDOW[0] - over and south >= WINDOW[1] - over and east <= WINDOW[2] + over and north <= WINDOW[3]
    if grid.crs != CRS or not inside:
        raise InputError(
            f"The embedded terrain covers {WINDOW} in {CRS}; the grid asked for covers {grid.bounds} in {grid.crs}."
        )


def _key(grid: Grid, districts: gpd.GeoDataFrame | None, settings: TerrainSettings) -> list[object]:
    """Return all that the terrain depends on: sources, code, grid, settings, districts."""
    drawn = (
        "" if districts is None else [districts.geometry.to_wkb().tolist(), [str(kind) for kind in districts["kind"]]]
    )
    code = [Path(__file__).with_name(name) for name in MODULES]
    return [*(text_of(name) for name in FILES), *code, grid, settings, drawn]


def _build(grid: Grid, districts: gpd.GeoDataFrame | None, settings: TerrainSettings) -> dict[str, NDArray[Any]]:
    """Return every field of the terrain ``(y, x)``."""
    sources, classes = read_sources(), landcover.read_land_cover()
    ground, sea = elevation(grid, sources, settings)
    beds = bed_cells(sources.streams, grid)
    cover = _cover(grid, ground, sea, sources, districts)
    cover[beds["row"], beds["column"]] = classes.code("stream")
    cover[sea] = classes.code("sea")
    manning = classes.manning(cover)
    _narrow(manning, beds, sea, grid.cell)
    return {
        "elevation": carved(ground, beds, sea),
        "manning": manning,
        "infiltration": classes.infiltration(cover),
        "drain_capacity": classes.drain_capacity(cover),
        "land_cover": cover,
    }


def _cover(
    grid: Grid, ground: Floats, sea: NDArray[np.bool_], sources: Sources, districts: gpd.GeoDataFrame | None
) -> landcover.Classes:
    """Return the land cover without water ``(y, x)``."""
    natural = landcover.natural_cover(np.where(sea, 0.0, ground), grid.cell, mask(sources.floor, grid))
    shapes = sources.built if districts is None else landcover.district_shapes(districts, grid)
    return landcover.painted(natural, shapes, grid)


def carved(ground: Floats, beds: pd.DataFrame, sea: NDArray[np.bool_]) -> Floats:
    """Return the ground with the beds ``(y, x)`` [m]: the lowest where streams meet, nowhere rising downstream."""
    bed = np.full(ground.shape, np.inf)
    np.minimum.at(bed, (beds["row"], beds["column"]), beds["bed"])
    chains = [part[["row", "column"]].to_numpy() for _, part in beds[~beds["wide"]].groupby("name", sort=False)]
    for _ in chains:
        for chain in chains:
            bed[chain[:, 0], chain[:, 1]] = np.minimum.accumulate(bed[chain[:, 0], chain[:, 1]])
    return np.where(np.isinf(bed), ground, np.where(sea, np.minimum(ground, bed), bed))


def _narrow(manning: Floats, beds: pd.DataFrame, sea: NDArray[np.bool_], cell: float) -> None:
    """Raise the roughness where a cell is wider than its stream, so that it carries what the narrower channel would."""
    factor = np.full(manning.shape, np.inf)
    np.minimum.at(factor, (beds["row"], beds["column"]), np.maximum(cell / beds["width"], 1.0))
    manning *= np.where(np.isinf(factor) | sea, 1.0, factor)
