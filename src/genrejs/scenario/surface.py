"""A surface through many answers: a Gaussian process over which measures stand and how far the slow stresses have gone.

The kernel is one factor for the measures times one for the stresses, so that every pair of the two is answered by one
product of matrices. It is trained on answers of the quick engine and says how far it errs on those held out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from genrejs.errors import InputError

Floats = NDArray[np.float64]

SHARE_KEPT = 0.9999
"""Share of the variance of the outputs that the kept directions hold (assumption)."""
MOST_DIRECTIONS = 12
RIDGE = 1e-3
"""Of the straight-line part, so that a measure that never varied has no effect (assumption)."""
LEAST_NOISE = 1e-6
MOST_FITTED = 400
"""Answers from which paces are found; all of them are then passed through."""
HASTE = 1.0
"""Price of each input's pace, so that inputs that matter little are left out (assumption: an exponential prior)."""


@dataclass(frozen=True)
class _Process:
    """A Gaussian process of one direction: pace by input ``(input,)``, size, weights of the training points."""

    pace: Floats
    size: float
    weights: Floats


@dataclass(frozen=True)
class Surface:
    """A trained surface from `measures` ``(n, m)`` 0/1 and `stresses` ``(n, s)`` to outputs ``(n, o)``."""

    measures: Floats
    stresses: Floats
    centre: tuple[Floats, Floats, Floats]
    straight: Floats
    directions: Floats
    processes: tuple[_Process, ...]

    def grid(self, measures: Floats, stresses: Floats) -> Floats:
        """Return the outputs of every pair ``(a, b, o)`` of measures ``(a, m)`` and stresses ``(b, s)``."""
        alone = self.by_measures(measures)[:, None] + self.by_stresses(stresses)
        return np.asarray(alone + self.met(measures, stresses) @ self.directions)

    def standard(self, stresses: Floats) -> Floats:
        """Return the stresses less their mean, by their spread ``(b, s)``."""
        return np.asarray((stresses - self.centre[0]) / self.centre[1])

    def by_measures(self, measures: Floats) -> Floats:
        """Return the straight-line part of measures ``(a, o)``."""
        return np.asarray(measures @ self.straight[1 : 1 + self.measures.shape[1]])

    def by_stresses(self, stresses: Floats) -> Floats:
        """Return the straight-line part of stresses ``(b, o)``, with the level of the outputs."""
        slopes = self.straight[1 + self.measures.shape[1] :]
        return np.asarray(self.straight[0] + self.standard(stresses) @ slopes + self.centre[2])

    def met(self, measures: Floats, stresses: Floats) -> Floats:
        """Return how far along each of `directions` every pair lies beside the straight lines ``(a, b, direction)``."""
        z, count = self.standard(stresses), self.measures.shape[1]
        parts = np.empty((measures.shape[0], stresses.shape[0], len(self.processes)))
        for place, process in enumerate(self.processes):
            left = _kernel(measures, self.measures, process.pace[:count]) * (process.size * process.weights)
            parts[:, :, place] = left @ _kernel(z, self.stresses, process.pace[count:]).T
        return parts


Mapper = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
"""What `map` is: the same function over many items, in order."""


def train(measures: Floats, stresses: Floats, outputs: Floats, mapper: Mapper = map) -> Surface:
    """Return the surface through `outputs` ``(n, o)``, known with a little noise; `mapper` shares out the work.

    Raises InputError for fewer than ten points, rows that do not match, or values that are not finite.
    """
    if len(measures) < 10 or not len(measures) == len(stresses) == len(outputs):
        raise InputError(
            f"A surface needs ten answers or more, one a row; got {len(measures)}, {len(stresses)}, {len(outputs)}."
        )
    if not (np.isfinite(measures).all() and np.isfinite(stresses).all() and np.isfinite(outputs).all()):
        raise InputError("A surface can only be trained on finite numbers.")
    middle, spread = centre_of(stresses)
    z, level = (stresses - middle) / spread, outputs.mean(axis=0)
    inputs = np.hstack([measures, z])
    straight = _straight(inputs, outputs - level)
    rest = outputs - level - straight[0] - inputs @ straight[1:]
    u, s, vt = np.linalg.svd(rest, full_matrices=False)
    held = np.cumsum(s**2) / max(float((s**2).sum()), 1e-300)
    kept = min(int(np.searchsorted(held, SHARE_KEPT)) + 1, MOST_DIRECTIONS, s.size)
    processes = tuple(mapper(_fit, [(inputs, u[:, k] * s[k]) for k in range(kept) if s[k] > 1e-9]))
    return Surface(measures, z, (middle, spread, level), straight, vt[: len(processes)], processes)


