"""Figures that are read off one result: its damage with a range, the ground under water."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from rasterio.transform import Affine

from genrejs.city.model import City
from genrejs.impact.uncertainty import QUANTILES
from genrejs.scenario.result import Result

WET = 0.05
"""Depth from which ground counts as flooded [m] (assumption: the same as for buildings)."""

SEA_GROUND = 0.0
"""Ground below this level is fjord or stream bed and never counts as flooded [m DVR90] (assumption)."""


def damage_range(result: Result) -> tuple[float, float] | None:
    """Return the 5 % and 95 % quantiles of an event's damage over the draws [DKK]; None where none were made."""
    drawn = result.impact.damage_draws
    if drawn.size == 0:
        return None
    return float(np.quantile(drawn, QUANTILES[0])), float(np.quantile(drawn, QUANTILES[-1]))


def total_damage(result: Result) -> float:
    """Return the damage of one event [DKK]: buildings, contents, cellars, lost value, people and roads."""
    return float(result.impact.totals["damage_total"])


def flooded_area(city: City, result: Result) -> float:
    """Return the area of ordinarily dry land that stood under at least `WET` metres [m2]; 0 without water."""
    if result.footprint is None:
        return 0.0
    depth, x = result.footprint["max_depth"].to_numpy(), result.footprint["x"].to_numpy()
    return float(np.count_nonzero((depth >= WET) & dry_land(city, result.footprint)) * (x[1] - x[0]) ** 2)


def ground_under(city: City, water: xr.Dataset) -> NDArray[np.float64]:
    """Return the city's terrain on the cells of `water`, ``(y, x)`` [m DVR90], nearest cell."""
    rows, columns = city.grid.nearest(water["x"].to_numpy(), water["y"].to_numpy())
    return np.asarray(city.terrain["elevation"].to_numpy()[np.ix_(rows, columns)], dtype=np.float64)


def dry_land(city: City, water: xr.Dataset) -> NDArray[np.bool_]:
    """Return which cells of `water` are neither fjord nor stream on an ordinary day, ``(y, x)``."""
    land = ground_under(city, water) > SEA_GROUND
    if len(city.streams) == 0:
        return land
    x, y = water["x"].to_numpy(), water["y"].to_numpy()
    cell = abs(float(x[1] - x[0]))
    beds = city.streams.geometry.buffer(np.maximum(city.streams["width"].to_numpy(dtype=float), cell) / 2)
    corner = Affine(cell, 0.0, float(x[0]) - cell / 2, 0.0, -cell, float(y[0]) + cell / 2)
    return np.asarray(land & ~geometry_mask(beds, (len(y), len(x)), corner, invert=True))
