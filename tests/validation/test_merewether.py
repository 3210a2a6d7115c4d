"""Merewether, Newcastle (Australia), June 2007: five levels surveyed after a flood of 19.7 m3/s between houses.

Data: ANUGA's copy of the case of Australian Rainfall and Runoff, project 15 (Smith & Wasko 2012), with the levels that
TUFLOW gave there; houses are holes in the ground, water leaves freely over the eastern edge.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio.features
from rasterio.transform import Affine
from shapely import Polygon

from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Flood, Forcing, Ground, Inflow, Series

CASE = Path(__file__).resolve().parents[3] / "shared" / "data" / "cases" / "merewether"
pytestmark = pytest.mark.skipif(not CASE.exists(), reason="the Merewether case is not on this machine")
DISCHARGE = 19.7
SOURCE, RADIUS = (382300.0, 6354290.0), 15.0


def polygon(path: Path) -> Polygon:
    return Polygon(np.loadtxt(path, delimiter=","))


def inside(shapes: list[Polygon], grid: Grid) -> np.ndarray:
    place = Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, grid.north)
    return rasterio.features.rasterize(shapes, grid.shape, transform=place, dtype="uint8") > 0


def case(factor: int) -> tuple[Ground, Forcing, Grid]:
    z, fine = read_raster(CASE / "swals" / "topography1.tif")
    rows, columns = fine.rows // factor, fine.columns // factor
    z = z[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor).mean(axis=(1, 3))
    grid = Grid(fine.west, fine.north, fine.cell * factor, rows, columns, fine.crs)
    houses = inside([polygon(path) for path in sorted((CASE / "houses").glob("house*.csv"))], grid)
    road = inside([polygon(CASE / "Road" / "RoadPolygon.csv")], grid)
    x, y = np.meshgrid(grid.x, grid.y)
    circle = ((x - SOURCE[0]) ** 2 + (y - SOURCE[1]) ** 2 < RADIUS**2) & ~houses & np.isfinite(z)
    cells = np.argwhere(circle)
    creek = Inflow("creek", cells[:, 0], cells[:, 1], Series(np.zeros(1), np.array([DISCHARGE])))
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = ~houses[:, -1] & np.isfinite(z[:, -1])
    sea = Series(np.zeros(1), np.array([float(np.nanmin(z)) - 1.0]))
    ground = Ground(z, grid.cell, np.where(road, 0.02, 0.04), blocked=houses)
    return ground, Forcing(sea, edge, inflows=(creek,)), grid


def observed() -> pd.DataFrame:
    return pd.read_csv(CASE / "swals" / "point_observations.csv").set_index("ID")


def run(factor: int) -> tuple[pd.DataFrame, Flood]:
    ground, forcing, grid = case(factor)
    points = observed()
    cells = tuple(grid.index(x, y) for x, y in zip(points.x, points.y, strict=True))
    flood = simulate(ground, forcing, duration=900.0, options=Options(gauges=cells))
    assert flood.gauges is not None
    return points.assign(level=flood.gauges[:, -1], before=flood.gauges[:, -2]), flood


@pytest.mark.parametrize("factor", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_levels_between_the_houses(factor: int, capsys: pytest.CaptureFixture[str]) -> None:
    points, flood = run(factor)
    to_observed = (points.level - points.Observed).abs().mean()
    to_tuflow = (points.level - points[f"TUFLOW_{factor}m_Table9"]).abs().mean()
    with capsys.disabled():
        print(f"\nMerewether at {factor} m: {points.level.round(2).to_dict()}, mean distance to the survey "
              f"{to_observed:.2f} m, to TUFLOW {to_tuflow:.2f} m, {flood.wall_seconds:.1f} s, Froude {flood.max_froude:.2f}")  # fmt: skip
    assert abs(flood.balance["error"]) < 1e-5 * flood.balance["moved"]
    assert flood.balance["inflow"] == pytest.approx(DISCHARGE * 900.0, rel=1e-9)
    assert (points.level - points.before).abs().max() < 0.05
    assert to_observed < 0.30
    assert to_tuflow < 0.25
