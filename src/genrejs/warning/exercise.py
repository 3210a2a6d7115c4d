"""The exercise: the lead-time chain of 11 October 2019, played again with a warning of one's own choice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.city.preparedness import Preparedness
from genrejs.errors import InputError
from genrejs.impact.people import harmed
from genrejs.impact.result import Impact
from genrejs.warning.actions import held, homes, people_in
from genrejs.warning.channels import WarningSettings, Working, channels, contacts
from genrejs.warning.ladder import STEPS, Ladder, Spread, climb
from genrejs.warning.warn import LANGUAGES, channel_table, group_table, heard_curve, spread_by, step_totals

Floats = NDArray[np.float64]

WORDINGS: Mapping[str, float] = MappingProxyType({"order": 1.0, "advice": 0.0})
"""`Preparedness.clear_order` by wording: a clear order says what happens, where, and what to do."""


@dataclass(frozen=True)
class Step:
    """What happened at `clock` [minutes after midnight], and how far it bears a warning out (`signs`, 0..1)."""

    id: str
    clock: float
    signs: float
    what_da: str
    what_en: str
    source: str


@dataclass(frozen=True)
class Exposed:
    """Who and what the water reaches: `people` ``(language, age)``; households with water at the wall, with water
    inside (`goods`), with a car that it ruins (`cars`); `damage` of their homes [DKK]."""

    people: Floats
    households: float
    goods: float
    cars: float
    damage: float


@dataclass(frozen=True)
class Exercise:
    """The chain of a day, the levers that each channel moves, and who is exposed; `writing`, `translating` [min]."""

    title_da: str
    title_en: str
    happened_da: str
    happened_en: str
    source: str
    steps: tuple[Step, ...]
    channels: Mapping[str, Mapping[str, float]]
    exposed: Exposed
    writing: float
    translating: float
    confirms: float

    @property
    def water(self) -> float:
        """When the water comes [minutes after midnight]: the last step."""
        return self.steps[-1].clock


@dataclass(frozen=True)
class Choices:
    """When to decide to warn ("17:15"), by which `channels`, in which `languages` (da, other) and which `wording`."""

    warn_at: str = "17:15"
    channels: tuple[str, ...] = ("media",)
    languages: tuple[str, ...] = ("da",)
    wording: str = "order"


@dataclass(frozen=True)
class Outcome:
    """What came of the choices.

    `chain`: from forecast to water (`link`, `clock`, `people`; people are not known of what happens to the city);
    `groups`, `curve` and `channels` as in `Warned`; `totals`: people on each step, `minutes` from message to water,
    `avoided` and `value_moved` [DKK].
    """

    chain: pd.DataFrame
    groups: pd.DataFrame
    curve: pd.DataFrame
    channels: pd.DataFrame
    totals: Mapping[str, float]
    happened_da: str
    happened_en: str


@cache
def october_2019() -> Exercise:
    """Return the built-in exercise."""
    text = resources.files("genrejs.warning").joinpath("october_2019.toml").read_text(encoding="utf-8")
    read: dict[str, Any] = tomllib.loads(text)
    steps = tuple(Step(**{**row, "clock": minutes_of(row["clock"])}) for row in read.pop("step"))
    ways = {row["id"]: MappingProxyType(dict(row["levers"])) for row in read.pop("channel")}
    given = read.pop("exposed")
    people = np.array([given.pop(language) for language in LANGUAGES])
    return Exercise(**read, steps=steps, channels=MappingProxyType(ways), exposed=Exposed(people, **given))


def exposed(city: City, impact: Impact) -> Exposed:
    """Return who and what an event reaches in `city`, so that the exercise can be played on a computed flood."""
    who = held(city)
    danger = harmed(city, impact.buildings)[who.place]
    saved = homes(city, impact, danger, WarningSettings())
    counts = (float(danger.sum()), float(saved.goods.sum()), float(saved.cars.sum()))
    return Exposed(people_in(who, danger), *counts, float(saved.damage[np.unique(who.place)].sum()))


def play(choices: Choices, exercise: Exercise | None = None) -> Outcome:
    """Return what comes of `choices` in the exercise, that of 11 October 2019 unless another is given.

    Raises
    ------
    InputError
        When the clock cannot be read or lies before the forecast, or a channel, language or wording is not known.
    """
    exercise = exercise or october_2019()
    decided = _checked(choices, exercise)
    sent = decided + exercise.writing + exercise.translating * ("other" in choices.languages)
    ready, settings = _levers(choices, exercise), _settings(exercise, sent)
    here = exercise.exposed
    ways = channels(ready, Working(), float(here.people.sum()), here.households, settings)
    adults = here.people[:, 1:].ravel()
    spoken = spread_by(ways, contacts(ready, adults, settings), exercise.water - sent, settings)
    ladder = climb(ready, spoken, settings)
    totals = step_totals(here.people, ladder)
    return Outcome(
        _chain(exercise, (decided, sent), spoken, totals),
        group_table(here.people, ladder),
        heard_curve(spoken.heard, adults),
        channel_table(here.people, spoken),
        totals | _saved(here, ladder, settings) | {"minutes": max(spoken.left, 0.0)},
        exercise.happened_da,
        exercise.happened_en,
    )


def minutes_of(clock: str) -> float:
    """Return the minutes after midnight of a clock such as "17:15"; raise InputError for anything else."""
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", str(clock).strip())
    if found is None:
        raise InputError(f"The clock '{clock}' cannot be read; write hours and minutes, such as 17:15.")
    return 60.0 * int(found[1]) + int(found[2])


def clock_of(minutes: float) -> str:
    """Return minutes after midnight as a clock; "" where they are not known."""
    if not np.isfinite(minutes):
        return ""
    whole = round(minutes)
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"


def _checked(choices: Choices, exercise: Exercise) -> float:
    """Return when the warning is decided on [minutes after midnight], once all that was chosen is known."""
    asked = (
        ("channel", choices.channels, tuple(exercise.channels)),
        ("language", choices.languages, LANGUAGES),
        ("wording", (choices.wording,), tuple(WORDINGS)),
    )
    for kind, given, accepted in asked:
        wrong = [each for each in given if each not in accepted]
        if wrong:
            raise InputError(f"Unknown {kind} '{wrong[0]}' in the exercise; it accepts {', '.join(accepted)}.")
    decided, first = minutes_of(choices.warn_at), exercise.steps[0].clock
    if decided < first:
        raise InputError(
            f"A warning at {choices.warn_at} would come before the forecast at {clock_of(first)}; choose a later hour."
        )
    return decided


def _levers(choices: Choices, exercise: Exercise) -> Preparedness:
    """Return the preparedness that the choices make: levers of channels not chosen are 0."""
    levers = {name: 0.0 for way in exercise.channels.values() for name in way}
    for channel in choices.channels:
        levers.update(exercise.channels[channel])
    spoken = {"translated": float("other" in choices.languages), "clear_order": WORDINGS[choices.wording]}
    changed: dict[str, Any] = levers | spoken
    return replace(Preparedness(), **changed)


def _settings(exercise: Exercise, sent: float) -> WarningSettings:
    signs = [step.signs for step in exercise.steps if step.clock <= sent]
    return WarningSettings(confirms=exercise.confirms, signs=signs[-1] if signs else exercise.steps[0].signs)


def _saved(here: Exposed, ladder: Ladder, settings: WarningSettings) -> dict[str, float]:
    """Return what acting saves [DKK]: households act as the mean of all who are exposed."""
    totals = step_totals(here.people, ladder)
    share = totals["acted"] / max(totals["people"], 1.0)
    moved = settings.belongings * here.goods + settings.car * here.cars
    return {"avoided": settings.avoided_share * share * here.damage, "value_moved": share * moved}


def _chain(exercise: Exercise, when: tuple[float, float], spoken: Spread, totals: Mapping[str, float]) -> pd.DataFrame:
    """Return the chain in the order of the clock; half of those who hear in time have heard at its "reached"."""
    decided, sent = when
    rows = [(step.id, step.clock, np.nan) for step in exercise.steps] + [("decision", decided, np.nan)]
    rows.append(("message", sent, np.nan))
    share = spoken.heard.mean(axis=1)
    half = float(np.searchsorted(share, share[-1] / 2.0)) if share[-1] > 0.0 else np.nan
    late = exercise.water if totals["acted"] > 0.0 else np.nan
    clocks = dict.fromkeys(STEPS, sent + half) | {"acted": late}
    rows += [(name, clocks[name], totals[name]) for name in STEPS]
    ordered = sorted(rows, key=lambda row: row[1] if np.isfinite(row[1]) else np.inf)
    return pd.DataFrame(
        [(link, clock_of(minutes), people) for link, minutes, people in ordered], columns=["link", "clock", "people"]
    )
