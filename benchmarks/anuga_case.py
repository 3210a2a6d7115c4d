"""The fjord surge of 20 m in ANUGA: `PYTHON benchmarks/anuga_case.py [SECONDS] [DEPTHS.npy]`, with ANUGA from PyPI.

128,000 triangles, ANUGA's own default scheme (second order, discontinuous elevation); prints its cost and keeps,
where a file is named, the largest depth ``(y, x)`` on the cells (mean of their two triangles, looked at every minute).
"""

from __future__ import annotations

import sys
import time

import anuga
import fjord
import numpy as np
from anuga.abstract_2d_finite_volumes.mesh_factory import rectangular
from scipy.interpolate import RegularGridInterpolator

CELL = 20.0
FILE = 2


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    z, _ = fjord.terrain(CELL)
    x, y = (np.arange(n) * CELL + CELL / 2 for n in (z.shape[1], z.shape[0]))
    ground = RegularGridInterpolator((y, x), z[::-1], "nearest", bounds_error=False, fill_value=None)
    domain = anuga.Domain(*rectangular(z.shape[1], z.shape[0], fjord.LENGTH, fjord.BREADTH))
    domain.set_name("anuga")
    domain.set_store(False)
    domain.set_quantity("elevation", lambda a, b: ground(np.column_stack([b, a])), location="centroids")
    bed = domain.quantities["elevation"].centroid_values
    domain.set_quantity("stage", np.maximum(bed, np.where(bed < 0.0, 0.0, -1e9)), location="centroids")
    domain.set_quantity("friction", 0.03)
    closed = anuga.Reflective_boundary(domain)
    level = anuga.Time_boundary(domain, function=lambda t: [float(fjord.surge(t, 7200.0)), 0.0, 0.0])
    domain.set_boundary({"left": closed, "right": level, "top": closed, "bottom": closed})
    began, spent = time.perf_counter(), time.process_time()
    deepest = np.zeros(bed.shape)
    for _ in domain.evolve(yieldstep=min(60.0, seconds), finaltime=seconds):
        np.maximum(deepest, domain.quantities["stage"].centroid_values - bed, out=deepest)
    wall, spent = time.perf_counter() - began, time.process_time() - spent
    print(
        f"ANUGA {anuga.__version__}, {len(domain)} triangles, first {seconds:g} s: {wall:.2f} s wall, {spent:.2f} s CPU"
    )
    if len(sys.argv) > FILE:
        east, north = (domain.centroid_coordinates // CELL).astype(int).T
        total = np.zeros(z.shape)
        np.add.at(total, (z.shape[0] - 1 - north, east), deepest)
        np.save(sys.argv[FILE], total / 2.0)


if __name__ == "__main__":
    main()
