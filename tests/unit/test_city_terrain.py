"""The embedded terrain: streams can run, water lies where it should, and parts agree at every cell size."""

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from shapely import box

from genrejs.city.grid import Grid
from genrejs.city.terrain import WINDOW, carved, embedded_sea, embedded_streams, embedded_terrain, stream_cells
from genrejs.city.terrain_streams import bed_cells
from genrejs.errors import InputError

TOWN = (531_500.0, 6_170_500.0, 536_500.0, 6_175_500.0)
SEA, STREAM = 0, 1


@cache
def _terrain(cell: float) -> tuple[Grid, xr.Dataset]:
    grid = Grid.covering(TOWN, cell)
    return grid, embedded_terrain(grid)


@pytest.mark.parametrize("cell", [pytest.param(5.0, marks=pytest.mark.slow), 10.0, 20.0])
def test_every_stream_is_a_chain_with_a_bed_that_never_rises(cell: float) -> None:
    grid, terrain = _terrain(cell)
    elevation, cover = terrain["elevation"].to_numpy(), terrain["land_cover"].to_numpy()
    for name, stream in embedded_streams().groupby("name"):
        cells = stream_cells(stream, grid)
        on_land = cells[cover[cells[:, 0], cells[:, 1]] != SEA]
        if len(on_land) == 0:
            continue
        assert (np.abs(np.diff(cells, axis=0)).sum(axis=1) == 1).all(), name
        assert (cover[on_land[:, 0], on_land[:, 1]] == STREAM).all(), name
        assert (np.diff(elevation[on_land[:, 0], on_land[:, 1]]) <= 1e-12).all(), name


@pytest.mark.parametrize("cell", [10.0, 20.0])
def test_the_bed_is_the_level_of_the_line(cell: float) -> None:
    """Published by the line: Grejs Å leaves Abelones Plads at 2.6 m; elsewhere the line's own level.

    Near a confluence the lower stream may hold it a little lower: it must not rise.
    """
    grid, terrain = _terrain(cell)
    beds = bed_cells(embedded_streams(), grid)
    alone = ~beds.duplicated(["row", "column"], keep=False)
    land = terrain["land_cover"].to_numpy()[beds["row"], beds["column"]] != SEA
    found = terrain["elevation"].to_numpy()[beds["row"], beds["column"]]
    assert np.abs(found - beds["bed"])[alone & land].max() < 0.01 * cell
    grejs = beds[beds["name"] == "Grejs Å"]
    assert grejs["bed"].iloc[-1] == pytest.approx(2.6, abs=0.1)


def test_streams_have_danish_names_and_run_downstream() -> None:
    streams = embedded_streams()
    widths = dict(zip(streams["name"], streams["width"], strict=True))
    assert max(widths, key=widths.__getitem__) == "Vejle Å"
    assert all(2 <= widths[name] <= 40 for name in ("Vejle Å", "Grejs Å", "Omløbsåen", "Mølleåen", "Højen Å"))
    for stream in streams.itertuples():
        assert len(stream.bed) == shapely.get_num_coordinates(stream.geometry)
        assert (np.diff(stream.bed) < 0).all(), stream.name
    ends = streams.set_index("name").geometry
    split = shapely.get_point(ends["Grejs Å"], -1)
    assert split.equals(shapely.get_point(ends["Omløbsåen"], 0))
    assert split.equals(shapely.get_point(ends["Mølleåen"], 0))


def test_where_streams_meet_the_lower_bed_counts_and_none_rises() -> None:
    grid = Grid(0.0, 50.0, 10.0, 5, 6)
    streams = gpd.GeoDataFrame(
        {"name": ["a", "b"], "width": [5.0, 5.0], "bed": [[3.0, 2.0], [2.5, 0.5]]},
        geometry=[shapely.LineString([(0, 25), (60, 25)]), shapely.LineString([(25, 50), (25, 0)])],
        crs=25832,
    )
    none = np.zeros(grid.shape, dtype=bool)
    ground = carved(np.full(grid.shape, 9.0), bed_cells(streams, grid), none)
    assert ground[2, 2] == pytest.approx(1.5)
    assert (np.diff(ground[2]) <= 0).all()
    assert (ground == 9.0).sum() == 30 - 10


