"""How well strategies hold across futures nobody can put odds on: the classical criteria, regret, ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]

OPTIMISM = 0.5
"""Weight of the best case in Hurwicz's criterion, 0..1 (assumption: halfway)."""
AVERSION = 1.0
"""Standard deviations that the mean-deviation criterion puts on top of the mean (assumption)."""
REGRET_SHARE = 0.90
"""Share of futures in the percentile of regret, as in [mcphail2018]."""


@dataclass(frozen=True)
class Outcomes:
    """What comes of each strategy in each future: `values` ``(strategies, futures)`` [unit].

    `names` ``(strategies,)``; `lower_better` is True for a damage or a cost and False for a benefit.
    Raises InputError for a table that is not full, finite and named.
    """

    names: tuple[str, ...]
    values: Floats
    lower_better: bool = True
    unit: str = ""

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        if values.ndim != 2 or values.size == 0 or not np.isfinite(values).all():
            raise InputError(
                f"The outcomes must be a full table of finite numbers, strategies by futures; got the shape "
                f"{values.shape} with {int((~np.isfinite(values)).sum())} values that are not finite."
            )
        if len(self.names) != len(values) or len(set(self.names)) != len(self.names):
            raise InputError(f"Each of the {len(values)} strategies needs a name of its own; got {list(self.names)}.")
        object.__setattr__(self, "values", values)

    @property
    def harm(self) -> Floats:
        """The values ``(strategies, futures)`` turned so that lower is better."""
        return self.values if self.lower_better else -self.values

    def turned(self, harm: Floats) -> Floats:
        """Return figures counted as `harm` in the outcomes' own sense again."""
        return harm if self.lower_better else -harm + 0.0


def future_weights(outcomes: Outcomes, weights: ArrayLike | None) -> Floats:
    """Return the weights of the futures ``(futures,)``, summing to 1; alike where none are given (Laplace).

    Raises InputError for weights that are negative, all zero or of another number.
    """
    count = outcomes.values.shape[1]
    given = np.ones(count) if weights is None else np.asarray(weights, dtype=np.float64)
    if given.shape != (count,) or not np.isfinite(given).all() or (given < 0).any() or given.sum() <= 0:
        raise InputError(f"The futures need {count} weights of 0 or more, not all 0; got {_shown(given)}.")
    return np.asarray(given / given.sum(), dtype=np.float64)


def _shown(given: Floats) -> str:
    return f"{given.size} values from {given.min():g} to {given.max():g}" if given.size else "none"


def expected(outcomes: Outcomes, weights: ArrayLike | None = None) -> Floats:
    """Return the mean over futures ``(strategies,)`` [unit]; without weights every future counts alike (Laplace)."""
    return np.asarray(outcomes.values @ future_weights(outcomes, weights))


def worst_case(outcomes: Outcomes) -> Floats:
    """Return the value in each strategy's worst future ``(strategies,)`` [unit] ([wald1950])."""
    return outcomes.turned(outcomes.harm.max(axis=1))


def best_case(outcomes: Outcomes) -> Floats:
    """Return the value in each strategy's best future ``(strategies,)`` [unit]."""
    return outcomes.turned(outcomes.harm.min(axis=1))


def hurwicz(outcomes: Outcomes, optimism: float = OPTIMISM) -> Floats:
    """Return `optimism` times the best case and the rest of the worst ``(strategies,)`` [unit] ([hurwicz1951]).

    Raises InputError for an optimism outside 0..1.
    """
    _share(optimism, "The optimism")
    return optimism * best_case(outcomes) + (1.0 - optimism) * worst_case(outcomes)


def regret(outcomes: Outcomes) -> Floats:
    """Return how much worse than the best strategy in the same future ``(strategies, futures)`` [unit], 0 or more.

    The regret of [savage1951]; it depends on which strategies are compared.
    """
    return np.asarray(outcomes.harm - outcomes.harm.min(axis=0))


def max_regret(outcomes: Outcomes) -> Floats:
    """Return the largest regret over futures ``(strategies,)`` [unit]."""
    return np.asarray(regret(outcomes).max(axis=1))


