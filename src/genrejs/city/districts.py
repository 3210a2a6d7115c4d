"""The districts, roads and other hand-drawn plain-text sources of an embedded city."""

from __future__ import annotations

from importlib import resources
from io import BytesIO, StringIO

import geopandas as gpd
import pandas as pd

from genrejs.errors import Fault, InputError

CITIES = ("vejle",)
"""The cities inside the package."""

KINDS = ("centre", "dense", "detached", "industry", "park")
"""What a district can be; land cover and buildings follow from it."""

DISTRICT_COLUMNS = (
    "id", "name_da", "name_en", "residents", "kind", "certainty", "language_other_share", "low_income_share",
    "social_housing_share", "source",
)  # fmt: skip
"""Columns of `City.districts` besides `geometry`: head count, one of KINDS, shares 0..1 of people."""


def embedded_districts(name: str = "vejle") -> gpd.GeoDataFrame:
    """Return the districts of an embedded city, ``(district,)`` with DISTRICT_COLUMNS and Polygons that do not overlap.

    Raises
    ------
    InputError
        When no city of that name is embedded.
    """
    districts = read_layer(name, "districts.geojson")
    missing = [column for column in DISTRICT_COLUMNS if column not in districts.columns]
    if missing or not districts["kind"].isin(KINDS).all() or districts["id"].duplicated().any():
        raise Fault(f"cities/{name}/districts.geojson: columns {missing} are missing, or a kind or an id is wrong.")
    return districts


def embedded_roads(name: str = "vejle") -> gpd.GeoDataFrame:
    """Return the main roads of an embedded city: `id`, `kind`, `width` [m], `vehicles_per_day` and LineStrings."""
    return read_layer(name, "roads.geojson")


def read_layer(name: str, file: str) -> gpd.GeoDataFrame:
    """Return one GeoJSON source of an embedded city; raise InputError for an unknown city."""
    return gpd.read_file(BytesIO(read_text(name, file).encode("utf-8")))


def read_table(name: str, file: str) -> pd.DataFrame:
    """Return one CSV source of an embedded city; raise InputError for an unknown city."""
    return pd.read_csv(StringIO(read_text(name, file)))


def read_text(name: str, file: str) -> str:
    """Return the text of one source file of an embedded city; raise InputError for an unknown city."""
    if name not in CITIES:
        raise InputError(f"No city {name!r} inside Genrejs; the embedded cities are {', '.join(CITIES)}.")
    return resources.files(f"genrejs.cities.{name}").joinpath(file).read_text(encoding="utf-8")
