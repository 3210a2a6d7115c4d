"""A plan: how much money, in which years, to which areas; read from a file or from the net, and checked in words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from genrejs.assessment.own import read_roads
from genrejs.assessment.policies import Floats, RoadMap, road_map, subs
from genrejs.assessment.reading import known_fields, listed, number, table, whole
from genrejs.assessment.sharing import RULES, shared
from genrejs.errors import InputError

YEARS, BUDGET, FIRST = 20, 30.0, 2026
"""[year], [million DKK a year, symbolic], [calendar year] where a plan says nothing (assumptions)."""
MOST_YEARS, MOST_BUDGET = 60, 1e5
FIELDS = ("years", "first_year", "budget", "start", "period", "cost", "decay", "policy")
PERIOD_FIELDS = ("years", "budget", "split", "rule")


@dataclass(frozen=True)
class Period:
    """Years in a row with the same split; `budget` [million DKK a year], `split` by the start of policy codes."""

    years: int
    budget: float
    split: Mapping[str, float]
    rule: str = "road-map"


@dataclass(frozen=True)
class Plan:
    """A plan over `years`; the last period goes on to the end; `start` holds the levels (policy) it begins at."""

    years: int
    first_year: int
    periods: tuple[Period, ...]
    start: Floats
    road: RoadMap

    def period(self, year: int) -> Period:
        """Return the period that year `year` (0 is the first) lies in."""
        end = 0
        for period in self.periods:
            end += period.years
            if year < end:
                return period
        return self.periods[-1]

    def spans(self) -> list[tuple[int, int]]:
        """Return the first year and the one after the last (0 is the plan's first) of each period that is played."""
        spans: list[tuple[int, int]] = []
        for period in self.periods:
            first = spans[-1][1] if spans else 0
            spans.append((first, min(first + period.years, self.years)))
        played = [span for span in spans if span[0] < span[1]]
        return [*played[:-1], (played[-1][0], self.years)]

    def share(self, year: int, level: Floats) -> Floats:
        """Return the money (policy) [million DKK] of a year, given the level on 1 January."""
        period = self.period(year)
        return shared(self.road, period.split, period.budget, period.rule, level)

    def spent(self) -> Floats:
        """Return the money (year) [million DKK] that the plan gives out each year."""
        periods = [self.period(year) for year in range(self.years)]
        return np.array([period.budget * sum(period.split.values()) for period in periods])


def even_split(road: RoadMap) -> dict[str, float]:
    """Return the same share for every sub-dimension with a known policy."""
    known = {policy.sub for policy in road.policies}
    return {sub: 1.0 / len(known) for sub in subs() if sub in known}


def even_plan(years: int = YEARS, budget: float = BUDGET, rule: str = "even") -> Plan:
    """Return the plan that gives every area, and within it every policy, the same part of its price."""
    road = road_map()
    period = Period(years, budget, even_split(road), rule)
    return Plan(years, FIRST, (period,), np.zeros(len(road.policies)), road)


def with_rule(plan: Plan, rule: str) -> Plan:
    """Return the plan with the same money each year, split evenly over the sub-dimensions, by another rule."""
    split = even_split(plan.road)
    return replace(plan, periods=tuple(Period(1, float(money), split, rule) for money in plan.spent()))


def read_plan(path: Path | str) -> Plan:
    """Return the plan of a TOML file.

    Raises
    ------
    InputError
        The file is missing, is not TOML, or something in it is not accepted.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"The plan {path} does not exist.")
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text; save it with encoding UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}.") from error
    return check_plan(given, str(path))


def check_plan(given: Mapping[str, Any], what: str = "The plan") -> Plan:
    """Return the plan that plain values state; what is left out is as in the even plan.

    Raises
    ------
    InputError
        A value is not accepted; the sentence says which, and what is.
    """
    known_fields(given, FIELDS, what)
    road = read_roads(given, what)
    budget = number(given.get("budget", BUDGET), f"{what}: budget", 0.0, MOST_BUDGET)
    periods = tuple(
        _period(row, road, budget, f"{what}: period {count}")
        for count, row in enumerate(listed(given.get("period", ()), f"{what}: period", MOST_YEARS), 1)
    )
    told = sum(period.years for period in periods)
    years = whole(given.get("years", told or YEARS), f"{what}: years", 1, MOST_YEARS)
    first = whole(given.get("first_year", FIRST), f"{what}: first_year", 1900, 2200)
    periods = periods or (Period(years, budget, even_split(road), "even"),)
    return Plan(years, first, periods, _start(given.get("start", 0.0), road, f"{what}: start"), road)


def _period(row: Any, road: RoadMap, budget: float, where: str) -> Period:
    row = table(row, where)
    known_fields(row, PERIOD_FIELDS, where)
    if "split" not in row:
        raise InputError(f"{where} needs a split, such as split = {{ L = 0.5, P = 0.5 }}.")
    rule = row.get("rule", "road-map")
    if not isinstance(rule, str) or rule not in RULES:
        raise InputError(f"{where}: rule must be {' or '.join(RULES)}; got {rule!r:.60}.")
    return Period(
        whole(row.get("years", 1), f"{where}: years", 1, MOST_YEARS),
        number(row.get("budget", budget), f"{where}: budget", 0.0, MOST_BUDGET),
        _split(row["split"], road, f"{where}: split"), rule,
    )  # fmt: skip


def _split(given: Any, road: RoadMap, where: str) -> dict[str, float]:
    split = {
        key: number(share, f"{where}: {key}", 0.0, 1.0)
        for key, share in table(given, where).items()
        if _is_area(key, road, where)
    }
    total = sum(split.values())
    if total > 1.0 + 1e-6:
        raise InputError(f"{where}: the shares add up to {total:g}; they may add up to 1 at most.")
    return split


def _is_area(key: str, road: RoadMap, where: str) -> bool:
    if key and road.under(key).any():
        return True
    if key in {"I", *subs()}:
        raise InputError(f"{where}: no policy of {key} could be read, so money there does nothing the model can tell.")
    known = ", ".join(dict.fromkeys([code[0] for code in road.codes] + [code[:2] for code in road.codes]))
    raise InputError(f"{where}: {key!r:.40} is no area; known are {known}, a stage such as L1S, or a policy's code.")


def _start(given: Any, road: RoadMap, where: str) -> Floats:
    levels = np.zeros(len(road.policies))
    if not isinstance(given, Mapping):
        return levels + number(given, where, 0.0, 1.0)
    keys: Sequence[str] = sorted(given, key=len)  # a longer start of a code says more, and comes last
    for key in keys:
        _is_area(key, road, where)
        levels[road.under(key)] = number(given[key], f"{where}: {key}", 0.0, 1.0)
    return levels
