"""Following a workshop: its public state, serialised once a version and shared by all who follow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from genrejs.workshop.refused import Refused

GAP = 0.2
"""[s] between two states sent: five a second at most."""

View = Callable[[], dict[str, Any]]


def packed(values: Any) -> bytes:
    """Return plain values as JSON in UTF-8; a number that JSON does not know is a fault."""
    return json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


class Live:
    """What is sent to those who follow one workshop; `version` and `view` tell what it is now."""

    def __init__(self, version: Callable[[], int], view: View, most: int) -> None:
        self._version, self._view, self._most = version, view, most
        self._body: tuple[int, bytes] = (-1, b"")
        self._change: asyncio.Future[None] | None = None
        self._due: asyncio.TimerHandle | None = None
        self._last = float("-inf")
        self._count = 0
        self.over = False

    @property
    def count(self) -> int:
        """How many follow now."""
        return self._count

    def body(self) -> tuple[int, bytes]:
        """Return the version and the public state as JSON, made once a version."""
        version = self._version()
        if self._body[0] != version:
            self._body = (version, packed(self._view()))
        return self._body

    @contextmanager
    def follower(self) -> Iterator[None]:
        """Count one who follows; raise Refused when there are too many already."""
        if self._count >= self._most:
            raise Refused("much", "listeners")
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1

    def touch(self) -> None:
        """Tell those who follow that something changed, at once or when the gap is over."""
        if self._count and self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_at(max(loop.time(), self._last + GAP), self._wake)

    def end(self) -> None:
        """Tell those who follow that it is over."""
        self.over = True
        self._tell()

    def change(self) -> asyncio.Future[None]:
        """Return what is done at the next change: one for all, so wait for it with `asyncio.wait`."""
        if self._change is None:
            self._change = asyncio.get_running_loop().create_future()
        return self._change

    def _wake(self) -> None:
        self._due, self._last = None, asyncio.get_running_loop().time()
        self._tell()

    def _tell(self) -> None:
        change, self._change = self._change, None
        if change is not None and not change.done():
            change.set_result(None)
