"""The body of `genrejs dynamics`: a plan in, the years and what they leave out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from genrejs.assessment.outcome import Outcome, play
from genrejs.assessment.plan import MOST_YEARS, check_plan, read_plan
from genrejs.assessment.reading import whole
from genrejs.errors import InputError


def run_dynamics(options: Any, progress: Callable[[float, str], None]) -> Outcome:
    """Play the plan that the options of `genrejs dynamics` name and write it where they say; return the outcome.

    `options`: `plan` (path, or None for an even split), `out` (folder or None), `years` (None: as the plan says).

    Raises
    ------
    InputError
        The plan or an option is wrong; nothing is written.
    """
    if options.out is not None and Path(options.out).exists() and not Path(options.out).is_dir():
        raise InputError(f"--out {options.out} is a file; give a folder.")
    plan = check_plan({}) if options.plan is None else read_plan(options.plan)
    if options.years is not None:
        plan = replace(plan, years=whole(options.years, "--years", 1, MOST_YEARS))
    progress(0.1, "years")
    outcome = play(plan)
    if options.out is not None:
        progress(0.9, "files")
        outcome.save(options.out)
    progress(1.0, "done")
    return outcome
