"""How sure a choice is: regret across futures, where it fails, which stress decides, when it tips, whether to wait."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.appraisal.choosing import Choosing, Named
from genrejs.appraisal.discovery import Discovery, discover
from genrejs.appraisal.many import Floats, Scene, between_grid, scene_of, value, yearly_figures
from genrejs.appraisal.pathways import Action, PathwaysMap, Transfer, pathways_map
from genrejs.appraisal.robust import Judging, Outcomes, Robustness, judge
from genrejs.appraisal.sensitivity import Choice, Design, deciding
from genrejs.appraisal.tipping import Tipping, tipping_years
from genrejs.appraisal.waiting import Build, Waiting, decision_worth, wait_and_learn
from genrejs.measure.catalogue import catalogue
from genrejs.projection.futures import Futures
from genrejs.projection.levels import YEARS
from genrejs.projection.stresses import STRESSES, project_series
from genrejs.study import Study

SEA_NOISE = 0.05
"""[m] how far the mean sea level of a year lies from its course (assumption)."""

LINES = 5
"""Actions on the pathways map besides what stands (assumption: more cannot be read)."""

SOBOL_BASE = 64


@dataclass(frozen=True)
class Outlook:
    """What is told of how sure the choice is.

    `outcomes` the net present value of the shown strategies by future and `robust` their criteria; `fails` where the
    chosen one lets the last year's damage pass the `threshold` [DKK/year], which is what today's city expects this
    year; `deciding` which stress decides between the chosen and the best of the others, `rival` its id; `tipping` when
    the yearly damage passes the threshold; the `map`; `waiting` for the dearest measure that moves the sea's water,
    `awaited` its id.
    """

    outcomes: Outcomes
    robust: Robustness
    fails: Discovery
    rival: str
    deciding: Choice
    tipping: Tipping
    threshold: float
    map: PathwaysMap
    awaited: str
    waiting: Waiting


def outlook_of(scene: Scene, choosing: Choosing, study: Study) -> Outlook:
    """Return the outlook of a choice."""
    names = tuple(each.id for each in choosing.shown)
    outcomes = Outcomes(names, choosing.valued.npv, lower_better=False, unit="DKK")
    robust = judge(outcomes, Judging(threshold=0.0))
    rival = _rival(choosing)
    damage = choosing.figures[..., 0]
    threshold = float(damage[names.index("today"), :, 0].mean())
    tipping = tipping_years(names, damage.transpose(0, 2, 1), scene.grid, threshold)
    awaited = awaited_measure(scene)
    return Outlook(
        outcomes, robust, fails_of(scene, damage[-1, :, -1] > threshold), rival.id,
        deciding_of(scene, study, choosing.chosen, rival), tipping, threshold,
        map_of(scene, choosing.chosen, threshold), awaited, waiting_of(scene, awaited),
    )  # fmt: skip


def _rival(choosing: Choosing) -> Named:
    """Return the other shown strategy that is worth most on average."""
    means = choosing.valued.npv.mean(axis=1)
    others = [row for row, each in enumerate(choosing.shown) if each.measures != choosing.chosen.measures]
    return choosing.shown[max(others, key=lambda row: means[row])]


def fails_of(scene: Scene, fails: NDArray[np.bool_]) -> Discovery:
    """Return in which futures a strategy fails, in the natural units of the futures' factors."""
    factors = scene.futures.factors
    return discover(factors.to_numpy(np.float64), fails, tuple(factors.columns))


def deciding_of(scene: Scene, study: Study, one: Named, other: Named) -> Choice:
    """Return which stress decides between two strategies: Sobol indices over their positions 0..1."""

    def model(points: Floats) -> Floats:
        positions = pd.DataFrame(points, columns=list(STRESSES))
        futures = Futures(positions, project_series({name: positions[name].to_numpy() for name in STRESSES}))
        found = value(scene_of(scene.taught, futures, study, scene.how), [one.measures, other.measures])
        return np.asarray(found.npv.T)

    ranges = dict.fromkeys(STRESSES, (0.0, 1.0))
    return deciding(model, ranges, (0, 1), False, Design(base=SOBOL_BASE, resamples=100, seed=study.seed))


