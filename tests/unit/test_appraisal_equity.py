"""What a krone lost means to whom, and losses by group: shares by hand, every group sums to the whole."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.appraisal.equity import EquitySettings, equity_weights, weighted_loss
from genrejs.appraisal.groups import GROUPS, losses_by
from genrejs.appraisal.payers import PayerSettings, losses_of
from genrejs.errors import InputError
from genrejs.impact.assess import assess

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)


def test_the_mean_person_weighs_one():
    assert equity_weights([300e3, 300e3]).tolist() == [1.0, 1.0]
    assert equity_weights([100e3, 200e3, 300e3])[1] == 1.0
    # 3 people of 100 and 1 of 500: the mean is 200.
    assert equity_weights([100.0, 500.0], [3, 1], gamma=1.2) == pytest.approx([2**1.2, 0.4**1.2])


def test_half_the_income_is_worth_twice_as_much_at_an_elasticity_of_one():
    """The UK Green Book's own example: a pound at 20,000 is worth two at 40,000; at 1.3 it is 2 ** 1.3."""
    for gamma in (0.0, 1.0, 1.2, 1.3):
        poor, rich = equity_weights([20_000.0, 40_000.0], gamma=gamma)
        assert poor / rich == pytest.approx(2**gamma)


def test_a_loss_beside_its_weighted_self():
    weights = equity_weights([100.0, 300.0], gamma=1.0)
    assert weights.tolist() == pytest.approx([2.0, 2 / 3])
    assert weighted_loss([30.0, 60.0], weights) == pytest.approx((90.0, 100.0, 100 / 90))
    assert np.isnan(weighted_loss([0.0], [1.0]).ratio)


def test_wrong_incomes_are_answered_in_words():
    for call, words in (
        (lambda: equity_weights([0.0, 1.0]), "incomes above 0"),
        (lambda: equity_weights([np.nan]), "incomes above 0"),
        (lambda: equity_weights([]), "incomes above 0"),
        (lambda: equity_weights([1.0], [0]), "somebody in all"),
        (lambda: equity_weights([1.0], [1, 2]), "number of people"),
        (lambda: equity_weights([1.0], gamma=-1), "gamma"),
        (lambda: weighted_loss([1.0], [1.0, 2.0]), "2 weights and 1 losses"),
    ):
        with pytest.raises(InputError, match=words):
            call()


