"""Quick answers made ready: the same bits with two worker processes as without, and a killed run does only what is left.

Every twentieth house of Vejle on the coarsest grids, two levels of the sea, one measure that moves water: all of the
way from the solver to the pathways, in seconds.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from distributed import get_task_stream

from genrejs.city import embedded
from genrejs.city.embedded import load_city
from genrejs.city.model import City
from genrejs.ensemble import bank, decades, pathways, run, training
from genrejs.ensemble.decades import Prepared, prepare
from genrejs.ensemble.pathways import CHUNK, Dated, run_pathways
from genrejs.ensemble.store import Store
from genrejs.ensemble.work import local
from genrejs.scenario.pathway import Pathways, Plan
from genrejs.study import Study

FINE, COARSE = 50.0, 100.0
STRATEGY = Dated(
    "two", ("flood_doors", "raised_edge"),
    Plan(np.array([2e7, 3e8]), np.array([1e5, 2e6]), np.array([1, 5]), np.array([2028, 2035])),
)  # fmt: skip

Made = tuple[Prepared, Pathways]


class Killed(Exception):
    """Stands for whatever ends a run before its time."""


def small_study() -> Study:
    """Return a study of fewer answers than a study may ask for, which is enough to train on."""
    study = Study(
        flood={"cell": FINE, "risk_cell": COARSE},
        bank={"surge_levels": [2.0, 2.5], "rain": [[100, 1.0]], "river": [[100, 1.0]], "held_pairs": {}, "futures": 20},
        choice={"pathways": 2 * CHUNK + 100},
        recovery={"horizon_days": 60},
    )
    return study.model_copy(update={"bank": study.bank.model_copy(update={"answers": 10, "held_out": 2})})


def hamlet(city: City) -> City:
    """Return the city with every twentieth house and those who live there."""
    rows = np.arange(0, len(city.buildings), 20)
    place = np.full(len(city.buildings), -1)
    place[rows] = np.arange(rows.size)
    lived_in = place[city.households["building"].to_numpy()]
    households = city.households.assign(building=lived_in)[lived_in >= 0].reset_index(drop=True)
    return city.change(buildings=city.buildings.iloc[rows].reset_index(drop=True), households=households)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    cache = tmp_path_factory.mktemp("cities")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "SITING_CELL", FINE)
        cities = {cell: hamlet(load_city(cell=cell, cache=cache)) for cell in (FINE, COARSE)}
        patch.setattr(decades, "study_city", lambda study, cell, cache: cities[cell])
        patch.setattr(bank, "water_measures", lambda: ("raised_edge",))
        yield


def make(folder: Path, client: Any = None, progress: Callable[[float, str], None] = lambda share, what: None) -> Made:
    """Return the quick answers and pathways, kept in `folder`."""
    study, store = small_study(), Store(folder)
    found = prepare(study, store, progress=progress, client=client)
    return found, run_pathways(STRATEGY, found.taught, found.lesson.futures, study, store, (progress, client))


@pytest.fixture(scope="module")
def alone(small: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    folder = tmp_path_factory.mktemp("alone")
    return folder, make(folder)


def bits(value: Any) -> Any:
    """Return what can be compared bit for bit."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, pd.DataFrame):
        return value.to_dict("list")
    if is_dataclass(value):
        return [(part.name, bits(getattr(value, part.name))) for part in fields(value)]
    if isinstance(value, Mapping):
        return [(name, bits(part)) for name, part in value.items()]
    return [bits(part) for part in value] if isinstance(value, tuple) else value


def files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def assert_same_store(ours: Path, theirs: Path) -> None:
    """Assert that two stores hold the same: floods but for the seconds they took, all else byte for byte."""
    assert files(ours).keys() == files(theirs).keys()
    for name, path in files(ours).items():
        if name.startswith("floods/"):
            pair = [Store(folder).flood(path.name.removesuffix(".zarr.zip")) for folder in (ours, theirs)]
            for water in pair:
                del water.attrs["wall_seconds"]
            xr.testing.assert_identical(*pair)
        else:
            assert path.read_bytes() == files(theirs)[name].read_bytes(), name


