"""Compiled loops: the level at which water from outlets or the sea reaches each cell, and the steepest way down.

Cells are numbered row by row. The neighbours of a cell are numbered E, S, W, N, SE, SW, NW, NE (0..7). Compiled code is
kept by file: after a change of `crest` the kept code of the files that import it must be removed.
"""
# mypy: allow-untyped-decorators, disable-error-code="assignment,no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

DOWN = (0, 1, 0, -1, 1, 1, -1, -1)
RIGHT = (1, 0, -1, 0, 1, -1, -1, 1)
BACK = (2, 3, 0, 1, 6, 7, 4, 5)
LENGTH = (1.0, 1.0, 1.0, 1.0, 2.0**0.5, 2.0**0.5, 2.0**0.5, 2.0**0.5)
LEAVES = 8
"""Direction of a cell at the edge of the map through which water leaves."""
OUTLET = 9
"""Direction of a cell where water leaves by order, such as the sea."""
OUTSIDE = 10
"""Direction of a cell without ground."""
UNSEEN = -1


@njit(cache=True)
def crest(i: Any, k: Any, east: Any, south: Any, width: Any) -> Any:
    """Return the crest between cell `i` and its neighbour `k`; past a corner, that of the lower way round it."""
    if k == 0:
        return east[i]
    if k == 1:
        return south[i]
    if k == 2:
        return east[i - 1]
    if k == 3:
        return south[i - width]
    j = i + DOWN[k] * width + RIGHT[k]
    west = min(i, i + RIGHT[k])
    north = min(i, i + DOWN[k] * width)
    across_first = max(east[west], south[north + RIGHT[k]])
    down_first = max(south[north], east[min(j, j - RIGHT[k])])
    return min(across_first, down_first)


@njit(cache=True)
def _sift_up(keys: Any, items: Any, size: Any, key: Any, item: Any) -> Any:
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if keys[above] < key or (keys[above] == key and items[above] < item):
            break
        keys[place], items[place] = keys[above], items[above]
        place = above
    keys[place], items[place] = key, item


@njit(cache=True)
def _sift_down(keys: Any, items: Any, size: Any) -> Any:
    """Take the last entry to the top's place; `size` is the number of entries afterwards."""
    key, item = keys[size], items[size]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        right = below + 1
        if right < size and (keys[right] < keys[below] or (keys[right] == keys[below] and items[right] < items[below])):
            below = right
        if key < keys[below] or (key == keys[below] and item < items[below]):
            break
        keys[place], items[place] = keys[below], items[below]
        place = below
    keys[place], items[place] = key, item


@njit(cache=True)
def _wall_count(east: Any, south: Any) -> Any:
    """Return how many passages over a crest the flood may have to remember."""
    faces = 0
    for i in range(east.size):
        faces += (east[i] > -np.inf) + (south[i] > -np.inf)
    return 10 * faces


