"""Sobol indices against Ishigami's function, straight lines and choices whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from genrejs.appraisal.sensitivity import Design, deciding, sobol_indices
from genrejs.errors import InputError

UNIT = {"a": (0.0, 1.0), "b": (0.0, 1.0), "c": (0.0, 1.0)}


def test_ishigami():
    a, b = 7.0, 0.1
    found = sobol_indices(
        lambda x: np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0]),
        dict.fromkeys("xyz", (-np.pi, np.pi)),
        Design(base=2048),
    )
    # Ishigami and Homma 1990: the parts of the variance in closed form.
    one, two = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8
    both = b**2 * np.pi**8 * 8 / 225
    variance = one + two + both
    assert found.variance == pytest.approx(variance, rel=0.02)
    assert found.first == pytest.approx([one / variance, two / variance, 0.0], abs=0.02)
    assert found.total == pytest.approx([(one + both) / variance, two / variance, both / variance], abs=0.02)
    assert found.order == ("x", "y", "z") and found.runs == 2048 * 5
    assert (found.first_range[0] <= found.first).all() and (found.first <= found.first_range[1]).all()
    assert (found.total_range[0] <= found.total).all() and (found.total <= found.total_range[1]).all()


def test_a_straight_line_has_shares_by_squares_of_slope_times_width():
    found = sobol_indices(lambda x: 3 * x[:, 0] - x[:, 1] + 100.0, {"wide": (0, 2), "narrow": (10, 16), "idle": (0, 1)})
    shares = np.array([6.0**2, 6.0**2, 0.0]) / 72
    assert found.first == pytest.approx(shares, abs=0.02) and found.total == pytest.approx(shares, abs=0.02)
    assert found.variance == pytest.approx(72 / 12, rel=0.02)
    assert found.total[2] == 0.0


def test_more_points_narrow_the_range():
    narrow, wide = (sobol_indices(lambda x: x @ [1.0, 2, 3], UNIT, Design(base=base)) for base in (1024, 64))
    assert (np.ptp(narrow.total_range, axis=0) < np.ptp(wide.total_range, axis=0)).all()


def test_one_factor_alone_and_a_constant():
    alone = sobol_indices(lambda x: x[:, 0] ** 2, {"only": (0, 1)})
    assert alone.first == pytest.approx([1.0], abs=0.02) and alone.total == pytest.approx([1.0], abs=0.02)
    flat = sobol_indices(lambda x: np.full(len(x), 7.1), UNIT)
    assert flat.variance == 0.0 and not flat.first.any() and not flat.total_range.any()


def test_the_seed_decides_even_when_it_is_nought():
    def run(seed):
        return sobol_indices(lambda x: x[:, 0] * x[:, 1], UNIT, Design(base=64, seed=seed))

    assert np.array_equal(run(0).first, run(0).first) and np.array_equal(run(0).first_range, run(0).first_range)
    assert not np.array_equal(run(0).first, run(5).first)


def test_what_governs_the_difference_need_not_decide_the_choice():
    # The second strategy costs x more or less than the first, and both cost 100 z: z governs cost, x the choice.
    def model(x):
        return np.stack([100 * x[:, 2], 100 * x[:, 2] + x[:, 0] - 0.25], axis=1)

    found = deciding(model, UNIT, (0, 1))
    assert found.difference.order[0] == "a" and found.difference.total == pytest.approx([1, 0, 0], abs=0.02)
    assert found.winner.total == pytest.approx([1, 0, 0], abs=0.05)
    assert found.first_better == pytest.approx(0.75, abs=0.02) and not found.settled
    turned = deciding(lambda x: -model(x), UNIT, (0, 1), lower_better=False)
    assert turned.first_better == found.first_better
    swapped = deciding(model, UNIT, (1, 0))
    assert swapped.first_better == pytest.approx(0.25, abs=0.02)


def test_a_choice_that_never_turns_is_settled():
    found = deciding(lambda x: np.stack([x[:, 0], x[:, 0] + 5 * x[:, 1] + 1], axis=1), UNIT, (0, 1))
    assert found.settled and found.first_better == 1.0 and not found.winner.total.any()
    assert found.difference.order[0] == "b"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Design(base=100), "power of 2"),
        (lambda: Design(resamples=2), "20 resamples"),
        (lambda: sobol_indices(lambda x: x[:, 0], {"a": (1, 1)}), "'a'"),
        (lambda: sobol_indices(lambda x: x[:, 0], {"a": (0, np.inf)}), "'a'"),
        (lambda: sobol_indices(lambda x: x[:, 0], {}), "one uncertain factor"),
        (lambda: sobol_indices(lambda x: x, UNIT), "finite number for each"),
        (lambda: sobol_indices(lambda x: x[:, 0] * np.nan, UNIT), "finite number for each"),
        (lambda: deciding(lambda x: x[:, 0], UNIT, (0, 1)), "rows of finite numbers"),
        (lambda: deciding(lambda x: x, UNIT, (0, 3)), "two of the 3"),
        (lambda: deciding(lambda x: x, UNIT, (1, 1)), "two of the 3"),
    ],
)
def test_bad_input_is_answered_in_one_sentence(call, said):
    with pytest.raises(InputError, match=said):
        call()
