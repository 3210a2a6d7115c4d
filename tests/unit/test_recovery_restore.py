import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.city.model import SERVICES
from genrejs.errors import Fault, InputError
from genrejs.impact.service import service_system
from genrejs.recovery.crews import work
from genrejs.recovery.households import homes_after
from genrejs.recovery.learn import LearningSettings, emerge_stronger, learn
from genrejs.recovery.restore import RecoverySettings, restore
from genrejs.recovery.tasks import finish_tasks, repair_tasks, vulnerable_people

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, tiny_impact, component = CITY["tiny_city"], CITY["tiny_impact"], CITY["component"]
nobody_warned = CITY["nobody_warned"]
QUICK = RecoverySettings(horizon_days=500)


def lifelines(**levers):
    return tiny_city(
        [
            component("station", "power", repair=40.0, restart=1.0, digital=True),
            component("school", "school", repair=40.0),
            component("ward", "hospital", repair=40.0),
            component("server", "digital", trade="it", restart=2.0, digital=True),
        ],
        [("station", "ward", 10.0, 0.5), ("server", "station", 4.0, 0.3), ("station", "server", 8.0, 1.0)],
        [(c, d, 1.0) for c in ("station", "school", "ward", "server") for d in "AB"],
        **levers,
    )


def flooded(*names):
    return {name: {"flooded": True, "dry_after": 24.0, "depth": 1.0} for name in names}


def run(city, settings=QUICK, acted=0.0, **impact):
    return restore(city, tiny_impact(city, **impact), nobody_warned(city, acted), settings)


def test_every_part_of_the_result_is_there():
    city = lifelines()
    recovery = run(city, wet=[0, 1, 30], parts=flooded("station"))
    assert recovery.functionality.dims == ("service", "district", "time")
    assert recovery.functionality.sizes["service"] == len(SERVICES)
    hours = recovery.curve["time"].to_numpy()
    assert (np.diff(hours)[:335] == 1).all() and (np.diff(hours)[336:] == 24).all() and hours[-1] == 500 * 24
    assert len(recovery.buildings) == 40 and len(recovery.components) == 4
    assert set(recovery.crew_hours) == {"builder", "electrician", "plumber", "it", "civil"}
    assert list(recovery.by_group.columns) == ["group", "value", "people", "person_days"]
    assert (recovery.buildings["restored"] > 0).sum() == 3


def test_same_input_same_bits():
    city = lifelines()
    one, two = (run(city, wet=range(9), parts=flooded("station", "school")) for _ in range(2))
    assert one.functionality.identical(two.functionality) and dict(one.crew_hours) == dict(two.crew_hours)
    pd.testing.assert_frame_equal(one.buildings, two.buildings)


def test_housing_is_the_share_of_residents_at_home():
    recovery = run(tiny_city(), wet=range(5))
    housing = recovery.functionality.sel(service="housing")
    assert housing.sel(district="A")[0] == pytest.approx(1 - 5 / 20) and (housing.sel(district="B") == 1).all()
    assert recovery.away[0] == 10
    days = recovery.indicators["person_days_away"]
    back = np.minimum(recovery.buildings["restored"], 500 * 24) / 24
    assert days == pytest.approx(2 * back.sum()) == pytest.approx(recovery.indicators["person_days_without_service"])


def test_groups_add_up_to_all_person_days():
    recovery = run(lifelines(), wet=range(7), parts=flooded("station", "ward"))
    table = recovery.by_group.groupby("group")[["people", "person_days"]].sum()
    assert set(table.index) == {"district", "language", "income", "age"}
    np.testing.assert_allclose(table["people"], 80)
    np.testing.assert_allclose(table["person_days"], recovery.indicators["person_days_without_service"])


def test_priorities_decide_who_comes_first():
    city = lifelines(crews={"electrician": 1.0})
    parts = flooded("school", "ward", "station")
    first = {
        rule: run(city, RecoverySettings(priority=rule, gang=1), parts=parts).components["restored"].iloc[:3].idxmin()
        for rule in ("life", "people")
    }
    # The hospital saves lives first; the station carries most people through all that depends on it.
    assert first == {"life": 2, "people": 0}


