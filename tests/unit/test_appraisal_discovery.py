"""PRIM: a planted box is found within what the sample allows, and none in noise."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.appraisal.discovery import Peeling, discover
from genrejs.errors import InputError
from genrejs.report.discovery import FactorWords, discovery, where
from genrejs.report.texts import Phrase, same

NAMES = tuple(f"f{k}" for k in range(12))


WATCH = runpy.run_path(str(Path(__file__).parents[1] / "used_texts.py"))["watch"]


def planted(count, inside=1.0, outside=0.0, seed=1):
    chance = np.random.default_rng(seed)
    points = chance.random((count, 12))
    box = (points[:, 2] > 0.4) & (points[:, 7] < 0.5)
    return points, chance.random(count) < np.where(box, inside, outside)


@pytest.mark.parametrize(("count", "inside", "outside"), [(1000, 1.0, 0.0), (3000, 0.8, 0.05), (10_000, 0.6, 0.2)])
def test_a_planted_box_is_found(count, inside, outside):
    points, fails = planted(count, inside, outside)
    found = discover(points, fails, NAMES)
    assert len(found.boxes) == 1
    box = found.boxes[0]
    limits = {each.factor: (each.low, each.high) for each in box.restrictions}
    assert set(limits) == {"f2", "f7"}
    # Futures lie 1/count apart; an edge in noise is sure to some tens of them.
    sure = 5 / count if outside == 0.0 else 60 / count
    assert limits["f2"] == (pytest.approx(0.4, abs=sure), np.inf)
    assert limits["f7"] == (-np.inf, pytest.approx(0.5, abs=sure))
    assert box.density == pytest.approx(inside, abs=0.05)
    assert box.coverage == pytest.approx(0.3 * inside / (0.3 * inside + 0.7 * outside), abs=0.05)
    assert box.support == pytest.approx(0.3, abs=0.05)
    assert max(each.quasi_p for each in box.restrictions) < 1e-6
    assert found.share == fails.mean() and found.coverage == box.coverage


def test_measures_are_counts_over_counts():
    points, fails = planted(1000, 0.9, 0.1)
    (box,) = discover(points, fails, NAMES).boxes
    held = box.holds(NAMES, points)
    assert box.points == held.sum() and box.hits == fails[held].sum()
    assert box.coverage == box.hits / fails.sum() and box.density == box.hits / box.points
    assert box.support == box.points / 1000


def test_the_way_begins_with_all_futures_and_loses_some_at_each_step():
    points, fails = planted(1000, 0.9, 0.1)
    way = discover(points, fails, NAMES).boxes[0].trajectory
    assert (way.coverage[0], way.support[0], way.restricted[0]) == (1.0, 1.0, 0)
    assert way.density[0] == fails.mean()
    assert (np.diff(way.support) < 0).all() and (np.diff(way.coverage) <= 0).all()
    assert (way.support >= 0.05).all() and 0 < way.chosen < len(way.support)


@pytest.mark.parametrize(("count", "share"), [(200, 0.3), (1000, 0.05), (1000, 0.5)])
def test_there_is_no_box_in_noise(count, share):
    for seed in range(15):
        chance = np.random.default_rng(seed)
        found = discover(chance.random((count, 12)), chance.random(count) < share, NAMES)
        assert found.boxes == () and found.coverage == 0.0


def test_two_boxes_are_found_one_after_the_other():
    points = np.random.default_rng(4).random((4000, 4))
    fails = ((points[:, 0] > 0.7) & (points[:, 1] > 0.5)) | ((points[:, 2] < 0.3) & (points[:, 3] < 0.4))
    found = discover(points, fails, NAMES[:4])
    assert [{each.factor for each in box.restrictions} for box in found.boxes] == [{"f0", "f1"}, {"f2", "f3"}]
    assert found.coverage > 0.97 and min(box.density for box in found.boxes) > 0.97
    assert len(discover(points, fails, NAMES[:4], Peeling(boxes=1)).boxes) == 1


def test_a_box_closed_on_both_sides_and_whole_numbers():
    chance = np.random.default_rng(2)
    points = np.stack([chance.integers(0, 10, 2000), chance.random(2000)], axis=1)
    fails = (points[:, 0] >= 3) & (points[:, 0] <= 5)
    (box,) = discover(points, fails, ("count", "other")).boxes
    (only,) = box.restrictions
    assert (only.factor, only.low, only.high) == ("count", 2.5, 5.5)
    assert box.coverage == box.density == 1.0


def test_a_least_density_is_kept():
    points, fails = planted(4000, 0.9, 0.3, seed=3)
    graded = fails | (points[:, 2] > 0.9)
    assert discover(points, graded, NAMES, Peeling(boxes=1, least_density=0.85)).boxes[0].density >= 0.85


def test_all_or_none_failing_gives_no_box():
    points = np.random.default_rng(0).random((100, 2))
    assert discover(points, np.ones(100), ("a", "b")).boxes == ()
    none = discover(points, np.zeros(100), ("a", "b"))
    assert none.boxes == () and none.share == 0.0
    assert discover(np.ones((100, 1)), np.arange(100) < 30, ("a",)).boxes == ()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 1000), st.floats(-100, 100))
def test_the_box_does_not_hang_on_a_factors_unit_nor_on_its_name(seed, scale, shift):
    chance = np.random.default_rng(seed)
    points = chance.random((300, 3))
    fails = chance.random(300) < np.where(points[:, 1] > 0.5, 0.9, 0.05)
    plain, moved = discover(points, fails, "abc"), discover(points * scale + shift, fails, "xyz")
    assert [box.points for box in plain.boxes] == [box.points for box in moved.boxes]
    for one, other in zip(plain.boxes, moved.boxes, strict=True):
        for first, second in zip(one.restrictions, other.restrictions, strict=True):
            assert "xyz"["abc".index(first.factor)] == second.factor
            assert second.low == pytest.approx(first.low * scale + shift, rel=1e-6, abs=1e-6 * scale)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: discover(np.ones((5, 1)), np.ones(5), ("a",)), "20 futures or more"),
        (lambda: discover(np.full((30, 1), np.inf), np.ones(30), ("a",)), "finite"),
        (lambda: discover(np.ones((30, 2)), np.ones(30), ("a", "a")), "name of its own"),
        (lambda: discover(np.ones((30, 1)), np.ones(29), ("a",)), "once for each of 30"),
        (lambda: discover(np.ones((30, 1)), np.full(30, 0.5), ("a",)), "once for each of 30"),
        (lambda: Peeling(peel=1.0), "between 0 and 1"),
        (lambda: Peeling(least_density=0.0), "least density"),
        (lambda: FactorWords(same("x"), same("m"), 0.0), "above 0"),
    ],
)
def test_bad_input_is_answered_in_one_sentence(call, said):
    with pytest.raises(InputError, match=said):
        call()


# In words.

WORDS = {
    "sea": FactorWords(
        Phrase("Havstigning", "Sea-level rise"), same("m"), 1.2,
        more=Phrase("havet stiger mere end {value}", "the sea rises more than {value}"),
    ),
    "hands": FactorWords(
        Phrase("Frivillige", "Volunteers"), same(""), 2000.0,
        less=Phrase("færre end {value} melder sig", "fewer than {value} volunteer"),
    ),
    "rate": FactorWords(Phrase("Renten", "The interest rate"), same("%"), 5.0),
}  # fmt: skip


def plain(phrase):
    return phrase.da.replace("\u00a0", " "), phrase.en.replace("\u00a0", " ")


def told(rule, seed=5):
    chance = np.random.default_rng(seed)
    points = chance.random((3000, 3)) * [1.2, 2000, 5]
    return discover(points, rule(points), tuple(WORDS))


def test_the_box_is_told_as_a_dane_and_an_englishman_would():
    found = told(lambda x: (x[:, 0] > 0.4) & (x[:, 1] < 1300))
    da, en = plain(where(found.boxes[0], WORDS))
    assert set(da.split(" og ")) == {"havet stiger mere end 0,4 m", "færre end 1.300 melder sig"}
    assert set(en.split(" and ")) == {"the sea rises more than 0.4 m", "fewer than 1,300 volunteer"}


def test_clauses_without_words_of_their_own_and_the_page(monkeypatch):
    watched = WATCH(monkeypatch)
    both = told(lambda x: (x[:, 2] > 1) & (x[:, 2] < 2))
    assert plain(where(both.boxes[0], WORDS))[0] == "renten er mellem 1 % og 2 %"
    name = Phrase("Grøn: plads til vandet", "Green: room for the water")
    page = discovery(both, name, WORDS)
    assert plain(page.said[1])[0].startswith("»Grøn« når især ikke målet, hvor renten er mellem")
    assert plain(page.tables[0].rows[0].cells[0].text) == ("1 % til 2 %", "1 % to 2 %")
    two = told(lambda x: (x[:, 2] > 4) | (x[:, 0] < 0.2))
    assert len(two.boxes) == 2
    said = [plain(each)[1] for each in discovery(two, name, WORDS).said]
    assert any(each.startswith("It also misses the goal where") for each in said)
    nothing = told(lambda x: np.random.default_rng(1).random(len(x)) < 0.3)
    assert discovery(nothing, name, WORDS).tables == ()
    assert not watched.unused("discovery.")


def test_a_factor_without_words_is_named():
    found = told(lambda x: x[:, 0] > 0.4)
    with pytest.raises(InputError, match="'sea'"):
        where(found.boxes[0], {})
