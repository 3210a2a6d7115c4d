"""Money with known answers: expected annual loss, discounting, present value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrejs.appraisal.economics import annuity, discount_factors, measure_flows, present_value
from genrejs.appraisal.risk import combined_frequency, expected_annual, weights
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue


def test_uniform_loss_is_loss_times_frequency():
    assert expected_annual([0.1, 0.02, 0.001], [5e6, 5e6, 5e6]) == pytest.approx(0.1 * 5e6, rel=1e-14)
    assert expected_annual([0.02], [3e6]) == pytest.approx(0.02 * 3e6, rel=1e-14)


def test_loss_linear_in_frequency_is_a_triangle():
    frequency = np.linspace(0.001, 0.5, 40)
    loss = 1e6 * (0.5 - frequency)
    rest = 0.001 * loss[0]
    assert expected_annual(frequency, loss) == pytest.approx(1e6 * (0.5 - 0.001) ** 2 / 2 + rest, rel=1e-12)


def test_exponential_damage_has_its_closed_form():
    """L(f) = a ln(f0 / f) gives E = a f0: the log tail is exact beyond the rarest, the trapezoid converges between."""
    a, first = 2e6, 0.5
    frequency = np.geomspace(1e-3, first, 2000)
    loss = a * np.log(first / frequency)
    assert expected_annual(frequency, loss, tail="log") == pytest.approx(a * first, rel=1e-5)
    closed = a * (first - 1e-3)
    assert expected_annual(frequency, loss, tail="closed") == pytest.approx(closed, rel=1e-5)
    cut = closed - 1e-3 * loss[0]
    assert expected_annual(frequency, loss, tail="cut") == pytest.approx(cut, rel=1e-5)


def test_the_harmless_frequency_adds_its_triangle():
    without = expected_annual([0.1, 0.01], [2e6, 8e6])
    assert expected_annual([0.1, 0.01], [2e6, 8e6], harmless=0.5) == pytest.approx(without + 0.4 * 2e6 / 2, rel=1e-14)


def test_order_of_points_does_not_matter_and_two_at_one_frequency_are_refused():
    assert expected_annual([0.01, 0.1, 0.05], [9.0, 1.0, 4.0]) == expected_annual([0.1, 0.05, 0.01], [1.0, 4.0, 9.0])
    with pytest.raises(InputError, match="two points"):
        weights([0.1, 0.1])
    with pytest.raises(InputError, match="above 0"):
        weights([0.0, 0.1])
    with pytest.raises(InputError, match="closed, cut, log"):
        weights([0.1], tail="open")


@given(st.lists(st.floats(1e-4, 1.0), min_size=1, max_size=12, unique=True))
def test_weights_are_never_negative_and_sum_to_the_highest_frequency(frequencies):
    for tail in ("closed", "cut"):
        assert (weights(frequencies, tail) >= 0).all()
    assert weights(frequencies).sum() == pytest.approx(max(frequencies), rel=1e-12)


def test_hazards_add_up_in_frequency():
    curves = {"surge": ([0.1, 0.01], [1e6, 9e6]), "cloudburst": ([0.2, 0.02], [1e6, 1e6])}
    assert combined_frequency(curves, [1e6, 5e6, 9e6, 9.1e6]) == pytest.approx([0.1 + 0.2, 0.055, 0.01, 0.0])


def test_the_two_constants_of_the_danish_damage_tool_follow_from_the_discount_rates():
    factors = discount_factors(100)
    year = np.arange(100)
    assert (factors * (1 - year / 99)).sum() / 100 == pytest.approx(0.219058829, abs=1e-9)
    assert (factors * year / 99).sum() / 100 == pytest.approx(0.089925625, abs=1e-9)


def test_the_discount_factor_is_chained_over_the_bands():
    factors = discount_factors(81)
    assert factors[0] == 1.0
    assert factors[35] == pytest.approx(1.035**-35, rel=1e-13)
    assert factors[36] == pytest.approx(1.035**-35 / 1.025, rel=1e-13)
    assert factors[80] == pytest.approx(1.035**-35 * 1.025**-35 * 1.015**-10, rel=1e-13)


def test_a_constant_stream_is_an_annuity():
    years = 30
    closed_form = (1 - 1.035**-years) / (1 - 1 / 1.035)
    assert present_value(np.full(years, 7.0)) == pytest.approx(7.0 * closed_form, rel=1e-13)
    assert annuity(years) == pytest.approx(closed_form, rel=1e-13)


def test_cost_reinvestment_and_residual_value():
    doors = catalogue()["flood_doors"]
    flows = measure_flows(doors, 50, price=1.0)
    assert np.flatnonzero(flows.investment).tolist() == [3, 28]
    assert flows.investment.sum() == 2 * doors.cost
    # The second set is bought in year 28 and lives to year 53: 3 of 25 years are left after 50.
    assert flows.residual[50] == pytest.approx(doors.cost * 3 / 25)
    assert flows.upkeep.sum() == pytest.approx(doors.upkeep * 47)
    assert measure_flows(doors, 53, price=1.0).residual[53] == 0
    assert measure_flows(doors, 3, price=1.0).investment.sum() == 0


def test_a_standing_measure_costs_its_upkeep_only():
    flows = measure_flows(catalogue()["sluice_pumps"], 50, price=1.0, stands=True)
    assert flows.investment.sum() == 0 and flows.residual.sum() == 0
    assert flows.upkeep.sum() == pytest.approx(50 * catalogue()["sluice_pumps"].upkeep)
    assert flows.added.sum() == pytest.approx(50 * 0.5e6)
