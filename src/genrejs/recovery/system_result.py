"""What a recovery run tells: unmet demand, curves, when goals are met, and its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.recovery.engine_plan import UNHURT
from genrejs.recovery.system import Goal, RecoverySystem
from genrejs.writing import whole

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
COLUMNS = ("supply", "demand", "consumption")
SOUND = 1e-5
"""Damage below which a component counts as repaired (as in the published measure)."""


class Course(NamedTuple):
    """One run: steps done, `totals` ``(step, scope, resource, [supply, demand, consumption])``, mean `damage`
    ``(step,)``, the step of each component's last repair (-1: none) and the damage it ends with."""

    done: int
    totals: Floats
    damage: Floats
    last: Integers
    left: Floats


@dataclass(frozen=True)
class Recovery:
    """The result of `engine.recover`.

    `curves`: one row per step, scope and resource with supply, demand, consumption and unmet (means over the runs; a
    run that is over keeps its last values). `components`: one row each with damage, repaired_after [steps since the
    disaster] (NaN: not repaired) of the first run. `summary`: figures as in the JSON file.
    """

    curves: pd.DataFrame
    components: pd.DataFrame
    summary: Mapping[str, Any]

    @property
    def unmet(self) -> dict[str, float]:
        """Unmet demand by resource, summed over the steps; the mean where there are many runs."""
        return dict(self.summary["unmet"])

    @property
    def steps(self) -> int:
        """The step at which the first run ended."""
        return int(self.summary["steps"])

    def save(self, out: Path | str) -> list[Path]:
        """Write ``curves.csv``, ``components.csv`` and ``summary.json`` into the folder `out`, all or none.

        Raises
        ------
        InputError
            `out` is a file or cannot be written.
        """
        out = Path(out)
        if out.exists() and not out.is_dir():
            raise InputError(f"{out} is a file; give a folder to write to.")
        files = {name: out / name for name in ("curves.csv", "components.csv", "summary.json")}
        with ExitStack() as stack:
            beside = {name: stack.enter_context(whole(path)) for name, path in files.items()}
            self.curves.to_csv(beside["curves.csv"], index=False)
            self.components.to_csv(beside["components.csv"], index=False)
            text = json.dumps(self.summary, indent=2, ensure_ascii=False)
            beside["summary.json"].write_text(text + "\n", encoding="utf-8")
        return list(files.values())

    def lines(self) -> Iterator[str]:
        """Yield what was found, in a few lines."""
        told = self.summary
        end = "all is repaired" if told["recovered"] else "not all is repaired"
        yield f"{told['components']} components, {told['runs']} run(s), {told['steps']} steps: {end}"
        for name, amount in told["unmet"].items():
            yield f"  {name}: {amount:,.6g} of the demand unmet"
        for goal in told["goals"]:
            when = "not reached" if goal["met_at_step"] is None else f"from step {goal['met_at_step']} on"
            yield f"  goal {goal['resource']} above {goal['level']:.0%} ({goal['scope']}): {when}"
        for note in told["notes"]:
            yield f"  {note}"


def _met_at(system: RecoverySystem, goal: Goal, totals: Floats) -> int | None:
    """Return the step from which on a goal is met, None if it is not met at the end."""
    scope, resource = system.scopes.index(goal.scope), system.resources.index(goal.resource)
    demand, used = totals[:, scope, resource, 1], totals[:, scope, resource, 2]
    share = np.divide(used, demand, out=np.full(demand.size, -1.0), where=demand > 0)
    wrong = np.flatnonzero(~(goal.level < share))
    first = 0 if wrong.size == 0 else int(wrong[-1]) + 1
    return None if first == demand.size else first + system.plan.start


class _Sums:
    """The sums over runs, added in the order of the runs so that they are the same to the last bit."""

    def __init__(self, system: RecoverySystem) -> None:
        shape = (system.plan.stop - system.plan.start, len(system.scopes), len(system.resources), 3)
        self.system, self.longest = system, 0
        self.totals, self.damage = np.zeros(shape), np.zeros(shape[0])
        self.unmet: list[Floats] = []
        self.steps: list[int] = []
        self.goals: list[list[int | None]] = []
        self.whole: list[bool] = []

    def add(self, one: Course) -> None:
        old, self.longest = self.longest, max(self.longest, one.done)
        if self.steps:
            self.totals[old : self.longest] = self.totals[old - 1]
            self.damage[old : self.longest] = self.damage[old - 1]
        self.totals[: one.done] += one.totals
        self.totals[one.done : self.longest] += one.totals[-1]
        self.damage[: one.done] += one.damage
        self.damage[one.done : self.longest] += one.damage[-1]
        self.unmet.append((one.totals[..., 1] - one.totals[..., 2]).sum(axis=0))
        self.steps.append(one.done - 1 + self.system.plan.start)
        self.goals.append([_met_at(self.system, goal, one.totals) for goal in self.system.description.goals])
        self.whole.append(bool((one.left <= SOUND).all()))


