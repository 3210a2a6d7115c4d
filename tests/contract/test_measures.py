"""Every measure: it changes what it declares and nothing else, in both languages, with a cost, a grade and a source."""

import re
from dataclasses import fields
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from shapely import LineString, box

import genrejs.measure
from genrejs.city.grid import Grid
from genrejs.city.lifelines import Lifelines, check_lifelines
from genrejs.city.model import City
from genrejs.impact.service import service_system
from genrejs.measure.catalogue import FUNCTIONS, apply_measure, catalogue, strategies
from genrejs.measure.model import ACTORS, KINDS, PAYERS, PRINCIPLES
from genrejs.measure.prepare import HEADS, SHARES

IDS = tuple(catalogue())
GRADES = {"model", "observational", "quasi-experiment", "none"}
ADDS = {"terrain", "links", "preparedness.social_capital", "preparedness.volunteers", "preparedness.door_pairs",
        "preparedness.crews", "preparedness.aid_crews"}  # fmt: skip
"""What grows or shrinks once more when a measure is carried out twice: soil, losses, people and hands."""
FRAMES = ("districts", "buildings", "households", "components", "links", "supply", "streams", "sources")
INDICATORS = re.compile(
    r"withstand|bounce|emerge|person_days|resilience_loss|functionality|damage_|\bead\b|\bnpv\b|robustness|rapidity"
)


def small_city() -> City:
    """A few cells, houses and components where Vejle lies, with what every measure needs; the ground rises to the east."""
    grid = Grid.covering((531500, 6169500, 541500, 6177500), 100.0)
    ground = np.select([grid.x > 537000, grid.x > 536000], [20.0, 3.0], 1.4)
    terrain = xr.Dataset(
        {
            "elevation": (("y", "x"), np.broadcast_to(ground, grid.shape).copy()),
            "manning": (("y", "x"), np.full(grid.shape, 0.03)),
            "infiltration": (("y", "x"), np.zeros(grid.shape)),
            "drain_capacity": (("y", "x"), np.full(grid.shape, 3e-6)),
            "land_cover": (("y", "x"), np.ones(grid.shape, dtype=np.int8)),
        },
        coords={"y": grid.y, "x": grid.x},
    )
    return City(
        name="Vejle",
        grid=grid,
        terrain=terrain,
        districts=gpd.GeoDataFrame({"id": ["midtby"], "residents": [40]}, geometry=[box(*grid.bounds)], crs=grid.crs),
        buildings=small_buildings(grid),
        households=pd.DataFrame({"id": range(26), "building": [*range(20), *range(24, 30)], "persons": 2}),
        **small_lifelines(),
        streams=gpd.GeoDataFrame({"name": ["Grejs Å"]}, geometry=[LineString([(0, 0), (1, 1)])], crs=grid.crs),
        open_sea=box(534900, 6172000, 541500, 6173900),
    )


def small_buildings(grid: Grid) -> gpd.GeoDataFrame:
    """Twenty low homes, two sheds, a low shop, a museum half way up, two homes there and four on high ground."""
    low = [box(533500 + 40 * i, 6173500, 533510 + 40 * i, 6173510) for i in range(22)]
    large = [box(534500, 6173500, 534530, 6173530), box(536300, 6173500, 536320, 6173520)]
    high = [box(x, 6173500, x + 10, 6173510) for x in (536500, 536540, 538000, 538040, 538080, 538120)]
    columns = {
        "id": range(30),
        "bbr_code": [140] * 20 + [910] * 2 + [322, 413] + [140] * 6,
        "area": [100.0] * 22 + [900.0, 400.0] + [100.0] * 6,
        "year": [1900 + 4 * i for i in range(30)],
        "floor_level": 0.2,
        "protected_to": 0.0,
        "residents": [2] * 20 + [0] * 4 + [2] * 6,
        "jobs": [1] * 6 + [0] * 16 + [20, 6] + [0] * 6,
        "district": "midtby",
    }
    return gpd.GeoDataFrame(columns, geometry=low + large + high, crs=grid.crs)


def small_lifelines() -> dict[str, pd.DataFrame]:
    """Five components that serve people and four behind them: two stations on the grid, a clinic and a sewage pump."""
    components = pd.DataFrame(
        {
            "id": ["grid", "hospital", "exchange", "it", "bridge", "east", "west", "clinic", "sewage"],
            "service": ["power", "hospital", "telecom", "digital", "roads", "power", "power", "hospital", "wastewater"],
            "x": [533500.0, 533600, 533700, 533800, 533900, 534000, 535000, 534100, 535100],
            "y": 6173500.0,
            "fail_depth": 0.3,
            "restart": [0.0] * 7 + [4.0, 6.0],
            "repair": 400.0,
            "fallback": 0.0,
            "fallback_delay": 0.0,
            "digital": [True, False, True, True, False, True, True, True, True],
        }
    )
    links = pd.DataFrame(
        [
            ("grid", "hospital", 12.0, 1.0), ("it", "grid", 1.0, 0.5), ("grid", "bridge", 0.0, 0.2),
            ("grid", "east", 0.0, 1.0), ("grid", "west", 0.0, 1.0), ("east", "clinic", 2.0, 1.0),
            ("west", "sewage", 1.0, 1.0), ("exchange", "sewage", 6.0, 0.3),
        ],
        columns=["source", "target", "buffer", "loss"],
    )  # fmt: skip
    served = ["grid", "hospital", "exchange", "it", "bridge", "sewage"]
    supply = pd.DataFrame({"component": served, "district": "midtby", "share": 1.0})
    return {"components": components, "links": links, "supply": supply}


