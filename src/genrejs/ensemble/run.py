"""Run a study: shown events on fine ground, the event set of every strategy between few solver runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from genrejs.city.embedded import load_city
from genrejs.city.model import City
from genrejs.ensemble.records import LOSS_PARTS, TODAY, Job, strategy_job, strategy_records
from genrejs.ensemble.store import Store
from genrejs.ensemble.work import each
from genrejs.hazard.catalogue import event as named_event
from genrejs.hazard.flood.options import Options
from genrejs.hazard.water import Problem, build_problem, solve
from genrejs.impact.criticality import common_causes
from genrejs.impact.sampling import CellIndex
from genrejs.impact.uncertainty import Draw, Spread, draws
from genrejs.measure.catalogue import carry_out, find_strategy
from genrejs.provenance import code_hash, text_hash
from genrejs.recovery.result import Recovery
from genrejs.rng import stream
from genrejs.scenario.aftermath import Aftermath, aftermath
from genrejs.scenario.result import Result
from genrejs.scenario.run import How, Settings, building_cells, run_footprint, second_shock
from genrejs.scenario.spread import Band, RecoverySpread, spread_of
from genrejs.study import Study

Progress = Callable[[float, str], None]
"""Called with the share done, 0..1, and what is being done."""


class EventLosses(NamedTuple):
    """What an event of today's city cost every building: frequency [1/year], a row a building [DKK], roads [DKK]."""

    hazard: str
    event: str
    frequency: float
    buildings: pd.DataFrame
    roads: float


@dataclass(frozen=True)
class Finished:
    """A study that has run: the shown events on today's city, the same after learning, and the event set's records.

    `again` maps an event's name to the second recovery and its emerge-stronger figure, `aftermath` to what it means for
    households, firms and the economy, `bands` to where its curve lies over draws (empty where none are asked for);
    `records` and `groups` have one
    row per strategy, year and event (and group), as `appraisal.compare` takes them, the damage in each draw of what is
    uncertain as draw_0, draw_1, ...; `losses` are those of today's city in today's climate, building for building;
    `solver_runs` counts floods of the event set; `stages` holds seconds by stage.
    """

    study: Study
    city: City
    shown: tuple[Result, ...]
    again: Mapping[str, tuple[Recovery, float]]
    aftermath: Mapping[str, Aftermath]
    bands: Mapping[str, Band]
    records: pd.DataFrame
    groups: pd.DataFrame
    losses: tuple[EventLosses, ...]
    solver_runs: int
    stages: Mapping[str, float]


def study_city(study: Study, cell: float, cache: Path | None) -> City:
    """Return the study's city on a grid of `cell` metres, every floor moved by the study's floor offset."""
    city = load_city(study.city, cell=cell, seed=study.seed, cache=cache)
    moved = city.buildings["floor_level"] + study.damage.floor_offset
    return city.change(buildings=city.buildings.assign(floor_level=moved))


def room_settings(study: Study) -> Settings:
    """Return the rooms' settings as the study states them."""
    rooms = Settings()
    damage = replace(rooms.impact.damage, minimum_depth=study.damage.minimum_depth)
    drawn: tuple[Draw, ...] = ()
    if study.damage.samples > 1:
        spread = Spread(**study.spread.model_dump())
        drawn = tuple(draws(study.damage.samples, stream(study.seed, "damage/uncertainty"), spread))
    chosen = study.recovery.model_dump(exclude={"samples"})
    recovery = replace(rooms.recovery, **chosen)
    return replace(rooms, impact=replace(rooms.impact, damage=damage, draws=drawn), recovery=recovery)


def run(study: Study, store: Store, *, progress: Progress, client: Any = None, cache: Path | None = None) -> Finished:
    """Run `study` and keep all in `store`; serial without a Dask `client`, the same bits with one."""
    clock = time.perf_counter()
    stages: dict[str, float] = {}
    progress(0.01, "city")
    fine = study_city(study, study.flood.cell, cache)
    rough = study_city(study, study.flood.risk_cell, cache)
    coarse = fine.change(grid=rough.grid, terrain=rough.terrain)
    stages["city"] = time.perf_counter() - clock
    index = building_cells(fine, study.flood.window)
    shown, again = _show((study, fine, index), store, (lambda share, what: progress(0.05 + 0.45 * share, what), client))
    today = carry_out(fine, find_strategy(TODAY))
    progress(0.48, "recovery in many states of the world")
    bands = _bands(study, today, shown)
    means = {result.event.name: aftermath(today, result) for result in shown}
    stages["shown events"] = time.perf_counter() - clock - sum(stages.values())
    jobs = [strategy_job(study, fine, coarse, name, room_settings(study)) for name in study.strategies]
    problems = {problem.key: problem for job in jobs for problem in job.problems}
    keep_floods(problems, store, (lambda share, what: progress(0.50 + 0.35 * share, what), client))
    stages["event set, water"] = time.perf_counter() - clock - sum(stages.values())
    records, groups, losses = _records(
        jobs, index, store, (lambda share, what: progress(0.85 + 0.15 * share, what), client)
    )
    stages["event set, impact and recovery"] = time.perf_counter() - clock - sum(stages.values())
    return Finished(study, fine, shown, again, means, bands, records, groups, losses, len(problems), stages)


