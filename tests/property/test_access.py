"""Access: equal to a brute-force twin on random graphs, and never better when the water rises."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import csgraph_from_dense, floyd_warshall

from genrejs.city.grid import Grid
from genrejs.city.streets import Streets, straight_streets
from genrejs.impact.access import CAR, WALK, Network, edge_time, lay_network, response_times, travel_times
from genrejs.impact.access_people import compare_times
from genrejs.impact.access_water import edge_cells, edge_depth

SERVICES = ("hospital", "school", "rescue")
seeds = st.integers(0, 2**32 - 1)


def town(chance: np.random.Generator, oneway: float = 0.4) -> Streets:
    nodes, edges = int(chance.integers(2, 14)), int(chance.integers(1, 30))
    x, y = chance.uniform(0, 1000, (2, nodes))
    start = chance.integers(0, nodes, edges)
    end = (start + chance.integers(1, nodes, edges)) % nodes
    bridge = chance.random(edges) < 0.2
    speed = chance.uniform(2, 40, edges)
    return straight_streets(x, y, start, end, speed, oneway=chance.random(edges) < oneway, bridge=bridge)


def on_streets(streets: Streets, chance: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Points on or near edges, some right at their ends."""
    edge = chance.integers(0, len(streets), count)
    share = chance.choice([0.0, 1.0, 0.5, -1.0], count)
    share = np.where(share < 0, chance.random(count), share)
    ends = (streets.start[edge], streets.end[edge])
    x, y = (part[ends[0]] * (1 - share) + part[ends[1]] * share for part in (streets.x, streets.y))
    return x, y + chance.choice([0.0, 3.0], count)


def laid(chance: np.random.Generator, oneway: float = 0.4) -> Network:
    streets = town(chance, oneway)
    x, y = on_streets(streets, chance, int(chance.integers(1, 12)))
    a, b = on_streets(streets, chance, 6)
    return lay_network(streets, x, y, pd.DataFrame({"x": a, "y": b, "service": list(SERVICES) * 2}))


def brute(network: Network, time: np.ndarray, both_ways: bool) -> np.ndarray:
    """Times between all nodes, buildings and sites ``(n, n)``: every edge cut at every place on it, all pairs."""
    streets, places = network.streets, (network.houses, network.sites)
    edge = np.concatenate([part.edge for part in places])
    share = np.concatenate([part.share for part in places])
    number = streets.x.size + np.arange(edge.size)
    dense = np.full((streets.x.size + edge.size,) * 2, np.inf)
    for k in range(len(streets)):
        here = np.flatnonzero(edge == k)
        here = here[np.argsort(share[here], kind="stable")]
        stops = np.r_[streets.start[k], number[here], streets.end[k]]
        at = np.r_[0.0, share[here], 1.0]
        for i in range(stops.size - 1):
            step = at[i + 1] - at[i]
            cost = 0.0 if step == 0 else step * time[k]
            pairs = [(stops[i], stops[i + 1])]
            if both_ways or not streets.oneway[k] or step == 0:
                pairs.append((stops[i + 1], stops[i]))
            for tail, head in pairs:
                dense[tail, head] = min(dense[tail, head], cost)
    return floyd_warshall(csgraph_from_dense(dense, null_value=np.inf))


@settings(max_examples=150, deadline=None)
@given(seeds, st.booleans())
def test_times_equal_those_of_all_pairs(seed, on_foot):
    chance = np.random.default_rng(seed)
    network = laid(chance)
    water = np.where(chance.random(len(network.streets)) < 0.5, chance.uniform(0, 0.6, len(network.streets)), 0.0)
    working = chance.random(6) < 0.8
    mode = WALK if on_foot else CAR
    every = brute(network, edge_time(network.streets, water, mode), on_foot)
    nodes, homes = network.streets.x.size, network.houses.edge.size
    found = travel_times(network, water=water, mode=mode, working=working)
    for service in SERVICES:
        posts = nodes + homes + np.flatnonzero((network.service == service) & working)
        expected = every[nodes : nodes + homes][:, posts].min(axis=1, initial=np.inf)
        np.testing.assert_allclose(found[service], expected, rtol=1e-9, atol=1e-9)
    posts = nodes + homes + np.flatnonzero((network.service == "rescue") & working)
    expected = every[posts][:, nodes : nodes + homes].min(axis=0, initial=np.inf) + network.settings.turnout
    got = response_times(network, water=water, mode=mode, working=working)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=80, deadline=None)
@given(seeds, st.booleans())
def test_times_never_fall_when_the_water_rises(seed, on_foot):
    chance = np.random.default_rng(seed)
    network, mode = laid(chance), WALK if on_foot else CAR
    edges = len(network.streets)
    low = np.where(chance.random(edges) < 0.5, chance.uniform(0, 0.5, edges), 0.0)
    high = low + np.where(chance.random(edges) < 0.5, chance.uniform(0, 0.3, edges), 0.0)
    dry, wet, deep = (travel_times(network, water=water, mode=mode).to_numpy() for water in (None, low, high))
    assert (dry <= wet * (1 + 1e-12)).all()
    assert (wet <= deep * (1 + 1e-12)).all()
    table = compare_times(*(pd.DataFrame(times, columns=list(SERVICES)) for times in (wet, deep)), np.ones(len(wet)))
    assert (table["person_hours"] >= -1e-9).all()


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_no_water_is_the_dry_time_and_both_ways_are_as_long_where_no_street_is_one_way(seed):
    chance = np.random.default_rng(seed)
    network = laid(chance, oneway=0.0)
    dry = travel_times(network)
    pd.testing.assert_frame_equal(dry, travel_times(network, water=np.zeros(len(network.streets))))
    there = response_times(network) - network.settings.turnout
    np.testing.assert_allclose(there, dry["rescue"], rtol=1e-9, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from([7.0, 25.0, 90.0]))
def test_deeper_rasters_are_never_shallower_on_an_edge(seed, cell):
    chance = np.random.default_rng(seed)
    streets = town(chance)
    grid = Grid.covering((-10.0, -10.0, 1010.0, 1010.0), cell)
    cells = edge_cells(streets, grid)
    low = np.maximum(chance.normal(0, 1, grid.shape), 0.0)
    high = low + np.maximum(chance.normal(0, 1, grid.shape), 0.0)
    assert (edge_depth(cells, low) <= edge_depth(cells, high)).all()
    assert (edge_depth(cells, high) <= high.max()).all()
    assert not cells.beyond.any()
    flat = edge_depth(cells, np.full(grid.shape, 1.5))
    np.testing.assert_allclose(flat, 1.5 - streets.freeboard)
