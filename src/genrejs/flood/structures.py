"""Gates, pumps, weirs, culverts, bridges, drains and rating curves from a TOML file, by map coordinates."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import LineString, Polygon

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.flood.rain import MM_PER_HOUR
from genrejs.hazard.faces import line_faces
from genrejs.hazard.flood.problem import Series, Works
from genrejs.hazard.flood.structures import Bridge, Culvert, Drain, Gate, Pump, Rating, Weir

KINDS: Mapping[str, type[Any]] = {
    "gate": Gate, "pump": Pump, "weir": Weir, "culvert": Culvert, "bridge": Bridge, "drain": Drain, "rating": Rating,
}  # fmt: skip
POINTS = ("outer", "inner", "intake", "inlet", "outlet")
STANDS_FOR = {
    "east_faces": "line", "south_faces": "line", "rows": "area", "columns": "area", "levels": "curve",
    "discharges": "curve",
}  # fmt: skip
"""What is written in the file for what the solver takes."""
RENAMED = {("drain", "capacity"): "capacity_mm_h"}
LINE, AREA = 2, 3
"""Fewest points of a line and of an area."""


def read_structures(given: Mapping[str, Any] | Path | str, grid: Grid) -> tuple[Works, tuple[Rating, ...]]:
    """Return the structures of a TOML file, or of a mapping of the same shape: a list of tables for each kind.

    Raises
    ------
    InputError
        The file cannot be read, a kind or key is not known or missing, or a place lies outside the terrain.
    """
    tables = given if isinstance(given, Mapping) else _toml(Path(given))
    for kind in tables:
        if kind not in KINDS:
            raise InputError(f"The structures have no kind {kind!r}; {_hint(kind, KINDS)}")
    parts = {kind: tuple(_build(kind, table, grid) for table in tables.get(kind, ())) for kind in KINDS}
    ratings = parts.pop("rating")
    return Works(**{f"{kind}s": built for kind, built in parts.items()}), ratings


def _toml(path: Path) -> Mapping[str, Any]:
    """Return the tables of a file."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"The structures {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The structures {path} are not written in UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The structures {path} are no TOML: {error}.") from error
    for kind, value in tables.items():
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            raise InputError(f"The structures {path}: each {kind} begins with [[{kind}]].")
    return tables


def _hint(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}."


def _written(kind: str) -> dict[str, bool]:
    """Return the keys of a kind in the file, and whether each must be there."""
    keys: dict[str, bool] = {}
    for field in fields(KINDS[kind]):
        key = RENAMED.get((kind, field.name), STANDS_FOR.get(field.name, field.name))
        keys[key] = keys.get(key, False) or (field.default is MISSING and field.default_factory is MISSING)
    return keys


def _build(kind: str, table: Mapping[str, Any], grid: Grid) -> Any:
    """Return one structure."""
    what, keys = f"The {kind} {table.get('name', '(without a name)')!r}", _written(kind)
    for key in table:
        if key not in keys:
            raise InputError(f"{what} has no key {key!r}; {_hint(key, keys)}")
    for key, needed in keys.items():
        if needed and key not in table:
            raise InputError(
                f"{what} lacks the key {key!r}; it needs {', '.join(k for k, must in keys.items() if must)}."
            )
    given: dict[str, Any] = {}
    for key, value in table.items():
        given |= _laid(what, kind, (key, value), grid)
    return KINDS[kind](**given)


def _laid(what: str, kind: str, entry: tuple[str, Any], grid: Grid) -> dict[str, Any]:
    """Return what the solver takes for one key of the file."""
    key, value = entry
    if key in POINTS:
        return {key: _cell(f"{what}, {key}", value, grid)}
    if key == "line":
        east, south = line_faces(LineString(_pairs(f"{what}, line", value, LINE)), grid)
        if not len(east) + len(south):
            raise InputError(f"{what}: its line lies outside the terrain {grid.bounds} ({grid.crs}).")
        return {"east_faces": east, "south_faces": south}
    if key == "area":
        return dict(zip(("rows", "columns"), _cells(what, value, grid), strict=True))
    if key in ("curve", "schedule"):
        x, y = _pairs(f"{what}, {key}", value, 1).T
        taken: dict[str, Any] = {"schedule": Series(x, y)} if key == "schedule" else {"curve": (x, y)}
        return {"levels": x, "discharges": y} if kind == "rating" else taken
    plain = _plain(what, kind, (key.removesuffix("_mm_h"), value))
    return {key: plain} if key == key.removesuffix("_mm_h") else {key.removesuffix("_mm_h"): plain * MM_PER_HOUR}


def _plain(what: str, kind: str, entry: tuple[str, Any]) -> Any:
    """Return a number, a word or a yes or no, as the field takes it."""
    key, value = entry
    wanted = next(str(field.type) for field in fields(KINDS[kind]) if field.name == key).split(" ")[0]
    if wanted == "float":
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
        value = float(value) if fits else value
    elif wanted == "int":
        fits = isinstance(value, int) and not isinstance(value, bool)
    else:
        fits = isinstance(value, bool if wanted == "bool" else str)
    if not fits:
        raise InputError(f"{what}: {key} must be {_WORDS[wanted]}; got {value!r}.")
    return value


_WORDS = {"float": "a number", "int": "a whole number", "bool": "true or false", "str": "text"}


def _pairs(what: str, value: Any, least: int) -> Any:
    """Return pairs of numbers ``(n, 2)``."""
    try:
        pairs = np.array(value, np.float64)
    except (TypeError, ValueError):
        pairs = np.zeros(0)
    if pairs.shape != (len(pairs), 2) or len(pairs) < least or not np.isfinite(pairs).all():
        raise InputError(f"{what} must be at least {least} pairs of numbers such as [[1.0, 2.0]]; got {value!r}.")
    return pairs


def _cell(what: str, value: Any, grid: Grid) -> tuple[int, int]:
    """Return the cell of a point [x, y]."""
    x, y = _pairs(what, [value], 1)[0]
    try:
        return grid.index(float(x), float(y))
    except InputError as error:
        raise InputError(f"{what}: {error}") from error


def _cells(what: str, value: Any, grid: Grid) -> tuple[Any, Any]:
    """Return rows and columns of the cells whose centre lies in an area."""
    area = Polygon(_pairs(f"{what}, area", value, AREA))
    x, y = np.meshgrid(grid.x, grid.y)
    rows, columns = np.nonzero(shapely.contains_xy(area, x, y))
    if rows.size == 0:
        raise InputError(f"{what}: no cell's centre lies in its area.")
    return rows, columns
