"""Households that fill the homes of constructed buildings to the published number of residents."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.buildings_use import apportion
from genrejs.city.districts import read_table
from genrejs.city.model import HOUSEHOLD_COLUMNS
from genrejs.errors import Fault
from genrejs.rng import stream

Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class People:
    """How the people of a Danish town live together; assumptions unless a source is named."""

    house_sizes: tuple[float, ...] = (0.17, 0.38, 0.17, 0.20, 0.07, 0.01)  # homes with 1, 2, ... persons: houses
    terrace_sizes: tuple[float, ...] = (0.33, 0.37, 0.14, 0.12, 0.04)  # terraced homes
    flat_sizes: tuple[float, ...] = (0.51, 0.30, 0.10, 0.06, 0.03)  # flats
    care_sizes: tuple[float, ...] = (0.94, 0.06)  # homes in a care home
    net_floor: float = 0.85  # of a block's floor area lies inside homes
    single_senior: float = 0.32  # of people living alone are 71 or older
    couple_senior: float = 0.25  # of two-person homes
    couple_child: float = 0.11  # of two-person homes are one adult with one child
    lone_parent: float = 0.12  # of homes of three or more have one adult
    grown_child: float = 0.25  # of homes of three or more have three adults
    care_senior: float = 0.95  # of people in a care home
    volunteering: float = 0.40  # of people aged 18 or more (FACTS 8: 40 % in 2024)
    high_income: float = 0.28  # of homes that are not low-income
    house_owned: float = 0.93  # of houses outside social housing
    flat_owned: float = 0.22  # of flats outside social housing
    car: tuple[float, float, float] = (0.35, 0.72, 0.90)  # homes with a car: low, middle, high income


DETACHED = (120,)  # BBR codes
TERRACED = (131, 132)
DOUBLE = 132  # holds two homes
HOUSES = DETACHED + TERRACED
FLATS = (140,)
CARE = (160,)


def settle(
    buildings: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, *, name: str = "vejle", seed: int = 1,
    people: People | None = None,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:  # fmt: skip
    """Return the buildings with `residents` and the households ``(household,)`` with HOUSEHOLD_COLUMNS.

    Every district gets exactly its residents, every household lies in a building, homes left over stand empty.

    Raises
    ------
    Fault
        When a district has residents but no home.
    """
    facts = people or People()
    use = read_table(name, "building_use.csv").set_index("bbr_code")
    homes = _homes(buildings, use, facts)
    parts = [
        _district_households(district, buildings, homes[buildings["district"].to_numpy()[homes] == district.id],
                             facts, seed)
        for district in districts.itertuples()
        if district.residents > 0
    ]  # fmt: skip
    households = pd.concat(parts, ignore_index=True).sort_values("building", kind="stable", ignore_index=True)
    households.insert(0, "id", [f"H{number:05d}" for number in range(len(households))])
    lived = np.bincount(households["building"], weights=households["persons"], minlength=len(buildings))
    settled = buildings.assign(residents=lived.astype(np.int64))
    return settled, households[list(HOUSEHOLD_COLUMNS)]


def _homes(buildings: gpd.GeoDataFrame, use: pd.DataFrame, facts: People) -> Integers:
    """Return the building of every home, ``(home,)``."""
    code = buildings["bbr_code"].to_numpy()
    size = use["dwelling_area"].loc[code].to_numpy(dtype=np.float64)
    inside = buildings["area"].to_numpy() * buildings["floors"].to_numpy() * facts.net_floor
    flats = np.where(size > 0, np.maximum(1, np.floor(inside / np.where(size > 0, size, 1.0))), 0)
    count = np.where(np.isin(code, HOUSES), np.where(code == DOUBLE, 2, 1), flats).astype(np.int64)
    return np.repeat(np.arange(len(buildings)), count)


def _district_households(
    district: pd.Series, buildings: gpd.GeoDataFrame, homes: Integers, facts: People, seed: int
) -> pd.DataFrame:
    if not homes.size:
        raise Fault(f"The district {district.id} has {district.residents} residents but no home.")
    rng = stream(seed, f"households/{district.id}")
    code = buildings["bbr_code"].to_numpy()[homes]
    house, care = np.isin(code, HOUSES), np.isin(code, CARE)
    persons = _sizes(code, int(district.residents), facts, rng)
    lived = persons > 0
    homes, persons, house, care = homes[lived], persons[lived], house[lived], care[lived]
    children, seniors = _ages(persons, care, facts, rng)
    income = _income(persons, float(district.low_income_share), facts, rng)
    return pd.DataFrame(
        {
            "building": homes,
            "persons": persons,
            "children": children,
            "adults": persons - children - seniors,
            "seniors": seniors,
            "language": np.where(_share_of(persons, float(district.language_other_share), rng), "other", "da"),
            "income": income,
            "tenure": _tenure(persons, house, care, float(district.social_housing_share), facts, rng),
            "car": rng.random(homes.size)
            < np.select([income == "low", income == "middle"], list(facts.car[:2]), facts.car[2]),
            "volunteers": rng.binomial(persons - children, facts.volunteering),
        }
    )


def _sizes(code: Integers, residents: int, facts: People, rng: np.random.Generator) -> Integers:
    """Return persons per home, ``(home,)``, 0 where it stands empty, summing to `residents`."""
    size = np.zeros(code.size, dtype=np.int64)
    for codes, chance in _size_tables(facts):
        rows = np.isin(code, codes)
        size[rows] = 1 + rng.choice(len(chance), size=int(rows.sum()), p=np.asarray(chance) / sum(chance))
    order = rng.permutation(size.size)
    before = np.cumsum(size[order]) - size[order]
    size[order] = np.clip(residents - before, 0, size[order])
    missing = residents - int(size.sum())
    weight = np.where(np.isin(code, CARE), 0.0, rng.random(size.size))
    return size + apportion(weight, missing) if missing else size


def _size_tables(facts: People) -> tuple[tuple[tuple[int, ...], tuple[float, ...]], ...]:
    return (
        (DETACHED, facts.house_sizes),
        (TERRACED, facts.terrace_sizes),
        (FLATS, facts.flat_sizes),
        (CARE, facts.care_sizes),
    )


def _ages(persons: Integers, care: Bools, facts: People, rng: np.random.Generator) -> tuple[Integers, Integers]:
    draw, family = rng.random((2, persons.size))
    children, seniors = np.zeros_like(persons), np.zeros_like(persons)
    alone, pair, more = persons == 1, persons == 2, persons > 2
    seniors[alone & (draw < facts.single_senior)] = 1
    seniors[pair & (draw < facts.couple_senior)] = 2
    children[pair & (draw >= 1 - facts.couple_child)] = 1
    adults = np.where(family < facts.lone_parent, 1, np.where(family > 1 - facts.grown_child, 3, 2))
    children[more] = (persons - adults)[more]
    children[care], seniors[care] = 0, np.where(draw < facts.care_senior, persons, 0)[care]
    return children, seniors


def _income(persons: Integers, low: float, facts: People, rng: np.random.Generator) -> NDArray[np.str_]:
    poor = _share_of(persons, low, rng)
    return np.where(poor, "low", np.where(rng.random(persons.size) < facts.high_income, "high", "middle"))


def _tenure(
    persons: Integers, house: Bools, care: Bools, social: float, facts: People, rng: np.random.Generator
) -> NDArray[np.str_]:
    # Social housing fills flats first, then terraces and houses, until the district's share of people is reached.
    first = np.argsort(house + rng.random(persons.size), kind="stable")
    rented = np.zeros(persons.size, dtype=np.bool_)
    rented[first] = np.cumsum(persons[first]) <= round(social * int(persons.sum()))
    owned = rng.random(persons.size) < np.where(house, facts.house_owned, facts.flat_owned)
    return np.where(rented | care, "social", np.where(owned, "owner", "private"))


def _share_of(persons: Integers, share: float, rng: np.random.Generator) -> Bools:
    """Return the homes whose people make up `share` of all, ``(home,)``, as near as whole homes allow."""
    order = rng.permutation(persons.size)
    chosen = np.zeros(persons.size, dtype=np.bool_)
    chosen[order] = np.cumsum(persons[order]) <= share * int(persons.sum()) + 0.5
    return chosen
