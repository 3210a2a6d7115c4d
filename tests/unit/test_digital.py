"""The digital layer: what smart measures come to depend on, and attacks with and without working by hand."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shapely import LineString, Point

from genrejs.city.structures import Gate, Pump, Wall, Weir
from genrejs.errors import InputError
from genrejs.hazard.catalogue import event, named_events
from genrejs.hazard.event import HOUR, Event
from genrejs.hazard.flood.problem import Series
from genrejs.impact.assess import assess
from genrejs.impact.criticality import FailureSettings, Group, common_causes, failures, people_hours
from genrejs.impact.digital import (
    PRIVACY,
    Attack,
    attack_losses,
    attacked_components,
    attacks,
    digitalise,
    hub,
    misled,
    read_attack,
    smart_measures,
    without_hands,
)
from genrejs.impact.service import service_system

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, component = CITY["tiny_city"], CITY["component"]
EMBEDDED = runpy.run_path(str(Path(__file__).with_name("test_criticality.py")))
PEOPLE = 80.0


def town(links=(), **levers):
    """A data centre, an exchange with a mast, two sewage pumps, a care home."""
    parts = [
        component("data", "digital", digital=True),
        component("exchange", "telecom", digital=True),
        component("mast", "telecom", digital=True),
        component("pump_a", "wastewater", fallback=0.5, fallback_delay=6.0),
        component("pump_b", "wastewater"),
        component("home", "care"),
    ]
    supply = [("pump_a", "A", 1.0), ("pump_b", "B", 1.0), ("home", "A", 1.0), ("home", "B", 1.0)]
    needs = [("exchange", "mast", 0.0, 1.0), ("exchange", "pump_a", 12.0, 0.3), *links]
    return tiny_city(parts, needs, supply, **{"fallback": 0.0, **levers})


def test_a_smart_measure_adds_needs_and_a_common_cause_and_tells_what_it_saves():
    city = town()
    wired = digitalise(city, (), ["remote_pumps"])
    added = {tuple(row) for row in wired.city.links.itertuples(index=False)} - {
        tuple(row) for row in city.links.itertuples(index=False)
    }
    assert added == {
        ("exchange", "pump_a", 4.0, 0.5),  # tightened: 12 h and 0.3 stood before
        ("exchange", "pump_b", 4.0, 0.5),
        ("data", "pump_a", 4.0, 0.4),
        ("data", "pump_b", 4.0, 0.4),
    }
    assert len(wired.city.links) == len(city.links) + 3
    (group,) = wired.groups
    assert (group.id, group.kind, group.components) == ("cloud_control", "vendor", ("pump_a", "pump_b"))
    assert wired.ledger.to_dict("records") == [
        {"id": "remote_pumps", "saving": 0.10, "links": 4, "members": 2, "privacy": "none"}
    ]
    for part in ("components", "supply", "buildings", "structures", "preparedness"):
        assert getattr(wired.city, part) is getattr(city, part)


def test_the_price_of_the_saving_by_hand():
    # The exchange alone, 48 h. Before: pump_a has 12 h, then loses 0.3. After: both 4 h, then 0.5 (and the data centre
    # runs). Each pump serves 40 people.
    before, after = (
        people_hours(system, failures(system, [[1]], FailureSettings()))[0].sum()
        for system in (
            without_hands(service_system(c)) for c in (town(), digitalise(town(), (), ["remote_pumps"]).city)
        )
    )
    assert before == pytest.approx(40 * 36 * 0.3)
    assert after == pytest.approx(80 * 44 * 0.5)


def test_a_looser_need_leaves_a_tighter_one_alone_and_measures_join_one_group():
    city = town([("data", "home", 0.0, 0.9)])
    held = (Group("vendor_care_record", "vendor", "x", "x", ("home",)),)
    wired = digitalise(city, held, ["telecare", "telecare"])
    links = wired.city.links.set_index(["source", "target"])
    assert links.loc[("data", "home")].tolist() == [0.0, 0.9]
    assert links.loc[("exchange", "home")].tolist() == [0.0, 0.5]
    assert wired.groups[0].components == ("home",) and wired.ledger["members"].tolist() == [0, 0]


def test_alternatives_stay_alternatives():
    city = town()
    city = city.change(links=city.links.assign(either=["", "feed"]))
    links = digitalise(city, (), ["remote_pumps"]).city.links
    kept = links[(links["target"] == "pump_a") & (links["source"] == "exchange")]
    assert sorted(kept["either"].fillna("")) == ["", "feed"] and len(kept) == 2


def test_the_hub_is_what_most_others_need():
    assert hub(town(), "telecom") == "exchange" and hub(town(), "digital") == "data"
    with pytest.raises(InputError, match="no component of the service 'heat'"):
        hub(town(), "heat")


def test_unknown_measures_and_cities_without_targets_are_named():
    with pytest.raises(InputError, match="Unknown smart measure 'magic'; known are remote_pumps"):
        digitalise(town(), (), ["magic"])
    with pytest.raises(InputError, match="no component of heat for the measure 'smart_heat'"):
        digitalise(town(), (), ["smart_heat"])


def test_every_smart_measure_saves_and_depends_and_says_what_it_knows_about_people():
    for smart in smart_measures().values():
        assert 0 < smart.saving < 1 and smart.needs and smart.targets
        assert all(buffer >= 0 and 0 < loss <= 1 for buffer, loss in smart.needs.values())
        assert smart.privacy in PRIVACY and smart.source and smart.certainty == "constructed"
        assert len({smart.saving_da, smart.saving_en, smart.privacy_da, smart.privacy_en}) == 4


def test_an_attack_without_and_with_hands():
    # pump_a itself is down for 24 h; its place stands: half of it by hand from hour 6.
    attack = Attack("on_a", "a", "a", "s", "constructed", hours=24, components=("pump_a",))
    table = attack_losses(town(), (), [attack]).set_index("by_hand")
    assert table.loc[False, "people_hours"] == pytest.approx(40 * 24)
    assert table.loc[True, "people_hours"] == pytest.approx(40 * (6 + 18 * 0.5))
    assert table.loc[True, "saved"] == pytest.approx(1 - 15 / 24)
    assert table["services"].tolist() == ["wastewater", "wastewater"]


def test_an_attack_takes_components_services_and_groups_each_once():
    groups = (Group("g", "firewall", "g", "g", ("pump_b", "data")),)
    attack = Attack("x", "x", "x", "s", "constructed", 8, ("mast",), ("telecom",), ("g",))
    assert attacked_components(town(), groups, attack) == ("data", "exchange", "mast", "pump_b")
    for field, kind in (("components", "component"), ("services", "service"), ("groups", "group")):
        with pytest.raises(InputError, match=f"names the {kind} 'nothing'"):
            attacked_components(town(), groups, replace(attack, **{field: ("nothing",)}))


def test_wrong_attacks_are_named():
    row = {"title_da": "x", "title_en": "x", "source": "s", "certainty": "constructed"}
    assert read_attack("x", row | {"groups": ["a", "b"]}).groups == ("a", "b")
    with pytest.raises(InputError, match="'x' does not fit"):
        read_attack("x", row | {"colour": "red"})
    with pytest.raises(InputError, match="'x' does not fit"):
        read_attack("x", {"title_da": "x"})
    with pytest.raises(InputError, match="gates are open or shut"):
        read_attack("x", row | {"gates": "ajar"})


# --- The sluice ----------------------------------------------------------------------------------------------------

GATE = Gate("sluice_gate", LineString([(0, 0), (0, 20)]), Point(5, 5), Point(-5, 5), closes_at=1.0, crest=2.5)
PUMP = Pump("sluice_pumps", Point(-5, 5), Point(5, 5), 7.5, 0.8, 0.5)
OTHER = (Weir("divider", Point(0, 0), Point(0, 5), 2.9, 8.0), Wall("sluice_wing", GATE.line, 2.5))


def fjord(hours=6.0, lead=0.0):
    """A sea that passes 1 m after `hours`, forecast `lead` hours before it begins to rise."""
    sea = Series(np.array([0.0, hours, 2 * hours]) * HOUR, np.array([0.0, 1.0001, 2.0]))
    return Event("sea", "surge", "hav", "sea", 2 * hours * HOUR, sea_level=sea, lead_time=lead * HOUR)


def sluiced():
    return tiny_city().change(structures=(GATE, PUMP, *OTHER))


def test_a_sluice_left_open_never_shuts_and_nothing_else_changes():
    wrong = misled(sluiced(), attacks()["sluice_left_open"])
    assert wrong.structures == (replace(GATE, works=False), PUMP, *OTHER)


def test_a_sluice_left_shut_is_a_wall_with_idle_pumps():
    wrong = misled(sluiced(), attacks()["sluice_left_shut"])
    assert wrong.structures == (Wall("sluice_gate", GATE.line, 2.5, GATE.source), replace(PUMP, works=False), *OTHER)


def test_hands_at_the_sluice_help_when_they_come_before_the_water():
    city, attack = sluiced(), attacks()["sluice_left_open"]
    assert misled(city, attack, fjord(6.0)) is city
    assert misled(city, attack, fjord(1.0)).structures[0] == replace(GATE, works=False)
    assert misled(city, attack, fjord(1.0, lead=1.0)) is city
    assert misled(city, attack, Event("dry", "outage", "tør", "dry", HOUR, lead_time=0.0)) is city
    # A gate left shut holds the stream back from the start: only the hours of the forecast count.
    assert misled(city, attacks()["sluice_left_shut"], fjord(6.0, lead=1.9)).structures[0] == Wall(
        "sluice_gate", GATE.line, 2.5
    )
    assert misled(city, attacks()["sluice_left_shut"], fjord(6.0, lead=2.0)) is city


def test_only_structures_that_are_there_can_be_misled():
    with pytest.raises(InputError, match="no gate or pump whose id starts with 'sluice'"):
        misled(tiny_city(), attacks()["sluice_left_open"])
    with pytest.raises(InputError, match="leaves gates and pumps alone"):
        misled(sluiced(), attacks()["telecom_outage"])


# --- The embedded city ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vejle():
    return EMBEDDED["embedded_lines"]()


def test_attacks_on_the_embedded_city_name_what_it_has_and_match_the_events(vejle):
    groups = common_causes()
    assert {a.certainty for a in attacks().values()} == {"constructed"}
    for attack in attacks().values():
        hit = attacked_components(vejle, groups, attack)
        assert bool(hit) != bool(attack.gates or attack.pumps)
        if hit:
            (outage,) = event(attack.event, vejle).outages
            assert set(outage.components) == set(hit) and outage.cyber and outage.duration == attack.hours * HOUR
        else:
            assert not attack.event
    used = {attack.event for attack in attacks().values()} - {""}
    assert used <= set(named_events())


def test_working_by_hand_saves_in_every_attack_on_the_embedded_city(vejle):
    table = attack_losses(vejle, common_causes())
    without, by_hand = (table[table["by_hand"] == way].set_index("id") for way in (False, True))
    assert (by_hand["people_hours"] < without["people_hours"]).all() and len(without) == 4
    assert (by_hand["saved"] > 0.1).all() and (without["saved"] == 0).all()


def test_the_smart_city_loses_more_to_every_first_failure_and_attack(vejle):
    wired = digitalise(vejle, common_causes(), list(smart_measures()))
    course = FailureSettings(48.0)
    plain, smart = (without_hands(service_system(city)) for city in (vejle, wired.city))
    singles = [[i] for i in range(len(plain.ids))]
    before, after = (people_hours(s, failures(s, singles, course)).sum(axis=1) for s in (plain, smart))
    assert (after >= before - 1e-6).all() and (after > before + 1.0).any()
    assert {"cloud_control", "grid_control", "signal_control"} <= {group.id for group in wired.groups}


def test_an_attack_by_name_reaches_the_impact_of_the_chain(vejle):
    hit = assess(vejle.change(buildings=EMBEDDED["CITY"]["tiny_city"]().buildings), None, event("firewall_48h", vejle))
    down = hit.components[hit.components["cyber"]]
    assert len(down) == 10 and (down["down_until"] == 48.0).all()
