"""The flood engine against known answers: still water, kept volume, symmetry, normal depth, dam break."""

from __future__ import annotations

import numpy as np
import pytest

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import OPEN, Forcing, Ground, Inflow, Series

G = 9.81


def ground(z: np.ndarray, cell: float = 10.0, manning: float = 0.03, **more) -> Ground:
    return Ground(z.astype(float), cell, np.full(z.shape, manning), **more)


def constant(value: float) -> Series:
    return Series(np.zeros(1), np.array([value]))


def rough(shape: tuple[int, int] = (45, 70), seed: int = 3) -> np.ndarray:
    """Hills with steps and pits."""
    noise = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]]
    z = 1.5 + np.sin(x / 6.0) + np.cos(y / 5.0) + noise.normal(0, 0.2, shape)
    z[10:20, 20:30] += 3.0
    return z


def relative_error(flood) -> float:
    return abs(flood.balance["error"]) / max(flood.balance["moved"], 1.0)


@pytest.mark.parametrize("precision", [32, 64])
def test_lake_at_rest_is_exactly_still(precision: int) -> None:
    z = rough()
    wall_east = np.full(z.shape, OPEN)
    wall_east[5:30, 40] = 1.9
    blocked = np.zeros(z.shape, bool)
    blocked[3:6, 50:60] = True
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = True
    forcing = Forcing(constant(1.37), edge)
    flood = simulate(
        ground(z, wall_east=wall_east, blocked=blocked), forcing, duration=1800.0, initial_level=1.37,
        options=Options(precision=precision, gauges=((40, 60),)),
    )  # fmt: skip
    assert np.nanmax(flood.max_speed) == 0.0
    assert flood.balance["moved"] == 0.0
    assert flood.balance["error"] == 0.0
    assert flood.balance["stored_start"] > 1e4
    assert np.ptp(flood.gauges) == 0.0


@pytest.mark.parametrize(("precision", "allowed"), [(64, 1e-12), (32, 1e-6)])
def test_volume_closes_and_no_depth_is_negative(precision: int, allowed: float) -> None:
    z = rough()
    edge = np.zeros(z.shape, bool)
    edge[:, 0] = True
    times = np.linspace(0, 3600, 13)
    tide = Series(times, 1.0 + 1.2 * np.sin(times / 600.0))
    rain = Series(np.array([0.0, 1800.0, 1801.0]), np.array([2e-5, 2e-5, 0.0]))
    source = Inflow(
        "beck", np.array([22, 23]), np.array([60, 60]), Series(np.array([0.0, 900.0]), np.array([0.0, 5.0]))
    )
    wet = ground(z, infiltration=np.full(z.shape, 2e-6), drain_capacity=np.full(z.shape, 3e-6))
    flood = simulate(
        wet, Forcing(tide, edge, rain, (source,)), duration=3600.0, initial_level=1.0,
        options=Options(precision=precision),
    )  # fmt: skip
    assert flood.final_depth.min() >= 0.0
    assert relative_error(flood) < allowed
    assert flood.balance["inflow"] == pytest.approx(450 * 5 + 2700 * 5, rel=1e-9)
    assert flood.balance["rain"] == pytest.approx(0.03601 * (z.size - 45) * 100, rel=1e-6)
    assert min(flood.balance[k] for k in ("sea_in", "sea_out", "infiltration", "drain")) > 0


def test_rain_on_float32_metres_of_water_is_not_lost() -> None:
    z = np.full((20, 20), -3.0)
    z[0] = z[-1] = z[:, 0] = z[:, -1] = 5.0
    rain = Series(np.zeros(1), np.array([0.060 / 3600]))
    flood = simulate(ground(z), Forcing(rain=rain), duration=3600.0, initial_level=0.0, options=Options(precision=32))
    gained = flood.balance["stored_end"] - flood.balance["stored_start"]
    assert gained == pytest.approx(0.060 * z.size * 100.0, rel=1e-5)


