"""A City from the user's own terrain and buildings, tried on real Danish terrain where it is at hand."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

from genrejs.city.files import FileDefaults, city_from_files
from genrejs.city.grid import Grid
from genrejs.city.model import BUILDING_COLUMNS, COMPONENT_COLUMNS, HOUSEHOLD_COLUMNS, LINK_COLUMNS, SUPPLY_COLUMNS
from genrejs.city.raster import read_raster, write_raster
from genrejs.errors import InputError

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "dhm_samples"
GRID = Grid(531_500.0, 6_177_500.0, 10.0, 20, 30)


def _terrain(folder: Path) -> Path:
    ground = np.add.outer(np.arange(20.0), np.arange(30.0))
    ground[0, 0] = np.nan
    write_raster(folder / "terrain.tif", ground, GRID)
    return folder / "terrain.tif"


def _houses(west: float, north: float, **columns: object) -> gpd.GeoDataFrame:
    shapes = [box(west + 50 * k, north - 60, west + 50 * k + 13, north - 50) for k in range(3)]
    return gpd.GeoDataFrame({"bbr_code": [120, 140, 320], **columns}, geometry=shapes, crs="EPSG:25832")


def test_a_city_from_files_has_every_declared_column(tmp_path: Path) -> None:
    _houses(531_500, 6_177_500).to_file(tmp_path / "b.gpkg")
    city = city_from_files(_terrain(tmp_path), tmp_path / "b.gpkg", name="Testby")
    assert city.grid == GRID
    assert np.isnan(city.terrain["elevation"].to_numpy()[0, 0])
    assert set(city.buildings.columns) == {*BUILDING_COLUMNS, "geometry"}
    assert city.buildings["area"].tolist() == pytest.approx([130.0] * 3)
    assert city.buildings["id"].tolist() == ["1", "2", "3"]
    for table, columns in (
        (city.households, HOUSEHOLD_COLUMNS), (city.components, COMPONENT_COLUMNS), (city.links, LINK_COLUMNS),
        (city.supply, SUPPLY_COLUMNS),
    ):  # fmt: skip
        assert table.columns.tolist() == list(columns)
        assert table.empty
    assert city.districts["residents"].tolist() == [city.buildings["residents"].sum()]
    assert not city.constructed
    assert city.structures == ()


def test_what_the_file_says_counts_and_the_rest_follows_the_defaults(tmp_path: Path) -> None:
    """130 m2 on 2 floors at 52 m2 each house 5 people; a shop houses none; a stated number is kept."""
    houses = _houses(531_500, 6_177_500, floors=[2, 2, 2], residents=[None, 11, None], kode=["a", "b", "c"])
    houses.to_file(tmp_path / "b.gpkg")
    city = city_from_files(
        _terrain(tmp_path), tmp_path / "b.gpkg", name="T", id_column="kode", defaults=FileDefaults(floor_level=0.35)
    )
    assert city.buildings["residents"].tolist() == [5, 11, 0]
    assert city.buildings["floor_level"].tolist() == [0.35] * 3
    assert city.buildings["id"].tolist() == ["a", "b", "c"]


def test_buildings_are_reprojected_and_those_elsewhere_left_out(tmp_path: Path) -> None:
    houses = _houses(531_500, 6_177_500)
    far = houses.translate(50_000, 0)
    houses.geometry = [houses.geometry[0], houses.geometry[1], far[2]]
    houses.to_crs("EPSG:4326").to_file(tmp_path / "b.gpkg")
    city = city_from_files(_terrain(tmp_path), tmp_path / "b.gpkg", name="T")
    assert len(city.buildings) == 2
    assert city.buildings["area"].tolist() == pytest.approx([130.0] * 2, abs=1e-3)


def test_terrain_alone_is_a_city_too(tmp_path: Path) -> None:
    city = city_from_files(_terrain(tmp_path), None, name="T")
    assert city.buildings.empty
    assert city.buildings.crs == "EPSG:25832"


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        (lambda houses: houses.drop(columns="bbr_code"), {}, "no column 'bbr_code' .* it has floors"),
        (lambda houses: houses, {"bbr_column": "anvendelse"}, "no column 'anvendelse'"),
        (lambda houses: houses, {"id_column": "kode"}, "no column 'kode' for the ids"),
        (lambda houses: houses.assign(id="1"), {}, "not all different"),
        (lambda houses: houses.assign(bbr_code="villa"), {}, "no BBR use code"),
        (lambda houses: houses.assign(floors=-1), {}, "negative"),
        (lambda houses: houses.assign(floors=float("inf")), {}, "'floors' holds a number that is not finite"),
        (lambda houses: houses.set_geometry(houses.translate(1e6, 0)), {}, "no building touches"),
        (lambda houses: houses.set_geometry([Point(531_510, 6_177_450)] * 3, crs=25832), {}, "no polygons"),
    ],
)
def test_wrong_buildings_get_one_sentence(tmp_path: Path, change: object, options: dict[str, str], words: str) -> None:
    change(_houses(531_500, 6_177_500, floors=[1, 1, 1])).to_file(tmp_path / "b.gpkg")
    with pytest.raises(InputError, match=words):
        city_from_files(_terrain(tmp_path), tmp_path / "b.gpkg", name="T", **options)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the Danish terrain samples are not on this machine")
@pytest.mark.parametrize(
    ("file", "shape", "low", "high"),
    [
        ("dhm_sample_malstroem_16m/dtm.tif", (187, 250), -1.0, 60.0),
        ("dhm_sample_lake_10m/example_lake_1.tif", (352, 352), -4.0, 65.0),
    ],
)
def test_real_danish_terrain(tmp_path: Path, file: str, shape: tuple[int, int], low: float, high: float) -> None:
    west, _, _, north = read_raster(SAMPLES / file)[1].bounds
    _houses(west + 500, north - 500).to_file(tmp_path / "b.gpkg")
    city = city_from_files(SAMPLES / file, tmp_path / "b.gpkg", name="DHM")
    elevation = city.terrain["elevation"].to_numpy()
    assert elevation.shape == shape
    assert low < np.nanmin(elevation) < np.nanmax(elevation) < high
    assert len(city.buildings) == 3
    assert city.grid.crs == "EPSG:25832"
