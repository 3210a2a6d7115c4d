"""`simulate`: lays out a case, drives the kernels and gathers the result."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import numba
import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.checkpoint import go_on, input_key, take
from genrejs.hazard.flood.checks import check
from genrejs.hazard.flood.freshness import drop_stale_code
from genrejs.hazard.flood.gpu_choice import choose_engine
from genrejs.hazard.flood.kernels_drive import drive, drive_waves
from genrejs.hazard.flood.options import Checkpoint, Options
from genrejs.hazard.flood.pace import Pace
from genrejs.hazard.flood.problem import Floats, Flood, Forcing, Ground, Works
from genrejs.hazard.flood.results import Samples, depth_now, gather, gauge_levels, gauge_velocities, stored_water
from genrejs.hazard.flood.run import Run, fill_start, lay_run, push_start

GAUGE_EVERY = 300.0
"""[s] between gauge values when no time is asked for."""


def simulate(
    ground: Ground,
    forcing: Forcing,
    works: Works | None = None,
    *,
    duration: float,
    initial_level: float | Floats | None = None,
    initial_velocity: tuple[float | Floats, float | Floats] | None = None,
    options: Options | None = None,
) -> Flood:
    """Return the flood that `forcing` makes on `ground` within `duration` [s].

    `initial_level` [m], a number or ``(y, x)``: cells below it start filled to it, those connected to the level cells,
    or all where there are none. `initial_velocity` east and north [m/s], numbers or ``(y, x)``: of the water there.

    Raises
    ------
    InputError
        Something given cannot be computed; the message says what and where.
    """
    works, options = works or Works(), options or Options()
    check(ground, forcing, works, duration, options)
    drop_stale_code()
    started = time.perf_counter()
    before = numba.get_num_threads()
    config: Any = numba.config
    most = int(config.NUMBA_NUM_THREADS)
    try:
        run = lay_run(ground, forcing, works, options)
        key = ""
        if options.checkpoint is not None or options.resume is not None:
            key = input_key(options, ground, forcing, works, initial_level, initial_velocity)
        stored, samples = _start(run, (initial_level, initial_velocity), key, duration)
        worker = _worker(run, min(options.threads or most, most))
        _advance(run, worker, duration, samples, partial(take, run, samples, stored, key))
    finally:
        numba.set_num_threads(before)
    return gather(run, works, stored, samples, (worker.name, time.perf_counter() - started))


class Worker(Protocol):
    """What drives a case: the processor's cores or a GPU."""

    name: str

    def breathe(self, run: Run, stop: float) -> None:
        """Drive for a moment, at most to `stop` [s]."""

    def sample(self, run: Run, gauges: NDArray[np.int64], whole: bool) -> None:
        """Make the arrays of `run` hold the present state at the gauges or, for the depth, everywhere."""

    def finish(self, run: Run) -> None:
        """Make the arrays of `run` hold all that the result is made of."""


class Cores:
    """Drives a case on the processor's cores, in the arrays of the run themselves."""

    name = "cpu"

    def __init__(self, threads: int) -> None:
        self.pace = Pace(threads)

    def breathe(self, run: Run, stop: float) -> None:
        """Drive for a moment, at most to `stop` [s]."""
        clock = run.clock
        workers, steps = self.pace.choose(int(clock.counts[2]))
        began, done = time.perf_counter(), int(clock.counts[3])
        numba.set_num_threads(workers)
        rest = (run.tiles, run.edge, run.drivers, run.structures, clock, run.numbers)
        waves = run.options.scheme == "shallow-water"
        step: Any = drive_waves if waves else drive
        step(*run.states, *rest, *([run.wave_numbers] if waves else []), steps, stop)
        self.pace.note(int(clock.counts[3]) - done, time.perf_counter() - began)

    def sample(self, run: Run, gauges: NDArray[np.int64], whole: bool) -> None:
        """Do nothing: the run holds its present state."""

    def finish(self, run: Run) -> None:
        """Do nothing: the run holds its present state."""


def _worker(run: Run, threads: int) -> Worker:
    """Return what drives the case."""
    if choose_engine(run) == "cpu":
        return Cores(threads)
    from genrejs.hazard.flood.gpu_card import Card  # noqa: PLC0415  # needs a GPU or its simulator

    return Card(run)


def _start(run: Run, first: tuple[Any, Any], key: str, duration: float) -> tuple[float, Samples]:
    """Fill the run with its first level and velocity or with what was kept; return its first water and the samples."""
    if run.options.resume is not None:
        return go_on(run, run.options.resume, (key, duration))
    fill_start(run, first[0])
    push_start(run, first[1])
    return stored_water(run), Samples([], [], [], [])


def _advance(run: Run, worker: Worker, duration: float, samples: Samples, state: Callable[[], Checkpoint]) -> None:
    """Drive to the end, sampling on the way; `state` returns where the run stands."""
    every, options = run.options.every or GAUGE_EVERY, run.options
    times = np.unique(np.append(np.arange(0.0, duration, every), duration))
    times = times[times > samples.times[-1]] if samples.times else times
    slices = run.options.every is not None and run.options.keep_slices
    gauges = run.frame.index(*np.array(run.options.gauges, np.int64).reshape(-1, 2).T)
    for stop in times:
        while run.clock.now[0] < stop:
            worker.breathe(run, stop)
            if options.progress is not None:
                options.progress(float(run.clock.now[0] / duration))
            _keep(options, state, run.clock.now[0] >= stop)
        worker.sample(run, gauges, slices or options.frame is not None)
        samples.times.append(float(stop))
        samples.levels.append(gauge_levels(run))
        samples.velocities.append(gauge_velocities(run))
        if slices:
            samples.slices.append(depth_now(run).astype(np.float32, copy=False))
        if options.frame is not None:
            options.frame(float(stop), depth_now(run).astype(np.float32))
        _keep(options, state, stop == times[-1])
    worker.finish(run)
    if options.checkpoint is not None:
        options.checkpoint(state, True)


def _keep(options: Options, state: Callable[[], Checkpoint], later: bool) -> None:
    """Offer where the run stands to who keeps it, unless it will be offered in a moment."""
    if options.checkpoint is not None and not later:
        options.checkpoint(state, False)
