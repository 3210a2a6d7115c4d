"""Rain that differs from place to place, and soil that takes less the more it has taken; compiled only when used."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange, types
from numba.extending import overload

from genrejs.hazard.flood.kernels_math import total_until
from genrejs.hazard.flood.kernels_tiles import DAMP, weather
from genrejs.hazard.flood.state import (
    DRAIN,
    GREEN_AMPT,
    HORTON,
    INFILTRATION,
    NO_SOIL,
    RAIN,
    TILE_COLUMNS,
    TILE_ROWS,
    Clock,
    Drivers,
    Sky,
    Tiles,
)

NEWTON_STEPS = 40
"""At most; three or four are the rule."""


@njit(cache=True, error_model="numpy")
def green_ampt(conductivity: float, storage: float, soaked: float, seconds: float) -> float:
    """Return what ponded soil takes [m] in `seconds` after it has taken `soaked`; `storage` is suction x deficit [m].

    The root x of x - storage ln(1 + x / (soaked + storage)) = conductivity x seconds, from a start that is good for all
    times (Li, Stevens and Simons 1976) by Newton's method: any number of steps give what one step gives.
    """
    supply = conductivity * seconds
    if supply <= 0.0 or storage <= 0.0:
        return supply
    whole = soaked + storage
    half = 0.5 * supply - soaked
    x = half + np.sqrt(half * half + 2.0 * whole * supply)
    for _ in range(NEWTON_STEPS):
        step = (x - storage * np.log1p(x / whole) - supply) * (whole + x) / (soaked + x)
        x = max(x - step, supply)
        if abs(step) <= 1e-13 * x:
            break
    return x


@njit(cache=True, error_model="numpy")
def horton(first: float, last: float, decay: float, soaked: float, seconds: float) -> float:
    """Return what ponded soil takes [m] in `seconds` after it has taken `soaked`, wherever the water came from.

    Taken by time t: last t + (first - last) / decay (1 - exp(-decay t)); t is found from `soaked` by Newton's method.
    """
    if decay <= 0.0 or first <= last:
        return first * seconds
    extra = (first - last) / decay
    fading = -np.expm1(-decay * seconds)
    if last <= 0.0:
        return max(extra - soaked, 0.0) * fading
    t = max(soaked / first, (soaked - extra) / last)
    for _ in range(NEWTON_STEPS):
        left = np.exp(-decay * t)
        step = (soaked - last * t - extra * (1.0 - left)) / (last + (first - last) * left)
        t += step
        if step <= 1e-13 * t:
            break
    return last * seconds + extra * np.exp(-decay * t) * fading


@njit(cache=True, error_model="numpy")
def soil_takes(kind: int, table: Any, row: int, soaked: float, seconds: float) -> float:
    """Return what soil of class `row` could take [m] in `seconds`."""
    if kind == GREEN_AMPT:
        return green_ampt(table[row, 0], table[row, 1] * table[row, 2], soaked, seconds)
    if kind == HORTON:
        return horton(table[row, 0], table[row, 1], table[row, 2], soaked, seconds)
    return table[row, 0] * seconds


@njit(cache=True, error_model="numpy")
def fall_tile(h, lost, top, catch, porosity, zone, factor, soil, table, soaked, kind, fallen, first, width, seconds):
    """Rain on a tile and let its soil take what it can; return rain and infiltration [m, summed]."""
    number = h.dtype.type
    zero = number(0)
    zoned, scaled, compensate, porous = zone.size > 1, factor.size > 1, lost.size > 1, porosity.size > 1
    came = gone = 0.0
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            if catch[i] == 0:
                continue
            rain = number(fallen[zone[i]] if zoned else fallen[0])
            rain = rain * factor[i] if scaled else rain
            soak = zero
            depth = h[i] + rain
            if kind != NO_SOIL and depth > zero:
                most = number(soil_takes(kind, table, soil[i], np.float64(soaked[i]), seconds))
                soak = most if most < depth else depth
                soaked[i] += soak
            share = np.float64(porosity[i if porous else np.uint64(0)])
            came += np.float64(rain) * share
            gone += np.float64(soak) * share
            gain = rain - soak
            if compensate:
                gain -= lost[i]
                total = h[i] + gain
                below = total if total < zero else zero
                lost[i] = ((total - h[i]) - gain) - below
                h[i] = total - below
            else:
                total = h[i] + gain
                h[i] = total if total > zero else zero
            top[i] = h[i] if h[i] > top[i] else top[i]
    return came, gone


@njit(cache=True, parallel=True, error_model="numpy")
def fall(f: Any, t: Tiles, sky: Sky, raining: bool, seconds: float) -> None:
    """Rain and soil over the time since the last tick, in every tile that has or gets water."""
    h = f.depth
    lost = f.lost
    top = f.top
    catch = f.catch
    porosity = f.porosity
    zone = sky.zone
    factor = sky.factor
    soil = sky.soil
    table = sky.table
    soaked = sky.soaked
    fallen = sky.fallen
    kind = sky.kind
    first = t.first
    wet = t.wet
    active = t.active
    taken = t.taken
    width = t.width
    for tile in prange(first.size):
        came = gone = 0.0
        if raining or active[tile] > 0 or wet[tile] != 0:
            came, gone = fall_tile(
                h, lost, top, catch, porosity, zone, factor, soil, table, soaked, kind, fallen, first[tile], width,
                seconds,
            )  # fmt: skip
        taken[0, tile] = came
        taken[1, tile] = gone


@njit(cache=True)
def rain_evenly(f: Any, t: Tiles, sky: Any, d: Drivers, c: Clock, rain: float) -> float:
    """Rain, infiltrate and drain at constant rates since the last tick; return the largest rain [m]."""
    seconds = c.now[0] - c.now[1]
    number = f.depth.dtype.type
    area = c.numbers[0] * c.numbers[0]
    fallen = number(rain)
    if seconds > 0.0 and (fallen > 0 or c.numbers[4] > 0.0):
        weather(f, t, fallen, number(seconds))
        c.account[RAIN] += np.float64(fallen) * c.numbers[5] * area
        for tile in range(t.first.size):
            c.account[INFILTRATION] += t.taken[0, tile] * area
            c.account[DRAIN] += t.taken[1, tile] * area
    return np.float64(fallen)


@njit(cache=True)
def rain_unevenly(f: Any, t: Tiles, sky: Sky, d: Drivers, c: Clock, rain: float) -> float:
    """Rain by place and soil by class, then the constant losses; return the largest rain [m]."""
    t0, t1 = c.now[1], c.now[0]
    if t1 <= t0:
        return 0.0
    area = c.numbers[0] * c.numbers[0]
    most = rain
    sky.fallen[0] = rain
    for zone in range(sky.fallen.size - 1):
        k = sky.first_series + zone
        span = (d.start[k], d.start[k + 1])
        own = total_until(d.times, d.values, d.totals, span, t1) - total_until(d.times, d.values, d.totals, span, t0)
        sky.fallen[zone + 1] = own + rain
        most = max(most, own + rain)
    most *= sky.most
    fall(f, t, sky, most > 0.0, t1 - t0)
    for tile in range(t.first.size):
        c.account[RAIN] += t.taken[0, tile] * area
        c.account[INFILTRATION] += t.taken[1, tile] * area
        if t.taken[0, tile] > 0.0:
            t.wet[tile] |= DAMP
    if c.numbers[4] > 0.0:
        rain_evenly(f, t, None, d, c, 0.0)
    return most


def rain_and_soak(f: Any, t: Any, sky: Any, d: Any, c: Any, rain: float) -> float:
    """Rain, infiltrate and drain at constant rates since the last tick; return the largest rain [m]."""
    return rain_evenly(f, t, sky, d, c, rain) if sky is None else rain_unevenly(f, t, sky, d, c, rain)


@overload(rain_and_soak)
def _rain_and_soak(f, t, sky, d, c, rain):
    if isinstance(sky, types.NoneType):
        return lambda f, t, sky, d, c, rain: rain_evenly(f, t, sky, d, c, rain)  # noqa: PLW0108
    return lambda f, t, sky, d, c, rain: rain_unevenly(f, t, sky, d, c, rain)  # noqa: PLW0108
