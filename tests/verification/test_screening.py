"""Screening against closed forms, plain slow twins and scipy: bluespots, nested basins, rain at rest, the sea."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from genrejs.hazard.screening import (
    catchments,
    drained_area,
    fill_and_spill,
    find_depressions,
    next_kept,
    sea_reach,
)

sys.path.insert(0, str(Path(__file__).parents[1]))
from screening_slow import STEPS, Valley, edge, minimax

OPEN = -np.inf
CORNERS = {4: ndimage.generate_binary_structure(2, 1), 8: ndimage.generate_binary_structure(2, 2)}


def ground(seed, shape=(23, 31), kind="rough"):
    """Return a small terrain: rough, in whole steps (flats everywhere), or with holes."""
    rng = np.random.default_rng(seed)
    z = ndimage.gaussian_filter(rng.normal(size=shape), 1.0) * 5 + rng.normal(size=shape) * 0.3
    if kind == "steps":
        z = np.round(z)
    if kind == "holes":
        z[rng.random(shape) < 0.08] = np.nan
    return z


def fences(seed, shape):
    """Return walls on a third of the faces, some with crests as the ground in whole steps."""
    rng = np.random.default_rng(seed)
    walls = np.where(rng.random((2, *shape)) < 0.3, np.round(rng.normal(size=(2, *shape)) * 3), OPEN)
    walls[rng.random(walls.shape) < 0.05] = np.inf
    return walls[0], walls[1]


CASES = [(seed, kind, n) for seed in range(4) for kind in ("rough", "steps", "holes") for n in (4, 8)]


@pytest.mark.parametrize(("seed", "kind", "neighbours"), CASES)
@pytest.mark.parametrize("walled", [False, True])
def test_the_filled_ground_is_the_lowest_way_out(seed, kind, neighbours, walled) -> None:
    z = ground(seed, kind=kind)
    east, south = fences(seed, z.shape) if walled else (None, None)
    found = find_depressions(z, 2.0, east, south, neighbours=neighbours)
    slow = minimax(z, edge(z), neighbours, east, south)
    assert np.array_equal(found.filled, np.where(np.isnan(z), np.nan, slow), equal_nan=True)
    with np.errstate(invalid="ignore"):
        assert np.array_equal(found.bluespot > 0, found.filled > z)
    assert found.volume.sum() == pytest.approx(np.sum((slow - z)[np.isfinite(z)]) * 4)
    assert found.area.sum() == (found.bluespot > 0).sum() * 4.0


@pytest.mark.parametrize(("seed", "kind", "neighbours"), CASES)
def test_bluespots_are_the_connected_hollows(seed, kind, neighbours) -> None:
    z = ground(seed, kind=kind)
    found = find_depressions(z, 1.0, neighbours=neighbours)
    with np.errstate(invalid="ignore"):
        label, count = ndimage.label(found.filled > z, CORNERS[neighbours])
    assert count == len(found.volume)
    pairs = np.unique(np.stack([label.ravel(), found.bluespot.ravel()]), axis=1)
    assert pairs.shape[1] == count + 1
    index = pairs[0, 1:]
    order = np.argsort(pairs[1, 1:])
    depth = np.where(label > 0, found.filled - z, 0.0)
    assert found.volume == pytest.approx(ndimage.sum(depth, label, index)[order], rel=1e-12)
    assert found.depth == pytest.approx(ndimage.maximum(depth, label, index)[order], rel=1e-12)


def follow(found, neighbours_seen=10_000):
    """Return the bluespot each cell's water meets first, by walking, and the direction arrays obeyed."""
    first = np.zeros(found.bluespot.shape, int)
    for start in np.ndindex(first.shape):
        r, c = start
        for _ in range(neighbours_seen):
            if found.bluespot[r, c] or found.direction[r, c] >= 8:
                break
            dr, dc = STEPS[found.direction[r, c]]
            r, c = r + dr, c + dc
        else:
            raise AssertionError("water runs in a ring")
        first[start] = found.bluespot[r, c]
    return first


