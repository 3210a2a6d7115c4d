"""When, and by how much, to build or raise a protection whose losses grow with time: exact dynamic programming."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.appraisal.economics import Floats, discount_factors
from genrejs.errors import InputError

Ints = NDArray[np.int64]
Invest = Callable[[Floats, Floats], ArrayLike]
"""The cost of a raise: height before and rise, both ``(n,)``, in the unit of the heights; money out."""

CENTURIES = 300
"""Years that a dike ring is planned for (Eijgenraam et al. 2014)."""


@dataclass(frozen=True)
class TimingProblem:
    """A choice of height each year; made and checked by `timing_problem`, which says what each table holds."""

    heights: Floats
    investment: Floats
    loss: Floats
    discount: Floats
    paid: Floats
    terminal: Floats
    earliest: int


class Raise(NamedTuple):
    """A raise in a year (counted from 0), from and to a height [unit of the heights]."""

    year: int
    before: float
    after: float


@dataclass(frozen=True)
class Plan:
    """When to raise and by how much, and its present values: `total` is `investment` and `loss` together.

    `path` ``(years,)`` is the height in each year after that year's raise. `tops_out` says that the plan ends at the
    highest height given, so that a higher one may be better.
    """

    raises: tuple[Raise, ...]
    path: Floats
    investment: float
    loss: float
    tops_out: bool

    @property
    def total(self) -> float:
        """Present value of investment and loss together."""
        return self.investment + self.loss


def timing_problem(
    heights: ArrayLike,
    investment: ArrayLike | Invest,
    loss: ArrayLike,
    discount: ArrayLike,
    terminal: ArrayLike | None = None,
    paid: ArrayLike | None = None,
    earliest: int = 0,
) -> TimingProblem:
    """Return a checked problem of timing: the height at the start is the first of `heights` ``(n,)``, rising.

    `investment` is a table ``(n, n)`` of money by height before and after, or a function of height before and rise;
    infinite where a raise cannot be made. `loss` ``(years, n)`` [money/year] is that of a year at a height, and
    `discount` ``(years,)`` the present worth of 1 lost in a year. `paid` ``(years,)`` is that of 1 invested, `discount`
    if not given; `terminal` ``(n,)`` the present value of what is lost after the last year, 0 if not given; `earliest`
    the first year with a raise. Raises InputError for shapes that do not fit and values that are negative or no number.
    """
    rising = np.asarray(heights, dtype=np.float64)
    if rising.ndim != 1 or rising.size < 2 or not np.isfinite(rising).all() or (np.diff(rising) <= 0).any():
        raise InputError(f"Give two or more finite heights in rising order; got {rising.size} of shape {rising.shape}.")
    lost = _amounts(loss, "losses", 2)
    years, count = lost.shape
    if years == 0 or count != rising.size:
        raise InputError(f"The losses need a row a year and one of {rising.size} heights a column; got {lost.shape}.")
    worth = _row(discount, "discount factors", years)
    if not 0 <= earliest < years:
        raise InputError(f"The first year with a raise lies from 0 to {years - 1}; got {earliest}.")
    return TimingProblem(
        rising,
        _investments(rising, investment),
        lost,
        worth,
        worth if paid is None else _row(paid, "present worth of investments", years),
        np.zeros(count) if terminal is None else _row(terminal, "terminal losses", count),
        earliest,
    )


def _amounts(values: ArrayLike, what: str, dimensions: int) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != dimensions or not np.isfinite(given).all() or (given < 0).any():
        shape = "row" if dimensions == 1 else "table of rows"
        raise InputError(f"The {what} must be a {shape} of finite numbers of 0 or more.")
    return given


def _row(values: ArrayLike, what: str, size: int) -> Floats:
    given = _amounts(values, what, 1)
    if given.size != size:
        raise InputError(f"There must be {size} {what}; got {given.size}.")
    return given


def _investments(heights: Floats, investment: ArrayLike | Invest) -> Floats:
    """Return what it costs to go from each height to each, 0 to stay and infinite to go down ``(n, n)``."""
    count = heights.size
    before, after = np.triu_indices(count, 1)
    table = np.full((count, count), np.inf)
    np.fill_diagonal(table, 0.0)
    if callable(investment):
        costs = np.asarray(investment(heights[before], heights[after] - heights[before]), dtype=np.float64)
        costs = np.broadcast_to(costs, before.shape)
    else:
        given = np.asarray(investment, dtype=np.float64)
        if given.shape != table.shape:
            raise InputError(f"The investments need {count} rows and columns, one a height; got {given.shape}.")
        costs = given[before, after]
    if np.isnan(costs).any() or (costs < 0).any():
        raise InputError("Every investment must be a number of 0 or more, or infinite where a raise cannot be made.")
    table[before, after] = costs
    return table


def best_plan(problem: TimingProblem) -> Plan:
    """Return the plan with the least present value of investment and loss: exact on the given years and heights.

    Bellman's recursion from the last year back, as for dikes in `eijgenraam2014`; of plans that cost the same the one
    with the lower and later raises is given.
    """
    years, count = problem.loss.shape
    rest, every = problem.terminal, np.arange(count)
    chosen = np.empty((years, count), dtype=np.int64)
    table = np.empty((count, count))
    for year in range(years - 1, -1, -1):
        ahead = problem.discount[year] * problem.loss[year] + rest
        if year < problem.earliest:
            chosen[year], rest = every, ahead
            continue
        # A worth of 0 would turn an impossible raise (infinite) into no number.
        np.multiply(problem.investment, max(problem.paid[year], np.finfo(float).tiny), out=table)
        table += ahead
        chosen[year] = table.argmin(axis=1)
        rest = table[every, chosen[year]]
    path = np.empty(years, dtype=np.int64)
    at = 0
    for year in range(years):
        at = path[year] = int(chosen[year, at])
    return _plan(problem, path)


def follow(problem: TimingProblem, path: ArrayLike) -> Plan:
    """Return what a given path of heights ``(years,)`` costs; it must run over the problem's heights and never fall.

    Raises InputError for other heights, for a fall, and for a raise that is too early or cannot be made.
    """
    given = np.asarray(path, dtype=np.float64)
    if given.shape != problem.discount.shape or not np.isin(given, problem.heights).all():
        raise InputError(f"A path needs one of the problem's heights in each of its {problem.discount.size} years.")
    places = np.searchsorted(problem.heights, given).astype(np.int64)
    before = np.concatenate([[0], places[:-1]])
    if np.isinf(problem.investment[before, places]).any() or places[: problem.earliest].any():
        raise InputError(f"A path never falls, makes raises that can be made, and none before year {problem.earliest}.")
    return _plan(problem, places)


def _plan(problem: TimingProblem, path: Ints) -> Plan:
    before = np.concatenate([[0], path[:-1]])
    year = np.arange(path.size)
    spent = problem.paid * problem.investment[before, path]
    lost = problem.discount * problem.loss[year, path]
    height = problem.heights
    return Plan(
        tuple(Raise(int(y), float(height[before[y]]), float(height[path[y]])) for y in np.flatnonzero(path > before)),
        height[path],
        float(spent.sum()),
        float(lost.sum() + problem.terminal[path[-1]]),
        bool(path[-1] == height.size - 1),
    )


@dataclass(frozen=True)
class DikeRing:
    """A dike ring of `eijgenraam2014`: heights in cm, rates per year, money in M EUR.

    `value` lost in a flood today, `probability` of a flood today [1/year], `alpha` [1/cm] of the exponential tail of
    high water, `eta` its rise [cm/year], `zeta` [1/cm] the growth of the loss with height; a raise by u to the height H
    costs ``(fixed + slope u) exp(steepness H)``; `growth` of wealth, `premium` for macroeconomic risk (subtracted from
    it) and `rate` of discount.
    """

    value: float
    probability: float
    alpha: float
    eta: float
    zeta: float
    fixed: float
    slope: float
    steepness: float
    growth: float = 0.035
    premium: float = 0.015
    rate: float = 0.04

    def __post_init__(self) -> None:
        numbers = {name: float(getattr(self, name)) for name in self.__dataclass_fields__}
        for name, number in numbers.items():
            if not math.isfinite(number) or number < 0:
                raise InputError(f"The dike ring's {name} must be a finite number of 0 or more; got {number}.")
        if self.probability > 1 or self.rate <= 0 or self.alpha < self.zeta:
            raise InputError(
                "A dike ring needs a probability up to 1, a discount rate above 0 and an alpha of zeta or more; "
                f"got {self.probability}, {self.rate}, {self.alpha} and {self.zeta}."
            )

    def investment(self, before: Floats, rise: Floats) -> Floats:
        """Return what raises from heights `before` by `rise` ``(n,)`` [cm] cost ``(n,)`` [M EUR]."""
        return np.asarray((self.fixed + self.slope * rise) * np.exp(self.steepness * (before + rise)))


RINGS = {
    "10": DikeRing(1564.9, 0.00044, 0.033027, 0.320, 0.003774, 16.6939, 0.6258, 0.0014),
    "15": DikeRing(11810.4, 0.00137, 0.0502, 0.76, 0.003764, 125.6422, 1.1268, 0.0098),
}
"""Two rings with their published optimum (`eijgenraam2014`): 40.000 and 544.989 M EUR."""


def ring_problem(ring: DikeRing, highest: int = 600, years: int = CENTURIES) -> TimingProblem:
    """Return the timing of a dike ring on 1 year x 1 cm, up to `highest` [cm] above today's height.

    The expected loss ``P0 V0 exp((alpha eta + growth - premium) t - (alpha - zeta) H)`` is integrated over each year;
    that of the last moment stays on forever (`eijgenraam2014`). Raises InputError for a grid without years or heights.
    """
    if highest < 1 or years < 1:
        raise InputError(f"A dike ring is planned over 1 cm and 1 year or more; got {highest} cm and {years} years.")
    height, year = np.arange(highest + 1.0), np.arange(years)
    rise = ring.alpha * ring.eta + ring.growth - ring.premium
    spared = ring.value * ring.probability * np.exp(-(ring.alpha - ring.zeta) * height)
    net = rise - ring.rate
    # The integral over a year of the discounted loss, divided by the year's factor, which the recursion puts on again.
    within = math.expm1(net) / net if net else 1.0
    loss = np.exp(rise * year)[:, None] * within * spared
    terminal = math.exp(net * years) * spared / ring.rate
    return timing_problem(height, ring.investment, loss, np.exp(-ring.rate * year), terminal)


@dataclass(frozen=True)
class Edge:
    """An edge, dike or wall that can be built to one of `crests` ``(n,)`` [m] and raised to another later.

    `to_build` ``(n,)`` [DKK] is the cost of each crest built at once, `again` [DKK] the cost of coming back for a raise
    (besides the difference between the two crests), `upkeep` ``(n,)`` [DKK/year]; `lifetime` and `lead_time` [years].
    What is spent is dearer by `tax_distortion` (Danish Ministry of Finance 2017), as in `compare`; `ground` [m] is the
    height while nothing is built.
    """

    crests: tuple[float, ...]
    to_build: tuple[float, ...]
    again: float
    upkeep: tuple[float, ...]
    lifetime: int
    lead_time: float = 0.0
    tax_distortion: float = 0.10
    ground: float = 0.0

    def __post_init__(self) -> None:
        count = len(self.crests)
        if count == 0 or len(self.to_build) != count or len(self.upkeep) != count:
            raise InputError(
                f"An edge needs one or more crests, and a cost and an upkeep of each; got {count}, "
                f"{len(self.to_build)} and {len(self.upkeep)}."
            )
        money = (*self.to_build, self.again, *self.upkeep, self.lead_time, self.tax_distortion)
        if not np.isfinite((self.ground, *self.crests, *money)).all() or min(money) < 0 or self.lifetime < 1:
            raise InputError("An edge's costs, upkeep and times must be finite and 0 or more, its lifetime 1 or more.")
        if (np.diff((self.ground, *self.crests)) <= 0).any() or (np.diff(self.to_build) < 0).any():
            raise InputError("An edge's crests must rise above its ground, and a higher crest cannot cost less.")


@dataclass(frozen=True)
class EdgePlan:
    """The best plan for an edge and its present values [DKK]: `nothing` is the damage with no edge at all.

    `plan.loss` is `damage` and `upkeep` together; the heights of the plan are crests, or the ground before any.
    """

    plan: Plan
    damage: float
    upkeep: float
    nothing: float

    @property
    def npv(self) -> float:
        """Net present value against no edge at all [DKK]."""
        return self.nothing - self.plan.total


def edge_problem(edge: Edge, damage: ArrayLike) -> TimingProblem:
    """Return the timing of an edge from expected annual damage ``(years, 1 + crests)`` [DKK/year], first without it.

    It works in the year it is paid for, the year of its lead time at the earliest. Each part is bought again after its
    lifetime and is worth a linear share of its price at the end of the years, as in `economics.measure_flows`; no loss
    is counted after the last year. Raises InputError for a table that does not fit the crests.
    """
    table = _amounts(damage, "expected annual damages", 2)
    years, count = table.shape
    if count != len(edge.crests) + 1:
        raise InputError(
            f"The expected annual damages need a column without the edge and one for each of {len(edge.crests)} "
            f"crests; got {count} columns."
        )
    cost = np.concatenate([[0.0], edge.to_build])
    investment = cost[None, :] - cost[:, None] + edge.again
    investment[0] -= edge.again
    dear = 1 + edge.tax_distortion
    running = dear * np.concatenate([[0.0], edge.upkeep])
    return timing_problem(
        (edge.ground, *edge.crests),
        np.triu(investment, 1),
        table + running,
        discount_factors(years),
        paid=dear * invested_worth(years, edge.lifetime),
        earliest=math.ceil(edge.lead_time),
    )


def edge_plan(edge: Edge, damage: ArrayLike) -> EdgePlan:
    """Return when to build an edge and to which crest, and when to raise it, see `edge_problem`."""
    table = np.asarray(damage, dtype=np.float64)
    problem = edge_problem(edge, table)
    plan = best_plan(problem)
    at = np.searchsorted(problem.heights, plan.path)
    lost = float(problem.discount @ table[np.arange(at.size), at])
    return EdgePlan(plan, lost, plan.loss - lost, float(problem.discount @ table[:, 0]))


def invested_worth(years: int, lifetime: int) -> Floats:
    """Return the present worth ``(years,)`` of 1 invested in each year, with what is bought again and what is left.

    It is bought again each `lifetime` [years] and is worth a linear share at the end, as in `economics.measure_flows`.
    """
    if years < 1 or lifetime < 1:
        raise InputError(f"The period and the lifetime must be 1 year or more; got {years} and {lifetime}.")
    factors = discount_factors(years + 1)
    worth = np.empty(years)
    for year in range(years):
        bought = np.arange(year, years, lifetime)
        left = (bought[-1] + lifetime - years) / lifetime
        worth[year] = factors[bought].sum() - left * factors[years]
    return worth


def yearly_table(known: ArrayLike, table: ArrayLike, first: int, years: int) -> Floats:
    """Return a table by year ``(years, n)`` from rows of some `known` calendar years ``(k,)``, rising.

    Between known years it is linear and beyond them level (assumption, as in `compare`). Raises InputError for years
    that do not rise or rows that do not fit them.
    """
    at, rows = np.asarray(known, dtype=np.float64), _amounts(table, "expected annual damages", 2)
    if at.size == 0 or at.shape != rows.shape[:1] or not np.isfinite(at).all() or (np.diff(at) <= 0).any() or years < 1:
        raise InputError(f"Give one row for each known year, in rising order; got {at.tolist()} and {len(rows)} rows.")
    wanted = first + np.arange(years)
    return np.stack([np.interp(wanted, at, column) for column in rows.T], axis=1)
