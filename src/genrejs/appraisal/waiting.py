"""What it is worth to wait: deciding today against deciding when more is known of how the sea rises."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.appraisal.economics import Floats, discount_factors
from genrejs.appraisal.timing import invested_worth
from genrejs.errors import InputError

POINTS = 601
"""Points of the grid of what has been observed (assumption; 4 times as many move the result by less than 0.1 %)."""
REACH = 6.0
"""Standard deviations that the grid and the noise reach: beyond lies 2e-9 of the chance."""
NOISES = np.linspace(-REACH, REACH, 121)
SHARES = np.exp(-(NOISES**2) / 2) / np.exp(-(NOISES**2) / 2).sum()
"""Values of a standard normal noise, and the chance of each."""


@dataclass(frozen=True)
class Waiting:
    """What it is worth to decide now, and to wait: present values [DKK] against never building.

    `npv_now` of building in year 0, `npv_wait` of leaving year 0 and then deciding as well as can be with what is
    known by then, where never is worth 0. `npv_fixed` is that of the best year set today, `fixed_year`; both are 0 and
    None if no year pays. `chances` ``(years,)`` of building in each year when deciding as well as can be, which add up
    to 1 less the chance of never.
    """

    npv_now: float
    npv_wait: float
    npv_fixed: float
    fixed_year: int | None
    chances: Floats = field(repr=False)
    misfit: float = 0.0

    @property
    def value_of_waiting(self) -> float:
        """What is gained by not deciding today, against the better of now and never; below 0: waiting loses [DKK]."""
        return self.npv_wait - max(self.npv_now, 0.0)

    @property
    def value_of_learning(self) -> float:
        """What is gained by deciding with what will be known, against the best year set today; never below 0 [DKK]."""
        return max(self.npv_now, self.npv_wait) - self.npv_fixed

    @property
    def best_year(self) -> int | None:
        """The year by which it is as likely built as not when deciding as well as can be; None if likely never."""
        reached = np.flatnonzero(np.cumsum(self.chances) >= 0.5 - 1e-9)
        return int(reached[0]) if reached.size else None


class Build(NamedTuple):
    """What is built: cost [DKK], upkeep [DKK/year], lifetime and lead time [years], tax distortion on what is spent."""

    cost: float
    upkeep: float = 0.0
    lifetime: int = 50
    lead_time: float = 0.0
    tax_distortion: float = 0.10


def decision_worth(build: Build, benefits: ArrayLike) -> Floats:
    """Return what it is worth to decide in each year ``(projections, years - lead)`` [DKK], discounted to year 0.

    `benefits` ``(projections, years)`` [DKK/year] are what it spares in each projection if it works. It is paid for and
    works from the lead time on; what is bought again and left over is as in `economics.measure_flows`. Raises
    InputError for amounts that are not finite, costs and times below 0, and years that end before it works.
    """
    gains = _projected(benefits, "benefits")
    money = (build.cost, build.upkeep, build.lead_time, build.tax_distortion)
    if not np.isfinite(money).all() or min(money) < 0 or build.lifetime < 1:
        raise InputError(
            "Cost, upkeep, lead time and tax distortion must be finite and 0 or more, the lifetime 1 or more."
        )
    lead, years = math.ceil(build.lead_time), gains.shape[1]
    if lead >= years:
        raise InputError(f"The benefits cover {years} years, but it takes {lead} before it works; give more years.")
    dear = 1 + build.tax_distortion
    yearly = (gains - dear * build.upkeep) * discount_factors(years)
    later = np.cumsum(yearly[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((later - dear * build.cost * invested_worth(years, build.lifetime))[:, lead:])


def _projected(values: ArrayLike, what: str) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 2 or 0 in given.shape or not np.isfinite(given).all():
        raise InputError(f"The {what} must be finite, a row a projection and a column a year; got {given.shape}.")
    return given


def _prior(chances: ArrayLike, count: int) -> Floats:
    given = np.asarray(chances, dtype=np.float64)
    if given.shape != (count,) or not np.isfinite(given).all() or (given < 0).any() or abs(given.sum() - 1) > 1e-9:
        raise InputError(
            f"Give each of {count} projections a chance of 0 or more, 1 in all; got {given.tolist()}, "
            f"{given.sum():g} in all."
        )
    return given


def _fixed(prior: Floats, worth: Floats) -> tuple[float, int | None]:
    """Return the worth of the best year set today, and the year; 0 and None if none pays."""
    expected = prior @ worth
    year = int(expected.argmax())
    return (float(expected[year]), year) if expected[year] > 0 else (0.0, None)


def wait_until_known(worth: ArrayLike, chances: ArrayLike, known: int) -> Waiting:
    """Return building now against waiting until year `known`, when it is seen which projection comes true.

    `worth` ``(projections, years)`` [DKK] is that of deciding in each year, see `decision_worth`; `chances`
    ``(projections,)``. Waiting is worth the sum of chance times the best year from `known` on, or never
    (`dixit1994`, chapter 2). Raises InputError for chances that do not add up to 1 and years outside the table.
    """
    table = _projected(worth, "worth of deciding")
    prior = _prior(chances, len(table))
    years = table.shape[1]
    if not 1 <= known < years:
        raise InputError(f"The year in which it is known lies from 1 to {years - 1}; got {known}.")
    best = table[:, known:].max(axis=1)
    now, wait = float(prior @ table[:, 0]), float(prior @ np.maximum(best, 0.0))
    built = np.zeros(years)
    if now > wait:
        built[0] = 1.0
    else:
        np.add.at(built, known + table[:, known:].argmax(axis=1), prior * (best > 0))
    return Waiting(now, wait, *_fixed(prior, table), built)


def wait_and_learn(
    worth: ArrayLike, chances: ArrayLike, levels: ArrayLike, noise: float, points: int = POINTS
) -> Waiting:
    """Return building now against deciding year by year, with what the sea has shown until then.

    `levels` ``(projections, years)`` are the mean sea levels [m] and `noise` [m] the standard deviation of a year's
    observation about them, normal and independent from year to year (assumption). Each year's observation moves the
    chances of the projections by Bayes' rule, and it is built once that is worth more than waiting (dynamic
    programming, `dixit1994`). The projections are taken to part along one common course: what they part in beyond it
    is told as `misfit` [m] (0 for two projections). Raises InputError as `wait_until_known`, and for a noise of 0.
    """
    table, course = _projected(worth, "worth of deciding"), _projected(levels, "levels")
    prior, years = _prior(chances, len(table)), table.shape[1]
    if len(course) != len(table) or course.shape[1] < years - 1:
        raise InputError(
            f"The levels need {len(table)} projections and at least {years - 1} years; got {course.shape}."
        )
    if not (math.isfinite(noise) and noise > 0) or points < 3:
        raise InputError(f"The noise must be finite and above 0, and the grid have 3 points or more; got {noise}.")
    far, shape, misfit = _common_course(course[:, : years - 1])
    learning = _Learning(table, prior, far, np.append(shape / noise, 0.0) ** 2, points)
    stops, wait = _decide(learning)
    fixed = _fixed(prior, table)
    return Waiting(float(prior @ table[:, 0]), wait, *fixed, _chances(learning, stops), misfit)


def _common_course(levels: Floats) -> tuple[Floats, Floats, float]:
    """Return how far each projection lies along the common course, that course, and the largest rest [m]."""
    apart = levels - levels.mean(axis=0)
    if apart.size == 0:
        return np.zeros(len(levels)), np.zeros(0), 0.0
    left, size, right = np.linalg.svd(apart, full_matrices=False)
    far, shape = left[:, 0] * size[0], right[0]
    return far, shape, float(np.abs(apart - far[:, None] * shape).max())


class _Learning(NamedTuple):
    """The problem in the sum z of what was observed times the course over the noise: all that matters of the past.

    In a projection at `far` a year adds far x q to z, with the variance q (`sharpness` of that year).
    """

    worth: Floats
    prior: Floats
    far: Floats
    sharpness: Floats
    points: int

    def grid(self, year: int) -> Floats:
        """Return the values of z before the decision of a year ``(points,)``."""
        known = float(self.sharpness[:year].sum())
        reach = REACH * math.sqrt(known) + 1e-12
        return np.linspace(self.far.min() * known - reach, self.far.max() * known + reach, self.points)

    def beliefs(self, year: int) -> Floats:
        """Return the chances of the projections at each value of z ``(points, projections)``."""
        known = float(self.sharpness[:year].sum())
        with np.errstate(divide="ignore"):
            power = np.log(self.prior) + np.outer(self.grid(year), self.far) - self.far**2 * known / 2
        power = np.exp(power - power.max(axis=1, keepdims=True))
        return np.asarray(power / power.sum(axis=1, keepdims=True))

    def later(self, year: int, place: int) -> Floats:
        """Return where z may be a year later in a projection ``(points, noises)``."""
        q = self.sharpness[year]
        return np.asarray(self.grid(year)[:, None] + self.far[place] * q + math.sqrt(q) * NOISES)


def _decide(learning: _Learning) -> tuple[NDArray[np.bool_], float]:
    """Return in which years and values of z ``(years, points)`` to build, and what waiting in year 0 is worth."""
    years = learning.worth.shape[1]
    stops = np.zeros((years, learning.points), dtype=np.bool_)
    wait = ahead = np.zeros(learning.points)
    for year in range(years - 1, -1, -1):
        beliefs = learning.beliefs(year)
        if year < years - 1:
            grid = learning.grid(year + 1)
            each = [np.interp(learning.later(year, place), grid, ahead) @ SHARES for place in range(len(learning.far))]
            wait = (beliefs * np.stack(each, axis=1)).sum(axis=1)
        build = beliefs @ learning.worth[:, year]
        stops[year] = build > wait
        ahead = np.maximum(build, wait)
    return stops, float(wait[learning.points // 2])


def _chances(learning: _Learning, stops: NDArray[np.bool_]) -> Floats:
    """Return the chance of building in each year ``(years,)``."""
    count, built = learning.points, np.zeros(len(stops))
    for place, chance in enumerate(learning.prior):
        mass = np.zeros(count)
        mass[count // 2] = chance
        for year, stop in enumerate(stops):
            built[year] += mass[stop].sum()
            mass = np.where(stop, 0.0, mass)
            if year + 1 < len(stops):
                mass = _moved(mass, learning.later(year, place), learning.grid(year + 1))
    return built


def _moved(mass: Floats, later: Floats, grid: Floats) -> Floats:
    """Return the mass after a year, shared between the two points of the next grid that lie about each value."""
    at = np.clip((later - grid[0]) / (grid[1] - grid[0]), 0.0, grid.size - 1.0)
    low = np.minimum(at.astype(np.int64), grid.size - 2)
    part, amount = at - low, mass[:, None] * SHARES
    below = np.bincount(low.ravel(), (amount * (1 - part)).ravel(), grid.size)
    return np.asarray(below + np.bincount(low.ravel() + 1, (amount * part).ravel(), grid.size))
