"""`flood.simulate` and `Footprint.save` on ordinary files: the body of `genrejs flood`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from shapely import box

from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster, write_raster
from genrejs.errors import InputError
from genrejs.flood import simulate


def flood_files(terrain: Path, out: Path, **given: Any) -> dict[str, Any]:
    footprint = simulate(terrain, **given)
    footprint.save(out)
    return dict(footprint.summary)


GRID = Grid(530_000.0, 6_171_000.0, 10.0, 20, 30)
CONTRACT = {
    "cells", "steps", "simulated_seconds", "wall_seconds", "cell_updates", "active_cell_updates", "water_in_m3",
    "water_out_m3", "water_stored_m3", "balance_error", "scheme", "engine",
}  # fmt: skip


@pytest.fixture
def terrain(tmp_path: Path) -> Path:
    """A plain that rises to the west, with one empty corner."""
    z = np.tile(np.linspace(3.0, 0.0, 30), (20, 1))
    z[:3, :3] = np.nan
    write_raster(tmp_path / "z.tif", z, GRID)
    return tmp_path / "z.tif"


def test_rain_gauges_and_slices_are_written_by_contract(terrain: Path, tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("name,x,y\nlow,530295,6170905\nhigh,530005,6170905\n")
    request = dict(rain="60mm/30min", gauges=tmp_path / "g.csv", duration="1h", every="10min", precision="64")
    seen: list[float] = []
    summary = flood_files(terrain, tmp_path / "out", progress=seen.append, **request)
    assert summary.keys() >= CONTRACT
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == summary
    assert summary["water_in_m3"] == pytest.approx(0.06 * (600 - 9) * 100.0, rel=1e-6)
    assert summary["balance_error"] < 1e-9
    assert seen[-1] == 1.0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "max_depth.tif", "max_level.tif", "max_speed.tif", "arrival_time.tif", "gauges.csv", "summary.json",
        "slices.zarr",
    }  # fmt: skip
    table = pd.read_csv(tmp_path / "out" / "gauges.csv")
    assert list(table.columns)[:4] == ["name", "time_s", "level_m", "depth_m"]
    assert set(table["name"]) == {"low", "high"}
    assert table["time_s"].max() == 3600.0
    depth, grid = read_raster(tmp_path / "out" / "max_depth.tif")
    assert grid == GRID
    low = table[table["name"] == "low"]
    assert low["depth_m"].max() <= depth[9, 29] + 1e-3
    slices = xr.open_zarr(tmp_path / "out" / "slices.zarr", consolidated=False)
    assert slices["depth"].dims == ("time", "y", "x")
    assert slices["depth"].shape == (7, 20, 30)
    assert float(slices["depth"].isel(time=-1, y=9, x=29)) == pytest.approx(low["depth_m"].iloc[-1], abs=1e-4)


def test_a_level_at_an_open_edge_floods_what_lies_below_it(terrain: Path, tmp_path: Path) -> None:
    (tmp_path / "sea.csv").write_text("time_s,level_m\n0,0.1\n1800,1.0\n7200,1.0\n")
    request = dict(level=str(tmp_path / "sea.csv"), open_edges="e", initial_level="0.1", duration="2h")
    flood_files(terrain, tmp_path / "out", **request)
    level, _ = read_raster(tmp_path / "out" / "max_level.tif")
    depth, _ = read_raster(tmp_path / "out" / "max_depth.tif")
    arrival, _ = read_raster(tmp_path / "out" / "arrival_time.tif")
    z = np.linspace(3.0, 0.0, 30)
    assert np.nanmin(level[:, z < 0.9]) == pytest.approx(1.0, abs=0.02)
    assert (depth[3:, z > 1.1] == 0).all()
    assert (np.diff(arrival[10, z < 0.9]) <= 0).all()


def test_water_runs_off_over_an_open_edge_without_a_level(terrain: Path, tmp_path: Path) -> None:
    shut = flood_files(terrain, tmp_path / "a", rain="60mm/30min", duration="2h")
    free = flood_files(terrain, tmp_path / "b", rain="60mm/30min", duration="2h", open_edges="e")
    assert shut["water_out_m3"] == 0.0
    assert free["water_out_m3"] > 0.5 * free["water_in_m3"]


@pytest.mark.parametrize("kind", ["block", "hole"])
def test_buildings_stay_dry(terrain: Path, tmp_path: Path, kind: str) -> None:
    house = box(530_100, 6_170_880, 530_140, 6_170_920)
    gpd.GeoDataFrame({"id": ["h"]}, geometry=[house], crs=25832).to_file(tmp_path / "b.gpkg")
    request = dict(level="1.9", open_edges="e", duration="1h", buildings=tmp_path / "b.gpkg", buildings_as=kind)
    flood_files(terrain, tmp_path / "out", **request)
    depth, _ = read_raster(tmp_path / "out" / "max_depth.tif")
    assert depth[8:12, 10:14].max() == 0.0
    assert depth[15, 12] > 0.1


def test_an_inflow_and_a_raster_of_roughness(terrain: Path, tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(
        "name,x,y,time_s,discharge_m3_s\nbeck,530105,6170905,0,0\nbeck,530105,6170905,600,2\n"
    )
    write_raster(tmp_path / "n.tif", np.full(GRID.shape, 0.05), GRID)
    request = dict(inflows=tmp_path / "q.csv", manning=str(tmp_path / "n.tif"), duration="20min", precision="64")
    summary = flood_files(terrain, tmp_path / "out", **request)
    assert summary["water_in_m3"] == pytest.approx(600.0 + 1200.0, rel=1e-9)
    assert summary["water_stored_m3"] == pytest.approx(1800.0, rel=1e-9)


def test_ctrl_c_leaves_nothing(terrain: Path, tmp_path: Path) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        flood_files(terrain, tmp_path / "out", rain="5mm/1h", progress=interrupt)
    assert set(tmp_path.iterdir()) == before


RAIN = {"rain": "5mm/1h"}
WRONG = {
    "engine": (RAIN | {"engine": "cuda"}, "cuda"),
    "scheme": (RAIN | {"scheme": "magic"}, "magic"),
    "precision": (RAIN | {"precision": "16"}, "16"),
    "level without edges": ({"level": "1.0"}, "--open-edges"),
    "level of words": ({"level": "high", "open_edges": "e"}, "high"),
    "level below ground": ({"level": "-9", "open_edges": "e"}, "No cell"),
    "manning": (RAIN | {"manning": "-1"}, "Manning"),
    "initial level": (RAIN | {"initial_level": "nan"}, "--initial-level"),
    "every": (RAIN | {"every": "10"}, "--every"),
    "no table": (RAIN | {"gauges": Path("none.csv")}, "none.csv"),
    "outfall without slope": (RAIN | {"outfall": "e"}, "e:0.002"),
    "outfall that falls the wrong way": (RAIN | {"outfall": "e:-1"}, "above 0"),
    "outfall on a level": (RAIN | {"outfall": "e:0.01", "level": 3.5, "open_edges": "e"}, "no cell of its own"),
    "crs beside a file": (RAIN | {"crs": 25832}, "brings its own"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_options_get_one_sentence(name: str, terrain: Path, tmp_path: Path) -> None:
    given, hint = WRONG[name]
    with pytest.raises(InputError, match=hint) as refused:
        flood_files(terrain, tmp_path / "out", **given)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()
