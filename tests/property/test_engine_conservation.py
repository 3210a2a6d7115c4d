"""What the recovery engine hands out: never more than there is, never over a link that carries too little.

Deliveries are seen at the end of each step's sharing; who can reach whom is worked out here again, from the links.
"""

from __future__ import annotations

import itertools
import runpy
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.errors import InputError
from genrejs.recovery.engine import course
from genrejs.recovery.engine_kernel import fresh, run
from genrejs.recovery.system_build import build
from genrejs.recovery.system_files import read_system
from genrejs.recovery.system_toml import describe

TESTS = Path(__file__).parents[1]
draw_system = runpy.run_path(str(TESTS / "recover_systems.py"))["draw"]
systems = runpy.run_path(str(TESTS / "property" / "test_recover_engine.py"))["systems"]
LIMITS = {"max_examples": 40, "deadline": None, "derandomize": True}
STEPS = (0, 1, 2, 3, 5, 8, 12)
CLOSE = 1e-9


def toml(text: str):
    return build(describe(tomllib.loads(text)))


def state_after(system, step):
    """Return what the engine holds once the step has been shared out."""
    state = fresh(system.plan)
    run(system.plan._replace(stop=system.plan.start + step + 1), state, system.median)
    return state


def deliveries(system, state, resource):
    """Return who wants a resource, as (component, wanted, delivered)."""
    plan, place = system.plan, system.resources.index(resource)
    row, found = plan.resources[place], []
    for owners, now, some in (
        (plan.needs, state.needs, plan.of_need[row["need_first"] : row["need_end"]]),
        (plan.slots, state.slots, plan.of_slot[row["slot_first"] : row["slot_end"]]),
    ):
        found += [(owners[k]["part"], now[k]["seen"], now[k]["seen"] * now[k]["met"]) for k in some]
    return [one for one in found if one[1] > 0]


def offered(system, state, resource):
    """Return who offers a resource, as (component, amount seen when it was last shared)."""
    row = system.plan.resources[system.resources.index(resource)]
    some = system.plan.of_offer[row["offer_first"] : row["offer_end"]]
    return [(system.plan.offers[k]["part"], state.offers[k]["seen"]) for k in some]


def carried(system, state, origin, goal):
    """Return what the best way between two places carries: its weakest link."""
    links = {
        system.description.parts[one["part"]].locality: state.offers[k]["now"]
        for k, one in enumerate(system.plan.offers)
        if one["carries"]
    }
    ways = system.description.resources[system.resources.index("Road")].paths.get((origin, goal), ())
    return max((min(links[pair] for pair in itertools.pairwise(way)) for way in ways), default=0.0)


def reaches(system, state, resource, giver, taker, want):
    """Return whether a giver can serve a want: all of it must fit on one way, or they are at the same place."""
    if system.description.resources[system.resources.index(resource)].service is None:
        return True
    origin, goal = (system.description.parts[i].locality for i in (giver, taker))
    return any(a == b or carried(system, state, a, b) > want for a in origin for b in goal)


@st.composite
def scattered(draw):
    """Givers and takers in different places, with links of every width between them that may be hurt."""
    links = draw(st.lists(st.sampled_from([[1, 2], [2, 3], [1, 3], [3, 2]]), min_size=1, unique_by=tuple))
    ways = {"1 2": [[1, 2], [1, 3, 2]], "1 3": [[1, 3], [1, 2, 3]], "2 3": [[2, 3]], "3 2": [[3, 2]]}
    there = {
        name: [way for way in some if all([*pair] in links for pair in itertools.pairwise(way))]
        for name, some in ways.items()
    }
    width, hurt = st.sampled_from([1.0, 2.5, 4.0, 50.0]), st.sampled_from([0.0, 0.3, 1.0])
    kinds = {f"Link{n}": {"supply": {"Road": {"amount": draw(width)}}, **mended(3)} for n in range(len(links))}
    parts = [{"kind": f"Link{n}", "locality": ends, "damage": draw(hurt)} for n, ends in enumerate(links)]
    for n in range(draw(st.integers(1, 3))):
        kinds[f"Plant{n}"] = {"supply": {"Power": {"amount": draw(width)}}, **mended(4)}
        parts.append({"kind": f"Plant{n}", "locality": draw(st.integers(1, 2)), "damage": draw(hurt)})
    for n in range(draw(st.integers(1, 4))):
        kinds[f"Home{n}"] = {"demand": {"Power": {"amount": draw(st.sampled_from([0.5, 2.0, 3.0]))}}, **mended(4)}
        parts.append({"kind": f"Home{n}", "locality": draw(st.integers(2, 3)), "damage": draw(hurt)})
    road = {"model": "transfer", "paths": {name: some for name, some in there.items() if some}}
    resources = {"Power": {"through": "Road"}, "Road": road}
    return build(describe({"steps": 30, "resource": resources, "kind": kinds, "component": parts}))


def mended(duration):
    return {"activity": {"Repair": {"duration": duration}}}


@given(st.one_of(systems(), scattered()))
@settings(**LIMITS)
def test_every_delivery_can_come_from_somebody_who_reaches_it(system) -> None:
    # Hall's condition: no group of takers has more than all who reach any of them offer. So there is a way to hand out
    # what was handed out in which nobody gives more than he has and nothing travels where it does not fit.
    for step, resource in itertools.product(STEPS, system.resources):
        state = state_after(system, step)
        takers, givers = deliveries(system, state, resource), offered(system, state, resource)
        assert all(-CLOSE <= got <= want + CLOSE for _, want, got in takers)
        takers = [one for one in takers if one[2] > CLOSE]
        reach = [[reaches(system, state, resource, giver, i, want) for giver, _ in givers] for i, want, _ in takers]
        link, held = np.array(reach, dtype=bool).reshape(len(takers), len(givers)), np.array([a for _, a in givers])
        got = np.array([amount for *_, amount in takers])
        groups = np.array(list(itertools.product([0, 1], repeat=len(takers)))).reshape(2 ** len(takers), len(takers))
        most = ((groups @ link) > 0) @ held if len(givers) else np.zeros(len(groups))
        assert (groups @ got <= most + CLOSE).all(), (step, resource)


