"""Depth-damage curves as data: published ones in our own tables, a user's own from a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.tables import own_rows, read_csv

Floats = NDArray[np.float64]
TABLES = ("jrc_curves.csv", "infrastructure_curves.csv")
"""Tables of curves in `impact/curves`, one row each."""


@dataclass(frozen=True)
class Curve:
    """Share of a value (0..1) that is lost at a depth [m]: straight lines between points ``(k,)``, ends held.

    `low` and `high` are the source's band, equal to `share` where it gives none.
    """

    id: str
    name: str
    depth: Floats
    share: Floats
    low: Floats
    high: Floats
    source: str

    def __call__(self, depth: ArrayLike, band: float = 0.0) -> Floats:
        """Return the share lost at `depth` [m]; `band` -1 is the low end of the curve's band, 1 the high end.

        NaN is dry: the share at depth 0.
        """
        edge = self.low if band < 0 else self.high
        share = self.share + abs(band) * (edge - self.share)
        return np.asarray(np.interp(np.nan_to_num(np.asarray(depth, np.float64)), self.depth, share))


def make_curve(id: str, depth: Iterable[float], share: Iterable[float], **more: object) -> Curve:
    """Return a curve with checked points; `more` may name it and give `low`, `high` and `source`.

    Raises
    ------
    InputError
        Fewer than two points, depths not rising, shares outside 0..1 or falling, numbers that are none.
    """
    x, y = np.array(list(depth), np.float64), np.array(list(share), np.float64)
    if x.size < 2 or x.size != y.size or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError(f"The curve {id!r} needs two points or more, each with a depth [m] and a share; got {x.size}.")
    if (np.diff(x) <= 0).any():
        raise InputError(f"The depths of the curve {id!r} must rise from point to point; they are {x.tolist()} m.")
    if (y < 0).any() or (y > 1).any():
        raise InputError(f"The curve {id!r} gives shares of a value, 0 to 1; got {y.min():g} to {y.max():g}.")
    if (np.diff(y) < 0).any():
        raise InputError(f"The curve {id!r} falls: deeper water must not cost less; its shares are {y.tolist()}.")
    bands = {
        name: np.clip(np.asarray(given, np.float64), 0.0, 1.0)
        for name in ("low", "high")
        if (given := more.get(name)) is not None
    }
    return Curve(
        id, str(more.get("name", id)), x, y, bands.get("low", y), bands.get("high", y), str(more.get("source", ""))
    )


@lru_cache(maxsize=1)
def curves() -> Mapping[str, Curve]:
    """Return the published curves by id: JRC's for Europe, and those of infrastructure (`nirandjan2024`)."""
    found = {}
    for table in TABLES:
        for row in own_rows("genrejs.impact", "curves", table):
            depth, share, low, high = (_numbers(row.get(name) or "") for name in ("depth_m", "share", "low", "high"))
            name = row.get("asset") or row["id"].replace("_", " ").replace("jrc", "JRC")
            found[row["id"]] = make_curve(
                row["id"], depth, share, name=name, source=row["source"], low=low or None, high=high or None
            )
    return found


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split()]


def curve(id: str) -> Curve:
    """Return a published curve by its id; raise InputError with the nearest ids for one that is not there."""
    known = curves()
    if id not in known:
        import difflib  # noqa: PLC0415  # only where something is wrong

        near = difflib.get_close_matches(id, known, n=3) or list(known)[:6]
        raise InputError(f"There is no curve {id!r}; try {', '.join(near)} ({len(known)} in all, docs/damage.md).")
    return known[id]


def read_curves(path: Path | str) -> dict[str, Curve]:
    """Return the curves of a CSV file: columns depth_m and share, and id where it holds several (a row a point).

    Raises
    ------
    InputError
        The file is missing, not UTF-8, lacks a column, or holds something that is no number or no curve.
    """
    path = Path(path)
    rows = read_csv(path, "curves", ("depth_m", "share"), "points")
    points: dict[str, list[tuple[float, float]]] = {}
    for number, row in enumerate(rows, start=2):
        try:
            point = float(row["depth_m"]), float(row["share"])
        except (TypeError, ValueError) as error:
            raise InputError(
                f"{path}, line {number}: depth_m and share must be numbers; got {list(row.values())}."
            ) from error
        points.setdefault(row.get("id") or path.stem, []).append(point)
    return {id: make_curve(id, *zip(*given, strict=True), source=path.name) for id, given in points.items()}
