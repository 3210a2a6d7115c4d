"""Access on small graphs whose times are worked out by hand."""

import numpy as np
import pandas as pd
import pytest
import shapely

from genrejs.city.grid import Grid
from genrejs.city.streets import KMH, straight_streets
from genrejs.errors import InputError
from genrejs.impact.access import (
    CAR,
    WALK,
    AccessSettings,
    Mode,
    edge_time,
    lay_network,
    response_times,
    sites_of,
    travel_times,
)
from genrejs.impact.access_closures import closure_candidates, detour, single_closures
from genrejs.impact.access_people import by_group, compare_times, cut_off, household_times
from genrejs.impact.access_water import edge_cells, edge_depth
from genrejs.impact.roads import safe_speed

TEN = 10.0  # m/s, for easy heads


def line_of(count, step=100.0, **parts):
    """Nodes in a row, `step` apart."""
    x = np.arange(count) * step
    return straight_streets(x, 0 * x, np.arange(count - 1), np.arange(1, count), TEN, **parts)


def sites(*rows):
    return pd.DataFrame(rows, columns=["service", "x", "y"])


def times(streets, x, y=None, posts=(("hospital", 0.0, 0.0),), **how):
    network = lay_network(streets, x, np.zeros(len(x)) if y is None else y, sites(*posts))
    return travel_times(network, **how).iloc[:, 0].tolist()


def test_times_along_a_line_are_length_over_speed():
    assert times(line_of(4), [0.0, 50.0, 100.0, 250.0, 300.0]) == [0.0, 5.0, 10.0, 25.0, 30.0]


def test_a_site_inside_an_edge_is_reached_from_both_sides():
    assert times(line_of(3), [0.0, 30.0, 50.0, 200.0], posts=[("school", 40.0, 0.0)]) == pytest.approx([4, 1, 1, 16])


def test_the_nearest_of_two_sites_counts_and_a_site_that_fails_does_not():
    posts = [("school", 0.0, 0.0), ("school", 300.0, 0.0)]
    assert times(line_of(4), [50.0, 200.0], posts=posts) == [5.0, 10.0]
    assert times(line_of(4), [50.0, 200.0], posts=posts, working=[True, False]) == [5.0, 20.0]
    assert times(line_of(4), [50.0], posts=posts, working=[False, False]) == [np.inf]


def test_a_square_is_symmetric():
    square = straight_streets([0, 100, 100, 0], [0, 0, 100, 100], [0, 1, 2, 3], [1, 2, 3, 0], TEN)
    found = times(square, [100.0, 0.0, 100.0, 50.0, 100.0], [0.0, 100.0, 100.0, 100.0, 50.0])
    assert found == pytest.approx([10.0, 10.0, 20.0, 15.0, 15.0])


def test_one_way_streets_are_driven_one_way_and_walked_both():
    ring = straight_streets([0, 100, 50], [0, 0, 50], [0, 1, 2], [1, 2, 0], TEN, oneway=True)
    leg = 50 * np.sqrt(2) / TEN
    network = lay_network(ring, [60.0, 40.0, 100.0], [0.0] * 3, sites(("hospital", 50.0, 0.0)))
    # 0 -> 1 -> 2 -> 0; from 60 m the site at 50 m lies behind
    assert travel_times(network)["hospital"].tolist() == pytest.approx([4 + 2 * leg + 5, 1.0, 2 * leg + 5])
    walk = travel_times(network, mode=WALK)["hospital"]
    assert walk.tolist() == pytest.approx([10 / 1.2, 10 / 1.2, 50 / 1.2])
    engine = response_times(lay_network(ring, [60.0, 40.0], [0.0] * 2, sites(("rescue", 50.0, 0.0))))
    assert engine.tolist() == pytest.approx([300 + 1.0, 300 + 5 + 2 * leg + 4])


def test_a_building_at_the_end_of_a_one_way_street_is_at_the_junction():
    two = straight_streets([0, 100, 200], [0, 0, 0], [0, 2], [1, 1], TEN, oneway=[True, False])
    found = times(two, [100.0, 200.0, 150.0], posts=[("school", 100.0, 0.0)])
    assert found == [0.0, 10.0, 5.0]
    assert times(two, [0.0, 100.0, 40.0], posts=[("school", 200.0, 0.0)]) == [20.0, 10.0, 16.0]
    assert times(two, [200.0, 100.0], posts=[("school", 0.0, 0.0)]) == [np.inf, np.inf]


