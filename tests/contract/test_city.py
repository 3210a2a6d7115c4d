"""The contract of a City, kept by the embedded one."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from genrejs.city.embedded import load_city
from genrejs.city.lifelines import Lifelines, check_lifelines
from genrejs.city.model import BUILDING_COLUMNS, COMPONENT_COLUMNS, HOUSEHOLD_COLUMNS, SERVICES, City

CALM = 0.91  # [m] a level at which no building was wet


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="module")
def city(cache: Path) -> City:
    return load_city(cache=cache)


def test_tables_have_their_columns(city: City) -> None:
    assert set(BUILDING_COLUMNS) <= set(city.buildings.columns)
    assert list(city.households.columns) == list(HOUSEHOLD_COLUMNS)
    assert set(COMPONENT_COLUMNS) <= set(city.components.columns)
    assert {"elevation", "manning", "infiltration", "drain_capacity", "land_cover"} <= set(city.terrain.data_vars)
    assert all(field.shape == city.grid.shape for field in city.terrain.data_vars.values())
    assert city.constructed


def test_size_and_totals(city: City) -> None:
    assert 12_000 <= len(city.buildings) <= 17_000
    assert city.buildings["residents"].sum() == city.districts["residents"].sum() == 58_000
    assert city.households["persons"].sum() == 58_000
    assert set(city.buildings["district"]) <= set(city.districts["id"])


def test_lifelines_are_sound_and_lie_in_the_window(city: City) -> None:
    assert check_lifelines(Lifelines(city.components, city.links, city.supply)) == []
    for x, y in city.components[["x", "y"]].itertuples(index=False):
        city.grid.index(x, y)
    assert set(city.components["service"]) == set(SERVICES) - {"housing"}


def test_no_building_touches_the_sea_or_ground_that_calm_water_reaches(city: City) -> None:
    footprints = city.buildings.geometry.to_numpy()
    assert city.open_sea is not None
    assert not shapely.intersects(footprints, city.open_sea).any()
    row, column = np.nonzero(city.terrain["elevation"].to_numpy() < CALM)
    west, north = city.grid.west + column * city.grid.cell, city.grid.north - row * city.grid.cell
    low = shapely.box(west, north - city.grid.cell, west + city.grid.cell, north)
    assert shapely.STRtree(footprints).query(low, predicate="intersects").size == 0


def test_no_household_is_crowded(city: City) -> None:
    size = city.households.groupby(city.buildings["district"].to_numpy()[city.households["building"]])["persons"].mean()
    assert size.max() < 3.3
    assert city.households["persons"].max() <= 9


def test_the_same_people_and_buildings_on_every_grid(city: City, cache: Path) -> None:
    coarse = load_city(cell=20.0, cache=cache)
    assert (coarse.buildings.geometry.to_wkb() == city.buildings.geometry.to_wkb()).all()
    assert coarse.households.equals(city.households)


def test_another_seed_gives_another_city(city: City, cache: Path) -> None:
    other = load_city(seed=2, cache=cache)
    assert len(other.buildings) != len(city.buildings) or not other.households.equals(city.households)
