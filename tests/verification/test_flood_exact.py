"""The exact solutions by themselves: they satisfy the equations, the jump conditions and what is printed of them."""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases import bowls, dam_break, oblique, plane, steady, travelling
from flood_cases.case import G


def residual(flow, x: np.ndarray, time: float, step: float = 1e-4) -> tuple[np.ndarray, np.ndarray]:
    """Return how far a depth and speed of (x, time) miss mass and momentum over a level bed without friction."""

    def rate(quantity, at: float, of: str):
        if of == "time":
            return (quantity(*flow(x, at + step)) - quantity(*flow(x, at - step))) / (2 * step)
        return (quantity(*flow(x + step, at)) - quantity(*flow(x - step, at))) / (2 * step)

    mass = rate(lambda h, u: h, time, "time") + rate(lambda h, u: h * u, time, "place")
    push = rate(lambda h, u: h * u, time, "time") + rate(lambda h, u: h * u * u + G * h * h / 2, time, "place")
    return mass, push


@pytest.mark.parametrize("flow", [dam_break.ritter, dam_break.stoker])
def test_dam_breaks_satisfy_the_equations_in_their_fan(flow) -> None:
    x = np.linspace(800.0, 1000.0, 50)
    mass, push = residual(flow, x, 70.0)
    assert np.abs(mass).max() < 1e-8
    assert np.abs(push).max() < 1e-7


def test_stokers_bore_and_its_reflection_keep_mass_and_momentum() -> None:
    h, u, s = dam_break.middle_state(1.0, 0.2)
    assert s * (h - 0.2) == pytest.approx(h * u)
    assert s * h * u == pytest.approx(h * u * u + G / 2 * (h * h - 0.04))
    u, deep, back = dam_break.reflected(0.5, 1.2)
    assert back * (deep - 1.2) == pytest.approx(1.2 * u)
    assert -back * (0.0 - 1.2 * u) == pytest.approx(G / 2 * (deep**2 - 1.2**2) - 1.2 * u * u)


@pytest.mark.parametrize("swing", [bowls.curved, bowls.planar])
def test_thackers_swings_satisfy_the_equations(swing) -> None:
    x, y = np.meshgrid(np.linspace(-20.0, 30.0, 12), np.linspace(-25.0, 25.0, 11))
    t, d = 3.7, 1e-3

    def slope(of, dx: float, dy: float, dt: float):
        return (of(x + dx, y + dy, t + dt) - of(x - dx, y - dy, t - dt)) / (2 * d)

    h, u, v = (lambda *p, k=k: swing(*p)[k] for k in range(3))
    level = lambda x, y, t: h(x, y, t) + bowls.bed(x, y)  # noqa: E731
    mass = (
        slope(h, 0, 0, d)
        + slope(lambda *p: h(*p) * u(*p), d, 0, 0)
        + slope(lambda *p: h(*p) * v(*p), 0, d, 0)
    )  # fmt: skip
    assert swing(x, y, t)[0].min() > 3.0
    assert np.abs(mass).max() < 1e-5
    for speed, (dx, dy) in ((u, (d, 0.0)), (v, (0.0, d))):
        push = (
            slope(speed, 0, 0, d)
            + u(x, y, t) * slope(speed, d, 0, 0)
            + v(x, y, t) * slope(speed, 0, d, 0)
            + G * slope(level, dx, dy, 0)
        )
        assert np.abs(push).max() < 1e-5


@pytest.mark.parametrize("kind", steady.MADE)
def test_made_flows_keep_momentum_over_their_bed(kind: str) -> None:
    flow = steady.MADE[kind]
    x = np.concatenate([np.arange(20.0, 480.0, 5.0), np.arange(520.0, 980.0, 5.0)])
    d = 1e-3
    h = flow.depth(x)
    surface = (flow.depth(x + d) - flow.depth(x - d)) / (2 * d)
    np.testing.assert_allclose(surface, flow.slope(x), atol=1e-7)
    bed = flow.bed(np.linspace(0.0, 1000.0, 401))
    summed = np.gradient(bed, 2.5)[2:-2]
    smooth = np.abs(np.linspace(0.0, 1000.0, 401)[2:-2] - 500.0) > 10.0
    np.testing.assert_allclose(summed[smooth], flow.bed_slope(np.linspace(5.0, 995.0, 397))[smooth], atol=2e-4)
    froude = flow.q / np.sqrt(G * h**3)
    assert (froude[0] > 1, froude[-1] > 1) == (flow.fast_in, flow.fast_out)


def test_the_made_jump_has_conjugate_depths() -> None:
    flow = steady.MADE["with a jump"]
    before, after = flow.depth(np.array([500.0 - 1e-9, 500.0 + 1e-9]))
    assert after == pytest.approx(steady.conjugate(before, flow.q), rel=1e-5)


def test_the_jump_behind_the_bump_stands_where_both_heads_meet() -> None:
    flow = steady.BUMPS["jump"]
    place = flow.jump_at()
    assert place == pytest.approx(11.6656, abs=1e-3)
    before, after = flow.depth(np.array([place - 1e-9, place + 1e-9]))
    momentum = [flow.q**2 / h + G / 2 * h * h for h in (before, after)]
    assert momentum[0] == pytest.approx(momentum[1], rel=1e-6)


def test_the_oblique_jump_is_the_published_one() -> None:
    angle, depth, speed = oblique.behind()
    assert np.rad2deg(angle) == pytest.approx(30.0, abs=0.05)
    assert depth == pytest.approx(1.5, abs=0.001)
    assert speed == pytest.approx(7.956, abs=0.006)


def test_the_kinematic_wave_keeps_water() -> None:
    rain = plane.RainyPlane()
    assert rain.concentration < rain.until
    times = np.linspace(0.0, 40 * rain.until, 40 * 1800 + 1)
    left = np.trapezoid([rain.discharge(t) for t in times], times)
    assert left == pytest.approx(rain.rain * rain.until * rain.length, rel=0.005)


@pytest.mark.parametrize("slope", [0.0, 0.001])
@pytest.mark.parametrize("inertial", [False, True])
def test_travelling_waves_satisfy_their_equations(slope: float, inertial: bool) -> None:
    behind = np.linspace(400.0, 3600.0, 40)
    d = 0.01
    wave = lambda s: travelling.up_plane(s, slope, inertial=inertial)  # noqa: E731
    h, gradient = wave(behind), -(wave(behind + d) - wave(behind - d)) / (2 * d)
    u, n = travelling.SPEED, travelling.MANNING
    inertia = -u * u * gradient if inertial else 0.0
    push = inertia + G * h * (gradient + slope) + G * n * n * u * u / np.cbrt(h)
    assert h.min() > travelling.SHALLOW
    assert np.abs(push).max() < 1e-5
    if not slope and not inertial:
        np.testing.assert_allclose(h, travelling.level_bed(behind), rtol=1e-7)
