"""Cells that footprints meet: counted by hand, conserved areas, closed forms, exact signs, and a twin that asks all."""

import sqlite3
import struct
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster, read_vector, write_raster
from genrejs.errors import InputError
from genrejs.impact.footprints import footprint_cells
from genrejs.impact.kernels_footprints import DE_BRUIJN, PLACES, side, touches
from genrejs.impact.sampling import Sampler

SEEDS = st.integers(0, 2**32 - 1)


def series(*shapes):
    return gpd.GeoSeries(list(shapes), crs="EPSG:25832")


def squares(grid: Grid):
    """The cells as polygons, in flat order, with the corners that the present meaning gives them."""
    row, column = (a.ravel() for a in np.mgrid[0 : grid.rows, 0 : grid.columns])
    west, north = grid.west + column * grid.cell, grid.north - row * grid.cell
    return shapely.box(west, north - grid.cell, west + grid.cell, north)


def met(shape, grid: Grid):
    return footprint_cells(series(shape), grid).cells


# --- known answers -------------------------------------------------------------------------------------------------


def test_a_diamond_through_corners_meets_24_cells():
    """|x| + |y| <= 2 about a corner: of each quadrant the cells with i + j <= 2, six; three of them by a corner only."""
    grid = Grid(-5.0, 5.0, 1.0, 10, 10)
    diamond = Polygon([(2, 0), (0, 2), (-2, 0), (0, -2)])
    cells = met(diamond, grid)
    assert cells.size == 24
    assert np.count_nonzero(shapely.area(shapely.intersection(squares(grid)[cells], diamond)) > 0) == 12


def test_a_rectangle_on_the_lines_meets_its_neighbours_too():
    grid = Grid(0.0, 10.0, 1.0, 10, 10)
    assert met(box(2, 3, 5, 7), grid).size == (3 + 2) * (4 + 2)
    assert met(box(2.1, 3.1, 4.9, 6.9), grid).size == 3 * 4
    assert met(box(0, 0, 10, 10), grid).size == 100
    assert met(box(10, 10, 12, 12), grid).tolist() == [9]  # touches the raster's corner


def test_an_l_shape_by_hand():
    """Three cells up, two to the right: the inner corner stays 0.2 clear of the lines."""
    grid = Grid(0.0, 6.0, 1.0, 6, 6)
    shape = Polygon([(1.2, 1.2), (4.8, 1.2), (4.8, 2.8), (2.8, 2.8), (2.8, 4.8), (1.2, 4.8)])
    assert met(shape, grid).size == 4 * 2 + 2 * 2


def test_the_mean_of_a_plane_is_the_plane_in_the_middle():
    grid = Grid(0.0, 40.0, 1.0, 40, 60)
    plane = 0.03 * grid.x[None, :] + 0.05 * grid.y[:, None]
    shapes = series(box(3.2, 5.2, 17.8, 20.8), box(30.2, 1.2, 58.8, 38.8))
    mean = Sampler(shapes, "mean")(plane, grid).depth
    np.testing.assert_allclose(mean, [0.03 * 10.5 + 0.05 * 13, 0.03 * 44.5 + 0.05 * 20], rtol=1e-12)
    np.testing.assert_allclose(
        Sampler(shapes)(plane, grid).depth, [0.03 * 17.5 + 0.05 * 20.5, 0.03 * 58.5 + 0.05 * 38.5]
    )


def test_a_footprint_wider_than_words_and_bands():
    """3,000 x 2,999 cells are more than the marks laid at a time (2**16 words of 64)."""
    grid = Grid(0.0, 3100.0, 1.0, 3100, 3100)
    index = footprint_cells(
        series(box(50.5, 40.5, 3049.5, 3038.5), box(64, 64, 128, 128), box(0.5, 0.5, 63.5, 0.6)), grid
    )
    assert np.diff(index.starts).tolist() == [3000 * 2999, 66 * 66, 64]
    assert index.first.size == 2999 + 66 + 1


@settings(max_examples=200, deadline=None)
@given(st.tuples(*[st.floats(0.001, 39.999) for _ in range(4)]))
def test_a_line_crosses_as_many_cells_as_lines_plus_one(ends):
    """A building squeezed to a line meets |columns| + |rows| + 1 cells when it passes no corner."""
    x0, y0, x1, y1 = ends
    grid = Grid(0.0, 40.0, 1.0, 40, 40)
    line = shapely.linestrings([(x0, y0), (x1, y1)])
    nodes = shapely.multipoints(np.stack(np.meshgrid(np.arange(41.0), np.arange(41.0)), -1).reshape(-1, 2))
    if shapely.distance(line, nodes) < 1e-6 or {x0 % 1, y0 % 1, x1 % 1, y1 % 1} & {0.0}:
        return
    expected = abs(int(x1) - int(x0)) + abs(int(y1) - int(y0)) + 1
    assert met(Polygon([(x0, y0), (x1, y1), (x0, y0)]), grid).size == expected


