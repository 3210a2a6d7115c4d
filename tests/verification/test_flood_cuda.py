"""The GPU's engine against the processor's: in numba's simulator everywhere, on the card itself where there is one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.gpu_choice import free_memory
from genrejs.hazard.flood.problem import Forcing, Ground, Pump, Series, Works

QUICK = ["inertial 1 32 level", "shallow-water 2 64 sleep"]
LONG = [
    "inertial 1 64 inflow",
    "inertial 1 64 rain",
    "inertial 1 64 sleep",
    "shallow-water 2 64 inflow",
    "shallow-water 1 64 rain",
    "shallow-water 2 64 outfall",
    "shallow-water 2 32 level",
]
ROUNDING = {"32": 1e-4, "64": 1e-12}
"""Largest difference; in single precision the simulator computes parts in double, and the GPU fuses products and sums."""


def compared(name: str, **env: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("cuda_cases.py"), name],
        env=os.environ | env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def judge(name: str, off: dict[str, float]) -> None:
    """The same steps and tiles, the same water, and something happened."""
    print(name, off)
    tolerance = ROUNDING[name.split(" ")[2]]
    happened = {"steps", "changed"}
    assert off["steps"] >= 8 and off["changed"] > 0.01
    assert off["steps_off"] == off["updates_off"] == 0
    assert max(value for key, value in off.items() if key not in happened) < tolerance


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in LONG)])
def test_the_gpu_in_its_simulator_gives_the_processors_flood(name: str) -> None:
    judge(name, compared(name, NUMBA_ENABLE_CUDASIM="1"))


@pytest.mark.gpu
@pytest.mark.parametrize("name", [*QUICK, *LONG])
def test_the_gpu_gives_the_processors_flood(name: str) -> None:
    if free_memory() is None:
        pytest.skip("no NVIDIA GPU with numba-cuda here")
    judge(name, compared(name))


def bowl(shape: tuple[int, int] = (8, 8)) -> Ground:
    return Ground(np.zeros(shape), 10.0, np.full(shape, 0.03))


def flood_of(ground: Ground, works: Works | None = None, forcing: Forcing | None = None, **options):
    return simulate(
        ground, forcing or Forcing(), works, duration=1.0, initial_level=0.5, options=Options(**options)
    )  # fmt: skip


def test_auto_takes_the_processor() -> None:
    assert flood_of(bowl()).engine == "cpu"


def test_cuda_without_a_gpu_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genrejs.hazard.flood.gpu_choice.free_memory", lambda: None)
    with pytest.raises(InputError, match="needs an NVIDIA GPU"):
        flood_of(bowl(), engine="cuda")


def test_cuda_says_what_it_does_not_know() -> None:
    pump = Pump("P1", (1, 1), (2, 2), 0.1, 1.0, 0.5)
    with pytest.raises(InputError, match="does not know pumps yet"):
        flood_of(bowl(), Works(pumps=(pump,)), engine="cuda")
    rain = Forcing(rain=Series(np.zeros(1), np.full(1, 1e-5)), rain_factor=np.ones((8, 8)))
    with pytest.raises(InputError, match="does not know rain by place or soil by class yet"):
        flood_of(bowl(), forcing=rain, engine="cuda")


def test_cuda_says_when_the_memory_does_not_hold_the_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genrejs.hazard.flood.gpu_choice.free_memory", lambda: 1e3)
    with pytest.raises(InputError, match="GB of the GPU's memory"):
        flood_of(bowl(), engine="cuda")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="engine 'gpu' is not known"):
        flood_of(bowl(), engine="gpu")
