"""Hazards against published and closed-form figures."""

import numpy as np
import pytest

from genrejs.city.structures import Storage
from genrejs.errors import InputError
from genrejs.hazard import cloudburst, river, surge
from genrejs.hazard.flood.problem import Series
from genrejs.hazard.water import parked


@pytest.mark.parametrize(
    ("period", "level"),
    [(2, 1.05), (5, 1.25), (10, 1.38), (20, 1.51), (50, 1.68), (100, 1.80), (200, 1.92), (1000, 2.21)],
)
def test_return_levels_are_those_of_the_facts(period: float, level: float) -> None:
    assert surge.return_level(period) == pytest.approx(level, abs=0.006)


@pytest.mark.parametrize("period", [1.5, 20, 710])
def test_frequency_undoes_the_return_level(period: float) -> None:
    assert surge.exceedance_frequency(surge.return_level(period)) == pytest.approx(1 / period)


def test_the_surge_peaks_once_at_its_peak() -> None:
    series = surge.hydrograph(1.52)
    assert series.values.max() == pytest.approx(1.52)
    assert series.times[np.argmax(series.values)] == pytest.approx(6 * 3600)
    assert series.times[-1] == pytest.approx(8.5 * 3600)


@pytest.mark.parametrize(("period", "depth"), [(1, 7.2), (2, 9.0), (5, 11.4), (10, 13.8), (100, 22.8)])
def test_ten_minute_depths_are_within_five_percent_of_the_published(period: float, depth: float) -> None:
    assert float(cloudburst.depth(period, 600)) * 1e3 == pytest.approx(depth, rel=0.05)


@pytest.mark.parametrize("period", [2, 10, 37, 100])
@pytest.mark.parametrize("position", [0.375, 0.5])
def test_the_chicago_storm_holds_the_depth_of_its_duration(period: float, position: float) -> None:
    storm = cloudburst.chicago_storm(period, peak_position=position)
    assert np.trapezoid(storm.values, storm.times) == pytest.approx(float(cloudburst.depth(period, 7200)), rel=1e-9)


def test_the_middle_of_a_chicago_storm_has_the_depth_of_that_duration() -> None:
    storm = cloudburst.chicago_storm(100)
    fine = np.linspace(1800, 5400, 20001)
    inner = np.trapezoid(np.interp(fine, storm.times, storm.values), fine)
    assert inner == pytest.approx(float(cloudburst.depth(100, 3600)), rel=0.01)


def test_climate_factors_are_the_table_at_its_knots() -> None:
    assert [cloudburst.climate_factor(t) for t in (2, 10, 100, 1000)] == pytest.approx([1.2, 1.3, 1.4, 1.4])


def test_ten_year_flow_is_its_own_peak_and_grows_with_rarity() -> None:
    assert river.peak_flow("Grejs Å", 10) == river.PEAK_AT_TEN_YEARS["Grejs Å"]
    assert river.peak_flow("Grejs Å", 100) > river.peak_flow("Grejs Å", 10)


def test_water_parking_holds_back_exactly_its_volume_and_no_more() -> None:
    wave = river.triangle(1.5, 21.5, 4 * 3600, 14 * 3600)
    store = Storage("park", "Grejs Å", volume=170_000, release=12.0)
    after = parked(wave, store, 16 * 3600)
    before = np.interp(after.times, wave.times, wave.values)
    held = np.trapezoid(before - after.values, after.times)
    whole = np.trapezoid(np.maximum(before - 12.0, 0), after.times)
    assert held <= 170_000
    assert held == pytest.approx(min(whole, 170_000), rel=0.03)
    assert (after.values <= before + 1e-12).all()


def test_water_parking_of_no_volume_changes_nothing() -> None:
    wave = Series(np.array([0.0, 3600.0]), np.array([5.0, 5.0]))
    assert parked(wave, Storage("none", "Grejs Å", 0.0, 1.0), 3600).values == pytest.approx(5.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: surge.return_level(1),
        lambda: surge.return_level(float("nan")),
        lambda: surge.hydrograph(float("nan")),
        lambda: surge.hydrograph(40),
        lambda: cloudburst.depth(0.5, 600),
        lambda: cloudburst.chicago_storm(100, peak_position=1.5),
        lambda: river.peak_flow("Donau", 10),
        lambda: river.triangle(5, 2, 1, 2),
        lambda: river.triangle(1, 2, 3, 2),
    ],
)
def test_wrong_numbers_are_refused_in_words(call) -> None:
    with pytest.raises(InputError):
        call()
