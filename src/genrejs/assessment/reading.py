"""Plain values from a file or the net, checked one by one; each refusal is one sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from genrejs.errors import InputError


def number(given: Any, where: str, low: float, high: float) -> float:
    """Return a number within bounds; raise InputError for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise InputError(f"{where} must be a number from {low:g} to {high:g}; got {given!r:.60}.")
    if not low <= given <= high:
        raise InputError(f"{where} must be from {low:g} to {high:g}; got {given:g}.")
    return float(given)


def whole(given: Any, where: str, low: int, high: int) -> int:
    """Return a whole number within bounds; raise InputError for anything else."""
    value = number(given, where, low, high)
    if value != int(value):
        raise InputError(f"{where} must be a whole number from {low} to {high}; got {given:g}.")
    return int(value)


def table(given: Any, where: str) -> Mapping[str, Any]:
    """Return a table; raise InputError for anything else."""
    if not isinstance(given, Mapping):
        raise InputError(f"{where} must be a table of names and values; got {given!r:.60}.")
    return given


def listed(given: Any, where: str, most: int) -> Sequence[Any]:
    """Return a list of at most so many; raise InputError for anything else."""
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise InputError(f"{where} must be a list of tables, [[period]]; got {given!r:.60}.")
    if len(given) > most:
        raise InputError(f"{where}: there may be {most} at most; got {len(given)}.")
    return given


def known_fields(given: Mapping[str, Any], fields: Iterable[str], where: str) -> None:
    """Raise InputError for a field that is not known."""
    names = tuple(fields)
    wrong = next((name for name in given if name not in names), None)
    if wrong is not None:
        raise InputError(f"{where}: {str(wrong)!r:.40} is not known; known are {', '.join(names)}.")
