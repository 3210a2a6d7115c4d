"""GPU: rain and constant losses, which tiles are wet, and what is recorded of them; one block of threads a tile."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

import numpy as np
from numba import cuda, float64, int32

from genrejs.hazard.flood.kernels_gpu_tools import (
    CELLS,
    EVERYWHERE,
    MOST_THREADS,
    NOTED,
    RECORD,
    TICK,
    WEATHER,
    block_max,
    block_sum,
)
from genrejs.hazard.flood.kernels_tiles import DAMP, FROUDE_MEANT
from genrejs.hazard.flood.physics import root
from genrejs.hazard.flood.state import REACH, TILE_COLUMNS, TILE_ROWS

DAMP_BIT, SIDES = int(DAMP), int(DAMP) - 1
STEEP = FROUDE_MEANT * FROUDE_MEANT * 9.81


@cuda.jit(cache=True)
def weather_and_look(h, lost, top, catch, infiltration, drain, first, active, wet, taken, width, flags, rain):
    """Rain, infiltrate and drain for the time since the last tick, then look where the tile's water stands.

    `rain`: what fell [m] and the time [s]; `taken` sums infiltration and drainage of each tile over the run.
    """
    box = cuda.shared.array(MOST_THREADS, float64)
    if flags[TICK] == 0:
        return
    tile = cuda.blockIdx.x
    start = first[tile]
    bits = cuda.shared.array(1, int32)
    if cuda.threadIdx.x == 0:
        bits[0] = 0
    awake = active[tile] > 0
    fallen, seconds = rain[0], rain[1]
    zero = fallen - fallen
    if flags[WEATHER] and (fallen > zero or awake or wet[tile] != 0):
        soaked = drained = 0.0
        for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
            i = start + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
            if catch[i] == 0:
                continue
            old = h[i]
            depth = old + fallen
            soak = seconds * infiltration[i] if infiltration.size > 1 else zero
            soak = soak if soak < depth else depth
            pipe = seconds * drain[i] if drain.size > 1 else zero
            rest = depth - soak
            pipe = pipe if pipe < rest else rest
            soaked += np.float64(soak)
            drained += np.float64(pipe)
            if lost.size > 1:
                gain = (fallen - soak) - pipe - lost[i]
                total = old + gain
                below = total if total < zero else zero
                lost[i] = ((total - old) - gain) - below
                total = total - below
            else:
                total = rest - pipe
                total = total if total > zero else zero
            h[i] = total
            top[i] = total if total > top[i] else top[i]
        soaked, drained = block_sum(box, soaked), block_sum(box, drained)
        if cuda.threadIdx.x == 0:
            taken[0, tile] += soaked
            taken[1, tile] += drained
    cuda.syncthreads()
    if not (flags[EVERYWHERE] or awake):
        return
    mine = 0
    dry = rain[2]
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        r, c = k // TILE_COLUMNS, k % TILE_COLUMNS
        depth = h[start + r * width + c]
        if depth > zero:
            mine |= DAMP_BIT
        if depth > dry:
            down = 0 if r < REACH else (2 if r >= TILE_ROWS - REACH else 1)
            right = 0 if c < REACH else (2 if c >= TILE_COLUMNS - REACH else 1)
            mine |= 1 << (3 * down + right)
    if mine != 0:
        cuda.atomic.or_(bits, 0, mine)
    cuda.syncthreads()
    if cuda.threadIdx.x == 0:
        wet[tile] = bits[0]


@cuda.jit(device=True, cache=True)
def is_wanted(wet, forced, tile, across, down):
    """Return whether water is in a tile or can reach it from one of its eight neighbours before the next look."""
    row, column = tile // across, tile % across
    for dr in range(-1, 2):
        for dc in range(-1, 2):
            if not (0 <= row + dr < down and 0 <= column + dc < across):
                continue
            other = tile + dr * across + dc
            bits = (wet[other] | forced[other]) & SIDES
            if dr == 0 and dc == 0:
                facing = SIDES
            elif dr == 0:
                facing = 0b001001001 << (1 - dc)
            elif dc == 0:
                facing = 0b000000111 << (3 * (1 - dr))
            else:
                facing = 1 << (3 * (1 - dr) + (1 - dc))
            if bits & facing:
                return True
    return False


@cuda.jit(cache=True)
def choose_faces(qx, qy, raw_x, raw_y, share, first, active, wet, forced, peak, across, width, flags, counts):
    """Wake and put to sleep the tiles of the inertial scheme; a tile that falls asleep is stilled."""
    if flags[TICK] == 0:
        return
    tile = cuda.blockIdx.x
    awake = active[tile] > 0
    wanted = is_wanted(wet, forced, tile, across, active.size // across)
    cuda.syncthreads()
    if cuda.threadIdx.x == 0:
        active[tile] = 1 if wanted else 0
        if wanted:
            cuda.atomic.add(counts, 2, 1)
        else:
            peak[tile] = 0
    if wanted or not awake:
        return
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        i = first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
        qx[i] = qy[i] = raw_x[i] = raw_y[i] = 0
        share[i] = 1


@cuda.jit(cache=True)
def choose_waves(
    h, lost, p, q, next_h, next_lost, next_p, next_q, first, active, wet, forced, peak, across, width, flags, counts
):
    """Wake and put to sleep the tiles of the shallow-water scheme.

    Old and new state are made the same, and still, in tiles that fell asleep or got rain asleep.
    """
    if flags[TICK] == 0:
        return
    tile = cuda.blockIdx.x
    awake = active[tile] > 0
    wanted = is_wanted(wet, forced, tile, across, active.size // across)
    cuda.syncthreads()
    if cuda.threadIdx.x == 0:
        active[tile] = 1 if wanted else 0
        if wanted:
            cuda.atomic.add(counts, 2, 1)
        else:
            peak[tile] = 0
    if wanted or not (awake or wet[tile] != 0):
        return
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        i = first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
        next_h[i] = h[i]
        if lost.size > 1:
            next_lost[i] = lost[i]
        next_p[i] = next_q[i] = p[i] = q[i] = 0


@cuda.jit(device=True, cache=True)
def note_cell(thresholds, above, force, recession, before, i, depth, speed, now, arrived):
    """Record of cell i what was asked for, at its `depth` [m], `speed` [m/s] and the time `now` [s]."""
    seconds = now - before
    for k in range(thresholds.size):
        if depth > thresholds[k]:
            above[k, i] += seconds
    if force.size > 1 and depth * speed > force[i]:
        force[i] = depth * speed
    if recession.size > 1 and depth > arrived:
        recession[i] = now


@cuda.jit(device=True, cache=True)
def face_speed(z, h, bed, q, i, along, dry):
    """Return the speed [m/s] through a face of the inertial scheme and its depth [m]."""
    here, there = z[i] + h[i], z[i + along] + h[i + along]
    depth = (here if here > there else there) - bed[i]
    return (abs(q[i]) / depth, depth) if depth > dry else (dry - dry, dry)


@cuda.jit(cache=True)
def record_faces(
    z, h, qx, qy, bed_x, bed_y, speed, arrival, thresholds, above, force, recession, first, active, peak, froude,
    width, flags, p, now,
):  # fmt: skip
    """Record speed, arrival, Froude number and what is asked for; leave the tile's speed in `peak`."""
    box = cuda.shared.array(MOST_THREADS, float64)
    tile = cuda.blockIdx.x
    if flags[RECORD] == 0 or active[tile] == 0:
        return
    dry, deep, arrived, clock = p[2], p[8], p[9], p[10]
    zero, gravity, cap = dry - dry, p[11], p[12]
    wild, fastest = zero, zero
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        i = first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
        east, depth_east = face_speed(z, h, bed_x, qx, i, 1, dry)
        west, _ = face_speed(z, h, bed_x, qx, i - 1, 1, dry)
        south, depth_south = face_speed(z, h, bed_y, qy, i, width, dry)
        north, _ = face_speed(z, h, bed_y, qy, i - width, width, dry)
        x = east if east > west else west
        y = south if south > north else north
        depth = h[i]
        square, most = x * x + y * y, cap * depth
        square = square if depth > dry else zero
        v = root(square)
        least = square if square < most else most
        fastest = least if least > fastest else fastest
        speed[i] = v if v > speed[i] else speed[i]
        arrival[i] = clock if (arrival[i] < zero and depth > arrived) else arrival[i]
        note_cell(thresholds, above, force, recession, now[NOTED], i, depth, v, clock, arrived)
        a = east / root(gravity * depth_east) if depth_east > deep else zero
        b = south / root(gravity * depth_south) if depth_south > deep else zero
        a = a if a > b else b
        wild = a if a > wild else wild
    most_wild, most_fast = block_max(box, wild), block_max(box, root(fastest))
    if cuda.threadIdx.x == 0:
        froude[tile] = max(froude[tile], most_wild)
        peak[tile] = most_fast


