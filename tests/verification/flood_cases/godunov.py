"""Godunov's own first-order scheme (`godunov1959`) with the exact Riemann solution, on a level bed in one direction.

The yardstick for first order: nobody's upwind scheme with this stencil does better by more than luck.
"""

from __future__ import annotations

import numpy as np

from flood_cases.case import Array, G


def _curve(depth: Array, side: Array) -> tuple[Array, Array]:
    """Return the speed gained across the wave from `side` to `depth`, and its slope."""
    safe = np.maximum(side, 1e-12)
    wave = np.sqrt(G * (depth + safe) / (2 * depth * safe))
    bore = (depth - safe) * wave
    bore_slope = wave - G * (depth - safe) / (4 * depth**2 * wave)
    fan, fan_slope = 2 * (np.sqrt(G * depth) - np.sqrt(G * side)), np.sqrt(G / depth)
    return np.where(depth > side, bore, fan), np.where(depth > side, bore_slope, fan_slope)


def middle(hl: Array, ul: Array, hr: Array, ur: Array) -> Array:
    """Return the depth between the waves of wet sides, by Newton's method; the dry middle is 0."""
    cl, cr = np.sqrt(G * hl), np.sqrt(G * hr)
    gap = 0.5 * (cl + cr) - 0.25 * (ur - ul)
    depth = np.maximum(gap**2 / G, 1e-10)
    for _ in range(12):
        (fl, dl), (fr, dr) = _curve(depth, hl), _curve(depth, hr)
        depth = np.maximum(depth - (fl + fr + ur - ul) / (dl + dr), 1e-10)
    return np.where(gap > 0, depth, 0.0)


def at_face(hl: Array, ul: Array, hr: Array, ur: Array) -> tuple[Array, Array]:
    """Return depth and speed that stand at the faces."""
    cl, cr = np.sqrt(G * hl), np.sqrt(G * hr)
    star = np.where((hl > 0) & (hr > 0), middle(np.maximum(hl, 1e-10), ul, np.maximum(hr, 1e-10), ur), 0.0)
    speed = 0.5 * (ul + ur) + 0.5 * (_curve(np.maximum(star, 1e-10), hr)[0] - _curve(np.maximum(star, 1e-10), hl)[0])
    c = np.sqrt(G * star)
    wet = star > 0
    bore_l = ul - cl * np.sqrt(0.5 * (star + hl) * star) / np.maximum(hl, 1e-12)
    bore_r = ur + cr * np.sqrt(0.5 * (star + hr) * star) / np.maximum(hr, 1e-12)
    left_head = np.where(star > hl, bore_l, ul - cl)
    left_tail = np.where(star > hl, bore_l, np.where(wet, speed - c, ul + 2 * cl))
    right_head = np.where(star > hr, bore_r, ur + cr)
    right_tail = np.where(star > hr, bore_r, np.where(wet, speed + c, ur - 2 * cr))
    fan_l, fan_r = (ul + 2 * cl) / 3, (ur - 2 * cr) / 3
    choices = [
        (left_head >= 0) & (hl > 0), (right_head <= 0) & (hr > 0), (left_tail > 0) & (hl > 0), (right_tail < 0) & (hr > 0)
    ]  # fmt: skip
    depth = np.select(choices, [hl, hr, fan_l**2 / G, fan_r**2 / G], star)
    return depth, np.select(choices, [ul, ur, fan_l, fan_r], np.where(wet, speed, 0.0))


def run(depth: Array, cell: float, duration: float, factor: float = 0.45) -> Array:
    """Return the depth along a channel after `duration` [s], from still water of `depth` between closed ends."""
    h, p, now = np.asarray(depth, float), np.zeros(len(depth)), 0.0
    while now < duration:
        u = np.where(h > 1e-8, p / np.maximum(h, 1e-8), 0.0)
        dt = min(factor * cell / float(np.max(np.abs(u) + np.sqrt(G * h))), duration - now)
        wide, fast = np.concatenate([h[:1], h, h[-1:]]), np.concatenate([-u[:1], u, -u[-1:]])
        face, speed = at_face(wide[:-1], fast[:-1], wide[1:], fast[1:])
        mass, push = face * speed, face * speed**2 + G / 2 * face**2
        h, p = h - dt / cell * np.diff(mass), p - dt / cell * np.diff(push)
        now += dt
    return h
