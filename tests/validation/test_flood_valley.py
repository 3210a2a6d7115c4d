"""The valley below a failing dam (Environment Agency, benchmark test 5): peak depths at seven points within six hours.

The band is what full shallow-water and inertial codes gave on the same 10 m grid; the test is a comparison, no truth.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from genrejs.city.grid import Grid
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Forcing, Ground, Inflow, Series

CASE = Path(__file__).resolve().parents[3] / "shared" / "data" / "cases" / "ea_benchmark5"
FINITE_VOLUME = np.array([3.44, 3.49, 5.30, 5.56, 3.46, 1.49, 2.87])
INERTIAL = np.array([3.21, 3.12, 5.19, 5.76, 4.25, 1.30, 2.77])


@pytest.mark.slow
@pytest.mark.skipif(not CASE.exists(), reason="benchmark test 5 is not on this machine")
def test_peaks_lie_between_the_families_of_schemes() -> None:
    with gzip.open(CASE / "ea5-10m.dem.raw.gz", "rt") as file:
        head = dict(next(file).split() for _ in range(6))
        z = np.loadtxt(file)
    z[z <= -9999] = np.nan
    south = float(head["yllcorner"])
    grid = Grid(float(head["xllcorner"]), south + 10.0 * z.shape[0], 10.0, *z.shape, "EPSG:27700")
    source = [line.split() for line in (CASE / "ea5-10m.bci").read_text().splitlines() if line.startswith("P")]
    cells = np.array([grid.index(float(p[1]), float(p[2])) for p in source])
    table = np.array([line.split() for line in (CASE / "ea5.bdy").read_text().splitlines()[3:]], float)
    dam = Inflow("dam", cells[:, 0], cells[:, 1], Series(table[:, 1], table[:, 0] * 10.0 * len(cells)))
    points = [line.split() for line in (CASE / "ea5.stage").read_text().splitlines()[1:8]]
    gauges = tuple(grid.index(float(x), float(y)) for x, y in points)
    flood = simulate(
        Ground(z, 10.0, np.full(z.shape, 0.04)), Forcing(inflows=(dam,)), duration=6 * 3600.0,
        options=Options(gauges=gauges),
    )  # fmt: skip
    assert flood.gauge_depths is not None
    peaks = flood.gauge_depths.max(axis=1)
    slack = 0.15
    assert (peaks > np.minimum(FINITE_VOLUME, INERTIAL) - slack).all()
    assert (peaks < np.maximum(FINITE_VOLUME, INERTIAL) + slack).all()
    assert abs(flood.balance["error"]) < 1e-6 * flood.balance["moved"]
