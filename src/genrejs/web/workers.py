"""Worker processes: each makes a city ready and computes one run at a time; the server only hears of it.

A thread for each worker starts its process, reads what it says and starts another when it ends; what is said is passed
into the server's loop, which therefore never waits.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from genrejs.errors import Cancelled, GenrejsError

if TYPE_CHECKING:
    from genrejs.web.questions import Question
    from genrejs.web.tasks import Task

Kind = Literal["ready", "progress", "picture", "film", "done", "failed", "stopped", "gone"]
OFTEN = 0.2
"""[s] between two words of progress."""
PATIENCE = 30.0
"""[s] the longest wait before a worker that does not get ready is started once more."""
PARTING = 4.0
"""[s] that workers have to go when the server stops."""
OURS = "A fault of ours stopped the run; the server's log says more."
CRASHED = "The process that computed the run ended; try once more."
UNREADY = "No worker could make the city ready; the server's log says why."


class Word(NamedTuple):
    """What a worker says: of which order, and what goes with it."""

    kind: Kind
    order: int = 0
    data: Any = None


Heard = Callable[[int, Word], None]
"""Called in the server's loop with the worker's number and what it said."""
Open = Callable[[], "Task"]
"""Makes a task ready, in the worker; a function or a partial of one, so that it can be sent there."""


class _Mouth:
    """What a task tells through: it says things to the server, and ends a run that is to stop."""

    def __init__(self, line: Connection, stop: Any, order: int) -> None:
        self.line, self.stop, self.order = line, stop, order
        self.last = 0.0

    def _check(self) -> None:
        if self.stop.value == self.order:
            raise Cancelled("The run was stopped.")

    def progress(self, share: float, what: str = "") -> None:
        self._check()
        now = time.monotonic()
        if now - self.last >= OFTEN:
            self.last = now
            self.line.send(Word("progress", self.order, (share, what)))

    def picture(self, time_s: float, png: bytes) -> None:
        self._check()
        self.line.send(Word("picture", self.order, (time_s, png)))

    def film(self, key: str) -> None:
        self.line.send(Word("film", self.order, key))


def work(line: Connection, stop: Any, open_task: Open) -> None:
    """Make a task ready, then answer orders until the line is cut; the body of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of the terminal: the server decides
    try:
        task = open_task()
        if hasattr(os, "nice"):
            os.nice(10)  # people who wait for an answer come before what is computed, not before what is made ready
        line.send(Word("ready"))
        while (order := line.recv()) is not None:
            number, question, threads = order
            line.send(_answer(task, question, threads, _Mouth(line, stop, number)))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _answer(task: Task, question: Question, threads: int, mouth: _Mouth) -> Word:
    try:
        return Word("done", mouth.order, task(question, threads, mouth))
    except Cancelled:
        return Word("stopped", mouth.order)
    except (BrokenPipeError, ConnectionResetError):
        raise
    except GenrejsError as error:
        return Word("failed", mouth.order, str(error))
    except Exception:  # noqa: BLE001  # whatever it is, the run has failed and the worker goes on
        traceback.print_exc()
        return Word("failed", mouth.order, OURS)


@dataclass
class _Hand:
    """A worker as the server's loop sees it: `order` 0 is none."""

    line: Connection | None = None
    process: Any = None
    stop: Any = None
    ready: bool = False
    order: int = 0


