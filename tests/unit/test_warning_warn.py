import importlib.util
from pathlib import Path

import numpy as np
import pytest

from genrejs.hazard.event import HOUR, Outage
from genrejs.impact.assess import assess
from genrejs.warning.channels import (
    CHANNELS,
    WarningSettings,
    Working,
    channels,
    contacts,
    decision_time,
    lost_supply,
    working,
)
from genrejs.warning.warn import warn

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

SHORT = HOUR  # of lead time: how fast people are told decides


def flooded(lead_time=SHORT, outages=(), **levers):
    city = made.city().prepare(**levers)
    event = made.event(lead_time=lead_time, outages=outages)
    return city, event, assess(city, made.low_flood(1.0), event)


def warned(lead_time=SHORT, outages=(), settings=None, **levers):
    return warn(*flooded(lead_time, outages, **levers), settings or WarningSettings(acting=20.0))


READY = {
    "broadcast_reach": 0.91, "translated": 1.0, "known_messengers": 0.5, "door_pairs": 5, "social_capital": 0.6,
}  # fmt: skip


def test_shape_and_ladder():
    result = warned(**READY)
    steps = ["reached", "understood", "believed", "decided", "acted"]
    assert list(result.groups.columns) == ["language", "age", "people", *steps]
    assert len(result.groups) == 6
    assert result.groups["people"].sum() == result.totals["people_at_risk"] == 27
    assert len(result.households) == 5
    for row in result.groups.itertuples():
        assert 1.0 >= row.reached >= row.understood >= row.believed >= row.decided >= row.acted > 0.0
    counts = [result.totals[step] for step in ("people", *steps)]
    assert counts == sorted(counts, reverse=True)
    assert (np.diff(result.curve["heard"]) >= 0).all()
    assert result.curve["minute"].tolist() == list(range(46))  # an hour less the quarter to decide


@pytest.mark.parametrize(
    ("lever", "off"),
    [("broadcast_reach", 0.0), ("door_pairs", 0), ("contagion", 0.0), ("media_reach", 0.0), ("known_messengers", 0.0)],
)
def test_switching_a_lever_off_tells_fewer_and_avoids_less(lever, off):
    on, without = warned(**READY), warned(**(READY | {lever: off}))
    assert without.totals["reached"] < on.totals["reached"]
    assert without.avoided < on.avoided


@pytest.mark.parametrize(("lever", "on"), [("sms_reach", 0.5), ("phone_tree", 0.3), ("social_media_reach", 0.4)])
def test_a_further_channel_tells_more_and_avoids_more(lever, on):
    with_it, without = warned(**(READY | {lever: on})), warned(**READY)
    assert with_it.totals["reached"] > without.totals["reached"]
    assert with_it.avoided > without.avoided
    way = with_it.channels.set_index("channel")["first"]
    assert way[{"social_media_reach": "social_media", "sms_reach": "sms"}.get(lever, lever)] > 0.0


def test_who_told_first_adds_up_to_who_has_heard():
    result = warned(**READY, sms_reach=0.4, social_media_reach=0.2)
    assert result.channels["channel"].tolist() == [*CHANNELS, "neighbours"]
    assert result.channels["first"].sum() == pytest.approx(result.totals["reached"])
    assert (result.channels["first"] >= 0.0).all()


def test_sirens_sound_only_when_many_are_in_danger():
    few, many = WarningSettings(acting=20.0), WarningSettings(acting=20.0, siren_from_people=20.0)
    assert warned(settings=few).totals == warned(settings=few, siren_reach=0.0).totals
    assert warned(settings=many).totals["reached"] > warned(settings=many, siren_reach=0.0).totals["reached"]


def test_translation_is_understood_and_acted_upon_though_no_more_hear():
    on, off = warned(**READY), warned(**(READY | {"translated": 0.0}))
    assert on.totals["reached"] == off.totals["reached"]
    assert on.totals["understood"] > off.totals["understood"]
    assert on.avoided > off.avoided
    danish = on.groups["language"] == "da"
    assert on.groups.loc[danish, "understood"].equals(off.groups.loc[danish, "understood"])


def test_no_time_no_warning():
    nothing = warned(lead_time=5 * 60.0, **READY)
    assert nothing.totals["reached"] == nothing.totals["acted"] == nothing.avoided == 0.0
    assert nothing.curve["heard"].tolist() == [0.0]


def test_who_hears_late_carries_out_the_part_there_is_time_for():
    """Everybody told at once, 22.5 of the 45 minutes left: half of what ample time gives."""
    at_once = WarningSettings(broadcast_rate=1e6, senior_phones=1.0)
    alone = {"broadcast_reach": 1.0, "media_reach": 0.0, "contagion": 0.0}
    ample = warned(lead_time=6 * HOUR, settings=at_once, **alone)
    half = warned(lead_time=(15 + 22.5) * 60.0, settings=at_once, **alone)
    assert half.totals["reached"] == ample.totals["reached"]
    assert half.totals["acted"] == pytest.approx(ample.totals["acted"] / 2, rel=0.03)  # the first minute is a slope
    assert half.avoided == pytest.approx(ample.avoided / 2, rel=0.03)


def test_more_lead_time_never_avoids_less():
    avoided = [warned(lead_time=hours * HOUR, **READY).avoided for hours in (0, 0.5, 0.75, 1, 2, 6, 48)]
    assert (np.diff(avoided) >= -1e-6).all()
    assert avoided[-1] > avoided[2] > 0.0