def answered(found: Prepared) -> np.ndarray:
    """Return the emulator's answers to three strategies in five years of four futures."""
    strategies = [frozenset[str](), frozenset({"flood_doors"}), frozenset({"flood_doors", "raised_edge", "volunteers"})]
    futures, years = np.repeat(np.arange(4), 5), np.tile([2025, 2040, 2060, 2080, 2100], 4)
    stresses = training.stresses_of(found.lesson.futures, futures.tolist(), years.tolist())
    return found.taught.emulator.figures(found.taught.bits(strategies), stresses)


def assert_same(ours: Made, theirs: Made) -> None:
    (one, walked), (other, walked_too) = ours, theirs
    for name in ("bank", "held", "water_errors"):
        assert bits(getattr(one, name)) == bits(getattr(other, name)), name
    assert bits(one.taught.errors) == bits(other.taught.errors)
    assert bits(answered(one)) == bits(answered(other))
    assert bits(one.lesson.rows) == bits(other.lesson.rows)
    assert bits(walked) == bits(walked_too)


def taken_out(folder: Path) -> set[str]:
    """Take two floods, three answers and a chunk of pathways out of a store, and return their names."""
    names = {
        kind: [name for name in files(folder) if name.startswith(kind)] for kind in ("floods", "records", "arrays")
    }
    gone = {*names["floods"][1:3], *names["records"][4:7], names["arrays"][1]}
    for name in gone:
        (folder / name).unlink()
    return gone


def times(folder: Path) -> dict[str, int]:
    return {name: path.stat().st_mtime_ns for name, path in files(folder).items()}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count solver runs, answers and chunks of pathways."""
    calls: Counter[str] = Counter()

    def watch(room: Any, name: str) -> None:
        real = getattr(room, name)

        def called(*given: Any, **named: Any) -> Any:
            calls[name] += 1
            return real(*given, **named)

        monkeypatch.setattr(room, name, called)

    for room, name in ((run, "solve"), (training, "answer_sample"), (pathways, "walk")):
        watch(room, name)
    return calls


def kill_at(stage: str) -> Callable[[float, str], None]:
    """Return what ends the run as soon as the first thing of a stage is kept."""

    def told(share: float, what: str) -> None:
        if what == stage:
            raise Killed

    return told


def test_the_small_study_meets_water_and_learns(alone) -> None:
    _, (found, walked) = alone
    assert found.bank.runs == 8 and len(found.held) == 1 and (found.water_errors["wet"] > 0).all()
    figures = answered(found)
    assert figures.shape[:2] == (3, 20) and np.ptp(figures[..., 0]) > 0
    assert walked.damage.shape[0] == 2 * CHUNK + 100
    assert (walked.damage > 0).any(axis=1).mean() > 0.5 and (walked.works > 0).all(axis=0).all()


def test_a_killed_run_goes_on_and_does_only_what_is_left(alone, counted, tmp_path) -> None:
    finished, made = alone
    folder = tmp_path / "killed"
    shutil.copytree(finished, folder)
    gone, before = taken_out(folder), times(finished)
    for stage, floods, answers in (("water", 1, 0), ("quick answers", 2, 1)):
        with pytest.raises(Killed):
            make(folder, progress=kill_at(stage))
        assert counted == Counter(solve=floods, answer_sample=answers)
    again = make(folder)
    assert counted == Counter(solve=2, answer_sample=3, walk=1)
    assert {name for name, time in times(folder).items() if time != before[name]} == gone
    assert_same(again, made)
    assert_same_store(folder, finished)


def test_two_processes_give_the_same_bits_as_none_and_finish_what_one_began(alone, tmp_path) -> None:
    finished, made = alone
    begun = tmp_path / "begun"
    shutil.copytree(finished, begun)
    gone, before = taken_out(begun), times(finished)
    with local(2) as client:
        with get_task_stream(client) as stream:
            found = make(tmp_path / "workers", client)
        ended = make(begun, client)
    assert len({task["worker"] for task in stream.data}) == 2
    for each, folder in ((found, tmp_path / "workers"), (ended, begun)):
        assert_same(each, made)
        assert_same_store(folder, finished)
    assert {name for name, time in times(begun).items() if time != before[name]} == gone
