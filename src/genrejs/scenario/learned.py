"""The recovery emulator: what a city with measures suffers in a later year, from the impact at a glance.

Three parts are added as logarithms: a slope for each slow stress, trees from the impact and the measures (crews and all
else that speeds recovery) to what it costs, and a smooth surface for what the two leave when they meet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from genrejs.errors import InputError
from genrejs.scenario.glance import GLANCED
from genrejs.scenario.response import FIGURES, OUTAGE
from genrejs.scenario.surface import Mapper, Surface, centre_of, train

Floats = NDArray[np.float64]

LEARNT = ("damage", "services", "away", "poor", "days", "wet")
"""What is learned: as FIGURES, but person-days are those without services here, and those out of the home apart."""

PERSON_DAYS = ("services", "away")
"""What person-days without a service are the sum of."""

SCALE = np.array([1e5, 10.0, 10.0, 10.0, 0.1, 1.0])
"""By what is learned, and by FIGURES: less than about this counts as none; the log of one plus the ratio is learned."""

RUNGS = 5
"""Degrees of wear at which the impact is looked at; between them a straight line."""
FOLDS = 4
LEAST = 50
"""Answers above none that a figure of a hazard needs before trees are grown for it."""
RIDGE = 1e-3
STEPPED = ("days",)
"""What is none up to a threshold of its own, which the trees must learn too."""


class Looking(Protocol):
    """What sees an impact at a glance: see `glance.Glance`."""

    def logs(self, measures: Collection[str], bearings: Sequence[float] | Floats) -> Floats:
        """Return what is seen ``(bearing, node, GLANCED)``."""
        ...


@dataclass(frozen=True)
class Places:
    """Which measures the inputs hold, each node's hazard and strength, and which stress is the wear."""

    measures: tuple[str, ...]
    hazards: tuple[str, ...]
    values: Floats
    wear: int

    def rows(self, hazard: str) -> NDArray[np.int64]:
        """Return the places of a hazard's nodes."""
        return np.flatnonzero(np.array(self.hazards) == hazard)

    def chosen(self, bits: Floats) -> list[str]:
        """Return the ids of the measures that a row of bits ``(measure,)`` holds."""
        return [id for id, on in zip(self.measures, bits, strict=True) if on > 0]


@dataclass(frozen=True)
class Grown:
    """The two pooled parts: `slopes` ``(node, LEARNT, stress)`` and trees by hazard and place in LEARNT."""

    slopes: Floats
    trees: Mapping[tuple[str, int], Any]


