"""What the embedded terrain is made from: figures and hand-drawn outlines as text beside the city, in metres here."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely import LineString, Polygon
from shapely.geometry import shape

from genrejs.city.grid import Floats

CRS = "EPSG:25832"
FILES = (
    "srtm_cell_means.csv", "floor_levels.csv", "spot_heights.csv", "shore.geojson", "streams.geojson",
    "valley_floor.geojson", "land_cover.csv",
)  # fmt: skip
"""Files that decide the terrain; their bytes are part of the cache's key."""


@dataclass(frozen=True, eq=False)
class Sources:
    """Shore, valley, streams and heights of an embedded city; positions are ``(n, 2)`` eastings and northings [m]."""

    land: Polygon
    open_sea: Polygon
    harbour: Polygon
    harbour_depth: float
    fairway: LineString
    fairway_depth: float
    floor: Polygon
    built: tuple[tuple[str, Polygon], ...]
    streams: gpd.GeoDataFrame
    floor_points: Floats
    floor_levels: Floats
    spot_points: Floats
    spot_heights: Floats
    means: pd.DataFrame


def text_of(name: str, city: str = "vejle") -> str:
    """Return the text of a file of an embedded city."""
    return resources.files(f"genrejs.cities.{city}").joinpath(name).read_text(encoding="utf-8")


@cache
def read_sources(city: str = "vejle") -> Sources:
    """Return everything that the terrain of an embedded city is made from."""
    shore = {properties["kind"]: (properties, outline) for properties, outline in _features("shore.geojson", city)}
    valley = _features("valley_floor.geojson", city)
    levels, spots = _points("floor_levels.csv", "level", city), _points("spot_heights.csv", "height", city)
    return Sources(
        land=shore["land"][1],
        open_sea=shore["open_sea"][1],
        harbour=shore["harbour"][1],
        harbour_depth=float(shore["harbour"][0]["depth"]),
        fairway=shore["fairway"][1],
        fairway_depth=float(shore["fairway"][0]["depth"]),
        floor=next(outline for properties, outline in valley if properties["kind"] == "floor"),
        built=tuple((properties["kind"], outline) for properties, outline in valley if properties["kind"] != "floor"),
        streams=read_streams(city),
        floor_points=levels[0],
        floor_levels=levels[1],
        spot_points=spots[0],
        spot_heights=spots[1],
        means=pd.read_csv(io.StringIO(text_of("srtm_cell_means.csv", city))),
    )


def read_streams(city: str = "vejle") -> gpd.GeoDataFrame:
    """Return the streams: name, width [m, assumption], bed [m, by vertex], valley_half_width [m], source, line."""
    rows = _features("streams.geojson", city)
    return gpd.GeoDataFrame([dict(properties) for properties, _ in rows], geometry=[line for _, line in rows], crs=CRS)


def _features(name: str, city: str) -> list[tuple[Mapping[str, Any], Any]]:
    """Return properties and outline [m] of every feature of a GeoJSON file in longitude and latitude."""
    project = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)

    def metres(degrees: Floats) -> Floats:
        return np.column_stack(project.transform(degrees[:, 0], degrees[:, 1]))

    return [
        (feature["properties"], shapely.transform(shape(feature["geometry"]), metres))
        for feature in json.loads(text_of(name, city))["features"]
    ]


def _points(name: str, column: str, city: str) -> tuple[Floats, Floats]:
    """Return positions ``(n, 2)`` [m] and values ``(n,)`` of a table with columns lon, lat."""
    table = pd.read_csv(io.StringIO(text_of(name, city)))
    x, y = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(table["lon"], table["lat"])
    return np.column_stack([x, y]), table[column].to_numpy(dtype=np.float64)
