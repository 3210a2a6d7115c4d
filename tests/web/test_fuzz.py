"""Whatever is sent, the server answers: never a fault of ours, never a hang, never more memory than a little."""

from __future__ import annotations

import asyncio
import json
import runpy
import socket
import time
import tomllib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import pytest
from pydantic import BaseModel

from genrejs.web.guard import DRAIN, Limits, guarded
from genrejs.web.places import lonlat
from genrejs.workshop import actions
from genrejs.workshop.clean import clean

PATIENCE = 30.0
"""[s] after which a request counts as hanging, on a busy machine too."""
MORE = 150
"""[MB] that a server may grow by while it is mistreated."""

small = SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "small_server.py")))

JUNK: list[Any] = [
    None, True, 0, -1, 0.5, 10**30, -(10**30), 1e300, float("nan"), float("inf"), "", " ", "x", "\x00", "ï" * 300,
    "💧" * 141, "\ud800", "1; DROP TABLE actions", [], [[]], [None], [1, 2, 3, 4], ["x"] * 70, {}, {"a": 1},
    {"i1": float("nan")}, {"x" * 50: 1}, [[float("nan"), 1.0]], [[float("inf"), float("-inf")]] * 3, [[9.5, 55.7]] * 70,
]  # fmt: skip
TEXTS = [
    "<script>alert(1)</script>", "'; DROP TABLE actions; --", '"><img src=x onerror=alert(1)>', "' OR '1'='1",
    "{{7*7}}${7*7}%s%n{0}", "a\x00b\x07c\x1b[31md", "\u202eevil\u202c", "line\r\nSet-Cookie: a=b", "]]></svg><svg>",
    "[x](javascript:alert(1)) `y` # z | |", "\u0301" * 60 + "x", "æøå 👩\u200d🌾 日本語 عربى", "=cmd|' /C calc'!A0",
    "../../etc/passwd", '"""\ntitle = 1', "\\u0000\\", "\u2028\u2029x", "\ufeffx\ufffe",
]  # fmt: skip
BODIES = [
    b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"{" * 30_000, b"[" * 30_000, b'{"a":' * 10_000,
    b"[" * 30_000 + b"]" * 30_000, b'{"kind":"card","text":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    b'{"inputs":' + b'{"event":' * 300 + b"1" + b"}" * 300 + b"}", b'{"inputs":{"event":' + b"9" * 5000 + b"}}",
    b'{"kind":"undo","seq":' + b"9" * 5000 + b"}", b'{"kind":"card","kind":"star","text":NaN}', b"1e999999",
    b'{"title":"a\\ud800b"}', b'{"title":"\xed\xa0\x80"}', b"--x\r\nContent-Disposition: form-data\r\n\r\n",
]  # fmt: skip
CLIMBS = [
    "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cetc%5cpasswd",
    "....//....//etc/passwd", "%00", "a%00.png", "%c0%ae%c0%ae/etc/passwd", "%252e%252e%252fetc%252fpasswd",
    "/etc/passwd", "//etc/passwd", "..;/etc/passwd", "%0d%0aSet-Cookie:%20a=b", "C:%5cwindows", "~root", "x" * 3000,
    "%f0%9f%92%a7", "%", "%zz", ".", "..",
]  # fmt: skip
PLACES = [
    "/static/{}", "/static/assets/{}", "/api/layers/{}.geojson", "/api/layers/{}", "/api/things/{}/0",
    "/api/things/buildings/{}", "/tiles/terrain/{}/1/1.png", "/tiles/terrain/9/{}/1.png", "/tiles/terrain/9/1/{}.png",
    "/api/rasters/{}.png", "/api/rasters/reach.png?strategy={}", "/jobs/{}", "/jobs/{}/results", "/jobs/{}/depth.png",
    "/jobs/{}/report.html", "/jobs/0123456789abcdef/frames/{}.png", "/processes/{}", "/api/workshops/{}",
    "/api/workshops/{}/qr.svg", "/api/workshops/{}/minutes.md", "/w/{}", "/screen/{}", "/{}",
]  # fmt: skip


def play(folder: Path, act: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    """Let `act` talk to the whole app, guarded by its usual body limit, without a port."""

    async def played() -> None:
        app = small.app_of(folder, small.Still(), queued_each=10**6, queued_all=10**6)
        transport = httpx.ASGITransport(guarded(app, small.FREE), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://genrejs.example")
        async with app.router.lifespan_context(app), client as web:
            await asyncio.wait_for(act(web), 4 * PATIENCE)

    asyncio.run(played())


def fits(answer: httpx.Response, what: object) -> None:
    """Fail for a fault of ours, and for a refusal that is no problem in one sentence."""
    assert answer.status_code < 500 or answer.status_code == 503, f"{what!r}: {answer.status_code} {answer.text[:300]}"
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", f"{what!r}: {answer.text[:300]}"
        told = answer.json()
        assert told["detail"].strip() and told["status"] == answer.status_code, told


def judged(answer: httpx.Response, name: str, junk: Any, right: dict[str, tuple[Any, ...]]) -> None:
    """Fail unless what is right for a field is taken, and everything else refused as wrong input."""
    fits(answer, (name, junk))
    taken = json.dumps(junk) in map(json.dumps, right.get(name, ()))
    assert answer.status_code in ((200, 201) if taken else (400, 422)), (name, junk, answer.status_code)


def loose(value: Any) -> bytes:
    """Return JSON with the NaN and the halves of characters that Python's reader would take."""
    return json.dumps(value).encode()


async def set_up(web: httpx.AsyncClient, **fields: Any) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return a new workshop's address, and the headers of its leader and of a participant."""
    found = (await web.post("/api/workshops", json={"title": "Fjordbyen", **fields})).json()
    here = f"/api/workshops/{found['code']}"
    joined = (await web.post(f"{here}/join", json={})).json()
    kind = {"content-type": "application/json"}
    return (
        here, {"X-Genrejs-Token": found["leader_token"], **kind}, {"X-Genrejs-Token": joined["token"], **kind},
    )  # fmt: skip


@cache
def kinds() -> dict[str, type[BaseModel]]:
    """Return every kind of action with its model."""
    return {get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(actions.Given)}


def right(kind: str) -> dict[str, Any]:
    """Return an action that can be read; its junk takes the place of one field at a time."""
    values = {
        "text": "Vand", "card": "c1", "cards": ["c1"], "idea": "i1", "good": "meet", "spend": {"i1": 1},
        "ideas": ["i1"],
        "name": "ideas", "into": "i1", "from": "i2", "what": "card", "id": "c1", "seq": 1, "dkk": 1, "open": False,
    }  # fmt: skip
    names = [field.alias or name for name, field in kinds()[kind].model_fields.items()]
    return {"kind": kind} | {name: values[name] for name in names if name in values}


def test_junk_in_every_field_of_every_action_is_refused_or_kept_and_never_breaks(tmp_path) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        here, lead, person = await set_up(web)
        tried = 0
        for kind, model in kinds().items():
            if kind == "close":
                continue
            for name, junk in ((n, j) for n in model.model_fields for j in JUNK):
                field = model.model_fields[name].alias or name
                body = loose({**right(kind), field: junk})
                who = person if "participant" in model.WHO else lead
                fits(await web.post(f"{here}/actions", content=body, headers=who), body)
                tried += 1
        assert tried > 1000
        state = (await web.get(here, headers=person)).json()
        json.dumps(state, allow_nan=False)
        fits(await web.get(f"{here}/export.json", headers=lead), "export")

    play(tmp_path, act)


NUMBERS = (None, True, 0, -1, 0.5, 10**30, -(10**30), 1e300)
IDEAS: dict[str, tuple[Any, ...]] = {"area": (None,), "height": (0.5,), "depth": (None, 0, 0.5)}
"""What is right in an idea's wall: it is priced by the city. Of a depth a wall has no use."""
RUNS: dict[str, tuple[Any, ...]] = {**IDEAS, "height": (True, 0.5), "depth": NUMBERS}
"""What is right in a run's wall: the same, where true is 1 and a depth may be any number."""


def test_works_and_places_that_are_no_works_are_refused(tmp_path) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        assert (await web.get("/api/city")).status_code == 200  # the city is there: it can price
        here, lead, person = await set_up(web)
        await web.post(f"{here}/actions", content=loose({"kind": "round", "name": "ideas"}), headers=lead)
        line = lonlat([20.0, 80.0], [50.0, 50.0], small.tiny_city().grid.crs).tolist()
        wall = {"kind": "wall", "line": line, "height": 1.0}
        for name in ("kind", "line", "area", "height", "depth"):
            for junk in JUNK:
                work = {**wall, name: junk}
                idea = loose({"kind": "idea", "text": "Mur", "drawn": [work]})
                judged(await web.post(f"{here}/actions", content=idea, headers=person), name, junk, IDEAS)
                asked = loose({"inputs": {"event": "attack_48h", "drawn": [work]}})
                answer = await web.post("/processes/what-if/execution", content=asked, headers=lead)
                judged(answer, name, junk, RUNS)

    play(tmp_path, act)


EVENTS = [
    {"kind": "surge", "peak": 1.5}, {"kind": "cloudburst", "mm": 20, "minutes": 60, "place": [9.5, 55.7], "radius": 500},
    {"kind": "river", "period": 100}, {"kind": "outage", "components": [], "services": [], "hours": 1, "cyber": False},
]  # fmt: skip


INPUTS: dict[str, tuple[Any, ...]] = {
    "peak": (True, 0, 0.5), "mm": (True, 0.5), "place": (None,), "components": ([], ["x"] * 70), "services": ([],),
    "hours": (True,), "cyber": (True, 0), "measures": ([],), "without": ([],), "drawn": ([],), "year": (None,),
    "frames": (True,), "seed": (True, 0, 10**30), "flood": ({},), "damage": ({},), "recovery": ({},), "risk": ({},),
    "money": ({},), "climate": ({},),
}  # fmt: skip
"""What is right in an input of a run: a yes is a one, and plants are looked for by the run itself."""


def test_junk_in_every_input_of_a_run_is_refused_in_a_sentence(tmp_path) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        kind = {"content-type": "application/json"}
        asks: list[tuple[str, Any, str, Any]] = []
        for event in EVENTS:
            asks += [("what-if", {"event": {**event, name: junk}}, name, junk) for name in event for junk in JUNK]
        parts = ("event", "strategy", "measures", "without", "drawn", "year", "frames")
        asks += [("what-if", {"event": "attack_48h", name: junk}, name, junk) for name in parts for junk in JUNK]
        sections = ("city", "seed", "events", "strategies", "flood", "damage", "recovery", "risk", "money", "climate")
        asks += [("study", {name: junk}, name, junk) for name in sections for junk in JUNK]
        for process, inputs, name, junk in asks:
            answer = await web.post(f"/processes/{process}/execution", content=loose({"inputs": inputs}), headers=kind)
            judged(answer, name, junk, INPUTS)
        jobs = (await web.get("/jobs")).json()
        json.dumps(jobs, allow_nan=False)

    play(tmp_path, act)


def test_bodies_that_are_no_json_or_too_deep_are_refused(tmp_path) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        here, lead, _ = await set_up(web)
        places = ("/api/workshops", f"{here}/join", f"{here}/actions", "/processes/what-if/execution")
        for place in places:
            for body in BODIES:
                for media in (
                    "application/json",
                    "text/plain",
                    "multipart/form-data; boundary=x",
                    "application/json;;;",
                ):
                    head = {**lead, "content-type": media}
                    answer = await web.post(place, content=body, headers=head)
                    fits(answer, (place, body[:40], media))
                    assert answer.status_code >= 400 or "join" in place or b"\\ud800" in body

    play(tmp_path, act)


def test_text_comes_back_as_text_in_every_field_and_every_file(tmp_path) -> None:
    async def act(web: httpx.AsyncClient) -> None:
        for text in TEXTS:
            await written(web, text)

    async def written(web: httpx.AsyncClient, text: str) -> None:
        here, lead, person = await set_up(web, title=text, question=text)
        joined = await web.post(f"{here}/join", content=loose({"nickname": text[:24]}), headers=person)
        fits(joined, text)

        async def does(who: dict[str, str], **body: Any) -> None:
            answer = await web.post(f"{here}/actions", content=loose(body), headers=who)
            assert answer.status_code == 200, (text, answer.text)

        await does(lead, kind="round", name="challenges")
        await does(person, kind="card", text=text)
        await does(lead, kind="group", cards=["c1"], group=text[:60])
        await does(lead, kind="round", name="ideas")
        await does(person, kind="idea", text=text)
        await does(lead, kind="cost", idea="i1", dkk=5)
        await does(lead, kind="tally", open=True)
        told = await web.get(here)
        assert told.headers["content-type"] == "application/json" and b"\x00" not in told.content
        state = told.json()
        shown = [state["title"], state["question"], state["cards"][0]["text"], state["ideas"][0]["text"]]
        assert shown == [clean(text)] * 4 and state["cards"][0]["group"] == clean(text[:60])
        for name in ("minutes.md", "minutes.md?language=en", "export.json", "qr.svg", "state", "ask.json"):
            answer = await web.get(f"{here}/{name}", headers=lead)
            assert answer.status_code == 200 and answer.headers["x-content-type-options"] == "nosniff"
            assert "set-cookie" not in answer.headers
        minutes = (await web.get(f"{here}/minutes.md", headers=lead)).text
        for raw in ("<script", "<img", "</svg", "\x1b", "\u202e"):
            assert raw not in minutes, text
        assert "](" not in minutes.replace("\\](", ""), text
        study = await web.get(f"{here}/study.toml", headers=lead)
        assert study.status_code == 200 and isinstance(tomllib.loads(study.text)["name"], str)
        assert (await web.delete(here, headers=lead)).status_code == 204

    play(tmp_path, act)


def test_headers_and_queries_of_any_kind_are_borne(tmp_path) -> None:
    tags = ["", "*", '"', "W/", ',,"x",', '"' + "a" * 5000 + '"', "æ", "W/" * 900]
    ranges = ["bytes=0-0", "bytes=-1", "bytes=9999999999999999999-", "bytes=5-1", "bytes=" + "0-," * 2000, "x=1", "-"]
    tongues = ["", "da", "xx", "*", "da;q=2", "da;q=nan", ";" * 5000, "da," * 2000, "../../da", "en-" + "x" * 3000, "ø"]
    dates = ["", "x", "Thu, 99 Foo 0000 99:99:99 GMT", "9" * 4000]

    async def act(web: httpx.AsyncClient) -> None:
        here, lead, _ = await set_up(web)
        heads = [{"if-none-match": each} for each in tags] + [{"range": each} for each in ranges]
        heads += [{"accept-language": each} for each in tongues] + [{"if-modified-since": each} for each in dates]
        heads += [{"range": "bytes=0-5", "if-range": each} for each in (*tags, *dates)]
        heads += [{"x-genrejs-token": each} for each in ("", "æ", "x" * 9000, "' OR 1=1")]
        heads += [{"accept-encoding": each} for each in ("gzip;q=0", "gzip;q=x", "br,gzip," * 900, "")]
        heads += [{"host": each} for each in ("", "a b", "[::1", "x" * 4000, "evil\\.example")]
        paths = ("/", "/api/city", "/api/layers/buildings.geojson", "/api/rasters/ground.png", here, f"{here}/qr.svg",
                 "/tiles/terrain/9/270/160.png", "/static/assets/none.js", "/api/things/buildings/0")  # fmt: skip
        for path in paths:
            for head in heads:
                raw = [(name.encode(), value.encode("utf-8")) for name, value in head.items()]
                fits(await web.get(path, headers=raw), (path, head))
        for tongue in tongues:
            fits(await web.get(f"{here}/minutes.md", params={"language": tongue}), tongue)
            raw = [(b"accept-language", tongue.encode())]
            fits(await web.post(f"{here}/actions", content=b"{}", headers=[*raw, *lead.items()]), tongue)

    play(tmp_path, act)


def test_tiles_and_rows_that_are_far_away_are_not_there(tmp_path) -> None:
    wild = ["-1", "999999", str(2**63), "9" * 400, "9" * 5000, "1e5", "0x10", "1.5", "nan", "٣", "+1", "1_0", "%20"]

    async def act(web: httpx.AsyncClient) -> None:
        for number in wild:
            for path in (f"/tiles/terrain/{number}/1/1.png", f"/tiles/terrain/9/{number}/1.png",
                         f"/tiles/terrain/14/1/{number}.png", f"/api/things/buildings/{number}",
                         f"/jobs/0123456789abcdef/frames/{number}.png"):  # fmt: skip
                answer = await web.get(path)
                fits(answer, path)
                assert answer.status_code in (404, 414, 422) or number in ("+1", "٣", "1_0"), path
        for zoom in range(9, 15):
            for column, row in ((0, 0), (2**zoom - 1, 2**zoom - 1)):
                answer = await web.get(f"/tiles/terrain/{zoom}/{column}/{row}.png")
                assert answer.status_code == 200 and answer.content.startswith(b"\x89PNG")
            assert (await web.get(f"/tiles/terrain/{zoom}/{2**zoom}/0.png")).status_code == 404

    play(tmp_path, act)


class Line:
    """A real server in a process of its own."""

    def __init__(self, server: Any) -> None:
        self.pid, self.port, self.base = server.process.pid, server.port, server.base

    def memory(self) -> float:
        """Return what the server holds [MB], its worker not counted."""
        told = Path(f"/proc/{self.pid}/status").read_text()
        return float(told.split("VmRSS:")[1].split()[0]) / 1024

    def raw(self, sent: bytes, wait: float = PATIENCE) -> bytes:
        """Send bytes and return what comes back until the server ends the line; fail where it hangs."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as line:
            with suppress(ConnectionError):
                line.sendall(sent)
            got = b""
            with suppress(ConnectionError):
                while piece := line.recv(65536):
                    got += piece
            return got

    def alive(self) -> None:
        """Fail unless the server still answers, and soon."""
        assert httpx.get(f"{self.base}/api/workshop", timeout=PATIENCE).status_code == 200


@pytest.fixture(scope="module")
def line(tmp_path_factory) -> Iterator[Line]:
    with small.started(tmp_path_factory.mktemp("data")) as server:
        assert httpx.get(f"{server.base}/api/city", timeout=2 * PATIENCE).status_code == 200
        yield Line(server)


def test_ten_megabytes_to_every_address_are_refused_and_not_held(line) -> None:
    async def act() -> None:
        async with httpx.AsyncClient(base_url=line.base, timeout=PATIENCE) as web:
            here, lead, _ = await set_up(web)
            places = ("/api/workshops", f"{here}/join", f"{here}/actions", "/processes/what-if/execution", "/jobs/x")
            body = b"[" + b" " * 10 * 2**20

            async def pieces() -> Any:
                for start in range(0, len(body), 2**18):
                    yield body[start : start + 2**18]

            stated = [web.post(place, content=body, headers=lead) for place in places]
            chunked = [web.post(place, content=pieces(), headers=lead) for place in places]
            for answer in await asyncio.gather(*stated, *chunked):
                fits(answer, answer.url)
                assert answer.status_code == 413

    before = line.memory()
    asyncio.run(act())
    assert line.memory() < before + MORE
    # One that only says that it is large, and one without an end: neither is read for ever.
    head = b"POST /api/workshops HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    assert b" 413 " in line.raw(head + b"Content-Length: 99999999999\r\n\r\n" + b" " * (DRAIN + 2**20))
    endless = b"%x\r\n%s\r\n" % (2**16, b" " * 2**16) * (DRAIN // 2**16 + 8)
    assert b" 413 " in line.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + endless)
    assert line.memory() < before + MORE
    line.alive()


GET = b"GET /api/workshop HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "junk",
    [
        b"\r\n\r\n", b"\x00" * 4000 + b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500,
        b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        GET + b"A: " + b"b" * 200_000 + b"\r\n\r\n", GET + b"a: b\r\n" * 20_000 + b"\r\n", GET + b" folded\r\n\r\n",
        GET + b"Bad Header: x\r\n\r\n", GET + b"X: a\x00b\r\n\r\n", GET + b"Content-Length: -1\r\n\r\n",
        GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", GET + b"Content-Length: x\r\n\r\n",
        GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        GET + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", GET + b"Transfer-Encoding: gzip\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"DELETE * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"FOO / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /api/city HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
        b"Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
    ],
    ids=lambda junk: repr(junk[:24]),
)  # fmt: skip
def test_what_is_no_http_ends_the_line_and_nothing_else(line, junk) -> None:
    answer = line.raw(junk + GET + b"Connection: close\r\n\r\n")
    assert b" 500 " not in answer.split(b"\r\n")[0], answer[:300]
    line.alive()


def test_a_path_that_climbs_gives_no_file(line) -> None:
    for place in PLACES:
        for climb in CLIMBS:
            path = place.format(climb).encode()
            answer = line.raw(b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path)
            status = int(answer[9:12])
            assert status < 500, (path, answer[:300])
            head, _, body = answer.partition(b"\r\n\r\n")
            assert b"root:" not in body and b"set-cookie" not in head.lower(), path
            pages = (b"/w/", b"/screen/")
            assert status >= 400 or path.startswith(pages) or climb in (".", "..") or b"strategy" in path, (
                path,
                status,
            )


def test_hundreds_follow_and_what_is_too_much_is_told(line) -> None:
    asyncio.run(_hundreds(line))


async def _hundreds(line: Line) -> None:
    async with httpx.AsyncClient(base_url=line.base, timeout=PATIENCE) as web:
        here, lead, person = await set_up(web)
        before = line.memory()
        ask = f"GET {here}/events HTTP/1.1\r\nHost: x\r\n".encode()
        wrong = [b"", b"Last-Event-ID: x\r\n", b"Last-Event-ID: -1\r\n", b"Last-Event-ID: " + b"9" * 5000 + b"\r\n"]
        ends = []
        for number in range(600):
            reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
            writer.write(ask + wrong[number % len(wrong)] + b"\r\n")
            ends.append((reader, writer))
        heads = [await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE) for reader, _ in ends]
        taken = [b" 200 " in head[:15] for head in heads]
        assert sum(taken) == 500 and all(
            b" 429 " in head[:15] for head, got in zip(heads, taken, strict=True) if not got
        )
        await web.post(f"{here}/actions", content=loose({"kind": "round", "name": "challenges"}), headers=lead)
        answer = await web.post(f"{here}/actions", content=loose({"kind": "card", "text": "Vand"}), headers=person)
        assert answer.status_code == 200
        for reader, _ in [each for each, got in zip(ends, taken, strict=True) if got][:20]:
            async with asyncio.timeout(PATIENCE):
                while b"Vand" not in await reader.readline():
                    pass
        assert line.memory() < before + MORE
        for _, writer in ends:
            writer.transport.abort()
        async with asyncio.timeout(PATIENCE):
            while True:  # those who went are no longer counted
                async with web.stream("GET", f"{here}/events") as back:
                    if back.status_code == 200:
                        break
                await asyncio.sleep(0.05)
    line.alive()


def test_who_follows_and_does_not_read_is_let_go(line) -> None:
    asyncio.run(_hanging(line))


async def _hanging(line: Line) -> None:
    async with httpx.AsyncClient(base_url=line.base, timeout=PATIENCE) as web:
        here, lead, _ = await set_up(web)
        await web.post(f"{here}/actions", content=loose({"kind": "round", "name": "challenges"}), headers=lead)
        before = line.memory()
        hanging = []
        for _ in range(60):
            held = socket.create_connection(("127.0.0.1", line.port))
            held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
            held.sendall(f"GET {here}/events HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            hanging.append(held)
        for number in range(8):
            joined = (await web.post(f"{here}/join", json={})).json()
            head = {"X-Genrejs-Token": joined["token"]}
            for card in range(40):
                text = f"{number} {card} " + "å" * 260
                answer = await web.post(f"{here}/actions", json={"kind": "card", "text": text}, headers=head)
                assert answer.status_code == 200, answer.text
        assert line.memory() < before + MORE
        # A line whose follower does not read is ended: its reader finds the end, or that it was cut. Whoever begins to
        # read before the server has lost its patience is followed on.
        await asyncio.sleep(2 * small.PACE.patience)
        until = time.monotonic() + PATIENCE
        for held in hanging:
            _read_to_the_end(held, until)
            held.close()
    line.alive()


def _read_to_the_end(held: socket.socket, until: float) -> None:
    """Fail for a line that goes on."""
    with suppress(ConnectionError):
        while True:
            held.settimeout(max(0.1, until - time.monotonic()))
            if not held.recv(2**20):
                return
            assert time.monotonic() < until, "it goes on"


def test_a_line_that_says_nothing_or_half_a_request_keeps_nobody_waiting(line) -> None:
    held = [socket.create_connection(("127.0.0.1", line.port)) for _ in range(200)]
    for number, each in enumerate(held):
        each.sendall(
            (b"", b"GET", GET, b"POST /api/workshops HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")[number % 4]
        )
    begun = time.monotonic()
    line.alive()
    assert time.monotonic() - begun < PATIENCE
    for each in held:
        each.close()
    line.alive()


def test_the_usual_limits_leave_room_for_a_workshop() -> None:
    usual = Limits()
    assert usual.body <= DRAIN and usual.address.each_second >= 100 and usual.token.each_second <= 10
