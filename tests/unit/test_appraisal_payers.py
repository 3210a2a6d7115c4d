"""Who pays: the scheme's rules by hand, cloudbursts, the pool, who insures himself, and the expected year."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.appraisal.payers import PAYERS, RULES_2015, SICK_SHARE, PayerSettings, losses_of, who_pays
from genrejs.appraisal.payers_annual import Flooded, expected_losses, expected_payment, pieces
from genrejs.appraisal.risk import expected_annual, weights
from genrejs.errors import InputError
from genrejs.impact.assess import assess
from genrejs.impact.damage import building_damage

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)


def table(**columns):
    columns = {name: np.atleast_1d(values) for name, values in columns.items()}
    rows = max(values.size for values in columns.values())
    return pd.DataFrame({name: np.resize(values, rows) for name, values in columns.items()})


def one(category, building, contents=0.0, **more):
    return table(category=category, damage=building, contents=contents, **more)


def paid(losses, hazard="surge", years=100.0, settings=None, **more):
    return who_pays(losses, hazard, years, settings, **more).amounts


@pytest.mark.parametrize(
    ("category", "building", "contents", "own"),
    [
        ("home", 500_000.0, 0.0, 40_000.0),  # 8 %
        ("home", 50_000.0, 0.0, 8_000.0),  # the least
        ("home", 5_000.0, 0.0, 5_000.0),  # less than the least
        ("home", 0.0, 300_000.0, 30_000.0),  # 10 %
        ("home", 0.0, 60_000.0, 10_000.0),
        ("home", 500_000.0, 300_000.0, 70_000.0),
        ("summer_house", 400_000.0, 0.0, 52_000.0),  # 13 %
        ("summer_house", 60_000.0, 0.0, 13_000.0),
        ("business", 1_000_000.0, 500_000.0, 180_000.0),  # 13 % and 10 %
        ("business_low", 20_000.0, 20_000.0, 23_000.0),
    ],
)
@pytest.mark.parametrize("hazard", ["surge", "stream"])
def test_the_deductibles_of_2013(category, building, contents, own, hazard):
    amounts = paid(one(category, building, contents), hazard)
    assert amounts["owner"] == pytest.approx(own, rel=1e-12)
    assert amounts["scheme"] == pytest.approx(building + contents - own, rel=1e-12, abs=1e-6)


def test_only_floods_rarer_than_twenty_years_are_the_schemes():
    home = one("home", 500_000.0)
    for years, scheme in ((5.0, 0.0), (20.0, 0.0), (20.001, 460_000.0), (1000.0, 460_000.0), (np.inf, 460_000.0)):
        amounts = paid(home, years=years)
        assert amounts["scheme"] == pytest.approx(scheme)
        assert amounts["owner"] == pytest.approx(500_000.0 - scheme)


def test_a_home_of_the_published_damage_at_thirty_centimetres():
    """408,109.48 DKK, a third of it contents: 8 % of two thirds and 10 % of a third are the owner's."""
    damage = building_damage("surge", np.array(["home"]), np.array([120.0]), np.array([0.30]))
    assert round(damage[0], 2) == 408_109.48
    amounts = paid(table(category="home", damage=damage))
    assert amounts["owner"] == pytest.approx(408_109.48 * (2 / 3 * 0.08 + 1 / 3 * 0.10), abs=0.01)
    assert amounts.sum() == pytest.approx(damage[0], rel=1e-14)


def test_contents_are_taken_out_by_use_or_not_at_all():
    uses = ["home", "business", "business_low"]
    parts = who_pays(table(category=uses, damage=[3e5, 2e5, 5e5]), "surge", 100).table.sum()
    assert parts["contents"] == pytest.approx(1e5 + 1e5 + 3e5)
    none = PayerSettings(contents_share=dict.fromkeys(PayerSettings().contents_share, 0.0))
    assert who_pays(table(category=uses, damage=[3e5, 2e5, 5e5]), "surge", 100, none).table.sum()["contents"] == 0


def test_the_cellar_is_part_of_the_claim():
    result = who_pays(one("home", 60_000.0, cellar=40_000.0), "surge", 100).table
    assert result.loc["owner", ["building", "cellar"]].tolist() == pytest.approx([4_800.0, 3_200.0])
    assert result.loc["scheme", "cellar"] == pytest.approx(36_800.0)


