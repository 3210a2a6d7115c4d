"""GPU: the clock and the few special cells: imposed levels, outfalls, flows and inflows; one block of threads each.

The GPU keeps its own time, so that the host need not wait for a step: steps that lie beyond the end do nothing.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

import numpy as np
from numba import cuda, float64

from genrejs.hazard.flood.kernels_drive import RECORD_TICKS, SHALLOWEST
from genrejs.hazard.flood.kernels_gpu_tools import (
    AIM,
    DT,
    ENDED,
    EVERYWHERE,
    MOST_THREADS,
    NOTED,
    RECORD,
    STEP,
    STOP,
    TICK,
    WEATHER,
    add_depth,
    block_max,
    block_sum,
    series_total,
    series_value,
)
from genrejs.hazard.flood.physics import GRAVITY, fitted, longest_step
from genrejs.hazard.flood.state import HELD_LEVEL, INFLOW, NORMAL_DEPTH, RAIN, REACH, SEA_IN, SEA_OUT


@cuda.jit(cache=True)
def begin(now, counts, flags, numbers, account, times, values, totals, start, rain):
    """Decide what the next step does: nothing beyond the end; rain and tiles every `REACH` steps and at the end."""
    if flags[RECORD] == 1:
        now[NOTED] = now[0]
    flags[RECORD] = flags[TICK] = flags[STEP] = 0
    over = now[0] >= now[STOP]
    if over:
        flags[TICK] = 1 if flags[ENDED] == 0 else 0
        flags[ENDED] = 1
    else:
        flags[ENDED], flags[STEP] = 0, 1
        due = counts[0] == 0 or counts[1] >= REACH or now[0] - now[1] >= numbers[3]
        flags[TICK] = 1 if due else 0
    if flags[TICK] == 0:
        return
    t0, t1 = now[1], now[0]
    fallen = 0.0
    if start[2] > start[1] and t1 > t0:
        fallen = series_total(times, values, totals, start[1], start[2], t1)
        fallen -= series_total(times, values, totals, start[1], start[2], t0)
    rain[0], rain[1] = fallen, t1 - t0
    most = np.float64(rain[0])
    falls = t1 > t0 and (most > 0.0 or numbers[4] > 0.0)
    flags[WEATHER] = 1 if falls else 0
    flags[EVERYWHERE] = 1 if (most > 0.0 or counts[0] == 0) else 0
    if falls:
        account[RAIN] += most * numbers[5] * (numbers[0] * numbers[0])
    now[1] = t1
    now[2] += most
    counts[1] = counts[2] = 0


@cuda.jit(cache=True)
def set_time(now, flags, numbers, p, n):
    """Choose the step and write the numbers that depend on it."""
    if flags[STEP] == 0:
        return
    size = numbers[0]
    depth = now[2] if now[2] > SHALLOWEST else SHALLOWEST
    rest = now[STOP] - now[0]
    dt = fitted(longest_step(depth, numbers[7], now[5], size, numbers[2], numbers[3]), rest)
    now[DT] = dt
    now[AIM] = now[STOP] if dt == rest else now[0] + dt
    p[3], p[4] = GRAVITY * dt / size, dt
    p[5], p[6] = 4.0 * dt / size, dt / size
    n[4], n[5], n[9] = dt / size, 4.0 * dt, dt


@cuda.jit(device=True, cache=True)
def raise_level(now, numbers, times, values, start):
    """Note the imposed level [m], rounded to the grain of the ground, and its highest so far."""
    if start[1] > start[0]:
        level = series_value(times, values, start[0], start[1], now[AIM])
        grains = level / numbers[1] + 0.5
        whole = np.int64(grains)
        whole -= 1 if whole > grains else 0
        now[4] = whole * numbers[1]
        now[3] = max(now[3], now[4])


@cuda.jit(device=True, cache=True)
def volume_of(k, now, times, values, totals, start):
    """Return what the inflow k brings in the step [m3]."""
    lo, hi = start[2 + k], start[3 + k]
    whole = series_total(times, values, totals, lo, hi, now[AIM])
    return whole - series_total(times, values, totals, lo, hi, now[0])


@cuda.jit(device=True, cache=True)
def pour(h, lost, top, p, q, waves, cells, starts, now, numbers, account, times, values, totals, start):
    """Add the inflows of the step to their cells, one after the other; return the largest depth there."""
    area = numbers[0] * numbers[0]
    peak = 0.0
    for k in range(starts.size - 1):
        volume = volume_of(k, now, times, values, totals, start)
        share = volume / (starts[k + 1] - starts[k]) / area
        for j in range(starts[k], starts[k + 1]):
            i = cells[j]
            left = add_depth(h, lost, top, i, share)
            if waves and left < 1.0:
                p[i] *= left
                q[i] *= left
            peak = max(peak, np.float64(h[i]))
        account[INFLOW] += volume
    return peak


@cuda.jit(device=True, cache=True)
def end_step(now, counts, flags, p, peak):
    """Move the clock on, and say whether this step is recorded."""
    now[0], now[2] = now[AIM], peak
    counts[0] += 1
    counts[1] += 1
    counts[3] += counts[2]
    p[10] = now[0]
    if counts[0] % (REACH * RECORD_TICKS) == 0 or now[0] >= now[STOP]:
        flags[RECORD] = 1


@cuda.jit(device=True, cache=True)
def tiles_max(box, peak, active):
    """Return the largest `peak` of the active tiles, to all threads of the block."""
    mine = 0.0
    for tile in range(cuda.threadIdx.x, active.size, cuda.blockDim.x):
        if active[tile] > 0:
            mine = max(mine, np.float64(peak[tile]))
    return block_max(box, mine)


@cuda.jit(cache=True)
def fastest(now, flags, peak, active):
    """Take the largest speed that was recorded into the clock."""
    box = cuda.shared.array(MOST_THREADS, float64)
    if flags[RECORD] == 0:
        return
    most = tiles_max(box, peak, active)
    if cuda.threadIdx.x == 0:
        now[5] = most


@cuda.jit(cache=True)
def end_faces(
    ground, h, lost, top, qx, qy, peak, active, cell, kind, true_ground, inner, face, axis, sign, ghost,
    ghost_of, ghost_axis, inflow_cell, inflow_start, now, counts, flags, numbers, account, times, values, totals,
    start, p,
):  # fmt: skip
    """End a step of the inertial scheme: account of the edge, imposed cells, inflows, clock."""
    box = cuda.shared.array(MOST_THREADS, float64)
    if flags[STEP] == 0:
        return
    me, threads = cuda.threadIdx.x, cuda.blockDim.x
    came = went = 0.0
    for k in range(me, face.size, threads):
        flow = sign[k] * np.float64(qx[face[k]] if axis[k] == 0 else qy[face[k]])
        came += max(flow, 0.0)
        went += max(-flow, 0.0)
    came, went = block_sum(box, came), block_sum(box, went)
    most = tiles_max(box, peak, active)
    if me == 0 and cell.size > 0:
        width = np.float64(p[6]) * numbers[0] * numbers[0]
        account[SEA_IN] += came * width
        account[SEA_OUT] += went * width
        raise_level(now, numbers, times, values, start)
    cuda.syncthreads()
    highest = 0.0
    for k in range(me, cell.size, threads):
        i = cell[k]
        if kind[k] == HELD_LEVEL:
            h[i] = max(now[4], true_ground[k]) - ground[i]
        else:
            h[i] = h[inner[k]]
        if lost.size > 1:
            lost[i] = 0
        highest = max(highest, np.float64(h[i]))
    for k in range(me, ghost.size, threads):
        g, owner = ghost[k], ghost_of[k]
        if ghost_axis[k] == 0:
            qx[g] = qx[owner]
        else:
            qy[g] = qy[owner]
    most = max(most, block_max(box, highest))
    cuda.syncthreads()
    if me == 0:
        poured = pour(
            h, lost, top, qx, qy, False, inflow_cell, inflow_start, now, numbers, account, times, values, totals, start
        )
        end_step(now, counts, flags, p, max(most, poured))


@cuda.jit(device=True, cache=True)
def side_of(inner, inner_axis, cell):
    """Return on which of four sides an edge cell lies of its inner neighbour, -1 at a corner."""
    if inner_axis < 0:
        return -1
    return 2 * inner_axis + (1 if inner < cell else 0)


@cuda.jit(device=True, cache=True)
def carried(depth, flow, side, mean):
    """Return the normal velocity [m/s] of a level cell: its neighbour's, but no faster inflow than the side's mean."""
    if side < 0 or depth <= 0.001:
        return 0.0
    speed = np.float64(flow) / np.float64(depth)
    if side % 2 == 1:
        return max(speed, min(mean, 0.0))
    return min(speed, max(mean, 0.0))


@cuda.jit(cache=True)
def end_waves(
    ground, h, lost, new_h, new_lost, new_p, new_q, top, peak, active, cell, kind, true_ground, held,
    inner, inner_axis, inflow_cell, inflow_start, now, counts, flags, numbers, account, times, values, totals, start,
    p,
):  # fmt: skip
    """End a step of the shallow-water scheme: account of the edge, imposed cells, inflows, clock.

    The edge's account reads the old state (`h`, `lost`) and the new one before the edge is imposed on it.
    """
    box = cuda.shared.array(MOST_THREADS, float64)
    if flags[STEP] == 0:
        return
    me, threads = cuda.threadIdx.x, cuda.blockDim.x
    speed = tiles_max(box, peak, active)
    came = went = 0.0
    for k in range(me, cell.size, threads):
        i = cell[k]
        gave = np.float64(h[i]) - np.float64(new_h[i])
        if lost.size > 1:
            gave += np.float64(new_lost[i]) - np.float64(lost[i])
        came += max(gave, 0.0)
        went += max(-gave, 0.0)
    came, went = block_sum(box, came), block_sum(box, went)
    if me == 0:
        account[SEA_IN] += came * (numbers[0] * numbers[0])
        account[SEA_OUT] += went * (numbers[0] * numbers[0])
        raise_level(now, numbers, times, values, start)
    means = cuda.shared.array(4, float64)
    for side in range(4):
        flow = depth = 0.0
        for k in range(me, cell.size, threads):
            j = inner[k]
            if kind[k] == HELD_LEVEL and side_of(j, inner_axis[k], cell[k]) == side:
                flow += np.float64(new_p[j] if inner_axis[k] == 0 else new_q[j])
                depth += np.float64(new_h[j])
        flow, depth = block_sum(box, flow), block_sum(box, depth)
        if me == 0:
            means[side] = flow / depth if depth > 0.0 else 0.0
    cuda.syncthreads()
    highest = 0.0
    for k in range(me, cell.size, threads):
        i, j = cell[k], inner[k]
        east = south = 0.0
        if kind[k] == HELD_LEVEL:
            depth = max(max(now[4], true_ground[k]) - np.float64(ground[i]), 0.0)
            side = side_of(j, inner_axis[k], i)
            mean = means[side] if side >= 0 else 0.0
            if inner_axis[k] == 0:
                east = depth * carried(new_h[j], new_p[j], side, mean)
            elif inner_axis[k] == 1:
                south = depth * carried(new_h[j], new_q[j], side, mean)
        elif kind[k] == NORMAL_DEPTH:
            depth, east, south = np.float64(new_h[j]), np.float64(new_p[j]), np.float64(new_q[j])
        else:
            depth = held[k, 0]
            east, south = depth * held[k, 1], depth * held[k, 2]
        new_h[i], new_p[i], new_q[i] = depth, east, south
        if new_lost.size > 1:
            new_lost[i] = 0
        highest = max(highest, depth)
    most = max(speed * speed / GRAVITY, block_max(box, highest))
    cuda.syncthreads()
    if me == 0:
        poured = pour(
            new_h, new_lost, top, new_p, new_q, True, inflow_cell, inflow_start, now, numbers, account, times, values,
            totals, start,
        )  # fmt: skip
        end_step(now, counts, flags, p, max(most, poured))
