"""Which tiles are wet, what falls on and drains from them, and what is recorded of them."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from genrejs.hazard.flood.kernels_math import as_bits, from_bits
from genrejs.hazard.flood.kernels_note import note
from genrejs.hazard.flood.state import REACH, TILE_COLUMNS, TILE_ROWS, Fields, Structures, Tiles

FROUDE_MEANT = 3.0
"""Froude number up to which speeds shorten the inertial scheme's steps; faster water is beyond what it describes."""
ASLEEP = -1
"""Mark of a tile that has just fallen asleep."""
DAMP = np.int32(1 << 9)
"""Bit of a tile that holds any water at all; bits 0-8 say in which third of rows and columns there is flowing water."""


@njit(cache=True, error_model="numpy")
def _wet_in(h, row, lo, hi, limit):
    wet = np.int32(0)
    for c in range(lo, hi):
        wet = np.int32(wet + np.int32(1 if h[row + np.uint64(c)] > limit else 0))
    return wet


@njit(cache=True, error_model="numpy")
def look_tile(h, first, width, dry):
    """Return the bits of a tile: near which of its sides and corners flowing water stands, and whether it is damp."""
    zero = h.dtype.type(0)
    bits = np.int32(0)
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        part = 0 if r < REACH else (2 if r >= TILE_ROWS - REACH else 1)
        if _wet_in(h, row, 0, TILE_COLUMNS, zero) == 0:
            continue
        bits |= DAMP
        if _wet_in(h, row, 0, REACH, dry) > 0:
            bits |= np.int32(1 << (3 * part))
        if _wet_in(h, row, REACH, TILE_COLUMNS - REACH, dry) > 0:
            bits |= np.int32(1 << (3 * part + 1))
        if _wet_in(h, row, TILE_COLUMNS - REACH, TILE_COLUMNS, dry) > 0:
            bits |= np.int32(1 << (3 * part + 2))
    return bits


@njit(cache=True, parallel=True, error_model="numpy")
def look(f: Any, t: Tiles, everywhere: bool, dry: Any) -> None:
    """Look for water in the active tiles, or in all of them."""
    h = f.depth
    first = t.first
    active = t.active
    wet = t.wet
    width = t.width
    for tile in prange(first.size):
        if everywhere or active[tile] > 0:
            wet[tile] = look_tile(h, first[tile], width, dry)


@njit(cache=True)
def _clear(q, first, width):
    if q.ndim == 1:
        return
    for r in range(TILE_ROWS):
        for c in range(TILE_COLUMNS):
            i = first + np.uint64(r) * width + np.uint64(c)
            q[0, i] = 0
            q[1, i] = 0


@njit(cache=True)
def choose_tiles(f: Any, t: Tiles, s: Structures) -> int:
    """Make active the tiles that water is in or can reach before the next look; return how many."""
    tiles, across = t.first.size, t.across
    wanted = np.zeros(tiles, np.uint8)
    for tile in range(tiles):
        _reach(wanted, tile, t.wet[tile], across)
    for k in range(s.forced_tile.size):
        _reach(wanted, s.forced_tile[k], s.forced_bit[k], across)
    active = 0
    for tile in range(tiles):
        if t.active[tile] and not wanted[tile]:
            _clear(f.east, t.first[tile], t.width)
            _clear(f.south, t.first[tile], t.width)
            t.peak[tile] = 0
            t.crowded[tile] = ASLEEP
        t.active[tile] = wanted[tile]
        if wanted[tile]:
            t.order[active] = tile
            active += 1
    return active


@njit(cache=True)
def _reach(wanted, tile, bits, across):
    if (bits & 511) == 0:
        return
    wanted[tile] = 1
    down = wanted.size // across
    row, column = tile // across, tile % across
    for i in range(9):
        if bits & (1 << i):
            dr, dc = i // 3 - 1, i % 3 - 1
            up, left = 0 <= row + dr < down, 0 <= column + dc < across
            if up:
                wanted[tile + dr * across] = 1
            if left:
                wanted[tile + dc] = 1
            if up and left:
                wanted[tile + dr * across + dc] = 1


