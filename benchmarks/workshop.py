"""Time a workshop: `python -m benchmarks.workshop [--people N] [--seconds S] [--busy N] [--every S] [--database URL]`.

A server of its own process on loopback, behind the guard with its usual limits; PEOPLE participants join, each follows
the events on a line of its own and posts about once in EVERY seconds (cards, stars), while BUSY
processes keep as many cores at work. Printed: how long posts take to be answered (so: to be on the disk), how late the
state is that tells of them, and what failed.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.crowd import Table, Tape, answering, told

SERVER = """
import sys
import uvicorn
from fastapi import FastAPI
from genrejs.web.guard import guarded
from genrejs.web.workshops import workshop_router
from genrejs.workshop.hall import Hall
from genrejs.workshop.store import Store

app = FastAPI()
app.include_router(workshop_router(Hall(Store(sys.argv[1]))))
uvicorn.run(guarded(app), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", timeout_graceful_shutdown=1)
"""


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


async def play(port: int, options: argparse.Namespace) -> tuple[Tape, float]:
    """Return what was measured, and how long it took until all had come in [s]."""
    await answering(port)
    begun = time.perf_counter()
    table = await Table.found(port, options.people)
    joined = time.perf_counter() - begun
    await table.lead(kind="round", name="challenges")
    follow = range(options.people if options.followers is None else min(options.followers, options.people))
    lines = [asyncio.create_task(table.follow(reads=not k)) for k in follow]
    doing = [asyncio.create_task(table.take_part(each, options.every)) for each in table.people]
    await asyncio.sleep(options.seconds)
    table.over = True
    await asyncio.gather(*doing)
    await asyncio.sleep(0.5)
    for line in lines:
        line.cancel()
    await asyncio.gather(*lines, return_exceptions=True)
    for phone in (table.leader, *(each.phone for each in table.people)):
        phone.close()
    return table.tape, joined


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--busy", type=int, default=2)
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--followers", type=int, help="of the people; none: all")
    parser.add_argument("--database")
    options = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or str(Path(folder) / "w.sqlite")
        server = subprocess.Popen([sys.executable, "-c", SERVER, database, str(port)])
        busy = [multiprocessing.Process(target=burn, daemon=True) for _ in range(options.busy)]
        for each in busy:
            each.start()
        try:
            tape, joined = asyncio.run(play(port, options))
            spent = cpu(server.pid)
        finally:
            for each in busy:
                each.terminate()
            server.terminate()
            server.wait()
    print(f"{options.people} participants, {options.seconds:g} s, {options.busy} cores kept busy")
    print(f"all joined after {joined:.1f} s")
    print(told("posts answered", tape.posts), f"({len(tape.posts) / options.seconds:.0f} a second)")
    print(told("cards seen by who follows", tape.lags))
    print(f"computing by the server: {spent:.1f} s")
    print(f"states on one line: {tape.events}; bytes on all: {tape.bytes / 1e6:.0f} MB")
    print(f"refused as they should be: {dict(tape.refused)}; errors: {dict(+tape.errors) or 0}")


if __name__ == "__main__":
    main()
