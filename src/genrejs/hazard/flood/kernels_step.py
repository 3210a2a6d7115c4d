"""One time step on tiles: faces, limiter, depths.

Float operations are ordered so that mirrored and turned grids give mirrored and turned bits.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from genrejs.hazard.flood.kernels_math import as_bits, from_bits
from genrejs.hazard.flood.physics import inertial_face
from genrejs.hazard.flood.state import TILE_COLUMNS, TILE_ROWS, Fields, Tiles


@njit(cache=True, error_model="numpy")
def faces_tile(z, h, q, cross, bed, friction, new, first, width, along, aside, p):
    """Write the new discharge of a tile's faces in one direction; return how many might drain their cell.

    `along` is the step in memory to the cell across the face (1 east, width south), `aside` the step along the face.
    """
    number = h.dtype.type
    half, quarter, zero, room = number(0.5), number(0.25), number(0), p[5]
    numbers = (p[0], p[1], p[2], p[3], (p[4] + p[4]) + (p[4] + p[4]))
    crowd = np.int32(0)
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            here, there = h[i], h[i + along]
            sideways = quarter * ((cross[i] + cross[i + along]) + (cross[i - aside] + cross[i + along - aside]))
            flow = inertial_face(
                z[i] + here, z[i + along] + there, bed[i], (q[i], q[i - along], q[i + along], sideways),
                friction[i] + friction[i + along], numbers, half,
            )  # fmt: skip
            new[i] = flow
            upstream = here if flow > zero else there
            crowd = np.int32(crowd + np.int32(1 if abs(flow) * room > upstream else 0))
    return crowd


@njit(cache=True, error_model="numpy")
def faces_porous_tile(z, h, q, cross, bed, friction, new, ways, first, width, along, aside, p):
    """Do as `faces_tile` where a share of each face is built: `ways` are the open shares and `thin` of the cells.

    A discharge Q through a throat s is s q, so that gravity acts on s h and friction brakes Q / s.
    """
    number = h.dtype.type
    half, quarter, zero, room = number(0.5), number(0.25), number(0), p[5]
    four_dt = (p[4] + p[4]) + (p[4] + p[4])
    throat, thin = ways
    crowd = np.int32(0)
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            here, there, way = h[i], h[i + along], throat[i]
            sideways = quarter * ((cross[i] + cross[i + along]) + (cross[i - aside] + cross[i + along - aside]))
            flow = inertial_face(
                z[i] + here, z[i + along] + there, bed[i], (q[i], q[i - along], q[i + along], sideways),
                friction[i] + friction[i + along], (p[0], p[1], p[2], p[3] * way, four_dt / way), half,
            )  # fmt: skip
            new[i] = flow
            spread, upstream = (thin[i], here) if flow > zero else (thin[i + along], there)
            crowd = np.int32(crowd + np.int32(1 if abs(flow) * spread * room > upstream else 0))
    return crowd


@njit(cache=True, error_model="numpy")
def shares_tile(h, qx, qy, share, thin, first, width, p):
    """Write the share of the outgoing discharge that each cell can feed; return how many cells cannot feed all."""
    number = h.dtype.type
    zero, one = number(0), number(1)
    ratio, margin, porous = p[6], p[7], thin.size > 1
    short = np.int32(0)
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            east, west, south, north = qx[i], -qx[i - np.uint64(1)], qy[i], -qy[i - width]
            east = east if east > zero else zero
            west = west if west > zero else zero
            south = south if south > zero else zero
            north = north if north > zero else zero
            wanted = ratio * thin[i if porous else np.uint64(0)] * ((east + west) + (south + north))
            stock = margin * h[i]
            lacking = wanted > stock
            share[i] = stock / wanted if lacking else one
            short = np.int32(short + np.int32(1 if lacking else 0))
    return short


@njit(cache=True, error_model="numpy")
def limit_tile(q, share, first, width, along):
    """Cut a tile's discharges in one direction to the share that the cell they leave can feed."""
    zero = q.dtype.type(0)
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            flow = q[i]
            q[i] = flow * (share[i] if flow > zero else share[i + along])


@njit(cache=True, error_model="numpy")
def depths_tile(h, lost, qx, qy, top, first, width, p):
    """Move the water, keep the largest depth, return the tile's largest depth; `lost` compensates float32 sums."""
    zero = h.dtype.type(0)
    ratio = p[6]
    peak = as_bits(zero)
    compensate = lost.size > 1
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        if compensate:
            for c in range(TILE_COLUMNS):
                i = row + np.uint64(c)
                gain = ratio * ((qx[i - np.uint64(1)] - qx[i]) + (qy[i - width] - qy[i])) - lost[i]
                total = h[i] + gain
                below = total if total < zero else zero
                lost[i] = ((total - h[i]) - gain) - below
                h[i] = total - below
        else:
            for c in range(TILE_COLUMNS):
                i = row + np.uint64(c)
                h[i] = h[i] + ratio * ((qx[i - np.uint64(1)] - qx[i]) + (qy[i - width] - qy[i]))
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            depth = h[i]
            top[i] = depth if depth > top[i] else top[i]
            bits = as_bits(depth)
            peak = bits if bits > peak else peak
    return from_bits(peak)


