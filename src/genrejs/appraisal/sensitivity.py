"""Which uncertain factor governs an outcome, and which decides the choice between two strategies: Sobol's indices."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.rng import stream

Floats = NDArray[np.float64]
Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest value of each factor [its unit], all values between them alike."""
Model = Callable[[Floats], Floats]
"""From factors ``(points, k)`` to an outcome ``(points,)``, or to one a strategy ``(points, strategies)``."""

ENDS = (0.05, 0.95)
"""Quantiles of the bootstrap that bound an index."""


@dataclass(frozen=True)
class Design:
    """How the indices are sought: `base` points (a power of 2), so base x (factors + 2) runs; bootstrap; seed."""

    base: int = 512
    resamples: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        if self.base < 8 or self.base & (self.base - 1) or self.resamples < 20:
            raise InputError(
                f"The design needs a power of 2 of 8 or more points and 20 resamples or more; got {self.base} and "
                f"{self.resamples}."
            )


@dataclass(frozen=True)
class Indices:
    """What share of an outcome's variance each factor accounts for, each ``(k,)``, in the order of `names`.

    `first`: the factor alone; `total`: with all it does together with others. `first_range` and `total_range`
    ``(2, k)``: 5 and 95 % of the bootstrap. An estimate may lie a little outside 0..1. `variance` of the outcome
    [unit squared]: 0 where no factor matters, and then every index is 0. `runs`: how often the model was run.
    """

    names: tuple[str, ...]
    first: Floats
    first_range: Floats
    total: Floats
    total_range: Floats
    variance: float
    runs: int

    @property
    def order(self) -> tuple[str, ...]:
        """The factors by total index, the one that matters most first."""
        return tuple(self.names[place] for place in np.argsort(-self.total, kind="stable"))


@dataclass(frozen=True)
class Choice:
    """Which factor decides between two strategies.

    `difference`: indices of the difference between their outcomes; `winner`: indices of which of them is better, a
    yes or no: a factor may govern the difference and yet never turn it. `first_better`: the share of points in which
    the first of the two is better.
    """

    difference: Indices
    winner: Indices
    first_better: float

    @property
    def settled(self) -> bool:
        """Whether the same strategy is better in every point tried, so that no factor decides."""
        return self.winner.variance == 0.0


def sobol_indices(model: Model, ranges: Ranges, design: Design | None = None) -> Indices:
    """Return the first and total Sobol indices of a model's outcome over named ranges ([saltelli2010], by SALib).

    Raises InputError for ranges that are empty or not finite, and for a model that does not give one finite number
    a point.
    """
    design = design or Design()
    points = _points(ranges, design)
    outcome = np.asarray(model(points), dtype=np.float64)
    if outcome.shape != (len(points),) or not np.isfinite(outcome).all():
        raise InputError(f"The model must give a finite number for each of {len(points)} points; got {outcome.shape}.")
    return _analysed(outcome, ranges, design)


def deciding(
    model: Model, ranges: Ranges, pair: tuple[int, int], lower_better: bool = True, design: Design | None = None
) -> Choice:
    """Return which factor decides between the two strategies `pair`, columns of the model's outcome.

    Raises InputError as `sobol_indices`, and for a pair that is not two of the strategies.
    """
    design = design or Design()
    points = _points(ranges, design)
    outcome = np.asarray(model(points), dtype=np.float64)
    if outcome.ndim != 2 or len(outcome) != len(points) or not np.isfinite(outcome).all():
        raise InputError(f"The model must give {len(points)} rows of finite numbers; got the shape {outcome.shape}.")
    if len({*pair}) != 2 or not all(0 <= each < outcome.shape[1] for each in pair):
        raise InputError(f"The pair must be two of the {outcome.shape[1]} strategies, counted from 0; got {pair}.")
    ahead = outcome[:, pair[1]] - outcome[:, pair[0]]
    better = (ahead > 0 if lower_better else ahead < 0).astype(np.float64)
    return Choice(_analysed(ahead, ranges, design), _analysed(better, ranges, design), float(better.mean()))


def _points(ranges: Ranges, design: Design) -> Floats:
    for name, (low, high) in ranges.items():
        if not (np.isfinite([low, high]).all() and low < high):
            raise InputError(f"The range of '{name}' must go from a finite number to a larger one; got {low}..{high}.")
    if not ranges:
        raise InputError("There must be one uncertain factor or more; got none.")
    from SALib.sample import sobol as sampling  # noqa: PLC0415  # takes seconds to load, wanted by few

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = sampling.sample(_problem(ranges), design.base, calc_second_order=False, seed=_seed(design, "points"))
    return np.asarray(drawn, dtype=np.float64)


def _analysed(outcome: Floats, ranges: Ranges, design: Design) -> Indices:
    names, count = tuple(ranges), len(ranges)
    variance = float(outcome.var())
    # What is left of a constant after rounding is no variance.
    if np.ptp(outcome) <= 1e-12 * np.abs(outcome).max():
        none = np.zeros(count)
        return Indices(names, none, np.zeros((2, count)), none, np.zeros((2, count)), 0.0, outcome.size)
    from SALib.analyze import sobol as analysis  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = analysis.analyze(
            _problem(ranges),
            outcome,
            calc_second_order=False,
            num_resamples=design.resamples,
            keep_resamples=True,
            seed=_seed(design, "bootstrap"),
        )
    ends = {name: np.quantile(found[f"{name}_conf_all"], ENDS, axis=0) for name in ("S1", "ST")}
    return Indices(names, found["S1"], ends["S1"], found["ST"], ends["ST"], variance, outcome.size)


def _problem(ranges: Ranges) -> dict[str, Any]:
    return {"num_vars": len(ranges), "names": list(ranges), "bounds": [[*each] for each in ranges.values()]}


def _seed(design: Design, name: str) -> int:
    """Return a seed that is never 0, which SALib takes for none."""
    return int(stream(design.seed, f"sensitivity.{name}").integers(1, 2**31 - 1))
