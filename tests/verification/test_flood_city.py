"""The physics of a city in the flood engine: soil, rain by place, drains, culverts, pumps, gates, edges, records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.kernels_hydraulics import culvert_flow
from genrejs.hazard.flood.problem import (
    Bridge,
    Culvert,
    Drain,
    Forcing,
    Gate,
    Ground,
    Inflow,
    Pump,
    Rating,
    Series,
    Soil,
    Weir,
    Works,
)

G = 9.81
HOUR = 3600.0
WIDE = Options(precision=64)
SILT = np.array([[0.0065 / HOUR, 0.1668, 0.340]])
"""Silt loam of Chow, Maidment and Mays (1988), examples 4.3.1 to 4.4.2."""


def ground(z: np.ndarray, **more) -> Ground:
    return Ground(z.astype(float), 10.0, np.full(z.shape, 0.03), **more)


def constant(value: float) -> Series:
    return Series(np.zeros(1), np.array([value]))


def plain(rows: int = 16, columns: int = 32) -> np.ndarray:
    return np.zeros((rows, columns))


def two_basins(bottom: float = 0.0) -> np.ndarray:
    z = np.full((14, 27), 9.0)
    z[2:12, 2:12] = 0.0
    z[2:12, 15:25] = bottom
    return z


WEST, EAST = (6, 8), (6, 18)


def levels(west: float, east: float) -> np.ndarray:
    return np.where(np.arange(27) < 13, west, east) * np.ones((14, 1))


@pytest.mark.parametrize("tick", [1.0, 10.0])
def test_rain_on_green_ampt_soil_ponds_and_soaks_as_published(tick: float) -> None:
    """Rain of 5 cm/h on silt loam: 3.02 cm are in the ground after an hour (example 4.4.2)."""
    z = plain()
    soil = Soil("green-ampt", np.zeros(z.shape, np.uint8), SILT)
    flood = simulate(
        ground(z, soil=soil), Forcing(rain=constant(0.05 / HOUR)), duration=HOUR,
        options=replace(WIDE, longest_step=tick),
    )  # fmt: skip
    area = z.size * 100.0
    assert flood.balance["infiltration"] / area == pytest.approx(0.0302, rel=0.005)
    assert flood.balance["stored_end"] / area == pytest.approx(0.05 - 0.0302, rel=0.01)
    assert abs(flood.balance["error"]) < 1e-12 * flood.balance["moved"]


def test_what_soil_takes_does_not_hang_on_the_ticks() -> None:
    z = plain()
    for kind, row in (("green-ampt", SILT[0]), ("horton", np.array([2e-5, 1e-6, 1e-3]))):
        soil = Soil(kind, np.zeros(z.shape, np.uint8), row[None])
        taken = [
            simulate(
                ground(z, soil=soil), Forcing(rain=constant(1.2e-5)), duration=HOUR,
                options=replace(WIDE, longest_step=tick),
            ).balance["infiltration"]
            for tick in (1.0, 10.0)
        ]  # fmt: skip
        assert taken[0] == pytest.approx(taken[1], rel=0.01)
        assert taken[0] > 1.0


def test_a_pond_on_horton_soil_sinks_by_its_integral_and_classes_keep_apart() -> None:
    z = plain()
    z[:, 16] = 5.0
    classes = np.where(np.arange(32) < 16, 0, 1) * np.ones((16, 1), np.int64)
    soil = Soil("horton", classes, np.array([[2e-5, 1e-6, 1e-3], [1e-5, 1e-5, 0.0]]))
    flood = simulate(ground(z, soil=soil), Forcing(), duration=HOUR, initial_level=0.5, options=WIDE)
    sunk = 1e-6 * HOUR + 1.9e-5 / 1e-3 * -np.expm1(-1e-3 * HOUR)
    assert 0.5 - flood.final_depth[8, 4] == pytest.approx(sunk, rel=1e-9)
    assert 0.5 - flood.final_depth[8, 24] == pytest.approx(1e-5 * HOUR, rel=1e-9)
    assert flood.final_depth.min() == 0.0


def test_soil_takes_no_more_than_rains_and_less_rain_is_taken_whole() -> None:
    z = plain()
    soil = Soil("constant", np.zeros(z.shape, np.uint8), np.array([[1e-4]]))
    flood = simulate(ground(z, soil=soil), Forcing(rain=constant(1e-5)), duration=HOUR, options=WIDE)
    assert flood.balance["stored_end"] == 0.0
    assert flood.balance["infiltration"] == pytest.approx(flood.balance["rain"], rel=1e-12)


def test_rain_by_zone_and_factor_falls_where_it_should() -> None:
    z = plain()
    z[:, 10] = z[:, 20] = 5.0
    zones = np.select([np.arange(32) < 10, np.arange(32) > 20], [0, 1], -1) * np.ones((16, 1), np.int64)
    factor = np.where(np.arange(16) < 8, 2.0, 1.0)[:, None] * np.ones((1, 32))
    burst = Series(np.array([0.0, 600.0, 601.0]), np.array([3e-5, 3e-5, 0.0]))
    forcing = Forcing(rain=constant(1e-6), rain_zones=zones, zone_rain=(constant(1e-5), burst), rain_factor=factor)
    flood = simulate(ground(z), forcing, duration=HOUR, options=WIDE)
    own = np.select([np.arange(32) < 10, np.arange(32) > 20], [1e-5 * HOUR, 3e-5 * 600.5], 0.0) + 1e-6 * HOUR
    assert flood.balance["rain"] == pytest.approx(float((factor * own).sum() * 100.0), rel=1e-12)
    west = flood.final_depth[:, :10].sum() / (factor * own)[:, :10].sum()
    east = flood.final_depth[:, 21:].sum() / (factor * own)[:, 21:].sum()
    assert 1.0 <= west < 1.05
    assert 1.0 <= east < 1.05
    assert abs(flood.balance["error"]) < 1e-12 * flood.balance["moved"]


@pytest.mark.parametrize("precision", [32, 64])
def test_a_rain_factor_of_one_is_even_rain_to_the_bit(precision: int) -> None:
    z = np.random.default_rng(2).normal(0.0, 1.0, (20, 40))
    rain, options = constant(2e-5), Options(precision=precision)
    even = simulate(ground(z), Forcing(rain=rain), duration=600.0, options=options)
    same = simulate(ground(z), Forcing(rain=rain, rain_factor=np.ones(z.shape)), duration=600.0, options=options)
    np.testing.assert_array_equal(even.final_depth, same.final_depth)
    assert even.balance["rain"] == pytest.approx(same.balance["rain"], rel=1e-12)


def drained(level: Series | None, closes_at: float, outlet: tuple[int, int] | None) -> tuple[Forcing, Drain]:
    sea = np.zeros((14, 27), bool)
    sea[2:12, 15:25] = True
    rows, columns = (index.ravel() for index in np.mgrid[2:12, 2:12])
    forcing = Forcing() if level is None else Forcing(level, sea, constant(2e-4))
    return forcing, Drain("sewer", rows, columns, 1e-4, outlet, closes_at)


def test_a_drain_to_the_sea_stops_while_the_sea_is_above_it() -> None:
    z = two_basins(-5.0)
    surge = Series(np.array([0.0, 600.0, 600.1, 1200.0, 1200.1]), np.array([0.0, 0.0, 2.0, 2.0, 0.0]))
    forcing, drain = drained(surge, 1.0, EAST)
    options = replace(WIDE, longest_step=1.0)
    flood = simulate(
        ground(z), forcing, Works(drains=(drain,)), duration=1800.0, initial_level=levels(1.0, 0.0), options=options
    )
    assert flood.drained["sewer"] == pytest.approx(1e-4 * 1e4 * 1200.0, rel=0.005)
    assert flood.balance["drain"] == flood.drained["sewer"]
    free = simulate(
        ground(z), forcing, Works(drains=(replace(drain, outlet=None, closes_at=np.inf),)), duration=1800.0,
        initial_level=levels(1.0, 0.0), options=options,
    )  # fmt: skip
    assert free.drained["sewer"] == pytest.approx(1e-4 * 1e4 * 1800.0, rel=1e-7)
    shut = simulate(
        ground(z), forcing, Works(drains=(replace(drain, outlet=None),)), duration=1800.0,
        initial_level=levels(1.0, 0.0), options=options,
    )  # fmt: skip
    assert shut.drained["sewer"] == flood.drained["sewer"]


def test_a_drain_to_a_cell_carries_its_water_there_until_the_outlet_is_drowned() -> None:
    forcing, drain = drained(None, np.inf, EAST)
    start = levels(1.0, -1.0)
    works = Works(drains=(drain,))
    flood = simulate(ground(two_basins()), forcing, works, duration=1800.0, initial_level=start, options=WIDE)
    there = flood.final_depth[2:12, 15:25].sum() * 100.0
    assert flood.drained["sewer"] == pytest.approx(1800.0, rel=1e-7)
    assert there + flood.balance["pipes"] == pytest.approx(1800.0, rel=1e-7)
    assert 0.0 < flood.balance["pipes"] < 20.0
    assert flood.balance["drain"] == 0.0
    assert flood.balance["drain_moved"] == flood.drained["sewer"]
    assert abs(flood.balance["error"]) < 1e-9
    valve = Works(drains=(replace(drain, closes_at=0.1),))
    held = simulate(ground(two_basins()), forcing, valve, duration=3 * HOUR, initial_level=start, options=WIDE)
    assert held.final_depth[2:12, 15:25].mean() == pytest.approx(0.1, abs=0.02)


BOX = Culvert("c", WEST, EAST, 0.5, 0.4, 2.0, 1.0, 30.0)


@pytest.mark.parametrize(
    "culvert", [BOX, replace(BOX, barrels=3), replace(BOX, shape="pipe", width=0.8, manning=0.02)], ids=str
)
@pytest.mark.parametrize(("west", "east"), [(3.0, -1.0), (3.0, 2.8), (1.2, -1.0), (1.2, 1.1)])
def test_a_culvert_runs_at_its_formula_both_ways(culvert: Culvert, west: float, east: float) -> None:
    size, loss = (culvert.width, culvert.height, culvert.shape == "pipe"), (1.5, 30.0, culvert.manning)
    expected = culvert.barrels * culvert_flow(west - 0.5, max(east, 0.0) - 0.4, 0.1, size, loss)

    def moved(part: Culvert, one: float, other: float) -> float:
        """Return the discharge in a single short step."""
        flood = simulate(
            ground(two_basins()), Forcing(), Works(culverts=(part,)), duration=0.2, initial_level=levels(one, other),
            options=WIDE,
        )  # fmt: skip
        return flood.culvert["c"] / 0.2

    assert moved(culvert, west, east) == pytest.approx(expected, rel=1e-9)
    turned = replace(culvert, invert_in=0.4, invert_out=0.5)
    assert moved(turned, east, west) == -moved(culvert, west, east)
    assert moved(replace(turned, flap=True), east, west) == 0.0


def test_a_culvert_levels_two_basins_and_then_rests() -> None:
    flood = simulate(
        ground(two_basins()), Forcing(), Works(culverts=(BOX,)), duration=6 * HOUR, initial_level=levels(2.0, 1.0),
        options=WIDE,
    )  # fmt: skip
    assert flood.final_depth[2:12, 2:12].mean() == pytest.approx(1.5, abs=0.002)
    assert flood.final_depth[2:12, 15:25].mean() == pytest.approx(1.5, abs=0.002)
    assert flood.culvert["c"] == pytest.approx(0.5 * 1e4, rel=0.01)


def test_a_pump_follows_its_curve_and_stands_still_while_it_fails() -> None:
    curve = (np.array([0.0, 2.0, 4.0]), np.array([2.0, 1.0, 0.0]))
    pump = Pump("p", WEST, EAST, 5.0, 0.2, 0.1, curve)
    z, short = two_basins(), {"duration": 10.0, "options": WIDE}
    for west, east, discharge in ((2.0, 2.0, 2.0), (1.0, 4.0, 0.5), (1.0, 6.0, 0.0)):
        flood = simulate(ground(z), Forcing(), Works(pumps=(pump,)), initial_level=levels(west, east), **short)
        assert flood.pumped["p"] == pytest.approx(10.0 * discharge, rel=0.01, abs=0.1)
    small = replace(pump, capacity=0.3)
    flood = simulate(ground(z), Forcing(), Works(pumps=(small,)), initial_level=levels(1.0, 1.0), **short)
    assert flood.pumped["p"] == pytest.approx(3.0, rel=1e-9)
    broken = Pump("p", WEST, EAST, 1.0, 0.2, 0.1, fails_from=200.0, fails_until=500.0)
    flood = simulate(
        ground(z), Forcing(), Works(pumps=(broken,)), duration=600.0, initial_level=levels(3.0, 0.5),
        options=replace(WIDE, longest_step=0.5),
    )  # fmt: skip
    assert flood.pumped["p"] == pytest.approx(300.0, abs=1.0)


def test_a_weir_with_its_own_coefficient_runs_back_only_when_two_way() -> None:
    weir = Weir("w", WEST, EAST, 1.5, 1.0, coefficient=2.0)
    options = replace(WIDE, longest_step=0.5)

    def moved(part: Weir, west: float, east: float) -> float:
        start = levels(west, east)
        return simulate(
            ground(two_basins()), Forcing(), Works(weirs=(part,)), duration=4.0, initial_level=start, options=options
        ).weir["w"]

    assert moved(weir, 2.0, 0.5) == pytest.approx(4.0 * 2.0 * 0.5**1.5, rel=0.02)
    assert moved(weir, 0.5, 2.0) == 0.0
    assert moved(replace(weir, two_way=True), 0.5, 2.0) == -moved(weir, 2.0, 0.5)


def gated(**rules) -> tuple[np.ndarray, Gate]:
    """Two ponds with a gate on the faces of the dam between them."""
    z = plain()
    faces = np.array([[row, 15] for row in range(16)])
    return z, Gate("g", faces, np.zeros((0, 2), np.int64), (8, 30), (8, 2), 0.5, 4.0, **rules)


def halves(west: float, east: float) -> np.ndarray:
    return np.where(np.arange(32) < 16, west, east) * np.ones((16, 1))


@pytest.mark.parametrize(
    ("rule", "shuts"),
    [
        ("surge", (True, False, False, True)),
        ("outer", (True, False, True, True)),
        ("inner", (False, True, True, False)),
        ("difference", (True, False, False, False)),
    ],
)
def test_the_rules_of_a_gate(rule: str, shuts: tuple[bool, ...]) -> None:
    """Levels inner, outer at which the rule shuts the gate or not; an open gate moves water at once."""
    z, gate = gated(rule=rule)
    for (inner, outer), shut in zip(((0.2, 1.2), (1.2, 0.2), (1.4, 1.2), (0.4, 0.8)), shuts, strict=True):
        flood = simulate(
            ground(z), Forcing(), Works(gates=(gate,)), duration=20.0, initial_level=halves(inner, outer), options=WIDE
        )
        moved = abs(flood.final_depth[:, :16].mean() - inner) > 1e-4
        assert moved != shut


def test_a_gate_on_a_schedule_holds_then_opens_part_by_part() -> None:
    plan = Series(np.array([0.0, 300.0, 300.1, 600.0, 600.1]), np.array([1.0, 1.0, 0.25, 0.25, 0.0]))
    z, gate = gated(rule="schedule", schedule=plan)
    flood = simulate(
        ground(z), Forcing(), Works(gates=(gate,)), duration=1800.0, initial_level=halves(0.0, 1.5),
        options=replace(WIDE, every=150.0),
    )  # fmt: skip
    west = flood.slices[:, :, :16].mean(axis=(1, 2))
    assert west[2] == 0.0
    assert 0.02 < west[4] < 0.75
    assert 1.5 - west[4] - west[4] > 0.05
    assert flood.final_depth[:, :16].mean() == pytest.approx(0.75, abs=0.1)


def test_a_slow_gate_lets_in_while_it_shuts_and_a_stuck_one_for_ever() -> None:
    def inside(**rules) -> float:
        z, gate = gated(rule="outer", **rules)
        flood = simulate(
            ground(z), Forcing(), Works(gates=(gate,)), duration=900.0, initial_level=halves(0.0, 1.5), options=WIDE
        )
        return float(flood.final_depth[:, :16].mean())

    at_once, slow, stuck = inside(), inside(seconds=120.0), inside(fails_from=0.0)
    assert at_once == 0.0
    assert 0.01 < slow < 0.95 * stuck
    assert stuck == pytest.approx(0.75, abs=0.1)
    assert inside(seconds=60.0) < slow
    assert inside(fails_from=10.0) == 0.0


def test_a_pond_behind_a_linear_rating_curve_falls_exponentially() -> None:
    """Q = k (level - 0.2): the level falls towards 0.2 by exp(-k t / A)."""
    z = plain()
    edge = Rating("out", np.arange(16), np.full(16, 31), np.array([0.2, 2.2]), np.array([0.0, 10.0]))
    flood = simulate(
        ground(z),
        Forcing(ratings=(edge,)),
        duration=2 * HOUR,
        initial_level=1.2,
        options=replace(WIDE, longest_step=2.0),
    )
    expected = 0.2 + np.exp(-5.0 * 2 * HOUR / (z.size * 100.0))
    assert flood.final_depth.mean() == pytest.approx(expected, rel=0.01)
    assert flood.rating["out"] == flood.balance["rating"]
    assert flood.rating["out"] == pytest.approx((1.2 - flood.final_depth.mean()) * z.size * 100.0, rel=1e-9)
    low = simulate(ground(z), Forcing(ratings=(edge,)), duration=HOUR, initial_level=0.2, options=WIDE)
    assert low.balance["rating"] == 0.0


@pytest.mark.parametrize("scheme", ["inertial", "shallow-water"])
def test_a_bridge_holds_back_what_its_opening_does_not_pass(scheme: str) -> None:
    """60 m3/s in a channel of 30 m under a deck whose soffit is 1 m over the bed: a sluice, or drowned from below.

    The deck touches the water from the start; a stream that runs freely under it is not held back.
    """
    for fall, drowned in ((2.0, False), (0.02, True)):
        z = np.full((5, 60), 8.0)
        z[1:4, :30] = 0.001 * (30.0 - np.arange(30))
        z[1:4, 30:] = -fall * (np.arange(30) + 1.0)
        z[1:4, 45:] = -60.0
        source = Inflow("stream", np.arange(1, 4), np.zeros(3, np.int64), constant(60.0))
        deck = Bridge("b", np.array([[r, 29] for r in range(1, 4)]), np.zeros((0, 2), np.int64), 1.0, 9.0)
        flood = simulate(
            ground(z), Forcing(inflows=(source,)), Works(bridges=(deck,)), duration=1500.0,
            initial_level=np.where(np.arange(60) < 30, 2.5, -99.0) * np.ones((5, 1)),
            options=replace(WIDE, scheme=scheme, gauges=((2, 29), (2, 30))),
        )  # fmt: skip
        upper, lower = flood.gauges[:, -1]
        opening = 1.0 - z[2, 29]
        assert (lower > 1.0) == drowned
        if drowned:
            assert upper - lower == pytest.approx((2.0 / (0.8 * opening)) ** 2 / (2 * G), rel=0.01)
        else:
            assert upper - z[2, 29] == pytest.approx(0.5 * opening + (2.0 / (0.5 * opening)) ** 2 / (2 * G), rel=0.01)


@pytest.mark.parametrize("precision", [32, 64])
def test_durations_recession_and_force_of_a_pond_that_fills_and_empties(precision: int) -> None:
    """An even rise of 1 mm/s to 0.6 m, then an even fall: times above depths are known."""
    z = plain()
    rows, columns = (index.ravel() for index in np.mgrid[0:16, 0:32])
    area = z.size * 100.0
    tap = Series(np.array([0.0, 600.0, 600.1]), np.array([1.0, 1.0, 0.0]) * 1e-3 * area)
    sink = Drain("d", rows, columns, 1e-3, None, 1.0)
    level = Series(np.array([0.0, 599.9, 600.0]), np.array([2.0, 2.0, 0.0]))
    sea = np.zeros(z.shape, bool)
    sea[0, 0] = True
    z[0, 1] = z[1, 0] = 9.0
    keep = np.isin(np.arange(rows.size), [0, 1, 32], invert=True)
    sink = replace(sink, rows=rows[keep], columns=columns[keep])
    source = Inflow("tap", rows[keep], columns[keep], tap.scaled(keep.sum() / keep.size))
    options = Options(
        precision=precision, thresholds=(0.1, 0.3, 0.7), recession=True, depth_speed=True, longest_step=1.0
    )
    flood = simulate(
        ground(z), Forcing(level, sea, inflows=(source,)), Works(drains=(sink,)), duration=1500.0, options=options
    )
    inner = (slice(4, 12), slice(8, 24))
    np.testing.assert_allclose(flood.duration_above[0][inner], 1000.0, atol=20.0)
    np.testing.assert_allclose(flood.duration_above[1][inner], 600.0, atol=20.0)
    assert flood.duration_above[2][inner].max() == 0.0
    np.testing.assert_allclose(flood.recession[inner], 1190.0, atol=10.0)
    assert np.isnan(flood.recession[0, 0])
    assert np.isnan(flood.recession[0, 1])
    assert np.isnan(flood.duration_above[:, 0, 0]).all()
    assert (flood.max_depth_speed[inner] <= flood.max_depth[inner] * flood.max_speed[inner] + 1e-6).all()


def test_depth_times_speed_of_a_steady_stream_is_its_discharge_per_width() -> None:
    z = np.tile(10.0 - 0.006 * np.arange(60) * 10.0, (5, 1))
    sea = np.zeros(z.shape, bool)
    sea[:, -1] = True
    source = Inflow("top", np.arange(5), np.zeros(5, np.int64), constant(50.0))
    flood = simulate(
        ground(z), Forcing(constant(-5.0), sea, inflows=(source,)), duration=HOUR,
        options=replace(WIDE, depth_speed=True),
    )  # fmt: skip
    np.testing.assert_allclose(flood.max_depth_speed[1:4, 20:50], 1.0, rtol=0.03)
    plain_run = simulate(ground(z), Forcing(constant(-5.0), sea, inflows=(source,)), duration=60.0, options=WIDE)
    assert plain_run.max_depth_speed is None
    assert plain_run.duration_above is None
    assert plain_run.recession is None


def everything(turn=lambda a: a, place=lambda r, c: (r, c)) -> tuple[Ground, Forcing, Works, np.ndarray]:
    """A rough town with all that the engine knows; `turn` mirrors arrays, `place` cells."""
    shape = (40, 70)
    y, x = np.mgrid[: shape[0], : shape[1]]
    z = 1.5 + np.sin(x / 6.0) + np.cos(y / 5.0) + np.random.default_rng(5).normal(0, 0.2, shape)
    sea = np.zeros(shape, bool)
    sea[:, 0] = True
    cover = (x // 7) % 3
    soil = Soil("green-ampt", turn(cover), np.array([[1e-6, 0.2, 0.3], [0.0, 0.0, 0.0], [5e-6, 0.1, 0.4]]))
    zones = turn(np.where(y < 20, 0, 1))
    town = (slice(10, 30), slice(30, 50))
    rows, columns = place(*(index.ravel() for index in np.mgrid[town]))
    tide = Series(np.linspace(0, 3600, 13), 1.0 + 1.2 * np.sin(np.linspace(0, 6, 13)))
    source = Inflow(
        "beck", *place(np.array([22]), np.array([60])), Series(np.array([0.0, 900.0]), np.array([0.0, 3.0]))
    )
    edge = Rating("out", *place(np.arange(40), np.full(40, 69)), np.array([0.0, 1.0, 3.0]), np.array([0.0, 0.5, 9.0]))
    forcing = Forcing(
        tide, turn(sea), constant(5e-6), (source,), rain_zones=zones, zone_rain=(constant(1e-5), constant(0.0)),
        rain_factor=turn(np.where(x < 30, 1.5, 0.5)), ratings=(edge,),
    )  # fmt: skip

    def at(row: int, column: int) -> tuple[int, int]:
        r, c = place(np.array([row]), np.array([column]))
        return int(r[0]), int(c[0])

    works = Works(
        pumps=(Pump("p", at(22, 60), at(20, 0), 0.5, 0.5, 0.4, (np.array([0.0, 3.0]), np.array([0.5, 0.1]))),),
        weirs=(Weir("w", at(5, 20), at(5, 35), 2.0, 3.0, two_way=True),),
        culverts=(Culvert("c", at(22, 60), at(15, 45), 0.5, 0.4, 1.0, 1.0, 40.0, barrels=2),),
        drains=(
            Drain("to the sea", rows, columns, 3e-6, at(3, 0), 1.5),
            Drain("to a pond", rows, columns, 2e-6, at(35, 10)),
        ),
    )
    return ground(turn(z), soil=soil, drain_capacity=turn(np.full(shape, 1e-6))), forcing, works, z


@pytest.mark.parametrize(
    ("scheme", "precision", "allowed"), [("inertial", 64, 1e-12), ("inertial", 32, 1e-6), ("shallow-water", 64, 1e-12)]
)
def test_the_account_closes_with_everything_on_at_once(scheme: str, precision: int, allowed: float) -> None:
    town, forcing, works, _ = everything()
    options = Options(scheme=scheme, precision=precision, thresholds=(0.1,), recession=True, depth_speed=True)
    flood = simulate(town, forcing, works, duration=HOUR, initial_level=1.0, options=options)
    balance = flood.balance
    terms = "rain", "sea_in", "sea_out", "inflow", "infiltration", "drain", "rating", "pump", "culvert", "drain_moved"
    assert min(balance[term] for term in terms) > 0.0
    assert abs(balance["error"]) < allowed * balance["moved"]
    assert flood.final_depth.min() >= 0.0


def test_a_mirrored_town_has_a_mirrored_flood_to_the_bit_on_one_thread_or_two() -> None:
    options = Options(precision=64, threads=1)
    plain_town, forcing, works, z = everything()
    one = simulate(plain_town, forcing, works, duration=1200.0, initial_level=1.0, options=options)
    two = simulate(plain_town, forcing, works, duration=1200.0, initial_level=1.0, options=replace(options, threads=2))
    last = z.shape[1] - 1
    town, forcing, works, _ = everything(lambda a: np.ascontiguousarray(a[:, ::-1]), lambda r, c: (r, last - c))
    mirror = simulate(town, forcing, works, duration=1200.0, initial_level=1.0, options=options)
    np.testing.assert_array_equal(one.final_depth, two.final_depth)
    np.testing.assert_array_equal(one.final_depth[:, ::-1], mirror.final_depth)
    assert one.drained == mirror.drained
    assert one.rating == mirror.rating
