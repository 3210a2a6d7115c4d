"""The answer to "what if": one scenario run as a study runs its events, told in plain values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City, residents_by_district
from genrejs.ensemble.ask import Ask, cost_of, event_of, read_ask, strategy_of, works_of
from genrejs.ensemble.projected import study_climate, study_stresses
from genrejs.ensemble.run import Progress, room_settings, study_city
from genrejs.ensemble.store import Store
from genrejs.errors import InputError
from genrejs.hazard.flood.options import Options
from genrejs.hazard.water import build_problem, solve
from genrejs.impact.sampling import CellIndex
from genrejs.measure.catalogue import carry_out
from genrejs.measure.drawn import carry_out_drawn
from genrejs.projection.project import project
from genrejs.provenance import code_hash, text_hash
from genrejs.scenario.figures import damage_range, flooded_area, total_damage
from genrejs.scenario.result import Result
from genrejs.scenario.run import How, building_cells, run_footprint
from genrejs.study import Study
from genrejs.writing import whole

Frame = Callable[[float, NDArray[np.float32]], None]
"""Called with the time [s] and the depth ``(y, x)`` [m] of the study's window while the water runs."""
DECIMALS = 4
"""Of curves and depths in an answer."""


class Desk:
    """A city made ready for many questions: put together once, asked by one caller at a time.

    `threads` of the solver are its caller's to choose: they change no bit of an answer.
    """

    def __init__(self, study: Study | None = None, cache: Path | None = None) -> None:
        self.study = study or Study()
        self.city: City = study_city(self.study, self.study.flood.cell, cache)
        self.index: CellIndex = building_cells(self.city, self.study.flood.window)
        self.settings = room_settings(self.study)
        self.climate, self.stresses = study_climate(self.study), study_stresses(self.study)

    def built(self, ask: Ask) -> City:
        """Return the city of the question: that of its year, its strategy carried out, its works built."""
        city, plan = self.city, self.study.projection
        if ask.year is not None and plan.follow:
            city = project(city, self.stresses, ask.year, now=self.study.money.now, places=plan.places or None)
        return carry_out_drawn(carry_out(city, strategy_of(ask)), works_of(ask, city))


def ask_key(ask: Ask, study: Study) -> str:
    """Return the key of an answer: the same question to the same city by the same code has the same one."""
    plain = ask.model_copy(update={"measures": (), "without": (), "strategy": ""}).model_dump_json()
    removes = strategy_of(ask).removes
    return text_hash(code_hash(), study.model_dump_json(), repr((ask.strategy, ask.measure_ids, removes)), plain)


def run_ask(
    ask: Ask,
    store: Store,
    desk: Desk,
    *,
    progress: Progress,
    frame: Frame | None = None,
    threads: int | None = None,
) -> dict[str, Any]:
    """Return the answer to `ask`, kept in `store`: a question that was answered is not computed again.

    With `frame` the water is shown while it runs; a flood that is kept has only its last frame to show. What `progress`
    or `frame` raises ends the run and keeps nothing.

    Raises
    ------
    InputError
        What is asked does not fit the city.
    """
    key = ask_key(ask, desk.study)
    if store.has_record(key):
        progress(1.0, "kept")
        return store.record(key)
    progress(0.0, "city")
    city = desk.built(ask)
    event = event_of(ask, city, desk.climate)
    water = None
    if event.wet:
        problem = build_problem(city, event, desk.study.flood.window, desk.study.flood.scheme)
        if not store.has_flood(problem.key):
            options = Options(
                threads=threads, progress=lambda share: progress(0.05 + 0.8 * share, "water"), frame=frame,
            )  # fmt: skip
            store.keep_flood(problem.key, solve(problem, options))
        # Read back as it is kept, so that the first answer and every later one stand on the same water.
        water = store.flood(problem.key)
    progress(0.86, "damage and recovery")
    how = How(key, ask.strategy, ask.year or desk.study.money.now, desk.settings)
    result = run_footprint(city, event, water, desk.index, how)
    answer = tell(desk, ask, city, result)
    store.keep_record(key, answer)
    progress(1.0, "done")
    return answer


def answer_file(place: Path, out: Path, *, progress: Progress, cache: Path | None = None) -> dict[str, Any]:
    """Return the answer to the question in a JSON file, written to `out`/answer.json beside its store.

    Raises
    ------
    InputError
        The file is no JSON object in UTF-8, or states no question that fits the city.
    """
    try:
        inputs = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"The question {place} cannot be read as JSON in UTF-8: {error}.") from error
    if not isinstance(inputs, dict):
        raise InputError(f"The question {place} must be one JSON object; see docs/web.md.")
    ask = read_ask(inputs)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; give a folder to write to.")
    answer = run_ask(ask, Store(out / "store"), Desk(cache=cache), progress=progress)
    with whole(out / "answer.json") as beside:
        beside.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return answer


def flood_key(ask: Ask, desk: Desk) -> str | None:
    """Return the key of the question's flood in the store, None for a dry event."""
    city = desk.built(ask)
    event = event_of(ask, city, desk.climate)
    return build_problem(city, event, desk.study.flood.window, desk.study.flood.scheme).key if event.wet else None


