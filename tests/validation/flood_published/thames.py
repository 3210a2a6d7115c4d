"""The Thames below Buscot, December 1992: the flood that a radar satellite saw, on a ground of 50 m.

The distributed case (LISFLOOD-FP) has the river as a one-dimensional channel: 20 m wide, its bed from 68.74 m to
67.14 m, 73 m3/s from the west, 68.43 m held at the east, a bank of 72 m north of the first 700 m. Here it is burned into the ground, refined by equal parts: the
cells of `cell` metres that the line crosses get the bed, linear along the line, and a roughness that gives the staircase
of cells the conveyance of the real width and length.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from flood_published.case import Case, Floats, cells_of
from genrejs.hazard.flood.problem import OPEN, Flood, Forcing, Ground, Series

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "cases" / "buscot_1992"
GIVEN, FLOODPLAIN = 50.0, 0.06
WIDTH, CHANNEL, BED = 20.0, 0.04, (68.740479, 67.139)
DISCHARGE, DOWNSTREAM = 73.0, 68.43
PUBLISHED = 0.84
"""Best agreement of LISFLOOD-FP with this reach's radar image in 25 calibration runs (University of Bristol)."""


def raster(name: str) -> tuple[Floats, float, float]:
    """Return a distributed raster, its western and its northern edge [m]."""
    with (FOLDER / name).open() as file:
        head = {key.lower(): float(value) for key, value in (next(file).split() for _ in range(6))}
        values = np.loadtxt(file)
    return values, head["xllcorner"], head["yllcorner"] + GIVEN * values.shape[0]


def river_line() -> Floats:
    """Return the corners (x, y) [m] of the river from west to east."""
    lines = (FOLDER / "buscot_D.river").read_text().splitlines()[2:]
    return np.array([[float(v) for v in line.split()[:2]] for line in lines if line.strip()])


def burn(west: float, north: float, cell: float, shape: tuple[int, int]) -> tuple[np.ndarray, Floats, float]:
    """Return the (row, column) cells of the river in order, their beds [m] and the length ratio staircase to line."""
    line = river_line()
    legs = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(legs)])
    at = np.arange(0.0, along[-1], cell / 50.0)
    x, y = (np.interp(at, along, line[:, k]) for k in (0, 1))
    places = np.stack([(north - y) // cell, (x - west) // cell], 1).astype(int)
    change = np.concatenate([[True], (np.diff(places, axis=0) != 0).any(axis=1)])
    found, chainage = places[change], at[change]
    keep = (found >= 0).all(axis=1) & (found < np.array(shape)).all(axis=1)
    found, chainage = found[keep], chainage[keep]
    bed = BED[0] + (BED[1] - BED[0]) * chainage / along[-1]
    steps = np.abs(np.diff(found, axis=0)).sum()
    return found, bed, float(steps * cell / (chainage[-1] - chainage[0]))


def bank(west: float, north: float, cell: float, shape: tuple[int, int]) -> Floats:
    """Return the crests [m] ``(y, x)`` of the bank north of the river: on the northern faces of the listed cells."""
    crests = np.full(shape, OPEN)
    for line in (FOLDER / "buscot.weir").read_text().splitlines()[1:]:
        words = line.split()
        x, y, crest = float(words[0]), float(words[1]), float(words[4])
        column, n = int((x - west) // GIVEN), round(GIVEN / cell)
        crests[int((north - y) // GIVEN) * n - 1, column * n : (column + 1) * n] = crest
    return crests


def thames(cell: float = 25.0, duration: float = 60000.0, channel: float = CHANNEL) -> Case:
    """Return the reach with the river of 73 m3/s held until the flood is at rest."""
    coarse, west, north = raster("buscot.dem.ascii")
    z = np.kron(coarse, np.ones((round(GIVEN / cell),) * 2))
    places, bed, longer = burn(west, north, cell, z.shape)
    rows, columns = places.T
    manning = np.full(z.shape, FLOODPLAIN)
    np.minimum.at(z, (rows, columns), bed)
    manning[rows, columns] = channel * (cell / WIDTH) / np.sqrt(longer)
    inlet = np.zeros(z.shape, bool)
    inlet[rows[0], columns[0]] = True
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = north - cell * (np.arange(len(z)) + 0.5) > 197650.0
    level = Series(np.zeros(1), np.array([DOWNSTREAM]))
    river = cells_of(inlet, "river", [0.0], [DISCHARGE])
    start = np.full(z.shape, -np.inf)
    start[rows, columns] = np.maximum(bed + 0.5, DOWNSTREAM)
    ground = Ground(z, cell, manning, wall_south=bank(west, north, cell, z.shape))
    points = {"inlet": (west + cell / 2, north - cell * (rows[0] + 0.5))}
    return Case("Buscot", ground, Forcing(level, edge, inflows=(river,)), duration, west, north, points, start, 3600.0)


def seen() -> np.ndarray:
    """Return the 50 m cells that the radar saw under water ``(48, 76)``."""
    return raster("sargrid.asc")[0] > 0.5


def wet(flood: Flood, cell: float, depth: float = 0.01) -> np.ndarray:
    """Return the 50 m cells of which at least half is deeper than `depth` [m] at the end."""
    n = round(GIVEN / cell)
    flags = flood.final_depth > depth
    return np.asarray(flags.reshape(flags.shape[0] // n, n, flags.shape[1] // n, n).mean(axis=(1, 3)) >= 0.5)


def success(modelled: np.ndarray, observed: np.ndarray) -> float:
    """Return the critical success index: wet in both, as a share of wet in either."""
    return float((modelled & observed).sum() / (modelled | observed).sum())
