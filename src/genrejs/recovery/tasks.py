"""The repairs an impact asks for, the order in which they are taken, and when each is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import SERVICES, City
from genrejs.city.preparedness import Preparedness
from genrejs.errors import InputError
from genrejs.impact.result import Impact
from genrejs.impact.service import ServiceSystem, people_behind
from genrejs.recovery.crews import work
from genrejs.recovery.settings import PRIORITIES, RecoverySettings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Tasks:
    """Repairs, one row each: crew-`hours` of `trade` from `release` [h] on; the rest decides who comes first.

    `row` is the row of the component (`component` True) or building; `life` the place in the life order, smallest
    first; `people` and `vulnerable` [persons] who wait for it; `given` the place in an order that was given.
    """

    row: Integers
    component: NDArray[np.bool_]
    hours: Floats
    trade: NDArray[np.object_]
    release: Floats
    life: Floats
    people: Floats
    vulnerable: Floats
    given: Floats


@dataclass(frozen=True)
class Schedule:
    """When each task is first worked on, ``(task,)`` `start` [h] (NaN if never) and `finish` [h] (inf if not done
    within the horizon), and the `crew_hours` used by trade."""

    start: Floats
    finish: Floats
    crew_hours: Mapping[str, float]


CRITERIA: Mapping[str, Callable[[Tasks], Floats]] = MappingProxyType(
    {
        "life": lambda tasks: tasks.life,
        "people": lambda tasks: -tasks.people,
        "vulnerable": lambda tasks: -tasks.vulnerable,
        "cheapest": lambda tasks: tasks.hours,
        "given": lambda tasks: tasks.given,
    }
)
"""What a priority rule may look at: the smaller the value, the sooner the repair."""


def vulnerable_people(city: City) -> Floats:
    """Return ``(building,)`` people aged 71+ or in a household of low income."""
    homes = city.households
    if len(homes) == 0:
        return np.zeros(len(city.buildings))
    poor = (homes["income"] == "low").to_numpy(dtype=np.bool_)
    count = np.where(poor, homes["persons"].to_numpy(np.float64), homes["seniors"].to_numpy(np.float64))
    return np.bincount(homes["building"].to_numpy(np.int64), count, len(city.buildings)).astype(np.float64)


def repair_tasks(city: City, impact: Impact, system: ServiceSystem, dry: Floats, settings: RecoverySettings) -> Tasks:
    """Return all repairs: flooded components, attacked components ("it") and buildings from `dry` [h] on.

    Raises
    ------
    InputError
        If the given order names a component that the city does not have.
    """
    frail = vulnerable_people(city)
    by_district = _by_district(city, frail, system.districts)
    parts, hit = city.components, impact.components
    flooded, cyber = hit["flooded"].to_numpy(dtype=np.bool_), hit["cyber"].to_numpy(dtype=np.bool_)
    repair = np.where(flooded, parts["repair"].to_numpy(np.float64), 0.0)
    cleaning = np.where(cyber, settings.cyber_clean_up, 0.0)
    until = np.nan_to_num(hit["down_until"].to_numpy(np.float64), nan=0.0)
    count, homes = len(parts), len(city.buildings)
    people = np.concatenate([np.tile(people_behind(system, system.people), 2), city.buildings["residents"]])
    vulnerable = np.concatenate([np.tile(people_behind(system, by_district), 2), frail])
    place = _life_places(system, settings.life_order)
    given = _given_places(system, settings.order)
    hours = np.concatenate([repair, cleaning, impact.buildings["repair"].to_numpy(np.float64)])
    due = np.flatnonzero(hours > 0)
    return Tasks(
        row=np.concatenate([np.arange(count), np.arange(count), np.arange(homes)])[due],
        component=(np.arange(2 * count + homes) < 2 * count)[due],
        hours=hours[due],
        trade=np.concatenate(
            [parts["trade"].to_numpy(object), np.full(count, "it", object), impact.buildings["trade"].to_numpy(object)]
        )[due],
        release=np.concatenate([hit["dry_after"].to_numpy(np.float64), until, dry])[due],
        life=np.concatenate([place, place, np.full(homes, float(len(SERVICES)))])[due],
        people=people[due],
        vulnerable=vulnerable[due],
        given=np.concatenate([given, given, np.full(homes, float(len(settings.order)))])[due],
    )


def finish_tasks(tasks: Tasks, plan: Preparedness, settings: RecoverySettings) -> Schedule:
    """Return when each task is begun and done by the crews of `plan`, and the crew-hours used by trade.

    Raises
    ------
    InputError
        If a repair needs a trade that the city has no crews of, not even from its neighbours.
    """
    pace, horizon = 24.0 / settings.working_day, 24.0 * settings.horizon_days
    finish, start = np.full(tasks.hours.size, np.inf), np.full(tasks.hours.size, np.nan)
    used = dict.fromkeys(sorted({*plan.crews, *plan.aid_crews}), 0.0)
    ranks = _ranks(tasks, settings.priority)
    for trade in sorted(set(tasks.trade)):
        if trade not in used:
            raise InputError(f"A repair needs the trade '{trade}'; the city's crews are {', '.join(used) or 'none'}.")
        mine = np.flatnonzero(tasks.trade == trade)
        # A gang is several crews on one component: as many equal tasks, done when the last of them is.
        parts = np.where(tasks.component[mine], settings.gang, 1)
        owner = np.repeat(mine, parts)
        duration = (tasks.hours[mine] / parts * pace).repeat(parts)
        worked = work(duration, tasks.release[owner], ranks[owner], _arrivals(plan, str(trade)), horizon)
        ends = np.zeros(finish.size)
        np.maximum.at(ends, owner, worked.finish)
        finish[mine] = ends[mine]
        np.fmin.at(start, owner, worked.start)
        used[str(trade)] = float(worked.done.sum() / pace)
    return Schedule(start, finish, used)


def _arrivals(plan: Preparedness, trade: str) -> Floats:
    local, aid = round(plan.crews.get(trade, 0.0)), round(plan.aid_crews.get(trade, 0.0))
    return np.concatenate([np.full(local, plan.call_up), np.full(aid, plan.aid_delay)])


def _ranks(tasks: Tasks, priority: str) -> Integers:
    keys = [CRITERIA[name](tasks) for name in PRIORITIES[priority]]
    ranks = np.empty(tasks.hours.size, dtype=np.int64)
    ranks[np.lexsort(keys[::-1])] = np.arange(tasks.hours.size)
    return ranks


def _life_places(system: ServiceSystem, order: tuple[str, ...]) -> Floats:
    places = np.array([order.index(s) if s in order else len(order) for s in SERVICES], dtype=np.float64)
    return places[system.service]


def _given_places(system: ServiceSystem, order: tuple[str, ...]) -> Floats:
    unknown = sorted(set(order) - set(system.ids))
    if unknown:
        raise InputError(f"recovery.order names '{unknown[0]}', which is no component of the city.")
    return np.array([order.index(id) if id in order else len(order) for id in system.ids], dtype=np.float64)


def _by_district(city: City, values: Floats, districts: tuple[str, ...]) -> Floats:
    place = district_of(city, districts)
    return np.bincount(place[place >= 0], values[place >= 0], len(districts)).astype(np.float64)


def district_of(city: City, districts: tuple[str, ...]) -> Integers:
    """Return ``(building,)`` the place of each building's district in `districts`, -1 if it lies in none."""
    codes, names = city.buildings["district"].astype(str).factorize()
    position = {name: i for i, name in enumerate(districts)}
    table = np.array([position.get(str(name), -1) for name in names] or [-1], dtype=np.int64)
    return np.asarray(table[codes], dtype=np.int64)
