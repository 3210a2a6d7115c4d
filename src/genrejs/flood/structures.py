"""Gates, pumps, weirs, culverts, bridges, drains and rating curves from a TOML file, by map coordinates."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from numbers import Integral, Real
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
ENDLESS = {"crest", "top", "closes_at", "starts_at", "fails_from", "fails_until"}
"""Levels and times that may be without end: never overflown, never reached, for good."""
LINE, AREA = 2, 3
"""Fewest points of a line and of an area."""


def read_structures(given: Mapping[str, Any] | Path | str, grid: Grid) -> tuple[Works, tuple[Rating, ...]]:
    """Return the structures of a TOML file, or of a mapping of the same shape: a list of tables for each kind.

    Raises
    ------
    InputError
        The file cannot be read, a kind or key is not known or missing, or a place lies outside the terrain.
    """
    if not isinstance(given, (Mapping, str, Path)):
        raise InputError(f"Structures must be the path of a TOML file or a mapping; got {type(given).__name__}.")
    place = "" if isinstance(given, Mapping) else f" in {given}"
    tables = given if isinstance(given, Mapping) else _toml(Path(given))
    for kind, listed in tables.items():
        _check_kind(kind, listed, place)
    parts = {kind: _build_all(kind, tables.get(kind, ()), place, grid) for kind in KINDS}
    ratings = parts.pop("rating")
    return Works(**{f"{kind}s": built for kind, built in parts.items()}), ratings


def _check_kind(kind: str, listed: Any, place: str) -> None:
    """Raise InputError for a kind that is not known or not a list of tables."""
    if kind not in KINDS:
        raise InputError(f"The structures{place} have no kind {kind!r}; {_hint(kind, KINDS)}")
    if not isinstance(listed, (list, tuple)) or not all(isinstance(table, Mapping) for table in listed):
        raise InputError(
            f"The structures{place}: {kind} must be a list of tables; in TOML each begins with [[{kind}]]."
        )


def _build_all(kind: str, tables: Sequence[Mapping[str, Any]], place: str, grid: Grid) -> tuple[Any, ...]:
    """Return the structures of one kind; raise InputError where two have one name, by which the account tells them."""
    built: dict[str, Any] = {}
    for number, table in enumerate(tables, start=1):
        what = f"The {kind} {table['name']!r}{place}" if "name" in table else f"The {kind} number {number}{place}"
        one = _build(what, kind, table, grid)
        if one.name in built:
            raise InputError(f"{what} comes twice; each {kind} needs a name of its own.")
        built[one.name] = one
    return tuple(built.values())


def _toml(path: Path) -> Mapping[str, Any]:
    """Return the tables of a file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"The structures {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The structures {path} are not written in UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The structures {path} are no TOML: {error}.") from error


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


def _build(what: str, kind: str, table: Mapping[str, Any], grid: Grid) -> Any:
    """Return one structure."""
    keys = _written(kind)
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
    name = key.removesuffix("_mm_h")
    plain = _plain(f"{what}: {key}", kind, (name, value))
    return {name: plain if name == key else plain * MM_PER_HOUR}


def _plain(what: str, kind: str, entry: tuple[str, Any]) -> Any:
    """Return a number, a word or a yes or no, as the field takes it."""
    key, value = entry
    wanted = next(str(field.type) for field in fields(KINDS[kind]) if field.name == key).split(" ")[0]
    if wanted == "float":
        fits = isinstance(value, Real) and not isinstance(value, bool)
        value = float(value) if fits else value
        fits = fits and (np.isfinite(value) or (value == np.inf and key in ENDLESS))
    elif wanted == "int":
        fits = isinstance(value, Integral) and not isinstance(value, bool)
    else:
        fits = isinstance(value, bool if wanted == "bool" else str)
    if not fits:
        raise InputError(f"{what} must be {_WORDS[wanted]}; got {value!r}.")
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
    try:
        x, y = _pairs(what, [value], 1)[0]
    except InputError as error:
        raise InputError(f"{what} must be a point [x, y]; got {value!r}.") from error
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
