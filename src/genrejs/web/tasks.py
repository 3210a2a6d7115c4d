"""What a worker does: a city made ready once, then one question at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from genrejs.ensemble.ask import event_of
from genrejs.ensemble.store import Store
from genrejs.ensemble.whatif import Desk, flood_key, run_ask
from genrejs.hazard.flood.options import SCHEMES
from genrejs.hazard.flood.ready import make_ready
from genrejs.study import check_study
from genrejs.web.cards import Card, Cards
from genrejs.web.films import Films
from genrejs.web.pictures import greys
from genrejs.web.questions import Question, ask_of
from genrejs.web.settings import Settings

MOST_PICTURES = 48
"""Of a film: a longer flood is shown at longer steps."""


class Tell(Protocol):
    """What a task calls while it works; either may raise to end it."""

    def progress(self, share: float, what: str = "") -> None:
        """Tell the share done, 0..1, and what is being done."""

    def picture(self, time_s: float, png: bytes) -> None:
        """Show a moment [s] of the water."""

    def film(self, key: str) -> None:
        """Tell that a kept film shows the water."""


Task = Callable[[Question, int, Tell], Card]
"""Answers a question with so many threads; what it keeps is on disk when it returns."""


@dataclass
class _Camera:
    """Takes pictures at steps of at least `step` [s] and shows each at once."""

    tell: Tell
    step: float
    taken: list[tuple[float, bytes]]
    wanted: bool

    def __call__(self, time_s: float, depth: NDArray[np.float32]) -> None:
        if not self.wanted or (self.taken and time_s < self.taken[-1][0] + self.step):
            return
        png = greys(depth)
        self.taken.append((time_s, png))
        self.tell.picture(time_s, png)


class Worker:
    """A city and a store, ready for questions."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.desk = Desk(settings.study, settings.cache)
        self.store = Store(settings.store)
        self.films, self.cards = Films(settings.data / "films"), Cards(settings.data)
        # The flood's kernels are loaded, and on a new machine compiled, before somebody waits for water.
        scheme = settings.study.flood.scheme
        for each in SCHEMES if scheme == "auto" else (scheme,):
            make_ready(each, operated=True)

    def __call__(self, question: Question, threads: int, tell: Tell) -> Card:
        """Answer a question and keep its card.

        Raises
        ------
        InputError
            What is asked does not fit the city.
        """
        card = self._study(question, tell) if question.process == "study" else self._what_if(question, threads, tell)
        self.cards.keep(card)
        return card

    def _what_if(self, question: Question, threads: int, tell: Tell) -> Card:
        ask = ask_of(question)
        tell.progress(0.0, "city")
        film = flood_key(ask, self.desk)
        seen = self.films.times(film) if film else None
        if film and seen:
            tell.film(film)
        event = event_of(ask, self.desk.city, self.desk.climate)
        camera = _Camera(tell, event.duration / MOST_PICTURES, [], question.film)
        answer = run_ask(ask, self.store, self.desk, progress=tell.progress, frame=camera, threads=threads)
        if film and (camera.taken or seen is None):
            film = self._keep(film, camera.taken)
        return Card("what-if", str(answer["key"]), _now(), film)

    def _keep(self, film: str, pictures: list[tuple[float, bytes]]) -> str | None:
        """Keep a film and return its key; None where an older answer's flood is no longer kept."""
        if not self.store.has_flood(film):
            return None
        self.films.keep(film, pictures, greys(self.store.flood(film)["max_depth"].to_numpy()))
        return film

    def _study(self, question: Question, tell: Tell) -> Card:
        from genrejs.report.produce import produce  # noqa: PLC0415  # draws: a second that most workers never need

        study = check_study(dict(question.inputs), "the study")
        produce(study, self.cards.study(question.key), progress=tell.progress, cache=self.settings.cache)
        return Card("study", question.key, _now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
