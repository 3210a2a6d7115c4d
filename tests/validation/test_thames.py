"""The Thames below Buscot, December 1992: the extent that a radar satellite saw."""

from __future__ import annotations

import pytest

from flood_published import thames
from flood_published.case import run

pytestmark = pytest.mark.skipif(not thames.FOLDER.exists(), reason="the Buscot case is not on this machine")


@pytest.mark.parametrize(("scheme", "order"), [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)])
def test_the_extent_agrees_with_the_radar_image(scheme: str, order: int) -> None:
    case = thames.thames(25.0, 40000.0)
    flood = run(case, scheme, order)
    assert abs(flood.gauges[0, -1] - flood.gauges[0, -2]) < 0.02, "the river is at rest"
    assert thames.success(thames.wet(flood, 25.0), thames.seen()) > 0.64


def test_the_river_burned_in_is_one_connected_line() -> None:
    west, north = 422950.0, 200000.0
    places, bed, longer = thames.burn(west, north, 25.0, (96, 152))
    assert 1.0 < longer < 1.45
    assert (abs(places[1:] - places[:-1]).sum(axis=1) <= 2).all()
    assert (bed[1:] < bed[:-1]).all()
