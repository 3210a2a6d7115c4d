import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.hazard.event import HOUR, Outage
from genrejs.hazard.flood.problem import Series
from genrejs.impact.assess import TOTALS, ImpactSettings, assess, assess_depths, damage_hazard
from genrejs.impact.damage import DamageSettings
from genrejs.impact.people import people_in_wet_homes
from genrejs.impact.result import Impact
from genrejs.impact.sampling import footprint_cells

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

COLUMNS = ["depth", "depth_inside", "wet", "damage", "cellar", "value_loss", "people", "habitable", "repair", "trade"]


def test_a_metre_of_sea_in_the_low_district():
    impact = assess(made.city(), made.low_flood(1.0), made.event())
    table, total = impact.buildings, impact.totals
    assert list(table.columns) == COLUMNS
    assert table["damage"].iloc[0] == pytest.approx(576_838.09, abs=0.005)
    assert table["damage"].iloc[4] == pytest.approx(2_754_949.95, abs=0.005)
    assert table["damage"].iloc[6] == 30_000.0
    assert table["cellar"].tolist() == [0, 60 * 578, 0, 0, 0, 0, 0]
    assert table["habitable"].tolist() == [False, False, False, True, False, False, False]
    assert table["trade"].tolist() == ["builder"] * 5 + ["electrician", "builder"]
    assert total["buildings_wet"] == total["buildings_damaged"] == 6
    assert total["residents_in_wet_homes"] == 27
    adults = 2 + 2 + 8 + 2
    assert total["people_cost"] == 75_551 * adults
    assert total["value_loss"] == pytest.approx(0.04 * 16_023 * (120 + 120 + 300))
    assert tuple(total) == TOTALS
    assert total["damage_total"] == pytest.approx(sum(total[key] for key in TOTALS[3:8]))


def test_dry_is_free():
    for impact in (
        assess(made.city(), None, made.event("outage")),
        assess(made.city(), made.flood(0.0), made.event()),
        assess(made.city(), made.flood(np.nan), made.event()),
    ):
        assert set(impact.totals.values()) == {0.0}
        assert impact.buildings["habitable"].all()
        assert not impact.components["flooded"].any()


def test_wet_from_five_centimetres_damaged_from_thirty():
    def totals(depth, rules):
        return assess(made.city(), made.low_flood(depth), made.event(), rules).totals

    assert totals(0.05, ImpactSettings())["buildings_wet"] == 0
    shallow = totals(0.06, ImpactSettings())
    assert (shallow["buildings_wet"], shallow["buildings_damaged"], shallow["residents_in_wet_homes"]) == (6, 0, 27)
    assert totals(0.25, ImpactSettings())["buildings_damaged"] == 1  # the cellar alone
    assert totals(0.25, ImpactSettings(damage=DamageSettings(minimum_depth=0.2)))["buildings_damaged"] == 6


def test_the_floor_keeps_water_out_of_the_home():
    table = assess(made.city(), made.low_flood(0.5), made.event()).buildings
    np.testing.assert_allclose(table["depth_inside"], [0.3, 0.3, 0.0, 0.0, 0.4, 0.4, 0.5])
    assert table["habitable"].tolist()[:4] == [False, False, True, True]
    wet_floor = assess(made.city(), made.low_flood(0.22), made.event()).buildings.iloc[0]
    assert (wet_floor["damage"], wet_floor["habitable"], wet_floor["repair"]) == (0.0, False, ImpactSettings().cleanup)


def test_doors_keep_out_water_up_to_their_height_only():
    doors = made.buildings().assign(protected_to=0.6)
    city = made.city(buildings=doors)
    held = assess(city, made.low_flood(0.6), made.event())
    assert held.totals["damage_total"] == 0.0
    assert held.totals["buildings_wet"] == 6  # the street is as wet as before
    assert held.totals["residents_in_wet_homes"] == 0
    assert people_in_wet_homes(city, held)["people"].sum() == 0
    over = assess(city, made.low_flood(0.61), made.event())
    assert over.totals == assess(made.city(), made.low_flood(0.61), made.event()).totals


def test_a_cellar_alone_is_the_plumbers():
    table = assess(made.city(), made.low_flood(0.25), made.event()).buildings
    assert table["trade"].iloc[1] == "plumber"
    assert table["trade"].iloc[0] == "builder"


def test_repair_hours_follow_the_damage():
    table = assess(made.city(), made.low_flood(1.0), made.event()).buildings
    assert table["repair"].iloc[0] == pytest.approx(0.5 * 576_838.09 / 2000.0, rel=1e-6)
    assert table["repair"].iloc[3] == 0.0


def test_components_flood_and_dry_out():
    table = assess(made.city(), made.low_flood(0.5), made.event()).components
    assert table["flooded"].tolist() == [True, False, False, True]
    assert table["dry_after"].tolist() == [24.0, 0.0, 0.0, 24.0]  # 12 h of event and 0.5 m at 24 h/m
    assert table["down_from"].isna().all()


