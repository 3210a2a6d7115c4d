"""Waiting against building now: closed forms, limits of the noise, the house's own cost, bad input."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from genrejs.appraisal.economics import discount_factors, measure_flows, present_value
from genrejs.appraisal.waiting import Build, Waiting, decision_worth, wait_and_learn, wait_until_known
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue

YEAR = np.arange(60)
LEVELS = np.stack([0.003 * YEAR, 0.003 * YEAR + 6e-5 * YEAR**2, 0.003 * YEAR + 1.3e-4 * YEAR**2])
BENEFITS = np.stack([5e6 + 0.0 * YEAR, 5e6 + 0.5e6 * YEAR, 5e6 + 1.5e6 * YEAR])
PRIOR = [0.3, 0.4, 0.3]
WORTH = decision_worth(Build(330e6, 5e6, 80, 8.0), BENEFITS)


def test_the_worth_of_deciding_is_that_of_the_house():
    measure = replace(catalogue()["raised_edge"], lifetime=25, added_value=())
    build = Build(measure.cost, measure.upkeep, 25, 7.5)
    table = decision_worth(build, BENEFITS)
    assert table.shape == (3, 60 - 8)
    for decided in (0, 20, 51):
        spent = present_value(measure_flows(replace(measure, lead_time=decided + 8.0), 60, price=1.0).cost)
        gains = BENEFITS[:, decided + 8 :] @ discount_factors(60)[decided + 8 :]
        assert table[:, decided] == pytest.approx(gains - 1.1 * spent, rel=1e-12)


def test_two_futures_known_next_year():
    """Worth 100 or -60 now, 90 or -55 next year: waiting is worth 0.5 x 90, building now 0.5 x 40."""
    found = wait_until_known([[100.0, 90.0], [-60.0, -55.0]], [0.5, 0.5], 1)
    assert (found.npv_now, found.npv_wait) == (20.0, 45.0)
    assert (found.value_of_waiting, found.value_of_learning) == (25.0, 25.0)
    assert (found.npv_fixed, found.fixed_year, found.best_year) == (20.0, 0, 1)
    assert found.chances.tolist() == [0.0, 0.5]


def test_where_it_pays_in_every_future_waiting_loses():
    found = wait_until_known([[100.0, 90.0], [50.0, 45.0]], [0.5, 0.5], 1)
    assert (found.npv_now, found.npv_wait, found.value_of_waiting, found.best_year) == (75.0, 67.5, -7.5, 0)


def test_where_it_never_pays_nothing_is_built():
    for found in (
        wait_until_known([[-3.0, -1.0], [-2.0, -1.0]], [0.5, 0.5], 1),
        wait_and_learn([[-3.0, -1.0], [-2.0, -1.0]], [0.5, 0.5], [[0.0], [1.0]], 0.1),
    ):
        assert (found.npv_wait, found.value_of_waiting, found.fixed_year, found.best_year) == (0.0, 0.0, None, None)
        assert found.chances.tolist() == [0.0, 0.0]


def by_threshold(prior: float, worth: tuple[float, float], spread: float) -> tuple[float, float]:
    """Return npv and chance of building after one look, at 0 or `spread` noises: the cut is where both weigh alike."""
    low, high = worth
    cut = spread / 2 + np.log(-(1 - prior) * low / (prior * high)) / spread
    hit, false = ndtr(spread - cut), ndtr(-cut)
    return prior * high * hit + (1 - prior) * low * false, prior * hit + (1 - prior) * false


@settings(max_examples=25, deadline=None)
@given(st.floats(0.1, 0.9), st.floats(-100, -10), st.floats(10, 100), st.floats(0.02, 0.5), st.floats(0.02, 0.5))
def test_one_look_at_the_sea_in_closed_form(prior, low, high, rise, noise):
    found = wait_and_learn([[-500.0, low], [-500.0, high]], [1 - prior, prior], [[0.0], [rise]], noise)
    npv, chance = by_threshold(prior, (low, high), rise / noise)
    assert found.npv_wait == pytest.approx(npv, rel=2e-3, abs=0.1)
    assert found.chances[1] == pytest.approx(chance, abs=0.05)
    assert found.misfit < 1e-12


def test_looks_in_several_years_add_up():
    """What three years tell together is one look at the root of the sum of squares."""
    rise = np.array([0.1, 0.2, 0.3])
    worth = [[-500.0, -500.0, -500.0, -40.0], [-500.0, -500.0, -500.0, 50.0]]
    found = wait_and_learn(worth, [0.6, 0.4], [np.zeros(3), rise], 0.25)
    npv, chance = by_threshold(0.4, (-40.0, 50.0), float(np.linalg.norm(rise) / 0.25))
    assert found.npv_wait == pytest.approx(npv, rel=2e-3)
    assert found.chances[3] == pytest.approx(chance, abs=5e-3)


def test_without_noise_it_is_known_after_the_first_year_that_differs():
    exact = wait_until_known(WORTH, PRIOR, 2)
    assert wait_and_learn(WORTH, PRIOR, LEVELS, 1e-7).npv_wait == pytest.approx(exact.npv_wait, rel=1e-9)


def test_in_a_storm_of_noise_nothing_is_learnt():
    found = wait_and_learn(WORTH, PRIOR, LEVELS, 1e4)
    assert found.npv_wait == pytest.approx(found.npv_fixed, rel=1e-6)
    assert found.best_year == found.fixed_year and found.chances.max() == pytest.approx(1.0, abs=1e-6)


def test_the_more_the_sea_tells_the_more_waiting_is_worth():
    found = [wait_and_learn(WORTH, PRIOR, LEVELS, noise) for noise in (0.01, 0.03, 0.1, 0.5)]
    assert (np.diff([each.npv_wait for each in found]) < 0).all()
    for each in found:
        assert each.value_of_learning > 0 and each.value_of_waiting == each.npv_wait - max(each.npv_now, 0)
        assert each.chances.min() >= 0 and each.chances.sum() <= 1 + 1e-9


def test_a_finer_grid_says_the_same():
    coarse, fine = (wait_and_learn(WORTH, PRIOR, LEVELS, 0.04, points).npv_wait for points in (601, 1501))
    assert coarse == pytest.approx(fine, rel=1e-3)


def test_what_does_not_lie_on_one_course_is_told():
    bent = LEVELS.copy()
    bent[1, 30:] += 0.05
    assert wait_and_learn(WORTH, PRIOR, LEVELS, 0.04).misfit < 1e-12
    assert 0.01 < wait_and_learn(WORTH, PRIOR, bent, 0.04).misfit < 0.05


def test_a_future_without_a_chance_changes_nothing():
    two = wait_and_learn(WORTH[:2], [0.5, 0.5], LEVELS[:2], 0.04)
    three = wait_and_learn(WORTH, [0.5, 0.5, 0.0], LEVELS, 0.04)
    assert three.npv_wait == pytest.approx(two.npv_wait, rel=1e-4)


def test_the_best_year_is_when_building_is_as_likely_as_not():
    assert Waiting(0, 0, 0, None, np.array([0.2, 0.2, 0.2])).best_year == 2
    assert Waiting(0, 0, 0, None, np.array([0.2, 0.2, 0.0])).best_year is None


GOOD = dict(worth=[[1.0, 2.0], [3.0, 4.0]], chances=[0.5, 0.5], levels=[[0.0], [1.0]], noise=0.1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(worth=[]), "worth of deciding must be finite"),
        (dict(worth=[[1.0, np.nan], [3.0, 4.0]]), "worth of deciding must be finite"),
        (dict(chances=[0.5, 0.6]), "1.1 in all"),
        (dict(chances=[-0.5, 1.5]), "chance of 0 or more"),
        (dict(chances=[1.0]), "each of 2 projections"),
        (dict(levels=[[0.0]]), "2 projections and at least 1 years; got"),
        (dict(levels=[[0.0], [np.inf]]), "levels must be finite"),
        (dict(noise=0.0), "noise must be finite and above 0"),
        (dict(noise=np.nan), "noise must be finite and above 0"),
        (dict(points=2), "3 points or more"),
    ],
)
def test_bad_learning_is_told(wrong, message):
    with pytest.raises(InputError, match=message):
        wait_and_learn(**(GOOD | wrong))


def test_bad_years_and_builds_are_told():
    for known in (0, 2):
        with pytest.raises(InputError, match=f"lies from 1 to 1; got {known}"):
            wait_until_known(GOOD["worth"], GOOD["chances"], known)
    for build in (Build(-1.0), Build(np.nan), Build(1.0, lifetime=0), Build(1.0, lead_time=-1.0)):
        with pytest.raises(InputError, match="Cost, upkeep, lead time"):
            decision_worth(build, [[1.0, 1.0]])
    with pytest.raises(InputError, match="cover 2 years, but it takes 2"):
        decision_worth(Build(1.0, lead_time=2.0), [[1.0, 1.0]])
    with pytest.raises(InputError, match="benefits must be finite"):
        decision_worth(Build(1.0), [1.0, 1.0])
