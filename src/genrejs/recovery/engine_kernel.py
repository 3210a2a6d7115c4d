"""The compiled recovery engine: a step is functionality from damage, offers and needs from functionality, sharing until
no offer changes any more, then repair."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from genrejs.recovery.engine_plan import (
    ACTIVITIES,
    GIVER,
    INTERFACE,
    NEED_NOW,
    OFFER_NOW,
    PAIR_NOW,
    SLOT_NOW,
    STEPWISE,
    UNHURT,
    UTILITY,
    WORK_NOW,
    Floats,
    Plan,
    State,
)
from genrejs.recovery.engine_share import CHANGED, COMPILED, DONE, INNER, NOTHING, READY, RELATE, SETTLE, UNDER_WAY

CALLS, CALLS_FROM, CALLS_FADE = 10.0, 1, -0.3
"""Emergency calls: the demand's multiple from step 1 on, and how it fades per step (Blagojević et al. 2022)."""


def _stepwise(plan: Plan, i: int, x: float) -> float:
    x = round(x * 1e10) / 1e10
    found = plan.parts[i].step_first
    for k in range(plan.parts[i].step_first, plan.parts[i].step_end):
        if x >= plan.steps[k].limit:
            found = k
    return float(plan.steps[found].value)


def _functionality(plan: Plan, state: State, i: int) -> float:
    if plan.parts[i].model == UNHURT:
        return 1.0
    damage = 1.0 - state.works[plan.parts[i].repair].level
    if plan.parts[i].model == INTERFACE:
        return float(_STEPWISE(plan, i, 1.0 - damage))
    if plan.parts[i].relation == STEPWISE:
        return float(_STEPWISE(plan, i, damage))
    return float(RELATE(plan.parts[i].relation, damage))


def _ask(plan: Plan, state: State) -> None:
    # Of the activities under way the last one counts, as published.
    for s in range(plan.slots.size):
        state.slots[s].ask = 0.0
        if 1.0 - state.works[plan.parts[plan.slots[s].part].repair].level > 0:
            for k in range(plan.slots[s].use_first, plan.slots[s].use_end):
                use = plan.slot_use[k]
                if UNDER_WAY(plan, state, plan.uses[use].work):
                    state.slots[s].ask = plan.uses[use].amount


def _refresh(plan: Plan, state: State, step: int) -> None:
    for i in range(plan.parts.size):
        share = _FUNCTIONALITY(plan, state, i)
        for k in range(plan.parts[i].offer_first, plan.parts[i].offer_end):
            now = state.offers[k].full * RELATE(plan.offers[k].by_function, share)
            if now != state.offers[k].now:
                state.offers[k].now = now
                CHANGED(plan, state, k)
        for k in range(plan.parts[i].need_first, plan.parts[i].need_end):
            usual = plan.needs[k].amount
            state.needs[k].want = usual * RELATE(plan.needs[k].by_function, share)
            if plan.needs[k].calls and step >= CALLS_FROM:
                calls = usual * CALLS * math.exp(CALLS_FADE) ** float(step - CALLS_FROM)
                state.needs[k].want = max(usual, calls)
    for use in range(state.got.size):
        state.got[use] = 1.0
    _ASK(plan, state)
    for r in range(plan.resources.size):
        state.changes[r] += 1


def _count_shared(plan: Plan, state: State, resource: int, scope: int) -> tuple[float, float, float]:
    supply, demand, used = 0.0, 0.0, 0.0
    for n in range(plan.resources[resource].offer_first, plan.resources[resource].offer_end):
        k = plan.of_offer[n]
        if plan.scope[scope, plan.offers[k].part]:
            supply += state.offers[k].seen
    for n in range(plan.resources[resource].need_first, plan.resources[resource].need_end):
        k = plan.of_need[n]
        if plan.scope[scope, plan.needs[k].part]:
            demand += state.needs[k].seen
            used += state.needs[k].seen * state.needs[k].met
    for n in range(plan.resources[resource].slot_first, plan.resources[resource].slot_end):
        k = plan.of_slot[n]
        if plan.scope[scope, plan.slots[k].part]:
            demand += state.slots[k].seen
            used += state.slots[k].seen * state.slots[k].met
    return supply, demand, used


def _count(plan: Plan, state: State, resource: int, scope: int) -> tuple[float, float, float]:
    if plan.resources[resource].model == UTILITY:
        found: tuple[float, float, float] = _COUNT_SHARED(plan, state, resource, scope)
        return found
    supply, demand, used = 0.0, 0.0, 0.0
    for n in range(plan.resources[resource].offer_first, plan.resources[resource].offer_end):
        k = plan.of_offer[n]
        if plan.scope[scope, plan.offers[k].part]:
            supply += state.offers[k].now
    for row in range(plan.resources[resource].row_first, plan.resources[resource].row_end):
        if plan.scope[scope, plan.rows[row].part]:
            want, offer = state.needs[plan.rows[row].need].want, plan.rows[row].offer
            demand += want
            used += min(want, state.offers[offer].now if offer >= 0 else 0.0)
    return supply, demand, used


def _advance(plan: Plan, state: State, a: int) -> bool:
    level, least = state.works[a].level, 1.0
    if DONE(level):
        return False
    for use in range(plan.works[a].use_first, plan.works[a].use_end):
        least = min(least, state.got[use])
    gain = state.works[a].rate * least if least > 0 else 0.0
    state.works[a].level = min(level + gain, 1.0)
    return gain > 0


