"""Dam break against an isolated building in a flume (Soares-Frazao & Zech 2007): test 6a of the benchmark, measured.

Coordinates as in the sketch of the data: a reservoir up to x = 6.75 m at 0.40 m, a gate of 1 m between walls 0.8 m
thick, a floor at 0.02 m behind it, 3.6 m wide, with side slopes of 0.155 m over 0.34 m along both walls.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from flood_published.case import Case, Floats, centres
from genrejs.hazard.flood.problem import Forcing, Ground

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "cases" / "isolated_building"
LENGTH, WIDTH, GATE = 35.8, 3.6, 6.75
RESERVOIR, TAIL, MANNING = 0.40, 0.02, 0.01


def table(name: str) -> Floats:
    return np.loadtxt(FOLDER / name, delimiter=",", skiprows=1)


def inside(corners: Floats, x: Floats, y: Floats) -> np.ndarray:
    """Return which (x, y) lie in a convex polygon of `corners` ``(n, 2)``."""
    turns = []
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        turns.append((bx - ax) * (y - ay) - (by - ay) * (x - ax))
    side = np.stack(turns)
    return np.asarray((side > 0).all(axis=0) | (side < 0).all(axis=0))


def building(cell: float = 0.05, duration: float = 30.0) -> Case:
    """Return the flume; walls and building are blocked cells whose centres they hold."""
    x = centres(0.0, round(LENGTH / cell), cell)[None, :]
    y = centres(0.0, round(WIDTH / cell), cell)[::-1, None]
    x, y = np.broadcast_arrays(x, y)
    z = 0.155 / 0.34 * np.maximum(0.34 - np.minimum(y, WIDTH - y), 0.0)
    blocked = np.zeros(z.shape, bool)
    for name in ("building", "dam_1", "dam_2"):
        blocked |= inside(table(f"poly/{name}.csv")[:, :2], x, y)
    level = np.where(x < GATE, RESERVOIR, TAIL)
    points = {f"G{int(k)}": (float(a), float(b)) for a, b, k in table("point_gauges.csv")}
    ground = Ground(z, cell, np.full(z.shape, MANNING), blocked=blocked)
    return Case("EA 6a", ground, Forcing(), duration, 0.0, WIDTH, points, initial_level=level, every=0.1)


def measured_depths() -> tuple[Floats, Floats]:
    """Return the times [s] and the depths [m] ``(6, time)`` measured at G1 to G6."""
    table = np.loadtxt(FOLDER / "tjhr_a_9521830_sup_0001" / "building_gauges_h.txt", skiprows=2)
    return table[:, 0], table[:, 1:].T


def measured_velocities() -> tuple[Floats, Floats]:
    """Return the times [s] and the velocities [m/s] ``(5, time, 2)`` along and across at G1 to G5, NaN where missing."""
    lines = (FOLDER / "tjhr_a_9521830_sup_0001" / "building_gauges_uv.txt").read_text().splitlines()[2:]
    rows = [[float(v) if v.strip() else np.nan for v in (line + "\t" * 11).split("\t")[:11]] for line in lines]
    values = np.array(rows)
    return values[:, 0], values[:, 1:].reshape(len(rows), 5, 2).transpose(1, 0, 2)