Doing = tuple[Progress, Any]


def keep_floods(problems: Mapping[str, Problem], store: Store, doing: Doing) -> None:
    """Keep the footprint of every problem, solving those the store does not have, each as soon as it is done."""
    progress, client = doing
    missing = [problem for key, problem in problems.items() if not store.has_flood(key)]
    # one thread in each of several processes beats several threads in one: the runs are small
    how = solve if client is None else partial(solve, options=Options(threads=1))
    for number, (problem, water) in enumerate(each(how, missing, client), start=1):
        store.keep_flood(problem.key, water)
        progress(number / len(missing), "water")


def _show(
    what: tuple[Study, City, CellIndex], store: Store, doing: Doing
) -> tuple[tuple[Result, ...], dict[str, tuple[Recovery, float]]]:
    """Return the shown events on today's city, and the same shocks again after learning; the main event first."""
    study, city, index = what
    today = carry_out(city, find_strategy(TODAY))
    names = sorted(study.events, key=lambda name: name != study.main_event)
    events = [named_event(name, today) for name in names]
    problems = {e.name: build_problem(today, e, study.flood.window, study.flood.scheme) for e in events if e.wet}
    keep_floods({p.key: p for p in problems.values()}, store, doing)
    settings = room_settings(study)
    single = replace(settings, impact=replace(settings.impact, draws=()))
    loud = replace(settings, recovery=replace(settings.recovery, four_r=True))
    shown, again = [], {}
    for happening in events:
        water = store.flood(problems[happening.name].key) if happening.wet else None
        key = text_hash(str(study.seed), happening.name, TODAY)
        result = run_footprint(today, happening, water, index, How(key, TODAY, study.money.now, loud))
        shown.append(result)
        again[happening.name] = second_shock(today, result, index, single)
    return tuple(shown), again


def _bands(study: Study, city: City, shown: tuple[Result, ...]) -> dict[str, Band]:
    """Return where the curve of every shown event lies over draws of what is uncertain."""
    if study.recovery.samples < 2:
        return {}
    settings, groups = room_settings(study), common_causes(city.name)
    spreads = RecoverySpread(**study.recovery_spread.model_dump()), Spread(**study.spread.model_dump())
    return {
        result.event.name: spread_of(city, result, settings, study.recovery.samples, groups, spreads)
        for result in shown
    }


def _records(
    jobs: list[Job], index: CellIndex, store: Store, doing: Doing
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[EventLosses, ...]]:
    """Return the event set's rows over all strategies, computing those the store does not keep."""
    progress, client = doing
    waters = {key: store.flood(key) for key in sorted({key for job in jobs for key in job.keys})}
    code = code_hash()
    filled = [job.with_water(waters, index, code) for job in jobs]
    missing = [job.without(store.has_record) for job in filled]
    todo = [job for job in missing if job.points]
    for number, (_, rows) in enumerate(each(strategy_records, todo, client), start=1):
        for key, row in rows.items():
            store.keep_record(key, row)
        progress(number / len(todo), "impact and recovery")
    kept = [store.record(key) for job in filled for key in job.record_keys]
    drawn = pd.DataFrame([row["draws"] for row in kept]).add_prefix("draw_")
    records = pd.concat([pd.DataFrame([row["record"] for row in kept]), drawn], axis=1)
    groups = pd.DataFrame([{**row["record"], **group} for row in kept for group in row["groups"]])
    wanted = ["strategy", "year", "event", "group", "value", "people", "person_days_group"]
    lost = tuple(_event_losses(row, len(jobs[0].city.buildings)) for row in kept if "losses" in row)
    return records, groups[wanted].rename(columns={"person_days_group": "person_days"}), lost


def _event_losses(row: Mapping[str, Any], count: int) -> EventLosses:
    """Return an event's losses, one row for each of `count` buildings."""
    record, lost = row["record"], row["losses"]
    table = pd.DataFrame(0.0, index=range(count), columns=list(LOSS_PARTS))
    table.loc[lost["building"], list(LOSS_PARTS)] = np.array([lost[name] for name in LOSS_PARTS]).T
    return EventLosses(record["hazard"], record["event"], float(record["frequency"]), table, float(lost["roads"]))
