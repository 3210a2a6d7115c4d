"""Cloudbursts: depth by duration and return period, and the Chicago design storm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.hazard.event import HOUR
from genrejs.hazard.flood.problem import Series

MINUTE = 60.0
MILLIMETRE = 1e-3
IDF = {2.0: (346.6, 0.7168, 1.227), 10.0: (690.5, 0.7728, 2.415), 100.0: (1941.0, 0.8624, 6.836)}
"""Return period [year]: a, b, c of i = a/(t^b + c) [mm/h, t in minutes]; 10-minute depths are published, longer ones
an own fit (assumption, FACTS 6)."""
CLIMATE_FACTOR = {2.0: 1.2, 10.0: 1.3, 100.0: 1.4}
"""Factor on intensity for a 100-year horizon by return period (from general knowledge of Skrift 30: assumption)."""


def _by_log_period(period: float, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate rows of `values` (one per period of IDF) linearly in ln(period), extended beyond the table's ends."""
    if not period >= 1:
        raise InputError(f"A cloudburst's return period must be 1 year or more; got {period}.")
    knots = np.log(list(IDF))
    place = int(np.clip(np.searchsorted(knots, np.log(period)) - 1, 0, len(knots) - 2))
    weight = (np.log(period) - knots[place]) / (knots[place + 1] - knots[place])
    return np.asarray(values[place] * (1 - weight) + values[place + 1] * weight)


def depth(period: float, duration: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the rain depth [m] of `duration` [s] that is passed once in `period` years."""
    minutes = np.asarray(duration, dtype=np.float64) / MINUTE
    rows = np.array([a / (minutes**b + c) * minutes / 60.0 for a, b, c in IDF.values()])
    return _by_log_period(period, rows) * MILLIMETRE


def climate_factor(period: float) -> float:
    """Return the factor on rain intensity for the climate 100 years on (assumption), kept inside the table's range."""
    inside = float(np.clip(period, min(IDF), max(IDF)))
    return float(_by_log_period(inside, np.array(list(CLIMATE_FACTOR.values()))))


def chicago_storm(
    period: float, *, duration: float = 2 * HOUR, peak_position: float = 0.5, factor: float = 1.0
) -> Series:
    """Return the rain [m/s] over `duration` [s] whose every centred part has the `period`-year depth [keifer1957].

    Built from cumulative depths, so that its volume is exactly the table's depth times `factor`.
    """
    if not 0 < peak_position < 1 or duration <= 0 or factor <= 0:
        raise InputError("A Chicago storm needs a peak position between 0 and 1, a duration and a factor above 0.")
    step = 5 * MINUTE
    edges = np.linspace(0.0, duration, max(2, round(duration / step)) + 1)
    fallen = _fallen(period, edges, duration, peak_position)
    rates = np.diff(fallen) / np.diff(edges)
    return _linear(edges, rates, float(fallen[-1])).scaled(factor)


def _fallen(period: float, times: NDArray[np.float64], duration: float, position: float) -> NDArray[np.float64]:
    """Return the depth fallen [m] by `times`: what lies outside the storm's core of the same relative place."""
    peak = position * duration
    whole = float(depth(period, duration))
    before = np.maximum(peak - times, 0.0) / position
    after = np.maximum(times - peak, 0.0) / (1 - position)
    core = np.where(times < peak, -position * _core(period, before), (1 - position) * _core(period, after))
    return np.asarray(position * whole + core)


def _core(period: float, duration: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(duration > 0, depth(period, np.maximum(duration, 1.0)), 0.0)


def _linear(edges: NDArray[np.float64], rates: NDArray[np.float64], volume: float) -> Series:
    """Return a series linear between block middles, scaled so that it holds `volume` [m]."""
    middles = (edges[1:] + edges[:-1]) / 2
    times = np.concatenate([edges[:1], middles, edges[-1:], edges[-1:] + 1.0])
    values = np.concatenate([rates[:1], rates, rates[-1:], [0.0]])
    return Series(times, values * (volume / float(np.trapezoid(values, times))))