TURNS = {
    "mirrored east-west": lambda a: a[:, ::-1],
    "mirrored north-south": lambda a: a[::-1],
    "turned by a quarter": np.rot90,
    "transposed": lambda a: a.T,
}


@pytest.mark.parametrize("name", TURNS)
@pytest.mark.parametrize("precision", [32, 64])
def test_turned_and_mirrored_grounds_give_turned_and_mirrored_floods_to_the_bit(name: str, precision: int) -> None:
    turn = TURNS[name]
    z = rough((37, 51))
    start = np.where(np.arange(51)[None, :] < 20, 2.5, 0.0) * np.ones((37, 1))
    rain = Series(np.array([0.0, 600.0]), np.array([3e-5, 0.0]))
    options = Options(precision=precision)
    plain = simulate(ground(z), Forcing(rain=rain), duration=1200.0, initial_level=start, options=options)
    turned = simulate(ground(turn(z)), Forcing(rain=rain), duration=1200.0, initial_level=turn(start), options=options)
    assert plain.max_depth.max() > 1.0
    np.testing.assert_array_equal(turn(plain.final_depth), turned.final_depth)
    np.testing.assert_array_equal(turn(plain.max_depth), turned.max_depth)


def test_two_threads_give_the_bits_of_one() -> None:
    z = rough((80, 120))
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = True
    forcing = Forcing(Series(np.array([0.0, 900.0]), np.array([0.0, 2.5])), edge, constant(1e-5))
    one, two = (
        simulate(ground(z), forcing, duration=1200.0, initial_level=0.0, options=Options(threads=n)) for n in (1, 2)
    )
    for name in ("max_depth", "max_speed", "arrival", "final_depth"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert one.balance == two.balance


@pytest.mark.parametrize("diagonal", [False, True])
def test_normal_depth_on_a_uniform_slope(diagonal: bool) -> None:
    """Wide channel: q = h^(5/3) sqrt(S) / n, also when the slope runs across the cells."""
    slope, manning, q, cell, n = 0.006, 0.03, 1.0, 10.0, 60
    y, x = np.mgrid[:n, :n] * cell
    z = 10.0 - slope * ((x + y) / np.sqrt(2.0) if diagonal else x)
    expected = (q * manning / np.sqrt(slope)) ** 0.6
    edge = np.zeros((n, n), bool)
    edge[:, -1] = True
    rows, columns = np.arange(n), np.zeros(n, int)
    width = n * cell
    if diagonal:
        edge[-1] = True
        rows, columns = np.concatenate([rows, np.zeros(n - 1, int)]), np.concatenate([columns, np.arange(1, n)])
        width = n * cell * np.sqrt(2.0)
    source = Inflow("top", rows, columns, constant(q * width))
    flood = simulate(
        ground(z, cell, manning), Forcing(constant(-5.0), edge, inflows=(source,)), duration=5400.0,
        options=Options(precision=64),
    )  # fmt: skip
    middle = flood.final_depth[25:35, 25:35]
    assert middle.mean() == pytest.approx(expected, rel=0.01)


def test_dam_break_on_a_wet_bed_where_inertial_theory_holds() -> None:
    """Without friction and advection the linear wave splits the step: half the height, moving at sqrt(g h)."""
    n, cell, low, high = 400, 5.0, 2.0, 2.1
    z = np.zeros((3, n))
    start = np.where(np.arange(n) < n // 2, high, low) * np.ones((3, 1))
    flood = simulate(
        ground(z, cell, 0.0), Forcing(), duration=100.0, initial_level=start, options=Options(precision=64, theta=0.9)
    )
    depth = flood.final_depth[1]
    assert depth[n // 2 - 40 : n // 2 + 40].mean() == pytest.approx(0.5 * (low + high), abs=0.002)
    reach = np.sqrt(G * 2.05) * 100.0
    front = np.interp(-0.5 * (low + 0.5 * (low + high)), -depth[n // 2 :], (np.arange(n // 2) + 0.5) * cell)
    assert front == pytest.approx(reach, rel=0.02)


def test_a_channel_between_two_imposed_levels_carries_the_manning_discharge() -> None:
    """The edges neither brake nor push: the head over the whole length gives the discharge."""
    n, cell, manning = 100, 10.0, 0.03
    z = np.full((5, n), -4.0)
    inlet, outlet = 1.0, 0.9
    cells = np.zeros(z.shape, bool)
    cells[:, 0] = True
    source = Inflow("in", np.arange(5), np.full(5, n - 1), constant(5 * cell * 3.0))
    flood = simulate(
        ground(z, cell, manning), Forcing(constant(outlet), cells, inflows=(source,)), duration=4 * 3600.0,
        initial_level=inlet, options=Options(precision=64, gauges=((2, 1), (2, n - 1))),
    )  # fmt: skip
    fall = flood.gauges[1, -1] - flood.gauges[0, -1]
    slope = (3.0 * manning) ** 2 / 4.95 ** (10.0 / 3.0)
    assert fall == pytest.approx(slope * cell * (n - 2), rel=0.05)
    at_edge = flood.gauges[0, -1] - outlet
    assert at_edge == pytest.approx(slope * cell, rel=0.1)


def test_a_basin_fills_monotonically_with_exactly_what_flows_in() -> None:
    z = np.full((12, 12), 3.0)
    z[2:10, 2:10] = 0.0
    source = Inflow("tap", np.array([5]), np.array([5]), Series(np.array([0.0, 1000.0]), np.array([0.0, 4.0])))
    flood = simulate(ground(z), Forcing(inflows=(source,)), duration=2000.0, options=Options(precision=64, every=100.0))
    volumes = flood.slices.sum(axis=(1, 2)) * 100.0
    assert (np.diff(volumes) > 0).all()
    assert flood.balance["stored_end"] == pytest.approx(2000.0 + 4000.0, rel=1e-12)
    assert flood.final_depth[2:10, 2:10].std() < 0.01


def test_a_wall_keeps_water_out_until_it_is_overtopped_and_then_weir_like() -> None:
    z = np.zeros((9, 40))
    z[:, 20:] = -1.0
    wall = np.full(z.shape, OPEN)
    wall[:, 19] = 1.5
    cells = np.zeros(z.shape, bool)
    cells[:, 0] = True
    low = simulate(ground(z, wall_east=wall), Forcing(constant(1.4), cells), duration=1800.0, initial_level=1.4)
    assert low.max_depth[:, 20:].max() == 0.0
    high = simulate(
        ground(z, wall_east=wall), Forcing(constant(1.7), cells), duration=1800.0,
        initial_level=np.where(np.arange(40) < 20, 1.7, -2.0) * np.ones((9, 1)),
        options=Options(precision=64, every=60.0),
    )  # fmt: skip
    stored = high.slices[:, :, 20:].sum(axis=(1, 2)) * 100.0
    discharge = np.diff(stored)[10] / 60.0 / 90.0
    assert discharge == pytest.approx(1.705 * 0.2**1.5, rel=0.15)


@pytest.mark.parametrize("cell", [5.0, 10.0])
def test_a_surge_over_a_plain_does_not_depend_on_sleeping_tiles(cell: float) -> None:
    """A plain wide enough for many tiles: the flood from the west edge is the same in every row."""
    z = np.tile(np.linspace(0.0, 2.0, 150), (70, 1))
    cells = np.zeros(z.shape, bool)
    cells[:, 0] = True
    level = Series(np.array([0.0, 1800.0, 3600.0]), np.array([0.0, 1.5, 0.0]))
    flood = simulate(ground(z, cell), Forcing(level, cells), duration=3600.0, options=Options(precision=64))
    assert 20 < (flood.max_depth[35] > 0.01).sum() < 130
    np.testing.assert_array_equal(flood.max_depth, np.tile(flood.max_depth[35], (70, 1)))
