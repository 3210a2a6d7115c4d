"""The recovery engine against known answers: published figures, pyrecodes step by step, what can be worked out by hand."""

from __future__ import annotations

import json
import runpy
import tomllib
from pathlib import Path

import numpy as np
import pytest

from genrejs.recovery.engine import course, durations, recover
from genrejs.recovery.system_build import build
from genrejs.recovery.system_files import read_system
from genrejs.recovery.system_toml import describe

SYSTEMS = runpy.run_path(str(Path(__file__).parents[1] / "recover_systems.py"))
CASES = json.loads((Path(__file__).parent / "recover_cases" / "pyrecodes.json").read_text("utf-8"))["systems"]


def toml(text: str):
    return build(describe(tomllib.loads(text)))


def test_the_three_localities_give_the_published_answer(tmp_path) -> None:
    found = recover(read_system(SYSTEMS["three_localities"](tmp_path)))
    published = {"ElectricPower": 30.4, "CoolingWater": 11.0, "Communication": 60.082792050515444}
    assert found.unmet == pytest.approx(published, abs=1e-9)
    assert found.steps == 12
    assert [goal["met_at_step"] for goal in found.summary["goals"]] == [12, 12, 12]


@pytest.mark.parametrize("seed", sorted(CASES, key=int))
def test_a_random_system_runs_step_by_step_as_in_pyrecodes(seed, tmp_path) -> None:
    told = CASES[seed]
    system = read_system(SYSTEMS["draw"](tmp_path, int(seed)))
    found = course(system)
    assert found.done - 1 == told["steps"]
    for name, rows in told["course"].items():
        mine = found.totals[:, 0, system.resources.index(name)]
        np.testing.assert_allclose(mine, rows, rtol=0, atol=1e-9, err_msg=name)
    goals = [goal["met_at_step"] for goal in recover(system).summary["goals"]]
    assert [found.done if step is None else step for step in goals] == told["goals"]


PAIR = """
disaster = 1
[resource.Power]
priority = ["Plant", "Home"]
[resource.Crew]
priority = ["Depot", "Depot:recovery", "Plant:recovery", "Home:recovery"]
[kind.Depot]
supply.Crew = { amount = 1 }
activity.Repair = { duration = 1 }
[kind.Plant]
supply.Power = { amount = 4 }
activity.Repair = { duration = 5, needs = { Crew = 1 } }
[kind.Home]
demand.Power = { amount = 3 }
activity.Repair = { duration = 4, needs = { Crew = 1 } }
[[component]]
kind = "Depot"
locality = 1
[[component]]
kind = "Plant"
locality = 1
damage = 1.0
[[component]]
kind = "Home"
locality = 1
damage = 0.5
[[goal]]
resource = "Power"
level = 0.99
"""


def test_one_crew_repairs_one_thing_after_the_other() -> None:
    # Step 1: damage. Steps 2 to 6: the plant (5 steps of the crew). Steps 7 to 10: the home (4 steps).
    found = recover(toml(PAIR))
    assert found.steps == 11
    assert found.components["repaired_after"].tolist() == [0, 5, 9]
    # The plant gives 4 × 0, 0, 0.2, 0.4, 0.6, 0.8 in steps 1 to 6, the home wants 3 in each.
    assert found.unmet["Power"] == pytest.approx(sum(max(0.0, 3 - 4 * share) for share in (0, 0, 0.2, 0.4, 0.6, 0.8)))
    assert found.unmet["Crew"] == pytest.approx(6.0)  # the home asks in vain in steps 1 to 6
    assert found.summary["goals"][0]["met_at_step"] == 6


def test_two_crews_repair_both_at_once() -> None:
    found = recover(toml(PAIR.replace("Crew = { amount = 1 }", "Crew = { amount = 2 }")))
    assert found.components["repaired_after"].tolist() == [0, 5, 4]
    assert found.unmet["Crew"] == pytest.approx(0.0)


def test_half_a_crew_takes_twice_as_long() -> None:
    alone = PAIR.replace("damage = 0.5", "damage = 0.0").replace("Crew = { amount = 1 }", "Crew = { amount = 0.5 }")
    assert recover(toml(alone)).components["repaired_after"].tolist() == [0, 10, 0]


LINK = """
[resource.Power]
through = "Line"
[resource.Line]
model = "transfer"
paths = { "1 2" = [[1, 2], [1, 3, 2]] }
[kind.Plant]
supply.Power = { amount = 4 }
activity.Repair = { duration = 1 }
[kind.Home]
demand.Power = { amount = 2.5 }
activity.Repair = { duration = 1 }
[kind.Cable]
supply.Line = { amount = 10 }
activity.Repair = { duration = 10 }
[[component]]
kind = "Plant"
locality = 1
[[component]]
kind = "Home"
locality = 2
[[component]]
kind = "Cable"
locality = [1, 2]
damage = 1.0
[[component]]
kind = "Cable"
locality = [1, 3]
damage = DETOUR
[[component]]
kind = "Cable"
locality = [3, 2]
"""


def test_power_comes_when_the_better_way_carries_more_than_is_wanted() -> None:
    # The direct cable carries k after k steps of repair: more than 2.5 after three. In steps 1 to 4 the home has none.
    assert recover(toml(LINK.replace("DETOUR", "1.0"))).unmet["Power"] == pytest.approx(10.0)
    assert recover(toml(LINK.replace("DETOUR", "0.0"))).unmet["Power"] == pytest.approx(0.0)


def test_lognormal_durations_have_the_median_and_the_dispersion() -> None:
    system = toml(PAIR.replace("duration = 5,", "duration = 5, dispersion = 0.4,"))
    drawn = np.log([durations(system, 3, run)[1] for run in range(4000)])
    assert drawn.mean() == pytest.approx(np.log(5), abs=4 * 0.4 / 4000**0.5)
    assert drawn.std() == pytest.approx(0.4, rel=0.05)


def test_many_runs_are_the_same_whatever_the_workers_and_another_seed_is_another_answer() -> None:
    system = toml(PAIR.replace("duration = 5,", "duration = 5, dispersion = 0.4,"))
    first = recover(system, runs=300, seed=1, workers=1)
    for workers in (2, 5):
        other = recover(system, runs=300, seed=1, workers=workers)
        assert other.summary == first.summary
        assert other.curves.equals(first.curves)
    assert recover(system, runs=300, seed=2).unmet != first.unmet
    assert first.summary["unmet_over_runs"][0]["mean"] == first.unmet["Power"]


def test_without_random_durations_all_runs_are_one() -> None:
    one, many = recover(toml(PAIR)), recover(toml(PAIR), runs=7)
    assert many.unmet == pytest.approx(one.unmet)
    assert "all runs are the same" in many.summary["notes"][-1]


def test_a_run_that_is_cut_short_says_so() -> None:
    found = recover(toml("steps = 4\n" + PAIR))
    assert found.steps == 4
    assert not found.summary["recovered"]
    assert found.summary["goals"][0]["met_at_step"] is None
    assert "not all is repaired" in next(iter(found.lines()))
