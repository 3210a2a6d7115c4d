"""What time does to installations: they wear where too little is renewed, and they come to lean on IT."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from genrejs.projection.levels import BASE_YEAR, YEARS, Floats, between

MEAN_AGE = 30.0  # [year] of installations in the base year (assumption)
RENEWED = (1 / 30, 1 / 40, 1 / 80)  # of the stock a year, by level of wear; 1/30 keeps the age (assumption)
WEIBULL_SHAPE = 2.0  # of the life of an installation: the failure rate rises in proportion to age (assumption)
REPAIR_GROWS = 0.5  # of the growth of the failure rate is growth of repair work (assumption)
DEPTH_FALLS = 0.25  # of it makes seals fail at less water (assumption)
DIGITAL = 0.60  # of what IT can do for the services leans on it in the base year (assumption)
UPTAKE = 0.08  # [1/year] how fast the uptake goes (assumption)
DIGITAL_END = (0.70, 0.80, 0.90)  # where the uptake ends, by level (assumption)
ASSETS = ("asset_age", "failure_ratio", "repair_ratio", "fail_depth_ratio", "digital_share")


def project_assets(wear: ArrayLike, digital: ArrayLike) -> Mapping[str, Floats]:
    """Return the series of ASSETS by name ``(n, year)``, at positions 0..1 ``(n,)`` on wear and digital dependency."""
    wear, digital = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (wear, digital))
    age = mean_age(MEAN_AGE, between(wear, *RENEWED))
    failing = failure_ratio(age)
    return {
        "asset_age": age,
        "failure_ratio": failing,
        "repair_ratio": 1.0 + REPAIR_GROWS * (failing - 1.0),
        "fail_depth_ratio": 1.0 / (1.0 + DEPTH_FALLS * (failing - 1.0)),
        "digital_share": uptake(between(digital, *DIGITAL_END)),
    }


def mean_age(start: float, renewed: ArrayLike) -> Floats:
    """Return the mean age ``(n, year)`` [year] of a stock of which the share `renewed` ``(n,)`` a year becomes new.

    Everything grows a year older and the renewed starts again: A' = 1 - r A, which ends at 1/r.
    """
    rate = np.asarray(renewed, dtype=np.float64)[:, None]
    return np.asarray(1.0 / rate + (start - 1.0 / rate) * np.exp(-rate * (YEARS - BASE_YEAR)), dtype=np.float64)


def failure_ratio(age: Floats) -> Floats:
    """Return the Weibull failure rate at the mean age, relative to the base year's ``(n, year)``."""
    return np.asarray((age / age[:, :1]) ** (WEIBULL_SHAPE - 1.0), dtype=np.float64)


def uptake(end: ArrayLike) -> Floats:
    """Return the digital share ``(n, year)``: logistic from DIGITAL in the base year to each `end` ``(n,)``."""
    top = np.asarray(end, dtype=np.float64)[:, None]
    left = (top - DIGITAL) / DIGITAL
    return np.asarray(top / (1.0 + left * np.exp(-UPTAKE * (YEARS - BASE_YEAR))), dtype=np.float64)
