"""One thread that writes: what waits is kept in one transaction, so that many who write at once share one fsync."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from genrejs.errors import Fault
from genrejs.workshop.store import Add, Drop, Found, Store, Write

BATCH = 200
"""Writes in one transaction at most."""
Waiting = tuple[Write, "Future[None]"]


class Writer:
    """A queue in front of the store; a write's future is done when it is on the disk, and only then."""

    def __init__(self, store: Store, last: Mapping[str, int]) -> None:
        self._store, self._last = store, dict(last)
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="workshop writer", daemon=True)
        self._thread.start()

    def put(self, write: Write) -> Future[None]:
        """Ask for a write; the future fails when it could not be kept."""
        future: Future[None] = Future()
        self._queue.put((write, future))
        return future

    def close(self) -> None:
        """Write all that waits, then stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, more = [first], True
            while more and len(batch) < BATCH:
                try:
                    following = self._queue.get_nowait()
                except Empty:
                    break
                more = following is not None
                if following is not None:
                    batch.append(following)
            self._keep(batch)
            if not more:
                return

    def _keep(self, batch: Sequence[Waiting]) -> None:
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001  # the thread must outlive whatever a database can raise
            if len(batch) > 1:
                for each in batch:
                    self._keep([each])
            else:
                batch[0][1].set_exception(error)
            return
        for _, future in batch:
            with contextlib.suppress(Exception):
                future.set_result(None)

    def _write(self, batch: Sequence[Waiting]) -> None:
        """Write a batch; raise Fault for an action whose predecessor was not kept, since it was judged by it."""
        last = dict(self._last)
        for write, _ in batch:
            if isinstance(write, Add) and last.get(write.code) != write.action.seq - 1:
                raise Fault(f"Action {write.action.seq} of a workshop does not follow {last.get(write.code)}.")
            if isinstance(write, Add):
                last[write.code] = write.action.seq
            elif isinstance(write, Found):
                last[write.code] = 0
            elif isinstance(write, Drop):
                last.pop(write.code, None)
        self._store.write([write for write, _ in batch])
        self._last = last
