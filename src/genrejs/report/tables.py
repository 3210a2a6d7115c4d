"""Tables for a page: cells that carry a phrase in both languages, a colour or a bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import pandas as pd

from genrejs.report.palette import INK, gain_colour, loss_colour
from genrejs.report.texts import Phrase


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and perhaps a background with ink, a bar of `bar` in -1..1, or that it is best in its row."""

    text: Phrase
    background: str = ""
    ink: str = INK
    bar: float | None = None
    best: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table under its own heading."""

    head: Phrase
    cells: tuple[Cell, ...]
    note: Phrase | None = None


@dataclass(frozen=True)
class Table:
    """A table with a caption, the heading of its first column and those of the others."""

    caption: Phrase
    corner: Phrase
    columns: tuple[Phrase, ...]
    rows: tuple[Row, ...]


def lost(text: Phrase, share: float) -> Cell:
    """Return a cell that is darker the larger the share lost, 0..1."""
    return Cell(text, *loss_colour(share))


def gained(text: Phrase, share: float) -> Cell:
    """Return a cell that is blue for a gain and orange for a setback, darker the larger, -1..1."""
    return Cell(text, *gain_colour(share))


def barred(
    values: Sequence[float], write: Callable[[float], Phrase], best: Callable[[Sequence[float]], float] | None = None
) -> tuple[Cell, ...]:
    """Return one cell per value with a bar relative to the largest; `best` (such as min) picks those to mark."""
    known = [value for value in values if isfinite(value)]
    top = max((abs(value) for value in known), default=0.0)
    winner = best(known) if best and len(set(known)) > 1 else None
    return tuple(Cell(write(value), bar=share_of(value, top), best=value == winner) for value in values)


def share_of(value: float, top: float) -> float:
    """Return `value` as a share of the largest, -1..1; 0 where it is not known."""
    return value / top if top > 0 and isfinite(value) else 0.0


def rows_of(groups: pd.DataFrame, names: Mapping[str, Phrase]) -> list[tuple[str, Phrase]]:
    """Return the values of one group with their names, those of `names` first and in its order."""
    present = list(dict.fromkeys(groups["value"].astype(str)))
    ordered = [value for value in names if value in present] + [value for value in present if value not in names]
    return [(value, names.get(value, Phrase(value, value))) for value in ordered]