def _work(plan: Plan, state: State, i: int, now: int) -> None:
    first, end, repair = plan.parts[i].work_first, plan.parts[i].work_end, plan.parts[i].repair
    if not 1.0 - state.works[repair].level > 0:
        return
    for a in range(first, end):
        state.ready[a] = READY(plan, state, a)
    for a in range(first, end):
        if state.ready[a] and 1.0 - state.works[repair].level > 0 and _ADVANCE(plan, state, a) and a == repair:
            state.last[i] = now


def _recover(plan: Plan, state: State, step: int) -> None:
    for i in range(plan.parts.size):
        if plan.parts[i].model == INTERFACE:
            _ADVANCE(plan, state, plan.parts[i].repair)
        elif plan.parts[i].model == ACTIVITIES:
            span = plan.span[plan.parts[i].group, step - plan.start]
            for n in range(span):
                _WORK(plan, state, i, step - span + 1 + n)


def _strike(plan: Plan, state: State, duration: Floats) -> None:
    for i in range(plan.parts.size):
        damage, repair = plan.parts[i].damage, plan.parts[i].repair
        if plan.parts[i].model == UNHURT or math.isnan(damage):
            continue
        for a in range(plan.parts[i].work_first, plan.parts[i].work_end):
            state.works[a].level = 0.0
        if plan.parts[i].model == ACTIVITIES:
            state.works[repair].level = 1.0 - damage
            if duration[repair] > 0:
                state.works[repair].rate = damage / duration[repair]


def _damage(plan: Plan, state: State) -> tuple[float, bool]:
    total, sound = 0.0, True
    for i in range(plan.parts.size):
        if plan.parts[i].model != UNHURT:
            damage = 1.0 - state.works[plan.parts[i].repair].level
            total += damage
            sound = sound and abs(damage) <= NOTHING
    return total / max(1, plan.parts.size), sound


def _begin(plan: Plan, state: State, duration: Floats) -> None:
    for k in range(plan.offers.size):
        state.offers[k].full = plan.offers[k].amount
    for a in range(duration.size):
        state.works[a].level = 1.0
        state.works[a].rate = 1.0 / duration[a] if duration[a] > 0 else math.inf
    for i in range(state.last.size):
        state.last[i] = -1
    for r in range(state.shared.size):
        state.shared[r] = -1
    for pair in range(state.pairs.size):
        state.pairs[pair].stamp = -1


def _record(plan: Plan, state: State, row: int) -> None:
    for scope in range(plan.scope.shape[0]):
        for r in range(plan.resources.size):
            supply, demand, used = _COUNT(plan, state, r, scope)
            state.totals[row, scope, r, 0] = supply
            state.totals[row, scope, r, 1] = demand
            state.totals[row, scope, r, 2] = used
    state.hurt[row] = _DAMAGE(plan, state)[0]


def _run(plan: Plan, state: State, duration: Floats) -> int:
    count = 0
    _BEGIN(plan, state, duration)
    for step in range(plan.start, plan.stop):
        sound = _DAMAGE(plan, state)[1] and step > plan.disaster
        if step == plan.disaster:
            _STRIKE(plan, state, duration)
        _REFRESH(plan, state, step)
        if not SETTLE(plan, state, step - plan.start):
            return -1
        _RECORD(plan, state, count)
        count += 1
        if step > plan.disaster:
            _RECOVER(plan, state, step)
        if sound:
            break
    for i in range(plan.parts.size):
        if plan.parts[i].model != UNHURT:
            state.left[i] = 1.0 - state.works[plan.parts[i].repair].level
    return count


def fresh(plan: Plan) -> State:
    """Return an empty state for a run of `plan`."""
    steps, resources, parts = plan.stop - plan.start, plan.resources.size, plan.parts.size
    return State(
        offers=np.zeros(plan.offers.size, OFFER_NOW), needs=np.zeros(plan.needs.size, NEED_NOW),
        slots=np.zeros(plan.slots.size, SLOT_NOW), works=np.zeros(plan.works.size, WORK_NOW),
        got=np.zeros(plan.uses.size), givers=np.zeros(plan.rows.size, GIVER), pairs=np.zeros(plan.ways.size, PAIR_NOW),
        changes=np.zeros(resources + 1, np.int64), shared=np.zeros(resources, np.int64), offered=np.zeros(resources),
        ready=np.zeros(plan.works.size, np.bool_), last=np.zeros(parts, np.int64),
        totals=np.zeros((steps, plan.scope.shape[0], resources, 3)), hurt=np.zeros(steps), left=np.zeros(parts),
    )  # fmt: skip


_inner: Any = njit(**INNER)
_STEPWISE: Any = _inner(_stepwise)
_FUNCTIONALITY: Any = _inner(_functionality)
_ASK: Any = _inner(_ask)
_REFRESH: Any = _inner(_refresh)
_COUNT_SHARED: Any = _inner(_count_shared)
_COUNT: Any = _inner(_count)
_ADVANCE: Any = _inner(_advance)
_WORK: Any = _inner(_work)
_RECOVER: Any = _inner(_recover)
_STRIKE: Any = _inner(_strike)
_DAMAGE: Any = _inner(_damage)
_BEGIN: Any = _inner(_begin)
_RECORD: Any = _inner(_record)
run: Any = njit(**COMPILED)(_run)
"""``run(plan, state, duration (activity,) [step]) -> steps done``, -1 where a ring never settles; what came out is in
`state`, which is `fresh`."""
