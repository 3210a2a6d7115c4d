"""A run that is broken off and goes on from where it stood ends in the same bits."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from flood_cases.case import constant
from flood_cases.rough import Town, built, state
from genrejs.errors import InputError
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Flood, Forcing, Gate, Ground, Inflow, Pump, Series, Soil, Works

SCHEMES = [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)]
GAUGES = ((15, 30), (25, 50))


class Stopped(Exception):
    pass


def stop_after(calls: int):
    """Return a keeper that breaks the run off at a call, and the list in which it leaves the state."""
    kept, seen = [], []

    def keep(now, done: bool) -> None:
        seen.append(done)
        if len(seen) == calls:
            kept.append(now())
            raise Stopped

    return keep, kept


def same(a: Flood, b: Flood) -> None:
    for field in fields(Flood):
        one, other = getattr(a, field.name), getattr(b, field.name)
        if field.name == "wall_seconds":
            continue
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other, err_msg=field.name)
        else:
            assert one == other, field.name


def broken(run, options: Options, calls: int) -> Flood:
    keep, kept = stop_after(calls)
    with pytest.raises(Stopped):
        run(replace(options, checkpoint=keep))
    return run(replace(options, resume=kept[0], threads=1))


@pytest.mark.parametrize("precision", [32, 64])
@pytest.mark.parametrize(("scheme", "order"), SCHEMES)
def test_a_broken_run_ends_as_a_whole_one(scheme: str, order: int, precision: int) -> None:
    options = Options(
        scheme=scheme, order=order, precision=precision, every=60.0, gauges=GAUGES, thresholds=(0.3,),
        depth_speed=True, recession=True,
    )  # fmt: skip
    same(broken(Town().run, options, 4), Town().run(options))


@pytest.mark.parametrize("scheme", ["inertial", "shallow-water"])
def test_soil_gates_and_pumps_go_on_where_they_stood(scheme: str) -> None:
    shape = state(4)["z"].shape
    soil = Soil("horton", np.zeros(shape, np.int64), np.array([[2e-5, 1e-6, 5e-3]]))
    ground = Ground(state(4)["z"], 8.0, np.full(shape, 0.03), soil=soil, **built(4))
    inflow = Inflow("i", np.array([5]), np.array([50]), Series(np.array([0.0, 400.0]), np.array([1.0, 9.0])))
    works = Works(
        gates=(Gate("g", np.array([[10, 20], [11, 20]]), np.zeros((0, 2), int), (10, 20), (10, 21), 1.2, 4.0, seconds=200.0),),
        pumps=(Pump("p", (10, 30), (10, 60), 0.3, 1.5, 0.2),),
    )  # fmt: skip

    def run(options: Options) -> Flood:
        forcing = Forcing(rain=constant(2e-5), inflows=(inflow,))
        return simulate(ground, forcing, works, duration=400.0, initial_level=1.5, options=options)

    options = Options(scheme=scheme, order=1, every=50.0)
    same(broken(run, options, 3), run(options))


def test_a_finished_run_goes_on_to_a_longer_duration() -> None:
    kept = []

    def run(duration: float, **more) -> Flood:
        s = state(1)
        ground = Ground(s["z"], 8.0, s["manning"])
        options = Options(every=50.0, gauges=GAUGES, **more)
        return simulate(ground, Forcing(rain=constant(2e-5)), duration=duration, initial_level=1.0, options=options)

    run(100.0, checkpoint=lambda now, done: kept.append(now()) if done else None)
    assert kept[0].simulated == 100.0
    same(run(300.0, resume=kept[0]), run(300.0))
    with pytest.raises(InputError, match=r"stands at 100 s, beyond the duration of 50 s"):
        run(50.0, resume=kept[0])
    with pytest.raises(InputError, match="another run"):
        run(300.0, resume=kept[0], dry=0.002)
