"""The water emulator: exact at its runs, no average of dry and wet, structures taken together, nothing beyond."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrejs.errors import InputError
from genrejs.scenario.emulator import OutOfRange, Rungs, WaterEmulator, composed

# Three houses on a slope: a plane sea at level L stands L - z deep where it is above z.
GROUND = np.array([1.0, 1.45, 2.2])


def sea(level: float) -> np.ndarray:
    return np.maximum(level - GROUND, 0.0)


def rungs(levels=(1.5, 2.0, 2.5)) -> Rungs:
    depths = np.array([sea(level) for level in levels])
    return Rungs(0.9, np.array(levels), depths, depths[:, :1])


def test_a_run_gives_itself() -> None:
    for level in (1.5, 2.0, 2.5):
        assert np.allclose(rungs().at(level).buildings, sea(level))
        assert np.allclose(rungs().at(level).components, sea(level)[:1])


@given(st.floats(1.5, 2.5))
def test_a_plane_sea_is_met_between_runs_to_the_step_where_it_comes(level: float) -> None:
    # The third house is reached at 2.2 between the runs of 2.0 and 2.5; its pace is no less than 0.3 m over 0.5 m.
    found = rungs().at(level).buildings
    assert np.allclose(found[:2], sea(level)[:2])
    assert 0.0 <= found[2] <= sea(2.5)[2] + 1e-12


def test_water_comes_late_where_the_lower_run_is_dry() -> None:
    # Above the run of 2.5 the pace is 1; a straight line from dry would have wetted the house at 2.0 already.
    more = rungs((1.5, 2.0, 2.5, 3.0))
    assert more.at(2.1).buildings[2] == 0.0
    assert more.at(2.3).buildings[2] == pytest.approx(0.1)


def test_nothing_at_the_dry_level_and_no_answer_beyond_the_strongest_run() -> None:
    assert not rungs().at(0.9).buildings.any()
    with pytest.raises(OutOfRange, match=r"2\.6 lies above the strongest run, 2\.5"):
        rungs().at(2.6)


def test_runs_must_rise() -> None:
    with pytest.raises(InputError, match="must rise"):
        Rungs(0.9, np.array([2.0, 1.5]), np.zeros((2, 1)), np.zeros((2, 1)))


def test_shares_left_are_multiplied_and_what_is_added_is_added() -> None:
    base = np.array([1.0, 0.5, 0.0])
    halved, dry, moved = np.array([0.5, 0.25, 0.0]), np.array([1.0, 0.0, 0.0]), np.array([1.0, 0.5, 0.2])
    assert np.allclose(composed(base, [halved, dry]), [0.5, 0.0, 0.0])
    assert np.allclose(composed(base, [moved]), [1.0, 0.5, 0.2])
    assert np.allclose(composed(base, []), base)


def test_measures_that_were_run_alone_are_put_together() -> None:
    base = rungs()
    half = Rungs(0.9, base.values, base.buildings / 2, base.components / 2)
    emulator = WaterEmulator(base, {"a": half, "b": half})
    assert np.allclose(emulator.at(2.0, frozenset({"a"})).buildings, sea(2.0) / 2)
    assert np.allclose(emulator.at(2.0, frozenset({"moves no water"})).buildings, sea(2.0))
    assert np.allclose(emulator.at(2.0, frozenset({"a", "b"})).buildings, sea(2.0) / 4)
