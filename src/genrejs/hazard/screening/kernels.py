"""Compiled loops of the screening: flood from the outlets, flow downhill, nest hollows, pour rain.

Cells are numbered row by row. The neighbours of a cell are numbered E, S, W, N, SE, SW, NW, NE (0..7).
One file, so that numba sees every change of it and never keeps code that is out of date.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

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
        if right < size and (
            keys[right] < keys[below] or (keys[right] == keys[below] and items[right] < items[below])
        ):
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
                    item, key = np.int64(n + overs), top
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


@njit(cache=True)
def downstream(basin: Any, direction: Any, width: Any) -> None:
    """Give every cell with `basin` below 0 the basin that its water meets first, 0 where it leaves."""
    for start in range(basin.size):
        i = start
        while basin[i] < 0:
            k = direction[i]
            if k >= LEAVES:
                break
            i += DOWN[k] * width + RIGHT[k]
        found = max(basin[i], 0)
        i = start
        while basin[i] < 0:
            basin[i] = found
            k = direction[i]
            if k >= LEAVES:
                break
            i += DOWN[k] * width + RIGHT[k]


@njit(cache=True)
def survey(z: Any, level: Any, hollow: Any, direction: Any, width: Any, hollows: Any) -> Any:
    """Return of each hollow its cells, depth [m], volume per cell area [m], last cell and the cell it pours to."""
    cells, depth, volume = np.zeros(hollows, np.int64), np.zeros(hollows), np.zeros(hollows)
    last, sill = np.zeros(hollows, np.int64), np.zeros(hollows, np.int64)
    for i in range(z.size):
        h = hollow[i] - 1
        if h < 0:
            continue
        cells[h] += 1
        volume[h] += level[i] - z[i]
        depth[h] = max(depth[h], level[i] - z[i])
        j = i + DOWN[direction[i]] * width + RIGHT[direction[i]]
        if hollow[j] != h + 1:
            last[h], sill[h] = i, j
    return cells, depth, volume, last, sill


@njit(cache=True)
def cascade(own: Any, spills_to: Any, capacity: Any) -> Any:
    """Return what reaches each hollow when those of higher number pass on what is above their capacity."""
    total = own.copy()
    for h in range(own.size - 1, -1, -1):
        if spills_to[h] > 0:
            total[spills_to[h] - 1] += max(total[h] - capacity[h], 0.0)
    return total


@njit(cache=True)
def tally(basin: Any, amount: Any, basins: Any) -> Any:
    """Return the sum of `amount` (one for all cells, or one each) over every basin 0..basins-1."""
    total = np.zeros(basins)
    for i in range(basin.size):
        total[basin[i]] += amount[i] if amount.size > 1 else amount[0]
    return total


@njit(cache=True)
def accumulate(direction: Any, width: Any) -> Any:
    """Return how many cells drain through each cell, itself among them; 0 outside."""
    n = direction.size
    waits = np.zeros(n, np.uint8)
    for i in range(n):
        k = direction[i]
        if 0 <= k < LEAVES:
            waits[i + DOWN[k] * width + RIGHT[k]] += 1
    count = np.ones(n, np.int32)
    for start in range(n):
        if direction[start] == OUTSIDE:
            count[start] = 0
        if waits[start] > 0:
            continue
        i = start
        while True:
            waits[i] = 255
            k = direction[i]
            if k < 0 or k >= LEAVES:
                break
            j = i + DOWN[k] * width + RIGHT[k]
            count[j] += count[i]
            waits[j] -= 1
            if waits[j] > 0:
                break
            i = j
    return count


@njit(cache=True)
def _root(up: Any, node: Any) -> Any:
    while up[node] != node:
        up[node] = up[up[node]]
        node = up[node]
    return node


@njit(cache=True)
def _join(tree: Any, table: Any, up: Any, new: Any, a: Any, b: Any, spill: Any) -> None:
    """Make node `new` of the full basins `a` and `b`; see `nest` for the columns."""
    for part in (np.int64(a), np.int64(b)):
        tree[part, 0] = new
        up[part] = new
        table[part, 0] = spill
        table[part, 1] = max(table[part, 1], table[part, 3] - table[part, 2] * (table[part, 4] - spill))
    tree[new, 0] = -1
    tree[new, 2], tree[new, 3] = a, b
    table[new, 2] = table[a, 2] + table[b, 2]
    table[new, 3] = table[a, 3] + table[b, 3]
    table[new, 4] = table[a, 4]
    table[new, 1] = table[a, 1] + table[b, 1]
    up[new] = new


@njit(cache=True)
def _open(i: Any, k: Any, z: Any, hollow: Any, east: Any, south: Any, width: Any) -> Any:
    """Return the neighbour `k` of `i` in the same hollow and how high the way is; -1 without one.

    Cells of a hollow may lie at the edge of the map only in a row's first or last place, hence the look at columns.
    """
    c = i % width + RIGHT[k]
    j = i + DOWN[k] * width + RIGHT[k]
    if c < 0 or c >= width or j < 0 or j >= z.size or hollow[j] != hollow[i]:
        return -1, 0.0
    top = max(z[i], z[j])
    if east.size > 0:
        top = max(top, crest(i, k, east, south, width))
    return j, top


@njit(cache=True)
def bottoms(cells: Any, z: Any, hollow: Any, east: Any, south: Any, width: Any, ways: Any) -> Any:
    """Return how many cells of hollows have no way down and none to a level cell of lower number: at least the pits."""
    count = 0
    for i in cells:
        lowest = True
        for k in range(ways):
            j, top = _open(i, k, z, hollow, east, south, width)
            if j >= 0 and top <= z[i] and (z[j] < z[i] or j < i):
                lowest = False
                break
        count += lowest
    return count


@njit(cache=True)
def overs(cells: Any, z: Any, level: Any, hollow: Any, east: Any, south: Any, width: Any, ways: Any) -> Any:
    """Return the ways over walls inside hollows: cell, neighbour and crest, the crest above both grounds."""
    count = 0
    for fill in range(2):
        if fill:
            a, b, tops = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count)
            count = 0
        for i in cells:
            for k in range(ways):
                j, top = _open(i, k, z, hollow, east, south, width)
                if j > i and top > max(z[i], z[j]) and top <= level[i]:
                    if fill:
                        a[count], b[count], tops[count] = i, j, top
                    count += 1
    return a, b, tops


@njit(cache=True)
def nest(
    cells: Any, z: Any, level: Any, hollow: Any, pit: Any, walls: Any, most: Any, east: Any, south: Any, width: Any,
    ways: Any,
) -> Any:  # fmt: skip
    """Grow every pit upwards and join basins where they meet (barnes2020): a forest, one tree for each hollow.

    `cells` of hollows in order of height; `walls` (cell, neighbour, crest) in order of crest; `pit` receives each
    cell's pit (from 0). Nodes 0..most-1 are pits, above are joined basins, children before parents.
    Returns the numbers of pits and joints, `tree` (parent, pit that its overflow runs to, child, child) and `table`
    (spill level, volume below it per cell area, cells, their depth below the hollow's level, that level), and a lowest
    cell of each pit.
    """
    wall_a, wall_b, wall_top = walls
    tree = np.full((2 * most, 4), -1, np.int32)
    table = np.zeros((2 * most, 5))
    lowest = np.zeros(most, np.int32)
    up = np.arange(2 * most).astype(np.int32)
    line = np.empty(max(cells.size, 1), np.int32)
    pits, joints, wall = 0, 0, 0
    begin = 0
    while begin < cells.size or wall < wall_top.size:
        height = z[cells[begin]] if begin < cells.size else np.inf
        while wall < wall_top.size and wall_top[wall] < height:
            a, b = _root(up, pit[wall_a[wall]]), _root(up, pit[wall_b[wall]])
            if a != b:
                tree[a, 1], tree[b, 1] = pit[wall_b[wall]], pit[wall_a[wall]]
                _join(tree, table, up, most + joints, a, b, wall_top[wall])
                joints += 1
            wall += 1
        end = begin
        while end < cells.size and z[cells[end]] == height:
            end += 1
        waiting, done = 0, 0
        for seek in range(begin, 2 * end - begin):
            # First the cells that have a way down, then those left over: new pits. In between, flats from their edges.
            i = cells[seek] if seek < end else cells[seek - end + begin]
            if pit[i] < 0:
                best = 0.0
                found = -1
                for k in range(ways):
                    j, top = _open(i, k, z, hollow, east, south, width)
                    if j >= 0 and top <= height and (height - z[j]) / LENGTH[k] > best:
                        best = (height - z[j]) / LENGTH[k]
                        found = pit[j]
                if found < 0 and seek >= end:
                    found = pits
                    table[found, 4] = level[i]
                    lowest[pits] = i
                    pits += 1
                if found >= 0:
                    pit[i] = found
                    line[waiting] = i
                    waiting += 1
            if seek < end - 1:
                continue
            while done < waiting:
                i = np.int64(line[done])
                done += 1
                root = _root(up, pit[i])
                table[root, 2] += 1.0
                table[root, 3] += level[i] - height
                for k in range(ways):
                    j, top = _open(i, k, z, hollow, east, south, width)
                    if j < 0 or top > height:
                        continue
                    if pit[j] < 0:
                        if z[j] == height:
                            pit[j] = pit[i]
                            line[waiting] = j
                            waiting += 1
                        continue
                    other = _root(up, pit[j])
                    if other != root:
                        tree[root, 1], tree[other, 1] = pit[j], pit[i]
                        _join(tree, table, up, most + joints, root, other, height)
                        root = np.int64(most + joints)
                        joints += 1
        begin = end
    for node in range(2 * most):
        if up[node] == node and table[node, 2] > 0:
            table[node, 0] = table[node, 4]
            table[node, 1] = max(table[node, 3], table[node, 1])
    return pits, joints, tree, table, lowest


@njit(cache=True)
def pour(arriving: Any, parent: Any, sibling: Any, target: Any, volume: Any) -> Any:
    """Let the water [m3] `arriving` at each pit run on until it rests or leaves.

    A basin that is full passes on to its target pit, two full siblings become their parent. Returns each basin's water
    (its children's in it), which basins are full, and the water that left. Where water lands is kept by path
    compression, so that long chains cost little.
    """
    nodes = volume.size
    lands = np.arange(nodes + 1).astype(np.int32)
    full = np.zeros(nodes, np.bool_)
    water = np.zeros(nodes)
    left = 0.0
    for start in range(arriving.size):
        rest = arriving[start]
        node = _root(lands, start)
        while rest > 0.0:
            if node == nodes:
                left += rest
                break
            room = max(volume[node] - water[node], 0.0)
            if rest < room:
                water[node] += rest
                break
            rest -= room
            water[node] = volume[node]
            full[node] = True
            if parent[node] >= 0 and full[sibling[node]]:
                water[parent[node]] = volume[node] + volume[sibling[node]]
                lands[node] = parent[node]
            else:
                lands[node] = target[node] if target[node] >= 0 else nodes
            node = _root(lands, node)
    return water, full, left


@njit(cache=True)
def rest_levels(pools: Any, heights: Any, begin: Any, depth: Any, level: Any) -> None:
    """Find the level [m] of each pool whose sorted `heights` start at `begin` and that holds `depth` [m times cells]."""
    for place in range(pools.size):
        total = 0.0
        first, last = begin[place], begin[place + 1]
        for k in range(first, last):
            total += heights[k]
            count = k - first + 1
            if k + 1 == last or count * heights[k + 1] - total >= depth[place]:
                level[pools[place]] = (depth[place] + total) / count
                break
