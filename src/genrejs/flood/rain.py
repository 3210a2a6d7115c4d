"""Rain from text, tables, series and fields over time, as the solver takes it: everywhere the same, or by zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.flood.surface import Surface
from genrejs.flood.tables import is_csv, numbers, over_time, seconds_of
from genrejs.hazard.flood.problem import Series
from genrejs.units import read_rain

END_OF_RAIN = 1e-6
"""[s] in which an even rain stops."""
MM_PER_HOUR = 1.0 / 3.6e6
"""[m/s] of one millimetre an hour."""
MOST_ZONES = 200
"""Cells of a rain field that may lie over the terrain with rain of their own; the solver counts zones in 8 bits."""


@dataclass(frozen=True)
class Rain:
    """Rain [m/s]: one `series` for all cells, or `zone_series` by the number in `zones` ``(y, x)``."""

    series: Series | None = None
    zones: NDArray[np.int64] | None = None
    zone_series: tuple[Series, ...] = ()


def read_rain_over(given: Any, surface: Surface) -> Rain:
    """Return rain from "60mm/1h", a table or series of mm/h over time, or a field ``(time, y, x)`` of mm/h.

    A field's cells may be larger than the terrain's (radar): every cell of the terrain takes the rain of the field's
    cell it lies in.

    Raises
    ------
    InputError
        It is none of these, or a field does not cover the terrain.
    """
    if isinstance(given, xr.DataArray) and {"y", "x"} <= set(given.dims):
        return _field(given, surface)
    if isinstance(given, Series):
        return Rain(given)
    if isinstance(given, str) and not is_csv(given):
        depth, duration = read_rain(given)
        times = np.array([0.0, duration, duration + END_OF_RAIN])
        return Rain(Series(times, np.array([1.0, 1.0, 0.0]) * depth / duration))
    return Rain(over_time("The rain", given, "intensity_mm_h").scaled(MM_PER_HOUR))


def _field(given: xr.DataArray, surface: Surface) -> Rain:
    """Return a field of rain as zones; cells with the same rain share one."""
    if set(given.dims) != {"time", "y", "x"} or any(name not in given.coords for name in given.dims):
        raise InputError(f"A field of rain needs the dimensions time, y and x with coordinates; it has {given.dims}.")
    rows = _nearest(given, "y", surface.y)
    columns = _nearest(given, "x", surface.x)
    over = given.transpose("time", "y", "x").isel(y=np.unique(rows), x=np.unique(columns))
    rates = numbers("The rain", over.to_numpy()).reshape(given.sizes["time"], -1)
    own, number = np.unique(rates, axis=1, return_inverse=True)
    if own.shape[1] > MOST_ZONES:
        raise InputError(
            f"The field of rain has {own.shape[1]} cells of their own over the terrain; at most {MOST_ZONES} are "
            "accepted: coarsen it."
        )
    place = number.reshape(over.sizes["y"], over.sizes["x"])
    zones = place[np.ix_(_rank(rows), _rank(columns))]
    times = seconds_of("The rain", given.indexes["time"])
    return Rain(None, zones, tuple(Series(times, own[:, i] * MM_PER_HOUR) for i in range(own.shape[1])))


def _rank(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each place's number among the different places."""
    return np.asarray(np.unique(places, return_inverse=True)[1])


def _nearest(given: xr.DataArray, name: str, wanted: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the field's row or column that each of the terrain's lies in; raise InputError where there is none."""
    centres = numbers(f"The rain's {name}", given[name].to_numpy())
    reach = np.ptp(centres) / max(centres.size - 1, 1) / 2 if centres.size > 1 else np.inf
    distance = np.abs(wanted[:, None] - centres[None, :])
    if not (distance.min(axis=1) <= reach * (1 + 1e-6)).all():
        raise InputError(
            f"The field of rain reaches from {name} {centres.min() - reach:.0f} to {centres.max() + reach:.0f} and "
            f"does not cover the terrain, {wanted.min():.0f} to {wanted.max():.0f}."
        )
    return np.asarray(distance.argmin(axis=1))
