"""When to build and raise: brute force, closed forms, the house's own cost of a measure, bad input."""

from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.appraisal.economics import annuity, discount_factors, measure_flows, present_value
from genrejs.appraisal.timing import (
    RINGS,
    DikeRing,
    Edge,
    best_plan,
    edge_plan,
    edge_problem,
    follow,
    invested_worth,
    ring_problem,
    timing_problem,
    yearly_table,
)
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue

EDGE = Edge((1.5, 2.0, 2.5), (100e6, 150e6, 220e6), 10e6, (1e6, 1.2e6, 1.5e6), 40, 3.0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(1, 5), st.integers(0, 4))
def test_the_plan_equals_brute_force(seed, heights, years, earliest):
    rng = np.random.default_rng(seed)
    problem = timing_problem(
        np.cumsum(rng.uniform(0.1, 1, heights)),
        rng.uniform(0, 5, (heights, heights)),
        rng.uniform(0, 3, (years, heights)),
        rng.uniform(0.2, 1, years),
        rng.uniform(0, 5, heights),
        rng.uniform(0.2, 1, years),
        min(earliest, years - 1),
    )
    start = problem.earliest
    paths = [(0,) * start + path for path in combinations_with_replacement(range(heights), years - start)]
    costs = [follow(problem, problem.heights[list(path)]).total for path in paths]
    assert best_plan(problem).total == pytest.approx(min(costs), rel=1e-12)


def test_a_raise_that_cannot_be_made_is_not_made():
    dear = np.full((3, 3), np.inf)
    dear[0, 1] = dear[1, 2] = 1.0
    plan = best_plan(timing_problem([0, 1, 2], dear, np.tile([100.0, 50, 0], (4, 1)), np.ones(4)))
    assert [(at.year, at.before, at.after) for at in plan.raises] == [(0, 0, 1), (1, 1, 2)]
    assert (plan.investment, plan.loss, plan.total, plan.tops_out) == (2.0, 50.0, 52.0, True)


def test_a_function_and_its_table_give_the_same_plan():
    heights, ring = np.arange(40.0), RINGS["10"]
    table = ring.investment(heights[:, None], heights[None, :] - heights[:, None])
    loss = np.exp(-0.03 * heights) * np.exp(0.03 * np.arange(90))[:, None]
    factors = discount_factors(90)
    by_table = best_plan(timing_problem(heights, np.triu(table, 1), loss, factors))
    by_function = best_plan(timing_problem(heights, ring.investment, loss, factors))
    assert by_table.total == by_function.total and by_table.raises == by_function.raises


def test_an_edge_is_built_when_a_year_of_damage_first_costs_more_than_a_year_of_delay():
    """Damage grows by a million a year; a delay of a year saves the fall in the worth of the money paid."""
    years, growth = 60, 1e6
    edge = Edge((2.0,), (300e6,), 0.0, (0.0,), 1000, 0.0, 0.0)
    damage = np.stack([growth * np.arange(years), np.zeros(years)], axis=1)
    plan = edge_plan(edge, damage).plan
    worth, factors = 300e6 * invested_worth(years, 1000), discount_factors(years)
    delay_pays = worth[:-1] - worth[1:] > (factors * damage[:, 0])[:-1]
    assert [at.year for at in plan.raises] == [int(np.flatnonzero(~delay_pays)[0])]


def test_an_edge_of_one_crest_is_worth_what_the_house_reckons():
    measure = replace(catalogue()["raised_edge"], cost=200e6, upkeep=2e6, lead_time=4.5, lifetime=30)
    edge = Edge((2.5,), (200e6,), 0.0, (2e6,), 30, 4.5)
    years = 50
    damage = np.tile([40e6, 3e6], (years, 1))
    best = edge_plan(edge, damage)
    spent = 1.1 * present_value(measure_flows(measure, years, price=1.0).cost)
    spared = 37e6 * discount_factors(years)[5:].sum()
    assert [at.year for at in best.plan.raises] == [5]
    assert best.npv == pytest.approx(spared - spent, rel=1e-12)
    assert best.nothing == pytest.approx(40e6 * annuity(years), rel=1e-12)
    assert best.plan.total == pytest.approx(best.damage + best.upkeep + best.plan.investment, rel=1e-12)


def test_an_edge_is_raised_later_when_the_sea_rises_late():
    years = 100
    year = np.arange(years)
    low, high = 5e6 * (year < 50) + 120e6 * (year >= 50), 5e6 * np.ones(years)
    damage = np.stack([np.full(years, 150e6), low, low, high], axis=1)
    raises = edge_plan(EDGE, damage).plan.raises
    assert [(at.year, at.before, at.after) for at in raises] == [(3, 0.0, 1.5), (50, 1.5, 2.5)]
    once = replace(EDGE, again=1e12)
    assert [(at.year, at.after) for at in edge_plan(once, damage).plan.raises] == [(3, 2.5)]


