"""Wrong inputs to `genrejs damage`: one sentence on standard error, exit code 1, nothing written, inputs untouched."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from shapely import LineString, Polygon, box
from shapely.geometry import GeometryCollection

from genrejs.cli import main

WEST, NORTH = 530_000.0, 6_170_000.0
HERE = [box(WEST + 20 * i, NORTH - 30, WEST + 20 * i + 10, NORTH - 20) for i in range(1, 4)]
FAR = [box(0, 0, 10, 10)] * 3
WATER = np.full((10, 10), 1.0)


def tif(path: Path, values=WATER, crs="EPSG:25832", dtype="float32", nodata=None, turn=None) -> Path:
    data = np.asarray(values)
    turn = turn or rasterio.Affine(10.0, 0, WEST, 0, -10.0, NORTH)
    with rasterio.open(
        path, "w", driver="GTiff", height=data.shape[0], width=data.shape[1], count=1, dtype=dtype, crs=crs,
        transform=turn, nodata=nodata,
    ) as out:  # fmt: skip
        out.write(data.astype(dtype), 1)
    return path


def homes(shapes=HERE, crs=25832, **columns) -> gpd.GeoDataFrame:
    given = {"id": ["a", "b", "c"], "bbr_code": [120, 120, 910]} | columns
    return gpd.GeoDataFrame({k: v for k, v in given.items() if v is not None}, geometry=shapes, crs=crs)


def saved(frame, name: str):
    """Return what writes `frame` to a file of that name in a folder."""

    def write(folder: Path) -> Path:
        path = folder / name
        if isinstance(frame, gpd.GeoDataFrame):
            frame.to_file(path)
        elif isinstance(frame, pd.DataFrame):
            frame.to_csv(path, index=False)
        else:
            path.write_bytes(frame if isinstance(frame, bytes) else frame.encode())
        return path

    return write


def case(*options, depth=None, buildings=None, out="out/x.csv", **files):
    """Return what makes the files of a case in a folder and returns its words; ``@name`` is one of `files`."""

    def words(folder: Path) -> list[str]:
        maps = {"d.tif": {}} if depth is None else depth
        given = []
        for place, (name, how) in enumerate(maps.items()):
            before, _, file = name.rpartition("=")
            path = tif(folder / f"{place}{file}", **how) if isinstance(how, dict) else how(folder)
            given.append(f"--depth={before}={path}" if before else f"--depth={path}")
        layer = buildings if buildings is not None else homes()
        layer = saved(layer, "b.gpkg")(folder) if isinstance(layer, gpd.GeoDataFrame) else layer(folder)
        made = {name: write(folder) for name, write in files.items()}
        more = [str(option) for option in options]
        for name, path in made.items():
            more = [option.replace(f"@{name}", str(path)) for option in more]
        return ["damage", *map(str, given), "--buildings", str(layer), "--out", str(folder / out), *more]

    return words


def on(**how):
    return case(depth={"d.tif": how})


def curves(text, *options, buildings=None):
    return case("--model", "@c", *options, buildings=buildings, c=saved(text, "c.csv"))


def layers(kind, frame):
    return case("--layer", f"{kind}=@l", l=saved(frame, "l.gpkg"))


def spoilt(value, row=(1, 1)) -> np.ndarray:
    data = WATER.copy()
    data[row] = value
    return data


ROAD = LineString([(WEST + 5, NORTH - 25), (WEST + 95, NORTH - 25)])
ONE = gpd.GeoDataFrame({"name": ["x"]}, geometry=[ROAD], crs=25832)
FIELD = ONE.set_geometry([box(WEST, NORTH - 100, WEST + 100, NORTH)])
TURNED = rasterio.Affine(10.0, 0, WEST, 0, -10.0, NORTH) @ rasterio.Affine.rotation(20)
FLIPPED = rasterio.Affine(10.0, 0, WEST, 0, 10.0, NORTH - 100)
OBLONG = rasterio.Affine(10.0, 0, WEST, 0, -5.0, NORTH)
LATLON = rasterio.Affine(0.01, 0, 9.0, 0, -0.01, 56.0)
LINEAR = "depth_m,share\n0,0\n2,1\n"
TWO = {"20=d.tif": {}, "100=d.tif": {}}
TEXT = saved("hello", "d.tif")
BARE = pd.DataFrame({"id": ["a"], "bbr_code": [120]})

CASES = {
    "no CRS of the raster": ("coordinate reference system", on(crs=None)),
    "no CRS of the buildings": ("coordinate reference system", case(buildings=homes(crs=None))),
    "maps in two CRS": ("different coordinate", case(depth={"20=d.tif": {}, "100=d.tif": {"crs": "EPSG:25833"}})),
    "raster in degrees": ("degrees", on(crs="EPSG:4326", turn=LATLON)),
    "raster in feet": ("reproject", on(crs="EPSG:2263")),
    "raster without data": ("no data", on(values=np.full((10, 10), np.nan))),
    "only declared no data": ("no data", on(values=np.full((10, 10), -9999.0), nodata=-9999)),
    "negative depth": ("negative", on(values=spoilt(-0.01))),
    "no data not declared": ("no data must be declared", on(values=spoilt(-9999))),
    "deeper than 30 m": ("30 m", on(values=spoilt(30.5))),
    "whole numbers": ("--depth-unit", on(dtype="int16")),
    "millimetres taken for metres": ("30 m", on(values=WATER * 400)),
    "rotated raster": ("rotated", on(turn=TURNED)),
    "upside-down raster": ("upside down", on(turn=FLIPPED)),
    "oblong cells": ("square", on(turn=OBLONG)),
    "depth file missing": ("no.tif", case(depth={"d.tif": lambda f: f / "no.tif"})),
    "depth file is text": ("raster", case(depth={"d.tif": TEXT})),
    "depth file is a layer": ("raster", case(depth={"d.tif": saved(homes(), "d.gpkg")})),
    "same return period twice": ("100 years", case(depth={"100=d.tif": {}, "100.0=d.tif": {}})),
    "two maps without return period": ("without a return period", case(depth={"d.tif": {}, "e.tif": {}})),
    "with and without return period": ("return period", case(depth={"d.tif": {}, "100=e.tif": {}})),
    "T of 0": ("above 0", case(depth={"0=d.tif": {}})),
    "T below 0": ("above 0", case(depth={"-5=d.tif": {}})),
    "T of words": ("in years", case(depth={"abc=d.tif": {}})),
    "T infinite": ("above 0", case(depth={"inf=d.tif": {}})),
    "buildings missing": ("no.gpkg", case(buildings=lambda f: f / "no.gpkg")),
    "buildings are text": ("layer", case(buildings=saved("hello", "b.gpkg"))),
    "buildings are a raster": ("0b.tif", case(buildings=lambda f: tif(f / "0b.tif"))),
    "empty layer": ("no features", case(buildings=homes().iloc[:0])),
    "no geometry column": ("no geometry", case(buildings=saved(BARE, "b.csv"))),
    "null geometry": ("1 of 3 buildings have no geometry", case(buildings=homes([HERE[0], None, HERE[2]]))),
    "empty geometry": ("1 of 3 buildings have no geometry", case(buildings=homes([HERE[0], Polygon(), HERE[2]]))),
    "only null geometries": ("no features", case(buildings=homes([None] * 3))),
    "lines as buildings": ("LineString", case(buildings=homes([ROAD] * 3))),
    "a line among buildings": ("1 of 3", case(buildings=homes([*HERE[:2], ROAD]))),
    "a collection": ("GeometryCollection", case(buildings=homes([*HERE[:2], GeometryCollection([HERE[0], ROAD])]))),
    "polygon without area": ("area", case(buildings=homes([*HERE[:2], Polygon([(WEST, NORTH)] * 4)]))),
    "points without areas": ("area=COLUMN", case(buildings=homes([shape.centroid for shape in HERE]))),
    "ids twice": ("a and no others", case(buildings=homes(id=["a", "a", "b"]))),
    "id missing": ("1 buildings have no id", case(buildings=homes(id=["a", None, "b"]))),
    "no BBR column": ("bbr_code=COLUMN", case(buildings=homes(bbr_code=None))),
    "BBR column of text": ("BBR use code", case(buildings=homes(bbr_code=["home", "home", "shed"]))),
    "BBR column empty": ("BBR use code", case(buildings=homes(bbr_code=[np.nan] * 3))),
    "negative area": ("0 or more", case(buildings=homes(byg041=[100, -1, 100]))),
    "negative cellar": ("0 or more", case(buildings=homes(cellar_area=[10, -1, 0]))),
    "text in a number column": ("no number", case(buildings=homes(cellar_area=["10", "ten", "0"]))),
    "infinite number": ("not finite", case(buildings=homes(cellar_area=[10, np.inf, 0]))),
    "no overlap": ("No building lies on", case(buildings=homes(FAR))),
    "no overlap with one of two maps": ("No building lies on", case(depth={"20=d.tif": {}, "100=d.tif": {"turn": rasterio.Affine(10, 0, 0, 0, -10, 100)}})),
    "unknown model": ("dk/cloudburst", case("--model", "dk/tsunami")),
    "empty model": ("no damage model", case("--model", "")),
    "unknown curve": ("no curve 'x9'", case("--model", "curve/x9")),
    "no such file of curves": ("none.csv", case("--model", "none.csv")),
    "curve falls": ("falls", curves("depth_m,share\n0,0\n1,0.8\n2,0.5\n", "--value-per-m2", 1000)),
    "curve above 1": ("0 to 1", curves("depth_m,share\n0,0\n1,80\n", "--value-per-m2", 1000)),
    "depths of a curve fall": ("rise", curves("depth_m,share\n1,0\n0,1\n", "--value-per-m2", 1000)),
    "curve without columns": ("depth_m and share", curves("a,b\n0,0\n1,1\n", "--value-per-m2", 1000)),
    "curve with semicolons": ("depth_m and share", curves("depth_m;share\n0;0\n1;1\n", "--value-per-m2", 1000)),
    "curve of words": ("line 3", curves("depth_m,share\n0,0\none,1\n", "--value-per-m2", 1000)),
    "curve not UTF-8": ("UTF-8", curves("id,depth_m,share\nå,0,0\n".encode("latin-1"), "--value-per-m2", 1000)),
    "curve of one point": ("two points", curves("depth_m,share\n0,0\n", "--value-per-m2", 1000)),
    "curve without points": ("no points", curves("depth_m,share\n", "--value-per-m2", 1000)),
    "curve not a number": ("two points or more", curves("depth_m,share\n0,0\n1,nan\n", "--value-per-m2", 1000)),
    "curves without values": ("value-per-m2", curves(LINEAR)),
    "column names an unknown curve": ("'brick'", curves("id,depth_m,share\nwood,0,0\nwood,2,1\n", "--value-per-m2", 1000, buildings=homes(curve=["wood", "brick", "wood"]))),
    "several curves and nobody's": ("whose", curves("id,depth_m,share\na,0,0\na,2,1\nb,0,0\nb,1,1\n", "--value-per-m2", 1000, buildings=homes(bbr_code=None))),
    "value per m2 of 0": ("above 0", case("--model", "jrc", "--value-per-m2", 0)),
    "value per m2 below 0": ("above 0", case("--model", "jrc", "--value-per-m2", -5)),
    "value per m2 not a number": ("above 0", case("--model", "jrc", "--value-per-m2", "nan")),
    "unknown setting": ("damage.minimum_depth", case("--set", "minimum_dept=0.2")),
    "setting of words": ("number", case("--set", "damage.minimum_depth=low")),
    "setting below 0": ("0 or more", case("--set", "damage.minimum_depth=-1")),
    "setting without =": ("no setting", case("--set", "damage.minimum_depth")),
    "spread above 1": ("spread of 'curve'", case("--set", "spread.curve=1.5")),
    "columns without =": ("--columns", case("--columns", "bbr_code")),
    "columns of an unknown name": ("did you mean 'bbr_code'", case("--columns", "bbr_kode=bbr_code")),
    "columns twice": ("twice", case("--columns", "id=id,id=bbr_code")),
    "columns of a missing column": ("no column 'nix'", case("--columns", "bbr_code=nix")),
    "1 sample": ("2 to", case("--samples", 1)),
    "-3 samples": ("2 to", case("--samples", -3)),
    "a billion samples": ("10,000", case("--samples", 10**9)),
    "samples of words": ("--samples", case("--samples", "many")),
    "unknown take": ("--take", case("--take", "min")),
    "unknown layer kind": ("roads, crops", layers("railways", ONE)),
    "layer without =": ("roads=FILE", case("--layer", "roads.gpkg")),
    "layer twice": ("twice", case("--layer", "roads=@l", "--layer", "roads=@l", l=saved(ONE, "l.gpkg"))),
    "layer missing": ("no.gpkg", case("--layer", "roads=no.gpkg")),
    "roads of polygons": ("line", layers("roads", FIELD)),
    "traffic below 0": ("traffic", layers("roads", ONE.assign(traffic=[-5000.0]))),
    "traffic of words": ("traffic", layers("roads", ONE.assign(traffic=["much"]))),
    "crops of lines": ("polygon", layers("crops", ONE.assign(crop_code=[1]))),
    "crops without codes": ("crop_code", layers("crops", FIELD)),
    "unknown crop code": ("999999", layers("crops", FIELD.assign(crop_code=[999999]))),
    "recreation without value": ("yearly_value", layers("recreation", FIELD)),
    "recreation of negative value": ("yearly_value", layers("recreation", FIELD.assign(yearly_value=[-1.0]))),
    "infrastructure without curve": ("curve", layers("infrastructure", FIELD)),
    "infrastructure of an unknown curve": ("F99.9", layers("infrastructure", FIELD.assign(curve=["F99.9"], cost=["x"]))),
    "districts without names": ("names", case("--districts", "@l", l=saved(FIELD.rename(columns={"name": "kode"}), "l.gpkg"))),
    "districts of lines": ("no polygons", case("--districts", "@l", l=saved(ONE, "l.gpkg"))),
    "districts elsewhere": ("no building", case("--districts", "@l", l=saved(FIELD.set_geometry([FAR[0]]), "l.gpkg"))),
    "districts missing": ("no.gpkg", case("--districts", "no.gpkg")),
    "out with another ending": (".csv", case(out="out/x.xlsx")),
    "cost without after": ("--after", case("--cost", 1e6)),
    "cost below 0": ("0 DKK or more", case("--after", "100=@a", "--cost", -1, depth={"100=d.tif": {}}, a=lambda f: tif(f / "a.tif"))),
    "cost without return periods": ("return periods", case("--after", "@a", "--cost", 1, a=lambda f: tif(f / "a.tif"))),
    "lifetime of 0": ("1 year", case("--after", "100=@a", "--cost", 1, "--lifetime", 0, depth={"100=d.tif": {}}, a=lambda f: tif(f / "a.tif"))),
    "after without return period": ("return period", case("--after", "@a", depth={"100=d.tif": {}}, a=lambda f: tif(f / "a.tif"))),
    "other return periods after": ("return period", case("--after", "50=@a", depth={"100=d.tif": {}}, a=lambda f: tif(f / "a.tif"))),
    "fewer return periods after": ("return period", case("--after", "100=@a", depth=TWO, a=lambda f: tif(f / "a.tif"))),
    "harmless rarer than the maps": ("harmless", case("--harmless", 500, depth={"100=d.tif": {}})),
    "harmless of 0": ("harmless", case("--harmless", 0, depth={"100=d.tif": {}})),
}  # fmt: skip


def run(words: list[str], capsys) -> tuple[int, str]:
    try:
        code = main(words)
    except SystemExit as done:
        code = done.code
    return code, capsys.readouterr().err


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.filterwarnings("ignore:'crs' was not provided")  # the wrong file is written here
@pytest.mark.parametrize("name", CASES)
def test_wrong_input_gets_one_sentence_and_leaves_nothing(name: str, tmp_path: Path, capsys) -> None:
    hint, make = CASES[name]
    words = make(tmp_path)
    before = contents(tmp_path)
    code, error = run(words, capsys)
    assert code == 1, error
    assert hint in error
    said = [line for line in error.splitlines() if not line.startswith("[")]
    assert len(said) == 1 and said[0].startswith("genrejs: "), error
    assert contents(tmp_path) == before
    assert not (tmp_path / "out").exists()
