"""Time depths at buildings, files read included: `python benchmarks/footprints.py [buildings] [cell] [how] [rasters]`.

Buildings are rotated rectangles and, three in ten, L-shapes of 60-2000 m2, strewn over one raster of 5,000 x 5,000
cells, both written to files first. The first run after a change of the kernels also compiles them: run it twice.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster, read_vector, write_raster
from genrejs.impact.sampling import Sampler, make_ready

SIDE = 5000
WEST, NORTH = 530_000.0, 6_180_000.0
RECTANGLE = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
ANGLE = np.array([[0, 0], [1, 0], [1, 0.5], [0.6, 0.5], [0.6, 1], [0, 1], [0, 0]])


def buildings(count: int, reach: float) -> gpd.GeoDataFrame:
    """Return `count` buildings with an id, a code, a floor level [m] and a value, within `reach` [m] of the corner."""
    rng = np.random.default_rng(1)
    area, stretch, turn = rng.uniform(60, 2000, count), rng.uniform(1, 3, count), rng.uniform(0, 2 * np.pi, count)
    long = np.sqrt(area * stretch)
    west, south = WEST + rng.uniform(0, reach, count), NORTH - rng.uniform(0, reach, count)
    shapes = np.empty(count, object)
    bent = rng.random(count) < 0.3
    for form, some in ((RECTANGLE, ~bent), (ANGLE, bent)):
        x, y = long[some, None] * form[:, 0], (area / long)[some, None] * form[:, 1]
        c, s = np.cos(turn[some, None]), np.sin(turn[some, None])
        places = np.stack([west[some, None] + c * x - s * y, south[some, None] + s * x + c * y], axis=-1)
        shapes[some] = shapely.polygons(places.round(2))
    columns = {
        "id": np.arange(count).astype(str),
        "bbr_code": rng.choice([120, 130, 140, 320], count),
        "floor_level": rng.uniform(0, 0.5, count),
        "value": rng.uniform(1e5, 1e7, count),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=25832)


def flood(cell: float) -> tuple[Any, Grid]:
    """Return waves of water, dry on about six cells in ten, with 2 cm of noise, and their grid."""
    rng = np.random.default_rng(2)
    y, x = np.ogrid[0:SIDE, 0:SIDE]
    waves = 1.5 * np.sin(x / 150) * np.cos(y / 230) - 0.3 + 0.02 * rng.normal(size=(SIDE, SIDE))
    return np.maximum(waves, 0.0).astype(np.float32), Grid(WEST, NORTH, cell, SIDE, SIDE)


def timed(name: str, action: Callable[[], Any]) -> Any:
    """Run an action, print its wall and CPU seconds, return what it returns."""
    began, used = time.perf_counter(), time.process_time()
    result = action()
    print(f"{name:<44} {time.perf_counter() - began:7.3f} s wall {time.process_time() - used:7.3f} s CPU", flush=True)
    return result


def main() -> None:
    given = dict(zip(("buildings", "cell", "how", "rasters"), sys.argv[1:], strict=False))
    count, cell = int(given.get("buildings", 200_000)), float(given.get("cell", 2.0))
    how, rasters = given.get("how", "max"), int(given.get("rasters", 1))
    with tempfile.TemporaryDirectory() as folder:
        layer, raster = Path(folder) / "buildings.gpkg", Path(folder) / "depth.tif"
        pyogrio.write_dataframe(buildings(count, SIDE * cell), layer)
        write_raster(raster, *flood(cell))
        timed("Numba started, kernels read (or compiled)", make_ready)
        began = time.perf_counter()
        houses = timed(f"GeoPackage of {count:,} buildings read", lambda: read_vector(layer))
        depth, grid = timed(f"GeoTIFF of {SIDE:,} x {SIDE:,} cells read", lambda: read_raster(raster, dtype=np.float32))
        sampler = timed("footprints checked (points inside found)", lambda: Sampler(houses.geometry, how))
        index = timed(f"cells of {cell:g} m found", lambda: sampler.index(grid))
        for _ in range(rasters):
            sample = timed(f"depths taken ({how})", lambda: sampler(depth, grid))
        print(f"{'all':<44} {time.perf_counter() - began:7.3f} s wall")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    wet = np.count_nonzero(sample.depth > 0)
    print(f"{index.length.sum(dtype=np.int64):,} cells in {index.first.size:,} runs; {wet:,} wet; {sample.counts()}")
    print(f"at most {peak:.1f} GiB")


if __name__ == "__main__":
    main()
