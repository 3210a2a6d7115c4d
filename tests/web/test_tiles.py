"""Terrain tiles and rasters: right places, right heights, right coding."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyproj import Transformer

from genrejs.city.embedded import SITING_CELL
from genrejs.city.grid import Grid
from genrejs.web.pictures import greys, heights_of, terrarium
from genrejs.web.places import lonlat
from genrejs.web.tiles import FADE, SEA_BED, STEPS, ZOOMS, bilinear, pixels, tiles_of

GRID = Grid(531500.0, 6177500.0, SITING_CELL, 80, 100)


def tile_at(zoom: int, lon: float, lat: float) -> tuple[int, int, float, float]:
    """Return column and row of the tile that holds a place, and where in it [pixel] (the definition of the tiles)."""
    n = 2**zoom
    x = (lon + 180) / 360 * n
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n
    return int(x), int(y), (x - int(x)) * 256, (y - int(y)) * 256


@pytest.mark.parametrize("zoom", range(ZOOMS[0], ZOOMS[1] + 1))
def test_a_place_lies_in_its_pixel(zoom) -> None:
    east, north = 535000.0, 6174000.0
    ((lon, lat),) = lonlat(east, north, GRID.crs)
    column, row, right, down = tile_at(zoom, lon, lat)
    x, y = pixels(zoom, column, row, GRID.crs)
    wide = float(np.hypot(x[0, 1] - x[0, 0], y[0, 1] - y[0, 0]))
    i, j = min(int(down), 255), min(int(right), 255)
    assert np.hypot(x[i, j] - east, y[i, j] - north) <= 0.75 * wide
    exact = Transformer.from_crs("EPSG:3857", GRID.crs, always_xy=True)
    side = 2 * 20037508.342789244 / 2**zoom
    at = exact.transform(
        -20037508.342789244 + (column + (j + 0.5) / 256) * side, 20037508.342789244 - (row + (i + 0.5) / 256) * side
    )
    assert np.hypot(x[i, j] - at[0], y[i, j] - at[1]) < 0.5  # the straight lines between the knots


def test_a_plane_is_a_plane_on_the_tile_and_fades_to_nothing_outside() -> None:
    east, north = np.meshgrid(GRID.x - GRID.west, GRID.y - 6177000.0)
    tiles = tiles_of(GRID, 20.0 + 0.01 * east + 0.02 * north)
    ((lon, lat),) = lonlat(532000.0, 6177100.0, GRID.crs)
    column, row, _, _ = tile_at(14, lon, lat)
    x, y = pixels(14, column, row, GRID.crs)
    got = heights_of(tiles.png(14, column, row))
    assert got.shape == (256, 256)
    west, south, right, top = GRID.bounds
    edge = GRID.cell / 2
    inside = (x > west + edge) & (x < right - edge) & (y > south + edge) & (y < top - edge)
    plane = 20.0 + 0.01 * (x - GRID.west) + 0.02 * (y - 6177000.0)
    assert inside.any() and np.abs(got - plane)[inside].max() <= 0.5 / STEPS + 1e-9
    far = np.hypot(np.maximum(np.maximum(west - x, x - right), 0), np.maximum(np.maximum(south - y, y - top), 0))
    assert (got[far >= FADE] == 0).all() and (got[(far > 0) & (far < FADE)] < 60).all()
    assert (heights_of(tiles.png(9, 0, 0)) == 0).all()


def test_coarse_tiles_take_means_and_the_sea_bed_is_shallow() -> None:
    rng = np.random.default_rng(1)
    tiles = tiles_of(GRID, rng.normal(30.0, 10.0, GRID.shape))
    assert [level.shape for level in tiles.levels[:3]] == [(80, 100), (40, 50), (20, 25)]
    assert tiles.levels[2].mean() == pytest.approx(tiles.levels[0].mean())
    assert tiles.levels[2].std() < tiles.levels[0].std() / 3
    deep = tiles_of(GRID, np.full(GRID.shape, -9.0))
    assert deep.levels[0].min() == SEA_BED
    hole = tiles_of(GRID, np.full(GRID.shape, np.nan))
    assert (hole.levels[0] == 0).all()


@pytest.mark.parametrize("place", [(8, 1, 1), (15, 1, 1), (9, -1, 0), (9, 512, 0), (9, 0, 512), (14, 0, -1)])
def test_there_is_no_tile_outside_the_zooms_and_the_earth(place) -> None:
    assert tiles_of(GRID, np.zeros(GRID.shape)).png(*place) is None


def test_the_same_tile_is_cut_once() -> None:
    tiles = tiles_of(GRID, np.zeros(GRID.shape))
    assert tiles.png(14, 8625, 5125) is tiles.png(14, 8625, 5125)
    assert tiles.cut.cache_info() == (1, 1, 600, 1)  # hits, misses, room, kept


@given(st.lists(st.floats(-500, 9000), min_size=4, max_size=4))
def test_heights_survive_their_coding(values) -> None:
    heights = np.array(values).reshape(2, 2)
    assert np.abs(heights_of(terrarium(heights)) - heights).max() <= 1 / 512


def test_what_has_no_height_is_coded_too() -> None:
    got = heights_of(terrarium(np.array([[np.nan, np.inf], [-np.inf, 1.5]])))
    assert got[0, 0] == 0 and got[0, 1] > 32767 and got[1, 0] == -32768 and got[1, 1] == 1.5


def test_depths_are_grey_centimetres(tmp_path) -> None:
    (tmp_path / "a.png").write_bytes(greys(np.array([[0.0, 0.004, 0.006], [1.0, 9.0, np.nan]])))
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.mode == "L"
        assert np.asarray(picture).tolist() == [[0, 0, 1], [100, 255, 0]]


def test_between_cells_values_are_between_and_beyond_the_edge_they_stay() -> None:
    field = np.array([[0.0, 10.0], [20.0, 30.0]])
    at = np.array([0.0, 0.5, 1.0, -5.0, 7.0])
    assert bilinear(field, at, at).tolist() == [0.0, 15.0, 30.0, 0.0, 30.0]
