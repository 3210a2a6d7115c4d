"""What must hold for any household: more to fall back on never hurts, the poorer lose more, money has no unit."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.recovery.wellbeing import WellbeingSettings, wellbeing_losses

SAME = 1e-6
"""Relative difference that two searches for a best rate may show."""

money = st.floats(1e3, 1e6)
rates = st.one_of(st.none(), st.floats(0.05, 10.0))
tastes = st.builds(
    WellbeingSettings,
    productivity=st.floats(0.02, 0.4),
    elasticity=st.floats(0.0, 3.0),
    discount=st.floats(0.0, 0.15),
    horizon=st.sampled_from([10.0, 40.0, float("inf")]),
    subsistence=st.floats(2e4, 1e5),
)
few = settings(max_examples=150, deadline=None)


@few
@given(money, money, st.floats(0, 1e6), st.floats(0, 1e6), rates, tastes)
def test_more_to_fall_back_on_is_never_worse(loss, consumption, stock, more, rate, taste):
    found = wellbeing_losses(loss, consumption, [stock, stock + more], taste, rate=rate).wellbeing
    assert found[1] <= found[0] * (1 + SAME) + 1e-9
    assert found[1] >= 0


@few
@given(money, money, st.floats(0, 1e6), st.floats(0, 5e5), rates, tastes)
def test_an_equal_loss_hurts_the_poorer_more(loss, consumption, richer, stock, rate, taste):
    found = wellbeing_losses(loss, [consumption, consumption + richer], stock, taste, rate=rate).wellbeing
    assert found[0] >= found[1] * (1 - SAME) - 1e-9


@few
@given(money, money, money, st.floats(0, 5e5), rates, tastes)
def test_a_larger_loss_is_never_better(loss, more, consumption, stock, rate, taste):
    found = wellbeing_losses([loss, loss + more], consumption, stock, taste, rate=rate).wellbeing
    assert found[1] >= found[0] * (1 - SAME)


@few
@given(money, money, st.floats(0, 1e6), st.floats(0.01, 100.0), tastes)
def test_another_unit_of_money_changes_the_unit_of_the_loss_only(loss, consumption, stock, unit, taste):
    other = replace(taste, subsistence=taste.subsistence * unit, mean_consumption=taste.mean_consumption * unit)
    here = wellbeing_losses(loss, consumption, stock, taste)
    there = wellbeing_losses(loss * unit, consumption * unit, stock * unit, other)
    np.testing.assert_allclose(there.wellbeing, here.wellbeing * unit, rtol=SAME, atol=1e-9 * unit)
    np.testing.assert_allclose(there.shortfall, here.shortfall * unit, rtol=1e-3, atol=1e-3 * unit)


@few
@given(money, st.floats(0, 1e6), tastes)
def test_who_loses_nothing_loses_no_well_being(consumption, stock, taste):
    found = wellbeing_losses(0.0, consumption, stock, taste)
    assert (found.wellbeing[0], found.shortfall[0]) == (0.0, 0.0)
    assert np.isnan(found.rate[0])


@few
@given(st.lists(st.tuples(money, money, st.floats(0, 1e6)), min_size=2, max_size=6), tastes)
def test_households_do_not_see_each_other(rows, taste):
    loss, consumption, stock = np.array(rows).T
    found = wellbeing_losses(loss, consumption, stock, taste)
    turned = wellbeing_losses(loss[::-1], consumption[::-1], stock[::-1], taste)
    assert np.array_equal(found.wellbeing, turned.wellbeing[::-1])
    assert np.array_equal(found.rate, turned.rate[::-1])


@few
@given(money, money, st.floats(0, 1e6), st.floats(0.02, 12.0), tastes)
def test_no_rate_that_leaves_subsistence_is_better_than_the_best(loss, consumption, stock, rate, taste):
    best = wellbeing_losses(loss, consumption, stock, taste)
    if rate <= best.rate[0] or wellbeing_losses(loss, consumption, stock, taste, rate=rate).shortfall[0] == 0:
        other = wellbeing_losses(loss, consumption, stock, taste, rate=rate)
        assert best.wellbeing[0] <= other.wellbeing[0] * (1 + SAME) + 1e-9


@few
@given(money, money, st.floats(0, 1e6), tastes)
def test_every_figure_is_finite_and_the_rate_within_its_bounds(loss, consumption, stock, taste):
    found = wellbeing_losses(loss, consumption, stock, taste)
    assert np.isfinite(found.wellbeing).all()
    assert found.shortfall[0] >= 0
    assert taste.slowest * (1 - 1e-12) <= found.rate[0] <= taste.fastest * (1 + 1e-12)
