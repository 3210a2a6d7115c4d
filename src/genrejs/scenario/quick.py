"""The engine made quick: only the buildings that water can reach, and a clock that ticks when something happens.

Damage, repairs and the crews' order of work are the engine's own functions on fewer rows; what is less exact is the
clock of the cascade, hours to months apart instead of hours and days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import SERVICES, City
from genrejs.hazard.event import Event
from genrejs.impact.assess import assess_depths
from genrejs.impact.result import Impact
from genrejs.impact.service import ServiceSystem, cascade, functionality, service_system
from genrejs.recovery.curve import bounce_back, time_axis, weighted_mean, widths
from genrejs.recovery.households import homes_after, people_away, restored_times
from genrejs.recovery.restore import own_states, repaired, service_weights
from genrejs.recovery.settings import RecoverySettings
from genrejs.recovery.tasks import district_of, finish_tasks, repair_tasks
from genrejs.scenario.run import Depths, Settings
from genrejs.warning.result import Warned
from genrejs.warning.warn import warn

Floats = NDArray[np.float64]
HOUSING = SERVICES.index("housing")

CLOCK = np.array(
    [0.0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 30, 36, 42, 48, 60, 72, 96, 120, 168, 240, 336, 504, 720, 1440, 4320]
)  # fmt: skip
"""[h] when the quick clock always ticks (assumption); it also ticks when a component comes back."""


@dataclass(frozen=True)
class Few:
    """A city with only the buildings `rows` of the whole one, whose lifelines are the whole city's own; `poor` counts
    people in homes of low income ``(row,)``."""

    city: City
    rows: NDArray[np.int64]
    system: ServiceSystem
    district: NDArray[np.int64]
    poor: Floats


@dataclass(frozen=True)
class Answer:
    """What one event costs: `damage` [DKK], `person_days` without a service, `away` person-days out of the home, `poor`
    those of people of low income, `days` until F stays at 95 %, and people in wet homes (`wet`)."""

    damage: float
    person_days: float
    away: float
    poor: float
    days: float
    wet: float


def few(city: City, rows: NDArray[np.int64], settings: Settings) -> Few:
    """Return `city` with only the buildings `rows`; whoever lives elsewhere still counts for the services."""
    place = np.full(len(city.buildings), -1, dtype=np.int64)
    place[rows] = np.arange(rows.size)
    homes = city.households
    at = place[homes["building"].to_numpy(np.int64)] if len(homes) else np.zeros(0, np.int64)
    kept = homes[at >= 0].assign(building=at[at >= 0])
    small = city.change(buildings=city.buildings.iloc[rows].reset_index(drop=True), households=kept)
    system = service_system(city, settings.recovery.cascade)
    low = (kept["income"] == "low").to_numpy(np.bool_) if len(kept) else np.zeros(0, np.bool_)
    persons = kept["persons"].to_numpy(np.float64) * low
    poor = np.bincount(kept["building"].to_numpy(np.int64), persons, rows.size).astype(np.float64)
    return Few(small, rows, system, district_of(small, system.districts), poor)


def assess_few(few: Few, depths: Depths, event: Event, settings: Settings) -> Impact:
    """Return the direct impact of depths at the whole city's buildings on the few."""
    return assess_depths(few.city, depths.buildings[few.rows], depths.components, event, settings.impact)


def warn_few(few: Few, event: Event, impact: Impact, settings: Settings) -> Warned:
    """Return who of those at risk was warned of `event` and acted."""
    return warn(few.city, event, impact, settings.warning)


def answer(few: Few, impact: Impact, warned: Warned, settings: Settings) -> Answer:
    """Return what the impact costs the city until it is back, by the quick clock."""
    how, city = settings.recovery, few.city
    homes = homes_after(city, impact, warned, how)
    tasks = repair_tasks(city, impact, few.system, homes.dry, how)
    parts, buildings = repaired(impact, tasks, finish_tasks(tasks, city.preparedness, how), how)
    restored = restored_times(city, homes, buildings, how, few.rows)
    hours = _clock(parts, 24.0 * how.horizon_days)
    own, site = own_states(impact, parts, hours)
    f = functionality(few.system, cascade(few.system, own, hours, site))
    residents = city.buildings["residents"].to_numpy(np.float64)
    lost = ((1.0 - f) @ (widths(hours) / 24.0)) * few.system.served
    gone = np.where(few.district >= 0, np.minimum(restored, hours[-1]) / 24.0, 0.0)
    out = float((gone * residents).sum())
    return Answer(
        damage=max(float(impact.totals["damage_total"]) - warned.avoided, 0.0),
        person_days=float((np.delete(lost, HOUSING, axis=0) @ few.system.people).sum()) + out,
        away=out,
        poor=float((gone * few.poor).sum()),
        days=_days(few, f, hours, restored, how),
        wet=float(impact.totals["residents_in_wet_homes"]),
    )


def _days(few: Few, f: Floats, hours: Floats, restored: Floats, how: RecoverySettings) -> float:
    """Return the days until F stays up, homes by the engine's own clock and services held between quick ticks."""
    fine = time_axis(how.hourly_days, how.horizon_days)
    away = people_away(restored, few.city.buildings["residents"].to_numpy(np.float64), few.district,
                       len(few.system.districts), fine)  # fmt: skip
    people = few.system.people[:, None]
    whole = f[:, :, np.searchsorted(hours, fine, side="right") - 1]
    whole[HOUSING] = 1.0 - np.divide(away, people, out=np.zeros_like(away), where=people > 0)
    served = few.system.served.copy()
    served[HOUSING] = few.system.people > 0
    curve = weighted_mean(whole, few.system.people, served, service_weights(how))
    return bounce_back(curve, fine, how.regained, how.held_days)[0]


def _clock(restored: Floats, horizon: float) -> Floats:
    """Return the times [h] at which the quick clock ticks."""
    back = np.ceil(restored[np.isfinite(restored) & (restored > 0) & (restored < horizon)])
    ticks = np.unique(np.concatenate([CLOCK, back, back + 1.0, back + 12.0]))
    return np.append(ticks[ticks < horizon], horizon)
