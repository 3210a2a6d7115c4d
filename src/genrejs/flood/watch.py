"""Progress and cancelling: what happens about once a second while the solver runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from threading import Event

from genrejs.errors import Cancelled

Told = Callable[[float], None]


def watcher(progress: bool | Told, cancel: Event | None) -> Told | None:
    """Return what the solver calls with the share done, None where nobody watches; it raises Cancelled when asked."""
    tell = _Line() if progress is True else progress or None
    if tell is None and cancel is None:
        return None

    def look(share: float) -> None:
        if cancel is not None and cancel.is_set():
            raise Cancelled(f"The flood was cancelled with {share:.0%} of it done; nothing is kept.")
        if tell is not None:
            tell(share)

    return look


class _Line:
    """One line on standard error: the share done and, from its second call on, the time that is left."""

    def __init__(self) -> None:
        self.first: tuple[float, float] | None = None

    def __call__(self, share: float) -> None:
        now = time.perf_counter()
        began, done = self.first = self.first or (now, share)
        left = (now - began) * (1.0 - share) / (share - done) if share > done else 0.0
        rest = f", about {left:.0f} s left" if 0.0 < share < 1.0 and left else ""
        sys.stderr.write(f"\rflood {share:4.0%}{rest:<28}" + ("\n" if share >= 1.0 else ""))
        sys.stderr.flush()