def losses():
    """100,000 of building and contents each in the first three homes, and something in every other building."""
    return pd.DataFrame(
        {
            "category": ["home"] * 4 + ["business", "utility", "garage"],
            "damage": [100e3, 100e3, 200e3, 0.0, 500e3, 50e3, 30e3],
            "contents": [100e3, 100e3, 200e3, 0.0, 250e3, 0.0, 0.0],
            "cellar": [0.0, 20e3, 0.0, 0.0, 0.0, 0.0, 0.0],
            "value_loss": [40e3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            "people": [8e3, 8e3, 50e3, 0.0, 0.0, 0.0, 0.0],
        }
    )


def by(group, **settings):
    city = made.city()
    return losses_by(city.buildings, city.households, losses(), group, **settings).set_index("value")


def test_persons_share_their_building_and_adults_their_time():
    """House 0: 4 persons, house 1: 3; the block holds 12 (8 adults) who speak another language and 8 (2) Danes."""
    table = by("language")
    danes = 248e3 + 8 / 20 * 400e3 + 2 / 10 * 50e3
    others = 228e3 + 12 / 20 * 400e3 + 8 / 10 * 50e3
    assert table.loc["da", "loss"] == pytest.approx(danes)
    assert table.loc["other", "loss"] == pytest.approx(others)
    assert table.loc["da", "people"] == 4 + 8 + 2 and table.loc["other", "people"] == 3 + 12
    assert table.loc["business", "loss"] == 750e3 and table.loc["utility", "loss"] == 50e3
    assert table.loc["no_residents", "loss"] == 30e3 and "unknown" not in table.index
    assert table["share"].sum() == pytest.approx(1.0)
    assert table.loc["da", "per_person"] == pytest.approx(danes / 14)


def test_tenants_bear_contents_and_owners_the_building():
    table = by("tenure")
    assert table.loc["owner", "loss"] == pytest.approx(248e3 + 228e3)
    assert table.loc["social", "loss"] == pytest.approx(200e3 + 50e3)
    assert table.loc["landlord", "loss"] == pytest.approx(200e3)
    kinds = by("owner")
    assert kinds.loc["tenant", "loss"] == pytest.approx(250e3)
    assert kinds.loc["social_landlord", "loss"] == pytest.approx(200e3)
    assert "owner_landlord" not in kinds.index


def test_ages_share_all_but_the_adults_time():
    table = by("age")
    children = 240e3 * 2 / 4 + 220e3 * 1 / 3 + 400e3 * 4 / 20
    seniors = 400e3 * 6 / 20
    assert table.loc["children", "loss"] == pytest.approx(children)
    assert table.loc["seniors", "loss"] == pytest.approx(seniors)
    assert table.loc["adults", "loss"] == pytest.approx(248e3 + 228e3 + 450e3 - children - seniors)
    assert table["people"].sum() == 29


def test_the_weighted_loss_stands_beside_the_plain():
    table = by("income", settings=EquitySettings(gamma=1.0))
    mean = (23 * 0.55 + 4 * 1.0 + 2 * 1.5) / 29
    assert table.loc["middle", "weighted"] == pytest.approx(248e3 * mean)
    assert table.loc["low", "weighted"] == pytest.approx((228e3 + 450e3) * mean / 0.55)
    assert table.loc["business", "weighted"] == table.loc["business", "loss"]
    flat = losses_by(made.city().buildings, made.households(), losses(), settings=EquitySettings(gamma=0.0))
    assert flat["weighted"].to_numpy() == pytest.approx(flat["loss"].to_numpy())


def test_every_group_sums_to_the_damage_of_an_event():
    city = made.city()
    impact = assess(city, made.low_flood(1.0), made.event())
    table = losses_by(city.buildings, city.households, losses_of(city, impact))
    assert tuple(dict.fromkeys(table["group"])) == GROUPS
    assert table.groupby("group")["loss"].sum().to_numpy() == pytest.approx(impact.totals["damage_total"])
    district = table[table["group"] == "district"].set_index("value")
    assert district.loc["high", "loss"] == 0 and district.loc["low", "people"] == 27


def test_people_of_whom_nothing_is_known():
    city = made.city()
    table = losses_by(city.buildings, city.households[:0], losses())
    unknown = table[table["value"] == "unknown"]
    assert set(unknown["group"]) == {"age", "language", "income", "tenure", "owner"}
    assert (unknown["people"] == 29).all() and unknown["loss"].to_numpy() == pytest.approx(926e3)
    some = losses_by(city.buildings, city.households[1:], losses(), "language").set_index("value")
    assert some.loc["unknown", "loss"] == pytest.approx(248e3) and some.loc["unknown", "people"] == 4


def test_contents_are_told_apart_when_not_given():
    city, whole = made.city(), losses().drop(columns="contents")
    for share in (0.0, 0.5):
        rules = PayerSettings(contents_share=dict.fromkeys(PayerSettings().contents_share, share))
        table = losses_by(city.buildings, city.households, whole, "tenure", payers=rules).set_index("value")
        assert table.loc["landlord", "loss"] == pytest.approx(200e3 * (1 - share))


def test_wrong_tables_are_answered_in_words():
    city = made.city()
    homes, people = city.buildings, city.households
    for call, words in (
        (lambda: losses_by(homes, people, losses(), "shoe size"), "shoe size"),
        (lambda: losses_by(homes, people, losses()[:3]), "differ in number: 3 and 7"),
        (lambda: losses_by(homes, people.drop(columns="tenure"), losses(), "tenure"), "lacks the column 'tenure'"),
        (lambda: losses_by(homes, people.assign(income="royal"), losses()), "group 'royal'"),
        (lambda: losses_by(homes, people.assign(persons=0), losses()), "persons, 1 or more"),
        (lambda: losses_by(homes, people.assign(building=99), losses()), "row of the table of buildings"),
        (lambda: losses_by(homes, people.assign(children=0), losses(), "age"), "sum to its persons"),
        (lambda: losses_by(homes.assign(district=None), people, losses(), "district"), "gaps"),
    ):
        with pytest.raises(InputError, match=words):
            call()
