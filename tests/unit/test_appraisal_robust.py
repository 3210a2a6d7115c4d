"""Criteria of robustness against small tables worked by hand, and what must hold for every table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from genrejs.appraisal.robust import (
    Judging,
    Outcomes,
    best_case,
    conflict,
    expected,
    hurwicz,
    judge,
    max_regret,
    mean_deviation,
    ranked,
    regret,
    regret_at,
    satisficing,
    satisficing_radius,
    undesirable_deviation,
    worst_case,
)
from genrejs.appraisal.weighing import normalised, weigh, worths
from genrejs.errors import InputError

COSTS = Outcomes(("low", "dike", "both"), np.array([[10.0, 40.0, 70.0], [20.0, 30.0, 60.0], [35.0, 35.0, 35.0]]))
GAINS = Outcomes(("shares", "bonds", "bank"), np.array([[15.0, 3.0, -6.0], [9.0, 4.0, -2.0], [3.0, 3.0, 3.0]]), False)
"""Three markets, payoff: each criterion by hand below."""


def test_classical_criteria_of_costs_by_hand():
    assert expected(COSTS).tolist() == pytest.approx([40, 110 / 3, 35])
    assert expected(COSTS, [2, 1, 1]).tolist() == pytest.approx([32.5, 32.5, 35])
    assert worst_case(COSTS).tolist() == [70, 60, 35]
    assert best_case(COSTS).tolist() == [10, 20, 35]
    assert hurwicz(COSTS, 0.25).tolist() == [55, 50, 35]
    assert regret(COSTS).tolist() == [[0, 10, 35], [10, 0, 25], [25, 5, 0]]
    assert max_regret(COSTS).tolist() == [35, 25, 25]


def test_classical_criteria_of_gains_by_hand():
    assert worst_case(GAINS).tolist() == [-6, -2, 3]
    assert best_case(GAINS).tolist() == [15, 9, 3]
    assert hurwicz(GAINS, 0.5).tolist() == [4.5, 3.5, 3]
    assert regret(GAINS).tolist() == [[0, 1, 9], [6, 0, 5], [12, 1, 0]]
    assert max_regret(GAINS).tolist() == [9, 6, 12]
    found = judge(GAINS)
    # Three criteria, three winners: the textbook's point.
    assert found.winners["worst_case"] == ("bank",)
    assert found.winners["best_case"] == found.winners["hurwicz"] == ("shares",)
    assert found.winners["max_regret"] == ("bonds",)
    assert found.always_best == ()


def test_regret_percentiles_are_regrets_that_occur():
    assert regret_at(COSTS, 1.0).tolist() == max_regret(COSTS).tolist()
    assert regret_at(COSTS, 0.0).tolist() == [0, 0, 0]
    assert regret_at(COSTS, 0.5).tolist() == [10, 10, 5]
    assert regret_at(COSTS, 0.5, [0, 0, 1]).tolist() == [35, 25, 0]
    tenths = Outcomes(("a", "b"), np.array([np.arange(10.0), np.zeros(10)]))
    assert regret_at(tenths, 0.3)[0] == 2.0


def test_satisficing_counts_futures_at_the_threshold_as_met():
    assert satisficing(COSTS, 35).tolist() == pytest.approx([1 / 3, 2 / 3, 1])
    assert satisficing(COSTS, 35, [0, 1, 1]).tolist() == [0, 0.5, 1]
    assert satisficing(GAINS, 3).tolist() == pytest.approx([2 / 3, 2 / 3, 1])


def test_satisficing_radius_of_a_line_and_of_a_corner():
    rise = np.linspace(0, 1, 101)
    line = Outcomes(("fails above 0.8", "never", "fails at the middle"), np.stack([rise > 0.8, 0 * rise, 1 + 0 * rise]))
    found = satisficing_radius(line, 0.5, rise[:, None], [0.5])
    # From 0.5 the first failing future, 0.81, lies 0.31 of the 0.5 to the edge away.
    assert found.tolist() == pytest.approx([0.62, 1.0, 0.0])
    factors = np.array([[0.0, 0.0], [10.0, 2.0], [8.0, 1.0], [5.0, 1.0]])
    corner = Outcomes(("a",), np.array([[0.0, 1.0, 1.0, 0.0]]))
    assert satisficing_radius(corner, 0.5, factors, [5.0, 1.0]).tolist() == pytest.approx([0.6])


def test_deviations_by_hand():
    assert mean_deviation(COSTS, 0.0).tolist() == pytest.approx(expected(COSTS).tolist())
    assert mean_deviation(COSTS, 1.0).tolist() == pytest.approx([40 + np.sqrt(600), 110 / 3 + np.sqrt(2600 / 9), 35])
    assert mean_deviation(GAINS, 1.0)[0] == pytest.approx(4 - np.sqrt(222 / 3))
    assert undesirable_deviation(COSTS).tolist() == [10, 10, 0]
    assert undesirable_deviation(GAINS).tolist() == [3, 2, 0]


def test_judging_ranks_and_says_where_criteria_disagree():
    found = judge(COSTS, Judging(threshold=35))
    where = {name: row for name, row in zip(found.criteria, found.ranks.tolist(), strict=True)}
    assert where["worst_case"] == [3, 2, 1] and where["best_case"] == [1, 2, 3] and where["max_regret"] == [3, 1, 1]
    names = list(found.criteria)
    assert found.conflict[names.index("worst_case"), names.index("best_case")] == 1.0
    assert found.conflict[names.index("worst_case"), names.index("max_regret")] == 0.0
    assert "satisficing" in names and "expected" not in names
    assert "expected" in judge(COSTS, Judging(weights=[1, 1, 2])).criteria
    alone = judge(Outcomes(("one",), np.array([[1.0, 2.0]])))
    assert alone.always_best == ("one",) and not alone.conflict.any()


def test_ranks_share_ties_and_kendall_counts_swaps():
    assert ranked(np.array([3.0, 1.0, 1.0 + 1e-15, 2.0])).tolist() == [4, 1, 1, 3]
    assert conflict(np.array([[3.0, 2, 1], [3, 1, 2], [1, 1, 1]]))[0].tolist() == pytest.approx([0, 1 / 3, 0])


tables = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 5), st.integers(1, 9)), elements=st.integers(-1000, 1000).map(float)
)


def named(values, lower=True):
    return Outcomes(tuple(f"s{row}" for row in range(len(values))), values, lower)


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(-50, 50), st.integers(1, 9), st.randoms())
def test_ranks_do_not_hang_on_unit_zero_sense_or_order(values, shift, scale, chance):
    plain = judge(named(values))
    assert np.array_equal(judge(named(scale * values + shift)).ranks, plain.ranks)
    turned = judge(named(-values, lower=False))
    assert np.array_equal(turned.ranks, plain.ranks)
    order = list(range(values.shape[1]))
    chance.shuffle(order)
    mixed = judge(named(values[:, order]))
    np.testing.assert_allclose(mixed.scores, plain.scores, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(tables, st.floats(0, 1), st.floats(0, 1))
def test_what_holds_for_every_table(values, one, other):
    table = named(values)
    found = regret(table)
    assert (found >= 0).all() and (found.min(axis=0) == 0).all()
    low, high = sorted((one, other))
    assert (regret_at(table, low) <= regret_at(table, high)).all()
    between = hurwicz(table, one)
    assert (best_case(table) - 1e-9 <= between).all() and (between <= worst_case(table) + 1e-9).all()
    # Shifting one future by the same for all changes no regret.
    np.testing.assert_allclose(regret(named(values + np.arange(values.shape[1]))), found, atol=1e-9)
    # A future seen twice is one with double weight.
    double = np.hstack([values, values[:, :1]])
    weights = np.r_[2.0, np.ones(values.shape[1] - 1)]
    np.testing.assert_allclose(expected(named(double)), expected(table, weights), atol=1e-9)
    assert regret_at(named(double), one).tolist() == regret_at(table, one, weights).tolist()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Outcomes(("a",), np.array([[1.0, np.nan]])), "1 values that are not finite"),
        (lambda: Outcomes(("a", "a"), np.ones((2, 2))), "name of its own"),
        (lambda: Outcomes(("a",), np.ones(3)), "strategies by futures"),
        (lambda: expected(COSTS, [1, 2]), "3 weights"),
        (lambda: expected(COSTS, [1, -1, 1]), "0 or more"),
        (lambda: hurwicz(COSTS, 1.5), "from 0 to 1; got 1.5"),
        (lambda: regret_at(COSTS, -0.1), "from 0 to 1"),
        (lambda: mean_deviation(COSTS, -1), "0 or more"),
        (lambda: satisficing_radius(COSTS, 1, np.ones((2, 1)), [1]), "3 futures by factors"),
        (lambda: satisficing_radius(COSTS, 1, np.ones((3, 1)), [2]), "within"),
        (lambda: normalised({"a": 0}), "not all 0"),
        (lambda: normalised({"a": -1, "b": 2}), "0 or more"),
        (lambda: worths(np.ones((2, 2)), [True]), "one direction"),
        (lambda: worths(np.ones((2, 1)), [True], [[1], [2]]), "worse than its best"),
        (lambda: worths(np.ones((2, 1)), [True], [[1, 2]]), "worst and best"),
        (lambda: weigh(("a",), np.ones((1, 2)), {"x": 1}), "do not fit"),
    ],
)
def test_bad_input_is_answered_in_one_sentence(call, said):
    with pytest.raises(InputError, match=said):
        call()


def test_worths_run_from_worst_to_best_and_can_be_tied_to_a_scale():
    table = [[10.0, 1.0, 5.0], [20.0, 3.0, 5.0], [15.0, 2.0, 5.0]]
    assert worths(table, [True, False, True]).tolist() == [[1, 0, 1], [0, 1, 1], [0.5, 0.5, 1]]
    ends = [[30, 0, 9], [10, 4, 1]]
    assert worths(table, [True, False, True], ends).tolist() == [[1, 0.25, 0.5], [0.5, 0.75, 0.5], [0.75, 0.5, 0.5]]


def test_votes_weigh_and_the_turning_point_is_where_two_scores_meet():
    worth = np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]])
    found = weigh(("cheap", "safe", "never"), worth, {"money": 12, "people": 8})
    assert found.weights == {"money": 0.6, "people": 0.4} and found.scores.tolist() == pytest.approx([0.6, 0.4, 0.4])
    assert found.winner == "cheap"
    money, people = found.reaches
    assert (money.low, money.high, money.below, money.above) == (pytest.approx(0.5), 1.0, "safe", "")
    assert (people.low, people.high, people.below, people.above) == (0.0, pytest.approx(0.5), "", "safe")
    assert found.most_delicate.objective == "money"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 4))
def test_the_reach_of_a_weight_agrees_with_trying_every_weight(seed, strategies, objectives):
    chance = np.random.default_rng(seed)
    worth, part = chance.random((strategies, objectives)), chance.random(objectives) + 0.01
    names, votes = tuple(map(str, range(strategies))), {str(k): float(v) for k, v in enumerate(part)}
    found = weigh(names, worth, votes)
    part = part / part.sum()
    for place, reach in enumerate(found.reaches):
        assert reach.low <= reach.weight <= reach.high
        for tried in np.linspace(0, 1, 41):
            rest = np.delete(part, place)
            others = (1 - tried) * rest / rest.sum() if rest.size else rest
            scores = np.delete(worth, place, axis=1) @ others + tried * worth[:, place]
            lead = scores[int(found.winner)] - scores.max()
            if reach.low + 1e-9 < tried < reach.high - 1e-9:
                assert lead >= -1e-9
            elif tried < reach.low - 1e-9 or tried > reach.high + 1e-9:
                assert lead < 1e-9


def test_equal_strategies_keep_the_order_given_and_nothing_takes_over():
    found = weigh(("a", "b"), np.array([[0.5, 0.5], [0.5, 0.5]]), {"x": 1, "y": 3})
    assert found.order == ("a", "b") and all(reach.below == reach.above == "" for reach in found.reaches)