@njit(cache=True, error_model="numpy")
def depths_porous_tile(h, lost, qx, qy, top, thin, first, width, p):
    """Do as `depths_tile` where cells are partly built: what flows in rises on the open share alone."""
    zero = h.dtype.type(0)
    peak = as_bits(zero)
    compensate = lost.size > 1
    for r in range(TILE_ROWS):
        row = first + np.uint64(r) * width
        for c in range(TILE_COLUMNS):
            i = row + np.uint64(c)
            k = i if compensate else np.uint64(0)
            gain = thin[i] * p[6] * ((qx[i - np.uint64(1)] - qx[i]) + (qy[i - width] - qy[i])) - lost[k]
            total = h[i] + gain
            below = total if total < zero and compensate else zero
            if compensate:
                lost[k] = ((total - h[i]) - gain) - below
            depth = total - below
            h[i] = depth
            top[i] = depth if depth > top[i] else top[i]
            bits = as_bits(depth)
            peak = bits if bits > peak else peak
    return from_bits(peak)


@njit(cache=True, parallel=True, error_model="numpy")
def step_faces(f: Fields, t: Tiles, active: int, old: int, p: Any) -> None:
    """Compute the new discharges of all active tiles."""
    # arrays leave the tuples one by one: unpacked together, numba 0.68 loses what a parallel loop writes
    z = f.ground
    h = f.depth
    bx = f.bed_east
    by = f.bed_south
    n = f.friction
    thin = f.thin
    throat_x = f.throat_east
    throat_y = f.throat_south
    qx = f.east[old]
    qy = f.south[old]
    new_x = f.east[1 - old]
    new_y = f.south[1 - old]
    first = t.first
    order = t.order
    crowded = t.crowded
    width = t.width
    one = np.uint64(1)
    for k in prange(active):
        tile = order[k]
        i = first[tile]
        if thin.size > 1:
            a = faces_porous_tile(z, h, qx, qy, bx, n, new_x, (throat_x, thin), i, width, one, width, p)
            b = faces_porous_tile(z, h, qy, qx, by, n, new_y, (throat_y, thin), i, width, width, one, p)
        else:
            a = faces_tile(z, h, qx, qy, bx, n, new_x, i, width, one, width, p)
            b = faces_tile(z, h, qy, qx, by, n, new_y, i, width, width, one, p)
        crowded[tile] = a + b


@njit(cache=True, parallel=True, error_model="numpy")
def step_shares(f: Fields, t: Tiles, checked: int, new: int, p: Any) -> None:
    """Compute the shares in the tiles whose cells might be drained."""
    h = f.depth
    share = f.share
    thin = f.thin
    qx = f.east[new]
    qy = f.south[new]
    first = t.first
    check = t.check
    crowded = t.crowded
    width = t.width
    for k in prange(checked):
        tile = check[k]
        crowded[tile] = shares_tile(h, qx, qy, share, thin, first[tile], width, p)


@njit(cache=True, parallel=True, error_model="numpy")
def step_limit(f: Fields, t: Tiles, limited: int, new: int) -> None:
    """Cut the discharges of the tiles that have, or lie west or north of, a cell that cannot feed all."""
    share = f.share
    qx = f.east[new]
    qy = f.south[new]
    first = t.first
    check = t.check
    width = t.width
    for k in prange(limited):
        i = first[check[k]]
        limit_tile(qx, share, i, width, np.uint64(1))
        limit_tile(qy, share, i, width, width)


@njit(cache=True, parallel=True, error_model="numpy")
def step_depths(f: Fields, t: Tiles, active: int, new: int, p: Any) -> None:
    """Move the water in all active tiles and note each tile's largest depth."""
    h = f.depth
    lost = f.lost
    top = f.top
    thin = f.thin
    qx = f.east[new]
    qy = f.south[new]
    first = t.first
    order = t.order
    peak = t.peak
    width = t.width
    for k in prange(active):
        tile = order[k]
        if thin.size > 1:
            peak[tile] = depths_porous_tile(h, lost, qx, qy, top, thin, first[tile], width, p)
        else:
            peak[tile] = depths_tile(h, lost, qx, qy, top, first[tile], width, p)


@njit(cache=True)
def limit(f: Fields, t: Tiles, level_cells: Any, active: int, new: int, p: Any) -> None:
    """Keep every depth positive: no cell gives away more in a step than it has."""
    checked = find_tiles(t, t.order[:active], 1)
    if checked == 0:
        return
    step_shares(f, t, checked, new, p)
    for k in range(level_cells.size):
        f.share[level_cells[k]] = 1
    seen = t.check[:checked].copy()
    limited = find_tiles(t, seen, -1)
    if limited > 0:
        step_limit(f, t, limited, new)
        for k in range(seen.size):
            if t.crowded[seen[k]] > 0:
                reset_share(f.share, t.first[seen[k]], t.width)
    for k in range(seen.size):
        t.crowded[seen[k]] = 0


@njit(cache=True)
def find_tiles(t: Tiles, among: Any, step: int) -> int:
    """List in `check` the crowded tiles and their neighbours east and south (step 1) or west and north (step -1)."""
    across, tiles = t.across, t.first.size
    mark = np.zeros(tiles, np.uint8)
    hits = 0
    for k in range(among.size):
        tile = among[k]
        if t.crowded[tile] > 0:
            hits += 1
            mark[tile] = 1
            if 0 <= tile % across + step < across:
                mark[tile + step] = 1
            if 0 <= tile + step * across < tiles:
                mark[tile + step * across] = 1
    if hits == 0:
        return 0
    found = 0
    for tile in range(tiles):
        if mark[tile]:
            t.check[found] = tile
            found += 1
    return found


@njit(cache=True)
def reset_share(share: Any, first: Any, width: Any) -> None:
    """Set a tile's shares back to one."""
    for r in range(TILE_ROWS):
        for c in range(TILE_COLUMNS):
            share[first + np.uint64(r) * width + np.uint64(c)] = 1
