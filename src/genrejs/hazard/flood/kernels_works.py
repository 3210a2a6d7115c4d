"""The operated structures of a step: gates, bridges, pumps, weirs, culverts, drains; not compiled without any."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload

from genrejs.hazard.flood.kernels_edge import add_depth, level_of, open_area
from genrejs.hazard.flood.kernels_hydraulics import bridge_flow, culvert_flow, weir_flow
from genrejs.hazard.flood.kernels_math import value_at
from genrejs.hazard.flood.state import (
    CLOSED,
    CULVERT,
    DRAIN,
    IN_CELL,
    IN_SEA,
    PUMP,
    RATING,
    SEA_IN,
    SEA_OUT,
    Clock,
    Operated,
)

SURGE, OUTER, INNER, DIFFERENCE, SCHEDULE = range(5)
"""Rules of gates, in the order of `structures.GATE_RULES`."""
DECK_ROUNDS = 3
"""Times the discharge of a bridge is found again at the levels it leaves behind."""
LARGEST_FLOW = 1e6
"""[m2/s] in place of no limit."""
GRAIN = 2.0**40
"""Parts of a metre in which depths over many cells are summed: the sum is exact, whatever the order of the cells."""


@njit(cache=True)
def _whole(depth: float) -> float:
    return np.floor(depth * GRAIN) / GRAIN


@njit(cache=True)
def _share_shut(w: Operated, g: int, outside: float, inside: float, now: float) -> float:
    """Return the share to which the rule of gate `g` would shut it."""
    rule, limit = w.gate_rule[g], w.gate_numbers[g, 0]
    if rule == SCHEDULE:
        return min(max(value_at(w.curve_x, w.curve_y, w.gate_curve[g, 0], w.gate_curve[g, 1], now), 0.0), 1.0)
    if rule == OUTER:
        shut = outside > limit
    elif rule == INNER:
        shut = inside > limit
    elif rule == DIFFERENCE:
        shut = outside - inside > limit
    else:
        shut = outside > limit and outside > inside
    return 1.0 if shut else 0.0


@njit(cache=True)
def move_gates(f: Any, w: Operated, c: Clock) -> None:
    """Move the crests of the gates towards what their rules want, and shut bridges that the water touches."""
    now, level = c.now[0], c.now[4]
    seconds = now - w.last[0]
    close_decks(f, w, np.uint64(w.width))
    w.last[0] = now
    for g in range(w.gate_share.size):
        if w.gate_numbers[g, 3] <= now < w.gate_numbers[g, 4]:
            continue
        outside = level_of(f, w.gate_cells[g, 0], w.gate_sea[g, 0], level)
        inside = level_of(f, w.gate_cells[g, 1], w.gate_sea[g, 1], level)
        share, wanted = w.gate_share[g], _share_shut(w, g, outside, inside, now)
        if wanted == share:
            continue
        reach = seconds / w.gate_numbers[g, 2] if w.gate_numbers[g, 2] > 0.0 else 1.0
        share = min(wanted, share + reach) if wanted > share else max(wanted, share - reach)
        w.gate_share[g] = share
        for k in range(w.gate_start[g], w.gate_start[g + 1]):
            bed = w.gate_bed[k]
            crest = max(bed, w.gate_numbers[g, 1])
            bed = crest if share >= 1.0 else bed if share <= 0.0 else bed + share * (crest - bed)
            if w.gate_axis[k] == 0:
                f.bed_east[w.gate_face[k]] = bed
            else:
                f.bed_south[w.gate_face[k]] = bed


@njit(cache=True)
def _sides(f: Any, w: Operated, k: int, width: Any) -> tuple[Any, Any]:
    """Return the cells on the two sides of a bridge's face."""
    i = w.bridge_face[k]
    return i, i + (np.uint64(1) if w.bridge_axis[k] == 0 else width)


