"""Cases with built-over cells whose answers are known: a narrowing channel, a town on a slope, streets drawn out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flood_cases.case import Array, Case, Channel, G, constant
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Flood, Forcing, Ground

NARROW, LENGTH = 0.6, 200.0


def widths(x: Array) -> Array:
    """Return the open share of a channel that narrows smoothly to `NARROW` and widens again."""
    bend = np.sin(np.pi * np.clip((x - 50.0) / 100.0, 0.0, 1.0)) ** 2
    return 1.0 - (1.0 - NARROW) * bend


def narrowing(cells: int, discharge: float = 1.5, level: float = 1.5) -> Case:
    """Return steady flow without friction through a throat: discharge and head are the same everywhere.

    Head E = h + q2 / (2 g b2 h2) is that of the east end, where the level is held; subcritical throughout.
    """
    channel = Channel(cells, LENGTH / cells, ghost_west=True, ghost_east=True)
    head = level + discharge**2 / (2 * G * level**2)

    def exact(x: Array, _: float) -> tuple[Array, Array]:
        q = discharge / widths(x)
        h = np.full(x.shape, level)
        for _ in range(60):
            h = h - (h + q**2 / (2 * G * h**2) - head) / (1 - q**2 / (G * h**3))
        return h, q / h

    depth, speed = exact(np.zeros(1), 0.0)
    case = channel.case(
        "narrowing", 0.0, 0.0, exact=exact, duration=400.0, counted=channel.middle,
        forcing=Forcing(
            constant(level), channel.east_cells, flows=(channel.inlet(float(depth[0]), float(speed[0])),)
        ),
    )  # fmt: skip
    x = channel.x
    open_ = channel.spread(widths(x))
    faces = channel.spread(widths(x + channel.cell / 2))
    return replace(case, ground=replace(case.ground, porosity=open_, open_east=faces)).starting_exact()


def town_on_a_slope(share: float = 0.4, slope: float = 0.002, manning: float = 0.04, depth: float = 1.0) -> Case:
    """Return normal flow down a slope of which `share` is open: the discharge per open width is Manning's."""
    channel = Channel(120, 10.0, ghost_east=True)
    speed = depth ** (2 / 3) * slope**0.5 / manning
    bed = slope * (channel.x[-1] - channel.x)

    def exact(x: Array, _: float) -> tuple[Array, Array]:
        return np.full(x.shape, depth), np.full(x.shape, speed)

    case = channel.case(
        "town on a slope", bed, manning, exact=exact, duration=4000.0, counted=channel.middle,
        forcing=Forcing(constant(depth), channel.east_cells, inflows=(channel.source(share * depth * speed),)),
    )  # fmt: skip
    return replace(case, ground=replace(case.ground, porosity=channel.spread(share))).starting_exact()


@dataclass(frozen=True)
class Streets:
    """A valley 384 m long and 96 m wide with houses of 8 m on a square grid of 12 m: 4 m streets both ways."""

    discharge: float = 60.0
    level: float = 1.5
    manning: float = 0.03

    def houses(self) -> Array:
        """Return where houses stand on cells of 1 m."""
        y, x = np.mgrid[:96, :384]
        return (x >= 96) & (x < 288) & (x % 12 >= 2) & (x % 12 < 10) & (y % 12 >= 2) & (y % 12 < 10)

    def run(self, ground: Ground, scheme: str) -> Flood:
        """Return the flood in which a stream enters in the west and leaves at a level in the east."""
        rows, columns = ground.elevation.shape
        sea = np.zeros((rows, columns), bool)
        sea[:, -1] = True
        channel = Channel(columns - 1, ground.cell, ghost_east=True, rows=rows)
        return simulate(
            ground, Forcing(constant(self.level), sea, inflows=(channel.source(self.discharge / 96.0),)),
            duration=1800.0, initial_level=self.level, options=Options(scheme=scheme),
        )  # fmt: skip

    def ground(self, cell: float, **more: Array) -> Ground:
        """Return flat ground on cells of a size."""
        shape = (round(96 / cell), round(384 / cell))
        return Ground(np.zeros(shape), cell, np.full(shape, self.manning), **more)

    def head(self, flood: Flood, cell: float) -> float:
        """Return how much higher the water stands west of the houses than at the held level [m]."""
        columns = slice(round(24 / cell), round(72 / cell))
        return float(flood.final_depth[:, columns].mean()) - self.level
