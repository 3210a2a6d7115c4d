"""Whatever the lever and the lead time: reaching, translating or trusting more never lets fewer people act."""

import importlib.util
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.hazard.event import HOUR
from genrejs.impact.assess import assess
from genrejs.warning.channels import WarningSettings
from genrejs.warning.exercise import Choices, october_2019, play
from genrejs.warning.ladder import STEPS
from genrejs.warning.warn import warn

spec = importlib.util.spec_from_file_location("cities", Path(__file__).parents[1] / "unit" / "cities_for_tests.py")
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

SHARES = (
    "broadcast_reach", "siren_reach", "media_reach", "sms_reach", "phone_tree", "social_media_reach", "translated",
    "known_messengers", "social_capital", "clear_order",
)  # fmt: skip
SLACK = 0.03
"""People of 27: who hears earlier also stops telling earlier, so that the steps of a minute may lose a thousandth."""
RULES = WarningSettings(siren_from_people=1.0, acting=20.0)
CITY = made.city()
IMPACT = assess(CITY, made.low_flood(1.0), made.event())

levers = st.fixed_dictionaries({name: st.floats(0.0, 1.0) for name in SHARES} | {"door_pairs": st.integers(0, 20)})
hours = st.floats(0.0, 6.0)


def warned(lead, ready, rules=RULES):
    return warn(CITY.prepare(**ready), made.event(lead_time=lead * HOUR), IMPACT, rules)


@settings(max_examples=60, deadline=None)
@given(hours, levers, st.sampled_from(SHARES), st.floats(0.0, 1.0))
def test_raising_a_lever_never_lets_fewer_act(lead, ready, lever, step):
    more = ready | {lever: ready[lever] + step * (1.0 - ready[lever])}
    assert warned(lead, more).totals["acted"] >= warned(lead, ready).totals["acted"] - SLACK


@settings(max_examples=30, deadline=None)
@given(hours, levers, st.floats(0.0, 1.0))
def test_a_second_way_to_hear_never_weakens_belief(lead, ready, confirms):
    plain = warned(lead, ready)
    sure = warned(lead, ready, WarningSettings(siren_from_people=1.0, acting=20.0, confirms=confirms))
    assert sure.totals["believed"] >= plain.totals["believed"] - 1e-9
    assert sure.totals["understood"] == plain.totals["understood"]


@settings(max_examples=30, deadline=None)
@given(hours, levers)
def test_the_ladder_only_descends_and_the_tables_add_up(lead, ready):
    result = warned(lead, ready)
    counts = [result.totals["people"], *(result.totals[step] for step in STEPS)]
    assert all(more >= less - 1e-9 for more, less in pairwise(counts))
    assert result.channels["first"].sum() == pytest.approx(result.totals["reached"], abs=1e-6)
    saved = result.totals["avoided"] + result.totals["value_moved"]
    assert result.actions["avoided"].sum() == pytest.approx(saved)
    able = result.actions.set_index("action")["people"]
    assert able["leave"] >= able["sandbag"] - 1e-9  # the longer an action, the fewer have time for all of it


@settings(max_examples=30, deadline=None)
@given(
    st.integers(8 * 60, 22 * 60),
    st.sets(st.sampled_from(sorted(october_2019().channels))),
    st.sets(st.sampled_from(["da", "other"])),
    st.sampled_from(["order", "advice"]),
)
def test_one_channel_more_in_the_exercise_never_reaches_fewer(minute, ways, languages, wording):
    clock = f"{minute // 60:02d}:{minute % 60:02d}"
    some = play(Choices(clock, tuple(sorted(ways)), tuple(sorted(languages)), wording)).totals
    every = play(Choices(clock, tuple(october_2019().channels), tuple(sorted(languages)), wording)).totals
    assert every["reached"] >= some["reached"] - 1e-3 * some["people"]
    assert every["acted"] >= some["acted"] - 2e-3 * some["people"]
    assert 0.0 <= every["avoided"] <= october_2019().exposed.damage
