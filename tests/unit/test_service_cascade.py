import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.city.model import SERVICES
from genrejs.errors import InputError
from genrejs.impact.criticality import single_failures
from genrejs.impact.service import (
    CascadeSettings,
    cascade,
    downstream,
    functionality,
    people_behind,
    service_system,
    without_reserves,
)

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, component = CITY["tiny_city"], CITY["component"]
HOURS = np.arange(0.0, 60.0)


def pair(buffer=4.0, loss=1.0, settings=None, levers=None, service="power", **pump):
    """A station that a pump needs."""
    city = tiny_city(
        [component("station", service), component("pump", "water", **pump)],
        [("station", "pump", buffer, loss)],
        [(c, d, 1.0) for c in ("station", "pump") for d in "AB"],
        **(levers or {}),
    )
    return service_system(city, settings)


def outage(system, name, begin, end, hours=HOURS):
    own = np.ones((hours.size, len(system.ids)))
    own[(hours >= begin) & (hours < end), system.ids.index(name)] = 0.0
    return own


def pump_of(system, begin=0, end=24, **more):
    return cascade(system, outage(system, "station", begin, end), HOURS, **more)[:, 1]


def test_nothing_fails_without_a_cause():
    system = pair()
    assert (cascade(system, np.ones((60, 2)), HOURS) == 1).all()


def test_target_stops_when_its_battery_is_empty_and_returns_with_the_supply():
    np.testing.assert_array_equal(pump_of(pair(buffer=4)), np.where((HOURS >= 4) & (HOURS < 24), 0.0, 1.0))


def test_without_buffer_it_stops_in_the_same_hour():
    np.testing.assert_array_equal(pump_of(pair(buffer=0)), np.where(HOURS < 24, 0.0, 1.0))


def test_broken_hours_of_battery_are_counted_exactly():
    pump = pump_of(pair(buffer=4.25))
    assert pump[4] == pytest.approx(0.25)
    assert pump.sum() == pytest.approx(60 - 24 + 4.25)


def test_partial_loss_and_proportional_lack():
    system = pair(buffer=0, loss=0.4)
    own = np.ones((60, 2))
    own[:10, 0] = 0.5
    np.testing.assert_allclose(cascade(system, own, HOURS)[:, 1], np.where(HOURS < 10, 1 - 0.4 * 0.5, 1.0))


def test_half_a_lack_drains_half_as_fast():
    system = pair(buffer=4)
    own = np.ones((60, 2))
    own[:, 0] = 0.5
    np.testing.assert_allclose(cascade(system, own, HOURS)[:, 1], np.where(HOURS < 8, 1.0, 0.5))


def test_restart_takes_its_hours_after_supply_is_back():
    np.testing.assert_array_equal(pump_of(pair(buffer=0, restart=3.0)), np.where(HOURS < 27, 0.0, 1.0))


def test_restart_waits_along_a_chain_but_a_saved_component_does_not_restart():
    np.testing.assert_array_equal(pump_of(pair(buffer=30, restart=3.0)), np.ones(60))


def test_battery_recharges_at_the_stated_rate():
    system = pair(buffer=4, settings=CascadeSettings(recharge=0.5))
    own = outage(system, "station", 0, 4) * outage(system, "station", 6, 10)
    # Drained at 4, two hours of supply give one hour of battery, so it stops at 7.
    np.testing.assert_array_equal(cascade(system, own, HOURS)[:, 1], np.where((HOURS >= 7) & (HOURS < 10), 0.0, 1.0))


def test_two_lost_needs_multiply():
    city = tiny_city(
        [component("a", "power"), component("b", "telecom"), component("c", "water")],
        [("a", "c", 0.0, 0.5), ("b", "c", 0.0, 0.2)],
        [("c", "A", 1.0)],
    )
    system = service_system(city)
    own = np.ones((3, 3))
    own[:, :2] = 0.0
    np.testing.assert_allclose(cascade(system, own, np.arange(3.0))[:, 2], 0.5 * 0.8)


def test_manual_operation_after_its_delay():
    pump = pump_of(pair(buffer=2, service="telecom", fallback=0.3, fallback_delay=6.0))
    expected = np.where(HOURS < 2, 1.0, np.where(HOURS < 6, 0.0, np.where(HOURS < 24, 0.3, 1.0)))
    np.testing.assert_array_equal(pump, expected)


