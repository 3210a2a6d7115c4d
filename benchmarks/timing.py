"""Time exact choices: `python benchmarks/timing.py` (dike rings 10 and 15, portfolios, an order, waiting).

Measures are made up: costs of 5-330 M DKK, a budget of 40 % of them all, pairs that help or hinder as many as measures.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from genrejs.appraisal.pareto import exact_front, hypervolume, nsga2_front
from genrejs.appraisal.portfolio import Portfolio, Rules, best_portfolio, portfolio
from genrejs.appraisal.sequence import Programme, Work, best_order
from genrejs.appraisal.timing import RINGS, best_plan, ring_problem
from genrejs.appraisal.waiting import Build, decision_worth, wait_and_learn

SENSES = ("min", "min", "min", "max", "max")


def timed(name: str, action: Callable[[], Any]) -> Any:
    """Run an action, print its wall and CPU seconds, return what it returns."""
    began, used = time.perf_counter(), time.process_time()
    result = action()
    print(f"{name:<52} {time.perf_counter() - began:7.2f} s wall {time.process_time() - used:7.2f} s CPU", flush=True)
    return result


def measures(count: int) -> Portfolio:
    """Return a choice among `count` measures with one either-or, one need and as many pairs as measures."""
    rng = np.random.default_rng(count)
    ids = tuple(f"m{place}" for place in range(count))
    rules = Rules(ids, excludes=(ids[:2],), requires=((ids[2], ids[3]),))
    pairs = {(ids[a], ids[b]): float(rng.normal(0, 20)) for a, b in rng.integers(0, count, (count, 2)) if a != b}
    costs = rng.uniform(5, 330, count)
    return portfolio(rules, costs * rng.uniform(0.5, 3, count), costs, 0.4 * costs.sum(), pairs)


def aims(problem: Portfolio) -> Callable[[Any], Any]:
    """Return cost, damage, person-days, equity and added value of choices."""
    rng = np.random.default_rng(9)
    count = len(problem.rules.ids)
    strength, fair, value = rng.uniform(0.02, 0.4, (2, count)), rng.normal(0, 1, count), rng.uniform(0, 5, count)

    def evaluate(choices: Any) -> Any:
        taken = choices.astype(float)
        kept = [100 * np.exp(-taken @ strength[0]), 1e4 * np.exp(-taken @ strength[1])]
        return np.stack([taken @ problem.costs[:, 0], *kept, taken @ fair, taken @ value], axis=1)

    return evaluate


def programme(count: int, years: int) -> Programme:
    """Return `count` works over `years` years under a yearly budget and capacity."""
    rng = np.random.default_rng(count)
    works = tuple(
        Work(f"m{place}", *rng.uniform((1, 5, 0), (40, 330, 2)).tolist(), 50, *rng.integers(0, 4, 2).astype(float))
        for place in range(count)
    )
    return Programme(works, (150.0,) * years, (5.0,) * years)


def main() -> None:
    for name, ring in RINGS.items():
        plan = timed(f"dike ring {name}, 300 years x 601 heights", lambda ring=ring: best_plan(ring_problem(ring)))
        print(f"    {plan.total:.3f} M EUR = {plan.investment:.3f} + {plan.loss:.3f}")
    for count in (12, 20, 40):
        chosen = timed(f"portfolio of {count} measures", lambda count=count: best_portfolio(measures(count)))
        print(f"    benefit {chosen.benefit:.1f}, gap {chosen.gap:g}")
    problem = measures(12)
    exact = timed("every choice of 12 measures, 5 aims", lambda: exact_front(problem.rules, aims(problem), SENSES))
    found = timed("NSGA-II, 12 measures, 5 aims", lambda: nsga2_front(problem.rules, aims(problem), SENSES))
    worst = [*exact.aims[:, :3].max(axis=0), *exact.aims[:, 3:].min(axis=0)]
    share = hypervolume(found.aims, SENSES, worst) / hypervolume(exact.aims, SENSES, worst)
    print(f"    {share:.4f} of the exact volume, {found.looked_at} of {exact.looked_at} choices looked at")
    order = timed("order of 12 measures over 20 years", lambda: best_order(programme(12, 20)))
    print(f"    npv {order.npv:.1f}, gap {order.gap:g}")
    year = np.arange(80)
    benefits = np.stack([5e6 + rise * year for rise in (0.0, 0.5e6, 1.5e6)])
    worth = decision_worth(Build(330e6, 5e6, 80, 8.0), benefits)
    levels = np.stack([bend * year**2 for bend in (0.0, 6e-5, 1.3e-4)])
    waited = timed("waiting, 3 projections over 80 years", lambda: wait_and_learn(worth, [0.3, 0.4, 0.3], levels, 0.04))
    print(f"    now {waited.npv_now / 1e6:.1f}, wait {waited.npv_wait / 1e6:.1f} M DKK")


if __name__ == "__main__":
    main()
