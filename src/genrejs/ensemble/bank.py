"""The event bank: solver runs over strength and structures, kept by key, and how far the emulator between them errs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.ensemble.design import MAIN_STREAM, Anchor, Ladder, fallen, nameless
from genrejs.ensemble.records import TODAY, laid_fine
from genrejs.ensemble.run import Doing, keep_floods
from genrejs.ensemble.store import Store
from genrejs.hazard import river
from genrejs.hazard.water import Problem, build_problem
from genrejs.impact.sampling import CellIndex
from genrejs.measure.catalogue import build, catalogue, find_strategy
from genrejs.provenance import text_hash
from genrejs.scenario.emulator import Rungs, WaterEmulator
from genrejs.scenario.figures import WET
from genrejs.scenario.run import Depths, depths_of
from genrejs.study import Study

WATER_PARTS = frozenset({"structures", "terrain", "open_sea"})
"""Parts of the city that the flood solver reads: a measure that changes one may move water."""


@dataclass(frozen=True)
class Ground:
    """The same city on fine ground, where houses stand, and on the solver's coarse ground; both with what stands."""

    fine: City
    coarse: City
    index: CellIndex


@dataclass(frozen=True)
class Bank:
    """The emulators by hazard, how many `runs` they rest on, and a `key` of these."""

    emulators: Mapping[str, WaterEmulator]
    runs: int
    key: str

    @property
    def reached(self) -> NDArray[np.float64]:
        """The deepest water of any run at each building ``(building,)`` [m]."""
        every = [
            rungs.buildings.max(axis=0)
            for emulator in self.emulators.values()
            for rungs in (emulator.base, *emulator.single.values())
        ]
        return np.asarray(np.max(every, axis=0), dtype=np.float64)


def scales(city: City, study: Study) -> tuple[Ladder, ...]:
    """Return the strengths of the study's bank, hazard by hazard."""
    bank = study.bank
    surge = tuple(_anchor(city, "surge", level, peak=level) for level in bank.surge_levels)
    rain = tuple(
        _anchor(city, "cloudburst", fallen(period, factor), period=period, factor=factor)
        for period, factor in bank.rain
    )
    flow = tuple(
        _anchor(city, "river", river.peak_flow(MAIN_STREAM, period, factor=factor), period=period, factor=factor,
                level=study.risk.river_level)
        for period, factor in bank.river
    )  # fmt: skip
    return (
        Ladder("surge", study.risk.surge_dry_below, surge, ()),
        Ladder("cloudburst", fallen(study.risk.rain_dry_below), rain, ()),
        Ladder("river", river.peak_flow(MAIN_STREAM, study.risk.river_dry_below), flow, ()),
    )


def _anchor(city: City, kind: str, value: float, **settings: Any) -> Anchor:
    return Anchor(value, nameless(city, f"{kind}_{value:.5g}", kind=kind, **settings))


def water_measures() -> tuple[str, ...]:
    """Return the measures not standing that change what the flood solver reads, in the order of the catalogue."""
    return tuple(id for id in open_measures() if WATER_PARTS & set(catalogue()[id].changes))


def open_measures() -> tuple[str, ...]:
    """Return the measures that a strategy may add to what stands today, in the order of the catalogue."""
    standing = find_strategy(TODAY).measures
    return tuple(id for id in catalogue() if id not in standing)


@dataclass(frozen=True)
class _Plan:
    """The runs of one hazard with one set of measures."""

    scale: Ladder
    measures: frozenset[str]
    fine: City
    problems: tuple[Problem, ...]


def _plans(ground: Ground, study: Study) -> Iterator[_Plan]:
    sets = [frozenset[str](), *(frozenset({id}) for id in water_measures())]
    cities = {chosen: (build(ground.fine, chosen), build(ground.coarse, chosen)) for chosen in sets}
    for scale in scales(ground.fine, study):
        plain: tuple[str, ...] = ()
        for chosen in sets:
            fine, coarse = cities[chosen]
            problems = tuple(
                build_problem(coarse, anchor.event, study.flood.window, study.flood.scheme) for anchor in scale.anchors
            )
            keys = tuple(problem.key for problem in problems)
            if chosen and keys == plain:
                continue
            plain = plain or keys
            yield _Plan(scale, chosen, fine, problems)


