"""Strategies side by side: cost, what is spared, value against today, wrong tables answered in words."""

import numpy as np
import pandas as pd
import pytest

from genrejs.appraisal.compare import AppraisalSettings, compare, share_in_place
from genrejs.appraisal.economics import annuity, discount_factors
from genrejs.appraisal.equity import burden
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue, find_strategy, strategies
from genrejs.measure.model import Strategy

IDS = tuple(strategy.id for strategy in strategies())
FACTOR = dict(zip(IDS, (1.6, 1.0, 0.3, 0.8, 0.9, 0.2), strict=True))


def tables(factor=None, growth=2.0):
    """Surge and outage, now and in 2070, damage scaled by strategy."""
    scale = FACTOR if factor is None else factor
    events = (
        ("surge", "surge_20", 0.05, 10e6, 4e3),
        ("surge", "surge_100", 0.01, 80e6, 9e4),
        ("outage", "attack", 0.02, 0.0, 6e4),
    )
    records, groups = [], []
    for id in scale:
        for year in (2026, 2070):
            for hazard, event, frequency, damage, days in events:
                grown = scale[id] * (growth if year == 2070 else 1.0)
                records.append((id, year, hazard, event, frequency, damage * grown, days * grown, damage / 1e6 * grown))
                for value, people, share in (("low", 1000, 0.5), ("high", 4000, 0.5)):
                    groups.append((id, year, event, "income", value, people, days * grown * share))
    columns = ["strategy", "year", "hazard", "event", "frequency", "damage", "person_days", "residents_wet"]
    kinds = ["strategy", "year", "event", "group", "value", "people", "person_days"]
    return pd.DataFrame(records, columns=columns), pd.DataFrame(groups, columns=kinds)


def side_by_side(factor=None, growth=2.0, **settings):
    records, groups = tables(factor, growth)
    return compare(records, groups, strategies(), catalogue(), AppraisalSettings(**settings))


def row(comparison, id):
    return comparison.strategies.set_index("id").loc[id]


def test_expected_losses_add_up_over_hazards():
    result = side_by_side()
    closed_form = (0.05 - 0.01) * (10e6 + 80e6) / 2 + 0.01 * 80e6
    assert row(result, "today")["ead_now"] == pytest.approx(closed_form)
    assert row(result, "today")["ead_future"] == pytest.approx(2 * closed_form)
    days = (0.05 - 0.01) * (4e3 + 9e4) / 2 + 0.01 * 9e4 + 0.02 * 6e4
    assert row(result, "today")["person_days_now"] == pytest.approx(days)
    assert row(result, "grey")["person_days_future"] == pytest.approx(0.3 * 2 * days)
    assert result.strategies["id"].tolist() == list(IDS)


def test_what_stands_today_is_sunk():
    result = side_by_side()
    today, bare = row(result, "today"), row(result, "no_sluice_2012")
    assert today["cost"] == 0 and today["npv"] == 0 and np.isnan(today["benefit_cost"])
    assert today["upkeep"] == catalogue()["sluice_pumps"].upkeep + catalogue()["dikes_vejle_aa"].upkeep
    assert bare["cost"] == 0 and bare["upkeep"] == 0 and bare["npv"] < 0
    new = ("raised_edge", "flood_doors", "raised_lifelines", "backup_power")
    assert row(result, "grey")["cost"] == sum(catalogue()[id].cost for id in new)


def test_the_value_of_2012_is_its_closed_form():
    """Without growth: an annuity of the extra damage and lost added value against the upkeep saved."""
    result = side_by_side(growth=1.0, tax_distortion=0.1)
    today, bare = row(result, "today"), row(result, "no_sluice_2012")
    extra = bare["ead_now"] - today["ead_now"]
    yearly = -extra - today["added_value"] + 1.1 * today["upkeep"]
    assert bare["npv"] == pytest.approx(yearly * annuity(50), rel=1e-12)


def test_the_value_of_one_measure_by_hand():
    """Water parking alone, counted year by year: paid and working in year 4, 14 of 60 years left at the end."""
    one = Strategy("one", "En", "One", ("sluice_pumps", "dikes_vejle_aa", "water_parking"))
    records, groups = tables({"today": 1.0, "one": 0.5}, growth=1.0)
    result = compare(records, groups, (find_strategy("today"), one), catalogue())
    parking, factors = catalogue()["water_parking"], discount_factors(51)
    avoided = row(result, "today")["ead_now"] / 2 + sum(value.yearly for value in parking.added_value)
    left = parking.cost * (4 + 60 - 50) / 60
    spent = 1.1 * (parking.cost * factors[4] + parking.upkeep * factors[4:50].sum() - left * factors[50])
    assert row(result, "one")["npv"] == pytest.approx(avoided * factors[4:50].sum() - spent, rel=1e-12)
    assert row(result, "one")["benefit_cost"] == pytest.approx(avoided * factors[4:50].sum() / spent, rel=1e-12)


