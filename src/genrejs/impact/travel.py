"""Who can still get where in one event: times to services, the fire engines' way, who is cut off, the E45's detour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.city.streets import Streets
from genrejs.errors import InputError
from genrejs.hazard.water import ordinary_water
from genrejs.impact.access import CAR, WALK, Network, edge_time, lay_network, response_times, sites_of, travel_times
from genrejs.impact.access_closures import detour
from genrejs.impact.access_people import by_group, compare_times, cut_off, household_times
from genrejs.impact.access_water import edge_cells, edge_depth
from genrejs.impact.result import Impact
from genrejs.impact.sampling import grid_of, north_up

Floats = NDArray[np.float64]

SERVICES = ("hospital", "rescue", "school", "care")
IN_TIME = 600.0
"""[s] within which an engine should be there (assumption)."""
MOTORWAY = "motorway"


@dataclass(frozen=True)
class Travel:
    """Who could get where before and during an event, on the road graph as it is (no jams: times are lower bounds).

    `before` and `after` ``(building, service)`` [s] by car, infinite without a way; `response_before` and
    `response_after` ``(building,)`` [s] from alarm to the engine's arrival. `by_service` is `compare_times` of
    residents; `by_district` the same by district; `by_group` the same of households, on foot where there is no car.
    `closed` ``(edge,)`` bool streets under too much water, `closed_length` [m]. `cut_off` people who reach no service
    at all any more; `in_time` ``(2,)`` share of residents whom an engine reaches within `IN_TIME`, before and after.
    `bridge` vehicle-hours that a day's closure of the motorway's bridge costs on the streets that the event leaves
    open, before and during it (NaN without a way round, 0 without a bridge).
    """

    before: pd.DataFrame
    after: pd.DataFrame
    response_before: Floats
    response_after: Floats
    by_service: pd.DataFrame
    by_district: pd.DataFrame
    by_group: pd.DataFrame
    closed: NDArray[np.bool_]
    closed_length: float
    cut_off: float
    in_time: tuple[float, float]
    bridge: tuple[float, float]

    @property
    def person_hours(self) -> float:
        """What people lose when each goes once to every service, one way [h]."""
        return float(self.by_service["person_hours"].sum())


def city_network(city: City) -> Network:
    """Return the city's streets with its buildings and sites on them; schools are opened as shelters (assumption).

    Raises
    ------
    InputError
        The city has no streets or none of the services.
    """
    if city.streets is None:
        raise InputError(f"{city.name} has no streets, so nobody's way can be followed; give the city a road graph.")
    present = [name for name in SERVICES if (city.components["service"] == name).any()]
    schools = city.components.loc[city.components["service"] == "school", "id"].astype(str)
    sites = sites_of(city.components, present, tuple(schools))
    middle = city.buildings.geometry.centroid
    return lay_network(city.streets, middle.x.to_numpy(), middle.y.to_numpy(), sites)


def travel(city: City, water: xr.Dataset | None, impact: Impact, network: Network | None = None) -> Travel:
    """Return who gets where in an event with the flood `water`, `max_depth` ``(y, x)`` [m]; None is dry.

    A site that is flooded or that the event switches off helps nobody; its services are sought elsewhere.

    Raises
    ------
    InputError
        The city has no streets, or the flood does not lie on its map.
    """
    web = network or city_network(city)
    streets, working = web.streets, _working(city, web, impact)
    wet = _street_depth(city, streets, water)
    dry, now = travel_times(web), travel_times(web, water=wet, working=working)
    walks = travel_times(web, mode=WALK), travel_times(web, water=wet, mode=WALK, working=working)
    people = city.buildings["residents"].to_numpy(np.float64)
    households = [household_times(city.households, car, foot) for car, foot in zip((dry, now), walks, strict=True)]
    came = response_times(web), response_times(web, water=wet, working=working)
    closed = ~np.isfinite(edge_time(streets, wet, CAR))
    return Travel(
        before=dry, after=now, response_before=came[0], response_after=came[1],
        by_service=compare_times(dry, now, people),
        by_district=compare_times(dry, now, people, city.buildings["district"].astype(str).to_numpy()),
        by_group=by_group(city.households, *households),
        closed=closed, closed_length=float(streets.length[closed].sum()),
        cut_off=float(people[cut_off(dry, now)].sum()),
        in_time=(_share_in_time(came[0], people), _share_in_time(came[1], people)),
        bridge=(bridge_detour(streets), bridge_detour(streets, wet)),
    )  # fmt: skip


def _working(city: City, web: Network, impact: Impact) -> NDArray[np.bool_]:
    hit = impact.components
    down = hit["flooded"].to_numpy(dtype=np.bool_) | np.isfinite(hit["down_from"].to_numpy(np.float64))
    lost = set(city.components.loc[down, "id"].astype(str))
    return np.array([str(id) not in lost for id in web.site_id], dtype=np.bool_)


def _street_depth(city: City, streets: Streets, water: xr.Dataset | None) -> Floats:
    if water is None:
        return np.zeros(len(streets))
    grid = grid_of(water)
    rows = np.round((city.grid.north - grid.y) / city.grid.cell - 0.5).astype(int).clip(0, city.grid.rows - 1)
    columns = np.round((grid.x - city.grid.west) / city.grid.cell - 0.5).astype(int).clip(0, city.grid.columns - 1)
    skip = ordinary_water(city)[np.ix_(rows, columns)]
    depth = edge_depth(edge_cells(streets, grid, skip), north_up(water["max_depth"]))
    # A motorway lies on banks and bridges above the water, which a drawn line on smoothed ground does not (assumption).
    return np.where(streets.kind.astype(str) == MOTORWAY, 0.0, depth)


def _share_in_time(time: Floats, people: Floats) -> float:
    return float(people[time <= IN_TIME].sum() / people.sum()) if people.sum() > 0 else 1.0


def _ends(streets: Streets) -> tuple[int, int] | None:
    """Return the two nodes of the motorway that lie farthest apart, None without a motorway with traffic."""
    road = (streets.kind.astype(str) == MOTORWAY) & (streets.traffic > 0)
    nodes = np.unique(np.concatenate([streets.start[road], streets.end[road]]))
    if nodes.size < 2:
        return None
    order = nodes[np.argsort(streets.y[nodes])]
    return int(order[0]), int(order[-1])


def _detour(streets: Streets, closed: NDArray[np.bool_], water: Floats | None) -> float:
    ends = _ends(streets)
    if ends is None or not closed.any():
        return 0.0
    road = (streets.kind.astype(str) == MOTORWAY) & (streets.traffic > 0)
    vehicles = float(streets.traffic[road].max())
    found = detour(streets, np.flatnonzero(closed), ends, vehicles_per_day=vehicles, water=water)
    return float("nan") if found.stranded > 0 else found.vehicle_hours


def bridge_detour(streets: Streets, water: Floats | None = None) -> float:
    """Return the vehicle-hours lost in a day when the motorway's longest bridge is closed; 0 without one.

    `water` ``(edge,)`` [m] slows and closes the way round; NaN where there is none.
    """
    bridges = streets.bridge & (streets.kind.astype(str) == MOTORWAY)
    if not bridges.any():
        return 0.0
    longest = np.flatnonzero(bridges)[np.argmax(streets.length[bridges])]
    return _detour(streets, np.arange(len(streets)) == longest, water)


def summary(found: Travel) -> dict[str, float | None]:
    """Return the figures of `summary.json`."""
    lost = found.bridge[1]
    return {
        "people_cut_off": found.cut_off,
        "travel_person_hours": found.person_hours,
        "reached_in_time_before": found.in_time[0],
        "reached_in_time": found.in_time[1],
        "closed_streets_m": found.closed_length,
        "bridge_closed_vehicle_hours": lost if np.isfinite(lost) else None,
    }
