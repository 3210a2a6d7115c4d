"""GeoJSON layers of a tiny city: places, properties, what is missing, and the same bits every time."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from pyproj import Transformer
from shapely import LineString, Point, Polygon, box
from shapely.geometry import shape

from genrejs.city.streets import straight_streets
from genrejs.city.structures import Basin, Gate, Pump, Storage, Wall, Weir
from genrejs.web.layers import LAYERS, USES, layer
from genrejs.web.things import TELLERS, thing
from genrejs.web.works import work

spec = importlib.util.spec_from_file_location(
    "cities_for_tests", Path(__file__).parents[1] / "unit" / "cities_for_tests.py"
)
cities = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cities)

LINE = LineString([(5, 5), (95, 5)])
WORKS = (
    Wall("wall", LINE, 2.5),
    Gate("gate", LINE, Point(5, 5), Point(15, 5), 1.0, 2.0),
    Pump("pump", Point(5, 5), Point(95, 5), 3.0, 1.0, 0.5, works=False),
    Weir("weir", Point(5, 5), Point(95, 5), 1.0, 4.0),
    Storage("storage", "A", 1000.0, 2.0),
    Basin("basin", box(0, 0, 20, 20), 1.2),
)


@pytest.fixture(scope="module")
def city() -> Any:
    made = cities.city()
    cover = np.full(made.grid.shape, 4, np.int8)
    cover[:, 7:] = 0  # the sea in the east
    districts = gpd.GeoDataFrame(
        {
            "id": ["low", "high"], "name_da": ["Nede", "Oppe"], "name_en": ["Low", "High"], "certainty": "published",
            "language_other_share": 0.2, "low_income_share": 0.1, "social_housing_share": 0.0, "source": "a test",
        },
        geometry=[box(0, 0, 70, 100), box(70, 0, 100, 100)], crs="EPSG:25832",
    )  # fmt: skip
    streams = gpd.GeoDataFrame({"name": ["Å"], "width": [4.0]}, geometry=[LINE], crs="EPSG:25832")
    made = made.change(
        terrain=made.terrain.assign(land_cover=(("y", "x"), cover)), districts=districts, streams=streams
    )
    return made.change(structures=WORKS, streets=straight_streets([0, 50, 50], [0, 0, 50], [0, 1], [1, 2], 10.0))


def read(city: Any, name: str) -> dict[str, Any]:
    return json.loads(gzip.decompress(layer(city, name).packed))


@pytest.mark.parametrize("name", list(LAYERS))
def test_a_layer_is_valid_numbered_and_the_same_every_time(city, name) -> None:
    made, again = layer(city, name), layer(city, name)
    assert made == again and len(made.tag) == 16
    data = read(city, name)
    assert data["type"] == "FeatureCollection" and data["constructed"] is bool(city.constructed)
    rows = [each["properties"]["i"] for each in data["features"]]
    assert rows == sorted(set(rows))
    for each in data["features"]:
        assert shape(each["geometry"]).is_valid
        assert all(len(f"{value:.10f}".rstrip("0").split(".")[1]) <= 6 for value in np.ravel(first_point(each)))


def first_point(feature: dict[str, Any]) -> list[float]:
    at = feature["geometry"]["coordinates"]
    while isinstance(at[0], list):
        at = at[0]
    return at


def test_buildings_lie_where_they_stand_with_height_and_use(city) -> None:
    features = read(city, "buildings")["features"]
    assert len(features) == len(city.buildings)
    assert [set(each["properties"]) for each in features] == [{"i", "h", "u"}] * len(features)
    use = {
        row.id: USES[each["properties"]["u"]] for row, each in zip(city.buildings.itertuples(), features, strict=True)
    }
    assert use == {
        "h0": "home", "h1": "home", "h2": "home", "h3": "home", "shop": "business", "plant": "utility",
        "garage": "other",
    }  # fmt: skip
    assert features[2]["properties"]["h"] == 9  # three floors of three metres
    back = Transformer.from_crs("EPSG:4326", city.grid.crs, always_xy=True)
    east, north = back.transform(*np.array(features[0]["geometry"]["coordinates"][0]).T)
    known = np.array(city.buildings.geometry.iloc[0].exterior.coords)
    assert np.abs(np.column_stack([east, north]) - known).max() < 0.1


def test_structures_are_lines_and_points_and_what_lies_nowhere_is_left_out(city) -> None:
    features = read(city, "structures")["features"]
    assert [(each["properties"]["i"], each["properties"]["kind"], each["geometry"]["type"]) for each in features] == [
        (0, "wall", "LineString"), (1, "gate", "LineString"), (2, "pump", "Point"), (3, "weir", "Point"),
        (5, "basin", "LineString"),
    ]  # fmt: skip


def test_the_sea_is_where_the_land_cover_says(city) -> None:
    (sea,) = read(city, "sea")["features"]
    to_metres = Transformer.from_crs("EPSG:4326", city.grid.crs, always_xy=True)
    places = np.array(sea["geometry"]["coordinates"][0])
    outline = Polygon(np.column_stack(to_metres.transform(*places.T)))
    assert outline.symmetric_difference(box(70, 0, 100, 100)).area < 30


def test_a_city_without_streets_has_an_empty_layer(city) -> None:
    assert read(city.change(streets=None), "streets")["features"] == []
    assert [each["properties"] for each in read(city, "streets")["features"]] == [{"i": 0, "k": ""}, {"i": 1, "k": ""}]


@pytest.mark.parametrize("name", list(LAYERS))
def test_every_feature_can_be_asked_for(city, name) -> None:
    assert set(TELLERS) == set(LAYERS)
    for each in read(city, name)["features"]:
        told = thing(city, name, each["properties"]["i"])
        assert told["title_da"] and told["title_en"] and told["facts"]
        for fact in told["facts"]:
            assert fact["name_da"] and fact["name_en"] and isinstance(fact["constructed"], bool)
        json.dumps(told, allow_nan=False)
    assert thing(city, name, 10**6) is None and thing(city, name, -1) is None


def test_there_is_no_thing_of_no_layer(city) -> None:
    assert thing(city, "dragons", 0) is None


@pytest.mark.parametrize("part", WORKS, ids=lambda part: part.id)
def test_every_work_is_told_in_both_languages(part) -> None:
    title_da, title_en, figures, source = work(part)
    assert title_da != title_en and len(figures) >= 2 and source == "assumption"