def test_a_graph_in_two_parts_has_no_path_between_them():
    split = straight_streets([0, 100, 500, 600], [0, 0, 0, 0], [0, 2], [1, 3], TEN)
    assert times(split, [50.0, 550.0]) == [5.0, np.inf]


def test_the_faster_of_two_parallel_streets_is_taken_and_then_the_other():
    twin = straight_streets([0, 100], [0, 0], [0, 0], [1, 1], [TEN, 2 * TEN])
    network = lay_network(twin, [100.0], [0.0], sites(("school", 0.0, 0.0)))
    assert travel_times(network)["school"].tolist() == [5.0]
    assert travel_times(network, water=[0.0, 0.4])["school"].tolist() == [10.0]


def test_water_slows_and_closes_as_the_published_curve_says():
    streets = line_of(2)
    depth = np.array([0.0, 0.10, 0.20, 0.299, 0.30])
    found = [edge_time(streets, [water])[0] for water in depth]
    curve = [100 / min(TEN, float(safe_speed(water))) for water in depth[1:4]]
    assert found == pytest.approx([10.0, *curve, np.inf])
    assert edge_time(streets, [0.49], Mode(closed_depth=0.5))[0] == pytest.approx(100 / safe_speed(0.3, 9.0))
    assert edge_time(streets, [0.499], WALK)[0] == pytest.approx(100 / 1.2)
    assert edge_time(streets, [0.5], WALK)[0] == np.inf
    assert edge_time(line_of(2, kind="motorway"), None, WALK)[0] == np.inf


def test_no_water_is_the_dry_time_also_on_a_fast_road():
    fast = straight_streets([0, 1000], [0, 0], [0], [1], 130 * KMH)
    assert edge_time(fast, [0.0])[0] == edge_time(fast)[0] == pytest.approx(3.6 * 1000 / 130)


def test_closing_the_bridge_isolates_exactly_one_bank():
    # west bank 0-1-2, bridge 2-3, east bank 3-4-5
    town = line_of(6, bridge=[False, False, True, False, False])
    houses = np.array([10.0, 90.0, 150.0, 320.0, 410.0, 500.0])
    people = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    network = lay_network(town, houses, 0 * houses, sites(("hospital", 0.0, 0.0), ("school", 500.0, 0.0)))
    table = single_closures(network, people, services=["hospital"])
    assert table["closed"].tolist() == ["bridge 2"]
    assert table["isolated"].tolist() == [56.0]
    assert table["person_hours"].tolist() == [0.0]
    both = single_closures(network, people)
    assert both["isolated"].tolist() == [63.0]  # either bank loses one of the two
    before = travel_times(network)
    after = travel_times(network, shut=[2])
    assert not cut_off(before, after).any()
    assert cut_off(before[["hospital"]], after[["hospital"]]).tolist() == [False] * 3 + [True] * 3


def test_the_worst_single_closure_comes_first():
    # A ring 0-1-2-3-0 of 100 m and a tail 2-4: closing the tail isolates, closing a side of the ring only delays.
    ring = straight_streets([0, 100, 100, 0, 200], [0, 0, 100, 100, 100], [0, 1, 2, 3, 2], [1, 2, 3, 0, 4], TEN)
    network = lay_network(ring, [100.0, 200.0], [0.0, 100.0], sites(("hospital", 0.0, 0.0)))
    table = single_closures(network, [10.0, 3.0], {"side": [0], "tail": [4], "far": [2]})
    assert table["closed"].tolist() == ["tail", "side", "far"]
    assert table["isolated"].tolist() == [3.0, 0.0, 0.0]
    # side 0-1 closed: the ten go 30 s instead of 10; the three go 30 s either way
    assert table["person_hours"].tolist() == pytest.approx([0.0, 10 * 20 / 3600, 0.0])
    assert table["metres"].tolist() == [100.0] * 3


