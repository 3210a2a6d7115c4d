"""`flood.simulate` with xarray, pandas and geopandas at its border."""

from __future__ import annotations

import base64
import inspect
import re
import zlib
from pathlib import Path
from threading import Event
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import xarray as xr
from shapely import Point, box

from genrejs import flood
from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster, write_raster
from genrejs.errors import Cancelled, InputError
from genrejs.flood.picture import CLASSES, picture, png, shade
from genrejs.hazard.flood.choice import choose_scheme
from genrejs.hazard.flood.problem import Forcing, Outfall, Series
from genrejs.variables import catalogue

GRID = Grid(530_000.0, 6_171_000.0, 10.0, 18, 26)
RAIN: dict[str, Any] = {"rain": "36mm/30min", "duration": "1h", "crs": 25832, "precision": 64}


def valley() -> xr.DataArray:
    """A valley that falls to the east, one flank steeper than the other, a corner unknown."""
    y, x = np.meshgrid(GRID.y, GRID.x, indexing="ij")
    across = y - 6_170_930
    z = 4.0 - 0.01 * (x - 530_000) + np.where(across > 0, 0.02, 0.05) * np.abs(across)
    z[:2, :2] = np.nan
    return xr.DataArray(z, {"y": GRID.y, "x": GRID.x}, ("y", "x"))


@pytest.fixture(scope="module")
def rained() -> flood.Footprint:
    return flood.simulate(valley(), **RAIN)


TURNS = {
    "south to north": lambda z: z[::-1],
    "east to west": lambda z: z[:, ::-1],
    "x before y": lambda z: z.transpose("x", "y"),
    "with a band": lambda z: z.expand_dims(band=[1]),
    "float32 coordinates": lambda z: z.assign_coords(x=z.x.astype("float32"), y=z.y.astype("float32")),
    "no data as a number": lambda z: z.fillna(-9999.0).assign_attrs(_FillValue=-9999.0),
}


@pytest.mark.parametrize("name", TURNS)
def test_a_terrain_may_lie_any_way_round(name: str, rained: flood.Footprint) -> None:
    turned = flood.simulate(TURNS[name](valley()), **RAIN)
    for field in rained.maps:
        np.testing.assert_array_equal(turned.maps[field].to_numpy(), rained.maps[field].to_numpy())
    assert turned.summary["balance_error"] == rained.summary["balance_error"]


def test_the_maps_lie_on_the_callers_own_coordinates(rained: flood.Footprint) -> None:
    upside = valley()[::-1]
    assert (upside + rained.maps["max_depth"]).shape == upside.shape
    assert rained.maps["max_depth"].y[0] > rained.maps["max_depth"].y[-1]
    thirds = upside.assign_coords(x=530_000 + np.arange(26) / 3, y=6_170_000 + np.arange(18) / 3)
    assert (thirds + flood.simulate(thirds, **RAIN).maps["max_depth"]).shape == upside.shape


def test_a_file_and_an_array_give_the_same_flood(tmp_path: Path) -> None:
    write_raster(tmp_path / "z.tif", valley().to_numpy(), GRID)
    stored = valley().copy(data=valley().to_numpy().astype("float32"))
    ours = flood.simulate(stored, **RAIN)
    theirs = flood.simulate(str(tmp_path / "z.tif"), **{k: v for k, v in RAIN.items() if k != "crs"})
    xr.testing.assert_identical(ours.maps, theirs.maps)


def test_maps_carry_names_units_and_crs_of_the_catalogue(rained: flood.Footprint) -> None:
    for name, values in rained.maps.items():
        declared = catalogue()[str(name)]
        assert values.attrs["units"] == declared.unit
        assert values.attrs["standard_name"] == declared.cf_name
        assert values.dtype == np.float32
    about = rained.maps["spatial_ref"].attrs
    assert pyproj.CRS.from_wkt(about["crs_wkt"]).to_epsg() == 25832
    assert about["GeoTransform"] == "530000.0 10.0 0.0 6171000.0 0.0 -10.0"
    again = flood.simulate(rained.terrain, **{k: v for k, v in RAIN.items() if k != "crs"})
    assert again.grid == GRID