def test_hands_stand_in_for_control_and_never_for_power_unless_it_is_said():
    hands = {"buffer": 0, "fallback": 0.3, "fallback_delay": 6.0}
    np.testing.assert_array_equal(pump_of(pair(**hands)), np.where(HOURS < 24, 0.0, 1.0))
    said = pump_of(pair(**hands, settings=CascadeSettings(by_hand=("power",))))
    np.testing.assert_array_equal(said, np.where(HOURS < 6, 0.0, np.where(HOURS < 24, 0.3, 1.0)))
    with pytest.raises(InputError, match=r"cascade.by_hand names 'steam'"):
        CascadeSettings(by_hand=("steam",))


def test_what_is_run_by_hand_still_gets_no_more_than_its_power_allows():
    city = tiny_city(
        [component("grid", "power"), component("net", "telecom"), component("pump", "water", fallback=0.8)],
        [("grid", "pump", 0.0, 0.5), ("net", "pump", 0.0, 1.0)],
        [("pump", "A", 1.0)],
    )
    system = service_system(city)
    own = np.ones((3, 3))
    own[:, :2] = 0.0
    np.testing.assert_allclose(cascade(system, own, np.arange(3.0))[:, 2], 0.8 * 0.5)


def test_city_wide_manual_operation_is_for_digital_components_only():
    levers = {"fallback": 0.5, "fallback_delay": 8.0}
    digital = pump_of(pair(buffer=0, service="digital", levers=levers, digital=True))
    np.testing.assert_array_equal(digital, np.where(HOURS < 8, 0.0, np.where(HOURS < 24, 0.5, 1.0)))
    assert pump_of(pair(buffer=0, service="digital", levers=levers, digital=False))[20] == 0.0


def test_no_manual_operation_where_the_place_itself_is_down_but_with_a_sound_site():
    system = pair(fallback=0.3, fallback_delay=2.0)
    own = outage(system, "pump", 0, 10)
    assert (cascade(system, own, HOURS)[:10, 1] == 0).all()
    by_hand = cascade(system, own, HOURS, site=np.ones_like(own))[:10, 1]
    np.testing.assert_array_equal(by_hand, np.where(HOURS[:10] < 2, 0.0, 0.3))


def ring(restart=0.0, loss=1.0, buffer=4.0):
    city = tiny_city(
        [component("power", "power", restart=restart), component("telecom", "telecom", restart=restart)],
        [("power", "telecom", buffer, loss), ("telecom", "power", buffer, loss)],
        [(c, d, 1.0) for c in ("power", "telecom") for d in "AB"],
    )
    return service_system(city)


def test_a_ring_of_needs_falls_and_starts_up_together():
    system = ring(restart=2.0)
    value = cascade(system, outage(system, "power", 0, 10), HOURS)
    np.testing.assert_array_equal(value[:, 1], np.where((HOURS >= 4) & (HOURS < 12), 0.0, 1.0))
    np.testing.assert_array_equal(value[:, 0], np.where(HOURS < 12, 0.0, 1.0))


def test_a_ring_amplifies_a_partial_loss_to_its_fixed_point():
    city = tiny_city(
        [component("a", "power"), component("b", "telecom"), component("c", "water")],
        [("a", "b", 0.0, 0.5), ("b", "a", 0.0, 0.5), ("c", "a", 0.0, 0.4)],
        [("a", "A", 1.0)],
    )
    system = service_system(city)
    own = np.ones((2, 3))
    own[:, 2] = 0.0
    a, b, _ = cascade(system, own, np.arange(2.0))[1]
    assert b == pytest.approx(1 - 0.5 * (1 - a), abs=1e-7)
    assert a == pytest.approx(0.6 * (1 - 0.5 * (1 - b)), abs=1e-7)


def either_of_two(buffer=0.0, loss=1.0):
    """A waterworks that runs on either of two feeders."""
    links = pd.DataFrame(
        [("a", "works", buffer, loss, "feed"), ("b", "works", buffer, loss, "feed")],
        columns=["source", "target", "buffer", "loss", "either"],
    )
    parts = [component("works", "water"), component("a", "power"), component("b", "power")]
    return service_system(tiny_city(parts, [], [("works", "A", 1.0)]).change(links=links))


def test_one_of_two_sources_is_enough_and_both_lost_is_a_loss():
    system = either_of_two(buffer=4.0)
    one = outage(system, "a", 0, 24)
    assert (cascade(system, one, HOURS)[:, 0] == 1).all()
    both = one * outage(system, "b", 0, 24)
    np.testing.assert_array_equal(cascade(system, both, HOURS)[:, 0], np.where((HOURS >= 4) & (HOURS < 24), 0.0, 1.0))


