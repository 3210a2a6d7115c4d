"""Strategies judged on several objectives by weights, such as a workshop's votes, and how firm the winner stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]


def normalised(votes: Mapping[str, float]) -> dict[str, float]:
    """Return the weights that votes or points give, summing to 1, in the order given.

    Raises InputError for votes that are negative, not finite or all zero.
    """
    if not votes or not all(0 <= vote < np.inf for vote in votes.values()) or sum(votes.values()) <= 0:
        raise InputError(f"Weights must be 0 or more and not all 0; got {dict(votes)}.")
    total = sum(votes.values())
    return {name: float(vote) / total for name, vote in votes.items()}


def worths(performance: ArrayLike, lower_better: ArrayLike, ends: ArrayLike | None = None) -> Floats:
    """Return how good each performance is, 0 the worst and 1 the best of its objective ``(strategies, objectives)``.

    `lower_better` ``(objectives,)``; `ends` ``(2, objectives)`` the worst and best value of each scale, by default the
    worst and best strategy compared (so that adding a strategy may then change the order of the others). Linear, held
    to 0..1; an objective on which all are alike is worth 1 to all. Raises InputError for tables that do not fit.
    """
    table = np.asarray(performance, dtype=np.float64)
    lower = np.asarray(lower_better, dtype=np.bool_)
    if table.ndim != 2 or table.size == 0 or not np.isfinite(table).all() or lower.shape != table.shape[1:]:
        raise InputError(
            f"The performance must be finite numbers, strategies by objectives, with one direction an objective; got "
            f"the shapes {table.shape} and {lower.shape}."
        )
    good = np.where(lower, -table, table)
    worst, best = good.min(axis=0), good.max(axis=0)
    if ends is not None:
        given = np.asarray(ends, dtype=np.float64)
        if given.shape != (2, lower.size):
            raise InputError(f"The scales need the shape {(2, lower.size)}, worst and best; got {given.shape}.")
        worst, best = np.where(lower, -given, given)
        if not (worst < best).all():
            raise InputError("The worst value of each scale must be worse than its best value.")
    span = best - worst
    share = np.divide(good - worst, span, out=np.ones_like(good), where=span > 0)
    return np.asarray(share.clip(0.0, 1.0))


@dataclass(frozen=True)
class Reach:
    """How far the weight of one objective may move before another strategy wins, the other weights kept in proportion.

    The winner stays first while the weight is in `low`..`high`; `below` and `above` take over beyond, "" where none
    does, since the weight may then go to 0 or 1.
    """

    objective: str
    weight: float
    low: float
    high: float
    below: str
    above: str


@dataclass(frozen=True)
class Weighed:
    """The weighted scores ``(strategies,)``, 0..1, the `order` from best to worst, and how firm the winner stands."""

    names: tuple[str, ...]
    scores: Floats
    order: tuple[str, ...]
    weights: dict[str, float]
    reaches: tuple[Reach, ...]

    @property
    def winner(self) -> str:
        """The strategy with the highest score; of several, the one that was given first."""
        return self.order[0]

    @property
    def most_delicate(self) -> Reach:
        """The objective whose weight can move least before the winner changes."""
        return min(self.reaches, key=_slack)


def _slack(reach: Reach) -> float:
    down = reach.weight - reach.low if reach.below else np.inf
    up = reach.high - reach.weight if reach.above else np.inf
    return min(down, up)


def weigh(names: tuple[str, ...], worth: Floats, votes: Mapping[str, float]) -> Weighed:
    """Return the strategies' weighted scores from `worth` ``(strategies, objectives)`` of `worths`.

    `votes` holds points by objective in the order of the columns. Raises InputError for names or votes that do not fit.
    """
    weights = normalised(votes)
    if worth.shape != (len(names), len(weights)):
        raise InputError(
            f"{len(names)} strategies and {len(weights)} weighted objectives do not fit a table of {worth.shape}."
        )
    part = np.array(list(weights.values()))
    scores = worth @ part
    order = np.argsort(-np.round(scores, 12), kind="stable")
    reaches = tuple(
        _reach(names, worth, part, (place, objective, int(order[0]))) for place, objective in enumerate(weights)
    )
    return Weighed(names, scores, tuple(names[row] for row in order), weights, reaches)


def _reach(names: tuple[str, ...], worth: Floats, part: Floats, which: tuple[int, str, int]) -> Reach:
    """Return the reach of the weight in place `which`: each lead over a rival is a straight line in that weight."""
    place, objective, winner = which
    others = np.delete(part, place)
    share = others / others.sum() if others.sum() > 0 else np.full(others.size, 1.0 / max(others.size, 1))
    rest = np.delete(worth, place, axis=1) @ share
    at_none, at_all = rest[winner] - rest, worth[winner, place] - worth[:, place]
    low, high, below, above = 0.0, 1.0, "", ""
    for rival in range(len(names)):
        slope = at_all[rival] - at_none[rival]
        if rival == winner or slope == 0:
            continue
        even = min(max(-at_none[rival] / slope, 0.0), 1.0)
        if slope > 0 and at_none[rival] < 0 and even > low:
            low, below = even, names[rival]
        elif slope < 0 and at_all[rival] < 0 and even < high:
            high, above = even, names[rival]
    weight = float(part[place])
    return Reach(objective, weight, min(float(low), weight), max(float(high), weight), below, above)
