"""Levels, inflows and gauges from text, tables and series, checked row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from genrejs.city.grid import Floats, Grid
from genrejs.errors import InputError
from genrejs.flood.surface import number
from genrejs.hazard.flood.problem import Inflow, Series


def level_series(given: Any) -> Series:
    """Return a level [m] from a number, or from a table or a series of metres over time.

    Raises
    ------
    InputError
        It is none of these.
    """
    if isinstance(given, (int, float, np.number)) or (isinstance(given, str) and not is_csv(given)):
        return Series(np.zeros(1), np.array([number("The level (--level, a number or the path of a .csv)", given)]))
    return over_time("The level", given, "level_m")


def is_csv(given: Path | str) -> bool:
    """Return whether text or a path names a table."""
    return isinstance(given, Path) or Path(given).suffix.lower() == ".csv"


def over_time(what: str, given: Any, column: str) -> Series:
    """Return values over seconds from a table, series or array as they are; raise InputError for anything else."""
    if isinstance(given, Series):
        return given
    if isinstance(given, xr.DataArray):
        if given.ndim != 1:
            raise InputError(f"{what} must have one dimension, time; it has {given.dims}.")
        given = given.to_series()
    if isinstance(given, pd.Series):
        return Series(seconds_of(what, given.index), numbers(what, given))
    if isinstance(given, (pd.DataFrame, str, Path)):
        table = read_table(what, given, ("time_s", column))
        return Series(table["time_s"].to_numpy(), table[column].to_numpy())
    raise InputError(f"{what} must be text, a table, a series over time or a path; got {type(given).__name__}.")


def seconds_of(what: str, index: pd.Index[Any]) -> Floats:
    """Return the times of an index as seconds from its first moment or, where they are durations or numbers, from 0.

    Raises
    ------
    InputError
        They are no times.
    """
    if isinstance(index, pd.DatetimeIndex):
        index = pd.TimedeltaIndex(index - index[0])
    if isinstance(index, pd.TimedeltaIndex):
        return np.asarray(index.total_seconds(), np.float64)
    return numbers(f"{what}'s time [s]", index)


def numbers(what: str, values: Any) -> Floats:
    """Return values as float64; raise InputError where they are no numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} must hold numbers.") from error


def read_inflows(given: Any, grid: Grid) -> tuple[Inflow, ...]:
    """Return the inflows of a table of name, x, y, time_s, discharge_m3_s: one cell for each name.

    Raises
    ------
    InputError
        A column is missing, a value is no number, or a point lies outside.
    """
    table = read_table("The inflows", given, ("x", "y", "time_s", "discharge_m3_s"), name=True)
    inflows = []
    for name, part in table.groupby("name", sort=False):
        row, column = _cell(f"The inflow {name!r}", part["x"].iloc[0], part["y"].iloc[0], grid)
        series = Series(part["time_s"].to_numpy(), part["discharge_m3_s"].to_numpy())
        inflows.append(Inflow(str(name), np.array([row]), np.array([column]), series))
    return tuple(inflows)


def read_gauges(given: Any, grid: Grid) -> dict[str, tuple[int, int]]:
    """Return the cell of each gauge in a table of name, x, y, or in a layer of points with a name.

    Raises
    ------
    InputError
        A column is missing, a name comes twice, or a point lies outside.
    """
    if given is None:
        return {}
    if isinstance(given, gpd.GeoDataFrame):
        points = given.to_crs(grid.crs).geometry
        given = pd.DataFrame(given.drop(columns=given.geometry.name)).assign(x=points.x, y=points.y)
    table = read_table("The gauges", given, ("x", "y"), name=True)
    if table["name"].duplicated().any():
        raise InputError(f"The gauges need different names; {table['name'].mode()[0]!r} comes twice.")
    rows = table.itertuples(index=False)
    return {str(row.name): _cell(f"The gauge {row.name!r}", row.x, row.y, grid) for row in rows}


def _cell(what: str, x: Any, y: Any, grid: Grid) -> tuple[int, int]:
    """Return the cell at a point; raise InputError with its owner's name."""
    try:
        return grid.index(float(x), float(y))
    except InputError as error:
        raise InputError(f"{what}: {error}") from error


def read_table(what: str, given: Any, numbers: tuple[str, ...], name: bool = False) -> pd.DataFrame:
    """Return a table or CSV file with the wanted columns as finite numbers.

    Raises
    ------
    InputError
        A column is missing or a value is no number: with file, column and row.
    """
    wanted = ("name", *numbers) if name else numbers
    if isinstance(given, pd.DataFrame):
        table, place = given.reset_index(drop=True), what
    elif isinstance(given, (str, Path)):
        table, place = _csv(given, wanted), f"{what} in {given}"
    else:
        raise InputError(f"{what} must be a table or the path of a CSV file; got {type(given).__name__}.")
    missing = [column for column in wanted if column not in table.columns]
    if missing or table.empty:
        lack = f"lack the column {missing[0]}" if missing else "have no rows"
        raise InputError(f"{place}: they {lack}; wanted: {', '.join(wanted)}.")
    return table.assign(**{column: _column(place, table, column) for column in numbers})


def _csv(path: str | Path, wanted: tuple[str, ...]) -> pd.DataFrame:
    """Return a CSV table as text; raise InputError when it cannot be read."""
    try:
        return pd.read_csv(path, dtype=str, encoding="utf-8-sig", skipinitialspace=True)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path} cannot be read as a CSV table with the columns {', '.join(wanted)}.") from error


def _column(place: str, table: pd.DataFrame, column: str) -> Floats:
    """Return a column as finite numbers; raise InputError with the first row that is none."""
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64)
    if not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values))[0])
        raise InputError(f"{place}, row {row + 1}: {column} must be a number; got {table[column].iloc[row]!r}.")
    return np.asarray(values)
