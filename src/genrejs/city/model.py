"""The City: one frozen value that the hazard meets and a measure changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from shapely import Polygon

from genrejs.city.grid import Grid
from genrejs.city.preparedness import Preparedness
from genrejs.city.streets import Streets
from genrejs.city.structures import Structure

if TYPE_CHECKING:
    import xarray as xr

BUILDING_COLUMNS = (
    "id", "bbr_code", "area", "floors", "year", "cellar_area", "floor_level", "protected_to", "district",
    "residents", "jobs",
)  # fmt: skip
"""Columns of `City.buildings` besides the footprint polygon `geometry`.

`area` ground-floor footprint [m2]; `cellar_area` [m2], 0 without; `floor_level` top of the ground floor above the
ground outside [m]; `protected_to` depth outside that doors, valves and shutters keep out [m]; `district` id; heads."""

HOUSEHOLD_COLUMNS = (
    "id", "building", "persons", "children", "adults", "seniors", "language", "income", "tenure", "car", "volunteers",
)  # fmt: skip
"""Columns of `City.households`: `building` is the row of `City.buildings`; children 0-17, adults 18-70, seniors 71+;
language "da" or "other"; income "low", "middle", "high"; tenure "owner", "social", "private"; car bool."""

COMPONENT_COLUMNS = (
    "id", "name_da", "name_en", "service", "x", "y", "fail_depth", "restart", "repair", "trade", "fallback",
    "fallback_delay", "digital",
)  # fmt: skip
"""Columns of `City.components`: `service` one of SERVICES; x, y [m]; `fail_depth` water on the ground at which it stops
[m]; `restart` once dry and supplied [h]; `repair` crew-hours of `trade` when flooded; `fallback` share that can be run
by hand after `fallback_delay` [h] when something it needs is lost; `digital` True where it runs on municipal IT."""

LINK_COLUMNS = ("source", "target", "buffer", "loss")
"""Columns of `City.links`: `target` needs `source`; after `buffer` hours without it the target loses share `loss`."""

SUPPLY_COLUMNS = ("component", "district", "share")
"""Columns of `City.supply`: the share of a service that a component gives a district; sums to 1 for each pair."""

SERVICES = (
    "housing", "power", "heat", "water", "wastewater", "telecom", "digital", "roads", "hospital", "rescue", "school",
    "care",
)  # fmt: skip
"""What people use; `housing` comes from the buildings, every other from components through `City.supply`."""


@dataclass(frozen=True)
class City:
    """What stands where and who lives there; functions return changed copies.

    `terrain` is a Dataset on `grid` with float64 ``(y, x)`` variables `elevation` [m DVR90], `manning` [s m-1/3],
    `infiltration` [m/s], `drain_capacity` [m/s], and int8 `land_cover`; `streams` has columns `name`, `width` [m]
    and LineStrings that run downstream; `open_sea` is where the sea level is imposed; `streets` is the road graph, None
    where none is known.
    """

    name: str
    grid: Grid
    terrain: xr.Dataset
    districts: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    households: pd.DataFrame
    components: pd.DataFrame
    links: pd.DataFrame
    supply: pd.DataFrame
    streams: gpd.GeoDataFrame
    structures: tuple[Structure, ...] = ()
    open_sea: Polygon | None = None
    preparedness: Preparedness = field(default_factory=Preparedness)
    sources: pd.DataFrame = field(default_factory=pd.DataFrame)
    constructed: bool = False
    streets: Streets | None = None

    def change(self, **parts: Any) -> City:
        """Return a copy with the named parts replaced."""
        return replace(self, **parts)

    def prepare(self, **levers: Any) -> City:
        """Return a copy with the named levers of `preparedness` replaced."""
        return replace(self, preparedness=replace(self.preparedness, **levers))


def residents_by_district(city: City) -> pd.Series:
    """Return the number of residents by district id, in the order of `city.districts`; 0 where no house stands."""
    counts = city.buildings["residents"].astype(float).groupby(city.buildings["district"].astype(str)).sum()
    placed: pd.Series = counts.reindex(city.districts["id"].astype(str), fill_value=0.0)
    return placed
