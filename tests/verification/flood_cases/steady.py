"""Steady flows: over a bump without friction, and with friction over beds made for a chosen depth (`macdonald1997`).

The cases are those of SWASHES 3.1.3 to 3.1.5 and 3.2.1 (`delestre2013`), at their own size.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.integrate import quad_vec
from scipy.optimize import brentq

from flood_cases.case import Array, Case, Channel, G, constant
from genrejs.hazard.flood.problem import Forcing

BUMP_LENGTH, CREST_AT, CREST = 25.0, 10.0, 0.2
LONG = 1000.0


def critical(q: float) -> float:
    """Return the critical depth [m] of a discharge per width [m2/s]."""
    return float((q * q / G) ** (1 / 3))


def conjugate(depth: float, q: float) -> float:
    """Return the depth [m] on the other side of a hydraulic jump at rest (Bélanger)."""
    return float(0.5 * depth * (np.sqrt(1 + 8 * q * q / (G * depth**3)) - 1))


def bump(x: Array) -> Array:
    return np.maximum(0.0, CREST - 0.05 * (np.asarray(x, float) - CREST_AT) ** 2)


def depth_of_head(head: float, q: float, fast: bool) -> float:
    """Return the sub- or supercritical depth [m] of a specific head [m]."""
    c = critical(q)
    gap = lambda h: h + q * q / (2 * G * h * h) - head  # noqa: E731
    if gap(c) >= 0:
        return c
    return float(brentq(gap, 1e-6 * c, c, xtol=1e-14) if fast else brentq(gap, c, head, xtol=1e-14))


@dataclass(frozen=True)
class Bump:
    """Flow q [m2/s] over the bump, with the depth `below` [m] at the outlet; `jump`: through critical and back."""

    name: str
    q: float
    below: float
    chokes: bool
    jump: bool

    def heads(self) -> tuple[float, float]:
        """Return the total heads [m] before and behind the jump (the same without one)."""
        tail = self.below + self.q**2 / (2 * G * self.below**2)
        return (CREST + 1.5 * critical(self.q) if self.chokes else tail), tail

    def jump_at(self) -> float:
        """Return where the jump stands [m]: where the depths of both heads are conjugate."""
        front, tail = self.heads()

        def mismatch(x: float) -> float:
            z = float(bump(x))
            return conjugate(depth_of_head(front - z, self.q, True), self.q) - depth_of_head(tail - z, self.q, False)

        return float(brentq(mismatch, CREST_AT + 1e-3, 12.0, xtol=1e-12)) if self.jump else np.inf

    def depth(self, x: Array) -> Array:
        front, tail = self.heads()
        place = self.jump_at()
        fast = (x > CREST_AT) & self.chokes & (x < place)
        return np.array(
            [
                depth_of_head((tail if here > place else front) - float(bump(here)), self.q, bool(f))
                for here, f in zip(x, fast, strict=True)
            ]
        )


BUMPS = {
    "subcritical": Bump("bump, subcritical", 4.42, 2.0, chokes=False, jump=False),
    "transcritical": Bump("bump, transcritical", 1.53, 0.66, chokes=True, jump=False),
    "jump": Bump("bump with a hydraulic jump", 0.18, 0.33, chokes=True, jump=True),
}


def over_bump(kind: str, count: int, duration: float = 200.0) -> Case:
    """Return one of `BUMPS` on `count` cells, starting from the exact flow."""
    flow = BUMPS[kind]
    channel = Channel(count, BUMP_LENGTH / count, ghost_east=True)
    free = flow.chokes and not flow.jump
    level = constant(-1.0 if free else flow.below)
    depth = flow.depth(channel.x)
    case = channel.case(
        flow.name, bump(channel.x), 0.0, exact=lambda x, time: (depth, flow.q / depth), duration=duration,
        forcing=Forcing(level, channel.east_cells, inflows=(channel.source(flow.q),)), counted=channel.middle,
    )  # fmt: skip
    return case.starting_exact()


@dataclass(frozen=True)
class Made:
    """A chosen depth(x) [m], its slope, the flow q [m2/s], Manning's n, and how its ends flow."""

    name: str
    q: float
    manning: float
    depth: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    fast_in: bool
    fast_out: bool
    jump: bool = False

    def bed_slope(self, x: Array) -> Array:
        h = self.depth(x)
        return (self.q**2 / (G * h**3) - 1) * self.slope(x) - self.manning**2 * self.q**2 / h ** (10 / 3)

    def bed(self, x: Array) -> Array:
        """Return the bed [m]: its slope summed up from the outlet, piece by piece."""
        ends = np.concatenate([x, [LONG]])
        joints = [LONG / 2] if self.jump or self.fast_in != self.fast_out else []
        pieces = [
            quad_vec(self.bed_slope, a, b, epsabs=1e-12, points=[j for j in joints if a < j < b] or None)[0]
            for a, b in itertools.pairwise(ends)
        ]
        return -np.cumsum(np.array(pieces)[::-1])[::-1]


