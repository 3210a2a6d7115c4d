"""The engine's two schemes once more, in plain NumPy on whole arrays: slow, short, and written from their description.

Arrays are ``(y, x)`` with row 0 in the north; `east` faces lie between (r, c) and (r, c+1), `south` faces between (r, c)
and (r+1, c). A closed ring lies around the grid. Everything is float64.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
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
class Twin(ABC):
    """Ground, walls and friction on the ringed grid, and the clock that both schemes share."""

    z: Array
    cell: float
    manning: Array
    depth: Array
    wall_east: Array | None = None
    wall_south: Array | None = None
    porosity: Array | float = 1.0
    open_east: Array | float = 1.0
    open_south: Array | float = 1.0
    now: float = 0.0
    steps: int = 0
    beds: dict[int, Array] = field(default_factory=dict)
    walled: dict[int, Array] = field(default_factory=dict)
    throats: dict[int, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inside = ring(np.ones(self.z.shape), 0.0) > 0
        shares = [np.broadcast_to(a, self.z.shape) for a in (self.porosity, self.open_east, self.open_south)]
        self.z, self.manning, self.depth = (ring(a, 0.0) for a in (self.z, self.manning, self.depth))
        self.porosity = ring(shares[0], 1.0)
        for axis, wall, asked in ((1, self.wall_east, shares[1]), (0, self.wall_south, shares[2])):
            sill = np.maximum(*across(self.z, axis))
            crest = np.full(sill.shape, -np.inf)
            if wall is not None:
                crest = across(ring(wall, -np.inf), axis)[0]
            both = np.logical_and(*across(inside, axis))
            way = across(ring(asked, 1.0), axis)[0]
            least = np.minimum(*across(self.porosity, axis))
            self.throats[axis] = np.where(both & (way >= 0.01), np.minimum(least, way), least)
            both &= way >= 0.01
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

    @abstractmethod
    def longest_step(self) -> float:
        """Return the longest safe step [s]; each scheme has its own."""

    @abstractmethod
    def step(self, dt: float) -> None:
        """Carry the water on by `dt` [s]; each scheme in its own way."""

    def shares(self, flows: dict[int, Array], dt: float) -> Array:
        """Return the share of its outgoing flows [m2/s] that each cell can feed in the step."""
        out = np.zeros(self.depth.shape)
        for axis, flow in flows.items():
            here, there = across(out, axis)
            here += np.maximum(flow, 0.0)
            there += np.maximum(-flow, 0.0)
        wanted = dt / self.cell * out / self.porosity
        return np.divide(MARGIN * self.depth, wanted, out=np.ones(out.shape), where=wanted > MARGIN * self.depth)

    def divergence(self, flows: dict[int, Array]) -> Array:
        """Return what flows into each cell, summed over its faces [m2/s]."""
        total = np.zeros(self.depth.shape)
        for axis, flow in flows.items():
            here, there = across(total, axis)
            here -= flow
            there += flow
        return total / self.porosity


@dataclass
class InertialTwin(Twin):
    """Local inertial (Bates et al. 2010) with smoothing along the flow (de Almeida et al. 2012): docs/flood.md."""

    theta: float = 0.9
    flows: dict[int, Array] = field(default_factory=dict)
    fastest: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.flows = {axis: np.zeros(self.beds[axis].shape) for axis in (1, 0)}

    def longest_step(self) -> float:
        if self.steps % 8 == 0:
            self.fastest = self.speed()
        wave = FACTOR * self.cell / np.sqrt(G * max(self.depth.max(), 1e-4))
        return min(wave, 0.54 * self.cell / max(self.fastest, 1e-9), 10.0)

    def speed(self) -> float:
        """Return the largest speed [m/s] of the faster faces of each cell, no more than three times its wave speed."""
        parts = []
        for axis in (1, 0):
            deep = np.maximum(*across(self.z + self.depth, axis)) - self.beds[axis]
            u = np.where(
                deep > DRY, np.abs(self.flows[axis] / self.throats[axis]) / np.where(deep > DRY, deep, 1.0), 0.0
            )
            u = np.pad(u, ((0, 0), (1, 1)) if axis == 1 else ((1, 1), (0, 0)))
            parts.append(np.maximum(*across(u, axis)))
        speed = np.minimum(np.hypot(*parts), 3 * np.sqrt(G * self.depth))
        return float(np.max(speed, where=self.depth > DRY, initial=0.0))

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
        """Return the new discharges of one direction before the limiter, per width of the whole face."""
        throat = self.throats[axis]
        west, east = across(self.z + self.depth, axis)
        deep = np.maximum(west, east) - self.beds[axis]
        open_ = deep > DRY
        h = np.where(open_, deep, DRY)
        n2 = sum(across(self.manning**2, axis)) / 2
        push = self.smoothed(axis) - G * h * throat * dt * (east - west) / self.cell
        drag = G * dt * n2 / h ** (7 / 3) / throat
        crosswise = self.crosswise(axis)
        crosswise = crosswise * (1 + drag * np.hypot(self.flows[axis], crosswise))
        flow = np.where(open_, push * 2 / (1 + np.sqrt(1 + 4 * drag * np.hypot(push, crosswise))), 0.0)
        most = throat * 1.705 * np.maximum(deep, 0.0) ** 1.5
        return np.where(self.walled[axis], np.clip(flow, -most, most), flow)


@dataclass
class WavesTwin(Twin):
    """Full shallow water, finite volume, HLLC; discharges per width `east` and `south` [m2/s] in cells, at first per
    width of the open share of their faces, then of the whole.

    Hydrostatic reconstruction of Chen and Noelle (2017), at walls of Audusse et al. (2004); order 2 is MUSCL-Hancock.
    No more than critical flow passes a wall; water below its crest, and at closed faces, meets its mirror image.
    """

    order: int = 1
    east: Array | None = None
    south: Array | None = None
    film: float = 0.01
    froude_cap: float = 20.0

    def __post_init__(self) -> None:
        super().__post_init__()
        zero = np.zeros(self.depth.shape)
        self.east = zero if self.east is None else ring(self.east, 0.0)
        self.south = zero if self.south is None else ring(self.south, 0.0)
        self.east, self.south = self.east / self.slowed(1)[0], self.south / self.slowed(0)[0]

    def velocities(self) -> tuple[Array, Array]:
        wet = self.depth > DRY
        h = np.where(wet, self.depth, 1.0) * self.porosity
        return np.where(wet, self.east / h, 0.0), np.where(wet, self.south / h, 0.0)

    def longest_step(self) -> float:
        wet = self.depth > DRY
        h = np.where(wet, self.depth, 1.0)
        u, v = (np.where(wet, a / h, 0.0) for a in (self.east, self.south))
        (x, most_x), (y, most_y) = self.slowed(1), self.slowed(0)
        if self.steps:
            speed = np.maximum(np.abs(u * x), np.abs(v * y)) * np.maximum(most_x / x, most_y / y)
        else:
            speed = np.hypot(u * x, v * y)
        fastest = np.max(speed + np.sqrt(G * self.depth))
        return min(FACTOR * self.cell / max(fastest, np.sqrt(G * 1e-4)), 10.0)

    def step(self, dt: float) -> None:
        cells = self.cells_at_half_step(dt)
        ratio = dt / self.cell
        faces = {axis: {name: self.throats[axis] * a for name, a in self.face(axis, cells).items()} for axis in (1, 0)}
        share = self.shares({axis: f["mass"] for axis, f in faces.items()}, dt)
        gain = {name: np.zeros(self.depth.shape) for name in "hpq"}
        for axis, f in faces.items():
            along, aside = ("p", "q") if axis == 1 else ("q", "p")
            cut = np.where(f["mass"] > 0, *across(share, axis))
            here, there = across(gain["h"], axis)
            here -= cut * f["mass"]
            there += cut * f["mass"]
            here, there = across(gain[along], axis)
            here -= f["left"] + f["bed_left"]
            there += f["right"] + f["bed_right"]
            here, there = across(gain[aside], axis)
            here -= cut * f["aside"]
            there += cut * f["aside"]
        gain["h"] = gain["h"] / self.porosity
        self.east = self.east + ratio * gain["p"] - dt * cells["pull_east"]
        self.south = self.south + ratio * gain["q"] - dt * cells["pull_south"]
        self.depth = self.depth + ratio * gain["h"]
        self.rub(dt)

    def rub(self, dt: float) -> None:
        """Brake the discharges by Manning's friction, cap those of thin films, still those of dry cells."""
        h = np.where(self.depth > DRY, self.depth, 1.0)
        k = G * self.manning**2 / h ** (7 / 3)
        ways = {"east": self.slowed(1)[0], "south": self.slowed(0)[0]}
        brake = 2 / (1 + np.sqrt(1 + 4 * dt * k * np.hypot(ways["east"] * self.east, ways["south"] * self.south)))
        most = np.where(self.depth < self.film, self.froude_cap * h * np.sqrt(G * h), np.inf)
        for name, way in ways.items():
            braked = np.clip(way * getattr(self, name) * brake, -most, most) / way
            setattr(self, name, np.where(self.depth > DRY, braked, 0.0))

    def slowed(self, axis: int) -> tuple[Array, Array]:
        """Return one over the open share of cells in a direction, the mean of their two faces', and the larger."""
        share = 1 / self.throats[axis]
        share = np.pad(share, ((0, 0), (1, 1)) if axis == 1 else ((1, 1), (0, 0)), constant_values=1.0)
        behind, ahead = across(share, axis)
        return (behind + ahead) / 2, np.maximum(behind, ahead)

    def cells_at_half_step(self, dt: float) -> dict:
        """Return depth and velocities and, with order 2, their slopes, all half a step on; and the pull inside cells."""
        u, v = self.velocities()
        still = np.zeros(self.depth.shape)
        flat = dict.fromkeys("hwuv", still)
        if self.order == 1:
            return {"h": self.depth, "u": u, "v": v, 1: flat, 0: flat, "pull_east": still, "pull_south": still}
        w = self.z + self.depth
        quantities = {"w": w, "h": self.depth, "u": u, "v": v}
        sx, sy = ({name: self.slope(a, axis) for name, a in quantities.items()} for axis in (1, 0))
        per = 1 / self.cell
        half = 0.5 * dt
        h = self.depth - half * per * (u * sx["h"] + self.depth * sx["u"] + v * sy["h"] + self.depth * sy["v"])
        wet = self.depth > DRY
        deep = np.where(wet, self.depth, 1.0)
        drag = 1 + half * G * self.manning**2 * np.hypot(u, v) / deep ** (4 / 3)
        u_half = (u - half * per * (u * sx["u"] + v * sy["u"] + G * sx["w"])) / np.where(self.sloping(1), drag, 1.0)
        v_half = (v - half * per * (u * sx["v"] + v * sy["v"] + G * sy["w"])) / np.where(self.sloping(0), drag, 1.0)
        even = self.even()
        sx, sy = ({name: np.where(even, a, 0.0) for name, a in slopes.items()} for slopes in (sx, sy))
        return {
            "h": np.where(even, h, self.depth), "u": np.where(even & wet, u_half, u),
            "v": np.where(even & wet, v_half, v), 1: sx, 0: sy,
            "pull_east": self.porosity * G * per * h * sx["w"], "pull_south": self.porosity * G * per * h * sy["w"],
        }  # fmt: skip

    def even(self) -> Array:
        """Return which cells are as open as all their faces."""
        same = np.ones(self.depth.shape, bool)
        for axis in (1, 0):
            equal = np.stack([side == self.throats[axis] for side in across(self.porosity, axis)])
            here, there = across(same, axis)
            here &= equal[0]
            there &= equal[1]
        return same

    def slope(self, a: Array, axis: int) -> Array:
        """Return the limited difference across each cell; 0 beside dry cells, walls and closed faces."""
        step = np.diff(a, axis=axis)
        behind, ahead = (step[:, :-1], step[:, 1:]) if axis == 1 else (step[:-1], step[1:])
        least = np.where(np.abs(behind) < np.abs(ahead), behind, ahead)
        inner = np.pad(np.where(behind * ahead > 0, least, 0.0), ((0, 0), (1, 1)) if axis == 1 else ((1, 1), (0, 0)))
        return np.where(self.sloping(axis), inner, 0.0)

    def sloping(self, axis: int) -> Array:
        """Return which cells have slopes in a direction: wet between wet neighbours, without wall or closed face."""
        plain = np.isfinite(self.beds[axis]) & ~self.walled[axis] & np.logical_and(*across(self.depth > DRY, axis))
        both = (plain[:, :-1] & plain[:, 1:]) if axis == 1 else (plain[:-1] & plain[1:])
        return np.pad(both, ((0, 0), (1, 1)) if axis == 1 else ((1, 1), (0, 0)))

    def sides(self, axis: int, cells: dict) -> tuple[dict, dict]:
        """Return what stands left and right of each face: ground z, depth h, speed across the face u, along it v."""
        s = cells[axis]
        across_name, along_name = ("u", "v") if axis == 1 else ("v", "u")
        ends = []
        for sign in (0.5, -0.5):
            whole = {
                "z": self.z + sign * (s["w"] - s["h"]),
                "h": np.maximum(cells["h"] + sign * s["h"], 0.0),
                "u": cells[across_name] + sign * s[across_name],
                "v": cells[along_name] + sign * s[along_name],
            }
            side = {name: across(a, axis)[0 if sign > 0 else 1] for name, a in whole.items()}
            side["u"] = side["u"] * across(self.porosity, axis)[0 if sign > 0 else 1] / self.throats[axis]
            ends.append(side)
        return ends[0], ends[1]

    def face(self, axis: int, cells: dict) -> dict[str, Array]:
        """Return what passes each face: mass, momentum into left and right cell beyond their own pressure, aside."""
        left, right = self.sides(axis, cells)
        walled = self.walled[axis]
        shut = self.beds[axis] >= np.maximum(left["z"] + left["h"], right["z"] + right["h"])
        shut &= walled | ~np.isfinite(self.beds[axis])
        higher = np.maximum(left["z"], right["z"])
        lower_level = np.minimum(left["z"] + left["h"], right["z"] + right["h"])
        base = np.where(walled, self.beds[axis], np.minimum(higher, lower_level))
        base = np.where(shut, higher, base)
        stars = [np.clip(s["z"] + s["h"] - base, 0.0, s["h"]) for s in (left, right)]
        pressed = [
            G / 2 * (s["h"] + star) * (np.minimum(base - s["z"], s["h"]) - (s["h"] - star))
            for s, star in zip((left, right), stars, strict=True)
        ]
        flows = [np.where(star > DRY, star, 0.0) for star in stars]
        mass, to_left, to_right = hll(flows[0], left["u"], flows[1], right["u"])
        most = (2 / 3) ** 1.5 * np.sqrt(G) * np.maximum(*flows) ** 1.5
        mass = np.where(walled, np.clip(mass, -most, most), mass)
        mass = np.where(shut, 0.0, mass)
        return {
            "mass": mass,
            "aside": mass * np.where(mass > 0, left["v"], right["v"]),
            "left": np.where(shut, thrown_back(left["h"], left["u"]), to_left),
            "right": np.where(shut, thrown_back(right["h"], -right["u"]), to_right),
            "bed_left": np.where(shut, 0.0, pressed[0]),
            "bed_right": np.where(shut, 0.0, pressed[1]),
        }


