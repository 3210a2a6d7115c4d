"""The few special cells and faces of a step: the imposed level, walls and inflows."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numba.extending import overload

from genrejs.hazard.flood.kernels_hydraulics import CREST_FLOW
from genrejs.hazard.flood.kernels_math import total_until, value_at
from genrejs.hazard.flood.state import (
    HELD_LEVEL,
    INFLOW,
    NORMAL_DEPTH,
    SEA_IN,
    SEA_OUT,
    Clock,
    Drivers,
    Edge,
    Fields,
    Structures,
    Tiles,
    Waves,
)


@njit(cache=True)
def set_edge(f: Fields, e: Edge, level: float) -> float:
    """Impose level [m] and normal depth; return the largest depth over the sills of the edge."""
    peak = 0.0
    for k in range(e.cell.size):
        i = e.cell[k]
        if e.kind[k] == HELD_LEVEL:
            f.depth[i] = max(level, e.true_ground[k]) - f.ground[i]
        else:
            f.depth[i] = f.depth[e.inner[k]]
        if f.lost.size > 1:
            f.lost[i] = 0
        peak = max(peak, np.float64(f.depth[i]))
    return peak


@njit(cache=True)
def _side(e: Edge, k: int) -> int:
    """Return on which of four sides an edge cell lies of its inner neighbour, -1 at a corner."""
    if e.inner_axis[k] < 0:
        return -1
    return 2 * e.inner_axis[k] + (1 if e.inner[k] < e.cell[k] else 0)


@njit(cache=True)
def _mean_speeds(f: Waves, e: Edge, sides: Any) -> None:
    """Write the mean normal velocity [m/s], weighted by depth, of the water beside level cells on each side.

    Summed from both ends of the edge, so that a mirrored edge has the same bits.
    """
    flow, depth = np.zeros((2, 4)), np.zeros((2, 4))
    for n in range(2 * e.cell.size):
        way, k = (0, n) if n < e.cell.size else (1, 2 * e.cell.size - 1 - n)
        side, j = _side(e, k), e.inner[k]
        if e.kind[k] == HELD_LEVEL and side >= 0:
            flow[way, side] += np.float64(f.east[j] if e.inner_axis[k] == 0 else f.south[j])
            depth[way, side] += np.float64(f.depth[j])
    for side in range(4):
        water = depth[0, side] + depth[1, side]
        sides[side] = (flow[0, side] + flow[1, side]) / water if water > 0.0 else 0.0


@njit(cache=True)
def _carried(f: Waves, e: Edge, k: int, sides: Any) -> float:
    """Return the normal velocity [m/s] of a level cell: its neighbour's, but no faster inflow than the side's mean.

    A level alone would let single cells of an inlet speed up without end: nothing else ties their head to the sea.
    """
    side, j = _side(e, k), e.inner[k]
    if side < 0 or f.depth[j] <= 0.001:
        return 0.0
    speed = np.float64(f.east[j] if e.inner_axis[k] == 0 else f.south[j]) / np.float64(f.depth[j])
    if side % 2 == 1:
        return max(speed, min(sides[side], 0.0))
    return min(speed, max(sides[side], 0.0))


@njit(cache=True)
def set_edge_waves(f: Waves, e: Edge, level: float) -> float:
    """Impose level [m], normal depth and flow; return the largest depth over the sills of the edge.

    Level cells carry on the velocity across the edge and have none along it; at corners they are still.
    """
    peak = 0.0
    number = f.depth.dtype.type
    sides = np.zeros(4)
    _mean_speeds(f, e, sides)
    for k in range(e.cell.size):
        i, j = e.cell[k], e.inner[k]
        east = south = 0.0
        if e.kind[k] == HELD_LEVEL:
            depth = max(max(level, e.true_ground[k]) - np.float64(f.ground[i]), 0.0)
            if e.inner_axis[k] == 0:
                east = depth * _carried(f, e, k, sides)
            elif e.inner_axis[k] == 1:
                south = depth * _carried(f, e, k, sides)
        elif e.kind[k] == NORMAL_DEPTH:
            depth, east, south = np.float64(f.depth[j]), np.float64(f.east[j]), np.float64(f.south[j])
        else:
            depth = e.held[k, 0]
            east, south = depth * e.held[k, 1], depth * e.held[k, 2]
        f.depth[i], f.east[i], f.south[i] = number(depth), number(east), number(south)
        if f.lost.size > 1:
            f.lost[i] = 0
        peak = max(peak, depth)
    return peak


@njit(cache=True)
def count_edge_waves(f: Waves, e: Edge, area: float, account: Any) -> None:
    """Add to the account [m3] what the imposed cells gave or got in the step."""
    came = went = 0.0
    keeps = f.lost.size > 1
    for k in range(e.cell.size):
        i = e.cell[k]
        gave = np.float64(f.depth[i]) - np.float64(f.next_depth[i])
        if keeps:
            gave += np.float64(f.next_lost[i]) - np.float64(f.lost[i])
        came += max(gave, 0.0)
        went += max(-gave, 0.0)
    account[SEA_IN] += came * area
    account[SEA_OUT] += went * area


@njit(cache=True)
def count_sea(f: Fields, e: Edge, new: int, seconds_width: float, account: Any) -> None:
    """Add to the account [m3] what the step moves through the faces of the edge."""
    came = went = 0.0
    for k in range(e.face.size):
        i = e.face[k]
        flow = e.sign[k] * np.float64(f.east[new, i] if e.axis[k] == 0 else f.south[new, i])
        came += max(flow, 0.0)
        went += max(-flow, 0.0)
    account[SEA_IN] += came * seconds_width
    account[SEA_OUT] += went * seconds_width


@njit(cache=True)
def close_beyond(f: Fields, e: Edge, new: int) -> None:
    """Let nothing through the faces beyond the edge: what they carry on is momentum, no water that sets the step."""
    for k in range(e.ghost.size):
        if e.ghost_axis[k] == 0:
            f.east[new, e.ghost[k]] = 0
        else:
            f.south[new, e.ghost[k]] = 0


@njit(cache=True)
def carry_on(f: Fields, e: Edge, new: int) -> None:
    """Give the faces beyond the edge the momentum of the faces on it, so that smoothing does not brake the edge."""
    for k in range(e.ghost.size):
        if e.ghost_axis[k] == 0:
            f.east[new, e.ghost[k]] = f.east[new, e.ghost_of[k]]
        else:
            f.south[new, e.ghost[k]] = f.south[new, e.ghost_of[k]]


@njit(cache=True)
def cap_walls(f: Fields, s: Structures, width: Any, new: int) -> None:
    """Let no more over a wall than the critical flow that its upstream level can drive."""
    for k in range(s.wall.size):
        i = s.wall[k]
        there = i + (np.uint64(1) if s.wall_axis[k] == 0 else width)
        q = f.east[new] if s.wall_axis[k] == 0 else f.south[new]
        bed = f.bed_east[i] if s.wall_axis[k] == 0 else f.bed_south[i]
        if q[i] == 0 or bed <= max(f.ground[i], f.ground[there]):
            continue
        head = max(f.ground[i] + f.depth[i], f.ground[there] + f.depth[there]) - bed
        most = CREST_FLOW * head * np.sqrt(head)
        throat = f.throat_east if s.wall_axis[k] == 0 else f.throat_south
        most *= throat[i if throat.size > 1 else np.uint64(0)]
        if abs(q[i]) > most:
            q[i] = most if q[i] > 0 else -most


@njit(cache=True)
def level_of(f: Fields, cell: Any, sea: Any, level: float) -> float:
    """Return the level [m] of a cell: the imposed one where it is sea."""
    if sea:
        return level
    return np.float64(f.ground[cell]) + np.float64(f.depth[cell])


def take_along(f: Any, i: Any, left: float) -> None:
    """Let water that is taken from a cell take its momentum along; `left` is the share of the depth that stays."""
    if isinstance(f, Waves):
        f.east[i] *= left
        f.south[i] *= left


@overload(take_along)
def _take_along(f, i, left):
    def keep(f, i, left):
        return None

    def scale(f, i, left):
        f.east[i] *= left
        f.south[i] *= left

    return scale if "next_depth" in f.fields else keep


@njit(cache=True)
def open_area(f: Fields | Waves, i: Any, area: float) -> float:
    """Return the part [m2] of a cell of `area` that is open to water."""
    return area * np.float64(f.porosity[i]) if f.porosity.size > 1 else area


@njit(cache=True)
def add_depth(f: Fields | Waves, i: Any, depth: float) -> float:
    """Add depth [m] (or take it, with its momentum) in float64; return the depth after."""
    before = np.float64(f.depth[i])
    if f.lost.size > 1:
        total = before - np.float64(f.lost[i]) + depth
        f.depth[i] = max(total, 0.0)
        f.lost[i] = np.float64(f.depth[i]) - total
    else:
        f.depth[i] = max(before + depth, 0.0)
    after = np.float64(f.depth[i])
    if after < before:
        take_along(f, i, after / before)
    f.top[i] = max(f.top[i], f.depth[i])
    return after


@njit(cache=True)
def pour(f: Any, d: Drivers, c: Clock, t0: float, t1: float) -> float:
    """Add the inflows between two times to their cells; return the largest depth there."""
    area = c.numbers[0] * c.numbers[0]
    peak = 0.0
    for k in range(d.inflow_start.size - 1):
        span = (d.start[2 + k], d.start[3 + k])
        volume = total_until(d.times, d.values, d.totals, span, t1) - total_until(d.times, d.values, d.totals, span, t0)
        cells = d.inflow_start[k + 1] - d.inflow_start[k]
        for j in range(d.inflow_start[k], d.inflow_start[k + 1]):
            i = d.inflow_cell[j]
            peak = max(peak, add_depth(f, i, volume / cells / open_area(f, i, area)))
        c.account[INFLOW] += volume
    return peak


@njit(cache=True)
def level_at(d: Drivers, c: Clock, t: float) -> float:
    """Return the imposed level [m], rounded to the grain of the ground so that a lake stays at rest to the last bit."""
    level = value_at(d.times, d.values, d.start[0], d.start[1], t)
    grain = c.numbers[1]
    return np.floor(level / grain + 0.5) * grain


@njit(cache=True)
def largest(t: Tiles, active: int) -> float:
    """Return the largest depth of the active tiles."""
    peak = 0.0
    for k in range(active):
        peak = max(peak, np.float64(t.peak[t.order[k]]))
    return peak
