"""The border of files: what is read back is what was written, and a wrong file gets one sentence."""

import struct
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import Affine
from shapely import Point, box

from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster, read_vector, write_raster
from genrejs.errors import InputError

GRID = Grid(531_500.0, 6_177_500.0, 10.0, 3, 4)
NORTH_UP = Affine(10.0, 0.0, 531_500.0, 0.0, -10.0, 6_177_500.0)


def _write(path: Path, transform: Affine = NORTH_UP, crs: str | None = "EPSG:25832", **profile: object) -> Path:
    values = np.arange(12, dtype=np.float32).reshape(3, 4) + 1
    values = np.full((3, 4), profile["nodata"], np.float32) if profile.pop("empty", False) else values
    with rasterio.open(
        path, "w", driver="GTiff", width=4, height=3, count=1, dtype="float32", crs=crs, transform=transform, **profile
    ) as target:
        target.write(values, 1)
    return path


def test_a_raster_comes_back_as_it_was(tmp_path: Path) -> None:
    array = np.arange(12.0).reshape(3, 4)
    array[1, 2] = np.nan
    write_raster(tmp_path / "new" / "a.tif", array, GRID)
    back, grid = read_raster(tmp_path / "new" / "a.tif")
    np.testing.assert_array_equal(back, array)
    assert grid == GRID
    assert back.dtype == np.float64
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a.tif"]


def test_no_data_becomes_nan(tmp_path: Path) -> None:
    back, _ = read_raster(_write(tmp_path / "a.tif", nodata=5.0))
    assert np.isnan(back[1, 0])
    assert np.isnan(back).sum() == 1


def test_almost_square_cells_are_evened_out(tmp_path: Path) -> None:
    """A plane stays a plane: the level at a cell's centre is the same before and after."""
    back, grid = read_raster(_write(tmp_path / "a.tif", Affine(10.0, 0, 0, 0, -9.95, 30.0)))
    assert (grid.cell, grid.rows) == (10.0, 2)
    south = grid.north - grid.y
    np.testing.assert_allclose(back[:, 0], 1 + 4 * (south / 9.95 - 0.5), atol=1e-6)


@pytest.mark.parametrize(
    ("transform", "crs", "words"),
    [
        (NORTH_UP, None, "no coordinate reference system"),
        (Affine(0.001, 0, 9.5, 0, -0.001, 55.7), "EPSG:4326", "degrees"),
        (Affine(10, 0, 0, 0, -20, 0), "EPSG:25832", "square"),
        (Affine(10, 0, 0, 0, 10, 0), "EPSG:25832", "upside down"),
        (Affine(10, 1, 0, 1, -10, 0), "EPSG:25832", "rotated"),
        (NORTH_UP, "EPSG:2264", "reproject"),
    ],
)
def test_a_wrong_raster_gets_one_sentence(tmp_path: Path, transform: Affine, crs: str | None, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_raster(_write(tmp_path / "a.tif", transform, crs))


def test_missing_empty_large_and_foreign_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_raster(tmp_path / "none.tif")
    with pytest.raises(InputError, match="no data"):
        read_raster(_write(tmp_path / "a.tif", nodata=-9999.0, empty=True))
    with pytest.raises(InputError, match="12 cells; at most 10"):
        read_raster(tmp_path / "a.tif", most_cells=10)
    (tmp_path / "text.tif").write_text("not a raster")
    with pytest.raises(InputError, match="cannot be read as a raster"):
        read_raster(tmp_path / "text.tif")
    with pytest.raises(InputError, match="its grid has"):
        write_raster(tmp_path / "b.tif", np.zeros((2, 2)), GRID)


def test_a_layer_comes_back_and_can_be_reprojected(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"navn": ["Omløbsåen"]}, geometry=[Point(9.53, 55.71)], crs="EPSG:4326")
    points.to_file(tmp_path / "a.gpkg")
    with pytest.raises(InputError, match="degrees"):
        read_vector(tmp_path / "a.gpkg")
    back = read_vector(tmp_path / "a.gpkg", crs="EPSG:25832")
    assert back["navn"].tolist() == ["Omløbsåen"]
    assert back.geometry.x[0] == pytest.approx(533_300, abs=200)


def test_a_wrong_layer_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_vector(tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("not a layer")
    with pytest.raises(InputError, match="cannot be read as a layer"):
        read_vector(tmp_path / "text.gpkg")
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no geometry"):
        read_vector(tmp_path / "table.csv")
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)], crs=25832).to_file(tmp_path / "bare.shp")
    (tmp_path / "bare.prj").unlink()
    with pytest.raises(InputError, match="no coordinate reference system"):
        read_vector(tmp_path / "bare.shp")
    gpd.GeoDataFrame(pd.DataFrame({"a": []}), geometry=[], crs=25832).to_file(tmp_path / "empty.gpkg")
    with pytest.raises(InputError, match="no features"):
        read_vector(tmp_path / "empty.gpkg")


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    feature = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":"å"},"geometry":%s}]}'
    point = '{"type":"Point","coordinates":[9.5,55.7]}'
    (tmp_path / "latin.geojson").write_bytes((feature % point).encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_vector(tmp_path / "latin.geojson", crs="EPSG:25832")


def test_a_file_of_several_layers_is_asked_which(tmp_path):
    path = tmp_path / "town.gpkg"
    frames = {"houses": [box(0, 0, 1, 1)], "trees": [Point(0, 0), Point(1, 1)]}
    for name, shapes in frames.items():
        gpd.GeoDataFrame({"a": range(len(shapes))}, geometry=shapes, crs="EPSG:25832").to_file(path, layer=name)
    with pytest.raises(InputError, match=r"holds 2 layers \(houses, trees\); say which"):
        read_vector(path)
    assert len(read_vector(f"{path}|layername=trees")) == 2
    assert len(read_vector(f"{path}|layername=houses")) == 1
    with pytest.raises(InputError, match="cannot be read"):
        read_vector(f"{path}|layername=roads")


def test_curved_outlines_are_drawn_out_by_rows(tmp_path):
    """Shapely knows no arcs, so reading by columns gives way: a round tank of 1 m is close to a circle, not lost."""
    arc = b"\x01" + struct.pack("<2I10d", 8, 5, 0, 0, 1, 1, 2, 0, 1, -1, 0, 0)
    path = tmp_path / "tank.gpkg"
    pyogrio.raw.write(
        path, np.array([b"\x01" + struct.pack("<2I", 10, 1) + arc], object), [np.array([120])], ["bbr_code"],
        geometry_type="Unknown", crs="EPSG:25832", driver="GPKG",
    )  # fmt: skip
    with pytest.raises(NotImplementedError, match="Nonlinear"):
        shapely.from_wkb(b"\x01" + struct.pack("<2I", 10, 1) + arc)
    tank = read_vector(path)
    assert tank["bbr_code"].tolist() == [120]
    assert tank.area[0] == pytest.approx(np.pi, rel=1e-2)
