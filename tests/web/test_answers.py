"""What is declared is what is told: the city, its things and a result, and the pages' types made from it."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from genrejs.ensemble.ask import read_ask
from genrejs.ensemble.store import Store
from genrejs.ensemble.whatif import Desk, run_ask
from genrejs.web.answers import Answer, City, Thing, Variable
from genrejs.web.city import city_json, variables_json
from genrejs.web.layers import LAYERS
from genrejs.web.rasters import window_of
from genrejs.web.settings import Settings
from genrejs.web.things import thing

TYPES = Path(__file__).parents[2] / "frontend" / "api_types.py"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(cache=Path.home() / ".cache" / "genrejs")


def plain(value):
    return json.loads(json.dumps(value, allow_nan=False))


def test_the_city_is_what_is_declared(desk) -> None:
    told = city_json(desk.city, desk.study, window_of(desk.city, desk.study.flood.window))
    City.model_validate(plain(told))
    for each in variables_json(desk.study):
        Variable.model_validate(plain(each))


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_a_thing_of_every_layer_is_what_is_declared(desk, layer) -> None:
    told = Thing.model_validate(plain(thing(desk.city, layer, 0)))
    assert all((fact.value_da is None) == (fact.value_en is None) for fact in told.facts)


def test_words_are_told_in_each_language_and_together(desk) -> None:
    facts = {fact["name_en"]: fact for fact in thing(desk.city, "components", 0)["facts"]}
    word = facts["Depends on municipal IT"]
    assert word["value"] == f"{word['value_da']} / {word['value_en']}"
    assert "value_da" not in facts["Repair after water"]


def test_a_result_is_what_is_declared(desk, tmp_path) -> None:
    ask = read_ask({"event": {"kind": "outage", "services": ["power"], "hours": 6}})
    Answer.model_validate(plain(run_ask(ask, Store(tmp_path), desk, progress=lambda *_: None)))


def test_a_year_s_figures_tell_where_they_come_from(desk) -> None:
    sources = {each["name"]: each["source"] for each in variables_json(desk.study)}
    assert "DMI" in sources["sea_rise"] and sources["river_factor"] == "assumption" and sources["town_residents"]
    own = desk.study.model_copy(update={"climate": desk.study.climate.model_copy(update={"river_growth": 0.9})})
    assert {each["name"]: each["source"] for each in variables_json(own)}["sea_rise"] == "assumption"


def test_a_server_with_a_climate_of_its_own_says_so(tmp_path) -> None:
    small = runpy.run_path(str(Path(__file__).with_name("small_server.py")))
    study = small["STUDY"]
    own = study.model_copy(update={"climate": study.climate.model_copy(update={"river_growth": 0.9})})
    for given, assumed in ((study, False), (own, True)):
        shown = small["Small"](Settings(tmp_path, None, given))
        sources = {each["name"]: each["source"] for each in shown.variables}
        assert (sources["sea_rise"] == "assumption") == assumed


def test_the_pages_types_are_those_that_the_server_declares() -> None:
    made = runpy.run_path(str(TYPES))
    assert made["PLACE"].read_text("utf-8") == made["text"](), "run frontend/api_types.py"
