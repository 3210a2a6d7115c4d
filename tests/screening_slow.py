"""Plain slow twins of the screening kernels, written from the definitions, not from the kernels."""

from __future__ import annotations

import heapq

import numpy as np

STEPS = [(0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1)]


def face(r, c, step, east, south):
    """Return the crest from cell (r, c) one step on; past a corner that of the lower way round."""
    dr, dc = step
    if dr == 0:
        return east[r, c if dc > 0 else c - 1]
    if dc == 0:
        return south[r if dr > 0 else r - 1, c]
    sideways = max(face(r, c, (0, dc), east, south), face(r, c + dc, (dr, 0), east, south))
    lengthways = max(face(r, c, (dr, 0), east, south), face(r + dr, c, (0, dc), east, south))
    return min(sideways, lengthways)


def ways(shape, r, c, neighbours):
    """Yield the steps from a cell that stay on the map."""
    for dr, dc in STEPS[:neighbours]:
        if 0 <= r + dr < shape[0] and 0 <= c + dc < shape[1]:
            yield dr, dc


def minimax(z, seeds, neighbours, east=None, south=None):
    """Return the lowest level at which water from the seeds reaches each cell: Dijkstra with maxima for sums."""
    east = np.full(z.shape, -np.inf) if east is None else east
    south = np.full(z.shape, -np.inf) if south is None else south
    level = np.full(z.shape, np.inf)
    heap = []
    for r, c in np.argwhere(seeds & np.isfinite(z)):
        level[r, c] = z[r, c]
        heapq.heappush(heap, (z[r, c], r, c))
    while heap:
        height, r, c = heapq.heappop(heap)
        if height > level[r, c]:
            continue
        for step in ways(z.shape, r, c, neighbours):
            a, b = r + step[0], c + step[1]
            if np.isnan(z[a, b]):
                continue
            there = max(height, z[a, b], face(r, c, step, east, south))
            if there < level[a, b]:
                level[a, b] = there
                heapq.heappush(heap, (there, a, b))
    return level


def edge(z):
    """Return the cells at the edge of the map or beside NaN."""
    padded = np.pad(np.isfinite(z), 1)
    around = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return np.isfinite(z) & ~around


class Valley:
    """Water in a profile: an amount runs down, raises its pool, goes over the lower rim; both ends are open."""

    def __init__(self, z):
        self.ground = np.array(z, float)
        self.surface = self.ground.copy()
        self.left = 0.0

    def pour(self, x, amount):
        """Let an amount [m times cells] at cell x come to rest."""
        s, end = self.surface, len(self.surface) - 1
        while amount > 0:
            a = b = x
            while a > 0 and s[a - 1] == s[x]:
                a -= 1
            while b < end and s[b + 1] == s[x]:
                b += 1
            west, east = (s[a - 1] if a > 0 else np.inf), (s[b + 1] if b < end else np.inf)
            if min(west, east) < s[x]:
                if west < s[x] and east < s[x]:  # on a crest the steeper ground decides, whatever water stands there
                    west, east = self.ground[a - 1], self.ground[b + 1]
                x = a - 1 if west <= east else b + 1
                continue
            if a == 0 or b == end:
                self.left += amount
                return
            rise = min(amount / (b - a + 1), min(west, east) - s[x])
            full = rise == min(west, east) - s[x]
            s[a : b + 1] = min(west, east) if full else s[x] + rise
            amount = amount - rise * (b - a + 1) if full else 0.0
