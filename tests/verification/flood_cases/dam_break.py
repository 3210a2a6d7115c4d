"""Dam breaks on a level bed: onto dry ground (Ritter 1892) and into water (Stoker 1957), and a bore that meets a wall.

The sizes are those of SWASHES 4.1.1 and 4.1.2 (`delestre2013`) times 200, times by the square root of 200: Froude
numbers and relative errors stay the same, and depths are far above the 1 mm below which the engine takes ground as dry.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from flood_cases.case import Array, Case, Channel, G
from genrejs.hazard.flood.problem import Forcing

LENGTH, DAM, HIGH, LOW, END = 2000.0, 1000.0, 1.0, 0.2, 6.0 * np.sqrt(200.0)


def ritter(x: Array, time: float, high: float = HIGH, dam: float = DAM) -> tuple[Array, Array]:
    """Return depth [m] and speed [m/s] after a dam of depth `high` broke at `dam` onto dry ground."""
    c = np.sqrt(G * high)
    if time == 0:
        return np.where(x < dam, high, 0.0), np.zeros_like(x)
    s = np.clip((x - dam) / time, -c, 2 * c)
    depth = (2 * c - s) ** 2 / (9 * G)
    return depth, np.where(depth > 0, 2.0 / 3.0 * (c + s), 0.0)


def middle_state(high: float, low: float) -> tuple[float, float, float]:
    """Return depth, speed and bore speed between the rarefaction and the bore of a dam break into water."""

    def mismatch(depth: float) -> float:
        behind = 2 * (np.sqrt(G * high) - np.sqrt(G * depth))
        return float(behind - (depth - low) * np.sqrt(G * (depth + low) / (2 * depth * low)))

    depth = float(brentq(mismatch, low, high, xtol=1e-14))
    speed = 2 * (np.sqrt(G * high) - np.sqrt(G * depth))
    return depth, speed, depth * speed / (depth - low)


def stoker(x: Array, time: float, high: float = HIGH, low: float = LOW, dam: float = DAM) -> tuple[Array, Array]:
    """Return depth [m] and speed [m/s] after a dam of depth `high` broke at `dam` into water of depth `low`."""
    if time == 0:
        return np.where(x < dam, high, low), np.zeros_like(x)
    middle, speed, bore = middle_state(high, low)
    s = (x - dam) / time
    c = np.sqrt(G * high)
    fan = np.clip(s, -c, speed - np.sqrt(G * middle))
    depth = np.where(s < bore, (2 * c - fan) ** 2 / (9 * G), low)
    return depth, np.where(s < bore, 2.0 / 3.0 * (c + fan), 0.0)


def broken_dam(count: int, low: float) -> Case:
    """Return Ritter's case (`low` 0) or Stoker's on `count` cells."""
    channel = Channel(count, LENGTH / count)

    def exact(x: Array, time: float) -> tuple[Array, Array]:
        return ritter(x, time) if low == 0 else stoker(x, time, low=low)

    start = channel.spread(exact(channel.x, 0.0)[0])
    name = "Ritter" if low == 0 else "Stoker"
    return channel.case(
        name, 0.0, 0.0, exact=exact, forcing=Forcing(), duration=float(END), level=start, velocity=(0.0, 0.0)
    )  # fmt: skip


def reflected(deep: float, bore_depth: float) -> tuple[float, float, float]:
    """Return the speed behind a bore of `bore_depth` over `deep` still water, and depth and speed of its reflection.

    Mass and momentum across both bores (`stoker1957`); the water behind the reflected bore stands still.
    """
    speed = (bore_depth - deep) * np.sqrt(G * (bore_depth + deep) / (2 * bore_depth * deep))

    def mismatch(depth: float) -> float:
        return float((depth - bore_depth) * np.sqrt(G * (depth + bore_depth) / (2 * depth * bore_depth)) - speed)

    depth = float(brentq(mismatch, bore_depth, 20 * bore_depth, xtol=1e-14))
    return float(speed), depth, float(bore_depth * speed / (depth - bore_depth))


def bore_at_wall(count: int, cliff: bool, deep: float = 0.5, bore_depth: float = 1.2) -> Case:
    """Return a bore running east into the closed end of a channel, or into a `cliff` 10 m high there (a raised house).

    It starts 100 m before the wall and has travelled 60 m back at the end.
    """
    length, start = 300.0, 200.0
    channel = Channel(count, length / count, ghost_west=True, ghost_east=cliff)
    speed, depth, back = reflected(deep, bore_depth)
    onward = bore_depth * speed / (bore_depth - deep)
    meets = (length - start) / onward
    end = meets + 60.0 / back

    def exact(x: Array, time: float) -> tuple[Array, Array]:
        place = length - back * (time - meets)
        if time < meets:
            behind = x < start + onward * time
            return np.where(behind, bore_depth, deep), np.where(behind, speed, 0.0)
        return np.where(x < place, bore_depth, depth), np.where(x < place, speed, 0.0)

    bed = np.where(channel.x > length, 10.0, 0.0)
    level = bed + exact(channel.x, 0.0)[0] * (channel.x < length)
    counted = channel.inside & (channel.x > start)[None, :]
    return channel.case(
        "bore at a cliff" if cliff else "bore at a wall", bed, 0.0, exact=exact,
        forcing=Forcing(flows=(channel.inlet(bore_depth, speed),)), duration=float(end),
        level=channel.spread(level), velocity=(channel.spread(exact(channel.x, 0.0)[1]), 0.0), counted=counted,
    )  # fmt: skip
