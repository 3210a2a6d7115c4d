"""Tipping years in closed form, and the routes of a small map counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.appraisal.economics import discount_factors
from genrejs.appraisal.pathways import Action, Transfer, pathways_map, pruned
from genrejs.appraisal.tipping import Span, tipping_years
from genrejs.errors import InputError

INF = np.inf
EVERY = np.arange(2025, 2126)


def rising(rates, years=EVERY, start=0.0):
    """One strategy whose harm rises by `rates` a year from 2025, ``(1, years, futures)``."""
    return start + (np.asarray(years) - 2025)[None, :, None] * np.asarray(rates, dtype=float)


@pytest.mark.parametrize("years", [EVERY, [2025, 2050, 2100, 2125], [2025, 2125]])
def test_a_straight_rise_tips_in_the_year_after_threshold_over_rate(years):
    # Past 1.0 m by 0.03 m a year after 33.3 years, by 0.02 in the 51st year, since the 50th is at the threshold.
    found = tipping_years(["dike"], rising([0.03, 0.02, 0.009, 2.0], years), years, 1.0)
    assert found.years.tolist() == [[2059, 2076, INF, 2026]]
    assert found.censored.tolist() == [0.25] and (found.start, found.horizon) == (2025, 2125)


def test_a_benefit_that_falls_tips_alike():
    fall = 10.0 - rising([0.1])
    assert tipping_years(["green"], fall, EVERY, 7.0, lower_better=False).years.tolist() == [[2056]]


def test_what_fails_from_the_start_what_comes_back_and_what_never_fails():
    table = np.array([[[5.0, 0.0, 0.0], [5.0, 5.0, 0.0], [5.0, 0.0, 0.0]]])
    assert tipping_years(["x"], table, [2030, 2031, 2032], 1.0).years.tolist() == [[2030, 2031, INF]]


def test_a_span_beyond_the_horizon_is_no_number():
    rates = np.r_[np.full(10, 0.05), np.full(60, 0.02), np.full(30, 0.001)]
    found = tipping_years(["a", "b"], np.concatenate([rising(rates), rising(0.01 * rates)]), EVERY, 1.0)
    assert found.spans == (Span(2046, 2076, None), Span(None, None, None))
    assert found.censored.tolist() == [0.3, 1.0]
    level = np.r_[np.full(10, 2), np.full(60, 1), np.full(30, 0)]
    assert found.by_level(level).tolist() == [[INF, 2076, 2046], [INF, INF, INF]]
    with pytest.raises(InputError, match="each level a future"):
        found.by_level(np.zeros(100))


@settings(max_examples=50, deadline=None)
@given(st.floats(0.001, 0.2), st.floats(0.1, 2.0), st.integers(2, 30))
def test_the_year_before_still_meets_the_threshold(rate, threshold, step):
    years = np.arange(2025, 2025 + 4 * step, step)
    found = tipping_years(["x"], rising([rate], years), years, threshold).years[0, 0]
    if np.isinf(found):
        assert rate * (years[-1] - 2025) <= threshold
    else:
        assert rate * (found - 2025) > threshold - 1e-6 and rate * (found - 1 - 2025) <= threshold + 1e-6


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 1), st.floats(0, 1))
def test_a_stricter_threshold_never_tips_later(seed, one, other):
    table = np.random.default_rng(seed).random((2, 6, 5))
    low, high = sorted((one, other))
    years = 2025 + 10 * np.arange(6)
    strict, loose = (tipping_years("ab", table, years, limit).years for limit in (low, high))
    assert (strict <= loose).all()


TODAY = Action("today", "I dag", "Today")
DIKE = Action("dike", "Dige", "Dike", cost=100.0, upkeep=2.0, side_effect=1.0)
PARK = Action("park", "Park", "Park", cost=200.0, added_value=3.0)
BARRIER = Action("barrier", "Spærring", "Barrier", cost=1000.0, side_effect=4.0)
EACH = (TODAY, DIKE, PARK, BARRIER)
MOVES = (
    Transfer("today", "dike", 5), Transfer("today", "park", 5), Transfer("today", "barrier", 20),
    Transfer("dike", "park", 5), Transfer("dike", "barrier", 20), Transfer("park", "barrier", 20),
)  # fmt: skip
SELL_BY = [[2060, 2040, 2030], [2090, 2060, 2040], [INF, 2080, 2055], [INF, INF, INF]]


def small_map(**more):
    return pathways_map(EACH, MOVES, SELL_BY, (2025, 2100), **more)


def test_all_routes_of_a_small_map_by_hand():
    found = small_map()
    ways = {level: [route.actions[1:] for route in found.routes[level]] for level in found.levels}
    assert ways["low"] == [("dike", "park"), ("dike", "barrier"), ("park",), ("barrier",)]
    # The barrier takes 20 years from 2025: too late for 2040, in time for 2060 and 2080.
    assert ways["middle"] == [("dike", "park", "barrier"), ("dike", "barrier"), ("park", "barrier")]
    # And under fast change in time for 2055 alone.
    assert ways["high"] == [("dike", "park", "barrier"), ("park", "barrier")]
    assert all(route.reaches and route.gap == 0 for each in found.routes.values() for route in each)


def test_a_route_tells_when_each_line_serves_and_is_decided():
    first = small_map().routes["high"][0]
    assert [(stop.start, stop.end, stop.decision) for stop in first.stops] == [
        (2025, 2030, 2025), (2030, 2040, 2025), (2040, 2055, 2035), (2055, 2101, 2035),
    ]  # fmt: skip


def test_cost_and_scores_of_a_route_by_hand():
    route = small_map().routes["middle"][1]
    assert route.actions == ("today", "dike", "barrier")
    factor = discount_factors(76)
    assert route.cost == pytest.approx(100 * factor[15] + 2 * factor[15:35].sum() + 1000 * factor[35])
    # 15 years today, 20 on the dike, 41 with the barrier, the last year included.
    assert route.side_effect == pytest.approx((20 * 1 + 41 * 4) / 76) and route.added_value == 0.0


def test_a_transfer_may_carry_a_cost_of_its_own():
    moves = [Transfer("today", "dike", 5, cost=60.0)]
    (route,) = pathways_map(EACH[:2], moves, [[2040], [INF]], (2025, 2100), ("middle",)).routes["middle"]
    factor = discount_factors(76)
    assert route.cost == pytest.approx(60 * factor[15] + 2 * factor[15:].sum())


def test_stations_and_terminals():
    found = small_map()
    changes = [(stop.origin, stop.target, stop.year, stop.decision) for stop in found.stations("high")]
    assert changes == [
        ("today", "dike", 2030, 2025), ("today", "park", 2030, 2025), ("dike", "park", 2040, 2035),
        ("park", "barrier", 2055, 2035),
    ]  # fmt: skip
    ends = [(end.action, end.year, end.reaches) for end in found.terminals("middle")]
    assert ends == [("today", 2040, False), ("dike", 2060, False), ("park", 2080, False), ("barrier", 2100, True)]
    assert found.until("park", "low") is None and found.until("park", "high") == 2055


def test_a_gap_is_allowed_only_when_asked_for_and_is_counted():
    late = small_map(gap=5).routes["middle"]
    (direct,) = [route for route in late if route.actions == ("today", "barrier")]
    assert direct.gap == 5 and direct.stops[1].start == 2045
    dead = pathways_map(EACH[::3], MOVES[2:3], [[2030], [INF]], (2025, 2100), ("high",))
    assert [(route.end, route.reaches) for route in dead.routes["high"]] == [(2030, False)]
    assert dead.terminals("high")[0].year == 2030 and dead.stations("high") == ()


def test_today_may_last_and_may_already_fail():
    lasting = pathways_map(EACH, MOVES, [[INF], [INF], [INF], [INF]], (2025, 2100), ("low",)).routes["low"]
    assert [(route.actions, route.reaches, route.cost) for route in lasting] == [(("today",), True, 0.0)]
    failing = pathways_map(EACH[:2], MOVES[:1], [[2020], [INF]], (2025, 2100), ("high",), gap=9).routes["high"]
    assert [(route.actions, route.gap) for route in failing] == [(("today", "dike"), 5)]


def test_the_last_year_counts():
    found = pathways_map(EACH[:2], [Transfer("today", "dike")], [[2100], [INF]], (2025, 2100), ("low",)).routes["low"]
    assert [(route.actions, route.reaches) for route in found] == [(("today", "dike"), True)]
    assert found[0].cost == pytest.approx(102 * discount_factors(76)[75])


def test_dominated_routes_are_marked_and_equals_are_kept():
    found = {route.actions[1:]: route.dominated for route in small_map().routes["low"]}
    assert found == {("dike", "park"): True, ("dike", "barrier"): True, ("park",): False, ("barrier",): True}
    twin = [small_map().routes["low"][2]] * 2
    assert [route.dominated for route in pruned(twin)] == [False, False] and pruned([]) == ()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_every_route_keeps_the_rules(seed):
    chance = np.random.default_rng(seed)
    count = int(chance.integers(2, 6))
    actions = [Action(str(k), str(k), str(k), *chance.random(4).round(2)) for k in range(count)]
    moves = [
        Transfer(str(i), str(j), int(chance.integers(0, 15)))
        for i in range(count) for j in range(count) if i != j and chance.random() < 0.6
    ]  # fmt: skip
    sell_by = np.where(chance.random((count, 1)) < 0.3, INF, chance.integers(2020, 2110, (count, 1)))
    gap = int(chance.integers(0, 5))
    found = pathways_map(actions, moves, sell_by, (2025, 2100), ("one",), gap).routes["one"]
    assert found and len(set(route.actions for route in found)) == len(found)
    lead = {(move.origin, move.target): move.lead_time for move in moves}
    for route in found:
        assert len(set(route.actions)) == len(route.actions) and route.actions[0] == "0"
        waits = 0
        for old, new in zip(route.stops, route.stops[1:], strict=False):
            assert new.decision == new.start - lead[old.action, new.action] >= 2025
            assert 0 <= new.start - old.end <= gap
            waits += new.start - old.end
        assert route.gap == waits
        assert route.reaches == (sell_by[int(route.actions[-1]), 0] > 2100)
    assert not all(route.dominated for route in found)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: tipping_years(["a"], np.ones((1, 2)), [1, 2], 1), "by strategy, year and future"),
        (lambda: tipping_years(["a"], np.full((1, 2, 1), np.nan), [2025, 2026], 1), "finite"),
        (lambda: tipping_years(["a"], np.ones((1, 2, 1)), [2026, 2025], 1), "rising calendar years"),
        (lambda: tipping_years(["a"], np.ones((1, 2, 1)), [2025.5, 2026], 1), "rising calendar years"),
        (lambda: tipping_years(["a"], np.ones((1, 2, 1)), [2025, 2026], np.nan), "threshold"),
        (lambda: pathways_map([], [], [], (2025, 2100)), "one action or more"),
        (lambda: pathways_map([TODAY, TODAY], [], [[1], [1]], (2025, 2100), ("x",)), "id of its own"),
        (lambda: pathways_map([TODAY], [], [[2030]], (2100, 2025), ("x",)), "after the start"),
        (lambda: pathways_map([TODAY], [], [[2030]], (2025, 2100)), "each of the levels"),
        (lambda: pathways_map([TODAY], [], [[np.nan]], (2025, 2100), ("x",)), "whole sell-by year"),
        (lambda: pathways_map([TODAY], [], [[2030.5]], (2025, 2100), ("x",)), "whole sell-by year"),
        (lambda: pathways_map([TODAY], [Transfer("today", "moon")], [[2030]], (2025, 2100), ("x",)), "'moon'"),
        (lambda: pathways_map(EACH, [*MOVES, MOVES[0]], SELL_BY, (2025, 2100)), "got one twice"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_one_sentence(call, said):
    with pytest.raises(InputError, match=said):
        call()


def test_too_many_routes_are_refused():
    count = 20
    actions = [Action(str(k), str(k), str(k)) for k in range(count)]
    moves = [Transfer(str(i), str(j)) for i in range(count) for j in range(i + 1, count)]
    with pytest.raises(InputError, match="more than 20000 routes"):
        pathways_map(actions, moves, 2030.0 + 3 * np.arange(count)[:, None], (2025, 2100), ("one",))
