"""Tests 1 to 4 of the Environment Agency's benchmark: ponds, depressions, a bump and a plain, beside other codes."""

from __future__ import annotations

import numpy as np
import pytest

from flood_published import basins
from flood_published.case import arrival, run

BOTH = [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)]
FULL = BOTH[1:]
slow = pytest.mark.slow


def test_the_grounds_have_their_published_heights() -> None:
    x = np.array([0.0, 300.0, 400.0, 500.0, 600.0])
    assert basins.ponds_profile(x) == pytest.approx([9.6487, 10.25, 10.0, 9.75, 10.0], abs=2e-4)
    assert basins.bump_profile(np.array([-49.0, 145.0, 150.0, 200.0, 250.0, 275.0])) == pytest.approx(
        [10.7326, 9.7622, 9.75, 10.0, 9.75, 10.0], abs=1e-4
    )
    row = basins.depressions_ground(np.array([0.0, 124.0, 262.0, 488.0]), np.array(1754.0))
    assert row == pytest.approx([9.8361, 9.5274, 9.2082, 9.5893], abs=1e-4)


def test_the_depressions_spill_where_they_do_on_the_published_ground() -> None:
    case = basins.depressions(20.0)
    depth = np.array([spill(case.ground.elevation, place) for place in case.gauges])
    lowest = basins.DEPRESSIONS_SILL > 0.6
    assert depth[~lowest] == pytest.approx(basins.DEPRESSIONS_SILL[~lowest], abs=0.02)


def spill(z: np.ndarray, place: tuple[int, int]) -> float:
    """Return the depth at which water in the depression of a cell flows on, by raising it a millimetre at a time."""
    from scipy.ndimage import label

    rows, columns = np.mgrid[-3:4, -3:4]
    near = z[place[0] - 3 : place[0] + 4, place[1] - 3 : place[1] + 4]
    k = int(near.argmin())
    floor = (place[0] + int(rows.flat[k]), place[1] + int(columns.flat[k]))
    for level in np.arange(z[floor] + 0.2, z[floor] + 0.8, 0.001):
        pool = label(z < level)[0]
        if z[pool == pool[floor]].min() < z[floor]:
            return float(level - z[place])
    return float("nan")


@pytest.mark.parametrize(("scheme", "order"), BOTH)
def test_the_pond_behind_the_crest_keeps_its_water(scheme: str, order: int) -> None:
    flood = run(basins.ponds(20.0 if order == 2 else 10.0), scheme, order)
    assert flood.gauges.max(axis=1) == pytest.approx(basins.PONDS_TOP, abs=0.01)
    assert flood.gauges[:, -1] == pytest.approx(basins.PONDS_END, abs=0.01)


@pytest.mark.parametrize(("scheme", "order"), BOTH)
@pytest.mark.parametrize("precision", [32, pytest.param(64, marks=slow)])
def test_the_depressions_fill_like_those_of_others(scheme: str, order: int, precision: int) -> None:
    flood = run(basins.depressions(20.0), scheme, order, precision)
    depth = flood.gauge_depths[:, -1]
    assert flood.balance["inflow"] == pytest.approx(basins.DEPRESSIONS_VOLUME, rel=1e-6)
    assert (depth <= basins.DEPRESSIONS_SILL + 0.03).all()
    full = np.isclose(basins.DEPRESSIONS_OTHER, 0.33)
    assert depth[full] == pytest.approx(0.33, abs=0.01)
    assert (depth[12:] < 0.001).all()
    assert np.abs(depth - basins.DEPRESSIONS_OTHER).max() < 0.11


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("precision", [32, 64])
def test_momentum_carries_a_few_centimetres_over_the_bump(order: int, precision: int) -> None:
    flood = run(basins.bump(5.0), "shallow-water", order, precision)
    before, behind = flood.gauge_depths[:, -1]
    low, high = basins.BUMP_BEYOND
    assert low < behind < high
    assert 0.22 < before < 0.25


def test_the_inertial_scheme_throws_too_much_over_the_bump() -> None:
    """Its documented limit: without the transport of momentum fast water is not slowed where it should be."""
    flood = run(basins.bump(5.0), "inertial")
    assert flood.gauge_depths[1, -1] > 2 * basins.BUMP_BEYOND[1]
    assert flood.max_froude > 1.0


@pytest.mark.parametrize(("scheme", "order"), BOTH)
@pytest.mark.parametrize("cell", [10.0, pytest.param(5.0, marks=slow)])
def test_the_plain_floods_as_fast_as_by_another_code(scheme: str, order: int, cell: float) -> None:
    first = order == 1 and scheme == "shallow-water"
    flood = run(basins.plain(cell), scheme, order)
    top = flood.gauge_depths.max(axis=1)
    assert top == pytest.approx(basins.PLAIN_PEAK["DG2 5 m"], abs=0.016 if first else 0.011)
    late = arrival(flood.gauge_times, flood.gauge_depths) - basins.PLAIN_ARRIVAL
    assert np.abs(late).max() < (600.0 if first else 130.0) * (cell / 10.0) ** 0.7
    if order == 2:
        assert np.abs(late[:5]).max() < 30.0


@slow
def test_the_plain_converges_with_the_grid() -> None:
    top = [run(basins.plain(cell), "shallow-water", 2).gauge_depths.max(axis=1)[1:5] for cell in (20.0, 10.0, 5.0)]
    assert np.abs(top[2] - top[1]).max() < np.abs(top[1] - top[0]).max()
