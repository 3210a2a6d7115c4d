"""Storm surges: how high, how often, and the level over time."""

from __future__ import annotations

from importlib import resources
from io import StringIO

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.event import HOUR
from genrejs.hazard.flood.problem import Series

GUMBEL_LOCATION = 0.9815
"""[m] own placeholder through z20 = 1.51 m and z100 = 1.80 m (assumption; Vejle's own statistics were not found)."""
GUMBEL_SCALE = 0.1779
"""[m] see GUMBEL_LOCATION."""
SHAPE_FILE = "surge_shape.csv"


def return_level(period: float) -> float:
    """Return the sea level [m above normal] that is passed once in `period` years on average.

    Raises InputError for a period of one year or less, where the annual-maximum formula has no meaning.
    """
    if not period > 1:
        raise InputError(f"A return period must be above 1 year; got {period}.")
    return float(GUMBEL_LOCATION - GUMBEL_SCALE * np.log(-np.log(1 - 1 / period)))


def exceedance_frequency(level: float) -> float:
    """Return how often a year [1/year] the annual maximum passes `level` [m]; the inverse of `return_level`."""
    return float(-np.expm1(-np.exp(-(level - GUMBEL_LOCATION) / GUMBEL_SCALE)))


def shape() -> tuple[np.ndarray, np.ndarray]:
    """Return the surge's shape: hours from the peak and share of the peak, both ``(n,)``."""
    text = resources.files("genrejs.hazard").joinpath(SHAPE_FILE).read_text(encoding="utf-8")
    table = np.loadtxt(StringIO(text), delimiter=",", skiprows=3)
    return table[:, 0], table[:, 1]


def hydrograph(peak: float, *, before: float = 6 * HOUR, after: float = 2.5 * HOUR, stretch: float = 1.0) -> Series:
    """Return the sea level [m] over the shape's hours `before` to `after` the peak [s], all times `stretch`.

    Raises InputError for a peak that is no sea level, or times and a stretch that are not above 0.
    """
    if not np.isfinite(peak) or not -3 < peak < 10:
        raise InputError(f"A surge's peak must be a level between -3 and 10 m; got {peak}.")
    if not (before > 0 and after > 0 and stretch > 0):
        raise InputError("A surge needs time before and after its peak and a stretch above 0.")
    hours, share = shape()
    times = np.linspace(0.0, before + after, round((before + after) / 600.0) + 1)
    return Series(times * stretch, peak * np.interp((times - before) / HOUR, hours, share))