def regret_at(outcomes: Outcomes, share: float = REGRET_SHARE, weights: ArrayLike | None = None) -> Floats:
    """Return the regret that is not exceeded in `share` of the futures ``(strategies,)`` [unit].

    It is a regret that occurs: the least one with at least `share` of the weight at or below it.
    Raises InputError for a share outside 0..1.
    """
    _share(share, "The share of futures")
    part = future_weights(outcomes, weights)
    found = regret(outcomes)
    order = np.argsort(found, axis=1, kind="stable")
    # A hair off the share, so that a sum of tenths that falls short by rounding still counts as reaching it.
    place = (np.cumsum(part[order], axis=1) < share - 1e-12).sum(axis=1).clip(max=part.size - 1)
    return np.asarray(np.take_along_axis(found, order, axis=1)[np.arange(len(found)), place])


def satisficing(outcomes: Outcomes, threshold: float, weights: ArrayLike | None = None) -> Floats:
    """Return the share of futures ``(strategies,)`` in which a strategy meets the threshold.

    The domain criterion ([mcphail2018]); at the threshold itself it is met.
    """
    limit = threshold if outcomes.lower_better else -threshold
    return np.asarray((outcomes.harm <= limit) @ future_weights(outcomes, weights))


def satisficing_radius(outcomes: Outcomes, threshold: float, factors: ArrayLike, middle: ArrayLike) -> Floats:
    """Return how far from the middle every future still meets the threshold ``(strategies,)``, 0..1.

    `factors` ``(futures, k)`` and `middle` ``(k,)`` in the same units. A distance is the largest over factors, each in
    shares of the way from the middle to the farthest future on that side, so 1 is the edge of what was tried. The
    radius is the distance of the nearest future that fails, hence an upper bound that more futures can only lower;
    1 if none fails ([benhaim2006]). Raises InputError for factors of another number or a middle outside them.
    """
    limit = threshold if outcomes.lower_better else -threshold
    away = _distances(np.asarray(factors, dtype=np.float64), np.asarray(middle, dtype=np.float64), outcomes)
    return np.asarray(np.where(outcomes.harm > limit, away, 1.0).min(axis=1))


def _distances(factors: Floats, middle: Floats, outcomes: Outcomes) -> Floats:
    futures = outcomes.values.shape[1]
    if factors.ndim != 2 or len(factors) != futures or middle.shape != factors.shape[1:]:
        raise InputError(
            f"Factors must be {futures} futures by factors and the middle one number a factor; got the shapes "
            f"{factors.shape} and {middle.shape}."
        )
    low, high = factors.min(axis=0), factors.max(axis=0)
    if not (np.isfinite(factors).all() and ((low <= middle) & (middle <= high)).all()):
        raise InputError("The middle must lie within the finite values of each factor.")
    room = np.where(factors >= middle, high - middle, middle - low)
    off = np.abs(factors - middle)
    return np.asarray(np.divide(off, room, out=np.zeros_like(off), where=room > 0).max(axis=1, initial=0.0))


def mean_deviation(outcomes: Outcomes, aversion: float = AVERSION, weights: ArrayLike | None = None) -> Floats:
    """Return the mean made worse by `aversion` standard deviations over futures ``(strategies,)`` [unit].

    A mean-variance criterion in the outcome's own unit; it punishes good surprises as well as bad ones.
    Raises InputError for a negative aversion.
    """
    if not 0 <= aversion < np.inf:
        raise InputError(f"The aversion must be 0 or more; got {aversion:g}.")
    part = future_weights(outcomes, weights)
    mean = outcomes.harm @ part
    spread = np.sqrt(((outcomes.harm - mean[:, None]) ** 2) @ part)
    return outcomes.turned(np.asarray(mean + aversion * spread))


def undesirable_deviation(outcomes: Outcomes) -> Floats:
    """Return the mean of how far futures worse than the median lie from it ``(strategies,)`` [unit], 0 or more.

    Only bad surprises count ([mcphail2018]). It says nothing about the level: judge it with the mean.
    """
    middle = np.median(outcomes.harm, axis=1, keepdims=True)
    return np.asarray(np.maximum(outcomes.harm - middle, 0.0).mean(axis=1))


