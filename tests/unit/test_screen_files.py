"""`screen_files`: the body of `genrejs screen`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from genrejs.city.embedded import load_city
from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster, write_raster
from genrejs.cli import main
from genrejs.errors import InputError
from genrejs.hazard.screening import find_depressions, sea_reach
from genrejs.hazard.screening.files import ScreenRequest, screen_files
from genrejs.hazard.screening.place import city_walls
from genrejs.units import read_area

GRID = Grid(530_000.0, 6_171_000.0, 10.0, 20, 30)


@pytest.fixture
def terrain(tmp_path: Path) -> Path:
    """A plain that falls to the east, with two pits of 4 and 1 cells, an empty corner and a scratch of 1 cm."""
    z = np.tile(np.linspace(6.0, 0.1, 30), (20, 1)).round(3)
    z[:3, :3] = np.nan
    z[10:12, 10:12] -= 2.0
    z[5, 20] -= 1.0
    z[15, 5] -= 0.21
    write_raster(tmp_path / "z.tif", z, GRID)
    return tmp_path / "z.tif"


def test_everything_is_written_and_adds_up(terrain: Path, tmp_path: Path) -> None:
    request = ScreenRequest(sea_level="1.5,2.0", open_edges="e", rain="60mm", runoff="0.5", min_area="100 m2")
    summary = screen_files(str(terrain), tmp_path / "out", request)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "bluespots.gpkg", "bluespot_depth.tif", "catchments.tif", "rain_depth.tif", "sea_reach_level.tif",
        "sea_depth_1.5.tif", "sea_depth_2.0.tif", "summary.json",
    }  # fmt: skip
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8")) == summary
    assert not summary["constructed"]
    spots = gpd.read_file(tmp_path / "out" / "bluespots.gpkg", layer="bluespots")
    assert set(spots.columns) >= {
        "id", "depth_m", "volume_m3", "area_m2", "catchment_m2", "rain_to_fill_mm", "pour_x", "pour_y", "spills_to",
        "filled", "water_m3", "inflow_m3", "overflow_m3",
    }  # fmt: skip
    assert spots["id"].tolist() == [1, 2]
    assert spots.geometry.area.to_numpy() == pytest.approx(spots["area_m2"].to_numpy())
    depth, grid = read_raster(tmp_path / "out" / "bluespot_depth.tif")
    assert grid == GRID
    assert np.nansum(depth) * 100.0 == pytest.approx(spots["volume_m3"].sum(), rel=1e-6)
    catchment, _ = read_raster(tmp_path / "out" / "catchments.tif")
    assert [(catchment == n).sum() * 100.0 for n in (1, 2)] == spots["catchment_m2"].tolist()
    assert spots["rain_to_fill_mm"].to_numpy() == pytest.approx(
        2000 * (spots["volume_m3"] / spots["catchment_m2"]).to_numpy()
    )
    points = gpd.read_file(tmp_path / "out" / "bluespots.gpkg", layer="pour_points")
    assert points.geometry.x.tolist() == spots["pour_x"].tolist()
    assert summary["rained_m3"] == pytest.approx(0.03 * (600 - 9) * 100.0)
    held = summary["in_bluespots_m3"] + summary["in_smaller_hollows_m3"]
    assert summary["rained_m3"] == pytest.approx(held + summary["left_m3"])
    rain, _ = read_raster(tmp_path / "out" / "rain_depth.tif")
    assert np.nansum(rain) * 100.0 == pytest.approx(held, rel=1e-5)
    sea, _ = read_raster(tmp_path / "out" / "sea_depth_1.5.tif")
    z, _ = read_raster(terrain)
    assert sea[0] == pytest.approx(np.nan_to_num(np.maximum(1.5 - z[0], 0)), abs=1e-6)
    assert summary["sea_levels"][0]["flooded_area_m2"] == (sea > 0).sum() * 100.0


def test_small_hollows_are_counted_but_not_shown(terrain: Path, tmp_path: Path) -> None:
    summary = screen_files(str(terrain), tmp_path / "a", ScreenRequest(min_depth="1.5m"))
    assert (summary["bluespots"], summary["smaller_hollows"]) == (1, 2)
    none = screen_files(str(terrain), tmp_path / "b", ScreenRequest(min_depth="1km"))
    assert none["bluespots"] == 0
    assert len(gpd.read_file(tmp_path / "b" / "bluespots.gpkg", layer="bluespots")) == 0


def test_polygons_say_where_the_sea_is(terrain: Path, tmp_path: Path) -> None:
    shore = box(530_280, 6_170_000, 531_000, 6_172_000)
    gpd.GeoDataFrame(geometry=[shore], crs=25832).to_file(tmp_path / "sea.gpkg")
    a = screen_files(str(terrain), tmp_path / "a", ScreenRequest(sea_level="2", sea=tmp_path / "sea.gpkg"))
    b = screen_files(str(terrain), tmp_path / "b", ScreenRequest(sea_level="2", open_edges="e"))
    assert a["sea_levels"] == b["sea_levels"]


WRONG = {
    "sea level without sea": (ScreenRequest(sea_level="1"), "--open-edges"),
    "sea level of words": (ScreenRequest(sea_level="1;2", open_edges="e"), "1;2"),
    "edge": (ScreenRequest(open_edges="x"), "n, e, s, w"),
    "two seas": (ScreenRequest(open_edges="e", sea=Path("s.gpkg")), "not both"),
    "rain": (ScreenRequest(rain="60"), "--rain"),
    "runoff": (ScreenRequest(runoff="60"), "--runoff"),
    "depth": (ScreenRequest(min_depth="-1m"), "--min-depth"),
    "area": (ScreenRequest(min_area="25"), "--min-area"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_options_get_one_sentence(name: str, terrain: Path, tmp_path: Path) -> None:
    request, hint = WRONG[name]
    with pytest.raises(InputError, match=hint) as refused:
        screen_files(str(terrain), tmp_path / "out", replace(request))
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_terrain_that_is_neither_file_nor_city(tmp_path: Path, capsys) -> None:
    assert main(["screen", "atlantis", "--out", str(tmp_path / "out")]) == 1
    assert "vejle" in capsys.readouterr().err
    assert main(["screen", "none.tif", "--out", str(tmp_path / "out")]) == 1
    assert "none.tif" in capsys.readouterr().err


def test_arrays_that_do_not_fit_are_refused() -> None:
    z = np.zeros((4, 5))
    for wrong in (
        lambda: find_depressions(z, -1.0),
        lambda: find_depressions(z * np.nan, 1.0),
        lambda: find_depressions(z, 1.0, np.zeros((2, 2))),
        lambda: find_depressions(z, 1.0, neighbours=6),
        lambda: find_depressions(z + np.inf, 1.0),
        lambda: find_depressions(z, 1.0, outlets=np.zeros((4, 5))),
        lambda: sea_reach(z, np.zeros((4, 5), bool)),
    ):
        with pytest.raises(InputError):
            wrong()


def test_area_as_people_write_it() -> None:
    assert read_area("25m2") == read_area("25 m²") == 25.0
    assert read_area("2 ha") == 20_000.0


def test_the_embedded_city_is_screened_behind_its_walls(tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    assert main(["screen", "vejle", "--out", str(out), "--sea-level", "1.5", "--rain", "60mm", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["constructed"] and summary["ground"] == "constructed ground"
    assert summary["balance_error"] < 1e-12
    city = load_city("vejle")
    behind = city.grid.index(533_470, 6_173_484)
    reach, _ = read_raster(out / "sea_reach_level.tif")
    east, _ = city_walls(city, gates_shut=True)
    free, _ = city_walls(city, gates_shut=False)
    assert np.isfinite(east).sum() > np.isfinite(free).sum()
    assert reach[behind] > 1.0, "the shut sluice and the dike keep an ordinary high water out"
