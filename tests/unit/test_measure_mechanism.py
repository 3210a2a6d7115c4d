"""A measure works through its mechanism: the intermediate moves with it, and back when the mechanism is switched off."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from shapely import box

from genrejs.city.structures import Gate, Pump, Storage, Wall
from genrejs.errors import InputError
from genrejs.hazard.flood.problem import Series
from genrejs.impact.service import cascade, service_system
from genrejs.measure.catalogue import apply_measure
from genrejs.measure.houses import GONE
from genrejs.measure.places import covered, ground_at_buildings


@pytest.fixture(scope="module")
def city():
    place = Path(__file__).parents[1] / "contract" / "test_measures.py"
    spec = importlib.util.spec_from_file_location("contract_measures", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.small_city()


def hours_lost(city, failing, watched, duration=36):
    """Hours of function that `watched` loses while `failing` is down for `duration` hours."""
    system = service_system(city)
    hours = np.arange(0.0, 72.0)
    own = np.ones((hours.size, len(system.ids)))
    own[:duration, system.ids.index(failing)] = 0.0
    return float((1 - cascade(system, own, hours))[:, system.ids.index(watched)].sum())


def test_backup_power_carries_the_hospital_through_the_outage(city):
    assert hours_lost(city, "grid", "hospital") == 36 - 12
    assert hours_lost(apply_measure(city, "backup_power"), "grid", "hospital") == 0
    assert hours_lost(apply_measure(city, "backup_power", {"buffer": 24.0}), "grid", "hospital") == 36 - 24
    assert hours_lost(apply_measure(city, "backup_power", {"buffer": 0.0}), "grid", "hospital") == 36 - 12


def test_segmented_networks_soften_the_loss_of_control(city):
    bare = city.prepare(fallback=0.0)
    before = hours_lost(bare, "it", "grid")
    assert before == pytest.approx(0.5 * 35)
    assert hours_lost(apply_measure(bare, "segmented_networks"), "it", "grid") == pytest.approx(0.4 * before)
    off = apply_measure(bare, "segmented_networks", {"reduction": 0.0})
    assert hours_lost(off, "it", "grid") == before


def test_running_by_hand_keeps_a_share_going(city):
    total = city.change(links=city.links.assign(loss=1.0)).prepare(fallback=0.0)
    before = hours_lost(total, "it", "grid")
    by_hand = hours_lost(apply_measure(total, "manual_fallback"), "it", "grid")
    sooner = hours_lost(apply_measure(total, "manual_fallback", {"delay": 1.0}), "it", "grid")
    assert before == 35 and sooner < by_hand < before
    assert hours_lost(apply_measure(total, "manual_fallback", {"fallback": 0.0}), "it", "grid") == before


def test_water_parking_takes_the_top_off_the_flood_wave(city):
    from genrejs.hazard.water import parked

    wave = Series(np.array([0.0, 8.0, 20.0]) * 3600, np.array([1.5, 20.0, 1.5]))

    def peak(**settings):
        (store,) = apply_measure(city, "water_parking", settings).structures
        return float(parked(wave, store, 72_000.0).values.max())

    assert peak() == 11.0
    assert peak(volume=40_000.0) > 19.0
    assert peak(volume=0.0) == pytest.approx(20.0)


# --- Lifelines: hours of function that are lost, in closed form ----------------------------------------------------


def test_a_loop_carries_the_clinic_when_its_station_fails_but_not_when_the_grid_does(city):
    bare = city.prepare(fallback=0.0)
    looped = apply_measure(bare, "supply_loops")
    assert hours_lost(bare, "east", "clinic", 30) == 30 - 2 + 4
    assert hours_lost(looped, "east", "clinic", 30) == 0
    assert hours_lost(looped, "grid", "clinic", 30) == hours_lost(bare, "grid", "clinic", 30) > 0
    assert apply_measure(city, "supply_loops", {"reach": 500.0}).links.equals(city.links)


def test_a_loop_never_lets_a_station_stand_in_for_the_grid_above_it(city):
    links = apply_measure(city, "supply_loops").links
    ties = links[links["either"] != ""]
    assert set(ties["source"]) == {"east", "west"} and set(ties["target"]) == {"clinic", "sewage"}
    assert apply_measure(apply_measure(city, "supply_loops"), "supply_loops").links.equals(links)


def test_an_island_keeps_its_share_of_each_station(city):
    assert hours_lost(city, "grid", "east") == 36
    assert hours_lost(apply_measure(city, "islanding"), "grid", "east") == pytest.approx(0.6 * 36)
    assert hours_lost(apply_measure(city, "islanding", {"share": 0.0}), "grid", "east") == 36


def test_spare_parts_shorten_technical_work_only(city):
    ready = apply_measure(city, "spare_parts", {"repair": 150.0, "restart": 2.0}).components.set_index("id")
    assert (
        ready["repair"].to_dict() | {"hospital": 400.0, "bridge": 400.0, "clinic": 400.0} == ready["repair"].to_dict()
    )
    assert ready.loc["sewage", "repair"] == 150 and ready.loc["sewage", "restart"] == 2
    assert ready.loc["clinic", "restart"] == 4


def test_tested_copies_start_what_runs_on_municipal_it_sooner(city):
    assert hours_lost(city, "clinic", "clinic", 30) == 30 + 4
    assert hours_lost(apply_measure(city, "patching"), "clinic", "clinic", 30) == 30 + 2


def test_mirrored_systems_give_time(city):
    mirrored = apply_measure(city, "it_redundancy").prepare(fallback=0.0)
    assert hours_lost(city.prepare(fallback=0.0), "it", "grid") == pytest.approx(0.5 * (36 - 1))
    assert hours_lost(mirrored, "it", "grid") == pytest.approx(0.5 * (36 - 24))


def test_sensors_have_a_dark_side(city):
    bare, wired = city.prepare(fallback=0.0), apply_measure(city, "sensors").prepare(fallback=0.0)
    assert hours_lost(bare, "exchange", "sewage") == pytest.approx(0.3 * (36 - 6))
    assert hours_lost(wired, "exchange", "sewage") == pytest.approx(0.5 * (36 - 4))
    unlinked = city.change(links=city.links[city.links["source"] != "exchange"].reset_index(drop=True))
    assert len(apply_measure(unlinked, "sensors").links) == len(unlinked.links) + 1


def test_sensors_need_telecom(city):
    deaf = city.change(components=city.components[city.components["service"] != "telecom"])
    with pytest.raises(InputError, match="no component of telecom"):
        apply_measure(deaf, "sensors")


# --- Water and ground ----------------------------------------------------------------------------------------------


def test_the_share_of_cells_that_roofs_cover_keeps_their_area(city):
    roofs = [box(533480, 6173480, 533530, 6173520), box(535010, 6173010, 535020, 6173020)]
    share = covered(city, roofs)
    assert share.sum() * city.grid.cell**2 == pytest.approx(50 * 40 + 100)
    assert (share > 0).sum() == 5 and share.max() <= 1


def test_green_roofs_hold_what_they_are_set_to_on_large_roofs(city):
    planted = apply_measure(city, "green_roofs").terrain["infiltration"].to_numpy()
    area = 900 + 400
    held = planted.sum() * city.grid.cell**2 * 2 * 3600
    assert held == pytest.approx(0.5 * 0.025 * area)


def test_wet_meadows_hold_their_area_times_their_depth(city):
    (store,) = apply_measure(city, "wetlands", {"hectares": 100.0, "depth": 0.3}).structures
    assert isinstance(store, Storage) and store.stream == "Vejle Å" and store.volume == pytest.approx(300_000)


def test_wider_sewers_take_the_ten_year_rain_in_their_quarters_only(city):
    drains = apply_measure(city, "separate_sewers").terrain["drain_capacity"].to_numpy()
    assert set(np.unique(drains)) == {3e-6, 2.3e-5}
    assert 1e6 < (drains > 3e-6).sum() * city.grid.cell**2 < 2e6


def test_the_barrier_closes_the_fjord_and_the_sea_begins_outside_it(city):
    dammed = apply_measure(city, "fjord_barrier")
    south, north = (part for part in dammed.structures if isinstance(part, Wall))
    (gate,) = (part for part in dammed.structures if isinstance(part, Gate))
    assert (south.line.coords[-1], north.line.coords[0]) == (gate.line.coords[0], gate.line.coords[-1])
    assert dammed.open_sea.bounds[0] == gate.outer.x - 50 > city.open_sea.bounds[0]
    assert {south.crest, north.crest, gate.crest} == {3.0}
    with pytest.raises(InputError, match="needs open sea outside the barrier"):
        apply_measure(city.change(open_sea=box(534900, 6172000, 535000, 6173000)), "fjord_barrier")


def test_more_pumps_stand_beside_the_sluice(city):
    both = apply_measure(apply_measure(city, "sluice_pumps"), "more_pumps")
    assert {part.id: part.capacity for part in both.structures if isinstance(part, Pump)} == {
        "sluice_pumps": 7.5, "mill_pumps": 4.0,
    }  # fmt: skip


# --- Houses --------------------------------------------------------------------------------------------------------


def test_who_is_bought_out_moves_up_and_nobody_is_lost(city):
    moved = apply_measure(city, "relocation", {"share": 1.0})
    low = (ground_at_buildings(city) < 1.5) & (city.buildings["residents"] > 0) & (city.buildings["jobs"] == 0)
    after = moved.buildings
    assert low.sum() == 14 and (after.loc[low, "residents"] == 0).all()
    assert (after.loc[low, "protected_to"] == GONE).all() and (after.loc[~low, "protected_to"] == 0).all()
    arrived = moved.households["building"] != city.households["building"]
    assert arrived.sum() == 14 and (ground_at_buildings(city)[moved.households.loc[arrived, "building"]] >= 5).all()
    some = apply_measure(city, "relocation", {"share": 0.5}).buildings["residents"] == 0
    assert set(np.flatnonzero(some)) <= set(np.flatnonzero(after["residents"] == 0))


def test_there_must_be_a_home_to_move_to(city):
    with pytest.raises(InputError, match="no home on ground of 50 m or more"):
        apply_measure(city, "relocation", {"safe": 50.0})


def test_floors_are_raised_in_homes_and_stock_is_lifted_in_firms(city):
    homes = apply_measure(city, "raised_floors", {"share": 1.0}).buildings["floor_level"]
    firms = apply_measure(city, "business_continuity", {"share": 1.0}).buildings["floor_level"]
    low = ground_at_buildings(city) < 2
    assert (homes == np.where(low & (city.buildings["residents"] > 0), 0.9, 0.2)).all()
    assert (firms == np.where(low & (city.buildings["jobs"] > 0), 0.8, 0.2)).all()
    assert (apply_measure(city, "raised_floors", {"share": 1.0, "floor": 0.1}).buildings["floor_level"] == 0.2).all()


def test_the_old_town_and_the_houses_of_culture_keep_water_out(city):
    old = apply_measure(city, "old_town").buildings
    assert (old["protected_to"] == np.where(old["year"] < 1920, 0.8, 0.0)).all()
    plan = apply_measure(city, "heritage_plan").buildings
    assert (plan["protected_to"] == np.where(plan["bbr_code"] == 413, 1.0, 0.0)).all()
