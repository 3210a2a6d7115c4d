"""Cells that are partly built: still water, accounts, a narrowing channel, a town on a slope, streets drawn out."""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases.case import constant, orders
from flood_cases.porous import Streets, narrowing, town_on_a_slope
from flood_cases.rough import built, state
from genrejs.errors import InputError
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Culvert, Forcing, Ground, Inflow, Pump, Rating, Series, Works

SCHEMES = [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)]
SHAPE = (37, 70)


def town(**more) -> Ground:
    return Ground(state(4)["z"], 8.0, np.full(SHAPE, 0.03), **built(4), **more)


@pytest.mark.parametrize("precision", [32, 64])
@pytest.mark.parametrize(("scheme", "order"), SCHEMES)
def test_a_lake_between_houses_stays_at_rest(scheme: str, order: int, precision: int) -> None:
    options = Options(scheme=scheme, order=order, precision=precision)
    flood = simulate(town(), Forcing(), duration=120.0, initial_level=2.5, options=options)
    assert flood.balance["stored_start"] > 1000.0
    assert flood.balance["error"] == 0.0
    assert np.abs(flood.velocity_east).max() == np.abs(flood.velocity_north).max() == 0.0


@pytest.mark.parametrize(("scheme", "order"), SCHEMES)
def test_where_every_cell_and_face_is_half_open_the_water_is_half_and_moves_as_ever(scheme: str, order: int) -> None:
    s = state(1)
    start = np.where(s["depth"] > 0, s["z"] + s["depth"], -1e3)
    plain = Ground(s["z"], 8.0, s["manning"])
    half = Ground(s["z"], 8.0, s["manning"], porosity=np.full(SHAPE, 0.5))
    options = Options(scheme=scheme, order=order, precision=64)  # small numbers round alike when halved
    a, b = (simulate(g, Forcing(), duration=60.0, initial_level=start, options=options) for g in (plain, half))
    for name in ("final_depth", "max_speed", "velocity_east", "velocity_north", "arrival"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    assert b.balance["stored_end"] == pytest.approx(0.5 * a.balance["stored_end"], rel=1e-12)


@pytest.mark.parametrize("precision", [32, 64])
@pytest.mark.parametrize(("scheme", "order"), SCHEMES)
def test_the_account_closes_with_rain_soil_inflow_and_structures(scheme: str, order: int, precision: int) -> None:
    works = Works(
        pumps=(Pump("p", (10, 30), (10, 60), 0.3, 0.0, -9.0),),
        culverts=(Culvert("c", (30, 25), (30, 35), 1.0, 1.0, width=2.0, height=1.5, length=80.0),),
    )  # fmt: skip
    rows, columns = np.array([5, 6]), np.array([50, 50])
    forcing = Forcing(
        rain=constant(2e-5), inflows=(Inflow("i", rows, columns, constant(4.0)),),
        ratings=(Rating("r", np.array([20, 21]), np.array([69, 69]), np.array([0.5, 4.0]), np.array([0.0, 3.0])),),
    )  # fmt: skip
    ground = town(infiltration=np.full(SHAPE, 2e-6), drain_capacity=np.full(SHAPE, 1e-6))
    options = Options(scheme=scheme, order=order, precision=precision)
    flood = simulate(ground, forcing, works, duration=600.0, initial_level=1.5, options=options)
    terms = flood.balance
    told = {
        name: round(terms[name], 1) for name in ("rain", "infiltration", "drain", "rating", "pump", "culvert", "moved")
    }
    print(f"{scheme} {order} {precision}: {told} m3, error {terms['error']:.1e}")
    open_area = float(np.where(built(4)["porosity"] >= 0.05, built(4)["porosity"], 0.0).sum()) * 64.0
    assert terms["rain"] == pytest.approx(2e-5 * 600.0 * open_area, rel=1e-5)
    assert terms["inflow"] == pytest.approx(2400.0)
    assert min(terms[name] for name in ("infiltration", "drain", "rating", "pump")) > 1.0
    assert abs(terms["error"]) < (1e-6 if precision == 32 else 1e-12) * terms["moved"]
    assert float(flood.final_depth.min()) >= 0.0


@pytest.mark.parametrize("order", [1, 2])
def test_head_and_discharge_are_kept_through_a_narrowing_channel(order: int) -> None:
    cases = [narrowing(cells) for cells in (50, 100, 200)]
    errors = [case.error(case.run(order)) for case in cases]
    found = orders(errors, [case.cell for case in cases])
    fall = 1.5 - float(cases[0].exact(0.0)[0].min())
    print(f"order {order}: the throat lowers the level by {fall:.3f} m; L1 {[f'{e:.5f}' for e in errors]} m, {found}")
    assert fall > 0.1
    assert errors[0] < 0.03 * fall
    assert (found > 0.9).all()


@pytest.mark.parametrize(("scheme", "order"), SCHEMES)
def test_a_town_on_a_slope_carries_its_open_share_of_mannings_flow(scheme: str, order: int) -> None:
    case = town_on_a_slope()
    flood = case.run_inertial() if scheme == "inertial" else case.run(order)
    off = case.error(flood)
    print(f"{scheme} {order}: normal depth off by {off:.1e} m")
    assert off < 0.01
    speed = float(flood.velocity_east[case.counted].mean())
    assert speed == pytest.approx(float(case.exact(0.0)[1][0, 0]), rel=0.03)


@pytest.mark.parametrize("scheme", ["inertial", "shallow-water"])
def test_streets_narrower_than_a_cell_hold_the_water_back_about_as_streets_drawn_out(scheme: str) -> None:
    from genrejs.flood import houses

    streets, cell = Streets(), 12.0
    drawn = streets.head(streets.run(streets.ground(1.0, blocked=streets.houses()), scheme), 1.0)
    bare = streets.head(streets.run(streets.ground(cell), scheme), cell)
    shares = houses._cell_shares(~streets.houses(), 12)
    east, south = np.ones(shares[0].shape), np.ones(shares[0].shape)
    east[:, :-1], south[:-1] = shares[1], shares[2]
    ground = streets.ground(cell, porosity=shares[0], open_east=east, open_south=south)
    head = streets.head(streets.run(ground, scheme), cell)
    print(f"{scheme}: head loss {drawn:.3f} m on 1 m cells, {head:.3f} on {cell:g} m with porosity, {bare:.3f} without")
    assert bare < 0.2 * drawn
    assert 0.6 * drawn < head < 1.4 * drawn


def test_wrong_shares_get_a_sentence() -> None:
    z, n = np.zeros((3, 4)), np.full((3, 4), 0.03)
    wrong = {
        "porosity": (np.full((3, 4), 1.2), "share from 0 to 1"),
        "open_east": (np.full((3, 4), -0.1), "0 or more"),
        "open_south": (np.ones((2, 4)), "shape"),
    }
    for name, (array, words) in wrong.items():
        given = {"porosity": np.ones((3, 4))} | {name: array}
        with pytest.raises(InputError, match=words):
            simulate(Ground(z, 1.0, n, **given), Forcing(), duration=1.0, initial_level=1.0)
    built_up = Ground(z, 1.0, n, porosity=np.zeros((3, 4)))
    with pytest.raises(InputError, match="No cell can hold water"):
        simulate(built_up, Forcing(), duration=1.0, initial_level=1.0)
    one = np.ones((3, 4))
    one[1, 1] = 0.0
    inflow = Inflow("brook", np.array([1]), np.array([1]), Series(np.zeros(1), np.ones(1)))
    with pytest.raises(InputError, match=r"brook.*building"):
        simulate(Ground(z, 1.0, n, porosity=one), Forcing(inflows=(inflow,)), duration=1.0)
