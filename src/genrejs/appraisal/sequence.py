"""In what order and in which years to carry out measures, within a yearly budget and what the crews can manage."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from genrejs.appraisal.economics import Floats, discount_factors
from genrejs.appraisal.integer import ROUNDING, Limits, maximise, together, within_budgets
from genrejs.appraisal.portfolio import Rules
from genrejs.errors import InputError
from genrejs.measure.model import Measure


@dataclass(frozen=True)
class Work:
    """A measure to be placed in time: money in DKK, times in years from the first year of the programme.

    `benefit` [DKK/year] in a year that it works, one number or one for each year; `points` of crews or organisation
    that it takes in each year while it is under way (its `lead_time`, or its first year if that is 0).
    """

    id: str
    benefit: float | tuple[float, ...]
    cost: float
    upkeep: float = 0.0
    lifetime: int = 50
    lead_time: float = 0.0
    points: float = 0.0

    def __post_init__(self) -> None:
        money = (self.cost, self.upkeep, self.lead_time, self.points)
        if not np.isfinite(money).all() or min(money) < 0 or self.lifetime < 1:
            raise InputError(
                f"The measure '{self.id}' needs a cost, upkeep, lead time and points that are finite and 0 or more, "
                f"and a lifetime of 1 year or more."
            )
        if np.size(self.benefit) == 0 or not np.isfinite(self.benefit).all():
            raise InputError(f"The benefit of the measure '{self.id}' must be finite.")

    @property
    def lead(self) -> int:
        """Whole years from its start until it works."""
        return math.ceil(self.lead_time)


@dataclass(frozen=True)
class Programme:
    """What is to be placed in time, and within what: `budget` [DKK] and `capacity` [points] by year ``(years,)``.

    Within the budget are investments, renewals after a lifetime included; upkeep is not. `carries` says that money
    not spent stays for later years. `spreads` says that a measure is paid for evenly while it is under way; if not,
    in the year it starts to work, as in `economics.measure_flows`. A measure that `rules` let require another works no
    earlier than it. What is spent is dearer by `tax_distortion` (Danish Ministry of Finance 2017).
    """

    works: tuple[Work, ...]
    budget: tuple[float, ...]
    capacity: tuple[float, ...]
    rules: Rules | None = None
    carries: bool = False
    spreads: bool = True
    tax_distortion: float = 0.10

    def __post_init__(self) -> None:
        ids = tuple(work.id for work in self.works)
        if (self.rules or Rules(ids)).ids != ids:
            raise InputError(f"The rules must be for the measures to be placed, in their order: {', '.join(ids)}.")
        years = len(self.budget)
        if years == 0 or len(self.capacity) != years:
            raise InputError(
                f"Give a budget and a capacity for each year, one year or more; got {years} and {len(self.capacity)}."
            )
        limits = (*self.budget, *self.capacity)
        if np.isnan(limits).any() or min(limits) < 0:
            raise InputError("Every budget and capacity must be a number of 0 or more.")
        if not 0 <= self.tax_distortion <= 1:
            raise InputError(f"The tax distortion is a share from 0 to 1; got {self.tax_distortion}.")
        for work in self.works:
            if np.size(work.benefit) not in (1, years):
                raise InputError(
                    f"The benefit of the measure '{work.id}' needs one number or {years}, one a year; "
                    f"got {np.size(work.benefit)}."
                )

    @property
    def years(self) -> int:
        """Years of the programme."""
        return len(self.budget)


class Order(NamedTuple):
    """When measures are started and when they work, by id and in order; years count from 0.

    `npv` [DKK] and what is `spent` [DKK] and `used` [points] by year ``(years,)``; the best may lie above by the share
    `gap` at most (0: proven).
    """

    starts: Mapping[str, int]
    works: Mapping[str, int]
    npv: float
    spent: Floats
    used: Floats
    gap: float


class Starts(NamedTuple):
    """What each possible start of a measure gives: `worth` ``(starts,)`` [DKK], `spent`, `used` ``(starts, years)``."""

    worth: Floats
    spent: Floats
    used: Floats


def work_of(measure: Measure, benefit: float | tuple[float, ...], *, price: float = 1.0, points: float = 0.0) -> Work:
    """Return a measure to be placed in time; `price` turns its price year into the programme's."""
    cost, upkeep = measure.cost * price, measure.upkeep * price
    return Work(measure.id, benefit, cost, upkeep, measure.lifetime, measure.lead_time, points)


