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
import os
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.crowd import Person, Phone, Table, answering, told
from benchmarks.served import Served, served

BAR = 0.25
"""[s] within which 95 of 100 actions must be answered."""


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