def test_more_protection_is_never_worth_less():
    values = []
    for factor in (1.0, 0.8, 0.5, 0.1, 0.0):
        values.append(row(side_by_side({**FACTOR, "green": factor}), "green")["npv"])
    assert values == sorted(values)


def test_damage_between_now_and_future_is_linear():
    flat, grown = (row(side_by_side(growth=growth), "no_sluice_2012") for growth in (1.0, 2.0))
    path = np.interp(np.arange(50), (0, 44), (1.0, 2.0))
    extra = (FACTOR["no_sluice_2012"] - 1) * (0.04 * 45e6 + 0.01 * 80e6)
    assert flat["npv"] - grown["npv"] == pytest.approx(extra * (discount_factors(50) @ (path - 1)), rel=1e-9)


def test_who_is_spared_by_group():
    result = side_by_side()
    spared = result.spared.set_index(["strategy", "group", "value"])
    days = row(result, "today")["person_days_now"]
    assert spared.loc[("today", "income", "low"), "spared"] == 0
    assert spared.loc[("grey", "income", "low"), "spared"] == pytest.approx(0.7 * days / 2)
    assert spared.loc[("no_sluice_2012", "income", "high"), "spared"] == pytest.approx(-0.6 * days / 2)
    shared = burden(result.spared).set_index(["strategy", "group", "value"])
    # The same days on a quarter of the people: 2.5 times the mean person's burden.
    assert shared.loc[("today", "income", "low"), "relative"] == pytest.approx(2.5)


def test_a_strategy_works_as_it_is_built():
    standing = frozenset(find_strategy("today").measures)
    share = share_in_place(find_strategy("grey"), standing, catalogue(), 50)
    assert share[0] == 0 and share[-1] == 1 and (np.diff(share) >= 0).all()
    assert share[7] == pytest.approx(1 - catalogue()["raised_edge"].cost / 455e6)
    assert (share_in_place(find_strategy("no_sluice_2012"), standing, catalogue(), 5) == 1).all()


def test_a_price_index_is_used_when_given_and_never_invented():
    plain = row(side_by_side(), "grey")["cost"]
    assert row(side_by_side(price_index={2016: 100.0, 2024: 100.0}), "grey")["cost"] == plain
    with pytest.raises(InputError, match="lacks the year 2016"):
        side_by_side(price_index={2024: 100.0})


def test_events_without_a_frequency_stay_out_and_groups_may_be_empty():
    records, groups = tables()
    historic = records[records["event"] == "surge_100"].assign(event="storm_1872", frequency=None)
    result = compare(pd.concat([records, historic.astype({"frequency": float})]), groups[:0], strategies(), catalogue())
    assert "storm_1872" not in set(result.exceedance["event"]) and result.spared.empty
    assert row(result, "today")["ead_now"] == row(side_by_side(), "today")["ead_now"]


def test_wrong_tables_are_answered_in_words():
    records, groups = tables()
    wrong = (
        (records.drop(columns="hazard"), groups, strategies(), "records lacks the columns hazard"),
        (records, groups.drop(columns="people"), strategies(), "groups lacks the columns people"),
        (records, groups, strategies()[2:], "lack the baseline 'today'"),
        (records[records["strategy"] != "green"], groups, strategies(), "strategy 'green' in 2026"),
        (records.assign(damage=np.nan), groups, strategies(), "not finite"),
    )
    for table, people, chosen, words in wrong:
        with pytest.raises(InputError) as error:
            compare(table, people, chosen, catalogue())
        assert words in str(error.value)
    with pytest.raises(InputError, match="must lie after now"):
        AppraisalSettings(future=2020)
    with pytest.raises(InputError, match="share from 0 to 1"):
        AppraisalSettings(tax_distortion=10)


def test_draws_become_ranges_around_the_figure():
    records, groups = tables()
    factors = (0.5, 1.0, 1.5)
    drawn = records.assign(**{f"draw_{k}": records["damage"] * factor for k, factor in enumerate(factors)})
    plain = compare(records, groups, strategies(), catalogue(), AppraisalSettings())
    result = compare(drawn, groups, strategies(), catalogue(), AppraisalSettings())
    shared = list(plain.strategies.columns)
    pd.testing.assert_frame_equal(result.strategies[shared], plain.strategies)
    today, grey = row(result, "today"), row(result, "grey")
    # three draws: their 5 % quantile lies a tenth of the way from the lowest to the middle one
    assert today["ead_now_p05"] == pytest.approx(0.55 * today["ead_now"])
    assert today["ead_future_p95"] == pytest.approx(1.45 * today["ead_future"])
    # against itself nothing is avoided, whatever the draw
    assert today["npv_p05"] == today["npv_p95"] == pytest.approx(today["npv"], abs=1e-6)
    half, more = compare(*halved(records, groups), strategies(), catalogue(), AppraisalSettings()), grey["npv"]
    assert grey["npv_p05"] == pytest.approx(more + 0.9 * (row(half, "grey")["npv"] - more))


def halved(records, groups):
    """Return the tables with half the damage."""
    return records.assign(damage=0.5 * records["damage"]), groups
