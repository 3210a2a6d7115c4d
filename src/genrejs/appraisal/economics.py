"""Danish social economics: stepwise discounting, cost over a measure's life, residual value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
