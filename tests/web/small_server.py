"""A small server for tests: the guard, the workshop, the queue and the workers are the real ones, the city is tiny.

In a process of its own by `python small_server.py DATA [--free]`; it prints its port. A run goes on for as long as there
is a file `slow` in DATA, and its answer is made up. With `--free` nobody is asked to slow down.
"""

from __future__ import annotations

import importlib.util
import socket
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import uvicorn
from shapely import LineString, box

from genrejs.city.streets import straight_streets
from genrejs.city.structures import Wall
from genrejs.ensemble.store import Store as Results
from genrejs.measure.catalogue import find_strategy
from genrejs.study import FloodSection, Study
from genrejs.web import shown
from genrejs.web.app import create_app, new_parts
from genrejs.web.cards import Card, Cards
from genrejs.web.guard import Limits, Rate, guarded
from genrejs.web.hooks import hooks_of
from genrejs.web.serve import listen
from genrejs.web.settings import Settings
from genrejs.web.workers import Pool
from genrejs.web.workshops import WorkshopSettings, workshop_router
from genrejs.workshop.store import Store
from genrejs.workshop.stream import Pace

FREE = Limits(token=Rate(0, 0), address=Rate(0, 0), reads=Rate(0, 0))
STUDY = Study(flood=FloodSection(cell=10.0, window=None))
LINE = LineString([(5, 5), (95, 5)])
PACE = Pace(alive=0.5, patience=1.0)


def tiny_city(*_: Any) -> Any:
    """Return seven houses on ten by ten cells beside a sea."""
    place = Path(__file__).parents[1] / "unit" / "cities_for_tests.py"
    spec = importlib.util.spec_from_file_location("cities_for_tests", place)
    cities = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cities)
    made = cities.city()
    cover = np.full(made.grid.shape, 4, np.int8)
    cover[:, 7:] = 0
    districts = gpd.GeoDataFrame(
        {
            "id": ["low", "high"], "name_da": ["Nede", "Oppe"], "name_en": ["Low", "High"], "certainty": "published",
            "language_other_share": 0.2, "low_income_share": 0.1, "social_housing_share": 0.0, "source": "a test",
        },
        geometry=[box(0, 0, 70, 100), box(70, 0, 100, 100)], crs="EPSG:25832",
    )  # fmt: skip
    streams = gpd.GeoDataFrame({"name": ["Å"], "width": [4.0]}, geometry=[LINE], crs="EPSG:25832")
    return made.change(
        terrain=made.terrain.assign(land_cover=(("y", "x"), cover)), districts=districts, streams=streams,
        structures=(Wall("wall", LINE, 2.5),), streets=straight_streets([0, 50, 50], [0, 0, 50], [0, 1], [1, 2], 10.0),
    )  # fmt: skip


class Small(shown.Shown):
    """The tiny city made ready to be shown, by the same code as any."""

    def __init__(self, settings: Settings) -> None:
        real = shown.study_city, shown.carry_out
        shown.study_city, shown.carry_out = tiny_city, lambda city, _: city
        try:
            super().__init__(settings)
        finally:
            shown.study_city, shown.carry_out = real

    def reach(self, strategy: str) -> bytes:
        """Return the ground for every strategy that is known: the tiny city has no open sea."""
        find_strategy(strategy)
        return self.ground


class Task:
    """A worker's task that computes nothing."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, question: Any, threads: int, tell: Any) -> Card:
        tell.picture(0.0, b"\x89PNG")
        while (self.data / "slow").exists():
            tell.progress(0.5, "water")
            time.sleep(0.02)
        answer = {"key": question.key, "constructed": True, "figures": {"damage_dkk": 7.0}, "cost_dkk": 1.0}
        Results(self.data / "store").keep_record(question.key, answer)
        card = Card("what-if", question.key, "2026-01-01T00:00:00+00:00")
        Cards(self.data).keep(card)
        return card


def app_of(data: Path, pool: Any = None, **limits: Any) -> Any:
    """Return the whole app on a data folder; without a pool a worker of its own process."""
    settings = Settings(data, None, STUDY, **limits)
    parts = new_parts(settings, pool or Pool(1, partial(Task, data), settings.stop_grace), Small)
    told = WorkshopSettings(pace=PACE, founding=Rate(0, 0))
    return create_app(parts, [workshop_router(Store(data / "workshops.db"), hooks_of(parts), told)])


def main() -> None:
    data = Path(sys.argv[1])
    line = listen("127.0.0.1", 0)
    # What the system would hold for one who does not read is kept small, so that it is soon seen that nobody does.
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32768)
    limits = FREE if "--free" in sys.argv else Limits()
    config = uvicorn.Config(guarded(app_of(data), limits), log_level="warning", timeout_graceful_shutdown=1)
    sys.stdout.write(f"{line.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[line])


if __name__ == "__main__":
    main()
