import importlib.util
from pathlib import Path

import numpy as np
import pytest

from genrejs.hazard.event import HOUR
from genrejs.impact.assess import assess
from genrejs.warning.actions import ACTIONS, needed
from genrejs.warning.channels import WarningSettings
from genrejs.warning.levers import LEVERS, one_at_a_time
from genrejs.warning.warn import warn

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

AT_ONCE = WarningSettings(broadcast_rate=1e6, senior_phones=1.0)
ALONE = {"broadcast_reach": 1.0, "media_reach": 0.0, "contagion": 0.0}
DANISH, FOREIGN = 0.95 * 0.68, 0.60 * 0.68  # understand, believe and decide at social capital 0.4


def flooded(minutes, **levers):
    """The small town with `minutes` from message to water."""
    city, event = made.city().prepare(**levers), made.event(lead_time=(15 + minutes) * 60.0)
    return city, event, assess(city, made.low_flood(1.0), event)


def acts(minutes):
    return warn(*flooded(minutes, **ALONE), AT_ONCE).actions.set_index("action")


def test_with_ample_time_all_who_decide_do_everything():
    """Four households in wet homes: two Danish (4 and 8 people), two of other languages (3 and 12)."""
    table = acts(600.0)
    assert table.index.tolist() == list(ACTIONS)
    assert table["minutes"].to_dict() == needed(WarningSettings())
    for action in ("leave", "raise_goods", "sandbag"):
        assert table.loc[action, "households"] == pytest.approx(2 * DANISH + 2 * FOREIGN)
        assert table.loc[action, "people"] == pytest.approx(12 * DANISH + 15 * FOREIGN)
    assert table.loc["move_car", "households"] == pytest.approx(DANISH + FOREIGN)  # only households a and b have one
    assert table.loc["move_car", "people"] == pytest.approx(4 * DANISH + 3 * FOREIGN)
    assert table.loc["move_car", "avoided"] == pytest.approx(60_000 * (DANISH + FOREIGN))
    assert table.loc["raise_goods", "avoided"] == pytest.approx(30_000 * 2 * (DANISH + FOREIGN))
    assert table.loc["leave", "avoided"] == 0.0


def test_the_shorter_the_time_the_fewer_actions_are_carried_out_in_full():
    table = acts(20.0)
    assert table.loc["leave", "households"] > 0.0 and table.loc["move_car", "households"] > 0.0
    assert table.loc["raise_goods", "households"] == table.loc["sandbag", "households"] == 0.0
    assert table.loc["sandbag", "avoided"] > 0.0  # the part that there is time for
    assert not acts(-5.0)[["households", "people", "avoided"]].to_numpy().any()


@pytest.mark.parametrize("minutes", [-5.0, 10.0, 45.0, 300.0])
def test_the_actions_avoid_what_the_totals_say(minutes):
    result = warn(*flooded(minutes, **ALONE), AT_ONCE)
    table = result.actions.set_index("action")["avoided"]
    assert table["sandbag"] == result.avoided
    assert table["move_car"] + table["raise_goods"] == pytest.approx(result.totals["value_moved"])


def test_dry_homes_do_nothing():
    city, event = made.city(), made.event("outage", lead_time=3 * HOUR)
    result = warn(city, event, assess(city, None, event))
    assert not result.actions[["households", "people", "avoided"]].to_numpy().any()


def test_one_lever_at_a_time_against_the_city_as_it_is():
    table = one_at_a_time(*flooded(60.0), WarningSettings(acting=20.0)).set_index("lever")
    assert table.index.tolist() == ["", *LEVERS]
    assert table.loc["", "more"] == table.loc["", "saved"] == 0.0
    helps = table.drop(["", "clear_order"])
    assert (helps["more"] > 0.0).all() and (helps["saved"] > 0.0).all()
    assert table.loc["clear_order", "more"] < 0.0
    assert table.loc["social_capital", "reached"] == table.loc["", "reached"]
    assert table.loc["translated", "understood"] > table.loc["", "understood"]
    assert table.loc["door_pairs", "reached"] > table.loc["", "reached"]
    shares = table[["reached", "understood", "acted"]].to_numpy()
    assert (np.diff(shares, axis=1) <= 0.0).all()
    np.testing.assert_allclose(table["more"], (table["acted"] - table.loc["", "acted"]) * 27, atol=1e-9)
