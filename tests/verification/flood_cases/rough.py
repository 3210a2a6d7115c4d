"""Rough grounds that use everything at once: for twins, symmetry, threads, accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from flood_cases.case import Array
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import OPEN, Flood, Forcing, Ground, Series
from twins import InertialTwin, WavesTwin

Turn = Callable[[Array], Array]
TURNS: dict[str, tuple[Turn, Callable[[Array, Array], tuple[Array, Array]]]] = {
    "as it is": (lambda a: a, lambda east, north: (east, north)),
    "mirrored east-west": (lambda a: a[:, ::-1], lambda east, north: (-east, north)),
    "mirrored north-south": (lambda a: a[::-1], lambda east, north: (east, -north)),
    "turned by a quarter": (np.rot90, lambda east, north: (-north, east)),
    "transposed": (lambda a: a.T, lambda east, north: (-north, -east)),
}
"""What happens to arrays, and to the components of vectors before their arrays are turned."""


def grained(values: Array) -> Array:
    """Round to 2^-20 m, so that ground plus depth is exact in the engine and in its twin."""
    return np.round(values * 2.0**20) / 2.0**20


def state(seed: int, shape: tuple[int, int] = (37, 70)) -> dict[str, Array]:
    """Rolling ground with noise and a step, water in pools and on slopes, a wall across, Manning's n in patches."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]]
    z = grained(2 + np.sin(x / 7.0) + np.cos(y / 5.0) + chance.normal(0, 0.15, shape))
    z[12:18, 20:26] += 2.0
    depth = grained(np.where(chance.random(shape) < 0.5, chance.gamma(1.0, 0.5, shape), 0.0))
    depth[:, 45:] = grained(np.maximum(2.4 - z[:, 45:], 0.0))
    wall = np.full(shape, OPEN)
    wall[4:30, 44] = grained(chance.uniform(1.5, 3.5, 26))
    return {"z": z, "depth": depth, "wall": wall, "manning": np.where(x > 30, 0.05, 0.02) * (y > 8)}


@dataclass(frozen=True)
class Town:
    """Water on the move between hills, pits, walls and houses, a sea that rises in the west, rain.

    `turn` is one of `TURNS`; `shift` rows and columns of nothing lie north and west of it: other tiles, the same town.
    """

    seed: int = 1
    turn: str = "as it is"
    shift: tuple[int, int] = (0, 0)

    def lay(self, array: Array, outside: float) -> Array:
        """Return an array of the town turned and shifted."""
        rows, columns = self.shift
        return np.pad(TURNS[self.turn][0](array), ((rows, 0), (columns, 0)), constant_values=outside)

    def cut(self, array: Array) -> Array:
        """Return the town's part of an array."""
        return array[self.shift[0] :, self.shift[1] :]

    def run(self, options: Options, duration: float = 600.0) -> Flood:
        """Return the flood of the town; only shallow water starts with velocities."""
        turn, turn_vector = TURNS[self.turn]
        s = state(self.seed)
        sea, houses = np.zeros((2, *s["z"].shape), bool)
        sea[3:-3, 0] = houses[20:24, 10:15] = houses[30:33, 40:47] = True
        east, north = np.random.default_rng(self.seed + 10).normal(0, 1.0, (2, *sea.shape)) * (s["depth"] > 0.01)
        velocity = tuple(self.lay(part, 0.0) for part in turn_vector(east, north))
        walls = [np.pad(w, ((self.shift[0], 0), (self.shift[1], 0)), constant_values=OPEN)
                 for w in turned_walls(s["wall"], s["wall"], turn)]  # fmt: skip
        ground = Ground(
            self.lay(s["z"], np.nan), 8.0, self.lay(s["manning"], 0.03), blocked=self.lay(houses, False),
            wall_east=walls[0], wall_south=walls[1],
        )  # fmt: skip
        tide = Series(np.array([0.0, 300.0, 600.0]), np.array([2.0, 4.0, 2.5]))
        rain = Series(np.array([0.0, 300.0, 301.0]), np.array([3e-5, 3e-5, 0.0]))
        return simulate(
            ground, Forcing(tide, self.lay(sea, False), rain), duration=duration, options=options,
            initial_level=self.lay(np.where(s["depth"] > 0, s["z"] + s["depth"], -1e3), -1e3),
            initial_velocity=velocity if options.scheme == "shallow-water" else None,
        )  # fmt: skip


def turned_walls(east: Array, south: Array, turn: Turn) -> tuple[Array, Array]:
    """Return the walls on the faces of the turned ground: cells, faces and corners turn as one array of twice the size."""
    rows, columns = east.shape
    fine = np.full((2 * rows - 1, 2 * columns - 1), OPEN)
    fine[::2, 1::2], fine[1::2, ::2] = east[:, :-1], south[:-1]
    fine = turn(fine)
    rows, columns = (size // 2 + 1 for size in fine.shape)
    new = np.full((2, rows, columns), OPEN)
    new[0, :, :-1], new[1, :-1] = fine[::2, 1::2], fine[1::2, ::2]
    return new[0], new[1]


def built(seed: int, shape: tuple[int, int] = (37, 70)) -> dict[str, Array]:
    """Open shares of a town: open fields in the west, blocks with streets of many widths in the east, some shut."""
    chance = np.random.default_rng(seed + 20)
    town = np.arange(shape[1]) > 20
    porosity = np.where(town, chance.uniform(0.1, 1.0, shape), 1.0)
    ways = np.where(town, chance.uniform(-0.2, 1.0, (2, *shape)).clip(0.0), 1.0)
    return {"porosity": porosity, "open_east": ways[0], "open_south": ways[1]}


def beside_twin(
    seed: int, scheme: str, order: int, pores: dict[str, Array] | None = None
) -> tuple[Flood, InertialTwin | WavesTwin]:
    """Return the flood of the engine and of its twin from a rough state, some dozens of steps on, in float64."""
    pores = pores or {}
    s, cell, waves = state(seed), 8.0, scheme == "shallow-water"
    h, duration = s["depth"], 20.0 if waves else 30.0
    ground = Ground(s["z"], cell, s["manning"], wall_east=s["wall"], wall_south=s["wall"].copy(), **pores)
    east, north = np.random.default_rng(seed + 10).normal(0, 1.5, (2, *h.shape)) * (h > 0.01)
    flood = simulate(
        ground, Forcing(), duration=duration, initial_level=np.where(h > 0, s["z"] + h, -1e3),
        initial_velocity=(east, north) if waves else None,
        options=Options(scheme=scheme, order=order, precision=64),
    )  # fmt: skip
    given = (s["z"], cell, s["manning"], h, s["wall"], s["wall"])
    if waves:
        twin = WavesTwin(*given, **pores, order=order, east=h * east, south=-h * north)
    else:
        twin = InertialTwin(*given, **pores)
    twin.run(duration)
    return flood, twin
