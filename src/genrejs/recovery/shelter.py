"""Where people stay while their home cannot be lived in: relatives, shelter, rehousing; who returns, who moves away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.impact.result import Impact
from genrejs.recovery.curve import widths
from genrejs.recovery.households import GOLDEN, people_away
from genrejs.recovery.result import Recovery
from genrejs.recovery.wellbeing import INCOMES, TENURES, HouseholdSettings

__all__ = ["OUTCOMES", "PLACES", "ShelterSettings", "Stays", "where_people_stay"]

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

PLACES = ("home", "relatives", "insured", "shelter", "rehoused", "moved")
OUTCOMES = ("dry", "stayed", "returned", "away", "moved")
"""What became of a household: dry home, stayed in a wet one, left and returned, still away at the horizon, moved."""
GROUPS = ("income", "language", "tenure")

RELATED, MOVING = math.sqrt(2.0) - 1.0, math.sqrt(3.0) - 1.0
"""Steps of two more draws without chance; with the golden ratio's they fill the cube evenly (Weyl)."""


def _insured() -> Mapping[str, float]:
    return HouseholdSettings().insured


def _leaving() -> Mapping[str, float]:
    return MappingProxyType({"owner": 2_500.0, "social": 1_500.0, "private": 1_000.0})


@dataclass(frozen=True)
class ShelterSettings:
    """Who can go where, when and for how long; no figure has a Danish source, all are assumptions.

    That there are such homes at all has: storm-surge scheme and insurers pay for necessary rehousing
    (naturskaderaadet.dk), and the municipality must find shelter for the homeless (Social Services Act, section 80).
    """

    relatives: float = 0.70  # share of households with someone to stay with, without social capital (assumption)
    social_gain: float = 0.25  # what full social capital adds to that share (assumption)
    guest_days: float = 90.0  # d, mean, that relatives and friends can have them (assumption)
    insured: Mapping[str, float] = field(default_factory=_insured)  # share insured, by income (assumption)
    insurer_first: float = 3.0  # d from the event to the first homes that insurers pay (assumption)
    insurer_last: float = 21.0  # d to the last of them (assumption)
    rehousing_days: float = 14.0  # d until the municipality has homes to offer (assumption)
    places: float = 500.0  # people whom the municipality can rehouse at once (assumption)
    leaving_days: Mapping[str, float] = field(default_factory=_leaving)
    # d away after which 63 % have moved away for good, by tenure: 1 - exp(-(days / this)^2) (assumption)

    def __post_init__(self) -> None:
        for name in ("relatives", "social_gain"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"shelter.{name} is a share of households, 0..1; got {getattr(self, name)}.")
        for name in ("guest_days", "rehousing_days", "places"):
            if not 0 <= getattr(self, name) < math.inf:
                raise InputError(f"shelter.{name} must be 0 or more; got {getattr(self, name)}.")
        if not 0 <= self.insurer_first <= self.insurer_last < math.inf:
            raise InputError("shelter.insurer_first must be 0 or more, and shelter.insurer_last not before it.")
        if set(self.insured) != set(INCOMES) or not all(0 <= share <= 1 for share in self.insured.values()):
            raise InputError(f"shelter.insured needs a share of 0..1 for each of {', '.join(INCOMES)}.")
        if set(self.leaving_days) != set(TENURES) or not all(days > 0 for days in self.leaving_days.values()):
            raise InputError(f"shelter.leaving_days needs days above 0 for each of {', '.join(TENURES)}.")


@dataclass(frozen=True)
class Stays:
    """Where people stay over time.

    `people` DataArray ``(place, time)``: people in each of PLACES over the recovery's time axis, each value the mean
    until the next time; the places sum to all people in households. `beds`: most people in the shelter at once, and
    `beds_day`, the first day of it (0 is the day of the event). `nights`: person-nights in the shelter.
    `by_group`: `group` (income, language, tenure), `value`, `people`, `displaced`, `shelter_nights` (person-nights),
    `moved` (people). `households`, row for row with `City.households`: `outcome` (one of OUTCOMES), `insured` bool,
    `back` [h] (0 if never out, inf if never back), `moved` [h] (inf if not) and `shelter_nights` per person, the mean
    over all who shared the municipality's places.
    """

    people: xr.DataArray
    beds: float
    beds_day: int
    nights: float
    by_group: pd.DataFrame
    households: pd.DataFrame


