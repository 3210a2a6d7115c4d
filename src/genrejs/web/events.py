"""What happens to a run, sent to whoever follows it: all that was so far, then as it comes (server-sent events)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from genrejs.web.jobs import Jobs
from genrejs.web.runs import Job

OFTEN = 0.15
"""[s] between two looks at a run: what changed meanwhile is told together."""
ALIVE = 15.0
"""[s] after which a comment is sent, so that nothing on the way cuts the line."""


async def follow(jobs: Jobs, job: Job, closing: asyncio.Event) -> AsyncIterator[str]:
    """Yield a job's events until it is over or the server closes: `status`, `frame`, at last `done`."""
    woken = asyncio.Event()
    job.run.followers.add(woken)
    try:
        last, shown = "", 0
        while not closing.is_set():
            woken.clear()
            for number in range(shown, len(job.run.pictures)):
                yield event("frame", frame(job, number))
            shown = len(job.run.pictures)
            info = job.info(jobs.position(job))
            if job.over:
                yield event("done", info)
                return
            if (told := event("status", info)) != last:
                last = told
                yield told
            if not await _woken(woken, closing):
                yield ": still here\n\n"
    finally:
        job.run.followers.discard(woken)


def event(name: str, data: dict[str, Any]) -> str:
    """Return one event as it is sent."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def frame(job: Job, number: int) -> dict[str, Any]:
    """Return a moment of the water: its number, its time [s] and where its picture is."""
    time_s, _ = job.run.pictures[number]
    return {"n": number, "time_s": time_s, "address": f"/jobs/{job.id}/frames/{number}.png"}


async def _woken(woken: asyncio.Event, closing: asyncio.Event) -> bool:
    """Wait for news; return False when there was none for so long that a sign of life is due."""
    await asyncio.sleep(OFTEN)
    waits = [asyncio.ensure_future(each.wait()) for each in (woken, closing)]
    try:
        done, _ = await asyncio.wait(waits, timeout=ALIVE, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()
    return bool(done)
