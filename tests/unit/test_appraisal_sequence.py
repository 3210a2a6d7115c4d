"""Order and years of measures: two measures in closed form, brute force, the house's own cost, bad input."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.appraisal.economics import annuity, discount_factors, measure_flows, present_value
from genrejs.appraisal.portfolio import Rules
from genrejs.appraisal.sequence import Programme, Work, best_order, starts, work_of
from genrejs.appraisal.timing import invested_worth
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue

INF = float("inf")


def test_of_two_that_cost_a_years_budget_the_better_comes_first():
    years, cost = 20, 10.0
    works = (Work("a", 3.0, cost, lifetime=years), Work("b", 4.0, cost, lifetime=years))
    order = best_order(Programme(works, (cost,) * years, (INF,) * years))
    paid = 1.1 * cost * invested_worth(years, years)[:2].sum()
    assert order.starts == {"b": 0, "a": 1} and list(order.works) == ["b", "a"]
    assert order.npv == pytest.approx(4 * annuity(years) + 3 * (annuity(years) - 1) - paid, rel=1e-12)
    assert order.spent.tolist() == [cost, cost] + [0.0] * (years - 2) and order.gap == 0


def test_crews_hold_one_back_until_the_other_is_done():
    works = (Work("a", 9.0, 1.0, lead_time=2.0, points=3.0), Work("b", 5.0, 1.0, lead_time=1.0, points=2.0))
    order = best_order(Programme(works, (INF,) * 10, (4.0,) * 10))
    # b first costs a's 9 a year later; a first costs b's 5 two years later.
    factors = discount_factors(10)
    first_a = 9 * factors[2:].sum() + 5 * factors[3:].sum()
    first_b = 5 * factors[1:].sum() + 9 * factors[3:].sum()
    assert order.starts == ({"a": 0, "b": 2} if first_a > first_b else {"b": 0, "a": 1})
    assert order.used.max() <= 4 and order.used.sum() == 3 * 2 + 2 * 1


def test_a_measure_waits_for_what_it_needs():
    works = (Work("sensors", 0.1, 50.0, lead_time=3.0, lifetime=100), Work("warning", 30.0, 1.0, lead_time=1.0))
    rules = Rules(("sensors", "warning"), requires=(("warning", "sensors"),))
    order = best_order(Programme(works, (100.0,) * 12, (1.0,) * 12, rules))
    assert order.works == {"sensors": 3, "warning": 3} and order.starts == {"sensors": 0, "warning": 2}
    barred = replace(rules, never=frozenset(["sensors"]))
    assert best_order(Programme(works, (100.0,) * 12, (1.0,) * 12, barred)).starts == {}


def test_money_carried_over_pays_for_what_a_year_cannot():
    work = (Work("edge", 10.0, 30.0, lifetime=40),)
    assert best_order(Programme(work, (10.0,) * 12, (INF,) * 12)).starts == {}
    assert best_order(Programme(work, (10.0,) * 12, (INF,) * 12, carries=True)).starts == {"edge": 2}


def test_a_start_is_worth_what_the_house_reckons():
    measure = replace(catalogue()["raised_edge"], lifetime=20, lead_time=2.5, added_value=())
    years = 50
    programme = Programme((work_of(measure, 40e6),), (INF,) * years, (INF,) * years, spreads=False)
    table = starts(programme.works[0], programme)
    assert table.worth.size == years - 3
    for begin in (0, 1, 17, 46):
        flows = measure_flows(replace(measure, lead_time=begin + 3.0), years, price=1.0)
        gains = 40e6 * discount_factors(years)[begin + 3 :].sum()
        assert table.worth[begin] == pytest.approx(gains - 1.1 * present_value(flows.cost), rel=1e-12)
        assert table.spent[begin] == pytest.approx(flows.investment[:years])


def test_while_it_is_built_it_is_paid_evenly():
    work = Work("edge", (0.0, 1.0, 2.0, 3.0, 4.0, 5.0), 9.0, 0.5, 6, 3.0, 2.0)
    table = starts(work, Programme((work,), (INF,) * 6, (INF,) * 6))
    assert table.spent.tolist() == [[3, 3, 3, 0, 0, 0], [0, 3, 3, 3, 0, 0], [0, 0, 3, 3, 3, 0]]
    assert (table.used == table.spent * 2 / 3).all()
    factors = discount_factors(7)
    second = factors[4] * 4 + factors[5] * 5 - 1.1 * (3 * factors[1:4].sum() + 0.5 * factors[4:6].sum())
    assert table.worth[1] == pytest.approx(second + 1.1 * 9 * 4 / 6 * factors[6], rel=1e-12)


def by_brute_force(programme: Programme) -> float:
    """Return the best npv over every start of every measure, None included: loops, no integer programming."""
    works, years, rules = programme.works, programme.years, programme.rules
    factors, best = discount_factors(years + 1), -INF
    choices = [[None, *range(years - work.lead)] for work in works]
    for begins in product(*choices):
        chosen = {w.id: (w, b) for w, b in zip(works, begins, strict=True) if b is not None}
        at = {id: b + w.lead for id, (w, b) in chosen.items()}
        if any(len(set(group) & set(at)) > 1 for group in rules.excludes) or not rules.always <= set(at):
            continue
        if any(a in at and (b not in at or at[b] > at[a]) for a, b in rules.requires):
            continue
        spent, used, npv = np.zeros(years), np.zeros(years), 0.0
        for id, (work, begin) in chosen.items():
            spent[at[id]] += work.cost
            used[begin : begin + max(work.lead, 1)] += work.points
            left = (work.lifetime - (years - at[id])) / work.lifetime
            npv += factors[at[id] : years].sum() * (work.benefit - 1.1 * work.upkeep)
            npv -= 1.1 * work.cost * (factors[at[id]] - left * factors[years])
        if (spent <= np.array(programme.budget) + 1e-9).all() and (used <= np.array(programme.capacity) + 1e-9).all():
            best = max(best, npv)
    return best


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_equals_brute_force(seed):
    rng = np.random.default_rng(seed)
    years, ids = 6, tuple("abcde")
    works = tuple(
        Work(id, *rng.uniform((0, 1, 0), (6, 10, 1)).tolist(), 30, float(rng.integers(0, 3)), float(rng.integers(0, 4)))
        for id in ids
    )
    rules = Rules(ids, excludes=(("a", "b"),), requires=(("c", "d"),), always=frozenset("e"))
    programme = Programme(works, (9.0,) * years, (5.0,) * years, rules, spreads=False)
    if by_brute_force(programme) == -INF:
        with pytest.raises(InputError, match="No order keeps"):
            best_order(programme)
        return
    order = best_order(programme)
    assert order.npv == pytest.approx(by_brute_force(programme), rel=1e-9, abs=1e-9)
    assert (order.spent <= 9.0 + 1e-9).all() and (order.used <= 5.0 + 1e-9).all()


def test_a_solver_without_time_says_that_nothing_was_found():
    works = tuple(Work(f"m{place}", 1.0 + place % 7, 5.0 + place % 5, points=1.0) for place in range(30))
    with pytest.raises(InputError, match="No choice was found in 0 s"):
        best_order(Programme(works, (11.0,) * 20, (2.0,) * 20), time_limit=0.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(cost=-1.0), "'a' needs a cost"),
        (dict(cost=np.nan), "'a' needs a cost"),
        (dict(lead_time=-1.0), "'a' needs a cost"),
        (dict(lifetime=0), "lifetime of 1 year"),
        (dict(benefit=np.nan), "benefit of the measure 'a' must be finite"),
        (dict(benefit=()), "benefit of the measure 'a' must be finite"),
    ],
)
def test_bad_works_are_told(wrong, message):
    with pytest.raises(InputError, match=message):
        Work(**(dict(id="a", benefit=1.0, cost=1.0) | wrong))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(works=()), "list is empty"),
        (dict(works=(Work("a", 1, 1), Work("a", 1, 1))), "given again: a"),
        (dict(rules=Rules(("b",))), "in their order: a"),
        (dict(budget=(), capacity=()), "one year or more; got 0 and 0"),
        (dict(capacity=(1.0,)), "got 2 and 1"),
        (dict(budget=(1.0, -1.0)), "0 or more"),
        (dict(capacity=(1.0, np.nan)), "0 or more"),
        (dict(tax_distortion=2.0), "share from 0 to 1"),
        (dict(works=(Work("a", (1.0, 2.0, 3.0), 1),)), "one number or 2, one a year; got 3"),
    ],
)
def test_bad_programmes_are_told(wrong, message):
    good = dict(works=(Work("a", 1.0, 1.0),), budget=(1.0, 1.0), capacity=(1.0, 1.0))
    with pytest.raises(InputError, match=message):
        Programme(**(good | wrong))


def test_what_cannot_be_in_time_is_told():
    with pytest.raises(InputError, match="No measure can work within 2 years"):
        best_order(Programme((Work("a", 1.0, 1.0, lead_time=2.0),), (1.0, 1.0), (1.0, 1.0)))
    fixed = Rules(("a",), always=frozenset("a"))
    with pytest.raises(InputError, match="fixed in: a"):
        best_order(Programme((Work("a", 1.0, 5.0),), (1.0, 1.0), (1.0, 1.0), fixed))
