"""The workshop over HTTP: who may what, in which language, what comes back, what is followed, and nothing that breaks."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import tomllib
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from genrejs.errors import InputError
from genrejs.web.desk import Hooks, WorkshopSettings
from genrejs.web.guard import Limits, Rate, guarded
from genrejs.web.settings import Settings, public_address
from genrejs.web.workshops import workshop_router
from genrejs.workshop import stream
from genrejs.workshop.hall import LISTENERS, Hall
from genrejs.workshop.live import Live
from genrejs.workshop.refused import Refused
from genrejs.workshop.store import Store

MEASURE = "raised_edge"
ODD = [
    "<script>alert(1)</script>",
    "'; DROP TABLE actions; --",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}${7*7}%s",
    "æøå 👩\u200d🌾",
]
WALL = {"kind": "wall", "line": [[9.5, 55.7], [9.51, 55.7]], "height": 1.5}
FREE = Limits(token=Rate(0, 0), address=Rate(0, 0), reads=Rate(0, 0))


def build(tmp_path, hooks: Hooks | None = None, limits: Limits = FREE, listeners: int = LISTENERS, **settings: Any):
    app, hall = FastAPI(), Hall(Store(tmp_path / "w.sqlite"), listeners=listeners)
    app.state.hall = hall
    app.include_router(workshop_router(hall, hooks, WorkshopSettings(**settings)))
    return app, guarded(app, limits)


class Person:
    """Somebody who talks to a workshop."""

    def __init__(self, web: httpx.AsyncClient, code: str, token: str | None) -> None:
        self.web, self.here, self.token = web, f"/api/workshops/{code}", token

    async def __call__(self, kind: str, **fields: Any) -> httpx.Response:
        return await self.ask("POST", "/actions", json={"kind": kind, **fields})

    async def ask(
        self, method: str, path: str = "", headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        own = {"X-Genrejs-Token": self.token} if self.token else {}
        answer = await self.web.request(method, self.here + path, headers={**own, **(headers or {})}, **more)
        assert "set-cookie" not in answer.headers and answer.headers["x-content-type-options"] == "nosniff"
        assert answer.status_code < 500 or answer.status_code == 503
        return answer

    async def get(self, path: str = "") -> Any:
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Table:
    """A workshop with its leader, and people who come in."""

    def __init__(self, web: httpx.AsyncClient, found: dict[str, str]) -> None:
        self.web, self.code = web, found["code"]
        self.leader = Person(web, self.code, found["leader_token"])
        self.nobody = Person(web, self.code, None)

    async def person(self, **fields: Any) -> Person:
        answer = await self.web.post(f"/api/workshops/{self.code}/join", json=fields)
        assert answer.status_code == 201, answer.text
        return Person(self.web, self.code, answer.json()["token"])


Act = Callable[[Table], Awaitable[None]]


def sit(guard: Any, act: Act, client: tuple[str, int] = ("10.0.0.1", 1), **fields: Any) -> None:
    async def play() -> None:
        transport = httpx.ASGITransport(guard, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://genrejs.example") as web:
            answer = await web.post("/api/workshops", json={"title": "Fjordbyen", **fields})
            assert answer.status_code == 201, answer.text
            await act(Table(web, answer.json()))

    asyncio.run(play())


def told(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json" and body["status"] == answer.status_code
    assert body["detail"][0].isupper() and body["detail"].endswith(".")
    return answer.status_code, body["reason"]


def test_a_workshop_from_its_first_card_to_its_harvest(tmp_path):
    async def act(table: Table) -> None:
        lead = table.leader
        anna, bo = await table.person(nickname="Anna"), await table.person(language="en")
        await lead("round", name="challenges")
        assert (await anna("card", text="Vand i kælderen")).json() == {"seq": 4}
        await bo("star", card="c1")
        await lead("round", name="ideas")
        await bo("idea", measure=MEASURE)
        await anna("support", idea="i1")
        await lead("round", name="decide")
        await anna("budget", spend={"i1": 1000})
        await lead("tally", open=True)
        state = await table.nobody.get()
        assert state["people"] == 2 and state["cards"][0]["stars"] == 1 and state["ideas"][0]["support"] == 1
        assert state["budget"]["spent"] == {"i1": {"people": 1, "dkk": 1000}}
        assert (await anna.get("/mine"))["budget"] == {"i1": 1000} and (await anna.get("/mine"))["nickname"] == "Anna"
        assert "Anna" not in json.dumps(state) and "Anna" in json.dumps(await lead.get("/state"))
        text = (await table.nobody.ask("GET", "/minutes.md?language=en")).text
        assert "DKK 1,000" in text and "Anna" not in text
        study = tomllib.loads((await table.nobody.ask("GET", "/study.toml")).text)
        assert study["name"] == "Fjordbyen" and "today" in study["strategies"]
        await lead("rules", stars=4)
        assert MEASURE in (await table.nobody.get("/ask.json"))["measures"] or not state["ideas"][0]["cost"] <= 5e7

    sit(build(tmp_path)[1], act)


def test_a_study_of_a_workshop_is_a_study(tmp_path):
    from genrejs.study import check_study

    async def act(table: Table) -> None:
        anna = await table.person()
        await table.leader("round", name="ideas")
        await anna("idea", measure=MEASURE)
        await table.leader("round", name="decide")
        await anna("dots", ideas=["i1"])
        await table.leader("rules", budget=10**11)
        await table.leader("tally", open=True)
        for language in ("da", "en", "xx"):
            answer = await table.nobody.ask("GET", f"/study.toml?language={language}")
            study = check_study(tomllib.loads(answer.text))
            assert {"today", "grey"} <= set(study.strategies) and MEASURE in answer.text.split("name =")[0]

    sit(build(tmp_path)[1], act)


def test_whatever_is_written_comes_back_as_text(tmp_path):
    async def act(table: Table) -> None:
        anna = await table.person(nickname="<b>&</b>")
        await table.leader("round", name="challenges")
        for text in ODD:
            assert (await anna("card", text=text)).status_code == 200
        await table.leader("group", cards=["c1"], group=ODD[0])
        await table.leader("round", name="ideas")
        for text in ODD:
            assert (await anna("idea", text=text)).status_code == 200
        answer = await table.nobody.ask("GET")
        assert answer.headers["content-type"] == "application/json" and answer.json()["title"] == ODD[0]
        assert (
            [card["text"] for card in answer.json()["cards"]]
            == ODD
            == [idea["text"] for idea in answer.json()["ideas"]]
        )
        assert answer.json()["groups"] == [ODD[0]] and answer.json()["question"] == ODD[1]
        minutes = await table.nobody.ask("GET", "/minutes.md")
        assert "<" not in minutes.text and minutes.headers["content-type"] == "text/markdown; charset=utf-8"
        export = await table.leader.ask("GET", "/export.json")
        assert ODD[1] in json.dumps(export.json()) and "attachment" in export.headers["content-disposition"]
        qr = await table.nobody.ask("GET", "/qr.svg")
        assert qr.headers["content-type"] == "image/svg+xml" and qr.text.startswith("<svg") and "script" not in qr.text

    sit(build(tmp_path)[1], act, title=ODD[0], question=ODD[1])


def test_the_right_token_and_no_other(tmp_path):
    async def act(table: Table) -> None:
        anna = await table.person()
        stranger = Person(table.web, table.code, "A" * 22)
        for who in (table.nobody, stranger):
            assert told(await who("card", text="x")) == (403, "no_token")
            for path in ("/state", "/export.json", "/mine"):
                assert told(await who.ask("GET", path)) == (403, "no_token")
            assert told(await who.ask("DELETE")) == (403, "no_token")
        for path in ("/state", "/export.json"):
            assert told(await anna.ask("GET", path)) == (403, "leader_only")
        assert told(await anna.ask("DELETE")) == (403, "leader_only")
        assert told(await anna("close")) == (403, "leader_only")
        assert told(await table.leader.ask("GET", "/mine")) == (403, "participants_only")
        assert (
            told(await anna.ask("GET", "/study.toml")) == told(await anna.ask("GET", "/ask.json")) == (409, "not_open")
        )
        assert (await table.leader.ask("GET", "/study.toml")).status_code == 200
        # A token in an address or a cookie is no token.
        for way in ({"params": {"token": table.leader.token}}, {"headers": {"Cookie": f"token={table.leader.token}"}}):
            assert (await table.nobody.ask("GET", "/state", **way)).status_code == 403

    sit(build(tmp_path)[1], act)


def test_a_refusal_speaks_the_language_of_whoever_asked(tmp_path):
    async def act(table: Table) -> None:
        dane, briton = await table.person(), await table.person(language="en")
        third = await table.web.post(f"{dane.here}/join", json={}, headers={"Accept-Language": "en-GB,en"})
        for who, words in (
            (dane, "Skriv noget først."),
            (briton, "Write something first."),
            (table.leader, "Skriv noget først."),
        ):
            answer = await who("card", text=" \u202e ")
            assert told(answer) == (400, "text_empty") and answer.json()["detail"] == words
        assert "over" not in (await Person(table.web, table.code, third.json()["token"])("card", text="x")).text
        assert (await Person(table.web, table.code, third.json()["token"])("card", text="x")).headers[
            "content-language"
        ] == "en"
        # What the page speaks now comes before what was chosen when somebody came in.
        switched = await dane.ask("POST", "/actions", json={"kind": "close"}, headers={"Accept-Language": "en"})
        assert switched.json()["detail"] == "Only the workshop's leader can do that."
        unknown = await briton.ask("POST", "/actions", json={"kind": "close"}, headers={"Accept-Language": "fi"})
        assert unknown.headers["content-language"] == "en"
        answer = await table.nobody.ask("GET", "/state", headers={"Accept-Language": "en"})
        assert answer.json()["detail"].startswith("You are not part") and answer.headers["content-language"] == "en"

    sit(build(tmp_path)[1], act)


BROKEN = [
    (b"", "body"), (b"{", "body"), (b"[]", "body"), (b"null", "body"), (b"3", "body"), (b"\xff\xfe\x00", "body"),
    (b"[" * 20_000, "body"), (b'{"kind": "timer", "seconds": ' + b"9" * 5000 + b"}", "body"),
    (b'{"kind": "timer", "seconds": ' + b"9" * 4000 + b"}", "field_wrong"), (b'{"kind": "timer", "seconds": NaN}', "field_wrong"),
    (b'{"kind": "timer", "seconds": 1e400}', "field_wrong"), (b'{"kind": "timer", "seconds": "5"}', "field_wrong"),
    (b'{"kind": "timer", "seconds": true}', "field_wrong"), (b'{"kind": "timer", "seconds": -1}', "field_wrong"),
    (b'{"kind": "card", "text": "\\ud800"}', "field_wrong"), (b'{"kind": "card", "text": "\\u0000"}', "text_empty"),
    (b'{"kind": "card", "\\ud800": 1, "text": "x"}', "field_wrong"), (b'{"kind": "card", "text": 3}', "field_wrong"),
    (b'{"kind": "card"}', "field_missing"), (b'{"kind": "nope"}', "field_wrong"), (b"{}", "field_missing"),
    (b'{"kind": "join"}', "field_wrong"), (b'{"kind": "ran", "job": "x"}', "field_wrong"), (b'{"kind": ["card"]}', "field_wrong"),
    (b'{"kind": "card", "text": "' + b"x" * 281 + b'"}', "text_long"), (b'{"kind": "undo", "seq": 99999999999999999999}', "field_wrong"),
    (b'{"kind": "idea", "text": "x", "place": [NaN, 1]}', "field_wrong"), (b'{"kind": "idea", "text": "x", "place": [1]}', "field_missing"),
    (b'{"kind": "idea", "text": "x", "drawn": [{"kind": "wall", "height": Infinity}]}', "field_wrong"),
    (b'{"kind": "simulate", "ideas": ["\\u0000"]}', "no_idea"), (b'{"kind": "group", "cards": ["c1\\u0000"], "group": "x"}', "no_card"),
]  # fmt: skip


def test_what_cannot_be_read_is_refused_in_a_sentence_and_never_breaks(tmp_path):
    async def act(table: Table) -> None:
        for body, reason in BROKEN:
            answer = await table.leader.ask(
                "POST", "/actions", content=body, headers={"content-type": "application/json"}
            )
            assert told(answer)[1] == reason and answer.status_code in {400, 404}, body

    sit(build(tmp_path)[1], act)


def test_a_form_of_another_site_is_not_read(tmp_path):
    async def act(table: Table) -> None:
        for media in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/html",
            "",
        ):
            kind = {"content-type": media}
            assert (
                told(await table.leader.ask("POST", "/actions", content=b'{"kind": "close"}', headers=kind))[0] == 400
            )
            assert (await table.web.post("/api/workshops", content=b'{"title": "x"}', headers=kind)).status_code == 400

    sit(build(tmp_path)[1], act)


UNFOUNDED = [
    ({"title": ""}, "text_empty"), ({"title": "\u200b"}, "text_empty"), ({"title": "x" * 121}, "text_long"), ({}, "field_missing"),
    ({"title": "x", "city": "atlantis"}, "no_city"), ({"title": "x", "language": "xx"}, "field_wrong"),
    ({"title": "x", "keep_days": 0}, "field_wrong"), ({"title": "x", "keep_days": 366}, "field_wrong"),
    ({"title": "x", "leader": "y"}, "field_unknown"), ({"title": "x", "question": "x" * 281}, "text_long"),
]  # fmt: skip


def test_a_workshop_that_cannot_be_set_up_is_refused(tmp_path):
    async def act(table: Table) -> None:
        for fields, reason in UNFOUNDED:
            answer = await table.web.post("/api/workshops", json=fields)
            assert told(answer) == (404 if reason == "no_city" else 400, reason), fields

    sit(build(tmp_path)[1], act)


def test_a_wrong_code_is_not_found(tmp_path):
    async def act(table: Table) -> None:
        for code in ("XXXXXX", "abc", "%00", "..%2f..", "'%20OR%201=1--", "x" * 3000, "%F0%9F%92%A9", "ABCDEF%0A"):
            for path in ("", "/state", "/events", "/qr.svg", "/minutes.md"):
                answer = await table.web.get(f"/api/workshops/{code}{path}")
                assert answer.status_code == 404, answer.text

    sit(build(tmp_path, tries=Rate(0, 0))[1], act)


def test_guessing_codes_is_stopped_but_not_those_who_are_in(tmp_path):
    guard = build(tmp_path, tries=Rate(5, 0.001))[1]
    held: list[Table] = []

    async def guess(table: Table) -> None:
        anna = await table.person()
        other = httpx.AsyncClient(transport=httpx.ASGITransport(guard, client=("10.9.9.9", 1)), base_url="http://x")
        for _ in range(5):
            assert (await other.get("/api/workshops/XXXXXX")).status_code == 404
        answer = await other.get("/api/workshops/XXXXXX")
        assert told(answer) == (429, "code_tries") and int(answer.headers["retry-after"]) > 1
        # Even the right code is no longer answered, so a guess tells nothing; who has a token goes on.
        assert told(await other.get(anna.here)) == (429, "code_tries")
        assert (await other.get(f"{anna.here}/mine", headers={"X-Genrejs-Token": anna.token or ""})).status_code == 200
        assert (await other.get(anna.here)).status_code == 200
        # Where participants have come in, a neighbour's guesses shut nobody out.
        for _ in range(9):
            await table.web.get("/api/workshops/XXXXXX")
        assert (await table.nobody.ask("GET")).status_code == 200 and (await table.person()).token
        held.append(table)
        await other.aclose()

    sit(guard, guess)
    assert held


def test_new_workshops_and_actions_have_their_rates(tmp_path):
    async def act(table: Table) -> None:
        assert told(await table.web.post("/api/workshops", json={"title": "x"})) == (429, "too_fast")
        codes = [(await table.leader("timer", seconds=5)).status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]

    limits = Limits(token=Rate(3, 0.001))
    sit(build(tmp_path, limits=limits, founding=Rate(1, 0.001))[1], act)


def test_ten_megabytes_are_too_much(tmp_path):
    async def act(table: Table) -> None:
        answer = await table.leader("card", text="x" * 10_000_000)
        assert told(answer) == (413, "body_large")

        async def parts():
            for _ in range(10):
                yield b"x" * 1_000_000

        assert (await table.leader.ask("POST", "/actions", content=parts())).status_code == 413

    sit(build(tmp_path)[1], act)


def test_a_hidden_tally_is_not_in_the_bytes_that_everybody_gets(tmp_path):
    async def act(table: Table) -> None:
        anna, bo = await table.person(), await table.person()
        await table.leader("round", name="ideas")
        await anna("idea", measure=MEASURE)
        await table.leader("round", name="decide")
        before = [(await bo.ask("GET", path)).content for path in ("", "/minutes.md", "/qr.svg", "/mine")]
        assert (await anna("dots", ideas=["i1", "i1"])).json() == {"seq": None}
        await anna("budget", spend={"i1": 5})
        assert [(await bo.ask("GET", path)).content for path in ("", "/minutes.md", "/qr.svg", "/mine")] == before
        everything = await table.leader.get("/state")
        assert everything["voted"] == {"budget": 1, "dots": 1} and everything["chosen"] == []
        hidden = await bo.get()
        assert hidden["chosen"] == "hidden" and "voted" not in hidden
        await table.leader("rules", stars=1)
        await table.leader("tally", open=True)
        assert (await bo.get())["chosen"] == [] and "voted" not in await bo.get()
        assert (await anna.get("/mine"))["dots"] == ["i1", "i1"]

    sit(build(tmp_path)[1], act)


def test_a_run_is_started_followed_and_told(tmp_path):
    asked: list[tuple[dict, str]] = []
    done = asyncio.Event()

    async def start(inputs, user) -> str:
        if inputs["event"] == "nope":
            raise InputError("There is no event 'nope'.")
        asked.append((dict(inputs), user))
        return f"job-{len(asked)}"

    async def wait(job: str):
        await done.wait()
        if job == "job-3":
            raise RuntimeError("a worker died")
        damage = 7.0 if asked[int(job[4:]) - 1][0]["measures"] else 9.0
        return {
            "constructed": True,
            "cost_dkk": 5.0,
            "figures": {"damage_dkk": damage, "x": float("inf")},
            "districts": [{"id": "d1", "buildings_flooded": damage, "residents_wet": 1.0, "person_days": 2.0}],
        }

    async def act(table: Table) -> None:
        await table.leader("round", name="ideas")
        await table.leader("idea", measure=MEASURE)
        await table.leader("idea", text="mur", drawn=[WALL])
        await table.leader("idea", text="ord")
        assert told(await table.leader("simulate", ideas=["i3"])) == (409, "not_runnable")
        assert told(await table.leader("simulate", ideas=["i1"], event="nope")) == (400, "run_wrong")
        assert told(await table.leader("simulate", ideas=["i1"], strategy="nope")) == (400, "run_wrong")
        assert (await table.leader("simulate", ideas=["i1", "i2"], year=2070)).status_code == 200
        assert (await table.leader("simulate", ideas=["i1"])).status_code == 200
        assert asked[0] == (
            {"event": "storm_1872", "strategy": "today", "measures": [MEASURE], "drawn": [WALL], "year": 2070},
            f"workshop-{table.code}",
        )
        assert [run["status"] for run in (await table.nobody.get())["runs"]] == ["running"] * 2
        done.set()
        async with asyncio.timeout(10):
            while "running" in [run["status"] for run in (await table.nobody.get())["runs"]]:
                await asyncio.sleep(0.01)
        runs = (await table.nobody.get())["runs"]
        assert [run["status"] for run in runs] == ["successful", "failed"]
        assert runs[0]["figures"] == {"damage_dkk": 7.0, "x": None} and runs[0]["constructed"] is True
        # The same event, strategy and year without the ideas, so that their effect is told in the city and by district.
        assert asked[1][0] == {**asked[0][0], "measures": [], "drawn": []} and asked[1][1] == asked[0][1]
        before = runs[0]["before"]
        assert before["figures"] == {"damage_dkk": 9.0, "x": None} and runs[1]["before"] is None
        assert (before["districts"][0]["buildings_flooded"], runs[0]["districts"][0]["buildings_flooded"]) == (9.0, 7.0)
        assert "7 kr. (uden idéerne: 9 kr.)" in (await table.nobody.ask("GET", "/minutes.md")).text

    sit(build(tmp_path, Hooks(start, wait, lambda drawn: 100.0))[1], act)


def test_a_run_is_told_without_what_it_is_held_against_where_that_cannot_be_worked_out(tmp_path):
    """The queue is full for the second run, or it fails: the first one's figures stand alone."""

    async def start(inputs, user) -> str:
        if not inputs["measures"] and inputs["year"] == 2070:
            raise Refused("much", "runs_full")
        return "with" if inputs["measures"] else "without"

    async def wait(job: str):
        return {"figures": {"damage_dkk": 7.0}, "districts": []} if job == "with" else None

    async def act(table: Table) -> None:
        await table.leader("round", name="ideas")
        await table.leader("idea", measure=MEASURE)
        for year in (2070, 2071):
            assert (await table.leader("simulate", ideas=["i1"], year=year)).status_code == 200
            async with asyncio.timeout(10):
                while (run := (await table.nobody.get())["runs"][-1])["status"] == "running":
                    await asyncio.sleep(0.01)
            assert run["status"] == "successful" and run["before"] is None and run["figures"] == {"damage_dkk": 7.0}

    sit(build(tmp_path, Hooks(start, wait))[1], act)


