"""GPU: one step of the inertial scheme, one thread a cell: discharges, walls, shares, depths."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from numba import cuda, float64

from genrejs.hazard.flood.kernels_gpu_tools import CELLS, MOST_THREADS, STEP, block_max
from genrejs.hazard.flood.kernels_hydraulics import CREST_FLOW
from genrejs.hazard.flood.physics import inertial_face, root
from genrejs.hazard.flood.state import TILE_COLUMNS


@cuda.jit(device=True, cache=True)
def discharge(z, h, q, cross, bed, friction, i, along, aside, p):
    """Return the new discharge of the face between the cells i and i + `along`; `aside` goes along the face."""
    sideways = p[14] * ((cross[i] + cross[i + along]) + (cross[i - aside] + cross[i + along - aside]))
    numbers = (p[0], p[1], p[2], p[3], (p[4] + p[4]) + (p[4] + p[4]))
    flows = (q[i], q[i - along], q[i + along], sideways)
    rough = friction[i] + friction[i + along]
    return inertial_face(z[i] + h[i], z[i + along] + h[i + along], bed[i], flows, rough, numbers, p[13])


@cuda.jit(cache=True)
def step_faces(z, h, qx, qy, raw_x, raw_y, bed_x, bed_y, friction, first, active, width, flags, p):
    """Write the new discharges of the faces east and south of each cell, not yet limited, to `raw_x` and `raw_y`."""
    tile = cuda.blockIdx.x
    if flags[STEP] == 0 or active[tile] == 0:
        return
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        i = first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
        raw_x[i] = discharge(z, h, qx, qy, bed_x, friction, i, 1, width, p)
        raw_y[i] = discharge(z, h, qy, qx, bed_y, friction, i, width, 1, p)


@cuda.jit(cache=True)
def cap_walls(z, h, raw_x, raw_y, bed_x, bed_y, wall, wall_axis, width, flags):
    """Let no more over a wall than the critical flow that its upstream level can drive."""
    k = cuda.grid(1)
    if flags[STEP] == 0 or k >= wall.size:
        return
    i, across = wall[k], wall_axis[k] == 0
    there = i + (1 if across else width)
    q = raw_x[i] if across else raw_y[i]
    bed = bed_x[i] if across else bed_y[i]
    if q == 0 or bed <= max(z[i], z[there]):
        return
    head = max(z[i] + h[i], z[there] + h[there]) - bed
    most = CREST_FLOW * head * root(head)
    if abs(q) > most:
        most = most if q > 0 else -most
        if across:
            raw_x[i] = most
        else:
            raw_y[i] = most


@cuda.jit(cache=True)
def step_shares(h, raw_x, raw_y, share, catch, first, active, width, flags, p):
    """Write the share of its outgoing discharge that each cell can feed; imposed cells feed all."""
    tile = cuda.blockIdx.x
    if flags[STEP] == 0 or active[tile] == 0:
        return
    ratio, margin, one = p[6], p[7], p[13] + p[13]
    zero = one - one
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        i = first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
        east, west, south, north = raw_x[i], -raw_x[i - 1], raw_y[i], -raw_y[i - width]
        east = east if east > zero else zero
        west = west if west > zero else zero
        south = south if south > zero else zero
        north = north if north > zero else zero
        wanted = ratio * ((east + west) + (south + north))
        stock = margin * h[i]
        share[i] = stock / wanted if (wanted > stock and catch[i] > 0) else one


@cuda.jit(device=True, cache=True)
def limited(q, share, here, there):
    """Return a discharge cut to the share that the cell it leaves can feed."""
    return q * (share[here] if q > 0 else share[there])


@cuda.jit(cache=True)
def step_depths(h, lost, qx, qy, raw_x, raw_y, share, top, first, active, peak, width, flags, p):
    """Limit the discharges, move the water, keep the largest depth of cells and tiles."""
    box = cuda.shared.array(MOST_THREADS, float64)
    tile = cuda.blockIdx.x
    if flags[STEP] == 0 or active[tile] == 0:
        return
    ratio = p[6]
    zero = ratio - ratio
    deepest = zero
    for k in range(cuda.threadIdx.x, CELLS, cuda.blockDim.x):
        i = first[tile] + (k // TILE_COLUMNS) * width + k % TILE_COLUMNS
        west, east = limited(raw_x[i - 1], share, i - 1, i), limited(raw_x[i], share, i, i + 1)
        north, south = limited(raw_y[i - width], share, i - width, i), limited(raw_y[i], share, i, i + width)
        qx[i], qy[i] = east, south
        old = h[i]
        if lost.size > 1:
            gain = ratio * ((west - east) + (north - south)) - lost[i]
            total = old + gain
            below = total if total < zero else zero
            lost[i] = ((total - old) - gain) - below
            total = total - below
        else:
            total = old + ratio * ((west - east) + (north - south))
        h[i] = total
        top[i] = total if total > top[i] else top[i]
        deepest = total if total > deepest else deepest
    most = block_max(box, deepest)
    if cuda.threadIdx.x == 0:
        peak[tile] = most
