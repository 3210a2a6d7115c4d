"""What must hold in any system: nothing is given twice, repaired twice or in two places at once."""

from __future__ import annotations

import runpy
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.recovery.engine import course, recover
from genrejs.recovery.system_build import build
from genrejs.recovery.system_files import read_system
from genrejs.recovery.system_toml import describe

SYSTEMS = runpy.run_path(str(Path(__file__).parents[1] / "recover_systems.py"))
GOODS = ("Power", "Water", "Calls")
RELATIONS = st.sampled_from(["Constant", "Linear", "Binary"])
AMOUNTS = st.sampled_from([0.5, 1.0, 2.0, 3.5])
LIMITS = {"max_examples": 60, "deadline": None, "derandomize": True}


@st.composite
def systems(draw, spread=0.0):
    """A town of up to eight components in three places, with links, crews and whatever depends on what."""

    def kind():
        supply = {
            good: {"amount": draw(AMOUNTS), "unmet": draw(RELATIONS), "consumable": draw(st.integers(0, 9)) == 0}
            for good in draw(st.sets(st.sampled_from(GOODS), max_size=2))
        }
        demand = {good: {"amount": draw(AMOUNTS)} for good in draw(st.sets(st.sampled_from(GOODS), max_size=2))}
        needs = {"Crew": draw(AMOUNTS)} if draw(st.booleans()) else {}
        repair = {"duration": draw(st.integers(1, 9)), "dispersion": spread, "needs": needs}
        inspect = {"duration": draw(st.integers(0, 3))}
        activity = (
            {"Look": inspect, "Repair": {**repair, "after": ["Look"]}} if draw(st.booleans()) else {"Repair": repair}
        )
        return {"supply": supply, "demand": demand, "activity": activity}

    depot = {"supply": {"Crew": {"amount": draw(AMOUNTS)}}, "activity": {"Repair": {"duration": 1}}}
    road = {
        "supply": {"Road": {"amount": draw(st.sampled_from([0.8, 3.0, 50.0]))}},
        "activity": {"Repair": {"duration": 4}},
    }
    kinds = {"Depot": depot, "Link": road, **{f"K{n}": kind() for n in range(draw(st.integers(1, 4)))}}
    parts = [{"kind": "Depot", "locality": 1}]
    parts += [
        {"kind": "Link", "locality": ends, "damage": draw(st.sampled_from([0.0, 0.5, 1.0]))}
        for ends in ([1, 2], [2, 1], [2, 3])
    ]
    parts += [
        {
            "kind": f"K{draw(st.integers(0, len(kinds) - 3))}",
            "locality": draw(st.integers(1, 3)),
            "damage": draw(st.floats(0, 1)),
        }
        for _ in range(draw(st.integers(1, 7)))
    ]
    through = {"through": "Road"} if draw(st.booleans()) else {}
    paths = {"1 2": [[1, 2]], "2 1": [[2, 1]], "2 3": [[2, 3]], "1 3": [[1, 2, 3]]}
    resources = {good: dict(through) for good in GOODS} | {"Crew": {}, "Road": {"model": "transfer", "paths": paths}}
    return build(describe({"steps": 150, "resource": resources, "kind": kinds, "component": parts}))


@given(systems())
@settings(**LIMITS)
def test_what_is_delivered_is_never_more_than_is_there_or_is_asked_for(system) -> None:
    totals = course(system).totals[:, 0]
    shared = [n for n, name in enumerate(system.resources) if name != "Road"]
    supply, demand, used = np.moveaxis(totals[:, shared], -1, 0)
    assert (used <= supply + 1e-9).all()
    assert (used <= demand + 1e-9).all()
    assert (used >= -1e-9).all()


@given(systems())
@settings(**LIMITS)
def test_a_crew_is_never_in_two_places(system) -> None:
    # The crews at work in a step are what all repairs together got; the work they did is what was repaired.
    found = course(system)
    crew = found.totals[:, 0, system.resources.index("Crew")]
    depot = system.plan.offers["amount"][0]
    assert (crew[:, 2] <= depot + 1e-9).all()


@given(systems())
@settings(**LIMITS)
def test_damage_only_falls_once_it_is_done_and_no_repair_takes_more_work_than_it_needs(system) -> None:
    found, told = course(system), system.description
    after = found.damage[told.disaster :]
    assert (np.diff(after) <= 1e-12).all()
    assert ((found.left >= 0) & (found.left <= np.array(told.damage) + 1e-12)).all()
    need = sum(
        activity.duration * dict(activity.needs).get("Crew", 0.0)
        for part, damage in zip(told.parts, told.damage, strict=True)
        for activity in part.kind.activities
        if damage > 0
    )
    most = sum(dict(activity.needs).get("Crew", 0.0) for part in told.parts for activity in part.kind.activities)
    used = found.totals[:, 0, system.resources.index("Crew"), 2].sum()
    # Crews are there in the step of the disaster, in which nothing is repaired yet, and the last step may be begun whole.
    assert used <= need + 2 * most + 1e-6
    done = sum(
        activity.duration * dict(activity.needs).get("Crew", 0.0)
        for part, damage, left in zip(told.parts, told.damage, found.left, strict=True)
        for activity in part.kind.activities
        if damage > 1e-6 and left == 0
    )
    assert used >= done - 1e-6  # and nothing is repaired without its crew


@given(systems(spread=0.5), st.integers(0, 1000))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_many_runs_do_not_depend_on_the_workers(system, seed) -> None:
    alone, together = (recover(system, runs=9, seed=seed, workers=workers) for workers in (1, 3))
    assert alone.summary == together.summary
    assert alone.curves.equals(together.curves)


@given(st.integers(1000, 100_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_shares_stay_shares_in_systems_of_every_kind(seed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        system = read_system(SYSTEMS["draw"](Path(folder), seed))
    found = course(system)
    assert np.isfinite(found.totals).all()
    assert (found.totals >= 0).all()
    assert (found.totals[..., 2] <= found.totals[..., 1] + 1e-9).all()
    again = course(system)
    assert (again.totals == found.totals).all()