def test_what_is_sent_twice_is_done_once(tmp_path):
    started: list[str] = []

    async def start(inputs, user) -> str:
        await asyncio.sleep(0.01)
        started.append(user)
        return f"job-{len(started)}"

    async def wait(job: str):
        return None

    async def act(table: Table) -> None:
        anna, bo = await table.person(), await table.person()
        await table.leader("round", name="challenges")
        first = [(await anna("card", text="Vand", once="k1")).json() for _ in range(3)]
        assert first == [{"seq": 4}] * 3
        # All at once, as when a phone that lost the net sends again while the first is still on its way.
        many = await asyncio.gather(*[anna("card", text="Storm", once="k2") for _ in range(8)])
        assert {each.json()["seq"] for each in many} == {5}
        assert (await bo("card", text="Vand", once="k1")).json() == {"seq": 6}
        assert (await anna("card", text="Vand")).json() == {"seq": 7}
        # Another thing by the same key is the same thing; one that would be refused now is answered as before.
        assert (await anna("star", card="c1", once="k1")).json() == {"seq": 4}
        await table.leader("undo", seq=4)
        await table.leader("round", name="ideas")
        assert (await anna("card", text="Vand", once="k1")).json() == {"seq": 4}
        assert told(await anna("card", text="Vand", once="k9")) == (409, "when_card")
        await anna("idea", measure=MEASURE, once="k3")
        assert (await anna("idea", measure=MEASURE, once="k3")).json() == {"seq": 10}
        runs = await asyncio.gather(*[table.leader("simulate", ideas=["i1"], once="r") for _ in range(2)])
        assert runs[0].json() == runs[1].json()
        state = await table.nobody.get()
        assert [card["text"] for card in state["cards"]] == ["Storm", "Vand", "Vand"]
        assert len(state["ideas"]) == len(state["runs"]) == 1 and "once" not in json.dumps(state)
        assert "k1" not in json.dumps((await table.leader.get("/state"))["log"])
        for key in ("", "x" * 65, 3):
            assert told(await anna("card", text="x", once=key))[0] == 400
        held.append((anna, state["version"]))

    held: list[tuple[Person, int]] = []
    sit(build(tmp_path, Hooks(start, wait))[1], act)

    async def again() -> None:
        transport = httpx.ASGITransport(build(tmp_path)[1], client=("10.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://genrejs.example") as web:
            anna = Person(web, held[0][0].here.rsplit("/", 1)[1], held[0][0].token)
            assert (await anna("card", text="Vand", once="k1")).json() == {"seq": 4}
            assert (await anna("idea", measure=MEASURE, once="k3")).json() == {"seq": 10}
            assert len((await anna.get())["ideas"]) == 1

    asyncio.run(again())


def test_rules_and_rounds_are_given_when_a_workshop_is_made_and_may_change(tmp_path):
    rounds = ["ideas", "decide", "talk"]

    async def act(table: Table) -> None:
        state = await table.nobody.get()
        assert state["rules"] == {"budget": 7_000_000, "stars": 3, "dots": 0}
        assert (state["rounds"], state["round"], state["timer"]) == (rounds, "ideas", None)
        await table.leader("round", name="decide")
        await table.leader("plan", rounds=["talk", "decide"])
        state = await table.nobody.get()
        assert (state["rounds"], state["round"]) == (["talk", "decide"], "decide")
        # A plan without the open round begins with its first; undone, all is as it was made.
        seq = (await table.leader("plan", rounds=["harvest"])).json()["seq"]
        assert (await table.nobody.get())["round"] == "harvest"
        await table.leader("undo", seq=seq)
        assert (await table.nobody.get())["round"] == "decide"
        assert told(await (await table.person())("plan", rounds=["talk"])) == (403, "leader_only")
        for wrong in ([], ["talk", "talk"], ["dance"], "talk", ["talk"] * 9):
            assert told(await table.leader("plan", rounds=wrong))[0] == 400
            assert (await table.web.post("/api/workshops", json={"title": "x", "rounds": wrong})).status_code == 400
        for rules in ({"budget": 0}, {"dots": 21}, {"speed": 1}, []):
            assert (await table.web.post("/api/workshops", json={"title": "x", "rules": rules})).status_code == 400

    sit(build(tmp_path)[1], act, rounds=rounds, rules={"budget": 7_000_000, "dots": 0})


def test_drawn_works_are_priced_before_they_become_an_idea(tmp_path):
    def price(drawn) -> float:
        if any("line" not in work for work in drawn):
            raise InputError("A drawn wall needs a line.")
        return 100.0 * len(drawn)

    async def act(table: Table) -> None:
        anna = await table.person()

        async def ask(who: Person, *works: Any) -> httpx.Response:
            return await who.ask("POST", "/price", json={"drawn": list(works)})

        assert (await ask(anna, WALL, WALL)).json() == {"dkk": 200.0}
        assert told(await ask(anna, {"kind": "basin"})) == (400, "drawn_wrong")
        assert told(await ask(anna)) == (400, "field_wrong")
        assert told(await ask(table.nobody, WALL)) == (403, "no_token")
        await table.leader("round", name="ideas")
        await anna("idea", text="En mur", drawn=[WALL], place=[9.5, 55.7])
        assert (await table.nobody.get())["ideas"][0]["cost"] == 100.0

    sit(build(tmp_path, Hooks(price=price))[1], act)
    (tmp_path / "other").mkdir()

    async def unready(table: Table) -> None:
        answer = await (await table.person()).ask("POST", "/price", json={"drawn": [WALL]})
        assert told(answer) == (503, "no_runs")

    sit(build(tmp_path / "other")[1], unready)


def test_what_is_wrong_with_a_drawing_is_told_in_the_model_s_own_words(tmp_path):
    def price(drawn) -> float:
        raise InputError("A drawn wall needs a line that does not cross itself.")

    async def act(table: Table) -> None:
        await table.leader("round", name="ideas")
        anna, bo = await table.person(), await table.person(language="en")
        for who, words in ((anna, "Muren må ikke krydse sig selv."), (bo, "The wall ")):
            for answer in (
                await who.ask("POST", "/price", json={"drawn": [WALL]}),
                await who("idea", text="x", drawn=[WALL]),
            ):
                assert told(answer) == (400, "drawn_wrong") and answer.json()["detail"].startswith(words)

    sit(build(tmp_path, Hooks(price=price))[1], act)


def test_a_participant_is_told_what_became_of_each_idea(tmp_path):
    async def act(table: Table) -> None:
        anna, bo = await table.person(), await table.person()
        await table.leader("round", name="ideas")
        await anna("idea", text="En højere kant ved havnen")
        await bo("idea", text="Læg sten op")
        await table.leader("idea", measure=MEASURE)
        for source in ("i1", "i2"):
            await table.leader("merge", **{"into": "i3", "from": source})
        assert (await anna.get("/mine"))["ideas"] == ["i1"] and (await bo.get("/mine"))["ideas"] == ["i2"]
        (idea,) = (await table.nobody.get())["ideas"]
        texts = ["En højere kant ved havnen", "Læg sten op"]
        assert [part["text"] for part in idea["parts"]] == texts and idea["measure"] == MEASURE

    sit(build(tmp_path)[1], act)


def test_many_cards_go_into_a_group_at_once_and_groups_are_limited(tmp_path):
    async def act(table: Table) -> None:
        await table.leader("round", name="challenges")
        for k in range(40):
            await table.leader("card", text=f"kort {k}")
        cards = [f"c{k}" for k in range(1, 41)]
        seq = (await table.leader("group", cards=[*cards, "c1"], group="Vand")).json()["seq"]
        assert {card["group"] for card in (await table.nobody.get())["cards"]} == {"Vand"}
        await table.leader("undo", seq=seq)
        assert (await table.nobody.get())["groups"] == []
        for k in range(30):
            assert (await table.leader("group", cards=[cards[k]], group=f"g{k}")).status_code == 200
        assert told(await table.leader("group", cards=["c40"], group="g30")) == (409, "groups_full")
        assert (await table.leader("group", cards=["c40"], group="g3")).status_code == 200
        assert (await table.leader("group", cards=["c40"], group=None)).status_code == 200
        assert told(await table.leader("group", cards=["c39", "c99"], group="g3")) == (404, "no_card")
        for wrong in ({}, {"cards": []}, {"card": "c1"}, {"card": "c1", "cards": ["c2"]}, {"cards": ["c1"] * 201}):
            assert told(await table.leader("group", group="g3", **wrong))[0] == 400

    sit(build(tmp_path)[1], act)


def test_who_holds_a_token_is_asked_of_all_workshops(tmp_path):
    app, guard = build(tmp_path)

    async def act(table: Table) -> None:
        async with app.router.lifespan_context(app):
            holder = app.state.hall.holder
            anna = await table.person()
            assert holder(anna.token) == f"{table.code} p1" and holder(table.leader.token) == f"{table.code} leader"
            assert holder("t") is holder("") is holder("x" * 10**6) is holder("\ud800") is None

    sit(guard, act)


def test_while_the_city_is_not_loaded_the_model_says_so_in_words(tmp_path):
    from genrejs.web.app import new_parts
    from genrejs.web.hooks import hooks_of

    async def act(table: Table) -> None:
        anna = await table.person()
        await table.leader("round", name="ideas")
        await table.leader("idea", measure=MEASURE)
        for answer in (
            await anna.ask("POST", "/price", json={"drawn": [WALL]}),
            await anna("idea", text="En mur", drawn=[WALL]),
            await table.leader("simulate", ideas=["i1"]),
        ):
            assert told(answer) == (503, "no_runs")
            assert answer.json()["detail"] == "Modellen er ikke klar endnu; prøv igen om et øjeblik."

    sit(build(tmp_path, hooks_of(new_parts(Settings(tmp_path))))[1], act)


def test_without_a_model_runs_are_refused(tmp_path):
    async def act(table: Table) -> None:
        await table.leader("round", name="ideas")
        await table.leader("idea", measure=MEASURE)
        assert told(await table.leader("simulate", ideas=["i1"])) == (503, "no_runs")

    sit(build(tmp_path)[1], act)


def test_deleted_is_gone(tmp_path):
    async def act(table: Table) -> None:
        assert (await table.leader.ask("DELETE")).status_code == 204
        assert told(await table.leader.ask("GET", "/state")) == (404, "no_workshop")

    sit(build(tmp_path)[1], act)
    assert Store(tmp_path / "w.sqlite").read() == []


def test_the_address_of_the_qr_is_the_one_that_was_set(tmp_path):
    import segno

    async def act(table: Table) -> None:
        drawn = (await table.nobody.ask("GET", "/qr.svg")).text
        wanted = segno.make(f"https://byen.example/w/{table.code}", error="m")
        assert f'viewBox="0 0 {wanted.symbol_size(border=3)[0]} ' in drawn

        assert (await table.web.get("/api/workshop")).json()["address"] == "https://byen.example"

    sit(build(tmp_path, address=public_address("https://byen.example/"))[1], act)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("https://byen.example/", "https://byen.example"),
        (" HTTP://Byen.Example:80 ", "http://byen.example:80"),
        ("http://[fe80::1]:8000", "http://[fe80::1]:8000"),
        ("https://bølge.dk", "https://bølge.dk"),
    ],
)
def test_an_address_that_phones_can_open_is_kept(given, kept, tmp_path):
    assert Settings(tmp_path, address=given).address == kept


