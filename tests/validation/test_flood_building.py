"""Dam break against an isolated building: depths at six gauges and velocities at five, measured in a flume."""

from __future__ import annotations

import numpy as np
import pytest

from flood_published import building
from flood_published.case import run
from genrejs.hazard.flood.problem import Flood

pytestmark = pytest.mark.skipif(not building.FOLDER.exists(), reason="the flume's measurements are not on this machine")


def depth_errors(flood: Flood) -> np.ndarray:
    """Return the RMSE [m] of the depth at each gauge, from when the wave has passed."""
    times, measured = building.measured_depths()
    late = flood.gauge_times > 3.0
    there = np.array([np.interp(flood.gauge_times[late], times, series) for series in measured])
    return np.asarray(np.sqrt(np.mean((flood.gauge_depths[:, late] - there) ** 2, axis=1)))


def velocity_errors(flood: Flood) -> np.ndarray:
    """Return the RMSE [m/s] of the velocity along and across at G1 to G5, where it was measured."""
    times, measured = building.measured_velocities()
    ours = np.array([[np.interp(times, flood.gauge_times, v) for v in gauge.T] for gauge in flood.gauge_velocities[:5]])
    return np.asarray(np.sqrt(np.nanmean((ours.transpose(0, 2, 1) - measured) ** 2, axis=1)))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    ("cell", "precision"), [(0.1, 32), (0.1, 64), (0.05, 32), pytest.param(0.025, 32, marks=pytest.mark.slow)]
)
def test_depths_and_velocities_behind_the_gate(order: int, cell: float, precision: int) -> None:
    flood = run(building.building(cell), "shallow-water", order, precision)
    depth = depth_errors(flood)
    assert depth[5] < 0.015, "the reservoir empties as measured"
    assert depth[2:5].max() < 0.025
    assert depth[:2].max() < 0.06, "G1 and G2 stand where the jumps are: a shift of one moves the depth at once"
    along, across = velocity_errors(flood).T
    assert np.median(along) < 0.70
    assert np.median(across) < 0.30


def test_the_inertial_scheme_empties_the_reservoir_too_fast() -> None:
    """Its documented limit: nothing holds the flow through the gate at the critical one."""
    assert depth_errors(run(building.building(0.1), "inertial"))[5] > 0.05
