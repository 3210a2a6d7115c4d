"""Thin water on slopes: normal depth of films, and rain on a plane against the kinematic wave. `-s` prints."""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases import plane

SLOPES = (0.01, 0.02, 0.05, 0.1, 0.2)


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("normal", [0.003, 0.012])
@pytest.mark.parametrize("manning", [0.03, 0.1])
def test_films_find_their_normal_depth_in_second_order(slope: float, normal: float, manning: float) -> None:
    case = plane.film(slope, normal ** (5 / 3) * np.sqrt(slope) / manning, 5.0, manning)
    found = case.run(2).final_depth[case.counted]
    print(f"slope {slope}, n {manning}, {1000 * normal:g} mm: {found.mean() / normal - 1:+.2%}")
    np.testing.assert_allclose(found, normal, rtol=0.01)


@pytest.mark.parametrize("slope", [0.1, 0.2])
@pytest.mark.parametrize("normal", [0.003, 0.012])
def test_films_find_their_normal_depth_in_first_order_where_they_are_fast(slope: float, normal: float) -> None:
    """Where the ground falls by more than the depth within a cell, a slow film (Froude below 1) runs too thin."""
    case = plane.film(slope, normal ** (5 / 3) * np.sqrt(slope) / 0.03, 5.0)
    np.testing.assert_allclose(case.run(1).final_depth[case.counted], normal, rtol=0.02)


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("normal", [0.003, 0.012])
def test_films_find_their_normal_depth_in_the_inertial_scheme(slope: float, normal: float) -> None:
    case = plane.film(slope, normal ** (5 / 3) * np.sqrt(slope) / 0.03, 5.0)
    np.testing.assert_allclose(case.run_inertial().final_depth[case.counted], normal, rtol=0.02)


RUNS = {
    "order 1": lambda case: case.run(1, every=60.0),
    "order 2": lambda case: case.run(2, every=60.0),
    "inertial": lambda case: case.run_inertial(every=60.0),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("cell", [10.0, 5.0])
def test_rain_on_a_plane_runs_off_as_the_kinematic_wave(name: str, cell: float) -> None:
    """100 mm/h for half an hour on 200 m that fall by 5 %: rise, steady flow, recession.

    A cell's depth carries what passes its lower face, not its middle: 12 % in the third cell; rain comes in ticks.
    """
    rain = plane.RainyPlane()
    case = rain.case(cell, 3600.0)
    flood = RUNS[name](case)
    times, found = plane.outflow(case, rain, flood.slices, flood.slice_times)
    exact = np.array([rain.discharge(t) for t in times])
    steady = (times > 1.3 * rain.concentration) & (times < rain.until)
    efficiency = 1 - np.square(found - exact).sum() / np.square(exact - exact.mean()).sum()
    x = case.x[0, case.counted[0]]
    depth = flood.slices[30][0, case.counted[0]] / rain.depth(x, rain.until) - 1
    print(
        f"{name}, {cell:g} m: efficiency {efficiency:.4f}, depth off {depth[2:].min():+.1%} to {depth[2:].max():+.1%}"
    )
    assert efficiency > 0.995
    assert np.abs(found[steady] / (rain.rain * rain.length) - 1).max() < 0.01
    assert np.abs(depth[2:]).max() < 0.15
    assert abs(flood.balance["error"]) < 1e-9 * flood.balance["moved"]
