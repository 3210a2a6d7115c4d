"""The kernels against plain NumPy: the same numbers to rounding after some steps from random wet and dry states."""

from __future__ import annotations

import numpy as np
import pytest

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import OPEN, Forcing, Ground
from twins import InertialTwin, WavesTwin

SHAPE, CELL = (37, 70), 8.0


def grained(values: np.ndarray) -> np.ndarray:
    """Round to 2^-20 m, so that ground plus depth is exact in the engine and here."""
    return np.round(values * 2.0**20) / 2.0**20


def state(seed: int) -> dict[str, np.ndarray]:
    """Rolling ground with noise and a step, water in pools and on slopes, a wall across, Manning's n in patches."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    z = grained(2 + np.sin(x / 7.0) + np.cos(y / 5.0) + chance.normal(0, 0.15, SHAPE))
    z[12:18, 20:26] += 2.0
    depth = grained(np.where(chance.random(SHAPE) < 0.5, chance.gamma(1.0, 0.5, SHAPE), 0.0))
    depth[:, 45:] = grained(np.maximum(2.4 - z[:, 45:], 0.0))
    wall = np.full(SHAPE, OPEN)
    wall[4:30, 44] = grained(chance.uniform(1.5, 3.5, 26))
    return {"z": z, "depth": depth, "wall": wall, "manning": np.where(x > 30, 0.05, 0.02) * (y > 8)}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_inertial_kernels_agree_with_plain_numpy(seed: int) -> None:
    s = state(seed)
    ground = Ground(s["z"], CELL, s["manning"], wall_east=s["wall"], wall_south=s["wall"].copy())
    level = np.where(s["depth"] > 0, s["z"] + s["depth"], -1e3)
    duration = 30.0
    flood = simulate(
        ground, Forcing(), duration=duration, initial_level=level, options=Options(scheme="inertial", precision=64)
    )
    twin = InertialTwin(s["z"], CELL, s["manning"], s["depth"], s["wall"], s["wall"])
    twin.run(duration)
    assert flood.steps == twin.steps > 30
    moved = np.abs(flood.final_depth - s["depth"]).max()
    off = np.abs(flood.final_depth - twin.depth[1:-1, 1:-1]).max()
    print(f"inertial, {twin.steps} steps: moved {moved:.2f} m, kernels and twin differ by {off:.1e} m")
    assert off < 1e-12 * twin.depth.max()


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_shallow_water_kernels_agree_with_plain_numpy(seed: int, order: int) -> None:
    s = state(seed)
    ground = Ground(s["z"], CELL, s["manning"], wall_east=s["wall"], wall_south=s["wall"].copy())
    level = np.where(s["depth"] > 0, s["z"] + s["depth"], -1e3)
    chance = np.random.default_rng(seed + 10)
    east, north = chance.normal(0, 1.5, (2, *SHAPE)) * (s["depth"] > 0.01)
    duration = 20.0
    flood = simulate(
        ground, Forcing(), duration=duration, initial_level=level, initial_velocity=(east, north),
        options=Options(scheme="shallow-water", order=order, precision=64),
    )  # fmt: skip
    h = s["depth"]
    twin = WavesTwin(s["z"], CELL, s["manning"], h, s["wall"], s["wall"], order=order, east=h * east, south=-h * north)
    twin.run(duration)
    assert flood.steps == twin.steps > 20
    moved = np.abs(flood.final_depth - h).max()
    u, v = twin.velocities()
    off = np.abs(flood.final_depth - twin.depth[1:-1, 1:-1]).max()
    swerve = np.hypot(flood.velocity_east - u[1:-1, 1:-1], flood.velocity_north + v[1:-1, 1:-1])
    print(f"order {order}, {twin.steps} steps: moved {moved:.2f} m, differ by {off:.1e} m, {swerve.max():.1e} m/s")
    assert off < 1e-12 * twin.depth.max()
    assert swerve.max() < 1e-10
