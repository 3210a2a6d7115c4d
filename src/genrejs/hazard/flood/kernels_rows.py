"""The stages of a shallow-water step on one row of a run of tiles: scratch rows in, scratch rows out.

Each stage is one loop over the row that the compiler can turn into vector code: it reads arrays and writes one scratch
block, whose rows lie at fixed distances.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

import numpy as np
from numba import njit

from genrejs.hazard.flood.kernels_math import as_bits
from genrejs.hazard.flood.physics import braked, face_bed, half_cell, slope, wave_face
from genrejs.hazard.flood.state import RUN_TILES, TILE_COLUMNS

PAD = 16
ROW = RUN_TILES * TILE_COLUMNS + 2 * PAD
"""Numbers in a scratch row; the first cell of a run stands at `PAD`, so that its neighbours have a place too."""
(
    W0, U0, V0, W1, U1, V1, W2, U2, V2,
    XH, XT, XL, XR, NH, NT, NL, NR, SH, ST, SL, SR,
    EH, EU, EV, EZ, WH, WU, WV, WZ, TH, TU, TV, TZ, BH, BU, BV, BZ, CH, CU, CV, CZ, GX, GY, GXN, GYN,
    NEWH, NEWP, NEWQ, LOST, OUT, THIN,
) = (np.uint64(k * ROW + PAD) for k in range(51))  # fmt: skip
"""Scratch rows: level and velocities of three rows (0 the middle or latest one); fluxes through the west (X), north
and south faces: mass, across, left, right; half-step states at the east, west, top (north) and bottom faces and
those carried from the row before (C): depth, velocities, ground; the pull inside a cell; the new state; outflow; one
over the open share of the cells."""
ROWS = 51
ONE, TWO = np.uint64(1), np.uint64(2)


@njit(cache=True, error_model="numpy")
def speeds(s, w, u, v, z, h, p, q, row, count, dry):
    """Write level and velocities of one row, with a cell more on each side."""
    zero = h.dtype.type(0)
    for m in range(count + 8):
        c = np.uint64(m) - TWO
        i = row + c
        depth = h[i]
        wet = depth > dry
        u_cell, v_cell = p[i] / depth, q[i] / depth
        s[w + c] = z[i] + depth
        s[u + c] = u_cell if wet else zero
        s[v + c] = v_cell if wet else zero


@njit(cache=True, error_model="numpy")
def copy_rows(s, source, target, rows):
    """Copy scratch rows that lie one after the other."""
    start, to = source - np.uint64(PAD), target - np.uint64(PAD)
    for m in range(rows * ROW):
        s[to + np.uint64(m)] = s[start + np.uint64(m)]


@njit(cache=True, error_model="numpy")
def across_1(s, z, h, bed, row, count, n):
    """Write the fluxes through the west faces of a row, first order."""
    for m in range(count + 8):
        c = np.uint64(m)
        i = row + c
        j = i - ONE
        mass, across, left, right = wave_face(
            z[j],
            h[j],
            s[U0 + c - ONE],
            s[V0 + c - ONE],
            z[i],
            h[i],
            s[U0 + c],
            s[V0 + c],
            bed[j],
            n[0],
            n[1],
            n[2],
            n[3],
        )
        s[XH + c], s[XT + c], s[XL + c], s[XR + c] = mass, across, left, right


@njit(cache=True, error_model="numpy")
def down_1(s, z, h, bed, row, width, count, n):
    """Write the fluxes through the faces between the row before and this one, first order."""
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        j = i - width
        mass, across, left, right = wave_face(
            z[j], h[j], s[V1 + c], s[U1 + c], z[i], h[i], s[V0 + c], s[U0 + c], bed[j], n[0], n[1], n[2], n[3]
        )
        s[SH + c], s[ST + c], s[SL + c], s[SR + c] = mass, across, left, right


@njit(cache=True, error_model="numpy", forceinline=True)
def wanted(s, c, ratio, zero):
    """Return the depth that flows out of a cell in a step."""
    west, east, north, south = -s[XH + c], s[XH + c + ONE], -s[NH + c], s[SH + c]
    west = west if west > zero else zero
    east = east if east > zero else zero
    north = north if north > zero else zero
    south = south if south > zero else zero
    return ratio * s[THIN + c] * ((west + east) + (north + south))


@njit(cache=True, error_model="numpy")
def update(s, h, p, q, lost, catch, row, count, n, pulled):
    """Write the new state of a row, without friction, to the scratch block; return how many of its cells are short."""
    number = h.dtype.type
    zero, ratio, margin = number(0), n[4], n[8]
    compensate, none = lost.size > 1, catch.dtype.type(0)
    short = np.int32(0)
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        k = i if compensate else np.uint64(0)
        owed = lost[k]
        spread = ratio * s[THIN + c]
        gain = spread * ((s[XH + c] - s[XH + c + ONE]) + (s[NH + c] - s[SH + c])) - owed
        total = h[i] + gain
        asked = wanted(s, c, ratio, zero)
        asked = asked if catch[i] > none else zero
        short = np.int32(short + np.int32(1 if asked > margin * h[i] else 0))
        below = total if total < zero else zero
        s[LOST + c] = ((total - h[i]) - gain) - below
        s[NEWH + c] = total - below
        push = (s[XR + c] - s[XL + c + ONE]) + (s[NT + c] - s[ST + c])
        shove = (s[NR + c] - s[SL + c]) + (s[XT + c] - s[XT + c + ONE])
        if pulled:
            push -= s[GX + c]
            shove -= s[GY + c]
        s[NEWP + c] = p[i] + ratio * push
        s[NEWQ + c] = q[i] + ratio * shove
    return short


@njit(cache=True, error_model="numpy")
def brake(s, friction, row, count, n):
    """Brake the new discharges of a row and note the fastest wave."""
    half = n[1]
    numbers = (n[0], n[3], n[5], n[6], n[7])
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        depth = s[NEWH + c]
        s[NEWP + c], s[NEWQ + c], s[OUT + c] = braked(depth, s[NEWP + c], s[NEWQ + c], friction[i], numbers, half)


@njit(cache=True, error_model="numpy")
def store(s, old, h, p, q, lost, top, catch, row, count):
    """Take the new state of a row from the scratch block; return its largest wave speed as bits.

    The largest depth looks at the old state: the new one may still be limited.
    """
    zero, none = h.dtype.type(0), catch.dtype.type(0)
    for m in range(count):
        h[row + np.uint64(m)] = s[NEWH + np.uint64(m)]
    for m in range(count):
        p[row + np.uint64(m)] = s[NEWP + np.uint64(m)]
    for m in range(count):
        q[row + np.uint64(m)] = s[NEWQ + np.uint64(m)]
    if lost.size > 1:
        for m in range(count):
            lost[row + np.uint64(m)] = s[LOST + np.uint64(m)]
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        depth, most = old[i], top[i]
        top[i] = depth if depth > most else most
    peak = as_bits(zero)
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        speed, counts = s[OUT + c], catch[i] > none
        bits = as_bits(speed if counts else zero)
        peak = bits if bits > peak else peak
    return peak


@njit(cache=True, error_model="numpy")
def note_shares(s, h, share, catch, row, count, n):
    """Write the share of its outflow that each cell of a row can feed."""
    zero, one, ratio, margin = h.dtype.type(0), h.dtype.type(1), n[4], n[8]
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        out, stock = wanted(s, c, ratio, zero), margin * h[i]
        share[i] = stock / out if out > stock and catch[i] > catch.dtype.type(0) else one


@njit(cache=True, error_model="numpy")
def cut(s, mass, across, share, row, back, count):
    """Cut the fluxes through a row of faces to what the cells that they leave can feed."""
    for m in range(count + 1):
        c = np.uint64(m)
        i = row + c
        part = share[i - back] if s[mass + c] > share.dtype.type(0) else share[i]
        s[mass + c] *= part
        s[across + c] *= part


@njit(cache=True, error_model="numpy")
def half_step(s, z, h, bed_x, bed_y, friction, row, width, count, n):
    """Write the states of a row (middle of three) at its four faces after half a step, and the pull inside its cells.

    Slopes are zero beside closed and walled faces and dry cells, so that shores and walls are first order; friction
    takes part where the slope that it balances does.
    """
    number = h.dtype.type
    zero, half = number(0), n[1]
    gravity, dry = n[0], n[3]
    numbers = (n[0], n[3], n[4], n[9])
    for m in range(count + 8):
        c = np.uint64(m) - ONE
        i = row + c
        west, east, north, south = i - ONE, i + ONE, i - width, i + width
        z0, h0, w0, u0, v0 = z[i], h[i], s[W0 + c], s[U0 + c], s[V0 + c]
        wet = h0 > dry
        along = wet and h[west] > dry and h[east] > dry
        along = (
            along and bed_x[west] <= (z[west] if z[west] > z0 else z0) and bed_x[i] <= (z[east] if z[east] > z0 else z0)
        )
        aside = wet and h[north] > dry and h[south] > dry
        aside = (
            aside
            and bed_y[north] <= (z[north] if z[north] > z0 else z0)
            and bed_y[i] <= (z[south] if z[south] > z0 else z0)
        )
        wx, hx = slope(s[W0 + c - ONE], w0, s[W0 + c + ONE]), slope(h[west], h0, h[east])
        ux, vx = slope(s[U0 + c - ONE], u0, s[U0 + c + ONE]), slope(s[V0 + c - ONE], v0, s[V0 + c + ONE])
        wy, hy = slope(s[W1 + c], w0, s[W2 + c]), slope(h[north], h0, h[south])
        uy, vy = slope(s[U1 + c], u0, s[U2 + c]), slope(s[V1 + c], v0, s[V2 + c])
        wx, hx, ux, vx = (
            (wx if along else zero),
            (hx if along else zero),
            (ux if along else zero),
            (vx if along else zero),
        )
        wy, hy, uy, vy = (
            (wy if aside else zero),
            (hy if aside else zero),
            (uy if aside else zero),
            (vy if aside else zero),
        )
        hm, um, vm = half_cell(
            (h0, u0, v0), (wx, hx, ux, vx), (wy, hy, uy, vy), friction[i], (wet, along, aside), numbers, half
        )
        zx, zy = half * (wx - hx), half * (wy - hy)
        hx, ux, vx, hy, uy, vy = half * hx, half * ux, half * vx, half * hy, half * uy, half * vy
        a, b = hm + hx, hm - hx
        s[EH + c], s[WH + c] = (a if a > zero else zero), (b if b > zero else zero)
        s[EU + c], s[WU + c], s[EV + c], s[WV + c] = um + ux, um - ux, vm + vx, vm - vx
        s[EZ + c], s[WZ + c] = z0 + zx, z0 - zx
        a, b = hm + hy, hm - hy
        s[BH + c], s[TH + c] = (a if a > zero else zero), (b if b > zero else zero)
        s[BU + c], s[TU + c], s[BV + c], s[TV + c] = um + uy, um - uy, vm + vy, vm - vy
        s[BZ + c], s[TZ + c] = z0 + zy, z0 - zy
        s[GXN + c], s[GYN + c] = gravity * hm * wx, gravity * hm * wy


@njit(cache=True, error_model="numpy")
def across_2(s, z, bed, row, count, n):
    """Write the fluxes through the west faces of a row, second order."""
    for m in range(count + 7):
        c = np.uint64(m)
        i = row + c
        j = i - ONE
        sill = face_bed(bed[j], z[j], z[i], s[EZ + c - ONE], s[WZ + c])
        mass, across, left, right = wave_face(
            s[EZ + c - ONE], s[EH + c - ONE], s[EU + c - ONE], s[EV + c - ONE],
            s[WZ + c], s[WH + c], s[WU + c], s[WV + c], sill, n[0], n[1], n[2], n[3],
        )  # fmt: skip
        s[XH + c], s[XT + c], s[XL + c], s[XR + c] = mass, across, left, right


@njit(cache=True, error_model="numpy")
def down_2(s, z, bed, row, width, count, n):
    """Write the fluxes through the faces between the row before and this one, second order."""
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        j = i - width
        sill = face_bed(bed[j], z[j], z[i], s[CZ + c], s[TZ + c])
        mass, across, left, right = wave_face(
            s[CZ + c], s[CH + c], s[CV + c], s[CU + c],
            s[TZ + c], s[TH + c], s[TV + c], s[TU + c], sill, n[0], n[1], n[2], n[3],
        )  # fmt: skip
        s[SH + c], s[ST + c], s[SL + c], s[SR + c] = mass, across, left, right
