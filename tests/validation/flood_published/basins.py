"""Tests 1 to 4 of the Environment Agency's benchmark (Neelz & Pender 2013): ponds, depressions, a bump, a plain.

Geometry and hydrographs are those of the distributed data of 2010. Of the grounds, tests 1 to 3 are closed forms: found
by fitting the distributed 2 m rasters, which they meet to 0.2 mm where rasters were at hand (see docs/validation.md).
"""

from __future__ import annotations

import numpy as np

from flood_published.case import Case, Floats, cells_of, centres
from genrejs.hazard.flood.problem import Forcing, Ground, Series

HOUR = 3600.0
MINUTE = 60.0


def wave(x: Floats, length: float) -> Floats:
    """Return cos(2 pi x / length)."""
    return np.asarray(np.cos(2.0 * np.pi * x / length))


def touching(slope: float, amplitude: float, length: float) -> float:
    """Return how far [m] from its top a cosine has the slope `slope`."""
    return float(np.arcsin(slope * length / (2.0 * np.pi * amplitude)) * length / (2.0 * np.pi))


def ponds_profile(x: Floats) -> Floats:
    """Return the ground [m] of test 1 along it: a slope of 0.00213 up to a crest of 10.25 at 300 m, a pond to 9.75."""
    rise = 0.00213
    d = touching(rise, 0.25, 400.0)
    at, steep = 10.0 + 0.25 * float(wave(np.array(d), 400.0)), 0.25 * 2.0 * np.pi / 400.0
    middle = 10.0 + 0.25 * wave(x - 300.0, 400.0)
    beyond = np.where(x > 600.0, 10.0 + steep * (x - 600.0), middle)
    return np.asarray(np.where(x < 300.0 - d, at + rise * (x - (300.0 - d)), beyond))


def ponds(cell: float = 10.0) -> Case:
    """Return test 1: a level at the western end rises over a crest, fills a pond behind it, falls; 20 hours."""
    rows, columns = round(100 / cell), round(700 / cell) + 1
    z = np.tile(ponds_profile(centres(-cell, columns, cell)), (rows, 1))
    edge = np.zeros(z.shape, bool)
    edge[:, 0] = True
    times = MINUTE * np.array([0.0, 5.0, 60.0, 660.0, 720.0, 1200.0])
    level = Series(times, np.array([9.7, 9.7, 10.35, 10.35, 9.7, 9.7]))
    return Case(
        "EA 1", Ground(z, cell, np.full(z.shape, 0.03)), Forcing(level, edge), 20 * HOUR, -cell, 100.0,
        {"P1": (400.0, 50.0), "P2": (600.0, 50.0)}, initial_level=9.7, every=5 * MINUTE,
    )  # fmt: skip


PONDS_TOP, PONDS_END = 10.35, 10.25
"""Peak and final level [m] at both points, all packages within about a centimetre (Neelz & Pender 2013)."""


def depressions_ground(x: Floats, y: Floats) -> Floats:
    """Return the ground [m] of test 2 at x and y [m]: a plane with four by four depressions of half a metre."""
    across, along = (5.0 - 3.0 * wave(x, 500.0)) / 8.0, (5.0 - 3.0 * wave(y, 500.0)) / 8.0
    return np.asarray(53.0 / 6.0 - x / 2000.0 + y / 1500.0 - across * along * 2.0 / 3.0)


def depressions(cell: float = 20.0) -> Case:
    """Return test 2: 97,200 m3 enter at the north-western corner within 1.5 hours and come to rest; 48 hours."""
    n = round(2000 / cell)
    x = centres(0.0, n, cell)
    z = depressions_ground(x[None, :], x[::-1, None])
    line = np.zeros(z.shape, bool)
    line[: round(100 / cell), 0] = True
    hydrograph = cells_of(line, "line", [0.0, 300.0, 600.0, 5160.0, 5460.0], [0.0, 0.0, 20.0, 20.0, 0.0])
    centre = [250.0, 750.0, 1250.0, 1750.0]
    points = {f"P{4 * i + j + 1}": (a, b) for i, a in enumerate(centre) for j, b in enumerate(centre)}
    ground = Ground(z, cell, np.full(z.shape, 0.03))
    return Case("EA 2", ground, Forcing(inflows=(hydrograph,)), 48 * HOUR, 0.0, 2000.0, points, every=HOUR)


