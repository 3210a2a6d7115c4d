"""Measures for the heritage: old houses and houses of culture keep the water out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.measure.model import Apply
from genrejs.measure.places import OUTBUILDINGS, ground_at_buildings

Settings = Mapping[str, float]

OLD_TOWN = "midtby"
"""District of the old town in the embedded city."""

CULTURE = (410, 419)
"""First and last BBR use code of houses of culture: libraries, museums, archives, churches, theatres (bbr.dk)."""


def old_town(city: City, settings: Settings) -> City:
    """Keep `depth` [m] of water out of houses of the old town from before `built_before`, on ground `below` [m]."""
    houses = city.buildings
    old = (houses["district"].astype(str) == OLD_TOWN) & (houses["year"].astype(float) < settings["built_before"])
    old &= houses["bbr_code"].astype(int) < OUTBUILDINGS
    return _kept_dry(city, old.to_numpy(), settings)


def heritage_plan(city: City, settings: Settings) -> City:
    """Keep `depth` [m] of water from what houses of culture hold, on ground `below` [m DVR90]."""
    return _kept_dry(city, city.buildings["bbr_code"].astype(int).between(*CULTURE).to_numpy(), settings)


def _kept_dry(city: City, chosen: NDArray[np.bool_], settings: Settings) -> City:
    low = chosen & (ground_at_buildings(city) < settings["below"])
    now = city.buildings["protected_to"].to_numpy(dtype=float)
    dry = np.where(low, np.maximum(now, settings["depth"]), now)
    return city.change(buildings=city.buildings.assign(protected_to=dry))


HERITAGE: Mapping[str, Apply] = {"old_town": old_town, "heritage_plan": heritage_plan}
"""The measures for the heritage by id."""
