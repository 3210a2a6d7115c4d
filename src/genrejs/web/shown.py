"""The city made ready to be shown: everything that pages ask for, in plain values and pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Lock
from typing import Any, Generic, TypeVar

from genrejs.city.model import City
from genrejs.ensemble.ask import Ask, read_ask, works_of
from genrejs.ensemble.records import TODAY
from genrejs.ensemble.run import study_city
from genrejs.measure.catalogue import carry_out, find_strategy, strategies
from genrejs.measure.drawn import Drawn
from genrejs.web.city import city_json, variables_json
from genrejs.web.layers import LAYERS, Layer, layer
from genrejs.web.questions import Question, ask_of, read_question
from genrejs.web.rasters import ground_png, reach_png, window_of
from genrejs.web.settings import Settings
from genrejs.web.things import thing
from genrejs.web.tiles import tiles_of

T = TypeVar("T")
DRY = "attack_48h"
"""A named event, so that a question is whole; it has no say in a price."""


class Once(Generic[T]):
    """Something that is made when it is first asked for; two who ask at once wait for one making."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._lock = make, Lock()
        self._made: T | None = None

    def __call__(self) -> T:
        """Return it."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


class Shown:
    """A city as it stands today: its layers, tiles, rasters and things; asked by many threads."""

    def __init__(self, settings: Settings) -> None:
        self.study = settings.study
        self.base: City = study_city(settings.study, settings.study.flood.cell, settings.cache)
        self.city: City = carry_out(self.base, TODAY)
        self.window = window_of(self.city, settings.study.flood.window)
        self.plain = city_json(self.city, settings.study, self.window)
        self.variables = variables_json(settings.study)
        self._layers = {name: Once(partial(layer, self.city, name)) for name in LAYERS}
        self.tiles = tiles_of(self.city.grid, self.city.terrain["elevation"].to_numpy())
        self.ground = ground_png(self.city, self.window)
        self._reaches = {each.id: Once(partial(reach_png, self.base, self.window, each.id)) for each in strategies()}

    def warm(self) -> None:
        """Make ahead what every page asks for."""
        self.reach(TODAY)
        for name in self._layers:
            self.layer(name)

    def layer(self, name: str) -> Layer:
        """Return one of `LAYERS`."""
        return self._layers[name]()

    def thing(self, layer: str, row: int) -> dict[str, Any] | None:
        """Return title and facts of one feature, None where there is none."""
        return thing(self.city, layer, row)

    def reach(self, strategy: str) -> bytes:
        """Return the picture of the sea level that reaches each cell; raise InputError for an unknown strategy."""
        return self._reaches[find_strategy(strategy).id]()

    def question(self, process: str, inputs: Mapping[str, Any]) -> Question:
        """Return the question that inputs state; raise InputError where they are wrong or draw what cannot be built."""
        question = read_question(process, inputs, self.study)
        if question.process == "what-if":
            self._drawn(ask_of(question))  # refused at once: a worker would come to it only after a wait
        return question

    def price(self, drawn: Sequence[Mapping[str, Any]]) -> float:
        """Return what drawn works cost [DKK]; raise InputError for one that cannot be built."""
        return sum(work.cost for work in self._drawn(read_ask({"event": DRY, "drawn": [dict(each) for each in drawn]})))

    def _drawn(self, ask: Ask) -> tuple[Drawn, ...]:
        """Return the works of a question; raise InputError for one that cannot be built."""
        return works_of(ask, self.base)
