"""The Danish municipal damage model gives the published amounts."""

import csv
from pathlib import Path

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.impact.damage import (
    CATEGORIES,
    HAZARDS,
    DamageSettings,
    building_damage,
    cellar_damage,
    damage_categories,
    person_cost,
    value_loss,
)

DEPTHS = np.array([0.30, 0.50, 1.00, 1.50])
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "dk_damage"


@pytest.mark.parametrize(
    ("category", "area", "amounts"),
    [
        ("home", 120.0, [408_109.48, 479_698.22, 576_838.09, 633_661.26]),
        ("summer_house", 80.0, [287_276.61, 356_001.46, 449_255.26, 503_805.24]),
        ("business", 500.0, [1_919_428.95, 2_273_926.61, 2_754_949.95, 3_036_330.58]),
    ],
)
def test_surge_amounts_to_the_oere(category: str, area: float, amounts: list[float]) -> None:
    damage = building_damage("surge", np.full(4, category), np.full(4, area), DEPTHS)
    assert np.round(damage, 2).tolist() == amounts


def test_cloudburst_is_flat_per_area() -> None:
    category = np.array(["home", "summer_house", "business", "unknown", "garage"])
    damage = building_damage("cloudburst", category, np.full(5, 10.0), np.array([0.3, 0.5, 2.0, 0.3, 0.3]))
    assert damage.tolist() == [12_570.0, 12_490.0, 14_070.0, 10_000.0, 30_000.0]


def test_stream_is_a_third_of_surge_for_the_main_categories() -> None:
    for category in ("home", "summer_house", "business", "culture", "utility", "public"):
        use = np.full(4, category)
        surge = building_damage("surge", use, np.full(4, 100.0), DEPTHS)
        stream = building_damage("stream", use, np.full(4, 100.0), DEPTHS)
        np.testing.assert_allclose(stream, surge / 3.0, rtol=1e-4)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_low_value_business_is_a_quarter(hazard: str) -> None:
    high = building_damage(hazard, np.full(4, "business"), np.full(4, 500.0), DEPTHS)
    low = building_damage(hazard, np.full(4, "business_low"), np.full(4, 500.0), DEPTHS)
    np.testing.assert_allclose(low, high / 4.0, rtol=4e-4)


def test_minimum_depth_is_a_setting() -> None:
    home, area, depth = np.array(["home"] * 3), np.full(3, 100.0), np.array([0.19, 0.25, 0.30])
    assert (building_damage("surge", home, area, depth) > 0).tolist() == [False, False, True]
    text = DamageSettings(minimum_depth=0.20)
    assert (building_damage("surge", home, area, depth, text) > 0).tolist() == [False, True, True]


def test_garage_costs_the_same_whatever_its_size() -> None:
    damage = building_damage("stream", np.array(["garage", "garage"]), np.array([15.0, 90.0]), np.array([0.5, 3.0]))
    assert damage.tolist() == [30_000.0, 30_000.0]


def test_cellars_above_twenty_centimetres() -> None:
    amounts = cellar_damage("surge", np.full(3, "home"), np.full(3, 50.0), np.array([0.20, 0.21, 2.0]))
    assert amounts.tolist() == [0.0, 28_900.0, 28_900.0]


def test_value_loss_is_four_percent_of_the_price_of_homes() -> None:
    amounts = value_loss(
        np.array(["home", "business", "home"]), np.array([120.0, 500.0, 120.0]), np.array([0.5, 0.5, 0.1])
    )
    np.testing.assert_allclose(amounts, [0.04 * 16_023 * 120, 0.0, 0.0], rtol=1e-12)


def test_people_cost_is_hours_times_wage() -> None:
    assert DamageSettings().person_cost == 251 * 301 == 75_551
    assert person_cost(np.array([2.0, 2.0]), np.array([0.5, 0.1])).tolist() == [151_102.0, 0.0]


def test_bbr_codes_find_their_category() -> None:
    codes = np.array([120, 140, 320, 910, 431, 510, 323, 411, 232, 999, 585, 123456, -9999])
    assert damage_categories(codes).tolist() == [
        "home", "home", "business", "garage", "public", "summer_house", "business_low", "culture", "utility", "other",
        "annex", "unknown", "unknown",
    ]  # fmt: skip
    assert damage_categories(np.array(["120", "", "x"], dtype=object)).tolist() == ["home", "unknown", "unknown"]


def test_wrong_hazard_and_category_are_said_in_one_sentence() -> None:
    with pytest.raises(InputError, match=r"hazard 'tsunami'.*surge, cloudburst, stream"):
        building_damage("tsunami", np.array(["home"]), np.array([1.0]), np.array([1.0]))
    with pytest.raises(InputError, match="category 'castle'"):
        building_damage("surge", np.array(["castle"]), np.array([1.0]), np.array([1.0]))


@pytest.mark.parametrize("hazard", HAZARDS)
@pytest.mark.parametrize("category", CATEGORIES)
def test_deeper_water_never_costs_less_and_never_pays(hazard: str, category: str) -> None:
    depth = np.r_[np.nan, np.linspace(0.0, 6.0, 601)]
    damage = building_damage(
        hazard, np.full(602, category), np.full(602, 77.0), depth, DamageSettings(minimum_depth=0.0)
    )
    assert damage[0] == 0.0
    assert (damage >= 0.0).all()
    assert (np.diff(damage) >= 0.0).all()


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published tables are not on this machine")
def test_own_tables_hold_the_published_coefficients() -> None:
    hazards = {"Stormflod": "surge", "Skybrud": "cloudburst", "Vandløb": "stream"}
    names = {
        "Helårsbeboelse": "home", "Sommerhus": "summer_house", "Garage mm.": "garage", "Anneks": "annex",
        "Erhverv": "business", "Erhverv_lav": "business_low", "Kultur": "culture", "Forsyning": "utility",
        "Offentlig": "public", "Ingen data": "unknown", "Andet": "other",
    }  # fmt: skip
    with (PUBLISHED / "csv_skadefunktioner.csv").open(encoding="utf-8-sig") as file:
        curves = list(csv.DictReader(file))
    assert len(curves) == len(HAZARDS) * len(CATEGORIES)
    for row in curves:
        b0, b1, b2 = (float(row[key]) for key in ("b0", "b1", "b2"))
        expected = b0 + 40.0 * (b1 * np.log(80.0) + b2)
        use = np.array([names[row["skade_kategori"]]])
        got = building_damage(hazards[row["skade_type"]], use, np.array([40.0]), np.array([0.8]))[0]
        assert got == pytest.approx(expected, rel=1e-12)
    with (PUBLISHED / "csv_bbr_anvendelse.csv").open(encoding="utf-8-sig") as file:
        uses = list(csv.DictReader(file))
    found = damage_categories(np.array([int(row["bbr_anv_kode"]) for row in uses]))
    assert found.tolist() == [names[row["skade_kategori"]] for row in uses]
