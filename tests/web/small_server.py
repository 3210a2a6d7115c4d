"""A small server for tests: the guard, the workshop, the queue and the workers are the real ones, the city is tiny.

In a process of its own by `python small_server.py DATA [--free]`; it prints its address. A run goes on for as long as there
is a file `slow` in DATA, and its answer is made up. With `--free` nobody is asked to slow down.
"""

from __future__ import annotations

import gzip
import importlib.util
import runpy
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

from genrejs.city.grid import Grid
from genrejs.city.streets import straight_streets
from genrejs.city.structures import Wall
from genrejs.ensemble.store import Store as Results
from genrejs.measure.catalogue import find_strategy
from genrejs.study import FloodSection, Study
from genrejs.web import shown
from genrejs.web.app import create_app, new_parts
from genrejs.web.cards import Card, Cards
from genrejs.web.desk import WorkshopSettings
from genrejs.web.guard import Limits, Rate, guarded
from genrejs.web.hooks import hooks_of
from genrejs.web.layers import Layer
from genrejs.web.pictures import terrarium
from genrejs.web.questions import read_question
from genrejs.web.serve import listen
from genrejs.web.settings import Settings
from genrejs.web.tiles import tiles_of
from genrejs.web.workers import Pool
from genrejs.web.workshops import workshop_router
from genrejs.workshop.hall import Hall
from genrejs.workshop.store import Store
from genrejs.workshop.stream import Pace

SERVED = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "served.py"))
FREE = Limits(token=Rate(0, 0), address=Rate(0, 0), reads=Rate(0, 0))
STUDY = Study(flood=FloodSection(cell=10.0, window=None))
LINE = LineString([(5, 5), (95, 5)])
FLAT = Grid(531500.0, 6177500.0, 10.0, 40, 40)
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


class Still:
    """A city that is ready, and workers that never begin."""

    plain: Any = {"name": "stille"}  # noqa: RUF012
    variables: Any = []  # noqa: RUF012
    idle: Any = []  # noqa: RUF012
    size = 1

    def __init__(self) -> None:
        self.tiles = tiles_of(FLAT, np.zeros(FLAT.shape))
        self.ground = terrarium(np.zeros(FLAT.shape))

    def warm(self) -> None:
        pass

    def start(self, heard: Any) -> None:
        pass

    def close(self) -> None:
        pass

    def layer(self, name: str) -> Layer:
        return Layer(gzip.compress(b'{"type":"FeatureCollection","features":[]}'), "0" * 16)

    def thing(self, layer: str, row: int) -> Any:
        return {"title_da": "Hus", "title_en": "House", "facts": []} if row == 0 else None

    def reach(self, strategy: str) -> bytes:
        find_strategy(strategy)
        return self.ground

    def price(self, drawn: Any) -> float:
        return 7.0

    def question(self, process: str, inputs: Any) -> Any:
        return read_question(process, inputs, Study())


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
    told, hall = WorkshopSettings(pace=PACE, founding=Rate(0, 0)), Hall(Store(data / "workshops.db"))
    parts.holder = hall.holder
    return create_app(parts, [workshop_router(hall, hooks_of(parts), told)])


def started(data: Path) -> Any:
    """Start a server on a data folder in a process of its own; it is killed at the end."""
    return SERVED["running"]([sys.executable, __file__, str(data), "--free"])


def main() -> None:
    data = Path(sys.argv[1])
    line = listen("127.0.0.1", 0)
    # What the system would hold for one who does not read is kept small, so that it is soon seen that nobody does.
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32768)
    limits = FREE if "--free" in sys.argv else Limits()
    config = uvicorn.Config(guarded(app_of(data), limits), log_level="warning", timeout_graceful_shutdown=1)
    sys.stdout.write(f"http://127.0.0.1:{line.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[line])


if __name__ == "__main__":
    main()
