"""The people of Vejle's municipality year by year: how many, how old, of which language, in how many homes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from genrejs.projection.cohort import Survival, advance, survival
from genrejs.projection.levels import BASE_YEAR, YEARS, Floats, between, drift
from genrejs.projection.people_base import START_YEAR, start_people
from genrejs.projection.schedules import fertility, mortality, moving

PUBLISHED = (2045, 130_169.0)  # residents of the municipality (trap.lex.dk/Vejle_Kommunes_befolkning_og_boliger)
TOWN = 58_000.0  # residents of the town in the base year (okolariet.dk: 100,000 in 2050 is 42,000 more, said in 2018)
TOWN_HIGH = (2050, 100_000.0)  # residents of the town at most (okolariet.dk)
TOWN_SHARE = (0.50, 0.75, 1.00)  # of the municipality's growth that the town takes: low, middle, high (assumption)
LOW_MIGRATION = 0.5  # of the middle's net migration at the low level of growth (assumption)
FADES = (2050, 2060)  # between these years a level's migration goes back to the middle's (assumption)
CHILDREN = (1.90, 1.70, 1.45)  # a woman from 2045 on, by level of ageing (assumption)
CHILDREN_UNTIL = 2045
BETTER = (0.005, 0.010, 0.014)  # mortality falls by this share a year, by level of ageing (assumption)
OTHER_MOVERS = (0.50, 487 / 666, 0.90)  # of net movers speak another language; middle: 487 of 179 + 487 (trap.lex.dk)
KEEPS = (0.50, 0.70, 0.85)  # of children of mothers of another language grow up with it (assumption)
HEADS = (0.60, 0.70)  # homes per resident aged 18-70, and 71 or more (assumption: 2.05 persons a home as in the model)
AT_ONCE = 48  # futures taken together: their arrays fit a processor's cache
BOUNDS = (0, 6, 16, 18, 30, 67, 70, 71, 80)  # first ages of the groups that are kept
PEOPLE = (
    "residents", "town_residents", "children", "adults", "seniors", "over_80", "working_age", "elderly_share",
    "dependency", "other_language_share", "households", "births", "deaths", "net_migration",
)  # fmt: skip


@dataclass(frozen=True)
class Movers:
    """Net migration a year [persons] of the municipality at the three levels of growth, found from published totals."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class People:
    """The people of n futures: `groups` ``(n, year, group)`` by the ages of BOUNDS, and `series` by name ``(n, year)``.

    Counts are of 1 January; births, deaths and net migration of the year that begins then.
    """

    groups: Floats
    series: Mapping[str, Floats]

    def aged(self, first: int, before: int = 200) -> Floats:
        """Return residents ``(n, year)`` from one bound of BOUNDS up to another (or all older)."""
        inside = [first <= bound < before for bound in BOUNDS]
        counted: Floats = self.groups[..., inside].sum(axis=-1)
        return counted


class _Run(NamedTuple):
    """People ``(n, year, origin, group)`` and, by year, births, deaths and migration ``(n, year)``."""

    groups: Floats
    births: Floats
    deaths: Floats
    migration: Floats


def project_people(growth: ArrayLike, ageing: ArrayLike, language: ArrayLike) -> People:
    """Return the people of n futures at positions 0..1 ``(n,)`` on growth, ageing and language.

    The middle of all three has the published residents of 2045; high growth the published town of 2050.
    """
    growth, ageing, language = (np.atleast_1d(np.asarray(each, np.float64)) for each in (growth, ageing, language))
    opening, migration = _opening(movers().middle), _migration(growth)
    parts = [slice(k, k + AT_ONCE) for k in range(0, growth.size, AT_ONCE)]
    run = _joined([_run(opening, migration[part], ageing[part], language[part]) for part in parts])
    people = People(run.groups.sum(axis=2), {})
    return People(people.groups, _series(people, run, between(growth, *TOWN_SHARE)))


@cache
def movers() -> Movers:
    """Return net migration a year at each level of growth, such that the published totals are met."""

    def total(year: int, opening: Floats, move: float) -> float:
        run = _run(opening, np.full((1, YEARS.size), move), np.array([0.5]), np.array([0.5]))
        return float(run.groups[0, year - BASE_YEAR].sum())

    middle = _reaching(PUBLISHED[1], lambda move: total(PUBLISHED[0], _opening(move), move))
    opening = _opening(middle)
    wanted = opening.sum() + (TOWN_HIGH[1] - TOWN) / TOWN_SHARE[2]
    high = _reaching(float(wanted), lambda move: total(TOWN_HIGH[0], opening, move))
    return Movers(LOW_MIGRATION * middle, middle, high)


