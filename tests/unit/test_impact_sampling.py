import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.impact import footprints, sampling
from genrejs.impact.sampling import (
    Sampler,
    depth_at_buildings,
    depth_at_points,
    footprint_cells,
    grid_of,
    highest,
    north_up,
)

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
    field = random.uniform(0, 3, grid.shape)
    whole, depths = footprint_cells(shapes, grid), Sampler(shapes, "mean")(field, grid).depth
    monkeypatch.setattr(footprints, "CHUNK", 100)
    monkeypatch.setattr(sampling, "CHUNK", 70)
    parts = footprint_cells(shapes, grid)
    np.testing.assert_array_equal(whole.cells, parts.cells)
    np.testing.assert_array_equal(whole.starts, parts.starts)
    assert (np.diff(whole.starts) >= 4).all()
    np.testing.assert_array_equal(Sampler(shapes, "mean")(field, grid).depth, depths)
    inside = Sampler(shapes, "point")(field, grid).depth
    np.testing.assert_array_equal(inside, depth_at_points(field, grid, west + 6, south + 5))


def test_the_mean_counts_dry_cells_and_leaves_out_those_without_data():
    field = np.array([[1.0, 0.0, 5.0], [2.0, np.nan, 5.0]])
    sample = Sampler(series(box(2, 2, 18, 18)), "mean")(field, Grid(0.0, 20.0, 10.0, 2, 3))
    assert sample.depth.tolist() == [1.0]  # (1 + 0 + 2) / 3
    assert sample.known.tolist() == [3 / 4]
    assert sample.wet.tolist() == [2 / 3]
    assert sample.depth / sample.wet == pytest.approx(1.5)  # the mean of the wet cells


def test_the_point_is_inside_where_the_centroid_is_not():
    court = Polygon([(101, 201), (149, 201), (149, 239), (139, 239), (139, 211), (111, 211), (111, 239), (101, 239)])
    assert not court.covers(court.centroid)
    only = np.where(shapely.intersects(court, shapely.box(*_squares())), DEPTH + 1, -99.0)
    assert Sampler(series(court), "point")(only, GRID).depth[0] > 0


def _squares():
    x, y = np.meshgrid(GRID.x, GRID.y)
    return x - 5, y - 5, x + 5, y + 5


def test_points_take_the_cell_under_them_however():
    points = series(Point(105, 235), Point(110, 230), MultiPoint([(149, 201)]), Point(150, 235), Point(99, 235))
    for how in sampling.HOW:
        sample = Sampler(points, how)(DEPTH, GRID)
        assert sample.depth.tolist() == [0.0, 6.0, 19.0, 0.0, 0.0]
        assert sample.outside.tolist() == [False, False, False, True, True]
    east, north = points.get_coordinates().to_numpy().T
    np.testing.assert_array_equal(sample.depth, depth_at_points(DEPTH, GRID, east, north))


@pytest.mark.parametrize("how", sampling.HOW)
def test_what_could_not_be_read_is_told(how):
    field = DEPTH.copy()
    field[0] = np.nan
    shapes = series(
        box(112, 212, 118, 218),  # wholly on the raster
        box(90, 212, 118, 218),  # partly beyond it
        box(0, 0, 10, 10),  # outside
        box(112, 232, 118, 238),  # on cells without data
        box(112, 232, 118, 300),  # partly beyond it, the rest without data
        None,
        Polygon(),
        box(100, 200, 150, 240),  # the raster itself
        Polygon([(90, 232), (108, 250), (90, 250)]),  # round the north-west corner without meeting it
    )
    sample = Sampler(shapes, how)(field, GRID)
    assert sample.partly.tolist() == [False, True, False, False, how != "point"] + [False] * 4
    assert sample.outside.tolist()[:4] + sample.outside.tolist()[5:] == [False, False, True] + [False] * 4 + [True]
    assert sample.nodata.tolist() == [False, False, False, True, how != "point"] + [False] * 4
    assert sample.shapeless.tolist() == [False] * 5 + [True, True, False, False]
    assert sample.counts() == {
        "outside": 2 + (how == "point"), "partly": 1 + (how != "point"), "nodata": 1 + (how != "point"), "shapeless": 2,
    }  # fmt: skip
    assert not sample.depth[sample.outside | sample.nodata | sample.shapeless].any()
    assert ((sample.known > 0) == ~(sample.outside | sample.nodata | sample.shapeless)).all()