def _share(value: float, what: str) -> None:
    if not 0 <= value <= 1:
        raise InputError(f"{what} lies from 0 to 1; got {value:g}.")


@dataclass(frozen=True)
class Judging:
    """The settings of `judge`: see the criteria of the same names.

    Without a `threshold` satisficing is left out, without `weights` the expected value, which is Laplace's then.
    """

    optimism: float = OPTIMISM
    aversion: float = AVERSION
    regret_share: float = REGRET_SHARE
    threshold: float | None = None
    weights: ArrayLike | None = None


@dataclass(frozen=True)
class Robustness:
    """All criteria side by side: `scores`, `ranks` ``(criteria, strategies)``, rank 1 the best, ties sharing theirs.

    `better` ``(criteria,)`` is +1 where more is better and -1 where less is. `conflict` ``(criteria, criteria)`` is the
    share of pairs of strategies that two criteria put in opposite order (Kendall's distance, 0..1).
    """

    criteria: tuple[str, ...]
    names: tuple[str, ...]
    scores: Floats
    better: Floats
    ranks: NDArray[np.int64]
    conflict: Floats

    @property
    def winners(self) -> dict[str, tuple[str, ...]]:
        """The best strategy of each criterion, several where they tie."""
        return {
            name: tuple(self.names[place] for place in np.flatnonzero(row == 1))
            for name, row in zip(self.criteria, self.ranks, strict=True)
        }

    @property
    def always_best(self) -> tuple[str, ...]:
        """The strategies that are best, alone or with others, by every criterion; empty where criteria disagree."""
        return tuple(name for name, column in zip(self.names, self.ranks.T, strict=True) if (column == 1).all())


def judge(outcomes: Outcomes, how: Judging | None = None) -> Robustness:
    """Return every criterion's scores and ranks, and where the criteria disagree."""
    how = how or Judging()
    scores = {} if how.weights is None else {"expected": expected(outcomes, how.weights)}
    scores |= {
        "laplace": expected(outcomes),
        "worst_case": worst_case(outcomes),
        "best_case": best_case(outcomes),
        "hurwicz": hurwicz(outcomes, how.optimism),
        "mean_deviation": mean_deviation(outcomes, how.aversion, how.weights),
        "undesirable_deviation": undesirable_deviation(outcomes),
        "max_regret": max_regret(outcomes),
        "regret_at": regret_at(outcomes, how.regret_share, how.weights),
    }
    if how.threshold is not None:
        scores["satisficing"] = satisficing(outcomes, how.threshold, how.weights)
    own = -1.0 if outcomes.lower_better else 1.0
    sense = {"undesirable_deviation": -1.0, "max_regret": -1.0, "regret_at": -1.0, "satisficing": 1.0}
    table = np.array(list(scores.values()))
    better = np.array([sense.get(name, own) for name in scores])
    return Robustness(
        tuple(scores),
        outcomes.names,
        table,
        better,
        ranked(-better[:, None] * table),
        conflict(better[:, None] * table),
    )


def ranked(harm: Floats) -> NDArray[np.int64]:
    """Return the ranks along the last axis, 1 the lowest; what differs by rounding alone shares a rank."""
    hair = 1e-12 * np.abs(harm).max(axis=-1, keepdims=True)[..., None]
    return np.asarray(1 + (harm[..., None, :] < harm[..., :, None] - hair).sum(axis=-1), dtype=np.int64)


def conflict(good: Floats) -> Floats:
    """Return the share of pairs of strategies that each two rows of `good` ``(criteria, strategies)`` order oppositely.

    Kendall's distance ([kendall1938]); a tie in either row is no conflict. 0 for a single strategy.
    """
    ranks = ranked(-good)
    first, second = np.triu_indices(good.shape[1], 1)
    order = np.sign(ranks[:, first] - ranks[:, second])
    opposed = (order[:, None, :] * order[None, :, :]) < 0
    return np.asarray(opposed.sum(axis=-1) / max(first.size, 1))
