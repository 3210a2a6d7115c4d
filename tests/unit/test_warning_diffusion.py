import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.warning.diffusion import Channel, spread, told, warned_share

ONE = np.ones(1)


def channel(rate, reach=1.0, delay=0.0):
    return Channel("x", rate, np.array([reach]), delay)


@pytest.mark.parametrize(("broadcast", "contagion"), [(0.35, 0.10), (0.03, 0.10), (0.2, 0.0), (0.001, 0.1)])
def test_constant_rates_follow_the_closed_form(broadcast, contagion):
    time = np.arange(121.0)
    heard = spread(told((channel(broadcast),), 120, 1), np.array([[contagion]]))
    np.testing.assert_allclose(heard[:, 0], warned_share(time, broadcast, contagion), atol=2e-3)


def test_contagion_alone_is_logistic():
    time = np.arange(181.0)
    heard = spread(np.zeros((181, 1)), np.array([[0.1]]), start=np.array([0.01]))
    logistic = 1.0 / (1.0 + 99.0 * np.exp(-0.1 * time))
    np.testing.assert_allclose(warned_share(time, 0.0, 0.1, 0.01), logistic, rtol=1e-12)
    np.testing.assert_allclose(heard[:, 0], logistic, atol=1e-3)


def test_the_closed_form_solves_the_equation():
    time = np.linspace(0.0, 60.0, 60_001)
    share = warned_share(time, 0.05, 0.2)
    slope = np.gradient(share, time)
    np.testing.assert_allclose(slope[1:-1], ((1 - share) * (0.05 + 0.2 * share))[1:-1], atol=1e-6)
    assert warned_share(np.array([0.0, 9.0]), 0.0, 0.0).tolist() == [0.0, 0.0]


def test_broadcast_alone_is_exact_and_stops_at_its_reach():
    heard = spread(told((channel(0.35, 0.91),), 60, 1), np.zeros((1, 1)))[:, 0]
    np.testing.assert_allclose(heard, 0.91 * -np.expm1(-0.35 * np.arange(61)), rtol=1e-12)
    assert heard[-1] == pytest.approx(0.91, abs=1e-6)


def test_siren_and_cell_broadcast_together_reach_ninety_eight_percent():
    both = told((channel(0.35, 0.91), channel(0.20, 0.80, 5.0)), 240, 1)
    assert both[-1, 0] == pytest.approx(0.982, abs=1e-6)
    assert told((channel(0.20, 0.80, 5.0),), 6, 1)[:, 0].tolist()[:6] == [0.0] * 6


def test_who_stops_telling_leaves_some_untold():
    official = np.zeros((600, 1))
    some = spread(official, np.array([[0.1]]), telling=30.0, start=np.array([1e-4]))[-1, 0]
    # The final size of an outbreak in which each tells 0.1 * 30 = 3 others: n = 1 - exp(-3 n).
    final = 0.94
    for _ in range(50):
        final = 1.0 - math.exp(-3.0 * final)
    assert some == pytest.approx(final, abs=5e-3)


def test_nobody_is_told_without_channels():
    assert not spread(told((), 30, 3), np.full((3, 3), 0.1)).any()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_shares_stay_shares_never_fall_and_more_reach_never_tells_fewer(seed):
    random = np.random.default_rng(seed)
    contact = random.uniform(0.0, 0.3, (3, 3))
    reach = random.uniform(0.0, 0.9, 3)
    rate, telling = random.uniform(0.01, 1.0), float(random.integers(1, 60))
    heard = spread(told((Channel("x", rate, reach),), 90, 3), contact, telling=telling)
    assert ((heard >= 0.0) & (heard <= 1.0)).all()
    assert (np.diff(heard, axis=0) >= -1e-12).all()
    more = spread(told((Channel("x", rate, np.minimum(reach + 0.1, 1.0)),), 90, 3), contact, telling=telling)
    assert (more >= heard - 1e-3).all()
