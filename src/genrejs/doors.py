"""Commands that look over decades: which measures, and how mature the city grows; read by `cli` like its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
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


def cache_folder() -> Path:
    """Return where cities that were put together are kept."""
    return Path.home() / ".cache" / "genrejs"


def cluster(scheduler: str | None) -> Callable[[], Any] | None:
    """Return what starts the workers: a scheduler's, one process for each core of this machine, or none on one core."""
    from genrejs.ensemble.work import connect, local
    from genrejs.machine import cores

    return partial(connect, scheduler) if scheduler else partial(local, cores()) if cores() > 1 else None


def _do_plan(options: argparse.Namespace, bar: Bar) -> None:
    """Choose a strategy and write its document."""
    from genrejs.report.decided import plan
    from genrejs.study import Study, read_study

    study = read_study(options.study) if options.study else Study()
    told = plan(study, options.out, progress=bar, cache=cache_folder(), cluster=cluster(options.scheduler))
    bar.close()
    print(told.json.read_text(encoding="utf-8") if options.json else "\n".join(told.lines))


def _do_dynamics(options: argparse.Namespace, bar: Bar) -> None:
    """Play a plan and tell its years."""
    import json

    from genrejs.assessment.door import run_dynamics

    outcome = run_dynamics(options, bar)
    bar.close()
    print(json.dumps(outcome.summary, ensure_ascii=False) if options.json else "\n".join(outcome.lines()))
