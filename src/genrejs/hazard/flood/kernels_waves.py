"""One time step of the shallow-water scheme on runs of neighbouring tiles, row by row.

A step reads the old state and writes a new one, so a run needs nothing from its neighbours' new state and no fluxes are
kept in memory. Rows of a run pass through a small scratch block: velocities, (order 2) slopes and half-step states,
fluxes through east-west and north-south faces, and the new state. Cells that would give away more than they have make
their run *short*: `step_and_limit` repeats such runs and their neighbours with the fluxes cut to what can be fed.
The state is depth h and momenta p = h u to the east and q = h v to the south.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from genrejs.hazard.flood.kernels_math import as_bits, from_bits
from genrejs.hazard.flood.kernels_note import note
from genrejs.hazard.flood.kernels_porous import (
    across_porous,
    brake_porous,
    down_porous,
    flatten,
    lay_thin,
    open_speeds,
)
from genrejs.hazard.flood.kernels_rows import (
    BH,
    CH,
    GX,
    GXN,
    NH,
    ONE,
    PAD,
    ROW,
    ROWS,
    SH,
    ST,
    THIN,
    U0,
    U1,
    U2,
    V0,
    V1,
    V2,
    W0,
    W1,
    W2,
    XH,
    XT,
    across_1,
    across_2,
    brake,
    copy_rows,
    cut,
    down_1,
    down_2,
    half_step,
    note_shares,
    speeds,
    store,
    update,
)  # fmt: skip
from genrejs.hazard.flood.physics import slowed
from genrejs.hazard.flood.state import RUN_TILES, TILE_COLUMNS, TILE_ROWS, Tiles, Waves

PLAIN, SHARE, LIMITED = np.int64(0), np.int64(1), np.int64(2)
"""What a pass over a run is for: a step, to note the shares of short cells, or a step with limited fluxes."""


@njit(cache=True, error_model="numpy")
def step_run(f, first, tiles, width, n, order, purpose):
    """Step (or look at) a run of `tiles` neighbouring tiles; return short cells and the largest wave speed as bits."""
    z, h, p, q = f.ground, f.depth, f.east, f.south
    next_h, next_p, next_q, next_lost, lost = f.next_depth, f.next_east, f.next_south, f.next_lost, f.lost
    top, catch, share = f.top, f.catch, f.share
    bed_x, bed_y, friction, dry = f.bed_east, f.bed_south, f.friction, n[3]
    porosity, thin, throat_x, throat_y, porous, second = (
        f.porosity, f.thin, f.throat_east, f.throat_south, f.thin.size > 1, order == 2
    )  # fmt: skip
    s = np.zeros(ROWS * ROW, h.dtype)
    s[THIN : THIN + np.uint64(ROW - PAD)] = h.dtype.type(1)
    count = tiles * TILE_COLUMNS
    short, peak = np.int32(0), as_bits(h.dtype.type(0))
    row = first - width
    if second:
        speeds(s, W1, U1, V1, z, h, p, q, row - width, count, dry)
        speeds(s, W0, U0, V0, z, h, p, q, row, count, dry)
        speeds(s, W2, U2, V2, z, h, p, q, first, count, dry)
        if porous:
            open_speeds(s, U1, V1, thin, row - width, count)
            open_speeds(s, U0, V0, thin, row, count)
            open_speeds(s, U2, V2, thin, first, count)
        half_step(s, z, h, bed_x, bed_y, friction, row, width, count, n)
        if porous:
            flatten(s, z, h, (porosity, throat_x, throat_y), row, width, count)
        copy_rows(s, BH, CH, 4)
    else:
        speeds(s, W0, U0, V0, z, h, p, q, row, count, dry)
        if porous:
            open_speeds(s, U0, V0, thin, row, count)
    for r in range(TILE_ROWS + 1):
        row += width
        copy_rows(s, SH, NH, 4)
        copy_rows(s, W0, W1, 3)
        if second:
            copy_rows(s, W2, W0, 3)
            speeds(s, W2, U2, V2, z, h, p, q, row + width, count, dry)
            if porous:
                open_speeds(s, U2, V2, thin, row + width, count)
            half_step(s, z, h, bed_x, bed_y, friction, row, width, count, n)
            if porous:
                flatten(s, z, h, (porosity, throat_x, throat_y), row, width, count)
        else:
            speeds(s, W0, U0, V0, z, h, p, q, row, count, dry)
            if porous:
                open_speeds(s, U0, V0, thin, row, count)
        if porous:
            down_porous(s, z, h, bed_y, (porosity, throat_y), row, width, count, n, second)
        elif second:
            down_2(s, z, bed_y, row, width, count, n)
        else:
            down_1(s, z, h, bed_y, row, width, count, n)
        if purpose == LIMITED:
            cut(s, SH, ST, share, row, width, count)
        if r > 0:
            done = row - width
            if porous:
                lay_thin(s, thin, done, count)
            if purpose == SHARE:
                note_shares(s, h, share, catch, done, count, n)
            else:
                short += update(s, h, p, q, lost, catch, done, count, n, second)
                if porous:
                    brake_porous(s, friction, (throat_x, throat_y), done, width, count, n)
                else:
                    brake(s, friction, done, count, n)
                bits = store(s, h, next_h, next_p, next_q, next_lost, top, catch, done, count)
                peak = bits if bits > peak else peak
        if porous:
            across_porous(s, z, h, bed_x, (porosity, throat_x), row, count, n, second)
        elif second:
            across_2(s, z, bed_x, row, count, n)
        else:
            across_1(s, z, h, bed_x, row, count, n)
        if second:
            copy_rows(s, BH, CH, 4)
            copy_rows(s, GXN, GX, 2)
        if purpose == LIMITED:
            cut(s, XH, XT, share, row, ONE, count)
    return short, from_bits(peak)


@njit(cache=True, parallel=True, error_model="numpy")
def step_waves(f: Waves, t: Tiles, runs: Any, n: Any, order: int, purpose: Any) -> None:
    """Step the runs ``(k, 2)`` of tiles (first tile, how many); note what is short and fast in their first tile."""
    first = t.first
    crowded = t.crowded
    peak = t.peak
    for k in prange(runs.shape[0]):
        tile = runs[k, 0]
        short, fast = step_run(f, first[tile], runs[k, 1], t.width, n, order, purpose)
        if purpose != SHARE:
            crowded[tile] = short
            peak[tile] = fast


@njit(cache=True)
def lay_runs(t: Tiles, active: int) -> Any:
    """Return the active tiles as runs of neighbours in a row, ``(k, 2)``: first tile and how many."""
    runs = np.empty((active, 2), np.int64)
    found = 0
    for k in range(active):
        tile = t.order[k]
        last = found - 1
        if found > 0 and runs[last, 0] + runs[last, 1] == tile and tile % t.across != 0 and runs[last, 1] < RUN_TILES:
            runs[last, 1] += 1
        else:
            runs[found, 0], runs[found, 1] = tile, 1
            found += 1
    return runs[:found]


@njit(cache=True)
def short_runs(t: Tiles, runs: Any) -> Any:
    """Return the runs in which a cell would give more than it has."""
    found = 0
    fewer = np.empty(runs.shape, np.int64)
    for k in range(runs.shape[0]):
        if t.crowded[runs[k, 0]] > 0:
            fewer[found] = runs[k]
            found += 1
    return fewer[:found]


@njit(cache=True)
def around(t: Tiles, runs: Any) -> Any:
    """Return the active tiles of the runs and beside them, as runs of one."""
    tiles, across = t.first.size, t.across
    mark = np.zeros(tiles, np.uint8)
    for k in range(runs.shape[0]):
        begin, end = runs[k, 0], runs[k, 0] + runs[k, 1]
        for tile in range(begin, end):
            mark[tile] = 1
            if tile >= across:
                mark[tile - across] = 1
            if tile + across < tiles:
                mark[tile + across] = 1
        if begin % across != 0:
            mark[begin - 1] = 1
        if end % across != 0:
            mark[end] = 1
    again = np.ones((tiles, 2), np.int64)
    found = 0
    for tile in range(tiles):
        if mark[tile] and t.active[tile]:
            again[found, 0] = tile
            found += 1
    return again[:found]


@njit(cache=True)
def step_and_limit(f: Waves, t: Tiles, runs: Any, n: Any, order: int) -> float:
    """Step all runs, and again, with limited fluxes, those around a cell that would give too much; return the speed."""
    todo, purpose, speed = runs, PLAIN, 0.0
    while todo.shape[0] > 0:
        step_waves(f, t, todo, n, order, purpose)
        for k in range(todo.shape[0] if purpose != SHARE else 0):
            speed = max(speed, np.float64(t.peak[todo[k, 0]]))
        if purpose == PLAIN:
            todo, purpose = short_runs(t, runs), SHARE
        elif purpose == SHARE:
            todo, purpose = around(t, todo), LIMITED
        else:
            forget(f, t, todo)
            todo = todo[:0]
    return speed


@njit(cache=True)
def forget(f: Waves, t: Tiles, runs: Any) -> None:
    """Set the shares of single tiles back to one."""
    for k in range(runs.shape[0]):
        t.crowded[runs[k, 0]] = 0
        for r in range(TILE_ROWS):
            for c in range(TILE_COLUMNS):
                f.share[t.first[runs[k, 0]] + np.uint64(r) * t.width + np.uint64(c)] = 1


@njit(cache=True)
def settle(f: Waves, t: Tiles, weathered: bool) -> None:
    """Make old and new state the same, and still, in tiles that fell asleep or got rain asleep."""
    for tile in range(t.first.size):
        if t.active[tile] or not (t.crowded[tile] < 0 or (weathered and t.wet[tile] != 0)):
            continue
        t.crowded[tile] = 0
        for r in range(TILE_ROWS):
            for c in range(TILE_COLUMNS):
                i = t.first[tile] + np.uint64(r) * t.width + np.uint64(c)
                f.next_depth[i] = f.depth[i]
                if f.lost.size > 1:
                    f.next_lost[i] = f.lost[i]
                f.next_east[i] = f.next_south[i] = f.east[i] = f.south[i] = 0


@njit(cache=True, parallel=True, error_model="numpy")
def record_waves(f: Waves, t: Tiles, notes: Any, active: int, p: Any, now: Any) -> None:
    """Record largest depth, speed, arrival, Froude number and what is asked for in all active tiles."""
    h = f.depth
    east = f.east
    south = f.south
    tx = f.throat_east
    ty = f.throat_south
    top = f.top
    speed = f.speed
    arrival = f.arrival
    first = t.first
    order = t.order
    froude = t.froude
    width = t.width
    for k in prange(active):
        tile = order[k]
        found = record_waves_tile(h, east, south, tx, ty, top, speed, arrival, notes, first[tile], width, p, now)
        froude[tile] = max(froude[tile], found)


@njit(cache=True, error_model="numpy")
def record_waves_tile(h, east, south, tx, ty, top, speed, arrival, notes, first, width, p, now):
    """Keep the largest depth and speed and the time of arrival in a tile; return its largest Froude number."""
    number = h.dtype.type
    zero, half, gravity = number(0), number(0.5), number(9.81)
    none, one, porous = np.uint64(0), np.uint64(1), tx.size > 1
    dry, deep, arrived = p[2], p[8], p[9]
    froude = as_bits(zero)
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for m in range(TILE_COLUMNS):
            i = row + np.uint64(m)
            depth, most, came, fastest = h[i], top[i], arrival[i], speed[i]
            wet = depth > dry
            safe = depth if wet else dry
            x, _ = slowed(tx[i - one if porous else none], tx[i if porous else none], half)
            y, _ = slowed(ty[i - width if porous else none], ty[i if porous else none], half)
            p_open, q_open = x * east[i], y * south[i]
            v = np.sqrt(p_open * p_open + q_open * q_open) / safe
            v = v if wet else zero
            top[i] = depth if depth > most else most
            speed[i] = v if v > fastest else fastest
            arrival[i] = now if (came < zero and depth > arrived) else came
            note(notes, i, depth, v, now, arrived)
            bits = as_bits(v / np.sqrt(gravity * safe) if depth > deep else zero)
            froude = bits if bits > froude else froude
    return from_bits(froude)
