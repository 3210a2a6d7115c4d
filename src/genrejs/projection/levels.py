"""Low, middle and high: where on a stress a path lies, and how it moves from the base year to the century's end."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]
BASE_YEAR = 2025
"""The first year of every path: all levels agree on it, but for the climate, whose paths part in 2020."""
LAST_YEAR = 2100
"""The last year of every path; later years count as this one."""
YEARS: NDArray[np.int64] = np.arange(BASE_YEAR, LAST_YEAR + 1)
LEVELS: Mapping[str, float] = MappingProxyType({"low": 0.0, "middle": 0.5, "high": 1.0})
"""Positions of the named levels: low is little of a stress, high is much of it; between them any number 0..1."""
Level = str | float


def position(level: Level, of: str = "a stress") -> float:
    """Return the position 0..1 of a level given by name or by number.

    Raises
    ------
    InputError
        The name is unknown, or the number lies outside 0..1.
    """
    found = LEVELS.get(level) if isinstance(level, str) else float(level)
    if found is None or not 0.0 <= found <= 1.0:
        raise InputError(f"The level of {of} is {level!r}; give {', '.join(LEVELS)} or a number from 0 to 1.")
    return found


def between(where: ArrayLike, low: float, middle: float, high: float) -> Floats:
    """Return the figure at each position ``(n,)``: low at 0, middle at 0.5, high at 1, straight between."""
    figures: Floats = np.interp(np.asarray(where, dtype=np.float64), [0.0, 0.5, 1.0], [low, middle, high])
    return figures


def drift(start: float, end: ArrayLike, until: int = LAST_YEAR) -> Floats:
    """Return ``(n, year)``: straight from `start` in the base year to each `end` in `until`, then level."""
    share = np.clip((YEARS - BASE_YEAR) / (until - BASE_YEAR), 0.0, 1.0)
    return start + (np.asarray(end, dtype=np.float64)[:, None] - start) * share
