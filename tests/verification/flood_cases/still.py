"""Lakes at rest over random beds and emerging hills, with a wall, houses, a sea at the edge, and under rain."""

from __future__ import annotations

import numpy as np

from flood_cases.case import Array
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import OPEN, Flood, Forcing, Ground, Series

LEVEL = 1.37
RISE = 0.009
"""[m] rain of `drowned` over its 900 s."""


def bed(kind: str) -> Array:
    """Return a bed, "random" or "emerging" from the lake."""
    y, x = np.mgrid[:45, :70]
    if kind == "random":
        return np.random.default_rng(3).normal(0.0, 0.5, x.shape)
    bumps = sum(
        h * np.exp(-((x - a) ** 2 + (y - b) ** 2) / 40) for h, a, b in ((2.2, 15, 12), (1.9, 40, 30), (1.2, 55, 15))
    )
    return bumps - 0.3  # type: ignore[no-any-return]


def lake(kind: str, options: Options, rain: float = 0.0, sea: bool = True) -> Flood:
    """Return a quarter of an hour of a lake with a wall that emerges, houses and, east, a sea of its level."""
    z = bed(kind)
    walls = np.full(z.shape, OPEN)
    walls[5:30, 40] = np.linspace(0.5, 2.0, 25)
    blocked = np.zeros(z.shape, bool)
    blocked[3:6, 50:60] = True
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = True
    forcing = Forcing(rain=Series(np.zeros(1), np.array([rain])) if rain else None)
    if sea:
        forcing = Forcing(Series(np.zeros(1), np.array([LEVEL])), edge, forcing.rain)
    ground = Ground(z, 10.0, np.full(z.shape, 0.03), wall_east=walls, blocked=blocked)
    return simulate(ground, forcing, duration=900.0, initial_level=LEVEL, options=options)


def drowned(options: Options) -> tuple[Flood, Array]:
    """Return a lake over ground that is all under water, under rain, and the level that each cell has at the end."""
    z = bed("random") - 3.0
    rain = Series(np.zeros(1), np.array([RISE / 900.0]))
    ground = Ground(z, 10.0, np.full(z.shape, 0.03))
    flood = simulate(ground, Forcing(rain=rain), duration=900.0, initial_level=LEVEL, options=options)
    return flood, flood.final_depth + z
