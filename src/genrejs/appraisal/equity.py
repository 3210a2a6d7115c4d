"""Who is spared: the burden by group of people, per strategy, and what a krone lost means to those who lose it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.impact.people import RELATIVE_INCOME

Floats = NDArray[np.float64]

KEYS = ["strategy", "group", "value"]


def spared(groups: pd.DataFrame, points: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return the expected person-days a year by `strategy, group, value`, with `people` and what is `spared` by each.

    `groups` has rows `strategy, year, event, group, value, people, person_days`; `points` gives each event its `weight`
    [1/year] by `strategy, year, event`. Spared = person-days of `baseline` less the strategy's.
    """
    joined = groups.merge(points[["strategy", "year", "event", "weight"]], on=["strategy", "year", "event"])
    joined["person_days"] = joined["person_days"] * joined["weight"]
    grouped = joined.groupby(KEYS, sort=False, as_index=False)
    table = grouped.agg(people=("people", "max"), person_days=("person_days", "sum"))
    before = table[table["strategy"] == baseline].set_index(["group", "value"])["person_days"]
    keys = pd.MultiIndex.from_frame(table[["group", "value"]])
    table["spared"] = before.reindex(keys).to_numpy() - table["person_days"].to_numpy()
    return table


def burden(table: pd.DataFrame) -> pd.DataFrame:
    """Return `per_person` [days a year] and `relative` (1 = the mean person) for each row of the table of `spared`."""
    totals = table.groupby(["strategy", "group"])[["person_days", "people"]].transform("sum")
    per_person = table["person_days"] / table["people"].where(table["people"] > 0)
    mean = totals["person_days"] / totals["people"].where(totals["people"] > 0)
    return table.assign(per_person=per_person, relative=per_person / mean.where(mean > 0))


@dataclass(frozen=True)
class EquitySettings:
    """How losses of people with unlike incomes are weighed against each other."""

    gamma: float = 1.2  # elasticity of marginal utility (assumption; the UK Green Book, Annex 3, says 1.3)
    relative_income: Mapping[str, float] = field(
        default_factory=lambda: RELATIVE_INCOME
    )  # of the mean, by income group (assumption)


def equity_weights(income: ArrayLike, people: ArrayLike | None = None, gamma: float = 1.2) -> Floats:
    """Return the weight ``(mean income / own income) ** gamma`` of each row ``(n,)``.

    `income` [DKK a year, or any unit] is that of a person of the row, `people` how many there are (1 without); the mean
    is over people. A person with the mean income weighs 1; the mean weight is 1 or more, as low incomes weigh most.
    With `gamma` 0 all weigh 1, with 1 a krone means twice as much at half the income.

    Raises
    ------
    InputError
        An income is not above 0, the numbers of people are negative or none, or `gamma` is negative.
    """
    own = np.asarray(income, dtype=np.float64)
    heads = np.ones_like(own) if people is None else np.asarray(people, dtype=np.float64)
    if own.size == 0 or not (own > 0).all() or not np.isfinite(own).all():
        raise InputError("Equity weights need incomes above 0; leave out rows without an income or give them one.")
    if heads.shape != own.shape or not (heads >= 0).all() or not 0 < heads.sum() < np.inf:
        raise InputError("Equity weights need a number of people, 0 or more, for each income, and somebody in all.")
    if not 0 <= gamma < np.inf:
        raise InputError(f"The elasticity gamma of equity weights must be 0 or more; got {gamma}.")
    mean = float((own * heads).sum() / heads.sum())
    return np.asarray((mean / own) ** gamma, dtype=np.float64)


class WeightedLoss(NamedTuple):
    """A loss plain and equity-weighted [the same unit]; `ratio` is above 1 where it falls on low incomes."""

    plain: float
    weighted: float
    ratio: float


def weighted_loss(losses: ArrayLike, weights: ArrayLike) -> WeightedLoss:
    """Return the sum of `losses` ``(n,)`` plain and weighted; the ratio is NaN where nothing is lost.

    Raises InputError where losses and weights differ in number.
    """
    amounts, factors = np.asarray(losses, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if amounts.shape != factors.shape:
        raise InputError(f"Give one weight for each loss; got {factors.size} weights and {amounts.size} losses.")
    plain, weighted = float(amounts.sum()), float((amounts * factors).sum())
    return WeightedLoss(plain, weighted, weighted / plain if plain > 0 else float("nan"))
