"""GPU: one step of the shallow-water scheme, one thread a cell.

Each cell gathers the fluxes through its four faces from the old state (order 2: from the states after half a step) and
writes its own new state. Where a cell would give away more than it has, its tile is *short*, and that tile and its
neighbours are done again with the fluxes cut to what can be fed.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

import numpy as np
from numba import cuda, float64

from genrejs.hazard.flood.kernels_gpu_tools import CELLS, MOST_THREADS, STEP, block_max, block_sum
from genrejs.hazard.flood.kernels_waves import LIMITED, PLAIN, SHARE
from genrejs.hazard.flood.physics import braked, face_bed, half_cell, slope, wave_face
from genrejs.hazard.flood.state import TILE_COLUMNS

STEPPED, NOTING, CUT = int(PLAIN), int(SHARE), int(LIMITED)
HM, UM, VM, WX, HX, UX, VX, WY, HY, UY, VY = range(11)
HALVES = 11
"""Rows of `halves`: depth and velocities after half a step; differences of level, depth, velocities in x and y."""


@cuda.jit(device=True, cache=True)
def speed(h, q, dry):
    """Return the velocity [m/s] of a depth and discharge, 0 where it is dry."""
    return q / h if h > dry else dry - dry


@cuda.jit(cache=True)
def step_halves(z, h, p, q, bed_x, bed_y, friction, halves, first, active, width, flags, n):
    """Write the states after half a step and the differences of all cells of a tile and the ring around it.

    Slopes are zero beside closed and walled faces and dry cells, so that shores and walls are first order. Tiles
    overlap by their rings: where two blocks write a cell, they write the same.
    """
    tile = cuda.blockIdx.x
    if flags[STEP] == 0 or active[tile] == 0:
        return
    half, dry = n[1], n[3]
    zero = half - half
    numbers = (n[0], n[3], n[4], n[9])
    across = TILE_COLUMNS + 2
    cells = CELLS // TILE_COLUMNS + 2
    for k in range(cuda.threadIdx.x, across * cells, cuda.blockDim.x):
        i = first[tile] + (k // across - 1) * width + k % across - 1
        west, east, north, south = i - 1, i + 1, i - width, i + width
        z0, h0 = z[i], h[i]
        u0, v0 = speed(h0, p[i], dry), speed(h0, q[i], dry)
        wet = h0 > dry
        along = wet and h[west] > dry and h[east] > dry
        along = along and bed_x[west] <= max(z[west], z0) and bed_x[i] <= max(z[east], z0)
        aside = wet and h[north] > dry and h[south] > dry
        aside = aside and bed_y[north] <= max(z[north], z0) and bed_y[i] <= max(z[south], z0)
        wx, hx, ux, vx = zero, zero, zero, zero
        if along:
            wx, hx = slope(z[west] + h[west], z0 + h0, z[east] + h[east]), slope(h[west], h0, h[east])
            ux = slope(speed(h[west], p[west], dry), u0, speed(h[east], p[east], dry))
            vx = slope(speed(h[west], q[west], dry), v0, speed(h[east], q[east], dry))
        wy, hy, uy, vy = zero, zero, zero, zero
        if aside:
            wy, hy = slope(z[north] + h[north], z0 + h0, z[south] + h[south]), slope(h[north], h0, h[south])
            uy = slope(speed(h[north], p[north], dry), u0, speed(h[south], p[south], dry))
            vy = slope(speed(h[north], q[north], dry), v0, speed(h[south], q[south], dry))
        hm, um, vm = half_cell(
            (h0, u0, v0), (wx, hx, ux, vx), (wy, hy, uy, vy), friction[i], (wet, along, aside), numbers, half
        )
        halves[HM, i], halves[UM, i], halves[VM, i] = hm, um, vm
        halves[WX, i], halves[HX, i], halves[UX, i], halves[VX, i] = wx, hx, ux, vx
        halves[WY, i], halves[HY, i], halves[UY, i], halves[VY, i] = wy, hy, uy, vy


@cuda.jit(device=True, cache=True)
def face_1(z, h, p, q, bed, i, along, n):
    """Return the fluxes through the face between i and i + `along`, first order; `p` goes across it, `q` along it."""
    j, dry = i + along, n[3]
    return wave_face(
        z[i], h[i], speed(h[i], p[i], dry), speed(h[i], q[i], dry),
        z[j], h[j], speed(h[j], p[j], dry), speed(h[j], q[j], dry), bed[i], n[0], n[1], n[2], n[3],
    )  # fmt: skip


@cuda.jit(device=True, cache=True)
def face_2(z, halves, bed, i, along, n):
    """Return the fluxes through the face between i and i + `along`, second order."""
    j, half, west_east = i + along, n[1], along == 1
    zero = half - half
    w, d, s, t = (WX, HX, UX, VX) if west_east else (WY, HY, VY, UY)
    a, b = (UM, VM) if west_east else (VM, UM)
    zl = z[i] + half * (halves[w, i] - halves[d, i])
    zr = z[j] - half * (halves[w, j] - halves[d, j])
    hl = halves[HM, i] + half * halves[d, i]
    hr = halves[HM, j] - half * halves[d, j]
    hl = hl if hl > zero else zero
    hr = hr if hr > zero else zero
    return wave_face(
        zl, hl, halves[a, i] + half * halves[s, i], halves[b, i] + half * halves[t, i],
        zr, hr, halves[a, j] - half * halves[s, j], halves[b, j] - half * halves[t, j],
        face_bed(bed[i], z[i], z[j], zl, zr), n[0], n[1], n[2], n[3],
    )  # fmt: skip


@cuda.jit(device=True, cache=True)
def outflow(west, east, north, south, ratio):
    """Return the depth that leaves a cell in a step; fluxes are positive to the east and south."""
    zero = ratio - ratio
    a, b = (-west if -west > zero else zero), (east if east > zero else zero)
    c, d = (-north if -north > zero else zero), (south if south > zero else zero)
    return ratio * ((a + b) + (c + d))


@cuda.jit(device=True, cache=True)
def cut(flux, share, here, there):
    """Return a face's fluxes with mass and what goes with it cut to what the cell that they leave can feed."""
    mass, aside, left, right = flux
    part = share[here] if mass > 0 else share[there]
    return mass * part, aside * part, left, right


