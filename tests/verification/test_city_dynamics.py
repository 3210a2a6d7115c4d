"""City dynamics against closed forms: decay, approach, order, accounts, and the best way to share money."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from genrejs.assessment.accounts import account, early
from genrejs.assessment.best import best_money, compare, run, score, value_of
from genrejs.assessment.dynamics import ALONE, over_a_year, simulate, works
from genrejs.assessment.plan import Period, Plan, check_plan, even_plan, with_rule
from genrejs.assessment.policies import Policy, RoadMap, changed, lay_out, road_map

ROAD = road_map()
N = len(ROAD.policies)


def road(costs: dict[str, float], decay: float = 0.0) -> RoadMap:
    return lay_out(
        Policy(code, code, code, cost, (cost, cost), decay, (decay, decay), "test") for code, cost in costs.items()
    )


def plan(of: RoadMap, periods: list[tuple[int, float, dict[str, float]]], start: float = 0.0) -> Plan:
    told = tuple(Period(years, budget, split, "even") for years, budget, split in periods)
    return Plan(sum(each.years for each in told), 2026, told, np.full(len(of.policies), start), of)


def nothing(_: int, level: np.ndarray) -> np.ndarray:
    return np.zeros_like(level)


def test_without_money_each_policy_decays_exponentially() -> None:
    course = simulate(ROAD, np.ones(N), 30, nothing)
    expected = np.exp(-np.outer(np.arange(31), ROAD.decay))
    np.testing.assert_allclose(course.level, expected, rtol=1e-13)


def test_constant_money_approaches_its_balance_as_the_closed_form_says() -> None:
    one = road({"L1S1": 4.0}, decay=0.05)  # nothing comes before it, so that all money works
    course = run(plan(one, [(25, 3.0, {"L1S1": 1.0})]))
    rate = 3.0 / 4.0
    balance, t = rate / (rate + 0.05), np.arange(26)
    np.testing.assert_allclose(course.level[:, 0], balance * (1 - np.exp(-(rate + 0.05) * t)), rtol=1e-13)
    mean = balance * (1 - (1 - np.exp(-(rate + 0.05))) / (rate + 0.05))
    assert course.mean[0, 0] == pytest.approx(mean, rel=1e-13)


@pytest.mark.parametrize("total", [0.0, 1e-9, 0.99e-4, 1.01e-4, 0.3, 50.0])
def test_a_year_is_the_solution_of_the_equation_at_any_rate(total) -> None:
    rate, decay = np.array([0.7 * total]), np.array([0.3 * total])
    after, mean = over_a_year(np.array([0.4]), rate, decay)
    done = solve_ivp(lambda _, x: [rate[0] * (1 - x[0]) - decay[0] * x[0], x[0]], (0, 1), [0.4, 0.0],
                     method="LSODA", rtol=1e-11, atol=1e-13)  # fmt: skip
    assert after[0] == pytest.approx(done.y[0, -1], abs=1e-8)
    assert mean[0] == pytest.approx(done.y[1, -1], abs=1e-8)


def test_two_half_years_are_one_year() -> None:
    level, rate, decay = np.array([0.2, 0.9]), np.array([0.5, 0.0]), np.array([0.03, 0.05])
    half, first = over_a_year(level, rate / 2, decay / 2)
    whole, second = over_a_year(half, rate / 2, decay / 2)
    after, mean = over_a_year(level, rate, decay)
    np.testing.assert_allclose(whole, after, rtol=1e-14)
    np.testing.assert_allclose((first + second) / 2, mean, rtol=1e-14)


def test_money_out_of_order_works_at_a_fifth_and_in_order_in_full() -> None:
    two = road({"L1S1": 1.0, "L1S2": 1.0, "L1M1": 1.0, "L1R1": 1.0})
    np.testing.assert_allclose(works(two, np.array([0.0, 0.0, 0.0, 0.0])), [1.0, 1.0, ALONE, ALONE])
    np.testing.assert_allclose(works(two, np.array([1.0, 0.5, 1.0, 0.0])), [1.0, 1.0, 0.8, 1.0])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.5, 3.0), min_size=5, max_size=5), st.lists(st.floats(1.0, 10.0), min_size=5, max_size=5),
       st.integers(1, 3))  # fmt: skip
def test_in_order_the_same_money_never_gets_less_than_in_reverse(budgets, costs, years) -> None:
    """Without decay it is a theorem: every policy gets its own money either way, and e is never smaller in order."""
    codes = [f"L1{stage}1" for stage in "SMART"]
    one = road(dict(zip(codes, costs, strict=True)))
    steps = [(years, budget, {code: 1.0}) for code, budget in zip(codes, budgets, strict=True)]
    forward, back = (run(plan(one, order)).level[-1] for order in (steps, steps[::-1]))
    assert (forward >= back - 1e-12).all()
    assert (forward[1:] > back[1:]).all()
    assert forward[0] == pytest.approx(back[0], rel=1e-12)


def test_with_the_default_figures_order_beats_reverse_with_decay_too() -> None:
    split = [{f"{sub}{stage}": 0.25 for sub in ("L1", "L3", "P1", "P2")} for stage in "SMART"]
    forward, back = (run(plan(ROAD, [(4, 30.0, each) for each in order])) for order in (split, split[::-1]))
    assert forward.level[-1].mean() > 1.3 * back.level[-1].mean()
    lost = [account(ROAD, course).order.sum() for course in (forward, back)]
    assert lost[1] > 3 * lost[0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.0, 50.0), min_size=3, max_size=3), st.floats(0.0, 1.0))
def test_levels_stay_in_bounds_never_fall_without_decay_and_the_accounts_add_up(budgets, start) -> None:
    steps = [(2, budget, {"L": 0.5, "P2": 0.3, "C2": 0.2}) for budget in budgets]
    still = replace(ROAD, decay=np.zeros(N))
    for where in (ROAD, still):
        course = run(plan(where, steps, start))
        assert (course.level >= -1e-12).all() and (course.level <= 1 + 1e-12).all()
        parts = account(where, course)
        total = parts.order + parts.repeated + parts.upkeep + parts.progress
        np.testing.assert_allclose(total, course.money, atol=1e-9)
    assert (np.diff(course.level, axis=0) >= -1e-12).all()


def test_reading_what_is_in_place_once_a_year_is_close_to_reading_it_always() -> None:
    """The rule of the budget year costs little: the equation with e moving within the year ends within 0.04."""
    told = even_plan(10)
    money = run(told).money[0]

    def moves(_: float, x: np.ndarray) -> np.ndarray:
        return money * works(ROAD, x) / ROAD.cost * (1 - x) - ROAD.decay * x

    always = solve_ivp(moves, (0, 10), np.zeros(N), rtol=1e-8, atol=1e-10).y[:, -1]
    apart = always - run(told).level[-1]
    assert (apart > -1e-6).all() and apart.max() < 0.04 and apart.mean() < 0.01


def test_what_was_bought_early_is_named_with_what_was_missing() -> None:
    course = run(check_plan({"period": [{"years": 4, "budget": 10.0, "split": {"L1A1": 1.0}}]}))
    (found,) = early(ROAD, course)
    assert (found.code, found.before) == ("L1A1", ("L1M1", "L1M2", "L1M3", "L1M4"))
    assert found.ready == 0.0 and found.lost == pytest.approx(40.0 * (1 - ALONE))


def test_the_best_split_of_one_year_fills_as_water_does() -> None:
    """Alone and without decay a level is 1 - exp(-b/c): the best money equalises exp(-b/c)/c, so b = c log(k/c)."""
    costs = np.array([1.0, 2.0, 4.0])
    three = road(dict(zip(("L1S1", "P1S1", "C1S1"), costs, strict=True)))
    order = [three.codes.index(code) for code in ("L1S1", "P1S1", "C1S1")]
    found = best_money(three, (0.0, 0.0, 0.0), (10.0,))[0][order]
    k = np.exp((10.0 + (costs * np.log(costs)).sum()) / costs.sum())
    np.testing.assert_allclose(found, costs * np.log(k / costs), rtol=1e-3)


def test_the_slope_that_the_search_follows_is_the_slope() -> None:
    rng = np.random.default_rng(3)
    start, money = rng.random(N) * 0.5, rng.random((3, N))
    _, slope = value_of(ROAD, start, money)
    for year, policy in ((0, 0), (0, 7), (1, 20), (2, N - 1)):
        step = np.zeros_like(money)
        step[year, policy] = 1e-5
        up, down = (value_of(ROAD, start, money + sign * step)[0] for sign in (1, -1))
        assert slope[year, policy] == pytest.approx((up - down) / 2e-5, rel=1e-6)


def test_the_best_found_is_never_worse_and_spends_the_same() -> None:
    told = even_plan(6)
    course = run(told)
    found = compare(told, course)
    assert found.best >= max(found.score, found.road_map, found.even) and found.road_map > found.even
    assert found.score == pytest.approx(found.even) and 0 < found.share < 1
    np.testing.assert_allclose(found.money.sum(axis=1), told.spent(), rtol=1e-9)
    assert score(told, found.course) == pytest.approx(found.best)


def test_a_plan_without_money_is_all_that_can_be_had() -> None:
    told = plan(ROAD, [(2, 0.0, {"L": 1.0})], 0.5)
    assert compare(told, run(told)).share == 1.0


@pytest.mark.parametrize(("budget", "order_wins"), [(30.0, True), (10.0, True), (3.0, False)])
def test_with_so_little_that_all_fades_order_no_longer_wins(budget, order_wins) -> None:
    """Told in docs/dynamics.md: below some budget what was bought first has gone again at the end."""
    split = [{f"{sub}{stage}": 0.25 for sub in ("L1", "L3", "P1", "P2")} for stage in "SMART"]
    forward, back = (run(plan(ROAD, [(4, budget, each) for each in order])) for order in (split, split[::-1]))
    assert (forward.level[-1].mean() > back.level[-1].mean()) == order_wins


def test_the_road_map_rule_beats_the_even_rule_whatever_the_figures_within_their_ranges() -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        costs = {each.code: float(rng.uniform(*each.cost_range)) for each in ROAD.policies}
        decays = {each.code: float(rng.uniform(*each.decay_range)) for each in ROAD.policies}
        told = replace(even_plan(), road=changed(ROAD, costs, decays))
        ordered, even = (run(with_rule(told, rule)).level[1:].mean() for rule in ("road-map", "even"))
        assert ordered > 1.1 * even
