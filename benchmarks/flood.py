"""Time the engine: `python benchmarks/flood.py [town|S2|R] [cell] [bits] [threads] [scheme] [order] [seconds]`."""

from __future__ import annotations

import sys
import time

import fjord
import numpy as np

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Forcing, Ground, Series

HOUR = 3600.0


def town(cell: float):
    """12 h surge of 2.15 m over 5 x 5 km with the fjord itself imposed."""
    z, _ = fjord.terrain(cell)
    n = round(5000.0 / cell)
    z = np.vstack([z, np.full((max(0, n - z.shape[0]), z.shape[1]), 60.0)])[:n, -n:]
    cells = fjord.sea(z) & (np.arange(n)[None, :] > n - round(1550.0 / cell))
    times = np.linspace(0.0, 12 * HOUR, 145)
    return z, Forcing(Series(times, fjord.surge(times, 12 * HOUR, 2.15)), cells), 12 * HOUR


def s2(cell: float):
    """Surge of 2 m in 2 h from the east edge."""
    z, _ = fjord.terrain(cell)
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = z[:, -1] < 2.5
    times = np.linspace(0.0, 2 * HOUR, 241)
    return z, Forcing(Series(times, fjord.surge(times, 2 * HOUR)), edge), 2 * HOUR


def rain(cell: float):
    """60 mm in one hour, three hours simulated, the sea held at 0 m."""
    z, _ = fjord.terrain(cell)
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = z[:, -1] < 0.0
    shower = Series(np.array([0.0, HOUR, HOUR + 1e-6]), np.array([0.06, 0.06, 0.0]) / HOUR)
    return z, Forcing(Series(np.zeros(1), np.zeros(1)), edge, shower), 3 * HOUR


def main() -> None:
    given = dict(
        zip(("case", "cell", "precision", "threads", "scheme", "order", "seconds"), sys.argv[1:], strict=False)
    )
    case, cell = given.get("case", "town"), float(given.get("cell", 10))
    z, forcing, duration = {"town": town, "S2": s2, "R": rain}[case](cell)
    duration = float(given.get("seconds", duration))
    options = Options(
        precision=int(given.get("precision", 32)),
        threads=int(given.get("threads", 2)),
        scheme=given.get("scheme", "inertial"),
        order=int(given.get("order", 2)),
    )
    ground = Ground(z, cell, np.full(z.shape, 0.03))
    simulate(ground, forcing, duration=1.0, initial_level=0.0, options=options)
    began = time.process_time()
    flood = simulate(ground, forcing, duration=duration, initial_level=0.0, options=options)
    spent = time.process_time() - began
    error = flood.balance["error"] / max(flood.balance["moved"], 1.0)
    rate = flood.active_cell_updates / spent / 1e6
    print(
        f"{options.scheme} {options.order} {case} {cell:g} m f{options.precision} x{options.threads}: "
        f"{flood.wall_seconds:.2f} s wall, "
        f"{spent:.2f} s CPU, {flood.steps} steps, {flood.active_cell_updates / 1e6:.0f} M active updates, "
        f"{rate:.0f} M/s CPU, balance {error:.1e}, "
        f"wet {int((flood.max_depth > 0.1).sum())} cells, Froude {flood.max_froude:.2f}"
    )


if __name__ == "__main__":
    main()
