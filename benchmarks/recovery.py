"""Time recoveries of the whole embedded city: `python benchmarks/recovery.py [--count N] [--households N]`.

58,000 residents, 15,700 buildings and all lifelines (constructed), hourly for 30 days and daily for two years, after a
surge as of 1872 that stands everywhere at 2.5 m: worse than any solver gives, so that many repairs wait for crews.
The N recoveries (200) differ in how long each repair takes; they run on all cores. Last, the loss of well-being of
100,000 households. Seconds are by the wall; memory is the most that any one process held.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

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
HELD: list[tuple[City, Result]] = []  # what a worker was given once, not with every recovery


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


def hold(city: City, result: Result) -> None:
    """Keep what all recoveries of this process start from."""
    HELD[:] = [(city, result)]


def one(seed: int) -> tuple[float, float]:
    """Return days to bounce back and resilience loss [person-days] of a recovery, each repair half to twice as long."""
    city, result = HELD[0]
    rng, hurt = np.random.default_rng(seed), result.impact.buildings
    buildings = hurt.assign(repair=hurt["repair"] * 2.0 ** rng.uniform(-1, 1, len(hurt)))
    parts = city.components.assign(repair=city.components["repair"] * 2.0 ** rng.uniform(-1, 1, len(city.components)))
    found = restore(city.change(components=parts), replace(result.impact, buildings=buildings), result.warned, SETTINGS)
    return float(found.indicators["bounce_back_days"]), float(found.indicators["resilience_loss"])


def megabytes() -> float:
    """Return the most memory that this process or any that it has ended held [MB]."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def single(city: City, result: Result) -> None:
    """Print how long one recovery takes, the first time and again."""
    people, wet = city.buildings["residents"].sum(), int(result.impact.buildings["wet"].sum())
    wet_parts = int(result.impact.components["flooded"].sum())
    print(f"{people:.0f} residents, {len(city.buildings)} buildings ({wet} wet), {len(city.components)} components "
          f"({wet_parts} flooded), {len(result.recovery.work)} repairs")  # fmt: skip
    walls = []
    for seed in range(6):
        began = time.perf_counter()
        one(seed)
        walls.append(time.perf_counter() - began)
    print(f"one recovery: first {walls[0]:.3f} s, then {min(walls[1:]):.3f} to {max(walls[1:]):.3f} s; "
          f"load {os.getloadavg()[0]:.1f}; {megabytes():.0f} MB", flush=True)  # fmt: skip


def many(city: City, result: Result, count: int) -> None:
    """Print how long `count` recoveries take on all cores."""
    began = time.perf_counter()
    with ProcessPoolExecutor(cores(), initializer=hold, initargs=(city, result)) as pool:
        days, losses = zip(*pool.map(one, range(count), chunksize=8), strict=True)
    wall = time.perf_counter() - began
    print(f"{count} recoveries on {cores()} cores: {wall:.1f} s; load {os.getloadavg()[0]:.1f}; {megabytes():.0f} MB")
    loss = f"{min(losses) / 1e6:.2f} to {max(losses) / 1e6:.2f} million person-days lost"
    print(f"  back in {min(days):.0f} to {max(days):.0f} days, {loss}", flush=True)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=200)
    words.add_argument("--households", type=int, default=100_000)
    asked = words.parse_args()
    began = time.perf_counter()
    hold(*flooded())
    print(f"the city and what the water does: {time.perf_counter() - began:.1f} s")
    single(*HELD[0])
    many(*HELD[0], asked.count)
    subprocess.run([sys.executable, str(Path(__file__).with_name("wellbeing.py")), str(asked.households)], check=True)


if __name__ == "__main__":
    main()