def test_rain_in_every_form_is_the_same_rain(rained: flood.Footprint, tmp_path: Path) -> None:
    times, rates = [0.0, 1800.0, 1800.000001], [72.0, 72.0, 0.0]
    table = pd.DataFrame({"time_s": times, "intensity_mm_h": rates})
    table.to_csv(tmp_path / "rain.csv", index=False)
    clock = pd.Timestamp("2026-08-01 14:00") + pd.to_timedelta(times, unit="s")
    series = pd.Series(rates, index=times)
    forms = [
        table, tmp_path / "rain.csv", str(tmp_path / "rain.csv"), series, pd.Series(rates, clock),
        pd.Series(rates, pd.to_timedelta(times, unit="s")), xr.DataArray(rates, {"time": times}, ("time",)),
        xr.DataArray(rates, {"time": clock}, ("time",)), Series(np.array(times), np.array(rates) / 3.6e6),
    ]  # fmt: skip
    cells = int(np.isfinite(valley()).sum())
    assert rained.balance["rain"] == pytest.approx(0.036 * cells * 100.0, rel=1e-9)
    for form in forms:
        water = flood.simulate(valley(), **(RAIN | {"rain": form})).balance["rain"]
        assert water == pytest.approx(rained.balance["rain"], rel=1e-6)


def radar() -> xr.DataArray:
    """Rain in two cells of 500 m, west and east, at three times; the northern row is not over the valley."""
    rates = np.array([[[9.0, 9.0], [72.0, 0.0]], [[9.0, 9.0], [72.0, 0.0]], [[9.0, 9.0], [0.0, 36.0]]])
    return xr.DataArray(
        rates, {"time": [0.0, 1800.0, 3600.0], "y": [6_171_250.0, 6_170_750.0], "x": [529_850.0, 530_350.0]},
        ("time", "y", "x"),
    )  # fmt: skip


def test_rain_falls_where_the_radar_says() -> None:
    west, east = (int(np.isfinite(valley()[:, cut]).sum()) for cut in (slice(0, 10), slice(10, None)))
    expected = 100.0 * (west * (0.036 + 0.018) + east * 0.009)
    for form in (radar(), radar()[:, ::-1, ::-1], radar().transpose("x", "y", "time")):
        fallen = flood.simulate(valley(), **(RAIN | {"rain": form}))
        assert fallen.balance["rain"] == pytest.approx(expected, rel=1e-9)
    first = flood.simulate(valley(), **(RAIN | {"rain": radar(), "duration": "3min"})).maps["max_depth"]
    assert float(first.sel(x=slice(530_230, None), y=slice(None, 6_170_960)).max()) == 0.0
    assert float(first.sel(x=530_055, y=6_170_895)) > 0.001


def test_inflow_gauges_and_slices_from_tables_and_points() -> None:
    brook = pd.DataFrame(
        {"name": "brook", "x": 530_105.0, "y": 6_170_925.0, "time_s": [0, 600], "discharge_m3_s": [0, 3]}
    )
    points = gpd.GeoDataFrame({"name": ["low"]}, geometry=[Point(530_205, 6_170_925)], crs=25832)
    given: dict[str, Any] = {"inflows": brook, "duration": 1200, "every": 300, "open_edges": "e", "crs": "EPSG:25832"}
    here = flood.simulate(valley(), gauges=points.to_crs(4326), **given)
    there = flood.simulate(
        valley(), gauges=pd.DataFrame({"name": ["low"], "x": points.geometry.x, "y": points.geometry.y}), **given
    )
    pd.testing.assert_frame_equal(here.gauges, there.gauges)
    assert list(here.gauges.columns) == ["name", "time_s", "level_m", "depth_m", "east_m_s", "north_m_s"]
    late = here.gauges.iloc[-1]
    assert late["east_m_s"] > 10 * abs(late["north_m_s"])
    assert here.balance["inflow"] == pytest.approx(900.0 + 1800.0, rel=1e-6)
    assert here.slices is not None
    assert here.slices.dims == ("time", "y", "x")
    last = here.slices.sel(x=530_205, y=6_170_925, time=1200)
    assert float(last) == pytest.approx(here.gauges["depth_m"].iloc[-1], abs=1e-4)


def test_roughness_and_first_level_from_arrays(rained: flood.Footprint) -> None:
    rough = flood.simulate(valley(), manning=xr.full_like(valley(), 0.035)[::-1], **RAIN)
    xr.testing.assert_identical(rough.maps, rained.maps)
    west = xr.where(valley().x < 530_100, 5.0, np.nan).broadcast_like(valley())
    dam = flood.simulate(valley(), initial_level=west, duration=1e-3, crs=25832)
    expected = np.fmax(5.0 - valley().where(valley().x < 530_100), 0.0).sum() * 100.0
    assert dam.balance["stored_start"] == pytest.approx(float(expected), rel=1e-6)