@njit(cache=True)
def close_decks(f: Any, w: Operated, width: Any) -> None:
    """Shut the faces of bridges whose deck the water touches: their flow is computed by `run_decks`."""
    for k in range(w.bridge_face.size):
        i, j = _sides(f, w, k, width)
        upper = max(level_of(f, i, False, 0.0), level_of(f, j, False, 0.0))
        bed = CLOSED if upper > max(w.bridge_numbers[k, 0], w.bridge_bed[k]) else w.bridge_bed[k]
        if w.bridge_axis[k] == 0:
            f.bed_east[i] = bed
        else:
            f.bed_south[i] = bed


@njit(cache=True)
def run_decks(f: Any, w: Operated, c: Clock, dt: float) -> float:
    """Move water under and over the bridges whose faces are shut; return the largest depth where it arrives."""
    area = c.numbers[0] * c.numbers[0]
    width = np.uint64(w.width)
    peak = 0.0
    for k in range(w.bridge_face.size):
        i, j = _sides(f, w, k, width)
        here, there = level_of(f, i, False, 0.0), level_of(f, j, False, 0.0)
        deck = (w.bridge_numbers[k, 0], w.bridge_numbers[k, 1], w.bridge_numbers[k, 2])
        flow = 0.0
        for _ in range(DECK_ROUNDS):
            # the flow that belongs to the levels after it, so that a steady stream stands at its formula
            drawn = flow * dt / c.numbers[0]
            upper, lower = max(here, there) - drawn, min(here, there) + drawn
            if upper > lower:
                flow = min(bridge_flow(upper, lower, w.bridge_bed[k], deck), LARGEST_FLOW)
        shut = (f.bed_east[i] if w.bridge_axis[k] == 0 else f.bed_south[i]) >= 0.5 * CLOSED
        source = np.float64(f.depth[i] if here > there else f.depth[j])
        # at most a quarter of the difference in levels: a cell may have two such faces
        most = min(0.25 * abs(here - there), 0.25 * source) * min(open_area(f, i, area), open_area(f, j, area))
        volume = min(flow * c.numbers[0] * dt, most) if shut else 0.0
        w.bridge_wish[k] = volume if here > there else -volume
    for k in range(w.bridge_face.size):
        i, j = _sides(f, w, k, width)
        if w.bridge_wish[k] != 0.0:
            one = add_depth(f, i, -w.bridge_wish[k] / open_area(f, i, area))
            peak = max(peak, one, add_depth(f, j, w.bridge_wish[k] / open_area(f, j, area)))
    return peak


@njit(cache=True)
def _weir_wish(w: Operated, k: int, here: float, there: float) -> tuple[float, float]:
    """Return the signed discharge [m3/s] of a weir and the head [m] that drives it."""
    crest, width, coefficient = w.link_numbers[k, 0], w.link_numbers[k, 1], w.link_numbers[k, 2]
    if there > here and w.link_numbers[k, 3] > 0.0:
        return -weir_flow(there - crest, here - crest, width, coefficient), there - crest
    return weir_flow(here - crest, there - crest, width, coefficient), here - crest


@njit(cache=True)
def _culvert_wish(w: Operated, k: int, here: float, there: float) -> tuple[float, float]:
    """Return the signed discharge [m3/s] of a culvert and the head [m] over its upper invert."""
    n = w.link_numbers[k]
    size, loss = (n[2], n[3], n[7] > 0.0), (n[8], n[4], n[5])
    if there > here:
        if n[9] > 0.0:
            return 0.0, 0.0
        return -n[6] * culvert_flow(there - n[1], here - n[0], n[1] - n[0], size, loss), there - n[1]
    return n[6] * culvert_flow(here - n[0], there - n[1], n[0] - n[1], size, loss), here - n[0]


@njit(cache=True)
def _pump_wish(w: Operated, k: int, here: float, there: float, now: float) -> float:
    """Return the discharge [m3/s] of a pump, switched by the level at its intake."""
    n = w.link_numbers[k]
    if here > n[1]:
        w.link_on[k] = 1
    elif here < n[2]:
        w.link_on[k] = 0
    if not w.link_on[k] or n[3] <= now < n[4]:
        return 0.0
    if w.link_curve[k, 1] == w.link_curve[k, 0]:
        return n[0]
    return min(n[0], value_at(w.curve_x, w.curve_y, w.link_curve[k, 0], w.link_curve[k, 1], there - here))


