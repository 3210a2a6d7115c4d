"""Cohort-component arithmetic: people by sex and single year of age, taken a year forward at a time [preston2001]."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AGES: NDArray[np.int64] = np.arange(111)
"""Ages at last birthday; the last one, 110, is open: 110 and over."""
WOMEN, MEN = 0, 1
"""Places on the axis of sex."""
GIRLS = 100.0 / 205.0
"""Share of births that are girls: 105 boys to 100 girls (general knowledge, assumption)."""


class Survival(NamedTuple):
    """Shares alive a year later: `living` ``(..., sex, age)`` of those at each age, `newborn` ``(..., sex)`` of the
    year's births, and `oldest` ``(..., sex)`` of those in the open age, who stay in it."""

    living: Floats
    newborn: Floats
    oldest: Floats


class Year(NamedTuple):
    """A year gone by: `people` ``(..., sex, age)`` at its end, and its `births` and `deaths` ``(...,)``."""

    people: Floats
    births: Floats
    deaths: Floats


def person_years(mortality: Floats) -> Floats:
    """Return years lived within each age by who reaches it ``(..., age)``; the last age is open.

    `mortality` ``(..., age)`` [1/year] above 0 is constant within an age, so that l falls exponentially.
    """
    lived = -np.expm1(-mortality) / mortality
    lived[..., -1] = 1.0 / mortality[..., -1]
    return np.asarray(lived, dtype=np.float64)


def life_expectancy(mortality: Floats) -> Floats:
    """Return the life expectancy at birth ``(...,)`` [year], from `mortality` ``(..., age)`` [1/year]."""
    reached = np.exp(-np.cumsum(mortality[..., :-1], axis=-1))
    reached = np.concatenate([np.ones_like(mortality[..., :1]), reached], axis=-1)
    total: Floats = np.sum(reached * person_years(mortality), axis=-1)
    return total


def survival(mortality: Floats) -> Survival:
    """Return the survival of people spread evenly within each age, from `mortality` ``(..., sex, age)`` [1/year].

    From age x to x + 1 it is L(x+1)/L(x) of the life table; births during the year survive as L(0).
    """
    alive = np.exp(-mortality)
    lived = (1.0 - alive) / mortality
    living = np.empty_like(mortality)
    living[..., :-1] = alive[..., :-1] * lived[..., 1:] / lived[..., :-1]
    living[..., -1] = alive[..., -1]
    return Survival(living, lived[..., 0], alive[..., -1])


def advance(
    people: Floats, alive: Survival, fertility: Floats, migrants: Floats | float = 0.0, passes_on: Floats | None = None
) -> Year:
    """Return the year that follows: people ``(..., sex, age)`` survive, give birth and move.

    Half of the net `migrants` ``(..., sex, age)`` come at the year's start and half at its end; `fertility`
    ``(..., age)`` [births a woman-year] meets the mean of the women at both ends. With `passes_on` ``(..., origin of
    mother, origin of child)``, rows summing to 1, the axis before sex is origin, and births are shared out by it.
    """
    half = 0.5 * np.asarray(migrants)
    exposed = people + half
    later = np.empty_like(exposed)
    np.multiply(exposed[..., :-1], alive.living[..., :-1], out=later[..., 1:])
    later[..., -1] += exposed[..., -1] * alive.oldest
    later[..., 0] = 0.0
    mothers = np.sum(exposed[..., WOMEN, :] * fertility, axis=-1) + np.sum(later[..., WOMEN, :] * fertility, axis=-1)
    born = 0.5 * mothers if passes_on is None else np.einsum("...m,...mc->...c", 0.5 * mothers, passes_on)
    by_sex = born[..., None] * np.array([GIRLS, 1.0 - GIRLS])
    gone = exposed.sum(axis=(-2, -1)) - later.sum(axis=(-2, -1)) + (by_sex * (1.0 - alive.newborn)).sum(axis=-1)
    later[..., 0] = by_sex * alive.newborn
    later += half
    return Year(later, born, gone)


def leslie(alive: Survival, fertility: Floats) -> Floats:
    """Return the Leslie matrix ``(age, age)`` of the women alone: what `advance` does to them without migration."""
    step = alive.living[WOMEN]
    matrix = np.zeros((AGES.size, AGES.size))
    matrix[np.arange(1, AGES.size), np.arange(AGES.size - 1)] = step[:-1]
    matrix[-1, -1] = alive.oldest[WOMEN]
    later = np.append(fertility[1:], fertility[-1])
    matrix[0] = GIRLS * alive.newborn[WOMEN] * 0.5 * (fertility + step * later)
    return matrix