@dataclass(frozen=True)
class _Plans:
    """``(household,)``: `persons`; who `left`, is `insured`; hours until which they are in turn with relatives
    (`guest`), in the municipality's care (`care`) and away at all (`end`); `moved` [h], inf if they do not."""

    persons: Floats
    left: Truths
    insured: Truths
    guest: Floats
    care: Floats
    end: Floats
    moved: Floats


def where_people_stay(city: City, impact: Impact, recovery: Recovery, settings: ShelterSettings | None = None) -> Stays:
    """Return where the households of `city` stay from the event to the horizon of `recovery`; no chance.

    Who cannot live at home goes to relatives for as long as they can have them, else to the shelter. The insured leave
    either for a home that is paid for, the others get the municipality's places, shared alike. All return when their
    home is restored, but the longer they are away the more move for good, and do not return. What is drawn is spread
    evenly over the rows: more social capital or insurance never sends anyone to the municipality.

    Raises
    ------
    InputError
        Impact or recovery belong to another city, or an income or tenure is unknown.
    """
    how = settings or ShelterSettings()
    if not len(city.buildings) == len(impact.buildings) == len(recovery.buildings):
        raise InputError("The impact or recovery has another number of buildings than the city: compute it for it.")
    hours = recovery.curve["time"].to_numpy().astype(np.float64)
    plans = _plans(city, impact, recovery, how)
    counts, crowded = _counts(plans, hours, how)
    nights = _nights(plans, hours, crowded, how)
    place = {"place": list(PLACES), "time": recovery.curve["time"]}
    people = xr.DataArray(counts, place, ("place", "time"), "people", {"units": "persons"})
    shelter = counts[PLACES.index("shelter")]
    return Stays(
        people=people,
        beds=float(shelter.max()),
        beds_day=int(hours[shelter.argmax()] // 24),
        nights=float(shelter @ widths(hours)) / 24.0,
        by_group=_by_group(city, plans, nights),
        households=_households(city, impact, plans, nights),
    )


def _plans(city: City, impact: Impact, recovery: Recovery, how: ShelterSettings) -> _Plans:
    homes = city.households
    if len(homes) == 0:
        none = np.zeros(0)
        return _Plans(none, none > 0, none > 0, none, none, none, none)
    place = homes["building"].to_numpy(np.int64)
    restored = recovery.buildings["restored"].to_numpy(np.float64)[place]
    left = ~impact.buildings["habitable"].to_numpy(dtype=np.bool_)[place] & (restored > 0)
    # The rate of leaving, 2 days / leaving_days^2, rises with the days away: hardly anyone decides in the first weeks.
    moved = 24.0 * _figure(homes, "tenure", how.leaving_days) * np.sqrt(-np.log1p(-_spread(len(homes), MOVING)))
    last = float(recovery.curve["time"][-1])
    moved = np.where(left & (moved < restored) & (moved <= last), moved, np.inf)
    end = np.where(left, np.minimum(restored, moved), 0.0)
    share = _figure(homes, "income", how.insured)
    drawn = _spread(len(homes), GOLDEN)
    insured = drawn < share
    part = np.divide(drawn, share, out=np.ones_like(drawn), where=insured)
    paid = 24.0 * (how.insurer_first + (how.insurer_last - how.insurer_first) * part)
    care = np.where(insured, np.minimum(paid, end), end)
    guest = np.minimum(_guest_hours(len(homes), city.preparedness.social_capital, how), care)
    return _Plans(homes["persons"].to_numpy(np.float64), left, insured, guest, care, end, moved)


def _guest_hours(count: int, social_capital: float, how: ShelterSettings) -> Floats:
    """Return ``(household,)`` [h] that relatives can have them: the share ``p exp(-t / guest_days)`` still has a place.

    More social capital raises p, so that nobody has a place for a shorter time than before.
    """
    hosts = min(how.relatives + how.social_gain * social_capital, 1.0)
    rank = _spread(count, RELATED)
    return np.asarray(24.0 * how.guest_days * np.log(np.maximum(hosts / rank, 1.0)), dtype=np.float64)


def _counts(plans: _Plans, hours: Floats, how: ShelterSettings) -> tuple[Floats, Floats]:
    """Return ``(place, time)`` people, and ``(time,)`` the share of the uninsured in care who find no place."""
    late = _late(plans, how)
    waiting = np.where(plans.insured, 0.0, plans.persons)
    guest, care, end, begin, until = (
        _until(time, persons, hours)
        for time, persons in (
            (plans.guest, plans.persons), (plans.care, plans.persons), (plans.end, plans.persons),
            (late, waiting), (plans.end, waiting),
        )
    )  # fmt: skip
    asking = np.maximum(until - begin, 0.0)
    rehoused = np.minimum(asking, how.places)
    gone = np.where(np.isfinite(plans.moved), plans.persons, 0.0)
    moved = gone.sum() - _until(plans.end, gone, hours)
    shelter = np.maximum(care - guest - rehoused, 0.0)
    away = np.stack([guest, end - care, shelter, rehoused, moved])
    home = plans.persons.sum() - away.sum(axis=0)
    crowded = np.divide(asking - rehoused, asking, out=np.zeros_like(asking), where=asking > 0)
    return np.vstack([home, away]), crowded


def _until(time: Floats, persons: Floats, hours: Floats) -> Floats:
    """Return ``(time,)`` people whose `time` [h] has not come, the mean over each step."""
    count = people_away(time, persons, np.zeros(time.size, dtype=np.int64), 1, hours)
    return np.asarray(count[0], dtype=np.float64)


def _late(plans: _Plans, how: ShelterSettings) -> Floats:
    """Return ``(household,)`` [h] from when a household in care may have one of the municipality's places."""
    return np.minimum(np.maximum(plans.guest, 24.0 * how.rehousing_days), plans.end)


def _nights(plans: _Plans, hours: Floats, crowded: Floats, how: ShelterSettings) -> Floats:
    """Return ``(household,)`` nights in the shelter per person: all until there are places, then the crowded share."""
    last = hours[-1]
    ordered = np.concatenate([[0.0], np.cumsum(crowded[:-1] * np.diff(hours))])
    late = np.minimum(_late(plans, how), last)
    early = np.minimum(np.where(plans.insured, plans.care, late), last) - np.minimum(plans.guest, last)
    shared = np.interp(np.minimum(plans.end, last), hours, ordered) - np.interp(late, hours, ordered)
    return np.asarray((early + np.where(plans.insured, 0.0, shared)) / 24.0, dtype=np.float64)


def _by_group(city: City, plans: _Plans, nights: Floats) -> pd.DataFrame:
    persons = plans.persons
    figures = pd.DataFrame(
        {
            "people": persons, "displaced": persons * plans.left, "shelter_nights": persons * nights,
            "moved": persons * np.isfinite(plans.moved),
        }
    )  # fmt: skip
    parts = [pd.DataFrame(columns=["group", "value", *figures.columns])] if len(persons) == 0 else []
    for group in GROUPS if len(persons) else ():
        sums = figures.groupby(city.households[group].astype(str).to_numpy(), sort=True).sum()
        table = sums.rename_axis("value").reset_index()
        table.insert(0, "group", group)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _households(city: City, impact: Impact, plans: _Plans, nights: Floats) -> pd.DataFrame:
    if len(plans.persons) == 0:
        return pd.DataFrame(columns=["outcome", "insured", "back", "moved", "shelter_nights"])
    wet = impact.buildings["wet"].to_numpy(dtype=np.bool_)[city.households["building"].to_numpy(np.int64)]
    gone = np.isfinite(plans.moved)
    known = [gone, plans.left & np.isfinite(plans.end), plans.left, wet]
    outcome = np.select(known, ["moved", "returned", "away", "stayed"], "dry")
    back = np.where(gone, np.inf, plans.end)
    columns = {"outcome": outcome, "insured": plans.insured, "back": back, "moved": plans.moved}
    return pd.DataFrame(columns | {"shelter_nights": nights})


def _spread(count: int, step: float) -> Floats:
    return np.asarray(np.mod((np.arange(count) + 0.5) * step, 1.0), dtype=np.float64)


def _figure(homes: pd.DataFrame, column: str, figures: Mapping[str, float]) -> Floats:
    found = np.asarray(homes[column].astype(str).map(dict(figures)), dtype=np.float64)
    if np.isnan(found).any():
        raise InputError(f"A household has an unknown {column}; accepted are {', '.join(figures)}.")
    return found
