"""When each strategy no longer meets its objective (adaptation tipping points), future by future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]

ENDS = (0.05, 0.50, 0.95)
"""Shares of futures that bound and halve the range of a tipping year."""


@dataclass(frozen=True)
class Span:
    """The tipping year in 5, 50 and 95 % of the futures; None where it lies beyond what was computed.

    None is no number: all that is known is "after the horizon".
    """

    early: int | None
    median: int | None
    late: int | None


@dataclass(frozen=True)
class Tipping:
    """The first year in which each strategy no longer meets the objective, `years` ``(strategies, futures)``.

    inf where it is met in every year from `start` to `horizon`, both computed: censored, never a year.
    """

    names: tuple[str, ...]
    years: Floats
    start: int
    horizon: int

    @property
    def censored(self) -> Floats:
        """The share of futures ``(strategies,)`` in which the objective is met to the horizon."""
        return np.asarray(np.isinf(self.years).mean(axis=1))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The range of the tipping year of each strategy; every figure is a year that occurs in a future."""
        found = np.quantile(self.years, ENDS, axis=1, method="inverted_cdf").T
        return tuple(Span(*(int(year) if np.isfinite(year) else None for year in row)) for row in found)

    def by_level(self, level: ArrayLike, count: int = 3) -> Floats:
        """Return the median tipping year of each strategy by level of change ``(strategies, count)``, inf if censored.

        `level` ``(futures,)`` numbers the level of each future from 0. Raises InputError for a level without futures.
        """
        given = np.asarray(level)
        if given.shape != self.years.shape[1:] or not np.isin(np.arange(count), given).all():
            raise InputError(
                f"Each of {self.years.shape[1]} futures needs a level of 0 to {count - 1}, and each level a future; "
                f"got the levels {np.unique(given).tolist()} of {given.size} futures."
            )
        columns = [
            np.quantile(self.years[:, given == each], 0.5, axis=1, method="inverted_cdf") for each in range(count)
        ]
        return np.stack(columns, axis=1)


def tipping_years(
    names: Sequence[str], performance: ArrayLike, years: ArrayLike, threshold: float, lower_better: bool = True
) -> Tipping:
    """Return the tipping year of each strategy in each future from `performance` ``(strategies, years, futures)``.

    `years` ``(years,)`` are rising calendar years; between them performance moves in a straight line, so the answer is
    the first whole year past the threshold ([kwadijk2010]). At the threshold itself the objective is met. What meets
    it again later has tipped all the same. Raises InputError for arrays that do not fit or are not finite.
    """
    table, when = np.asarray(performance, dtype=np.float64), np.asarray(years)
    if table.ndim != 3 or table.size == 0 or not np.isfinite(table).all() or len(table) != len(names):
        raise InputError(
            f"The performance must be finite numbers by strategy, year and future, {len(names)} strategies; got the "
            f"shape {table.shape}."
        )
    if when.shape != table.shape[1:2] or not (when == when.astype(np.int64)).all() or not (np.diff(when) > 0).all():
        raise InputError(f"The years must be {table.shape[1]} rising calendar years; got {when.tolist()}.")
    if not np.isfinite(threshold):
        raise InputError(f"The threshold must be a number; got {threshold}.")
    harm, limit = (table, threshold) if lower_better else (-table, -threshold)
    found = np.stack([_first_past(each, when.astype(np.int64), limit) for each in harm])
    return Tipping(tuple(names), found, int(when[0]), int(when[-1]))


def _first_past(harm: Floats, when: NDArray[np.int64], limit: float) -> Floats:
    """Return the first whole year ``(futures,)`` in which `harm` ``(years, futures)`` is past the limit, or inf."""
    past = harm > limit
    first = past.argmax(axis=0)
    every = np.arange(harm.shape[1])
    before = np.maximum(first - 1, 0)
    at, ahead = harm[before, every], harm[first, every]
    rise = np.where(ahead > at, ahead - at, 1.0)
    part = np.where(first > 0, (limit - at) / rise, 0.0)
    # The crossing itself still meets the limit, so the first year past it is the next whole one; a crossing that
    # rounding puts a hair before a whole year is that year's.
    crossing = when[before] + part * (when[first] - when[before])
    year = np.where(first > 0, np.minimum(np.floor(crossing + 1e-9) + 1.0, when[first]), when[0])
    return np.asarray(np.where(past.any(axis=0), year, np.inf), dtype=np.float64)