def thrown_back(h: Array, u: Array) -> Array:
    """Return what a wall gives water at the speed `u` beyond its pressure: as its mirror image, never a pull."""
    mirror = hll(h, np.maximum(u, 0.0), h, -np.maximum(u, 0.0))[1]
    return np.where(u > 0, mirror, np.maximum(h * u * np.sqrt(G * h), -G / 2 * h**2))


def hll(hl: Array, ul: Array, hr: Array, ur: Array) -> tuple[Array, Array, Array]:
    """Return mass flux and momentum fluxes less each side's own pressure, with two waves (Harten, Lax, van Leer)."""
    cl, cr = np.sqrt(G * hl), np.sqrt(G * hr)
    middle = (ul + ur) / 2 + cl - cr
    sound = (cl + cr) / 2 + (ul - ur) / 4
    slow, fast = np.minimum(ul - cl, middle - sound), np.maximum(ur + cr, middle + sound)
    slow, fast = np.where(hr <= 0, ul - cl, slow), np.where(hr <= 0, ul + 2 * cl, fast)
    slow, fast = np.where(hl <= 0, ur - 2 * cr, slow), np.where(hl <= 0, ur + cr, fast)
    slow, fast = np.minimum(slow, 0.0), np.maximum(fast, 0.0)
    wet = (hl > 0) | (hr > 0)
    width = np.where(wet, fast - slow, 1.0)
    flux = (fast * hl * ul - slow * hr * ur + slow * fast * (hr - hl)) / width
    dq = hr * ur - hl * ul
    df = (hr * ur**2 - hl * ul**2) + G / 2 * (hr - hl) * (hr + hl)
    to_left = hl * ul**2 + slow * (fast * dq - df) / width
    to_right = hr * ur**2 + fast * (slow * dq - df) / width
    return tuple(np.where(wet, a, 0.0) for a in (flux, to_left, to_right))
