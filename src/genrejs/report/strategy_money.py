"""The plan's money: by year, by who pays, and what is beyond the period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.measure.model import PAYERS
from genrejs.report.strategy_plan import NOT_FOUND, Action, StrategyPlan
from genrejs.report.strategy_tree import Grid, Line
from genrejs.report.texts import Phrase, money, percent, same, say

Floats = NDArray[np.float64]

FEW_YEARS = 12
"""Years up to which the table has a row for each; a longer plan has a row for every five years."""
SPAN = 5  # years


@dataclass(frozen=True)
class Spending:
    """What the plan costs [DKK] by year ``(years,)``: investment by payer, upkeep, and the investment after the period.

    Investment is spread evenly from the year of beginning until the action works; it is renewed whole when its lifetime
    is over, as in `appraisal.sequence`.
    """

    years: NDArray[np.int64]
    invested: Mapping[str, Floats]
    upkeep: Floats
    later: float

    @property
    def investment(self) -> Floats:
        """Investment of all payers by year ``(years,)`` [DKK]."""
        return np.asarray(sum(self.invested.values(), np.zeros(self.years.size)), dtype=np.float64)


def spending(plan: StrategyPlan) -> Spending:
    """Return what the plan costs by year, and by who is to pay."""
    first, last = plan.years
    years = np.arange(first, last + 1)
    invested = {name: np.zeros(years.size) for name in (*PAYERS, NOT_FOUND)}
    upkeep, later = np.zeros(years.size), 0.0
    for action in plan.actions:
        paid = _paid(action, years)
        later += action.cost.mid - _first_time(action, years).sum()
        for name, share in action.shares.items():
            invested[name] += share * paid
        upkeep += action.upkeep * (years >= action.year_works)
    used = {name: amounts for name, amounts in invested.items() if amounts.any()}
    return Spending(years, used, upkeep, float(later))


def renewals(action: Action, last: int) -> tuple[int, ...]:
    """Return the years up to `last` in which the action is renewed."""
    return tuple(range(action.year_works + action.measure.lifetime, last + 1, action.measure.lifetime))


def _first_time(action: Action, years: NDArray[np.int64]) -> Floats:
    over = max(action.year_works - action.year_begin, 1)
    paying = (years >= action.year_begin) & (years < action.year_begin + over)
    return np.asarray(action.cost.mid / over * paying, dtype=np.float64)


def _paid(action: Action, years: NDArray[np.int64]) -> Floats:
    again = np.isin(years, renewals(action, int(years[-1])))
    return _first_time(action, years) + action.cost.mid * again


def payer(name: str) -> Phrase:
    """Return who pays, in words."""
    return say(f"strategy.payer.{name}")


def payer_table(plan: StrategyPlan) -> Grid:
    """Return how much each is to pay of the investments within the period, and of what share."""
    spent = spending(plan)
    total = float(spent.investment.sum())
    rows = [_payer_row(payer(name), float(amounts.sum()), total) for name, amounts in spent.invested.items()]
    rows.append(_payer_row(say("strategy.money.total"), total, total))
    heads = tuple(say(f"strategy.money.{head}") for head in ("payer", "amount", "share"))
    return Grid(say("strategy.money.payer_caption"), heads, tuple(rows), (2.0, 1.0, 1.0), figures=True)


def _payer_row(name: Phrase, amount: float, total: float) -> tuple[tuple[Line, ...], ...]:
    return (name,), (money(amount),), (percent(amount / total if total > 0 else float("nan")),)


def year_table(plan: StrategyPlan) -> Grid:
    """Return investment, upkeep and both by year, or by five years where the plan is long."""
    spent = spending(plan)
    step = 1 if spent.years.size <= FEW_YEARS else SPAN
    rows = [
        _year_row(spent.years[at : at + step], spent.investment[at : at + step], spent.upkeep[at : at + step])
        for at in range(0, spent.years.size, step)
    ]
    if spent.later > 0.5:
        rows.append(((say("strategy.money.later"),), (money(spent.later),), (same("–"),), (money(spent.later),)))
    heads = tuple(say(f"strategy.money.{head}") for head in ("year", "investment", "upkeep", "both"))
    return Grid(say("strategy.money.year_caption"), heads, tuple(rows), figures=True)


def _year_row(years: NDArray[np.int64], invested: Floats, upkeep: Floats) -> tuple[tuple[Line, ...], ...]:
    name = same(f"{years[0]}" if years.size == 1 else f"{years[0]}–{years[-1]}")
    one, two = float(invested.sum()), float(upkeep.sum())
    return (name,), (money(one),), (money(two),), (money(one + two),)


def added_of(action: Action) -> float:
    """Return the added value of an action on ordinary days [DKK/year]."""
    return sum(value.yearly for value in action.effect.added_value)


def added_total(plan: StrategyPlan) -> float:
    """Return the added value of all actions once they work [DKK/year]."""
    return sum(added_of(action) for action in plan.actions)