@pytest.mark.parametrize("kind", ["block", "hole"])
def test_buildings_of_another_crs_stay_dry(kind: str) -> None:
    house = gpd.GeoDataFrame(geometry=[box(530_200, 6_170_910, 530_230, 6_170_950)], crs=25832).to_crs(3857)
    wet = flood.simulate(
        valley(), level=6.0, open_edges="e", buildings=house, buildings_as=kind, duration="30min", crs=25832
    )
    inside = wet.maps["max_depth"].sel(x=slice(530_205, 530_225), y=slice(6_170_945, 6_170_915))
    assert inside.size == 12
    assert float(inside.max()) == 0.0
    assert float(wet.maps["max_depth"].sel(x=530_195, y=6_170_925)) > 1.0


def test_a_set_event_stops_the_run_and_leaves_nothing(tmp_path: Path) -> None:
    stop, seen = Event(), []

    def watch(share: float) -> None:
        seen.append(share)
        stop.set()

    before = set(tmp_path.iterdir())
    with pytest.raises(Cancelled, match="cancelled"):
        flood.simulate(valley(), progress=watch, cancel=stop, **(RAIN | {"duration": "12h"})).save(tmp_path / "out")
    assert len(seen) == 1
    assert seen[0] < 1
    assert set(tmp_path.iterdir()) == before
    assert flood.simulate(valley(), cancel=Event(), **RAIN).summary["steps"] > 0


def test_progress_is_a_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    flood.simulate(valley(), progress=True, **RAIN)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.endswith("\n")
    assert "100%" in told.err


def test_the_help_names_every_argument_with_its_default() -> None:
    parameters = inspect.signature(flood.simulate).parameters
    assert parameters["manning"].default == 0.035
    assert parameters["scheme"].default == "auto"
    documented = re.sub(r"\s+", " ", flood.simulate.__doc__ or "")
    assert [name for name in parameters if not re.search(rf"\b{name}\b", documented)] == []


def test_it_draws_itself_with_legend_and_account(rained: flood.Footprint) -> None:
    page = rained._repr_html_()
    assert "Største vanddybde" in page
    assert "Regnskabets fejl" in page
    assert all(colour in page for _, colour in CLASSES)
    assert "Greatest depth" in rained.html("en")
    image = base64.b64decode(re.search(r"base64,([^']+)", page)[1])  # type: ignore[index]
    assert image.startswith(b"\x89PNG")
    assert len(page) < 200_000
    assert "balance error" in repr(rained)
    with pytest.raises(InputError, match="da, en"):
        rained.html("fr")


