"""Check the GPU's engine against the processor's and time it: `python benchmarks/gpu.py [million cells]`, on a GPU.

First both schemes on a quarter of a million cells on both engines, with the differences that the issue allows (1 mm in
99.9 % of the wet cells); then, on the GPU alone, all cells wet: 100 million if no other number is given.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Forcing, Ground, Series

SCHEMES = (("inertial", 1), ("shallow-water", 1), ("shallow-water", 2))
CELL = 5.0
SECONDS = 120.0


def hills(side: int):
    """Rolling ground that falls to the east, and a level at the east edge that rises by 2 m in ten minutes."""
    y, x = np.mgrid[:side, :side].astype(np.float32)
    z = 3 * np.sin(x / 40) * np.cos(y / 55) + (side - x) * 0.01
    sea = np.zeros(z.shape, bool)
    sea[:, -1] = True
    rise = Series(np.array([0.0, 600.0]), np.array([1.0, 3.0]))
    return Ground(z, CELL, np.full(z.shape, 0.03, np.float32)), Forcing(rise, sea)


def check() -> None:
    """Print by how much the engines differ where either has water."""
    ground, forcing = hills(500)
    for scheme, order in SCHEMES:
        floods = [
            simulate(
                ground, forcing, duration=600.0, initial_level=np.where(ground.elevation < 1.0, 1.0, -99.0),
                options=Options(scheme=scheme, order=order, engine=engine),
            )
            for engine in ("cpu", "cuda")
        ]  # fmt: skip
        one, other = floods
        wet = (one.max_depth > 0.01) | (other.max_depth > 0.01)
        off = np.abs(one.max_depth - other.max_depth)[wet]
        worst = max(abs(f.balance["error"]) / f.balance["moved"] for f in floods)
        verdict = "ok" if np.quantile(off, 0.999) < 1e-3 else "NOT ok"
        print(
            f"{scheme} {order}: {wet.sum()} wet cells, P99.9 {np.quantile(off, 0.999):.1e} m, "
            f"largest {off.max():.1e} m, steps {one.steps} and {other.steps}, account {worst:.1e}: {verdict}"
        )


def measure(cells: float) -> None:
    """Print the speed of both schemes on a lake with a wave on it: every cell is wet in every step."""
    side = round(np.sqrt(cells))
    x = np.linspace(0, 20 * np.pi, side, dtype=np.float32)
    ground = Ground(np.zeros((side, side), np.float32), CELL, np.full((side, side), 0.03, np.float32))
    level = np.ascontiguousarray(np.broadcast_to(1.0 + 0.2 * np.sin(x), (side, side)))
    for scheme, order in SCHEMES:
        options = Options(scheme=scheme, order=order, engine="cuda")
        simulate(ground, Forcing(), duration=5.0, initial_level=level, options=options)
        began = time.perf_counter()
        simulate(ground, Forcing(), duration=5.0, initial_level=level, options=options)
        lay = time.perf_counter() - began
        began = time.perf_counter()
        flood = simulate(ground, Forcing(), duration=5.0 + SECONDS, initial_level=level, options=options)
        spent = time.perf_counter() - began - lay
        short = max(1, round(flood.steps * SECONDS / (SECONDS + 5.0)))
        print(
            f"{scheme} {order}: {side * side / 1e6:.0f} million cells, {flood.steps} steps, {spent:.2f} s "
            f"beyond laying out ({lay:.1f} s): {side * side * short / spent / 1e6:.0f} million cell updates a second"
        )


if __name__ == "__main__":
    check()
    measure(float(sys.argv[1]) * 1e6 if len(sys.argv) > 1 else 1e8)
