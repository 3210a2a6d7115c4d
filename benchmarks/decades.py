"""How fast and how right the quick answers are: needs a folder that `genrejs plan` has filled (default build/plan).

python benchmarks/decades.py [DIR]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from genrejs.appraisal.choosing import rules_of, settings_of
from genrejs.appraisal.many import scene_of, value
from genrejs.appraisal.risk import expected_annual
from genrejs.ensemble.decades import prepare
from genrejs.ensemble.design import MAIN_STREAM, fallen
from genrejs.ensemble.pathways import Dated, run_pathways
from genrejs.ensemble.store import Store
from genrejs.ensemble.training import sample_city, samples
from genrejs.hazard import river, surge
from genrejs.impact.assess import assess_depths
from genrejs.measure.catalogue import catalogue
from genrejs.scenario.pathway import Plan
from genrejs.scenario.quick import answer, assess_few, few, warn_few
from genrejs.scenario.run import How, run_depths
from genrejs.study import Study


def main(folder: Path) -> None:
    """Print the figures of the bars."""
    study, store = Study(), Store(folder / "store")
    prepared = prepare(study, store, progress=lambda *_: None, cache=Path.home() / ".cache" / "genrejs")
    print("water at houses, runs held out [m]:")
    print(prepared.water_errors.to_string(index=False))
    print("quick answers of the surface, cities held out:")
    print(prepared.taught.errors.to_string(index=False))
    damage_of_held(prepared)
    engine_errors(prepared)
    sweeps(prepared, study, folder)


def damage_of_held(prepared) -> None:
    """Print the expected yearly damage of the held-out surges from the solver's depths and from the emulator's."""
    lesson, event = prepared.lesson, {node.hazard: node.event for node in prepared.lesson.nodes}
    for hazard in prepared.bank.emulators:
        held = [run for run in prepared.held if run.hazard == hazard and not run.measures]
        sums = []
        for depths in ([run.depths for run in held], [prepared.bank.emulators[hazard].at(run.value) for run in held]):
            total = [
                assess_depths(lesson.city, each.buildings, each.components, event[hazard], lesson.settings.impact)
                .totals["damage_total"]
                for each in depths
            ]  # fmt: skip
            sums.append(expected_annual(often(hazard, [run.value for run in held]), total))
        ratio = sums[1] / sums[0] - 1 if sums[0] else 0.0
        print(f"expected yearly damage of held-out {hazard}: solver {sums[0] / 1e6:.3f} M DKK, emulator {ratio:+.2%}")


def often(hazard: str, values: list[float]) -> np.ndarray:
    """Return how often a year today's hazard passes each strength, read between return periods by their log."""
    strength = {
        "surge": surge.return_level, "cloudburst": fallen,
        "river": lambda period: river.peak_flow(MAIN_STREAM, period),
    }[hazard]  # fmt: skip
    periods = np.geomspace(1.05, 1e6, 4000)
    return 1.0 / np.exp(np.interp(values, [strength(period) for period in periods], np.log(periods)))


def engine_errors(prepared, count: int = 12) -> None:
    """Print how far the quick engine lies from the engine on cities held out, and the ratio of their times."""
    lesson, off, seconds = prepared.lesson, {"person_days": [], "days": []}, [0.0, 0.0]
    asked = samples(99, count, prepared.taught.measures, len(lesson.futures))
    for sample in asked:
        city = sample_city(lesson, sample)
        small = few(city, lesson.rows, lesson.settings)
        for node in lesson.nodes[1::3]:
            if node.hazard not in lesson.waters:
                continue
            depths = lesson.waters[node.hazard].at(node.value, frozenset(sample.measures))
            clock = time.perf_counter()
            whole = run_depths(city, node.event, depths, How("b", "b", sample.year, lesson.settings)).recovery
            seconds[0] += time.perf_counter() - clock
            clock = time.perf_counter()
            impact = assess_few(small, depths, node.event, lesson.settings)
            found = answer(small, impact, warn_few(small, node.event, impact, lesson.settings), lesson.settings)
            seconds[1] += time.perf_counter() - clock
            told = whole.indicators
            if told["person_days_without_service"] > 100:
                off["person_days"].append(abs(found.person_days / told["person_days_without_service"] - 1))
            if told["bounce_back_days"] > 0.5:
                off["days"].append(abs(found.days / told["bounce_back_days"] - 1))
    for name, values in off.items():
        mean, p90 = np.mean(values), np.quantile(values, 0.9)
        print(f"quick engine, {name}: {len(values)} recoveries held out, mean error {mean:.2%}, P90 {p90:.2%}")
    print(f"engine {seconds[0]:.1f} s, quick engine {seconds[1]:.1f} s: ratio {seconds[0] / seconds[1]:.1f}")


def drawn(scene, count: int, seed: int) -> list[frozenset[str]]:
    """Return strategies at random, small and large ones alike."""
    rng, ids = np.random.default_rng(seed), np.array(rules_of(scene).ids)
    return [frozenset(ids[rng.random(ids.size) < rng.random()].tolist()) for _ in range(count)]


def sweeps(prepared, study: Study, folder: Path) -> None:
    """Print the seconds of 1,000 strategies in 100 futures and of 10,000 pathways of 76 years."""
    how = settings_of(study.money.now, study.money.price_year, study.choice.years)
    clock = time.perf_counter()
    scene = scene_of(prepared.taught, prepared.lesson.futures, study, how)
    found = value(scene, drawn(scene, 1000, 7))
    print(f"1,000 strategies x {found.npv.shape[1]} futures: {time.perf_counter() - clock:.1f} s")
    clock = time.perf_counter()
    value(scene, drawn(scene, 1, 8))
    print(f"one strategy changed, {found.npv.shape[1]} futures: {time.perf_counter() - clock:.2f} s")
    steps = ("flood_doors", "raised_edge", "volunteers", "backup_power")
    plan = Plan(
        np.array([catalogue()[id].cost for id in steps]), np.array([catalogue()[id].upkeep for id in steps]),
        np.array([3, 8, 1, 2]), np.full(4, 2026),
    )  # fmt: skip
    new = study.model_copy(update={"seed": int(time.time())})
    clock = time.perf_counter()
    walked = run_pathways(
        Dated("b", steps, plan), prepared.taught, prepared.lesson.futures, new, Store(folder / "bench"),
        (lambda *_: None, None),
    )  # fmt: skip
    print(f"{walked.future.size:,} pathways of {walked.damage.shape[1]} years: {time.perf_counter() - clock:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build/plan"))
