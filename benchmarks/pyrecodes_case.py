"""Run a system in pyrecodes: `PYTHON benchmarks/pyrecodes_case.py MAIN.json [REPEAT]`, by a Python that has it.

Prints, as the last line, JSON with the seconds of each run, the step at which it ended, and for every resource that
has them supply, demand and consumption of every step, all and by the scopes of the system's measures.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path

from pyrecodes import main


def scopes(system) -> list[str]:
    found = ["All"]
    for one in system.resilience_calculators:
        found += [getattr(one, "scope", "All")] + [goal["Scope"] for goal in getattr(one, "resilience_goals", [])]
    return list(dict.fromkeys(found))


def totals(system, places: list[str]) -> dict[str, list]:
    found: dict[str, list] = {}
    for name, resource in system.resources.items():
        model = resource["DistributionModel"]
        with contextlib.suppress(NotImplementedError):
            found[name] = [
                [
                    float(model.get_total_supply(place)),
                    float(model.get_total_demand(place)),
                    float(model.get_total_consumption(place)),
                ]
                for place in places
            ]
    return found


def once(path: Path) -> dict:
    began = time.perf_counter()
    system = main.create_system(str(path.parent), json.loads(path.read_text("utf-8")))
    course: list = []
    places = scopes(system)
    system.register_hook("post_time_step", lambda step: course.append(totals(system, places)))
    system.start_resilience_assessment()
    found = system.calculate_resilience(print_output=False, return_output=True)
    spent = time.perf_counter() - began
    goals = [
        [goal["Resource"], int(goal["MetAtTimeStep"])]
        for one in system.resilience_calculators
        for goal in getattr(one, "resilience_goals", [])
    ]
    unmet = [{name: float(value) for name, value in one.items()} for one in found if isinstance(one, dict)]
    return {
        "seconds": spent, "steps": system.time_step, "scopes": places, "course": course, "goals": goals, "unmet": unmet,
        "components": len(system.components),
    }  # fmt: skip


if __name__ == "__main__":
    place, repeat = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with contextlib.redirect_stdout(io.StringIO()):
        runs = [once(place) for _ in range(repeat)]
    print(json.dumps({**runs[0], "seconds": [one["seconds"] for one in runs]}))
