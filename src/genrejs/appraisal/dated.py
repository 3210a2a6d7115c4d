"""When each measure of a strategy begins: the best order within yearly money and hands, and the pathways' plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from genrejs.appraisal.compare import AppraisalSettings
from genrejs.appraisal.many import Floats, Scene, between_grid, yearly_figures
from genrejs.appraisal.sequence import Programme, best_order, work_of
from genrejs.ensemble.pathways import Dated
from genrejs.measure.catalogue import catalogue
from genrejs.measure.model import Measure
from genrejs.scenario.pathway import Memory, Plan
from genrejs.study import ChoiceSection

SOON = 8.0
"""Years in which a chosen measure is taken to pay for itself when its turn is found (assumption)."""


@dataclass(frozen=True)
class Calendar:
    """The measures in the order they work, the calendar years in which each begins and works, what is `spent` by year
    of the period ``(year,)`` [DKK], and the measures `left_out`, which the yearly money cannot carry."""

    measures: tuple[str, ...]
    begins: tuple[int, ...]
    works: tuple[int, ...]
    spent: Floats
    left_out: tuple[str, ...]

    def dated(self, now: int) -> Mapping[str, Measure]:
        """Return the measures as they are carried out from the year `now`: each works when the calendar says."""
        return {
            id: replace(catalogue()[id], lead_time=float(works - now))
            for id, works in zip(self.measures, self.works, strict=True)
        }


def calendar_of(scene: Scene, measures: frozenset[str], how: ChoiceSection) -> Calendar:
    """Return the best order of a strategy's measures (one or more) under yearly money and hands (`sequence`).

    The strategy is chosen already, for more than money: so each measure also counts what pays for it in `SOON` years,
    which has it built as soon as money and hands allow, what spares most for its cost first. A measure's yearly
    benefit is what the strategy would lose without it, shared so that all add up to what the strategy spares
    (assumption: the order itself is not seen by the benefits).
    """
    ids = sorted(measures)
    shares = _shares(scene, ids)
    works = tuple(
        work_of(catalogue()[id], tuple((shares[:, k] + _added(id) + _wanted(id, scene.how)).tolist()), points=1.0)
        for k, id in enumerate(ids)
    )
    count = how.years
    programme = Programme(works, (how.yearly,) * count, (how.capacity,) * count)
    order = best_order(programme, time_limit=20.0)
    placed = sorted(order.works, key=lambda id: (order.works[id], order.starts[id], id))
    now = scene.how.now
    return Calendar(
        tuple(placed),
        tuple(now + order.starts[id] for id in placed),
        tuple(now + order.works[id] for id in placed),
        np.asarray(order.spent),
        tuple(id for id in ids if id not in order.works),
    )


def _wanted(id: str, how: AppraisalSettings) -> float:
    """Return the yearly worth that pays for a measure and its renewals in `SOON` years [DKK/year]."""
    measure = catalogue()[id]
    again = 1.0 + how.years / measure.lifetime
    return (1.0 + how.tax_distortion) * (measure.upkeep + measure.cost * again / SOON)


def _added(id: str) -> float:
    return sum(each.yearly for each in catalogue()[id].added_value)


def _shares(scene: Scene, ids: list[str]) -> Floats:
    """Return the yearly damage spared by measure ``(year, measure)`` [DKK], adding up to the strategy's."""
    whole = frozenset(ids)
    asked = [frozenset[str](), whole, *(whole - {id} for id in ids)]
    damage = yearly_figures(scene, asked)[..., 0].mean(axis=1)
    spared = damage[0] - damage[1]
    lost = np.maximum(damage[2:] - damage[1], 0.0)
    total = lost.sum(axis=0)
    part = np.divide(lost, total, out=np.full_like(lost, 1.0 / len(ids)), where=total > 0) * spared
    return np.asarray(between_grid(scene) @ part.T)


def dated_of(id: str, calendar: Calendar) -> Dated:
    """Return the strategy as pathways take it: steps in order, none before its year, paid as the purse allows."""
    steps = [catalogue()[name] for name in calendar.measures]
    plan = Plan(
        np.array([each.cost for each in steps], dtype=np.float64),
        np.array([each.upkeep for each in steps], dtype=np.float64),
        np.array([math.ceil(each.lead_time) for each in steps], dtype=np.int64),
        np.array(calendar.begins, dtype=np.int64),
    )
    rebuilt = max(each.settings.get("rebuild_better", 0.0) for each in steps)
    return Dated(id, calendar.measures, plan, max(Memory.rebuilt, rebuilt))


def nothing(id: str = "today") -> Dated:
    """Return the strategy that adds nothing to what stands."""
    none, never = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Dated(id, (), Plan(none, none, never, never))
