"""The interface as it is told: every answer fits it, whatever is sent; no page or answer from elsewhere."""

from __future__ import annotations

import asyncio
import runpy
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks

from genrejs.ensemble.ask import ask_schema
from genrejs.ensemble.store import Store
from genrejs.errors import InputError
from genrejs.study import Study
from genrejs.web.app import create_app, new_parts
from genrejs.web.cards import Card
from genrejs.web.hooks import hooks_of
from genrejs.web.questions import PROCESSES, read_question
from genrejs.web.settings import Settings

small = SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "small_server.py")))
Still = small.Still
QUICK = settings(
    max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def app_of(folder: Path, **limits: Any) -> Any:
    """Return an app whose city is ready at once and whose workers never begin."""
    return create_app(new_parts(replace(Settings(folder), **limits), Still(), lambda _: Still()))


def ask(app: Any, act: Any) -> None:
    """Let `act` ask a started app."""

    async def played() -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        base = "http://genrejs.example"
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=base) as web:
            await act(web)

    asyncio.run(played())


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, Any]:
    return app_of(tmp_path_factory.mktemp("data")).openapi()


def test_every_route_of_the_contract_is_told(told) -> None:
    paths = set(told["paths"])
    assert {
        "/api/city", "/api/dynamics", "/api/variables", "/api/layers/{name}.geojson", "/api/things/{layer_name}/{row}",
        "/tiles/terrain/{zoom}/{column}/{row}.png", "/api/rasters/ground.png", "/api/rasters/reach.png",
        "/conformance", "/processes", "/processes/{process}", "/processes/{process}/execution", "/jobs", "/jobs/{id}",
        "/jobs/{id}/results", "/jobs/{id}/events", "/jobs/{id}/frames/{number}.png", "/jobs/{id}/depth.png",
        "/jobs/{id}/report.html",
    } == paths  # fmt: skip
    for path, methods in told["paths"].items():
        for method in methods.values():
            assert method["description"], path
            assert {"4XX", "5XX"} <= set(method["responses"]), path


ANSWERS = (
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
)  # fmt: skip
"""Of every answer."""
METHODS = (checks.unsupported_method,)
"""Asks once more, by a way that there is none."""


@pytest.mark.filterwarnings("ignore")
def test_whatever_is_sent_is_answered_as_told(tmp_path) -> None:
    app = app_of(tmp_path, queued_each=10**6, queued_all=10**6)
    answered: Counter[tuple[str, int]] = Counter()
    for operation in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations():

        @QUICK
        @given(operation.ok().as_strategy(), st.booleans())
        def one(case: Any, there: bool) -> None:
            if there and "id" in case.path_parameters:
                question = read_question("what-if", {"event": "attack_48h"}, Study())
                case.path_parameters["id"] = app.state.parts.jobs.submit(question, "anna").id
            if there and case.path.endswith("/execution"):
                case.body = {"inputs": {"event": {"kind": "surge", "peak": 1.7}}}
            follows = there and case.path.endswith("/events")  # it would be followed for ever
            if not follows:
                answer = case.call_and_validate(checks=ANSWERS + METHODS)
                answered[case.method, answer.status_code] += 1

        one()
    assert {("GET", 200), ("GET", 404), ("POST", 201), ("DELETE", 200)} <= set(answered)


