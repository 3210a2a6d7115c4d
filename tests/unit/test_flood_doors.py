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
from shapely import LineString, box

from genrejs import flood
from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster, write_raster
from genrejs.cli import main
from genrejs.errors import InputError
from genrejs.flood import houses
from genrejs.flood.houses import open_shares

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


def test_where_walls_meet_the_higher_crest_counts_in_any_crs() -> None:
    low, high = middle(crest=[0.5]), middle(crest=[1.0])
    both = gpd.GeoDataFrame(pd.concat([high, low], ignore_index=True), crs=high.crs).to_crs(4326)
    found = flood.simulate(
        plain(), initial_level=halves(0.99, -1.0), walls=both, duration="1h", every="1h", **SETTINGS
    )  # fmt: skip
    np.testing.assert_array_equal(found.slices[-1].to_numpy()[:, COLUMNS // 2 :], 0.0)


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


def test_green_ampt_soil_takes_the_closed_form() -> None:
    """F - S ln(1 + F / S) = K t with S = suction x deficit, where water always stands."""
    table = pd.DataFrame({"class": [1], "conductivity_mm_h": [10], "suction_mm": [100], "deficit": [0.3]})
    found = flood.simulate(plain(), initial_level=0.5, soil=1, soil_table=table, duration="2h", **SETTINGS)
    taken, store = found.balance["infiltration"] / AREA, 0.1 * 0.3
    assert taken - store * np.log1p(taken / store) == pytest.approx(0.010 * 2, rel=5e-3)


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


LINE = [[WEST + 100, NORTH], [WEST + 100, NORTH - ROWS * CELL]]
ACROSS: dict[str, dict[str, Any]] = {
    "gate": {"line": LINE, "outer": at(5, 9), "inner": at(5, 10), "closes_at": 0.1, "crest": 2.0},
    "weir": {"intake": at(5, 9), "outlet": at(5, 10), "crest": 0.3, "width": 2.0},
    "culvert": {
        "inlet": at(5, 9), "outlet": at(5, 10), "invert_in": 0.0, "invert_out": 0.0, "width": 0.5, "height": 0.5,
        "length": 10.0, "flap": True, "barrels": 2,
    },
    "rating": {"area": [[WEST, NORTH], [WEST + 20, NORTH], [WEST + 20, NORTH - 120]], "curve": [[0.0, 0.1], [9.0, 0.1]]},
}  # fmt: skip


@pytest.mark.parametrize("kind", ACROSS)
def test_every_kind_of_structure_can_be_given(kind: str) -> None:
    """A gate shuts out higher water; a weir gives 1.705 b H^1.5, a rating edge its discharge, a culvert something."""
    walls = None if kind == "gate" else middle()
    found = flood.simulate(
        plain(), initial_level=halves(0.5, -1.0), walls=walls, structures={kind: [{"name": "s", **ACROSS[kind]}]},
        duration="1min", every="1min", **SETTINGS,
    )  # fmt: skip
    east = float(found.slices[-1][:, COLUMNS // 2 :].sum()) * CELL**2
    moved = found.summary["structures_m3"].get(kind, {}).get("s")
    if kind == "gate":
        assert east == 0.0
    elif kind == "weir":
        assert moved == pytest.approx(60 * 1.705 * 2.0 * 0.2**1.5, rel=0.05)
    elif kind == "rating":
        assert moved == pytest.approx(60 * 0.1, rel=1e-4)
    if kind in ("weir", "culvert"):
        assert east == pytest.approx(moved, rel=1e-3) != 0


def test_a_bridge_holds_back_what_a_free_channel_lets_through() -> None:
    def passed(**given: Any) -> float:
        start = halves(0.9, 0.1)
        found = flood.simulate(plain(), initial_level=start, duration="1min", every="1min", **given, **SETTINGS)
        return float(found.slices[-1][:, COLUMNS // 2 :].sum())

    bridge = {"name": "b", "line": LINE, "soffit": 0.2, "top": 2.0, "open_share": 0.5}
    assert ROWS * COLUMNS / 2 * 0.1 < passed(structures={"bridge": [bridge]}) < passed()


def test_structures_of_one_name_and_kind_are_refused_since_the_account_is_by_name() -> None:
    pump = STRUCTURES["pump"][0]
    with pytest.raises(InputError, match="pump 'p' comes twice"):
        flood.simulate(plain(), initial_level=0.5, structures={"pump": [pump, pump]}, duration=10.0, **SETTINGS)


@pytest.mark.parametrize(("discharge", "danger"), [(0.5, 2), (0.8, 4)])
def test_the_hazard_class_of_uniform_flow(discharge: float, danger: int) -> None:
    """Normal depth h = (q n / S^0.5)^0.6 and depth x speed = q [m2/s] down a plane of 0.5 %, n = 0.03."""
    slope, manning, middle_reach = 0.005, 0.03, np.s_[:, 15:40]
    x = WEST + (np.arange(50) + 0.5) * CELL
    terrain = xr.DataArray(np.tile(-slope * (x - WEST), (3, 1)), {"y": Y[:3], "x": x}, ("y", "x"))
    inflows = pd.DataFrame(
        {"name": list("abc"), "x": x[0], "y": Y[:3], "time_s": 0.0, "discharge_m3_s": discharge * CELL}
    )
    found = flood.simulate(
        terrain, inflows=inflows, outfall=f"e:{slope}", manning=manning, duration="30min", danger=True,
        scheme="shallow-water", crs=25832,
    )  # fmt: skip
    depth = (discharge * manning / slope**0.5) ** 0.6
    np.testing.assert_allclose(found.maps["max_depth"].to_numpy()[middle_reach], depth, rtol=0.02)
    np.testing.assert_allclose(found.maps["max_depth_speed"].to_numpy()[middle_reach], discharge, rtol=0.02)
    assert np.all(found.maps["hazard"].to_numpy()[middle_reach] == danger)


def test_the_page_tells_the_account_dangers_and_warnings_in_danish() -> None:
    found = flood.simulate(
        plain(), rain="60mm/1h", infiltration=10, danger=True, duration="1h", order=1, scheme="shallow-water", crs=25832
    )
    danish, english = found.html(), found.html("en")
    for words in ("Regn</td>", "1.440 m³", "Nedsivning</td>", "240 m³", "Fareklasse H1", "Første orden"):
        assert words in danish
    for words in ("Rain</td>", "1,440 m³", "Infiltration</td>", "Hazard class H1", "first order"):
        assert words in english
    assert "Tilløb" not in danish
    assert "first order" not in danish


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
    "structures no table": ({"structures": 3}, "TOML file or a mapping"),
    "kind no list": ({"structures": {"pump": STRUCTURES["pump"][0]}}, "a list of tables"),
    "kind of words": ({"structures": {"pump": ["p"]}}, "a list of tables"),
    "size not finite": ({"structures": {"pump": [STRUCTURES["pump"][0] | {"capacity": np.nan}]}}, "capacity must be a number"),
    "size endless": ({"structures": {"pump": [STRUCTURES["pump"][0] | {"capacity": np.inf}]}}, "capacity must be a number"),
    "rate not finite": (
        {"structures": {"drain": [STRUCTURES["drain"][0] | {"capacity_mm_h": np.nan}]}}, "capacity_mm_h must be a number",
    ),
    "point of three": ({"structures": {"pump": [STRUCTURES["pump"][0] | {"intake": [1, 2, 3]}]}}, r"intake must be a point \[x, y\]"),
    "structure without a name": ({"structures": {"pump": [STRUCTURES["pump"][0], {"capacity": 1}]}}, "pump number 2 lacks the key 'name'"),
    "line outside": (
        {"structures": {"bridge": [{"name": "b", "line": [[0, 0], [9, 9]], "soffit": 1, "top": 2}]}},
        r"lies outside the terrain \(530000",
    ),
    "soil unknown on ground": (
        {"soil": plain(1).where(X[None, :] > WEST + 10), "soil_table": pd.DataFrame({"class": [1], "rate_mm_h": [3]})},
        "no class at row 0, column 0",
    ),
    "soil of two kinds": (
        {"soil": 1, "soil_table": pd.DataFrame(
            {"class": [1], "rate_mm_h": [3], "first_mm_h": [9], "last_mm_h": [3], "decay_per_h": [1]})},
        "constant and horton",
    ),
    "walls below the ground": ({"walls": middle(height=[-1.0])}, "line 1: height must be 0 m or more"),
    "no file": ({"structures": "nowhere.toml"}, "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_gets_one_sentence(name: str) -> None:
    given, sentence = WRONG[name]
    with pytest.raises(InputError, match=sentence):
        flood.simulate(plain(), initial_level=0.5, duration=10.0, **given, **SETTINGS)


def test_what_is_wrong_in_a_file_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "works.toml"
    file.write_text(TOML.replace("capacity", "capcity"), encoding="utf-8")
    with pytest.raises(InputError, match=r"pump 'p' in .*works.toml has no key 'capcity'; did you mean 'capacity'"):
        flood.simulate(plain(), initial_level=0.5, structures=file, **SETTINGS)


def test_numbers_of_numpy_are_numbers() -> None:
    pump = STRUCTURES["pump"][0] | {"capacity": np.float32(0.25)}
    found = flood.simulate(
        plain(), initial_level=0.5, walls=middle(), structures={"pump": [pump]}, duration=10.0, **SETTINGS
    )
    assert found.summary["structures_m3"]["pumped"]["p"] == pytest.approx(2.5, rel=1e-6)


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
    assert "moved" not in told  # what came and went together is no term
    above, _ = read_raster(tmp_path / "out" / "duration_above_0.02m.tif")
    assert above.mean() == pytest.approx(3600 * (1 - 0.02 / 0.05), rel=0.02)
    assert {"hazard.tif", "recession.tif", "max_depth_speed.tif"} <= {p.name for p in (tmp_path / "out").iterdir()}
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["balance_m3"]["rain"] == pytest.approx(1440, rel=1e-6)


def test_houses_as_porosity_hold_water_in_the_streets_between_them() -> None:
    """Houses of 8 x 8 m in cells of 10 m, off the middle: 36 % is open, and 2 m of every face."""
    x, y = np.meshgrid(X, Y)
    houses = [box(a - 4, b - 4, a + 4, b + 4) for a, b in zip(x.ravel(), y.ravel(), strict=True)]
    town = gpd.GeoDataFrame(geometry=houses, crs=25832)
    given: dict[str, Any] = {"buildings": town, "buildings_as": "porosity", "initial_level": 0.5, "duration": "10min"}
    found = flood.simulate(plain(), **given, **SETTINGS)
    share = 1.0 - (6 / 8) ** 2  # of the 8 x 8 points of a cell, 6 x 6 lie in the house
    assert found.balance["stored_end"] == pytest.approx(0.5 * share * AREA, rel=1e-6)
    assert float(found.maps["max_depth"].min()) == pytest.approx(0.5)
    rained = flood.simulate(
        plain(), **(given | {"initial_level": None, "rain": "36mm/1h", "duration": "1h"}), **SETTINGS
    )
    assert rained.balance["rain"] == pytest.approx(0.036 * share * AREA, rel=1e-5)
    assert float(rained.maps["max_depth"].mean()) == pytest.approx(0.036, rel=1e-3)


def test_streets_are_found_from_polygons_across_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house of 10 x 5 m in the south half of a cell: half of it is open, its way south shut, east half open."""
    grid = Grid(WEST, NORTH, CELL, 4, 3)
    house = gpd.GeoDataFrame(geometry=[box(WEST + 10, NORTH - 20, WEST + 20, NORTH - 15)], crs=25832)
    whole = open_shares(house, grid)
    cells, east, south = whole
    assert cells[1, 1] == 0.5 and cells.sum() == 11.5
    assert east[1, 1] == east[1, 0] == 0.5 and east.sum() == 11.0
    assert south[1, 1] == 0.0 and south[0, 1] == 1.0 and south.sum() == 11.0
    monkeypatch.setattr(houses, "BAND", 1)
    for one, other in zip(open_shares(house, grid), whole, strict=True):
        np.testing.assert_array_equal(one, other)
    nothing = open_shares(house.iloc[:0], grid)
    assert all((share == 1.0).all() for share in nothing)


def test_a_run_from_the_command_line_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    grid = Grid(WEST, NORTH, CELL, ROWS, COLUMNS)
    write_raster(tmp_path / "z.tif", np.add.outer(np.zeros(ROWS), 0.02 * np.arange(COLUMNS)), grid)
    words = ["flood", str(tmp_path / "z.tif"), "--rain", "36mm/30min", "--scheme", "inertial"]
    keep = ["--checkpoint", str(tmp_path / "run.npz")]
    for name, hours, more in (("first", "1h", keep), ("on", "2h", keep), ("whole", "2h", [])):
        assert main([*words, "--duration", hours, "--out", str(tmp_path / name), *more]) == 0
    told = [json.loads((tmp_path / name / "summary.json").read_text()) for name in ("on", "whole")]
    assert told[0]["steps"] == told[1]["steps"]
    assert told[0]["balance_m3"] == told[1]["balance_m3"]
    for name in ("max_depth", "max_level", "max_speed", "arrival_time"):
        one, other = (read_raster(tmp_path / place / f"{name}.tif")[0] for place in ("on", "whole"))
        np.testing.assert_array_equal(one, other)
    assert main([*words, "--duration", "2h", "--manning", "0.05", "--out", str(tmp_path / "x"), *keep]) == 1
    assert not (tmp_path / "x").exists()