def test_two_halves_of_two_sources_make_a_whole():
    system = either_of_two(loss=0.5)
    own = np.ones((2, 3))
    own[:, 1:] = [[0.5, 0.5], [0.25, 0.25]]
    np.testing.assert_allclose(cascade(system, own, np.arange(2.0))[:, 0], [1.0, 1 - 0.5 * 0.5])


def test_sources_that_stand_in_for_each_other_share_one_battery():
    city = tiny_city([component("w", "water"), component("a", "power"), component("b", "power")], [], [("w", "A", 1.0)])
    links = pd.DataFrame(
        [("a", "w", 4.0, 1.0, "feed"), ("b", "w", 6.0, 1.0, "feed")],
        columns=["source", "target", "buffer", "loss", "either"],
    )
    with pytest.raises(InputError, match="same buffer"):
        service_system(city.change(links=links))
    plain = service_system(city.change(links=links.assign(either=[None, ""])))
    assert plain.wiring.ways.tolist() == [1, 1]


def test_daily_steps_hold_the_same_area_as_hourly_ones():
    system = pair(buffer=30.0)
    days = np.arange(0.0, 240.0, 24.0)
    hours = np.arange(0.0, 240.0)
    daily = cascade(system, outage(system, "station", 0, 96, days), days)[:, 1]
    hourly = cascade(system, outage(system, "station", 0, 96, hours), hours)[:, 1]
    assert 24 * (1 - daily).sum() == pytest.approx((1 - hourly).sum()) == pytest.approx(96 - 30)


def test_functionality_follows_the_supply_shares():
    city = tiny_city(
        [component("n", "power"), component("s", "power")],
        [],
        [("n", "A", 0.75), ("s", "A", 0.25), ("s", "B", 1.0)],
    )
    system = service_system(city)
    f = functionality(system, np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]))
    assert f.shape == (len(SERVICES), 2, 3)
    power = SERVICES.index("power")
    np.testing.assert_allclose(f[power], [[1.0, 0.25, 0.75], [1.0, 1.0, 0.0]])
    assert (np.delete(f, power, axis=0) == 1).all()
    assert system.people.tolist() == [40.0, 40.0]


def test_single_failures_rank_what_hurts_most():
    table = single_failures(pair(buffer=4))
    assert table["id"].tolist() == ["station", "pump"]
    # 80 residents: the station's own 48 h of power and, after four hours of tank, 44 h of water.
    assert table["people_hours"].tolist() == pytest.approx([80 * (48 + 44), 80 * 48])
    assert table["own_people_hours"].tolist() == pytest.approx([80 * 48, 80 * 48])
    assert table["others"].tolist() == ["water", ""]


def test_people_behind_a_component_include_all_downstream():
    system = pair()
    np.testing.assert_array_equal(downstream(system), [[True, True], [False, True]])
    np.testing.assert_allclose(people_behind(system, system.people), [160.0, 80.0])


def test_without_reserves_has_neither_battery_nor_hand():
    assert pump_of(without_reserves(pair(buffer=4, fallback=0.5)))[0] == 0.0


def test_a_city_without_lifelines_has_full_functionality():
    system = service_system(tiny_city())
    assert (functionality(system, cascade(system, np.ones((3, 0)), np.arange(3.0))) == 1).all()
    assert single_failures(system).empty


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"links": pd.DataFrame([("x", "pump", 1.0, 1.0)], columns=["source", "target", "buffer", "loss"])},
            "names 'x'",
        ),
        (
            {"links": pd.DataFrame([("pump", "pump", -1.0, 1.0)], columns=["source", "target", "buffer", "loss"])},
            "0 or more",
        ),
        (
            {"links": pd.DataFrame([("pump", "pump", 1.0, 1.5)], columns=["source", "target", "buffer", "loss"])},
            "0 to 1",
        ),
        ({"supply": pd.DataFrame([("pump", "A", 0.5)], columns=["component", "district", "share"])}, "sum to 0.500"),
        ({"supply": pd.DataFrame([("pump", "Q", 1.0)], columns=["component", "district", "share"])}, "names 'Q'"),
    ],
)
def test_wrong_tables_are_named(change, words):
    city = tiny_city([component("pump", "water")], [], [("pump", "A", 1.0)]).change(**change)
    with pytest.raises(InputError, match=words):
        service_system(city)


def test_wrong_times_and_shapes_are_named():
    system = pair()
    with pytest.raises(InputError, match="2 components"):
        cascade(system, np.ones((3, 1)), np.arange(3.0))
    with pytest.raises(InputError, match="rise"):
        cascade(system, np.ones((3, 2)), np.array([0.0, 2.0, 1.0]))