def test_vulnerable_and_cheap_homes_can_come_first():
    city = tiny_city(crews={"builder": 1.0})
    impact = tiny_impact(city, wet=range(4))
    impact.buildings.loc[3, "repair"] = 10.0
    homes = homes_after(city, impact, nobody_warned(city), QUICK)

    def first(rule):
        settings = RecoverySettings(priority=rule)
        tasks = repair_tasks(city, impact, service_system(city), homes.dry, settings)
        return tasks.row[finish_tasks(tasks, city.preparedness, settings).finish.argmin()]

    assert vulnerable_people(city)[:4].tolist() == [2.0, 0.0, 1.0, 2.0]
    assert (first("cheapest"), first("life"), first("vulnerable")) == (3, 3, 3)
    impact.buildings.loc[3, "repair"] = 200.0
    assert (first("cheapest"), first("vulnerable")) == (0, 0)


def test_levers_move_the_mechanism_and_the_indicator_follows():
    wet = {"wet": range(40), "parts": flooded("station", "ward", "school")}
    slow = {"crews": {"electrician": 1.0, "builder": 2.0}}
    base = run(lifelines(**slow), **wet).indicators
    better = {
        "crews": {"crews": {"electrician": 4.0, "builder": 20.0}},
        "aid": slow | {"aid_crews": {"electrician": 4.0, "builder": 20.0}},
        "social capital": slow | {"social_capital": 0.9},
    }
    for lever, levers in better.items():
        assert run(lifelines(**levers), **wet).indicators["resilience_loss"] < base["resilience_loss"], lever


@pytest.mark.parametrize("settings", [RecoverySettings(), RecoverySettings(claim_days=0.0)])
def test_volunteers_and_a_heeded_warning_shorten_the_clean_up(settings):
    """Whatever a home waits for once it is clean, the claim or the drying, every helping hand brings it nearer."""

    def ready(acted=0.0, **levers):
        city = tiny_city(**levers)
        return homes_after(city, tiny_impact(city, wet=range(40)), nobody_warned(city, acted), settings).dry[0]

    waits = 24.0 + 24.0 * max(45.0, settings.claim_days)
    assert ready() == pytest.approx(waits + 276 / (2 * 1.4 * 8) * 24)
    assert ready(volunteers=80) == pytest.approx(waits + 276 / (4 * 1.4 * 8) * 24)
    assert ready(acted=1.0) == pytest.approx(waits + 0.7 * 276 / (2 * 1.4 * 8) * 24)


def test_an_attack_needs_cleaning_up_before_the_restart_and_can_be_bridged_by_hand():
    attack = {"server": {"down_from": 0.0, "down_until": 48.0, "cyber": True}}
    recovery = run(lifelines(fallback=0.0), parts=attack)
    # Four crews share 40 crew-hours at ten hours a day: 24 h more, then two hours of restart.
    assert recovery.components["restored"].iloc[3] == pytest.approx(48 + 24)
    digital = recovery.functionality.sel(service="digital", district="A").to_numpy()
    np.testing.assert_array_equal(digital[:80], np.where(np.arange(80) < 74, 0.0, 1.0))
    by_hand = run(lifelines(fallback=0.4, fallback_delay=6.0), parts=attack)
    digital = by_hand.functionality.sel(service="digital", district="A").to_numpy()
    np.testing.assert_allclose(digital[:47], np.where(np.arange(47) < 6, 0.0, 0.4))
    # Then its battery is empty: the station it steers gives it 1 - 0.3 (1 - s) of its power, so s = 0.28 / 0.88.
    np.testing.assert_allclose(digital[48:74], 0.28 / 0.88, atol=1e-8)
    assert recovery.crew_hours["it"] == pytest.approx(40.0)
    plain = run(lifelines(fallback=0.0), parts={"server": attack["server"] | {"cyber": False}})
    assert plain.components["restored"].iloc[3] == 48.0


