"""The best way found to spend the same money, so that a plan can be compared with it; not proved to be the best of all.

The score is the mean level over all policies and all year ends, above what no money would give. The yearly money of the
policies is sought by L-BFGS-B from shares by cost, with the exact gradient by going back through the years.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from scipy.optimize import minimize

from genrejs.assessment.dynamics import ALONE, SMALL, Course, phi, simulate, works
from genrejs.assessment.plan import Plan, with_rule
from genrejs.assessment.policies import Floats, RoadMap

ITERATIONS = 150
"""Steps of the search: more gain less than a thousandth of the score."""


@dataclass(frozen=True)
class Comparison:
    """Scores [mean level, 0..1] of a plan, of two rules with the same money split evenly, and of the best found.

    `money` (year, policy) [million DKK] is how the best spends it; `course` is where that leads.
    """

    score: float
    road_map: float
    even: float
    best: float
    money: Floats
    course: Course

    @property
    def share(self) -> float:
        """Return what part of the best found the plan gets; 1 where money can do nothing."""
        return self.score / self.best if self.best > 0 else 1.0


def run(plan: Plan) -> Course:
    """Return the course of a plan."""
    return simulate(plan.road, plan.start, plan.years, plan.share)


def score(plan: Plan, course: Course) -> float:
    """Return the mean level over policies and year ends, above that of no money."""
    idle = simulate(plan.road, plan.start, plan.years, lambda _, level: np.zeros_like(level))
    return float(course.level[1:].mean() - idle.level[1:].mean())


def compare(plan: Plan, course: Course) -> Comparison:
    """Return the plan beside the two rules and the best found, which is never worse than any of them."""
    road_map, even = (run(with_rule(plan, rule)) for rule in ("road-map", "even"))
    sought = best_money(plan.road, tuple(plan.start.tolist()), tuple(plan.spent().tolist()))
    value = partial(value_of, plan.road, plan.start)
    money = max((sought, course.money, road_map.money, even.money), key=lambda each: value(each)[0])
    best = simulate(plan.road, plan.start, plan.years, lambda year, _: money[year])
    own, ordered, spread, top = (score(plan, each) for each in (course, road_map, even, best))
    return Comparison(own, ordered, spread, top, money, best)


@lru_cache(maxsize=32)
def best_money(road: RoadMap, start: tuple[float, ...], budgets: tuple[float, ...]) -> Floats:
    """Return the best money (year, policy) found for levels (policy) to start at and budgets (year); not to be changed.

    The climb begins with each policy's share of all costs. Each year's shares are a softmax, so that they always add
    up.
    """
    each_year, levels = np.array(budgets)[:, None], np.array(start)
    shape = len(budgets), len(start)

    def downhill(flat: Floats) -> tuple[float, Floats]:
        part = _softmax(flat.reshape(shape))
        value, slope = value_of(road, levels, each_year * part)
        inner = (part * slope).sum(axis=1, keepdims=True)
        return -value, -(each_year * part * (slope - inner)).ravel()

    first = np.tile(np.log(road.cost / road.cost.sum()), shape[0])
    done = minimize(downhill, first, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    return each_year * _softmax(np.asarray(done.x, float).reshape(shape))


def _softmax(given: Floats) -> Floats:
    raised = np.exp(given - given.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def value_of(road: RoadMap, start: Floats, money: Floats) -> tuple[float, Floats]:
    """Return the mean level over policies and year ends, and its slope by the money (year, policy)."""
    course = simulate(road, start, len(money), lambda year, _: money[year])
    each = 1.0 / course.level[1:].size
    slope, pull = np.zeros_like(money), np.zeros_like(start)
    for year in reversed(range(len(money))):
        pull = pull + each
        e = works(road, course.level[year])
        rate = money[year] * e / road.cost
        by_level, by_rate = _slopes(course.level[year], rate, road.decay)
        slope[year] = pull * by_rate * e / road.cost
        back = road.before.T @ (pull * by_rate * money[year] / road.cost) * (1 - ALONE)
        pull = pull * by_level + back
    return float(course.level[1:].mean()), slope


def _slopes(level: Floats, rate: Floats, decay: Floats) -> tuple[Floats, Floats]:
    """Return how the level after a year moves with the level before it and with the build rate [1/year]."""
    total = rate + decay
    fades = np.exp(-total)
    one, _ = phi(total)
    tiny = total < SMALL
    bend = np.where(tiny, -0.5 + total / 3, (fades - one) / np.where(tiny, 1.0, total))
    return fades, one - level * fades + rate * bend
