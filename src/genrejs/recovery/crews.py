"""A finite number of crews and more tasks than crews: who is helped when.

Crews always work on the most urgent tasks that can be worked on, one crew a task; a crew is moved when something more
urgent turns up, and the work done stays done. With this rule more crews never delay any task.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from genrejs.errors import Fault

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Worked:
    """Per task: `start` [h] of the first work (NaN if none), `finish` [h] (inf if not done by the horizon), `done` [h]
    of elapsed work by then."""

    start: Floats
    finish: Floats
    done: Floats


def work(duration: Floats, release: Floats, rank: Integers, arrival: Floats, horizon: float) -> Worked:
    """Return when each task ends if one crew needs `duration` [h] for it from `release` [h] on.

    `rank` orders the tasks (smallest first), `arrival` ``(crew,)`` [h] is when each crew starts.

    Raises
    ------
    Fault
        If a duration or a time is not a number of 0 or more.
    """
    if not all((times >= 0).all() for times in (duration, release, arrival)) or not np.isfinite(duration).all():
        raise Fault("Crews were given a duration or a time that is not a number of 0 or more.")
    order = np.argsort(rank, kind="stable")
    length, ready = np.ascontiguousarray(duration[order]), np.ascontiguousarray(release[order])
    begin, finish, left = _work(length, ready, np.argsort(ready, kind="stable"), np.sort(arrival), horizon)
    starts, ends, done = np.empty_like(length), np.empty_like(length), np.empty_like(length)
    starts[order], ends[order], done[order] = begin, finish, length - left
    return Worked(starts, ends, done)


def _next_end(slots: Integers, crews: int, ends: Floats) -> tuple[float, int]:
    soonest, place = np.inf, -1
    for slot in range(crews):
        if slots[slot] >= 0 and ends[slots[slot]] < soonest:
            soonest, place = ends[slots[slot]], slot
    return soonest, place


def _least_urgent(slots: Integers, crews: int) -> int:
    place = 0
    for slot in range(crews):
        if slots[slot] < 0:
            return slot
        if slots[slot] > slots[place]:
            place = slot
    return place


def _assign(slots: Integers, crews: int, waiting: list[int], times: tuple[Floats, Floats, Floats], now: float) -> None:
    begin, ends, left = times
    while len(waiting) > 0 and crews > 0:
        slot = _LEAST_URGENT(slots, crews)
        held = slots[slot]
        if held >= 0 and held < waiting[0]:
            return
        task = heappop(waiting)
        if held >= 0:
            left[held] = ends[held] - now
            heappush(waiting, held)
        slots[slot] = task
        if np.isnan(begin[task]):
            begin[task] = now
        ends[task] = now + left[task]


def _work_plain(
    length: Floats, ready: Floats, by_release: Integers, arrival: Floats, horizon: float
) -> tuple[Floats, Floats, Floats]:
    begin = np.full(length.size, np.nan)
    left, ends = length.copy(), np.full(length.size, np.inf)
    finish = np.full(length.size, np.inf)
    slots = np.full(arrival.size, -1)
    waiting = [0]
    waiting.clear()
    crews, released = 0, 0
    while True:
        now, slot = _NEXT_END(slots, crews, ends)
        if released < length.size:
            now = min(now, ready[by_release[released]])
        if crews < arrival.size:
            now = min(now, arrival[crews])
        if now > horizon or np.isinf(now):
            break
        if slot >= 0 and ends[slots[slot]] <= now:
            finish[slots[slot]] = ends[slots[slot]]
            left[slots[slot]] = 0.0
            slots[slot] = -1
        while released < length.size and ready[by_release[released]] <= now:
            heappush(waiting, by_release[released])
            released += 1
        while crews < arrival.size and arrival[crews] <= now:
            crews += 1
        _ASSIGN(slots, crews, waiting, (begin, ends, left), now)
    for slot in range(crews):
        if slots[slot] >= 0:
            left[slots[slot]] = ends[slots[slot]] - horizon
    return begin, finish, left


_NEXT_END: Any = njit(cache=True)(_next_end)
_LEAST_URGENT: Any = njit(cache=True)(_least_urgent)
_ASSIGN: Any = njit(cache=True)(_assign)
_work: Any = njit(cache=True)(_work_plain)