@njit(cache=True, error_model="numpy")
def weather_tile(h, lost, top, catch, infiltration, drain, porosity, first, width, rain, seconds):
    """Add rain [m] to a tile and take infiltration and drainage over `seconds`; return both losses [m, summed].

    Where cells are partly built, depths count by their open share.
    """
    number = h.dtype.type
    zero = number(0)
    compensate = lost.size > 1
    soaks, drains, porous = infiltration.size > 1, drain.size > 1, porosity.size > 1
    soaked = drained = 0.0
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            if catch[i] == 0:
                continue
            depth = h[i] + rain
            soak = seconds * infiltration[i] if soaks else zero
            soak = soak if soak < depth else depth
            pipe = seconds * drain[i] if drains else zero
            rest = depth - soak
            pipe = pipe if pipe < rest else rest
            share = np.float64(porosity[i if porous else np.uint64(0)])
            soaked += np.float64(soak) * share
            drained += np.float64(pipe) * share
            if compensate:
                gain = (rain - soak) - pipe - lost[i]
                total = h[i] + gain
                below = total if total < zero else zero
                lost[i] = ((total - h[i]) - gain) - below
                h[i] = total - below
            else:
                total = rest - pipe
                h[i] = total if total > zero else zero
            top[i] = h[i] if h[i] > top[i] else top[i]
    return soaked, drained


@njit(cache=True, parallel=True, error_model="numpy")
def weather(f: Fields, t: Tiles, rain: Any, seconds: Any) -> None:
    """Rain, infiltration and drainage over the time since the last tick, in every tile that has or gets water."""
    h = f.depth
    lost = f.lost
    top = f.top
    catch = f.catch
    soil = f.infiltration
    pipes = f.drain
    porosity = f.porosity
    first = t.first
    wet = t.wet
    active = t.active
    taken = t.taken
    width = t.width
    for tile in prange(first.size):
        if rain > 0 or active[tile] > 0 or wet[tile] != 0:
            soaked, drained = weather_tile(
                h, lost, top, catch, soil, pipes, porosity, first[tile], width, rain, seconds
            )
            taken[0, tile] = soaked
            taken[1, tile] = drained
        else:
            taken[0, tile] = 0.0
            taken[1, tile] = 0.0


@njit(cache=True, error_model="numpy")
def _face_speed(z, h, bed, q, throat, i, along, dry):
    here, there = z[i] + h[i], z[i + along] + h[i + along]
    depth = (here if here > there else there) - bed[i]
    wet = depth > dry
    way = throat[i if throat.size > 1 else np.uint64(0)]
    return (abs(q[i]) / (way * depth) if wet else h.dtype.type(0)), (depth if wet else dry)


@njit(cache=True, error_model="numpy")
def record_tile(z, h, qx, qy, bx, by, tx, ty, speed, arrival, notes, first, width, p, now):
    """Keep the largest speed and the time of arrival in a tile; return its largest Froude number and speed now."""
    number = h.dtype.type
    zero, gravity, one = number(0), number(9.81), np.uint64(1)
    dry, deep, arrived, cap = p[2], p[8], p[9], number(FROUDE_MEANT * FROUDE_MEANT * 9.81)
    froude, fastest = as_bits(zero), as_bits(zero)
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            east, depth_east = _face_speed(z, h, bx, qx, tx, i, one, dry)
            west, _ = _face_speed(z, h, bx, qx, tx, i - one, one, dry)
            south, depth_south = _face_speed(z, h, by, qy, ty, i, width, dry)
            north, _ = _face_speed(z, h, by, qy, ty, i - width, width, dry)
            x = east if east > west else west
            y = south if south > north else north
            square, most = x * x + y * y, cap * h[i]
            square = square if h[i] > dry else zero
            v = np.sqrt(square)
            bits = as_bits(square if square < most else most)
            fastest = bits if bits > fastest else fastest
            speed[i] = v if v > speed[i] else speed[i]
            arrival[i] = now if (arrival[i] < zero and h[i] > arrived) else arrival[i]
            note(notes, i, h[i], v, now, arrived)
            a = east / np.sqrt(gravity * depth_east) if depth_east > deep else zero
            b = south / np.sqrt(gravity * depth_south) if depth_south > deep else zero
            bits = as_bits(a if a > b else b)
            froude = bits if bits > froude else froude
    return from_bits(froude), np.sqrt(from_bits(fastest))


@njit(cache=True, parallel=True, error_model="numpy")
def record(f: Fields, t: Tiles, notes: Any, active: int, new: int, p: Any, now: Any) -> None:
    """Record speed, arrival, Froude number and what is asked for in all active tiles; leave their speed in `peak`."""
    z = f.ground
    h = f.depth
    bx = f.bed_east
    by = f.bed_south
    tx = f.throat_east
    ty = f.throat_south
    speed = f.speed
    arrival = f.arrival
    qx = f.east[new]
    qy = f.south[new]
    first = t.first
    order = t.order
    froude = t.froude
    peak = t.peak
    width = t.width
    for k in prange(active):
        tile = order[k]
        found, fastest = record_tile(z, h, qx, qy, bx, by, tx, ty, speed, arrival, notes, first[tile], width, p, now)
        froude[tile] = max(froude[tile], found)
        peak[tile] = fastest
