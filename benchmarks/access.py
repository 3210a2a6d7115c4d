"""Time access under water: `python benchmarks/access.py [buildings] [side]`, side x side junctions, 5 services.

Streets 80 m apart with a tenth left out and a tenth one-way, buildings beside them, 8 sites a service, waves of water
on a raster of 5 m. Set-up is done once; an event is what every flood costs after it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from genrejs.city.grid import Grid
from genrejs.city.streets import straight_streets, streets_from_lines
from genrejs.impact.access import WALK, lay_network, response_times, travel_times
from genrejs.impact.access_closures import closure_candidates, single_closures
from genrejs.impact.access_people import compare_times
from genrejs.impact.access_water import edge_cells, edge_depth

STEP, CELL, ROUNDS = 80.0, 5.0, 5
SERVICES = ("hospital", "rescue", "school", "shelter", "care")


def timed(name: str, action: Callable[[], Any], rounds: int = 1) -> Any:
    """Run an action, print its shortest wall seconds of `rounds`, return what it returns."""
    best = np.inf
    for _ in range(rounds):
        began = time.perf_counter()
        result = action()
        best = min(best, time.perf_counter() - began)
    print(f"{name:<58} {best:7.3f} s", flush=True)
    return result


def main() -> None:
    given = [int(word) for word in sys.argv[1:]] + [15_000, 128][len(sys.argv) - 1 :]
    houses, side = given[:2]
    rng = np.random.default_rng(1)
    node = np.arange(side * side).reshape(side, side)
    start, end = np.r_[node[:, :-1].ravel(), node[:-1].ravel()], np.r_[node[:, 1:].ravel(), node[1:].ravel()]
    kept = rng.random(start.size) < 0.9
    x, y = np.tile(np.arange(side), side) * STEP, np.repeat(np.arange(side), side) * STEP
    x, y = x + rng.uniform(-20, 20, x.size), y + rng.uniform(-20, 20, y.size)
    edges = int(kept.sum())
    one, bridge = rng.random(edges) < 0.1, rng.random(edges) < 0.001
    streets = straight_streets(x, y, start[kept], end[kept], rng.choice([8.0, 14.0], edges), oneway=one, bridge=bridge)
    reach = STEP * (side - 1)
    sites = pd.DataFrame(
        {"service": list(SERVICES) * 8, **dict(zip("xy", rng.uniform(0, reach, (2, 40)), strict=True))}
    )
    at = rng.uniform(0, reach, (2, houses))
    grid = Grid.covering((-50.0, -50.0, reach + 50, reach + 50), CELL)
    rows, columns = np.ogrid[0 : grid.rows, 0 : grid.columns]
    depth = np.maximum(0.8 * np.sin(rows / 150) * np.cos(columns / 230) - 0.3, 0).astype(np.float32)
    print(f"{houses:,} buildings, {edges:,} edges, {len(sites)} sites, raster {grid.shape}; {(bridge).sum()} bridges")
    layer = gpd.GeoDataFrame({"oneway": one.astype(int)}, geometry=list(streets.lines), crs=grid.crs)
    timed("set-up: graph from a layer of lines", lambda: streets_from_lines(layer))
    cells = timed("set-up: cells under the edges", lambda: edge_cells(streets, grid))
    network = timed("set-up: buildings and sites on the graph", lambda: lay_network(streets, *at, sites))
    people = rng.integers(0, 6, houses)
    before = timed("dry times by car, 5 services", lambda: travel_times(network), ROUNDS)
    water = timed("event: depth on the edges", lambda: edge_depth(cells, depth), ROUNDS)
    after = timed("event: times by car, 5 services", lambda: travel_times(network, water=water), ROUNDS)
    timed("event: times on foot, 5 services", lambda: travel_times(network, water=water, mode=WALK), ROUNDS)
    timed("event: response times", lambda: response_times(network, water=water), ROUNDS)
    timed("event: table before and after", lambda: compare_times(before, after, people), ROUNDS)

    def event() -> None:
        wet = edge_depth(cells, depth)
        compare_times(before, travel_times(network, water=wet), people)
        travel_times(network, water=wet, mode=WALK)
        response_times(network, water=wet)

    timed("event: all of it", event, ROUNDS)
    some = closure_candidates(streets)
    timed(f"{len(some)} bridges closed one by one, 5 services", lambda: single_closures(network, people, some))


if __name__ == "__main__":
    main()
