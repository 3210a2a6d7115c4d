"""What hurts most, worked out by hand on small networks: 80 people, 48 hours, nothing else."""

import runpy
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.city.districts import embedded_districts
from genrejs.city.lifelines import embedded_lifelines
from genrejs.errors import InputError
from genrejs.impact.criticality import (
    FailureSettings,
    Group,
    colocated,
    common_causes,
    failures,
    group_failures,
    pair_failures,
    people_hours,
    read_groups,
    single_failures,
    single_points,
)
from genrejs.impact.service import cascade, functionality, service_system, without_reserves

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, component = CITY["tiny_city"], CITY["component"]
PEOPLE, HOURS = 80.0, 48.0
SERVICES = ("power", "water", "heat", "telecom", "digital", "care")


def network(links, names="abc", supply=None, either=None, **figures):
    """Components a, b, c ... of one service each, each for everybody unless `supply` says otherwise."""
    parts = [component(name, SERVICES[i], **figures) for i, name in enumerate(names)]
    rows = [(name, d, 1.0) for name in names for d in "AB"] if supply is None else supply
    city = tiny_city(parts, links, rows)
    return city if either is None else city.change(links=city.links.assign(either=either))


def alone(table):
    return dict(zip(table["id"], table["people_hours"], strict=True))


def both(table, column="people_hours"):
    return {frozenset(row): value for *row, value in table[["first", "second", column]].itertuples(index=False)}


def pair(a, b):
    return frozenset((a, b))


def test_a_chain_falls_from_its_head():
    system = service_system(network([("a", "b", 0.0, 1.0), ("b", "c", 0.0, 1.0)]))
    assert alone(single_failures(system)) == pytest.approx(
        {n: k * PEOPLE * HOURS for n, k in zip("abc", (3, 2, 1), strict=True)}
    )
    table = pair_failures(system)
    assert both(table) == pytest.approx({pair("a", "b"): 3 * 3840, pair("a", "c"): 3 * 3840, pair("b", "c"): 2 * 3840})
    # What falls anyway cannot fall twice.
    assert both(table, "interaction") == pytest.approx(
        {pair("a", "b"): -2 * 3840, pair("a", "c"): -3840, pair("b", "c"): -3840}
    )


def test_two_in_parallel_cost_nothing_alone_and_everything_together():
    links = [("a", "c", 0.0, 1.0), ("b", "c", 0.0, 1.0)]
    system = service_system(network(links, supply=[("c", d, 1.0) for d in "AB"], either="feed"))
    assert alone(single_failures(system)) == pytest.approx({"c": 3840, "a": 0, "b": 0})
    table = pair_failures(system)
    assert both(table)[pair("a", "b")] == pytest.approx(PEOPLE * HOURS)
    assert both(table, "interaction")[pair("a", "b")] == pytest.approx(PEOPLE * HOURS)
    assert both(table, "interaction")[pair("a", "c")] == 0.0
    assert single_points(system)["id"].unique().tolist() == ["c"]


def test_two_needs_in_a_row_are_no_parallel():
    links = [("a", "c", 0.0, 1.0), ("b", "c", 0.0, 1.0)]
    system = service_system(network(links, supply=[("c", d, 1.0) for d in "AB"]))
    assert alone(single_failures(system)) == pytest.approx({"a": 3840, "b": 3840, "c": 3840})
    assert both(pair_failures(system), "interaction")[pair("a", "b")] == pytest.approx(-3840)


def test_a_battery_that_outlasts_the_outage_costs_nothing():
    supply = [("b", d, 1.0) for d in "AB"]
    system = service_system(network([("a", "b", 50.0, 1.0)], "ab", supply))
    assert alone(single_failures(system, FailureSettings(48.0, after=24.0)))["a"] == 0.0
    assert alone(single_failures(system, FailureSettings(60.0)))["a"] == pytest.approx(PEOPLE * 10)


def test_a_ring_falls_as_a_whole():
    # Four hours of battery each way round: own 48 h, the next 44 h, the one after 40 h.
    system = service_system(network([("a", "b", 4.0, 1.0), ("b", "c", 4.0, 1.0), ("c", "a", 4.0, 1.0)]))
    assert alone(single_failures(system)) == pytest.approx(dict.fromkeys("abc", PEOPLE * (48 + 44 + 40)))
    # a and b down: c is 44 h without b.
    assert both(pair_failures(system)) == pytest.approx(
        {pair(*two): PEOPLE * (48 + 48 + 44) for two in ("ab", "bc", "ca")}
    )


