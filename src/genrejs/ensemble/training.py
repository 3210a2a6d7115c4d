"""Teach the emulator: many cities with measures, futures and years of their own, answered by the quick engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.ensemble.bank import WATER_PARTS, Bank, open_measures, scales
from genrejs.ensemble.design import Ladder, attack
from genrejs.ensemble.run import Doing
from genrejs.ensemble.store import Store
from genrejs.ensemble.work import each, each_with
from genrejs.errors import InputError
from genrejs.measure.catalogue import build, catalogue
from genrejs.projection.futures import Futures, draw_futures
from genrejs.projection.levels import YEARS
from genrejs.projection.project import project
from genrejs.provenance import code_hash, text_hash
from genrejs.rng import stream
from genrejs.scenario.emulator import WaterEmulator
from genrejs.scenario.glance import glance_of
from genrejs.scenario.learned import SCALE, Places, learn
from genrejs.scenario.response import FIGURES, OUTAGE, Node, respond
from genrejs.scenario.run import Settings
from genrejs.study import Study

Floats = NDArray[np.float64]

WEAR = "fail_depth_ratio"

STRESS_SERIES = (
    "town_residents", "elderly_share", "other_language_share", "low_income_ratio", "employed", "volunteers_share",
    "social_capital", WEAR, "digital_share",
)  # fmt: skip
"""Series of a projection that change what a city suffers: the second input of the emulator."""


@dataclass(frozen=True)
class Sample:
    """One city to be answered: which of the open measures it has, and which future and year it is in."""

    number: int
    measures: tuple[str, ...]
    future: int
    year: int


@dataclass(frozen=True)
class Lesson:
    """What is needed to answer a sample, the same for all: the city with what stands, waters, nodes and settings."""

    city: City
    waters: Mapping[str, WaterEmulator]
    nodes: tuple[Node, ...]
    rows: NDArray[np.int64]
    settings: Settings
    futures: Futures
    now: int


class Answering(Protocol):
    """What answers for every pair of measures and stresses: see `learned.Learned`."""

    def figures(self, measures: Floats, stresses: Floats, wanted: tuple[str, ...] = FIGURES) -> Floats:
        """Return `wanted` figures ``(a, b, node, figure)``."""
        ...


@dataclass(frozen=True)
class Taught:
    """An emulator with what it was taught: `measures` in the order of its inputs, `nodes`, and how far it errs."""

    emulator: Answering
    measures: tuple[str, ...]
    nodes: tuple[Node, ...]
    dry: Mapping[str, float]
    errors: pd.DataFrame
    answers: int

    def bits(self, strategies: Sequence[frozenset[str]]) -> Floats:
        """Return which measure each strategy holds ``(strategy, measure)``; raise InputError for one it never met."""
        for chosen in strategies:
            for id in sorted(chosen):
                if id not in self.measures:
                    raise InputError(
                        f"The quick answer never met the measure '{id}'; it knows {', '.join(self.measures)}."
                    )
        return np.array([[float(id in chosen) for id in self.measures] for chosen in strategies])

    def figures(self, measures: Floats, stresses: Floats, wanted: tuple[str, ...] = FIGURES) -> dict[str, Floats]:
        """Return by hazard `wanted` figures ``(a, b, node, figure)``: measures ``(a, m)``, stresses ``(b, s)``."""
        found = self.emulator.figures(measures, stresses, wanted)
        names = np.array([node.hazard for node in self.nodes])
        return {str(name): found[..., names == name, :] for name in dict.fromkeys(names)}

    def values(self) -> dict[str, Floats]:
        """Return the strengths of the nodes by hazard ``(node,)``."""
        names = dict.fromkeys(node.hazard for node in self.nodes)
        return {name: np.array([node.value for node in self.nodes if node.hazard == name]) for name in names}


def nodes_of(city: City, study: Study) -> tuple[Node, ...]:
    """Return the strengths at which answers are found: every run of the bank, halfway between two, and the attack."""
    hours = study.bank.outage_hours
    nodes = [node for ladder in scales(city, study) for node in _between(city, ladder)]
    return (*nodes, Node(OUTAGE, hours, attack(city, "attack", hours)))


def _between(city: City, ladder: Ladder) -> list[Node]:
    """Return the nodes of a hazard; halfway the stronger run's event stands for warning and duration."""
    nodes: list[Node] = []
    below = ladder.dry
    for anchor in ladder.anchors:
        nodes.append(Node(ladder.hazard, (below + anchor.value) / 2, anchor.event))
        nodes.append(Node(ladder.hazard, anchor.value, anchor.event))
        below = anchor.value
    return nodes


def samples(seed: int, count: int, measures: Sequence[str], futures: int) -> tuple[Sample, ...]:
    """Return cities to learn from: each measure in a share of them that is drawn, years and futures spread evenly."""
    rng = stream(seed, "surface/samples")
    drawn = []
    for number in range(count):
        share = rng.random()
        chosen = rng.random(len(measures)) < share
        year = int(YEARS[0] + rng.integers(0, YEARS.size))
        drawn.append(Sample(number, tuple(np.array(measures)[chosen].tolist()), int(rng.integers(0, futures)), year))
    return tuple(drawn)


