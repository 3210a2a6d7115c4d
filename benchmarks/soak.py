"""Soak the server: `python -m benchmarks.soak [--minutes M] [--people N] [--every S]`.

The real server, behind its usual limits, in processes of its own on loopback. PEOPLE participants of one workshop each
post about once in EVERY seconds, through the rounds of challenges, ideas and decisions, and follow the state on a line
of their own, while two what-if runs go, each followed by one of another event. Printed: how long an action takes to be
answered (so: to be on the disk), how late the state is that tells of it, and every error by its kind. Then the server
and its workers are killed (SIGKILL) while all post, started again on the same folder, and every action that was
answered is looked for: none may be missing, none there twice. The command fails where the bar is not met.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.workshop import Phone, told

SERVE = "import sys; from genrejs.cli import main; sys.exit(main(sys.argv[1:]))"
BAR = 0.25
"""[s] within which 95 of 100 actions must be answered."""
ROUNDS = (("challenges", 0.4), ("ideas", 0.35), ("decide", 0.25))
"""Their shares of the time."""
MEASURES = ("raised_edge", "flood_doors")
REFUSED = frozenset({404, 409})
"""What a workshop rightly answers to a fourth star, or to what belongs to the round before."""


@dataclass
class Served:
    """A running server: its process, the leader of a group of its own, and its address."""

    process: subprocess.Popen[str]
    port: int

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it and its workers as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(data: Path, **more: str) -> Iterator[Served]:
    """Start the real server on a data folder; killed at the end where it still runs."""
    words = [sys.executable, "-c", SERVE, "serve", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, start_new_session=True, env={**os.environ, **more}
    )
    line = process.stdout.readline() if process.stdout else ""
    found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
    if found is None:
        raise SystemExit("The server did not start.")
    server = Served(process, int(found[1]))
    try:
        yield server
    finally:
        server.kill()


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
        doing = [asyncio.create_task(self._take_part(each, every)) for each in self.people]
        doing += [asyncio.create_task(self._follow(reads=not k)) for k in range(len(self.people))]
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

    async def _take_part(self, person: Person, every: float) -> None:
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

    async def _follow(self, reads: bool) -> None:
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


async def compute(table: Table, lane: int) -> None:
    """Let runs go one after the other, each of another event, for ever."""
    phone = Phone(table.port, f"lane {lane}")
    for number in range(1000):
        rain = {"kind": "cloudburst", "mm": 50 + 10 * lane + 0.1 * number, "place": [9.535, 55.708]}
        inputs = {"event": rain if (number + lane) % 2 else {"kind": "surge", "peak": 1.5 + 0.01 * number + 0.3 * lane}}
        begun = time.perf_counter()
        status, job = await phone.post("/processes/what-if/execution", {"inputs": inputs})
        while status == 201 and job["status"] in ("accepted", "running"):
            await asyncio.sleep(0.5)
            status, job = await phone.get(f"/jobs/{job['jobID']}")
            status = 201 if status == 200 else status
        if status != 201 or job["status"] != "successful":
            table.tape.errors[f"run: {status} {job.get('status')}"] += 1
        else:
            table.tape.runs.append(time.perf_counter() - begun)


async def answering(port: int) -> None:
    """Wait until the server answers."""
    while True:
        with suppress(OSError, asyncio.IncompleteReadError):
            if (await Phone(port).get("/api/workshop"))[0] == 200:
                return
        await asyncio.sleep(0.1)


async def soak(server: Served, options: argparse.Namespace) -> Table:
    """Return the table after the time is up and the server was killed while all posted."""
    await answering(server.port)
    begun = time.perf_counter()
    table = await Table.found(server.port, options.people)
    print(f"{options.people} people came in within {time.perf_counter() - begun:.1f} s", flush=True)
    seconds = 60 * options.minutes
    playing = asyncio.create_task(table.play(seconds, options.every, killed := asyncio.Event()))
    doing = [asyncio.create_task(compute(table, lane)) for lane in range(options.runs)]
    await asyncio.sleep(seconds)
    table.over = True  # what fails from now on is no error
    server.kill()
    killed.set()
    for each in doing:
        each.cancel()
    await asyncio.gather(playing, *doing, return_exceptions=True)
    return table


async def kept(port: int, table: Table) -> tuple[int, list[str]]:
    """Return how many actions a started server has of the participants, and in words what is wrong with them."""
    begun = time.perf_counter()
    await answering(port)
    leader = Phone(port, table.leader.token)
    _, found = await leader.get(f"{table.here}/export.json")
    print(f"started again: all is there after {time.perf_counter() - begun:.1f} s")
    actions: Any = found["actions"]
    if [each["seq"] for each in actions] != list(range(1, len(actions) + 1)):
        return 0, ["the actions are not numbered in a row"]
    there: dict[str, list[dict[str, Any]]] = {each.id: [] for each in table.people}
    for each in actions:
        if each["kind"] != "join" and each["by"] in there:
            there[each["by"]].append(each)
    wrong = [word for person in table.people if (word := compared(person, there[person.id]))]
    return sum(map(len, there.values())), wrong


def compared(person: Person, there: list[dict[str, Any]]) -> str:
    """Return in words what of a person's answered actions is missing, changed or there twice, "" where all is well."""
    asked = [*person.answered, *([person.open] if person.open else [])]
    if not len(person.answered) <= len(there) <= len(asked):
        return f"{person.id}: {len(person.answered)} answered, {len(there)} kept"
    for kept_as, body in zip(there, asked, strict=False):
        if kept_as["kind"] != body["kind"] or any(kept_as["data"][name] != body[name] for name in told_as(body)):
            return f"{person.id}: {body} is kept as {kept_as}"
    return ""


def told_as(body: Mapping[str, Any]) -> list[str]:
    """Return the names under which an action is kept as it was asked."""
    return [name for name in body if name != "kind"]


def report(table: Table, options: argparse.Namespace) -> bool:
    """Print what was measured; return whether the bar is met."""
    tape, seconds = table.tape, 60 * options.minutes
    print(f"{options.people} participants, {seconds:g} s, load {' '.join(f'{each:.1f}' for each in os.getloadavg())}")
    print(told("actions answered", tape.posts), f"({len(tape.posts) / seconds:.0f} a second)")
    print(told("from an action to its being seen", tape.lags))
    print(f"events on one line: {tape.events}; bytes on all: {tape.bytes / 1e6:.0f} MB")
    print(f"runs that were done: {len(tape.runs)}, longest {max(tape.runs, default=0.0):.0f} s")
    print(f"refused as they should be: {dict(tape.refused)}; errors: {dict(+tape.errors) or 0}")
    fast = len(tape.posts) > 1 and statistics.quantiles(tape.posts, n=20)[-1] < BAR
    return fast and not +tape.errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--every", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with served(Path(folder) / "data") as server:
            table = asyncio.run(soak(server, options))
        good = report(table, options)
        with served(Path(folder) / "data") as server:
            count, wrong = asyncio.run(kept(server.port, table))
    answered = sum(len(each.answered) for each in table.people)
    print(f"after the kill: {answered} actions were answered, {count} are kept; wrong: {wrong[:5] or 0}")
    if wrong or not good:
        raise SystemExit("The bar is not met.")


if __name__ == "__main__":
    main()
