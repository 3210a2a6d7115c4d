"""A wave that travels without breaking over a level bed and up a plane (`hunter2005`), both schemes. `-s` prints."""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases import travelling
from flood_cases.case import orders
from flood_cases.convergence import refine


@pytest.mark.parametrize("slope", [0.0, 0.001])
@pytest.mark.parametrize("order", [1, 2])
def test_the_full_equations_follow_hunters_wave(slope: float, order: int) -> None:
    found = refine(lambda count: travelling.travelling(count, slope, inertial=False), (45, 90, 180), order)
    assert found.overall > 0.8
    assert found.errors[-1] < (0.02 if order == 1 else 0.006)


@pytest.mark.parametrize("slope", [0.0, 0.001])
def test_the_inertial_equations_follow_their_own_wave_and_nearly_hunters(slope: float) -> None:
    cases = [travelling.travelling(count, slope, inertial=True) for count in (45, 90, 180)]
    errors = [case.error(case.run_inertial()) for case in cases]
    observed = orders(errors, [case.cell for case in cases])
    hunter = travelling.travelling(180, slope, inertial=False)
    apart = hunter.error(hunter.run_inertial())
    print(
        f"inertial, slope {slope}: L1 {np.array(errors)}, observed {observed.round(2)}; to Hunter's wave {apart:.3f} m"
    )
    assert errors[-1] < 0.02
    assert observed.mean() > 0.6
    assert apart < travelling.apart(hunter, slope)
