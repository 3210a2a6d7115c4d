"""Danish social economics: stepwise discounting, cost over a measure's life, net present value, internal rate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.measure.model import Measure

Floats = NDArray[np.float64]

DISCOUNT_BANDS = ((35, 0.035), (70, 0.025), (math.inf, 0.015))
"""Last year of the band and its rate [1/year]: Ministry of Finance, 7 January 2021 (1.5 % after 70: assumption)."""


def discount_factors(count: int, bands: tuple[tuple[float, float], ...] = DISCOUNT_BANDS) -> Floats:
    """Return the factors ``(count,)`` of the years 0, 1, ...: the chained product of 1 / (1 + rate), year 0 being 1."""
    year = np.arange(count)
    limits = np.array([last for last, _ in bands])
    rates = np.array([rate for _, rate in bands])
    yearly = 1.0 / (1.0 + rates[np.searchsorted(limits, year, side="left")])
    yearly[:1] = 1.0
    return np.asarray(np.cumprod(yearly), dtype=np.float64)


def present_value(flow: Floats) -> float:
    """Return the present value [unit of `flow`] of a flow by year ``(years,)``, the first year undiscounted."""
    return float(discount_factors(flow.size) @ flow)


def annuity(years: int) -> float:
    """Return the present value of 1 a year over `years` years, the first undiscounted."""
    return float(discount_factors(years).sum())


@dataclass(frozen=True)
class Flows:
    """Money by year [DKK], each ``(years + 1,)``: the last entry is the end of the period and holds what is left."""

    investment: Floats
    upkeep: Floats
    added: Floats
    residual: Floats

    @property
    def cost(self) -> Floats:
        """Investment and upkeep less residual value, by year ``(years + 1,)`` [DKK]."""
        return self.investment + self.upkeep - self.residual

    def __add__(self, other: Flows) -> Flows:
        """Return the flows of both together."""
        return Flows(
            self.investment + other.investment,
            self.upkeep + other.upkeep,
            self.added + other.added,
            self.residual + other.residual,
        )


def no_flows(years: int) -> Flows:
    """Return flows of nothing over `years` years."""
    return Flows(*(np.zeros(years + 1) for _ in range(4)))


def measure_flows(measure: Measure, years: int, *, price: float, stands: bool = False) -> Flows:
    """Return what a measure costs and gives over `years` years; `price` turns its price year into the comparison's.

    It is paid for and starts to work in the year of its lead time, is bought again each lifetime, and is worth a linear
    share of its price at the end. One that `stands` already is sunk: upkeep and added value only, from year 0.
    """
    flows = no_flows(years)
    start = 0 if stands else math.ceil(measure.lead_time)
    flows.upkeep[start:years] = measure.upkeep * price
    flows.added[start:years] = sum(value.yearly for value in measure.added_value) * price
    if stands or start >= years:
        return flows
    bought = np.arange(start, years, measure.lifetime)
    flows.investment[bought] = measure.cost * price
    left = (bought[-1] + measure.lifetime - years) / measure.lifetime
    flows.residual[years] = measure.cost * price * left
    return flows


def price_factor(measure: Measure, price_year: int, index: Mapping[int, float] | None) -> float:
    """Return the factor from the measure's price year to `price_year`: 1 without an index, since none is invented here.

    Raises InputError when an index is given that lacks one of the two years.
    """
    if index is None:
        return 1.0
    for year in (measure.price_year, price_year):
        if year not in index:
            known = ", ".join(str(known) for known in sorted(index))
            raise InputError(f"The price index lacks the year {year} (measure '{measure.id}'); it holds {known}.")
    return index[price_year] / index[measure.price_year]


@lru_cache(maxsize=1)
def _os2_shares() -> tuple[float, float]:
    """Return the 100-year means of the discount factors on a line that falls from 1 to 0 and on one that rises."""
    factors, rising = discount_factors(100), np.arange(100) / 99
    return float((factors * (1 - rising)).sum() / 100), float((factors * rising).sum() / 100)


def annual_risk_os2(now: ArrayLike, future: ArrayLike, period: ArrayLike) -> Floats:
    """Return the yearly risk [unit of the damages] of OS2 SkadesØkonomi, from one event alone.

    ``(0.219058829 now + 0.089925625 future) / period``: damage of the event today and in 100 years over its return
    period [years], the mean of the discounted damage on the straight line between the two. The constants follow from
    `DISCOUNT_BANDS`. It is no expected annual damage: one event stands for all, and the future is discounted in it.

    Raises InputError for a return period that is not above 0.
    """
    years = np.asarray(period, dtype=np.float64)
    if not (years > 0).all():
        raise InputError(f"The return period must be above 0 years; got {years.min():g}.")
    today, later = _os2_shares()
    return np.asarray((today * np.asarray(now) + later * np.asarray(future)) / years, dtype=np.float64)


class Rate(NamedTuple):
    """An internal rate of return [1/year], NaN where there is none to give, and why or on what ground."""

    value: float
    reason: str


def internal_rate(flow: ArrayLike) -> Rate:
    """Return the constant rate at which a net flow by year ``(years,)`` is worth nothing.

    One change of sign gives one rate above -100 % (Descartes). With several, the rate is given only if the running sum
    changes sign once, for then just one rate is positive (Norstrøm 1972); otherwise it is NaN, for any root may be
    false. Raises InputError for values that are not finite.
    """
    given = np.trim_zeros(_yearly(flow, "net flow"))
    changes, settled = _sign_changes(given), _sign_changes(np.cumsum(given))
    if changes == 0:
        return Rate(math.nan, "the net flow never changes sign")
    if changes > 1 and (settled != 1 or given.sum() == 0):
        return Rate(math.nan, f"the net flow changes sign {changes} times, so several rates may fit; use the npv")
    reason = "one change of sign" if changes == 1 else f"{changes} changes of sign, one positive rate"
    if given[0] > 0:
        reason += "; money first comes in, so it is the rate of a loan"
    if given.sum() == 0:
        return Rate(0.0, reason)
    if (given.sum() > 0) == (given[0] < 0):
        # In x = 1 / (1 + rate) a positive rate lies in 0..1, and the polynomial stays finite.
        return Rate(1.0 / _root(given) - 1.0, reason)
    return Rate(_root(given[::-1]) - 1.0, reason)


def _sign_changes(values: Floats) -> int:
    signs = np.sign(values[np.abs(values) > 1e-12 * np.abs(values).max(initial=0.0)])
    return int((np.diff(signs) != 0).sum())


def _root(coefficients: Floats) -> float:
    """Return the root in 0..1 of the polynomial with these coefficients, lowest power first, by halving."""
    scaled = coefficients[::-1] / np.abs(coefficients).max()
    low, high, falls = 0.0, 1.0, scaled[-1] > 0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if (np.polyval(scaled, middle) > 0) == falls else (low, middle)
    return high


def payback(flow: ArrayLike) -> float:
    """Return the years until a net flow ``(years,)`` has paid itself back for good; NaN if it never does.

    The running sum is linear within a year; 0 where it is never below zero. Give a discounted flow for the discounted
    time. Raises InputError for values that are not finite.
    """
    given = _yearly(flow, "net flow")
    owed = np.cumsum(given)
    below = np.flatnonzero(owed < -1e-12 * np.abs(given).sum())
    if below.size == 0:
        return 0.0
    last = int(below[-1])
    return math.nan if last + 1 == given.size else last + float(-owed[last] / given[last + 1])


def _yearly(flow: ArrayLike, what: str) -> Floats:
    given = np.asarray(flow, dtype=np.float64)
    if given.ndim != 1 or given.size == 0 or not np.isfinite(given).all():
        raise InputError(f"The {what} must be a row of finite amounts, one a year; got the shape {given.shape}.")
    return given


@dataclass(frozen=True)
class Worth:
    """What a stream of benefits and costs is worth; money in the unit of the stream.

    `benefit`, `cost` present values (cost with tax distortion), `npv` their difference, `benefit_cost` their ratio (NaN
    where nothing is spent), `rate` the internal rate of return, `payback` and `discounted_payback` [years].
    """

    benefit: float
    cost: float
    npv: float
    benefit_cost: float
    rate: Rate
    payback: float
    discounted_payback: float


def worth(
    benefits: ArrayLike,
    costs: ArrayLike,
    *,
    public_share: float = 1.0,
    tax_distortion: float = 0.10,
    bands: tuple[tuple[float, float], ...] = DISCOUNT_BANDS,
) -> Worth:
    """Return the worth of benefits against costs by year, both ``(years,)`` from year 0.

    The public share of the costs is dearer by the tax distortion (10 %, Ministry of Finance 2017), in every figure. A
    residual value is a negative cost in the last year. Raises InputError for streams of other shapes or not finite,
    and shares outside 0..1.
    """
    gains, spent = _yearly(benefits, "benefits"), _yearly(costs, "costs")
    if gains.size != spent.size:
        raise InputError(f"Benefits and costs must cover the same years; got {gains.size} and {spent.size}.")
    if not (0 <= public_share <= 1 and 0 <= tax_distortion <= 1):
        raise InputError(f"Public share and tax distortion lie from 0 to 1; got {public_share} and {tax_distortion}.")
    spent = (1.0 + public_share * tax_distortion) * spent
    factors, net = discount_factors(gains.size, bands), gains - spent
    benefit, cost = float(factors @ gains), float(factors @ spent)
    return Worth(
        benefit=benefit,
        cost=cost,
        npv=benefit - cost,
        benefit_cost=benefit / cost if cost > 0 else math.nan,
        rate=internal_rate(net),
        payback=payback(net),
        discounted_payback=payback(factors * net),
    )
