"""Model schedules by age: who dies, who gives birth and who moves. Every parameter is an assumption."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.projection.cohort import AGES

Floats = NDArray[np.float64]

STEEPNESS = 0.105  # [1/year] how fast mortality rises with age (assumption)
MODAL_AGE = (89.9, 85.9)  # age at which most die in 2019: women, men (assumption: e0 of 83.5 and 79.5 years)
BACKGROUND = 2.0e-4  # [1/year] at any age (assumption)
INFANCY = 0.003  # extra deaths in the first year of life (assumption)
MOTHERHOOD = (31.2, 5.1)  # [year] mean and spread of mothers' age (assumption)
FERTILE = (15, 50)  # ages at which women give birth


def mortality(gone_better: ArrayLike = 1.0) -> Floats:
    """Return mortality in 2019 ``(..., sex, age)`` [1/year] by Gompertz and Makeham, times `gone_better` ``(...,)``.

    Within an age it is the mean of A + s exp(s (x - M)) over that year; infancy is added at age 0.
    """
    start = STEEPNESS * (AGES - np.asarray(MODAL_AGE)[:, None])
    rates = BACKGROUND + np.exp(start) * np.expm1(STEEPNESS)
    rates[:, 0] += INFANCY
    return np.asarray(np.asarray(gone_better, dtype=np.float64)[..., None, None] * rates, dtype=np.float64)


def fertility(children: ArrayLike) -> Floats:
    """Return births a woman-year ``(..., age)`` on a gamma curve; each row sums to `children` a woman ``(...,)``."""
    mean, spread = MOTHERHOOD
    since = AGES + 0.5 - FERTILE[0]
    shape, scale = ((mean - FERTILE[0]) / spread) ** 2, spread**2 / (mean - FERTILE[0])
    fertile = (since > 0) & (since < FERTILE[1] - FERTILE[0])
    curve = np.where(fertile, np.maximum(since, 0.0) ** (shape - 1) * np.exp(-since / scale), 0.0)
    return np.asarray(np.asarray(children, dtype=np.float64)[..., None] * (curve / curve.sum()), dtype=np.float64)


def moving() -> Floats:
    """Return the ages of net movers ``(sex, age)``, summing to 1: children with parents, and a peak of young adults.

    Form and standard parameters of Rogers and Castro [rogerscastro1981]; as many women as men (assumption).
    """
    adult = AGES - 20.0
    curve = 0.02 * np.exp(-0.10 * AGES) + 0.06 * np.exp(-0.10 * adult - np.exp(-0.40 * adult)) + 0.003
    curve = np.where(AGES < 90, curve, 0.0)
    return np.asarray(np.tile(curve / (2.0 * curve.sum()), (2, 1)), dtype=np.float64)