def test_pixels_come_back_from_the_png_and_show_the_deepest_cell() -> None:
    depth = np.zeros((1200, 900))
    depth[601, 301] = 0.7
    pixels = picture(depth, np.zeros(depth.shape))
    assert max(pixels.shape) <= 560
    blue = np.argwhere((pixels == [0x2F, 0x83, 0xC5]).all(axis=2))
    assert blue.tolist() == [[601 // 3, 301 // 3]]
    file = png(pixels)
    rows, columns, _ = pixels.shape
    assert file[16:24] == columns.to_bytes(4, "big") + rows.to_bytes(4, "big")
    lines = np.frombuffer(zlib.decompress(file[file.index(b"IDAT") + 4 : -16]), np.uint8).reshape(rows, -1)
    assert (lines[:, 0] == 0).all()
    np.testing.assert_array_equal(lines[:, 1:].reshape(pixels.shape), pixels)


def test_light_comes_from_the_north_west() -> None:
    y, x = np.meshgrid(np.arange(20.0), np.arange(20.0), indexing="ij")
    lit, dark = shade(x + y)[5, 5], shade(-x - y)[5, 5]
    assert lit > shade(np.zeros((20, 20)))[5, 5] > dark


def test_what_drives_the_water_chooses_the_scheme() -> None:
    level = Series(np.zeros(1), np.ones(1))
    sea = Forcing(level, np.ones((2, 2), bool))
    assert choose_scheme(sea)[0] == "inertial"
    cells = np.zeros(1, np.int64)
    for forcing in (
        Forcing(),
        Forcing(rain=level),
        Forcing(level, np.ones((2, 2), bool), rain=level),
        Forcing(outfalls=(Outfall("e", cells, cells, 0.01),)),
    ):
        assert choose_scheme(forcing)[0] == "shallow-water"
        assert choose_scheme(forcing, "inertial")[0] == "inertial"
    assert flood.simulate(valley(), level=4.0, open_edges="e", duration=60, crs=25832).summary["scheme"] == "inertial"


OPEN = {"open_edges": "e", "outfall": "e:0.01"}


def test_the_account_adds_up_in_the_summary(rained: flood.Footprint) -> None:
    runs = [rained, *(flood.simulate(valley(), **{edge: how}, **RAIN) for edge, how in OPEN.items())]
    assert all(run.summary["water_out_m3"] > 0.1 * run.summary["water_in_m3"] for run in runs[1:])
    runs.append(flood.simulate(valley(), level=5.0, open_edges="e", initial_level=4.0, duration="1h", crs=25832))
    for run in runs:
        s = run.summary
        left = s["water_start_m3"] + s["water_in_m3"] - s["water_out_m3"] - s["water_stored_m3"]
        assert abs(left) <= 1e-5 * (s["water_in_m3"] + s["water_start_m3"])


def test_saved_maps_are_the_maps(rained: flood.Footprint, tmp_path: Path) -> None:
    depth, grid = read_raster(rained.save(tmp_path / "out") / "max_depth.tif")
    assert grid == GRID
    np.testing.assert_array_equal(depth, rained.maps["max_depth"].to_numpy())


def but(**changes: Any) -> dict[str, Any]:
    return RAIN | changes


def of(change: Any) -> xr.DataArray:
    changed: xr.DataArray = change(valley())
    return changed


WRONG = {
    "an array without names": (valley().to_numpy(), but(), "xarray.DataArray"),
    "no CRS": (valley(), but(crs=None), "coordinate reference system"),
    "a CRS that is none": (valley(), but(crs="EPSG:banana"), "banana"),
    "degrees": (valley(), but(crs=4326), "degrees"),
    "feet": (valley(), but(crs=2263), "us survey foot"),
    "all unknown": (of(lambda z: z * np.nan), but(), "no data"),
    "no coordinates": (of(lambda z: z.drop_vars("x")), but(), "coordinates in metres"),
    "three dimensions": (of(lambda z: z.expand_dims(time=2)), but(), "dimensions y and x"),
    "uneven": (of(lambda z: z.isel(x=[0, 1, 2, 5, 6])), but(), "evenly spaced"),
    "oblong": (of(lambda z: z.isel(x=slice(None, None, 2))), but(), "10 x|20 x 10"),
    "a single cell": (of(lambda z: z[5:6, 5:6]), but(), "single cell"),
    "a row twice": (of(lambda z: z.isel(y=[0, 0, 1])), but(), "evenly spaced"),
    "words": (of(lambda z: z.astype(str) + ' m'), but(), "numbers"),
    "no water": (valley(), {"crs": 25832}, "Nothing brings water"),
    "a slip of the pen": (valley(), but(manninng=0.03), "manning"),
    "rain as a number": (valley(), but(rain=5.0), "The rain must be"),
    "rain without time": (valley(), but(rain=valley()), "time, y and x"),
    "rain elsewhere": (valley(), but(rain=radar().assign_coords(x=[0.0, 500.0])), "does not cover"),
    "rain too fine": (valley(), but(rain=xr.DataArray(np.arange(468.0).reshape(1, 18, 26), {"time": [0.0], "y": GRID.y, "x": GRID.x}, ("time", "y", "x"))), "coarsen"),
    "rain of words": (valley(), but(rain=pd.Series(["much"], [0.0])), "numbers"),
    "rain before itself": (valley(), but(rain=pd.Series([1.0, 2.0], [5.0, 0.0])), "must rise"),
    "rain that is unknown": (valley(), but(rain=pd.Series([1.0, np.nan], [0.0, 5.0])), "not a number"),
    "duration of nothing": (valley(), but(duration=0), "duration"),
    "roughness elsewhere": (valley(), but(manning=of(lambda z: z.assign_coords(x=z.x + 50))), "terrain's cells"),
    "roughness unknown": (valley(), but(manning=valley() * np.nan), "manning"),
    "houses without CRS": (valley(), but(buildings=gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)])), "coordinate reference"),
    "houses as a list": (valley(), but(buildings=[box(0, 0, 1, 1)]), "GeoDataFrame"),
    "gauge outside": (valley(), but(gauges=pd.DataFrame({"name": ["A"], "x": [0.0], "y": [0.0]})), "'A'"),
    "gauge on unknown ground": (valley(), but(gauges=pd.DataFrame({"name": ["A"], "x": [530_001.0], "y": [6_170_999.0]})), "ground is unknown"),
    "inflows without discharge": (valley(), but(inflows=pd.DataFrame({"name": ["A"], "x": [0], "y": [0], "time_s": [0]})), "discharge_m3_s"),
    "inflows as a list": (valley(), but(inflows=[1, 2]), "table"),
    "an edge that is none": (valley(), but(open_edges="e,up"), "up"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_gets_one_sentence(name: str) -> None:
    terrain, given, hint = WRONG[name]
    with pytest.raises(InputError, match=hint) as refused:
        flood.simulate(terrain, **given)
    assert "\n" not in str(refused.value)