@given(systems())
@settings(**LIMITS)
def test_no_crew_is_idle_while_a_repair_waits_for_it(system) -> None:
    supply, demand, used = course(system).totals[:, 0, system.resources.index("Crew")].T
    np.testing.assert_allclose(used, np.minimum(supply, demand), atol=CLOSE)


@given(systems())
@settings(**LIMITS)
def test_nobody_offers_more_than_a_sound_component_does(system) -> None:
    for step in STEPS:
        state = state_after(system, step)
        for name in ("now", "seen", "full"):
            assert (state.offers[name] >= 0).all() and (state.offers[name] <= system.plan.offers["amount"]).all()
        assert ((state.needs["met"] >= 0) & (state.needs["met"] <= 1)).all()
        assert ((state.got >= 0) & (state.got <= 1)).all()


def all_are_listed(system, resource) -> bool:
    """Return whether everybody who needs a resource stands in its priority; who does not is counted as served."""
    rows = set(resource.priority)
    for i, part in enumerate(system.description.parts):
        needs = [(i, True) for one in part.kind.demand if one.resource == resource.name]
        needs += [(i, False) for work in part.kind.activities if resource.name in dict(work.needs)]
        if not rows.issuperset(needs):
            return False
    return True


@given(st.integers(200_000, 300_000))
@settings(**LIMITS)
def test_in_systems_of_every_kind_no_more_is_used_than_is_supplied(seed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        system = read_system(draw_system(Path(folder), seed))
    supply, demand, used = np.moveaxis(course(system).totals[:, 0], -1, 0)
    assert (used <= demand + CLOSE).all()
    for n, one in enumerate(system.description.resources):
        if one.model == "housing" or (one.model == "utility" and all_are_listed(system, one)):
            assert (used[:, n] <= supply[:, n] + CLOSE).all(), one.name


LISTED = """
[resource.Power]
priority = ["Plant", "Home"]
[kind.Plant]
supply.Power = { amount = 4 }
activity.Repair = { duration = 5 }
[kind.Home]
demand.Power = { amount = 3 }
activity.Repair = { duration = 5 }
[[component]]
kind = "Plant"
locality = 1
[[component]]
kind = "Home"
locality = 1
count = 2
"""


def test_who_is_last_in_the_priority_gets_what_is_left() -> None:
    totals = course(toml(LISTED)).totals[0, 0, 0]
    np.testing.assert_allclose(totals, [4, 6, 4])


@pytest.mark.parametrize("priority", ['"Plant", "Plant", "Home"', '"Plant", "Home", "Home"', '"Plant"'])
def test_a_priority_that_names_a_kind_twice_or_leaves_one_out_is_refused(priority) -> None:
    with pytest.raises(InputError):
        toml(LISTED.replace('"Plant", "Home"', priority))


STOCK = """
steps = 9
[resource.Fuel]
[resource.Power]
[kind.Depot]
supply.Fuel = { amount = 10, unmet = "UNMET", consumable = true }
demand.Power = { amount = 1 }
activity.Repair = { duration = 5 }
[kind.Plant]
supply.Power = { amount = 8, unmet = "Linear" }
demand.Fuel = { amount = 2 }
activity.Repair = { duration = 50 }
[[component]]
kind = "Depot"
locality = 1
[[component]]
kind = "Plant"
locality = 1
damage = 0.1
"""


@pytest.mark.parametrize(
    "unmet",
    [
        "Constant",
        "Linear",
    ],
)
def test_a_stock_loses_what_is_delivered_and_no_more(unmet) -> None:
    system = toml(STOCK.replace("UNMET", unmet))
    for step in range(9):
        left = state_after(system, step).offers["full"][0]
        used = course(system).totals[: step + 1, 0, system.resources.index("Fuel"), 2].sum()
        assert left == pytest.approx(10.0 - used)
    # Two a step for five steps; then it is empty.
    assert used == pytest.approx(10.0)


CABLE = """
[resource.Power]
through = "Road"
[resource.Road]
model = "transfer"
paths = { "1 2" = [[1, 2]] }
[kind.Plant]
supply.Power = { amount = 10 }
activity.Repair = { duration = 5 }
[kind.Home]
demand.Power = { amount = 3 }
activity.Repair = { duration = 5 }
[kind.Cable]
supply.Road = { amount = CARRIES }
activity.Repair = { duration = 5 }
[[component]]
kind = "Plant"
locality = 1
[[component]]
kind = "Home"
locality = 2
count = 2
[[component]]
kind = "Cable"
locality = [1, 2]
"""


@pytest.mark.parametrize(("carries", "delivered"), [(3.0, 0.0), (3.001, 6.0)])
def test_a_link_bounds_each_delivery_but_not_their_sum(carries, delivered) -> None:
    # As published: a link is wide enough for a delivery or it is not; what others send over it takes no room.
    state = state_after(system := toml(CABLE.replace("CARRIES", str(carries))), 0)
    assert sum(got for *_, got in deliveries(system, state, "Power")) == pytest.approx(delivered)
