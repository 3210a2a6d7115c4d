"""Who lives in the homes that the water reached."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.impact.result import Impact

AGES = ("children", "adults", "seniors")
RELATIVE_INCOME: Mapping[str, float] = MappingProxyType({"low": 0.55, "middle": 1.0, "high": 1.5})
"""Income of each group of households relative to the mean (assumption): 0.55 is a limit of the areas' list of 2015, 1.5
brings the mean to 1."""


def harmed(city: City, buildings: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of `Impact.buildings` are wet and not kept dry by their own doors, ``(building,)``."""
    depth = buildings["depth"].to_numpy(np.float64)
    protected = city.buildings["protected_to"].to_numpy(np.float64)
    return np.asarray(buildings["wet"].to_numpy(bool) & (depth > protected))


def adults_by_building(city: City, adult_share: float) -> NDArray[np.float64]:
    """Return residents aged 18-70 of each building, ``(building,)``; without households a share of all residents."""
    if len(city.households) == 0:
        return np.asarray(adult_share * city.buildings["residents"].to_numpy(np.float64))
    place = city.households["building"].to_numpy(np.int64)
    adults = city.households["adults"].to_numpy(np.float64)
    return np.bincount(place, weights=adults, minlength=len(city.buildings)).astype(np.float64)


def people_in_wet_homes(city: City, impact: Impact) -> pd.DataFrame:
    """Return people in wet homes by `group` (district, age, language, income), `value` and `people`.

    Each group sums to all people in wet homes; without households only the district is known.
    """
    wet = harmed(city, impact.buildings)
    homes = city.buildings.loc[wet, ["district", "residents"]]
    tables = [_counted("district", homes.groupby("district", observed=True)["residents"].sum())]
    if len(city.households):
        held = city.households[wet[city.households["building"].to_numpy(np.int64)]]
        tables.append(_counted("age", held[list(AGES)].sum()))
        tables += [
            _counted(group, held.groupby(group, observed=True)["persons"].sum()) for group in ("language", "income")
        ]
    return pd.concat(tables, ignore_index=True)


def _counted(group: str, people: pd.Series[float]) -> pd.DataFrame:
    values = people.index.astype(str)
    return pd.DataFrame({"group": group, "value": values, "people": people.to_numpy(np.float64)})
