"""One time step of the shallow-water scheme on runs of neighbouring tiles, row by row.

A step reads the old state and writes a new one, so a run needs nothing from its neighbours' new state and no fluxes are
kept in memory. Rows of a run pass through a small scratch block: velocities, (order 2) slopes and half-step states,
fluxes through east-west and north-south faces, and the new state. Cells that would give away more than they have make
their run *short*: `limit_waves` repeats such runs and their neighbours with the fluxes cut to what can be fed.
The state is depth h and momenta p = h u to the east and q = h v to the south.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from genrejs.hazard.flood.kernels_math import as_bits, from_bits, inverse_cube_root
from genrejs.hazard.flood.physics import rub, slope, wave_face
from genrejs.hazard.flood.state import RUN_TILES, TILE_COLUMNS, TILE_ROWS, Tiles, Waves

PAD = 16
ROW = RUN_TILES * TILE_COLUMNS + 2 * PAD
"""Numbers in a scratch row; the first cell of a run stands at `PAD`, so that its neighbours have a place too."""
(
    W0, U0, V0, W1, U1, V1, W2, U2, V2,
    XH, XT, XL, XR, NH, NT, NL, NR, SH, ST, SL, SR,
    EH, EU, EV, EZ, WH, WU, WV, WZ, TH, TU, TV, TZ, BH, BU, BV, BZ, CH, CU, CV, CZ, GX, GY, GXN, GYN,
    NEWH, NEWP, NEWQ, LOST, OUT,
) = (np.uint64(k * ROW + PAD) for k in range(50))  # fmt: skip
"""Scratch rows: level and velocities of three rows (0 the middle or latest one); fluxes through the west (X), north
and south faces: mass, across, left, right; half-step states at the east, west, top (north) and bottom faces and
those carried from the row before (C): depth, velocities, ground; the pull inside a cell; the new state; outflow."""
ROWS = 50
ONE, TWO = np.uint64(1), np.uint64(2)
PLAIN, SHARE, LIMITED = 0, 1, 2
"""What a pass over a run is for: a step, to note the shares of short cells, or a step with limited fluxes."""


@njit(cache=True, error_model="numpy")
def _speeds(s, w, u, v, z, h, p, q, row, count, dry):
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
def _copy(s, source, target, rows):
    """Copy scratch rows that lie one after the other."""
    start, to = source - np.uint64(PAD), target - np.uint64(PAD)
    for m in range(rows * ROW):
        s[to + np.uint64(m)] = s[start + np.uint64(m)]


@njit(cache=True, error_model="numpy")
def _across_1(s, z, h, bed, row, count, n):
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
def _down_1(s, z, h, bed, row, width, count, n):
    """Write the fluxes through the faces between the row before and this one, first order."""
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        j = i - width
        mass, across, left, right = wave_face(
            z[j], h[j], s[V1 + c], s[U1 + c], z[i], h[i], s[V0 + c], s[U0 + c], bed[j], n[0], n[1], n[2], n[3]
        )
        s[SH + c], s[ST + c], s[SL + c], s[SR + c] = mass, across, left, right


@njit(cache=True, error_model="numpy")
def _update(s, z, h, p, q, lost, friction, row, count, n, pulled):
    """Write the new state of a row to the scratch block; return how many of its cells are short."""
    number = h.dtype.type
    zero, half, one = number(0), n[1], n[1] + n[1]
    gravity, dry, ratio, four_dt, film, cap = n[0], n[3], n[4], n[5], n[6], n[7]
    compensate = lost.size > 1
    short = np.int32(0)
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        k = i if compensate else np.uint64(0)
        owed = lost[k]
        gain = ratio * ((s[XH + c] - s[XH + c + ONE]) + (s[NH + c] - s[SH + c])) - owed
        total = h[i] + gain
        short = np.int32(short + np.int32(1 if total < zero else 0))
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
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        depth = s[NEWH + c]
        wet = depth > dry
        safe = depth if wet else dry
        y = inverse_cube_root(safe)
        y3 = y * y * y
        east, south = s[NEWP + c], s[NEWQ + c]
        size = np.sqrt(east * east + south * south)
        left = rub(size, four_dt * friction[i] * (y3 * y3 * y), half)
        left = left if wet else zero
        wave = np.sqrt(gravity * safe)
        most = cap * safe * wave if safe < film else one / dry
        east, south = left * east, left * south
        east = most if east > most else (-most if east < -most else east)
        south = most if south > most else (-most if south < -most else south)
        s[NEWP + c], s[NEWQ + c] = east, south
        fast = abs(east) if abs(east) > abs(south) else abs(south)
        s[OUT + c] = fast / safe + wave if wet else zero
    return short


@njit(cache=True, error_model="numpy")
def _store(s, old, h, p, q, lost, top, catch, row, count):
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
def _note_shares(s, h, share, catch, row, count, n):
    """Write the share of its outflow that each cell of a row can feed."""
    zero, one, ratio, margin = h.dtype.type(0), h.dtype.type(1), n[4], n[8]
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        west, east, north, south = -s[XH + c], s[XH + c + ONE], -s[NH + c], s[SH + c]
        west = west if west > zero else zero
        east = east if east > zero else zero
        north = north if north > zero else zero
        south = south if south > zero else zero
        wanted, stock = ratio * ((west + east) + (north + south)), margin * h[i]
        share[i] = stock / wanted if wanted > stock and catch[i] > catch.dtype.type(0) else one


@njit(cache=True, error_model="numpy")
def _cut(s, mass, across, share, row, back, count):
    """Cut the fluxes through a row of faces to what the cells that they leave can feed."""
    for m in range(count + 1):
        c = np.uint64(m)
        i = row + c
        part = share[i - back] if s[mass + c] > share.dtype.type(0) else share[i]
        s[mass + c] *= part
        s[across + c] *= part


@njit(cache=True, error_model="numpy")
def _half_step(s, z, h, bed_x, bed_y, friction, row, width, count, n):
    """Write the states of a row (middle of three) at its four faces after half a step, and the pull inside its cells.

    Slopes are zero beside closed and walled faces and dry cells, so that shores and walls are first order.
    """
    number = h.dtype.type
    zero, half, one = number(0), n[1], n[1] + n[1]
    gravity, dry, ratio, dt = n[0], n[3], n[4], n[9]
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
        safe = h0 if wet else dry
        y = inverse_cube_root(safe)
        y2 = y * y
        drag = one / (one + half * dt * friction[i] * (y2 * y2) * np.sqrt(u0 * u0 + v0 * v0))
        back = half * ratio
        hm = h0 - back * ((u0 * hx + h0 * ux) + (v0 * hy + h0 * vy))
        um = (u0 - back * ((u0 * ux + v0 * uy) + gravity * wx)) * drag
        vm = (v0 - back * ((u0 * vx + v0 * vy) + gravity * wy)) * drag
        hm = hm if wet else h0
        um = um if wet else zero
        vm = vm if wet else zero
        hm = hm if hm > zero else zero
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
def _sill(bed, z_here, z_there, z_left, z_right):
    """Return the bed of a face between reconstructed grounds: a wall's crest where there is one, else the higher."""
    ground = z_here if z_here > z_there else z_there
    sill = z_left if z_left > z_right else z_right
    return bed if bed > ground else sill