@njit(cache=True)
def flood(z: Any, direction: Any, east: Any, south: Any, width: Any, ways: Any, named: Any) -> Any:
    """Flood the ground from the cells whose direction is LEAVES or OUTLET; cells UNSEEN are reached.

    Exact priority-flood (barnes2014): a cell's level is the lowest crest of all ways to it. Levels are taken in order
    from buckets of a narrow range, the lowest bucket as a heap on (level, cell number); hollows and flats, which need
    no order, go through two plain queues, hollows first. All queues are lists through `follows`.
    Returns levels (inf where no way leads), the hollow of each cell (1, 2, ... in order of flooding; 0 outside; of
    size 0 unless `named`) and the number of hollows. `direction` ends as the neighbour each cell was flooded from.
    """
    n = z.size
    walled = east.size > 0
    level = np.full(n, np.inf)
    hollow = np.zeros(n if named else 0, np.int32)
    hollows = 0
    spare = _wall_count(east, south) if walled else 0
    follows = np.empty(n + spare, np.int32)
    over_cell, over_way, over_crest = np.empty(spare, np.int32), np.empty(spare, np.int8), np.empty(spare)
    overs = 0
    low, high = np.inf, -np.inf
    for i in range(n):
        if z[i] < low:
            low = z[i]
        if z[i] > high:
            high = z[i]
    buckets = max(1, min(1 << 20, n >> 5))
    scale = (buckets - 1) / (high - low) if high > low else 0.0
    first = np.full(buckets, -1, np.int32)
    keys, items = np.empty(1024), np.empty(1024, np.int32)
    size = 0
    now = -1
    pit_first, pit_last, flat_first, flat_last = -1, -1, -1, -1
    for i in range(n):
        if direction[i] == LEAVES or direction[i] == OUTLET:
            level[i] = z[i]
            b = int((z[i] - low) * scale)
            follows[i] = first[b]
            first[b] = i
    while True:
        if pit_first >= 0:
            p = pit_first
            pit_first = follows[p] if p != pit_last else -1
        elif flat_first >= 0:
            p = flat_first
            flat_first = follows[p] if p != flat_last else -1
        else:
            while size == 0 and now + 1 < buckets:
                now += 1
                item = first[now]
                while item >= 0:
                    if size == keys.size:
                        keys = np.concatenate((keys, np.empty(size)))
                        items = np.concatenate((items, np.empty(size, np.int32)))
                    _sift_up(keys, items, size, z[item] if item < n else over_crest[item - n], item)
                    size += 1
                    item = follows[item]
            if size == 0:
                break
            p = np.int64(items[0])
            size -= 1
            _sift_down(keys, items, size)
            if p >= n:
                over = p - n
                p = np.int64(over_cell[over])
                if direction[p] != UNSEEN:
                    continue
                direction[p] = over_way[over]
                level[p] = over_crest[over]
                hollows += 1
                if named:
                    hollow[p] = hollows
        here = level[p]
        row, column = p // width, p % width
        for k in range(ways):
            r, c = row + DOWN[k], column + RIGHT[k]
            if r < 0 or c < 0 or c >= width or r * width + c >= n:
                continue
            j = r * width + c
            if direction[j] != UNSEEN:
                continue
            if walled:
                top = crest(p, k, east, south, width)
                if top == np.inf:
                    continue
                if top > here and top > z[j]:
                    key, item = top, np.int64(n + overs)
                    over_cell[overs], over_way[overs], over_crest[overs] = j, BACK[k], top
                    overs += 1
                    b = min(int((key - low) * scale), buckets - 1)
                    if b > now:
                        follows[item] = first[b]
                        first[b] = item
                    else:
                        if size == keys.size:
                            keys = np.concatenate((keys, np.empty(size)))
                            items = np.concatenate((items, np.empty(size, np.int32)))
                        _sift_up(keys, items, size, key, item)
                        size += 1
                    continue
            direction[j] = BACK[k]
            if z[j] > here:
                level[j] = z[j]
                b = int((z[j] - low) * scale)
                if b > now:
                    follows[j] = first[b]
                    first[b] = j
                else:
                    if size == keys.size:
                        keys = np.concatenate((keys, np.empty(size)))
                        items = np.concatenate((items, np.empty(size, np.int32)))
                    _sift_up(keys, items, size, z[j], j)
                    size += 1
                continue
            level[j] = here
            if z[j] < here:
                if pit_first < 0:
                    pit_first = j
                else:
                    follows[pit_last] = j
                pit_last = j
                if named:
                    if hollow[p] > 0:
                        hollow[j] = hollow[p]
                        continue
                    # The whole hollow is flooded through its first cell; only then this sill looks further.
                    hollows += 1
                    hollow[j] = hollows
                    follows[p] = flat_first
                    if flat_first < 0:
                        flat_last = p
                    flat_first = p
                    break
            else:
                if flat_first < 0:
                    flat_first = j
                else:
                    follows[flat_last] = j
                flat_last = j
    return level, hollow, hollows


@njit(cache=True)
def steepest(z: Any, level: Any, hollow: Any, direction: Any, east: Any, south: Any, width: Any, ways: Any) -> None:
    """Turn cells outside hollows to their steepest way down the filled ground, of equal ones to the lowest `z`.

    Cells on flats keep the way they were flooded from.
    """
    walled = east.size > 0
    n = level.size
    for i in range(n):
        if hollow[i] > 0 or direction[i] > LEAVES:
            continue
        row, column = i // width, i % width
        best, lowest = 0.0, np.inf
        for k in range(ways):
            r, c = row + DOWN[k], column + RIGHT[k]
            if r < 0 or c < 0 or c >= width or r * width + c >= n:
                continue
            j = r * width + c
            slope = (level[i] - level[j]) / LENGTH[k]
            better = slope > best or (slope == best and slope > 0.0 and z[j] < lowest)
            if better and not (walled and crest(i, k, east, south, width) > level[i]):
                best, lowest = slope, z[j]
                direction[i] = k