def test_the_worth_of_an_investment_is_that_of_the_house():
    measure = catalogue()["sluice_pumps"]
    for years, lead in ((50, 3.0), (120, 0.0), (10, 9.0)):
        flows = measure_flows(replace(measure, lead_time=lead), years, price=1.0)
        worth = present_value(flows.investment - flows.residual)
        assert measure.cost * invested_worth(years, measure.lifetime)[int(lead)] == pytest.approx(worth, rel=1e-12)


def test_between_known_years_the_table_is_linear_and_beyond_them_level():
    table = yearly_table([2030, 2040], [[0.0, 10], [20, 30]], 2026, 20)
    assert table.shape == (20, 2)
    assert table[:, 0].tolist() == [0.0] * 5 + list(range(2, 20, 2)) + [20.0] * 6
    assert (table[:, 1] - table[:, 0] == 10).all()


def test_a_grid_that_is_too_low_says_so():
    assert best_plan(ring_problem(RINGS["10"], highest=100)).tops_out


HEIGHTS, RAISES, LOSS, WORTH = [0.0, 1.0], [[0.0, 1.0], [0.0, 0.0]], [[2.0, 1.0]], [1.0]


@pytest.mark.parametrize(
    "words",
    [
        (dict(heights=[]), "two or more finite heights"),
        (dict(heights=[1.0, 1.0]), "rising order"),
        (dict(heights=[0.0, np.nan]), "finite heights"),
        (dict(investment=[[0.0, -1.0], [0.0, 0.0]]), "Every investment"),
        (dict(investment=[[0.0, np.nan], [0.0, 0.0]]), "Every investment"),
        (dict(investment=[[0.0]]), "2 rows and columns"),
        (dict(investment=lambda before, rise: -rise), "Every investment"),
        (dict(loss=[[2.0, -1.0]]), "losses must be"),
        (dict(loss=[[2.0, np.inf]]), "losses must be"),
        (dict(loss=[[2.0]]), "one of 2 heights"),
        (dict(loss=np.zeros((0, 2))), "a row a year"),
        (dict(discount=[1.0, 1.0]), "1 discount factors; got 2"),
        (dict(discount=[np.nan]), "discount factors must be"),
        (dict(paid=[-1.0]), "present worth of investments must be"),
        (dict(terminal=[1.0]), "2 terminal losses; got 1"),
        (dict(earliest=1), "lies from 0 to 0; got 1"),
    ],
)
def test_bad_problems_are_told(words):
    wrong, message = words
    good = dict(heights=HEIGHTS, investment=RAISES, loss=LOSS, discount=WORTH)
    with pytest.raises(InputError, match=message):
        timing_problem(**(good | wrong))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(value=-1.0), "value must be a finite number"),
        (dict(alpha=np.nan), "alpha must be"),
        (dict(probability=2.0), "probability up to 1"),
        (dict(rate=0.0), "discount rate above 0"),
    ],
)
def test_bad_rings_are_told(wrong, message):
    with pytest.raises(InputError, match=message):
        replace(RINGS["10"], **wrong)
    with pytest.raises(InputError, match="1 cm and 1 year or more; got 0 cm"):
        ring_problem(DikeRing(1, 0.1, 0.1, 1, 0, 1, 1, 0), highest=0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(crests=(), to_build=(), upkeep=()), "one or more crests"),
        (dict(to_build=(1.0,)), "a cost and an upkeep of each; got 3, 1 and 3"),
        (dict(again=-1.0), "0 or more"),
        (dict(again=np.nan), "finite and 0 or more"),
        (dict(lifetime=0), "lifetime 1 or more"),
        (dict(crests=(2.0, 1.0, 3.0)), "must rise"),
        (dict(ground=1.5), "must rise above its ground"),
        (dict(to_build=(3.0, 2.0, 1.0)), "cannot cost less"),
    ],
)
def test_bad_edges_are_told(wrong, message):
    with pytest.raises(InputError, match=message):
        replace(EDGE, **wrong)


def test_bad_tables_and_paths_are_told():
    with pytest.raises(InputError, match="for each of 3 crests; got 2 columns"):
        edge_problem(EDGE, np.zeros((10, 2)))
    with pytest.raises(InputError, match="from 0 to 2; got 3"):
        edge_problem(EDGE, np.zeros((3, 4)))
    problem = timing_problem(HEIGHTS, RAISES, [[2.0, 1.0]] * 3, np.ones(3), earliest=1)
    for path in ([0, 0], [0, 0, 7]):
        with pytest.raises(InputError, match="one of the problem's heights in each of its 3 years"):
            follow(problem, path)
    for path in ([0, 1, 0], [1, 1, 1]):
        with pytest.raises(InputError, match="never falls"):
            follow(problem, path)
    for known, rows in (([], np.zeros((0, 2))), ([2030, 2020], [[1.0], [2.0]]), ([2030], [[1.0], [2.0]])):
        with pytest.raises(InputError, match="one row for each known year"):
            yearly_table(known, rows, 2026, 5)
    with pytest.raises(InputError, match="1 year or more; got 0 and 5"):
        invested_worth(0, 5)