def test_outages_are_carried_over():
    attack = Outage(("data", "exchange"), start=HOUR, duration=48 * HOUR, cyber=True)
    power = Outage(("exchange",), start=0.0, duration=2 * HOUR)
    table = assess(made.city(), None, made.event("outage", outages=(attack, power))).components
    np.testing.assert_array_equal(table["down_from"], [np.nan, 0.0, 1.0, np.nan])
    np.testing.assert_array_equal(table["down_until"], [np.nan, 49.0, 49.0, np.nan])
    assert table["cyber"].tolist() == [False, True, True, False]


def test_each_kind_of_event_has_its_curve():
    level = Series(np.array([0.0]), np.array([1.0]))
    assert damage_hazard(made.event("surge")) == "surge"
    assert damage_hazard(made.event("cloudburst")) == "cloudburst"
    assert damage_hazard(made.event("river")) == "stream"
    assert damage_hazard(made.event("compound")) == "stream"
    assert damage_hazard(made.event("compound", sea_level=level)) == "surge"
    with pytest.raises(InputError, match="kind 'quake'"):
        damage_hazard(made.event("quake"))


def test_a_window_and_a_coarser_grid():
    window = Grid(0.0, 60.0, 10.0, 6, 6)
    seen = assess(made.city(), made.low_flood(1.0, window), made.event())
    assert seen.totals == assess(made.city(), made.low_flood(1.0), made.event()).totals
    coarse = Grid(0.0, 100.0, 20.0, 5, 5)
    assert assess(made.city(), made.low_flood(1.0, coarse), made.event()).totals == seen.totals


def test_index_and_depths_give_the_same_answer():
    city, flood = made.city(), made.low_flood(0.8)
    plain = assess(city, flood, made.event())
    again = assess(city, flood, made.event(), index=footprint_cells(city.buildings.geometry, city.grid))
    direct = assess_depths(
        city, plain.buildings["depth"].to_numpy(), plain.components["depth"].to_numpy(), made.event()
    )
    for other in (again, direct):
        assert isinstance(other, Impact)
        assert other.totals == plain.totals
        assert other.buildings.equals(plain.buildings)
        assert other.components.equals(plain.components)


def test_wrong_input_is_said():
    with pytest.raises(InputError, match="max_depth"):
        assess(made.city(), made.flood(1.0).rename(max_depth="depth"), made.event())
    with pytest.raises(InputError, match="7 building"):
        assess_depths(made.city(), np.zeros(3), np.zeros(4), made.event())
    with pytest.raises(InputError, match="'nowhere'"):
        assess(made.city(), None, made.event("outage", outages=(Outage(("nowhere",), 0.0, 1.0),)))


def test_people_by_group_sum_to_all():
    city = made.city()
    impact = assess(city, made.low_flood(1.0), made.event())
    table = people_in_wet_homes(city, impact)
    assert table.groupby("group")["people"].sum().to_dict() == dict.fromkeys(
        ["age", "district", "income", "language"], 27.0
    )
    found = {(row.group, row.value): row.people for row in table.itertuples()}
    assert found["language", "other"] == 15
    assert found["age", "seniors"] == 6
    assert found["income", "low"] == 23
    assert found["district", "low"] == 27


def test_a_city_without_households_still_counts_people():
    city = made.city(households=made.households().iloc[:0])
    impact = assess(city, made.low_flood(1.0), made.event())
    assert impact.totals["people_cost"] == pytest.approx(75_551 * 0.66 * 27)
    assert people_in_wet_homes(city, impact)["group"].unique().tolist() == ["district"]


def test_a_city_without_components():
    city = made.city(components=made.components().iloc[:0])
    impact = assess(city, made.low_flood(1.0), made.event())
    assert len(impact.components) == 0
    assert impact.totals["buildings_wet"] == 6


def test_road_cost_needs_metres():
    flood, event = made.low_flood(0.5), made.event()
    assert assess(made.city(), flood, event).totals["road_cost"] == 0.0
    streets = made.components().assign(length=200.0)
    assert assess(made.city(components=streets), flood, event).totals["road_cost"] == 200 * 20.0


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 3.0), st.floats(0.0, 1.0), st.sampled_from(["surge", "cloudburst", "river"]))
def test_more_water_never_costs_less_and_doors_never_cost_more(depth, more, kind):
    def totals(water, doors):
        city = made.city(buildings=made.buildings().assign(protected_to=doors))
        return assess_depths(city, np.full(7, water), np.full(4, water), made.event(kind)).totals

    less, deeper, held = totals(depth, 0.0), totals(depth + more, 0.0), totals(depth, 0.5)
    assert all(less[key] <= deeper[key] for key in TOTALS)
    assert all(held[key] <= less[key] for key in TOTALS)


def test_three_decimetres_of_floor_decide_who_can_stay_at_home():
    def homes_lost(shift):
        table = made.buildings()
        city = made.city(buildings=table.assign(floor_level=table["floor_level"] + shift))
        return int((~assess(city, made.low_flood(0.6), made.event()).buildings["habitable"].iloc[:4]).sum())

    assert [homes_lost(shift) for shift in (-0.3, 0.0, 0.3)] == [3, 2, 2]
    assert homes_lost(0.5) == 0
