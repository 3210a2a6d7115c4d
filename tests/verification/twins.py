"""The engine's two schemes once more, in plain NumPy on whole arrays: slow, short, and written from their description.

Arrays are ``(y, x)`` with row 0 in the north; `east` faces lie between (r, c) and (r, c+1), `south` faces between (r, c)
and (r+1, c). A closed ring lies around the grid. Everything is float64.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

G = 9.81
DRY = 0.001
FACTOR = 0.45
MARGIN = 1.0 - 16.0 * np.finfo(np.float64).eps
Array = np.ndarray


def ring(inner: Array, fill: float) -> Array:
    """Return the array with one more cell all around."""
    return np.pad(np.asarray(inner, np.float64), 1, constant_values=fill)


def across(array: Array, axis: int) -> tuple[Array, Array]:
    """Return the values west and east (axis 1) or north and south (axis 0) of every inner and outer face."""
    return (array[:, :-1], array[:, 1:]) if axis == 1 else (array[:-1], array[1:])


@dataclass
class Twin:
    """Ground, walls and friction on the ringed grid, and the clock that both schemes share."""

    z: Array
    cell: float
    manning: Array
    depth: Array
    wall_east: Array | None = None
    wall_south: Array | None = None
    now: float = 0.0
    steps: int = 0
    beds: dict[int, Array] = field(default_factory=dict)
    walled: dict[int, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inside = ring(np.ones(self.z.shape), 0.0) > 0
        self.z, self.manning, self.depth = (ring(a, 0.0) for a in (self.z, self.manning, self.depth))
        for axis, wall in ((1, self.wall_east), (0, self.wall_south)):
            sill = np.maximum(*across(self.z, axis))
            crest = np.full(sill.shape, -np.inf)
            if wall is not None:
                crest = across(ring(wall, -np.inf), axis)[0]
            both = np.logical_and(*across(inside, axis))
            self.beds[axis] = np.where(both, np.maximum(sill, crest), np.inf)
            self.walled[axis] = both & (crest > sill)

    def run(self, duration: float) -> None:
        """Step until `duration` [s], with the engine's rule for the last steps."""
        while self.now < duration:
            dt, rest = self.longest_step(), duration - self.now
            if rest <= dt:
                dt = rest
            elif rest < 2 * dt:
                dt = 0.5 * rest
            self.step(dt)
            self.now = duration if dt == rest else self.now + dt
            self.steps += 1

    def longest_step(self) -> float:
        raise NotImplementedError

    def step(self, dt: float) -> None:
        raise NotImplementedError

    def shares(self, flows: dict[int, Array], dt: float) -> Array:
        """Return the share of its outgoing flows [m2/s] that each cell can feed in the step."""
        out = np.zeros(self.depth.shape)
        for axis, flow in flows.items():
            here, there = across(out, axis)
            here += np.maximum(flow, 0.0)
            there += np.maximum(-flow, 0.0)
        wanted = dt / self.cell * out
        return np.divide(MARGIN * self.depth, wanted, out=np.ones(out.shape), where=wanted > MARGIN * self.depth)

    def divergence(self, flows: dict[int, Array]) -> Array:
        """Return what flows into each cell, summed over its faces [m2/s]."""
        total = np.zeros(self.depth.shape)
        for axis, flow in flows.items():
            here, there = across(total, axis)
            here -= flow
            there += flow
        return total


@dataclass
class InertialTwin(Twin):
    """Local inertial (Bates et al. 2010) with smoothing along the flow (de Almeida et al. 2012): docs/flood.md."""

    theta: float = 0.9
    flows: dict[int, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.flows = {axis: np.zeros(self.beds[axis].shape) for axis in (1, 0)}

    def longest_step(self) -> float:
        return min(FACTOR * self.cell / np.sqrt(G * max(self.depth.max(), 1e-4)), 10.0)

    def crosswise(self, axis: int) -> Array:
        """Return the mean of the four faces of the other direction around each face."""
        other = np.pad(self.flows[1 - axis], ((1, 1), (0, 0)) if axis == 1 else ((0, 0), (1, 1)))
        cells = (other[:-1] + other[1:]) / 2 if axis == 1 else (other[:, :-1] + other[:, 1:]) / 2
        return sum(across(cells, axis)) / 2

    def smoothed(self, axis: int) -> Array:
        """Return theta times a face's own discharge and the rest from its neighbours; one without flow counts as own."""
        q = self.flows[axis]
        width = ((0, 0), (1, 1)) if axis == 1 else ((1, 1), (0, 0))
        wide = np.pad(q, width)
        behind, ahead = (wide[:, :-2], wide[:, 2:]) if axis == 1 else (wide[:-2], wide[2:])
        behind, ahead = (np.where(side == 0, q, side) for side in (behind, ahead))
        return self.theta * q + (1 - self.theta) / 2 * (behind + ahead)

    def step(self, dt: float) -> None:
        new = {axis: self.pushed(axis, dt) for axis in (1, 0)}
        share = self.shares(new, dt)
        for axis, flow in new.items():
            here, there = across(share, axis)
            new[axis] = flow * np.where(flow > 0, here, there)
        self.depth = self.depth + dt / self.cell * self.divergence(new)
        self.flows = new

    def pushed(self, axis: int, dt: float) -> Array:
        """Return the new discharges of one direction before the limiter."""
        west, east = across(self.z + self.depth, axis)
        deep = np.maximum(west, east) - self.beds[axis]
        open_ = deep > DRY
        h = np.where(open_, deep, DRY)
        size = np.hypot(self.flows[axis], self.crosswise(axis))
        n2 = sum(across(self.manning**2, axis)) / 2
        push = self.smoothed(axis) - G * h * dt * (east - west) / self.cell
        flow = np.where(open_, push / (1 + G * dt * n2 * size / h ** (7 / 3)), 0.0)
        most = 1.705 * np.maximum(deep, 0.0) ** 1.5
        return np.where(self.walled[axis], np.clip(flow, -most, most), flow)


@dataclass
class WavesTwin(Twin):
    """Full shallow water, finite volume, HLLC; discharges per width `east` and `south` [m2/s] in cells.

    Hydrostatic reconstruction of Chen and Noelle (2017), at walls of Audusse et al. (2004); order 2 is MUSCL-Hancock.
    """

    order: int = 1
    east: Array | None = None
    south: Array | None = None
    film: float = 0.01
    froude_cap: float = 2.0

    def __post_init__(self) -> None:
        super().__post_init__()
        zero = np.zeros(self.depth.shape)
        self.east = zero if self.east is None else ring(self.east, 0.0)
        self.south = zero if self.south is None else ring(self.south, 0.0)

    def velocities(self) -> tuple[Array, Array]:
        wet = self.depth > DRY
        h = np.where(wet, self.depth, 1.0)
        return np.where(wet, self.east / h, 0.0), np.where(wet, self.south / h, 0.0)

    def longest_step(self) -> float:
        u, v = self.velocities()
        fastest = np.max(np.maximum(np.abs(u), np.abs(v)) + np.sqrt(G * self.depth))
        return min(FACTOR * self.cell / max(fastest, np.sqrt(G * 1e-4)), 10.0)
