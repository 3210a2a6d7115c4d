"""A tiny made-up city for the tests of impact and warning: four homes, a shop, a plant and a garage on a plain."""

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from shapely import Point, box

from genrejs.city.grid import Grid
from genrejs.city.model import COMPONENT_COLUMNS, LINK_COLUMNS, City
from genrejs.hazard.event import HOUR, Event
from genrejs.hazard.flood.problem import Series

GRID = Grid(west=0.0, north=100.0, cell=10.0, rows=10, columns=10)


def buildings():
    # id, bbr_code, area, floors, year, cellar_area, floor_level, protected_to, district, residents, jobs
    rows = [
        ("h0", 120, 120.0, 1, 1960, 0.0, 0.2, 0.0, "low", 4, 0),
        ("h1", 120, 120.0, 1, 1960, 60.0, 0.2, 0.0, "low", 3, 0),
        ("h2", 140, 300.0, 3, 1930, 0.0, 0.6, 0.0, "low", 20, 0),
        ("h3", 120, 120.0, 1, 1990, 0.0, 0.2, 0.0, "high", 2, 0),
        ("shop", 322, 500.0, 1, 1980, 0.0, 0.1, 0.0, "low", 0, 12),
        ("plant", 232, 80.0, 1, 1980, 0.0, 0.1, 0.0, "low", 0, 1),
        ("garage", 910, 20.0, 1, 1980, 0.0, 0.0, 0.0, "low", 0, 0),
    ]
    columns = [
        "id", "bbr_code", "area", "floors", "year", "cellar_area", "floor_level", "protected_to", "district",
        "residents", "jobs",
    ]  # fmt: skip
    corners = [(2, 2), (22, 2), (42, 2), (82, 82), (2, 42), (22, 42), (42, 42)]
    shapes = [box(x, y, x + 6, y + 6) for x, y in corners]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=shapes, crs="EPSG:25832")


def households():
    rows = [
        # id, building, persons, children, adults, seniors, language, income, tenure, car, volunteers
        ("a", 0, 4, 2, 2, 0, "da", "middle", "owner", True, 1),
        ("b", 1, 3, 1, 2, 0, "other", "low", "owner", True, 0),
        ("c", 2, 12, 4, 8, 0, "other", "low", "social", False, 1),
        ("d", 2, 8, 0, 2, 6, "da", "low", "social", False, 2),
        ("e", 3, 2, 0, 0, 2, "da", "high", "owner", True, 1),
    ]
    columns = [
        "id", "building", "persons", "children", "adults", "seniors", "language", "income", "tenure", "car",
        "volunteers",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def components():
    rows = [
        ("mast", "Mast", "Mast", "telecom", 25.0, 45.0, 0.4, 2.0, 10.0, "electrician", 0.0, 0.0, True),
        ("exchange", "Central", "Exchange", "telecom", 85.0, 85.0, 0.4, 2.0, 10.0, "electrician", 0.0, 0.0, True),
        ("data", "Datacenter", "Data centre", "digital", 85.0, 85.0, 0.4, 8.0, 10.0, "it", 0.0, 0.0, True),
        ("street", "Havnegade", "Havnegade", "roads", 45.0, 45.0, 0.3, 0.0, 5.0, "civil", 0.0, 0.0, False),
    ]
    return pd.DataFrame(rows, columns=list(COMPONENT_COLUMNS))


def supply():
    rows = [
        ("mast", "low", 1.0), ("exchange", "high", 1.0), ("data", "low", 1.0), ("data", "high", 1.0),
        ("street", "low", 1.0), ("street", "high", 1.0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["component", "district", "share"])


def city(**parts):
    districts = gpd.GeoDataFrame(
        {"id": ["low", "high"], "residents": [27, 2]}, geometry=[Point(30, 30), Point(80, 80)], crs="EPSG:25832"
    )
    made = City(
        name="Prøveby",
        grid=GRID,
        terrain=xr.Dataset({"elevation": (("y", "x"), np.zeros(GRID.shape))}, coords={"y": GRID.y, "x": GRID.x}),
        districts=districts,
        buildings=buildings(),
        households=households(),
        components=components(),
        links=pd.DataFrame(columns=list(LINK_COLUMNS)),
        supply=supply(),
        streams=gpd.GeoDataFrame({"name": [], "width": []}, geometry=[], crs="EPSG:25832"),
    )
    return made.change(**parts)


def flood(depth, grid=GRID):
    field = np.broadcast_to(np.asarray(depth, dtype=float), grid.shape).copy()
    return xr.Dataset({"max_depth": (("y", "x"), field)}, coords={"y": grid.y, "x": grid.x})


def low_flood(depth, grid=GRID):
    """Water of `depth` south of y = 60, dry north of it."""
    return flood(np.where(grid.y[:, None] < 60, depth, 0.0), grid)


def event(kind="surge", **parts):
    sea = Series(np.array([0.0, 1.0]), np.array([1.0, 2.0])) if kind == "surge" else None
    made = {"name": "test", "kind": kind, "title_da": "Prøve", "title_en": "Test", "duration": 12 * HOUR}
    return Event(**{**made, "sea_level": sea, **parts})
