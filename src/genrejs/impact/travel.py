"""Who can still get where in one event: times to services, the fire engines' way, who is cut off, the E45's detour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.city.streets import Streets
from genrejs.errors import InputError
from genrejs.hazard.water import ordinary_water
from genrejs.impact.access import (
    CAR,
    WALK,
    Network,
    edge_time,
    lay_network,
    place_on,
    response_times,
    sites_of,
    travel_times,
)
from genrejs.impact.access_closures import detour
from genrejs.impact.access_people import by_group, compare_times, cut_off, household_times
from genrejs.impact.access_water import edge_cells, edge_depth
from genrejs.impact.result import Impact
from genrejs.impact.sampling import grid_of, north_up

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

SERVICES = ("hospital", "rescue", "school", "care")
SHELTER = "shelter"
IN_TIME = 600.0
"""[s] within which an engine should be there (assumption)."""
MOTORWAY = "motorway"


@dataclass(frozen=True)
class Travel:
    """Who could get where before and during an event, on the road graph as it is (no jams: times are lower bounds).

    `before` and `after` ``(building, service)`` [s] by car, infinite without a way; `response_before` and
    `response_after` ``(building,)`` [s] from alarm to the engine's arrival. `by_service` is `compare_times` of
    residents; `by_district` the same by district; `by_group` the same of households, on foot where there is no car or
    no street for one. A "shelter" is a school that works in the event, before it too.
    `closed` ``(edge,)`` bool streets under too much water or shut by the event, `closed_length` [m]. `cut_off` people
    whom no car takes to any service any more, `stuck` those of them who cannot walk to one either; `in_time` ``(2,)``
    share of residents whom an engine reaches within `IN_TIME`, before and after.
    `bridge` vehicle-hours that a day's closure of the motorway's bridge costs on the streets that the event leaves
    open, before and during it (NaN without a way round, 0 without a bridge), `vehicles` how many that strikes.
    `lost` are the components whose sites help nobody in the event.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    response_before: Floats
    response_after: Floats
    by_service: pd.DataFrame
    by_district: pd.DataFrame
    by_group: pd.DataFrame
    closed: Flags
    closed_length: float
    cut_off: float
    in_time: tuple[float, float]
    bridge: tuple[float, float]
    stuck: float = 0.0
    vehicles: float = 0.0
    lost: tuple[str, ...] = ()

    @property
    def person_hours(self) -> float:
        """What people lose when each goes once to every service, one way [h]."""
        return float(self.by_service["person_hours"].sum())


def can_travel(city: City) -> bool:
    """Tell whether a city has streets and a station from which engines come."""
    return city.streets is not None and bool((city.components["service"] == "rescue").any())


def city_network(city: City) -> Network:
    """Return the city's streets with its buildings and sites on them; schools are opened as shelters (assumption).

    Raises
    ------
    InputError
        The city has no streets, or no station from which engines come.
    """
    if city.streets is None:
        raise InputError(f"{city.name} has no streets, so nobody's way can be followed; give the city a road graph.")
    present = [name for name in SERVICES if (city.components["service"] == name).any()]
    if not can_travel(city):
        raise InputError(f"{city.name} has no component of the service 'rescue', so no engine's way can be followed.")
    schools = city.components.loc[city.components["service"] == "school", "id"].astype(str)
    sites = sites_of(city.components, present, tuple(schools))
    middle = city.buildings.geometry.centroid
    return lay_network(city.streets, middle.x.to_numpy(), middle.y.to_numpy(), sites)


def travel(city: City, water: xr.Dataset | None, impact: Impact, network: Network | None = None) -> Travel:
    """Return who gets where in an event with the flood `water`, `max_depth` ``(y, x)`` [m]; None is dry.

    A site that is flooded or that the event switches off helps nobody; its services are sought elsewhere. A part of a
    road that the event switches off is closed. Outside the cells of `water` no street is wet.

    Raises
    ------
    InputError
        The city has no streets, or no station from which engines come.
    """
    web = network or city_network(city)
    streets, lost = web.streets, _lost(city, impact)
    working = np.array([str(id) not in lost for id in web.site_id], dtype=np.bool_)
    wet, shut = _street_depth(city, streets, water), _shut(city, streets, impact)
    dry, now = _times(web, None, None, working), _times(web, wet, shut, working)
    people = city.buildings["residents"].to_numpy(np.float64)
    homes = [household_times(city.households, car, foot) for car, foot in (dry, now)]
    apart = cut_off(dry[0], now[0])
    stuck = cut_off(*homes) & apart[city.households["building"].to_numpy(np.int64)]
    came = response_times(web), response_times(web, water=wet, working=working, shut=shut)
    closed = ~np.isfinite(edge_time(streets, wet, CAR))
    closed[shut] = True
    return Travel(
        before=dry[0], after=now[0], response_before=came[0], response_after=came[1],
        by_service=compare_times(dry[0], now[0], people),
        by_district=compare_times(dry[0], now[0], people, city.buildings["district"].astype(str).to_numpy()),
        by_group=by_group(city.households, *homes),
        closed=closed, closed_length=float(streets.length[closed].sum()),
        cut_off=float(people[apart].sum()), stuck=float(city.households["persons"].to_numpy(np.float64)[stuck].sum()),
        in_time=(_share_in_time(came[0], people), _share_in_time(came[1], people)),
        bridge=(bridge_detour(streets), bridge_detour(streets, wet, shut)),
        vehicles=float(streets.traffic[_bridge(streets)].sum()),
        lost=tuple(dict.fromkeys(str(id) for id in web.site_id[~working])),
    )  # fmt: skip


