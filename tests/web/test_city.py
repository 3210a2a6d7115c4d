"""The embedded city as the page asks for it: every key of the contract, small layers, rasters that decode."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.hazard.flood.problem import OPEN
from genrejs.hazard.screening import sea_reach
from genrejs.hazard.screening.place import city_walls
from genrejs.measure.catalogue import carry_out, catalogue
from genrejs.report.palette import WATER_CLASSES
from genrejs.web.app import create_app, new_parts
from genrejs.web.hooks import hooks_of
from genrejs.web.parts import Parts
from genrejs.web.pictures import heights_of
from genrejs.web.rasters import ground_png, reach, window_of
from genrejs.web.settings import Settings
from genrejs.web.shown import Shown

KEYS = {
    "name", "title", "constructed", "bounds", "centre", "window", "residents", "buildings", "districts", "services",
    "components", "events", "strategies", "measures", "years", "climate", "drawn",
}  # fmt: skip
INSIDE = {
    "districts": {"id", "name", "residents", "centre"},
    "services": {"id", "name_da", "name_en"},
    "components": {"id", "name_da", "name_en", "service"},
    "events": {"name", "kind", "title_da", "title_en", "source"},
    "strategies": {"id", "name_da", "name_en", "measures"},
    "measures": {
        "id", "name_da", "name_en", "pillar", "kind", "cost", "upkeep", "lifetime", "mechanism_da", "mechanism_en",
        "evidence", "source", "added_value",
    },
    "climate": {"year", "sea_rise", "rain_factor", "river_factor", "residents"},
    "drawn": {"kind", "unit_cost", "unit", "source", "limits"},
}  # fmt: skip

YEARLY = ("sea_rise", "rain_factor", "river_factor", "town_residents")
"""What the page of a year shows the source of."""


@pytest.fixture(scope="module")
def shown() -> Shown:
    return Shown(Settings(Path("nowhere")))


def test_the_city_has_every_key_of_the_contract(shown) -> None:
    told = shown.plain
    assert set(told) == KEYS
    for name, keys in INSIDE.items():
        assert told[name] and all(keys <= set(each) for each in told[name]), name
    assert told["constructed"] is True and told["title"] == "Vejle"
    assert told["residents"] == sum(each["residents"] for each in told["districts"]) == 58_000
    assert {each["id"] for each in told["measures"]} == set(catalogue())
    assert told["years"] == {"first": 2020, "last": 2120, "now": 2026}
    assert [told["climate"][0][name] for name in ("year", "sea_rise", "rain_factor", "river_factor", "residents")] == [
        2020, 0.0, 1.0, 1.0, 58_000,
    ]  # fmt: skip
    assert told["climate"][80]["residents"] > 58_000 and told["climate"][-1]["residents"] is None
    assert told["climate"][80]["sea_rise"] == 0.5 and told["climate"][-1]["rain_factor"] == 1.4
    json.dumps(told, allow_nan=False)


def test_the_window_has_its_corners_in_order(shown) -> None:
    window = shown.plain["window"]
    (nw, ne, se, sw), west, east = window["corners"], 0, 0
    assert (window["rows"], window["columns"], window["cell"]) == (500, 500, 10.0)
    assert nw[0] < ne[0] and sw[0] < se[0] and sw[1] < nw[1] and se[1] < ne[1]
    west, south, east, north = shown.plain["bounds"]
    for lon, lat in (nw, ne, se, sw, shown.plain["centre"]):
        assert west <= lon <= east and south <= lat <= north and lon == round(lon, 6)


def test_variables_carry_the_report_s_colours(shown) -> None:
    depth = next(each for each in shown.variables if each["name"] == "max_depth")
    assert [(each["from"], each["colour"]) for each in depth["legend"]] == list(WATER_CLASSES)
    assert all(
        {"name", "unit", "sentence_da", "sentence_en", "source", "legend"} == set(each) for each in shown.variables
    )


def test_layers_are_small(shown) -> None:
    packed = {name: len(shown.layer(name).packed) for name in ("buildings", "streets", "sea", "components")}
    assert packed["buildings"] < 600_000 and packed["streets"] < 300_000
    assert packed["sea"] < 20_000 and packed["components"] < 20_000
    features = json.loads(gzip.decompress(shown.layer("buildings").packed))["features"]
    assert len(features) == shown.plain["buildings"]


def test_a_building_s_facts_say_where_they_come_from(shown) -> None:
    row = int(np.argmax(shown.city.buildings["residents"].to_numpy()))
    told = shown.thing("buildings", row)
    facts = {fact["name_en"]: fact for fact in told["facts"]}
    assert facts["Residents"]["value"] == shown.city.buildings["residents"].iloc[row]
    assert all(fact["constructed"] and fact["source"] for fact in told["facts"])
    finlandsparken = next(k for k, each in enumerate(shown.plain["districts"]) if each["id"] == "finlandsparken")
    people = shown.thing("districts", finlandsparken)["facts"][0]
    assert people["value"] == 1600 and not people["constructed"] and "tvsyd" in people["source"]


def test_a_source_that_the_pages_show_is_told_in_danish(shown) -> None:
    rows = [("buildings", 0), ("streets", 0), ("sea", 0)]
    for name in ("components", "districts", "streams", "structures"):
        rows += [(name, row) for row in range(len(getattr(shown.city, name)))]
    asked = [fact["source"] for layer, row in rows for fact in shown.thing(layer, row)["facts"]]
    asked += [each["source"] for name in ("events", "drawn") for each in shown.plain[name]]
    asked += [each["source"] for each in shown.variables if each["name"] in YEARLY]
    place = Path(__file__).parents[2] / "frontend" / "src" / "text" / "sources.da.json"
    danish = json.loads(place.read_text(encoding="utf-8"))
    assert set(asked) - {"assumption", "chosen"} == set(danish)
    assert not [text for text, told in danish.items() if text == told or "assum" in told or "constructed" in told]


def test_the_ground_s_picture_is_the_ground(shown) -> None:
    known = shown.city.terrain["elevation"].to_numpy()[shown.window.cut]
    got = heights_of(shown.ground)
    assert got.shape == (500, 500) and np.abs(got - known).max() <= 1 / 512
    whole = window_of(shown.city, None)
    assert heights_of(ground_png(shown.city, whole)).shape == shown.city.grid.shape


def test_reach_is_that_of_the_screening_with_gates_shut(shown) -> None:
    built = carry_out(shown.base, "together")
    known = sea_reach(
        np.array(built.terrain["elevation"], dtype=float), reach_sea(shown), *city_walls(built, gates_shut=True)
    ).reach[shown.window.cut]
    got = heights_of(shown.reach("together"))
    assert np.abs(got - np.minimum(known, 32767)).max() <= 1 / 256
    east, _ = city_walls(built, gates_shut=True)
    assert (east > OPEN).any()
    # A level floods the cells whose reach is below it, and none whose ground is above it.
    ground = heights_of(shown.ground)
    assert (ground[got <= 2.0] <= 2.0 + 1 / 128).all()
    assert (heights_of(shown.reach("no_sluice_2012")) <= heights_of(shown.reach("today")) + 1e-9).all()
    with pytest.raises(InputError, match="Unknown strategy"):
        shown.reach("golden")


def reach_sea(shown: Shown) -> Any:
    import shapely

    x, y = np.meshgrid(shown.base.grid.x, shown.base.grid.y)
    return shapely.contains_xy(shown.base.open_sea, x, y)


def test_a_city_without_sea_is_never_reached(shown) -> None:
    assert np.isinf(reach(shown.base.change(open_sea=None), "today")).all()


def test_drawn_works_have_their_price(shown) -> None:
    lon, lat = shown.plain["centre"]
    wall = {"kind": "wall", "line": [[lon, lat], [lon + 0.001, lat]], "height": 1.0}
    assert 60 * 24_000 < shown.price([wall]) < 66 * 24_000
    with pytest.raises(InputError, match="height"):
        shown.price([{**wall, "height": 90.0}])


def test_a_work_that_lies_outside_the_city_s_map_has_no_price(shown) -> None:
    lon, lat = shown.plain["centre"]
    far, half = [[lon - 0.32, lat], [lon - 0.31, lat]], [[lon, lat], [shown.plain["bounds"][2] + 0.001, lat]]

    async def asked() -> None:
        price = hooks_of(ready(shown)).price
        for line in (far, half):
            with pytest.raises(InputError, match="must lie inside the city's map"):
                price([{"kind": "wall", "line": line, "height": 0.3}])
        assert price([{"kind": "wall", "line": [[lon, lat], [lon + 0.001, lat]], "height": 0.3}]) > 0

    asyncio.run(asked())


def test_a_run_with_works_that_cannot_be_built_is_refused_at_once(shown) -> None:
    lon, lat = shown.plain["centre"]
    here, beside, far = [lon, lat], [lon + 0.001, lat], [lon - 0.32, lat]
    cases = (
        ({"kind": "wall", "line": [here, far], "height": 0.3}, "drawn.large"),
        ({"kind": "wall", "line": [far, [lon - 0.31, lat]], "height": 0.3}, "drawn.outside"),
        ({"kind": "basin", "area": [far, [lon - 0.31, lat], [lon - 0.31, lat + 0.01]], "depth": 1}, "drawn.outside"),
        ({"kind": "wall", "line": [here, here], "height": 0.3}, "drawn.crosses"),
        ({"kind": "rain_bed", "area": [here, beside, here]}, "drawn.crosses"),
        ({"kind": "wall", "line": [here, beside], "height": 9}, "drawn.figure"),
        ({"kind": "basin", "area": [here, beside, [lon, lat + 0.001]]}, "drawn.needs"),
    )

    async def act(web: httpx.AsyncClient) -> None:
        for work, reason in cases:
            inputs = {"event": "attack_48h", "year": 2070, "drawn": [work]}
            answer = await web.post("/processes/what-if/execution", json={"inputs": inputs})
            told = answer.json()
            assert answer.status_code == 400 and answer.headers["content-type"] == "application/problem+json"
            assert told["reason"] == reason, told
            with pytest.raises(InputError) as priced:  # what cannot be built has no price either, for the same reason
                shown.price([work])
            assert str(priced.value) == told["detail"] and told["detail_da"] and told["detail_en"]
        assert (await web.get("/jobs")).json()["jobs"] == []

    ask(shown, act)
    wall = {"kind": "wall", "line": [here, beside], "height": 0.3}
    assert shown.question("what-if", {"event": "attack_48h", "drawn": [wall]}).inputs["drawn"]


def ready(shown: Shown) -> Parts:
    """Return the parts of a server whose city is ready; to be called in a running loop."""
    parts = new_parts(Settings(Path("nowhere")))
    parts.shown = asyncio.get_running_loop().create_future()
    parts.shown.set_result(shown)
    return parts


def ask(shown: Shown, act: Any) -> None:
    """Let `act` ask an app whose city is ready; no worker is started."""

    async def played() -> None:
        transport = httpx.ASGITransport(create_app(ready(shown)))
        async with httpx.AsyncClient(transport=transport, base_url="http://genrejs.example") as web:
            await act(web)

    asyncio.run(played())


def test_layers_are_sent_compressed_and_not_twice(shown) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        first = await web.get("/api/layers/components.geojson")
        assert first.headers["content-encoding"] == "gzip" and first.headers["content-type"] == "application/geo+json"
        tag = first.headers["etag"]
        again = await web.get("/api/layers/components.geojson", headers={"If-None-Match": tag})
        assert again.status_code == 304 and not again.content and again.headers["etag"] == tag
        plain = await web.get("/api/layers/components.geojson", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers and plain.json() == first.json()
        assert plain.headers["etag"] != tag
        assert (await web.get("/api/layers/dragons.geojson")).status_code == 422

    ask(shown, act)


def test_what_is_not_there_is_told_as_a_problem(shown) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        for path in ("/tiles/terrain/15/0/0.png", "/tiles/terrain/9/-1/0.png", "/api/things/buildings/999999",
                     "/jobs/abcdef0123456789", "/processes/dance", "/nowhere"):  # fmt: skip
            answer = await web.get(path)
            assert answer.status_code == 404, path
            assert answer.headers["content-type"] == "application/problem+json"
            told = set(answer.json()) - {"reason", "detail_da", "detail_en"}
            assert told == {"type", "title", "status", "detail"} and answer.json()["status"] == 404
        wrong = await web.get("/api/rasters/reach.png", params={"strategy": "golden"})
        assert wrong.status_code == 400 and "known are" in wrong.json()["detail"]
        bad = await web.post("/processes/what-if/execution", json={"inputs": {"event": "flood"}})
        assert bad.status_code == 400 and "no event 'flood'" in bad.json()["detail"]
        fine = await web.post("/processes/study/execution", json={"inputs": {"flood": {"cell": 0.1}}})
        assert fine.status_code == 400 and "5 m or more" in fine.json()["detail"]

    ask(shown, act)


def test_tiles_and_pictures_are_pngs_that_a_browser_keeps(shown) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        for path in ("/tiles/terrain/12/2156/1281.png", "/api/rasters/ground.png", "/api/rasters/reach.png"):
            answer = await web.get(path)
            assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
            assert "content-encoding" not in answer.headers
            again = await web.get(path, headers={"If-None-Match": answer.headers["etag"]})
            assert again.status_code == 304
        city = await web.get("/api/city")
        assert city.headers["content-encoding"] == "gzip" and city.json()["name"] == "vejle"

    ask(shown, act)


def test_a_city_that_cannot_be_made_ready_is_told() -> None:
    async def played() -> None:
        parts = new_parts(Settings(Path("nowhere")))
        parts.shown = asyncio.get_running_loop().create_future()
        parts.shown.set_exception(InputError("there is no ground"))
        transport = httpx.ASGITransport(create_app(parts))
        async with httpx.AsyncClient(transport=transport, base_url="http://genrejs.example") as web:
            answer = await web.get("/api/city")
        assert answer.status_code == 503 and "there is no ground" in answer.json()["detail"]

    asyncio.run(played())