def test_each_home_has_contents_of_its_own():
    block = one("home", 0.0, 300_000.0, homes=10)
    assert paid(block)["owner"] == pytest.approx(100_000.0)
    assert paid(one("home", 0.0, 3_000_000.0, homes=10))["owner"] == pytest.approx(300_000.0)


def test_the_later_rules_have_a_ceiling():
    rules = PayerSettings(scheme=RULES_2015)
    assert paid(one("home", 2e6, 1e6), settings=rules)["owner"] == pytest.approx(30_000.0)
    assert paid(one("home", 200_000.0, 40_000.0), settings=rules)["owner"] == pytest.approx(15_000.0)
    assert paid(one("summer_house", 2e6), settings=rules)["owner"] == pytest.approx(50_000.0)
    assert paid(one("business", 2e6), settings=rules)["owner"] == pytest.approx(200_000.0)


def test_a_cloudburst_is_the_insurers_however_often_it_comes():
    amounts = paid(one("home", 100_000.0, 50_000.0), "cloudburst", 2.0)
    assert amounts["insurer"] == 140_000.0 and amounts["owner"] == 10_000.0 and amounts["scheme"] == 0
    assert paid(one("business", 100_000.0), "cloudburst", 2.0)["owner"] == 10_000.0
    violent = PayerSettings(threshold={"surge": 20.0, "stream": 20.0, "cloudburst": 3.0})
    assert paid(one("home", 100_000.0), "cloudburst", 2.0, violent)["owner"] == 100_000.0


def test_public_and_utility_buildings_insure_themselves():
    for hazard in ("surge", "cloudburst"):
        assert paid(one("public", 7e5, 2e5, cellar=1e5), hazard)["municipality"] == 1e6
        assert paid(one("utility", 7e5, 2e5, cellar=1e5), hazard)["utility"] == 1e6


def test_value_and_time_are_nobodys_purse_and_sick_days_the_employers():
    amounts = paid(one("home", 0.0, value_loss=77_000.0, people=75_551.0))
    assert pytest.approx(64 / 251) == SICK_SHARE
    assert amounts["employer"] == pytest.approx(75_551.0 * SICK_SHARE)
    assert amounts["nobody"] == pytest.approx(77_000.0 + 75_551.0 * (1 - SICK_SHARE))


def test_what_the_pool_cannot_pay_is_the_states():
    many = table(category=["business"] * 1000, damage=1e6, contents=0.0)
    amounts = paid(many)
    assert amounts["owner"] == pytest.approx(130e6)
    assert amounts["scheme"] == pytest.approx(450e6) and amounts["state"] == pytest.approx(420e6)
    each = who_pays(many, "surge", 100).by_building
    assert np.ptp(each[:, PAYERS.index("state")]) == 0  # all claims are cut alike
    elsewhere = paid(many, settings=PayerSettings(pool_used=400e6))
    assert elsewhere["scheme"] == pytest.approx(50e6)
    assert paid(many, settings=PayerSettings(beyond_pool="scheme"))["scheme"] == pytest.approx(870e6)
    assert paid(many, "cloudburst")["insurer"] == pytest.approx(990e6)


def test_the_uninsured_pay_themselves():
    half = PayerSettings(insured_buildings=0.5, insured_contents=0.8)
    assert paid(one("home", 500_000.0, 300_000.0), settings=half)["scheme"] == pytest.approx(230_000.0 + 216_000.0)


def test_losses_that_belong_to_no_building():
    result = who_pays(
        one("home", 0.0), "surge", 100, other={"road_cleanup": 2e5, "road_time": 3e5, "infrastructure": 1e6}
    )
    assert result.amounts[["municipality", "nobody", "utility"]].tolist() == [2e5, 3e5, 1e6]
    assert result.by_building.sum() == 0 and result.shares["utility"] == pytest.approx(1 / 1.5)


def test_nothing_lost_is_shared_by_nobody():
    empty = who_pays(one("home", 0.0), "surge", 100)
    assert empty.shares.tolist() == [0.0] * len(PAYERS)
    none = who_pays(table(category=np.array([], dtype=str), damage=np.array([])), "surge", 100)
    assert none.by_building.shape == (0, len(PAYERS)) and none.amounts.sum() == 0


