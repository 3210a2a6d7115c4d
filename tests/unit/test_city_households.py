"""Households: exact residents, everyone in a building, the shares of the districts."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from genrejs.city.buildings import construct_buildings
from genrejs.city.districts import embedded_districts
from genrejs.city.households import People, settle
from genrejs.city.model import HOUSEHOLD_COLUMNS
from genrejs.city.terrain import embedded_streams
from genrejs.errors import Fault

Settled = tuple[gpd.GeoDataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def empty() -> gpd.GeoDataFrame:
    return construct_buildings(embedded_streams(), seed=1)


@pytest.fixture(scope="module")
def settled(empty: gpd.GeoDataFrame) -> Settled:
    return settle(empty, embedded_districts(), seed=1)


def test_every_district_has_exactly_its_residents(settled: Settled) -> None:
    lived = settled[0].groupby("district")["residents"].sum()
    districts = embedded_districts().set_index("id")["residents"]
    assert lived.reindex(districts.index).fillna(0).astype(int).to_dict() == districts.to_dict()


def test_every_household_lies_in_a_home_and_persons_add_up(settled: Settled) -> None:
    buildings, households = settled
    assert list(households.columns) == list(HOUSEHOLD_COLUMNS)
    assert households["building"].between(0, len(buildings) - 1).all()
    assert set(buildings["bbr_code"].to_numpy()[households["building"]]) <= {120, 131, 132, 140, 160}
    persons = np.bincount(households["building"], weights=households["persons"], minlength=len(buildings))
    assert (persons == buildings["residents"]).all()
    assert (households[["children", "adults", "seniors"]].sum(axis=1) == households["persons"]).all()
    assert (households["persons"] >= 1).all()
    assert (households["adults"] + households["seniors"] >= 1).all()


def test_about_twenty_eight_thousand_households_of_danish_ages(settled: Settled) -> None:
    households = settled[1]
    assert 26_000 < len(households) < 30_000
    share = households[["children", "adults", "seniors"]].sum() / households["persons"].sum()
    assert share["children"] == pytest.approx(0.20, abs=0.03)
    assert share["seniors"] == pytest.approx(0.15, abs=0.03)


def test_four_in_ten_of_those_over_eighteen_volunteer(settled: Settled) -> None:
    households = settled[1]
    grown = households["adults"] + households["seniors"]
    assert households["volunteers"].sum() / grown.sum() == pytest.approx(0.40, abs=0.01)
    assert (households["volunteers"] <= grown).all()


def test_language_and_income_follow_the_district(settled: Settled) -> None:
    buildings, households = settled
    place = buildings["district"].to_numpy()[households["building"]]
    for district in embedded_districts().query("residents > 0").itertuples():
        there = households[place == district.id]
        for column, value, share in (
            ("language", "other", district.language_other_share),
            ("income", "low", district.low_income_share),
        ):
            people = there.loc[there[column] == value, "persons"].sum()
            assert abs(people - share * district.residents) <= there["persons"].max()


def test_finlandsparken_is_social_housing_throughout(settled: Settled) -> None:
    buildings, households = settled
    place = buildings["district"].to_numpy()[households["building"]]
    assert set(households.loc[place == "finlandsparken", "tenure"]) == {"social"}
    assert set(households["tenure"]) == {"owner", "social", "private"}


def test_the_poor_own_fewer_cars(settled: Settled) -> None:
    car = settled[1].groupby("income")["car"].mean()
    assert car["low"] < car["middle"] < car["high"]


def test_the_same_seed_gives_the_same_bits_and_another_does_not(empty: gpd.GeoDataFrame, settled: Settled) -> None:
    again = settle(empty, embedded_districts(), seed=1)[1]
    assert_frame_equal(again, settled[1], check_exact=True)
    other = settle(empty, embedded_districts(), seed=2)[1]
    assert not again[["building", "persons"]].equals(other[["building", "persons"]])


def test_people_are_settings(empty: gpd.GeoDataFrame) -> None:
    nobody = settle(empty, embedded_districts(), seed=1, people=People(volunteering=0.0))[1]
    assert nobody["volunteers"].sum() == 0


def test_residents_without_a_home_are_a_fault(empty: gpd.GeoDataFrame) -> None:
    with pytest.raises(Fault, match="vestbyen has 8500 residents but no home"):
        settle(empty[empty["district"] != "vestbyen"].reset_index(drop=True), embedded_districts(), seed=1)