def test_candidates_are_bridges_and_the_closed_streets():
    town = line_of(5, bridge=[False, True, False, False], name=["a", "b", "c", "c"])
    found = closure_candidates(town, [True, True, True, True])
    assert {name: list(edges) for name, edges in found.items()} == {"bridge 1, b": [1], "a": [0], "c": [2, 3]}
    with pytest.raises(InputError, match="nothing to close"):
        single_closures(lay_network(line_of(2), [0.0], [0.0], sites(("school", 0.0, 0.0))), [1.0])


def test_a_detour_costs_the_extra_time_of_every_vehicle():
    # straight on 1 km at 100 km/h; the way round is 3 sides of 1 km at 50 km/h
    square = straight_streets(
        [0, 1000, 1000, 0], [0, 0, 1000, 1000], [0, 1, 2, 3], [1, 2, 3, 0], np.array([100, 50, 50, 50]) * KMH
    )
    found = detour(square, [0], (0, 1), vehicles_per_day=86_000, duration=12 * 3600)
    assert (found.before, found.after) == pytest.approx((36.0, 216.0))
    assert found.vehicle_hours == pytest.approx(43_000 * 180 / 3600)
    assert found.extra == pytest.approx(180.0)
    none = detour(square, [0, 1], (0, 1), vehicles_per_day=100)
    assert (none.extra, none.stranded, none.vehicle_hours) == (np.inf, 100.0, 0.0)


GRID = Grid(0.0, 100.0, 10.0, 10, 60)


def test_the_depth_of_an_edge_is_the_largest_it_meets():
    town = line_of(6)  # along y = 0: nudge up to the middle of the last row
    town = straight_streets(town.x, town.y + 5.0, town.start, town.end, TEN)
    depth = np.zeros(GRID.shape)
    depth[9, 13], depth[9, 17], depth[8, 25] = 0.2, 0.7, 5.0
    depth[9, 40] = np.nan
    assert edge_depth(edge_cells(town, GRID), depth).tolist() == [0.0, 0.7, 0.0, 0.0, 0.0]
    assert edge_depth(edge_cells(town, GRID), depth.astype(np.float32))[1] == pytest.approx(0.7)
    left_out = np.zeros(GRID.shape, bool)
    left_out[9, 17] = True
    assert edge_depth(edge_cells(town, GRID, left_out), depth).tolist() == [0.0, 0.2, 0.0, 0.0, 0.0]


def test_edges_that_nothing_is_known_of_are_told():
    town = straight_streets([5, 205, 205, 905], [5, 5, 305, 5], [0, 1, 1], [1, 2, 3], TEN)
    cells = edge_cells(town, GRID)
    assert cells.beyond.tolist() == [False, True, True]
    assert cells.blind.tolist() == [False, False, False]
    assert edge_cells(town, GRID, np.ones(GRID.shape, bool)).blind.tolist() == [True, True, True]
    assert edge_depth(edge_cells(town, GRID, np.ones(GRID.shape, bool)), np.ones(GRID.shape)).tolist() == [0, 0, 0]


def test_sites_are_components_and_the_shelters_that_are_named():
    components = pd.DataFrame(
        {"id": ["h", "s1", "s2"], "service": ["hospital", "school", "school"], "x": 1.0, "y": 2.0, "fail_depth": 0.3}
    )
    found = sites_of(components, ["hospital", "school"], shelters=["s2"])
    assert found["service"].tolist() == ["hospital", "school", "school", "shelter"]
    assert found["id"].tolist() == ["h", "s1", "s2", "s2"]


