"""What `simulate` accepts: every wrong input gets one sentence."""

from __future__ import annotations

from typing import Any

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.flood.options import HIGHEST_FACTOR, ORDERS, PRECISIONS, SCHEMES, Options
from genrejs.hazard.flood.problem import Forcing, Ground, Series, Works


def check(ground: Ground, forcing: Forcing, works: Works, duration: float, options: Options) -> None:
    """Raise InputError for the first thing that cannot be computed."""
    if not (np.isfinite(duration) and duration > 0):
        raise InputError(f"The duration of a flood must be above 0 s; got {duration}.")
    _check_options(options)
    _check_ground(ground)
    _check_forcing(ground, forcing)
    _check_works(ground, works)
    for place in options.gauges:
        _check_cell("A gauge", place, ground)


def _check_options(options: Options) -> None:
    """Raise InputError for a setting outside its range."""
    if options.scheme not in SCHEMES:
        raise InputError(f"The scheme {options.scheme!r} is not known; accepted: {', '.join(SCHEMES)}.")
    if options.order not in ORDERS:
        raise InputError(f"The order of the shallow-water scheme must be 1 or 2; got {options.order}.")
    if options.precision not in PRECISIONS:
        raise InputError(f"The precision must be 32 or 64 bits; got {options.precision}.")
    ranges = {
        "factor": (options.factor, 0.0, HIGHEST_FACTOR),
        "theta": (options.theta, 0.5, 1.0),
        "dry": (options.dry, 0.0, 0.1),
        "longest_step": (options.longest_step, 0.0, 3600.0),
        "every": (1.0 if options.every is None else options.every, 0.0, 1e9),
        "threads": (1 if options.threads is None else options.threads, 0, 4096),
    }
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
        _check_shape("blocked", ground.blocked, shape)
        free = free & ~ground.blocked
    if not free.any():
        raise InputError("No cell can hold water: every elevation is missing or every cell is blocked.")
    for name, array in (
        ("manning", ground.manning), ("infiltration", ground.infiltration), ("drain_capacity", ground.drain_capacity),
    ):  # fmt: skip
        if array is None:
            continue
        _check_shape(name, array, shape)
        bad = free & ~(np.isfinite(array) & (np.asarray(array) >= 0))
        if bad.any():
            row, column = np.argwhere(bad)[0]
            raise InputError(
                f"The flood's {name} must be a number of 0 or more in every cell with ground; it is "
                f"{array[row, column]} at row {row}, column {column} ({int(bad.sum())} such cells)."
            )


def _check_shape(name: str, array: Any, shape: tuple[int, ...]) -> None:
    """Raise InputError when an array does not lie on the elevation's cells."""
    if array.shape != shape:
        raise InputError(f"The flood's {name} has the shape {array.shape}; the elevation has {shape}.")


def _check_forcing(ground: Ground, forcing: Forcing) -> None:
    """Raise InputError for forcing that cannot be imposed."""
    if (forcing.level is None) != (forcing.level_cells is None):
        raise InputError("A sea level needs both its series and the cells where it is imposed; one of them is missing.")
    if forcing.level is not None and forcing.level_cells is not None:
        _check_shape("level_cells", forcing.level_cells, ground.elevation.shape)
        _check_series("The level", forcing.level, negative=True)
    if forcing.rain is not None:
        _check_series("The rain", forcing.rain)
    for inflow in forcing.inflows:
        _check_series(f"The inflow {inflow.name!r}", inflow.discharge)
        if len(inflow.rows) == 0 or len(inflow.rows) != len(inflow.columns):
            raise InputError(f"The inflow {inflow.name!r} needs at least one cell, as many rows as columns.")
        for row, column in zip(inflow.rows, inflow.columns, strict=True):
            _check_cell(f"The inflow {inflow.name!r}", (int(row), int(column)), ground)


def _check_series(what: str, series: Series, negative: bool = False) -> None:
    """Raise InputError for a series without points, out of order, not finite or, unless allowed, negative."""
    times, values = np.asarray(series.times, float), np.asarray(series.values, float)
    if times.ndim != 1 or times.size == 0 or times.shape != values.shape:
        raise InputError(f"{what} needs as many values as times, at least one; got {times.size} and {values.size}.")
    if not (np.isfinite(times).all() and np.isfinite(values).all()):
        raise InputError(f"{what} holds a time or value that is not a number.")
    if (np.diff(times) <= 0).any():
        raise InputError(f"The times of a series must rise; {what[0].lower() + what[1:]} goes back or stands still.")
    if not negative and (values < 0).any():
        raise InputError(f"{what} must not be negative; its lowest value is {values.min():g}.")


def _check_works(ground: Ground, works: Works) -> None:
    """Raise InputError for structures on cells that are not there or with sizes that make no sense."""
    for pump in works.pumps:
        _check_cell(f"The pump {pump.name!r}", pump.intake, ground)
        _check_cell(f"The pump {pump.name!r}", pump.outlet, ground)
        if pump.capacity < 0 or pump.stops_at > pump.starts_at:
            raise InputError(
                f"The pump {pump.name!r} needs a capacity of 0 or more and must stop below where it starts."
            )
    for weir in works.weirs:
        _check_cell(f"The weir {weir.name!r}", weir.intake, ground)
        _check_cell(f"The weir {weir.name!r}", weir.outlet, ground)
        if weir.width <= 0:
            raise InputError(f"The weir {weir.name!r} needs a width above 0 m; got {weir.width}.")
    for gate in works.gates:
        _check_cell(f"The gate {gate.name!r}", gate.outer, ground)
        _check_cell(f"The gate {gate.name!r}", gate.inner, ground)


def _check_cell(what: str, place: tuple[int, int], ground: Ground) -> None:
    """Raise InputError when a cell lies outside the grid or holds no water."""
    rows, columns = ground.elevation.shape
    row, column = place
    if not (0 <= row < rows and 0 <= column < columns):
        raise InputError(f"{what} lies at row {row}, column {column}; the grid has {rows} rows and {columns} columns.")
    if not np.isfinite(ground.elevation[row, column]) or (ground.blocked is not None and ground.blocked[row, column]):
        raise InputError(
            f"{what} lies at row {row}, column {column}, where a building stands or the ground is unknown."
        )
