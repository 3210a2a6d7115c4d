"""How the city comes back from an impact: repairs, households, services over time, the resilience curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from genrejs.city.model import SERVICES, City
from genrejs.impact.result import Impact
from genrejs.impact.service import ServiceSystem, cascade, functionality, service_system, without_reserves
from genrejs.recovery.curve import bounce_back, rapidity, saved, time_axis, weighted_mean, widths
from genrejs.recovery.households import homes_after, loss_by_group, people_away, restored_times
from genrejs.recovery.result import Recovery
from genrejs.recovery.settings import RecoverySettings
from genrejs.recovery.tasks import Schedule, Tasks, district_of, finish_tasks, repair_tasks
from genrejs.warning.result import Warned

__all__ = ["RecoverySettings", "restore"]

Floats = NDArray[np.float64]
HOUSING = SERVICES.index("housing")


@dataclass(frozen=True)
class _Course:
    """One course of events: `f` (service, district, time), F `curve`, `away` (district, time), times of return [h]."""

    hours: Floats
    f: Floats
    curve: Floats
    away: Floats
    buildings: Floats
    components: Floats
    work: pd.DataFrame
    crew_hours: Mapping[str, float]
    served: NDArray[np.bool_]


def restore(city: City, impact: Impact, warned: Warned, settings: RecoverySettings | None = None) -> Recovery:
    """Return how `city` comes back from `impact`, hour by hour, then day by day; the same input gives the same bits.

    Raises
    ------
    InputError
        If the lifelines' tables are wrong or a repair needs a trade that has no crews.
    """
    chosen = settings or RecoverySettings()
    system = service_system(city, chosen.cascade)
    course = _run(city, impact, warned, system, chosen)
    indicators = _indicators(course, system, chosen) | _reserves(city, impact, warned, system, (course, chosen))
    hours = xr.Variable("time", course.hours, {"units": "h", "long_name": "hours from the start of the event"})
    places = {"service": list(SERVICES), "district": list(system.districts), "time": hours}
    return Recovery(
        functionality=xr.DataArray(course.f, places, ("service", "district", "time"), "functionality", {"units": "1"}),
        curve=xr.DataArray(course.curve, {"time": hours}, ("time",), "curve", {"units": "1"}),
        away=xr.DataArray(course.away.sum(axis=0), {"time": hours}, ("time",), "away", {"units": "persons"}),
        buildings=pd.DataFrame({"restored": course.buildings}),
        components=pd.DataFrame({"restored": course.components}),
        work=course.work,
        indicators=MappingProxyType(indicators),
        by_group=_by_group(city, course, system),
        crew_hours=MappingProxyType(dict(course.crew_hours)),
    )


def _run(city: City, impact: Impact, warned: Warned, system: ServiceSystem, settings: RecoverySettings) -> _Course:
    hours = time_axis(settings.hourly_days, settings.horizon_days)
    homes = homes_after(city, impact, warned, settings)
    tasks = repair_tasks(city, impact, system, homes.dry, settings)
    schedule = finish_tasks(tasks, city.preparedness, settings)
    parts, buildings = repaired(impact, tasks, schedule, settings)
    restored = restored_times(city, homes, buildings, settings)
    own, site = own_states(impact, parts, hours)
    f = functionality(system, cascade(system, own, hours, site))
    residents = city.buildings["residents"].to_numpy(np.float64)
    district = district_of(city, system.districts)
    away = people_away(restored, residents, district, len(system.districts), hours)
    people = system.people[:, None]
    f[HOUSING] = 1.0 - np.divide(away, people, out=np.zeros_like(away), where=people > 0)
    served = system.served.copy()
    served[HOUSING] = system.people > 0
    curve = weighted_mean(f, system.people, served, service_weights(settings))
    return _Course(hours, f, curve, away, restored, parts, _work(tasks, schedule), schedule.crew_hours, served)


def repaired(impact: Impact, tasks: Tasks, schedule: Schedule, settings: RecoverySettings) -> tuple[Floats, Floats]:
    """Return when components are whole again and when buildings are repaired [h]; inf beyond the horizon."""
    hit, finish = impact.components, schedule.finish
    parts = np.where(hit["flooded"], hit["dry_after"].to_numpy(np.float64), 0.0)
    parts = np.maximum(parts, np.nan_to_num(hit["down_until"].to_numpy(np.float64), nan=0.0))
    np.maximum.at(parts, tasks.row[tasks.component], finish[tasks.component])
    buildings = np.zeros(len(impact.buildings))
    buildings[tasks.row[~tasks.component]] = finish[~tasks.component]
    return np.where(parts > 24.0 * settings.horizon_days, np.inf, parts), buildings


def _work(tasks: Tasks, schedule: Schedule) -> pd.DataFrame:
    columns = {"component": tasks.component, "row": tasks.row, "trade": tasks.trade, "hours": tasks.hours}
    times = {"release": tasks.release, "start": schedule.start, "finish": schedule.finish}
    return pd.DataFrame(columns | times)


def own_states(impact: Impact, restored: Floats, hours: Floats) -> tuple[Floats, Floats]:
    """Return what the components and their sites are good for; a flood is taken to stop them from the first hour."""
    hit, time = impact.components, hours[:, None]
    flooded = hit["flooded"].to_numpy(dtype=np.bool_)
    begin = np.nan_to_num(hit["down_from"].to_numpy(np.float64), nan=np.inf)
    down = (time < restored) & (flooded | (time >= begin))
    return 1.0 - down, 1.0 - (down & flooded)


def service_weights(settings: RecoverySettings) -> Floats:
    return np.array([settings.weights.get(service, 1.0) for service in SERVICES], dtype=np.float64)


def _indicators(course: _Course, system: ServiceSystem, settings: RecoverySettings) -> dict[str, float]:
    back, censored = bounce_back(course.curve, course.hours, settings.regained, settings.held_days)
    days = widths(course.hours) / 24.0
    lost = ((1.0 - course.f) @ days) * course.served
    withstand = float(course.curve.min())
    return {
        "withstand": withstand,
        "bounce_back_days": back,
        "censored": float(censored),
        "resilience_loss": _loss(course, system),
        "person_days_without_service": float((lost @ system.people).sum()),
        "person_days_away": float((course.away @ days).sum()),
        "robustness": withstand,
        "rapidity": rapidity(course.curve, course.hours),
    }


def _loss(course: _Course, system: ServiceSystem) -> float:
    return float(system.people.sum() * ((1.0 - course.curve) @ widths(course.hours)) / 24.0)


def _reserves(
    city: City, impact: Impact, warned: Warned, system: ServiceSystem, how: tuple[_Course, RecoverySettings]
) -> dict[str, float]:
    """Return redundancy and resourcefulness from two counterfactual courses; NaN where they were not asked for."""
    course, settings = how
    if not settings.four_r:
        return {"redundancy": float("nan"), "resourcefulness": float("nan")}
    bare = _run(city, impact, warned, without_reserves(system), settings)
    alone = city.change(preparedness=replace(city.preparedness, aid_crews={}, volunteers=0, social_capital=0.0))
    unaided = _run(alone, impact, warned, system, settings)
    return {
        "redundancy": saved(_supply_loss(course, system), _supply_loss(bare, system)),
        "resourcefulness": saved(_loss(course, system), _loss(unaided, system)),
    }


def _supply_loss(course: _Course, system: ServiceSystem) -> float:
    lost = ((1.0 - course.f) @ widths(course.hours)) * system.served
    return float((lost @ system.people).sum())


def _by_group(city: City, course: _Course, system: ServiceSystem) -> pd.DataFrame:
    days = widths(course.hours) / 24.0
    lost = ((1.0 - course.f) @ days) * system.served
    at_home = np.delete(lost, HOUSING, axis=0).sum(axis=0)
    away = np.minimum(course.buildings, course.hours[-1]) / 24.0
    return loss_by_group(city, district_of(city, system.districts), system.districts, at_home, away)
