"""What is accepted of structures: every wrong one gets one sentence with its name."""

from __future__ import annotations

from typing import Any

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.flood.problem import LEAST_POROSITY, Ground, Series
from genrejs.hazard.flood.structures import CULVERT_SHAPES, GATE_RULES, Bridge, Culvert, Drain, Gate, Pump, Weir, Works


def check_works(ground: Ground, works: Works) -> None:
    """Raise InputError for structures on cells that are not there or with sizes that make no sense."""
    for pump in works.pumps:
        _check_pump(pump, ground)
    for weir in works.weirs:
        _check_weir(weir, ground)
    for culvert in works.culverts:
        _check_culvert(culvert, ground)
    for gate in works.gates:
        _check_gate(gate, ground)
    for bridge in works.bridges:
        _check_bridge(bridge, ground)
    for drain in works.drains:
        _check_drain(drain, ground)


def _check_pump(pump: Pump, ground: Ground) -> None:
    what = f"The pump {pump.name!r}"
    check_cell(what, pump.intake, ground)
    check_cell(what, pump.outlet, ground)
    if pump.capacity < 0 or pump.stops_at > pump.starts_at:
        raise InputError(f"{what} needs a capacity of 0 or more and must stop below where it starts.")
    if pump.curve is not None:
        check_curve(what, pump.curve)


def _check_weir(weir: Weir, ground: Ground) -> None:
    what = f"The weir {weir.name!r}"
    check_cell(what, weir.intake, ground)
    check_cell(what, weir.outlet, ground)
    if weir.width <= 0:
        raise InputError(f"{what} needs a width above 0 m; got {weir.width}.")
    if not 0 < weir.coefficient < 10:
        raise InputError(f"{what} needs a coefficient between 0 and 10 m0.5/s; got {weir.coefficient}.")


def _check_culvert(culvert: Culvert, ground: Ground) -> None:
    what = f"The culvert {culvert.name!r}"
    check_cell(what, culvert.inlet, ground)
    check_cell(what, culvert.outlet, ground)
    if culvert.shape not in CULVERT_SHAPES:
        raise InputError(f"{what} has the shape {culvert.shape!r}; accepted: {', '.join(CULVERT_SHAPES)}.")
    sizes = [culvert.width, culvert.length, *([culvert.height] if culvert.shape == "box" else [])]
    if not all(np.isfinite(size) and size > 0 for size in sizes) or culvert.barrels < 1:
        raise InputError(f"{what} needs a width, height and length above 0 m and at least one barrel.")
    if min(culvert.manning, culvert.entry_loss, culvert.exit_loss) < 0 or culvert.exit_loss + culvert.entry_loss <= 0:
        raise InputError(f"{what} needs a Manning's n and losses of 0 or more, and a loss at one end at least.")
    if not np.isfinite([culvert.invert_in, culvert.invert_out]).all():
        raise InputError(f"{what} needs an invert level [m] at both ends.")


def _check_gate(gate: Gate, ground: Ground) -> None:
    what = f"The gate {gate.name!r}"
    check_cell(what, gate.outer, ground)
    check_cell(what, gate.inner, ground)
    if gate.rule not in GATE_RULES:
        raise InputError(f"{what} has the rule {gate.rule!r}; accepted: {', '.join(GATE_RULES)}.")
    if (gate.rule == "schedule") != (gate.schedule is not None):
        raise InputError(f"{what} needs a schedule with the rule 'schedule', and with no other.")
    if gate.schedule is not None:
        check_series(f"The schedule of the gate {gate.name!r}", gate.schedule)
    if gate.seconds < 0 or ((gate.seconds > 0 or gate.schedule is not None) and not np.isfinite(gate.crest)):
        raise InputError(
            f"{what} moves in {gate.seconds} s; a gate that takes time or is part shut needs a finite crest."
        )


def _check_bridge(bridge: Bridge, ground: Ground) -> None:
    what = f"The bridge {bridge.name!r}"
    if bridge.top < bridge.soffit or not 0 < bridge.open_share <= 1:
        raise InputError(f"{what} needs a top above its soffit and an open share above 0 and at most 1.")
    rows, columns = ground.elevation.shape
    for faces, last in ((bridge.east_faces, (rows, columns - 1)), (bridge.south_faces, (rows - 1, columns))):
        pairs = np.asarray(faces, np.int64).reshape(-1, 2)
        if ((pairs < 0) | (pairs >= np.array(last))).any():
            raise InputError(f"{what} has faces outside the grid of {rows} rows and {columns} columns.")


def _check_drain(drain: Drain, ground: Ground) -> None:
    what = f"The drain {drain.name!r}"
    check_cells(what, drain.rows, drain.columns, ground)
    if drain.outlet is not None:
        check_cell(f"The outlet of the drain {drain.name!r}", drain.outlet, ground)
    capacity = np.asarray(drain.capacity, np.float64)
    if capacity.shape not in ((), (len(drain.rows),)) or not (np.isfinite(capacity).all() and (capacity >= 0).all()):
        raise InputError(f"{what} needs a capacity of 0 m/s or more, one number or one for each of its cells.")


def check_curve(what: str, curve: tuple[Any, Any]) -> None:
    """Raise InputError for a curve whose first numbers do not rise or whose discharges are negative."""
    x, y = (np.asarray(values, np.float64) for values in curve)
    if x.ndim != 1 or x.size == 0 or x.shape != y.shape or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError(f"{what} needs a curve with as many levels or heads as discharges, at least one, all numbers.")
    if (np.diff(x) <= 0).any() or (y < 0).any():
        raise InputError(f"{what} needs a curve whose levels or heads rise and whose discharges are 0 or more.")


def check_series(what: str, series: Series, negative: bool = False) -> None:
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


def check_cells(what: str, rows: Any, columns: Any, ground: Ground) -> None:
    """Raise InputError when there are no cells or one of them lies outside the grid or holds no water."""
    if len(rows) == 0 or len(rows) != len(columns):
        raise InputError(f"{what} needs at least one cell, as many rows as columns.")
    for row, column in zip(rows, columns, strict=True):
        check_cell(what, (int(row), int(column)), ground)


def check_cell(what: str, place: tuple[int, int], ground: Ground) -> None:
    """Raise InputError when a cell lies outside the grid or holds no water."""
    rows, columns = ground.elevation.shape
    row, column = place
    if not (0 <= row < rows and 0 <= column < columns):
        raise InputError(f"{what} lies at row {row}, column {column}; the grid has {rows} rows and {columns} columns.")
    built = ground.blocked is not None and ground.blocked[row, column]
    built = built or (ground.porosity is not None and ground.porosity[row, column] < LEAST_POROSITY)
    if built or not np.isfinite(ground.elevation[row, column]):
        raise InputError(
            f"{what} lies at row {row}, column {column}, where a building stands or the ground is unknown."
        )
