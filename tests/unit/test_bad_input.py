"""Twenty and more wrong inputs to city, flood and study: one sentence on standard error, exit code 1, nothing left."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely import LineString, Point, box

from genrejs.cli import main


def tif(path: Path, values: np.ndarray | None = None, crs: str | None = "EPSG:25832", step: float = -10.0) -> Path:
    data = np.linspace(0, 5, 400).reshape(20, 20).astype("float32") if values is None else values.astype("float32")
    transform = rasterio.Affine(10.0, 0, 530000.0, 0, step, 6170000.0)
    with rasterio.open(
        path, "w", driver="GTiff", height=data.shape[0], width=data.shape[1], count=1, dtype="float32",
        crs=crs, transform=transform, nodata=np.nan,
    ) as out:  # fmt: skip
        out.write(data, 1)
    return path


def rotated(path: Path) -> Path:
    tif(path)
    with rasterio.open(path, "r+") as out:
        out.transform = from_origin(530000, 6170000, 10, 10) @ rasterio.Affine.rotation(20)
    return path


def text(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def study(content: str | bytes):
    return lambda folder: ["study", "check", text(folder / "s.toml", content)]


def flood(*options: str, **files: str):
    def words(folder: Path) -> list[object]:
        made = {name: text(folder / f"{name}.csv", content) for name, content in files.items()}
        given = [str(made[o[1:]]) if o.startswith("@") else o for o in options]
        return ["flood", tif(folder / "z.tif"), "--out", folder / "out", *given]

    return words


def flood_on(make):
    return lambda folder: ["flood", make(folder), "--out", folder / "out", "--rain", "10mm/1h"]


def imported(buildings):
    def words(folder: Path) -> list[object]:
        path = buildings(folder)
        return [
            "city",
            "import",
            "town",
            "--terrain",
            tif(folder / "z.tif"),
            "--buildings",
            path,
            "--out",
            folder / "out",
        ]

    return words


def layer(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    frame.to_file(folder / "b.gpkg", driver="GPKG")
    return folder / "b.gpkg"


def walled(shape: object):
    return lambda folder: [
        "flood", tif(folder / "z.tif"), "--out", folder / "out", "--rain", "5mm/1h",
        "--walls", layer(folder, gpd.GeoDataFrame({"crest": [1.0]}, geometry=[shape], crs=25832)),
    ]  # fmt: skip


HOUSE = box(530050, 6169900, 530060, 6169910)
CASES = {
    "study: unknown key": (study("[flood]\ncel = 5\n"), "cel"),
    "study: negative cell": (study("[flood]\ncell = -5\n"), "cell"),
    "study: not a number": (study("seed = 'many'\n"), "seed"),
    "study: nan": (study("[flood]\ncell = nan\n"), "cell"),
    "study: not TOML": (study("name = = 3\n"), "TOML"),
    "study: not UTF-8": (study(b"name = '\xff\xfe'\n"), "UTF-8"),
    "study: no events": (study("events = []\n"), "event"),
    "study: window upside down": (study("[flood]\nwindow = [5, 5, 1, 1]\n"), "window"),
    "study: levels not rising": (study("[risk]\nsurge_levels = [2.0, 1.0]\n"), "surge_levels"),
    "study: future before now": (study("[money]\nfuture = 2000\n"), "future"),
    "study: no such file": (lambda folder: ["study", "check", folder / "none.toml"], "none.toml"),
    "flood: no such terrain": (lambda f: ["flood", f / "no.tif", "--out", f / "out", "--rain", "1mm/1h"], "no.tif"),
    "flood: not a raster": (flood_on(lambda f: text(f / "z.tif", "hello")), "z.tif"),
    "flood: no CRS": (flood_on(lambda f: tif(f / "z.tif", crs=None)), "coordinate reference system"),
    "flood: degrees": (flood_on(lambda f: tif(f / "z.tif", crs="EPSG:4326")), "EPSG:4326"),
    "flood: all nodata": (flood_on(lambda f: tif(f / "z.tif", np.full((9, 9), np.nan))), "no"),
    "flood: upside down": (flood_on(lambda f: tif(f / "z.tif", step=10.0)), "z.tif"),
    "flood: rotated": (flood_on(lambda f: rotated(f / "z.tif")), "z.tif"),
    "flood: rain without unit": (flood("--rain", "60"), "rain"),
    "flood: rain below zero": (flood("--rain", "-5mm/1h"), "rain"),
    "flood: no duration": (flood("--rain", "5mm/1h", "--duration", "0h"), "duration"),
    "flood: wrong unit of time": (flood("--rain", "5mm/1h", "--duration", "3 parsecs"), "parsecs"),
    "flood: manning of zero": (flood("--rain", "5mm/1h", "--manning", "0"), "anning"),
    "flood: unknown scheme": (flood("--rain", "5mm/1h", "--scheme", "magic"), "magic"),
    "flood: unknown edge": (flood("--level", "1.0", "--open-edges", "q"), "q"),
    "flood: gauge outside": (flood("--rain", "5mm/1h", "--gauges", "@g", g="name,x,y\nA,1,1\n"), "A"),
    "flood: gauges without columns": (flood("--rain", "5mm/1h", "--gauges", "@g", g="a,b\n1,2\n"), "name"),
    "flood: inflow not a number": (
        flood("--inflow", "@q", q="name,x,y,time_s,discharge_m3_s\nA,530050,6169950,0,many\n"),
        "discharge",
    ),
    "flood: checkpoint of something else": (flood("--rain", "5mm/1h", "--checkpoint", "@c", c="hello"), "is no checkpoint"),
    "flood: no GPU engine": (flood("--rain", "5mm/1h", "--engine", "cuda"), "cuda"),
    "flood: outfall without slope": (flood("--rain", "5mm/1h", "--outfall", "e"), "e:0.002"),
    "flood: outfall of an unknown edge": (flood("--rain", "5mm/1h", "--outfall", "q:0.01"), "q"),
    "flood: outfall for the inertial scheme": (flood("--rain", "5mm/1h", "--outfall", "e:0.01", "--scheme", "inertial"), "shallow-water"),
    "flood: no such walls": (flood("--rain", "5mm/1h", "--walls", "none.gpkg"), "none.gpkg"),
    "flood: walls elsewhere": (walled(LineString([(0, 0), (50, 50)])), "outside the terrain"),
    "flood: walls of polygons": (walled(HOUSE), "lines"),
    "flood: infiltration of words": (flood("--rain", "5mm/1h", "--infiltration", "much"), "--infiltration"),
    "flood: drains below zero": (flood("--rain", "5mm/1h", "--drains", "-1"), "--drains"),
    "flood: soil without its table": (flood("--rain", "5mm/1h", "--soil", "1"), "--soil-table"),
    "flood: soil table not a number": (
        flood("--rain", "5mm/1h", "--soil", "1", "--soil-table", "@t", t="class,rate_mm_h\n1,3\n2,dry\n"), "row 2: rate_mm_h",
    ),
    "flood: soil class without parameters": (
        flood("--rain", "5mm/1h", "--soil", "4", "--soil-table", "@t", t="class,rate_mm_h\n1,3\n"), "class 4",
    ),
    "flood: no such structures": (flood("--rain", "5mm/1h", "--structures", "none.toml"), "none.toml"),
    "flood: structures of an unknown kind": (flood("--rain", "5mm/1h", "--structures", "@s", s="[[pomp]]\nname = 'p'\n"), "did you mean 'pump'"),
    "flood: structure with an unknown key": (flood("--rain", "5mm/1h", "--structures", "@s", s="[[pump]]\nname = 'p'\ncapcity = 1\n"), "did you mean 'capacity'"),
    "flood: structure without its keys": (flood("--rain", "5mm/1h", "--structures", "@s", s="[[weir]]\nname = 'w'\n"), "lacks the key 'intake'"),
    "flood: structure outside": (
        flood("--rain", "5mm/1h", "--structures", "@s", s="[[weir]]\nname = 'w'\nintake = [1, 1]\noutlet = [530050, 6169950]\ncrest = 1\nwidth = 1\n"),
        "The weir 'w' in",
    ),
    "flood: threshold of words": (flood("--rain", "5mm/1h", "--thresholds", "0.1,deep"), "--thresholds"),
    "flood: threshold of zero": (flood("--rain", "5mm/1h", "--thresholds", "0"), "thresholds"),
    "flood: level without an edge": (flood("--level", "2.0"), "--open-edges"),
    "flood: nothing to do": (flood(), "rain"),
    "city: unknown": (lambda folder: ["city", "show", "atlantis"], "atlantis"),
    "city: zero cell": (lambda folder: ["city", "show", "vejle", "--cell", "0"], "0"),
    "city: build without out": (lambda folder: ["city", "build", "vejle"], "--out"),
    "city: import without terrain": (lambda folder: ["city", "import", "x"], "--terrain"),
    "city: empty layer": (imported(lambda f: layer(f, gpd.GeoDataFrame({"id": ["a"], "bbr_code": [120]}, geometry=[HOUSE], crs=25832).iloc[:0])), "b.gpkg"),
    "city: layer without CRS": (imported(lambda f: layer(f, gpd.GeoDataFrame({"id": ["a"], "bbr_code": [120]}, geometry=[HOUSE]))), "coordinate reference system"),
    "city: no BBR code": (imported(lambda f: layer(f, gpd.GeoDataFrame({"id": ["a"]}, geometry=[HOUSE], crs=25832))), "bbr_code"),
    "city: points for houses": (imported(lambda f: layer(f, gpd.GeoDataFrame({"id": ["a"], "bbr_code": [120]}, geometry=[Point(530050, 6169900)], crs=25832))), "olygon"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CASES)
def test_wrong_input_gets_one_sentence_and_leaves_nothing(name: str, tmp_path: Path, capsys) -> None:
    words, hint = CASES[name]
    given = [str(word) for word in words(tmp_path)]
    before = {path.name for path in tmp_path.iterdir()}
    try:
        code = main(given)
    except SystemExit as done:
        code = done.code
    error = capsys.readouterr().err
    assert code == 1, error
    assert hint in error
    lines = [line for line in error.splitlines() if line.startswith("genrejs:")]
    assert len(lines) == 1, error
    assert "Traceback" not in error
    assert {path.name for path in tmp_path.iterdir()} == before
