"""A run as the server knows it, and the jobs of those who wait for it: several may wait for the same one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, Literal

from genrejs.web.cards import Card
from genrejs.web.refusals import in_both

Status = Literal["accepted", "running", "successful", "failed", "dismissed"]
OVER = ("successful", "failed", "dismissed")


def now() -> str:
    """Return the time as OGC API Processes wants it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(eq=False)
class Run:
    """One computation: every question of the same key shares it.

    `question` is None for one that was finished before the server was started. `pictures` holds the time [s] of each
    moment and its picture, None once it is on disk under the film's key.
    """

    process: str
    key: str
    question: Any = None
    status: Status = "accepted"
    share: float = 0.0
    message: str = ""
    created: str = field(default_factory=now)
    started: str | None = None
    finished: str | None = None
    pictures: list[tuple[float, bytes | None]] = field(default_factory=list)
    film: str | None = None
    card: Card | None = None
    jobs: list[Job] = field(default_factory=list)
    order: int = 0
    worker: int | None = None
    ended_for: str = ""
    followers: set[asyncio.Event] = field(default_factory=set)

    @property
    def wanted(self) -> bool:
        """Whether anybody still waits for it."""
        return any(not job.dismissed for job in self.jobs)

    def changed(self) -> None:
        """Wake whoever follows it."""
        for follower in self.followers:
            follower.set()

    def begin(self, order: int, worker: int) -> None:
        """Note that a worker has it."""
        self.status, self.order, self.worker, self.started = "running", order, worker, now()
        self.changed()

    def end(self, status: Status, message: str = "") -> None:
        """Note how it ended."""
        self.status, self.message, self.finished, self.worker = status, message, now(), None
        self.share = 1.0 if status == "successful" else self.share
        self.changed()

    def show(self, film: str, times: tuple[float, ...]) -> None:
        """Note that a film on disk shows its water."""
        self.film, self.pictures = film, [(at, None) for at in times]
        self.changed()


@dataclass(eq=False)
class Job:
    """One user's wish for a run; its id begins with the run's key, so that the result is found after a restart."""

    run: Run
    user: str
    created: str = field(default_factory=now)
    mark: str = field(default_factory=lambda: token_hex(4))
    dismissed: bool = False

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return f"{self.run.key}-{self.mark}"

    @property
    def status(self) -> Status:
        """Where it stands for this user."""
        return "dismissed" if self.dismissed else self.run.status

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in OVER

    def info(self, position: int | None) -> dict[str, Any]:
        """Return the statusInfo of OGC API Processes, with the place in the queue."""
        run = self.run
        told = {
            "jobID": self.id,
            "processID": run.process,
            "type": "process",
            "status": self.status,
            "progress": round(100 * run.share),
            **_said("" if self.dismissed else run.message),
            "created": self.created,
            "started": run.started,
            "finished": run.finished,
            "position": position,
            "links": self._links(),
        }
        return {name: value for name, value in told.items() if value is not None or name == "position"}

    def _links(self) -> list[dict[str, str]]:
        place, kind = f"/jobs/{self.id}", "application/json"
        links = [{"href": place, "rel": "self", "type": kind}]
        if self.status == "successful":
            results = "http://www.opengis.net/def/rel/ogc/1.0/results"
            links.append({"href": f"{place}/results", "rel": results, "type": kind})
        return links


def _said(message: str) -> dict[str, str]:
    """Return a run's message, in both languages where it is one that we have words for."""
    told = in_both(message) if message else None
    return {"message": message} if told is None else {"message": message, "message_da": told.da, "message_en": told.en}


def finished_run(card: Card, times: tuple[float, ...]) -> Run:
    """Return the run of a card: it was finished once, its result and its film are on disk."""
    run = Run(card.process, card.key, status="successful", share=1.0, created=card.finished, finished=card.finished)
    run.card = card
    if card.film:
        run.show(card.film, times)
    return run
