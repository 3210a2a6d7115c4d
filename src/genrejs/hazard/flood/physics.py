"""The physics of one face and one cell as plain functions of numbers: compiled for the processor and for the GPU alike.

Every constant comes in as an argument of the caller's precision, and nothing branches in a way that stops vector
code. Operations are ordered so that mirrored input gives mirrored bits.
"""
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from math import sqrt

from genrejs.hazard.flood.compiled import scalar
from genrejs.hazard.flood.kernels_math import inverse_cube_root

GRAVITY = 9.81
FLOW_COURANT = 0.54
"""Cells that the fastest water may cross in a step: a flood wave, 5/3 as fast, then crosses nine tenths of one."""


@scalar
def inertial_face(level_here, level_there, bed, flows, rough, numbers, half):
    """Return the new discharge of a face of the inertial scheme (`bates2010`, smoothed after `dealmeida2012`).

    `flows`: old discharges of the face, of the one behind and the one ahead in its own direction, and the mean across
    it; `rough`: the sum of the two cells' g n2; `numbers`: theta, (1 - theta) / 2, dry, g dt / dx, 4 dt. Friction is
    `rub`: a semi-implicit one lets films on slopes run off in pulses.
    """
    old, behind, ahead, sideways = flows
    theta, side, dry, gravity, four_dt = numbers
    zero = level_here - level_here
    highest = level_here if level_here > level_there else level_there
    depth = highest - bed
    safe = depth if depth > dry else dry
    y = inverse_cube_root(safe)
    squared = y * y
    # a neighbour face without flow (bank, wall, dry) must not brake: it would drain channels one cell wide
    behind = behind if behind != zero else old
    ahead = ahead if ahead != zero else old
    pushed = theta * old + side * (behind + ahead) - gravity * safe * (level_there - level_here)
    drag = four_dt * (half * rough) * (squared * squared * squared * y)
    # friction brakes what is pushed: of the flow across only the braked one is known, so the braking is taken back
    across = sideways + half * (half * drag) * sideways * sqrt(old * old + sideways * sideways)
    flow = pushed * rub(sqrt(pushed * pushed + across * across), drag, half)
    return flow if depth > dry else zero


@scalar
def hll(hl, ul, cl, hr, ur, cr, gravity, half, tiny):
    """Return mass flux and the momentum flux over each side's own pressure, exactly 0 at rest (Harten et al. 1983).

    Wave speeds of two rarefactions, of one into a dry bed where a side is dry (`toro2001`).
    """
    zero = hl - hl
    mean = half * (ul + ur) + (cl - cr)
    spread = half * (cl + cr) + half * (half * (ul - ur))
    a, b = ul - cl, mean - spread
    slow = a if a < b else b
    a, b = ur + cr, mean + spread
    fast = a if a > b else b
    dry_l, dry_r = hl <= tiny, hr <= tiny
    slow = ur - (cr + cr) if dry_l else (ul - cl if dry_r else slow)
    fast = ul + (cl + cl) if dry_r else (ur + cr if dry_l else fast)
    slow = slow if slow < zero else zero
    fast = fast if fast > zero else zero
    width = fast - slow
    scale = zero if dry_l and dry_r else half / (half * width)
    ql, qr = hl * ul, hr * ur
    mass = ((fast * ql - slow * qr) + (slow * fast) * (hr - hl)) * scale
    jump = qr - ql
    carried_l, carried_r = ql * ul, qr * ur
    push = (carried_r - carried_l) + half * gravity * ((hr - hl) * (hr + hl))
    left = carried_l + (slow * (fast * jump - push)) * scale
    right = carried_r + (fast * (slow * jump - push)) * scale
    return mass, left, right


@scalar
def wave_face(zl, hl, ul, vl, zr, hr, ur, vr, bed, gravity, half, crest, dry):
    """Return mass flux, flux of tangential momentum, and momentum over own pressure for the left and right cell.

    Hydrostatic reconstruction that keeps the pull of steep ground on thin water (`chen2017`), `audusse2004` at walls,
    where no more than critical flow passes (`crest` = (2/3)^1.5) and water below the crest is thrown back. `bed` is
    the higher ground, or a wall's crest above it. Tangential momentum goes with the mass (HLLC's contact).
    """
    zero = hl - hl
    wl, wr = zl + hl, zr + hr
    sill = zl if zl > zr else zr
    low = wl if wl < wr else wr
    high = wl if wl > wr else wr
    wall = bed > sill
    blocked = wall and bed >= high
    star = bed if wall else (sill if sill < low else low)
    sl, sr = wl - star, wr - star
    sl = sl if sl > zero else zero
    sr = sr if sr > zero else zero
    sl = sl if sl < hl else hl
    sr = sr if sr < hr else hr
    fl = sl if sl > dry else zero
    fr = sr if sr > dry else zero
    cl, cr = sqrt(gravity * (hl if blocked else fl)), sqrt(gravity * (hr if blocked else fr))
    mass, left, right = hll(fl, ul, cl, fr, ur, cr, gravity, half, zero)
    a, b = fl * cl, fr * cr
    most = crest * (a if a > b else b)
    most = most if wall else (mass if mass > zero else -mass)
    mass = most if mass > most else (-most if mass < -most else mass)
    across = mass * (vl if mass > zero else vr)
    left = thrown_back(hl, ul, cl, half) if blocked else left
    right = thrown_back(hr, -ur, cr, half) if blocked else right
    down_l, down_r = star - zl, star - zr
    down_l = down_l if down_l < hl else hl
    down_r = down_r if down_r < hr else hr
    left = left + half * gravity * ((hl + sl) * (down_l - (hl - sl)))
    right = right + half * gravity * ((hr + sr) * (down_r - (hr - sr)))
    return mass, across, left, right


