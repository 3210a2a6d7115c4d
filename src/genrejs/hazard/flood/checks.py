"""What `simulate` accepts: every wrong input gets one sentence."""

from __future__ import annotations

from typing import Any

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.flood.options import ENGINES, HIGHEST_FACTOR, ORDERS, PRECISIONS, SCHEMES, Options
from genrejs.hazard.flood.problem import LEAST_POROSITY, Forcing, Ground, Works
from genrejs.hazard.flood.soil import SOIL_KINDS
from genrejs.hazard.flood.works_checks import (
    check_cell,
    check_cells,
    check_curve,
    check_series,
    check_works,
)

MOST_CLASSES = 255
"""Classes of soil and zones of rain that fit a byte."""


def check(ground: Ground, forcing: Forcing, works: Works, duration: float, options: Options) -> None:
    """Raise InputError for the first thing that cannot be computed."""
    if not (np.isfinite(duration) and duration > 0):
        raise InputError(f"The duration of a flood must be above 0 s; got {duration}.")
    _check_options(options)
    _check_ground(ground)
    _check_forcing(ground, forcing)
    check_works(ground, works)
    for place in options.gauges:
        check_cell("A gauge", place, ground)


def _check_options(options: Options) -> None:
    """Raise InputError for a setting outside its range."""
    if options.scheme not in SCHEMES:
        raise InputError(f"The scheme {options.scheme!r} is not known; accepted: {', '.join(SCHEMES)}.")
    if options.order not in ORDERS:
        raise InputError(f"The order of the shallow-water scheme must be 1 or 2; got {options.order}.")
    if options.precision not in PRECISIONS:
        raise InputError(f"The precision must be 32 or 64 bits; got {options.precision}.")
    if options.engine not in ENGINES:
        raise InputError(f"The engine {options.engine!r} is not known; accepted: {', '.join(ENGINES)}.")
    ranges = {
        "factor": (options.factor, 0.0, HIGHEST_FACTOR),
        "theta": (options.theta, 0.5, 1.0),
        "dry": (options.dry, 0.0, 0.1),
        "longest_step": (options.longest_step, 0.0, 3600.0),
        "every": (1.0 if options.every is None else options.every, 0.0, 1e9),
        "threads": (1 if options.threads is None else options.threads, 0, 4096),
    }
    if any(not options.dry < depth < 1e3 for depth in options.thresholds):
        raise InputError(
            f"The flood option thresholds takes depths from {options.dry:g} to 1000 m; got {options.thresholds}."
        )
    for name, (value, low, high) in ranges.items():
        if not low < value <= high:
            raise InputError(f"The flood option {name} must be above {low:g} and at most {high:g}; got {value}.")


def _check_ground(ground: Ground) -> None:
    """Raise InputError for arrays that do not fit or hold impossible values."""
    shape = ground.elevation.shape
    if len(shape) != 2 or min(shape) < 1:
        raise InputError(f"The elevation must be an array (y, x) with at least one cell; got the shape {shape}.")
    if not (np.isfinite(ground.cell) and ground.cell > 0):
        raise InputError(f"The cell size must be above 0 m; got {ground.cell}.")
    free = np.isfinite(ground.elevation)
    if ground.blocked is not None:
        check_shape("flood's blocked", ground.blocked, shape)
        free = free & ~ground.blocked
    if ground.porosity is not None:
        _check_pores(ground, free)
        free = free & (ground.porosity >= LEAST_POROSITY)
    if not free.any():
        raise InputError("No cell can hold water: every elevation is missing or every cell is blocked.")
    rates = {
        "manning": ground.manning, "infiltration": ground.infiltration, "drain_capacity": ground.drain_capacity,
    }  # fmt: skip
    for name, array in rates.items():
        if array is not None:
            _check_field(f"flood's {name}", array, free)
    if ground.soil is not None:
        _check_soil(ground, free)


def _check_field(what: str, array: Any, free: Any) -> None:
    """Raise InputError for an array that does not lie on the cells or is negative or unknown where there is ground."""
    check_shape(what, array, free.shape)
    bad = free & ~(np.isfinite(array) & (np.asarray(array) >= 0))
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise InputError(
            f"The {what} must be a number of 0 or more in every cell with ground; it is "
            f"{array[row, column]} at row {row}, column {column} ({int(bad.sum())} such cells)."
        )


