"""The valley below a failing dam (Environment Agency, benchmark test 5) beside LISFLOOD-FP's DG2 at 10 m."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from flood_published import valley
from flood_published.case import arrival, run
from genrejs.hazard.flood.problem import Flood

pytestmark = pytest.mark.skipif(not valley.FOLDER.exists(), reason="benchmark test 5 is not on this machine")
KNOWN = np.isfinite(valley.DG2)
slow = pytest.mark.slow
EACH = [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)]


@cache
def flood(cell: float, scheme: str, order: int, precision: int = 32) -> Flood:
    """Compute 3.5 hours, which hold all peaks but P5's: its pond still fills after six."""
    return run(valley.valley(cell, 3.5 * 3600.0), scheme, order, precision)


def peaks(cell: float, scheme: str, order: int) -> np.ndarray:
    """Return the largest depths [m] over the distributed ground at the points."""
    return np.asarray(flood(cell, scheme, order).gauges.max(axis=1) - valley.beds())


@pytest.mark.parametrize(("scheme", "order"), [EACH[0], EACH[1], pytest.param(*EACH[2], marks=slow)])
def test_coarse_peaks_and_arrivals_are_near_the_second_order_code(scheme: str, order: int) -> None:
    top = peaks(20.0, scheme, order)[KNOWN]
    assert np.abs(top - valley.DG2[KNOWN]).max() < (0.26 if scheme == "inertial" else 0.09)
    result = flood(20.0, scheme, order)
    early, late = valley.DG2_WET.T
    wet = arrival(result.gauge_times, result.gauge_depths)
    assert ((wet > early - 310.0) & (wet < late + 310.0)).all()


@slow
@pytest.mark.parametrize(("scheme", "order"), EACH)
def test_peaks_are_near_the_second_order_code(scheme: str, order: int) -> None:
    top = peaks(10.0, scheme, order)[KNOWN]
    assert np.abs(top - valley.DG2[KNOWN]).max() < (0.26 if scheme == "inertial" else 0.09)


@slow
def test_double_precision_closes_the_account() -> None:
    flood(20.0, "shallow-water", 1, 64)


@slow
@pytest.mark.parametrize(("scheme", "order"), EACH[:2])
def test_peaks_converge_with_the_grid(scheme: str, order: int) -> None:
    coarse, middle, fine = (peaks(cell, scheme, order) for cell in (20.0, 10.0, 5.0))
    assert np.abs(fine - middle)[KNOWN].mean() < np.abs(middle - coarse)[KNOWN].mean()
