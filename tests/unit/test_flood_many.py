"""Many forcings on one ground."""

from __future__ import annotations

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.hazard.flood import simulate, simulate_many
from genrejs.hazard.flood.problem import Forcing, Ground, Series

GROUND = Ground(np.add.outer(np.linspace(1, 0, 20), np.linspace(0, 0.5, 20)), 10.0, np.full((20, 20), 0.03))


def rain(depth: float) -> Forcing:
    return Forcing(rain=Series(np.zeros(1), np.array([depth / 3600.0])))


def test_each_is_the_flood_of_a_run_alone() -> None:
    forcings = [rain(depth) for depth in (0.01, 0.05, 0.02)]
    for forcing, flood in zip(forcings, simulate_many(GROUND, forcings, duration=600.0), strict=True):
        alone = simulate(GROUND, forcing, duration=600.0)
        np.testing.assert_array_equal(flood.max_depth, alone.max_depth)
        assert flood.balance == alone.balance


def test_a_wrong_one_is_told_before_the_first_is_run() -> None:
    with pytest.raises(InputError, match="Forcing 2 of 3: The rain must not be negative"):
        simulate_many(GROUND, [rain(0.01), rain(-0.01), rain(0.02)], duration=600.0)
