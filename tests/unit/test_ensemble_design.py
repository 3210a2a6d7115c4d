"""The event set: weights between anchors, frequencies, climates."""

import numpy as np
import pytest

from genrejs.city.embedded import load_city
from genrejs.ensemble.design import Anchor, Ladder, ladders, outage_points
from genrejs.hazard.event import Event
from genrejs.study import check_study

EVENT = Event("e", "surge", "e", "e", 1.0)
LADDER = Ladder("surge", 1.0, (Anchor(1.5, EVENT), Anchor(2.0, EVENT), Anchor(2.5, EVENT)), ())


@pytest.mark.parametrize(
    ("value", "weights"),
    [(0.5, [0, 0, 0]), (1.0, [0, 0, 0]), (1.25, [0.5, 0, 0]), (1.5, [1, 0, 0]), (1.6, [0.8, 0.2, 0]), (9.0, [0, 0, 1])],
)
def test_weights_are_linear_between_rungs(value: float, weights: list[float]) -> None:
    assert LADDER.weights(value) == pytest.approx(weights)


@pytest.fixture(scope="module")
def city():
    return load_city(cell=20.0)


def test_a_later_climate_is_never_milder(city) -> None:
    for ladder in ladders(city, check_study({})):
        now = {p.frequency: p.value for p in ladder.points if p.year == 2026}
        later = {p.frequency: p.value for p in ladder.points if p.year == 2070}
        assert now.keys() == later.keys()
        assert all(later[f] > now[f] for f in now)


def test_the_rarest_event_of_the_future_lies_within_the_anchors_or_just_above(city) -> None:
    for ladder in ladders(city, check_study({})):
        assert max(p.value for p in ladder.points) <= 1.02 * max(a.value for a in ladder.anchors)


def test_values_rise_as_frequencies_fall(city) -> None:
    for ladder in ladders(city, check_study({})):
        for year in (2026, 2070):
            values = [p.value for p in sorted(ladder.points, key=lambda p: -p.frequency) if p.year == year]
            assert np.all(np.diff(values) > 0)


def test_the_outage_has_the_frequency_of_the_study(city) -> None:
    points = outage_points(city, check_study({"risk": {"outage_frequency": 0.5}}))
    assert [p.frequency for p in points] == [0.5, 0.5]
