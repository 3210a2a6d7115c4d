"""Event sets with known answers: closed forms, a plain twin of the kernel, and CLIMADA's published demo."""

import math
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from genrejs.appraisal.events import exceedance_curve, expected_annual, return_levels
from genrejs.impact.curve import curve, curves, make_curve
from genrejs.impact.pairs import Assets, event_losses

DEMO = os.environ.get("GENREJS_CLIMADA_DEMO", "")


def twin(depth: np.ndarray, assets: Assets, chosen: list, frequency: np.ndarray):
    """Return loss by event, expected loss by asset and loss by event and group: NumPy's interpolation, exact sums."""
    loss = np.zeros((depth.shape[0], assets.value.size))
    for i, (place, value, which) in enumerate(zip(assets.place, assets.value, assets.curve, strict=True)):
        water = depth[:, place]
        loss[:, i] = np.where(water > 0, value * np.interp(water, chosen[which].depth, chosen[which].share), 0.0)
    labels = np.unique(assets.group)
    by_group = [[math.fsum(row[assets.group == label]) for label in labels] for row in loss]
    expected = [math.fsum(frequency * column) for column in loss.T]
    return np.array([math.fsum(row) for row in loss]), np.array(expected), np.array(by_group)


@pytest.mark.parametrize("seed", range(4))
def test_the_kernel_and_its_plain_twin_agree_to_fourteen_digits(seed):
    chance = np.random.default_rng(seed)
    chosen = list(curves().values())
    events, places, count = 150, 211, 700
    depth = chance.uniform(0.0, 8.0, (events, places)) * (chance.random((events, places)) < chance.uniform(0.01, 0.5))
    # Depths on the points of the curves, and a hair beside them.
    depth[:, :20] = np.where(depth[:, :20] > 0, np.round(depth[:, :20] * 20) / 20, 0.0)
    depth[:, 20:40] = np.nextafter(np.round(depth[:, 20:40] * 20) / 20, 0.0)
    assets = Assets(
        chance.integers(0, places, count),
        chance.lognormal(14.0, 2.0, count),
        chance.integers(0, len(chosen), count),
        chance.integers(0, 5, count),
    )
    frequency = chance.uniform(0.0, 0.01, events)
    losses = event_losses(csr_array(depth), assets, chosen, frequency, by_group=True)
    at_event, expected, by_group = twin(depth, assets, chosen, frequency)
    assert np.allclose(losses.at_event, at_event, rtol=1e-14, atol=0.0)
    assert np.allclose(losses.expected, expected, rtol=1e-14, atol=0.0)
    assert np.allclose(losses.at_event_by_group, by_group, rtol=1e-14, atol=0.0)
    assert losses.total == pytest.approx(math.fsum(frequency * at_event), rel=1e-14)
    assert losses.expected.sum() == pytest.approx(losses.total, rel=1e-14)


def test_a_plane_of_water_over_a_straight_curve_is_a_sum_of_squares():
    """Depth k/n m over asset k, loss V d: each event costs V f (n + 1) / 2 when its plane is scaled by f."""
    n, value = 1000, 2e6
    slope = make_curve("straight", [0.0, 10.0], [0.0, 1.0])
    plane = np.arange(1, n + 1) / n
    scales = np.array([1.0, 2.0, 5.0])
    often = np.array([0.1, 0.02, 0.004])
    assets = Assets(np.arange(n), np.full(n, value), np.zeros(n, int))
    losses = event_losses(csr_array(scales[:, None] * plane), assets, [slope], often)
    assert losses.at_event == pytest.approx(value / 10.0 * scales * (n + 1) / 2.0, rel=1e-14)
    assert losses.expected == pytest.approx(value / 10.0 * plane * (often @ scales), rel=1e-14)


def test_residential_buildings_two_metres_under_cost_six_tenths():
    """JRC's European residential curve gives 0.60 at 2 m (Huizinga et al. 2017)."""
    assets = Assets(np.array([0, 0]), np.array([1e6, 3e6]), np.array([0, 0]))
    losses = event_losses(csr_array([[2.0]]), assets, [curve("jrc_residential")], [0.01])
    assert losses.at_event[0] == pytest.approx(2.4e6, rel=1e-15)
    assert losses.expected == pytest.approx([6e3, 18e3], rel=1e-15)


def test_exponential_losses_have_their_closed_form():
    """Events of equal frequency f with losses a ln(n / k), k = 1..n: exceedance k f, so L(T) = a ln(n f T)."""
    n, often, a = 20_000, 1e-4, 3e6
    loss = a * np.log(n / np.arange(1, n + 1))
    frequency = np.full(n, often)
    curve_ = exceedance_curve(loss[::-1], frequency)
    assert curve_.frequency == pytest.approx(often * np.arange(1, n + 1), rel=1e-10)
    periods = np.array([10.0, 50.0, 100.0, 250.0])
    levels = return_levels(loss, frequency, periods)
    assert levels.loss == pytest.approx(a * np.log(n * often * periods), rel=1e-3)
    assert not levels.beyond.any()
    # The sum over events is a f (n ln n - ln n!), by Stirling near a f n.
    exact = a * often * (n * math.log(n) - math.lgamma(n + 1))
    assert expected_annual(loss, frequency) == pytest.approx(exact, rel=1e-12)
    assert exact == pytest.approx(a * often * n, rel=1e-3)


def test_what_lies_beyond_the_set_is_held_and_marked():
    levels = return_levels([5.0, 9.0], [0.02, 0.01], [20.0, 100 / 3, 50.0, 100.0, 500.0])
    middle = 5.0 + 4.0 * (50.0 - 100 / 3) / (100.0 - 100 / 3)
    assert levels.loss == pytest.approx([5.0, 5.0, middle, 9.0, 9.0], rel=1e-12)
    assert levels.below.tolist() == [True, False, False, False, False]
    assert levels.beyond.tolist() == [False, False, False, False, True]


@pytest.mark.skipif(not DEMO, reason="GENREJS_CLIMADA_DEMO names no file; benchmarks/climada_case.py demo writes one")
def test_climadas_demo_gives_its_published_numbers():
    """Florida's storms 1990-2004 over 50 assets: CLIMADA's ten-minute demo, wind speed [m/s] in the place of depth."""
    with np.load(Path(DEMO)) as demo:
        wind = csr_array((demo["data"], demo["indices"], demo["indptr"]), shape=tuple(demo["shape"]))
        assets = Assets(demo["place"].astype(np.int64), demo["value"], np.zeros(demo["value"].size, np.int64))
        emanuel = make_curve("emanuel", demo["depth"], demo["share"])
        losses = event_losses(wind, assets, [emanuel], demo["frequency"])
        assert (assets.value.size, wind.shape[0]) == (50, 216)
        assert losses.total == pytest.approx(288_895_461.1189992, rel=1e-14)
        assert np.allclose(losses.at_event, demo["at_event"], rtol=1e-14, atol=0.0)
        assert np.allclose(losses.expected, demo["expected"], rtol=1e-14, atol=0.0)
        levels = return_levels(losses.at_event, demo["frequency"], [10.0, 25.0, 50.0, 100.0, 250.0])
    published = [0.0, 24_848_802.66, 7_109_254_720.46, 13_654_701_440.22, 20_958_884_995.87]
    assert np.round(levels.loss, 2).tolist() == published
