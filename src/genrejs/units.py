"""Quantities as people write them ("30 cm", "12h", "60mm/1h"), read into SI numbers."""

from __future__ import annotations

import math
import re

from genrejs.errors import InputError

LENGTHS = {"mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0, "km": 1000.0}
"""Metres in each accepted unit of length."""
AREAS = {"m²": 1.0, "ha": 1e4, "km²": 1e6}
"""Square metres in each accepted unit of area; m2 and km2 are read as m² and km²."""
DURATIONS = {
    "s": 1.0, "sec": 1.0, "sek": 1.0, "min": 60.0, "h": 3600.0, "hour": 3600.0, "hours": 3600.0, "time": 3600.0,
    "timer": 3600.0, "d": 86400.0, "day": 86400.0, "days": 86400.0, "døgn": 86400.0,
}  # fmt: skip
"""Seconds in each accepted unit of time."""
_QUANTITY = re.compile(r"\s*([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?)\s*([^\W\d_]+)\s*")


def read_length(text: str, what: str = "length") -> float:
    """Return a length above 0 [m], as "30 cm" is 0.3.

    Raises
    ------
    InputError
        The text has no number, no known unit, or is not above 0.
    """
    return _quantity(text, LENGTHS, what, "30 cm")


def read_area(text: str, what: str = "area") -> float:
    """Return an area above 0 [m2], as "2 ha" is 20000.

    Raises
    ------
    InputError
        The text has no number, no known unit, or is not above 0.
    """
    return _quantity(text.replace("m2", "m²"), AREAS, what, "25 m²")


def read_duration(text: str, what: str = "duration") -> float:
    """Return a duration above 0 [s], as "12h" is 43200.

    Raises
    ------
    InputError
        The text has no number, no known unit, or is not above 0.
    """
    return _quantity(text, DURATIONS, what, "12h")


def read_rain(text: str, what: str = "rain") -> tuple[float, float]:
    """Return the depth [m] and duration [s] of an even rain, as "60mm/1h" is (0.06, 3600.0); "60mm/h" means the same.

    Raises
    ------
    InputError
        The text is not a depth over a duration, both above 0.
    """
    depth, slash, duration = text.partition("/")
    if not slash:
        raise InputError(f"The {what} {text!r} must be a depth over a duration, such as 60mm/1h.")
    bare = duration.strip() in DURATIONS
    return read_length(depth, what), read_duration(f"1{duration.strip()}" if bare else duration, f"{what}'s duration")


def _quantity(text: str, units: dict[str, float], what: str, example: str) -> float:
    """Return number times unit; raise InputError with the accepted units."""
    found = _QUANTITY.fullmatch(text)
    if found is None or found[2] not in units:
        raise InputError(
            f"The {what} {text!r} must be a number with one of the units {', '.join(units)}, such as {example!r}."
        )
    value = float(found[1].replace(",", ".")) * units[found[2]]
    if not (math.isfinite(value) and value > 0):
        raise InputError(f"The {what} must be above 0; got {text!r}.")
    return value
