"""Pathways: one city through the years, with events that come at random, measures that are built, and what it learns.

All pathways of a strategy go through a year together; what is drawn belongs to the pathway and never to the strategy,
so that two strategies meet the same storms. Money spent on damage is not there for measures; an event teaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.rng import stream
from genrejs.scenario.response import FIGURES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
DAMAGE, PERSON_DAYS = FIGURES.index("damage"), FIGURES.index("person_days")
DAYS = FIGURES.index("days")

SLUMP = "slump"
"""The economic shock among what is drawn: it floods nothing and takes from the yearly money."""


@dataclass(frozen=True)
class Memory:
    """What an event leaves behind; assumptions."""

    rebuilt: float = 0.2  # share of what was hit that is rebuilt so that the same water no longer harms it
    margin: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"surge": 0.3, "cloudburst": 0.005, "river": 1.5})
    )  # how much stronger an event may be and still meet what was rebuilt: m, m of rain an hour, m3/s
    trust: float = 0.1  # share by which helping each other shortens the next recovery
    fades: float = 10.0  # years until half of that is forgotten
    worth: float = 1e6  # DKK of damage from which an event teaches


@dataclass(frozen=True)
class Purse:
    """What the city may spend on new measures."""

    yearly: float = 60e6  # DKK a year (assumption)
    public_share: float = 0.15  # of damage that is paid out of the same purse (assumption)
    most_debt: float = 2.0  # years of the budget that damage may take in advance (assumption)
    slump_period: float = 12.0  # years between two economic shocks on average (assumption)
    slump_depth: float = 0.3  # share of the yearly money that one takes (assumption)
    slump_lasts: float = 3.0  # years until half of that is back (assumption)


@dataclass(frozen=True)
class World:
    """What can come: `strengths` by hazard ``(future, year, period)`` of events passed once in `periods` ``(period,)``
    years; `years` ``(year,)`` are calendar years."""

    years: Integers
    periods: Floats
    strengths: Mapping[str, Floats]


@dataclass(frozen=True)
class Plan:
    """A dated strategy: `cost` [DKK] and `upkeep` [DKK/year] and `lead` [year] of each step in its order; a step waits
    for the year `after` and until `trigger` ``(step, future, year)`` allows it (None: always)."""

    cost: Floats
    upkeep: Floats
    lead: Integers
    after: Integers
    trigger: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Table:
    """Answers by number of steps that work: by hazard ``(steps + 1, future, period year, node, figure)`` on strengths
    ``(node,)``, the years of its third axis being `years`."""

    years: Integers
    values: Mapping[str, Floats]
    figures: Mapping[str, Floats]


@dataclass(frozen=True)
class Pathways:
    """One row a pathway, each ``(path, year)``: damage, spending and money `missing` after economic shocks [DKK],
    `person_days`, the longest bounce back of the year (`days`); `works` ``(path, step)`` is the year in which each step
    began to work, -1 if never."""

    future: Integers
    damage: Floats
    spent: Floats
    missing: Floats
    person_days: Floats
    days: Floats
    works: Integers


def fates(key: str | int, hazards: tuple[str, ...], paths: int, years: int, chunk: int = 0) -> dict[str, Floats]:
    """Return how rare the strongest event of each year is by hazard ``(path, year)``, the chance 0..1 of none worse.

    Each hazard and chunk of paths has a stream of its own: the same whatever the strategy and who computes it.
    """
    return {hazard: stream(key, f"pathway/{hazard}/{chunk}").random((paths, years)) for hazard in hazards}


def walk(
    world: World, plan: Plan, table: Table, drawn: Mapping[str, Floats], future: Integers,
    rules: tuple[Memory, Purse] | None = None,
) -> Pathways:  # fmt: skip
    """Return what becomes of every pathway, whose future is `future` ``(path,)`` and whose chances are `drawn`, those
    of an economic shock (`SLUMP`) among them or not.

    Raises
    ------
    InputError
        The table lacks a hazard that was drawn, or shapes do not agree.
    """
    memory, purse = rules or (Memory(), Purse())
    storms = {hazard: chances for hazard, chances in drawn.items() if hazard != SLUMP}
    _check(world, plan, table, storms)
    paths, years, steps = future.size, world.years.size, plan.cost.size
    state = _State.fresh(paths, steps, tuple(storms))
    out = {name: np.zeros((paths, years)) for name in ("damage", "spent", "missing", "person_days", "days")}
    for y in range(years):
        if SLUMP in drawn:
            _shock(state, purse, drawn[SLUMP][:, y])
        out["missing"][:, y] = purse.yearly * state.slump
        out["spent"][:, y] = _build(state, plan, purse, (y, world.years, future))
        place = int(np.argmin(np.abs(table.years - world.years[y])))
        for hazard, chances in storms.items():
            value = _strength(world, hazard, chances[:, y], future, y)
            hit = _answers(table, hazard, state.working(world.years[y]), future, place, value)
            spared = _learnt(state, hazard, value)
            harm = hit[:, DAMAGE] * spared
            out["damage"][:, y] += harm
            out["person_days"][:, y] += hit[:, PERSON_DAYS] * spared * (1.0 - state.trust)
            out["days"][:, y] = np.maximum(out["days"][:, y], hit[:, DAYS])
            _teach(state, hazard, value, harm, memory)
        state.trust *= 0.5 ** (1.0 / memory.fades)
        state.slump *= 0.5 ** (1.0 / purse.slump_lasts)
        state.money -= purse.public_share * out["damage"][:, y]
        np.maximum(state.money, -purse.most_debt * purse.yearly, out=state.money)
    return Pathways(future, works=state.since, **out)


@dataclass
class _State:
    """Where all pathways stand: changed in place, year by year."""

    money: Floats
    slump: Floats
    trust: Floats
    next: Integers
    since: Integers
    level: dict[str, Floats]
    share: dict[str, Floats]

    @staticmethod
    def fresh(paths: int, steps: int, hazards: tuple[str, ...]) -> _State:
        return _State(
            np.zeros(paths),
            np.zeros(paths),
            np.zeros(paths),
            np.zeros(paths, np.int64),
            np.full((paths, steps), -1, np.int64),
            {hazard: np.full(paths, -np.inf) for hazard in hazards},
            {hazard: np.zeros(paths) for hazard in hazards},
        )

    def working(self, year: np.int64) -> Integers:
        """Return how many steps work in a year; they work in their order."""
        done = (self.since >= 0) & (self.since <= year)
        return np.asarray(np.cumprod(done, axis=1).sum(axis=1), dtype=np.int64)


def _build(state: _State, plan: Plan, purse: Purse, when: tuple[int, Integers, Integers]) -> Floats:
    """Add the year's money, begin what can be paid, and return what was spent ``(path,)`` [DKK]."""
    y, years, future = when
    rows = np.arange(future.size)
    state.money += purse.yearly * (1.0 - state.slump)
    standing = (state.since >= 0) & (state.since <= years[y])
    spent = standing @ plan.upkeep
    state.money -= spent
    for _ in range(plan.cost.size):
        step = np.minimum(state.next, plan.cost.size - 1)
        able = (state.next < plan.cost.size) & (state.money >= plan.cost[step]) & (years[y] >= plan.after[step])
        if plan.trigger is not None:
            able &= plan.trigger[step, future, y]
        if not able.any():
            break
        cost = np.where(able, plan.cost[step], 0.0)
        state.money -= cost
        spent = spent + cost
        state.since[rows[able], step[able]] = years[y] + plan.lead[step[able]]
        state.next[able] += 1
    return np.asarray(spent, dtype=np.float64)


