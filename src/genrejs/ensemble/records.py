"""The event set of one strategy: depths between anchors, impact and recovery of every event, one small row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from genrejs.city.model import City
from genrejs.ensemble.design import Ladder, Point, ladders, outage_points
from genrejs.hazard.water import Problem, build_problem, refine, spread
from genrejs.impact.result import Impact
from genrejs.impact.sampling import CellIndex
from genrejs.measure.catalogue import carry_out, find_strategy
from genrejs.provenance import text_hash
from genrejs.scenario.result import Result
from genrejs.scenario.run import Depths, How, Settings, depths_of, run_depths
from genrejs.study import Study

TODAY = "today"
"""The strategy that stands, whose losses are kept building for building."""
LOSS_PARTS = ("damage", "cellar", "value_loss", "people")

Waters = Mapping[str, xr.Dataset]


@dataclass(frozen=True)
class Job:
    """All events of one strategy; small enough to be sent to another process once its depths are known.

    Losses building for building are kept of the events of `kept_year`, of no event where that is None.
    """

    strategy: str
    city: City
    ladders: tuple[Ladder, ...]
    problems: tuple[Problem, ...]
    settings: Settings
    points: tuple[tuple[str, Point], ...]
    anchors: Mapping[str, tuple[Depths, ...]]
    record_keys: tuple[str, ...] = ()
    kept_year: int | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the floods it needs, ladder by ladder, anchor by anchor."""
        return tuple(problem.key for problem in self.problems)

    def with_water(self, waters: Waters, index: CellIndex, code: str) -> Job:
        """Return the job with depths at buildings and components for every anchor, and a key for every event."""
        place, anchors = 0, {}
        for ladder in self.ladders:
            keys = self.keys[place : place + len(ladder.anchors)]
            laid = (laid_fine(waters[key], ladder.hazard, self.city) for key in keys)
            anchors[ladder.hazard] = tuple(depths_of(self.city, water, index) for water in laid)
            place += len(keys)
        definition = repr((find_strategy(self.strategy), self.settings, self.city.preparedness, self.kept_year))
        base = text_hash(code, definition, *self.keys)
        record_keys = tuple(
            text_hash(base, hazard, repr(point.event), str(point.value)) for hazard, point in self.points
        )
        return replace(self, anchors=anchors, record_keys=record_keys, problems=())

    def without(self, kept: Callable[[str], bool]) -> Job:
        """Return the job with only the events whose key is not `kept`."""
        left = [(key, point) for key, point in zip(self.record_keys, self.points, strict=True) if not kept(key)]
        return replace(self, record_keys=tuple(k for k, _ in left), points=tuple(p for _, p in left))


def laid_fine(water: xr.Dataset, hazard: str, city: City) -> xr.Dataset:
    """Lay a coarse footprint on the city's fine ground."""
    half = float(abs(water.x[1] - water.x[0])) / 2
    west, east = float(water.x.min()) - half, float(water.x.max()) + half
    inner, cut = city.grid.window((west, float(water.y.min()) - half, east, float(water.y.max()) + half))
    if hazard == "cloudburst":
        return spread(water, inner)
    return refine(water, inner, city.terrain["elevation"].to_numpy()[cut])


def strategy_job(study: Study, fine: City, coarse: City, name: str, settings: Settings) -> Job:
    """Return the job of one strategy: its city, the solver runs it needs and the events it will be judged by."""
    strategy = find_strategy(name)
    city, wet_city = carry_out(fine, strategy), carry_out(coarse, strategy)
    rungs = ladders(city, study)
    problems = tuple(
        build_problem(wet_city, anchor.event, study.flood.window, study.flood.scheme)
        for ladder in rungs
        for anchor in ladder.anchors
    )
    points = [(ladder.hazard, point) for ladder in rungs for point in ladder.points]
    points += [("outage", point) for point in outage_points(city, study)]
    kept_year = study.money.now if name == TODAY else None
    return Job(name, city, rungs, problems, settings, tuple(points), {}, kept_year=kept_year)


def strategy_records(job: Job) -> dict[str, dict[str, Any]]:
    """Return a row for every event of the job, by its key: what happened, and to whom."""
    by_hazard = {ladder.hazard: ladder for ladder in job.ladders}
    rows = {}
    for key, (hazard, point) in zip(job.record_keys, job.points, strict=True):
        depths = _between(job, by_hazard.get(hazard), point)
        how = How(key, job.strategy, point.year, job.settings)
        result = run_depths(job.city, point.event, depths, how)
        kept = {"losses": _losses(result.impact)} if point.year == job.kept_year else {}
        rows[key] = _row(result, hazard, point) | kept
    return rows


def _losses(impact: Impact) -> dict[str, Any]:
    """Return what every building with water lost by part [DKK], as plain lists, with their places in the city."""
    lost = impact.buildings[list(LOSS_PARTS)]
    place = np.flatnonzero(lost.to_numpy(np.float64).any(axis=1))
    parts = {name: lost[name].to_numpy(np.float64)[place].round(2).tolist() for name in LOSS_PARTS}
    return {"building": place.tolist(), **parts, "roads": round(float(impact.roads["cost"]), 2)}


def _between(job: Job, ladder: Ladder | None, point: Point) -> Depths:
    """Return depths at `point`, weighted between the ladder's anchors; none for a dry hazard."""
    if ladder is None:
        return Depths(np.zeros(len(job.city.buildings)), np.zeros(len(job.city.components)))
    weights = ladder.weights(point.value)
    anchors = job.anchors[ladder.hazard]
    return Depths(
        np.sum([w * a.buildings for w, a in zip(weights, anchors, strict=True)], axis=0),
        np.sum([w * a.components for w, a in zip(weights, anchors, strict=True)], axis=0),
    )


def _row(result: Result, hazard: str, point: Point) -> dict[str, Any]:
    record = {
        "strategy": result.strategy,
        "year": point.year,
        "hazard": hazard,
        "event": result.event.name,
        "frequency": point.frequency,
        "damage": float(result.impact.totals["damage_total"]) - result.warned.avoided,
        "person_days": float(result.recovery.indicators["person_days_without_service"]),
        "residents_wet": float(result.impact.totals["residents_in_wet_homes"]),
    }
    table = result.recovery.by_group.rename(columns={"person_days": "person_days_group"})
    drawn = (result.impact.damage_draws - result.warned.avoided).round(2).tolist()
    return {"record": record, "draws": drawn, "groups": table.astype({"value": str}).to_dict(orient="records")}