# --- conserved -----------------------------------------------------------------------------------------------------


def random_shape(random, grid: Grid):
    """A building about the grid: a hull, an L, a court, parts, a sliver or a diamond; its corners anywhere or on lines.

    None where rounding the corners to the lines leaves no valid polygon.
    """
    shape = drawn_shape(random, grid)
    return shape if shape.geom_type in {"Polygon", "MultiPolygon"} and shape.is_valid else None


def drawn_shape(random, grid: Grid):
    high, wide = np.array(grid.shape) * grid.cell
    middle = random.uniform([-0.2 * wide, -0.2 * high], [1.2 * wide, 1.2 * high])
    size = random.choice([0.4, 3.0, 12.0]) * grid.cell
    turn = random.choice([0.0, np.pi / 4, random.uniform(0, 7)])
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    step = random.choice([0.0, 0.25, 0.5, 1.0]) * grid.cell

    def placed(corners):
        corners = middle + size * np.asarray(corners, float) @ matrix
        corners = np.round(corners / step) * step if step else corners
        return corners + np.array([grid.west, grid.north - high])

    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    kind = random.integers(0, 6)
    if kind == 0:
        return shapely.convex_hull(shapely.multipoints(placed(random.uniform(-1, 1, (7, 2)))))
    if kind == 1:
        return Polygon(placed([(-1, -1), (1, -1), (1, 0.2), (0.1, 0.2), (0.1, 1), (-1, 1)]))
    if kind == 2:
        return Polygon(placed(square), [placed(0.6 * square)[::-1]])
    if kind == 3:
        return shapely.multipolygons([Polygon(placed(square / 3 + shift)) for shift in ((0, 0), (2, 0.5), (-1, 2))])
    if kind == 4:
        along = random.choice([(1, 1), (1, -1), (2, 1), (0, 1), (1, 0)])
        return Polygon(placed([(0, 0), along, np.array(along) + random.choice([1e-9, 1e-3, 0.1], 2)]))
    return Polygon(placed([(1, 0), (0, 1), (-1, 0), (0, -1)]))


def random_grid(random) -> Grid:
    west, north = random.choice([0.0, 531_500.0, 531_500.2]), random.choice([100.0, 6_177_500.0])
    cell = random.choice([0.4, 1.0, 1.6, 2.0, 10.0, 1 / 3])
    return Grid(float(west), float(north), float(cell), int(random.integers(1, 30)), int(random.integers(1, 150)))


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_the_cells_hold_all_of_the_area(seed):
    """What lies in the cells met adds up to the area of the building on the raster."""
    random = np.random.default_rng(seed)
    grid = random_grid(random)
    shape = random_shape(random, grid)
    if shape is None:
        return
    inside = shapely.area(shapely.intersection(squares(grid)[met(shape, grid)], shape)).sum()
    whole = shapely.area(shapely.intersection(box(*grid.bounds), shape))
    assert inside == pytest.approx(whole, rel=1e-6, abs=1e-6 * grid.cell**2)