def tell(desk: Desk, ask: Ask, city: City, result: Result) -> dict[str, Any]:
    """Return a result in plain values, as docs/web.md lists them; SI and DKK."""
    event, recovery = result.event, result.recovery
    return {
        "constructed": bool(city.constructed),
        "key": result.key,
        "event": {
            "name": event.name,
            "kind": event.kind,
            "title_da": event.title_da,
            "title_en": event.title_en,
            "source": event.source,
            "duration_s": event.duration,
            "wet": event.wet,
        },
        "strategy": result.strategy,
        "measures": list(ask.measure_ids),
        "year": ask.year,
        "cost_dkk": cost_of(ask, desk.city),
        "figures": _figures(city, result),
        "curve": {"hours": recovery.curve["time"].values.tolist(), "f": _short(recovery.curve.values)},
        "services": _services(city, result),
        "districts": _districts(city, result),
        "groups": recovery.by_group.astype({"value": str}).round(2).to_dict(orient="records"),
        "components": _components(city, result),
        "buildings": _buildings(result),
    }


def _short(values: Any) -> list[float]:
    return np.round(np.asarray(values, dtype=np.float64), DECIMALS).tolist()  # type: ignore[no-any-return]


def _figures(city: City, result: Result) -> dict[str, Any]:
    read, totals = result.recovery.indicators, result.impact.totals
    low, high = damage_range(result) or (None, None)
    balance = result.footprint.attrs if result.footprint is not None else {}
    moved = float(balance.get("balance_moved", 0.0))
    return {
        "flooded_area_m2": flooded_area(city, result),
        "buildings_flooded": int(result.impact.buildings["wet"].sum()),
        "residents_in_wet_homes": float(totals["residents_in_wet_homes"]),
        "damage_dkk": total_damage(result),
        "damage_dkk_p05": low,
        "damage_dkk_p95": high,
        "person_days_without_service": float(read["person_days_without_service"]),
        "person_days_away": float(read["person_days_away"]),
        "withstand": float(read["withstand"]),
        "bounce_back_days": float(read["bounce_back_days"]),
        "censored": bool(read["censored"]),
        "resilience_loss": float(read["resilience_loss"]),
        "people_warned_in_time": float(result.warned.totals.get("acted", 0.0)),
        "water_balance_error": abs(float(balance.get("balance_error", 0.0))) / moved if moved > 0 else 0.0,
    }


def _services(city: City, result: Result) -> list[dict[str, Any]]:
    f = result.recovery.functionality
    people = residents_by_district(city).reindex([str(id) for id in f["district"].values], fill_value=0.0).to_numpy()
    weight = people / people.sum() if people.sum() > 0 else np.full(people.size, 1.0 / max(people.size, 1))
    width = np.append(np.diff(f["time"].values), 0.0)
    mean = np.einsum("sdt,d->st", f.values, weight)
    return [
        {"id": str(name), "hours_without": round(float((1.0 - mean[k]) @ width), 2), "f": _short(mean[k])}
        for k, name in enumerate(f["service"].values)
    ]


def _districts(city: City, result: Result) -> list[dict[str, Any]]:
    f = result.recovery.functionality
    buildings = city.buildings.assign(wet=result.impact.buildings["wet"].to_numpy(dtype=bool))
    place = buildings["district"].astype(str)
    wet = buildings["wet"].groupby(place).sum()
    people = buildings["residents"].where(buildings["wet"], 0).groupby(place).sum()
    groups = result.recovery.by_group
    days = groups[groups["group"] == "district"].set_index("value")["person_days"]
    worst = f.min("time")
    return [
        {
            "id": str(id),
            "buildings_flooded": int(wet.get(str(id), 0)),
            "residents_wet": float(people.get(str(id), 0.0)),
            "person_days": round(float(days.get(str(id), 0.0)), 2),
            "services": {
                str(name): round(float(worst.values[s, d]), DECIMALS) for s, name in enumerate(f["service"].values)
            },
        }
        for d, id in enumerate(f["district"].values)
    ]


def _components(city: City, result: Result) -> list[dict[str, Any]]:
    hit, back = result.impact.components, result.recovery.components["restored"].to_numpy(np.float64)
    rows = []
    for k, id in enumerate(city.components["id"].astype(str)):
        down, flooded = np.isfinite(hit["down_from"].iloc[k]), bool(hit["flooded"].iloc[k])
        if down or flooded:
            until = round(float(back[k]), 2) if np.isfinite(back[k]) else None
            depth = round(float(hit["depth"].iloc[k]), DECIMALS)
            rows.append({"id": id, "flooded": flooded, "depth": depth, "back_hours": until})
    return rows


def _buildings(result: Result) -> dict[str, Any]:
    depth = result.impact.buildings["depth"].to_numpy(np.float64)
    rows = np.flatnonzero(result.impact.buildings["wet"].to_numpy(dtype=bool))
    return {"rows": rows.tolist(), "depth": np.round(depth[rows], 3).tolist()}


def plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer without its long lists: what a table of runs needs."""
    return {name: answer[name] for name in ("constructed", "key", "event", "strategy", "year", "cost_dkk", "figures")}
