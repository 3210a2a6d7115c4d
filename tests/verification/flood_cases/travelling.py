"""A wave that travels at one speed u without breaking, over a level bed or up a plane (`hunter2005`).

Where every particle moves at u, acceleration and advection cancel and the full equations leave
g h dh/dx = -g h S - g n2 u2 / h^(1/3). The inertial equations keep dq/dt = -u2 dh/dx and leave (g h - u2) on the left:
their own wave, which meets Hunter's where u2 is small beside g h.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp

from flood_cases.case import Array, Case, Channel, G
from genrejs.hazard.flood.problem import Forcing, Series

SPEED, MANNING = 1.0, 0.03
SHALLOW = 0.3
"""[m] depth from which the inertial wave is followed: its equation has no front of its own (u2/g = 0.10 m)."""


def level_bed(behind: Array, u: float = SPEED, n: float = MANNING) -> Array:
    """Return Hunter's depth [m] at a distance [m] behind the front over a level bed."""
    return (7 / 3 * n * n * u * u * np.maximum(behind, 0.0)) ** (3 / 7)


def up_plane(behind: Array, slope: float, u: float = SPEED, n: float = MANNING, inertial: bool = False) -> Array:
    """Return the depth [m] at a distance behind the front up a `slope`; for the inertial wave joined at `SHALLOW`."""
    first = SHALLOW if inertial else 1e-4
    start = first ** (7 / 3) * 3 / 7 / (n * n * u * u)

    def gradient(_: float, h: Array) -> Array:
        return (slope * h + n * n * u * u / np.cbrt(h)) / (h - (u * u / G if inertial else 0.0))

    reach = max(float(np.max(behind)), start + 1.0)
    path = solve_ivp(gradient, (start, reach), [first], rtol=1e-10, atol=1e-12, dense_output=True)
    ahead = level_bed(np.minimum(behind, start), u, n)
    return np.where(behind > start, path.sol(np.maximum(behind, start))[0], ahead)


def apart(case: Case, slope: float, duration: float = 3600.0) -> float:
    """Return the mean distance [m] between the exact waves of both equations where the `case` is counted."""
    behind = SPEED * duration - case.x[case.counted]
    return float(np.abs(up_plane(behind, slope, inertial=True) - up_plane(behind, slope)).mean())


def travelling(count: int, slope: float, inertial: bool, duration: float = 3600.0) -> Case:
    """Return the wave entering at the west end, where its depth is imposed, on `count` cells over 4500 m."""
    length = 4500.0
    cell = length / count
    channel = Channel(count, cell, ghost_west=True)

    def depth(x: Array, time: float) -> Array:
        return up_plane(SPEED * time - x, slope, inertial=inertial)

    times = np.linspace(0.0, duration, 721)
    gate = channel.x[0]
    level = Series(times, slope * gate + up_plane(SPEED * times - gate, slope, inertial=inertial))
    inlet = np.zeros(channel.inside.shape, bool)
    inlet[:, 0] = True

    def exact(x: Array, time: float) -> tuple[Array, Array]:
        h = depth(x, time)
        return h, np.where(h > 0, SPEED, 0.0)

    return channel.case(
        "wave up a plane" if slope else "wave over a level bed", slope * channel.x, MANNING, exact=exact,
        forcing=Forcing(level, inlet), duration=duration, level=-1.0,
        counted=channel.inside & (depth(channel.x, duration) > SHALLOW)[None, :],
    )  # fmt: skip
