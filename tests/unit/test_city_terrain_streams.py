"""Streams on a grid: chains that share faces, beds that fall, widths that are kept."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from genrejs.city.grid import Grid
from genrejs.city.terrain_streams import bed_cells, stream_cells


def _streams(line: LineString, bed: list[float], width: float = 5.0) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["Bæk"], "width": [width], "bed": [bed]}, geometry=[line], crs=25832)


def _steps(cells: np.ndarray) -> np.ndarray:
    return np.abs(np.diff(cells, axis=0)).sum(axis=1)


def test_a_level_line_takes_its_row_and_the_bed_between_its_vertices() -> None:
    grid = Grid(0.0, 50.0, 10.0, 5, 10)
    beds = bed_cells(_streams(LineString([(0, 25), (100, 25)]), [4.0, 2.0]), grid)
    assert beds["row"].tolist() == [2] * 10
    assert beds["column"].tolist() == list(range(10))
    np.testing.assert_allclose(beds["bed"], 4.0 - 0.02 * grid.x)


def test_a_diagonal_through_corners_still_shares_faces() -> None:
    cells = stream_cells(_streams(LineString([(0, 50), (50, 0)]), [1.0, 0.0]), Grid(0.0, 50.0, 10.0, 5, 5))
    assert (_steps(cells) == 1).all()
    assert len(cells) == 9


@pytest.mark.parametrize("cell", [3.0, 10.0, 37.0])
def test_any_line_gives_a_chain_without_loops_and_a_falling_bed(cell: float) -> None:
    points = np.random.default_rng(7).uniform(0, 1000, (40, 2))
    line = LineString(points)
    streams = _streams(line, list(np.linspace(9, 1, 40)), width=1.0)
    grid = Grid.covering((0, 0, 1000, 1000), cell)
    cells, beds = stream_cells(streams, grid), bed_cells(streams, grid)
    assert (_steps(cells) == 1).all()
    assert len(np.unique(cells, axis=0)) == len(cells)
    assert (np.diff(beds["bed"]) <= 0).all()
    np.testing.assert_array_equal(cells, beds[["row", "column"]])


def test_a_wide_stream_takes_the_cells_it_covers() -> None:
    """A channel 14 m wide on 2 m cells covers 7 cells across."""
    grid = Grid(0.0, 100.0, 2.0, 50, 50)
    beds = bed_cells(_streams(LineString([(0, 51), (100, 51)]), [1.0, 0.0], width=14.0), grid)
    assert beds.groupby("column").size().tolist() == [7] * 50
    assert not beds.duplicated(["row", "column"]).any()


def test_parts_outside_the_grid_are_left_out() -> None:
    grid = Grid(0.0, 50.0, 10.0, 5, 5)
    streams = _streams(LineString([(-100, 25), (200, 25)]), [3.0, 0.0])
    assert len(stream_cells(streams, grid)) == 5
    assert bed_cells(streams, grid)["bed"].iloc[0] == pytest.approx(3.0 - 105 / 100)
    assert stream_cells(streams[:0], grid).shape == (0, 2)
    assert len(bed_cells(streams[:0], grid)) == 0