@pytest.mark.filterwarnings("ignore")
def test_no_operation_of_the_whole_server_ever_fails(tmp_path) -> None:
    app = small.app_of(tmp_path, Still(), queued_each=10**6, queued_all=10**6)
    city = small.Small(Settings(tmp_path, None, small.STUDY))
    app.state.parts.load = lambda _: city
    here: dict[str, str] = {}

    async def set_up(web: httpx.AsyncClient) -> None:
        found = (await web.post("/api/workshops", json={"title": "Fjordbyen"})).json()
        person = (await web.post(f"/api/workshops/{found['code']}/join", json={})).json()
        here.update(code=found["code"], leader=found["leader_token"], person=person["token"])
        lead = {"X-Genrejs-Token": found["leader_token"]}
        for body in ({"kind": "round", "name": "ideas"}, {"kind": "idea", "text": "Et grønt tag"}):
            await web.post(f"/api/workshops/{found['code']}/actions", json=body, headers=lead)

    ask(app, set_up)
    operations = [each.ok() for each in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations()]
    answered: dict[str, Counter[int]] = {operation.label: Counter() for operation in operations}

    for operation in operations:

        @settings(QUICK, max_examples=25)
        @given(operation.as_strategy(), st.booleans())
        def one(case: Any, there: bool) -> None:
            if there and "code" in case.path_parameters and case.method != "DELETE":
                case.path_parameters["code"] = here["code"]
                case.headers["X-Genrejs-Token"] = here["leader" if case.method == "GET" else "person"]
            if there and "id" in case.path_parameters:
                question = read_question("what-if", {"event": "attack_48h"}, Study())
                case.path_parameters["id"] = app.state.parts.jobs.submit(question, "anna").id
            if not (there and case.path.endswith("/events")):  # it would be followed for ever
                answered[case.operation.label][case.call_and_validate(checks=ANSWERS).status_code] += 1

        one()
    silent = [label for label, codes in answered.items() if not codes]
    told = sum(map(len, app.openapi()["paths"].values()))
    assert not silent and len(operations) == told, f"{len(operations) - len(silent)} of {told} were tried; not {silent}"
    assert {200, 201, 404} <= set().union(*answered.values())


@pytest.mark.filterwarnings("ignore")
def test_what_fits_the_told_schema_is_read_or_told_in_a_sentence() -> None:
    schema = ask_schema()
    body = {"content": {"application/json": {"schema": schema}}, "required": True}
    post = {"requestBody": body, "responses": {"200": {"description": "read"}}}
    document = {
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/ask": {"post": post}},
        "$defs": schema.pop("$defs"),
    }  # fmt: skip
    (operation,) = schemathesis.openapi.from_dict(document).get_all_operations()

    @settings(QUICK, max_examples=60)
    @given(operation.ok().as_strategy())
    def one(case: Any) -> None:
        try:
            assert read_question("what-if", case.body, Study()).process == "what-if"
        except InputError as error:
            assert str(error).endswith(".")

    one()


def test_processes_are_described_as_ogc_api_wants_it(tmp_path) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        conforms = (await web.get("/conformance")).json()["conformsTo"]
        assert "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core" in conforms
        listed = (await web.get("/processes")).json()["processes"]
        assert [each["id"] for each in listed] == list(PROCESSES) == ["what-if", "study"]
        what_if = (await web.get("/processes/what-if")).json()
        assert set(what_if["inputs"]) == {*ask_schema()["properties"], "frames"}
        assert what_if["inputs"]["event"]["minOccurs"] == 1 and what_if["inputs"]["drawn"]["minOccurs"] == 0
        event = what_if["inputs"]["event"]["schema"]
        jsonschema.Draft202012Validator(event).validate({"kind": "surge", "peak": 2.0})
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(event).validate({"kind": "surge", "peak": 20})

    ask(app_of(tmp_path), act)


