"""What must hold on any network: hands never harm, a further need never helps, batches and pairs say the same."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.impact.criticality import (
    FailureSettings,
    Group,
    failures,
    group_failures,
    pair_failures,
    people_hours,
    single_failures,
)
from genrejs.impact.digital import without_hands
from genrejs.impact.service import cascade, functionality, service_system

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, component = CITY["tiny_city"], CITY["component"]
SERVICES = ("power", "telecom", "water", "heat", "digital")
NEAR = 1e-6
share = st.floats(0.0, 1.0)


@st.composite
def networks(draw, hands=True, restart=True, either=True):
    """A random city of two to five components with any links between them, rings and alternatives too."""
    count = draw(st.integers(2, 5))
    parts = [
        component(
            f"c{i}",
            SERVICES[i],
            restart=draw(st.floats(0, 6)) if restart else 0.0,
            fallback=draw(share) if hands else 0.0,
            fallback_delay=draw(st.floats(0, 12)),
            digital=hands and draw(st.booleans()),
        )
        for i in range(count)
    ]
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=8, unique=True))
    rows = [(f"c{a}", f"c{b}", draw(st.floats(0, 30)), draw(share)) for a, b in pairs if a != b]
    city = tiny_city(parts, rows, [(f"c{i}", d, 1.0) for i in range(count) for d in "AB"])
    if not either:
        return city
    words = [draw(st.sampled_from(["", "", "x"])) for _ in rows]
    links = city.links.assign(either=np.array(words, dtype=object))
    for target in links["target"].unique():
        same = links.index[(links["target"] == target) & (links["either"] == "x")]
        if len(same):
            links.loc[same, ["buffer", "loss"]] = links.loc[same[0], ["buffer", "loss"]].to_numpy()
    return city.change(links=links)


def everything(system, course):
    """The loss of every single failure and of all at once, ``(case,)``."""
    count = len(system.ids)
    cases = [[i] for i in range(count)] + [list(range(count))]
    return people_hours(system, failures(system, cases, course)).sum(axis=1)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_batch_is_the_cascade_case_by_case(data):
    system = service_system(data.draw(networks()))
    count = len(system.ids)
    cases = data.draw(st.lists(st.lists(st.integers(0, count - 1), max_size=count, unique=True), max_size=4))
    sound = data.draw(st.booleans())
    found = failures(system, cases, FailureSettings(20.0, 12.0, sound))
    hours = np.arange(32.0)
    for k, case in enumerate(cases):
        own = np.ones((32, count))
        own[:20, case] = 0.0
        f = functionality(system, cascade(system, own, hours, np.ones_like(own) if sound else None))
        np.testing.assert_allclose(found.lost[k], (1 - f).sum(axis=2) * system.served, atol=NEAR)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_working_by_hand_is_never_worse_than_nobody_who_can(data):
    system = service_system(data.draw(networks()))
    course = FailureSettings(24.0, data.draw(st.sampled_from([0.0, 24.0])), sound=data.draw(st.booleans()))
    assert (everything(system, course) <= everything(without_hands(system), course) + NEAR).all()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_further_need_never_lowers_the_loss_of_any_failure(data):
    # Without hands, and either while the failure lasts or without restarts; the tests below say why.
    watched = data.draw(st.sampled_from([0.0, 24.0]))
    city = data.draw(networks(hands=False, restart=watched == 0.0))
    ids = list(city.components["id"])
    a, b = data.draw(st.sampled_from([(a, b) for a in ids for b in ids if a != b]))
    more = city.links.copy()
    more.loc[len(more)] = [a, b, data.draw(st.floats(0, 30)), data.draw(share), ""]
    course = FailureSettings(24.0, watched)
    before, after = service_system(city), service_system(city.change(links=more))
    assert (everything(after, course) >= everything(before, course) - NEAR).all()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_pairs_are_common_causes_of_two_and_lie_between_the_worse_and_all(data):
    system = service_system(data.draw(networks(hands=False)))
    table = pair_failures(system, FailureSettings(24.0))
    groups = [Group(f"{a}/{b}", "vendor", "", "", (a, b)) for a, b in zip(table["first"], table["second"], strict=True)]
    found = group_failures(system, groups, FailureSettings(24.0)).set_index("id")
    named = found.loc[[group.id for group in groups]]
    np.testing.assert_allclose(table["people_hours"], named["people_hours"], atol=NEAR)
    assert (named["people_hours"] >= named["worst_single"] - NEAR).all()
    assert (table["people_hours"] <= everything(system, FailureSettings(24.0))[-1] + NEAR).all()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_without_alternatives_and_hands_no_pair_is_worse_than_its_parts_while_it_lasts(data):
    # Needs multiply, and a product falls by less than the sum of what its factors fall by.
    city = data.draw(networks(hands=False, either=False))
    system = service_system(city.change(links=city.links.assign(buffer=0.0)))
    table = pair_failures(system, FailureSettings(24.0))
    assert (table["interaction"] <= NEAR).all()


def test_an_early_alarm_is_the_exception_a_need_may_call_the_hands_sooner():
    parts = [
        component("a", "power"),
        component("b", "telecom"),
        component("c", "water", fallback=0.8, fallback_delay=10.0),
    ]
    supply = [("c", d, 1.0) for d in "AB"]
    late = [("a", "b", 12.0, 1.0), ("b", "c", 0.0, 1.0)]
    loss = [
        single_failures(service_system(tiny_city(parts, links, supply))).set_index("id").loc["a", "people_hours"]
        for links in (late, [*late, ("a", "c", 0.0, 0.01)])
    ]
    # Hands ten hours after b stops at 12, or ten hours after the first small loss: before b stops, on 99 % of the power.
    assert loss == pytest.approx([80 * (10 + 26 * 0.2), 80 * (12 * 0.01 + 36 * (1 - 0.8 * 0.99))])
    assert loss[1] < loss[0]


def test_a_ring_is_the_other_exception_its_members_restart_together():
    parts = [component("a", "power", restart=3.0), component("b", "telecom", restart=3.0)]
    chain = [("a", "b", 0.0, 1.0)]
    course = FailureSettings(10.0, 20.0)
    supply = [(n, d, 1.0) for n in "ab" for d in "AB"]
    loss = [
        single_failures(service_system(tiny_city(parts, links, supply)), course)
        .set_index("id")
        .loc["a", "people_hours"]
        for links in (chain, [*chain, ("b", "a", 0.0, 0.01)])
    ]
    # a three hours after it is back and b three after a, or both three hours after a is back.
    assert loss == pytest.approx([80 * (13 + 16), 80 * (13 + 13)])
