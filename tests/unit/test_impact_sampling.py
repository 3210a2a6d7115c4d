import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.impact.sampling import depth_at_buildings, depth_at_points, footprint_cells, grid_of, highest, north_up

GRID = Grid(west=100.0, north=240.0, cell=10.0, rows=4, columns=5)
DEPTH = np.arange(20.0).reshape(4, 5)


def series(*shapes):
    return gpd.GeoSeries(list(shapes), crs="EPSG:25832")


def test_the_largest_depth_that_touches_counts():
    inside = box(112, 212, 118, 218)  # row 2, column 1
    across = box(112, 212, 122, 222)  # rows 1-2, columns 1-2
    diagonal = Polygon([(111, 211), (129, 229), (129, 228.9), (111.1, 211)])  # misses the north-west cell
    depth = depth_at_buildings(DEPTH, GRID, series(inside, across, diagonal))
    assert depth.tolist() == [11.0, 12.0, 12.0]


def test_edges_are_included():
    on_the_line = box(110, 215, 119, 218)
    assert depth_at_buildings(-DEPTH + 20.0, GRID, series(on_the_line))[0] == 20.0 - 10.0


def test_partly_and_wholly_outside_and_nan():
    field = DEPTH.copy()
    field[0, :] = np.nan
    partly, outside, dry = box(50, 205, 104, 208), box(0, 0, 10, 10), box(112, 232, 118, 238)
    assert depth_at_buildings(field, GRID, series(partly, outside, dry)).tolist() == [15.0, 0.0, 0.0]
    assert np.diff(footprint_cells(series(partly, outside, dry), GRID).starts).tolist() == [1, 0, 1]


def test_an_empty_layer_and_an_empty_shape():
    assert depth_at_buildings(DEPTH, GRID, gpd.GeoSeries([], crs="EPSG:25832")).size == 0
    assert depth_at_buildings(DEPTH, GRID, series(Polygon(), box(112, 212, 118, 218))).tolist() == [0.0, 11.0]


def test_ordinary_water_is_left_out():
    skip = np.zeros(GRID.shape, dtype=bool)
    skip[1, 2] = True
    index = footprint_cells(series(box(112, 212, 122, 222)), GRID, skip=skip)
    deep = np.where(skip, 99.0, DEPTH)
    assert highest(deep, index).tolist() == [12.0]


def test_points():
    depth = depth_at_points(DEPTH, GRID, [105, 149, 500, 99], [235, 201, 220, 220])
    assert depth.tolist() == [0.0, 19.0, 0.0, 0.0]


def test_the_grid_is_read_off_the_coordinates_whichever_way_up():
    field = xr.DataArray(DEPTH, dims=("y", "x"), coords={"y": GRID.y, "x": GRID.x})
    turned = field.sortby("y").transpose("x", "y")
    assert grid_of(field) == GRID == grid_of(turned)
    np.testing.assert_array_equal(north_up(turned), DEPTH)
    np.testing.assert_array_equal(north_up(field.sortby("x", ascending=False)), DEPTH)


@pytest.mark.parametrize("x", [[0.0, 1.0, 3.0], [0.0, 2.0, 4.0]])
def test_uneven_coordinates_are_refused(x):
    field = xr.DataArray(np.zeros((3, 3)), dims=("y", "x"), coords={"y": [2.0, 1.0, 0.0], "x": x})
    with pytest.raises(InputError, match="evenly spaced"):
        grid_of(field)


def test_missing_coordinates_and_wrong_shape_are_refused():
    with pytest.raises(InputError, match="coordinates x and y"):
        grid_of(xr.DataArray(np.zeros((3, 3)), dims=("y", "x")))
    with pytest.raises(InputError, match="shape"):
        highest(np.zeros((2, 2)), footprint_cells(series(box(0, 0, 1, 1)), GRID))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_same_cells_as_asking_every_cell(seed):
    random = np.random.default_rng(seed)
    corners = random.uniform([85, 190], [165, 255], size=(4, 2))
    shape = shapely.convex_hull(shapely.multipoints(corners))
    field = random.uniform(0, 3, GRID.shape)
    squares = shapely.box(*np.meshgrid(GRID.x - 5, GRID.y - 5), *np.meshgrid(GRID.x + 5, GRID.y + 5))
    expected = np.max(field[shapely.intersects(shape, squares)], initial=0.0)
    assert depth_at_buildings(field, GRID, series(shape))[0] == expected


def test_many_footprints_over_more_than_one_chunk(monkeypatch):
    random = np.random.default_rng(1)
    grid = Grid(0.0, 800.0, 10.0, 80, 100)
    west, south = random.uniform(0, 980, 1500), random.uniform(0, 780, 1500)
    shapes = gpd.GeoSeries(shapely.box(west, south, west + 12, south + 10), crs="EPSG:25832")
    whole = footprint_cells(shapes, grid)
    monkeypatch.setattr("genrejs.impact.sampling.CHUNK", 100)
    parts = footprint_cells(shapes, grid)
    np.testing.assert_array_equal(whole.cells, parts.cells)
    assert (np.diff(whole.starts) >= 4).all()