def _shock(state: _State, purse: Purse, chance: Floats) -> None:
    """Let an economic shock take a share of the yearly money where the year draws one."""
    struck = chance >= 1.0 - 1.0 / purse.slump_period
    state.slump += np.where(struck, purse.slump_depth * (1.0 - state.slump), 0.0)


def _strength(world: World, hazard: str, chance: Floats, future: Integers, y: int) -> Floats:
    """Return the strength of the year's strongest event ``(path,)``, read between return periods by their log."""
    period = 1.0 / np.maximum(1.0 - chance, 1e-12)
    where = np.interp(np.log(period), np.log(world.periods), np.arange(world.periods.size))
    low = np.minimum(where.astype(np.int64), world.periods.size - 2)
    share = where - low
    at = world.strengths[hazard]
    value = at[future, y, low] * (1.0 - share) + at[future, y, low + 1] * share
    return np.where(period < world.periods[0], -np.inf, value)


def _answers(table: Table, hazard: str, step: Integers, future: Integers, place: int, value: Floats) -> Floats:
    """Return the figures ``(path, figure)`` of each path's event, linear between nodes and held beyond the last."""
    nodes = table.values[hazard]
    where = np.interp(value, nodes, np.arange(nodes.size))
    low = np.minimum(where.astype(np.int64), nodes.size - 2)
    share = (where - low)[:, None]
    at = table.figures[hazard]
    found = at[step, future, place, low] * (1.0 - share) + at[step, future, place, low + 1] * share
    return np.where((value <= nodes[0])[:, None], 0.0, found)


def _learnt(state: _State, hazard: str, value: Floats) -> Floats:
    """Return the share of the harm that is left: what was rebuilt better meets events up to its level."""
    return np.where(value <= state.level[hazard], 1.0 - state.share[hazard], 1.0)


def _teach(state: _State, hazard: str, value: Floats, harm: Floats, memory: Memory) -> None:
    taught = harm > memory.worth
    reach = value + memory.margin.get(hazard, 0.0)
    rebuilt = memory.rebuilt if hazard in memory.margin else 0.0
    state.share[hazard] += np.where(taught, rebuilt * (1.0 - state.share[hazard]), 0.0)
    state.level[hazard] = np.where(taught, np.maximum(state.level[hazard], reach), state.level[hazard])
    state.trust += np.where(taught, memory.trust * (1.0 - state.trust), 0.0)


def _check(world: World, plan: Plan, table: Table, drawn: Mapping[str, Floats]) -> None:
    for hazard in drawn:
        if hazard not in table.figures or hazard not in world.strengths:
            raise InputError(f"A pathway needs strengths and answers of the hazard '{hazard}'.")
        if table.figures[hazard].shape[0] != plan.cost.size + 1:
            raise InputError(f"A plan of {plan.cost.size} steps needs answers for {plan.cost.size + 1} states.")