@njit(cache=True)
def _wish(f: Any, w: Operated, k: int, c: Clock, dt: float) -> float:
    """Return the signed volume [m3] that a link would move in the step."""
    here = level_of(f, w.link_cells[k, 0], w.link_sea[k, 0], c.now[4])
    there = level_of(f, w.link_cells[k, 1], w.link_sea[k, 1], c.now[4])
    if w.link_kind[k] == PUMP:
        return _pump_wish(w, k, here, there, c.now[0]) * dt
    if w.link_kind[k] == CULVERT:
        flow, head = _culvert_wish(w, k, here, there)
    else:
        flow, head = _weir_wish(w, k, here, there)
    if flow == 0.0:
        return 0.0
    # no more in a step than levels the two ends
    area = c.numbers[0] * c.numbers[0]
    area = min(open_area(f, w.link_cells[k, 0], area), open_area(f, w.link_cells[k, 1], area))
    most = min(head, 0.5 * abs(here - there)) * area
    return min(flow * dt, most) if flow > 0.0 else max(flow * dt, -most)


@njit(cache=True)
def run_links(f: Any, w: Operated, c: Clock, dt: float) -> float:
    """Move water through the links, shared when a cell cannot feed all; return the largest depth where it arrives."""
    area = c.numbers[0] * c.numbers[0]
    peak = 0.0
    w.slot_wanted[:] = 0.0
    for k in range(w.link_kind.size):
        w.link_wish[k] = _wish(f, w, k, c, dt)
        w.slot_wanted[w.link_slot[k, 0 if w.link_wish[k] > 0.0 else 1]] += abs(w.link_wish[k])
    for k in range(w.link_kind.size):
        source = 0 if w.link_wish[k] > 0.0 else 1
        w.link_numbers[k, 10] = 1.0
        if not w.link_sea[k, source]:
            i = w.link_cells[k, source]
            stock = max(np.float64(f.depth[i]), 0.0) * open_area(f, i, area)
            wanted = w.slot_wanted[w.link_slot[k, source]]
            w.link_numbers[k, 10] = min(1.0, stock / wanted) if wanted > 0.0 else 0.0
    for k in range(w.link_kind.size):
        source = 0 if w.link_wish[k] > 0.0 else 1
        volume = abs(w.link_wish[k]) * w.link_numbers[k, 10]
        if volume <= 0.0:
            continue
        w.link_total[k] += volume if source == 0 else -volume
        if w.link_sea[k, source]:
            c.account[SEA_IN] += volume
        else:
            i = w.link_cells[k, source]
            add_depth(f, i, -volume / open_area(f, i, area))
        if w.link_sea[k, 1 - source]:
            c.account[SEA_OUT] += volume
        else:
            i = w.link_cells[k, 1 - source]
            peak = max(peak, add_depth(f, i, volume / open_area(f, i, area)))
    return peak


@njit(cache=True)
def run_outlets(f: Any, w: Operated, c: Clock, dt: float) -> float:
    """Let out at the drains' outlets what is on the way in their pipes; return the largest depth there."""
    area = c.numbers[0] * c.numbers[0]
    peak = 0.0
    for k in range(w.drain_pipe.size):
        volume = min(w.drain_pipe[k], w.drain_flow[k] * dt)
        if volume > 0.0:
            w.drain_pipe[k] -= volume
            i = w.drain_outlet[k]
            peak = max(peak, add_depth(f, i, volume / open_area(f, i, area)))
    return peak