def _reaching(wanted: float, total: Callable[[float], float]) -> float:
    """Return the migration whose total is the one wanted: totals are linear in it, so two runs are enough."""
    none, some = total(0.0), total(1000.0)
    return 1000.0 * (wanted - none) / (some - none)


def _migration(growth: Floats) -> Floats:
    """Return net migration ``(n, year)``: the level's until 2050, then back to the middle's."""
    known = movers()
    apart = between(growth, known.low, known.middle, known.high) - known.middle
    return known.middle + apart[:, None] * np.interp(YEARS, FADES, (1.0, 0.0))


def _opening(move: float) -> Floats:
    """Return residents of the base year ``(origin, sex, age)``, from those of 2019 with `move` net movers a year."""
    people = start_people()
    movers_by_age, passes = _by_origin(np.array([OTHER_MOVERS[1]]))[0] * move, _passes(np.array([KEEPS[1]]))[0]
    for year in range(START_YEAR, BASE_YEAR):
        alive = _alive((1.0 - BETTER[1]) ** (year - START_YEAR + 0.5))
        people = advance(people, alive, fertility(CHILDREN[1]), movers_by_age, passes).people
    return people


def _run(opening: Floats, migration: Floats, ageing: Floats, language: Floats) -> _Run:
    """Return n futures from the people of the base year ``(origin, sex, age)`` on, year by year."""
    count, years = migration.shape
    children = drift(CHILDREN[1], between(ageing, *CHILDREN), CHILDREN_UNTIL)
    dying = (1.0 - BETTER[1]) ** (BASE_YEAR - START_YEAR + 0.5) * np.ones(count)
    better = 1.0 - between(ageing, *BETTER)
    pattern, passes = _by_origin(between(language, *OTHER_MOVERS)), _passes(between(language, *KEEPS))
    people = np.broadcast_to(opening, (count, *opening.shape))
    groups, flows = np.empty((count, years, 2, len(BOUNDS))), np.empty((2, count, years))
    for year in range(years):
        groups[:, year] = np.add.reduceat(people.sum(axis=2), BOUNDS, axis=-1)
        born = fertility(children[:, year])[:, None, :]
        moved = migration[:, year, None, None, None] * pattern
        people, births, deaths = advance(people, _alive(dying), born, moved, passes)
        flows[:, :, year] = births.sum(axis=-1), deaths.sum(axis=-1)
        dying = dying * better
    return _Run(groups, flows[0], flows[1], migration)


def _joined(parts: list[_Run]) -> _Run:
    return _Run(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _alive(dying: ArrayLike) -> Survival:
    """Return the survival of both origins alike, at `dying` ``(...,)`` times the mortality of 2019."""
    alive = survival(mortality(dying))
    return Survival(*(part[..., None, :, :] if k == 0 else part[..., None, :] for k, part in enumerate(alive)))


def _by_origin(other: Floats) -> Floats:
    """Return the pattern of net movers ``(n, origin, sex, age)``, summing to 1, given the share of another language."""
    shares = np.stack([1.0 - other, other], axis=-1)
    return np.asarray(shares[..., None, None] * moving(), dtype=np.float64)


def _passes(keeps: Floats) -> Floats:
    """Return which language children grow up with ``(n, of the mother, of the child)``."""
    rows = np.zeros((keeps.size, 2, 2))
    rows[:, 0, 0], rows[:, 1, 1], rows[:, 1, 0] = 1.0, keeps, 1.0 - keeps
    return rows


def _series(people: People, run: _Run, town_share: Floats) -> dict[str, Floats]:
    """Return the series of PEOPLE by name, each ``(n, year)``."""
    residents, adults, seniors = people.aged(0), people.aged(18, 71), people.aged(71)
    working = people.aged(18, 67)
    other = run.groups[:, :, 1].sum(axis=-1)
    grown = residents - residents[:, :1]
    return {
        "residents": residents,
        "town_residents": TOWN + town_share[:, None] * grown,
        "children": people.aged(0, 18),
        "adults": adults,
        "seniors": seniors,
        "over_80": people.aged(80),
        "working_age": working,
        "elderly_share": seniors / residents,
        "dependency": (residents - working) / working,
        "other_language_share": other / residents,
        "households": HEADS[0] * adults + HEADS[1] * seniors,
        "births": run.births,
        "deaths": run.deaths,
        "net_migration": run.migration,
    }
