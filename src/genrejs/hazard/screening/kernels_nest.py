"""Compiled loops: pits that grow and join into basins, and the water that comes to rest in them."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from genrejs.hazard.screening.kernels_spill import DOWN, LENGTH, RIGHT, crest


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

    A cell at the edge of the map is never part of a hollow, so each cell of one has all its neighbours.
    """
    j = i + DOWN[k] * width + RIGHT[k]
    if hollow[j] != hollow[i]:
        return -1, 0.0
    top = max(z[i], z[j])
    if east.size > 0:
        top = max(top, crest(i, k, east, south, width))
    return j, top


@njit(cache=True)
def ranked(z: Any, hollow: Any, count: Any) -> Any:
    """Return the cells of all hollows, hollow after hollow, each from its lowest cell up; `count` cells in each."""
    begin = np.zeros(count.size + 1, np.int64)
    for h in range(count.size):
        begin[h + 1] = begin[h] + count[h]
    cells = np.empty(begin[count.size], np.int32)
    place = begin[:-1].copy()
    for i in range(z.size):
        h = hollow[i] - 1
        if h >= 0:
            cells[place[h]] = i
            place[h] += 1
    for h in range(count.size):
        part = cells[begin[h] : begin[h + 1]]
        if part.size > 1:
            part[:] = part[np.argsort(z[part], kind="mergesort")]
    return cells


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

    `cells` hollow after hollow in order of height; `walls` (cell, neighbour, crest) likewise in order of crest;
    `pit` receives each cell's pit (from 0). Nodes 0..most-1 are pits, above are joined basins, children before parents.
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
        ends = begin == cells.size
        height = np.inf if ends else z[cells[begin]]
        here = -1 if ends else np.int64(hollow[cells[begin]])
        while wall < wall_top.size and (hollow[wall_a[wall]] != here or wall_top[wall] < height):
            if not ends and hollow[wall_a[wall]] > here:
                break
            a, b = _root(up, pit[wall_a[wall]]), _root(up, pit[wall_b[wall]])
            if a != b:
                tree[a, 1], tree[b, 1] = pit[wall_b[wall]], pit[wall_a[wall]]
                _join(tree, table, up, most + joints, a, b, wall_top[wall])
                joints += 1
            wall += 1
        end = begin
        while end < cells.size and z[cells[end]] == height and hollow[cells[end]] == here:
            end += 1
        waiting, done = 0, 0
        for seek in range(begin, 2 * end - begin):
            # First the cells that have a way down, then those left over: new pits. In between, flats from their edges.
            i = cells[seek] if seek < end else cells[seek - end + begin]
            if pit[i] < 0:
                best, found, other, mixed = 0.0, -1, -1, False
                for k in range(ways):
                    j, top = _open(i, k, z, hollow, east, south, width)
                    if j < 0 or top > height or pit[j] < 0:
                        continue
                    mixed = mixed or (other >= 0 and pit[j] != other)
                    other = pit[j]
                    if (height - z[j]) / LENGTH[k] > best:
                        best = (height - z[j]) / LENGTH[k]
                        found = other
                if found >= 0 and end - begin == 1 and not mixed:
                    pit[i] = found
                    root = _root(up, found)
                    table[root, 2] += 1.0
                    table[root, 3] += level[i] - height
                    break
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
    """Find the level [m] of each pool: its sorted `heights` start at `begin`, it holds `depth` [m times cells]."""
    for place in range(pools.size):
        total = 0.0
        first, last = begin[place], begin[place + 1]
        for k in range(first, last):
            total += heights[k]
            count = k - first + 1
            if k + 1 == last or count * heights[k + 1] - total >= depth[place]:
                level[pools[place]] = (depth[place] + total) / count
                break
