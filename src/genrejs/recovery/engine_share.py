"""Sharing in the recovery engine, compiled: who gives what to whom, and what is lost where a need is not met.

Meaning after iRe-CoDeS (Blagojević et al. 2021, 2022); order and rounding are such that a published system gives the
published figures.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from genrejs.recovery.engine_plan import (
    BINARY,
    LINEAR,
    OWN,
    REVERSE_BINARY,
    REVERSE_LINEAR,
    UTILITY,
    Plan,
    State,
)

WHOLE = 1e-9
"""Distance from 1 below which an activity is done and a Binary relation holds."""
MOST_SWEEPS = 100_000
"""Rounds of sharing in a step; a ring that still falls then falls for practical purposes for ever (own choice)."""
NOTHING = 1e-10
"""Damage below which a component is sound."""


def _relate(code: int, x: float) -> float:
    if code == LINEAR:
        return x
    if code == REVERSE_LINEAR:
        return 1.0 - x
    if code == BINARY:
        return 1.0 if abs(x - 1.0) <= WHOLE else 0.0
    if code == REVERSE_BINARY:
        return 1.0 if abs(x) <= NOTHING else 0.0
    return 1.0


def _done(level: float) -> bool:
    return abs(level - 1.0) <= WHOLE * max(abs(level), 1.0)


def _ready(plan: Plan, state: State, a: int) -> bool:
    for k in range(plan.works[a].after_first, plan.works[a].after_end):
        if not DONE(state.works[plan.after[k]].level):
            return False
    return True


def _under_way(plan: Plan, state: State, a: int) -> bool:
    return not DONE(state.works[a].level) and READY(plan, state, a)


def _carries(plan: Plan, state: State, pair: int) -> float:
    # The best path's capacity; a path carries what its weakest link does, a path of no link nothing.
    if state.pairs[pair].stamp == state.changes[-1]:
        return float(state.pairs[pair].capacity)
    best = 0.0
    for path in range(plan.ways[pair].first, plan.ways[pair].end):
        first, end = plan.paths[path].first, plan.paths[path].end
        weakest = math.inf if end > first else 0.0
        for k in range(first, end):
            weakest = min(weakest, state.offers[plan.link[k]].now)
        best = max(best, weakest)
    state.pairs[pair].stamp, state.pairs[pair].capacity = state.changes[-1], best
    return best


def _reaches(plan: Plan, state: State, service: int, ends: tuple[int, int], want: float) -> bool:
    if service < 0:
        return True
    giver, taker = ends
    for a in range(2):
        origin = plan.parts[giver].start if a == 0 else plan.parts[giver].end
        for b in range(2):
            goal = plan.parts[taker].start if b == 0 else plan.parts[taker].end
            if origin == goal:
                return True
            pair = plan.pair[service, origin, goal]
            if pair >= 0 and _CARRIES(plan, state, pair) > want:
                return True
    return False


def _serve(plan: Plan, state: State, taker: tuple[int, int], want: float, givers: tuple[int, bool]) -> float:
    # Givers serve in the order in which they came; the taker itself, if it offers, gives to itself first.
    (service, part), (count, itself) = taker, givers
    left = want
    for n in range(count):
        s = n
        if itself:
            s = count - 1 if n == 0 else n - 1
        have = state.givers[s].held
        if have == 0.0 or not _REACHES(plan, state, service, (state.givers[s].part, part), want):
            continue
        if left < have:
            state.givers[s].held = have - left
            state.givers[s].used += have - state.givers[s].held
            return 0.0
        left -= have
        state.givers[s].held = 0.0
        state.givers[s].used += have
    return left


def _reduce(plan: Plan, state: State, part: int, met: float) -> None:
    for k in range(plan.parts[part].offer_first, plan.parts[part].offer_end):
        cut = state.offers[k].full * RELATE(plan.offers[k].by_unmet, met)
        if cut < state.offers[k].now:
            state.offers[k].now = cut
            CHANGED(plan, state, k)


def _short_of(plan: Plan, state: State, slot: int, met: float) -> None:
    # The first activity under way that uses the resource is the one that gets less.
    state.slots[slot].met = met
    for k in range(plan.slots[slot].use_first, plan.slots[slot].use_end):
        use = plan.slot_use[k]
        if plan.uses[use].amount > 0 and UNDER_WAY(plan, state, plan.uses[use].work):
            state.got[use] = met
            return


def _see(plan: Plan, state: State, resource: int) -> None:
    for n in range(plan.resources[resource].offer_first, plan.resources[resource].offer_end):
        k = plan.of_offer[n]
        state.offers[k].seen, state.offers[k].used = state.offers[k].now, 0.0
    for n in range(plan.resources[resource].need_first, plan.resources[resource].need_end):
        k = plan.of_need[n]
        state.needs[k].seen, state.needs[k].met = state.needs[k].want, 1.0
    for n in range(plan.resources[resource].slot_first, plan.resources[resource].slot_end):
        k = plan.of_slot[n]
        state.slots[k].seen, state.slots[k].met = state.slots[k].ask, 1.0


def _row(plan: Plan, state: State, row: int, service: int, givers: tuple[int, bool]) -> None:
    need, slot, part = plan.rows[row].need, plan.rows[row].slot, plan.rows[row].part
    want = 0.0
    if need >= 0:
        want = state.needs[need].seen
    elif slot >= 0:
        want = state.slots[slot].seen
    if want <= 0:
        return
    left = _SERVE(plan, state, (service, part), want, givers)
    if left > 0:
        met = 1.0 - left / want
        if need >= 0:
            state.needs[need].met = met
            _REDUCE(plan, state, part, met)
        else:
            _SHORT_OF(plan, state, slot, met)


def _share(plan: Plan, state: State, resource: int) -> None:
    _SEE(plan, state, resource)
    count, service = 0, plan.resources[resource].service
    for row in range(plan.resources[resource].row_first, plan.resources[resource].row_end):
        offer, itself = plan.rows[row].offer, False
        if offer >= 0 and state.offers[offer].seen > 0:
            state.givers[count].offer, state.givers[count].part = offer, plan.rows[row].part
            state.givers[count].held, state.givers[count].used = state.offers[offer].seen, 0.0
            count, itself = count + 1, True
        _ROW(plan, state, row, service, (count, itself))
    for s in range(count):
        state.offers[state.givers[s].offer].used = state.givers[s].used


def _share_own(plan: Plan, state: State, resource: int) -> None:
    # Homes and bridges: what stands there, and nobody else, is what a row can have.
    for row in range(plan.resources[resource].row_first, plan.resources[resource].row_end):
        want, offer = state.needs[plan.rows[row].need].want, plan.rows[row].offer
        if want > 0:
            have = state.offers[offer].now if offer >= 0 else 0.0
            _REDUCE(plan, state, plan.rows[row].part, min(1.0, have / want))


def _changed(plan: Plan, state: State, offer: int) -> None:
    state.changes[plan.offers[offer].resource] += 1
    if plan.offers[offer].carries:
        state.changes[-1] += 1


def _distribute(plan: Plan, state: State, resource: int, column: int) -> None:
    # Where neither its offers nor the links it travels by have changed since, the outcome would be the same.
    seen = state.changes[resource]
    if plan.resources[resource].service >= 0:
        seen += state.changes[-1]
    if not plan.open[resource, column] or state.shared[resource] == seen:
        return
    state.shared[resource] = seen
    if plan.resources[resource].model == UTILITY:
        _SHARE(plan, state, resource)
    elif plan.resources[resource].model == OWN:
        _SHARE_OWN(plan, state, resource)


def _moved(plan: Plan, state: State) -> bool:
    # Whether what is offered in all of a mutual resource is another amount than when it was last looked at.
    moved = False
    for n in range(plan.mutual.size):
        resource, total = plan.mutual[n], 0.0
        for k in range(plan.resources[resource].offer_first, plan.resources[resource].offer_end):
            total += state.offers[plan.of_offer[k]].now
        before = state.offered[resource]
        moved = moved or abs(before - total) > 1e-9 * max(abs(before), abs(total))
        state.offered[resource] = total
    return moved


def _consume(plan: Plan, state: State) -> None:
    # Once a step, what the last sharing gave: a ring is shared many times, but it burns its fuel once.
    for k in range(plan.offers.size):
        if plan.offers[k].consumable and state.offers[k].used > 0:
            state.offers[k].full = max(state.offers[k].full - state.offers[k].used, 0.0)
            state.offers[k].now = max(state.offers[k].now - state.offers[k].used, 0.0)
            state.offers[k].used = 0.0
            CHANGED(plan, state, k)


def _settle(plan: Plan, state: State, column: int) -> bool:
    for n in range(plan.alone.size):
        _DISTRIBUTE(plan, state, plan.alone[n], column)
    _MOVED(plan, state)
    moved, sweeps = True, 0
    while moved and sweeps < MOST_SWEEPS:
        for _ in range(plan.mutual.size):
            for n in range(plan.mutual.size):
                _DISTRIBUTE(plan, state, plan.mutual[n], column)
        moved, sweeps = _MOVED(plan, state), sweeps + 1
    _CONSUME(plan, state)
    return not moved


COMPILED: Any = {"cache": True, "nogil": True, "no_cfunc_wrapper": True, "_nrt": False}
"""No counting of references, which would cost more than the work and make threads wait for each other."""
INNER: Any = {**COMPILED, "no_cpython_wrapper": True}
_inner: Any = njit(**INNER)
_CARRIES: Any = _inner(_carries)
_REACHES: Any = _inner(_reaches)
_SERVE: Any = _inner(_serve)
_REDUCE: Any = _inner(_reduce)
_SHORT_OF: Any = _inner(_short_of)
_SEE: Any = _inner(_see)
_ROW: Any = _inner(_row)
_SHARE: Any = _inner(_share)
_SHARE_OWN: Any = _inner(_share_own)
_DISTRIBUTE: Any = _inner(_distribute)
_MOVED: Any = _inner(_moved)
_CONSUME: Any = _inner(_consume)
RELATE: Any = _inner(_relate)
DONE: Any = _inner(_done)
READY: Any = _inner(_ready)
UNDER_WAY: Any = _inner(_under_way)
CHANGED: Any = _inner(_changed)
SETTLE: Any = _inner(_settle)
"""What the engine calls: relations, whether an activity is done, may begin, is under way; and sharing in a step."""