def test_cells_left_out_of_every_raster():
    skip = np.zeros(GRID.shape, dtype=bool)
    skip[1, 2] = True
    sample = Sampler(series(box(112, 212, 122, 222), box(122, 222, 128, 228)), skip=skip)(DEPTH, GRID)
    assert sample.depth.tolist() == [12.0, 0.0]
    assert sample.nodata.tolist() == [False, True]
    with pytest.raises(InputError, match="cells to skip have shape"):
        Sampler(series(box(0, 0, 1, 1)), skip=skip[1:])(DEPTH, GRID)


def test_rasters_on_the_same_grid_share_the_cells(monkeypatch):
    sampler = Sampler(series(box(112, 212, 118, 218)))
    index = sampler.index(GRID)
    again = Grid(100.0, 240.0, 10.0, 4, 5)
    finer = Grid(100.0, 240.0, 5.0, 8, 10)
    assert sampler.index(again) is index
    assert sampler(DEPTH.repeat(2, 0).repeat(2, 1), finer).depth.tolist() == [11.0]
    assert sampler.index(GRID) is index
    monkeypatch.setattr(sampling, "MOST_RUNS", 0)
    sampler.index(Grid(100.0, 240.0, 2.0, 20, 25))
    assert sampler.index(GRID) is not index


def test_a_float32_raster_is_read_without_a_copy(monkeypatch):
    seen, real = [], sampling.kernels.read
    monkeypatch.setattr(sampling.kernels, "read", lambda field, *rest: (seen.append(field), real(field, *rest))[1])
    depth = DEPTH.astype(np.float32) + np.float32(0.1)
    sample = Sampler(series(box(112, 212, 118, 218)))(depth, GRID)
    assert np.shares_memory(seen[0], depth)
    assert sample.depth.dtype == np.float64
    assert sample.depth[0] == np.float64(depth[2, 1])


@pytest.mark.parametrize("kind", [">f4", ">f8", "int16", "float16"])
def test_other_number_formats_and_views_give_the_same(kind):
    shapes = series(box(112, 212, 118, 218), box(141, 201, 149, 209))
    expected = Sampler(shapes)(DEPTH, GRID).depth.tolist()
    assert Sampler(shapes)(DEPTH.astype(kind), GRID).depth.tolist() == expected
    assert highest(np.asfortranarray(DEPTH), footprint_cells(shapes, GRID)).tolist() == expected
    fixed = DEPTH.copy()
    fixed.flags.writeable = False
    assert Sampler(shapes)(fixed, GRID).depth.tolist() == expected


def test_depths_below_zero_and_without_end():
    index = footprint_cells(series(box(112, 212, 122, 222), box(112, 212, 118, 218)), GRID)
    below = np.full(GRID.shape, -2.0)
    assert highest(below, index).tolist() == [-2.0, -2.0]
    below[1, 1] = np.nan
    assert highest(below, index).tolist() == [0.0, -2.0]
    below[1, 1] = np.inf
    assert highest(below, index)[0] == np.finfo(np.float64).max


def _with(number):
    with np.errstate(invalid="ignore"):
        return Polygon([(0, 0), (number, 1), (1, 1), (0, 1)])


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ((box(0, 0, 1, 1), LineString([(0, 0), (1, 1)])), "Footprint 2 is a LineString"),
        ((MultiPoint([(0, 0), (1, 1)]),), "is a MultiPoint"),
        ((GeometryCollection([box(0, 0, 1, 1)]),), "is a GeometryCollection"),
        ((_with(np.nan),), "no numbers"),
        ((_with(np.inf),), "no numbers"),
        ((Point(np.inf, 1.0),), "no numbers"),
    ],
)
def test_footprints_that_are_none_are_refused(shapes, words):
    for how in ("max", "point"):
        with pytest.raises(InputError, match=words):
            Sampler(series(*shapes), how)(DEPTH, GRID)


def test_an_unknown_way_of_taking_the_depth_is_refused():
    with pytest.raises(InputError, match="max, mean, point; got 'median'"):
        Sampler(series(box(0, 0, 1, 1)), "median")


def test_parts_and_courts_of_one_building_count_together():
    court = Polygon(box(100, 200, 150, 240).exterior.coords, [box(109, 209, 141, 231).exterior.coords[::-1]])
    open_cells = {6, 7, 8, 11, 12, 13}
    assert set(footprint_cells(series(court), GRID).cells.tolist()) == set(range(20)) - open_cells
    parts = MultiPolygon([box(101, 231, 109, 239), box(141, 201, 149, 209)])
    assert footprint_cells(series(parts), GRID).cells.tolist() == [0, 19]
    house = MultiPolygon([court, box(121, 221, 124, 224)])
    assert set(footprint_cells(series(parts, house), GRID).cells.tolist()) == set(range(20)) - open_cells | {7}
