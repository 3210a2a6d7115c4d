"""The compiled inner loop of the service cascade: one settled state of all components per time step.

A value holds from its own time to the next one (a mean over that interval), so areas under a curve are sums.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEGLIGIBLE = 1e-9
"""Lack [share] below which a need counts as met; keeps rounding from draining batteries."""

SWEEPS = 2000
"""Most sweeps over all components in one step; rings of needs settle geometrically, everything else in a few."""


class Wiring(NamedTuple):
    """Who needs whom: links of target `i` are ``start[i]:start[i + 1]``; times [h], shares 0..1.

    `ways` is how many links, from this one on, stand in for one another and share the first one's battery: 1 for a need
    with one source. `ring` marks links between components that need each other in a circle, `control` those whose lack
    hands can make good; `fallback` and `delay` are ``(component, 2)``: the component's own manual operation and the
    city's.
    """

    start: Integers
    source: Integers
    ways: Integers
    buffer: Floats
    loss: Floats
    ring: Flags
    control: Flags
    restart: Floats
    fallback: Floats
    delay: Floats


class Rules(NamedTuple):
    """`recharge` [h of battery per h of supply]; `stop`: share below which a component has stopped and must restart."""

    recharge: float
    stop: float


def _ramp(elapsed: float, needed: float, width: float) -> float:
    return min(1.0, max(0.0, (elapsed + width - needed) / width))


def _met(wiring: Wiring, stored: Floats, outer: Floats, inner: Floats, place: tuple[int, float]) -> tuple[float, float]:
    # The share that all needs leave, and the share that those leave which hands cannot make good.
    target, width = place
    product, body = 1.0, 1.0
    link = wiring.start[target]
    while link < wiring.start[target + 1]:
        have = 0.0
        for way in range(link, link + wiring.ways[link]):
            source = wiring.source[way]
            have += inner[source] if wiring.ring[way] else outer[source]
        gap = 1.0 - min(1.0, have) - stored[link] / width
        if gap > NEGLIGIBLE:
            left = 1.0 - wiring.loss[link] * min(1.0, gap)
            product *= left
            body *= 1.0 if wiring.control[link] else left
        link += wiring.ways[link]
    return product, body


def _settle(wiring: Wiring, stored: Floats, capacity: Floats, hand: Floats, outer: Floats, width: float) -> Floats:
    # From above, so that a ring of sound components is found running: the greatest of the possible settled states.
    value = np.maximum(capacity, hand)
    for _ in range(SWEEPS):
        change = 0.0
        for i in range(value.size):
            supplied, body = _MET(wiring, stored, value if outer.size == 0 else outer, value, (i, width))
            new = max(capacity[i] * supplied, hand[i] * body)
            change = max(change, value[i] - new)
            value[i] = new
        if change < NEGLIGIBLE:
            break
    return value


def _by_hand(wiring: Wiring, site: Floats, clock: Floats, width: float) -> Floats:
    hand = np.zeros(site.size)
    for i in range(site.size):
        for stage in range(2):
            up = wiring.fallback[i, stage] * _RAMP(clock[i], wiring.delay[i, stage], width)
            hand[i] = max(hand[i], up * site[i])
    return hand


def _drain(wiring: Wiring, stored: Floats, value: Floats, lacking: Flags, step: tuple[float, float]) -> None:
    width, recharge = step
    for target in range(value.size):
        link = wiring.start[target]
        while link < wiring.start[target + 1]:
            have = 0.0
            for way in range(link, link + wiring.ways[link]):
                have += value[wiring.source[way]]
            lack = 1.0 - min(1.0, have)
            if lack > NEGLIGIBLE:
                lacking[target] = True
                stored[link] = max(0.0, stored[link] - lack * width)
            else:
                stored[link] = min(wiring.buffer[link], stored[link] + recharge * width)
            link += wiring.ways[link]


def _restarting(wiring: Wiring, supplied: Floats, waited: Floats, stop: float, width: float) -> None:
    for i in range(supplied.size):
        if supplied[i] < stop:
            waited[i] = 0.0
        elif waited[i] < wiring.restart[i]:
            waited[i] += width


def _run(wiring: Wiring, own: Floats, site: Floats, widths: Floats, rules: Rules) -> Floats:
    count = own.shape[1]
    stored, clock = wiring.buffer.copy(), np.zeros(count)
    waited = wiring.restart.copy()
    result = np.empty_like(own)
    everywhere = np.empty(0)
    for k in range(own.shape[0]):
        width = widths[k]
        hand = _BY_HAND(wiring, site[k], clock, width)
        capacity = own[k].copy()
        for i in range(count):
            if waited[i] < wiring.restart[i]:
                capacity[i] *= _RAMP(waited[i], wiring.restart[i], width)
        value = _SETTLE(wiring, stored, capacity, hand, everywhere, width)
        # What would run if all members of a ring were started: this decides when restarting may begin.
        potential = _SETTLE(wiring, stored, own[k], hand, value, width)
        supplied = np.empty(count)
        for i in range(count):
            supplied[i] = own[k, i] * _MET(wiring, stored, value, potential, (i, width))[0]
        _RESTARTING(wiring, supplied, waited, rules.stop, width)
        lacking = own[k] < site[k]
        _DRAIN(wiring, stored, value, lacking, (width, rules.recharge))
        clock += width * lacking
        result[k] = value
    return result


_RAMP: Any = njit(cache=True)(_ramp)
_MET: Any = njit(cache=True)(_met)
_SETTLE: Any = njit(cache=True)(_settle)
_BY_HAND: Any = njit(cache=True)(_by_hand)
_DRAIN: Any = njit(cache=True)(_drain)
_RESTARTING: Any = njit(cache=True)(_restarting)
run: Any = njit(cache=True)(_run)
"""``run(wiring, own (time, component), site, widths (time,) [h], rules) -> functionality (time, component)``."""


# Failures, here and not in a file of their own: the cache of compiled code follows the file of its outermost function.


class Supplied(NamedTuple):
    """Who supplies each service of each district: entries ``start[row]:start[row + 1]`` of `component` and `share`."""

    start: Integers
    component: Integers
    share: Floats


class Course(NamedTuple):
    """Hourly `steps` in all, the first `down` of them with the failed components down, on `sound` sites or not."""

    steps: int
    down: int
    sound: bool


class Cases(NamedTuple):
    """Components that fail together: ``member[start[case]:start[case + 1]]``."""

    start: Integers
    member: Integers


def _watch(value: Floats, supplied: Supplied, stop: float, lost: Floats, stopped: Floats) -> None:
    for row in range(lost.size):
        begin, end = supplied.start[row], supplied.start[row + 1]
        if begin == end:
            continue
        for step in range(value.shape[0]):
            gone = 0.0
            for entry in range(begin, end):
                gone += supplied.share[entry] * (1.0 - value[step, supplied.component[entry]])
            lost[row] += gone
            if 1.0 - gone <= stop:
                stopped[row] += 1.0


def _fail(
    wiring: Wiring, rules: Rules, cases: Cases, course: Course, supplied: Supplied, lost: Floats, stopped: Floats
) -> None:
    widths = np.ones(course.steps)
    sound = np.ones((course.steps, wiring.restart.size))
    for case in range(lost.shape[0]):
        own = np.ones((course.steps, wiring.restart.size))
        for m in range(cases.start[case], cases.start[case + 1]):
            own[: course.down, cases.member[m]] = 0.0
        value = run(wiring, own, sound if course.sound else own, widths, rules)
        _WATCH(value, supplied, rules.stop, lost[case], stopped[case])


_WATCH: Any = njit(cache=True, nogil=True)(_watch)
fail: Any = njit(cache=True, nogil=True)(_fail)
"""``fail(wiring, rules, cases, course, supplied, lost, stopped)`` adds to the last two, ``(case, row)`` [h]."""
