"""A workshop's events as an ASGI answer: server-sent, kept alive, and cut off where nobody reads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from genrejs.workshop.live import Live

Message = MutableMapping[str, Any]
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
FIRST = asyncio.FIRST_COMPLETED
RETRY = 2000
"""[ms] after which a browser that lost the line calls again."""


@dataclass(frozen=True)
class Pace:
    """How often a silent line is kept alive [s], and how long one that does not read is waited for [s]."""

    alive: float = 15.0
    patience: float = 20.0


def told(version: int, body: bytes) -> bytes:
    """Return a state as one event; JSON has no line breaks of its own."""
    return b"id: %d\nevent: state\ndata: %b\n\n" % (version, body)


async def follow(
    live: Live,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
    pace: Pace | None = None,
) -> None:
    """Send the public state at once and after every change until the follower goes, stops reading, or it is over."""
    pace = pace or Pace()

    async def part(body: bytes, more: bool = True) -> None:
        async with asyncio.timeout(pace.patience):
            await send({"type": "http.response.body", "body": body, "more_body": more})

    gone = asyncio.create_task(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await part(b"retry: %d\n\n" % RETRY)
        seen = -1
        while not gone.done() and not live.over:
            # Asked for before the state is read: a change while this one is sent is not missed.
            change, (version, body) = live.change(), live.body()
            if version != seen:
                await part(told(version, body))
                seen = version
            done, _ = await asyncio.wait({change, gone}, timeout=pace.alive, return_when=FIRST)
            if not done:
                await part(b": still here\n\n")
        if not gone.done():
            await part(b"", more=False)
    except (TimeoutError, OSError):
        # Nobody reads: leaving the answer unfinished makes the server close the line.
        return
    finally:
        gone.cancel()


async def _gone(receive: Callable[[], Awaitable[Message]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
