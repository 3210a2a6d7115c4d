"""Rivers: how much water the streams bring, and when."""

from __future__ import annotations

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.flood.problem import Series

BASE_FLOW = {"Vejle Å": 6.0, "Grejs Å": 1.5, "Højen Å": 0.8}
"""[m3/s] flow on an ordinary winter day (assumption: no gauge figures were found)."""
PEAK_AT_TEN_YEARS = {"Vejle Å": 20.0, "Grejs Å": 12.0, "Højen Å": 5.0}
"""[m3/s] peak passed once in ten years (assumption, chosen so that the town floods a few times in a generation)."""
GROWTH = 0.35
"""Share of the ten-year peak that each factor of ten in return period adds (assumption)."""


def peak_flow(stream: str, period: float, *, factor: float = 1.0) -> float:
    """Return the peak discharge [m3/s] of `stream` passed once in `period` years, times a climate `factor`."""
    if stream not in PEAK_AT_TEN_YEARS:
        raise InputError(f"No stream '{stream}'; known are {', '.join(PEAK_AT_TEN_YEARS)}.")
    if not period >= 1:
        raise InputError(f"A river's return period must be 1 year or more; got {period}.")
    return PEAK_AT_TEN_YEARS[stream] * (1 + GROWTH * float(np.log10(period / 10))) * factor


def triangle(base: float, peak: float, rise: float, duration: float) -> Series:
    """Return a triangular hydrograph [m3/s] from `base` to `peak` after `rise` [s] and back after `duration` [s]."""
    if not 0 <= base <= peak:
        raise InputError(f"A flood wave needs 0 <= base flow <= peak; got {base} and {peak} m3/s.")
    if not 0 < rise < duration:
        raise InputError(f"A flood wave must rise before it ends; got {rise} s of {duration} s.")
    return Series(np.array([0.0, rise, duration]), np.array([base, peak, base]))


def steady(discharge: float) -> Series:
    """Return a constant discharge [m3/s]."""
    return Series(np.array([0.0, 1.0]), np.array([discharge, discharge]))
