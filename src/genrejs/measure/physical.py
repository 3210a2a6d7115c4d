"""Physical measures: they change structures, the ground, buildings, components or the buffers between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from genrejs.city.model import City
from genrejs.city.structures import Basin, Gate, Pump, Storage, Structure, Wall
from genrejs.measure.model import Apply
from genrejs.measure.places import cells_inside, planned, put, shapes, soak, standing
from genrejs.rng import stream

Settings = Mapping[str, float]

CRITICAL = ("hospital", "care", "water", "wastewater", "heat", "telecom", "digital", "rescue")
"""Services that get backup power: those that life, health and the other services hang on (assumption)."""

TECHNICAL = ("power", "heat", "water", "wastewater", "telecom", "digital")
"""Services whose installations can be lifted: boards, transformers, pumps, racks; a school or a road cannot."""

OUTBUILDINGS = 900
"""BBR use codes from here on are garages, sheds and other outbuildings (bbr.dk), which get no doors."""


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


def flood_doors(city: City, settings: Settings) -> City:
    """Keep `depth` [m] of water out of a `share` of the buildings on ground `below` [m DVR90]; outbuildings get none.

    Who says yes is drawn by building from a stream of its own, so that a higher share keeps those who said yes before.
    """
    buildings = city.buildings
    at = shapely.centroid(np.asarray(buildings.geometry.array))
    rows, columns = city.grid.nearest(shapely.get_x(at), shapely.get_y(at))
    low = city.terrain["elevation"].to_numpy()[rows, columns] < settings["below"]
    low &= buildings["bbr_code"].to_numpy(dtype=int) < OUTBUILDINGS
    willing = stream(city.name, "flood_doors").random(len(buildings)) < settings["share"]
    protected = buildings["protected_to"].to_numpy(dtype=float)
    fitted = np.where(low & willing, np.maximum(protected, settings["depth"]), protected)
    return city.change(buildings=buildings.assign(protected_to=fitted))


def raised_lifelines(city: City, settings: Settings) -> City:
    """Let technical components bear `depth` [m] of water on their site before they stop."""
    components = city.components
    liftable = components["service"].isin(TECHNICAL).to_numpy()
    bears = components["fail_depth"].to_numpy(dtype=float)
    lifted = np.where(liftable, np.maximum(bears, settings["depth"]), bears)
    return city.change(components=components.assign(fail_depth=lifted))


def backup_power(city: City, settings: Settings) -> City:
    """Let critical components run `buffer` [h] without power before they feel it."""
    service = city.components.set_index("id")["service"]
    links = city.links
    from_power = (links["source"].map(service) == "power").to_numpy()
    critical = links["target"].map(service).isin(CRITICAL).to_numpy()
    hours = links["buffer"].to_numpy(dtype=float)
    longer = np.where(from_power & critical, np.maximum(hours, settings["buffer"]), hours)
    return city.change(links=links.assign(buffer=longer))


PHYSICAL: Mapping[str, Apply] = {
    "sluice_pumps": sluice_pumps,
    "dikes_vejle_aa": dikes_vejle_aa,
    "raised_edge": raised_edge,
    "water_parking": water_parking,
    "rain_beds_chicanes": rain_beds_chicanes,
    "water_square": water_square,
    "flood_doors": flood_doors,
    "raised_lifelines": raised_lifelines,
    "backup_power": backup_power,
}
"""The physical measures by id."""
