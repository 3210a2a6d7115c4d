"""Measures at houses: what keeps water out, how high the floor lies, who lives where."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.measure.model import Apply
from genrejs.measure.places import OUTBUILDINGS, ground_at_buildings
from genrejs.rng import stream

Settings = Mapping[str, float]

GONE = 99.0
"""[m] that a house which was pulled down is taken to be protected to: nothing is left there for water to harm."""


def flood_doors(city: City, settings: Settings) -> City:
    """Keep `depth` [m] of water out of a `share` of the buildings on ground `below` [m DVR90]; outbuildings get none.

    Who says yes is drawn by building from a stream of its own, so that a higher share keeps those who said yes before.
    """
    buildings = city.buildings
    low = ground_at_buildings(city) < settings["below"]
    low &= buildings["bbr_code"].to_numpy(dtype=int) < OUTBUILDINGS
    willing = stream(city.name, "flood_doors").random(len(buildings)) < settings["share"]
    protected = buildings["protected_to"].to_numpy(dtype=float)
    fitted = np.where(low & willing, np.maximum(protected, settings["depth"]), protected)
    return city.change(buildings=buildings.assign(protected_to=fitted))


def raised_floors(city: City, settings: Settings) -> City:
    """Raise the ground floor to `floor` [m] above the ground in a `share` of the homes on ground `below` [m DVR90]."""
    lived_in = city.buildings["residents"].to_numpy() > 0
    return _floors(city, "raised_floors", lived_in, settings["floor"], settings)


def business_continuity(city: City, settings: Settings) -> City:
    """Lift goods and machines to `lift` [m] above the ground at a `share` of the firms on ground `below` [m DVR90]."""
    at_work = city.buildings["jobs"].to_numpy() > 0
    return _floors(city, "business_continuity", at_work, settings["lift"], settings)


def relocation(city: City, settings: Settings) -> City:
    """Buy a `share` of the pure homes on ground `below` [m DVR90]; their people move to homes on ground above `safe`.

    Nobody leaves the city: each household gets a home by chance, from a stream of its own.

    Raises
    ------
    InputError
        The city has no home on ground that high.
    """
    buildings, households, ground = city.buildings, city.households, ground_at_buildings(city)
    residents = buildings["residents"].to_numpy()
    bought = (residents > 0) & (buildings["jobs"].to_numpy() == 0) & (ground < settings["below"])
    bought &= stream(city.name, "relocation").random(len(buildings)) < settings["share"]
    free = np.flatnonzero((residents > 0) & (ground >= settings["safe"]))
    if free.size == 0:
        raise InputError(f"{city.name} has no home on ground of {settings['safe']:g} m or more to move people to.")
    lived = households["building"].to_numpy()
    place = lived.astype(np.int64)
    chance = stream(city.name, "relocation/homes").random(len(households))
    target = free[np.minimum((chance * free.size).astype(np.int64), free.size - 1)]
    moved = np.where(bought[place], target, place)
    persons = households["persons"].to_numpy(dtype=np.float64)
    gain = np.bincount(moved, persons, len(buildings)) - np.bincount(place, persons, len(buildings))
    return city.change(
        buildings=buildings.assign(
            residents=(residents + gain).astype(residents.dtype),
            protected_to=np.where(bought, GONE, buildings["protected_to"].to_numpy(dtype=float)),
        ),
        households=households.assign(building=moved.astype(lived.dtype)),
    )


def _floors(city: City, name: str, chosen: NDArray[np.bool_], level: float, settings: Settings) -> City:
    """Return the city with the floors of a share of the `chosen` low buildings at `level` [m] or where they were."""
    low = chosen & (ground_at_buildings(city) < settings["below"])
    low &= stream(city.name, name).random(low.size) < settings["share"]
    floor = city.buildings["floor_level"].to_numpy(dtype=float)
    return city.change(buildings=city.buildings.assign(floor_level=np.where(low, np.maximum(floor, level), floor)))


HOUSES: Mapping[str, Apply] = {
    "flood_doors": flood_doors,
    "raised_floors": raised_floors,
    "relocation": relocation,
    "business_continuity": business_continuity,
}
"""The measures at houses by id."""
