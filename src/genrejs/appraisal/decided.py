"""All of a choice at once: the scene, what is chosen, its calendar, its pathways and how sure it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genrejs.appraisal.checked import Checked, check
from genrejs.appraisal.choosing import Choosing, choose, settings_of
from genrejs.appraisal.dated import Calendar, calendar_of, dated_of, nothing
from genrejs.appraisal.many import Scene, scene_of
from genrejs.appraisal.outlook import Outlook, outlook_of
from genrejs.ensemble.decades import Prepared
from genrejs.ensemble.pathways import run_pathways
from genrejs.ensemble.run import Progress
from genrejs.ensemble.store import Store
from genrejs.errors import InputError
from genrejs.scenario.pathway import Pathways


@dataclass(frozen=True)
class Decided:
    """A choice and what it rests on; `pathways` by strategy, "today" and "chosen", which are `checked` by the engine;
    `stages` holds seconds."""

    prepared: Prepared
    scene: Scene
    choosing: Choosing
    calendar: Calendar
    pathways: Mapping[str, Pathways]
    outlook: Outlook
    checked: tuple[Checked, ...]
    stages: Mapping[str, float]


def decide(prepared: Prepared, store: Store, progress: Progress, client: Any = None) -> Decided:
    """Return what the study's settings choose; raise InputError where the budget buys nothing."""
    study, clock = prepared.study, time.perf_counter()
    stages = dict(prepared.stages)

    def lap(name: str) -> None:
        nonlocal clock
        stages[name], clock = time.perf_counter() - clock, time.perf_counter()

    how = settings_of(study.money.now, study.money.price_year, study.choice.years)
    scene = scene_of(prepared.taught, prepared.lesson.futures, study, how)
    progress(0.05, "strategies")
    choosing = choose(scene, study.choice, study.seed)
    lap("strategies")
    if not choosing.chosen.measures:
        raise InputError(f"The budget of {study.choice.budget:g} DKK buys no measure; give choice.budget more.")
    progress(0.55, "calendar")
    calendar = calendar_of(scene, choosing.chosen.measures, study.choice)
    lap("calendar")
    taught, futures = prepared.taught, prepared.lesson.futures
    paths = {}
    for dated in (nothing(), dated_of("chosen", calendar)):
        progress(0.6, "pathways")
        paths[dated.id] = run_pathways(
            dated, taught, futures, study, store, (lambda _, what: progress(0.7, what), client)
        )
    lap("pathways")
    progress(0.8, "how sure")
    outlook = outlook_of(scene, choosing, study)
    lap("how sure")
    progress(0.95, "checked")
    checked = check(scene, prepared.lesson, {"today": frozenset(), "chosen": frozenset(calendar.measures)})
    lap("checked")
    return Decided(prepared, scene, choosing, calendar, paths, outlook, checked, stages)
