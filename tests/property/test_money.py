"""Money is neither made nor lost: every split sums to what was split, whatever the rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from genrejs.appraisal.economics import internal_rate, payback, worth
from genrejs.appraisal.equity import equity_weights
from genrejs.appraisal.groups import losses_by
from genrejs.appraisal.payers import PAYERS, RULES_2013, RULES_2015, PayerSettings, who_pays
from genrejs.appraisal.payers_annual import Flooded, expected_losses, expected_payment, pieces
from genrejs.appraisal.prices import constant_growth
from genrejs.appraisal.risk import expected_annual, weights
from genrejs.impact.damage import CATEGORIES, HAZARDS

PARTS = ["damage", "contents", "cellar", "value_loss", "people"]
rules = st.builds(
    PayerSettings,
    scheme=st.sampled_from([RULES_2013, RULES_2015]),
    pool=st.sampled_from([0.0, 1e6, 450e6]),
    beyond_pool=st.sampled_from(["state", "scheme", "owner", "municipality"]),
    insured_buildings=st.floats(0, 1),
    insured_contents=st.floats(0, 1),
    threshold=st.fixed_dictionaries({hazard: st.sampled_from([0.0, 20.0, 75.0, np.inf]) for hazard in HAZARDS}),
)
seeds = st.integers(0, 2**32 - 1)


def buildings_lost(seed: int, contents: bool = True, scale: float = 1.0) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    n = int(chance.integers(0, 40))
    table = pd.DataFrame({"category": chance.choice(CATEGORIES, n), "homes": chance.integers(0, 12, n)})
    for part in PARTS:
        table[part] = scale * chance.exponential(10.0 ** chance.uniform(2, 7, n)) * (chance.random(n) < 0.7)
    return table if contents else table.drop(columns="contents")


def whole(table: pd.DataFrame) -> np.ndarray:
    return table[[part for part in PARTS if part in table]].to_numpy().sum(axis=1)


@settings(max_examples=80, deadline=None)
@given(seeds, st.sampled_from(HAZARDS), st.floats(0.5, 1e4), rules, st.booleans())
def test_each_building_is_paid_for_once(seed, hazard, years, how, contents):
    losses = buildings_lost(seed, contents)
    paid = who_pays(losses, hazard, years, how, {"turnover": 1e5})
    assert (paid.by_building >= -1e-9 * max(whole(losses).max(initial=0), 1)).all()
    np.testing.assert_allclose(paid.by_building.sum(axis=1), whole(losses), rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(paid.amounts.sum(), whole(losses).sum() + 1e5, rtol=1e-12)
    in_buildings = paid.table.drop(columns="turnover").sum(axis=1)
    np.testing.assert_allclose(paid.by_building.sum(axis=0), in_buildings, rtol=1e-9, atol=1e-4)
    assert paid.shares.sum() == approx(1.0)


@settings(max_examples=40, deadline=None)
@given(seeds, st.floats(1.0, 5.0))
def test_more_damage_never_pays_the_owner_and_cover_never_costs_him(seed, more):
    owner = PAYERS.index("owner")
    less, grown = buildings_lost(seed), buildings_lost(seed, scale=more)
    for years in (10.0, 100.0):
        few, many = (who_pays(table, "surge", years).by_building[:, owner] for table in (less, grown))
        assert (many >= few * (1 - 1e-12)).all()
    bare, covered = (who_pays(less, "surge", years).by_building[:, owner] for years in (10.0, 100.0))
    assert (covered <= bare * (1 + 1e-12)).all()


curves = st.lists(st.floats(1.5, 5000), min_size=1, max_size=6, unique_by=lambda years: round(1 / years, 9))


@settings(max_examples=60, deadline=None)
@given(seeds, curves, rules, st.sampled_from(["closed", "cut"]), st.booleans())
def test_the_payers_of_the_expected_year_sum_to_its_loss(seed, years, how, tail, ends):
    harmless = {"surge": 0.9} if ends else {}
    floods = [Flooded("surge", T, buildings_lost(seed, scale=T**0.5), {"crops": T}) for T in years]
    paid = expected_payment(floods, how, tail, harmless)
    frequencies = [1 / T for T in years]
    total = [float(whole(flood.losses).sum()) + flood.other["crops"] for flood in floods]
    assert paid.amounts.sum() == approx(expected_annual(frequencies, total, tail, harmless.get("surge")), rel=1e-9)
    each = whole(expected_losses(floods, tail, harmless))
    np.testing.assert_allclose(paid.by_building.sum(axis=1), each, rtol=1e-9, atol=1e-6)


@given(curves, st.floats(0, 300), st.sampled_from(["closed", "cut", "log"]), st.booleans())
def test_pieces_are_the_weights(years, threshold, tail, ends):
    frequencies, harmless = [1 / T for T in years], 0.9 if ends else None
    found = pieces(frequencies, threshold, tail, harmless)
    expected = weights(frequencies, tail, harmless)
    together = sum((piece.weight * piece.mix for piece in found), np.zeros(len(years)))
    scale = sum(piece.weight * np.abs(piece.mix).max() for piece in found)
    np.testing.assert_allclose(together, expected, rtol=1e-9, atol=1e-11 * max(scale, 1e-9))
    # Without end and tail the covered part is what lies beyond the threshold.
    if tail == "closed" and threshold > 0:
        covered = sum(piece.weight for piece in found if piece.covered)
        highest = max(frequencies) if harmless is None else None
        if highest is not None:
            assert covered == approx(min(1 / threshold, highest), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_groups_sum_to_the_whole(seed):
    chance = np.random.default_rng(seed)
    losses = buildings_lost(seed, contents=bool(seed % 2))
    n = len(losses)
    houses = pd.DataFrame({"district": chance.choice(["a", "b"], n), "residents": chance.integers(0, 5, n)})
    m = int(chance.integers(0, 60)) if n else 0
    homes = pd.DataFrame({age: chance.integers(0, 4, m) for age in ("children", "seniors")})
    homes["adults"] = chance.integers(0, 4, m) + (homes.sum(axis=1) == 0)
    homes["persons"] = homes[["children", "seniors", "adults"]].sum(axis=1)
    homes["building"] = chance.integers(0, max(n, 1), m)
    for column, values in (
        ("language", ["da", "other"]), ("income", ["low", "middle", "high"]), ("tenure", ["owner", "social", "private"]),
    ):  # fmt: skip
        homes[column] = chance.choice(values, m)
    table = losses_by(houses, homes, losses)
    assert (table["loss"] >= 0).all()
    for _, part in table.groupby("group"):
        assert part["loss"].sum() == approx(whole(losses).sum(), rel=1e-9)


@given(
    st.lists(st.tuples(st.floats(1e3, 1e7), st.integers(1, 1000)), min_size=1, max_size=20),
    st.floats(0, 3),
    st.floats(0.01, 100),
)
def test_weights_do_not_depend_on_the_unit_and_weigh_the_poor_most(rows, gamma, unit):
    income, people = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = equity_weights(income, people, gamma)
    np.testing.assert_allclose(equity_weights(income * unit, people, gamma), found, rtol=1e-9)
    assert (found * people).sum() / people.sum() >= 1 - 1e-9
    assert (np.diff(found[np.argsort(income)]) <= 1e-9 * found.max()).all()


@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=40))
def test_a_rate_that_is_given_makes_the_flow_worth_nothing(flow):
    answer = internal_rate(flow)
    if np.isfinite(answer.value):
        years = np.arange(len(flow))
        logs = years * np.log1p(answer.value)
        terms = np.array(flow) * np.exp(-(logs - logs.min() if answer.value < 0 else logs))
        assert abs(terms.sum()) <= 1e-6 * np.abs(terms).sum()
    else:
        assert answer.reason


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=60), st.floats(1, 1e6), st.floats(0, 1))
def test_paid_back_means_worth_it(benefits, price, public):
    costs = np.zeros(len(benefits))
    costs[0] = price
    value = worth(benefits, costs, public_share=public)
    assert value.npv == approx(value.benefit - value.cost)
    assert np.isfinite(value.discounted_payback) == (value.npv >= -1e-12 * (value.benefit + value.cost))
    if np.isfinite(value.discounted_payback):
        assert value.payback <= value.discounted_payback + 1e-9
    assert payback(np.array(benefits)) == 0


@given(st.integers(1990, 2010), st.integers(1, 40), st.floats(-0.5, 3.0))
def test_price_factors_chain(first, span, growth):
    index = constant_growth(first, first + span, growth)
    middle = first + span // 2
    whole_way = index.factor(first, first + span)
    assert whole_way == approx(1 + growth)
    assert index.factor(first, middle) * index.factor(middle, first + span) == approx(whole_way)