@dataclass(frozen=True)
class Learned:
    """A taught emulator; `rungs` are the degrees of wear at which the impact is looked at."""

    looking: Looking
    places: Places
    rungs: Floats
    grown: Grown
    rest: Surface

    def figures(self, measures: Floats, stresses: Floats, wanted: tuple[str, ...] = FIGURES) -> Floats:
        """Return `wanted` figures ``(a, b, node, figure)`` of every pair of measures ``(a, m)`` and stresses
        ``(b, s)``."""
        names = tuple(name for name in LEARNT if name in wanted or ("person_days" in wanted and name in PERSON_DAYS))
        columns = np.array([LEARNT.index(name) for name in names])
        nodes = len(self.places.hazards)
        flat = (np.arange(nodes)[:, None] * len(LEARNT) + columns).ravel()
        logs, there = self._seen(measures, columns)
        between = np.array([np.interp(stresses[:, self.places.wear], self.rungs, row) for row in np.eye(RUNGS)]).T
        drift = self.rest.standard(stresses) @ self.grown.slopes[:, columns].reshape(flat.size, -1).T
        drift += self.rest.by_stresses(stresses)[:, flat]
        logs += self.rest.by_measures(measures)[:, None, flat]
        met = self.rest.met(measures, stresses)
        shape = (len(stresses), nodes, columns.size)
        found = np.empty((len(measures), *shape[:2], len(wanted)))
        # One strategy at a time stays in the processor's cache.
        for place in range(len(measures)):
            left = np.hstack([between, met[place]])
            amount = left @ np.vstack([logs[place], self.rest.directions[:, flat]])
            amount += drift
            np.expm1(np.maximum(amount, 0.0, out=amount), out=amount)
            amount *= between @ there[place]
            shaped = amount.reshape(shape)
            for column, name in enumerate(wanted):
                found[place, :, :, column] = _figure(shaped, names, name)
        return found

    def _seen(self, measures: Floats, columns: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return the trees' logs, and SCALE where there is anything to suffer, ``(a, rung, node * column)``."""
        looks = np.array([self.looking.logs(self.places.chosen(bits), self.rungs) for bits in measures])
        flat = looks.reshape(-1, *looks.shape[2:])
        told = _trees(self.grown, self.places, flat, np.repeat(measures, RUNGS, axis=0), columns)
        there = _there(self.places, flat)[:, :, columns] * SCALE[columns]
        return told.reshape(*looks.shape[:2], -1), there.reshape(*looks.shape[:2], -1)


def _figure(found: Floats, names: tuple[str, ...], wanted: str) -> Floats:
    parts = PERSON_DAYS if wanted == "person_days" else (wanted,)
    return np.asarray(sum(found[..., names.index(part)] for part in parts))


def learn(
    looking: Looking, places: Places, asked: tuple[Floats, Floats], answers: Floats, mapper: Mapper = map
) -> Learned:
    """Return the emulator taught on `answers` ``(n, node, FIGURES)`` to what was `asked`: measures ``(n, m)`` 0/1 and
    stresses ``(n, s)``; `mapper` shares out the work.

    Raises InputError for fewer than ten answers, rows that do not match, or values that are not finite.
    """
    measures, stresses = asked
    if not (len(measures) == len(stresses) == len(answers) >= RUNGS * 2):
        raise InputError(
            f"Teaching needs ten answers or more, one a row; got {len(measures)}, {len(stresses)}, {len(answers)}."
        )
    if not all(np.isfinite(each).all() for each in (measures, stresses, answers)):
        raise InputError("Teaching needs finite numbers.")
    middle, spread = centre_of(stresses)
    wear = stresses[:, places.wear]
    looks = [looking.logs(places.chosen(row), [worn]) for row, worn in zip(measures, wear, strict=True)]
    logs = np.log1p(learnt(answers) / SCALE)
    seen = _Seen(np.concatenate(looks), measures, (stresses - middle) / spread, logs)
    fold = np.arange(len(logs)) % FOLDS
    *folds, grown = mapper(_grow, [(seen.rows(fold != number), places) for number in range(FOLDS + 1)])
    told = np.zeros_like(logs)
    for number, each in enumerate(folds):
        told[fold == number] = _pooled(each, places, seen.rows(fold == number))
    # What is left where nothing was suffered says nothing.
    left = np.where(logs > 0.0, logs - told, 0.0)
    rest = train(measures, stresses, left.reshape(len(logs), -1), mapper)
    return Learned(looking, places, np.linspace(wear.min(), wear.max(), RUNGS), grown, rest)


def learnt(answers: Floats) -> Floats:
    """Return ``(..., LEARNT)`` of answers ``(..., FIGURES)``."""
    columns = {name: answers[..., place] for place, name in enumerate(FIGURES)}
    columns["services"] = np.maximum(columns["person_days"] - columns["away"], 0.0)
    return np.stack([columns[name] for name in LEARNT], axis=-1)


@dataclass(frozen=True)
class _Seen:
    """Answers to learn from: looks ``(n, node, k)``, measures ``(n, m)``, z ``(n, s)``, logs ``(n, node, LEARNT)``."""

    looks: Floats
    measures: Floats
    z: Floats
    logs: Floats

    def rows(self, which: NDArray[np.bool_]) -> _Seen:
        return _Seen(self.looks[which], self.measures[which], self.z[which], self.logs[which])


def _grow(given: tuple[_Seen, Places]) -> Grown:
    """Return slopes and trees, both pooled over a hazard's nodes."""
    seen, places = given
    slopes = np.zeros((*seen.logs.shape[1:], seen.z.shape[1]))
    trees = {}
    for hazard in dict.fromkeys(places.hazards):
        nodes = places.rows(hazard)
        inputs = _inputs(places, nodes, seen.looks, seen.measures)
        for column in range(len(LEARNT)):
            target = seen.logs[:, nodes, column]
            if (target > 0.0).sum() < LEAST:
                continue
            slope = _slope(seen, nodes, target)
            slopes[nodes, column] = slope
            met = (target > 0.0).ravel() | (LEARNT[column] in STEPPED)
            rest = target - (seen.z @ slope)[:, None]
            with _alone():
                trees[hazard, column] = _tree().fit(inputs[met], rest.ravel()[met])
    return Grown(slopes, trees)


def _alone() -> Any:
    """Let trees grow and answer on one core: on busy ones their threads wait for one another, many times longer."""
    return threadpool_limits(limits=1, user_api="openmp")


def _tree() -> Any:
    """Return trees yet to be grown; the settings are assumptions, judged by answers held out."""
    return HistGradientBoostingRegressor(
        max_iter=200, learning_rate=0.08, max_leaf_nodes=15, l2_regularization=1.0, min_samples_leaf=10,
        early_stopping=False, random_state=0,
    )  # fmt: skip


def _slope(seen: _Seen, nodes: NDArray[np.int64], target: Floats) -> Floats:
    """Return by how much a log grows with each stress ``(s,)``, all else equal, the same at all nodes of a hazard."""
    count = nodes.size
    parts = [
        np.repeat(seen.z[:, None], count, axis=1),
        seen.looks[:, nodes],
        np.repeat(seen.measures[:, None], count, axis=1),
    ]
    design, place = np.concatenate(parts, axis=2), np.broadcast_to(np.arange(count), target.shape)
    met = target > 0.0
    x, y, node = design[met], target[met], place[met]
    share = np.eye(count)[node]
    share /= np.maximum(share.sum(axis=0), 1.0)
    x, y = x - (share.T @ x)[node], y - (share.T @ y)[node]
    hold = RIDGE * len(x) * np.eye(x.shape[1])
    return np.asarray(np.linalg.solve(x.T @ x + hold, x.T @ y)[: seen.z.shape[1]])


def _inputs(places: Places, nodes: NDArray[np.int64], looks: Floats, measures: Floats) -> Floats:
    """Return the trees' inputs ``(n * node, input)``: what is seen, which measures there are, how strong it is."""
    shape = (len(looks), nodes.size)
    parts = (
        looks[:, nodes],
        np.broadcast_to(measures[:, None], (*shape, measures.shape[1])),
        np.broadcast_to(places.values[nodes][None, :, None], (*shape, 1)),
    )
    return np.concatenate(parts, axis=2).reshape(shape[0] * shape[1], -1)


def _trees(
    grown: Grown, places: Places, looks: Floats, measures: Floats, columns: Sequence[int] | NDArray[np.int64]
) -> Floats:
    """Return what the trees tell ``(n, node, column)``."""
    told = np.zeros((*looks.shape[:2], len(columns)))
    with _alone():
        for hazard in dict.fromkeys(places.hazards):
            nodes = places.rows(hazard)
            inputs = _inputs(places, nodes, looks, measures)
            for place, column in enumerate(columns):
                if (hazard, int(column)) in grown.trees:
                    found = grown.trees[hazard, int(column)].predict(inputs)
                    told[:, nodes, place] = found.reshape(len(looks), nodes.size)
    return told


def _pooled(grown: Grown, places: Places, seen: _Seen) -> Floats:
    """Return the logs of the two pooled parts ``(n, node, LEARNT)``."""
    told = _trees(grown, places, seen.looks, seen.measures, range(len(LEARNT)))
    return np.asarray(told + np.einsum("ns,kls->nkl", seen.z, grown.slopes))


def _there(places: Places, looks: Floats) -> Floats:
    """Return whether there is anything to suffer from ``(n, node, LEARNT)``: homes wet or unusable, plants flooded."""
    there = np.ones((*looks.shape[:2], len(LEARNT)))
    dark = np.array(places.hazards) == OUTAGE
    there[:, :, LEARNT.index("services")] = (looks[:, :, GLANCED.index("behind")] > 0.0) | dark
    for name, seen in (("away", "homes_out"), ("poor", "homes_out"), ("wet", "people_wet")):
        there[:, :, LEARNT.index(name)] = looks[:, :, GLANCED.index(seen)] > 0.0
    return there
