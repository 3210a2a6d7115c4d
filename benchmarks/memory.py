"""Peak memory a cell: `python benchmarks/memory.py [side] [scheme] [order]`; rain on rough ground, one edge at 0 m.

The ground is given in float32 and so is Manning's n as one number spread out by NumPy without memory; what the caller
holds is not counted, what comes back is.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import numpy as np

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Forcing, Ground, Series

MEGA = 1024.0


def case(side: int):
    """Return ground and forcing on `side` x `side` cells."""
    rng = np.random.default_rng(0)
    z = rng.standard_normal((side, side), np.float32)
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = True
    ground = Ground(z, 10.0, np.broadcast_to(np.float32(0.03), z.shape))
    sea = Series(np.zeros(1), np.zeros(1))
    return ground, Forcing(sea, edge, Series(np.zeros(1), np.array([1e-6])))


def peak() -> float:
    """Return the largest memory of this process so far [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGA


def now() -> float:
    """Return the memory of this process now [MB]."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / MEGA**2


def main() -> None:
    given = dict(zip(("side", "scheme", "order"), sys.argv[1:], strict=False))
    side = int(given.get("side", 2000))
    options = Options(scheme=given.get("scheme", "inertial"), order=int(given.get("order", 2)))
    ground, forcing = case(40)
    simulate(ground, forcing, duration=5.0, initial_level=0.0, options=options)
    ground, forcing = case(side)
    before = now()
    flood = simulate(ground, forcing, duration=20.0, initial_level=0.0, options=options)
    used = peak() - before
    print(
        f"{options.scheme} {options.order}, {side * side / 1e6:.1f} million cells: {used:.0f} MB beside the "
        f"caller's {before:.0f} MB, {used * MEGA * MEGA / side**2:.0f} bytes a cell, {flood.steps} steps, "
        f"{flood.wall_seconds:.1f} s, balance {flood.balance['error'] / flood.balance['moved']:.1e}"
    )


if __name__ == "__main__":
    main()
