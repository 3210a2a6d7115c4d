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
        message = {"type": "http.response.body", "body": body, "more_body": more}
        await asyncio.wait_for(send(message), pace.patience)

    gone = asyncio.create_task(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await part(b"retry: %d\n\n" % RETRY)
        seen = -1
        while not gone.done() and not live.over:
            version, body = live.body()
            if version != seen:
                await part(told(version, body))
                seen = version
            if not await _either(live, gone, pace.alive):
                await part(b": still here\n\n")
        if not gone.done():
            await part(b"", more=False)
    except (TimeoutError, OSError):
        # Nobody reads: leaving the answer unfinished makes the server close the line.
        return
    finally:
        gone.cancel()


async def _either(live: Live, gone: asyncio.Task[None], seconds: float) -> bool:
    """Wait for a change or for the follower to go; return whether either came in time."""
    change = asyncio.ensure_future(live.change(seconds))
    try:
        await asyncio.wait({change, gone}, return_when=asyncio.FIRST_COMPLETED)
        return gone.done() or change.result()
    finally:
        change.cancel()


async def _gone(receive: Callable[[], Awaitable[Message]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
