"""Plans: read, checked in words, shared by stated rules, written whole."""

import argparse
import csv
import json

import numpy as np
import pytest

from genrejs.assessment.door import run_dynamics
from genrejs.assessment.plan import check_plan, even_plan, read_plan
from genrejs.assessment.policies import road_map
from genrejs.assessment.sharing import shared
from genrejs.errors import InputError

ROAD = road_map()
NONE = np.zeros(len(ROAD.policies))
TOML = """
years = 6
budget = 12
start = { L = 0.2, L1S1 = 0.9 }
cost = { L2 = 9.0 }

[policy.I1S1]
name = "List of pipes"
cost = 3.0

[[period]]
years = 2
split = { L1 = 0.5, I1 = 0.5 }

[[period]]
years = 1
budget = 20
split = { P2S1 = 1.0 }
rule = "even"
"""


def money(code, given):
    return given[ROAD.codes.index(code)]


def played(**options):
    return run_dynamics(argparse.Namespace(**{"plan": None, "out": None, "years": None, **options}), lambda *_: None)


def test_in_order_the_money_goes_to_the_first_stage_that_is_not_in_place():
    given = shared(ROAD, {"L1": 1.0}, 10.0, "road-map", NONE)
    assert money("L1S1", given) == money("L1S2", given) == 5.0
    level = np.where(ROAD.under("L1S"), 0.8, 0.0)
    given = shared(ROAD, {"L1": 1.0}, 10.0, "road-map", level)
    assert money("L1S1", given) == pytest.approx(10 * 0.4 / (2 * 0.4 + 4 * 4.0))
    assert money("L1A1", given) == 0 and given.sum() == pytest.approx(10.0)


def test_evenly_each_gets_the_same_part_of_its_price():
    given = shared(ROAD, {"L1": 0.5, "P": 0.5}, 10.0, "even", NONE)
    parts = given / ROAD.cost
    assert np.ptp(parts[ROAD.under("L1")]) < 1e-12 and np.ptp(parts[ROAD.under("P")]) < 1e-12
    assert given.sum() == pytest.approx(10.0)


def test_when_all_is_in_place_the_money_is_upkeep():
    given = shared(ROAD, {"L1": 1.0}, 10.0, "road-map", np.ones(len(ROAD.policies)))
    assert given[ROAD.under("L1")].min() > 0 and given.sum() == pytest.approx(10.0)


def test_a_plan_is_read_from_a_file(tmp_path):
    (tmp_path / "plan.toml").write_text(TOML)
    plan = read_plan(tmp_path / "plan.toml")
    assert (plan.years, [each.years for each in plan.periods]) == (6, [2, 1])
    assert plan.spans() == [(0, 2), (2, 6)]
    assert plan.spent().tolist() == [12, 12, 20, 20, 20, 20]
    levels = dict(zip(plan.road.codes, plan.start, strict=True))
    assert (levels["L1S1"], levels["L1S2"], levels["I1S1"]) == (0.9, 0.2, 0.0)
    costs = dict(zip(plan.road.codes, plan.road.cost, strict=True))
    assert (costs["L2M1"], costs["I1S1"], len(costs)) == (9.0, 3.0, 48)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"wish": 1}, "'wish' is not known; known are years"),
        ({"years": 0}, "years must be from 1 to 60"),
        ({"years": 2.5}, "years must be a whole number"),
        ({"budget": "much"}, "budget must be a number"),
        ({"budget": float("nan")}, "budget must be a number"),
        ({"budget": True}, "budget must be a number"),
        ({"start": 2}, "start must be from 0 to 1"),
        ({"start": {"L9": 0.1}}, "'L9' is no area"),
        ({"period": {}}, "must be a list of tables"),
        ({"period": ["L"]}, "period 1 must be a table"),
        ({"period": [{}]}, "period 1 needs a split"),
        ({"period": [{"split": {"L": 0.8, "P": 0.3}}]}, "the shares add up to 1.1"),
        ({"period": [{"split": {"I1": 1.0}}]}, "no policy of I1 could be read"),
        ({"period": [{"split": {"": 1.0}}]}, "'' is no area"),
        ({"period": [{"split": {"L": -0.1}}]}, "must be from 0 to 1"),
        ({"period": [{"split": {"L": 1.0}, "rule": "wild"}]}, "rule must be road-map or even"),
        ({"period": [{"split": {"L": 1.0}, "rule": ["even"]}]}, "rule must be road-map or even"),
        ({"cost": {"L1": 0.0}}, "cost: L1 must be from 0.001"),
        ({"cost": {"Q": 1.0}}, "no known policy begins with 'Q'"),
        ({"policy": {"X1S1": {}}}, "a code is a sub-dimension, a stage and a number"),
        ({"policy": {"I1S1": {"name": ""}}}, "name must be a text"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan_is_said_in_one_sentence(given, says):
    with pytest.raises(InputError, match=says.replace("(", r"\(")) as error:
        check_plan(given)
    assert str(error.value).startswith("The plan")


@pytest.mark.parametrize(("text", "says"), [(b"years = ", "is not TOML"), (b"\xff\xfe", "is not UTF-8")])
def test_a_file_that_is_no_plan_is_refused(tmp_path, text, says):
    (tmp_path / "plan.toml").write_bytes(text)
    with pytest.raises(InputError, match=says):
        read_plan(tmp_path / "plan.toml")
    with pytest.raises(InputError, match="does not exist"):
        read_plan(tmp_path / "none.toml")


def test_the_command_prints_a_table_and_writes_files(tmp_path):
    done = played(out=tmp_path / "out", years=3)
    assert done.lines()[0].startswith("year") and "assumptions" in done.lines()[-1]
    assert sum("could not be read" in line for line in done.lines()) == 1
    told = json.loads((tmp_path / "out" / "dynamics.json").read_text("utf-8"))
    assert told == json.loads(json.dumps(done.summary))
    rows = list(csv.DictReader((tmp_path / "out" / "levels.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 4 and len(rows[0]) == 48
    assert len((tmp_path / "out" / "indicators.csv").read_text("utf-8").splitlines()) == 4


def test_the_command_refuses_what_is_wrong_before_it_writes(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        played(out=tmp_path / "file")
    with pytest.raises(InputError, match="--years must be from 1 to 60"):
        played(years=0)


def test_the_even_plan_is_what_no_file_means():
    assert check_plan({}).periods == even_plan().periods
