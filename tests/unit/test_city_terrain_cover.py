"""Land cover, drains and the cache."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from genrejs.city.cache import cached, content_key
from genrejs.city.grid import Grid
from genrejs.city.landcover import design_intensity, district_shapes, natural_cover, painted, read_land_cover
from genrejs.errors import InputError

GRID = Grid(0.0, 30.0, 10.0, 3, 3)


def test_design_rain_is_the_published_one() -> None:
    """150 l/s/ha at 2 years is 9.0 mm in 10 minutes (kloakviden.eu)."""
    assert design_intensity(2.0) * 600 * 1000 == pytest.approx(9.0)
    assert design_intensity(10.0) * 600 * 1000 == pytest.approx(13.8)
    assert design_intensity(2.0) < design_intensity(3.0) < design_intensity(5.0)
    with pytest.raises(InputError, match="1 to 100"):
        design_intensity(200.0)


def test_sealed_ground_drains_and_open_ground_soaks() -> None:
    classes = read_land_cover()
    cover = np.array([[classes.code(kind) for kind in ("sea", "centre", "field")]], dtype=np.int8)
    np.testing.assert_allclose(classes.drain_capacity(cover), [[0.0, 0.85 * 1.9e-5, 0.0]])
    np.testing.assert_allclose(classes.infiltration(cover), [[0.0, 0.15 * 1.4e-6, 2.8e-6]])
    assert classes.table["code"].tolist() == list(range(9))
    with pytest.raises(InputError, match="accepted are sea, stream"):
        classes.code("lava")


def test_steep_ground_is_forest_and_the_floor_is_meadow() -> None:
    classes = read_land_cover()
    slope = np.tile([0.0, 0.0, 0.0, 5.0, 10.0], (5, 1))
    floor = np.zeros((5, 5), dtype=bool)
    floor[:, 0] = True
    kinds = natural_cover(slope, 10.0, floor)[2]
    assert kinds.tolist() == [classes.code(kind) for kind in ("park", "field", "forest", "forest", "forest")]


def test_districts_are_painted_in_order() -> None:
    classes = read_land_cover()
    shapes = gpd.GeoDataFrame(
        {"kind": ["dense", "park"]}, geometry=[box(0, 0, 30, 30), box(0, 20, 10, 30)], crs="EPSG:25832"
    )
    result = painted(np.full((3, 3), 7, dtype=np.int8), district_shapes(shapes, GRID), GRID)
    assert result[0, 0] == classes.code("park")
    assert (result.ravel()[1:] == classes.code("dense")).all()


def test_wrong_districts_get_one_sentence() -> None:
    shapes = gpd.GeoDataFrame({"kind": ["moon"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:25832")
    with pytest.raises(InputError, match="moon"):
        district_shapes(shapes, GRID)
    with pytest.raises(InputError, match="no column 'kind'"):
        district_shapes(shapes.drop(columns="kind"), GRID)


def test_the_cache_builds_once_and_mends_damage(tmp_path: Path) -> None:
    built = []

    def build() -> dict[str, np.ndarray]:
        built.append(1)
        return {"a": np.arange(3)}

    for _ in range(2):
        np.testing.assert_array_equal(cached(tmp_path / "new", ["key"], build)["a"], [0, 1, 2])
    assert len(built) == 1
    [kept] = (tmp_path / "new").iterdir()
    kept.write_bytes(b"damaged")
    cached(tmp_path / "new", ["key"], build)
    cached(None, ["key"], build)
    assert len(built) == 3


def test_the_key_follows_contents(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("1")
    first = content_key([file, "x"])
    assert content_key([file, "x"]) == first != content_key([file, "y"])
    file.write_text("2")
    assert content_key([file, "x"]) != first
    assert content_key(["ab", "c"]) != content_key(["a", "bc"])