def starts(work: Work, programme: Programme) -> Starts:
    """Return what each start gives that lets the measure work within the years, from year 0 on.

    The worth is the present value of the benefits from the year it works, less upkeep, what is spent and dearer by tax,
    and plus the linear share of its price that is left at the end, by the factors of `economics.discount_factors`.
    """
    years = programme.years
    count = max(0, years - work.lead)
    begin, year = np.arange(count)[:, None], np.arange(years)
    first = begin + work.lead
    paid_over = max(work.lead, 1) if programme.spreads else 1
    paid_from = begin if programme.spreads else first
    spent = work.cost / paid_over * ((year >= paid_from) & (year < paid_from + paid_over))
    spent = spent + work.cost * ((year > first) & ((year - first) % work.lifetime == 0))
    left = (-(years - first[:, 0]) % work.lifetime) / work.lifetime
    factors, dear = discount_factors(years + 1), 1 + programme.tax_distortion
    yearly = np.broadcast_to(np.asarray(work.benefit, dtype=np.float64), years) - dear * work.upkeep
    worth = (year >= first) @ (yearly * factors[:-1]) - dear * (spent @ factors[:-1] - work.cost * left * factors[-1])
    under_way = (year >= begin) & (year < begin + max(work.lead, 1))
    return Starts(np.asarray(worth), spent, np.asarray(work.points * under_way, dtype=np.float64))


def best_order(programme: Programme, time_limit: float = 60.0) -> Order:
    """Return which measures to start in which years for the largest net present value within budget and capacity.

    Exact integer programming (`huangfu2018`) unless `time_limit` [s] stops it; then `gap` says how far. Raises
    InputError if no order keeps the rules, the budget and the capacity.
    """
    rules = programme.rules or Rules(tuple(work.id for work in programme.works))
    tables = [starts(work, programme) for work in programme.works]
    owner = np.repeat(np.arange(len(tables)), [table.worth.size for table in tables])
    spent, used = (np.concatenate(parts) for parts in ([t.spent for t in tables], [t.used for t in tables]))
    costs, budgets = _yearly(programme, spent, used)
    lower, upper = np.zeros(owner.size), np.ones(owner.size)
    upper[np.isin(owner, rules.places(sorted(rules.never)))] = 0
    if owner.size == 0:
        raise InputError(f"No measure can work within {programme.years} years; give more years.")
    found = maximise(
        np.concatenate([table.worth for table in tables]),
        together(within_budgets(costs, budgets), _once(rules, owner), _needs(rules, programme, owner)),
        (lower, upper),
        lambda choice: bool((costs @ choice <= budgets * (1 + ROUNDING)).all()),
        choices=owner.size,
        time_limit=time_limit,
    )
    if found is None:
        raise InputError(
            f"No order keeps the budget, the capacity and the rules within {programme.years} years; the measures that "
            f"are fixed in: {', '.join(sorted(rules.always)) or 'none'}."
        )
    worth = float(sum(table.worth[found.choice[owner == place]].sum() for place, table in enumerate(tables)))
    begun = {
        programme.works[owner[column]].id: _begin(owner, column) for column in np.flatnonzero(found.choice).tolist()
    }
    lead = {work.id: work.lead for work in programme.works}
    working = {id: year + lead[id] for id, year in begun.items()}
    taken = found.choice.astype(np.float64)
    return Order(_by_year(begun), _by_year(working), worth, taken @ spent, taken @ used, found.gap)


def _by_year(years: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(years.items(), key=lambda item: item[1]))


def _begin(owner: ArrayLike, column: int) -> int:
    """Return the year of a column: its place among those of its measure."""
    owners = np.asarray(owner)
    return int(column - np.flatnonzero(owners == owners[column])[0])


def _yearly(programme: Programme, spent: Floats, used: Floats) -> tuple[Floats, Floats]:
    """Return the rows of budget and capacity by year ``(2 years, columns)`` and their limits."""
    budget = np.array(programme.budget, dtype=np.float64)
    rows = spent.T
    if programme.carries:
        rows, budget = np.cumsum(rows, axis=0), np.cumsum(budget)
    return np.concatenate([rows, used.T]), np.concatenate([budget, programme.capacity])


def _once(rules: Rules, owner: ArrayLike) -> Limits:
    """Return the limits that start each measure once at most, what is fixed in once, and one of each either-or."""
    owners = np.asarray(owner)
    groups: list[Sequence[int]] = [[place] for place in range(len(rules.ids))]
    groups += [rules.places(sorted(set(group))) for group in rules.excludes]
    rows = np.array([np.isin(owners, group) for group in groups], dtype=np.float64)
    low = np.full(len(rows), -np.inf)
    low[rules.places(sorted(rules.always))] = 1.0
    return Limits(rows, low, np.ones(len(rows)))


def _needs(rules: Rules, programme: Programme, owner: ArrayLike) -> Limits:
    """Return the limits that let a measure work in a year only if what it needs works by then."""
    owners = np.asarray(owner)
    begun = np.array([_begin(owners, column) for column in range(owners.size)], dtype=np.int64)
    working = begun + np.array([programme.works[place].lead for place in owners.tolist()], dtype=np.int64)
    rows: list[Floats] = []
    for id, need in rules.requires:
        first, second = rules.places((id, need))
        for year in range(programme.years):
            works = (working <= year).astype(np.float64)
            rows.append(np.asarray(works * (owners == first) - works * (owners == second), dtype=np.float64))
    return Limits(
        np.array(rows, dtype=np.float64).reshape(-1, owners.size), np.full(len(rows), -np.inf), np.zeros(len(rows))
    )