def map_of(scene: Scene, chosen: Named, threshold: float) -> PathwaysMap:
    """Return the pathways map: what stands, the measures that hold the damage down longest, and the chosen strategy.

    Any line may be followed by one that holds longer, decided as long before as it takes to build.
    """
    ids = _longest(scene)
    sets = {"today": frozenset[str](), **{id: frozenset({id}) for id in ids}, chosen.id: chosen.measures}
    damage = yearly_figures(scene, list(sets.values()))[..., 0].transpose(0, 2, 1)
    tipping = tipping_years(tuple(sets), damage, scene.grid, threshold)
    sell_by = tipping.by_level(_sea_level(scene))
    actions = [_action(id, measures, chosen) for id, measures in sets.items()]
    lead = {id: _lead(measures) for id, measures in sets.items()}
    moves = [
        Transfer(one, other, lead[other])
        for one in sets
        for other in sets
        if other not in (one, "today") and one != chosen.id
    ]
    span = int(scene.grid[0]), int(scene.grid[-1])
    # Nothing can be decided before today, so a route may begin late by as long as its longest action takes.
    return pathways_map(actions, moves, sell_by, span, gap=max(lead.values()))


def _lead(measures: frozenset[str]) -> int:
    return max((math.ceil(catalogue()[id].lead_time) for id in measures), default=0)


def _longest(scene: Scene) -> list[str]:
    """Return the single measures that spare most damage at the end of the period, at most `LINES`."""
    ids = list(scene.taught.measures)
    damage = yearly_figures(scene, [frozenset({id}) for id in ids])[:, :, -1, 0].mean(axis=1)
    return [ids[row] for row in np.argsort(damage, kind="stable")[:LINES]]


def _sea_level(scene: Scene) -> NDArray[np.int64]:
    """Return the third of the futures ``(future,)`` that each lies in by its rise of the sea: 0, 1, 2."""
    rise = scene.futures.table("sea_rise")[:, -1]
    return np.minimum(np.argsort(np.argsort(rise, kind="stable")) * 3 // rise.size, 2)


def _action(id: str, measures: frozenset[str], chosen: Named) -> Action:
    known = catalogue()
    if id == "today":
        return Action(id, "I dag", "Today")
    name = (chosen.name_da, chosen.name_en) if id == chosen.id else (known[id].name_da, known[id].name_en)
    mine = [known[each] for each in sorted(measures)]
    return Action(
        id, *name, cost=sum(each.cost for each in mine), upkeep=sum(each.upkeep for each in mine),
        added_value=sum(good.yearly for each in mine for good in each.added_value) / 1e6,
    )  # fmt: skip


def awaited_measure(scene: Scene) -> str:
    """Return the dearest measure that moves the sea's water: the one whose date is worth most to get right."""
    moves = [id for id in scene.taught.measures if catalogue()[id].changes[0] in ("structures", "open_sea")]
    return max(moves, key=lambda id: catalogue()[id].cost)


def waiting_of(scene: Scene, id: str) -> Waiting:
    """Return whether to decide a measure now or wait and see the sea: three projections, low, middle and high third."""
    damage = yearly_figures(scene, [frozenset(), frozenset({id})])[..., 0]
    third = _sea_level(scene)
    spared = np.array([(damage[0] - damage[1])[third == each].mean(axis=0) for each in range(3)])
    benefit = spared @ between_grid(scene).T
    measure = catalogue()[id]
    build = Build(measure.cost, measure.upkeep, measure.lifetime, measure.lead_time, scene.how.tax_distortion)
    good = sum(each.yearly for each in measure.added_value)
    worth = decision_worth(build, benefit + good)
    rise = scene.futures.table("sea_rise")[:, scene.how.now - YEARS[0] :][:, : scene.how.years]
    course = np.array([rise[third == each].mean(axis=0) for each in range(3)])
    return wait_and_learn(worth, np.bincount(third) / third.size, course, SEA_NOISE)