DEPRESSIONS_VOLUME = 97200.0
"""Water [m3] of the hydrograph of test 2."""
DEPRESSIONS_OTHER = np.array(
    [0.38, 0.33, 0.33, 0.33, 0.28, 0.33, 0.33, 0.33, 0.00, 0.06, 0.17, 0.18, 0.00, 0.00, 0.00, 0.00]
)
"""Final depths [m] of an open first-order finite volume code on the distributed raster at 20 m (deceris_inundation)."""
DEPRESSIONS_SILL = np.array(
    [0.37, 0.32, 0.32, 0.32, 0.37, 0.32, 0.32, 0.32, 0.37, 0.32, 0.32, 0.32, 0.62, 0.32, 0.32, 0.32]
)
"""Depths [m] at which the depressions spill, found on the distributed raster at 20 m (the same source)."""


def bump_profile(x: Floats) -> Floats:
    """Return the ground [m] of test 3 along it: 1:200 down to 9.75 at 150 m, a bump of 0.25 m, down again, up."""
    steep = 0.25 * 2.0 * np.pi / 100.0
    parts = [x < 150.0, x < 250.0, x < 275.0]
    shapes = [
        np.minimum(10.4876 - x / 200.0, np.where(x < 125.0, np.inf, 10.0 - 0.25 * wave(x - 150.0, 100.0))),
        9.875 - 0.125 * wave(x - 150.0, 100.0),
        10.0 - 0.25 * wave(x - 250.0, 100.0),
    ]
    return np.asarray(np.select(parts, shapes, 10.0 + steep * (x - 275.0)))


def bump(cell: float = 5.0) -> Case:
    """Return test 3: 1,310 m3 run down a slope, just enough to fill a hollow before a bump; 15 minutes."""
    z = np.tile(bump_profile(centres(0.0, round(300 / cell), cell)), (round(100 / cell), 1))
    line = np.zeros(z.shape, bool)
    line[:, 0] = True
    hydrograph = cells_of(line, "line", [0.0, 5.0, 15.0, 25.0, 35.0], [0.0, 0.0, 65.5, 65.5, 0.0])
    points = {"P1": (150.0, 50.0), "P2": (250.0, 50.0)}
    ground = Ground(z, cell, np.full(z.shape, 0.01))
    return Case("EA 3", ground, Forcing(inflows=(hydrograph,)), 900.0, 0.0, 100.0, points, every=5.0)


BUMP_VOLUME = 1310.0
"""Water [m3] of the hydrograph of test 3."""
BUMP_BEYOND = (0.03, 0.07)
"""Final depth [m] behind the bump by codes with inertia: 5 to 6 cm in the report, 4.7 cm by an open code at 2 m."""


def plain(cell: float = 5.0) -> Case:
    """Return test 4: 20 m3/s through a breach of 20 m onto a level plain; 5 hours."""
    z = np.zeros((round(2000 / cell), round(1000 / cell)))
    y = centres(0.0, len(z), cell)[::-1]
    line = np.zeros(z.shape, bool)
    line[np.abs(y - 1000.0) < 9.99 + cell / 2.0, 0] = True
    hydrograph = cells_of(line, "breach", [0.0, 300.0, 3600.0, 14400.0, 18000.0], [0.0, 0.0, 20.0, 20.0, 0.0])
    places = [(50.0, 1000.0), (100.0, 1000.0), (200.0, 1000.0), (300.0, 1000.0), (400.0, 1000.0), (300.0, 1300.0)]
    points = {f"P{k + 1}": place for k, place in enumerate(places)}
    ground = Ground(z, cell, np.full(z.shape, 0.05))
    return Case("EA 4", ground, Forcing(inflows=(hydrograph,)), 5 * HOUR, 0.0, 2000.0, points, every=MINUTE)


PLAIN_PEAK = {"DG2 5 m": np.array([0.3251, 0.2745, 0.2275, 0.2002, 0.1800, 0.1755]),
              "ACC 1 m": np.array([0.3293, 0.2771, 0.2288, 0.2010, 0.1805, 0.1761])}  # fmt: skip
"""Largest depths [m] by LISFLOOD-FP 8.0 (Shaw et al. 2021): full shallow water, second order, 5 m; inertial, 1 m."""
PLAIN_HOUR = {1.0: np.array([0.3092, 0.2461, 0.1739, 0.1137, 0.0, 0.0]),
              3.0: np.array([0.3241, 0.2727, 0.2240, 0.1946, 0.1718, 0.1665])}  # fmt: skip
"""Depths [m] after one and three hours by LISFLOOD-FP's DG2 at 5 m (Shaw et al. 2021)."""
PLAIN_ARRIVAL = np.array([613.0, 982.0, 1823.0, 2730.0, 3689.0, 3973.0])
"""When [s] 1 cm is passed by LISFLOOD-FP's DG2 at 5 m, between its lines a minute apart (Shaw et al. 2021)."""
