import numpy as np
import pytest

from genrejs.impact.roads import DAY, KMH, RoadSettings, road_cost, safe_speed


def test_safe_speed_is_the_published_curve():
    speed = safe_speed(np.array([0.0, 0.1, 0.2, 0.299, 0.3, 1.0, np.nan])) / KMH
    expected = [86.9448, 9.0 - 55.29 + 86.9448, 36.0 - 110.58 + 86.9448, 0.0009 * 299**2 - 0.5529 * 299 + 86.9448]
    np.testing.assert_allclose(speed, [*expected, 0.0, 0.0, 86.9448], rtol=1e-12)


def test_deeper_water_is_never_faster():
    assert (np.diff(safe_speed(np.linspace(0.0, 1.0, 1001))) <= 0.0).all()


def test_dry_road_is_free_and_wet_metres_are_cleaned():
    assert road_cost([100.0, 100.0, 100.0], [0.0, 0.0, 0.0], [0.0, 0.05, 0.06]).tolist() == [0.0, 0.0, 2000.0]


def test_closed_road_costs_the_detour():
    rules = RoadSettings(cleanup_cost=0.0)
    # 8,640 vehicles a day, a quarter of an hour each, 301 DKK/h, one day
    assert road_cost([500.0], [8640 / DAY], [0.4], rules)[0] == pytest.approx(8640 * 0.25 * 301)


def test_passable_road_costs_the_slower_drive():
    rules = RoadSettings(cleanup_cost=0.0)
    speed = float(safe_speed(0.2))
    lost = 1000.0 / speed - 1000.0 / (50 * KMH)
    assert road_cost([1000.0], [1000 / DAY], [0.2], rules)[0] == pytest.approx(1000 * lost / 3600 * 301)
