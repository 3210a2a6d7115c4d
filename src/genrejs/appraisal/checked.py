"""The quick answer reckoned again: what the engine itself says a strategy suffers a year, in the middle future."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.appraisal.many import WANTED, Scene, yearly_figures
from genrejs.appraisal.yearly import expected
from genrejs.ensemble.training import Lesson, Sample, answer_sample
from genrejs.scenario.response import FIGURES

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Checked:
    """What a strategy, all built, suffers in `year` of the middle future: `WANTED` a year as the quick answer has it
    (`learned`) and as the engine's answers to the same strengths give it (`engine`)."""

    strategy: str
    year: int
    learned: Floats
    engine: Floats


def check(scene: Scene, lesson: Lesson, strategies: Mapping[str, frozenset[str]]) -> tuple[Checked, ...]:
    """Return the first and the last year of every strategy, reckoned twice."""
    middle = middle_future(scene)
    learned = yearly_figures(scene, list(strategies.values()))[:, middle]
    found = []
    for row, (id, measures) in enumerate(strategies.items()):
        for place in (0, scene.grid.size - 1):
            year = int(scene.grid[place])
            engine = _engine(scene, lesson, Sample(0, tuple(sorted(measures)), middle, year), place)
            found.append(Checked(id, year, learned[row, place], engine))
    return tuple(found)


def middle_future(scene: Scene) -> int:
    """Return the future that lies nearest to the middle of all factors."""
    away = scene.futures.positions.to_numpy(np.float64) - 0.5
    return int(np.argmin((away**2).sum(axis=1)))


def _engine(scene: Scene, lesson: Lesson, sample: Sample, place: int) -> Floats:
    figures = np.array(answer_sample(lesson, sample)).reshape(len(lesson.nodes), len(FIGURES))
    wanted = figures[:, [FIGURES.index(name) for name in WANTED]]
    names = np.array([node.hazard for node in lesson.nodes])
    by_hazard = {name: wanted[names == name][None, None, None] for name in scene.weighed}
    weighed = {name: each[[sample.future]][:, [place]] for name, each in scene.weighed.items()}
    return np.asarray(expected(weighed, by_hazard)[0, 0, 0])