def test_open_sea_is_water_outside_the_harbour_and_holds_the_deep() -> None:
    grid, terrain = _terrain(10.0)
    sea = embedded_sea(grid)
    assert sea is not None
    level = shapely.contains_xy(sea, *np.meshgrid(grid.x, grid.y))
    cover, elevation = terrain["land_cover"].to_numpy(), terrain["elevation"].to_numpy()
    assert (cover[level] == SEA).all()
    assert elevation[level].min() < -6.9
    assert elevation[(cover == SEA) & ~level].min() >= -4.0
    assert embedded_sea(Grid(531_500.0, 6_175_000.0, 10.0, 20, 20)) is None


def test_land_is_dry_and_sea_is_wet_at_mean_sea_level() -> None:
    _, terrain = _terrain(10.0)
    cover, elevation = terrain["land_cover"].to_numpy(), terrain["elevation"].to_numpy()
    assert elevation[cover == SEA].max() < 0
    assert elevation[(cover != SEA) & (cover != STREAM)].min() >= 0.4


def test_the_terrain_declares_what_city_promises() -> None:
    grid, terrain = _terrain(20.0)
    units = {"elevation": "m", "manning": "s m-1/3", "infiltration": "m s-1", "drain_capacity": "m s-1"}
    assert {name: terrain[name].attrs["units"] for name in units} == units
    assert all(terrain[name].dtype == np.float64 and np.isfinite(terrain[name]).all() for name in units)
    assert terrain["land_cover"].dtype == np.int8
    assert all(variable.shape == grid.shape for variable in terrain.data_vars.values())
    assert "constructed" in terrain.attrs["title"]
    assert "DAGI" in terrain.attrs["source"]


def test_a_window_is_the_same_ground_as_the_whole() -> None:
    whole = Grid.covering(WINDOW, 20.0)
    part, cut = whole.window(TOWN)
    slopes = embedded_terrain(whole)["elevation"].to_numpy()[cut] - embedded_terrain(part)["elevation"].to_numpy()
    assert np.abs(slopes).max() < 0.05


def test_other_cell_sizes_lie_on_the_same_ground() -> None:
    fine, coarse = (_terrain(cell)[1] for cell in (10.0, 20.0))
    mean = fine["elevation"].to_numpy().reshape(250, 2, 250, 2).mean(axis=(1, 3))
    gap = np.abs(mean - coarse["elevation"].to_numpy())[coarse["land_cover"].to_numpy() > STREAM]
    assert np.median(gap) < 0.01
    assert np.percentile(gap, 99) < 1.0


def test_roughness_keeps_the_conveyance_of_the_narrower_stream() -> None:
    grid, terrain = _terrain(20.0)
    stream = embedded_streams().query("name == 'Grejs Å'")
    found = float(terrain["manning"].to_numpy()[tuple(stream_cells(stream, grid)[5])])
    assert found * stream["width"].iloc[0] == pytest.approx(0.035 * 20)


def test_grids_outside_the_sources_are_refused() -> None:
    with pytest.raises(InputError, match="covers"):
        embedded_terrain(Grid(520_000.0, 6_177_500.0, 10.0, 10, 10))
    with pytest.raises(InputError, match="EPSG:25833"):
        embedded_terrain(Grid(532_000.0, 6_177_000.0, 10.0, 10, 10, "EPSG:25833"))
    assert embedded_terrain(Grid.covering(WINDOW, 300.0))["elevation"].shape == (27, 34)


def test_districts_replace_the_rough_shapes_and_the_cache_knows(tmp_path: Path) -> None:
    grid = Grid(532_000.0, 6_177_000.0, 20.0, 20, 20)
    drawn = gpd.GeoDataFrame({"kind": ["centre"]}, geometry=[box(532_000, 6_176_800, 532_200, 6_177_000)], crs=25832)
    plain = embedded_terrain(grid, tmp_path)
    painted = embedded_terrain(grid, tmp_path, districts=drawn)
    assert len(list(tmp_path.iterdir())) == 2
    assert (painted["land_cover"].to_numpy()[:10, :10] == 2).all()
    assert not (plain["land_cover"].to_numpy() == 2).any()
    xr.testing.assert_identical(embedded_terrain(grid, tmp_path, districts=drawn), painted)
