"""Time recoveries of the whole embedded city: `python benchmarks/recovery.py [COUNT]`.

58,000 residents, 15,700 buildings and all lifelines (constructed), hourly for 30 days and daily for two years, after a
surge as of 1872 that stands everywhere at 2.5 m: worse than any solver gives, so that many repairs wait for crews.
COUNT recoveries (200) differ in how long each repair takes; they run on all cores.
"""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np

from genrejs.city.embedded import load_city
from genrejs.city.model import City
from genrejs.hazard.catalogue import event
from genrejs.machine import cores
from genrejs.measure.catalogue import carry_out, find_strategy
from genrejs.recovery.restore import restore
from genrejs.recovery.settings import RecoverySettings
from genrejs.scenario.result import Result
from genrejs.scenario.run import Depths, How, Settings, run_depths

LEVEL = 2.5  # m
SETTINGS = RecoverySettings(hourly_days=30, horizon_days=730)


def flooded() -> tuple[City, Result]:
    """Return today's city and what a flat sea at `LEVEL` does to it."""
    city = carry_out(load_city(), find_strategy("today"))
    grid, ground = city.grid, city.terrain["elevation"].to_numpy()

    def depth(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        rows, columns = ((grid.north - y) // grid.cell).astype(int), ((x - grid.west) // grid.cell).astype(int)
        return np.maximum(LEVEL - ground[rows, columns], 0.0)

    middle, parts = city.buildings.geometry.centroid, city.components
    depths = Depths(
        depth(middle.x.to_numpy(), middle.y.to_numpy()), depth(parts["x"].to_numpy(), parts["y"].to_numpy())
    )
    return city, run_depths(city, event("storm_1872", city), depths, How("benchmark", "today", 2026, Settings()))


def one(seed: int) -> float:
    """Return the days to bounce back of one recovery, each repair half to twice as long."""
    city, result = READY
    longer = 2.0 ** np.random.default_rng(seed).uniform(-1, 1, len(city.buildings))
    table = result.impact.buildings.assign(repair=result.impact.buildings["repair"] * longer)
    recovery = restore(city, replace(result.impact, buildings=table), result.warned, SETTINGS)
    return float(recovery.indicators["bounce_back_days"])


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    city, result = READY
    people, wet = city.buildings["residents"].sum(), int(result.impact.buildings["wet"].sum())
    print(f"{people:.0f} residents, {len(city.buildings)} buildings ({wet} wet), {len(result.recovery.work)} repairs")
    walls = []
    for seed in range(5):
        began = time.perf_counter()
        one(seed)
        walls.append(time.perf_counter() - began)
    print(f"one recovery: first {walls[0]:.3f} s, then {min(walls[1:]):.3f} s")
    began = time.perf_counter()
    with ProcessPoolExecutor(cores()) as pool:
        days = list(pool.map(one, range(count), chunksize=8))
    wall = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} recoveries on {cores()} cores: {wall:.1f} s, {peak:.0f} MB; back in {min(days):.0f} days or more")


READY = flooded()

if __name__ == "__main__":
    main()