def test_one_channel_gives_its_reach():
    """Only cell broadcast, ample time: adults reached are its reach; seniors' phones are fewer."""
    alone = {"broadcast_reach": 0.91, "media_reach": 0.0, "contagion": 0.0}
    groups = warned(lead_time=6 * HOUR, **alone).groups.set_index(["language", "age"])
    assert groups.loc[("da", "adults"), "reached"] == pytest.approx(0.91)
    assert groups.loc[("other", "seniors"), "reached"] == pytest.approx(0.91 * 0.85)
    assert groups.loc[("da", "children"), "reached"] == pytest.approx(0.91)
    acted = 0.91 * 0.6 * (0.6 + 0.2 * 0.4)
    assert groups.loc[("other", "adults"), "acted"] == pytest.approx(acted)


def test_avoided_is_a_share_of_the_homes_damage_of_those_who_act():
    city, event, impact = flooded(6 * HOUR, **READY)
    result = warn(city, event, impact)
    acted = result.households["acted"].to_numpy()
    damage = (impact.buildings["damage"] + impact.buildings["cellar"]).to_numpy()
    third = (12 * acted[2] + 8 * acted[3]) / 20
    expected = 0.15 * (acted[0] * damage[0] + acted[1] * damage[1] + third * damage[2])
    assert result.avoided == result.totals["avoided"] == pytest.approx(expected)
    moved = 30_000 * acted[:4].sum() + 60_000 * acted[:2].sum()  # the flats of household c and d have no car
    assert result.totals["value_moved"] == pytest.approx(moved)
    assert result.avoided < impact.totals["damage_total"]


def test_a_telecom_outage_silences_cell_broadcast():
    outage = Outage(("mast", "exchange"), start=0.0, duration=48 * HOUR)
    silent = warned(outages=(outage,), **READY)
    assert silent.totals["broadcast_works"] == 0.0
    assert silent.totals["reached"] == warned(**(READY | {"broadcast_reach": 0.0})).totals["reached"]
    assert silent.avoided < warned(**READY).avoided
    further = {"sms_reach": 0.5, "phone_tree": 0.3, "social_media_reach": 0.4}
    assert warned(outages=(outage,), **READY, **further).totals["reached"] == silent.totals["reached"]
    partly = warned(outages=(Outage(("exchange",), 0.0, HOUR),), **READY)
    assert partly.totals["broadcast_works"] == pytest.approx(1 - 2 / 29)  # residents of the district it serves
    later = warned(outages=(Outage(("mast", "exchange"), 20 * 60.0, HOUR),), **READY)
    assert later.totals["broadcast_works"] == 1.0


def test_a_cyber_attack_on_the_data_centre_delays_and_weakens_unless_run_by_hand():
    attack = Outage(("data",), start=0.0, duration=48 * HOUR, cyber=True)
    event = made.event(outages=(attack,))
    assert decision_time(made.city(), event, WarningSettings()) == 75.0
    assert working(made.city().prepare(fallback=0.2), event, 0.0).ordered == pytest.approx(0.2)
    assert working(made.city().prepare(fallback=1.0), event, 0.0) == Working()
    assert working(made.city(), event, 0.0).telecom == 1.0  # calls and posts go on
    failure = made.event(outages=(Outage(("data",), 0.0, 48 * HOUR),))
    # A broken machine is not an attack: the order goes by hand.
    assert working(made.city(), failure, 0.0).ordered == 1.0
    hit, spared = warned(2 * HOUR, (attack,), **READY), warned(2 * HOUR, **READY)
    assert hit.avoided < spared.avoided


def test_supply_lost_without_a_supply_table_is_by_number():
    city = made.city(supply=made.supply().iloc[:0])
    event = made.event(outages=(Outage(("mast",), 0.0, HOUR),))
    assert lost_supply(city, event, "telecom", at=0.0) == 0.5
    assert lost_supply(city, event, "heat", at=0.0) == 0.0


def test_doors_take_longer_among_more_households():
    ready = made.city().prepare(door_pairs=10).preparedness
    rates = [channels(ready, Working(), 0.0, homes, WarningSettings())[3].rate for homes in (100.0, 1000.0)]
    assert rates == pytest.approx([0.1, 0.01])


def test_people_speak_most_with_their_own():
    table = contacts(made.city().preparedness, np.array([60.0, 20.0, 15.0, 5.0]), WarningSettings())
    np.testing.assert_allclose(table.sum(axis=1), 0.1)
    assert table[2, 2:].sum() == pytest.approx(0.1 * (0.8 + 0.2 * 0.2))


def test_an_outage_without_water_warns_everybody_and_avoids_nothing():
    city, event = made.city(), made.event("outage", lead_time=3 * HOUR)
    result = warn(city, event, assess(city, None, event))
    assert result.totals["people_at_risk"] == result.avoided == 0.0
    assert result.groups["people"].sum() == 29


def test_a_city_without_households():
    city = made.city(households=made.households().iloc[:0])
    event = made.event()
    result = warn(city, event, assess(city, made.low_flood(1.0), event))
    assert result.avoided == 0.0
    assert len(result.households) == 0
    assert (result.curve["heard"] <= 1.0).all()


def test_same_question_same_answer():
    one, two = warned(**READY), warned(**READY)
    assert one.totals == two.totals
    assert one.groups.equals(two.groups)
