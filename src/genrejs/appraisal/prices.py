"""Prices of other years and currencies, and the price of a life: figures with their year and where they come from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.tables import read_csv

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PriceIndex:
    """Price level by calendar year; `by_year` may be given to `AppraisalSettings.price_index`."""

    by_year: Mapping[int, float]
    source: str

    def factor(self, before: int, after: int) -> float:
        """Return the factor that turns prices of the year `before` into those of `after`.

        Raises InputError for a year that the index lacks; nothing is carried on beyond it.
        """
        for year in (before, after):
            if year not in self.by_year:
                first, last = min(self.by_year), max(self.by_year)
                raise InputError(f"The price index '{self.source}' lacks the year {year}; it runs {first} to {last}.")
        return self.by_year[after] / self.by_year[before]


def read_price_index(path: Path | str) -> PriceIndex:
    """Return the index of a CSV file with the columns `year` and `index`, one row a year.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, lacks a column or rows, or holds a year twice or an index not above 0.
    """
    path = Path(path)
    rows = read_csv(path, "the price index", ("year", "index"))
    by_year: dict[int, float] = {}
    for number, row in enumerate(rows, start=2):
        year, index = _point(row, f"{path}, line {number}")
        if year in by_year:
            raise InputError(f"{path}, line {number}: the year {year} is there twice.")
        by_year[year] = index
    return PriceIndex(by_year, path.name)


def _point(row: Mapping[str, str], where: str) -> tuple[int, float]:
    try:
        year, index = int(row["year"]), float(row["index"])
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{where}: year must be a whole number and index a number; got {list(row.values())}."
        ) from error
    if not (math.isfinite(index) and index > 0):
        raise InputError(f"{where}: the index must be above 0; got {index}.")
    return year, index


def constant_growth(first: int, last: int, growth: float, source: str = "constant growth (assumption)") -> PriceIndex:
    """Return an index that grows by the share `growth` in all from the year `first` to `last`, evenly, 100 at first.

    Raises InputError for years that do not rise and a growth of -1 or less.
    """
    if last <= first or growth <= -1:
        raise InputError(
            f"Growth needs a first year before the last and must be above -1; got {first}, {last}, {growth}."
        )
    span = last - first
    return PriceIndex({first + year: 100.0 * (1.0 + growth) ** (year / span) for year in range(span + 1)}, source)


@dataclass(frozen=True)
class LifeValue:
    """Value of a statistical life [DKK] in the prices of a year."""

    amount: float = 34e6
    price_year: int = 2020
    source: str = "Danish Ministry of Finance, as reported in politiken.dk (2020)"


LIFE_VALUE_2017 = LifeValue(32e6, 2017, "Danish Ministry of Finance, guide of August 2017")


def lives_worth(
    lives: ArrayLike, value: LifeValue | None = None, price_year: int | None = None, index: PriceIndex | None = None
) -> Floats:
    """Return the value [DKK] of `lives` spared (statistical, so fractions count), in the prices of `price_year`.

    Without a price year the value stands in its own. Raises InputError where another year is asked for without an
    index, since none is invented here.
    """
    given = value or LifeValue()
    factor = 1.0
    if price_year is not None and price_year != given.price_year:
        if index is None:
            raise InputError(
                f"The value of a life is in {given.price_year} prices; give a price index to have it in {price_year}."
            )
        factor = index.factor(given.price_year, price_year)
    return np.asarray(np.asarray(lives, np.float64) * (given.amount * factor))
