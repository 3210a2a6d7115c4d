"""Merewether, Newcastle (Australia), June 2007: five levels surveyed after a flood of 19.7 m3/s between houses."""

from __future__ import annotations

import pytest

from flood_published import streets
from flood_published.case import run

pytestmark = pytest.mark.skipif(not streets.FOLDER.exists(), reason="the Merewether case is not on this machine")


@pytest.mark.parametrize(("scheme", "order"), [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)])
@pytest.mark.parametrize("factor", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_levels_between_the_houses(factor: int, scheme: str, order: int, capsys: pytest.CaptureFixture[str]) -> None:
    flood = run(streets.streets(factor), scheme, order)
    points = streets.observed()
    points = points.assign(level=flood.gauges[:, -1], before=flood.gauges[:, -2])
    to_observed = (points.level - points.Observed).abs().mean()
    to_tuflow = (points.level - points[f"TUFLOW_{factor}m_Table9"]).abs().mean()
    with capsys.disabled():
        print(f"\nMerewether at {factor} m, {scheme} {order}: {points.level.round(2).to_dict()}, mean distance to the "
              f"survey {to_observed:.2f} m, to TUFLOW {to_tuflow:.2f} m, Froude {flood.max_froude:.2f}")  # fmt: skip
    assert flood.balance["inflow"] == pytest.approx(streets.DISCHARGE * 900.0, rel=1e-6)
    assert (points.level - points.before).abs().max() < 0.05
    assert to_observed < 0.17
    assert to_tuflow < 0.12