def gather(
    system: RecoverySystem, courses: Iterator[Course], runs: int, seed: int | str, progress: Callable[[float], None]
) -> Recovery:
    """Return the result of all runs, taken in order."""
    first, sums = None, _Sums(system)
    for number, one in enumerate(courses):
        first = one if first is None else first
        sums.add(one)
        progress((number + 1) / runs)
    assert first is not None
    return Recovery(_curves(system, sums, runs), _components(system, first), _summary(system, sums, runs, seed))


def _curves(system: RecoverySystem, sums: _Sums, runs: int) -> pd.DataFrame:
    mean = sums.totals[: sums.longest] / runs
    count, scopes, resources = mean.shape[:3]
    flat = mean.reshape(-1, 3)
    start = system.plan.start
    table = pd.DataFrame(flat, columns=list(COLUMNS))
    table.insert(0, "step", np.repeat(np.arange(start, start + count), scopes * resources))
    table.insert(1, "scope", np.tile(np.repeat(system.scopes, resources), count))
    table.insert(2, "resource", np.tile(system.resources, count * scopes))
    table["unmet"] = table["demand"] - table["consumption"]
    return table


def _components(system: RecoverySystem, first: Course) -> pd.DataFrame:
    told, parts = system.description, system.plan.parts
    done = np.where(first.last >= 0, first.last - told.disaster, 0).astype(np.float64)
    done[(first.left > SOUND) & (parts["model"] != UNHURT)] = np.nan
    return pd.DataFrame(
        {
            "component": np.arange(len(told.parts)),
            "kind": [part.kind.name for part in told.parts],
            "locality": ["-".join(map(str, part.locality)) for part in told.parts],
            "damage": np.nan_to_num(parts["damage"]),
            "damage_left": first.left,
            "repaired_after": done,
        }
    )


def _spread(values: Floats) -> dict[str, float]:
    low, middle, high = np.percentile(values, [5, 50, 95])
    return {"mean": float(values.mean()), "p05": float(low), "p50": float(middle), "p95": float(high)}


def _measures(system: RecoverySystem) -> list[tuple[str, str]]:
    """Return what is measured: (resource, scope); all that is shared where nothing is named."""
    told = system.description
    fit = [(one.name, "All") for one in told.resources if one.model in ("utility", "housing")]
    return list(dict.fromkeys(told.measured)) or fit


def _summary(system: RecoverySystem, sums: _Sums, runs: int, seed: int | str) -> dict[str, Any]:
    unmet = np.array(sums.unmet)
    found = {
        (name, scope): unmet[:, system.scopes.index(scope), system.resources.index(name)]
        for name, scope in sorted(_measures(system), key=lambda pair: pair[1] != "All")
    }
    by_resource: dict[str, float] = {}
    for (name, _), values in found.items():
        by_resource.setdefault(name, float(values.mean()))
    more = [{"resource": name, "scope": scope, **_spread(values)} for (name, scope), values in found.items()]
    return {
        "unmet": by_resource,
        "steps": sums.steps[0],
        "recovered": all(sums.whole),
        "components": len(system.description.parts),
        "runs": runs,
        "seed": seed if system.random else None,
        "goals": [_goal(goal, [met[n] for met in sums.goals]) for n, goal in enumerate(system.description.goals)],
        "unmet_over_runs": more,
        "steps_over_runs": _spread(np.array(sums.steps, dtype=np.float64)),
        "notes": _notes(system, sums, runs),
    }


def _goal(goal: Goal, met: list[int | None]) -> dict[str, Any]:
    reached = [step for step in met if step is not None]
    return {
        "resource": goal.resource, "level": goal.level, "scope": goal.scope, "met_at_step": met[0],
        "share_of_runs_met": len(reached) / len(met),
        "met_at_step_over_runs": _spread(np.array(reached, dtype=np.float64)) if reached else None,
    }  # fmt: skip


def _notes(system: RecoverySystem, sums: _Sums, runs: int) -> list[str]:
    notes = []
    if not all(sums.whole):
        notes.append(f"{sums.whole.count(False)} of {runs} run(s) ended before everything was repaired.")
    if runs > 1 and not system.random:
        notes.append("No duration of this system is random: all runs are the same.")
    return notes
