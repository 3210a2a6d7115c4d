"""What must hold whatever the city: bounded, monotone, still without damage."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.impact.service import cascade, functionality, service_system
from genrejs.recovery.crews import work
from genrejs.recovery.restore import RecoverySettings, restore

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, tiny_impact, component = CITY["tiny_city"], CITY["tiny_impact"], CITY["component"]
nobody_warned = CITY["nobody_warned"]
SERVICES = ("power", "telecom", "water", "heat", "digital")
HOURS = np.arange(0.0, 96.0)
share = st.floats(0.0, 1.0)


@st.composite
def networks(draw, fallback=True):
    """A random city of up to five components with any links between them, rings too."""
    count = draw(st.integers(2, 5))
    parts = [
        component(
            f"c{i}", SERVICES[i], restart=draw(st.floats(0, 6)), repair=draw(st.floats(0, 60)),
            fallback=draw(share) if fallback else 0.0, fallback_delay=draw(st.floats(0, 12)),
            digital=fallback and draw(st.booleans()),
        )
        for i in range(count)
    ]  # fmt: skip
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=8, unique=True))
    links = [(f"c{a}", f"c{b}", draw(st.floats(0, 30)), draw(share)) for a, b in pairs if a != b]
    return tiny_city(parts, links, [(f"c{i}", d, 1.0) for i in range(count) for d in "AB"])


@st.composite
def outages(draw, count):
    own = np.ones((HOURS.size, count))
    for i in range(count):
        if draw(st.booleans()):
            begin = draw(st.integers(0, 60))
            own[begin : begin + draw(st.integers(1, 40)), i] = draw(st.sampled_from([0.0, 0.0, 0.5]))
    return own


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_functionality_stays_between_nothing_and_all(data):
    system = service_system(data.draw(networks()))
    own = data.draw(outages(len(system.ids)))
    value = cascade(system, own, HOURS)
    f = functionality(system, value)
    assert value.min() >= 0 and value.max() <= 1 and f.min() >= 0 and f.max() <= 1
    before = int(np.argmax((own < 1).any(axis=1))) if (own < 1).any() else HOURS.size
    assert (value[:before] == 1).all()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_longer_battery_never_lowers_functionality(data):
    city = data.draw(networks(fallback=False))
    system = service_system(city)
    own = data.draw(outages(len(system.ids)))
    longer = city.change(links=city.links.assign(buffer=city.links["buffer"] + data.draw(st.floats(0.1, 20))))
    gained = cascade(service_system(longer), own, HOURS) - cascade(system, own, HOURS)
    assert gained.min() >= -1e-6


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 30), st.floats(0, 20), share, st.floats(0, 12), st.integers(1, 60))
def test_a_longer_battery_never_lowers_the_total_with_manual_operation(buffer, more, fallback, delay, length):
    def total(hours):
        city = tiny_city(
            [component("a", "power"), component("b", "water", fallback=fallback, fallback_delay=delay)],
            [("a", "b", hours, 1.0)],
            [("b", "A", 1.0)],
        )
        own = np.ones((HOURS.size, 2))
        own[5 : 5 + length, 0] = 0.0
        return cascade(service_system(city), own, HOURS).sum()

    assert total(buffer + more) >= total(buffer) - 1e-6


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_another_crew_never_delays_a_task(data):
    count = data.draw(st.integers(1, 25))
    figures = st.lists(st.floats(0.1, 50), min_size=count, max_size=count)
    duration, release = np.array(data.draw(figures)), np.array(data.draw(figures))
    rank = np.array(data.draw(st.permutations(range(count))))
    arrival = np.array(data.draw(st.lists(st.floats(0, 40), min_size=1, max_size=5)))
    fewer = work(duration, release, rank, arrival, 1e6)
    more = work(duration, release, rank, np.append(arrival, data.draw(st.floats(0, 60))), 1e6)
    assert (more.finish <= fewer.finish + 1e-6).all()
    np.testing.assert_allclose(more.done, duration)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_more_crews_never_lengthen_the_loss(data):
    city = data.draw(networks(fallback=False))
    names = list(city.components["id"])
    wet = data.draw(st.sets(st.sampled_from(names), min_size=1))
    impact = tiny_impact(city, wet=range(0, 40, 2), parts={n: {"flooded": True, "dry_after": 20.0} for n in wet})
    short = RecoverySettings(horizon_days=400)
    losses = [
        restore(city.prepare(crews={"builder": n, "electrician": n}), impact, nobody_warned(city), short).indicators
        for n in (1.0, 2.0, 5.0)
    ]
    loss = [one["resilience_loss"] for one in losses]
    assert loss[0] >= loss[1] - 1e-6 and loss[1] >= loss[2] - 1e-6


@settings(max_examples=10, deadline=None)
@given(networks())
def test_without_damage_everything_works_for_ever(city):
    recovery = restore(city, tiny_impact(city), nobody_warned(city), replace(RecoverySettings(), four_r=True))
    assert (recovery.curve == 1).all() and (recovery.functionality == 1).all() and (recovery.away == 0).all()
    assert recovery.indicators["bounce_back_days"] == 0 and recovery.indicators["resilience_loss"] == 0
