"""Warn the city: who hears in time, who understands, who acts, and how much loss that avoids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.hazard.event import Event
from genrejs.impact.people import AGES, harmed
from genrejs.impact.result import Impact
from genrejs.warning.channels import (
    GROUPS,
    MINUTE,
    WarningSettings,
    broadcast_works,
    channels,
    compliance,
    contacts,
    decision_time,
    understanding,
)
from genrejs.warning.diffusion import spread, told
from genrejs.warning.result import Warned

Floats = NDArray[np.float64]

LANGUAGES = ("da", "other")
ACTING_POINTS = 181  # samples of the minutes before the water: every quarter of a minute at 45 minutes


@dataclass(frozen=True)
class _Ladder:
    """Shares ``(language, age)`` over `LANGUAGES` x `AGES` that are reached, understand and act."""

    reached: Floats
    understood: Floats
    acted: Floats


def warn(city: City, event: Event, impact: Impact, settings: WarningSettings | None = None) -> Warned:
    """Return who heard of `event` in time, understood and acted, and the damage of `impact` that this avoided [DKK].

    The clock of the warning starts with the event; the water comes after the event's lead time.
    """
    settings = settings or WarningSettings()
    endangered = harmed(city, impact.buildings)[city.households["building"].to_numpy(np.int64)]
    everybody, at_risk = _people(city, np.ones(len(endangered), dtype=bool)), _people(city, endangered)
    sent = decision_time(city, event, settings)
    works = broadcast_works(city, event, sent * MINUTE)
    left = event.lead_time / MINUTE - sent
    ways = channels(city, works, at_risk.sum(), float(endangered.sum()), settings)
    heard = spread(
        told(ways, int(np.clip(left, 0, settings.horizon)), len(GROUPS)),
        contacts(city, everybody[:, 1:].ravel(), settings),
        telling=settings.telling,
    )
    ladder = _climb(city, heard, left, settings)
    households = _share_acting(city, ladder)
    avoided, moved = _avoided(city, impact, households, settings)
    counted = at_risk if at_risk.sum() > 0 else everybody
    totals = _totals(counted, ladder) | {
        "people_at_risk": float(at_risk.sum()), "minutes": max(left, 0.0), "broadcast_works": works,
        "avoided": avoided, "value_moved": moved,
    }  # fmt: skip
    return Warned(
        _group_table(counted, ladder),
        pd.DataFrame({"acted": households}, index=city.households.index),
        _curve(heard, everybody[:, 1:].ravel()),
        avoided,
        totals,
    )


def _people(city: City, chosen: NDArray[np.bool_]) -> Floats:
    """Return people in the chosen households, ``(language, age)``; every language but Danish counts as other."""
    danish = city.households["language"].to_numpy() == "da"
    heads = city.households[list(AGES)].to_numpy(np.float64)
    return np.array([heads[chosen & danish].sum(axis=0), heads[chosen & ~danish].sum(axis=0)])


def _by_age(shares: Floats) -> Floats:
    """Return shares by `GROUPS` as ``(language, age)``, children with the adults of their language."""
    adults_seniors = shares.reshape(len(LANGUAGES), 2)
    return np.column_stack([adults_seniors[:, 0], adults_seniors])


def _climb(city: City, heard: Floats, left: float, settings: WarningSettings) -> _Ladder:
    """Climb from heard to understood to acted; whoever hears late carries out the part that there is time for."""
    time = np.linspace(left - settings.acting, left, ACTING_POINTS)
    minutes = np.arange(len(heard))
    done = np.array([np.interp(time, minutes, share, left=0.0).mean() for share in heard.T])
    grasp = understanding(city, settings)
    acted = done * grasp * compliance(city, settings)
    return _Ladder(_by_age(heard[-1]), _by_age(heard[-1] * grasp), _by_age(acted))


def _share_acting(city: City, ladder: _Ladder) -> Floats:
    """Return the share of each household's people who act, ``(household,)``."""
    language = (city.households["language"].to_numpy() != "da").astype(np.int64)
    heads = city.households[list(AGES)].to_numpy(np.float64)
    people = heads.sum(axis=1)
    return np.asarray((heads * ladder.acted[language]).sum(axis=1) / np.maximum(people, 1.0))


def _avoided(city: City, impact: Impact, acted: Floats, settings: WarningSettings) -> tuple[float, float]:
    """Return avoided damage, and the value of belongings and cars moved, which the damage model leaves out [DKK]."""
    place = city.households["building"].to_numpy(np.int64)
    persons = city.households["persons"].to_numpy(np.float64)
    rows = len(city.buildings)
    acting = np.bincount(place, weights=persons * acted, minlength=rows)
    share = acting / np.maximum(np.bincount(place, weights=persons, minlength=rows), 1.0)
    damage = impact.buildings["damage"].to_numpy(np.float64) + impact.buildings["cellar"].to_numpy(np.float64)
    inside = ~impact.buildings["habitable"].to_numpy(bool)
    drowned = impact.buildings["depth"].to_numpy(np.float64) >= settings.car_depth
    car = city.households["car"].to_numpy(bool)
    moved = acted * (settings.belongings * inside[place] + settings.car * (car & drowned[place]))
    return float(settings.avoided_share * (share * damage).sum()), float(moved.sum())


def _totals(people: Floats, ladder: _Ladder) -> dict[str, float]:
    shares = {"reached": ladder.reached, "understood": ladder.understood, "acted": ladder.acted}
    return {name: float((people * share).sum()) for name, share in shares.items()} | {"people": float(people.sum())}


def _group_table(people: Floats, ladder: _Ladder) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([LANGUAGES, AGES], names=["language", "age"])
    columns = {
        "people": people.ravel(),
        "reached": ladder.reached.ravel(),
        "understood": ladder.understood.ravel(),
        "acted": ladder.acted.ravel(),
    }
    return pd.DataFrame(columns, index=index).reset_index()


def _curve(heard: Floats, people: Floats) -> pd.DataFrame:
    """Return the share of all adults and seniors who have heard, by minute since the warning was sent."""
    weight = people / people.sum() if people.sum() > 0 else np.full(people.size, 1.0 / people.size)
    return pd.DataFrame({"minute": np.arange(len(heard)), "heard": heard @ weight})