@cuda.jit(device=True, cache=True)
def settle_cell(fluxes, pull, h, p, q, lost, friction, next_h, next_p, next_q, next_lost, top, i, n):
    """Write the new state of a cell; return its fastest wave [m/s]."""
    (wm, wa, _, wr), (em, ea, el, _), (nm, na, _, nr), (sm, sa, sl, _) = fluxes
    ratio, old = n[4], h[i]
    zero = ratio - ratio
    owed = lost[i] if lost.size > 1 else zero
    gain = ratio * ((wm - em) + (nm - sm)) - owed
    total = old + gain
    below = total if total < zero else zero
    if lost.size > 1:
        next_lost[i] = ((total - old) - gain) - below
    depth = total - below
    push = (wr - el) + (na - sa) - pull[0]
    shove = (nr - sl) + (wa - ea) - pull[1]
    east, south, fast = braked(
        depth, p[i] + ratio * push, q[i] + ratio * shove, friction[i], (n[0], n[3], n[5], n[6], n[7]), n[1]
    )
    next_h[i], next_p[i], next_q[i] = depth, east, south
    top[i] = old if old > top[i] else top[i]
    return fast


@cuda.jit(device=True, cache=True)
def is_due(purpose, crowded, active, tile, across):
    """Return whether a pass has to do a tile: all, those short, or those short and their neighbours."""
    if active[tile] == 0:
        return False
    if purpose == STEPPED or crowded[tile] > 0:
        return True
    if purpose == NOTING:
        return False
    column, tiles = tile % across, active.size
    return (
        (tile >= across and crowded[tile - across] > 0)
        or (tile + across < tiles and crowded[tile + across] > 0)
        or (column > 0 and crowded[tile - 1] > 0)
        or (column < across - 1 and crowded[tile + 1] > 0)
    )


@cuda.jit(cache=True)
def step_waves(
    z, h, p, q, lost, next_h, next_p, next_q, next_lost, bed_x, bed_y, friction, share, top, catch, halves, first,
    active, crowded, peak, across, width, flags, n, second, purpose,
):  # fmt: skip
    """Step a tile, or note the shares of its short cells, or step it with limited fluxes."""
    box = cuda.shared.array(MOST_THREADS, float64)
    tile = cuda.blockIdx.x
    if flags[STEP] == 0 or not is_due(purpose, crowded, active, tile, across):
        return
    ratio, margin = n[4], n[8]
    zero = ratio - ratio
    fastest = zero
    short = 0.0
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        i = first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
        if second:
            west, east = face_2(z, halves, bed_x, i - 1, 1, n), face_2(z, halves, bed_x, i, 1, n)
            north, south = face_2(z, halves, bed_y, i - width, width, n), face_2(z, halves, bed_y, i, width, n)
            pull = (n[0] * halves[HM, i] * halves[WX, i], n[0] * halves[HM, i] * halves[WY, i])
        else:
            west, east = face_1(z, h, p, q, bed_x, i - 1, 1, n), face_1(z, h, p, q, bed_x, i, 1, n)
            north, south = face_1(z, h, q, p, bed_y, i - width, width, n), face_1(z, h, q, p, bed_y, i, width, n)
            pull = (zero, zero)
        out, stock = outflow(west[0], east[0], north[0], south[0], ratio), margin * h[i]
        lacking = out > stock and catch[i] > 0
        if purpose == NOTING:
            share[i] = stock / out if lacking else n[1] + n[1]
            continue
        if purpose == CUT:
            west, east = cut(west, share, i - 1, i), cut(east, share, i, i + 1)
            north, south = cut(north, share, i - width, i), cut(south, share, i, i + width)
        elif lacking:
            short += 1.0
        fast = settle_cell(
            (west, east, north, south), pull, h, p, q, lost, friction, next_h, next_p, next_q, next_lost, top, i, n
        )
        fastest = fast if (catch[i] > 0 and fast > fastest) else fastest
    if purpose == NOTING:
        return
    most, lacking_cells = block_max(box, fastest), block_sum(box, short)
    if cuda.threadIdx.x == 0:
        peak[tile] = max(np.float64(peak[tile]), most) if purpose == CUT else most
        if purpose == STEPPED:
            crowded[tile] = 1 if lacking_cells > 0.0 else 0


@cuda.jit(cache=True)
def forget(share, first, active, crowded, width, flags):
    """Set the shares of short tiles back to one."""
    tile = cuda.blockIdx.x
    if flags[STEP] == 0 or active[tile] == 0 or crowded[tile] == 0:
        return
    cuda.syncthreads()
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        share[first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS] = 1
    if cuda.threadIdx.x == 0:
        crowded[tile] = 0
