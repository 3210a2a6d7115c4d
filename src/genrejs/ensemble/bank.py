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
from genrejs.ensemble.design import Anchor, Ladder
from genrejs.ensemble.records import TODAY, laid_fine
from genrejs.ensemble.run import Doing, keep_floods
from genrejs.ensemble.store import Store
from genrejs.hazard import cloudburst, river
from genrejs.hazard.catalogue import build_event
from genrejs.hazard.event import HOUR
from genrejs.hazard.water import Problem, build_problem
from genrejs.impact.sampling import CellIndex
from genrejs.measure.catalogue import apply_measure, catalogue, find_strategy
from genrejs.provenance import text_hash
from genrejs.scenario.emulator import Rungs, WaterEmulator
from genrejs.scenario.run import Depths, depths_of
from genrejs.study import Study

WATER_PARTS = frozenset({"structures", "terrain", "open_sea"})
"""Parts of the city that the flood solver reads: a measure that changes one may move water."""

MAIN_STREAM = "Grejs Å"


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
        every = [rungs.buildings.max(axis=0) for emulator in self.emulators.values() for rungs in _all(emulator)]
        return np.asarray(np.max(every, axis=0), dtype=np.float64)


def _all(emulator: WaterEmulator) -> tuple[Rungs, ...]:
    return (emulator.base, *emulator.single.values(), *emulator.together.values())


def scales(city: City, study: Study) -> tuple[Ladder, ...]:
    """Return the strengths of the study's bank, hazard by hazard."""
    bank = study.bank
    surge = tuple(anchor_event(city, "surge", level, peak=level) for level in bank.surge_levels)
    rain = tuple(
        anchor_event(city, "cloudburst", fallen(period, factor), period=period, factor=factor)
        for period, factor in bank.rain
    )
    flow = tuple(
        anchor_event(city, "river", river.peak_flow(MAIN_STREAM, period, factor=factor), period=period, factor=factor,
                level=study.risk.river_level)
        for period, factor in bank.river
    )  # fmt: skip
    return (
        Ladder("surge", study.risk.surge_dry_below, surge, ()),
        Ladder("cloudburst", fallen(study.risk.rain_dry_below), rain, ()),
        Ladder("river", river.peak_flow(MAIN_STREAM, study.risk.river_dry_below), flow, ()),
    )


def fallen(period: float, factor: float = 1.0) -> float:
    """Return the rain of an hour [m] by which a cloudburst is placed between runs."""
    return float(cloudburst.depth(period, HOUR)) * factor


def anchor_event(city: City, kind: str, value: float, **settings: Any) -> Anchor:
    """Return an event of a strength on its hazard's scale, named after it."""
    name = f"{kind}_{value:.5g}"
    given = {"title_da": name, "title_en": name, "frequency": None, "kind": kind, **settings}
    return Anchor(value, build_event(name, given, city))


def water_measures() -> tuple[str, ...]:
    """Return the measures that change what the flood solver reads, in the order of the catalogue."""
    return tuple(id for id, measure in catalogue().items() if WATER_PARTS & set(measure.changes))


@dataclass(frozen=True)
class _Plan:
    """The runs of one hazard with one set of measures."""

    scale: Ladder
    measures: frozenset[str]
    fine: City
    problems: tuple[Problem, ...]


def _with(city: City, measures: frozenset[str]) -> City:
    for id in sorted(measures):
        city = apply_measure(city, id)
    return city


def _plans(
    ground: Ground, study: Study, measures: Sequence[str], together: Sequence[frozenset[str]]
) -> Iterator[_Plan]:
    sets = [frozenset[str](), *(frozenset({id}) for id in measures), *together]
    cities = {chosen: (_with(ground.fine, chosen), _with(ground.coarse, chosen)) for chosen in sets}
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


def build_bank(
    ground: Ground,
    study: Study,
    store: Store,
    doing: Doing,
    measures: Sequence[str] | None = None,
    together: Sequence[frozenset[str]] = (),
) -> Bank:
    """Return the bank of what stands, each of `measures` alone and the sets `together`; runs that are kept are read.

    `measures` default to all that may move water and do not stand; a measure that leaves a hazard's water as it is
    has no runs of its own. `doing` is whom to tell and a Dask client or None.
    """
    standing = find_strategy(TODAY).measures
    wanted = [id for id in (water_measures() if measures is None else measures) if id not in standing]
    plans = list(_plans(ground, study, wanted, together))
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
    single = {next(iter(chosen)): rungs for chosen, rungs in sets.items() if len(chosen) == 1}
    several = {chosen: rungs for chosen, rungs in sets.items() if len(chosen) > 1}
    return WaterEmulator(sets[frozenset()], single, several)


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
                    _with(ground.coarse, chosen), anchor.event, study.flood.window, study.flood.scheme
                )
                yield _Plan(
                    Ladder(scale.hazard, scale.dry, (anchor,), ()), chosen, _with(ground.fine, chosen), (problem,)
                )


def _halfway(city: City, scale: Ladder, study: Study, between: tuple[float, float]) -> Anchor:
    """Return an event halfway between two strengths; rain and streams have the shape of 100 years."""
    value = sum(between) / 2
    if scale.hazard == "surge":
        return anchor_event(city, "surge", value, peak=value)
    if scale.hazard == "cloudburst":
        return anchor_event(city, "cloudburst", value, period=100.0, factor=value / fallen(100.0))
    whole = river.peak_flow(MAIN_STREAM, 100.0)
    return anchor_event(city, "river", value, period=100.0, factor=value / whole, level=study.risk.river_level)


def depth_errors(bank: Bank, held: Sequence[HeldOut]) -> pd.DataFrame:
    """Return a row for each held-out run: `rmse`, `bias` [m] at buildings that either calls wet (above 5 cm), counts
    `wet`, `missed` and `false`."""
    rows = []
    for run in held:
        found = bank.emulators[run.hazard].at(run.value, run.measures).buildings
        real = run.depths.buildings
        either = (found > 0.05) | (real > 0.05)
        error = (found - real)[either]
        rows.append(
            {
                "hazard": run.hazard,
                "value": run.value,
                "measures": "+".join(sorted(run.measures)) or "today",
                "wet": int((real > 0.05).sum()),
                "rmse": float(np.sqrt(np.mean(error**2))) if error.size else 0.0,
                "bias": float(error.mean()) if error.size else 0.0,
                "missed": int(((real > 0.05) & (found <= 0.05)).sum()),
                "false": int(((found > 0.05) & (real <= 0.05)).sum()),
            }
        )
    return pd.DataFrame(rows)