def changed(before: City, after: City) -> set[str]:
    """The parts of the city, by the names that measures declare, that differ."""
    parts = {name for name in FRAMES if not getattr(before, name).equals(getattr(after, name))}
    parts |= {"terrain"} if not before.terrain.identical(after.terrain) else set()
    plain = ("name", "grid", "structures", "open_sea", "constructed", "streets")
    parts |= {name for name in plain if getattr(before, name) != getattr(after, name)}
    levers = (field.name for field in fields(before.preparedness))
    was, now = before.preparedness, after.preparedness
    return parts | {f"preparedness.{lever}" for lever in levers if getattr(was, lever) != getattr(now, lever)}


@pytest.mark.parametrize("id", IDS)
def test_a_measure_changes_what_it_declares_and_nothing_else(id):
    before = small_city()
    assert changed(before, apply_measure(before, id)) == set(catalogue()[id].changes)
    assert changed(before, small_city()) == set()


@pytest.mark.parametrize("id", IDS)
def test_a_measure_is_deterministic_and_stable_when_repeated(id):
    once = apply_measure(small_city(), id)
    assert changed(once, apply_measure(small_city(), id)) == set()
    assert changed(once, apply_measure(once, id)) <= ADDS


@pytest.mark.parametrize("id", IDS)
def test_a_measure_is_told_in_both_languages(id):
    measure = catalogue()[id]
    stems = ("name", "mechanism", "failure", "why", "conditions", "derived")
    told = [(getattr(measure, f"{stem}_da"), getattr(measure, f"{stem}_en")) for stem in stems]
    told += [(value.name_da, value.name_en) for value in (*measure.added_value, *measure.counted)]
    for danish, english in told:
        assert danish.strip() and english.strip() and danish != english
        assert danish[0] == danish[0].upper() and english[0] == english[0].upper()


@pytest.mark.parametrize("id", IDS)
def test_a_measure_has_a_cost_in_its_range_a_grade_and_who_acts_and_pays(id):
    measure = catalogue()[id]
    low, high = measure.cost_range
    assert 0 <= low <= measure.cost <= high
    assert measure.upkeep >= 0 and measure.lifetime >= 1 and measure.lead_time >= 0
    assert measure.pillar in {"co-creating", "climate", "social", "smart"}
    assert measure.kind in KINDS and measure.evidence in GRADES
    assert measure.acts and set(measure.acts) <= set(ACTORS)
    assert set(measure.funding) <= set(PAYERS) and sum(measure.funding.values()) == pytest.approx(1.0)
    assert set(measure.scores) == set(PRINCIPLES) and all(score in range(4) for score in measure.scores.values())
    assert set(measure.principles) == {name for name, score in measure.scores.items() if score >= 2}
    assert set(measure.limits) == set(measure.settings)
    assert all(lowest <= measure.settings[name] <= highest for name, (lowest, highest) in measure.limits.items())


@pytest.mark.parametrize("id", IDS)
def test_every_number_of_a_measure_has_a_source_or_is_called_an_assumption(id):
    measure = catalogue()[id]
    values = (*measure.added_value, *measure.counted)
    sources = [measure.source, measure.funding_source, *(value.source for value in values)]
    assert all("assumption" in source or re.search(r"\w\.\w+/", source) for source in sources)
    assert all(value.yearly >= 0 for value in measure.added_value)
    assert all(value.amount > 0 and value.unit for value in measure.counted)


@pytest.mark.parametrize("id", IDS)
def test_a_city_stays_valid(id):
    before, after = small_city(), apply_measure(small_city(), id)
    assert len(after.buildings) == len(before.buildings) and len(after.components) == len(before.components)
    assert after.buildings["residents"].sum() == before.buildings["residents"].sum()
    assert after.buildings["jobs"].sum() == before.buildings["jobs"].sum()
    held = np.bincount(after.households["building"], after.households["persons"], len(after.buildings))
    assert (held == after.buildings["residents"]).all()
    assert check_lifelines(Lifelines(after.components, after.links, after.supply)) == []
    assert all(0 <= getattr(after.preparedness, lever) <= 1 for lever in SHARES)
    assert all(type(getattr(after.preparedness, lever)) is int for lever in HEADS)
    service_system(after)


@pytest.mark.parametrize("id", IDS)
def test_every_setting_of_a_measure_does_something(id):
    """Each setting moved from its default changes the city that comes out: no setting is for show."""
    measure = catalogue()[id]
    standard = apply_measure(small_city(), id)
    for name, value in measure.settings.items():
        low, high = measure.limits[name]
        moved = [
            apply_measure(small_city(), id, {name: other}) for other in ((value + low) / 2, min(high, 2 * value + 1))
        ]
        assert any(changed(standard, city) for city in moved), name


def test_there_are_enough_measures_and_strategies_name_them():
    assert len(IDS) >= 40
    named = {id for strategy in strategies() for id in strategy.measures}
    assert named <= set(IDS)


def test_every_function_has_its_row_and_every_id_is_there_once():
    functions = [id for module in FUNCTIONS.values() for id in module]
    assert sorted(functions) == sorted(IDS)


def test_no_measure_names_an_indicator():
    folder = Path(genrejs.measure.__file__).parent
    for file in folder.glob("*.py"):
        assert not INDICATORS.search(file.read_text(encoding="utf-8").lower()), file.name
    for measure in catalogue().values():
        assert not any(INDICATORS.search(part) for part in measure.changes)