def test_every_cell_that_a_slanting_edge_crosses_is_met():
    rng = np.random.default_rng(3)
    for _ in range(20):
        a, b = rng.uniform(-50, 650, 2), rng.uniform(-30, 130, 2)
        if not shapely.LineString(np.column_stack([a, b])).intersects(shapely.box(*GRID.bounds)):
            continue
        cells = edge_cells(straight_streets(a, b, [0], [1], TEN), GRID)
        rows, columns = np.divmod(cells.cell[~cells.none], GRID.columns)
        x, y = GRID.x[columns], GRID.y[rows]
        found = set(zip(rows.tolist(), columns.tolist(), strict=True))
        assert (
            shapely.distance(shapely.box(x - 5, y - 5, x + 5, y + 5), shapely.LineString(np.column_stack([a, b])))
            < 1e-9
        ).all()
        every = np.array(
            [[shapely.box(cx - 5, cy - 5, cx + 5, cy + 5) for cx in GRID.x] for cy in GRID.y], dtype=object
        )
        inside = shapely.length(shapely.intersection(every, shapely.LineString(np.column_stack([a, b])))) > 1e-6
        assert found == set(map(tuple, np.argwhere(inside).tolist()))
        assert cells.beyond[0] == (not shapely.box(*GRID.bounds).covers(shapely.LineString(np.column_stack([a, b]))))


def test_a_bridge_stands_its_freeboard_above_its_ends():
    town = straight_streets([5, 205, 405], [5, 5, 5], [0, 1], [1, 2], TEN, bridge=[False, True], freeboard=[0.0, 1.0])
    depth = np.zeros(GRID.shape)
    depth[9, 30] = 9.0  # the river under the span
    cells = edge_cells(town, GRID)
    assert edge_depth(cells, depth).tolist() == [0.0, 0.0]
    depth[9, 40] = 0.9
    assert edge_depth(cells, depth).tolist() == [0.0, 0.0]
    depth[9, 40] = 1.4
    assert edge_depth(cells, depth) == pytest.approx([0.0, 0.4])


def test_before_and_after_by_service_and_label():
    before = pd.DataFrame({"hospital": [60.0, 120.0, 180.0, np.inf]})
    after = pd.DataFrame({"hospital": [60.0, 240.0, np.inf, np.inf]})
    table = compare_times(before, after, [10, 20, 30, 40])
    assert table.iloc[0].to_dict() == pytest.approx(
        {
            "service": "hospital", "people": 100.0, "without": 40.0, "isolated": 30.0, "before": 100.0, "after": 180.0,
            "longest": 240.0, "person_hours": 20 * 120 / 3600,
        }
    )  # fmt: skip
    split = compare_times(before, after, [10, 20, 30, 40], ["n", "s", "s", "n"])
    assert split["group"].tolist() == ["n", "s"]
    assert split["isolated"].tolist() == [0.0, 30.0]
    assert split[["people", "without", "isolated", "person_hours"]].sum().tolist() == pytest.approx(
        table[["people", "without", "isolated", "person_hours"]].iloc[0].tolist()
    )


def test_households_without_a_car_walk_and_others_take_the_faster_way():
    driving = pd.DataFrame({"hospital": [100.0, np.inf]})
    walking = pd.DataFrame({"hospital": [900.0, 500.0]})
    households = pd.DataFrame(
        {
            "building": [0, 0, 1, 1], "car": [True, False, True, False], "persons": [4, 2, 1, 3],
            "children": [2, 0, 0, 1], "adults": [2, 2, 0, 2], "seniors": [0, 0, 1, 0],
            "language": ["da", "other", "da", "other"], "income": ["high", "low", "low", "low"],
            "tenure": ["owner", "social", "owner", "social"],
        }
    )  # fmt: skip
    found = household_times(households, driving, walking)
    assert found["hospital"].tolist() == [100.0, 900.0, 500.0, 500.0]
    later = household_times(households, driving * np.inf, walking.assign(hospital=[900.0, np.inf]))
    table = by_group(households, found, later).set_index(["kind", "group"])
    assert table.loc[("age", "children"), "isolated"] == 1.0
    assert table.loc[("age", "seniors"), "isolated"] == 1.0
    assert table.loc[("car", False), "isolated"] == 3.0
    assert table.loc[("income", "high"), "person_hours"] == pytest.approx(4 * 800 / 3600)
    for kind in ("language", "income", "tenure", "car"):
        assert table.loc[kind]["isolated"].sum() == 4.0


def test_buildings_far_from_any_street_are_off_the_graph():
    network = lay_network(line_of(3), [0.0, 0.0], [10.0, 600.0], sites(("school", 100.0, 0.0)))
    assert network.off_graph.tolist() == [False, True]
    assert travel_times(network)["school"].tolist() == [10.0, np.inf]
    assert network.houses.distance.tolist() == [10.0, 600.0]


