"""`genrejs damage` on files as people have them: depths on a building, names of columns, formats, odd layers."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import rotate

from genrejs.cli import main

pytestmark = [
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Column names longer than 10"),  # that is what is tested
]

WEST, NORTH, CELL = 530_000.0, 6_170_000.0, 10.0
COUNTED = np.arange(100.0).reshape(10, 10) / 10  # cell (row, column) holds row + column / 10 metres


def at(west: float, south: float, east: float, north: float):
    """A box in metres east of and below the north-west corner of the maps."""
    return box(WEST + west, NORTH - south, WEST + east, NORTH - north)


HOME = at(11, 19, 19, 11)


class Done(NamedTuple):
    """What a run wrote."""

    table: pd.DataFrame
    summary: dict[str, Any]
    layer: gpd.GeoDataFrame

    @property
    def depths(self) -> list[float]:
        return self.table["depth_m"].tolist()


def tif(path: Path, values, west=WEST, north=NORTH, cell=CELL, crs="EPSG:25832") -> Path:
    data = np.asarray(values, np.float64)
    with rasterio.open(
        path, "w", driver="GTiff", height=data.shape[0], width=data.shape[1], count=1, dtype="float64", crs=crs,
        transform=from_origin(west, north, cell, cell), nodata=np.nan,
    ) as out:  # fmt: skip
        out.write(data, 1)
    return path


def frame(*shapes, crs=25832, **columns) -> gpd.GeoDataFrame:
    columns = {"id": range(1, len(shapes) + 1), "bbr_code": 120, **columns}
    return gpd.GeoDataFrame(
        {k: v for k, v in columns.items() if v is not None}, index=range(len(shapes)), geometry=list(shapes), crs=crs
    )


def run(folder: Path, buildings, *options, depth=COUNTED) -> Done:
    """Run on one map of depths, or several ``T=PATH`` words, and a frame or a file of buildings."""
    if isinstance(buildings, gpd.GeoDataFrame):
        path = folder / "b.gpkg"
        buildings.to_file(path)
        buildings = path
    words = depth if isinstance(depth, list) else [tif(folder / "d.tif", depth)]
    given = [word for path in words for word in ("--depth", path)]
    line = ["damage", *given, "--buildings", buildings, "--out", folder / "out", *options]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as told:
        assert main([str(word) for word in line]) == 0, told.getvalue()
    out = folder / "out"
    summary = json.loads((out / "damage_summary.json").read_text("utf-8"))
    return Done(pd.read_csv(out / "damage.csv"), summary, gpd.read_file(out / "damage.gpkg"))


def code(folder: Path, buildings: gpd.GeoDataFrame, *options) -> int:
    """Return the exit code of a run on the counted map."""
    buildings.to_file(folder / "b.gpkg")
    depth = tif(folder / "d.tif", COUNTED)
    line = ["damage", "--depth", depth, "--out", folder / "out", "--buildings", folder / "b.gpkg", *options]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return main([str(word) for word in line])


SHAPES = {
    # cells (1, 1) alone; (1, 1) to (2, 2); edges on cell lines meet the cells beyond them
    "inside one cell": (at(11, 19, 19, 11), 1.1, 1.1, 1.1),
    "over four cells": (at(14, 26, 26, 14), 2.2, np.mean([1.1, 1.2, 2.1, 2.2]), None),
    "edges on the lines": (at(20, 30, 30, 20), 3.3, np.mean([1.1, 1.2, 1.3, 2.1, 2.2, 2.3, 3.1, 3.2, 3.3]), 2.2),
    "one edge on a line": (at(21, 29, 30, 21), 2.3, np.mean([2.2, 2.3]), 2.2),
    "a corner on a corner": (Polygon([(WEST + 20, NORTH - 20), (WEST + 25, NORTH - 21), (WEST + 21, NORTH - 25)]), 2.2,
                             np.mean([1.1, 1.2, 2.1, 2.2]), 2.2),
    # a diamond of radius 14 round the middle of cell (5, 5): that cell and the four beside it, no corner
    "turned by 45 degrees": (Polygon([(WEST + 55, NORTH - 41), (WEST + 69, NORTH - 55), (WEST + 55, NORTH - 69), (WEST + 41, NORTH - 55)]).buffer(-2.9),
                             6.5, np.mean([5.5, 4.5, 6.5, 5.4, 5.6]), 5.5),
    "with a courtyard": (at(31, 59, 59, 31).difference(at(39, 51, 51, 39)), 5.5,
                         np.mean([3.3, 3.4, 3.5, 4.3, 4.5, 5.3, 5.4, 5.5]), None),
    "of two parts": (MultiPolygon([at(11, 19, 19, 11), at(81, 89, 89, 81)]), 8.8, np.mean([1.1, 8.8]), None),
    "partly outside": (at(-25, 19, 9, 11), 1.0, 1.0, None),
    "a point": (Point(WEST + 45, NORTH - 35), 3.4, 3.4, 3.4),
    "a point on a corner": (Point(WEST + 40, NORTH - 30), 3.4, 3.4, 3.4),
}  # fmt: skip


@pytest.mark.parametrize("how", ["max", "mean", "point"])
def test_depths_on_buildings_by_counted_cells(how: str, tmp_path: Path) -> None:
    column = 1 + ["max", "mean", "point"].index(how)
    known = {name: given[column] for name, given in SHAPES.items() if given[column] is not None}
    shapes = [SHAPES[name][0] for name in known]
    done = run(tmp_path, frame(*shapes, byg041=100), "--take", how)
    assert dict(zip(known, done.depths, strict=True)) == {name: round(depth, 4) for name, depth in known.items()}


def test_a_point_inside_takes_one_of_the_cells_of_the_building(tmp_path: Path) -> None:
    done = run(tmp_path, frame(at(14, 26, 26, 14), rotate(at(31, 59, 59, 31), 30)), "--take", "point")
    assert done.depths[0] in (1.1, 1.2, 2.1, 2.2)
    assert done.depths[1] == 4.4


def test_what_lies_outside_or_without_data_is_told(tmp_path: Path) -> None:
    depth = COUNTED.copy()
    depth[4:6, 4:6] = np.nan
    shapes = [HOME, at(-25, 19, 9, 11), at(-50, 19, -40, 11), at(41, 49, 49, 41), at(34, 46, 46, 34)]
    done = run(tmp_path, frame(*shapes), "--take", "mean", depth=depth)
    assert done.depths == [1.1, 1.0, 0.0, 0.0, round(np.mean([3.3, 3.4, 4.3]), 4)]
    notes = " ".join(done.summary["notes"])
    assert "1 buildings lie outside the map" in notes and "1 buildings lie partly outside" in notes
    assert "1 buildings lie where the map has no data" in notes


@pytest.mark.parametrize("crs", [4326, 25833, 3857])
def test_buildings_in_other_coordinates_are_reprojected(crs: int, tmp_path: Path) -> None:
    shapes = [HOME, at(34, 46, 46, 34)]
    done = run(tmp_path, frame(*shapes).to_crs(crs))
    assert done.depths == [1.1, 4.4]
    assert done.layer.crs.to_epsg() == 25832
    assert shapely.hausdorff_distance(done.layer.geometry[1], shapes[1]) < 0.01
    # The footprint's area is that of the map's coordinates, whatever the layer's own say.
    np.testing.assert_allclose(done.table["area_m2"], [64.0, 144.0], atol=0.05)


def test_maps_on_two_grids(tmp_path: Path) -> None:
    coarse = tif(tmp_path / "a.tif", COUNTED)
    fine = tif(tmp_path / "b.tif", np.arange(400.0).reshape(20, 20) / 100, WEST + 5, NORTH - 5, 2.0)
    done = run(tmp_path, frame(at(12, 14, 14, 12)), depth=[f"20={coarse}", f"100={fine}"])
    assert done.table["depth_m_T20"].tolist() == [1.1]
    # 7..9 m from the corner of the fine map, in cells of 2 m: rows and columns 3 and 4
    assert done.table["depth_m_T100"].tolist() == [0.84]


def test_a_scale_that_the_raster_declares_is_heeded(tmp_path: Path) -> None:
    """Hundredths of a metre with the scale 0.01, as GDAL packs depths: 50 is half a metre, or it is refused."""
    path = tif(tmp_path / "d.tif", np.full((10, 10), 5.0))
    with rasterio.open(path, "r+") as out:
        out.scales = (0.1,)
    assert run(tmp_path, frame(HOME), depth=[path]).depths == [0.5]


def renamed(**names) -> gpd.GeoDataFrame:
    return frame(HOME, at(34, 46, 46, 34), **({"id": None, "bbr_code": None} | names))


REGISTERS = {
    "BBR": {"id_lokalId": ["a", "b"], "byg021BygningensAnvendelse": ["120", "910"], "byg041BebyggetAreal": [150.0, 30.0], "eta022Kælderareal": [50.0, 0.0]},
    "capitals": {"BYGNING_ID": ["a", "b"], "BYG_ANVEND_KODE": [120, 910], "BEBYGGET_AREAL": [150.0, 30.0], "KÆLDERAREAL": [50.0, 0.0]},
    "blanks and hyphens": {"Byg-id": ["a", "b"], "BBR anv kode": [120, 910], "Bebygget Areal": [150.0, 30.0], "Kælder areal": [50.0, 0.0]},
    "æ spelled out": {"id": ["a", "b"], "anvendelseskode": [120, 910], "bebyggetareal": [150.0, 30.0], "kaelderareal": [50.0, 0.0]},
    "the tool's own": {"id": ["a", "b"], "bbr_anv_kode": [120, 910], "footprint_area": [150.0, 30.0], "cellar_area": [50.0, 0.0]},
    "text beside the code": {"id": ["a", "b"], "anvendelse": ["Parcelhus", "Garage"], "anvendelseskode": [120, 910], "byg041": [150.0, 30.0], "areal_kælder": [50.0, 0.0]},
}  # fmt: skip


@pytest.mark.parametrize("register", REGISTERS)
def test_names_of_registers_are_understood(register: str, tmp_path: Path) -> None:
    done = run(tmp_path, renamed(**REGISTERS[register]), depth=np.full((10, 10), 1.0))
    assert done.table["id"].tolist() == ["a", "b"]
    assert done.table["category"].tolist() == ["home", "garage"]
    assert done.table["area_m2"].tolist() == [150.0, 30.0]
    assert done.table["cellar_dkk"].tolist() == [28_900.0, 0.0]
    assert set(done.summary["columns"].values()) <= set(REGISTERS[register])


def test_a_shapefile_cuts_names_to_ten_letters(tmp_path: Path) -> None:
    """What the register calls byg021BygningensAnvendelse comes out of a shapefile as byg021Bygn: still the same."""
    path = tmp_path / "bygninger.shp"
    renamed(**REGISTERS["BBR"]).to_file(path, encoding="UTF-8")
    done = run(tmp_path, path, depth=np.full((10, 10), 1.0))
    assert done.table["category"].tolist() == ["home", "garage"]
    assert done.table["area_m2"].tolist() == [150.0, 30.0]
    assert done.table["cellar_dkk"].tolist() == [28_900.0, 0.0]


@pytest.mark.parametrize("name", ["b.shp", "b.geojson", "b.parquet", "b.fgb", "b.gpkg"])
def test_formats_give_the_same(name: str, tmp_path: Path) -> None:
    given = frame(HOME, at(34, 46, 46, 34), at(62, 68, 68, 62), bbr_code=[120, 910, 510], id=["å", "b", "c"])
    path = tmp_path / name
    if name.endswith("parquet"):
        given.to_parquet(path)
    else:
        given.to_crs(4326 if name.endswith("json") else 25832).to_file(path)
    done = run(tmp_path, path)
    rows = done.table[["id", "depth_m", "category"]].sort_values("depth_m")  # FlatGeobuf sorts by place
    assert rows.values.tolist() == [["å", 1.1, "home"], ["b", 4.4, "garage"], ["c", 6.6, "summer_house"]]


def test_named_columns_go_before_guessed_ones(tmp_path: Path) -> None:
    given = frame(HOME, bbr_code=[910], kode=[120], id=[7], nr=["B7"], area=[99.0])
    done = run(tmp_path, given, "--columns", "bbr_code=kode, id=nr,area=area")
    assert done.table[["id", "category", "area_m2"]].values.tolist() == [["B7", "home", 99.0]]
    assert done.summary["columns"] == {"bbr_code": "kode", "id": "nr", "area": "area"}


def test_layers_with_several_kinds_of_geometry(tmp_path: Path) -> None:
    shapes = [HOME, MultiPolygon([at(34, 46, 46, 34)]), Point(WEST + 65, NORTH - 65), shapely.force_3d(HOME, 4.0)]
    done = run(tmp_path, frame(*shapes, byg041=[100.0] * 4))
    assert done.depths == [1.1, 4.4, 6.6, 1.1]
    assert [kind.removeprefix("Multi") for kind in done.layer.geom_type] == ["Polygon", "Polygon", "Point", "Polygon"]


def test_without_ids_rows_are_numbered(tmp_path: Path) -> None:
    done = run(tmp_path, frame(HOME, at(34, 46, 46, 34), id=None))
    assert done.table["id"].tolist() == [1, 2]


def test_unknown_and_missing_codes_are_told_and_counted(tmp_path: Path) -> None:
    codes = [120.0, 12345.0, np.nan, np.nan]
    shapes = [at(11 + 10 * i, 19, 19 + 10 * i, 11) for i in range(4)]
    done = run(tmp_path, frame(*shapes, bbr_code=codes, byg041=100.0))
    assert done.table["category"].tolist() == ["home", "unknown", "unknown", "unknown"]
    assert done.table["damage_dkk"].tolist()[1:] == [200_000.0] * 3
    notes = " ".join(done.summary["notes"])
    assert "1 buildings have a code that BBR does not define (12345)" in notes
    assert "2 buildings have no use code" in notes
    unknown = next(row for row in done.summary["by_category"] if row["category"] == "unknown")
    assert unknown["buildings_damaged"] == 3


def test_text_that_is_no_code_is_not_called_missing(tmp_path: Path) -> None:
    codes = ["120", "ukendt", None]
    shapes = [at(11 + 10 * i, 19, 19 + 10 * i, 11) for i in range(3)]
    notes = " ".join(run(tmp_path, frame(*shapes, bbr_code=codes)).summary["notes"])
    assert "'ukendt'" in notes and "1 buildings have no use code" in notes


def test_a_code_is_shown_as_the_register_writes_it(tmp_path: Path) -> None:
    run(tmp_path, frame(HOME, at(34, 46, 46, 34), bbr_code=[120, 910]))
    lines = (tmp_path / "out" / "damage.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[1] for line in lines] == ["bbr_code", "120", "910"]


@pytest.mark.parametrize("missing", [np.nan, 0.0])
def test_where_the_column_of_areas_has_none_the_footprint_counts_and_that_is_told(missing, tmp_path: Path) -> None:
    done = run(tmp_path, frame(HOME, at(34, 46, 46, 34), byg041=[100.0, missing]))
    assert done.table["area_m2"].tolist() == [100.0, 144.0]
    notes = " ".join(done.summary["notes"])
    assert "counts as 0" not in notes
    assert "footprint" in notes


def test_footprints_that_cross_themselves_are_repaired(tmp_path: Path) -> None:
    x, y = WEST + 11, NORTH - 19
    bow = Polygon([(x, y), (x + 8, y + 8), (x + 8, y), (x, y + 8)])
    done = run(tmp_path, frame(bow))
    assert done.depths == [1.1] and done.table["area_m2"].tolist() == [32.0]
    assert "1 footprints crossed themselves" in done.summary["notes"][0]


def test_a_footprint_with_a_spike_is_repaired(tmp_path: Path) -> None:
    x, y = WEST + 11, NORTH - 19
    spike = Polygon([(x, y), (x + 8, y), (x + 8, y + 4), (x + 4, y + 4), (x + 4, y + 6), (x + 4, y + 4), (x, y + 4)])
    done = run(tmp_path, frame(spike))
    assert done.depths == [1.1] and done.table["area_m2"].tolist() == [32.0]


def test_a_layer_among_others_is_named(tmp_path: Path) -> None:
    """A GeoPackage of several layers is asked which one, as QGIS names it."""
    path = tmp_path / "town.gpkg"
    pyogrio.write_dataframe(frame(HOME), path, layer="bygning")
    pyogrio.write_dataframe(frame(LineString([(WEST, NORTH), (WEST + 9, NORTH)])), path, layer="vej", append=True)
    with pytest.raises(AssertionError, match=r"2 layers \(bygning, vej\)"):
        run(tmp_path, path)
    assert run(tmp_path, f"{path}|layername=bygning").depths == [1.1]


def sectors(folder: Path, kind: str, layer: gpd.GeoDataFrame, depth=1.0, *options) -> dict[str, Any]:
    layer.to_file(folder / f"{kind}.gpkg")
    given = ("--layer", f"{kind}={folder / kind}.gpkg", *options)
    return run(folder, frame(HOME), *given, depth=np.full((10, 10), depth)).summary["sectors"][0]


ROAD = MultiLineString([
    [(WEST + 5, NORTH - 25), (WEST + 35, NORTH - 25)], [(WEST + 55, NORTH - 25), (WEST + 95, NORTH - 25)],
])  # fmt: skip


def test_roads_by_hand(tmp_path: Path) -> None:
    """70 m closed for a day: 20 DKK/m of clean-up and 68.8 DKK/m for 6,200 vehicles in each of two directions."""
    found = sectors(tmp_path, "roads", frame(ROAD, aadt=6200.0))
    assert (found["quantity"], found["loss_dkk"]) == (70.0, 70 * 20 + 70 * 2 * 68.8)


def test_no_more_roads_are_flooded_than_there_are(tmp_path: Path) -> None:
    found = sectors(tmp_path, "roads", frame(ROAD, traffic=0.0))
    assert found["places"] == 1 and found["flooded"] == 1


def test_fields_and_parks_by_hand(tmp_path: Path) -> None:
    park = sectors(tmp_path, "recreation", frame(at(5, 25, 25, 5), yearly_value=36_500.0))
    assert park["quantity"] == 400.0
    assert park["loss_dkk"] == pytest.approx(24 * 100.0, rel=1e-9)
    shallow = sectors(tmp_path, "recreation", frame(at(5, 25, 25, 5), yearly_value=36_500.0), 0.29)
    assert shallow["loss_dkk"] == 0


def test_a_road_without_a_shape_is_left_out_or_refused(tmp_path: Path) -> None:
    frame(ROAD, LineString()).to_file(tmp_path / "l.gpkg")
    assert code(tmp_path, frame(HOME), "--layer", f"roads={tmp_path / 'l.gpkg'}") in (0, 1)


def test_a_district_without_a_name_is_left_out_or_refused(tmp_path: Path) -> None:
    frame(at(0, 100, 100, 0), name=[None]).to_file(tmp_path / "l.gpkg")
    assert code(tmp_path, frame(HOME), "--districts", tmp_path / "l.gpkg") in (0, 1)


def test_incomes_without_residents_do_not_stop_the_run(tmp_path: Path) -> None:
    assert code(tmp_path, frame(HOME, income=[200_000.0], residents=[0])) == 0


def test_a_file_of_a_layer_may_have_a_comma_in_its_name(tmp_path: Path) -> None:
    frame(ROAD).to_file(tmp_path / "veje, 2024.gpkg")
    assert code(tmp_path, frame(HOME), "--layer", f"roads={tmp_path / 'veje, 2024.gpkg'}") == 0


def test_buildings_without_a_curve_are_told_plainly(tmp_path: Path) -> None:
    """An empty cell is not the curve of no name."""
    (tmp_path / "c.csv").write_text("id,depth_m,share\nwood,0,0\nwood,2,1\n", encoding="utf-8")
    frame(HOME, HOME, curve=["wood", None]).to_file(tmp_path / "b.gpkg")
    words = ["--buildings", tmp_path / "b.gpkg", "--model", tmp_path / "c.csv", "--value-per-m2", 1000]
    line = ["damage", "--depth", tif(tmp_path / "d.tif", COUNTED), "--out", tmp_path / "out", *words]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as told:
        main([str(word) for word in line])
    assert "curve ''" not in told.getvalue()


def test_a_curve_that_is_not_there_is_told_where_no_water_stands_too(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("id,depth_m,share\nwood,0,0\nwood,2,1\n", encoding="utf-8")
    words = ("--model", tmp_path / "c.csv", "--value-per-m2", 1000)
    assert code(tmp_path, frame(HOME, at(1, 9, 9, 1), curve=["wood", "brick"]), *words) == 1
