"""Time a workshop: `python benchmarks/workshop.py [--people N] [--seconds S] [--busy N] [--every S] [--database URL]`.

A server of its own process on loopback, behind the guard with its usual limits; PEOPLE participants join, each follows
the events on a line of its own and posts about once in EVERY seconds (cards, stars, ideas, support), while BUSY
processes keep as many cores at work. Printed: how long posts take to be answered (so: to be on the disk), how late the
state is that tells of them, and what failed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SERVER = """
import sys
import uvicorn
from fastapi import FastAPI
from genrejs.web.guard import guarded
from genrejs.web.workshops import workshop_router
from genrejs.workshop.store import Store

app = FastAPI()
app.include_router(workshop_router(Store(sys.argv[1])))
uvicorn.run(guarded(app), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", timeout_graceful_shutdown=1)
"""


class Tape:
    """What was measured."""

    def __init__(self) -> None:
        self.posts: list[float] = []
        self.lags: list[float] = []
        self.wrong: dict[str, int] = {}
        self.states = self.bytes = 0
        self.joined = 0.0
        self.sent: dict[str, float] = {}

    def saw(self, state: dict[str, list[dict[str, str]]]) -> None:
        self.states += 1
        now = time.perf_counter()
        for card in state["cards"]:
            if (then := self.sent.pop(card["text"], None)) is not None:
                self.lags.append(now - then)

    def fail(self, what: str) -> None:
        self.wrong[what] = self.wrong.get(what, 0) + 1


def burn() -> None:
    while True:
        sum(k * k for k in range(100_000))


def cpu(process: int) -> float:
    """Return the time that a process has computed [s], its start included; nothing where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Phone:
    """A line of one's own to the server, as a phone has, and no more work than that: it is the server that is timed."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port, self.token = port, token
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        content = json.dumps(body).encode()
        return await self._call(f"POST {path}", f"Content-Length: {len(content)}\r\n", content)

    async def get(self, path: str) -> tuple[int, dict[str, object]]:
        return await self._call(f"GET {path}", "", b"")

    async def _call(self, what: str, more: str, content: bytes) -> tuple[int, dict[str, object]]:
        head = f"{what} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{more}"
        head += f"X-Genrejs-Token: {self.token}\r\n\r\n" if self.token else "\r\n"
        for attempt in (1, 2):
            try:
                return await self._ask(head.encode() + content)
            except (ConnectionError, asyncio.IncompleteReadError):
                # The server closes a line that was silent for five seconds; a browser calls again as well.
                self._writer = None
                if attempt == 2:
                    raise
        raise AssertionError

    async def _ask(self, request: bytes) -> tuple[int, dict[str, object]]:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return int(head[9:12]), json.loads(await self._reader.readexactly(length))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


async def follow(port: int, code: str, tape: Tape, reads: bool) -> None:
    """Follow the events; one of all reads what they tell, the others only take the bytes, as cheaply as they can."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    writer.write(f"GET /api/workshops/{code}/events HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    try:
        while True:
            piece = await (reader.readline() if reads else reader.read(2**18))
            tape.bytes += len(piece)
            if not piece:
                tape.fail("line lost")
                return
            if reads and piece.startswith(b"data:"):
                tape.saw(json.loads(piece[5:]))
    finally:
        writer.close()


async def take_part(phone: Phone, here: str, name: int, until: float, every: float, tape: Tape) -> None:
    """Post until the time is up."""
    made = count = 0
    await asyncio.sleep(random.uniform(0, every))
    while time.perf_counter() < until:
        count += 1
        if made < 5 and count % 4 == 1:
            made += 1
            body: dict[str, object] = {"kind": "card", "text": f"Udfordring {made} fra {name}: vand i kælderen"}
            tape.sent[str(body["text"])] = time.perf_counter()
        else:
            body = {"kind": "star", "card": f"c{random.randint(1, 20)}", "on": bool(count % 2)}
        begun = time.perf_counter()
        try:
            status, _ = await phone.post(f"{here}/actions", body)
            tape.posts.append(time.perf_counter() - begun)
            # A fourth star, or one on a card that is not there yet, is refused as it should be.
            if status not in {200, 404, 409}:
                tape.fail(f"status {status}")
        except (OSError, asyncio.IncompleteReadError) as error:
            tape.fail(type(error).__name__)
        await asyncio.sleep(random.uniform(0.5, 1.5) * every)


async def found(port: int) -> dict[str, object]:
    """Set up a workshop as soon as the server answers."""
    while True:
        try:
            return (await Phone(port).post("/api/workshops", {"title": "Load"}))[1]
        except OSError:
            await asyncio.sleep(0.1)


async def play(port: int, options: argparse.Namespace, tape: Tape) -> None:
    frame = await found(port)
    code, leader = str(frame["code"]), Phone(port, str(frame["leader_token"]))
    here = f"/api/workshops/{code}"
    await leader.post(f"{here}/actions", {"kind": "round", "name": "challenges"})
    lines, phones = [], []
    begun = time.perf_counter()
    for k in range(options.people):
        phone = Phone(port)
        phone.token = str((await phone.post(f"{here}/join", {"nickname": f"n{k}"}))[1]["token"])
        phones.append(phone)
        if options.followers is None or k < options.followers:
            lines.append(asyncio.create_task(follow(port, code, tape, k == 0)))
    tape.joined = time.perf_counter() - begun
    until = time.perf_counter() + options.seconds
    await asyncio.gather(*[take_part(each, here, k, until, options.every, tape) for k, each in enumerate(phones)])
    await asyncio.sleep(0.5)
    for line in lines:
        line.cancel()
    await asyncio.gather(*lines, return_exceptions=True)
    for phone in [*phones, leader]:
        phone.close()


def told(name: str, values: list[float]) -> str:
    if len(values) < 2:
        return f"{name}: none"
    cuts = statistics.quantiles(values, n=100)
    p50, p95, p99 = (f"{cuts[k - 1] * 1000:.0f} ms" for k in (50, 95, 99))
    return f"{name}: {len(values)}, p50 {p50}, p95 {p95}, p99 {p99}, longest {max(values) * 1000:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--busy", type=int, default=2)
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--followers", type=int, help="of the people; none: all")
    parser.add_argument("--database")
    options = parser.parse_args()
    tape, port = Tape(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or str(Path(folder) / "w.sqlite")
        server = subprocess.Popen([sys.executable, "-c", SERVER, database, str(port)])
        busy = [multiprocessing.Process(target=burn, daemon=True) for _ in range(options.busy)]
        for each in busy:
            each.start()
        try:
            asyncio.run(play(port, options, tape))
            spent = cpu(server.pid)
        finally:
            for each in busy:
                each.terminate()
            server.terminate()
            server.wait()
    print(f"{options.people} participants, {options.seconds:g} s, {options.busy} cores kept busy")
    print(f"all joined after {tape.joined:.1f} s")
    print(told("posts answered", tape.posts), f"({len(tape.posts) / options.seconds:.0f} a second)")
    print(told("cards seen by who follows", tape.lags))
    print(f"computing by the server: {spent:.1f} s")
    print(f"states on one line: {tape.states}; bytes on all: {tape.bytes / 1e6:.0f} MB; failed: {tape.wrong or 0}")


if __name__ == "__main__":
    main()
