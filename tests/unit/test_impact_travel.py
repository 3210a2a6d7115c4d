"""Ways in an event on small graphs whose times, isolated people and detours are worked out by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from genrejs.city.grid import Grid
from genrejs.city.landcover import read_land_cover
from genrejs.city.model import City
from genrejs.city.streets import KMH, straight_streets
from genrejs.errors import InputError
from genrejs.impact.access import AccessSettings
from genrejs.impact.result import Impact
from genrejs.impact.travel import bridge_detour, can_travel, city_network, travel

GRID = Grid(west=-105.0, north=405.0, cell=10.0, rows=51, columns=71)
TEN = 10.0  # m/s
TURNOUT = AccessSettings().turnout

# Junctions 0-3 are a square of 300 m; 4 hangs on 2 by a tail of 300 m; a road 3-5 leads west.
X, Y = np.array([0, 300, 300, 0, 550, -100]), np.array([0, 0, 300, 300, 300, 300])
START, END = np.array([0, 1, 2, 3, 2, 3]), np.array([1, 2, 3, 0, 4, 5])
SQUARE = straight_streets(X, Y, START, END, TEN)
TAIL, SOUTH = 4, 0

# house, people, district: at the far corner of the square, at the end of the tail, at the hospital
HOUSES = (((300, 0), 10, "near"), ((550, 300), 7, "far"), ((0, 0), 20, "near"))
SITES = (
    ("hospital", "hospital", 0, 0), ("station", "rescue", 0, 0), ("old_school", "school", 300, 0),
    ("new_school", "school", 0, 300), ("street", "roads", 400, 300),
)  # fmt: skip


def make_city(**parts):
    shapes = [box(x - 2, y - 2, x + 2, y + 2) for (x, y), *_ in HOUSES]
    people = [count for _, count, _ in HOUSES]
    district = [name for *_, name in HOUSES]
    buildings = gpd.GeoDataFrame({"residents": people, "district": district}, geometry=shapes, crs=GRID.crs)
    households = pd.DataFrame(
        {
            "id": range(3), "building": range(3), "persons": people, "children": [2, 0, 5], "adults": [8, 0, 15],
            "seniors": [0, 7, 0], "language": "da", "income": ["low", "low", "high"], "tenure": "owner",
            "car": [True, True, False],
        }
    )  # fmt: skip
    components = pd.DataFrame(SITES, columns=["id", "service", "x", "y"]).assign(fail_depth=0.3)
    fields = {"land_cover": (("y", "x"), np.full(GRID.shape, -1, np.int8))}
    terrain = xr.Dataset(fields, coords={"y": GRID.y, "x": GRID.x})
    empty = pd.DataFrame()
    streams = gpd.GeoDataFrame({"name": [], "width": []}, geometry=[], crs=GRID.crs)
    districts = gpd.GeoDataFrame({"id": ["near", "far"]}, geometry=[Point(0, 0), Point(1, 1)], crs=GRID.crs)
    made = City(
        "Prøveby", GRID, terrain, districts, buildings, households, components, empty, empty, streams, streets=SQUARE
    )
    return made.change(**parts)


def hit(*, flooded=(), off=()):
    """An impact in which components are flooded, or switched off by the event."""
    ids = [id for id, *_ in SITES]
    table = pd.DataFrame(
        {"flooded": [id in flooded for id in ids], "down_from": [1.0 if id in off else np.nan for id in ids]}
    )
    return Impact(pd.DataFrame(), table, {}, {})


def water(depth=0.0, places=(), grid=GRID):
    """Water of `depth` [m] in the cells at `places`, dry elsewhere."""
    field = np.zeros(grid.shape)
    for x, y in places:
        field[grid.index(x, y)] = depth
    return xr.Dataset({"max_depth": (("y", "x"), field)}, coords={"y": grid.y, "x": grid.x})


def row(table, service, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    return table[table["service"] == service].iloc[0]


ON_SOUTH, ON_TAIL = (150, 0), (450, 300)


@pytest.mark.parametrize("flood", [None, water()])
def test_without_water_nothing_changes(flood):
    found = travel(make_city(), flood, hit())
    pd.testing.assert_frame_equal(found.before, found.after)
    assert found.before["hospital"].tolist() == [30.0, 85.0, 0.0]
    assert found.response_after.tolist() == [TURNOUT + 30, TURNOUT + 85, TURNOUT]
    assert (found.cut_off, found.stuck, found.closed_length, found.person_hours) == (0, 0, 0, 0)
    assert found.lost == () and not found.closed.any()
    assert found.in_time == (1.0, 1.0)


def test_one_wet_side_of_a_square_sends_people_round_the_other_three():
    found = travel(make_city(), water(0.4, [ON_SOUTH]), hit())
    assert found.closed.tolist() == [True, False, False, False, False, False]
    assert found.closed_length == 300.0
    assert found.after["hospital"].tolist() == [90.0, 85.0, 0.0]
    assert found.response_after.tolist() == [TURNOUT + 90, TURNOUT + 85, TURNOUT]
    told = row(found.by_service, "hospital")
    assert told["isolated"] == 0
    assert told["person_hours"] == pytest.approx(10 * 60 / 3600)
    assert told["before"] == pytest.approx((10 * 30 + 7 * 85) / 37)
    assert told["after"] == pytest.approx((10 * 90 + 7 * 85) / 37)
    # ten people lose a minute to the hospital and to the station; the hospital's neighbours 300 m to the near school
    assert found.person_hours == pytest.approx(2 * 10 * 60 / 3600)


@pytest.mark.parametrize(("depth", "stuck"), [(0.4, 0.0), (0.6, 7.0)])
def test_who_is_cut_off_behind_a_wet_street_is_counted_and_wades_where_it_is_shallow(depth, stuck):
    found = travel(make_city(), water(depth, [ON_TAIL]), hit())
    assert found.by_service["isolated"].tolist() == [7.0] * len(found.by_service)
    assert found.cut_off == 7.0
    assert found.stuck == stuck
    assert np.isinf(found.response_after).tolist() == [False, True, False]
    assert found.in_time == (1.0, pytest.approx(30 / 37))
    assert row(found.by_group, "hospital", kind="age", group="seniors")["isolated"] == stuck
    assert row(found.by_group, "hospital", kind="age", group="children")["isolated"] == 0


def test_water_that_slows_closes_nothing():
    found = travel(make_city(), water(0.2, [ON_TAIL]), hit())
    assert found.cut_off == 0 and found.closed_length == 0
    assert (found.after >= found.before).all(axis=None)
    assert found.after["hospital"][1] > found.before["hospital"][1]


def test_a_site_that_is_flooded_or_switched_off_helps_nobody():
    for way in ({"flooded": ["old_school"]}, {"off": ["old_school"]}):
        found = travel(make_city(), None, hit(**way))
        assert found.before["school"].tolist() == [0.0, 55.0, 30.0]
        assert found.after["school"].tolist() == [60.0, 55.0, 30.0]
        assert found.lost == ("old_school",)
        # a shelter is a school that stays open, so that the way to it has not become longer
        assert found.before["shelter"].tolist() == found.after["shelter"].tolist() == [60.0, 55.0, 30.0]
    gone = travel(make_city(), None, hit(flooded=["station"]))
    assert np.isinf(gone.response_after).all()
    assert gone.in_time == (1.0, 0.0)
    assert row(gone.by_service, "rescue")["isolated"] == 37


def test_a_road_that_the_event_switches_off_is_closed():
    found = travel(make_city(), None, hit(off=["street"]))
    assert np.flatnonzero(found.closed).tolist() == [TAIL]
    assert found.closed_length == 250.0
    assert (found.cut_off, found.stuck) == (7.0, 7.0)


def test_tables_by_district_and_group_hold_the_same_people():
    found = travel(make_city(), water(0.4, [ON_SOUTH, ON_TAIL]), hit())
    columns = ["people", "isolated", "person_hours"]
    whole = found.by_service.set_index("service")[columns]
    apart = found.by_district.groupby("service")[columns].sum().loc[whole.index]
    pd.testing.assert_frame_equal(apart, whole)
    assert row(found.by_district, "hospital", group="far")["isolated"] == 7
    for kind, part in found.by_group[found.by_group["service"] == "hospital"].groupby("kind"):
        assert part["people"].sum() == 37, kind


def test_outside_the_window_of_a_flood_all_streets_are_dry():
    window = Grid(west=100.0, north=105.0, cell=10.0, rows=15, columns=15)
    wet = xr.full_like(water(grid=window), 2.0)
    found = travel(make_city(), wet, hit())
    assert np.flatnonzero(found.closed).tolist() == [SOUTH]
    empty = Grid(west=50.0, north=205.0, cell=10.0, rows=10, columns=10)  # in the middle of the square
    assert not travel(make_city(), xr.full_like(water(grid=empty), 2.0), hit()).closed.any()


def test_a_stream_beside_the_road_is_no_flood():
    city, flood = make_city(), water(2.0, [ON_SOUTH])
    cover = city.terrain["land_cover"].copy()
    cover[GRID.index(*ON_SOUTH)] = read_land_cover().code("stream")
    assert not travel(city.change(terrain=city.terrain.assign(land_cover=cover)), flood, hit()).closed.any()


def test_the_same_network_serves_every_event():
    city = make_city()
    once = city_network(city)
    a, b = travel(city, water(0.4, [ON_SOUTH]), hit(), once), travel(city, water(0.4, [ON_SOUTH]), hit())
    pd.testing.assert_frame_equal(a.after, b.after)
    assert a.in_time == b.in_time


def test_a_city_without_streets_or_stations_is_refused_in_one_sentence():
    bare = make_city(streets=None)
    assert not can_travel(bare)
    with pytest.raises(InputError, match="has no streets"):
        travel(bare, None, hit())
    city = make_city()
    alone = city.change(components=city.components[city.components["service"] != "rescue"])
    assert can_travel(city) and not can_travel(alone)
    with pytest.raises(InputError, match="no component of the service 'rescue'"):
        city_network(alone)


# A motorway 0-1-2-3 straight north, its bridge 1-2 of 1 km; town streets 1-4-5-2 round it, 3 km at 50 km/h.
FAST_X, FAST_Y = np.array([0, 0, 0, 0, 1000, 1000]), np.array([-500, 0, 1000, 1500, 0, 1000])
FAST = {"start": [0, 1, 2, 1, 4, 5], "end": [1, 2, 3, 4, 5, 2]}
KIND = np.array(["motorway"] * 3 + ["street"] * 3, dtype=object)
TRAFFIC = np.array([86_000.0] * 3 + [np.nan] * 3)


def fast_city(**parts):
    more = {"kind": KIND, "traffic": TRAFFIC, "bridge": [False, True] + [False] * 4} | parts
    speed = np.where(KIND == "motorway", 100, 50) * KMH
    return straight_streets(FAST_X, FAST_Y, FAST["start"], FAST["end"], speed, **more)


def test_a_closed_motorway_bridge_costs_every_vehicle_the_way_round():
    # 3 km at 50 km/h instead of 1 km at 100 km/h: 216 s less 36 s
    assert bridge_detour(fast_city()) == pytest.approx(86_000 * 180 / 3600)


def test_without_a_way_round_the_traffic_is_stranded_and_without_a_bridge_nothing_is_lost():
    wet = np.array([0, 0, 0, 0, 0.5, 0.0])
    assert np.isnan(bridge_detour(fast_city(), wet))
    assert np.isnan(bridge_detour(fast_city(), None, np.array([4])))
    assert bridge_detour(fast_city(bridge=False)) == 0.0
    assert bridge_detour(fast_city(traffic=np.nan)) == 0.0


def test_water_slows_the_way_round_and_leaves_the_motorway_alone():
    wet = np.array([0, 0, 0, 0, 0.25, 0.0])
    assert bridge_detour(fast_city(), wet) > bridge_detour(fast_city())
    grid = Grid(west=-105.0, north=1605.0, cell=10.0, rows=220, columns=130)
    fields = {"land_cover": (("y", "x"), np.full(grid.shape, -1, np.int8))}
    city = make_city(streets=fast_city(), grid=grid)
    city = city.change(terrain=xr.Dataset(fields, coords={"y": grid.y, "x": grid.x}))
    deep = water(2.0, [(0, -300), (1000, 500)], grid)  # on the motorway's bank, and on the way round
    found = travel(city, deep, hit())
    assert np.flatnonzero(found.closed).tolist() == [4]
    assert found.bridge[0] == pytest.approx(4300.0) and np.isnan(found.bridge[1])
    assert found.vehicles == 86_000.0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), more=st.floats(0.0, 0.4))
def test_more_water_never_shortens_a_way(seed, more):
    field = np.random.default_rng(seed).uniform(-1.0, 0.45, GRID.shape).clip(0)
    field[np.random.default_rng(seed + 1).random(GRID.shape) < 0.9] = 0.0
    city, empty = make_city(), water()
    a, b = (travel(city, empty.assign(max_depth=(("y", "x"), f)), hit()) for f in (field, field + more))
    assert (a.before <= a.after).all(axis=None) and (a.after <= b.after).all(axis=None)
    assert a.cut_off <= b.cut_off and a.stuck <= b.stuck and a.closed_length <= b.closed_length
    assert a.in_time[0] >= a.in_time[1] >= b.in_time[1]
    assert a.stuck <= a.cut_off
