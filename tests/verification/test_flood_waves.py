"""The shallow-water scheme against exact waves: dam breaks, bores, swinging bowls, an oblique jump.

Run with `-s` to read errors and observed orders.
"""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases import bowls, dam_break, godunov, oblique
from flood_cases.convergence import refine

DAMS = {"Ritter": 0.0, "Stoker": dam_break.LOW}


@pytest.mark.parametrize(("name", "order", "least"), [("Ritter", 1, 0.5), ("Ritter", 2, 0.75), ("Stoker", 1, 0.65), ("Stoker", 2, 0.85)])  # fmt: skip
def test_dam_breaks_converge(name: str, order: int, least: float) -> None:
    found = refine(lambda count: dam_break.broken_dam(count, DAMS[name]), (50, 100, 200, 400), order)
    assert (found.observed > least).all()


@pytest.mark.parametrize("name", DAMS)
@pytest.mark.parametrize("count", [50, 200])
def test_first_order_is_as_good_as_godunovs_scheme_and_second_order_better(name: str, count: int) -> None:
    case = dam_break.broken_dam(count, DAMS[name])
    exact = case.exact(case.duration)[0][0]
    yardstick = np.abs(godunov.run(case.level[0], case.cell, case.duration) - exact).mean()
    first, second = (case.error(case.run(order)) for order in (1, 2))
    print(f"{name}, {count} cells: L1 Godunov {yardstick:.2e}, order 1 {first:.2e}, order 2 {second:.2e} m")
    assert first < 1.1 * yardstick
    assert second < 0.75 * yardstick


def test_stokers_plateau_and_bore_are_where_they_should_be() -> None:
    case = dam_break.broken_dam(400, dam_break.LOW)
    middle, speed, bore = dam_break.middle_state(dam_break.HIGH, dam_break.LOW)
    flood = case.run(2)
    plateau = (case.x > 1050) & (case.x < dam_break.DAM + bore * case.duration - 50)
    assert np.abs(flood.final_depth[plateau] / middle - 1).max() < 0.002
    assert np.abs(flood.velocity_east[plateau] / speed - 1).max() < 0.002
    front = np.interp(-0.5 * (middle + dam_break.LOW), -flood.final_depth[0, 220:], case.x[0, 220:])
    assert front == pytest.approx(dam_break.DAM + bore * case.duration, abs=case.cell)


@pytest.mark.parametrize("cliff", [False, True])
@pytest.mark.parametrize(("order", "least"), [(1, 0.9), (2, 0.9)])
def test_a_bore_is_thrown_back_by_a_wall_and_by_a_house(cliff: bool, order: int, least: float) -> None:
    found = refine(lambda count: dam_break.bore_at_wall(count, cliff), (60, 120, 240), order)
    assert (found.observed > least).all()
    case = dam_break.bore_at_wall(240, cliff)
    depth = dam_break.reflected(0.5, 1.2)[1]
    behind = (case.x > 260) & (case.x < 290)
    assert case.run(order).final_depth[behind].mean() == pytest.approx(depth, rel=0.005)


@pytest.mark.parametrize(("curved", "order", "least"), [(True, 1, 0.55), (True, 2, 1.15), (False, 1, 0.8), (False, 2, 1.4)])  # fmt: skip
def test_water_swings_in_a_bowl(curved: bool, order: int, least: float) -> None:
    found = refine(lambda count: bowls.bowl(count, curved), (40, 80, 160), order)
    assert (found.observed > least).all()
    assert found.errors[-1] < (0.15 if order == 1 else 0.02)


@pytest.mark.parametrize("order", [1, 2])
def test_no_water_is_lost_in_a_bowl_after_two_swings(order: int) -> None:
    case = bowls.bowl(80, False, periods=2.0)
    flood = case.run(order)
    start, end = flood.balance["stored_start"], flood.balance["stored_end"]
    assert end == pytest.approx(start, rel=1e-12)
    assert flood.final_depth.min() >= 0.0


@pytest.mark.parametrize(("order", "least"), [(1, 0.7), (2, 0.9)])
def test_an_oblique_jump_stands_where_it_should(order: int, least: float) -> None:
    found = refine(oblique.oblique, (40, 80, 160), order)
    assert (found.observed > least).all()
    case = oblique.oblique(160)
    flood = case.run(order)
    angle, deep, fast = oblique.behind()
    apart = np.rad2deg(oblique.jump_angle(case, flood.final_depth) - (angle - oblique.TURN))
    behind = (case.y < 0.5 * case.x * np.tan(angle - oblique.TURN)) & case.counted & (case.x > 15)
    depth, speed = flood.final_depth[behind].mean(), flood.velocity_east[behind].mean()
    print(f"order {order}: angle {apart:+.2f} deg off, depth {depth:.4f} ({deep:.4f}), speed {speed:.4f} ({fast:.4f})")
    assert abs(apart) < 0.5
    assert depth == pytest.approx(deep, rel=0.005)
    assert speed == pytest.approx(fast, rel=0.005)


@pytest.mark.parametrize("name", ["Ritter", "Stoker"])
def test_single_precision_is_as_near(name: str) -> None:
    case = dam_break.broken_dam(200, DAMS[name])
    double, single = (case.error(case.run(2, precision=bits)) for bits in (64, 32))
    assert single == pytest.approx(double, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, 2])
def test_finer_grids_go_on_converging(order: int) -> None:
    """A shore that runs through the cells is first order whatever the scheme: the planar swing shows it from 1 m on."""
    for curved, second in ((True, 1.7), (False, 0.8)):
        found = refine(lambda count, c=curved: bowls.bowl(count, c), (160, 320, 640), order)
        assert found.overall > (0.75 if order == 1 else second)
    assert refine(oblique.oblique, (160, 320), order).overall > 0.8