UNIT = (4 / G) ** (1 / 3)


def _bell(share: float, width: float) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    depth = lambda x: UNIT * (1 + share * np.exp(-width * (x / LONG - 0.5) ** 2))  # noqa: E731
    slope = lambda x: UNIT * share * np.exp(-width * (x / LONG - 0.5) ** 2) * (-2 * width / LONG) * (x / LONG - 0.5)  # noqa: E731
    return depth, slope


def _fall(x: Array) -> Array:
    s = x / LONG - 0.5
    return UNIT * np.where(s <= 0, 1 - np.tanh(3 * s) / 3, 1 - np.tanh(6 * s) / 6)


def _fall_slope(x: Array) -> Array:
    s = x / LONG - 0.5
    return -UNIT / LONG * np.where(s <= 0, 1 / np.cosh(3 * s) ** 2, 1 / np.cosh(6 * s) ** 2)


JUMP_TERMS = (-0.348427, 0.552264, -0.555580)


def _leap(x: Array) -> Array:
    s = np.asarray(x / LONG - 0.5)
    t = np.maximum(s, 0.0)
    behind = 1 + sum(a * np.exp(-20 * k * t) for k, a in enumerate(JUMP_TERMS, 1)) + 0.8 * np.exp(s - 0.5)
    return UNIT * np.where(s <= 0, 0.9 - np.exp(-np.asarray(x) / 250) / 6, behind)


def _leap_slope(x: Array) -> Array:
    s = np.asarray(x / LONG - 0.5)
    t = np.maximum(s, 0.0)
    behind = sum(-20 * k * a * np.exp(-20 * k * t) for k, a in enumerate(JUMP_TERMS, 1)) + 0.8 * np.exp(s - 0.5)
    return UNIT * np.where(s <= 0, np.exp(-np.asarray(x) / 250) / 1500, behind / LONG)


MADE = {
    "subcritical": Made("MacDonald, subcritical", 2.0, 0.033, *_bell(0.5, 16.0), fast_in=False, fast_out=False),
    "supercritical": Made("MacDonald, supercritical", 2.5, 0.04, *_bell(-0.2, 36.0), fast_in=True, fast_out=True),
    "to supercritical": Made(
        "MacDonald, sub- to supercritical", 2.0, 0.0218, _fall, _fall_slope, fast_in=False, fast_out=True
    ),
    "with a jump": Made(
        "MacDonald, jump to subcritical", 2.0, 0.0218, _leap, _leap_slope, fast_in=True, fast_out=False, jump=True
    ),
}  # fmt: skip


def made_flow(kind: str, count: int, duration: float = 1800.0) -> Case:
    """Return one of `MADE` on `count` cells, starting from the exact flow."""
    flow = MADE[kind]
    channel = Channel(count, LONG / count, ghost_west=flow.fast_in, ghost_east=True)
    x = channel.x
    bed, depth = flow.bed(x), flow.depth(x)
    outlet = constant(float(bed[-1] - 10 if flow.fast_out else bed[-1] + depth[-1]))
    if flow.fast_in:
        forcing = Forcing(outlet, channel.east_cells, flows=(channel.inlet(float(depth[0]), float(flow.q / depth[0])),))
    else:
        forcing = Forcing(outlet, channel.east_cells, inflows=(channel.source(flow.q),))
    case = channel.case(
        flow.name,
        bed,
        flow.manning,
        exact=lambda _, time: (depth, flow.q / depth),
        forcing=forcing,
        duration=duration,
        counted=channel.middle,
    )
    return case.starting_exact()