def test_a_building_on_a_closed_street_is_isolated_and_one_at_its_junction_is_not():
    town = line_of(3)
    network = lay_network(town, [100.0, 150.0, 200.0], [0.0] * 3, sites(("school", 0.0, 0.0)))
    assert travel_times(network, water=[0.0, 0.5])["school"].tolist() == [10.0, np.inf, np.inf]


def test_turnout_is_a_setting():
    posts = sites(("rescue", 0.0, 0.0))
    network = lay_network(line_of(2), [100.0], [0.0], posts, AccessSettings(turnout=60.0))
    assert response_times(network).tolist() == [70.0]


def good():
    return lay_network(line_of(3), [0.0], [0.0], sites(("school", 100.0, 0.0)))


def parts():
    return pd.DataFrame({"id": ["s"], "service": ["school"], "x": 1.0, "y": 2.0, "fail_depth": 0.3})


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (lambda: travel_times(good(), ["hospital"]), "No site gives the service 'hospital'; there are school"),
        (lambda: travel_times(good(), water=[0.0]), "it needs 2 edges"),
        (lambda: travel_times(good(), working=[True, True]), "it needs 1 sites"),
        (lambda: travel_times(good(), mode=Mode(closed_depth=0.0)), "must be above 0"),
        (lambda: travel_times(good(), mode=Mode(speed=-1.0)), "must be above 0"),
        (lambda: lay_network(line_of(3), [0.0], [0.0], sites()), "need columns x, y and service and a row"),
        (lambda: lay_network(line_of(3), [0.0], [0.0], pd.DataFrame({"x": [1.0]})), "missing are"),
        (lambda: lay_network(line_of(3), [np.nan], [0.0], sites(("a", 0.0, 0.0))), "finite x"),
        (lambda: lay_network(line_of(3), [9e5], [0.0], sites(("a", 0.0, 0.0))), "No building lies within 500 m"),
        (lambda: lay_network(line_of(3), [0.0], [0.0], sites(("a", 9e5, 0.0))), "No site lies within 500 m"),
        (lambda: sites_of(parts(), ["care"]), "No component gives the service 'care'; there are school"),
        (lambda: sites_of(parts(), ["school"], ["hall"]), "The shelter 'hall' is no component"),
        (lambda: edge_cells(line_of(3), Grid(9e5, 9e5, 10.0, 2, 2)), "No road meets the raster"),
        (lambda: edge_cells(line_of(3), Grid(0.0, 9.0, 10.0, 2, 2, "EPSG:25833")), "reproject one of them"),
        (lambda: edge_cells(line_of(3), GRID, np.zeros((2, 2), bool)), "cells to leave out"),
        (lambda: edge_depth(edge_cells(line_of(3), Grid(0.0, 9.0, 10.0, 2, 9)), np.zeros((3, 3))), "laid on"),
        (lambda: compare_times(pd.DataFrame({"a": [1.0]}), pd.DataFrame({"b": [1.0]}), [1.0]), "same services"),
        (lambda: compare_times(pd.DataFrame({"a": [1.0]}), pd.DataFrame({"a": [1.0]}), [1.0], ["x", "y"]), "2 labels"),
        (lambda: single_closures(good(), [1.0, 2.0], {"a": [0]}), "2 counts of people for 1 buildings"),
        (lambda: detour(line_of(3), [7], (0, 1), vehicles_per_day=1.0), "closed edges must be some"),
        (lambda: detour(line_of(3), [0], (1, 1), vehicles_per_day=1.0), "between two nodes"),
        (lambda: detour(line_of(3), [0], (0, 1), vehicles_per_day=-1.0), "0 or more"),
        (lambda: detour(line_of(3, oneway=True), [0], (0, 1), vehicles_per_day=1.0), "both ways"),
    ],
)
def test_bad_input_is_told_in_one_sentence(action, sentence):
    with pytest.raises(InputError, match=sentence):
        action()


def test_the_modes_say_what_they_are():
    assert (CAR.closed_depth, CAR.speed) == (0.30, None)
    assert (WALK.closed_depth, WALK.speed) == (0.50, 1.2)
