"""Deeper never costs less, more events never lower the expected loss, and order and splitting change nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from genrejs.appraisal.events import exceedance_curve, expected_annual, return_levels
from genrejs.impact.curve import Curve, make_curve
from genrejs.impact.pairs import Assets, EventLosses, event_loss, event_losses, prepare

SAME = 1e-12
PLACES = 12


@st.composite
def rising_curves(draw) -> Curve:
    """Return a curve of 2 to 12 points that costs nothing at depth 0."""
    steps = draw(st.lists(st.floats(1e-3, 3.0), min_size=1, max_size=11))
    rises = np.array(draw(st.lists(st.floats(0.0, 1.0), min_size=len(steps), max_size=len(steps))))
    share = np.concatenate([[0.0], np.cumsum(rises) / max(rises.sum(), 1.0)])
    return make_curve("drawn", np.concatenate([[0.0], np.cumsum(steps)]), np.minimum(share, 1.0))


@st.composite
def sets(draw):
    """Return depths ``(events, places)``, assets, curves and frequencies."""
    events, count = draw(st.integers(1, 8)), draw(st.integers(1, 20))
    wet = st.one_of(st.just(0.0), st.floats(1e-6, 30.0))
    depth = draw(arrays(np.float64, (events, PLACES), elements=wet))
    chosen = draw(st.lists(rising_curves(), min_size=1, max_size=3))
    assets = Assets(
        draw(arrays(np.int64, count, elements=st.integers(-1, PLACES - 1))),
        draw(arrays(np.float64, count, elements=st.floats(0.0, 1e9))),
        draw(arrays(np.int64, count, elements=st.integers(0, len(chosen) - 1))),
        draw(arrays(np.int64, count, elements=st.integers(0, 3))),
    )
    return depth, assets, chosen, draw(arrays(np.float64, events, elements=st.floats(0.0, 2.0)))


def losses_of(depth, assets, chosen, often) -> EventLosses:
    return event_losses(csr_array(depth), assets, chosen, often, by_group=True, threads=1)


def close(one: object, two: object) -> bool:
    return np.allclose(one, two, rtol=SAME, atol=1e-300)


@settings(max_examples=60, deadline=None)
@given(sets(), st.floats(1.0, 3.0), st.floats(0.0, 2.0))
def test_deeper_never_costs_less(case, factor: float, more: float) -> None:
    depth, assets, chosen, often = case
    less = losses_of(depth, assets, chosen, often)
    plenty = losses_of(depth * factor + more, assets, chosen, often)
    assert (plenty.at_event >= less.at_event * (1.0 - SAME)).all()
    assert (plenty.expected >= less.expected * (1.0 - SAME)).all()
    assert (less.expected >= 0.0).all()
    assert (less.at_event <= assets.value.sum() * (1.0 + SAME)).all()


@settings(max_examples=60, deadline=None)
@given(sets(), st.data())
def test_more_events_never_lower_the_expected_loss(case, data) -> None:
    depth, assets, chosen, often = case
    some = data.draw(st.integers(0, often.size))
    fewer = losses_of(depth[:some], assets, chosen, often[:some])
    every = losses_of(depth, assets, chosen, often)
    assert (every.expected >= fewer.expected * (1.0 - SAME)).all()
    assert every.total >= fewer.total * (1.0 - SAME)


@settings(max_examples=60, deadline=None)
@given(sets(), st.data())
def test_a_set_in_two_parts_adds_up_and_an_event_in_two_halves_changes_nothing(case, data) -> None:
    depth, assets, chosen, often = case
    whole = losses_of(depth, assets, chosen, often)
    k = data.draw(st.integers(0, often.size))
    parts = [losses_of(depth[part], assets, chosen, often[part]) for part in (slice(None, k), slice(k, None))]
    assert close(np.concatenate([part.at_event for part in parts]), whole.at_event)
    assert close(parts[0].expected + parts[1].expected, whole.expected)
    half = losses_of(np.repeat(depth, 2, axis=0), assets, chosen, np.repeat(often / 2.0, 2))
    assert close(half.expected, whole.expected)
    assert close(half.total, whole.total)
    assert close(half.at_event[::2], whole.at_event)
    assert close(expected_annual(half.at_event, np.repeat(often / 2.0, 2)), expected_annual(whole.at_event, often))


@settings(max_examples=60, deadline=None)
@given(sets(), st.randoms(use_true_random=False))
def test_the_order_of_assets_and_events_changes_nothing(case, shuffler) -> None:
    depth, assets, chosen, often = case
    plain = losses_of(depth, assets, chosen, often)
    a, e = list(range(assets.value.size)), list(range(often.size))
    shuffler.shuffle(a)
    shuffler.shuffle(e)
    mixed = Assets(assets.place[a], assets.value[a], assets.curve[a], assets.group[a])
    other = losses_of(depth[e], mixed, chosen, often[e])
    assert close(other.at_event, plain.at_event[e])
    assert close(other.expected, plain.expected[a])
    assert close(other.total, plain.total)
    assert close(other.at_event_by_group, plain.at_event_by_group[e])


@settings(max_examples=60, deadline=None)
@given(sets())
def test_each_event_alone_and_each_group_alone_cost_their_part(case) -> None:
    depth, assets, chosen, often = case
    whole = losses_of(depth, assets, chosen, often)
    prepared = prepare(assets, chosen, PLACES)
    alone = [event_loss(prepared, row) for row in depth]
    assert close([event.total for event in alone], whole.at_event)
    assert close([event.at_asset.sum() for event in alone], whole.at_event)
    for column, label in enumerate(whole.groups):
        own = assets.group == label
        part = losses_of(
            depth, Assets(assets.place[own], assets.value[own], assets.curve[own], assets.group[own]), chosen, often
        )
        assert close(part.at_event, whole.at_event_by_group[:, column])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.0, 1e9), st.floats(1e-6, 1.0)), min_size=1, max_size=20),
    st.lists(st.floats(1e-2, 1e7), min_size=2, max_size=6),
)
def test_rarer_levels_are_never_lower_and_lie_within_the_set(events, periods) -> None:
    loss, often = np.array(events).T
    curve = exceedance_curve(loss, often)
    assert (np.diff(curve.loss) <= 0.0).all()
    assert (np.diff(curve.frequency) >= 0.0).all()
    levels = return_levels(loss, often, sorted(periods))
    assert (np.diff(levels.loss) >= -SAME * loss.max()).all()
    assert loss.min() <= levels.loss.min() * (1.0 + SAME)
    assert levels.loss.max() <= loss.max() * (1.0 + SAME)
    assert (levels.loss[levels.beyond] == loss.max()).all()
    assert (levels.loss[levels.below] == loss.min()).all()
