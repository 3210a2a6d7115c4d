"""Physical measures against water: they change structures, the ground or where the sea begins."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from genrejs.city.model import City
from genrejs.city.structures import Basin, Gate, Pump, Storage, Structure, Wall
from genrejs.errors import InputError
from genrejs.measure.model import Apply
from genrejs.measure.places import OUTBUILDINGS, cells_inside, covered, planned, put, shapes, soak, standing

Settings = Mapping[str, float]

HECTARE = 1e4
"""[m2]"""

HOUR = 3600.0
"""[s]"""


def sluice_pumps(city: City, settings: Settings) -> City:
    """Let the sluice at Omløbsåen shut at `closes_at` [m] and its pumps lift `capacity` [m3/s] in all."""
    parts = standing(city, "sluice")
    total = sum(part.capacity for part in parts if isinstance(part, Pump))

    def operated(part: Structure) -> Structure:
        if isinstance(part, Gate):
            return replace(part, closes_at=settings["closes_at"])
        if isinstance(part, Pump) and total != settings["capacity"]:
            return replace(part, capacity=part.capacity * settings["capacity"] / total)
        return part

    return put(city, "sluice", tuple(operated(part) for part in parts))


def dikes_vejle_aa(city: City, settings: Settings) -> City:
    """Let the dikes along Vejle Å stand with `crest` [m DVR90]."""
    parts = standing(city, "dike")
    return put(
        city,
        "dike",
        tuple(replace(part, crest=settings["crest"]) if isinstance(part, Wall) else part for part in parts),
    )


def raised_edge(city: City, settings: Settings) -> City:
    """Close the town towards the fjord: walls up to `crest` [m DVR90], a gate at the river mouth, pumps beside it."""
    values = {
        "wall": {"crest": settings["crest"]},
        "gate": {"crest": settings["crest"], "closes_at": settings["closes_at"]},
        "pump": {name: settings[name] for name in ("capacity", "starts_at", "stops_at")},
    }
    return put(city, "edge", planned(city, "raised_edge", values))


def water_parking(city: City, settings: Settings) -> City:
    """Hold back what Grejs Å carries above `release` [m3/s] until `volume` [m3] is full."""
    store = Storage(
        "parking_grejs", "Grejs Å", settings["volume"], settings["release"], "170,000 m3 (klimatilpasning.dk)"
    )
    return put(city, "parking", (store,))


def rain_beds_chicanes(city: City, settings: Settings) -> City:
    """Let the sewered cells of the chosen streets soak away `bed_share` x `bed_infiltration` [m/s] more."""
    sewered = cells_inside(city, "rain_beds_chicanes") & (city.terrain["drain_capacity"].to_numpy() > 0)
    return soak(city, np.where(sewered, settings["bed_share"] * settings["bed_infiltration"], 0.0))


def water_square(city: City, settings: Settings) -> City:
    """Lower squares of `volume` [m3] each by `depth` [m], so that they take rain before the streets do."""
    half = math.sqrt(settings["volume"] / settings["depth"]) / 2

    def square(name: str, centre: BaseGeometry) -> Basin:
        west, south, east, north = centre.bounds
        return Basin(name, shapely.box(west - half, south - half, east + half, north + half), settings["depth"])

    return put(city, "square", tuple(square(*place) for place in shapes(city, "water_square", "place")))


def more_pumps(city: City, settings: Settings) -> City:
    """Lift `capacity` [m3/s] from Mølleåen past the harbour while it stands above `starts_at` [m]."""
    values = {"pump": {name: settings[name] for name in ("capacity", "starts_at", "stops_at")}}
    return put(city, "mill_pumps", planned(city, "more_pumps", values))


def fjord_barrier(city: City, settings: Settings) -> City:
    """Dam the fjord up to `crest` [m DVR90], with a gate that shuts at `closes_at` [m]; the sea begins outside it.

    Raises
    ------
    InputError
        The city has no open sea on the outer side of the gate.
    """
    values = {
        "wall": {"crest": settings["crest"]},
        "gate": {"crest": settings["crest"], "closes_at": settings["closes_at"]},
    }
    built = put(city, "barrier", planned(city, "fjord_barrier", values))
    (_, outside), *_ = shapes(city, "fjord_barrier", "area")
    sea = None if city.open_sea is None else city.open_sea.intersection(outside)
    if sea is None or sea.is_empty:
        raise InputError(f"The measure 'fjord_barrier' needs open sea outside the barrier; {city.name} has none there.")
    largest = max(shapely.get_parts(sea), key=lambda part: part.area)
    return built.change(open_sea=largest.normalize())


def green_roofs(city: City, settings: Settings) -> City:
    """Let a `share` of the flat roofs above `smallest` [m2] hold `hold` [m] of rain, taken in over `hours`.

    Large roofs are taken to be flat (assumption). The model's ground knows a rate only, so that a roof is never full:
    in rain longer than `hours` it does too much.
    """
    buildings = city.buildings
    large = (buildings["area"] >= settings["smallest"]) & (buildings["bbr_code"].astype(int) < OUTBUILDINGS)
    rate = settings["share"] * settings["hold"] / (settings["hours"] * HOUR)
    return soak(city, covered(city, buildings.geometry[large.to_numpy()]) * rate)


def separate_sewers(city: City, settings: Settings) -> City:
    """Let the drains of the chosen sewered streets take `capacity` [m/s] of rain."""
    drains = city.terrain["drain_capacity"]
    now = drains.to_numpy()
    sewered = cells_inside(city, "separate_sewers") & (now > 0)
    wider = np.where(sewered, np.maximum(now, settings["capacity"]), now)
    return city.change(terrain=city.terrain.assign(drain_capacity=drains.copy(data=wider)))


def wetlands(city: City, settings: Settings) -> City:
    """Let `hectares` of wet meadow along Vejle Å hold what flows above `release` [m3/s], `depth` [m] of it."""
    volume = settings["hectares"] * HECTARE * settings["depth"]
    store = Storage("wetland_vejle_aa", "Vejle Å", volume, settings["release"], "area, depth and release: assumption")
    return put(city, "wetland", (store,))


PHYSICAL: Mapping[str, Apply] = {
    "sluice_pumps": sluice_pumps,
    "dikes_vejle_aa": dikes_vejle_aa,
    "raised_edge": raised_edge,
    "water_parking": water_parking,
    "rain_beds_chicanes": rain_beds_chicanes,
    "water_square": water_square,
    "more_pumps": more_pumps,
    "fjord_barrier": fjord_barrier,
    "green_roofs": green_roofs,
    "separate_sewers": separate_sewers,
    "wetlands": wetlands,
}
"""The physical measures against water by id."""
