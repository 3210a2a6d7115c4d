"""The published optimum of two Dutch dike rings: exact timing on 1 year x 1 cm over 300 years."""

from dataclasses import replace

import numpy as np
import pytest

from genrejs.appraisal.timing import RINGS, best_plan, follow, ring_problem

PUBLISHED = {
    "10": (40.000, 10.129, 29.871, {46: 57, 103: 57, 160: 57, 217: 56, 272: 52}),
    "15": (544.989, 415.845, 129.144, {0: 56, 51: 53, 103: 54, 155: 54, 207: 54, 260: 57}),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_ring_costs_what_is_published(name):
    total, investment, loss, raises = PUBLISHED[name]
    plan = best_plan(ring_problem(RINGS[name]))
    assert plan.total == pytest.approx(total, rel=1e-3)
    assert plan.investment == pytest.approx(investment, rel=1e-3)
    assert plan.loss == pytest.approx(loss, rel=1e-3)
    assert {at.year: round(at.after - at.before) for at in plan.raises} == raises
    assert not plan.tops_out


@pytest.mark.parametrize("name", PUBLISHED)
def test_no_plan_beside_the_best_is_cheaper(name):
    problem = ring_problem(RINGS[name])
    best = best_plan(problem)
    rng = np.random.default_rng(5)
    for _ in range(200):
        path = np.zeros(problem.discount.size)
        for at in best.raises:
            path[max(0, at.year + rng.integers(-2, 3)) :] += max(0, at.after - at.before + rng.integers(-2, 3))
        assert follow(problem, path).total >= best.total - 1e-9
    assert follow(problem, best.path).total == pytest.approx(best.total, rel=1e-12)


def test_without_growth_the_ring_is_raised_once_at_once_or_never():
    """With a constant loss S exp(-th H) / rate, one raise by u at once costs (c + b u) exp(l u) and is never repeated."""
    still = replace(RINGS["15"], eta=0.0, growth=0.015, probability=0.02)
    plan = best_plan(ring_problem(still))
    rise = np.arange(1, 601)
    flat = still.value * still.probability / still.rate
    spared = np.exp(-(still.alpha - still.zeta) * rise)
    costs = still.investment(np.zeros(600), rise.astype(float)) + flat * spared
    assert plan.total == pytest.approx(costs.min(), rel=1e-9)
    assert [(at.year, at.after) for at in plan.raises] == [(0, rise[costs.argmin()])]
    calm = best_plan(ring_problem(replace(still, probability=1e-7)))
    assert calm.raises == () and calm.total == pytest.approx(still.value * 1e-7 / still.rate, rel=1e-9)
