"""The fjord valley of the benchmarks: its formula, and the solver's cost and account on a surge at 20 m."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Forcing, Ground, Series

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def fjord():
    spec = importlib.util.spec_from_file_location("fjord", BENCHMARKS / "fjord.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["fjord"] = module
    spec.loader.exec_module(module)
    return module


def test_the_terrain_has_its_published_sums(fjord) -> None:
    z, houses = fjord.terrain(5.0)
    assert z.shape == (800, 1280)
    assert (z.min(), z.max()) == (pytest.approx(-4.05, abs=1e-4), pytest.approx(60.05, abs=1e-4))
    assert z.mean() == pytest.approx(38.032789, abs=1e-6)
    assert ((z < 0).sum(), fjord.sea(z).sum(), houses.sum()) == (118_682, 117_082, 25_918)
    coarse, _ = fjord.terrain(20.0)
    assert coarse.mean() == pytest.approx(38.068486, abs=1e-6)
    assert fjord.sea(coarse).sum() == 7_321


def test_a_surge_wets_the_town_and_single_precision_agrees(fjord) -> None:
    z, _ = fjord.terrain(20.0)
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = z[:, -1] < 2.5
    times = np.linspace(0.0, 7200.0, 121)
    forcing = Forcing(Series(times, fjord.surge(times, 7200.0)), edge)
    ground = Ground(z, 20.0, np.full(z.shape, 0.03))
    single, double = (
        simulate(ground, forcing, duration=7200.0, initial_level=0.0, options=Options(precision=p)) for p in (32, 64)
    )
    land = z > 0
    assert 3_000 < (double.max_depth[land] > 0.1).sum() < 5_000
    assert np.abs(single.max_depth - double.max_depth).max() < 0.005
    assert double.balance["stored_start"] == pytest.approx(7_321 * 400 * 4.0, rel=0.05)
    assert abs(double.balance["error"]) < 1e-12 * double.balance["moved"]
    assert abs(single.balance["error"]) < 1e-6 * single.balance["moved"]
    assert double.active_cell_updates < 0.8 * double.cell_updates