@njit(cache=True)
def run_ratings(f: Any, w: Operated, c: Clock, dt: float) -> None:
    """Take from the rating edges the discharge of their level, from each cell in proportion to its depth."""
    area = c.numbers[0] * c.numbers[0]
    for k in range(w.rating_total.size):
        stock = weighted = taken = 0.0
        for j in range(w.rating_start[k], w.rating_start[k + 1]):
            i = w.rating_cell[j]
            depth = _whole(open_area(f, i, np.float64(f.depth[i])))
            stock += depth
            weighted += _whole(depth * (np.float64(f.ground[i]) + np.float64(f.depth[i])))
        if stock <= 0.0 or weighted / stock <= w.curve_x[w.rating_curve[k, 0]]:
            continue
        flow = value_at(w.curve_x, w.curve_y, w.rating_curve[k, 0], w.rating_curve[k, 1], weighted / stock)
        share = min(1.0, flow * dt / (stock * area))
        for j in range(w.rating_start[k], w.rating_start[k + 1]):
            i = w.rating_cell[j]
            depth = _whole(share * np.float64(f.depth[i]))
            taken += open_area(f, i, depth)
            add_depth(f, i, -depth)
        w.rating_total[k] += taken * area
        c.account[RATING] += taken * area


@njit(cache=True)
def run_works(f: Any, w: Operated, c: Clock, dt: float) -> float:
    """Move the water of a step through all structures; return the largest depth where it arrives."""
    peak = run_links(f, w, c, dt)
    peak = max(peak, run_decks(f, w, c, dt))
    peak = max(peak, run_outlets(f, w, c, dt))
    run_ratings(f, w, c, dt)
    return peak


@njit(cache=True)
def fill_pipes(f: Any, w: Operated, c: Clock) -> None:
    """Take from the drained cells what fell since the last tick, where the outlet is not under high water."""
    area = c.numbers[0] * c.numbers[0]
    seconds = c.now[0] - c.now[1]
    if seconds <= 0.0:
        return
    for k in range(w.drain_pipe.size):
        in_cell = w.drain_place[k] == IN_CELL
        level = level_of(f, w.drain_outlet[k], not in_cell, c.now[4])
        known = in_cell or w.drain_place[k] == IN_SEA or c.numbers[6] > 0.0
        taken = 0.0
        if not (known and level > w.drain_limit[k]):
            for j in range(w.drain_start[k], w.drain_start[k + 1]):
                i = w.drain_cell[j]
                depth = _whole(min(np.float64(f.depth[i]), w.drain_rate[j] * seconds))
                if depth > 0.0:
                    taken += open_area(f, i, depth)
                    add_depth(f, i, -depth)
        w.drain_total[k] += taken * area
        if in_cell:
            w.drain_pipe[k] += taken * area
        else:
            c.account[DRAIN] += taken * area
        w.drain_flow[k] = w.drain_pipe[k] / seconds


def work_gates(f: Any, works: Any, c: Any) -> None:
    """Move the gates, where there are works."""
    if works is not None:
        move_gates(f, works, c)


@overload(work_gates)
def _work_gates(f, works, c):
    if isinstance(works, types.NoneType):
        return lambda f, works, c: None
    return lambda f, works, c: move_gates(f, works, c)  # noqa: PLW0108


def move_water(f: Any, works: Any, c: Any, dt: float) -> float:
    """Move the water of a step through the works; return the largest depth [m] where it arrives."""
    return 0.0 if works is None else run_works(f, works, c, dt)


@overload(move_water)
def _move_water(f, works, c, dt):
    if isinstance(works, types.NoneType):
        return lambda f, works, c, dt: 0.0
    return lambda f, works, c, dt: run_works(f, works, c, dt)  # noqa: PLW0108


def take_drains(f: Any, works: Any, c: Any) -> None:
    """Take the drains' water since the last tick, where there are works."""
    if works is not None:
        fill_pipes(f, works, c)


@overload(take_drains)
def _take_drains(f, works, c):
    if isinstance(works, types.NoneType):
        return lambda f, works, c: None
    return lambda f, works, c: fill_pipes(f, works, c)  # noqa: PLW0108
