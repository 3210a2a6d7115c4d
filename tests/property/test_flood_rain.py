"""More rain never leaves less water, and no rain makes a depth negative."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Forcing, Ground, Series


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    intensity=st.floats(1e-7, 5e-5),
    more=st.floats(1.0, 3.0),
    soil=st.floats(0.0, 1e-5),
    precision=st.sampled_from([32, 64]),
)
def test_more_rain_never_less_water(seed: int, intensity: float, more: float, soil: float, precision: int) -> None:
    chance = np.random.default_rng(seed)
    z = chance.normal(0.0, 1.0, (20, 34)) + 50.0
    ground = Ground(z, 10.0, np.full(z.shape, 0.05), infiltration=np.full(z.shape, soil))

    def after(rain: float):
        shower = Series(np.array([0.0, 600.0]), np.array([rain, 0.0]))
        return simulate(ground, Forcing(rain=shower), duration=900.0, options=Options(precision=precision))

    less, plenty = after(intensity), after(intensity * more)
    assert less.final_depth.min() >= 0.0
    assert plenty.final_depth.min() >= 0.0
    slack = 1e-5 * plenty.balance["rain"]
    assert plenty.balance["stored_end"] >= less.balance["stored_end"] - slack
    for flood in (less, plenty):
        assert abs(flood.balance["error"]) <= (1e-5 if precision == 32 else 1e-9) * max(flood.balance["moved"], 1.0)