def sample_city(lesson: Lesson, sample: Sample) -> City:
    """Return the city of a sample: that of its year and future, with its measures but those that move water alone,
    which the emulator of the water has."""
    city = project(lesson.city, lesson.futures.stresses(sample.future), sample.year, now=lesson.now)
    return build(city, [id for id in sample.measures if not WATER_PARTS.issuperset(catalogue()[id].changes)])


def answer_sample(lesson: Lesson, sample: Sample) -> list[float]:
    """Return the figures of every node, one after another, of a sample's city."""
    city = sample_city(lesson, sample)
    found = respond(city, frozenset(sample.measures), lesson.waters, lesson.nodes, (lesson.rows, lesson.settings))
    return [float(x) for x in np.concatenate([figures.ravel() for figures in found.figures.values()])]


def stresses_of(futures: Futures, rows: Sequence[int], years: Sequence[int]) -> Floats:
    """Return the slow stresses ``(row, series)`` of each future and year."""
    at = np.asarray(years) - YEARS[0]
    return np.column_stack([futures.table(name)[np.asarray(rows), at] for name in STRESS_SERIES])


def teach(lesson: Lesson, study: Study, bank_key: str, store: Store, doing: Doing) -> Taught:
    """Return the emulator taught on the study's number of answers; the last of them are held out and judge it.

    Answers are kept: a killed run goes on where it was.
    """
    progress, client = doing
    measures, count = open_measures(), study.bank.answers
    asked = samples(study.seed, count + study.bank.held_out, measures, len(lesson.futures))
    answers = _answers(lesson, asked, bank_key, store, doing)
    bits = np.array([[float(id in sample.measures) for id in measures] for sample in asked])
    stresses = stresses_of(lesson.futures, [s.future for s in asked], [s.year for s in asked])
    progress(1.0, "teaching")
    emulator = learn(
        glance_of(lesson.city, measures, lesson.waters, lesson.nodes, (lesson.rows, lesson.settings)),
        _places(lesson, measures),
        (bits[:count], stresses[:count]),
        answers[:count],
        lambda function, items: (out for _, out in each(function, items, client)),
    )
    dry = {hazard: water.base.dry for hazard, water in lesson.waters.items()} | {OUTAGE: 0.0}
    guessed = [emulator.figures(bits[[row]], stresses[[row]])[0, 0] for row in range(count, len(asked))]
    errors = _errors(lesson.nodes, np.array(guessed), answers[count:])
    return Taught(emulator, measures, lesson.nodes, dry, errors, count)


def _answers(lesson: Lesson, asked: Sequence[Sample], bank_key: str, store: Store, doing: Doing) -> Floats:
    """Return the answers ``(sample, node, figure)``, kept as they are found."""
    progress, client = doing
    base = text_hash(code_hash(), bank_key, repr(lesson.settings), repr([(n.hazard, n.value) for n in lesson.nodes]))
    keys = [text_hash(base, repr(sample)) for sample in asked]
    todo = [(key, sample) for key, sample in zip(keys, asked, strict=True) if not store.has_record(key)]
    for number, ((key, _), found) in enumerate(each_with(lesson, _answer, todo, client), start=1):
        store.keep_record(key, {"figures": found})
        progress(0.9 * number / max(len(todo), 1), "quick answers")
    return np.array([store.record(key)["figures"] for key in keys]).reshape(len(asked), -1, len(FIGURES))


def _places(lesson: Lesson, measures: tuple[str, ...]) -> Places:
    hazards = tuple(node.hazard for node in lesson.nodes)
    return Places(measures, hazards, np.array([node.value for node in lesson.nodes]), STRESS_SERIES.index(WEAR))


def _answer(lesson: Lesson, item: tuple[str, Sample]) -> list[float]:
    return answer_sample(lesson, item[1])


def _errors(nodes: Sequence[Node], found: Floats, real: Floats) -> pd.DataFrame:
    """Return by hazard and figure the mean and 90th percentile of the relative error on answers held out, and `whole`:
    the error of all together, in which large answers weigh most.

    Answers of less than ten times SCALE are left out, since a share of next to nothing says nothing.
    """
    names = np.array([node.hazard for node in nodes])
    rows = []
    for hazard in dict.fromkeys(names.tolist()):
        for column, figure in enumerate(FIGURES):
            a, b = found[:, names == hazard, column], real[:, names == hazard, column]
            counted = b > 10.0 * SCALE[column]
            if not counted.any():
                continue
            off = np.abs(a[counted] / b[counted] - 1.0)
            bias = float(a.sum() / b.sum() - 1.0)
            whole = float((off * b[counted]).sum() / b[counted].sum())
            rows.append(
                (hazard, figure, int(counted.sum()), float(off.mean()), float(np.quantile(off, 0.9)), whole, bias)
            )
    return pd.DataFrame(rows, columns=["hazard", "figure", "answers", "mean", "p90", "whole", "bias"])


def lesson_of(city: City, bank: Bank, study: Study, settings: Settings) -> Lesson:
    """Return what every sample needs; buildings that no run reaches are left out."""
    floor = np.maximum(city.buildings["floor_level"].to_numpy(np.float64), 0.0)
    rows = np.flatnonzero(bank.reached > np.minimum(settings.impact.wet_depth, floor))
    futures = draw_futures(study.seed, study.bank.futures)
    return Lesson(city, bank.emulators, nodes_of(city, study), rows, settings, futures, study.money.now)