# --- twins ---------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_the_same_cells_as_asking_every_cell(seed):
    random = np.random.default_rng(seed)
    grid = random_grid(random)
    shapes = [random_shape(random, grid) for _ in range(8)]
    shapes = [shape for shape in shapes if shape is not None]
    skip = random.random(grid.shape) < 0.1
    every, cells = squares(grid), np.arange(grid.rows * grid.columns)
    index, without = footprint_cells(series(*shapes), grid), footprint_cells(series(*shapes), grid, skip)
    for k, shape in enumerate(shapes):
        expected = cells[shapely.intersects(shape, every)]
        np.testing.assert_array_equal(index.cells[index.starts[k] : index.starts[k + 1]], expected)
        found = without.cells[without.starts[k] : without.starts[k + 1]]
        np.testing.assert_array_equal(found, expected[~skip.ravel()[expected]])


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_the_same_depths_as_numpy_from_every_cell(seed):
    random = np.random.default_rng(seed)
    grid = random_grid(random)
    shapes = [random_shape(random, grid) for _ in range(5)]
    shapes = [shape for shape in shapes if shape is not None]
    field = random.gamma(0.4, 1.0, grid.shape).astype(random.choice([np.float32, np.float64]))
    field[random.random(grid.shape) < 0.2] = np.nan
    field[random.random(grid.shape) < 0.3] = 0.0
    every = squares(grid)
    largest, mean = Sampler(series(*shapes))(field, grid), Sampler(series(*shapes), "mean")(field, grid)
    for k, shape in enumerate(shapes):
        there = field.ravel()[shapely.intersects(shape, every)].astype(float)
        data = there[~np.isnan(there)]
        assert largest.depth[k] == np.max(data, initial=0.0)
        assert mean.depth[k] == pytest.approx(data.mean() if data.size else 0.0, rel=1e-12)
        assert largest.known[k] == (data.size / there.size if there.size else 0.0)
        assert largest.wet[k] == (np.mean(data > 0) if data.size else 0.0)
        assert largest.outside[k] == (there.size == 0)
        assert largest.partly[k] == (there.size > 0 and not shapely.covers(box(*grid.bounds), shape))


# --- exact signs ---------------------------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.integers(-8, 8).map(float),
    st.floats(-1e7, 1e7, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-100),
    st.sampled_from([531_500.1, 6_177_500.3, 0.1, 0.3, 1 / 3, 1e-9]),
)


def exactly(ax, ay, bx, by, cx, cy):
    a, b, c = ((Fraction(x), Fraction(y)) for x, y in ((ax, ay), (bx, by), (cx, cy)))
    determinant = (a[0] - c[0]) * (b[1] - c[1]) - (a[1] - c[1]) * (b[0] - c[0])
    return (determinant > 0) - (determinant < 0)


@settings(max_examples=300, deadline=None)
@given(st.tuples(*[NUMBERS] * 6))
def test_the_side_of_a_line_is_exact(given_numbers):
    assert np.sign(side(*given_numbers)) == exactly(*given_numbers)


@settings(max_examples=300, deadline=None)
@given(st.tuples(*[NUMBERS] * 4), st.floats(-1, 2), st.integers(-2, 2))
@example((0.5, 0.5, 12.0, 12.0), 24 / 11.5, 0)
def test_the_side_is_exact_within_rounding_of_the_line(ends, share, steps):
    """A point on the line as well as float64 can say, and its neighbours: where the plain determinant is noise."""
    ax, ay, bx, by = ends
    cx, cy = ax + share * (bx - ax), ay + share * (by - ay)
    for _ in range(abs(steps)):
        cx = float(np.nextafter(cx, np.inf if steps > 0 else -np.inf))
    if 0 < abs(cx) < 1e-100 or 0 < abs(cy) < 1e-100:
        return
    assert np.sign(side(ax, ay, bx, by, cx, cy)) == exactly(ax, ay, bx, by, cx, cy)


@settings(max_examples=200, deadline=None)
@given(st.tuples(*[st.integers(-6, 6)] * 4), st.integers(-4, 4), st.integers(-4, 4))
def test_an_edge_touches_a_square_as_shapely_says(ends, west, south):
    px, py, qx, qy = (0.5 * v for v in ends)
    west, south = float(west), float(south)
    if py > qy:
        px, py, qx, qy = qx, qy, px, py
    line = shapely.points(px, py) if (px, py) == (qx, qy) else shapely.linestrings([(px, py), (qx, qy)])
    assert touches(px, py, qx, qy, west, south, west + 1.0, south + 1.0) == shapely.intersects(
        line, box(west, south, west + 1, south + 1)
    )


