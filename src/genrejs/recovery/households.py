"""From a wet home to moving back: cleaning, drying, the claim, the builders, the return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.impact.result import Impact
from genrejs.recovery.settings import RecoverySettings
from genrejs.warning.result import Warned

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Numbers = NDArray[np.floating[Any] | np.integer[Any]]

GOLDEN = 0.6180339887498949
"""Fraction of the golden ratio: its multiples spread evenly over 0..1, a draw without chance."""

AGES = ("children", "adults", "seniors")


@dataclass(frozen=True)
class Homes:
    """``(building,)``: who is `out` of use, `dry` [h] ready for the builders, `acted` share that heeded the warning."""

    out: NDArray[np.bool_]
    dry: Floats
    acted: Floats


def homes_after(city: City, impact: Impact, warned: Warned, settings: RecoverySettings) -> Homes:
    """Return which buildings are out of use and when each can be rebuilt [h]: clean, dry and the claim approved.

    Volunteers are shared equally between the wet homes and add to the hands of the household; social capital S
    speeds the cleaning by ``1 + g S``. A clean home dries while its claim, for damage laid bare, is settled.
    """
    plan, state = city.preparedness, impact.buildings
    residents = city.buildings["residents"].to_numpy(np.float64)
    habitable, repair = state["habitable"].to_numpy(dtype=np.bool_), state["repair"].to_numpy(np.float64)
    out = ~habitable | ((residents == 0) & (repair > 0))
    acted = _acted(city, warned)
    helpers = min(settings.most_helpers, plan.volunteers / max(int((~habitable).sum()), 1))
    hands = (settings.household_hands + helpers) * (1 + settings.social_gain * plan.social_capital)
    cleaning = settings.clean_up * (1 - settings.acted_saving * acted) / (hands * settings.helping_day) * 24.0
    ready = (
        settings.water_leaves + cleaning + 24.0 * max(settings.drying_days, settings.claim_days + settings.permit_days)
    )
    return Homes(out, ready, acted)


def restored_times(
    city: City, homes: Homes, repaired: Floats, settings: RecoverySettings, rows: Integers | None = None
) -> Floats:
    """Return ``(building,)`` [h] when people are back: 0 if never out, inf beyond the horizon.

    Once a home is repaired its household returns at the rate ``(1 + g S) / return_days`` (own form, FACTS 9.4); the
    waiting times are spread over the quantiles of that law by the building's row, so that a home's own waiting time
    never depends on what happens to others. Buildings without residents are back when repaired. `rows` are the
    buildings' rows where `city` holds only some of a larger one's.
    """
    rate = (1 + settings.social_gain * city.preparedness.social_capital) / (24.0 * settings.return_days)
    quantile = np.mod(((np.arange(homes.out.size) if rows is None else rows) + 0.5) * GOLDEN, 1.0)
    waiting = -np.log1p(-quantile) / rate
    lived_in = city.buildings["residents"].to_numpy(np.float64) > 0
    back = np.where(homes.out, np.maximum(repaired, homes.dry) + np.where(lived_in, waiting, 0.0), 0.0)
    return np.asarray(np.where(back > 24.0 * settings.horizon_days, np.inf, back), dtype=np.float64)


def people_away(restored: Floats, residents: Floats, group: Integers, groups: int, hours: Floats) -> Floats:
    """Return ``(group, time)`` people out of their homes, each value the mean until the next time."""
    count = hours.size
    inside = (group >= 0) & (restored > 0) & (residents > 0)
    until, people, where = restored[inside], residents[inside], group[inside]
    last = np.clip(np.searchsorted(hours, until, side="right") - 1, 0, count - 1)
    width = np.append(np.diff(hours), 1.0)[last]
    part = np.clip((until - hours[last]) / width, 0.0, 1.0)
    ends = np.zeros((groups, count + 1))
    # The interval in which they return holds `part` of them, the ones before it all.
    np.add.at(ends, (where, last), people * (1 - part))
    np.add.at(ends, (where, last + 1), people * part)
    total = np.bincount(where, people, groups)
    return np.asarray(total[:, None] - np.cumsum(ends, axis=1)[:, :count], dtype=np.float64)


def loss_by_group(city: City, district: Integers, names: tuple[str, ...], lost: Floats, away: Floats) -> pd.DataFrame:
    """Return `group`, `value`, `people`, `person_days` by district, language, income and age.

    `lost` ``(district,)`` and `away` ``(building,)`` are days without a service per resident: the first of all
    services but housing, the second of housing.
    """
    residents = city.buildings["residents"].to_numpy(np.float64)
    each = away + np.where(district >= 0, np.append(lost, 0.0)[district], 0.0)
    held = district >= 0
    people = np.bincount(district[held], residents[held], len(names))
    days = np.bincount(district[held], (residents * each)[held], len(names))
    tables = [_rows("district", names, people, days)]
    homes = city.households
    if len(homes):
        mine = each[homes["building"].to_numpy(np.int64)]
        persons = homes["persons"].to_numpy(np.float64)
        for group in ("language", "income"):
            code, values = homes[group].astype(str).factorize(sort=True)
            sums = np.bincount(code, persons), np.bincount(code, persons * mine)
            tables.append(_rows(group, tuple(str(v) for v in values), *sums))
        heads = homes[list(AGES)].to_numpy(np.float64)
        tables.append(_rows("age", AGES, heads.sum(axis=0), mine @ heads))
    return pd.concat(tables, ignore_index=True)


def _rows(group: str, values: tuple[str, ...], people: Numbers, days: Numbers) -> pd.DataFrame:
    return pd.DataFrame({"group": group, "value": list(values), "people": people, "person_days": days})


def _acted(city: City, warned: Warned) -> Floats:
    homes, count = city.households, len(city.buildings)
    if len(homes) == 0 or len(warned.households) != len(homes):
        return np.zeros(count)
    place, persons = homes["building"].to_numpy(np.int64), homes["persons"].to_numpy(np.float64)
    total = np.bincount(place, persons, count)
    acted = np.bincount(place, persons * warned.households["acted"].to_numpy(np.float64), count)
    return np.asarray(np.divide(acted, total, out=np.zeros(count), where=total > 0), dtype=np.float64)
