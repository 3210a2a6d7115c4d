"""The kernels against plain NumPy: the same numbers to rounding after some steps from random wet and dry states."""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases.rough import beside_twin, built, state


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_inertial_kernels_agree_with_plain_numpy(seed: int) -> None:
    flood, twin = beside_twin(seed, "inertial", 1)
    assert flood.steps == twin.steps > 30
    moved = np.abs(flood.final_depth - state(seed)["depth"]).max()
    off = np.abs(flood.final_depth - twin.depth[1:-1, 1:-1]).max()
    print(f"inertial, {twin.steps} steps: moved {moved:.2f} m, kernels and twin differ by {off:.1e} m")
    assert off < 1e-12 * twin.depth.max()


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_shallow_water_kernels_agree_with_plain_numpy(seed: int, order: int) -> None:
    flood, twin = beside_twin(seed, "shallow-water", order)
    assert flood.steps == twin.steps > 20
    moved = np.abs(flood.final_depth - state(seed)["depth"]).max()
    u, v = twin.velocities()
    off = np.abs(flood.final_depth - twin.depth[1:-1, 1:-1]).max()
    swerve = np.hypot(flood.velocity_east - u[1:-1, 1:-1], flood.velocity_north + v[1:-1, 1:-1])
    print(f"order {order}, {twin.steps} steps: moved {moved:.2f} m, differ by {off:.1e} m, {swerve.max():.1e} m/s")
    assert off < 1e-12 * twin.depth.max()
    assert swerve.max() < 1e-10


@pytest.mark.parametrize(("scheme", "order"), [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)])
def test_the_kernels_agree_with_plain_numpy_where_cells_are_partly_built(scheme: str, order: int) -> None:
    flood, twin = beside_twin(4, scheme, order, built(4))
    plain, _ = beside_twin(4, scheme, order)
    assert flood.steps == twin.steps > 20
    off = np.abs(flood.final_depth - twin.depth[1:-1, 1:-1]).max()
    told = np.abs(flood.final_depth - plain.final_depth).max()
    print(f"{scheme} {order}: houses change depths by {told:.2f} m, kernels and twin differ by {off:.1e} m")
    assert told > 0.1
    assert off < 1e-12 * twin.depth.max()