@scalar
def thrown_back(h, u, c, half):
    """Return the momentum over its own pressure h c2 / 2 that a wall gives to water that meets it at the speed u.

    HLL's mirror of water that comes on; water that leaves (u < 0) pulls no more than its own pressure.
    """
    zero = h - h
    onto = u if u > zero else zero
    push, least = (h * u) * (c + (onto + half * onto)), -half * ((h * c) * c)
    return push if push > least else least


@scalar
def slope(before, here, after):
    """Return the smaller of the two one-sided differences, 0 where they differ in sign (minmod)."""
    zero = here - here
    back, on = here - before, after - here
    up = back if back < on else on
    down = back if back > on else on
    up = up if up > zero else zero
    down = down if down < zero else zero
    return up + down


@scalar
def rub(discharge, drag, half):
    """Return the factor that Manning friction leaves of a `discharge`: implicit, exact for its square law.

    `drag` is 4 dt g n2 / h^(7/3).
    """
    one = half + half
    return (one + one) / (one + sqrt(one + drag * discharge))


@scalar
def face_bed(bed, z_here, z_there, z_left, z_right):
    """Return the bed of a face between reconstructed grounds: a wall's crest where there is one, else the higher."""
    ground = z_here if z_here > z_there else z_there
    sill = z_left if z_left > z_right else z_right
    return bed if bed > ground else sill


@scalar
def half_cell(cell, along_x, along_y, friction, ways, numbers, half):
    """Return depth and velocities of a cell after half a step.

    `cell`: depth and velocities east and south; `along_x`, `along_y`: differences of level, depth and velocities;
    `friction`: g n2; `ways`: wet, and whether there are slopes in each direction: friction takes part where the slope
    that it balances does; `numbers`: g, dry, dt / dx, dt.
    """
    h, u, v = cell
    wx, hx, ux, vx = along_x
    wy, hy, uy, vy = along_y
    wet, along, aside = ways
    gravity, dry, ratio, dt = numbers
    zero, one = half - half, half + half
    safe = h if wet else dry
    y = inverse_cube_root(safe)
    y2 = y * y
    drag = one / (one + half * dt * friction * (y2 * y2) * sqrt(u * u + v * v))
    back = half * ratio
    hm = h - back * ((u * hx + h * ux) + (v * hy + h * vy))
    um = (u - back * ((u * ux + v * uy) + gravity * wx)) * (drag if along else one)
    vm = (v - back * ((u * vx + v * vy) + gravity * wy)) * (drag if aside else one)
    hm = hm if wet else h
    um = um if wet else zero
    vm = vm if wet else zero
    return (hm if hm > zero else zero), um, vm


@scalar
def braked(depth, east, south, friction, numbers, half):
    """Return the discharges that friction leaves in a cell, capped in films and 0 where dry, and the fastest wave.

    `friction`: g n2; `numbers`: g, dry, 4 dt, and the depth and largest Froude number of a film.
    """
    gravity, dry, four_dt, film, cap = numbers
    zero, one = half - half, half + half
    wet = depth > dry
    safe = depth if wet else dry
    y = inverse_cube_root(safe)
    y3 = y * y * y
    size = sqrt(east * east + south * south)
    left = rub(size, four_dt * friction * (y3 * y3 * y), half)
    left = left if wet else zero
    wave = sqrt(gravity * safe)
    most = cap * safe * wave if safe < film else one / dry
    east, south = left * east, left * south
    east = most if east > most else (-most if east < -most else east)
    south = most if south > most else (-most if south < -most else south)
    fast = abs(east) if abs(east) > abs(south) else abs(south)
    return east, south, (fast / safe + wave if wet else zero)


@scalar
def longest_step(depth, filling, fastest, size, factor, most):
    """Return the longest step [s]: the wave's time across a cell of `size` [m], times `factor`, and at most `most`.

    No step is longer than that of the depth which an inflow that alone rises by `filling` [m/s] would lay into its cell
    meanwhile, nor than a flood wave on the `fastest` water [m/s] allows, where that is given.
    """
    crossing = factor * size
    dt = min(crossing / sqrt(GRAVITY * depth), most)
    if filling > 0.0:
        dt = min(dt, (crossing * crossing / (GRAVITY * filling)) ** (1.0 / 3.0))
    if fastest > 0.0:
        dt = min(dt, FLOW_COURANT * size / fastest)
    return dt


@scalar
def fitted(dt, rest):
    """Return the step `dt` [s] cut so that the `rest` is met without a sliver."""
    if rest <= dt:
        return rest
    return rest * 0.5 if rest < 2.0 * dt else dt


@scalar
def slowed(behind, ahead, half):
    """Return one over the open share of a cell in a direction, the mean of its two faces', and the larger one."""
    one = half + half
    a, b = one / behind, one / ahead
    return half * (a + b), (a if a > b else b)


@scalar
def root(x):
    """Return the square root in the number's own precision."""
    return sqrt(x)
