"""What the plan costs by year and payer: closed forms, and no krone that appears or vanishes."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from genrejs.measure.model import PAYERS
from genrejs.report.strategy_money import payer_table, renewals, spending, year_table
from genrejs.report.strategy_plan import NOT_FOUND, Range

make_plan = runpy.run_path(str(Path(__file__).parents[1] / "strategy_story.py"))["make_plan"]
PLAN = make_plan()


def alone(begins=2030, works=2034, lifetime=10, *, cost=80.0, years=(2027, 2066), funding=None):
    action = PLAN.actions[0]
    measure = replace(action.measure, lifetime=lifetime)
    one = replace(
        action, measure=measure, year_begin=begins, year_works=works, cost=Range(cost, cost, cost), upkeep=3.0,
        funding=funding or {"state": 0.25},
    )  # fmt: skip
    return replace(PLAN, actions=(one,), years=years)


def test_the_price_is_spread_evenly_until_the_action_works_and_paid_again_when_it_is_worn():
    spent = spending(alone())
    paid = dict(zip(spent.years.tolist(), spent.investment.tolist(), strict=True))
    assert [paid[year] for year in range(2029, 2036)] == [0, 20, 20, 20, 20, 0, 0]
    assert [year for year, amount in paid.items() if amount == 80.0] == [2044, 2054, 2064]
    assert dict(zip(spent.years.tolist(), spent.upkeep.tolist(), strict=True))[2033] == 0
    assert spent.upkeep.sum() == 3.0 * (2066 - 2034 + 1)
    assert spent.later == 0
    assert spent.invested["state"].sum() == approx(0.25 * 320) and spent.invested[NOT_FOUND].sum() == approx(0.75 * 320)


def test_an_action_that_works_at_once_is_paid_in_its_year():
    spent = spending(alone(2030, 2030, 100))
    assert spent.investment.nonzero()[0].tolist() == [3] and spent.investment[3] == 80


def test_what_is_paid_after_the_period_is_told_apart():
    plan = alone(2063, 2071)
    spent = spending(plan)
    assert spent.investment.sum() == 40 and spent.later == 40 and spent.upkeep.sum() == 0
    assert "Efter planens sidste år" in [row[0][0].da for row in year_table(plan).rows]


@settings(deadline=None)
@given(
    st.integers(2027, 2066),
    st.integers(0, 12),
    st.integers(1, 60),
    st.floats(0, 1e10),
    st.lists(st.floats(0, 1 / 6), min_size=6, max_size=6),
)
def test_no_krone_appears_or_vanishes(begins, lead, lifetime, cost, shares):
    plan = alone(begins, begins + lead, lifetime, cost=cost, funding=dict(zip(PAYERS, shares, strict=True)))
    spent = spending(plan)
    times = 1 + len(renewals(plan.actions[0], plan.years[1]))
    assert spent.investment.sum() + spent.later == approx(
        times * cost, rel=1e-8, abs=1e-6
    )  # shares below 1e-9 are left out
    assert all((amounts >= 0).all() for amounts in spent.invested.values())


def test_tables_agree_with_the_sums():
    spent = spending(PLAN)
    payers = [row[0][0].da for row in payer_table(PLAN).rows]
    assert payers == ["Forsyningen", "Staten", "Fonde", "Kommunen", "Endnu ingen", "I alt"]
    assert len(year_table(PLAN).rows) == 8 and year_table(PLAN).rows[0][0][0].da == "2027–2031"
    short = replace(PLAN, years=(2027, 2036))
    assert [row[0][0].da for row in year_table(short).rows][:3] == ["2027", "2028", "2029"]
    assert np.isclose(spent.upkeep[-1], sum(action.upkeep for action in PLAN.actions))