def _check_pores(ground: Ground, free: Any) -> None:
    """Raise InputError for open shares outside 0 to 1, or those of faces without those of cells."""
    shares = {"porosity": ground.porosity, "open_east": ground.open_east, "open_south": ground.open_south}
    for name, array in shares.items():
        if array is None:
            continue
        _check_field(f"flood's {name}", array, free)
        if float(np.max(array, where=free, initial=0.0)) > 1.0:
            raise InputError(f"The flood's {name} is a share from 0 to 1; its highest value is {np.nanmax(array):g}.")


def _check_soil(ground: Ground, free: Any) -> None:
    """Raise InputError for soil of an unknown kind, of classes without parameters or beside constant infiltration."""
    soil = ground.soil
    assert soil is not None
    if soil.kind not in SOIL_KINDS:
        raise InputError(f"The kind of soil {soil.kind!r} is not known; accepted: {', '.join(SOIL_KINDS)}.")
    if ground.infiltration is not None:
        raise InputError("The ground has both an infiltration and a soil; give one of them.")
    check_shape("soil's classes", soil.classes, free.shape)
    table = np.asarray(soil.parameters, np.float64)
    if table.ndim != 2 or table.shape[1] != SOIL_KINDS[soil.kind] or not 0 < len(table) <= MOST_CLASSES:
        raise InputError(
            f"The soil's parameters need {SOIL_KINDS[soil.kind]} numbers for each of 1 to {MOST_CLASSES} classes "
            f"({soil.kind}); got the shape {table.shape}."
        )
    if not (np.isfinite(table).all() and (table >= 0).all()):
        raise InputError("The soil's parameters must be numbers of 0 or more.")
    if soil.kind == "horton" and (table[:, 0] < table[:, 1]).any():
        raise InputError("Horton's first rate must not be below the last rate; the soil has such a class.")
    _check_numbers("soil's classes", np.asarray(soil.classes)[free], 0, len(table) - 1)


def _check_numbers(what: str, values: Any, low: int, high: int) -> None:
    """Raise InputError for class numbers outside their range or with a fraction."""
    if not (np.isin(values, np.arange(low, high + 1))).all():
        raise InputError(f"The {what} must be whole numbers from {low} to {high} in every cell with ground.")


def check_shape(what: str, array: Any, shape: tuple[int, ...]) -> None:
    """Raise InputError when an array does not lie on the elevation's cells."""
    if array.shape != shape:
        raise InputError(f"The {what} has the shape {array.shape}; the elevation has {shape}.")


def _check_forcing(ground: Ground, forcing: Forcing) -> None:
    """Raise InputError for forcing that cannot be imposed."""
    if (forcing.level is None) != (forcing.level_cells is None):
        raise InputError("A sea level needs both its series and the cells where it is imposed; one of them is missing.")
    if forcing.level is not None and forcing.level_cells is not None:
        check_shape("flood's level_cells", forcing.level_cells, ground.elevation.shape)
        check_series("The level", forcing.level, negative=True)
    if forcing.rain is not None:
        check_series("The rain", forcing.rain)
    _check_zones(ground, forcing)
    for inflow in forcing.inflows:
        check_series(f"The inflow {inflow.name!r}", inflow.discharge)
        check_cells(f"The inflow {inflow.name!r}", inflow.rows, inflow.columns, ground)


def _check_zones(ground: Ground, forcing: Forcing) -> None:
    """Raise InputError for zones without rain, rain without zones, or a factor that makes no sense."""
    free = np.isfinite(ground.elevation)
    if (forcing.rain_zones is None) != (not forcing.zone_rain):
        raise InputError("Rain by zone needs both the map rain_zones and its series zone_rain; one of them is missing.")
    if len(forcing.zone_rain) > MOST_CLASSES:
        raise InputError(f"Rain falls in at most {MOST_CLASSES} zones; got {len(forcing.zone_rain)}.")
    for number, series in enumerate(forcing.zone_rain):
        check_series(f"The rain of zone {number}", series)
    if forcing.rain_zones is not None:
        check_shape("flood's rain_zones", forcing.rain_zones, free.shape)
        _check_numbers("flood's rain_zones", np.asarray(forcing.rain_zones)[free], -1, len(forcing.zone_rain) - 1)
    if forcing.rain_factor is not None:
        _check_field("flood's rain_factor", forcing.rain_factor, free)
    for rating in forcing.ratings:
        what = f"The rating edge {rating.name!r}"
        check_curve(what, (rating.levels, rating.discharges))
        check_cells(what, rating.rows, rating.columns, ground)
