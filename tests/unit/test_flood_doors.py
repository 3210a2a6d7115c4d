"""What an engineer gives on own files: walls, soil, drains and structures, and what comes back on request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from shapely import LineString

from genrejs import flood
from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster, write_raster
from genrejs.cli import main
from genrejs.errors import InputError

CELL, ROWS, COLUMNS = 10.0, 12, 20
WEST, NORTH = 530_000.0, 6_171_000.0
X = WEST + (np.arange(COLUMNS) + 0.5) * CELL
Y = NORTH - (np.arange(ROWS) + 0.5) * CELL
AREA = ROWS * COLUMNS * CELL**2
SETTINGS: dict[str, Any] = {"crs": 25832, "scheme": "inertial"}


def plain(level: float = 0.0) -> xr.DataArray:
    """A level ground with closed edges."""
    return xr.DataArray(np.full((ROWS, COLUMNS), level), {"y": Y, "x": X}, ("y", "x"))


def halves(west: float, east: float) -> xr.DataArray:
    """Levels that differ west and east of the middle."""
    return plain().where(False, np.where(np.arange(COLUMNS) < COLUMNS // 2, west, east))


def middle(**columns: Any) -> gpd.GeoDataFrame:
    """A line down the middle."""
    line = LineString([(WEST + 100, NORTH + 50), (WEST + 100, NORTH - 200)])
    return gpd.GeoDataFrame(columns or {"crest": [1.0]}, geometry=[line], crs=25832)


@pytest.mark.parametrize("walls", [middle(), middle(height=[1.0]), middle(crest=["1.0"])])
def test_a_wall_holds_what_stands_below_its_crest_and_spills_the_rest(walls: gpd.GeoDataFrame) -> None:
    def depths(level: float) -> np.ndarray:
        found = flood.simulate(
            plain(), initial_level=halves(level, -1.0), walls=walls, duration="2h", every="2h", **SETTINGS
        )
        return found.slices[-1].to_numpy()

    held = depths(0.99)
    np.testing.assert_allclose(held[:, : COLUMNS // 2], 0.99, rtol=1e-6)
    np.testing.assert_array_equal(held[:, COLUMNS // 2 :], 0.0)
    spilt = depths(1.4)
    assert spilt[:, : COLUMNS // 2].mean() == pytest.approx(1.0, abs=0.03)
    assert spilt.mean() == pytest.approx(0.7, rel=1e-6)


def test_rates_of_ground_and_drains_take_their_volume() -> None:
    found = flood.simulate(plain(), initial_level=0.5, infiltration=10, drains="5", duration="1h", **SETTINGS)
    assert found.balance["infiltration"] == pytest.approx(0.010 * AREA, rel=1e-5)
    assert found.balance["drain"] == pytest.approx(0.005 * AREA, rel=1e-5)
    assert found.summary["balance_m3"]["infiltration"] == pytest.approx(240.0, rel=1e-5)


def test_horton_soil_takes_the_closed_form() -> None:
    """F = fc t + (f0 - fc) (1 - exp(-k t)) / k where water always stands."""
    table = pd.DataFrame({"class": [7, 3], "first_mm_h": [60, 0], "last_mm_h": [12, 0], "decay_per_h": [2, 1]})
    classes = plain(7).where(X[None, :] < WEST + 100, 3)
    found = flood.simulate(plain(), initial_level=0.5, soil=classes, soil_table=table, duration="2h", **SETTINGS)
    taken = 12 * 2 + (60 - 12) * (1 - np.exp(-2 * 2)) / 2
    assert found.balance["infiltration"] == pytest.approx(taken / 1000 * AREA / 2, rel=2e-3)


def at(row: int, column: int) -> list[float]:
    return [float(X[column]), float(Y[row])]


STRUCTURES = {
    "pump": [
        {"name": "p", "intake": at(2, 2), "outlet": at(2, 17), "capacity": 0.2, "starts_at": 0.1, "stops_at": 0.0}
    ],
    "drain": [
        {
            "name": "d",
            "area": [[WEST + x, NORTH - y] for x, y in ((0, 80), (60, 80), (60, 110), (0, 110))],
            "capacity_mm_h": 6.0,
        }
    ],
}
TOML = """
[[pump]]
name = "p"
intake = [530025, 6170975]
outlet = [530175, 6170975]
capacity = 0.2
starts_at = 0.1
stops_at = 0  # a whole number is a number
"""


def test_structures_move_what_they_can(tmp_path: Path) -> None:
    found = flood.simulate(
        plain(), initial_level=0.5, walls=middle(), structures=STRUCTURES, duration="30min", **SETTINGS
    )
    assert found.summary["structures_m3"]["pumped"]["p"] == pytest.approx(0.2 * 1800, rel=1e-6)
    cells = 3 * 6
    drained = found.summary["structures_m3"]["drained"]["d"]
    assert drained == pytest.approx(0.003 * CELL**2 * cells, rel=1e-4)
    assert abs(found.balance["error"]) < 1e-5 * found.balance["stored_start"]
    file = tmp_path / "works.toml"
    file.write_text(TOML, encoding="utf-8")
    same = flood.simulate(plain(), initial_level=0.5, walls=middle(), structures=file, duration="30min", **SETTINGS)
    assert same.summary["structures_m3"]["pumped"] == found.summary["structures_m3"]["pumped"]


def test_maps_on_request_have_known_values_in_still_water() -> None:
    found = flood.simulate(
        plain(), initial_level=0.4, infiltration=100, duration="3h", thresholds="0.2,0.35", danger=True, recession=True,
        **SETTINGS,
    )  # fmt: skip
    above = found.maps["duration_above"]
    assert above.dims == ("threshold", "y", "x")
    assert float(above.sel(threshold=0.2).mean()) == pytest.approx(7200, rel=0.01)
    assert float(above.sel(threshold=0.35).mean()) == pytest.approx(1800, rel=0.03)
    assert np.all(found.maps["hazard"] == 2)  # depth 0.3 to 0.5 m at rest
    assert found.summary["hazard_area_m2"]["H2"] == AREA
    assert np.all(found.maps["max_depth_speed"] == 0)
    assert float(found.maps["recession"].max()) == 10800


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "walls without a column": ({"walls": middle(name=["a"])}, "need a column crest"),
    "walls without a number": ({"walls": middle(crest=["high"])}, "line 1: crest must be a number"),
    "walls without CRS": ({"walls": middle().set_crs(None, allow_override=True)}, "no coordinate reference system"),
    "walls elsewhere": ({"walls": middle().translate(1e5, 0).to_frame("geometry").assign(crest=1.0)}, "lie outside"),
    "walls of points": ({"walls": middle().assign(geometry=middle().centroid)}, "must be lines"),
    "walls of text": ({"walls": 3}, "GeoDataFrame or the path"),
    "negative infiltration": ({"infiltration": -1}, "0 mm/h or more"),
    "drains no number": ({"drains": "fast"}, "must be a number"),
    "soil without table": ({"soil": 1}, "takes both"),
    "soil class unknown": (
        {"soil": 2, "soil_table": pd.DataFrame({"class": [1], "rate_mm_h": [3]})}, "class 2 is on the cells",
    ),
    "soil twice": (
        {"soil": 1, "soil_table": pd.DataFrame({"class": [1, 1], "rate_mm_h": [3, 4]})}, "1 comes twice",
    ),
    "soil of no kind": ({"soil": 1, "soil_table": pd.DataFrame({"class": [1]})}, "one kind of soil"),
    "threshold no number": ({"thresholds": "a"}, "must be a number"),
    "threshold below dry": ({"thresholds": 0.0}, "thresholds takes depths"),
    "kind unknown": ({"structures": {"pumps": []}}, "did you mean 'pump'"),
    "key unknown": ({"structures": {"pump": [{"name": "p", "capcity": 1}]}}, "did you mean 'capacity'"),
    "key missing": ({"structures": {"weir": [{"name": "w", "crest": 1.0}]}}, "lacks the key 'intake'"),
    "point outside": (
        {"structures": {"weir": [{"name": "w", "crest": 1.0, "width": 2.0, "intake": [0, 0], "outlet": at(0, 0)}]}},
        "The weir 'w', intake: The point",
    ),
    "size no number": (
        {"structures": {"weir": [{"name": "w", "crest": "x", "width": 2.0, "intake": at(0, 1), "outlet": at(0, 0)}]}},
        "crest must be a number",
    ),
    "area too small": (
        {"structures": {"drain": [{"name": "d", "area": [at(0, 0), at(0, 0), at(0, 0)], "capacity_mm_h": 1.0}]}},
        "no cell's centre",
    ),
    "no file": ({"structures": "nowhere.toml"}, "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_gets_one_sentence(name: str) -> None:
    given, sentence = WRONG[name]
    with pytest.raises(InputError, match=sentence):
        flood.simulate(plain(), initial_level=0.5, duration=10.0, **given, **SETTINGS)


def test_files_that_are_no_toml_say_so(tmp_path: Path) -> None:
    for text, sentence in ((b"[[pump", "no TOML"), (b"\xff\xfe\x00", "UTF-8"), (b"pump = 3", "begins with")):
        file = tmp_path / "works.toml"
        file.write_bytes(text)
        with pytest.raises(InputError, match=sentence):
            flood.simulate(plain(), initial_level=0.5, structures=file, **SETTINGS)


def test_the_command_line_writes_the_maps_and_prints_the_account(tmp_path: Path, capsys: Any) -> None:
    write_raster(tmp_path / "z.tif", np.zeros((ROWS, COLUMNS)), Grid(WEST, NORTH, CELL, ROWS, COLUMNS))
    middle().to_file(tmp_path / "walls.gpkg")
    words = [
        "flood", str(tmp_path / "z.tif"), "--out", str(tmp_path / "out"), "--rain", "60mm/1h", "--order", "1",
        "--infiltration", "10", "--walls", str(tmp_path / "walls.gpkg"), "--thresholds", "0.02", "--danger", "--recession",
    ]  # fmt: skip
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "water [m3]: rain 1,440.0, infiltration 240.0" in told
    assert "first order" in told
    above, _ = read_raster(tmp_path / "out" / "duration_above_0.02m.tif")
    assert above.mean() == pytest.approx(3600 * (1 - 0.02 / 0.05), rel=0.02)
    assert {"hazard.tif", "recession.tif", "max_depth_speed.tif"} <= {p.name for p in (tmp_path / "out").iterdir()}
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["balance_m3"]["rain"] == pytest.approx(1440, rel=1e-6)
