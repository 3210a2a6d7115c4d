"""A made-up city of figures for the tests of choosing: no solver, no engine, every answer a formula."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from genrejs.appraisal.decided import Decided, decide
from genrejs.ensemble.bank import Bank, open_measures
from genrejs.ensemble.decades import Prepared
from genrejs.ensemble.store import Store
from genrejs.ensemble.training import STRESS_SERIES, Lesson, Sample, Taught, stresses_of
from genrejs.hazard.event import Event
from genrejs.projection.futures import draw_futures
from genrejs.scenario.response import FIGURES, Node
from genrejs.scenario.run import Settings
from genrejs.study import Study

NODES = {"surge": (1.2, 1.6, 2.0, 2.4, 3.0), "cloudburst": (0.03, 0.05, 0.08), "river": (12.0, 18.0), "outage": (48.0,)}
DRY = {"surge": 1.0, "cloudburst": 0.017, "river": 9.0, "outage": 0.0}
HELPS = {"surge": {"raised_edge": 0.2, "flood_doors": 0.8}, "cloudburst": {"separate_sewers": 0.6},
         "river": {"water_parking": 0.3}, "outage": {"backup_power": 0.5}}  # fmt: skip


def small_study() -> Study:
    choice = {"pathways": 200, "people": 12, "generations": 4, "budgets": [1e8], "budget": 5e8}
    return Study(choice=choice, bank={"futures": 20, "answers": 60, "held_out": 10})


def formula(measures: np.ndarray, stresses: np.ndarray) -> np.ndarray:
    """Return figures that grow with strength and residents and shrink with the measures that help."""
    ids = open_measures()
    people = stresses[:, STRESS_SERIES.index("town_residents")] / 58_000
    rows = []
    for hazard, values in NODES.items():
        left = np.ones(len(measures))
        for id, share in HELPS[hazard].items():
            left *= np.where(measures[:, ids.index(id)] > 0, share, 1.0)
        soft = np.where(measures[:, ids.index("volunteers")] > 0, 0.9, 1.0)
        for value in values:
            over = (value - DRY[hazard]) / (values[-1] - DRY[hazard])
            harm = over * left * people
            figures = {"damage": 2e9 * harm * (hazard != "outage"), "person_days": 1e6 * harm * soft, "away": 4e5 * harm,
                       "poor": 1e5 * harm, "days": 30 * harm, "wet": 5000 * harm}  # fmt: skip
            rows.append(np.stack([figures[name] for name in FIGURES], axis=1))
    return np.stack(rows, axis=1)


class Formula:
    """Answers every pair of measures and stresses by the formula."""

    def figures(self, measures: np.ndarray, stresses: np.ndarray, wanted: tuple[str, ...] = FIGURES) -> np.ndarray:
        pairs = formula(np.repeat(measures, len(stresses), axis=0), np.tile(stresses, (len(measures), 1)))
        columns = [FIGURES.index(name) for name in wanted]
        return pairs[..., columns].reshape(len(measures), len(stresses), -1, len(columns))


@cache
def prepared() -> Prepared:
    study = small_study()
    futures = draw_futures(study.seed, study.bank.futures)
    nodes = tuple(
        Node(hazard, value, Event(hazard, hazard, hazard, hazard, 3600.0))
        for hazard, values in NODES.items()
        for value in values
    )
    rows = [(hazard, figure, 10, 0.03, 0.09, 0.02, 0.0) for hazard in NODES for figure in ("damage", "person_days")]
    errors = pd.DataFrame(rows, columns=["hazard", "figure", "answers", "mean", "p90", "whole", "bias"])
    taught = Taught(Formula(), open_measures(), nodes, DRY, errors, 60)
    city = runpy.run_path(str(Path(__file__).parent / "recovery_city.py"))["tiny_city"]()
    lesson = Lesson(city, {}, nodes, np.arange(4), Settings(), futures, 2025)
    water = pd.DataFrame([{"hazard": "surge", "value": 1.4, "measures": "today", "wet": 10, "rmse": 0.01, "bias": 0.0,
                           "missed": 0, "false": 1}])  # fmt: skip
    return Prepared(study, Bank({}, 7, "made-up"), lesson, taught, (), water, {"city": 0.0})


def answered(lesson: Lesson, sample: Sample) -> list[float]:
    """Answer a city by the formula where the engine would be asked."""
    bits = np.array([[float(id in sample.measures) for id in open_measures()]])
    return formula(bits, stresses_of(lesson.futures, [sample.future], [sample.year])).ravel().tolist()


def decided(folder: Path) -> Decided:
    with patch("genrejs.appraisal.checked.answer_sample", answered):
        return decide(prepared(), Store(folder), lambda *_: None)