def _times(
    web: Network, water: Floats | None, shut: Integers | None, working: Flags
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return times by car and on foot; on a dry day (`water` None) all sites but lost shelters are open."""
    lost_shelter = (web.service == SHELTER) & ~working
    up = ~lost_shelter if water is None else working
    by_car = travel_times(web, water=water, working=up, shut=shut)
    return by_car, travel_times(web, water=water, mode=WALK, working=up, shut=shut)


def _lost(city: City, impact: Impact) -> frozenset[str]:
    """Return the components that are flooded or that the event switches off."""
    hit = impact.components
    down = hit["flooded"].to_numpy(dtype=np.bool_) | np.isfinite(hit["down_from"].to_numpy(np.float64))
    return frozenset(city.components.loc[down, "id"].astype(str))


def _shut(city: City, streets: Streets, impact: Impact) -> Integers:
    """Return the edges of roads that the event itself switches off; what water closes is known cell by cell."""
    off = np.isfinite(impact.components["down_from"].to_numpy(np.float64))
    roads = city.components[off & (city.components["service"] == "roads").to_numpy()]
    edge = place_on(streets, roads["x"].to_numpy(np.float64), roads["y"].to_numpy(np.float64)).edge
    return np.unique(edge[edge >= 0])


def _street_depth(city: City, streets: Streets, water: xr.Dataset | None) -> Floats:
    grid = None if water is None else grid_of(water)
    if water is None or grid is None or not shapely.intersects(shapely.box(*grid.bounds), streets.lines).any():
        return np.zeros(len(streets))
    rows, columns = city.grid.nearest(grid.x, grid.y)
    skip = ordinary_water(city)[np.ix_(rows, columns)]
    depth = edge_depth(edge_cells(streets, grid, skip), north_up(water["max_depth"]))
    # A motorway lies on banks and bridges above the water, which a drawn line on smoothed ground does not (assumption).
    return np.where(streets.kind.astype(str) == MOTORWAY, 0.0, depth)


def _share_in_time(time: Floats, people: Floats) -> float:
    return float(people[time <= IN_TIME].sum() / people.sum()) if people.sum() > 0 else 1.0


def _bridge(streets: Streets) -> Integers:
    """Return the longest of the motorway's bridges that have traffic, ``(1,)``; ``(0,)`` without one."""
    bridges = np.flatnonzero(streets.bridge & (streets.kind.astype(str) == MOTORWAY) & (streets.traffic > 0))
    return bridges[np.argsort(-streets.length[bridges], kind="stable")][:1].astype(np.int64)


def bridge_detour(streets: Streets, water: Floats | None = None, shut: Integers | None = None) -> float:
    """Return the vehicle-hours lost in a day when the motorway's longest bridge is closed; 0 without one.

    The traffic runs between the motorway's two ends, the farthest north and the farthest south. `water` ``(edge,)``
    [m] slows and closes the way round, edges `shut` are closed besides; NaN where there is no way round.
    """
    bridge = _bridge(streets)
    if bridge.size == 0:
        return 0.0
    road = (streets.kind.astype(str) == MOTORWAY) & (streets.traffic > 0)
    nodes = np.unique(np.r_[streets.start[road], streets.end[road]])
    south, *_, north = nodes[np.argsort(streets.y[nodes], kind="stable")]
    closed = bridge if shut is None else np.union1d(bridge, shut)
    vehicles = float(streets.traffic[bridge[0]])
    found = detour(streets, closed, (int(south), int(north)), vehicles_per_day=vehicles, water=water)
    return float("nan") if found.stranded > 0 else found.vehicle_hours
