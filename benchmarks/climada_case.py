"""An event set in CLIMADA: `PYTHON benchmarks/climada_case.py CASE [REPEAT]`, with CLIMADA from PyPI.

CASE is a folder that `damage.py make` wrote; prints a line of JSON with CLIMADA's cost and keeps its losses in CASE.
`PYTHON benchmarks/climada_case.py demo OUT.npz` writes CLIMADA's own demo (storms over Florida) as plain arrays, for
`GENREJS_CLIMADA_DEMO=OUT.npz` in tests/verification/test_event_sets.py.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import resource
import sys
import time
from pathlib import Path

import climada
import geopandas as gpd
import numpy as np
from climada.engine import ImpactCalc
from climada.entity import Exposures, ImpactFunc, ImpactFuncSet, ImpfTropCyclone
from climada.hazard import Centroids, Hazard
from scipy.sparse import csr_matrix

MEGA = 1024.0
KIND = "FL"


def assets(case: Path) -> tuple[Exposures, ImpactFuncSet]:
    """Return the exposures, each at a centroid of its own, and the impact functions."""
    value, curve = np.load(case / "value.npy"), np.load(case / "curve.npy")
    spot = gpd.points_from_xy(np.zeros(value.size), np.zeros(value.size))
    columns = {"value": value, f"impf_{KIND}": curve + 1, f"centr_{KIND}": np.arange(value.size)}
    exposures = Exposures(gpd.GeoDataFrame(columns, geometry=spot, crs="EPSG:4326"))
    with np.load(case / "curves.npz") as points:
        functions = [
            ImpactFunc(KIND, k + 1, depth, share, np.ones(depth.size), "m", f"curve {k}")
            for k, (depth, share) in enumerate(zip(points["depth"], points["share"], strict=True))
        ]
    return exposures, ImpactFuncSet(functions)


def hazard(intensity: csr_matrix, frequency: np.ndarray) -> Hazard:
    """Return the event set."""
    events, places = intensity.shape
    return Hazard(
        KIND,
        units="m",
        centroids=Centroids(lat=np.zeros(places), lon=np.zeros(places)),
        event_id=np.arange(events) + 1,
        frequency=frequency,
        event_name=[str(k) for k in range(events)],
        date=np.ones(events, int),
        orig=np.ones(events, bool),
        intensity=intensity,
    )


def measure(exposures: Exposures, functions: ImpactFuncSet, events: Hazard, repeat: int) -> tuple[object, dict]:
    """Return the impact, and wall and CPU seconds of each time [s], and the peak memory after the first [MB]."""
    wall, spent, peak = [], [], 0.0
    for _ in range(repeat):
        began, used = time.perf_counter(), time.process_time()
        impact = ImpactCalc(exposures, functions, events).impact(save_mat=False, assign_centroids=False)
        wall.append(time.perf_counter() - began)
        spent.append(time.process_time() - used)
        peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGA
    return impact, {"wall": wall, "cpu": spent, "peak": peak}


def run(case: Path, repeat: int) -> None:
    """Run a case and its first event alone."""
    parts = (np.load(case / f"{name}.npy") for name in ("data", "indices", "indptr"))
    frequency, places = np.load(case / "frequency.npy"), np.load(case / "value.npy", mmap_mode="r").size
    intensity = csr_matrix(tuple(parts), shape=(frequency.size, places))
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGA
    exposures, functions = assets(case)
    impact, cost = measure(exposures, functions, hazard(intensity, frequency), repeat)
    np.savez(case / "climada.npz", at_event=impact.at_event, expected=impact.eai_exp)
    _, one = measure(exposures, functions, hazard(intensity[:1], frequency[:1]), 20)
    version = importlib.metadata.version("climada")
    print(json.dumps({"name": f"CLIMADA {version}", "start": start, "one": one["wall"], **cost}))


def demo(out: Path) -> None:
    """Write the demo as arrays: depths, here wind speeds, at the centroids; assets; and what CLIMADA makes of them."""
    folder = Path(climada.__file__).parent / "data" / "demo"
    events = Hazard.from_hdf5(folder / "tc_fl_1990_2004.h5")
    exposures = Exposures.from_hdf5(folder / "exp_demo_today.h5")
    function = ImpfTropCyclone.from_emanuel_usa()
    impact = ImpactCalc(exposures, ImpactFuncSet([function]), events).impact(save_mat=False)
    water = csr_matrix(events.intensity)
    np.savez(
        out, data=water.data, indices=water.indices, indptr=water.indptr, shape=water.shape,
        value=exposures.gdf["value"], place=exposures.gdf[events.centr_exp_col], frequency=events.frequency,
        depth=function.intensity, share=function.mdd * function.paa, at_event=impact.at_event, expected=impact.eai_exp,
    )  # fmt: skip
    print(f"CLIMADA's demo: {impact.aai_agg!r} a year")


def main() -> None:
    logging.disable(logging.WARNING)
    if sys.argv[1] == "demo":
        demo(Path(sys.argv[2]))
    else:
        run(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)


if __name__ == "__main__":
    main()