@pytest.mark.parametrize("kind", ["rough", "steps", "holes"])
@pytest.mark.parametrize("walled", [False, True])
def test_every_cell_drains_and_catchments_sum_to_the_ground(kind, walled) -> None:
    z = ground(11, kind=kind)
    found = find_depressions(z, 2.0, *(fences(5, z.shape) if walled else (None, None)))
    first = follow(found)
    assert np.array_equal(catchments(found), first)
    cells = np.bincount(first[np.isfinite(z)], minlength=len(found.volume) + 1)
    assert found.drained == pytest.approx(cells[1:] * 4.0)
    off = found.upstream[found.spills_to == 0].sum() + cells[0] * 4.0
    assert off == pytest.approx(np.isfinite(z).sum() * 4.0)
    number = np.arange(1, len(found.volume) + 1)
    assert (found.spills_to < number).all()
    through = drained_area(found)
    leaves = (found.direction == 8) | (found.direction == 9)
    assert through[leaves].sum() == pytest.approx(np.isfinite(z).sum() * 4.0)


@pytest.mark.parametrize("kind", ["rough", "steps"])
def test_the_kept_few_take_over_the_catchments_of_the_rest(kind) -> None:
    z = ground(3, (40, 40), kind)
    found = find_depressions(z, 1.0)
    kept = found.volume > np.median(found.volume)
    number = next_kept(found.spills_to, kept)
    whole, few = catchments(found), catchments(found, kept)
    assert np.array_equal(few, number[whole])
    assert set(np.unique(few)) <= {0, *(np.flatnonzero(kept) + 1)}