def test_six_components_two_branches_and_what_does_not_touch_is_a_sum():
    links = [("a", "b", 0.0, 0.5), ("a", "c", 10.0, 1.0), ("d", "e", 0.0, 1.0)]
    system = service_system(network(links, "abcdef"))
    expected = {"a": 48 + 24 + 38, "b": 48, "c": 48, "d": 96, "e": 48, "f": 48}
    assert alone(single_failures(system)) == pytest.approx({name: PEOPLE * value for name, value in expected.items()})
    table = both(pair_failures(system), "interaction")
    overlapping = {pair("a", "b"): -24, pair("a", "c"): -38, pair("d", "e"): -48}
    assert table == pytest.approx(
        {pair(*two): PEOPLE * overlapping.get(pair(*two), 0) for two in combinations("abcdef", 2)}
    )


def test_the_hours_after_the_outage_count_the_restart():
    system = service_system(network([("a", "b", 0.0, 1.0)], "ab", restart=3.0))
    assert alone(single_failures(system))["b"] == pytest.approx(PEOPLE * 48)
    late = alone(single_failures(system, FailureSettings(after=10.0)))
    # b waits for a, and then takes its own three hours.
    assert late == pytest.approx({"a": PEOPLE * (51 + 54), "b": PEOPLE * 51})


def test_where_the_place_stands_people_work_by_hand():
    system = service_system(network([], "a", fallback=0.25, fallback_delay=8.0))
    assert alone(single_failures(system))["a"] == pytest.approx(PEOPLE * 48)
    stands = single_failures(system, FailureSettings(sound=True))
    assert alone(stands)["a"] == pytest.approx(PEOPLE * (48 - 0.25 * 40))


def test_a_single_point_of_failure_stops_a_service_for_a_district():
    supply = [("a", "A", 0.75), ("b", "A", 0.25), ("b", "B", 1.0), ("c", "A", 1.0)]
    parts = [component("a", "power"), component("b", "power"), component("c", "water")]
    system = service_system(tiny_city(parts, [("b", "c", 6.0, 0.97)], supply))
    table = single_points(system)
    found = {tuple(row) for row in table[["id", "service", "district", "people", "hours"]].itertuples(index=False)}
    # Alone, a takes three quarters of A's power: no stop. b stops B's power, and after six hours 97 % of A's water.
    assert found == {("b", "power", "B", 40.0, 48.0), ("b", "water", "A", 40.0, 42.0), ("c", "water", "A", 40.0, 48.0)}


def test_a_common_cause_is_the_simultaneous_outage_of_its_members():
    city = network([("a", "b", 2.0, 0.7), ("b", "d", 3.0, 0.6), ("d", "a", 5.0, 0.9), ("c", "d", 0.0, 0.4)], "abcd")
    system = service_system(city)
    own = np.ones((48, 4))
    own[:, [1, 2]] = 0.0
    lost = 1.0 - functionality(system, cascade(system, own, np.arange(48.0)))
    table = group_failures(system, [Group("bc", "vendor", "bc", "bc", ("b", "c"))])
    assert table.loc[0, "people_hours"] == pytest.approx(float((lost.sum(axis=2) @ system.people).sum()))
    assert table.loc[0, "people_hours"] == pytest.approx(both(pair_failures(system))[pair("b", "c")])
    one = alone(single_failures(system))
    assert table.loc[0, "worst_single"] == pytest.approx(max(one["b"], one["c"]))
    assert table.loc[0, "singles"] == pytest.approx(one["b"] + one["c"])
    assert table.loc[0, "services"] == "power, heat, water, telecom"


def test_places_near_one_another_are_a_group_and_groups_inside_others_are_not():
    at = {"a": 0.0, "b": 80.0, "c": 160.0, "d": 500.0, "e": 550.0, "f": 900.0}
    city = tiny_city([component(name, "power", x=x) for name, x in at.items()])
    groups = {group.id: group.components for group in colocated(city, 100.0)}
    assert groups == {"place_b": ("a", "b", "c"), "place_d": ("d", "e")}
    assert colocated(city, 10.0) == () and colocated(tiny_city(), 10.0) == ()
    with pytest.raises(InputError, match="distance"):
        colocated(city, -1.0)


