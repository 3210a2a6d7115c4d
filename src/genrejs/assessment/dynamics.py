r"""How money moves policies over the years, and how they fade without it: an assumed form, solved exactly.

.. math:: dx_p/dt = (b_p / c_p)\, e_p\, (1 - x_p) - d_p x_p, \quad e_p = 0.2 + 0.8\, \overline{x}_{before(p)}

The money `b` and what it can build on, `e`, are set for a year at a time, as a budget is: e is read on 1 January.
Within the year the equation is linear and its solution is closed, so that no time step is chosen. The equations of
SMR's own model could not be read; this form obeys its description and is an assumption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from genrejs.assessment.policies import Floats, RoadMap

ALONE = 0.2
"""[share] of the money that works when nothing before it is in place (assumption)."""
SMALL = 1e-4
"""Below this rate [1/year] series are used where a difference would lose digits."""

Share = Callable[[int, Floats], Floats]
"""Return the money (policy) [million DKK] of year `k`, given the level on 1 January."""


@dataclass(frozen=True)
class Course:
    """The levels over N years: `level` (N + 1, policy); `money`, `works`, `mean` (N, policy) of each year.

    `works` is the share e of the money that what was in place let work; `mean` is the level's mean over the year.
    """

    level: Floats
    money: Floats
    works: Floats
    mean: Floats


def works(road: RoadMap, level: Floats) -> Floats:
    """Return the share e of money that works (policy): 1 where no earlier policy is known."""
    known = road.before.sum(axis=1) > 0
    e: Floats = np.where(known, ALONE + (1 - ALONE) * (road.before @ level), 1.0)
    return e


def over_a_year(level: Floats, rate: Floats, decay: Floats) -> tuple[Floats, Floats]:
    """Return the level after a year and its mean over it, for build rates and decays [1/year], all (policy)."""
    total = rate + decay
    one, two = phi(total)
    return level * np.exp(-total) + rate * one, level * one + rate * two


def phi(total: Floats) -> tuple[Floats, Floats]:
    """Return (1 - exp(-a))/a and (1 - that)/a, by series where a is small."""
    tiny = total < SMALL
    safe = np.where(tiny, 1.0, total)
    one = np.where(tiny, 1 - total / 2 + total**2 / 6, -np.expm1(-safe) / safe)
    two = np.where(tiny, 0.5 - total / 6 + total**2 / 24, (1 - one) / safe)
    return one, two


def simulate(road: RoadMap, start: Floats, years: int, share: Share) -> Course:
    """Return the course of `years` from the levels `start` (policy), with the money that `share` gives each year."""
    level = [np.asarray(start, float)]
    money, eased, mean = [], [], []
    for year in range(years):
        given, e = share(year, level[-1]), works(road, level[-1])
        after, average = over_a_year(level[-1], given * e / road.cost, road.decay)
        level.append(after)
        money.append(given)
        eased.append(e)
        mean.append(average)
    return Course(*(np.array(each) for each in (level, money, eased, mean)))
