"""People of a workshop who all post and follow its state at once, and what was measured of it."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

ROUNDS = (("challenges", 0.4), ("ideas", 0.35), ("decide", 0.25))
"""Their shares of the time."""
MEASURES = ("raised_edge", "flood_doors")
START = 120.0
"""[s] within which a server must answer."""
REFUSED = frozenset({404, 409})
"""What a workshop rightly answers to a fourth star, or to what belongs to the round before."""


class Phone:
    """A line of one's own to the server, as a phone has, and no more work than that: it is the server that is timed."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port, self.token = port, token
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        """Return the status and the answer to a body."""
        content = json.dumps(body).encode()
        return await self._call(f"POST {path}", f"Content-Length: {len(content)}\r\n", content)

    async def get(self, path: str) -> tuple[int, dict[str, object]]:
        """Return the status and the answer."""
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
        """Hang up."""
        if self._writer is not None:
            self._writer.close()


@dataclass
class Tape:
    """What was measured."""

    posts: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    sent: dict[str, float] = field(default_factory=dict)
    events: int = 0
    bytes: int = 0
    runs: list[float] = field(default_factory=list)

    def saw(self, state: Mapping[str, Any]) -> None:
        """Note what a state tells for the first time."""
        now = time.perf_counter()
        for each in [*state["cards"], *state["ideas"]]:
            if (then := self.sent.pop(each["text"], None)) is not None:
                self.lags.append(now - then)


@dataclass
class Person:
    """A participant: what was answered, and the one action that was not when the line broke."""

    phone: Phone
    number: int
    id: str = ""
    answered: list[dict[str, Any]] = field(default_factory=list)
    open: dict[str, Any] | None = None
    cards: int = 0
    ideas: int = 0

    def next(self, name: str, count: int) -> dict[str, Any]:
        """Return the next action of a round."""
        if name == "challenges" and self.cards < 4 and count % 4 == 1:
            self.cards += 1
            return {"kind": "card", "text": f"Udfordring {self.cards} fra {self.number}: vand i kælderen"}
        if name == "challenges":
            return {"kind": "star", "card": f"c{random.randint(1, 40)}", "on": bool(count % 2)}
        if name == "ideas" and self.ideas < 2 and count % 4 == 1:
            self.ideas += 1
            return {"kind": "idea", "text": f"Idé {self.ideas} fra {self.number}: et grønt tag", "place": [9.53, 55.7]}
        if name == "ideas":
            return {"kind": "support", "idea": f"i{random.randint(1, 40)}", "on": bool(count % 3)}
        if count % 2:
            return {"kind": "dots", "ideas": [f"i{random.randint(1, 40)}" for _ in range(3)]}
        return {"kind": "budget", "spend": {f"i{random.randint(1, 2)}": random.randint(1, 10) * 100_000}}


class Table:
    """A workshop and those who take part in it."""

    def __init__(self, port: int, code: str, leader: Phone) -> None:
        self.port, self.code, self.leader = port, code, leader
        self.here = f"/api/workshops/{code}"
        self.people: list[Person] = []
        self.tape = Tape()
        self.round = "challenges"
        self.over = False

    @classmethod
    async def found(cls, port: int, people: int) -> Table:
        """Set up a workshop and let people come in."""
        status, frame = await Phone(port).post("/api/workshops", {"title": "Fjordbyen"})
        if status != 201:
            raise SystemExit(f"No workshop could be made: {status}.")
        table = cls(port, str(frame["code"]), Phone(port, str(frame["leader_token"])))
        for number in range(people):
            phone = Phone(port)
            _, joined = await phone.post(f"{table.here}/join", {"nickname": f"n{number}"})
            phone.token = str(joined["token"])
            table.people.append(Person(phone, number, str(joined["participant"])))
        return table

    async def lead(self, **body: Any) -> None:
        """Do one thing as the leader."""
        status, answer = await self.leader.post(f"{self.here}/actions", body)
        if status != 200:
            raise SystemExit(f"The leader was refused: {answer}.")

    async def play(self, seconds: float, every: float, end: asyncio.Event) -> None:
        """Go through the rounds while all take part and follow; the last one goes on until the end."""
        await self.lead(kind="round", name="ideas")
        for measure in MEASURES:
            await self.lead(kind="idea", measure=measure)
        doing = [asyncio.create_task(self.take_part(each, every)) for each in self.people]
        doing += [asyncio.create_task(self.follow(reads=not k)) for k in range(len(self.people))]
        try:
            for name, share in ROUNDS:
                await self.lead(kind="round", name=name)
                self.round = name
                with suppress(TimeoutError):
                    await asyncio.wait_for(end.wait(), share * seconds if name != ROUNDS[-1][0] else None)
        finally:
            for each in doing:
                each.cancel()
            await asyncio.gather(*doing, return_exceptions=True)

    async def take_part(self, person: Person, every: float) -> None:
        """Post about once in `every` seconds until it is over."""
        await asyncio.sleep(random.uniform(0, every))
        count = 0
        while not self.over:
            count += 1
            await self._post(person, person.next(self.round, count))
            await asyncio.sleep(random.uniform(0.5, 1.5) * every)

    async def _post(self, person: Person, body: dict[str, Any]) -> None:
        tape, begun = self.tape, time.perf_counter()
        if "text" in body:
            tape.sent[body["text"]] = begun
        person.open = body
        try:
            status, answer = await person.phone.post(f"{self.here}/actions", body)
        except (OSError, asyncio.IncompleteReadError) as error:
            tape.errors[type(error).__name__] += not self.over
            return
        person.open = None
        tape.posts.append(time.perf_counter() - begun)
        if status == 200:
            person.answered.append(body)
            return
        tape.sent.pop(str(body.get("text")), None)
        kind = f"{status} {answer.get('reason')}"
        (tape.refused if status in REFUSED else tape.errors)[kind] += 1

    async def follow(self, reads: bool) -> None:
        """Follow the state; one of all reads what it tells, the others only take the bytes, as cheaply as they can."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)
        writer.write(f"GET {self.here}/events HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        try:
            while piece := await (reader.readline() if reads else reader.read(2**18)):
                self.tape.bytes += len(piece)
                if reads and piece.startswith(b"data:"):
                    self.tape.events += 1
                    self.tape.saw(json.loads(piece[5:]))
            self.tape.errors["line ended"] += not self.over
        except OSError as error:
            self.tape.errors[f"line: {type(error).__name__}"] += not self.over
        finally:
            writer.close()


async def answering(port: int) -> None:
    """Wait until the server answers; fail where it never does."""
    async with asyncio.timeout(START):
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                if (await Phone(port).get("/api/workshop"))[0] == 200:
                    return
            await asyncio.sleep(0.1)


def told(name: str, values: list[float]) -> str:
    """Return how long things took [s], in words."""
    if len(values) < 2:
        return f"{name}: none"
    cuts = statistics.quantiles(values, n=100)
    p50, p95, p99 = (f"{cuts[k - 1] * 1000:.0f} ms" for k in (50, 95, 99))
    return f"{name}: {len(values)}, p50 {p50}, p95 {p95}, p99 {p99}, longest {max(values) * 1000:.0f} ms"