def test_an_impact_becomes_a_table_of_losses():
    impact = assess(made.city(), made.low_flood(1.0), made.event())
    losses = losses_of(made.city(), impact)
    assert losses["category"].tolist() == ["home"] * 4 + ["business", "utility", "garage"]
    assert losses["homes"].tolist() == [1, 1, 2, 1, 0, 0, 0]
    amounts = who_pays(losses, "surge", 50).amounts
    assert amounts.sum() == pytest.approx(impact.totals["damage_total"])
    assert amounts["utility"] == pytest.approx(impact.buildings["damage"].iloc[5])
    empty = made.city(households=made.households()[:0])
    assert losses_of(empty, impact)["homes"].tolist() == [1] * 7


def test_a_constant_loss_in_the_expected_year_by_hand():
    """1 M DKK from once in ten years on: half the year's frequency lies before the threshold, half beyond it."""
    home = one("home", 1e6)
    for years in ((10.0, 100.0), (10.0,), (5.0, 10.0)):
        amounts = expected_payment([Flooded("surge", T, home) for T in years]).amounts
        before, beyond = 1 / min(years) - 0.05, 0.05
        assert amounts["scheme"] == pytest.approx(beyond * 0.92e6)
        assert amounts["owner"] == pytest.approx((before + beyond * 0.08) * 1e6)


def test_the_flood_at_the_threshold_is_put_in():
    """The same as when the user gives floods just below and just above 20 years, with losses on the line between."""
    loss = lambda T: one("home", 2e6 * (0.5 - 1 / T), 1e5 * (0.5 - 1 / T))  # noqa: E731  # linear in frequency
    years = (4.0, 10.0, 100.0, 500.0)
    coarse = expected_payment([Flooded("surge", T, loss(T)) for T in years])
    fine = expected_payment([Flooded("surge", T, loss(T)) for T in (*years, 20 * (1 - 1e-9), 20 * (1 + 1e-9))])
    assert coarse.amounts.to_numpy() == pytest.approx(fine.amounts.to_numpy(), rel=1e-6)
    naive = sum(
        weight * who_pays(loss(T), "surge", T).amounts["scheme"]
        for weight, T in zip(weights([1 / T for T in years]), years, strict=True)
    )
    assert coarse.amounts["scheme"] < 0.95 * naive  # weights alone pay for floods that the scheme does not cover


def test_hazards_add_up_and_each_keeps_its_rules():
    home, street = one("home", 1e6), {"road_cleanup": 1e4}
    floods = [
        Flooded("surge", 100.0, home),
        Flooded("cloudburst", 5.0, home, street),
        Flooded("cloudburst", 50.0, home),
    ]
    result = expected_payment(floods)
    assert result.by_hazard.loc["scheme", "surge"] == pytest.approx(9_200.0)
    assert result.by_hazard.loc["insurer", "cloudburst"] == pytest.approx(0.2 * 995_000.0)
    assert result.amounts.to_numpy() == pytest.approx(result.by_hazard.sum(axis=1).to_numpy())
    assert result.table.loc["municipality", "road_cleanup"] == pytest.approx(0.18 / 2 * 1e4)
    assert result.by_building.sum() == pytest.approx(0.01e6 + 0.2e6)


def test_the_log_tail_is_cut_at_the_threshold_too():
    """L = a ln(f0 / f) from two frequent points: the tail between 10 and 20 years is the owner's, by closed form."""
    a, first = 1e6, 0.5
    floods = [Flooded("surge", T, one("home", a * np.log(first * T))) for T in (5.0, 10.0)]
    losses = [a * np.log(first * T) for T in (5.0, 10.0)]
    total = expected_annual([0.2, 0.1], losses, tail="log")
    result = expected_payment(floods, tail="log")
    assert result.amounts.sum() == pytest.approx(total, rel=1e-12)
    beyond = a * 0.05 * (np.log(first / 0.05) + 1)  # the integral of L from 0 to 1/20
    assert result.amounts["scheme"] == pytest.approx(0.92 * beyond, rel=1e-12)
    falling = [Flooded("surge", 30.0, one("home", 1e6)), Flooded("surge", 31.0, one("home", 1e3))]
    with pytest.raises(InputError, match="do not fall"):
        expected_payment(falling, tail="log")


