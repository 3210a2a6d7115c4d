"""Levers of preparedness: up to a level, down to a time, or by so much more; never past 1, never for the worse."""

import importlib.util
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from genrejs.measure.catalogue import apply_measure, catalogue
from genrejs.measure.prepare import HEADS, SHARES, at_least, at_most, more, more_crews

TIMES = ("call_up", "aid_delay", "fallback_delay")


def _small_city():
    place = Path(__file__).parents[1] / "contract" / "test_measures.py"
    spec = importlib.util.spec_from_file_location("contract_measures", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.small_city()


CITY = _small_city()


def test_a_lever_goes_up_to_its_level_and_no_further():
    ready = CITY.prepare(sms_reach=0.3)
    assert at_least(ready, sms_reach=0.5).preparedness.sms_reach == 0.5
    assert at_least(ready, sms_reach=0.2).preparedness.sms_reach == 0.3


def test_a_time_gets_shorter_and_never_longer():
    assert at_most(CITY, call_up=5.0).preparedness.call_up == 5.0
    assert at_most(CITY, call_up=50.0).preparedness.call_up == 12.0


def test_people_are_added_and_shares_end_at_one():
    after = more(CITY.prepare(volunteers=10, social_capital=0.99), volunteers=20.4, social_capital=0.5).preparedness
    assert after.volunteers == 30 and type(after.volunteers) is int and after.social_capital == 1.0


def test_crews_are_added_by_trade():
    twice = more_crews(more_crews(CITY, "aid_crews", {"it": 2.0}), "aid_crews", {"it": 1.0, "civil": 3.0})
    assert dict(twice.preparedness.aid_crews) == {"it": 3.0, "civil": 3.0}
    assert dict(CITY.preparedness.aid_crews) == {}


def test_two_measures_with_the_same_lever_give_the_better_of_the_two():
    both = apply_measure(apply_measure(CITY, "drills"), "high_water_watch").preparedness
    assert both.call_up == 4.0 and both.fallback_delay == 4.0
    assert apply_measure(apply_measure(CITY, "high_water_watch"), "drills").preparedness == both


@given(
    st.sampled_from(sorted(catalogue())),
    st.dictionaries(st.sampled_from(SHARES), st.floats(0, 1)),
    st.dictionaries(st.sampled_from(HEADS), st.integers(0, 5000)),
    st.dictionaries(st.sampled_from(TIMES), st.floats(0, 200)),
)
def test_no_measure_makes_a_lever_worse_wherever_it_stands(id, shares, heads, times):
    before = CITY.prepare(**shares, **heads, **times)
    was, now = before.preparedness, apply_measure(before, id).preparedness
    assert all(getattr(now, lever) >= getattr(was, lever) for lever in (*SHARES, *HEADS, "contagion"))
    assert all(getattr(now, lever) <= getattr(was, lever) for lever in TIMES)
    for lever in ("crews", "aid_crews"):
        assert all(getattr(now, lever).get(trade, 0) >= count for trade, count in getattr(was, lever).items())
    assert all(0 <= getattr(now, lever) <= 1 for lever in SHARES)


def test_the_order_of_the_catalogue_puts_levels_before_additions():
    """So that 400 volunteers and 120 more are 520, whoever asks for both."""
    ids = list(catalogue())
    added = ("vulnerable_volunteers", "red_cross", "safe_crowds", "neighbourhood_captains", "youth_prevention")
    assert all(ids.index("volunteers") < ids.index(id) for id in added)
    both = CITY
    for id in (id for id in ids if id in ("vulnerable_volunteers", "volunteers")):
        both = apply_measure(both, id)
    assert both.preparedness.volunteers == 400 + 120
