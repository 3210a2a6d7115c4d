"""`genrejs serve`: its pages, its one line, its port, its end; a run through real workers is the command line's."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from genrejs.ensemble.ask import read_ask
from genrejs.ensemble.store import Store
from genrejs.ensemble.whatif import Desk, run_ask
from genrejs.errors import InputError
from genrejs.study import FloodSection, Study
from genrejs.web import pages, serve
from genrejs.web.app import create_app, new_parts
from genrejs.web.early import Early
from genrejs.web.serve import Where, embedded, greeting, listen
from genrejs.web.settings import Settings

STUDY = Study(flood=FloodSection(cell=40.0, risk_cell=40.0, window=(532500.0, 6172500.0, 535000.0, 6174500.0)))


def get(app: Any, *paths: str, **more: Any) -> list[httpx.Response]:
    async def played() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://genrejs.example") as web:
            return [await web.get(path, **more) for path in paths]

    return asyncio.run(played())


def test_without_the_front_end_a_page_says_how_to_build_it(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(pages, "static_folder", lambda: tmp_path / "none")
    for answer in get(pages.pages_app(), "/", "/workshop", "/w/ABC234", "/leader/ABC234", "/screen/ABC234"):
        assert answer.status_code == 200 and "make frontend" in answer.text
        assert 'lang="da"' in answer.text and 'lang="en"' in answer.text and "æ" in answer.text
        assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)


def test_each_role_has_its_page_and_built_files_are_kept_for_good(monkeypatch, tmp_path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("model")
    (tmp_path / "assets" / "a-1234.js").write_text("1")
    monkeypatch.setattr(pages, "static_folder", lambda: tmp_path)
    app = pages.pages_app()
    assert "make frontend" in get(app, "/w/ABC234")[0].text
    (tmp_path / "workshop.html").write_text("workshop")
    model, phone, leader, screen = get(app, "/", "/w/ABC234", "/leader/ABC234", "/screen/ABC234")
    assert (model.text, phone.text, leader.text, screen.text) == ("model", "workshop", "workshop", "workshop")
    assert model.headers["cache-control"] == "no-cache"
    script, climb, icon = get(app, "/static/assets/a-1234.js", "/static/../../secret", "/favicon.ico")
    assert "immutable" in script.headers["cache-control"] and climb.status_code == 404 and icon.status_code == 204


def test_pages_are_answered_while_the_rest_is_loaded_and_a_failure_ends_the_server() -> None:
    whole, failed = FastAPI(), []

    @whole.get("/api/city")
    def city() -> str:
        return "here"

    def slow() -> FastAPI:
        time.sleep(0.2)
        return whole

    def broken() -> FastAPI:
        raise InputError("no")

    async def living(build: Any) -> list[Any]:
        early = Early(pages.pages_app(), pages.is_page, build, failed.append)
        told, said = asyncio.Queue(), []
        await told.put({"type": "lifespan.startup"})

        async def send(message: Any) -> None:
            said.append(message["type"])

        life = asyncio.create_task(early({"type": "lifespan"}, told.get, send))
        await asyncio.sleep(0.01)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(early), base_url="http://genrejs.example") as web:
            first = await web.get("/")
            assert first.status_code == 200 and (build is broken or not early._whole.done())
            heard = (await web.get("/api/city")).json() if build is slow else None
            await asyncio.sleep(0.05)
        await told.put({"type": "lifespan.shutdown"})
        await life
        return [heard, *said]

    assert asyncio.run(living(slow)) == ["here", "lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert not failed
    asyncio.run(living(broken))
    assert [str(error) for error in failed] == ["no"]


def test_what_cannot_be_served_is_told_in_a_sentence(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="no embedded city 'atlantis'; there are vejle"):
        serve.serve("atlantis", Where("127.0.0.1", 0, tmp_path), None)
    with pytest.raises(InputError, match="is a file"):
        serve.serve("vejle", Where("127.0.0.1", 0, tmp_path / "file"), None)
    with pytest.raises(InputError, match="0 to 65535"):
        listen("127.0.0.1", 70000)
    with pytest.raises(InputError, match="cannot listen"):
        listen("192.0.2.1", 0)
    assert embedded() == ["vejle"]


def test_a_taken_port_is_told_and_a_free_one_is_named() -> None:
    with listen("127.0.0.1", 0) as line:
        port = line.getsockname()[1]
        assert f"http://127.0.0.1:{port}/" in greeting(line) and "\n" not in greeting(line)
        with pytest.raises(InputError, match=f"Port {port} .* is taken; choose another with --port"):
            listen("127.0.0.1", port)
    with listen("0.0.0.0", 0) as line:
        assert "http://localhost:" in greeting(line)


def test_the_command_answers_and_stops_when_told(tmp_path) -> None:
    words = ["serve", "--port", "0", "--data", str(tmp_path / "data")]
    code = f"import sys; from genrejs.cli import main; sys.exit(main({words!r}))"
    quiet = {**os.environ, "HOME": str(tmp_path), "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", "")}
    server = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet
    )
    try:
        line = server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
        assert "åbn / open" in line
        answer = httpx.get(address + "/", timeout=30)
        assert answer.status_code == 200 and answer.headers["x-content-type-options"] == "nosniff"
    finally:
        server.send_signal(signal.SIGINT)
        out, errors = server.communicate(timeout=60)
    assert server.returncode == 0 and out == "" and errors == ""


async def pressed(web: httpx.AsyncClient, inputs: dict[str, Any]) -> tuple[list[tuple[str, Any]], str]:
    """Start a run, follow it to its end, return its events and its job."""
    made = await web.post("/processes/what-if/execution", json={"inputs": inputs})
    assert made.status_code == 201, made.text
    job = made.json()["jobID"]
    text = (await web.get(f"/jobs/{job}/events")).text
    parts = [part.split("\n") for part in text.split("\n\n") if part.startswith("event")]
    return [(name[7:], json.loads(data[6:])) for name, data in parts], job


@pytest.mark.slow
def test_a_run_through_a_worker_is_the_command_line_s_bit_for_bit(tmp_path) -> None:
    inputs = {"event": {"kind": "surge", "peak": 1.8}, "measures": ["flood_doors"]}

    async def served(act: Any) -> None:
        parts = new_parts(Settings(tmp_path / "data", None, STUDY, workers=1))
        app = create_app(parts)
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url="http://genrejs.example", timeout=None)
        async with app.router.lifespan_context(app), client as web:
            await act(web)

    kept: dict[str, Any] = {}

    async def first(web: httpx.AsyncClient) -> None:
        events, job = await pressed(web, inputs)
        frames = [data for name, data in events if name == "frame"]
        assert events[-1][0] == "done" and events[-1][1]["status"] == "successful", events[-1]
        times = [each["time_s"] for each in frames]
        assert 20 < len(frames) <= 49 and times == sorted(times)
        for path in (frames[3]["address"], f"/jobs/{job}/depth.png"):
            assert (await web.get(path)).content.startswith(b"\x89PNG")
        kept["text"] = (await web.get(f"/jobs/{job}/results")).text
        kept["job"], kept["frames"] = job, len(frames)
        # Other measures, the same water: nothing is solved again, and the film is there at once.
        events, _ = await pressed(web, {"event": {"kind": "surge", "peak": 1.8}})
        assert sum(name == "frame" for name, _ in events) == len(frames)
        dry, job = await pressed(web, {"event": "attack_48h"})
        assert dry[-1][1]["status"] == "successful" and (await web.get(f"/jobs/{job}/depth.png")).status_code == 404
        wrong, _ = await pressed(web, {"event": {"kind": "cloudburst", "mm": 20, "place": [9.3, 55.6]}})
        assert wrong[-1][1]["status"] == "failed" and "outside the window" in wrong[-1][1]["message"]

    asyncio.run(served(first))
    own = run_ask(read_ask(inputs), Store(tmp_path / "own"), Desk(STUDY), progress=lambda share, what="": None)
    assert json.loads(kept["text"]) == json.loads(json.dumps(own))

    async def after_a_restart(web: httpx.AsyncClient) -> None:
        told = await web.get(f"/jobs/{kept['job']}")
        assert told.json()["status"] == "successful"
        assert (await web.get(f"/jobs/{kept['job']}/results")).text == kept["text"]
        events, _ = await pressed(web, inputs)
        assert [name for name, _ in events] == ["frame"] * kept["frames"] + ["done"]

    asyncio.run(served(after_a_restart))
