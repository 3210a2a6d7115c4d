"""Commands that look over decades: which measures, and how mature the city grows; read by `cli` like its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genrejs.bar import Bar

Command = Callable[[str, str, Callable[[argparse.Namespace, Bar], None]], Any]
"""Makes a command from its name, what it does and its action."""


def add(command: Command) -> None:
    """Add the commands of this module."""
    plan = command("plan", "which measures, when, and a strategy for the council", _do_plan)
    plan.add_argument("study", type=Path, nargs="?", metavar="STUDY.toml")
    plan.add_argument("--out", type=Path, default=Path("build/plan"), metavar="DIR")
    plan.add_argument("--scheduler", metavar="ADDR", help="address of a Dask scheduler")
    plan.add_argument("--json", action="store_true", help="print plan.json instead of a few lines")
    text = "a budget over areas and years: how mature the city grows (assumptions)"
    dynamics = command("dynamics", text, _do_dynamics)
    dynamics.add_argument("plan", type=Path, nargs="?", metavar="PLAN.toml", help="default: an even split")
    dynamics.add_argument("--out", type=Path, metavar="DIR", help="dynamics.json, levels.csv and indicators.csv")
    dynamics.add_argument("--years", type=int, metavar="N", help="default: as the plan says, else 20")
    dynamics.add_argument("--json", action="store_true", help="print dynamics.json instead of a table")


def _do_plan(options: argparse.Namespace, bar: Bar) -> None:
    """Prepare quick answers, choose a strategy and write its document."""
    from genrejs.appraisal.decided import decide
    from genrejs.ensemble.decades import prepare
    from genrejs.ensemble.store import Store
    from genrejs.ensemble.work import connect, local
    from genrejs.machine import cores
    from genrejs.provenance import Provenance, commit, package_version, text_hash
    from genrejs.report.decided import write_decided
    from genrejs.study import Study, read_study

    study = read_study(options.study) if options.study else Study()
    out: Path = options.out
    store, cache = Store(out / "store"), Path.home() / ".cache" / "genrejs"
    many: Any = connect(options.scheduler) if options.scheduler else local(cores()) if cores() > 1 else nullcontext()
    with many as client:
        prepared = prepare(
            study, store, progress=lambda share, what: bar(0.9 * share, what), client=client, cache=cache
        )
        decided = decide(prepared, store, lambda share, what: bar(0.9 + 0.1 * share, what), client)
    made = Provenance(
        package_version(), commit(), study.seed, text_hash(study.model_dump_json()),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    paths = write_decided(decided, out, made)
    bar.close()
    if options.json:
        print(paths[-1].read_text(encoding="utf-8"))
        return
    for line in (*_lines(decided), f"{paths[0]} and {len(paths) - 1} more in {out}"):
        print(line)


def _lines(decided: Any) -> list[str]:
    """Return what was chosen in a few lines."""
    valued, row = decided.choosing.valued, len(decided.choosing.shown) - 1
    errors = decided.prepared.water_errors["rmse"].max()
    return [
        f"{len(decided.choosing.chosen.measures)} measures chosen among {len(decided.scene.taught.measures)}, "
        f"DKK {valued.cost[row] / 1e6:.0f} million over {decided.scene.how.years} years",
        f"worth DKK {valued.npv[row].mean() / 1e6:.0f} million on average, "
        f"pays in {100 * (valued.npv[row] > 0).mean():.0f} % of {len(decided.scene.futures)} futures",
        f"water between runs is within {100 * errors:.1f} cm (RMSE) on runs held out; constructed city",
    ]


def _do_dynamics(options: argparse.Namespace, bar: Bar) -> None:
    """Play a plan and tell its years."""
    import json

    from genrejs.assessment.door import run_dynamics

    outcome = run_dynamics(options, bar)
    bar.close()
    print(json.dumps(outcome.summary, ensure_ascii=False) if options.json else "\n".join(outcome.lines()))
