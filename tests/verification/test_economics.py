"""Money with known answers: expected annual loss, discounting, present value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrejs.appraisal.economics import (
    annual_risk_os2,
    annuity,
    discount_factors,
    internal_rate,
    measure_flows,
    payback,
    present_value,
    worth,
)
from genrejs.appraisal.prices import (
    LIFE_VALUE_2017,
    constant_growth,
    lives_worth,
    read_price_index,
)
from genrejs.appraisal.risk import combined_frequency, expected_annual, weights
from genrejs.errors import InputError
from genrejs.impact.prices import PriceSettings, to_dkk
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


def test_the_yearly_risk_of_the_danish_tool():
    assert annual_risk_os2(1e6, 0.0, 1.0) == pytest.approx(219_058.829, abs=1e-3)
    assert annual_risk_os2(0.0, 1e6, 1.0) == pytest.approx(89_925.625, abs=1e-3)
    # Damage that stays as it is: the mean of a hundred years' discount factors.
    assert annual_risk_os2(5e6, 5e6, 20.0) == pytest.approx(5e6 / 20 * annuity(100) / 100, rel=1e-14)
    rows = annual_risk_os2([1e6, 2e6], [2e6, 2e6], [100, 50])
    assert rows.tolist() == pytest.approx([3_989.10079, 12_359.37816], abs=1e-5)
    with pytest.raises(InputError, match="above 0 years"):
        annual_risk_os2(1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("flow", "rate"),
    [
        ([-100, 110], 0.10),
        ([-100, 0, 121], 0.10),
        ([0, 0, -100, 110], 0.10),
        ([-123_400, 36_200, 54_800, 48_100], 0.0596),  # a textbook's flow
        ([-1000, 500, 500], 0.0),
        ([-100, 50], -0.5),
        ([-100, 0, 25], -0.5),
        ([-1, 1e6], 1e6 - 1),
        ([100, -110], 0.10),
    ],
)
def test_the_internal_rate_has_its_known_value(flow, rate):
    assert internal_rate(flow).value == pytest.approx(rate, abs=5e-5 if rate == 0.0596 else 1e-12, rel=1e-12)


def test_the_internal_rate_of_an_annuity_makes_it_worth_nothing():
    flow = np.r_[-1000.0, np.full(60, 55.0)]
    rate = internal_rate(flow).value
    assert 55 * (1 - (1 + rate) ** -60) / rate == pytest.approx(1000, rel=1e-12)


def test_no_false_rate_is_given():
    """Flows whose npv is 0 at two rates: 25 and 400 % (Lorie and Savage's pump), 10 and 20 %; and at none."""
    for flow, rates in (
        ([-1600, 10_000, -10_000], (0.25, 4.0)),
        ([-100, 230, -132], (0.1, 0.2)),
        ([-100, 150, -100], ()),
    ):
        for rate in rates:
            assert np.polyval(flow[::-1], 1 / (1 + rate)) == pytest.approx(0, abs=1e-9)
        answer = internal_rate(flow)
        assert np.isnan(answer.value) and "changes sign 2 times" in answer.reason
    for flow in ([1.0, 2.0], [-1.0, -2.0], [0.0, 0.0]):
        answer = internal_rate(flow)
        assert np.isnan(answer.value) and "never changes sign" in answer.reason


def test_a_measure_bought_again_still_has_one_positive_rate():
    flow = np.full(50, 20.0)
    flow[[0, 25]] = (-100.0, -60.0)
    answer = internal_rate(flow)
    roots = np.roots(flow)  # of (1 + rate), highest power first
    rates = np.real(roots[(np.abs(np.imag(roots)) < 1e-9) & (np.real(roots) > 1)]) - 1
    assert answer.value == pytest.approx(rates.item(), rel=1e-9) and "3 changes of sign, one positive" in answer.reason
    assert "loan" in internal_rate([100, -110]).reason


def test_payback_simple_and_discounted():
    flow = np.r_[-1000.0, np.full(6, 300.0)]
    assert payback(flow) == pytest.approx(10 / 3)
    ten = worth(np.r_[0.0, np.full(6, 300.0)], np.r_[1000.0, np.zeros(6)], tax_distortion=0.0, bands=((np.inf, 0.10),))
    assert ten.payback == pytest.approx(10 / 3)
    owed = 1000 - 300 * sum(1.1**-year for year in range(1, 5))
    assert ten.discounted_payback == pytest.approx(4 + owed / (300 * 1.1**-5))
    assert payback([-100, 50, 50]) == 2.0 and payback([1, 2]) == 0.0 and np.isnan(payback([-100, 50]))
    # Paid back in year 1 but in debt again in year 2: only the last time counts.
    assert payback([-100, 150, -100, 100]) == pytest.approx(2.5)


def test_net_present_value_and_ratio_by_hand():
    benefits, costs = np.r_[0.0, np.full(29, 8.0)], np.r_[100.0, np.full(29, 1.0)]
    years = annuity(30) - 1
    value = worth(benefits, costs)
    assert value.benefit == pytest.approx(8 * years) and value.cost == pytest.approx(1.1 * (100 + years))
    assert value.npv == pytest.approx(8 * years - 1.1 * (100 + years))
    assert value.benefit_cost == pytest.approx(8 * years / (1.1 * (100 + years)))
    assert worth(benefits, costs, public_share=0.5).cost == pytest.approx(1.05 * (100 + years))
    assert np.isnan(worth(benefits, 0 * costs).benefit_cost)
    assert worth(benefits, costs).rate.value == internal_rate(benefits - 1.1 * costs).value


def test_the_worth_of_a_measure_is_that_of_its_flows():
    parking = catalogue()["water_parking"]
    flows = measure_flows(parking, 50, price=1.0)
    avoided = np.where(flows.upkeep > 0, 12e6, 0.0)
    value = worth(avoided + flows.added, flows.cost)
    assert value.npv == pytest.approx(present_value(avoided + flows.added) - 1.1 * present_value(flows.cost), rel=1e-12)
    net = avoided + flows.added - 1.1 * flows.cost
    assert present_value(net) == pytest.approx(value.npv, rel=1e-12)
    assert (
        value.rate.value > 0.035 and np.isfinite(value.discounted_payback) and value.discounted_payback > value.payback
    )


def test_streams_that_are_no_streams_are_refused():
    for call, words in (
        (lambda: worth([1.0, 2.0], [1.0]), "same years; got 2 and 1"),
        (lambda: worth([np.nan], [1.0]), "benefits must be a row of finite"),
        (lambda: internal_rate([]), "net flow must be"),
        (lambda: payback([[1.0]]), "shape"),
        (lambda: worth([1.0], [1.0], public_share=2), "from 0 to 1"),
    ):
        with pytest.raises(InputError, match=words):
            call()


def test_largest_damages_of_jrc_in_danish_kroner():
    """889, 1,221 and 979 euro of 2010 are about 8,900, 12,300 and 9,800 DKK of 2024."""
    assert np.round(to_dkk([889.0, 1221.0, 979.0], "EUR", 2010), -2).tolist() == [8900.0, 12_300.0, 9800.0]
    assert to_dkk(1.0, "EUR", 2010) == pytest.approx(7.45 * 1.35)
    assert to_dkk(100.0, "EUR", 2010, PriceSettings(year=2010)) == pytest.approx(745.0)
    assert constant_growth(2010, 2024, 0.35).factor(2010, 2017) == pytest.approx(1.35**0.5)


def test_a_price_index_from_a_file(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("year,index\n2016,100\n2020,104\n2024,120\n", encoding="utf-8")
    index = read_price_index(path)
    assert index.factor(2020, 2024) == pytest.approx(120 / 104) and index.factor(2016, 2016) == 1.0
    assert index.factor(2024, 2016) * index.factor(2016, 2024) == pytest.approx(1.0)
    assert lives_worth(2.0, price_year=2024, index=index) == pytest.approx(68e6 * 120 / 104)
    with pytest.raises(InputError, match="lacks the year 2030; it runs 2016 to 2024"):
        index.factor(2016, 2030)
    for text, words in (
        ("year\n2016\n", "columns year and index"),
        ("year,index\n", "columns year and index"),
        ("year,index\n2016,dear\n", "line 2: year must be"),
        ("year,index\n2016,100\n2016,101\n", "line 3: the year 2016 is there twice"),
        ("year,index\n2016,0\n", "above 0"),
        ("year,index\n2016\n", "line 2: year must be"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=words):
            read_price_index(path)
    path.write_bytes("year,index\nå".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_price_index(path)
    with pytest.raises(InputError, match="does not exist"):
        read_price_index(tmp_path / "none.csv")
    with pytest.raises(InputError, match="first year before the last"):
        constant_growth(2020, 2010, 0.1)


def test_the_value_of_a_life_stands_in_its_own_prices():
    assert lives_worth([0.0, 0.01, 2.0]).tolist() == pytest.approx([0.0, 340e3, 68e6])
    assert lives_worth(1.0, LIFE_VALUE_2017) == 32e6 and lives_worth(1.0, price_year=2020) == 34e6
    with pytest.raises(InputError, match="in 2020 prices"):
        lives_worth(1.0, price_year=2024)