def build_bank(ground: Ground, study: Study, store: Store, doing: Doing) -> Bank:
    """Return the bank of what stands and of each measure alone that moves water; runs that are kept are read.

    A measure that leaves a hazard's water as it is has no runs of its own. `doing` is whom to tell and a Dask client
    or None.
    """
    plans = list(_plans(ground, study))
    problems = {problem.key: problem for plan in plans for problem in plan.problems}
    keep_floods(problems, store, doing)
    kept: dict[str, dict[frozenset[str], Rungs]] = {}
    for plan in plans:
        kept.setdefault(plan.scale.hazard, {})[plan.measures] = _rungs(plan, ground, store)
    return Bank({hazard: _emulator(sets) for hazard, sets in kept.items()}, len(problems), text_hash(*problems))


def _rungs(plan: _Plan, ground: Ground, store: Store) -> Rungs:
    laid = (laid_fine(store.flood(problem.key), plan.scale.hazard, plan.fine) for problem in plan.problems)
    depths = [depths_of(plan.fine, water, ground.index) for water in laid]
    values = np.array([anchor.value for anchor in plan.scale.anchors])
    return Rungs(
        plan.scale.dry,
        values,
        np.array([depth.buildings for depth in depths]),
        np.array([depth.components for depth in depths]),
    )


def _emulator(sets: Mapping[frozenset[str], Rungs]) -> WaterEmulator:
    return WaterEmulator(sets[frozenset()], {id: rungs for chosen, rungs in sets.items() for id in chosen})


@dataclass(frozen=True)
class HeldOut:
    """A run that the emulator did not see: its strength, measures and the solver's depths."""

    hazard: str
    value: float
    measures: frozenset[str]
    depths: Depths


def held_out_runs(ground: Ground, study: Study, store: Store, doing: Doing) -> tuple[HeldOut, ...]:
    """Return runs that the bank does not hold: halfway between strengths, with what stands and with two measures."""
    plans = list(_held_plans(ground, study))
    keep_floods({plan.problems[0].key: plan.problems[0] for plan in plans}, store, doing)
    held = []
    for plan in plans:
        rungs = _rungs(plan, ground, store)
        depths = Depths(rungs.buildings[0], rungs.components[0])
        held.append(HeldOut(plan.scale.hazard, float(rungs.values[0]), plan.measures, depths))
    return tuple(held)


def _held_plans(ground: Ground, study: Study) -> Iterator[_Plan]:
    pairs = {name: frozenset(pair) for name, pair in study.bank.held_pairs.items()}
    for scale in scales(ground.fine, study):
        values = [anchor.value for anchor in scale.anchors]
        for place, (low, high) in enumerate(pairwise(values)):
            sets = [frozenset[str]()]
            if scale.hazard in pairs and place == len(values) // 2:
                sets.append(pairs[scale.hazard])
            for chosen in sets:
                anchor = _halfway(ground.fine, scale, study, (low, high))
                problem = build_problem(
                    build(ground.coarse, chosen), anchor.event, study.flood.window, study.flood.scheme
                )
                yield _Plan(
                    Ladder(scale.hazard, scale.dry, (anchor,), ()), chosen, build(ground.fine, chosen), (problem,)
                )


def _halfway(city: City, scale: Ladder, study: Study, between: tuple[float, float]) -> Anchor:
    """Return an event halfway between two strengths; rain and streams have the shape of 100 years."""
    value = sum(between) / 2
    if scale.hazard == "surge":
        return _anchor(city, "surge", value, peak=value)
    if scale.hazard == "cloudburst":
        return _anchor(city, "cloudburst", value, period=100.0, factor=value / fallen(100.0))
    whole = river.peak_flow(MAIN_STREAM, 100.0)
    return _anchor(city, "river", value, period=100.0, factor=value / whole, level=study.risk.river_level)


def depth_errors(bank: Bank, held: Sequence[HeldOut]) -> pd.DataFrame:
    """Return a row for each held-out run: `rmse`, `bias` [m] at buildings that either calls wet (above 5 cm), counts
    `wet`, `missed` and `false`."""
    rows = []
    for run in held:
        found = bank.emulators[run.hazard].at(run.value, run.measures).buildings
        real = run.depths.buildings
        either = (found > WET) | (real > WET)
        error = (found - real)[either]
        rows.append(
            {
                "hazard": run.hazard,
                "value": run.value,
                "measures": "+".join(sorted(run.measures)) or "today",
                "wet": int((real > WET).sum()),
                "rmse": float(np.sqrt(np.mean(error**2))) if error.size else 0.0,
                "bias": float(error.mean()) if error.size else 0.0,
                "missed": int(((real > WET) & (found <= WET)).sum()),
                "false": int(((found > WET) & (real <= WET)).sum()),
            }
        )
    return pd.DataFrame(rows)
