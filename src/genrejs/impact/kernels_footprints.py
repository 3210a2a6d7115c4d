"""Compiled loops: the cells that polygons meet, exactly, and what a raster holds there.

A cell is met when its closed square and the closed polygon share a point: an edge touches the square, or the square
lies inside. Which squares an edge touches is asked of floating-point numbers; where those are within rounding of a line
between cells, of the exact sign of a determinant. Squares that no edge touches are inside when their centre is
(even-odd over all rings), which no rounding can turn: the centre is half a cell away from every edge.

All functions are in this one file, because Numba looks at a function's own file to see whether it has changed.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"
# ruff: noqa: PLR0913, PLR0917, RUF046

from __future__ import annotations

from math import floor

import numpy as np
from numba import njit

SCRATCH = 1 << 16
"""Words of 64 cells that are marked at a time; a footprint with more is laid in bands of rows."""

NONE, ONE, ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
PLACES = np.zeros(64, np.int64)
"""Place of the only bit in a word, by the six highest bits of the word times `DE_BRUIJN`."""
for _bit in range(64):
    PLACES[((1 << _bit) * int(DE_BRUIJN) >> 58) & 63] = _bit

SPLIT = 134217729.0
"""2**27 + 1: cuts a float64 into halves whose products are exact (Dekker 1971)."""

ROUNDING = 3.3306690738754716e-16
"""Bound on the error of a determinant, as a share of the sum of its two products (Shewchuk 1997, orient2d)."""


@njit(cache=True, nogil=True)
def _product_error(a, b, product):
    """Return what rounding took from `a * b`."""
    c = SPLIT * a
    high_a = c - (c - a)
    low_a = a - high_a
    c = SPLIT * b
    high_b = c - (c - b)
    low_b = b - high_b
    return low_a * low_b - (((product - high_a * high_b) - low_a * high_b) - high_a * low_b)


@njit(cache=True, nogil=True)
def _exact_side(ax, ay, bx, by, cx, cy):
    """Return the sign of the determinant without rounding: its six products as a sum of numbers that do not overlap."""
    left = (ax, -ax, -cx, -ay, ay, cy)
    right = (by, cy, by, bx, cx, bx)
    parts = np.zeros(12)
    count = 0
    for k in range(6):
        product = left[k] * right[k]
        for new in (_product_error(left[k], right[k], product), product):
            total = new
            for i in range(count):
                s = total + parts[i]
                back = s - total
                parts[i] = (total - (s - back)) + (parts[i] - back)
                total = s
            parts[count] = total
            count += 1
    for i in range(count - 1, -1, -1):
        if parts[i] != 0.0:
            return 1.0 if parts[i] > 0.0 else -1.0
    return 0.0


@njit(cache=True, nogil=True)
def side(ax, ay, bx, by, cx, cy):
    """Return a positive number where c is left of the way from a to b, a negative one right of it, 0 on its line."""
    one, other = (ax - cx) * (by - cy), (ay - cy) * (bx - cx)
    determinant = one - other
    if abs(determinant) > ROUNDING * (abs(one) + abs(other)):
        return determinant
    return _exact_side(ax, ay, bx, by, cx, cy)


@njit(cache=True, nogil=True)
def touches(px, py, qx, qy, west, south, east, north):
    """Return whether the edge from p up to q (`py` <= `qy`) shares a point with the closed square, exactly."""
    if max(px, qx) < west or min(px, qx) > east or qy < south or py > north:
        return False
    if px == qx or py == qy:
        return True
    if qx > px:
        one, other = side(px, py, qx, qy, west, north), side(px, py, qx, qy, east, south)
    else:
        one, other = side(px, py, qx, qy, west, south), side(px, py, qx, qy, east, north)
    return not ((one > 0.0 and other > 0.0) or (one < 0.0 and other < 0.0))


@njit(cache=True, nogil=True)
def _mark_span(marks, base, start, stop):
    """Set the bits `start` to `stop`, both included, of the row that begins at word `base`."""
    first, last = start >> 6, stop >> 6
    for word in range(first, last + 1):
        bits = ALL
        if word == first:
            bits &= ALL << np.uint64(start & 63)
        if word == last:
            bits &= ALL >> np.uint64(63 - (stop & 63))
        marks[base + word] |= bits


@njit(cache=True, nogil=True)
def _mark_edge(touched, turned, window, grid, ends, near):
    """Mark what an edge touches in the rows of the window, and from where on it turns the inside."""
    top, bottom, left, right = window
    west, north, cell, share = grid
    px, py, qx, qy = ends
    if py > qy:
        px, py, qx, qy = qx, qy, px, py
    slope = (qx - px) / (qy - py) if qy > py else 0.0
    words = (right - left + 63) >> 6
    first = int(min(max(floor((north - qy) * share) - 1.0, float(top)), float(bottom)))
    last = int(min(max(floor((north - py) * share) + 1.0, -1.0), bottom - 1.0))
    for row in range(first, last + 1):
        upper = north - row * cell
        lower = upper - cell
        if qy < lower or py > upper:
            continue
        base = (row - top) * words
        at_lower = px if py >= lower else px + (lower - py) * slope
        at_upper = qx if qy <= upper else px + (upper - py) * slope
        low = min(max((min(at_lower, at_upper) - west) * share, left - 1.5), right + 1.5)
        high = min(max((max(at_lower, at_upper) - west) * share, left - 1.5), right + 1.5)
        start, stop = int(floor(low)), int(floor(high))
        if not (near < low - start < 1.0 - near and near < high - stop < 1.0 - near):
            for column in (start - 1, start, start + 1, stop - 1, stop, stop + 1):
                edge = west + column * cell
                if left <= column < right and touches(px, py, qx, qy, edge, lower, edge + cell, upper):
                    _mark_span(touched, base, column - left, column - left)
            start, stop = start + 2, stop - 2
        start, stop = max(start, left), min(stop, right - 1)
        if start <= stop:
            _mark_span(touched, base, start - left, stop - left)
        middle = north - (row + 0.5) * cell
        if py <= middle < qy:
            crossing = min(max((px + (middle - py) * slope - west) * share, left - 1.5), right + 1.5)
            column = max(int(floor(crossing + 0.5)), left) - left
            if column < right - left:
                turned[base + (column >> 6)] ^= ONE << np.uint64(column & 63)


@njit(cache=True, nogil=True)
def _mark(touched, turned, window, grid, xy, rings, near):
    """Mark what the edges of all `rings` (starts in `xy`) touch and turn; a footprint without rings is a point."""
    for word in range(touched.size):
        touched[word], turned[word] = ONE if rings.size < 2 else NONE, NONE
    for ring in range(rings.size - 1):
        for k in range(rings[ring], rings[ring + 1] - 1):
            _mark_edge(touched, turned, window, grid, (xy[k, 0], xy[k, 1], xy[k + 1, 0], xy[k + 1, 1]), near)


@njit(cache=True, nogil=True)
def _unskipped(bits, skip, row, column):
    """Return `bits` without those of cells to skip; bit 0 is at `column`."""
    for k in range(min(64, skip.shape[1] - column)):
        if skip[row, column + k]:
            bits &= ~(ONE << np.uint64(k))
    return bits


@njit(cache=True, nogil=True)
def _filled(turned, inside):
    """Return the bits between turns, from each turn up to the next; `inside` is all ones when the row is inside."""
    bits = turned
    for step in (1, 2, 4, 8, 16, 32):
        bits ^= bits << np.uint64(step)
    return bits ^ inside


@njit(cache=True, nogil=True)
def _grown(array, needed):
    """Return the array, or a larger one that begins with it."""
    if needed <= array.size:
        return array
    larger = np.empty(max(needed, 2 * array.size), np.int64)
    for k in range(array.size):
        larger[k] = array[k]
    return larger


@njit(cache=True, nogil=True)
def _find_runs(touched, turned, where, skip, first, length, filled):
    """Put the runs of one row's bits behind the `filled` ones; return how many there are and whether a cell is met.

    `where` is the row, its first column, the columns of the window and those of the grid.
    """
    row, left, width, columns = where
    inside, before, begun, met = NONE, NONE, np.int64(-1), False
    for word in range(touched.size):
        fill = _filled(turned[word], inside)
        inside = ALL if fill >> np.uint64(63) else NONE
        bits = touched[word] | fill
        if width - 64 * word < 64:
            bits &= (ONE << np.uint64(width - 64 * word)) - ONE
        met = met or bits != 0
        if skip.size and bits != 0:
            bits = _unskipped(bits, skip, row, left + 64 * word)
        changes = bits ^ ((bits << ONE) | before)
        before = bits >> np.uint64(63)
        while changes:
            lowest = changes & (~changes + ONE)
            column = 64 * word + PLACES[(lowest * DE_BRUIJN) >> np.uint64(58)]
            changes ^= lowest
            if begun < 0:
                begun = column
            else:
                first[filled], length[filled] = row * columns + left + begun, column - begun
                filled, begun = filled + 1, np.int64(-1)
    if begun >= 0:
        first[filled], length[filled] = row * columns + left + begun, width - begun
        filled += 1
    return filled, met


@njit(cache=True, nogil=True)
def lay(xy, rings, owners, windows, near, place, skip):
    """Return the runs of cells that each footprint meets, and whether it meets any cell, skipped ones included.

    The edges of footprint i are between following points of `xy` ``(k, 2)`` in ``rings[r]:rings[r + 1]``, r in
    ``owners[i]:owners[i + 1]``; `windows` ``(n, 4)`` are the first column, columns, first row and rows it may meet,
    `near` ``(n,)`` the share of a cell within which a column is asked exactly; `place` is west, north, cell size and
    columns of the grid; `skip` ``(y, x)`` marks cells left out, none where it is empty.

    A run is the flat number of its first cell and its length, in row-major order; ``runs[i]`` is how many i has.
    """
    west, north, cell, columns = place
    grid = (west, north, cell, 1.0 / cell)
    count = owners.size - 1
    runs, met = np.zeros(count, np.int64), np.zeros(count, np.bool_)
    first, length = np.empty(64 + 32 * count, np.int64), np.empty(64 + 32 * count, np.int64)
    most = max(SCRATCH, (columns + 63) >> 6)
    touched, turned = np.empty(most, np.uint64), np.empty(most, np.uint64)
    filled = 0
    for i in range(count):
        left, width, top, height = windows[i, 0], windows[i, 1], windows[i, 2], windows[i, 3]
        if width == 0 or height == 0:
            continue
        words = (width + 63) >> 6
        band = most // words
        before = filled
        for start in range(top, top + height, band):
            stop = min(start + band, top + height)
            size = (stop - start) * words
            window, lines = (start, stop, left, left + width), rings[owners[i] : owners[i + 1] + 1]
            _mark(touched[:size], turned[:size], window, grid, xy, lines, near[i])
            for row in range(start, stop):
                first, length = _grown(first, filled + width), _grown(length, filled + width)
                bits = slice((row - start) * words, (row - start + 1) * words)
                where = (row, left, width, columns)
                filled, some = _find_runs(touched[bits], turned[bits], where, skip, first, length, filled)
                met[i] |= some
        runs[i] = filled - before
    return runs, first, length, met, filled


@njit(cache=True, nogil=True)
def read(field, starts, first, length, which):
    """Return of some footprints the highest value, no data as 0, the sum, and the cells, those with data and the wet.

    `field` is flat; runs of footprint i are ``starts[i]:starts[i + 1]``; all results are of the footprints `which`
    ``(n,)`` and in their order, 0 without a cell.
    """
    count = which.size
    highest, total = np.zeros(count), np.zeros(count)
    cells, known, wet = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.int64)
    for i in range(count):
        best, some, damp, amount = -np.inf, 0, 0, 0.0
        begin, end = starts[which[i]], starts[which[i] + 1]
        for run in range(begin, end):
            cells[i] += length[run]
            for k in range(first[run], first[run] + length[run]):
                value = np.float64(field[k])
                if value == value:  # noqa: PLR0124  # a number
                    some += 1
                else:
                    value = np.float64(0.0)
                amount += value
                damp += 1 if value > 0.0 else 0
                best = value if value > best else best
        if end > begin:
            highest[i], total[i], known[i], wet[i] = best, amount, some, damp
    return highest, total, cells, known, wet
