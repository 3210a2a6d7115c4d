"""Many strategies in many futures: what each is worth, from the surface, in one sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from genrejs.appraisal.compare import AppraisalSettings, built_share
from genrejs.appraisal.economics import discount_factors, measure_flows, present_value, price_factor
from genrejs.appraisal.yearly import expected, node_weights
from genrejs.ensemble.training import Taught, stresses_of
from genrejs.ensemble.worlds import world_of
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue
from genrejs.measure.model import Measure
from genrejs.projection.futures import Futures
from genrejs.projection.levels import YEARS
from genrejs.scenario.pathway import World
from genrejs.study import Study

Floats = NDArray[np.float64]

WANTED = ("damage", "person_days", "poor")
"""What strategies are judged by, a year: DKK, person-days without a service, and out of the home for the poor."""

BLOCK = 64
"""Strategies answered at once, so that memory stays below a gigabyte."""

EVERY = 5
"""Years between two answers; a straight line between them (assumption)."""


@dataclass(frozen=True)
class Scene:
    """What all strategies are judged on: the surface, futures, years of the period and how often each node counts."""

    taught: Taught
    futures: Futures
    world: World
    how: AppraisalSettings
    grid: NDArray[np.int64]
    stresses: Floats
    weighed: dict[str, Floats]


@dataclass(frozen=True)
class Valued:
    """Strategies ``(s,)`` in futures ``(f,)``; money in DKK of the price year, present values over the period.

    `cost` ``(s,)`` with upkeep less what is left at the end, `added` ``(s,)`` value on ordinary days; ``(s, f)``:
    `damage`, `npv` against what stands, `person_days` and `poor` a year as the period's mean.
    """

    measures: tuple[frozenset[str], ...]
    cost: Floats
    added: Floats
    damage: Floats
    npv: Floats
    person_days: Floats
    poor: Floats


def scene_of(taught: Taught, futures: Futures, study: Study, how: AppraisalSettings) -> Scene:
    """Return the scene of a study's futures; raise InputError where the period ends after the projections."""
    last = how.now + how.years - 1
    if how.now < YEARS[0] or last > YEARS[-1]:
        raise InputError(f"The period {how.now}-{last} must lie within the projections, {YEARS[0]} to {YEARS[-1]}.")
    grid = np.unique(np.append(np.arange(how.now, last + 1, EVERY), last))
    world = world_of(futures, study)
    rows = np.repeat(np.arange(len(futures)), grid.size)
    stresses = stresses_of(futures, rows.tolist(), np.tile(grid, len(futures)).tolist())
    weighed = node_weights(world, taught.values(), taught.dry, grid)
    return Scene(taught, futures, world, how, grid, stresses, weighed)


def yearly_figures(scene: Scene, strategies: Sequence[frozenset[str]]) -> Floats:
    """Return the expected `WANTED` a year ``(strategy, future, grid year, figure)`` with all measures in place."""
    parts = []
    for start in range(0, len(strategies), BLOCK):
        bits = scene.taught.bits(strategies[start : start + BLOCK])
        found = scene.taught.figures(bits, scene.stresses, WANTED)
        shape = (len(bits), len(scene.futures), scene.grid.size)
        parts.append(
            expected(scene.weighed, {name: each.reshape(*shape, *each.shape[2:]) for name, each in found.items()})
        )
    return np.concatenate(parts)


def value(scene: Scene, strategies: Sequence[frozenset[str]], dated: Mapping[str, Measure] | None = None) -> Valued:
    """Return what the strategies are worth in every future, against what stands today.

    All measures begin in the first year, but those of `dated`, whose lead times hold when they begin to work.
    """
    known = {**catalogue(), **(dated or {})}
    today = yearly_figures(scene, [frozenset()])
    mine = yearly_figures(scene, strategies)
    between = between_grid(scene)
    factors = discount_factors(scene.how.years)
    share = np.array([built_share([known[id] for id in sorted(chosen)], scene.how.years) for chosen in strategies])
    flow = (share * factors) @ between
    avoided = np.einsum("sg,sfg->sf", flow, today[..., 0] - mine[..., 0])
    plain = (factors @ between) @ today[0, ..., 0].T
    even = (share / scene.how.years) @ between
    held = np.full(scene.how.years, 1.0 / scene.how.years) @ between
    spared = [np.einsum("sg,sfg->sf", even, today[..., k] - mine[..., k]) for k in (1, 2)]
    cost, added = money(strategies, scene.how, known)
    npv = avoided + added[:, None] - (1.0 + scene.how.tax_distortion) * cost[:, None]
    left = [today[0, ..., k] @ held - part for k, part in zip((1, 2), spared, strict=True)]
    return Valued(tuple(strategies), cost, added, plain - avoided, npv, left[0], left[1])


def money(
    strategies: Sequence[frozenset[str]], how: AppraisalSettings, known: Mapping[str, Measure] | None = None
) -> tuple[Floats, Floats]:
    """Return the present value of what each costs and of what it gives on ordinary days ``(strategy,)`` [DKK]."""
    measures = known or catalogue()
    flows = {
        id: measure_flows(measures[id], how.years, price=price_factor(measures[id], how.price_year, how.price_index))
        for id in sorted({id for chosen in strategies for id in chosen})
    }
    cost = {id: present_value(flow.cost) for id, flow in flows.items()}
    added = {id: present_value(flow.added) for id, flow in flows.items()}
    return (
        np.array([sum(cost[id] for id in sorted(chosen)) for chosen in strategies], dtype=np.float64),
        np.array([sum(added[id] for id in sorted(chosen)) for chosen in strategies], dtype=np.float64),
    )


def between_grid(scene: Scene) -> Floats:
    """Return how the years of the period are read between the grid's ``(year, grid year)``."""
    years = scene.how.now + np.arange(scene.how.years)
    return np.array([np.interp(years, scene.grid, row) for row in np.eye(scene.grid.size)]).T


def with_futures(scene: Scene, count: int) -> Scene:
    """Return the scene with only its first `count` futures; raise InputError for none."""
    if count < 1:
        raise InputError(f"A scene needs one future or more; got {count}.")
    kept = min(count, len(scene.futures))
    rows = np.arange(len(scene.futures)).repeat(scene.grid.size) < kept
    futures = Futures(scene.futures.positions.iloc[:kept], {n: p[:kept] for n, p in scene.futures.paths.items()})
    world = replace(scene.world, strengths={name: each[:kept] for name, each in scene.world.strengths.items()})
    weighed = {name: each[:kept] for name, each in scene.weighed.items()}
    return replace(scene, futures=futures, world=world, stresses=scene.stresses[rows], weighed=weighed)
