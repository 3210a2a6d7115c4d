"""Other countries' and other years' prices in kroner of the study's year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.impact.columns import not_negative

Floats = NDArray[np.float64]

CURRENCIES = ("DKK", "EUR", "USD")
"""The currencies that `to_dkk` knows."""


@dataclass(frozen=True)
class PriceSettings:
    """Exchange rates and the growth of prices; the growth is one rate a year, fitted to `growth` over its years."""

    year: int = 2024  # the study's price year
    dkk_per_eur: float = 7.45  # the krone is tied to the euro
    dkk_per_usd: float = 6.9  # assumption: about the mean of 2023-24
    growth: float = 0.35  # of prices from `growth_from` to `growth_to` (assumption, FACTS 7.1)
    growth_from: int = 2010
    growth_to: int = 2024

    def __post_init__(self) -> None:
        not_negative(self, ("dkk_per_eur", "dkk_per_usd"))
        if not (np.isfinite(self.growth) and self.growth > -1):
            raise InputError(f"The growth of prices must be above -1 (a share); got {self.growth}.")
        if self.growth_to <= self.growth_from:
            raise InputError(f"Prices grow from {self.growth_from} to a later year; got {self.growth_to}.")


def price_growth(price_year: int | None, settings: PriceSettings | None = None) -> float:
    """Return the factor from the prices of `price_year` to the study's: 1 without a price year."""
    settings = settings or PriceSettings()
    if price_year is None:
        return 1.0
    years = settings.growth_to - settings.growth_from
    return float((1.0 + settings.growth) ** ((settings.year - price_year) / years))


def to_dkk(
    amount: ArrayLike, currency: str, price_year: int | None = None, settings: PriceSettings | None = None
) -> Floats:
    """Return `amount` of `currency` in prices of `price_year` as DKK of the study's year, in the shape given.

    Without a price year the amount stands as it is, since its age is not known.

    Raises
    ------
    InputError
        When the currency is not one of `CURRENCIES`.
    """
    settings = settings or PriceSettings()
    rates = dict(zip(CURRENCIES, (1.0, settings.dkk_per_eur, settings.dkk_per_usd), strict=True))
    if currency not in rates:
        raise InputError(f"The currency '{currency}' is not known; accepted are {', '.join(CURRENCIES)}.")
    return np.asarray(amount, dtype=np.float64) * (rates[currency] * price_growth(price_year, settings))