def test_the_end_that_does_no_harm():
    home = one("home", 1e6)
    result = expected_payment([Flooded("surge", 50.0, home)], harmless={"surge": 0.2})
    assert result.amounts.sum() == pytest.approx(expected_annual([0.02], [1e6], harmless=0.2))
    # Between 1/5 and 1/50 the loss rises on a line; at 1/20 it is 15/18 of it.
    assert result.amounts["scheme"] == pytest.approx(0.92e6 * ((15 / 18 + 1) / 2 * 0.03 + 0.02))


def test_expected_losses_keep_the_columns():
    floods = [Flooded("surge", T, table(category=["home", "public"], damage=[d, 2 * d], people=[5.0, 0.0], homes=[2, 1]))
              for T, d in ((10.0, 1e5), (100.0, 4e5))]  # fmt: skip
    losses = expected_losses(floods)
    expected = expected_annual([0.1, 0.01], [1e5, 4e5])
    assert losses["damage"].tolist() == pytest.approx([expected, 2 * expected])
    assert losses["category"].tolist() == ["home", "public"] and losses["homes"].tolist() == [2, 1]
    assert losses["people"].tolist() == pytest.approx([0.5, 0.0])


def test_pieces_are_the_weights_of_the_curve():
    given = [0.3, 0.1, 0.02, 0.004]
    for tail in ("closed", "cut", "log"):
        found = pieces(given, 20.0, tail, 0.5)
        assert sum(piece.weight * piece.mix for piece in found) == pytest.approx(weights(given, tail, 0.5), rel=1e-12)
    assert {piece.covered for piece in pieces(given, 0.0)} == {True}
    assert {piece.covered for piece in pieces(given, np.inf)} == {False}


def test_wrong_input_is_answered_in_words():
    home = one("home", 1e5)
    wrong = (
        (lambda: who_pays(home, "tsunami", 100), "hazard 'tsunami'"),
        (lambda: who_pays(home, "surge", 0.0), "above 0 years"),
        (lambda: who_pays(home, "surge", float("nan")), "above 0 years"),
        (lambda: who_pays(one("castle", 1.0), "surge", 100), "category 'castle'"),
        (lambda: who_pays(home.drop(columns="category"), "surge", 100), "lacks the column 'category'"),
        (lambda: who_pays(one("home", -1.0), "surge", 100), "'damage' of building 0 is -1"),
        (lambda: who_pays(one("home", 1.0, np.nan), "surge", 100), "'contents' of building 0 is nan"),
        (lambda: who_pays(one("home", 1.0, homes=np.nan), "surge", 100), "number of households"),
        (lambda: who_pays(home, "surge", 100, other={"whales": 1.0}), "loss 'whales'"),
        (lambda: who_pays(home, "surge", 100, other={"crops": -1.0}), "'crops' must be 0"),
        (lambda: expected_payment([]), "at least one event"),
        (lambda: expected_losses([]), "at least one event"),
        (lambda: expected_payment([Flooded("tsunami", 10.0, home)]), "hazard 'tsunami'"),
        (lambda: expected_payment([Flooded("surge", 0.0, home)]), "above 0 years"),
        (lambda: expected_payment([Flooded("surge", 10.0, home)] * 2), "two points"),
        (lambda: expected_payment([Flooded("surge", 9.0, home), Flooded("surge", 99.0, one("public", 1.0))]), "row for row"),
        (lambda: expected_losses([Flooded("surge", 9.0, home), Flooded("surge", 99.0, home[["category", "damage"]])]), "'contents'"),
        (lambda: PayerSettings(people={"nobody": 0.5}), "'people' must sum to 1"),
        (lambda: PayerSettings(value_loss={"bank": 1.0}), "'value_loss' must sum to 1 over owner"),
        (lambda: PayerSettings(insured_buildings=1.5), "from 0 to 1"),
        (lambda: PayerSettings(pool=-1.0), "must not be below 0"),
        (lambda: PayerSettings(beyond_pool="bank"), "got 'bank'"),
        (lambda: PayerSettings(covers={"home": "private"}), "'covers' needs exactly"),
        (lambda: replace(PayerSettings(), covers=dict.fromkeys(PayerSettings().covers, "magic")), "cover is one of"),
    )  # fmt: skip
    for call, words in wrong:
        with pytest.raises(InputError) as error:
            call()
        assert words in str(error.value)