def test_four_r_only_when_asked():
    parts = {"wet": range(6), "parts": flooded("station")}
    assert np.isnan(run(lifelines(), **parts).indicators["redundancy"])
    read = run(lifelines(volunteers=200), RecoverySettings(four_r=True), **parts).indicators
    assert 0 < read["redundancy"] < 1 and 0 < read["resourcefulness"] < 1
    assert read["robustness"] == read["withstand"] < 1 and read["rapidity"] > 0


def test_weights_of_services_are_a_setting():
    only = dict.fromkeys(SERVICES, 0.0) | {"school": 1.0}
    recovery = run(lifelines(), RecoverySettings(weights=only), wet=range(40), parts=flooded("station"))
    assert (recovery.curve == 1).all()


def test_a_city_without_lifelines_or_households_recovers_its_homes():
    city = tiny_city()
    bare = city.change(households=city.households.iloc[:0])
    recovery = run(bare, wet=range(4))
    assert recovery.curve[0] == pytest.approx(1 - 4 / 40)
    assert recovery.by_group["group"].unique().tolist() == ["district"]


def test_beyond_the_horizon_is_said():
    recovery = run(tiny_city(crews={"builder": 0.0}), wet=range(40))
    assert np.isinf(recovery.buildings["restored"]).all()
    assert recovery.indicators["censored"] == 1.0 and recovery.indicators["bounce_back_days"] == 500.0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"priority": "loudest"}, "accepted are life, people, vulnerable, cheapest"),
        ({"horizon_days": 10}, "above the 14 hourly days"),
        ({"working_day": 30.0}, "at most 24 hours"),
    ],
)
def test_wrong_settings_are_named(settings, words):
    with pytest.raises(InputError, match=words):
        RecoverySettings(**settings)


def test_a_trade_without_crews_is_named():
    with pytest.raises(InputError, match="the trade 'diver'"):
        run(tiny_city(), wet=[0], trade="diver")


def test_learning_raises_protection_of_a_share_and_helps_the_next_time():
    city = lifelines(rebuild_better=0.5, relocate=0.5, volunteers=50)
    impact = tiny_impact(city, wet=range(20), parts=flooded("station", "ward"))
    first = restore(city, impact, nobody_warned(city), RecoverySettings(horizon_days=3000))
    wiser = learn(city, impact, first, "key", LearningSettings(margin=0.3, trust=0.1))
    raised = wiser.buildings["protected_to"].to_numpy()
    assert (raised > 0).sum() == 10 and (raised[20:] == 0).all()
    assert raised.max() == pytest.approx(1.1)
    assert sorted(wiser.components["fail_depth"]) == pytest.approx([0.3, 0.3, 0.3, 1.3])
    assert wiser.preparedness.social_capital == pytest.approx(0.4 + 0.1 * 0.6)
    more = learn(city.prepare(rebuild_better=0.9), impact, first, "key").buildings["protected_to"].to_numpy()
    assert ((more > 0) | (raised == 0)).all() and (more > 0).sum() == 18
    same = learn(city, impact, first, "key").buildings["protected_to"]
    np.testing.assert_array_equal(same, raised)
    assert city.buildings["protected_to"].max() == 0.0
    second = run(wiser, wet=np.flatnonzero((np.arange(40) < 20) & (raised == 0)), parts=flooded("ward"))
    assert 0 < emerge_stronger(first, second) < 1
    assert emerge_stronger(run(city), run(city)) == 0.0


def test_nobody_learns_without_damage():
    city = tiny_city(rebuild_better=1.0, volunteers=10)
    wiser = learn(city, tiny_impact(city), run(city), 1)
    assert (wiser.buildings["protected_to"] == 0).all() and wiser.preparedness.social_capital == 0.4


def test_a_time_that_is_no_number_is_a_fault_and_not_an_endless_queue():
    with pytest.raises(Fault, match="not a number"):
        work(np.ones(2), np.array([0.0, np.nan]), np.arange(2), np.zeros(1), 10.0)
