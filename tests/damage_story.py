"""A made-up shore with two hundred buildings under three maps of depth, assessed: for tests of the damage page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.transform import from_origin
from shapely import LineString, box

from genrejs.damage import assess
from genrejs.damage.measure import Measure, with_measure
from genrejs.damage.result import Assessment
from genrejs.damage.settings import Settings, set_words

WEST, NORTH, CELL, CRS = 530_000.0, 6_172_000.0, 10.0, "EPSG:25832"
LEVELS = {20.0: 0.8, 100.0: 1.5, 500.0: 2.2}
CODES = (120, 130, 140, 510, 321, 322, 420, 910, 331, 230)


def depths(folder: Path, name: str, level: float) -> Path:
    """Write a map of depths [m] that falls from the shore in the west."""
    place = folder / name
    values = np.maximum(level - 0.02 * np.arange(100.0), 0.0) * np.ones((100, 1))
    with rasterio.open(
        place, "w", driver="GTiff", height=100, width=100, count=1, dtype="float32", crs=CRS, nodata=np.nan,
        transform=from_origin(WEST, NORTH, CELL, CELL),
    ) as out:  # fmt: skip
        out.write(values.astype("float32"), 1)
    return place


def buildings(count: int = 200) -> gpd.GeoDataFrame:
    """Houses of 12 m by 10 m with all that a register may know of them."""
    draw = np.random.default_rng(7)
    x, y = WEST + draw.uniform(20, 960, count), NORTH - draw.uniform(20, 960, count)
    columns = {
        "bbr_code": np.resize(CODES, count), "beboere": draw.integers(0, 5, count).astype(float),
        "husstande": draw.integers(0, 3, count), "ansatte": draw.integers(0, 9, count),
        "indkomst": np.where(np.arange(count) % 10, draw.uniform(1e5, 6e5, count), 0.0),
        "bydel": [f"Kvarter {row % 30:02d}" for row in range(count)], "ejer": np.resize(["Privat", "Kommune", ""], count),
        "ejerform": np.resize(["Ejer", "Leje"], count),
        "kælderareal": np.where(np.arange(count) % 3, 0.0, 60.0),
    }  # fmt: skip
    shapes = [box(a - 6, b - 5, a + 6, b + 5) for a, b in zip(x, y, strict=True)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def layers() -> dict[str, gpd.GeoDataFrame]:
    """A road, a field and a meadow at the shore."""
    road = LineString([(WEST, NORTH - 500), (WEST + 1000, NORTH - 500)])
    made = {
        "roads": {"trafik": [4000], "geometry": [road]},
        "crops": {"afgkode": [1], "geometry": [box(WEST, NORTH - 300, WEST + 400, NORTH - 100)]},
        "recreation": {"yearly_value": [1e6], "geometry": [box(WEST, NORTH - 900, WEST + 300, NORTH - 700)]},
    }
    return {name: gpd.GeoDataFrame(columns, crs=CRS) for name, columns in made.items()}


def make_assessment(folder: Path, **options: Any) -> Assessment:
    """Assess the shore under its three maps."""
    maps = {period: depths(folder, f"d{period:g}.tif", level) for period, level in LEVELS.items()}
    return assess(maps, options.pop("houses", buildings()), options.pop("model", "dk/storm-surge"), **options)


def make_full(folder: Path) -> Assessment:
    """Assess it with all that may be asked for, before and after a dike, under a pool that is soon empty."""
    asked = {
        "samples": 20, "layers": layers(), "settings": set_words(Settings(), ["payers.pool=1e6", "roads.closure=43200"]),
    }  # fmt: skip
    before = make_assessment(folder, sensitivity="morris", **asked)
    maps = {period: depths(folder, f"after{period:g}.tif", level - 0.5) for period, level in LEVELS.items()}
    return with_measure(before, assess(maps, buildings(), "dk/storm-surge", **asked), Measure(5e6, 1e5))