class Pool:
    """Worker processes that are started again when they end."""

    def __init__(self, count: int, open_task: Open, grace: float = 3.0) -> None:
        self._context = get_context("spawn")
        self._open, self._grace = open_task, grace
        self._hands = [_Hand() for _ in range(count)]
        self._threads: list[Thread] = []
        self._closing, self._first = Event(), Event()
        self._heard: Heard | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early: list[tuple[int, Word]] = []
        self._lock = Lock()

    def launch(self) -> None:
        """Start the workers before there is a loop that hears them, so that they load beside the server.

        The first loads alone: the others would take from it the cores that it needs, and one is enough to begin with.
        """
        if self._threads or self._closing.is_set():
            return
        self._threads = [
            Thread(target=self._attend, args=(number,), name=f"worker-{number}", daemon=True)
            for number in range(len(self._hands))
        ]
        for thread in self._threads:
            thread.start()

    def start(self, heard: Heard) -> None:
        """Start every worker that is not; `heard` is called in the running loop with what they say, and said so far."""
        with self._lock:
            self._heard, self._loop = heard, asyncio.get_running_loop()
            said, self._early = self._early, []
            for number, word in said:
                self._loop.call_soon(self._hear, number, word)
        self.launch()

    @property
    def idle(self) -> list[int]:
        """The workers that are ready and have nothing to do."""
        return [number for number, hand in enumerate(self._hands) if hand.ready and not hand.order]

    @property
    def size(self) -> int:
        """How many workers there are, ready or not."""
        return len(self._hands)

    def begin(self, worker: int, order: int, question: Question, threads: int) -> None:
        """Give an idle worker its order, numbered from 1."""
        hand = self._hands[worker]
        hand.order = order
        with suppress(OSError):  # one that has just ended: its thread will say so
            if hand.line is not None:
                hand.line.send((order, question, threads))

    def stop(self, worker: int, order: int) -> None:
        """Ask a worker to stop an order; what has not stopped within the grace is killed and started again."""
        hand = self._hands[worker]
        if hand.order == order and hand.stop is not None and self._loop is not None:
            hand.stop.value = order
            self._loop.call_later(self._grace, self._kill, worker, order)

    def _kill(self, worker: int, order: int) -> None:
        hand = self._hands[worker]
        if hand.order == order and hand.process is not None:
            hand.process.kill()

    def close(self) -> None:
        """End every worker: one without an order goes by itself, one that computes drops what it has or is killed."""
        self._closing.set()
        self._first.set()
        for hand in self._hands:
            if hand.process is not None and not hand.ready:
                hand.process.kill()  # it is loading, and would not listen for seconds
            elif hand.line is not None and hand.stop is not None:
                hand.stop.value = hand.order
                with suppress(OSError):
                    hand.line.send(None)
        patience = time.monotonic() + PARTING
        for thread in self._threads:
            thread.join(timeout=max(0.0, patience - time.monotonic()))
        for hand in self._hands:
            if hand.process is not None:
                hand.process.kill()
        for thread in self._threads:
            thread.join(timeout=PARTING)

    def _attend(self, number: int) -> None:
        """Keep one worker going until the pool closes; the body of its thread."""
        wait = 0.5
        if number > 0:
            self._first.wait()
        while not self._closing.is_set():
            if self._attend_once(number):
                wait = 0.5
            elif self._closing.wait(wait):
                return
            else:
                wait = min(2 * wait, PATIENCE)

    def _attend_once(self, number: int) -> bool:
        """Start a process and pass on what it says until it ends; return whether it ever got ready."""
        ours, theirs = self._context.Pipe()
        stop = self._context.Value("q", 0, lock=False)
        process = self._context.Process(target=work, args=(theirs, stop, self._open), daemon=True)
        hand = self._hands[number]
        process.start()
        hand.line, hand.stop, hand.process = ours, stop, process
        if self._closing.is_set():
            process.kill()
        theirs.close()
        ready = False
        with suppress(EOFError, OSError):
            while True:
                word = ours.recv()
                ready = ready or word.kind == "ready"
                self._first.set()
                self._pass_on(number, word)
        process.join()
        self._first.set()
        self._pass_on(number, Word("gone", 0, ready))
        ours.close()
        return ready

    def _pass_on(self, number: int, word: Word) -> None:
        if self._closing.is_set():
            return
        with self._lock:
            if self._loop is None:
                self._early.append((number, word))
                return
        try:
            self._loop.call_soon_threadsafe(self._hear, number, word)
        except RuntimeError:
            self._closing.set()  # the loop has ended, and so do we

    def _hear(self, number: int, word: Word) -> None:
        """Note what a worker said and pass it to the jobs; in the loop."""
        hand = self._hands[number]
        if word.kind == "ready":
            hand.ready = True
        elif word.kind == "gone":
            hand.ready, word = False, Word("gone", hand.order, word.data)
            hand.order = 0
        elif word.kind in ("done", "failed", "stopped"):
            hand.order = 0
        if self._heard is not None:
            self._heard(number, word)
