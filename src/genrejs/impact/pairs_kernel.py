"""The compiled loops over events and assets: every wet pair is read once, and no matrix of losses is made."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 256
"""Bins of equal width in which a depth finds its stretch of a curve; their number changes speed, never a result."""
STRIP = 512
"""Pairs that are summed before they join the sum of an event: short sums keep rounding small."""
ONE, TWO, THREE, FOUR, WIDTH = (np.uint64(n) for n in (1, 2, 3, 4, BINS))


class Table(NamedTuple):
    """Curves as straight stretches: `stretch` holds for each its upper end, lower end [m], slope [1/m], share there.

    Per curve: `top` [m], its last depth; `scale` [1/m], bins per depth; `first` (BINS for a curve), where in `stretch`
    a search from a bin begins. The first stretch of a curve lies below its first depth, the last above its last.
    """

    top: Floats
    scale: Floats
    first: NDArray[np.int32]
    stretch: Floats


class Lots(NamedTuple):
    """Assets of one place, curve and group taken together, as they lose one share: a lot. Sorted by these three.

    The lots of place p are ``start[p]:start[p + 1]``; the assets of lot k are ``asset[member[k]:member[k + 1]]``.
    """

    start: NDArray[np.int32]
    value: Floats
    curve: NDArray[np.uint16]
    group: NDArray[np.int32]
    member: NDArray[np.int32]
    asset: NDArray[np.int32]


class Rows(NamedTuple):
    """Depths [m] of the events by place, as in a CSR array with rising indices in every row."""

    indptr: NDArray[np.int64]
    indices: Any
    data: Any


@njit(cache=True, nogil=True, error_model="numpy")
def is_laid(place: Any, curve: Any, group: Any) -> bool:
    """Return whether assets stand in the order of place, curve and group, and all have a place."""
    for i in range(1, place.size):
        before, here = (place[i - 1], curve[i - 1], group[i - 1]), (place[i], curve[i], group[i])
        if here < before:
            return False
    return place.size == 0 or place[0] >= 0


@njit(cache=True, nogil=True, error_model="numpy")
def lay(lots: Lots, place: Any, curve: Any, group: Any, value: Any) -> int:
    """Fill in all of `lots` but `asset`, which holds the assets in order; return how many lots there are."""
    lot = -1
    for m in range(lots.asset.size):
        i, last = lots.asset[m], lots.asset[max(m - 1, 0)]
        if m == 0 or place[i] != place[last] or curve[i] != curve[last] or group[i] != group[last]:
            lot += 1
            lots.start[place[i] + 1] += 1
            lots.value[lot] = 0.0
            lots.curve[lot], lots.group[lot] = curve[i], group[i]
            lots.member[lot] = m
        lots.value[lot] += value[i]
    lots.member[lot + 1] = lots.asset.size
    for p in range(1, lots.start.size):
        lots.start[p] += lots.start[p - 1]
    return lot + 1


@njit(nogil=True, error_model="numpy", inline="always")
def _share(t, curve, depth):
    # A depth never lies below the knots of the bins before its own: the same monotone formula placed both.
    x = min(np.float64(depth), t.top[curve])
    k = np.uint64(t.first[curve * WIDTH + np.uint64(np.int64(x * t.scale[curve]))])
    k += FOUR * np.uint64(x >= t.stretch[k])  # without a jump: nearly every bin has one knot at most
    while x >= t.stretch[k]:
        k += FOUR
    return t.stretch[k + THREE] + t.stretch[k + TWO] * (x - t.stretch[k + ONE])


@njit(nogil=True, error_model="numpy", inline="always")
def _find(indices, low, high, place):
    if low == high or indices[high - 1] < place:
        return high
    while low < high:
        middle = (low + high) >> 1
        if indices[middle] < place:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True, error_model="numpy")
def cut(rows: Rows, edges: Any, cuts: Any, begin: int, end: int) -> bool:
    """Set where the rows from `begin` to `end` pass into each block; return whether places rise in them, in range.

    `edges` ``(blocks + 1,)`` are the first places of the blocks and the number of places; `cuts` ``(blocks + 1,
    events)`` the positions in `rows`.
    """
    wrong = 0
    for event in range(begin, end):
        at, last = rows.indptr[event], rows.indptr[event + 1]
        row = rows.indices[at:last]
        before, after = row[:-1], row[1:]
        for i in range(after.size):
            wrong += after[i] <= before[i]
        if at < last:
            wrong += rows.indices[at] < edges[0] or rows.indices[last - 1] >= edges[-1]
        for b in range(edges.size):
            at = _find(rows.indices, at, last, edges[b])
            cuts[b, event] = at
    return wrong == 0


@njit(cache=True, nogil=True, error_model="numpy")
def add_block(rows: Rows, lots: Lots, t: Table, frequency: Any, block: Any, at_event: Any, expected: Any) -> None:
    """Set the loss in a block of places at each event, and add to the expected share of its lots.

    `block` is its first lot and the one after its last, and where its places begin and end in each row
    ``(2, events)``; `frequency` and `at_event` ``(events,)``; `expected` ``(lots,)`` [1/year], of which only those of
    the block are touched.
    """
    low, high, cuts = block
    base = np.uint64(low)
    local = np.zeros(high - low)
    for event in range(frequency.size):
        first, last = cuts[0, event], cuts[1, event]
        often = frequency[event]
        total = 0.0
        for strip in range(first, last, STRIP):
            part = 0.0
            for i in range(strip, min(strip + STRIP, last)):
                depth = rows.data[i]
                if depth > 0:
                    place = np.uint64(rows.indices[i])
                    for lot in range(np.uint64(lots.start[place]), np.uint64(lots.start[place + ONE])):
                        share = _share(t, np.uint64(lots.curve[lot]), depth)
                        part += lots.value[lot] * share
                        local[lot - base] += often * share
            total += part
        at_event[event] = total
    for k in range(local.size):
        expected[base + np.uint64(k)] += local[k]


@njit(cache=True, nogil=True, error_model="numpy")
def add_groups(rows: Rows, lots: Lots, t: Table, at_event: Any, begin: int, end: int) -> None:
    """Add the losses of each group at the events from `begin` to `end` to `at_event` ``(events, groups)``."""
    for event in range(begin, end):
        for i in range(rows.indptr[event], rows.indptr[event + 1]):
            depth = rows.data[i]
            if depth > 0:
                place = np.uint64(rows.indices[i])
                for lot in range(np.uint64(lots.start[place]), np.uint64(lots.start[place + ONE])):
                    share = _share(t, np.uint64(lots.curve[lot]), depth)
                    at_event[event, lots.group[lot]] += lots.value[lot] * share


@njit(cache=True, nogil=True, error_model="numpy")
def hand_out(lots: Lots, share: Any, value: Any, expected: Any) -> None:
    """Set the expected loss of each asset ``(assets,)`` [money/year] from that of its lot, a share ``(lots,)``."""
    for lot in range(share.size):
        for m in range(lots.member[lot], lots.member[lot + 1]):
            asset = lots.asset[m]
            expected[asset] = value[asset] * share[lot]


@njit(nogil=True, error_model="numpy", inline="always")
def _lose(lots, t, value, place, depth, loss):
    total = 0.0
    for lot in range(np.uint64(lots.start[place]), np.uint64(lots.start[place + ONE])):
        share = _share(t, np.uint64(lots.curve[lot]), depth)
        total += lots.value[lot] * share
        for m in range(lots.member[lot], lots.member[lot + ONE]):
            asset = lots.asset[m]
            loss[asset] = value[asset] * share
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def lose_everywhere(depth: Any, lots: Lots, t: Table, value: Any, loss: Any) -> float:
    """Set the loss of each asset ``(assets,)`` at one event, `depth` ``(places,)``; return their sum."""
    total = 0.0
    for strip in range(0, depth.size, STRIP):
        part = 0.0
        for place in range(strip, min(strip + STRIP, depth.size)):
            if depth[place] > 0:
                part += _lose(lots, t, value, np.uint64(place), depth[place], loss)
        total += part
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def lose_at(places: Any, depth: Any, lots: Lots, t: Table, value: Any, loss: Any) -> float:
    """Set the loss of each asset ``(assets,)`` at one event with `depth` at some `places`; return their sum."""
    total = 0.0
    for strip in range(0, depth.size, STRIP):
        part = 0.0
        for i in range(strip, min(strip + STRIP, depth.size)):
            if depth[i] > 0:
                part += _lose(lots, t, value, np.uint64(places[i]), depth[i], loss)
        total += part
    return total
