"""Maturity by the stated rule, on policies that were read and none that were not."""

import numpy as np
import pytest

from genrejs.assessment.levers import levers, prepared
from genrejs.assessment.maturity import judge, known_stages, reached
from genrejs.assessment.policies import STAGES, road_map, subs, tables, unread
from genrejs.city.preparedness import Preparedness

ROAD = road_map()


def level(**of):
    found = np.zeros(len(ROAD.policies))
    for key, value in of.items():
        found[ROAD.under(key)] = value
    return found


def test_the_policies_are_those_that_could_be_read():
    assert len(ROAD.policies) == 47 and len(subs()) == 10
    assert unread(ROAD) == ("I1", "I2")
    assert known_stages(ROAD, "L4") == ("A", "R", "T") and known_stages(ROAD, "C2") == ("T",)
    assert all(each.cost_range[0] <= each.cost <= each.cost_range[1] for each in ROAD.policies)
    assert all(each.decay_range[0] <= each.decay <= each.decay_range[1] for each in ROAD.policies)
    assert all(each.source.startswith("http") for each in ROAD.policies)


def test_a_policy_rests_on_the_nearest_earlier_stage_of_its_own_area():
    row = ROAD.before[ROAD.codes.index("L2A1")]
    assert [code for code, weight in zip(ROAD.codes, row, strict=True) if weight] == ["L2M1"]
    assert not ROAD.before[ROAD.codes.index("L4A1")].any()
    sums = ROAD.before.sum(axis=1)
    assert set(np.round(sums, 12)) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("levels", "number"),
    [
        ({}, 0),
        ({"L1S": 0.69}, 0),
        ({"L1S": 0.7}, 1),
        ({"L1S": 0.7, "L1M": 0.7}, 2),
        ({"L1M": 1.0}, 0),
        ({"L1": 0.7}, 5),
    ],
)
def test_a_stage_is_reached_when_all_before_are(levels, number):
    assert reached(ROAD, level(**levels), "L1") == number


def test_one_missing_policy_holds_the_stage_back():
    levels = level(L1=1.0)
    levels[ROAD.codes.index("L1M3")] = 0.5
    assert reached(ROAD, levels, "L1") == 1


def test_the_city_is_told_by_lowest_and_median_of_what_can_be_judged():
    now = judge(ROAD, level(L1=1.0, L2=1.0, P1S=1.0, C2=1.0))
    assert now.counted == ("L1", "L2", "L3", "P1", "P2")
    assert (now.lowest, now.median) == (0, 1.0)
    assert now.stages["I1"] is None and now.stages["C2"] == 5
    assert now.adopted == pytest.approx((10 + 4 + 3 + 1) / 47)


def test_the_levers_of_the_city_model_move_only_for_the_better():
    has = Preparedness(volunteers=1000, call_up=3.0)
    still = levers(ROAD, level(), has)
    full = levers(ROAD, level(L=1.0, P=1.0, C=1.0), has)
    assert all(each.now == each.without for each in still)
    ends = {each.name: each.now for each in full}
    assert (ends["volunteers"], ends["call_up"]) == (1000, 3.0)
    assert ends["fallback_delay"] == 4.0 and ends["translated"] == pytest.approx(0.6)
    half = {each.name: each.now for each in levers(ROAD, level(L1M4=0.5))}
    assert half["translated"] == pytest.approx(0.3)


def test_every_lever_is_one_of_the_city_and_names_known_policies():
    for name, row in tables()["lever"].items():
        assert hasattr(Preparedness(), name)
        assert set(row["policies"]) <= set(ROAD.codes)
        assert row["better"] in {"low", "high"}


def test_the_city_is_prepared_with_whole_people():
    class Town:
        preparedness = Preparedness()

        def prepare(self, **moved):
            return moved

    moved = prepared(Town(), ROAD, level(P=1.0))
    assert moved["volunteers"] == 400 and isinstance(moved["volunteers"], int)
    assert moved["call_up"] == 6.0 and moved["translated"] == 0.0


def test_words_are_there_in_both_languages():
    for group in ("stage", "dimension", "sub", "policy", "lever"):
        for row in tables()[group].values():
            assert row["da"].strip() and row["en"].strip()
    assert list(tables()["stage"]) == list(STAGES)
