"""Read values out of nested tables, naming the place when one is missing, wrong or unknown."""

from __future__ import annotations

import difflib
import json
import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from genrejs.errors import InputError

NONE: Any = object()
MOST = 1e30
"""Numbers above this could not be summed over steps and components."""


def read_text(path: Path, what: str) -> str:
    """Return a file's text.

    Raises
    ------
    InputError
        The file is not there, cannot be read or is no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path} ({what}).") from error
    except (OSError, ValueError) as error:  # ValueError: no text, or a name that no file can have
        raise InputError(f"The file {path} ({what}) cannot be read as text.") from error


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the name '{twice}' stands twice in one table")
    return found


def read_table(path: Path, what: str) -> dict[str, Any]:
    """Return the table in a JSON or, by its ending, TOML file; raise InputError where it is none."""
    text, toml = read_text(path, what), path.suffix.lower() == ".toml"
    try:
        found = tomllib.loads(text) if toml else json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
        json.dumps(found, ensure_ascii=False, default=str).encode()  # half a pair of surrogates is no text
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} ({what}) is not valid {'TOML' if toml else 'JSON'}: {error}.") from error
    if not isinstance(found, dict):
        raise InputError(f"{path} ({what}) must hold a table of names, not {kind_of(found)}.")
    return found


def kind_of(value: Any) -> str:
    """Return what a value is, in words."""
    words = {dict: "a table", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return words.get(type(value), "nothing")


def take(table: Mapping[str, Any], key: str, kind: type, where: str, otherwise: Any = NONE) -> Any:
    """Return ``table[key]`` of the `kind` dict, list or str, `otherwise` where it is not there.

    Raises
    ------
    InputError
        It is not there and nothing stands in for it, or it is of another kind.
    """
    value = table.get(key, otherwise)
    if value is NONE:
        raise InputError(f"{where} has no '{key}'.")
    if value is not otherwise and not isinstance(value, kind):
        raise InputError(f"'{key}' of {where} must be {kind_of(kind())}, not {kind_of(value)}.")
    return value


def number(value: Any, what: str, least: float = 0.0) -> float:
    """Return a number from `least` to `MOST`; raise InputError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{what} must be a number, not {kind_of(value)}.")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not (math.isfinite(found) and found >= least):
        raise InputError(f"{what} is {found:g}; it must be a number of {least:g} or more.")
    if found > MOST:
        raise InputError(f"{what} is {found:g}; at most {MOST:g} is accepted.")
    return found


def integer(value: Any, what: str, least: int = 0) -> int:
    """Return a whole number of at least `least`; raise InputError for anything else."""
    found = number(value, what, least)
    if not found.is_integer() or abs(found) > 1e15:
        raise InputError(f"{what} is {found:g}; it must be a whole number.")
    return int(found)


def one_of(value: Any, accepted: Iterable[str], what: str) -> str:
    """Return a name that is accepted; raise InputError, with the nearest, for another."""
    accepted = list(accepted)
    if not isinstance(value, str) or value not in accepted:
        near = difflib.get_close_matches(value, accepted, n=1, cutoff=0.85) if isinstance(value, str) else []
        hint = f"did you mean {near[0]}?" if near else f"accepted: {', '.join(accepted) or 'none'}."
        raise InputError(f"{what} is {value!r}; {hint}")
    return value
