"""From a flood, or from depths alone, to the direct impact on buildings, lifelines, people and roads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.hazard.event import HOUR, Event
from genrejs.impact.damage import DamageSettings, Exposed, category_codes, damage_categories, harmful, losses
from genrejs.impact.people import adults_by_building, harmed
from genrejs.impact.result import Impact
from genrejs.impact.roads import RoadSettings, road_impact
from genrejs.impact.sampling import CellIndex, depth_at_buildings, depth_at_points, grid_of, north_up
from genrejs.impact.uncertainty import Draw

Floats = NDArray[np.float64]

TOTALS = (
    "buildings_wet", "buildings_damaged", "residents_in_wet_homes", "damage_buildings", "damage_cellars", "value_loss",
    "people_cost", "road_cost", "damage_total",
)  # fmt: skip
"""Keys of `Impact.totals`: counts, then DKK; `damage_total` is the sum of the five amounts before it."""


@dataclass(frozen=True)
class ImpactSettings:
    """What may be chosen in the assessment."""

    damage: DamageSettings = field(default_factory=DamageSettings)
    roads: RoadSettings = field(default_factory=RoadSettings)
    wet_depth: float = 0.05  # m outside above which a building counts as wet (issue 2's calibration)
    labour_share: float = 0.5  # of the damage that is work, the rest being materials (assumption)
    crew_hour_cost: float = 2000.0  # DKK for an hour of a crew of four (assumption)
    cleanup: float = 20.0  # crew-hours at least where water stood inside (assumption)
    draws: tuple[Draw, ...] = ()  # of what is uncertain, the same for every event
    drying: float = 24.0  # hours until a metre of water has left a site after the event (assumption)


def damage_hazard(event: Event) -> str:
    """Return the damage curve of an event: surge, cloudburst or stream.

    Salt water costs most, so a compound event in which the sea takes part is a surge, any other a stream (assumption).

    Raises
    ------
    InputError
        When the kind of the event is unknown.
    """
    compound = "surge" if event.sea_level is not None else "stream"
    curves = {
        "surge": "surge", "cloudburst": "cloudburst", "river": "stream", "compound": compound, "outage": "stream",
    }  # fmt: skip
    if event.kind not in curves:
        raise InputError(f"The event '{event.name}' is of kind '{event.kind}'; accepted are {', '.join(curves)}.")
    return curves[event.kind]


def assess(
    city: City,
    footprint: xr.Dataset | None,
    event: Event,
    settings: ImpactSettings = ImpactSettings(),
    index: CellIndex | None = None,
) -> Impact:
    """Return the direct impact of `event`, whose flood is `footprint` with `max_depth` ``(y, x)`` [m]; None is dry.

    `index` (from `footprint_cells`) saves finding the cells of the buildings again for every event on the same grid.

    Raises
    ------
    InputError
        When the flood has no `max_depth`, its coordinates are uneven, or `index` belongs to another grid.
    """
    if footprint is None:
        return assess_depths(city, np.zeros(len(city.buildings)), np.zeros(len(city.components)), event, settings)
    if "max_depth" not in footprint:
        raise InputError(f"The flood of '{event.name}' has no variable max_depth (y, x) in metres.")
    grid, depth = grid_of(footprint), north_up(footprint["max_depth"])
    at_buildings = depth_at_buildings(depth, grid, city.buildings.geometry, index)
    at_components = depth_at_points(depth, grid, city.components["x"].to_numpy(), city.components["y"].to_numpy())
    return assess_depths(city, at_buildings, at_components, event, settings)


def assess_depths(
    city: City,
    building_depths: Floats,
    component_depths: Floats,
    event: Event,
    settings: ImpactSettings = ImpactSettings(),
) -> Impact:
    """Return the direct impact of `event` from depths outside, ``(building,)`` and ``(component,)`` [m].

    Raises
    ------
    InputError
        When the depths do not match the city's tables or an outage names an unknown component.
    """
    if len(building_depths) != len(city.buildings) or len(component_depths) != len(city.components):
        raise InputError(
            f"'{event.name}' needs {len(city.buildings)} building and {len(city.components)} component depths; "
            f"got {len(building_depths)} and {len(component_depths)}."
        )
    buildings = _buildings(city, np.nan_to_num(np.asarray(building_depths, np.float64)), event, settings)
    components = _components(city, np.nan_to_num(np.asarray(component_depths, np.float64)), event, settings)
    roads = road_impact(city.components, components["depth"].to_numpy(), settings.roads)
    totals = _totals(city, buildings, roads)
    return Impact(buildings, components, roads, totals, _drawn(city, buildings, roads, event, settings))


def _buildings(city: City, depth: Floats, event: Event, settings: ImpactSettings) -> pd.DataFrame:
    table, hazard, rules = city.buildings, damage_hazard(event), settings.damage
    category, area = damage_categories(table["bbr_code"].to_numpy()), table["area"].to_numpy(np.float64)
    adults = adults_by_building(city, rules.adult_share)
    exposed = Exposed(category, area, table["cellar_area"].to_numpy(np.float64), adults)
    stands = table["floor_level"].to_numpy(np.float64), table["protected_to"].to_numpy(np.float64)
    suffered = building_states(hazard, exposed, stands, depth, settings)
    inside = suffered.pop("depth_inside")
    repair = suffered.pop("repair")
    columns = {
        "depth": depth,
        "depth_inside": inside,
        "wet": depth > settings.wet_depth,
        **suffered,
        "habitable": inside <= 0.0,
        "repair": repair,
        "trade": _trade(category, suffered["damage"], suffered["cellar"]),
    }
    return pd.DataFrame(columns, index=table.index)


def building_states(
    hazard: str, exposed: Exposed, stands: tuple[Floats, Floats], depth: Floats, settings: ImpactSettings
) -> dict[str, Floats]:
    """Return by name ``(n,)`` what water `depth` [m] outside does: `depth_inside` [m], the amounts of `losses` [DKK],
    the crew-hours of `repair`; `stands` holds floor levels and what each is protected to [m]."""
    floor, protected = stands
    water = harmful(depth, protected)
    # A floor below the ground is dry on dry ground.
    inside = np.where(water > 0.0, np.maximum(water - floor, 0.0), 0.0)
    amounts = losses(hazard, exposed, water, settings.damage)
    repair = _repair(amounts["damage"] + amounts["cellar"], inside, settings)
    return {"depth_inside": inside, **amounts, "repair": repair}


def _drawn(
    city: City, buildings: pd.DataFrame, roads: Mapping[str, float], event: Event, settings: ImpactSettings
) -> Floats:
    """Return the total damage in each draw ``(draw,)`` [DKK]; the cost of roads is held."""
    if not settings.draws:
        return np.zeros(0)
    depth = buildings["depth"].to_numpy(np.float64)
    wet = np.flatnonzero(depth > 0.0)
    table, rules, hazard = city.buildings, settings.damage, damage_hazard(event)
    adults = adults_by_building(city, rules.adult_share)[wet]
    code, area, cellar, protected = (
        table[name].to_numpy()[wet] for name in ("bbr_code", "area", "cellar_area", "protected_to")
    )
    exposed = Exposed(
        category_codes(damage_categories(code)), area.astype(np.float64), cellar.astype(np.float64), adults
    )
    sums = []
    for draw in settings.draws:
        water = harmful(draw.depths(depth[wet]), protected)
        amounts = losses(hazard, exposed, water, draw.settings(rules))
        sums.append(sum(float(amount.sum()) for amount in amounts.values()) + roads["cost"])
    return np.array(sums)


def _repair(damage: Floats, inside: Floats, settings: ImpactSettings) -> Floats:
    """Return crew-hours of work per building: labour in the damage, at least the clean-up after water inside."""
    work = settings.labour_share * damage / settings.crew_hour_cost
    return np.maximum(work, np.where(inside > 0.0, settings.cleanup, 0.0))


def _trade(category: NDArray[np.str_], damage: Floats, cellar: Floats) -> NDArray[np.str_]:
    """Return the trade that leads the repair: electricians in plants, plumbers in cellars alone, else builders."""
    cellar_only = (cellar > 0.0) & (damage == 0.0)
    return np.select([category == "utility", cellar_only], ["electrician", "plumber"], "builder")


def _components(city: City, depth: Floats, event: Event, settings: ImpactSettings) -> pd.DataFrame:
    table = city.components
    flooded = depth > table["fail_depth"].to_numpy(np.float64)
    down_from, down_until, cyber = _outages(table, event)
    left = event.duration / HOUR + settings.drying * depth
    columns = {
        "depth": depth,
        "flooded": flooded,
        "down_from": down_from,
        "down_until": down_until,
        "cyber": cyber,
        "dry_after": np.where(flooded, left, 0.0),
    }
    return pd.DataFrame(columns, index=table.index)


def _outages(components: pd.DataFrame, event: Event) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return from when to when [h] each component is down by the event itself; several outages join into one."""
    place = {name: row for row, name in enumerate(components["id"])}
    start, end = np.full(len(components), np.nan), np.full(len(components), np.nan)
    cyber = np.zeros(len(components), dtype=bool)
    for outage in event.outages:
        unknown = [name for name in outage.components if name not in place]
        if unknown:
            raise InputError(f"The outage of '{event.name}' names '{unknown[0]}', which the city does not have.")
        rows = [place[name] for name in outage.components]
        start[rows] = np.fmin(start[rows], outage.start / HOUR)
        end[rows] = np.fmax(end[rows], (outage.start + outage.duration) / HOUR)
        cyber[rows] |= outage.cyber
    return start, end, cyber


def _totals(city: City, buildings: pd.DataFrame, roads: Mapping[str, float]) -> dict[str, float]:
    residents = city.buildings["residents"].to_numpy(np.float64)
    damaged = (buildings["damage"] + buildings["cellar"]) > 0.0
    counts = (
        buildings["wet"].sum(),
        damaged.sum(),
        residents[harmed(city, buildings)].sum(),
    )
    money = [float(buildings[column].sum()) for column in ("damage", "cellar", "value_loss", "people")]
    money.append(roads["cost"])
    return dict(zip(TOTALS, [*map(float, counts), *money, sum(money)], strict=True))