@njit(cache=True, error_model="numpy")
def _across_2(s, z, bed, row, count, n):
    """Write the fluxes through the west faces of a row, second order."""
    for m in range(count + 7):
        c = np.uint64(m)
        i = row + c
        j = i - ONE
        sill = _sill(bed[j], z[j], z[i], s[EZ + c - ONE], s[WZ + c])
        mass, across, left, right = wave_face(
            s[EZ + c - ONE], s[EH + c - ONE], s[EU + c - ONE], s[EV + c - ONE],
            s[WZ + c], s[WH + c], s[WU + c], s[WV + c], sill, n[0], n[1], n[2], n[3],
        )  # fmt: skip
        s[XH + c], s[XT + c], s[XL + c], s[XR + c] = mass, across, left, right


@njit(cache=True, error_model="numpy")
def _down_2(s, z, bed, row, width, count, n):
    """Write the fluxes through the faces between the row before and this one, second order."""
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        j = i - width
        sill = _sill(bed[j], z[j], z[i], s[CZ + c], s[TZ + c])
        mass, across, left, right = wave_face(
            s[CZ + c], s[CH + c], s[CV + c], s[CU + c],
            s[TZ + c], s[TH + c], s[TV + c], s[TU + c], sill, n[0], n[1], n[2], n[3],
        )  # fmt: skip
        s[SH + c], s[ST + c], s[SL + c], s[SR + c] = mass, across, left, right


