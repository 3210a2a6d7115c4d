"""The few special cells and faces of a step: the imposed level, walls, gates, inflows, pumps and weirs."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from genrejs.hazard.flood.kernels_math import total_until, value_at
from genrejs.hazard.flood.state import INFLOW, SEA_IN, SEA_OUT, Clock, Drivers, Edge, Fields, Structures, Tiles

CREST_FLOW = 1.705
"""(2/3)^1.5 sqrt(g) [m^0.5/s]: critical flow over a broad crest; also the coefficient of the weirs."""


@njit(cache=True)
def set_level(f: Fields, e: Edge, level: float) -> float:
    """Impose the level [m]; return the largest depth over the sills of the edge."""
    peak = 0.0
    for k in range(e.cell.size):
        i = e.cell[k]
        f.depth[i] = max(level, e.true_ground[k]) - f.ground[i]
        if f.lost.size > 1:
            f.lost[i] = 0
        peak = max(peak, np.float64(f.depth[i]))
    return peak


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
        if abs(q[i]) > most:
            q[i] = most if q[i] > 0 else -most


@njit(cache=True)
def level_of(f: Fields, cell: Any, sea: Any, level: float) -> float:
    """Return the level [m] of a cell: the imposed one where it is sea."""
    if sea:
        return level
    return np.float64(f.ground[cell]) + np.float64(f.depth[cell])


@njit(cache=True)
def work_gates(f: Fields, s: Structures, level: float) -> None:
    """Shut the gates against high water outside and open the others."""
    for g in range(s.gate_shut.size):
        outside = level_of(f, s.gate_cells[g, 0], s.gate_sea[g, 0], level)
        inside = level_of(f, s.gate_cells[g, 1], s.gate_sea[g, 1], level)
        shut = 1 if outside > s.gate_levels[g, 0] and outside > inside else 0
        if shut == s.gate_shut[g]:
            continue
        s.gate_shut[g] = shut
        for k in range(s.gate_start[g], s.gate_start[g + 1]):
            bed = max(s.gate_bed[k], s.gate_levels[g, 1]) if shut else s.gate_bed[k]
            if s.gate_axis[k] == 0:
                f.bed_east[s.gate_face[k]] = bed
            else:
                f.bed_south[s.gate_face[k]] = bed


@njit(cache=True)
def _add(f: Fields, i: Any, depth: float) -> float:
    """Add depth [m] (or take it) in float64; return the depth after."""
    if f.lost.size > 1:
        total = np.float64(f.depth[i]) - np.float64(f.lost[i]) + depth
        f.depth[i] = max(total, 0.0)
        f.lost[i] = np.float64(f.depth[i]) - total
    else:
        f.depth[i] = max(np.float64(f.depth[i]) + depth, 0.0)
    f.top[i] = max(f.top[i], f.depth[i])
    return np.float64(f.depth[i])


@njit(cache=True)
def pour(f: Fields, d: Drivers, c: Clock, t0: float, t1: float) -> float:
    """Add the inflows between two times to their cells; return the largest depth there."""
    area = c.numbers[0] * c.numbers[0]
    peak = 0.0
    for k in range(d.inflow_start.size - 1):
        span = (d.start[2 + k], d.start[3 + k])
        volume = total_until(d.times, d.values, d.totals, span, t1) - total_until(d.times, d.values, d.totals, span, t0)
        cells = d.inflow_start[k + 1] - d.inflow_start[k]
        for j in range(d.inflow_start[k], d.inflow_start[k + 1]):
            peak = max(peak, _add(f, d.inflow_cell[j], volume / cells / area))
        c.account[INFLOW] += volume
    return peak


@njit(cache=True)
def _wish(f: Fields, s: Structures, k: int, c: Clock, dt: float) -> float:
    """Return the volume [m3] that a pump or weir would move in the step."""
    area = c.numbers[0] * c.numbers[0]
    level = level_of(f, s.link_cells[k, 0], s.link_sea[k, 0], c.now[4])
    if k < s.pumps:
        capacity, starts, stops = s.link_numbers[k, 0], s.link_numbers[k, 1], s.link_numbers[k, 2]
        if level > starts:
            s.link_on[k] = 1
        elif level < stops:
            s.link_on[k] = 0
        return capacity * dt if s.link_on[k] else 0.0
    crest, breadth = s.link_numbers[k, 0], s.link_numbers[k, 1]
    head = level - crest
    behind = level_of(f, s.link_cells[k, 1], s.link_sea[k, 1], c.now[4]) - crest
    if head <= 0.0 or behind >= head:
        return 0.0
    drowned = 1.0 if behind <= 0.0 else (1.0 - (behind / head) ** 1.5) ** 0.385
    most = min(head, 0.5 * (head - behind)) * area
    return min(CREST_FLOW * breadth * head * np.sqrt(head) * drowned * dt, most)


@njit(cache=True)
def move_links(f: Fields, s: Structures, c: Clock, dt: float) -> float:
    """Move water through pumps and weirs, shared when a cell cannot feed all; return the largest depth at outlets."""
    area = c.numbers[0] * c.numbers[0]
    links = s.link_on.size
    peak = 0.0
    for k in range(links):
        s.link_wish[k] = _wish(f, s, k, c, dt)
    for k in range(links):
        if s.link_sea[k, 0]:
            continue
        wanted = 0.0
        for j in range(links):
            if s.link_cells[j, 0] == s.link_cells[k, 0]:
                wanted += s.link_wish[j]
        stock = max(np.float64(f.depth[s.link_cells[k, 0]]), 0.0) * area
        s.link_numbers[k, 3] = min(1.0, stock / wanted) if wanted > 0.0 else 0.0
    for k in range(links):
        volume = s.link_wish[k] * (1.0 if s.link_sea[k, 0] else s.link_numbers[k, 3])
        if volume <= 0.0:
            continue
        s.link_total[k] += volume
        if s.link_sea[k, 0]:
            c.account[SEA_IN] += volume
        else:
            _add(f, s.link_cells[k, 0], -volume / area)
        if s.link_sea[k, 1]:
            c.account[SEA_OUT] += volume
        else:
            peak = max(peak, _add(f, s.link_cells[k, 1], volume / area))
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
