"""Time the screening on one thread: `python benchmarks/screening.py [side] [hills|rough]`."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import ndimage

from genrejs.hazard.screening import catchments, fill_and_spill, find_depressions, sea_reach

CELL = 2.0


def hills(side: int, roughness: float) -> Any:
    """Return hills of 10 m about 200 m apart with knolls of 1 m and survey noise of `roughness` [m] ``(y, x)``."""
    rng = np.random.default_rng(1)
    z = np.linspace(25.0, -5.0, side)[None, :].repeat(side, axis=0)
    for apart, height in ((100, 10.0), (20, 1.0)):
        coarse = rng.normal(size=(side // apart + 4, side // apart + 4)) * height
        z += ndimage.zoom(coarse, apart, order=3, grid_mode=True, mode="nearest")[:side, :side]
    return z + rng.normal(size=z.shape) * roughness


def timed(name: str, cells: int, action: Callable[[], Any]) -> Any:
    """Run an action, print its CPU seconds and cells per second, return what it returns."""
    began = time.process_time()
    result = action()
    spent = time.process_time() - began
    print(f"{name:<28} {spent:8.3f} s CPU {cells / max(spent, 1e-9) / 1e6:8.1f} million cells/s")
    return result


def main() -> None:
    given = dict(zip(("side", "kind"), sys.argv[1:], strict=False))
    side, kind = int(given.get("side", 5000)), given.get("kind", "hills")
    z = hills(side, {"hills": 0.02, "rough": 0.3}[kind])
    sea = np.zeros(z.shape, bool)
    sea[:, -1] = True
    warm = z[:99, -99:].copy()
    sea_reach(warm, sea[:99, -99:])
    fill_and_spill(find_depressions(warm, CELL), 0.1).depth()
    started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reach = timed("sea reach, every level", z.size, lambda: sea_reach(z, sea))
    timed("sea at one level", z.size, lambda: reach.depth(1.5))
    found = timed("bluespots, nested basins", z.size, lambda: find_depressions(z, CELL))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - started
    print(f"at most {peak * 1024 / z.size:.0f} bytes a cell besides the elevation and the sea's answer kept (8)")
    timed("catchments of bluespots", z.size, lambda: catchments(found))
    standing = timed("60 mm of rain, amounts", z.size, lambda: fill_and_spill(found, 0.06))
    depth = timed("60 mm of rain, depths", z.size, standing.depth)
    print(f"{len(found.volume)} bluespots of {found.nest.pits} pits on {(found.bluespot > 0).mean():.1%} of the ground")
    account = (standing.rained - standing.stored - standing.left) / standing.rained
    on_map = depth.sum(dtype=float) * CELL**2 / standing.stored - 1
    print(f"account {account:.1e}, map {on_map:.1e}")


if __name__ == "__main__":
    main()
