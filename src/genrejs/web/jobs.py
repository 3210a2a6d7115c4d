"""The queue: takes turns between users, gives the same question one run, remembers what was finished.

All of it lives in the server's loop and none of it waits.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from genrejs.web.cards import Card
from genrejs.web.problems import Problem
from genrejs.web.runs import OVER, Job, Run, finished_run
from genrejs.web.settings import Settings
from genrejs.web.workers import CRASHED, UNREADY, Word

if TYPE_CHECKING:
    from genrejs.web.questions import Question

TOO_LONG = "The run took longer than this server lets one take, and was stopped."
Times = Callable[[str], tuple[float, ...]]
"""Reads the times [s] of a film from disk: a small file."""


class Hands(Protocol):
    """What the queue wants of the pool of workers."""

    @property
    def idle(self) -> list[int]:
        """The workers that could begin now."""

    @property
    def size(self) -> int:
        """How many workers there are."""

    def begin(self, worker: int, order: int, question: Question, threads: int) -> None:
        """Give an idle worker its order."""

    def stop(self, worker: int, order: int) -> None:
        """Ask a worker to stop an order."""


class Jobs:
    """Runs and who waits for them."""

    def __init__(self, hands: Hands, settings: Settings, cores: int, times: Times) -> None:
        self.hands, self.settings, self.cores = hands, settings, cores
        self._times = times
        self.jobs: OrderedDict[str, Job] = OrderedDict()
        self.runs: OrderedDict[str, Run] = OrderedDict()
        self._queues: OrderedDict[str, deque[Run]] = OrderedDict()
        self._orders: dict[int, Run] = {}
        self._last = 0
        self._unready = 0

    def submit(self, question: Question, user: str, card: Card | None = None) -> Job:
        """Return the user's job for a question: of the run that is there, of a kept result, or of a new run.

        Raises
        ------
        Problem
            Too many runs wait, of this user or in all (429).
        """
        run = self.runs.get(question.key)
        if run is None or run.status in ("failed", "dismissed"):
            run = finished_run(card, self._times(card.film or "")) if card else self._enter(question, user)
            self._keep(run)
        elif run.status == "accepted" and run not in self._queue(user):
            self._room(user)
            self._queue(user).append(run)
        job = Job(run, user)
        run.jobs.append(job)
        self.jobs[job.id] = job
        self._forget()
        self._go_on()
        return job

    def recall(self, card: Card) -> Job:
        """Return a job of a result that was finished before the server was started; it is nobody's."""
        run = self.runs.get(card.key)
        return Job(run if run and run.status == "successful" else finished_run(card, self._times(card.film or "")), "")

    def dismiss(self, job: Job) -> None:
        """Take a job away from its run, and end a run that nobody waits for any more.

        Raises
        ------
        Problem
            The job is over (409).
        """
        if job.over:
            raise Problem(409, "The run is over; there is nothing to stop.")
        job.dismissed = True
        run = job.run
        if not any(other.user == job.user and not other.dismissed for other in run.jobs):
            self._leave(run, job.user)
        if not run.wanted:
            self._end(run)
        run.changed()

    async def wait(self, job: Job) -> None:
        """Return when a job is over."""
        woken = asyncio.Event()
        job.run.followers.add(woken)
        try:
            while not job.over:
                await woken.wait()
                woken.clear()
        finally:
            job.run.followers.discard(woken)

    def position(self, job: Job) -> int | None:
        """Return how many runs begin before a job's, None where it does not wait."""
        if job.status != "accepted":
            return None
        return next((place for place, run in enumerate(self._turns()) if run is job.run), None)

    def of(self, user: str) -> list[Job]:
        """Return a user's jobs, the newest first."""
        return [job for job in reversed(self.jobs.values()) if job.user == user]

    def heard(self, worker: int, word: Word) -> None:
        """Take what a worker says."""
        run = self._orders.get(word.order)
        if run is not None:
            self._say(run, word)
        if word.kind in ("ready", "gone"):
            self._unready = self._unready + 1 if word.kind == "gone" and not word.data else 0
        if self._unready >= self.hands.size and not self._orders:
            for waiting in list(self._turns()):
                self._drop(waiting)
                waiting.end("failed", UNREADY)
        self._go_on()

    def _say(self, run: Run, word: Word) -> None:
        if word.kind == "progress":
            run.share, run.message = word.data
            run.changed()
        elif word.kind == "picture":
            run.pictures.append(word.data)
            run.changed()
        elif word.kind == "film":
            run.show(word.data, self._times(word.data))
        elif word.kind in ("done", "failed", "stopped", "gone"):
            del self._orders[word.order]
            self._over(run, word)

    def _over(self, run: Run, word: Word) -> None:
        if word.kind == "done":
            card: Card = word.data
            if card.film:
                run.show(card.film, self._times(card.film))
            run.card = card
            run.end("successful")
        elif run.ended_for:
            run.end("failed", run.ended_for)
        elif not run.wanted:
            run.end("dismissed")
        else:
            run.end("failed", word.data if word.kind == "failed" else CRASHED)
        if run.status != "successful":
            run.pictures = []

    def _enter(self, question: Question, user: str) -> Run:
        self._room(user)
        if sum(1 for _ in self._turns()) >= self.settings.queued_all:
            raise Problem(429, "Many runs wait already; try again in a minute.", headers={"Retry-After": "60"})
        run = Run(question.process, question.key, question)
        self._queue(user).append(run)
        return run

    def _room(self, user: str) -> None:
        most = self.settings.queued_each
        if len(self._queues.get(user, ())) >= most:
            detail = f"You have {most} runs waiting already; wait for one or stop one."
            raise Problem(429, detail, headers={"Retry-After": "10"})

    def _queue(self, user: str) -> deque[Run]:
        return self._queues.setdefault(user, deque())

    def _turns(self) -> Iterator[Run]:
        """Yield the runs that wait in the order in which they will begin: one of each user in turn."""
        seen: set[Run] = set()
        left = [iter(queue) for queue in self._queues.values()]
        while left:
            still = []
            for queue in left:
                run = next((run for run in queue if run not in seen), None)
                if run is not None:
                    seen.add(run)
                    still.append(queue)
                    yield run
            left = still

    def _next(self) -> Run | None:
        """Return the run whose turn it is; a study leaves one worker to short runs where there are several."""
        studies = sum(run.process == "study" for run in self._orders.values())
        full = studies >= max(1, self.hands.size - 1)
        return next((run for run in self._turns() if not (full and run.process == "study")), None)

    def _go_on(self) -> None:
        for worker in self.hands.idle:
            run = self._next()
            if run is None:
                break
            self._drop(run, turn=True)
            self._last += 1
            self._orders[self._last] = run
            run.begin(self._last, worker)
            self.hands.begin(worker, self._last, run.question, max(1, self.cores // len(self._orders)))
            self._limit(run)
        for waiting in self._turns():
            waiting.changed()  # it may have moved up

    def _limit(self, run: Run) -> None:
        most = self.settings.time_study if run.process == "study" else self.settings.time_what_if
        asyncio.get_running_loop().call_later(most, self._expire, run, run.order)

    def _expire(self, run: Run, order: int) -> None:
        if self._orders.get(order) is run and run.worker is not None:
            run.ended_for = TOO_LONG
            self.hands.stop(run.worker, order)

    def _end(self, run: Run) -> None:
        if run.status == "accepted":
            self._drop(run)
            run.end("dismissed")
        elif run.worker is not None:
            # The next who asks the same gets a run of his own: this one is on its way out.
            if self.runs.get(run.key) is run:
                del self.runs[run.key]
            self.hands.stop(run.worker, run.order)

    def _leave(self, run: Run, user: str) -> None:
        queue = self._queues.get(user)
        if queue is not None and run in queue:
            queue.remove(run)
            if not queue:
                del self._queues[user]

    def _drop(self, run: Run, *, turn: bool = False) -> None:
        """Take a run out of every queue; with `turn` those who waited for it go to the end of the line."""
        for user in [user for user, queue in self._queues.items() if run in queue]:
            self._leave(run, user)
            if turn and user in self._queues:
                self._queues.move_to_end(user)

    def _keep(self, run: Run) -> None:
        self.runs[run.key] = run
        self.runs.move_to_end(run.key)

    def _forget(self) -> None:
        """Forget the oldest of what is over beyond the history that is kept."""
        for kept in (self.jobs, self.runs):
            over = [name for name, each in kept.items() if each.status in OVER]
            for name in over[: max(0, len(over) - self.settings.history)]:
                del kept[name]
        for run in self.runs.values():
            run.jobs = [job for job in run.jobs if job.id in self.jobs]

    def find(self, id: str) -> Job | None:
        """Return a job that is remembered."""
        return self.jobs.get(id)

    def counts(self) -> dict[str, Any]:
        """Return how many runs wait and how many are computed."""
        return {"waiting": sum(1 for _ in self._turns()), "running": len(self._orders)}