def test_a_wish_becomes_a_job_that_can_be_followed_and_stopped(tmp_path) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        made = []
        for peak in (1.0, 1.5):
            wish = {"inputs": {"event": {"kind": "surge", "peak": peak}, "frames": False}}
            answer = await web.post("/processes/what-if/execution", json=wish)
            assert answer.status_code == 201
            info = answer.json()
            assert answer.headers["location"] == f"/jobs/{info['jobID']}"
            assert (info["processID"], info["type"], info["status"]) == ("what-if", "process", "accepted")
            made.append(info)
        assert [each["position"] for each in made] == [0, 1]
        third = await web.post("/processes/what-if/execution", json={"inputs": {"event": "attack_48h"}})
        assert third.status_code == 429 and third.headers["retry-after"] == "10"
        other = await web.post(
            "/processes/what-if/execution", json={"inputs": {"event": "attack_48h"}}, headers={"X-Genrejs-Token": "t"}
        )
        assert other.json()["position"] == 1  # another user's turn comes before the first one's second
        mine = (await web.get("/jobs")).json()["jobs"]
        assert [each["jobID"] for each in mine] == [each["jobID"] for each in reversed(made)]
        early = await web.get(f"/jobs/{made[0]['jobID']}/results")
        assert early.status_code == 404 and early.json()["type"].endswith("/result-not-ready")
        for path in ("depth.png", "frames/0.png", "report.html"):
            assert (await web.get(f"/jobs/{made[0]['jobID']}/{path}")).status_code == 404
        gone = await web.delete(f"/jobs/{made[0]['jobID']}")
        assert gone.status_code == 200 and gone.json()["status"] == "dismissed"
        assert (await web.delete(f"/jobs/{made[0]['jobID']}")).status_code == 409
        assert (await web.get(f"/jobs/{made[1]['jobID']}")).json()["position"] == 0
        events = await web.get(f"/jobs/{made[0]['jobID']}/events")
        assert events.headers["content-type"].startswith("text/event-stream") and "event: done" in events.text

    app = app_of(tmp_path, queued_each=2)
    app.state.parts.holder = {"t": "t"}.get  # a token that somebody of a workshop holds
    ask(app, act)


@pytest.mark.parametrize(
    ("process", "inputs", "says"),
    [
        ("dance", {}, "no process 'dance'"),
        ("what-if", {"event": "attack_48h", "frames": "yes"}, "true or false"),
        ("what-if", {"event": "attack_48h", "speed": 1}, "speed"),
        ("study", {"city": "atlantis"}, "runs the city 'vejle'"),
        ("study", {"flood": {"risk_cell": 1.0}}, "10 m or more"),
        ("study", {"damage": {"samples": 1000}}, "100 at most"),
        ("study", {"strategies": ["today"] * 21}, "20 values at most"),
        ("study", {"tempo": 1}, "unknown key"),
    ],
)
def test_wrong_inputs_are_told_in_a_sentence(process, inputs, says) -> None:
    with pytest.raises(InputError, match=says):
        read_question(process, inputs, Study())


def test_the_same_question_in_other_words_has_the_same_key() -> None:
    one = read_question("what-if", {"event": {"kind": "surge", "peak": 2}}, Study())
    two = read_question("what-if", {"event": {"kind": "surge", "peak": 2.0}, "measures": [], "frames": False}, Study())
    assert one.key == two.key and one.film and not two.film
    assert read_question("study", {}, Study()).key != one.key


def test_a_workshop_s_run_goes_through_the_same_queue(tmp_path) -> None:
    parts = new_parts(Settings(tmp_path), Still(), lambda _: Still())
    inputs = {"event": {"kind": "surge", "peak": 1.5}}

    async def act(web: httpx.AsyncClient) -> None:
        hooks = hooks_of(parts)
        waiting = await hooks.start_run({"event": "attack_48h"}, "workshop-ABC234")
        assert (await web.get(f"/jobs/{waiting}")).json()["status"] == "accepted"
        card = Card("what-if", read_question("what-if", inputs, Study()).key, "2026-01-01T00:00:00+00:00")
        parts.cards.keep(card)
        Store(tmp_path / "store").keep_record(card.key, {"key": card.key})
        kept = await hooks.start_run(inputs, "workshop-ABC234")
        assert await hooks.wait_run(kept) == {"key": card.key} == (await web.get(f"/jobs/{kept}/results")).json()
        assert await hooks.wait_run("none") is None
        with pytest.raises(InputError, match="no event"):
            await hooks.start_run({"event": "flood"}, "workshop-ABC234")
        assert hooks.price([{"kind": "wall"}]) == 7.0

    assert parts.ready is None
    with pytest.raises(InputError, match="not ready yet"):
        hooks_of(parts).price([])
    ask(create_app(parts), act)


def test_a_fault_of_ours_tells_nothing_of_itself(tmp_path, monkeypatch) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        answer = await web.get("/api/things/buildings/0")
        assert answer.status_code == 500 and answer.json()["detail"] == "A fault of ours; the server's log says more."

    monkeypatch.setattr(Still, "thing", None)
    ask(app_of(tmp_path), act)