def test_no_components_no_tables():
    system = service_system(tiny_city())
    for table in (single_failures(system), pair_failures(system), single_points(system), group_failures(system, [])):
        assert table.empty


@pytest.mark.parametrize(
    ("settings", "word"), [(FailureSettings(1.5), "duration"), (FailureSettings(4.0, -1.0), "after")]
)
def test_hours_are_whole(settings, word):
    with pytest.raises(InputError, match=f"The {word} of a failure must be a whole number"):
        single_failures(service_system(network([], "a")), settings)


def test_unknown_members_are_named():
    system = service_system(network([], "ab"))
    with pytest.raises(InputError, match="names component number 2; the city has 0 to 1"):
        failures(system, [[0, 2]])
    with pytest.raises(InputError, match="'g' names the component 'x'"):
        group_failures(system, [Group("g", "vendor", "g", "g", ("a", "x"))])


GROUP = 'kind = "vendor"\nname_da = "g"\nname_en = "g"\nsource = "s"\ncertainty = "constructed"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[g", "a group is a table"),
        ("g = 1", "a group is a table"),
        (f"[g]\n{GROUP}", "a group is a table"),
        (f'[g]\n{GROUP}components = ["a", "b"]\nweight = 1', "a group is a table"),
        (f'[g]\n{GROUP}components = ["a"]', "two or more"),
        (f'[g]\n{GROUP}components = ["a", "a"]', "two or more"),
        (f'[g]\n{GROUP}components = ["a", "b"]'.replace("vendor", "luck"), "accepted are vendor"),
    ],
)
def test_wrong_groups_are_named(text, words):
    with pytest.raises(InputError, match=words):
        read_groups(text, "here")


def embedded_lines():
    """The embedded lifelines and residents of each district, without terrain and houses."""
    lines, districts = embedded_lifelines(), embedded_districts()
    homes = pd.DataFrame({"district": districts["id"], "residents": districts["residents"]})
    return tiny_city().change(
        districts=districts, buildings=homes, components=lines.components, links=lines.links, supply=lines.supply
    )


@pytest.fixture(scope="module")
def vejle():
    return embedded_lines()


def test_the_embedded_groups_name_its_components(vejle):
    groups = common_causes()
    assert {group.kind for group in groups} >= {"vendor", "substation", "firewall"}
    assert {part for group in groups for part in group.components} <= set(vejle.components["id"])
    assert all(group.source and group.certainty == "constructed" for group in groups)
    for group in (group for group in groups if group.kind == "substation"):
        head, *others = group.components
        fed = set(vejle.links["target"][vejle.links["source"] == head])
        assert set(others) <= fed


def test_pairs_that_share_nothing_are_sums_in_the_embedded_city_too(vejle):
    system = service_system(vejle)
    settings = FailureSettings(12.0)
    table = pair_failures(system, settings)
    some = table.iloc[:: len(table) // 60]
    rows = [[system.ids.index(row.first), system.ids.index(row.second)] for row in some.itertuples()]
    brute = people_hours(system, failures(system, rows, settings)).sum(axis=1)
    np.testing.assert_allclose(some["people_hours"], brute, rtol=1e-12)
    np.testing.assert_allclose(table["people_hours"] - table["singles"], table["interaction"], atol=1e-3)
    assert len(table) == 80 * 79 // 2


def test_the_embedded_city_hangs_on_its_substation(vejle):
    system = service_system(vejle)
    worst = single_failures(system).iloc[0]
    assert worst["id"] == "grid_nord" and worst["own_people_hours"] == 0.0
    stopped = single_points(system).query("id == 'grid_nord' and service == 'power'")
    # Nobody replaces power by hand: the stations stand still as long as the grid does.
    assert set(stopped["district"]) == set(system.districts) and (stopped["hours"] == 48.0).all()
    bare = single_points(without_reserves(system)).query("id == 'grid_nord' and service == 'power'")
    assert set(bare["district"]) == set(system.districts) and (bare["hours"] == 48.0).all()
