"""A municipality's own amounts in the form of the Danish model, from a CSV file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from genrejs.errors import InputError
from genrejs.impact.damage import CATEGORIES, HAZARDS, Amount
from genrejs.tables import read_csv

NUMBERS = ("base", "log_slope", "per_area", "cellar")
COLUMNS = ("hazard", "category", *NUMBERS)
"""Columns of the file, those of the project's own `dk_damage.csv`; a row takes the place of a published one."""


def read_amounts(path: Path | str) -> tuple[Amount, ...]:
    """Return the amounts of a CSV file, a row for each kind of flood and category that differs.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, lacks a column or rows, names an unknown flood or category or one twice, or
        holds something that is no number, or a slope below 0 (deeper water must not cost less).
    """
    rows = read_csv(path, "amounts", COLUMNS)
    found: dict[tuple[str, str], Amount] = {}
    for number, row in enumerate(rows, start=2):
        amount = _amount(row, f"{path}, line {number}")
        if (amount.hazard, amount.category) in found:
            raise InputError(f"{path}, line {number}: {amount.hazard}, {amount.category} is there twice.")
        found[amount.hazard, amount.category] = amount
    return tuple(found.values())


def _amount(row: Mapping[str, str], where: str) -> Amount:
    hazard, category = (str(row[name]).strip() for name in ("hazard", "category"))
    if hazard not in HAZARDS or category not in CATEGORIES:
        raise InputError(
            f"{where}: no amount for '{hazard}, {category}'; floods are {', '.join(HAZARDS)}, categories "
            f"{', '.join(CATEGORIES)}."
        )
    try:
        values = [float(row[name]) for name in NUMBERS]
    except (TypeError, ValueError) as error:
        raise InputError(f"{where}: {', '.join(NUMBERS)} must be numbers.") from error
    if not all(map(math.isfinite, values)) or min(values[0], values[1], values[3]) < 0:
        raise InputError(f"{where}: base, log_slope and cellar are finite and 0 or more (deeper never costs less).")
    return Amount(hazard, category, *values)
