"""A tiny city for tests of services and recovery: load with runpy, change the tables it takes."""

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from shapely import box

from genrejs.city.grid import Grid
from genrejs.city.model import COMPONENT_COLUMNS, LINK_COLUMNS, SUPPLY_COLUMNS, City
from genrejs.city.preparedness import Preparedness
from genrejs.impact.result import Impact
from genrejs.warning.result import Warned

NO_FIGURES = {}


def component(name, service, **figures):
    row = {"id": name, "name_da": name, "name_en": name, "service": service, "x": 0.0, "y": 0.0, "fail_depth": 0.3}
    row |= {"restart": 0.0, "repair": 0.0, "trade": "electrician", "fallback": 0.0, "fallback_delay": 0.0}
    return row | {"digital": False} | figures


def tiny_city(components=(), links=(), supply=(), homes=40, **levers):
    """Two districts A and B, `homes` buildings of two residents and one household each, half in each district."""
    grid = Grid(0.0, 100.0, 10.0, 10, 10)
    flat = xr.Dataset({"elevation": (("y", "x"), np.zeros(grid.shape))}, coords={"y": grid.y, "x": grid.x})
    districts = gpd.GeoDataFrame(
        {"id": ["A", "B"], "name_da": ["A", "B"], "name_en": ["A", "B"], "residents": float(homes)},
        geometry=[box(0, 0, 50, 100), box(50, 0, 100, 100)], crs=grid.crs,
    )  # fmt: skip
    n = np.arange(homes)
    buildings = gpd.GeoDataFrame(
        {
            "id": n, "bbr_code": 120, "area": 100.0, "floors": 1, "year": 1970, "cellar_area": 0.0, "floor_level": 0.3,
            "protected_to": 0.0, "district": np.where(n < homes // 2, "A", "B"), "residents": 2, "jobs": 0,
        },
        geometry=[box(i, 0, i + 0.5, 1) for i in n], crs=grid.crs,
    )  # fmt: skip
    households = pd.DataFrame(
        {
            "id": n, "building": n, "persons": 2, "children": 0, "adults": np.where(n % 2, 2, 1),
            "seniors": np.where(n % 2, 0, 1),
            "language": np.where(n % 4, "da", "other"), "income": np.where(n % 3, "middle", "low"), "tenure": "owner",
            "car": True, "volunteers": 0,
        }
    )  # fmt: skip
    return City(
        name="tiny", grid=grid, terrain=flat, districts=districts, buildings=buildings, households=households,
        components=pd.DataFrame(list(components), columns=COMPONENT_COLUMNS),
        links=pd.DataFrame(list(links), columns=LINK_COLUMNS),
        supply=pd.DataFrame(list(supply), columns=SUPPLY_COLUMNS),
        streams=gpd.GeoDataFrame({"name": []}, geometry=[], crs=grid.crs), preparedness=Preparedness(**levers),
    )  # fmt: skip


def tiny_impact(city, wet=(), hours=100.0, trade="builder", depth=0.8, parts=NO_FIGURES):
    """The buildings in rows `wet` flooded with `hours` crew-hours of repair each; `parts`: id -> columns."""
    n = len(city.buildings)
    out = np.isin(np.arange(n), list(wet))
    buildings = pd.DataFrame(
        {
            "depth": np.where(out, depth, 0.0), "depth_inside": np.where(out, depth - 0.3, 0.0), "wet": out,
            "damage": np.where(out, 4e5, 0.0), "cellar": 0.0, "value_loss": 0.0, "people": 0.0, "habitable": ~out,
            "repair": np.where(out, hours, 0.0), "trade": np.where(out, trade, ""),
        }
    )  # fmt: skip
    ids = list(city.components["id"])
    table = pd.DataFrame(
        {"depth": 0.0, "flooded": False, "down_from": np.nan, "down_until": np.nan, "cyber": False, "dry_after": 0.0},
        index=range(len(ids)),
    )
    for name, figures in parts.items():
        for column, value in figures.items():
            table.loc[ids.index(name), column] = value
    return Impact(buildings, table, {}, {})


def nobody_warned(city, acted=0.0):
    return Warned(
        pd.DataFrame(), pd.DataFrame({"acted": np.full(len(city.households), acted)}), pd.DataFrame(), 0.0, {}
    )
