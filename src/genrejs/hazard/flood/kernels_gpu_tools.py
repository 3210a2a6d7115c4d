"""What the GPU's kernels share: sums over a block, series in time, water added to a cell.

One block of threads works on one tile (or, for the few special cells, one block on all of them), so a result never
depends on which thread came first. `CELLS` of a tile are shared out over however many threads the block has.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

import numpy as np
from numba import cuda

from genrejs.hazard.flood.state import TILE_COLUMNS, TILE_ROWS

CELLS = TILE_ROWS * TILE_COLUMNS
MOST_THREADS = 256
"""Threads of a block at most; the number must be a power of two."""
STEP, TICK, RECORD, WEATHER, EVERYWHERE, ENDED = range(6)
"""Flags: what this step does, and whether the water has been told that its end was reached."""
FLAGS = 6
DT, AIM, STOP, NOTED = range(6, 10)
"""Places in the GPU's `now` after those of `Clock.now`: the step, the time after it, the end, and the last record."""
TIMES = 10


@cuda.jit(device=True, cache=True)
def block_sum(box, value):
    """Return the sum of a value over the threads of the block, to all of them; `box` is shared."""
    me, half = cuda.threadIdx.x, cuda.blockDim.x // 2
    cuda.syncthreads()
    box[me] = value
    cuda.syncthreads()
    while half > 0:
        if me < half:
            box[me] += box[me + half]
        cuda.syncthreads()
        half //= 2
    return box[0]


@cuda.jit(device=True, cache=True)
def block_max(box, value):
    """Return the largest value of the threads of the block, to all of them; `box` is shared."""
    me, half = cuda.threadIdx.x, cuda.blockDim.x // 2
    cuda.syncthreads()
    box[me] = value
    cuda.syncthreads()
    while half > 0:
        if me < half and box[me + half] > box[me]:
            box[me] = box[me + half]
        cuda.syncthreads()
        half //= 2
    return box[0]


@cuda.jit(device=True, cache=True)
def place_in(times, lo, hi, t):
    """Return the last point of the series in ``[lo, hi)`` that is not after t."""
    while hi - lo > 1:
        middle = (lo + hi) // 2
        if times[middle] <= t:
            lo = middle
        else:
            hi = middle
    return lo


@cuda.jit(device=True, cache=True)
def series_value(times, values, lo, hi, t):
    """Return the series in ``[lo, hi)`` at time t, linear between points and constant outside."""
    if t <= times[lo]:
        return values[lo]
    if t >= times[hi - 1]:
        return values[hi - 1]
    k = place_in(times, lo, hi, t)
    share = (t - times[k]) / (times[k + 1] - times[k])
    return values[k] + share * (values[k + 1] - values[k])


@cuda.jit(device=True, cache=True)
def series_total(times, values, totals, lo, hi, t):
    """Return the integral of the series from its first point to t; `totals` holds it at the points."""
    if t <= times[lo]:
        return values[lo] * (t - times[lo])
    if t >= times[hi - 1]:
        return totals[hi - 1] + values[hi - 1] * (t - times[hi - 1])
    k = place_in(times, lo, hi, t)
    v = series_value(times, values, lo, hi, t)
    return totals[k] + 0.5 * (values[k] + v) * (t - times[k])


@cuda.jit(device=True, cache=True)
def add_depth(h, lost, top, i, depth):
    """Add depth [m] in float64; return the share of the depth that is left, at most 1."""
    before = np.float64(h[i])
    if lost.size > 1:
        total = before - np.float64(lost[i]) + depth
        h[i] = max(total, 0.0)
        lost[i] = np.float64(h[i]) - total
    else:
        h[i] = max(before + depth, 0.0)
    after = np.float64(h[i])
    if h[i] > top[i]:
        top[i] = h[i]
    return after / before if after < before else 1.0


@cuda.jit(cache=True)
def pick(source, places, found):
    """Write the numbers of `source` that stand at the `places` to `found`."""
    k = cuda.grid(1)
    if k < places.size:
        found[k] = source[places[k]]