@njit(cache=True, error_model="numpy")
def step_run(f, first, tiles, width, n, order, purpose):
    """Step (or look at) a run of `tiles` neighbouring tiles; return short cells and the largest wave speed as bits."""
    z, h, p, q = f.ground, f.depth, f.east, f.south
    next_h, next_p, next_q, next_lost, lost = f.next_depth, f.next_east, f.next_south, f.next_lost, f.lost
    top, catch, share = f.top, f.catch, f.share
    bed_x, bed_y, friction, dry = f.bed_east, f.bed_south, f.friction, n[3]
    s = np.zeros(ROWS * ROW, h.dtype)
    count = tiles * TILE_COLUMNS
    short, peak = np.int32(0), as_bits(h.dtype.type(0))
    row = first - width
    if order == 2:
        _speeds(s, W1, U1, V1, z, h, p, q, row - width, count, dry)
        _speeds(s, W0, U0, V0, z, h, p, q, row, count, dry)
        _speeds(s, W2, U2, V2, z, h, p, q, first, count, dry)
        _half_step(s, z, h, bed_x, bed_y, friction, row, width, count, n)
        _copy(s, BH, CH, 4)
    else:
        _speeds(s, W0, U0, V0, z, h, p, q, row, count, dry)
    for r in range(TILE_ROWS + 1):
        row += width
        _copy(s, SH, NH, 4)
        if order == 2:
            _copy(s, W0, W1, 3)
            _copy(s, W2, W0, 3)
            _speeds(s, W2, U2, V2, z, h, p, q, row + width, count, dry)
            _half_step(s, z, h, bed_x, bed_y, friction, row, width, count, n)
            _down_2(s, z, bed_y, row, width, count, n)
        else:
            _copy(s, W0, W1, 3)
            _speeds(s, W0, U0, V0, z, h, p, q, row, count, dry)
            _down_1(s, z, h, bed_y, row, width, count, n)
        if purpose == LIMITED:
            _cut(s, SH, ST, share, row, width, count)
        if r > 0:
            done = row - width
            if purpose == SHARE:
                _note_shares(s, h, share, catch, done, count, n)
            else:
                short += _update(s, z, h, p, q, lost, friction, done, count, n, order == 2)
                bits = _store(s, h, next_h, next_p, next_q, next_lost, top, catch, done, count)
                peak = bits if bits > peak else peak
        if order == 2:
            _across_2(s, z, bed_x, row, count, n)
            _copy(s, BH, CH, 4)
            _copy(s, GXN, GX, 2)
        else:
            _across_1(s, z, h, bed_x, row, count, n)
        if purpose == LIMITED:
            _cut(s, XH, XT, share, row, ONE, count)
    return short, from_bits(peak)


@njit(cache=True, parallel=True, error_model="numpy")
def step_waves(f: Waves, t: Tiles, runs: Any, n: Any, order: int, purpose: int) -> None:
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
def limit_waves(f: Waves, t: Tiles, runs: Any, n: Any, order: int) -> None:
    """Repeat the step of the runs in which a cell would give more than it has, and of their neighbours."""
    short = np.zeros(runs.shape[0], np.bool_)
    any_short = False
    for k in range(runs.shape[0]):
        short[k] = t.crowded[runs[k, 0]] > 0
        any_short = any_short or short[k]
    if not any_short:
        return
    fewer = runs[short]
    step_waves(f, t, fewer, n, order, SHARE)
    tiles, across = t.first.size, t.across
    mark = np.zeros(tiles, np.uint8)
    for k in range(fewer.shape[0]):
        begin, end = fewer[k, 0], fewer[k, 0] + fewer[k, 1]
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
    again = np.empty((tiles, 2), np.int64)
    found = 0
    for tile in range(tiles):
        if mark[tile] and t.active[tile]:
            again[found, 0], again[found, 1] = tile, 1
            found += 1
    step_waves(f, t, again[:found], n, order, LIMITED)
    for k in range(found):
        t.crowded[again[k, 0]] = 0
        for r in range(TILE_ROWS):
            for c in range(TILE_COLUMNS):
                f.share[t.first[again[k, 0]] + np.uint64(r) * t.width + np.uint64(c)] = 1


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
def record_waves(f: Waves, t: Tiles, active: int, p: Any, now: Any) -> None:
    """Record largest depth, speed, arrival and Froude number in all active tiles."""
    h = f.depth
    east = f.east
    south = f.south
    top = f.top
    speed = f.speed
    arrival = f.arrival
    first = t.first
    order = t.order
    froude = t.froude
    width = t.width
    for k in prange(active):
        tile = order[k]
        found = record_waves_tile(h, east, south, top, speed, arrival, first[tile], width, p, now)
        froude[tile] = max(froude[tile], found)


@njit(cache=True, error_model="numpy")
def record_waves_tile(h, east, south, top, speed, arrival, first, width, p, now):
    """Keep the largest depth and speed and the time of arrival in a tile; return its largest Froude number."""
    number = h.dtype.type
    zero, gravity = number(0), number(9.81)
    dry, deep, arrived = p[2], p[8], p[9]
    froude = as_bits(zero)
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for m in range(TILE_COLUMNS):
            i = row + np.uint64(m)
            depth, most, came, fastest = h[i], top[i], arrival[i], speed[i]
            wet = depth > dry
            safe = depth if wet else dry
            v = np.sqrt(east[i] * east[i] + south[i] * south[i]) / safe
            v = v if wet else zero
            top[i] = depth if depth > most else most
            speed[i] = v if v > fastest else fastest
            arrival[i] = now if (came < zero and depth > arrived) else came
            bits = as_bits(v / np.sqrt(gravity * safe) if depth > deep else zero)
            froude = bits if bits > froude else froude
    return from_bits(froude)
