"""Run a recovery system once or many times with its durations drawn."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.recovery.engine_kernel import fresh, run
from genrejs.recovery.system import RecoverySystem
from genrejs.recovery.system_build import build
from genrejs.recovery.system_result import Course, Recovery, gather
from genrejs.rng import stream

Floats = NDArray[np.float64]
MOST_RUNS = 1_000_000


def shortened(system: RecoverySystem, steps: int) -> RecoverySystem:
    """Return the system with at most `steps` steps after its first."""
    if steps < 1:
        raise InputError(f"The steps are {steps}; give 1 or more.")
    told = system.description
    return build(replace(told, stop=min(told.stop, told.start + steps + 1)))


def durations(system: RecoverySystem, seed: int | str, number: int) -> Floats:
    """Return how long each activity ``(activity,)`` takes [steps] in the run `number`; the same for the same seed."""
    if not system.random:
        return system.median
    normal = stream(seed, f"recovery/{number}").standard_normal(int(system.draw.max()) + 1)
    return np.asarray(system.median * np.exp(system.dispersion * normal[system.draw]), dtype=np.float64)


def course(system: RecoverySystem, seed: int | str = 0, number: int = 0) -> Course:
    """Return one run's course, step by step."""
    state = fresh(system.plan)
    count = run(system.plan, state, durations(system, seed, number))
    if count < 0:
        ring = ", ".join(system.resources[n] for n in system.plan.mutual)
        raise InputError(
            f"{ring} need each other and never settle: each round of sharing leaves a little less. "
            "Give a little more supply than demand, or make 'unmet' Binary."
        )
    return Course(count, state.totals[:count], state.hurt[:count], state.last, state.left)


def recover(
    system: RecoverySystem,
    runs: int = 1,
    seed: int | str = 0,
    workers: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Recovery:
    """Run `system` `runs` times; the result depends on `seed` and `runs` alone, never on `workers`.

    Raises
    ------
    InputError
        `runs` or `workers` is below 1.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise InputError(f"The runs are {runs}; give from 1 to {MOST_RUNS:,}.")
    if workers is not None and workers < 1:
        raise InputError(f"The workers are {workers}; give 1 or more.")
    return gather(system, _courses(system, runs, seed, workers), runs, seed, progress)


def _courses(system: RecoverySystem, runs: int, seed: int | str, workers: int | None) -> Iterator[Course]:
    yield course(system, seed, 0)  # alone, so that it is compiled once
    if runs > 1:
        with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
            for first in range(1, runs, 256):  # in turn, so that few courses are held at a time
                yield from pool.map(lambda n: course(system, seed, n), range(first, min(first + 256, runs)))
