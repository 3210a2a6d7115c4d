"""Test 5 of the Environment Agency's benchmark: 3,000 m3/s from a failing dam run down a valley of 17 km."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import numpy as np

from flood_published.case import Case, Floats, cells_of
from genrejs.hazard.flood.problem import Forcing, Ground

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "cases" / "ea_benchmark5"
GIVEN = 10.0
"""Cell [m] of the distributed ground."""


@cache
def ground() -> tuple[Floats, float, float]:
    """Return the ground [m], NaN outside, and its western and northern edges [m]."""
    with gzip.open(FOLDER / "ea5-10m.dem.raw.gz", "rt") as file:
        head = {key: float(value) for key, value in (next(file).split() for _ in range(6))}
        z = np.loadtxt(file, dtype=np.float32)
    z[z <= -9999] = np.nan
    return z, head["xllcorner"], head["yllcorner"] + GIVEN * z.shape[0]


def regrid(z: Floats, cell: float) -> Floats:
    """Return the ground on cells of 20 m (mean of four), 10 m (as given) or 5 m (four equal parts)."""
    if cell < GIVEN:
        return np.kron(z, np.ones((round(GIVEN / cell),) * 2, z.dtype))
    n = round(cell / GIVEN)
    rows, columns = z.shape[0] // n, z.shape[1] // n
    return np.asarray(z[: rows * n, : columns * n].reshape(rows, n, columns, n).mean(axis=(1, 3)))


def lines(name: str) -> list[list[str]]:
    return [line.split() for line in (FOLDER / name).read_text().splitlines()]


def valley(cell: float = 10.0, duration: float = 6 * 3600.0) -> Case:
    """Return the case; the water enters in the 10 m cells of the distributed line, whatever the grid."""
    z, west, north = ground()
    z = regrid(z, cell)
    points = {f"P{k + 1}": (float(x), float(y)) for k, (x, y) in enumerate(lines("ea5.stage")[1:8])}
    source = np.array([[float(p[1]), float(p[2])] for p in lines("ea5-10m.bci") if p[0] == "P"])
    share = np.arange(0.5, max(GIVEN / cell, 1.0)) * min(cell, GIVEN) - GIVEN / 2.0 if cell < GIVEN else np.zeros(1)
    line = np.zeros(z.shape, bool)
    for dx in share:
        for dy in share:
            rows, columns = (north - source[:, 1] - dy) // cell, (source[:, 0] + dx - west) // cell
            line[rows.astype(int), columns.astype(int)] = True
    table = np.array(lines("ea5.bdy")[3:], float)
    dam = cells_of(line, "dam", list(table[:, 1]), list(table[:, 0] * GIVEN * len(source)))
    roughness = np.full(z.shape, 0.04, np.float32)
    return Case("EA 5", Ground(z, cell, roughness), Forcing(inflows=(dam,)), duration, west, north, points, every=100.0)


def beds() -> Floats:
    """Return the distributed ground [m] at the seven points."""
    case = valley(GIVEN)
    return np.array([case.ground.elevation[place] for place in case.gauges], float)


PROTOTYPE = np.array([174.79, 166.19, 155.91, 152.19, 147.95, 173.83, 155.73])
"""Largest levels [m] within six hours by a first-order prototype at 10 m: a band to look at."""
DG2 = np.array([3.4528, 3.4784, 5.3573, 5.6208, np.nan, 1.4941, 2.9113])
"""Largest depths [m] by LISFLOOD-FP 8.0's full shallow water, second order, 10 m (Shaw et al. 2021)."""
DG2_AT_FIVE_HOURS = np.array([1.1043, 0.1410, 2.6189, 4.6896, 3.2832, 0.0009, 0.3330])
"""Depths [m] after five hours by the same; P5 lies in the pond that is still filling."""
DG2_WET = np.array([[1500, 1600], [2500, 2600], [3200, 3300], [5300, 5400], [11500, 11600], [1800, 1900], [3500, 3600]])
"""Between which lines [s] of the same each point becomes wet."""
TEXTBOOK = {"DG2 50 m": np.array([3.5813, 3.5636, 5.6411, 6.1483, 4.6620, 1.4273, 3.1939]),
            "ACC 50 m": np.array([3.4393, 3.4313, 5.5324, 5.9972, 4.3842, 1.4439, 3.1351])}  # fmt: skip
"""Largest depths [m] of LISFLOOD-FP 8.0 at 50 m, over thirty hours."""
INERTIAL = np.array([3.21, 3.12, 5.19, 5.76, 4.25, 1.30, 2.77])
"""Largest depths [m] of LISFLOOD-FP's inertial scheme at 10 m, which makes a sixth more water here."""
