"""Event sets and assets: what goes in, what is refused, and that threads change no bit."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from genrejs.appraisal.events import exceedance_curve, expected_annual, expected_by_group, return_levels
from genrejs.errors import InputError
from genrejs.impact import pairs
from genrejs.impact.curve import make_curve
from genrejs.impact.pairs import Assets, EventLosses, event_loss, event_losses, prepare, prepared_losses

LINE = make_curve("line", [0.0, 2.0], [0.0, 1.0])
STEP = make_curve("step", [0.5, 1.0, 1.001, 3.0], [0.0, 0.1, 0.6, 0.7])
TWO = Assets(np.array([0, 2]), np.array([100.0, 50.0]), np.array([0, 1]))
WATER = csr_array(np.array([[1.0, 0.0, 0.0], [3.0, 9.0, 0.75], [0.0, 0.0, 0.0]]))


def scattered(seed: int, events: int = 300, places: int = 400, assets: int = 900):
    chance = np.random.default_rng(seed)
    depth = chance.uniform(-0.2, 4.0, (events, places)) * (chance.random((events, places)) < 0.1)
    held = Assets(
        chance.integers(-1, places, assets),
        chance.uniform(0.0, 1e6, assets),
        chance.integers(0, 2, assets),
        chance.integers(-3, 4, assets),
    )
    return csr_array(depth), held, chance.uniform(0.0, 0.1, events)


def same(one: EventLosses, two: EventLosses) -> bool:
    names = ("at_event", "expected", "total", "at_event_by_group", "groups")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in names)


def test_two_assets_and_three_events_by_hand():
    losses = event_losses(WATER, TWO, [LINE, STEP], [0.1, 0.02, 0.5])
    assert losses.at_event.tolist() == [50.0, 100.0 + 50.0 * 0.05, 0.0]
    assert losses.expected == pytest.approx([0.1 * 50.0 + 0.02 * 100.0, 0.02 * 2.5], rel=1e-15)
    assert losses.total == pytest.approx(7.05, rel=1e-15)
    assert losses.at_event_by_group is None
    assert losses.groups is None


def test_the_ends_of_a_curve_are_held_and_its_points_are_met():
    depth = np.array([[0.25, 0.5, 1.0, 1.0005, 1.001, 2.0, 3.0, 1e300, np.inf]])
    assets = Assets(np.arange(9), np.ones(9), np.zeros(9, int))
    expected = event_losses(csr_array(depth), assets, [STEP], [1.0]).expected
    assert expected.tolist() == np.interp(depth[0], STEP.depth, STEP.share).tolist()


def test_a_curve_below_the_ground_floor_and_one_with_a_thousand_near_points():
    below = make_curve("below", [-2.0, 0.0, 1.0], [0.0, 0.0, 1.0])
    fine = np.concatenate([np.linspace(0.0, 0.01, 1000), [50.0]])
    near = make_curve("near", fine, np.linspace(0.0, 1.0, fine.size))
    gone = make_curve("gone", [-3.0, -1.0], [0.0, 0.0])
    thin = make_curve("thin", [-1.0, 1e-310], [0.0, 0.0])
    depth = np.random.default_rng(5).uniform(0.0, 0.02, 500)
    curve = np.arange(500) % 4
    expected = event_losses(
        csr_array(depth[None]), Assets(np.arange(500), np.ones(500), curve), [below, near, gone, thin], [1.0]
    ).expected
    shares = np.array([[c(d) for c in (below, near, gone, thin)] for d in depth])
    assert expected.tolist() == shares[np.arange(500), curve].tolist()


def test_what_is_not_above_zero_is_dry():
    stored = csr_array((np.array([-1.0, np.nan, 0.0, 1.0]), np.array([0, 1, 2, 3]), np.array([0, 4])), shape=(1, 4))
    losses = event_losses(stored, Assets(np.arange(4), np.ones(4), np.zeros(4, int)), [LINE], [1.0])
    assert losses.expected.tolist() == [0.0, 0.0, 0.0, 0.5]


def test_an_asset_without_a_place_is_never_wet():
    losses = event_losses(WATER, Assets(np.array([-1, 1]), np.ones(2), np.zeros(2, int)), [LINE], [1.0, 1.0, 1.0])
    assert losses.expected.tolist() == [0.0, 1.0]


def test_threads_change_no_bit(monkeypatch):
    monkeypatch.setattr(pairs, "EVENTS", 70)
    monkeypatch.setattr(pairs, "RUN", 9)
    water, held, often = scattered(1)
    one, *more = (event_losses(water, held, [LINE, STEP], often, by_group=True, threads=n) for n in (1, 2, 3, 7))
    assert all(same(one, other) for other in more)


@pytest.mark.parametrize("seed", [2, 3])
def test_rows_out_of_order_twice_stored_narrow_and_long_are_read_too(monkeypatch, seed):
    monkeypatch.setattr(pairs, "ENTRIES", 500)
    water, held, often = scattered(seed)
    plain = event_losses(water, held, [LINE, STEP], often, by_group=True)
    chance = np.random.default_rng(seed)
    coo = water.tocoo()
    half = np.repeat(coo.data / 2.0, 2)
    mixed = chance.permutation(half.size)
    row, column = np.repeat(coo.row, 2)[mixed], np.repeat(coo.col, 2)[mixed]
    order = np.argsort(row, kind="stable")
    indptr = np.searchsorted(row[order], np.arange(water.shape[0] + 1))
    disorder = csr_array((half[mixed][order], column[order], indptr), shape=water.shape)
    before = disorder.indices.copy()
    shuffled = event_losses(disorder, held, [LINE, STEP], often, by_group=True)
    assert (disorder.indices == before).all()
    assert np.allclose(shuffled.at_event, plain.at_event, rtol=1e-13, atol=0.0)
    assert np.allclose(shuffled.expected, plain.expected, rtol=1e-13, atol=0.0)
    assert np.allclose(shuffled.at_event_by_group, plain.at_event_by_group, rtol=1e-13, atol=0.0)
    long = water.copy()
    long.indices, long.indptr = long.indices.astype(np.int64), long.indptr.astype(np.int64)
    assert same(event_losses(long, held, [LINE, STEP], often, by_group=True), plain)
    narrow = water.astype(np.float32)
    wide = event_losses(narrow.astype(np.float64), held, [LINE, STEP], often)
    assert same(event_losses(narrow, held, [LINE, STEP], often), wide)
    whole = csr_array(np.ceil(water.toarray()).astype(np.int16))
    counted, measured = (event_losses(x, held, [LINE, STEP], often) for x in (whole, whole.astype(np.float64)))
    assert np.allclose(counted.at_event, measured.at_event, rtol=1e-13, atol=0.0)


def test_losses_by_group_add_up():
    water, held, often = scattered(4)
    losses = event_losses(water, held, [LINE, STEP], often, by_group=True)
    assert losses.groups.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert np.allclose(losses.at_event_by_group.sum(axis=1), losses.at_event, rtol=1e-13, atol=0.0)
    by_group = [losses.expected[held.group == label].sum() for label in losses.groups]
    assert np.allclose(expected_by_group(losses.at_event_by_group, often), by_group, rtol=1e-13, atol=0.0)


def test_one_event_is_a_row_of_the_set_in_any_form():
    water, held, often = scattered(6)
    prepared = prepare(held, [LINE, STEP], water.shape[1])
    losses = prepared_losses(prepared, water, often)
    alone = [event_loss(prepared, water[[k]]) for k in range(water.shape[0])]
    assert np.allclose([event.total for event in alone], losses.at_event, rtol=1e-13, atol=0.0)
    assert np.allclose(sum(f * e.at_asset for f, e in zip(often, alone, strict=True)), losses.expected, rtol=1e-12)
    row = water[[7]]
    doubled = csr_array(
        (np.repeat(row.data / 2.0, 2), np.repeat(row.indices, 2), 2 * row.indptr.astype(np.int64)), shape=row.shape
    )
    for form in (
        row.toarray()[0],
        water[7],
        doubled,
        row.toarray()[0].astype(np.float32),
        row.toarray()[0][::-1][::-1],
    ):
        other = event_loss(prepared, form)
        assert np.allclose(other.at_asset, alone[7].at_asset, rtol=1e-5 if form.dtype == np.float32 else 1e-15)
        assert other.total == pytest.approx(alone[7].total, rel=1e-5 if form.dtype == np.float32 else 1e-14)
    assert event_loss(prepared, csr_array((1, water.shape[1]))).total == 0.0


def test_nothing_costs_nothing():
    none = np.zeros(0, int)
    empty = event_losses(WATER, Assets(none, np.zeros(0), none), [LINE], np.ones(3))
    assert empty.at_event.tolist() == [0.0, 0.0, 0.0]
    assert empty.expected.size == 0
    quiet = event_losses(csr_array((0, 3)), TWO, [LINE, STEP], [])
    assert quiet.total == 0.0
    assert quiet.expected.tolist() == [0.0, 0.0]


def test_kernels_can_be_made_ready():
    pairs.make_ready()


FLOODED = make_curve("flooded", [0.0, 1.0], [0.2, 1.0])
SMALL = csr_array((np.ones(1), np.array([0]), np.array([0, 1])), shape=(1, 3))
OUTSIDE = csr_array((np.ones(1), np.array([0]), np.array([0, 1])), shape=(1, 3))
OUTSIDE.indices = np.array([3], np.int32)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"intensity": np.ones((1, 3))}, "CSR array"),
        ({"intensity": SMALL.tocsc()}, "CSR array"),
        ({"intensity": OUTSIDE}, "outside its 3 places"),
        ({"assets": Assets(np.array([3]), np.ones(1), np.zeros(1, int))}, "place .* from -1 to 2"),
        ({"assets": Assets(np.array([-2]), np.ones(1), np.zeros(1, int))}, "place .* from -1 to 2"),
        ({"assets": Assets(np.array([0.0]), np.ones(1), np.zeros(1, int))}, "whole number as the place"),
        ({"assets": Assets(np.array([0]), np.ones(1), np.ones(1, int))}, "curve .* from 0 to 0"),
        ({"assets": Assets(np.array([0]), np.array([np.nan]), np.zeros(1, int))}, "finite number"),
        ({"assets": Assets(np.array([0]), np.array([-1.0]), np.zeros(1, int))}, "0 or more"),
        ({"assets": Assets(np.array([0]), np.ones(1), np.zeros(1, int), np.zeros(2, int))}, "group"),
        ({"curves": []}, "1 to 65535 curves"),
        ({"curves": [FLOODED]}, "'flooded' costs a share of 0.2 at depth 0"),
        ({"curves": [replace(LINE, depth=np.array([0.0, np.inf]))]}, "finite points"),
        ({"curves": [replace(LINE, depth=np.array([0.0, 0.0]))]}, "rising depths"),
        ({"curves": [replace(LINE, depth=np.array([0.0, 1e-310]))]}, "rising depths"),
        ({"frequency": [0.1, 0.2]}, "each of the 1 events"),
        ({"frequency": [-0.1]}, "0 or more"),
        ({"by_group": True}, "group of each asset"),
        ({"threads": 0}, "1 or more"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(change, words):
    right = {
        "intensity": SMALL,
        "assets": Assets(np.array([0]), np.ones(1), np.zeros(1, int)),
        "curves": [LINE],
        "frequency": [1.0],
    }
    with pytest.raises(InputError, match=words):
        event_losses(**(right | change))


def test_an_event_of_another_size_is_refused():
    prepared = prepare(TWO, [LINE, STEP], 3)
    for wrong in (np.ones(4), np.ones((1, 3)), csr_array(np.ones((2, 3)))):
        with pytest.raises(InputError, match="each of 3 places"):
            event_loss(prepared, wrong)
    with pytest.raises(InputError, match="outside its 3 places"):
        event_loss(prepared, OUTSIDE)
    with pytest.raises(InputError, match="prepared for 3 places"):
        prepared_losses(prepared, csr_array((1, 4)), [1.0])


def test_the_exceedance_curve_adds_frequencies_from_the_largest_loss_down():
    curve = exceedance_curve([10.0, 40.0, 0.0, 20.0], [0.1, 0.01, 0.5, 0.0])
    assert curve.loss.tolist() == [40.0, 10.0, 0.0]
    assert curve.frequency == pytest.approx([0.01, 0.11, 0.61])
    assert curve.period == pytest.approx([100.0, 1 / 0.11, 1 / 0.61])


def test_return_levels_say_what_lies_outside_the_set():
    levels = return_levels([10.0, 40.0], [0.1, 0.01], [1.0, 1 / 0.11, 100.0, 1000.0])
    assert levels.loss.tolist() == [10.0, 10.0, 40.0, 40.0]
    assert levels.below.tolist() == [True, False, False, False]
    assert levels.beyond.tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: exceedance_curve([1.0], [0.1, 0.2]), "each of the 2 frequencies"),
        (lambda: exceedance_curve([np.nan], [0.1]), "finite loss"),
        (lambda: exceedance_curve([1.0], [0.0]), "above 0 per year"),
        (lambda: exceedance_curve([[1.0]], [0.1]), "one loss for each event"),
        (lambda: expected_annual([1.0], [-0.1]), "0 or more"),
        (lambda: expected_annual([[1.0]], [0.1]), "one loss for each event"),
        (lambda: expected_by_group([1.0], [0.1]), "each event and group"),
        (lambda: return_levels([1.0], [0.1], [0.0]), "above 0 years"),
    ],
)
def test_wrong_event_sets_are_told_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
