"""`simulate`: lays out a case, drives the kernels and gathers the result."""

from __future__ import annotations

import time
from typing import Any

import numba
import numpy as np

from genrejs.hazard.flood.checks import check
from genrejs.hazard.flood.freshness import drop_stale_code
from genrejs.hazard.flood.kernels_drive import drive, drive_waves
from genrejs.hazard.flood.options import Options
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
        fill_start(run, initial_level)
        push_start(run, initial_velocity)
        stored = stored_water(run)
        samples = _advance(run, duration, min(options.threads or most, most))
    finally:
        numba.set_num_threads(before)
    return gather(run, works, stored, samples, time.perf_counter() - started)


def _advance(run: Run, duration: float, threads: int) -> Samples:
    """Drive to the end; return what was sampled."""
    every = run.options.every or GAUGE_EVERY
    times = np.unique(np.append(np.arange(0.0, duration, every), duration))
    samples = Samples(times, [], [], [])
    pace = Pace(threads)
    for stop in times:
        while run.clock.now[0] < stop:
            _breathe(run, pace, stop)
            if run.options.progress is not None:
                run.options.progress(float(run.clock.now[0] / duration))
        samples.levels.append(gauge_levels(run))
        samples.velocities.append(gauge_velocities(run))
        if run.options.every is not None and run.options.keep_slices:
            samples.slices.append(depth_now(run).astype(np.float32, copy=False))
    return samples


def _breathe(run: Run, pace: Pace, stop: float) -> None:
    """Drive for a moment, at most to `stop` [s]."""
    clock = run.clock
    workers, steps = pace.choose(int(clock.counts[2]))
    began, done = time.perf_counter(), int(clock.counts[3])
    numba.set_num_threads(workers)
    rest = (run.tiles, run.edge, run.drivers, run.structures, clock, run.numbers)
    waves = run.options.scheme == "shallow-water"
    step: Any = drive_waves if waves else drive
    step(*run.states, *rest, *([run.wave_numbers] if waves else []), steps, stop)
    pace.note(int(clock.counts[3]) - done, time.perf_counter() - began)