@pytest.mark.parametrize(
    "given",
    [
        "", "192.168.1.5:8000", "ftp://x", "javascript:alert(1)", "http://", "http:///w", "http://x:port", "http://x:99999",
        "http://x/w/ABC", "http://x?y", "http://x#y", "http://me:secret@x", "http://[::1", "//x", "http://a b",
        "http://" + "x" * 300,
    ],
)  # fmt: skip
def test_an_address_that_phones_cannot_open_is_refused_in_a_sentence(given, tmp_path):
    with pytest.raises(InputError, match=r"is no address that phones can open; give http://NAME:PORT") as said:
        Settings(tmp_path, address=given)
    assert len(str(said.value)) < 250


def test_the_description_of_the_api_is_whole(tmp_path):
    app, _ = build(tmp_path)
    paths = app.openapi()["paths"]
    assert len([path for path in paths if path.startswith("/api/workshop")]) == 15
    for path, ways in paths.items():
        for method, way in ways.items():
            assert {"400", "403", "404", "409", "413", "429", "503"} <= set(way["responses"]), (path, method)
            assert "422" not in way["responses"] and way["description"].endswith(".")
    schema = paths["/api/workshops/{code}/actions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["discriminator"]["propertyName"] == "kind" and len(schema["oneOf"]) == 20


# Following


class Line:
    """A line to somebody who follows, or who does not read."""

    def __init__(self, reads: bool = True) -> None:
        self.parts: list[bytes] = []
        self.ended = self.done = False
        self._reads, self._gone = reads, asyncio.Event()

    async def send(self, message) -> None:
        if message["type"] == "http.response.body":
            if not self._reads and self.parts:
                await asyncio.sleep(3600)
            self.parts.append(message["body"])
            self.ended = not message["more_body"]

    async def receive(self):
        await self._gone.wait()
        return {"type": "http.disconnect"}

    def leave(self) -> None:
        self._gone.set()


async def seen(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.005)


def follow(act, alive: float = 15.0, patience: float = 20.0, most: int = 3) -> None:
    held = {"version": 1, "made": 0}

    def view() -> dict[str, Any]:
        held["made"] += 1
        return {"version": held["version"], "text": "linje\nskift"}

    async def play() -> None:
        live = Live(lambda: held["version"], view, most)

        async def one(line: Line) -> None:
            with live.follower():
                await stream.follow(live, line.receive, line.send, stream.Pace(alive, patience))
            line.done = True

        await act(live, held, one)

    asyncio.run(play())


def test_all_who_follow_share_the_bytes_of_each_version(tmp_path):
    async def act(live: Live, held, one) -> None:
        lines = [Line() for _ in range(3)]
        tasks = [asyncio.create_task(one(line)) for line in lines]
        await seen(lambda: all(len(line.parts) == 2 for line in lines))
        assert live.count == 3 and held["made"] == 1
        assert lines[0].parts == [
            b"retry: 2000\n\n",
            b'id: 1\nevent: state\ndata: {"version":1,"text":"linje\\nskift"}\n\n',
        ]
        assert all(line.parts[1] == lines[0].parts[1] for line in lines)
        with pytest.raises(Refused):
            live.follower().__enter__()
        # Of twenty changes in a moment no more than five a second are told, the last of which is the last.
        begun = asyncio.get_running_loop().time()
        for version in range(2, 22):
            held["version"] = version
            live.touch()
            await asyncio.sleep(0.002)
        await asyncio.sleep(0.25)
        most = 2 + 5 * (asyncio.get_running_loop().time() - begun)
        assert all(len(line.parts) - 2 <= most and b'"version":21' in line.parts[-1] for line in lines)
        made = held["made"]
        held["version"] = 21
        live.touch()
        await asyncio.sleep(0.25)
        assert held["made"] == made <= most + 1 and len({len(line.parts) for line in lines}) == 1
        lines[0].leave()
        await seen(lambda: lines[0].done)
        assert live.count == 2
        live.end()
        await asyncio.gather(*tasks)
        assert lines[1].ended and live.count == 0

    follow(act)


def test_a_change_while_a_state_is_being_sent_is_not_missed():
    async def act(live: Live, held, one) -> None:
        line = Line()
        send = line.send

        async def slow(message) -> None:
            if held["version"] == 1 and b"state" in message.get("body", b""):
                held["version"] = 2
                live.touch()
                await asyncio.sleep(0.05)
            await send(message)

        line.send = slow  # type: ignore[method-assign]
        task = asyncio.create_task(one(line))
        await seen(lambda: any(b'"version":2' in part for part in line.parts))
        assert b'"version":1' in line.parts[-2]
        line.leave()
        await task

    follow(act)


def test_a_silent_line_is_kept_alive_and_one_that_nobody_reads_is_dropped(tmp_path):
    async def act(live: Live, held, one) -> None:
        line, deaf = Line(), Line(reads=False)
        tasks = [asyncio.create_task(one(each)) for each in (line, deaf)]
        await seen(lambda: line.parts.count(b": still here\n\n") >= 2 and deaf.done)
        assert not deaf.ended and live.count == 1
        line.leave()
        await asyncio.gather(*tasks)

    follow(act, alive=0.03, patience=0.05)


def test_following_over_a_real_line(tmp_path):
    guard = build(tmp_path, listeners=2)[1]
    server = uvicorn.Server(uvicorn.Config(guard, port=0, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        with httpx.Client(base_url=base, timeout=5) as web:
            found = web.post("/api/workshops", json={"title": "T"}).json()
            here, lead = f"/api/workshops/{found['code']}", {"X-Genrejs-Token": found["leader_token"]}
            with web.stream("GET", f"{here}/events") as one, web.stream("GET", f"{here}/events") as two:
                assert one.headers["content-type"] == "text/event-stream; charset=utf-8"
                assert one.headers["content-security-policy"] and one.headers["cache-control"] == "no-store"
                assert web.get(f"{here}/events").status_code == 429
                lines = one.iter_lines()
                seen = [next(lines) for _ in range(5)]
                assert seen[:4] == ["retry: 2000", "", "id: 0", "event: state"]
                web.post(f"{here}/actions", json={"kind": "round", "name": "ideas"}, headers=lead)
                while not (line := next(lines)).startswith("data:"):
                    pass
                assert json.loads(line[5:])["round"] == "ideas"
                del two
            # Ten megabytes to a real server: the sender hears why.
            answer = web.post(f"{here}/actions", content=b"x" * 10_000_000, headers=lead)
            assert answer.status_code == 413
    finally:
        server.should_exit = True
        thread.join()
