"""The loop over time steps, compiled as a whole, so that Python is met only about once a second."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from genrejs.hazard.flood.kernels_edge import (
    cap_walls,
    carry_on,
    close_beyond,
    count_edge_waves,
    count_sea,
    largest,
    level_at,
    pour,
    set_edge,
    set_edge_waves,
)
from genrejs.hazard.flood.kernels_math import total_until
from genrejs.hazard.flood.kernels_note import noted
from genrejs.hazard.flood.kernels_soil import rain_and_soak
from genrejs.hazard.flood.kernels_step import limit, step_depths, step_faces
from genrejs.hazard.flood.kernels_tiles import choose_tiles, look, record
from genrejs.hazard.flood.kernels_waves import lay_runs, record_waves, settle, step_and_limit
from genrejs.hazard.flood.kernels_works import move_water, take_drains, work_gates
from genrejs.hazard.flood.physics import GRAVITY, fitted, longest_step
from genrejs.hazard.flood.state import REACH, Clock, Drivers, Edge, Fields, Structures, Tiles, Waves

SHALLOWEST = 1e-4
"""[m] depth below which a step is not lengthened further; the longest step rules there."""
RECORD_TICKS = 2
"""Speeds and arrivals are looked at every second tick, that is every eighth step."""


@njit(cache=True)
def tick(f: Any, t: Tiles, d: Drivers, s: Structures, c: Clock, p: Any) -> None:
    """Rain, infiltrate and drain for the time since the last tick, then choose the tiles to step."""
    t0, t1 = c.now[1], c.now[0]
    rain = 0.0
    if d.start[2] > d.start[1] and t1 > t0:
        span = (d.start[1], d.start[2])
        rain = total_until(d.times, d.values, d.totals, span, t1) - total_until(d.times, d.values, d.totals, span, t0)
    most = rain_and_soak(f, t, d.sky, d, c, rain)
    take_drains(f, s.works, c)
    look(f, t, bool(most > 0.0 or c.counts[0] == 0), p[2])
    c.counts[2] = choose_tiles(f, t, s)
    c.now[1] = t1
    c.now[2] += most
    c.counts[1] = 0


@njit(cache=True)
def time_step(c: Clock, stop: float) -> float:
    """Return the next step [s]: the wave's time across a cell, cut so that `stop` is met without a sliver.

    No step is longer than that of the depth which the largest inflow alone would lay into its cell meanwhile, nor
    (inertial scheme, whose depths alone know nothing of fast films) than a flood wave on the fastest water allows.
    """
    dt = longest_step(max(c.now[2], SHALLOWEST), c.numbers[7], c.now[5], c.numbers[0], c.numbers[2], c.numbers[3])
    return fitted(dt, stop - c.now[0])


@njit(cache=True)
def raise_level(d: Drivers, c: Clock, now: float) -> None:
    """Note the imposed level [m] and its highest so far."""
    if d.start[1] > d.start[0]:
        c.now[4] = level_at(d, c, now)
        c.now[3] = max(c.now[3], c.now[4])


@njit(cache=True)
def drive(f: Fields, t: Tiles, e: Edge, d: Drivers, s: Structures, c: Clock, p: Any, most: int, stop: float) -> None:
    """Step until `stop` [s], at most `most` steps."""
    size = c.numbers[0]
    has_level = e.cell.size > 0
    number = f.depth.dtype.type
    for _ in range(most):
        if c.counts[0] == 0 or c.counts[1] >= REACH or c.now[0] - c.now[1] >= c.numbers[3]:
            tick(f, t, d, s, c, p)
        dt = time_step(c, stop)
        now = stop if dt == stop - c.now[0] else c.now[0] + dt
        p[3], p[4] = number(GRAVITY * dt / size), number(dt)
        p[5], p[6] = number(4.0 * dt / size), number(dt / size)
        old = c.counts[0] & 1
        new = 1 - old
        active = c.counts[2]
        work_gates(f, s.works, c)
        step_faces(f, t, active, old, p)
        cap_walls(f, s, t.width, new)
        limit(f, t, e.cell, active, new, p)
        if has_level:
            count_sea(f, e, new, np.float64(p[6]) * size * size, c.account)
            close_beyond(f, e, new)
        step_depths(f, t, active, new, p)
        peak = largest(t, active)
        if has_level:
            raise_level(d, c, now)
            peak = max(peak, set_edge(f, e, c.now[4]))
            carry_on(f, e, new)
        peak = max(peak, pour(f, d, c, c.now[0], now))
        peak = max(peak, move_water(f, s.works, c, dt))
        c.now[0], c.now[2] = now, peak
        c.counts[0] += 1
        c.counts[1] += 1
        c.counts[3] += active
        if c.counts[0] % (REACH * RECORD_TICKS) == 0 or now >= stop:
            record(f, t, c.notes, active, new, p, number(now))
            c.now[5] = largest(t, active)
            noted(c.notes, now)
        if now >= stop:
            tick(f, t, d, s, c, p)
            return


@njit(cache=True)
def drive_waves(
    even: Waves,
    odd: Waves,
    t: Tiles,
    e: Edge,
    d: Drivers,
    s: Structures,
    c: Clock,
    p: Any,
    n: Any,
    most: int,
    stop: float,
) -> None:
    """Step the shallow-water scheme until `stop` [s], at most `most` steps; `n` are its numbers, n[10] the order."""
    size = c.numbers[0]
    number = even.depth.dtype.type
    order = int(n[10])
    runs = lay_runs(t, c.counts[2])
    for _ in range(most):
        f, g = (odd, even) if c.counts[0] & 1 else (even, odd)
        if c.counts[0] == 0 or c.counts[1] >= REACH or c.now[0] - c.now[1] >= c.numbers[3]:
            tick(f, t, d, s, c, p)
            settle(f, t, True)
            runs = lay_runs(t, c.counts[2])
        dt = time_step(c, stop)
        now = stop if dt == stop - c.now[0] else c.now[0] + dt
        n[4], n[5], n[9] = number(dt / size), number(4.0 * dt), number(dt)
        active = c.counts[2]
        work_gates(f, s.works, c)
        speed = step_and_limit(f, t, runs, n, order)
        count_edge_waves(f, e, size * size, c.account)
        raise_level(d, c, now)
        peak = max(speed * speed / GRAVITY, set_edge_waves(g, e, c.now[4]))
        peak = max(peak, pour(g, d, c, c.now[0], now))
        peak = max(peak, move_water(g, s.works, c, dt))
        c.now[0], c.now[2] = now, peak
        c.counts[0] += 1
        c.counts[1] += 1
        c.counts[3] += active
        if c.counts[0] % (REACH * RECORD_TICKS) == 0 or now >= stop:
            record_waves(g, t, c.notes, active, p, number(now))
            noted(c.notes, now)
        if now >= stop:
            tick(g, t, d, s, c, p)
            settle(g, t, True)
            return
