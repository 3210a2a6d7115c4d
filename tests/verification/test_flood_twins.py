"""The kernels against plain NumPy: the same numbers to rounding after some steps from random wet and dry states."""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases.rough import state
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Forcing, Ground
from twins import InertialTwin, WavesTwin

CELL = 8.0


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
    east, north = chance.normal(0, 1.5, (2, *s["z"].shape)) * (s["depth"] > 0.01)
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