@cuda.jit(cache=True)
def record_waves(
    h, east, south, top, speed, arrival, thresholds, above, force, recession, first, active, froude, width, flags, p,
    now,
):  # fmt: skip
    """Record largest depth, speed, arrival, Froude number and what is asked for."""
    box = cuda.shared.array(MOST_THREADS, float64)
    tile = cuda.blockIdx.x
    if flags[RECORD] == 0 or active[tile] == 0:
        return
    dry, deep, arrived, clock, gravity = p[2], p[8], p[9], p[10], p[11]
    zero = dry - dry
    wild = zero
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        i = first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
        depth = h[i]
        wet = depth > dry
        safe = depth if wet else dry
        v = root(east[i] * east[i] + south[i] * south[i]) / safe
        v = v if wet else zero
        top[i] = depth if depth > top[i] else top[i]
        speed[i] = v if v > speed[i] else speed[i]
        arrival[i] = clock if (arrival[i] < zero and depth > arrived) else arrival[i]
        note_cell(thresholds, above, force, recession, now[NOTED], i, depth, v, clock, arrived)
        a = v / root(gravity * safe) if depth > deep else zero
        wild = a if a > wild else wild
    most_wild = block_max(box, wild)
    if cuda.threadIdx.x == 0:
        froude[tile] = max(froude[tile], most_wild)