def centre_of(stresses: Floats) -> tuple[Floats, Floats]:
    """Return mean and spread ``(s,)`` of stresses ``(n, s)``; the spread is 1 where nothing varies."""
    spread = stresses.std(axis=0)
    return stresses.mean(axis=0), np.where(spread > 0, spread, 1.0)


def _straight(inputs: Floats, outputs: Floats) -> Floats:
    """Return constant and slopes ``(1 + input, o)`` of the straight-line part, slopes held small by `RIDGE`."""
    design = np.column_stack([np.ones(len(inputs)), inputs])
    hold = RIDGE * len(inputs) * np.eye(design.shape[1])
    hold[0, 0] = 0.0
    return np.asarray(np.linalg.solve(design.T @ design + hold, design.T @ outputs))


def _kernel(one: Floats, other: Floats, pace: Floats) -> Floats:
    a, b = one * np.sqrt(pace), other * np.sqrt(pace)
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * (a @ b.T)
    return np.asarray(np.exp(-np.maximum(square, 0.0)))


def _fit(given: tuple[Floats, Floats]) -> _Process:
    """Return the process that makes a target ``(n,)`` most likely; its paces are found on the first `MOST_FITTED`."""
    inputs, target = given
    scale = float(target.std()) or 1.0
    y, first = target / scale, inputs[:MOST_FITTED]
    square = (first[:, None, :] - first[None, :, :]) ** 2
    count = inputs.shape[1]
    start = np.concatenate([np.full(count, np.log(0.5 / count)), [0.0, np.log(1e-2)]])
    bounds = [(-12.0, 1.0)] * count + [(-4.0, 4.0), (np.log(LEAST_NOISE), 0.0)]
    best = minimize(
        _unlikely,
        start,
        args=(square, y[:MOST_FITTED]),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 60},
    )
    pace, size, noise = np.exp(best.x[:count]), float(np.exp(best.x[count])), float(np.exp(best.x[count + 1]))
    kernel = _kernel(inputs, inputs, pace)
    weights = cho_solve(cho_factor(size * kernel + noise * np.eye(len(y)), lower=True), y)
    return _Process(pace, size, weights * scale)


def _unlikely(where: Floats, square: Floats, y: Floats) -> tuple[float, Floats]:
    """Return minus the log likelihood a point, with the price of pace, and its slope [rasmussen2006]."""
    count = square.shape[2]
    pace, size, noise = np.exp(where[:count]), np.exp(where[count]), np.exp(where[count + 1])
    kernel = size * np.exp(-(square @ pace))
    factor = cho_factor(kernel + noise * np.eye(y.size), lower=True)
    alpha = cho_solve(factor, y)
    value = 0.5 * y @ alpha + np.log(np.diag(factor[0])).sum() + HASTE * pace.sum()
    inner = cho_solve(factor, np.eye(y.size)) - np.outer(alpha, alpha)
    weighted = inner * kernel
    paces = pace * (HASTE - 0.5 * (weighted.ravel() @ square.reshape(-1, count)))
    slope = np.concatenate([paces, [0.5 * weighted.sum(), 0.5 * noise * np.trace(inner)]])
    return float(value) / y.size, slope / y.size
