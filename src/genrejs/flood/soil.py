"""How much water the ground takes: rates in mm/h, or soil by class with the parameters of a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from genrejs.errors import InputError
from genrejs.flood.rain import MM_PER_HOUR
from genrejs.flood.surface import Surface, on_cells
from genrejs.flood.tables import read_table
from genrejs.hazard.flood.problem import Floats, Soil

PER_HOUR = 1.0 / 3600.0
MILLIMETRE = 1e-3
WHAT = "The soil table (--soil-table)"
COLUMNS = {
    "constant": {"rate_mm_h": MM_PER_HOUR},
    "horton": {"first_mm_h": MM_PER_HOUR, "last_mm_h": MM_PER_HOUR, "decay_per_h": PER_HOUR},
    "green-ampt": {"conductivity_mm_h": MM_PER_HOUR, "suction_mm": MILLIMETRE, "deficit": 1.0},
}
"""Columns of the table by kind of soil, and what each is worth in SI units."""


def read_rate(what: str, given: Any, surface: Surface) -> Floats | None:
    """Return a rate [m/s] ``(y, x)`` from mm/h: a number, DataArray or GeoTIFF; None for None.

    Raises
    ------
    InputError
        It is none of these, or negative somewhere.
    """
    if given is None:
        return None
    rate = on_cells(what, given, surface)
    if (rate[np.isfinite(rate)] < 0).any():
        raise InputError(f"{what} must be 0 mm/h or more everywhere; its lowest value is {np.nanmin(rate):g}.")
    return np.where(np.isfinite(rate), rate, 0.0) * MM_PER_HOUR


def read_soil(classes: Any, table: Any, surface: Surface) -> Soil | None:
    """Return soil by class: a raster of class numbers, and a table of class and the columns of one kind of soil.

    Raises
    ------
    InputError
        One of the two is missing, the table has the columns of no kind, or a class of the raster is not in it.
    """
    if classes is None and table is None:
        return None
    if classes is None or table is None:
        raise InputError(
            "Soil takes both: classes on the cells (--soil) and a table of their parameters (--soil-table)."
        )
    kind, rows = _read_parameters(table)
    field = on_cells("The soil classes (--soil)", classes, surface)
    known = rows["class"].to_numpy()
    free = np.isfinite(surface.elevation)
    if np.isnan(field[free]).any():
        row, column = np.argwhere(free & np.isnan(field))[0]
        raise InputError(
            f"The soil classes (--soil) have no class at row {row}, column {column}, where there is ground."
        )
    strange = np.setdiff1d(field[free], known)
    if strange.size:
        raise InputError(f"The soil class {strange[0]:g} is on the cells, but not in the table of parameters.")
    order = np.argsort(known)
    places = np.searchsorted(known[order], np.where(free, field, known[order[0]]))
    parameters = np.column_stack([rows[name].to_numpy()[order] * unit for name, unit in COLUMNS[kind].items()])
    return Soil(kind, places.astype(np.uint8), parameters)


def _read_parameters(table: Any) -> tuple[str, Any]:
    """Return the kind of soil whose columns the table has, and its rows."""
    rows = read_table(WHAT, table, ("class",))
    if rows["class"].duplicated().any():
        raise InputError(f"The soil class {rows['class'].mode()[0]:g} comes twice in the table.")
    kinds = [kind for kind, columns in COLUMNS.items() if set(columns) <= set(rows.columns)]
    if len(kinds) > 1:
        raise InputError(f"{WHAT} has the columns of several kinds of soil, {' and '.join(kinds)}; give those of one.")
    if kinds:
        return kinds[0], read_table(WHAT, table, ("class", *COLUMNS[kinds[0]]))
    wanted = "; ".join(", ".join(columns) for columns in COLUMNS.values())
    raise InputError(f"{WHAT} needs beside class the columns of one kind of soil: {wanted}.")
