"""Water swinging for ever in a paraboloid without friction (`thacker1981`), sizes of SWASHES 4.2 times 100.

z = -h0 (1 - r2/a2). Radially symmetric: the surface stays a paraboloid. Planar: the surface stays a plane that circles.
"""

from __future__ import annotations

import numpy as np

from flood_cases.case import Array, Case, G
from genrejs.hazard.flood.problem import Forcing, Ground

RADIUS, DEEP, SIDE = 100.0, 10.0, 400.0
EDGE = 80.0
"""[m] radius of the water's edge at 0 s, radially symmetric case (SWASHES r0)."""
OFFSET = 50.0
"""[m] how far the plane's centre circles, planar case (SWASHES eta)."""


def bed(x: Array, y: Array) -> Array:
    return -DEEP * (1 - (x**2 + y**2) / RADIUS**2)


def period(curved: bool) -> float:
    return float(2 * np.pi / np.sqrt((8 if curved else 2) * G * DEEP) * RADIUS)


def curved(x: Array, y: Array, time: float) -> tuple[Array, Array, Array]:
    """Return depth [m] and velocities [m/s] of the radially symmetric swing."""
    w = 2 * np.pi / period(True)
    a = (RADIUS**2 - EDGE**2) / (RADIUS**2 + EDGE**2)
    squeeze = 1 - a * np.cos(w * time)
    r2 = (x**2 + y**2) / RADIUS**2
    level = DEEP * (np.sqrt(1 - a**2) / squeeze - 1 - r2 * ((1 - a**2) / squeeze**2 - 1))
    depth = np.maximum(level - bed(x, y), 0.0)
    rate = 0.5 * w * a * np.sin(w * time) / squeeze
    return depth, np.where(depth > 0, rate * x, 0.0), np.where(depth > 0, rate * y, 0.0)


def planar(x: Array, y: Array, time: float) -> tuple[Array, Array, Array]:
    """Return depth [m] and velocities [m/s] of the circling plane."""
    w = 2 * np.pi / period(False)
    tilt = OFFSET * DEEP / RADIUS**2
    level = tilt * (2 * x * np.cos(w * time) + 2 * y * np.sin(w * time) - OFFSET)
    depth = np.maximum(level - bed(x, y), 0.0)
    east, north = -OFFSET * w * np.sin(w * time), OFFSET * w * np.cos(w * time)
    return depth, np.where(depth > 0, east, 0.0), np.where(depth > 0, north, 0.0)


def bowl(count: int, is_curved: bool, periods: float = 1.0) -> Case:
    """Return a swing on `count` x `count` cells over some periods."""
    cell = SIDE / count
    place = (np.arange(count) + 0.5) * cell - SIDE / 2
    x, y = np.meshgrid(place, place[::-1])
    swing = curved if is_curved else planar
    depth, east, north = swing(x, y, 0.0)
    z = bed(x, y)
    return Case(
        name="Thacker, curved" if is_curved else "Thacker, planar",
        ground=Ground(z, cell, np.zeros(z.shape)), forcing=Forcing(), duration=periods * period(is_curved),
        exact=lambda time: swing(x, y, time), x=x, y=y, counted=np.ones(z.shape, bool),
        level=np.where(depth > 0, z + depth, -1e3), velocity=(east, north),
    )  # fmt: skip
