"""Weirs, pumps, gates, drains and soil in the flood engine, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import OPEN, Forcing, Gate, Ground, Inflow, Pump, Series, Weir, Works

WIDE = Options(precision=64)


def ground(z: np.ndarray, **more) -> Ground:
    return Ground(z.astype(float), 10.0, np.full(z.shape, 0.03), **more)


def constant(value: float) -> Series:
    return Series(np.zeros(1), np.array([value]))


def three_basins() -> np.ndarray:
    z = np.full((14, 40), 9.0)
    z[2:12, 2:12] = z[2:12, 15:25] = z[2:12, 28:38] = 0.0
    return z


def only_first(z: np.ndarray, level: float) -> np.ndarray:
    start = np.full(z.shape, -1.0)
    start[:, :13] = level
    return start


def test_two_equal_weirs_split_a_stream_in_halves() -> None:
    z = three_basins()
    weirs = (Weir("west", (6, 8), (6, 20), 1.0, 4.0), Weir("east", (6, 8), (6, 30), 1.0, 4.0))
    source = Inflow("stream", np.array([3]), np.array([3]), constant(3.0))
    flood = simulate(
        ground(z), Forcing(inflows=(source,)), Works(weirs=weirs), duration=3600.0, initial_level=only_first(z, 1.0),
        options=WIDE,
    )  # fmt: skip
    assert flood.weir["west"] == flood.weir["east"] > 3000.0
    assert abs(flood.balance["error"]) < 1e-8


def test_a_weir_runs_at_its_formula_and_stops_at_its_crest_and_when_drowned() -> None:
    z = three_basins()
    start = only_first(z, 2.0)
    weir = Weir("w", (6, 8), (6, 20), 1.5, 1.0)
    brief = simulate(ground(z), Forcing(), Works(weirs=(weir,)), duration=60.0, initial_level=start, options=WIDE)
    assert brief.weir["w"] == pytest.approx(60.0 * 1.705 * 0.5**1.5, rel=0.03)
    broad = replace(weir, width=20.0)
    long = simulate(ground(z), Forcing(), Works(weirs=(broad,)), duration=43200.0, initial_level=start, options=WIDE)
    assert long.final_depth[2:12, 2:12].mean() == pytest.approx(1.5, abs=0.01)
    low = replace(weir, crest=0.2, width=3.0)
    level = simulate(ground(z), Forcing(), Works(weirs=(low,)), duration=43200.0, initial_level=start, options=WIDE)
    assert level.final_depth[2:12, 2:12].mean() == pytest.approx(1.0, abs=0.01)
    assert level.final_depth[2:12, 15:25].mean() == pytest.approx(1.0, abs=0.01)


def test_a_pump_drains_at_its_capacity_until_it_stops() -> None:
    z = three_basins()
    pump = Pump("p", (6, 8), (6, 20), 2.0, 0.8, 0.5)
    start = only_first(z, 1.0)
    brief = simulate(ground(z), Forcing(), Works(pumps=(pump,)), duration=600.0, initial_level=start, options=WIDE)
    assert brief.pumped["p"] == pytest.approx(1200.0, rel=1e-9)
    long = simulate(ground(z), Forcing(), Works(pumps=(pump,)), duration=7200.0, initial_level=start, options=WIDE)
    assert long.final_depth[2:12, 2:12].mean() == pytest.approx(0.5, abs=0.05)
    idle = replace(pump, starts_at=1.1)
    none = simulate(ground(z), Forcing(), Works(pumps=(idle,)), duration=600.0, initial_level=start, options=WIDE)
    assert none.pumped["p"] == 0.0


def test_a_pump_takes_no_more_than_is_there_and_may_pump_to_the_sea() -> None:
    z = three_basins()
    sea = np.zeros(z.shape, bool)
    sea[2:12, 28:38] = True
    pump = Pump("p", (6, 8), (6, 30), 50.0, -1.0, -2.0)
    flood = simulate(
        ground(z), Forcing(constant(1.0), sea), Works(pumps=(pump,)), duration=3600.0,
        initial_level=None, options=WIDE,
    )  # fmt: skip
    assert flood.pumped["p"] == 0.0
    source = Inflow("stream", np.array([6]), np.array([8]), constant(3.0))
    flood = simulate(
        ground(z), Forcing(constant(1.0), sea, inflows=(source,)), Works(pumps=(pump,)), duration=3600.0, options=WIDE
    )
    assert flood.pumped["p"] == pytest.approx(3.0 * 3600.0, rel=0.01)
    assert flood.balance["sea_out"] == pytest.approx(flood.pumped["p"], rel=1e-12)
    assert flood.final_depth.min() >= 0.0


def channel() -> tuple[np.ndarray, np.ndarray]:
    z = np.full((9, 60), 5.0)
    z[3:6, :] = -1.0
    sea = np.zeros(z.shape, bool)
    sea[:, -1] = True
    return z, sea


def gate(z: np.ndarray, crest: float = 3.0) -> Gate:
    faces = np.array([[r, 40] for r in range(z.shape[0])])
    return Gate("sluice", faces, np.zeros((0, 2), np.int64), (4, 45), (4, 35), 0.3, crest)


def test_a_gate_shuts_against_the_surge_and_lets_the_stream_out_before() -> None:
    z, sea = channel()
    surge = Series(np.array([0.0, 1800.0, 3600.0]), np.array([0.0, 2.0, 2.0]))
    forcing = Forcing(surge, sea)
    free = simulate(ground(z), forcing, duration=7200.0, initial_level=0.0, options=WIDE)
    shut = simulate(ground(z), forcing, Works(gates=(gate(z),)), duration=7200.0, initial_level=0.0, options=WIDE)
    assert free.final_depth[4, 20] == pytest.approx(3.0, abs=0.1)
    assert shut.max_depth[4, 20] < 1.45
    assert shut.final_depth[4, 45] == pytest.approx(3.0, abs=0.1)
    low = simulate(ground(z), forcing, Works(gates=(gate(z, 1.0),)), duration=7200.0, initial_level=0.0, options=WIDE)
    assert low.max_depth[4, 20] > shut.max_depth[4, 20] + 0.3


def test_a_gate_opens_again_when_the_sea_falls() -> None:
    z, sea = channel()
    surge = Series(np.array([0.0, 900.0, 3600.0, 4500.0]), np.array([0.0, 2.0, 2.0, 0.0]))
    source = Inflow("stream", np.array([4]), np.array([1]), constant(3.0))
    flood = simulate(
        ground(z), Forcing(surge, sea, inflows=(source,)), Works(gates=(gate(z),)), duration=4 * 3600.0,
        initial_level=0.0, options=Options(precision=64, gauges=((4, 20),)),
    )  # fmt: skip
    assert flood.gauges[0, 12] > 0.5
    assert flood.gauges[0, -1] < 0.3


def test_soil_and_drains_take_exactly_their_share_and_never_more_than_is_there() -> None:
    z = np.zeros((20, 20))
    soaked, drained = np.full(z.shape, 1e-6), np.full(z.shape, 2e-6)
    rain = constant(1e-5)
    flood = simulate(
        ground(z, infiltration=soaked, drain_capacity=drained), Forcing(rain=rain), duration=1800.0, options=WIDE
    )
    area = z.size * 100.0
    assert flood.balance["infiltration"] == pytest.approx(1e-6 * 1800 * area, rel=1e-9)
    assert flood.balance["drain"] == pytest.approx(2e-6 * 1800 * area, rel=1e-9)
    thirsty = simulate(
        ground(z, infiltration=np.full(z.shape, 1e-3), drain_capacity=drained), Forcing(rain=rain), duration=1800.0
    )
    assert thirsty.balance["stored_end"] == 0.0
    assert thirsty.balance["infiltration"] == pytest.approx(1e-5 * 1800 * area, rel=1e-5)


def test_nothing_enters_buildings_or_unknown_ground() -> None:
    z = np.zeros((20, 20))
    z[15:, 15:] = np.nan
    blocked = np.zeros(z.shape, bool)
    blocked[4:8, 4:8] = True
    flood = simulate(ground(z, blocked=blocked), Forcing(rain=constant(1e-5)), duration=1800.0, options=WIDE)
    assert flood.max_depth[4:8, 4:8].max() == 0.0
    assert flood.max_depth[15:, 15:].max() == 0.0
    assert flood.balance["rain"] == pytest.approx(1e-5 * 1800 * (400 - 16 - 25) * 100, rel=1e-9)


def test_a_gauge_in_the_sea_shows_the_sea_and_maps_have_the_sea() -> None:
    z, sea = channel()
    level = Series(np.array([0.0, 600.0]), np.array([0.0, 1.0]))
    flood = simulate(
        ground(z), Forcing(level, sea), duration=600.0, initial_level=0.0, options=Options(gauges=((4, 59), (0, 0)))
    )
    assert flood.gauges[0, -1] == pytest.approx(1.0, abs=1e-5)
    assert flood.gauges[1, -1] == 5.0
    assert flood.gauge_depths[0, -1] == pytest.approx(2.0, abs=1e-5)
    assert flood.max_depth[4, 59] == pytest.approx(2.0, abs=1e-5)


def test_progress_goes_from_nothing_to_all() -> None:
    seen: list[float] = []
    z = np.zeros((10, 10))
    simulate(ground(z), Forcing(rain=constant(1e-5)), duration=900.0, options=Options(progress=seen.append))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


Z = np.zeros((6, 8))
RAIN = Forcing(rain=constant(1e-5))
WRONG = {
    "duration": ({"duration": -1.0}, "duration"),
    "scheme": ({"options": Options(scheme="magic")}, "magic"),
    "precision": ({"options": Options(precision=16)}, "16"),
    "factor": ({"options": Options(factor=0.7)}, "factor"),
    "gauge": ({"options": Options(gauges=((9, 0),))}, "row 9"),
    "negative rain": ({"forcing": Forcing(rain=constant(-1.0))}, "negative"),
    "rain of nan": ({"forcing": Forcing(rain=constant(np.nan))}, "not a number"),
    "no points": ({"forcing": Forcing(rain=Series(np.zeros(0), np.zeros(0)))}, "at least one"),
    "times back": ({"forcing": Forcing(rain=Series(np.array([1.0, 0.0]), np.zeros(2)))}, "rise"),
    "level without cells": ({"forcing": Forcing(level=constant(1.0))}, "cells"),
    "inflow outside": (
        {"forcing": Forcing(inflows=(Inflow("Q", np.array([9]), np.array([0]), constant(1.0)),))},
        "'Q'",
    ),
    "shape": ({"ground": Ground(Z, 10.0, np.ones((3, 3)))}, "manning"),
    "cell": ({"ground": Ground(Z, 0.0, np.ones(Z.shape))}, "cell"),
    "manning": ({"ground": Ground(Z, 1.0, -np.ones(Z.shape))}, "manning"),
    "no ground": ({"ground": Ground(Z * np.nan, 1.0, np.ones(Z.shape))}, "No cell"),
    "pump": ({"works": Works(pumps=(Pump("P", (0, 0), (1, 1), -1.0, 1.0, 0.0),))}, "'P'"),
    "weir": ({"works": Works(weirs=(Weir("W", (0, 0), (1, 1), 0.0, 0.0),))}, "'W'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_computed_is_refused_in_one_sentence(name: str) -> None:
    change, hint = WRONG[name]
    given = {"ground": ground(Z), "forcing": RAIN, "works": Works(), "duration": 60.0, "options": Options()} | change
    with pytest.raises(InputError, match=hint) as refused:
        simulate(
            given["ground"], given["forcing"], given["works"], duration=given["duration"], options=given["options"]
        )
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_walls_between_cells_hold_a_pond() -> None:
    z = np.zeros((12, 12))
    east, south = np.full(z.shape, OPEN), np.full(z.shape, OPEN)
    east[4:8, 3] = east[4:8, 7] = 1.0
    south[3, 4:8] = south[7, 4:8] = 1.0
    start = np.full(z.shape, -1.0)
    start[4:8, 4:8] = 0.9
    flood = simulate(
        ground(z, wall_east=east, wall_south=south), Forcing(), duration=3600.0, initial_level=start, options=WIDE
    )
    np.testing.assert_allclose(flood.final_depth[4:8, 4:8], 0.9, rtol=1e-14)
    assert flood.final_depth.sum() == pytest.approx(16 * 0.9, rel=1e-15)
