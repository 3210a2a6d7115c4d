"""Merewether, Newcastle (Australia), June 2007: five levels surveyed after a flood of 19.7 m3/s between houses.

Data: ANUGA's copy of the case of Australian Rainfall and Runoff, project 15 (Smith & Wasko 2012), with the levels that
TUFLOW gave there; houses are holes in the ground, water leaves freely over the eastern edge.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import rasterio.features
from rasterio.transform import Affine
from shapely import Polygon

from flood_published.case import Case, cells_of
from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster
from genrejs.hazard.flood.problem import Forcing, Ground, Series

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "cases" / "merewether"
DISCHARGE = 19.7
SOURCE, RADIUS = (382300.0, 6354290.0), 15.0


def polygon(path: Path) -> Polygon:
    return Polygon(np.loadtxt(path, delimiter=","))


def inside(shapes: list[Polygon], grid: Grid) -> np.ndarray:
    place = Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, grid.north)
    return np.asarray(rasterio.features.rasterize(shapes, grid.shape, transform=place, dtype="uint8") > 0)


def observed() -> pd.DataFrame:
    """Return the five points with the surveyed level and TUFLOW's on grids of 0.5, 1 and 2 m."""
    return pd.read_csv(FOLDER / "swals" / "point_observations.csv").set_index("ID")


def streets(factor: int = 2) -> Case:
    """Return the flood on cells of `factor` metres (means of the 1 m ground), 15 minutes to rest."""
    z, fine = read_raster(FOLDER / "swals" / "topography1.tif")
    rows, columns = fine.rows // factor, fine.columns // factor
    z = z[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor).mean(axis=(1, 3))
    grid = Grid(fine.west, fine.north, fine.cell * factor, rows, columns, fine.crs)
    houses = inside([polygon(path) for path in sorted((FOLDER / "houses").glob("house*.csv"))], grid)
    road = inside([polygon(FOLDER / "Road" / "RoadPolygon.csv")], grid)
    x, y = np.meshgrid(grid.x, grid.y)
    circle = ((x - SOURCE[0]) ** 2 + (y - SOURCE[1]) ** 2 < RADIUS**2) & ~houses & np.isfinite(z)
    creek = cells_of(circle, "creek", [0.0], [DISCHARGE])
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = ~houses[:, -1] & np.isfinite(z[:, -1])
    sea = Series(np.zeros(1), np.array([float(np.nanmin(z)) - 1.0]))
    ground = Ground(z, grid.cell, np.where(road, 0.02, 0.04), blocked=houses)
    points = {str(name): (row.x, row.y) for name, row in observed().iterrows()}
    return Case("Merewether", ground, Forcing(sea, edge, inflows=(creek,)), 900.0, grid.west, grid.north, points)
