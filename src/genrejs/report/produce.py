"""From a study to its report: run, compare, tell; the one way to run that the command line and the web share."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from genrejs.appraisal.bearers import bearers
from genrejs.appraisal.compare import AppraisalSettings, compare
from genrejs.ensemble.records import TODAY
from genrejs.ensemble.run import Finished, Progress, room_settings, run
from genrejs.ensemble.store import Store
from genrejs.errors import InputError
from genrejs.measure.catalogue import carry_out, catalogue, find_strategy
from genrejs.provenance import commit, package_version
from genrejs.report import headline
from genrejs.report.document import write_report
from genrejs.report.language import number, percent
from genrejs.report.story import After, RunFacts, Solve, Story
from genrejs.report.summary import build_summary
from genrejs.report.verdict import conclusion
from genrejs.report.weakest import weakness
from genrejs.scenario.levers import levers, social_effect
from genrejs.scenario.orders import compare_orders
from genrejs.study import Study, check_study
from genrejs.warning.levers import one_at_a_time
from genrejs.writing import whole

Cluster = Callable[[], AbstractContextManager[Any]]
"""Starts a Dask client: `ensemble.work.local` or `connect`."""
STUDY_FILE = "study.json"


@dataclass(frozen=True)
class Produced:
    """What a run left: the summary's figures, the lines for the terminal and the report's place."""

    summary: Mapping[str, Any]
    lines: tuple[str, ...]
    report: Path


def produce(
    study: Study,
    out: Path,
    *,
    progress: Progress,
    cache: Path | None = None,
    cluster: Cluster | None = None,
    language: str = "da",
) -> Produced:
    """Run `study` into `out`: store, tables, `summary.json`, `report.html`; what is in the store is not run again."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; give a folder to write to.")
    start = time.perf_counter()
    store = Store(out / "store")
    with cluster() if cluster else nullcontext() as client:
        finished = run(study, store, progress=progress, client=client, cache=cache)
    story = tell(finished, time.perf_counter() - start)
    for name, table in (("records", finished.records), ("groups", finished.groups)):
        store.write_table(name, table)
    summary = build_summary(story)
    with whole(out / "store" / STUDY_FILE) as place:
        place.write_text(study.model_dump_json(indent=1), encoding="utf-8")
    with whole(out / "summary.json") as place:
        place.write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    progress(0.99, "report")
    report = write_report(out, story, language)
    return Produced(summary, _lines(story, summary, report, time.perf_counter() - start), report)


def reproduce(folder: Path, *, progress: Progress, cache: Path | None = None, language: str = "da") -> Produced:
    """Write the report of a finished run again from its store; raise InputError where `folder` holds none."""
    place = folder / "store" / STUDY_FILE
    if not place.exists():
        raise InputError(
            f"{folder} holds no finished run (no store/{STUDY_FILE}); run a study with --out {folder} first."
        )
    study = check_study(json.loads(place.read_text(encoding="utf-8")), str(place))
    return produce(study, folder, progress=progress, cache=cache, language=language)


def tell(finished: Finished, seconds: float) -> Story:
    """Return the story of a finished study: its comparison of strategies and the facts of the run."""
    study = finished.study
    strategies = tuple(find_strategy(name) for name in study.strategies)
    how = AppraisalSettings(now=study.money.now, future=study.money.future, price_year=study.money.price_year)
    today = carry_out(finished.city, find_strategy(TODAY))
    used = {name for strategy in strategies for name in strategy.measures}
    facts = RunFacts(
        package_version(), commit(), study.seed, seconds, datetime.now().astimezone(),
        study.flood.risk_cell, finished.solver_runs, how.years, how.tax_distortion,
    )  # fmt: skip
    return Story(
        city=finished.city,
        showcase=finished.shown,
        after={name: After(recovery, value) for name, (recovery, value) in finished.again.items()},
        aftermath=finished.aftermath,
        bands=finished.bands,
        warning_levers=one_at_a_time(today, finished.shown[0].event, finished.shown[0].impact),
        levers=levers(today, finished.shown[0], room_settings(study).recovery),
        social=social_effect(today, finished.shown[0], room_settings(study).recovery),
        orders=compare_orders(today, finished.shown[0], room_settings(study).recovery),
        comparison=compare(finished.records, finished.groups, strategies, catalogue(), how),
        run=facts,
        measures=tuple(measure for name, measure in catalogue().items() if name in used),
        strategies=strategies,
        weakness=weakness(today),
        bearers=bearers(finished.city, finished.losses, how.tail) if finished.losses else None,
        solves={r.event.name: _solve(r.footprint, study.flood.cell) for r in finished.shown if r.footprint is not None},
    )


def _solve(footprint: Any, cell: float) -> Solve:
    facts = footprint.attrs
    balance = {key.removeprefix("balance_"): value for key, value in facts.items() if key.startswith("balance_")}
    return Solve(
        int(facts["cells"]),
        cell,
        int(facts["steps"]),
        float(facts["wall_seconds"]),
        balance,
        float(facts["max_froude"]),
    )


def _lines(story: Story, summary: Mapping[str, Any], report: Path, seconds: float) -> tuple[str, ...]:
    """Return five lines: the city, the three headline figures, the worst event, what it points to, where to look."""
    events, after = summary["events"], story.after.get(story.main.event.name)
    worst = max(events, key=lambda event: event["person_days_without_service"])
    made = " (constructed)" if summary["constructed"] else ""
    lines = (
        f"{summary['city']}: {number(summary['residents'], 'en')} residents, "
        f"{number(summary['buildings'], 'en')} buildings{made}",
        f"{events[0]['title_en']}: withstand {percent(summary['resilience']['withstand'], 'en')}, bounce back "
        f"{headline.bounce_back(story.main).en.lower()}, emerge stronger {headline.stronger(after).en}",
        f"most person-days without a service: {worst['title_en']} "
        f"({number(worst['person_days_without_service'], 'en')})",
        conclusion(story)[0].en,
        f"{report} ({seconds:.0f} s)",
    )
    return tuple(line.replace("\u00a0", " ") for line in lines)
