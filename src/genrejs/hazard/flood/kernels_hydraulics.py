"""Discharges of structures at given levels: weirs, culverts, bridges. Scalars in, scalars out."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

import numpy as np
from numba import njit

Size = tuple[float, float, bool]
"""Width and height [m] of a barrel, and whether it is a pipe."""
Losses = tuple[float, float, float]
"""Local losses [velocity heads], length [m] and Manning's n of a barrel."""
GRAVITY = 9.81
CREST_FLOW = 1.705
"""(2/3)^1.5 sqrt(g) [m^0.5/s]: critical flow over a broad crest; also the usual coefficient of the weirs."""
CULVERT_ROUNDS = 20
"""Halvings of the distance to the discharge whose own critical depth stands at the outlet."""
PRESSURE_FLOW = 0.8
"""Coefficient of an opening drowned on both sides (Bradley 1978)."""
SLUICE_FLOW = 0.5
"""Coefficient of an opening drowned upstream only (Bradley 1978)."""


@njit(cache=True)
def weir_flow(head: float, behind: float, width: float, coefficient: float) -> float:
    """Return the discharge [m3/s] of a weir at heads over its crest up- and downstream [m] (`villemonte1947`)."""
    if head <= 0.0 or behind >= head:
        return 0.0
    drowned = 1.0 if behind <= 0.0 else (1.0 - (behind / head) ** 1.5) ** 0.385
    return coefficient * width * head * np.sqrt(head) * drowned


@njit(cache=True)
def inlet_control(head: float, width: float, height: float, pipe: bool) -> float:
    """Return the discharge [m3/s] that a barrel's mouth lets in at a `head` [m] over its invert (`boyd1987`)."""
    if head <= 0.0:
        return 0.0
    root = np.sqrt(GRAVITY)
    if pipe:
        return root * min(0.421 * width**0.87 * head**1.63, 0.530 * width**1.87 * head**0.63)
    return root * width * min(0.544 * head**1.5, 0.702 * height**0.89 * head**0.61)


@njit(cache=True)
def barrel(depth: float, width: float, height: float, pipe: bool) -> tuple[float, float]:
    """Return the flow area [m2] and hydraulic radius [m] of a barrel filled to `depth` [m]."""
    if not pipe:
        full = depth >= height
        y = min(depth, height)
        return width * y, width * y / (2.0 * width + 2.0 * y if full else width + 2.0 * y)
    y = min(depth / width, 1.0)
    angle = 2.0 * np.arccos(1.0 - 2.0 * y)
    area = 0.125 * width * width * (angle - np.sin(angle))
    return area, area / (0.5 * width * angle)


@njit(cache=True)
def critical_depth(flow: float, width: float, height: float, pipe: bool) -> float:
    """Return the critical depth [m] of a discharge in one barrel, at most its height (pipe: `straub1978`)."""
    if flow <= 0.0:
        return 0.0
    if pipe:
        return min(1.01 * width**-0.26 * (flow * flow / GRAVITY) ** 0.25, width)
    return min((flow * flow / (GRAVITY * width * width)) ** (1.0 / 3.0), height)


@njit(cache=True)
def outlet_control(head: float, tail: float, drop: float, size: Size, loss: Losses) -> float:
    """Return the discharge [m3/s] that the losses of a barrel let through (`hds5`).

    `head` and `tail` [m] over the inverts of inlet and outlet, `drop` [m] from the one to the other; `loss`: local
    losses [velocity heads], length [m], Manning's n. A barrel that is not full flows at the mean of its end depths.
    """
    width, height, pipe = size
    local, length, manning = loss
    tall = width if pipe else height
    upper = min(head, tall)
    high, low = inlet_control(head, width, height, pipe), 0.0
    flow = high
    for _ in range(CULVERT_ROUNDS):
        outlet = max(tail, 0.5 * (critical_depth(flow, width, height, pipe) + upper))
        area, radius = barrel(0.5 * (upper + min(outlet, tall)), width, height, pipe)
        fall = head + drop - outlet
        passes = 0.0
        if fall > 0.0 and area > 0.0:
            friction = 2.0 * GRAVITY * manning * manning * length / radius ** (4.0 / 3.0)
            passes = area * np.sqrt(2.0 * GRAVITY * fall / (local + friction))
        if passes >= flow:
            low = flow
        else:
            high = flow
        flow = 0.5 * (low + high)
    return flow


@njit(cache=True)
def culvert_flow(head: float, tail: float, drop: float, size: Size, loss: Losses) -> float:
    """Return the discharge [m3/s] of one barrel: what its mouth and its losses both let through."""
    if head <= 0.0 or head + drop <= tail:
        return 0.0
    return min(inlet_control(head, size[0], size[1], size[2]), outlet_control(head, tail, drop, size, loss))


@njit(cache=True)
def bridge_flow(upper: float, lower: float, bed: float, deck: tuple[float, float, float]) -> float:
    """Return the largest discharge per width [m2/s] under and over a `deck` (soffit, top, open share of its width).

    `upper` and `lower` are the levels [m] on its sides; without limit while the upper is below the soffit.
    """
    soffit, top, share = deck
    opening = max(soffit - bed, 0.0)
    if upper <= max(soffit, bed):
        return np.inf
    under = PRESSURE_FLOW * opening * np.sqrt(2.0 * GRAVITY * max(upper - lower, 0.0))
    if lower <= soffit:
        under = min(under, SLUICE_FLOW * opening * np.sqrt(2.0 * GRAVITY * max(upper - bed - 0.5 * opening, 0.0)))
    crest = max(top, bed)
    return share * under + weir_flow(upper - crest, lower - crest, 1.0, CREST_FLOW)