def test_every_bit_has_its_place():
    for bit in range(64):
        assert PLACES[((1 << bit) * int(DE_BRUIJN) & (2**64 - 1)) >> 58] == bit


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_window_of_a_raster_gives_the_same_depths(tmp_path: Path):
    random = np.random.default_rng(1)
    grid = Grid(531_500.0, 6_177_500.0, 2.0, 90, 120)
    field = random.gamma(0.5, 1.0, grid.shape)
    field[40:45] = np.nan
    write_raster(tmp_path / "depth.tif", field, grid)
    whole, _ = read_raster(tmp_path / "depth.tif", dtype=np.float32)
    assert whole.dtype == np.float32
    np.testing.assert_array_equal(whole, field.astype(np.float32))
    middle = (grid.west + 101.3, grid.north - 95.2)
    for west, south, size in (
        (*middle, 31.0),
        (grid.west - 20, grid.north - 200, 60.0),
        (grid.west - 90, grid.north, 40.0),
    ):
        x, y = west + random.uniform(0, size, 40), south + random.uniform(0, size, 40)
        shapes = gpd.GeoSeries(shapely.box(x, y, x + 9.3, y + 7.1), crs=25832)
        part, there = read_raster(tmp_path / "depth.tif", dtype=np.float32, bounds=tuple(shapes.total_bounds))
        assert part.shape == there.shape
        assert part.size < 0.4 * whole.size
        for how in ("max", "mean", "point"):
            expected, found = Sampler(shapes, how)(whole, grid), Sampler(shapes, how)(part, there)
            np.testing.assert_array_equal(found.depth, expected.depth)
            np.testing.assert_array_equal(found.place, expected.place)
            assert found.counts() == expected.counts()


@pytest.fixture
def layer() -> gpd.GeoDataFrame:
    columns = {"navn": ["Å", None, "b"], "plan": [1, 2, 3], "kote": [1.5, np.nan, 2.0], "beboet": [True, False, True]}
    return gpd.GeoDataFrame(columns, geometry=[box(0, 0, 9, 9), None, box(20, 0, 29, 9)], crs=25832)


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "geojson", "parquet", "geoparquet"])
def test_the_same_layer_from_every_format(tmp_path: Path, layer: gpd.GeoDataFrame, ending: str):
    path = tmp_path / f"houses.{ending}"
    if "parquet" in ending:
        layer.to_parquet(path)
    else:
        layer.to_file(path, **({"SPATIAL_INDEX": "NO"} if ending == "fgb" else {}))
    back = read_vector(path, None if ending != "geojson" else "EPSG:25832")
    assert back["navn"].fillna("-").tolist() == ["Å", "-", "b"]
    assert back["plan"].tolist() == [1, 2, 3]
    assert back["kote"].fillna(0.0).tolist() == [1.5, 0.0, 2.0]
    assert back["beboet"].dtype == bool
    assert back.geometry.isna().tolist() == [False, True, False]
    np.testing.assert_allclose(back.total_bounds, [0, 0, 29, 9], atol=1e-3)
    assert Sampler(back.geometry)(np.ones((4, 4)), Grid(0.0, 40.0, 10.0, 4, 4)).shapeless.tolist() == [
        False,
        True,
        False,
    ]


def test_parquet_that_is_no_layer_gets_one_sentence(tmp_path: Path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "table.parquet")
    with pytest.raises(InputError, match="has no geometry"):
        read_vector(tmp_path / "table.parquet")
    (tmp_path / "text.parquet").write_text("no parquet")
    with pytest.raises(InputError, match="cannot be read as a layer"):
        read_vector(tmp_path / "text.parquet")


def changed(path: Path, layer: gpd.GeoDataFrame, change: str, *values: bytes) -> Path:
    """Write a GeoPackage and change its table of houses by SQL, past all of its triggers."""
    layer.to_file(path, layer="houses", SPATIAL_INDEX="NO")
    with sqlite3.connect(path) as table:
        for (name,) in table.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            table.execute(f'drop trigger "{name}"')
        table.execute(change, values)
    table.close()
    return path


def test_a_geopackage_with_text_that_is_not_utf8_is_refused(tmp_path: Path, layer: gpd.GeoDataFrame):
    path = changed(tmp_path / "latin.gpkg", layer, "update houses set navn = cast(x'c5' as text)")
    with pytest.raises(InputError, match="UTF-8"):
        read_vector(path)


def test_a_round_house_of_a_geopackage_is_drawn_out(tmp_path: Path, layer: gpd.GeoDataFrame):
    """A circle of radius 2 as two arcs: its area within 0.1 % of 4 pi; 16 cells, and 2 more where each arc ends."""
    corners = [(0.0, 0.0), (2.0, 2.0), (4.0, 0.0), (2.0, -2.0), (0.0, 0.0)]
    arcs = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<dd", *corner) for corner in corners)
    circle = b"GP" + struct.pack("<BBi", 0, 1, 25832) + struct.pack("<BII", 1, 10, 1) + arcs
    path = changed(tmp_path / "round.gpkg", layer, "update houses set geom = ? where fid = 1", circle)
    house = read_vector(path).geometry[0]
    assert house.area == pytest.approx(4 * np.pi, rel=1e-3)
    assert met(house, Grid(-1.0, 3.0, 1.0, 6, 6)).size == 20