@pytest.mark.parametrize(("seed", "kind", "neighbours"), CASES)
def test_every_nested_basin_is_the_ground_below_its_spill(seed, kind, neighbours) -> None:
    z = ground(seed, kind=kind)
    found = find_depressions(z, 3.0, neighbours=neighbours)
    nest = found.nest
    filled = np.where(np.isnan(z), np.inf, z)
    pit_of = np.where(found.bluespot > 0, found.catchment, 0)
    bottom = {p: np.argwhere(pit_of == p)[np.argmin(z[pit_of == p])] for p in range(1, nest.pits + 1)}
    below = list(range(nest.pits)) + [0] * (len(nest.parent) - nest.pits)
    level_joint = np.zeros(len(nest.parent), bool)  # three basins that meet at one height join two by two
    for node, above in enumerate(nest.parent):
        if above >= 0:
            below[above] = below[node]
            assert nest.spill[node] <= nest.spill[above]
            level_joint[above] = nest.spill[node] == nest.spill[above]
            assert nest.parent[nest.sibling[node]] == above
    for node, spill in enumerate(nest.spill):
        if level_joint[node]:
            assert nest.volume[node] == pytest.approx(nest.volume[nest.parent == node].sum(), rel=1e-12)
            continue
        label, _ = ndimage.label(filled < spill, CORNERS[neighbours])
        r, c = bottom[below[node] + 1]
        assert z[r, c] < spill
        volume = np.sum(spill - z[label == label[r, c]]) * 9.0
        assert nest.volume[node] == pytest.approx(volume, rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rain", [0.01, 0.1, 0.5, 2.0])
def test_rain_in_a_valley_comes_to_rest_as_by_hand(seed, rain) -> None:
    rng = np.random.default_rng(seed)
    z = np.full((3, 60), 50.0)
    z[1] = np.cumsum(rng.normal(size=60)) + rng.normal(size=60)
    found = find_depressions(z, 1.0, neighbours=4)
    falls = np.zeros(z.shape)
    falls[1] = rain * rng.random(60) * (found.bluespot[1] > 0)
    slow = Valley(z[1])
    for x in rng.permutation(60):
        slow.pour(x, falls[1, x])
    standing = fill_and_spill(found, falls)
    assert standing.depth()[1] == pytest.approx(slow.surface - z[1], abs=1e-6)
    assert standing.left == pytest.approx(slow.left, abs=1e-9)
    assert standing.rained == pytest.approx(standing.stored + standing.left, rel=1e-12)


@pytest.mark.parametrize("kind", ["rough", "steps", "holes"])
@pytest.mark.parametrize("rain", [0.001, 0.05, 0.3, 1.0, 20.0])
@pytest.mark.parametrize("walled", [False, True])
def test_the_account_closes_and_the_map_holds_the_water(kind, rain, walled) -> None:
    z = ground(21, (60, 50), kind)
    found = find_depressions(z, 2.0, *(fences(6, z.shape) if walled else (None, None)))
    standing = fill_and_spill(found, rain, runoff=0.8)
    assert standing.rained == pytest.approx(0.8 * rain * np.isfinite(z).sum() * 4.0, rel=1e-12)
    assert standing.rained == pytest.approx(standing.stored + standing.left, rel=1e-12)
    assert standing.water == pytest.approx(np.minimum(standing.inflow, found.volume), rel=1e-9, abs=1e-9)
    depth = standing.depth()
    held = ndimage.sum(depth.astype(float), found.bluespot, np.arange(1, len(found.volume) + 1)) * 4.0
    assert held == pytest.approx(standing.water, rel=1e-5, abs=1e-5)
    assert (depth[found.bluespot == 0] == 0).all()
    if rain > 10:
        assert standing.share == pytest.approx(1.0)


def test_a_pyramid_pit_holds_the_pyramid() -> None:
    rings = 12
    distance = np.maximum(*np.abs(np.meshgrid(np.arange(-rings, rings + 1), np.arange(-rings, rings + 1))))
    z = np.minimum(distance, rings).astype(float)
    found = find_depressions(z, 0.5)
    volume = sum((rings - k) * (1 if k == 0 else 8 * k) for k in range(rings)) * 0.25
    assert found.volume == pytest.approx([volume], rel=1e-15)
    assert found.depth == [rings]
    assert found.area == [(2 * rings - 1) ** 2 * 0.25]


def chain():
    """Return three pits in a row, 1, 2 and 3 m deep on 1 cell, whose sills fall eastward: 10, 9, 8 m."""
    z = np.full((3, 9), 20.0)
    z[1] = [12, 9, 10, 7, 9, 5, 8, 7.5, 7]
    return z


def test_a_chain_of_pits_fills_and_spills_with_known_volumes() -> None:
    found = find_depressions(chain(), 10.0, neighbours=4)
    by_level = np.argsort(-found.level)
    assert found.level[by_level].tolist() == [10.0, 9.0, 8.0]
    assert found.volume[by_level].tolist() == [100.0, 200.0, 300.0]
    first, second, third = by_level + 1
    assert found.spills_to[first - 1] == second
    assert found.spills_to[second - 1] == third
    assert found.spills_to[third - 1] == 0
    assert found.sill[by_level].tolist() == [[1, 2], [1, 4], [1, 6]]
    rain = np.zeros((3, 9))
    rain[1, 1] = 4.5
    standing = fill_and_spill(found, rain)
    assert standing.water[by_level].tolist() == [100.0, 200.0, 150.0]
    assert standing.overflow[by_level].tolist() == [350.0, 150.0, 0.0]
    assert standing.depth()[1, 5] == pytest.approx(1.5)


def test_nested_pits_fill_one_after_the_other_and_join() -> None:
    z = np.full((3, 7), 9.0)
    z[1] = [9, 2, 4, 1, 6, 5, 5]
    found = find_depressions(z, 1.0, neighbours=4)
    assert found.volume.tolist() == [(6 - 2) + (6 - 4) + (6 - 1)]
    assert sorted(found.nest.volume.tolist()) == [2.0, 3.0, 11.0]
    rain = np.zeros((3, 7))
    for amount, west, saddle, east in ((1.0, 1.0, 0, 0), (3.0, 2, 0, 1), (5.0, 2, 0, 3), (6.5, 2.5, 0.5, 3.5)):
        rain[1, 1] = amount
        depth = fill_and_spill(found, rain).depth()[1]
        assert depth[[1, 2, 3]] == pytest.approx([west, saddle, east])


def test_a_wall_makes_a_pit_and_water_goes_over_it_at_its_crest() -> None:
    z = np.tile(np.linspace(5.0, 0.0, 11), (5, 1))
    z[[0, -1]] = 30.0
    east = np.full(z.shape, OPEN)
    east[:, 6] = 3.0
    found = find_depressions(z, 1.0, east, None)
    expected = 3 * np.maximum(3.0 - z[1, :7], 0).sum()
    assert found.volume == pytest.approx([expected])
    assert found.level.tolist() == [3.0]
    assert found.sill[0, 1] == 7
    half = fill_and_spill(found, expected / 2 / found.drained[0])
    assert half.share == pytest.approx([0.5])
    reach = sea_reach(z, np.arange(11)[None, :] == np.full((5, 1), 10), east, None)
    assert (reach.depth(2.9)[:, :7] == 0).all()
    assert reach.depth(3.1)[2, 6] == pytest.approx(3.1 - z[2, 6])


def test_a_wall_between_two_pits_joins_them_at_its_crest() -> None:
    z = np.full((3, 6), 9.0)
    z[1] = [9, 2, 2, 1, 6, 5]
    east = np.full(z.shape, OPEN)
    east[1, 2] = 4.0
    nest = find_depressions(z, 1.0, east, None, neighbours=4).nest
    assert sorted(nest.volume.tolist()) == [3.0, 4.0, 13.0]
    assert sorted(nest.spill.tolist()) == [4.0, 4.0, 6.0]


def test_no_water_slips_through_the_corner_of_a_staircase_wall() -> None:
    z = np.zeros((6, 6))
    east, south = np.full(z.shape, OPEN), np.full(z.shape, OPEN)
    for k in range(6):
        east[k, k] = 2.0
        if k < 5:
            south[k, k + 1] = 2.0
    sea = np.zeros(z.shape, bool)
    sea[0, 5] = True
    reach = sea_reach(z, sea, east, south, neighbours=8).reach
    assert (reach[np.tril_indices(6)] == 2.0).all()
    assert (reach[np.triu_indices(6, 1)] == 0.0).all()


@pytest.mark.parametrize(("seed", "kind", "neighbours"), CASES)
def test_the_sea_reaches_what_a_connected_region_says(seed, kind, neighbours) -> None:
    z = ground(seed, kind=kind)
    sea = np.zeros(z.shape, bool)
    sea[:, -1] = np.isfinite(z[:, -1])
    reach = sea_reach(z, sea, neighbours=neighbours)
    for level in (-2.0, -0.7, 0.0, 0.4, 1.0, 2.5, 9.0):
        with np.errstate(invalid="ignore"):
            label, _ = ndimage.label(z < level, CORNERS[neighbours])
        wet = np.isin(label, np.setdiff1d(label[sea], [0]))
        depth = reach.depth(level)
        assert np.array_equal(depth > 0, wet)
        assert depth[wet] == pytest.approx((level - z)[wet], abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_sea_over_walls_is_the_slow_answer(seed) -> None:
    z = ground(seed, kind="steps")
    sea = np.zeros(z.shape, bool)
    sea[-1, :5] = True
    walls = fences(seed, z.shape)
    for neighbours in (4, 8):
        assert np.array_equal(
            sea_reach(z, sea, *walls, neighbours=neighbours).reach, minimax(z, sea, neighbours, *walls)
        )


@pytest.mark.parametrize("turn", [np.fliplr, np.flipud, np.transpose])
def test_a_mirrored_ground_has_a_mirrored_answer(turn) -> None:
    z = ground(8, (30, 40))
    plain, turned = find_depressions(z, 1.0), find_depressions(turn(z), 1.0)
    assert np.array_equal(turn(plain.filled), turned.filled)
    assert np.sort(plain.volume) == pytest.approx(np.sort(turned.volume), rel=1e-12)
    assert np.sort(plain.drained).tolist() == np.sort(turned.drained).tolist()
    a, b = fill_and_spill(plain, 0.2), fill_and_spill(turned, 0.2)
    assert a.stored == pytest.approx(b.stored, rel=1e-9)
    sea = np.zeros(z.shape, bool)
    sea[-1] = True
    assert np.array_equal(turn(sea_reach(z, sea).reach), sea_reach(turn(z), turn(sea)).reach)


def test_a_flat_plain_drains_whole() -> None:
    z = np.full((9, 14), 3.0)
    z[4, 13] = 1.0
    found = find_depressions(z, 1.0)
    assert len(found.volume) == 0
    assert follow(found).max() == 0
    assert drained_area(found)[(found.direction == 8)].sum() == 9 * 14
    nothing = fill_and_spill(found, 0.1)
    assert nothing.left == pytest.approx(0.1 * 126)
    assert nothing.depth().max() == 0


def test_outlets_swallow_water() -> None:
    z = ground(4)
    out = np.zeros(z.shape, bool)
    out[8:14, 10:20] = True
    found = find_depressions(z, 1.0, outlets=out)
    assert (found.bluespot[out] == 0).all()
    assert np.array_equal(found.filled, minimax(z, edge(z) | out, 8))


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (2, 2), (3, 3)])
def test_the_smallest_grounds(shape) -> None:
    z = np.arange(np.prod(shape), dtype=float).reshape(shape)[::-1]
    found = find_depressions(z, 1.0, *fences(1, shape))
    rain = fill_and_spill(found, 1.0)
    assert rain.stored + rain.left == pytest.approx(z.size)
    assert np.array_equal(found.filled, minimax(z, edge(z), 8, *fences(1, shape)))
    assert sea_reach(z, np.ones(shape, bool)).depth(100.0) == pytest.approx(100.0 - z)
