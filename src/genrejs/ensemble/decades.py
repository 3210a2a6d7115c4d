"""Make quick answers ready: the city, the bank of runs, the taught surface, the futures; kept, so that it resumes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from genrejs.ensemble.bank import Bank, Ground, HeldOut, build_bank, depth_errors, held_out_runs
from genrejs.ensemble.records import TODAY
from genrejs.ensemble.run import Progress, room_settings, study_city
from genrejs.ensemble.store import Store
from genrejs.ensemble.training import Lesson, Taught, lesson_of, teach
from genrejs.measure.catalogue import carry_out
from genrejs.provenance import text_hash
from genrejs.scenario.run import building_cells
from genrejs.study import Study


@dataclass(frozen=True)
class Prepared:
    """All that choosing needs: the `lesson` (today's city, waters, futures), what was `taught`, and the errors.

    `water_errors` has a row for each run held out of the bank (see `bank.depth_errors`); `stages` holds seconds.
    """

    study: Study
    bank: Bank
    lesson: Lesson
    taught: Taught
    held: tuple[HeldOut, ...]
    water_errors: pd.DataFrame
    stages: Mapping[str, float]


def prepare(
    study: Study, store: Store, *, progress: Progress, client: Any = None, cache: Path | None = None
) -> Prepared:
    """Return the study's quick answers, made from solver runs and answers that are kept in `store` as soon as found.

    A killed run goes on where it was; the same bits with a Dask `client` as without.
    """
    clock = time.perf_counter()
    stages: dict[str, float] = {}
    progress(0.01, "city")
    fine = carry_out(study_city(study, study.flood.cell, cache), TODAY)
    rough = carry_out(study_city(study, study.flood.risk_cell, cache), TODAY)
    coarse = fine.change(grid=rough.grid, terrain=rough.terrain)
    ground = Ground(fine, coarse, building_cells(fine, study.flood.window))
    stages["city"] = time.perf_counter() - clock
    bank = build_bank(ground, study, store, (lambda share, what: progress(0.05 + 0.50 * share, what), client))
    held = held_out_runs(ground, study, store, (lambda share, what: progress(0.55 + 0.05 * share, what), client))
    stages["water"] = time.perf_counter() - clock - sum(stages.values())
    settings = room_settings(study)
    plain = replace(settings, impact=replace(settings.impact, draws=()))
    lesson = lesson_of(fine, bank, study, plain)
    # How a strategy is chosen, and how many answers there are, changes no answer.
    asked = study.model_dump_json(exclude={"choice": True, "bank": {"answers", "held_out"}})
    key = text_hash(bank.key, asked)
    taught = teach(lesson, study, key, store, (lambda share, what: progress(0.60 + 0.40 * share, what), client))
    stages["answers"] = time.perf_counter() - clock - sum(stages.values())
    return Prepared(study, bank, lesson, taught, held, depth_errors(bank, held), stages)
