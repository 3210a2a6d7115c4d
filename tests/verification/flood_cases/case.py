"""A case with a known answer: what the engine is given, what it should give back, and how far off it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Flood, Forcing, Ground, ImposedFlow, Inflow, Series

G = 9.81
Array = np.ndarray
Exact = Callable[[float], tuple[Array, Array, Array]]
"""Depth [m], velocity east and north [m/s], each ``(y, x)``, at a time [s]."""


@dataclass(frozen=True)
class Case:
    """`counted` cells are compared with `exact`; `x`, `y` [m] are the centres of cells, y towards the north."""

    name: str
    ground: Ground
    forcing: Forcing
    duration: float
    exact: Exact
    x: Array
    y: Array
    counted: Array
    level: float | Array | None = None
    velocity: tuple[float | Array, float | Array] | None = None

    @property
    def cell(self) -> float:
        return self.ground.cell

    def starting_exact(self) -> Case:
        """Return the case with the exact solution at 0 s as its start."""
        depth, east, north = self.exact(0.0)
        level = np.where(depth > 0, self.ground.elevation + depth, -1e3)
        return replace(self, level=level, velocity=(east, north))

    def run(self, order: int = 1, precision: int = 64, **more) -> Flood:
        """Return the flood of the shallow-water scheme."""
        options = Options(scheme="shallow-water", order=order, precision=precision, **more)
        return simulate(
            self.ground, self.forcing, duration=self.duration, initial_level=self.level,
            initial_velocity=self.velocity, options=options,
        )  # fmt: skip

    def run_inertial(self, precision: int = 64, **more) -> Flood:
        """Return the flood of the inertial scheme."""
        options = Options(scheme="inertial", precision=precision, **more)
        return simulate(
            self.ground, self.forcing, duration=self.duration, initial_level=self.level, options=options
        )  # fmt: skip

    def error(self, flood: Flood) -> float:
        """Return the mean distance [m] of the final depth to the exact one (L1)."""
        depth = self.exact(self.duration)[0]
        return float(np.abs(flood.final_depth - depth)[self.counted].mean())

    def discharge_error(self, flood: Flood) -> float:
        """Return the mean distance [m2/s] of the final discharge per width to the exact one (L1)."""
        depth, east, north = self.exact(self.duration)
        off = np.hypot(
            flood.final_depth * flood.velocity_east - depth * east,
            flood.final_depth * flood.velocity_north - depth * north,
        )
        return float(off[self.counted].mean())


def constant(value: float) -> Series:
    """Return a series that always has `value`."""
    return Series(np.zeros(1), np.array([value], float))


def orders(errors: list[float], cells: list[float]) -> Array:
    """Return the observed order of convergence between each two grids that follow each other."""
    return np.diff(np.log(errors)) / np.diff(np.log(cells))


@dataclass(frozen=True)
class Channel:
    """A straight channel of `count` cells along x from 0, four rows wide, with ghost cells where an end needs them."""

    count: int
    cell: float
    ghost_west: bool = False
    ghost_east: bool = False
    rows: int = 4

    @property
    def x(self) -> Array:
        whole = self.count + self.ghost_west + self.ghost_east
        return (np.arange(whole) - float(self.ghost_west) + 0.5) * self.cell

    def spread(self, profile: Array | float) -> Array:
        """Return a profile along the channel on all rows."""
        return np.tile(np.broadcast_to(np.asarray(profile, float), self.x.shape), (self.rows, 1))

    @property
    def inside(self) -> Array:
        mask = np.ones((self.rows, self.x.size), bool)
        if self.ghost_west:
            mask[:, 0] = False
        if self.ghost_east:
            mask[:, -1] = False
        return mask

    @property
    def middle(self) -> Array:
        """Return the cells away from the ends, where no edge is felt but through the flow: 10 to 90 % of the length."""
        length = self.count * self.cell
        return self.inside & ((self.x > 0.1 * length) & (self.x < 0.9 * length))[None, :]

    def ground(self, bed: Array | float, manning: float = 0.0) -> Ground:
        return Ground(self.spread(bed), self.cell, self.spread(manning))

    def source(self, discharge: float) -> Inflow:
        """Return an inflow of `discharge` [m2/s] per width in the first cells."""
        total = discharge * self.rows * self.cell
        return Inflow("west", np.arange(self.rows), np.zeros(self.rows, int), constant(total))

    def inlet(self, depth: float, speed: float) -> ImposedFlow:
        """Return an imposed flow towards the east in the ghost cells of the west end."""
        return ImposedFlow("west", np.arange(self.rows), np.zeros(self.rows, int), depth, speed, 0.0)

    @property
    def east_cells(self) -> Array:
        mask = np.zeros((self.rows, self.x.size), bool)
        mask[:, -1] = True
        return mask

    def case(self, name: str, bed: Array | float, manning: float, **more) -> Case:
        """Return a case on this channel; `exact` gives depth and speed along it at a time."""
        along = more.pop("exact")

        def exact(time: float) -> tuple[Array, Array, Array]:
            depth, speed = along(self.x, time)
            return self.spread(depth), self.spread(speed), self.spread(0.0)

        y = np.broadcast_to(((self.rows - np.arange(self.rows)) - 0.5)[:, None] * self.cell, self.inside.shape)
        more.setdefault("counted", self.inside)
        return Case(
            name=name, ground=self.ground(bed, manning), exact=exact, x=self.spread(self.x), y=y, **more
        )  # fmt: skip
