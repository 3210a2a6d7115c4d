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
from genrejs.city.model import City
from genrejs.measure.catalogue import apply_measure, catalogue, strategies

IDS = tuple(catalogue())
GRADES = {"model", "observational", "quasi-experiment", "none"}
PRINCIPLES = {"added_value", "long_term", "consequences", "flexible", "partnership"}
FRAMES = ("districts", "buildings", "households", "components", "links", "supply", "streams", "sources")
INDICATORS = re.compile(
    r"withstand|bounce|emerge|person_days|resilience_loss|functionality|damage_|\bead\b|\bnpv\b|robustness|rapidity"
)


def small_city() -> City:
    """A few cells, houses and components where Vejle lies, with what every measure needs."""
    grid = Grid.covering((531500, 6169500, 541500, 6177500), 100.0)
    terrain = xr.Dataset(
        {
            "elevation": (("y", "x"), np.full(grid.shape, 1.5)),
            "manning": (("y", "x"), np.full(grid.shape, 0.03)),
            "infiltration": (("y", "x"), np.zeros(grid.shape)),
            "drain_capacity": (("y", "x"), np.full(grid.shape, 3e-6)),
            "land_cover": (("y", "x"), np.ones(grid.shape, dtype=np.int8)),
        },
        coords={"y": grid.y, "x": grid.x},
    )
    homes = [box(533500 + 40 * i, 6173500, 533510 + 40 * i, 6173510) for i in range(20)]
    columns = {"id": range(20), "bbr_code": [140] * 18 + [910] * 2, "protected_to": 0.0, "residents": 2}
    buildings = gpd.GeoDataFrame({**columns, "district": "midtby"}, geometry=homes, crs=grid.crs)
    components = pd.DataFrame(
        {
            "id": ["grid", "hospital", "exchange", "it", "bridge"],
            "service": ["power", "hospital", "telecom", "digital", "roads"],
            "fail_depth": 0.3,
            "restart": 0.0,
            "fallback": 0.0,
            "fallback_delay": 0.0,
            "digital": [True, False, True, True, False],
        }
    )
    links = pd.DataFrame(
        {
            "source": ["grid", "it", "grid"],
            "target": ["hospital", "grid", "bridge"],
            "buffer": [12.0, 1.0, 0.0],
            "loss": [1.0, 0.5, 0.2],
        }
    )
    return City(
        name="Vejle",
        grid=grid,
        terrain=terrain,
        districts=gpd.GeoDataFrame({"id": ["midtby"], "residents": [40]}, geometry=[box(*grid.bounds)], crs=grid.crs),
        buildings=buildings,
        households=pd.DataFrame({"id": [0]}),
        components=components,
        links=links,
        supply=pd.DataFrame({"component": components["id"], "district": "midtby", "share": 1.0}),
        streams=gpd.GeoDataFrame({"name": ["Grejs Å"]}, geometry=[LineString([(0, 0), (1, 1)])], crs=grid.crs),
    )


def changed(before: City, after: City) -> set[str]:
    """The parts of the city, by the names that measures declare, that differ."""
    parts = {name for name in FRAMES if not getattr(before, name).equals(getattr(after, name))}
    parts |= {"terrain"} if not before.terrain.identical(after.terrain) else set()
    plain = ("name", "grid", "structures", "open_sea", "constructed")
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
    gain = {"infiltration", "terrain", "preparedness.social_capital", "links"}
    repeated = changed(once, apply_measure(once, id))
    assert repeated <= gain


@pytest.mark.parametrize("id", IDS)
def test_a_measure_is_told_in_both_languages_with_cost_and_source(id):
    measure = catalogue()[id]
    texts = ("name_da", "name_en", "mechanism_da", "mechanism_en", "failure_da", "failure_en", "source")
    assert all(getattr(measure, text).strip() for text in texts)
    assert measure.cost >= 0 and measure.upkeep >= 0 and measure.lifetime >= 1 and measure.lead_time >= 0
    assert measure.pillar in {"co-creating", "climate", "social", "smart"}
    assert measure.kind in {"physical", "social", "digital", "organisational"}
    assert measure.evidence in GRADES and set(measure.principles) <= PRINCIPLES and measure.principles
    assert all(value.yearly >= 0 and value.source and value.name_da and value.name_en for value in measure.added_value)
    assert set(measure.limits) == set(measure.settings)
    assert all(low <= measure.settings[name] <= high for name, (low, high) in measure.limits.items())


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
    assert len(IDS) >= 14
    named = {id for strategy in strategies() for id in strategy.measures}
    assert named == set(IDS)


def test_no_measure_names_an_indicator():
    folder = Path(genrejs.measure.__file__).parent
    for file in folder.glob("*.py"):
        assert not INDICATORS.search(file.read_text(encoding="utf-8").lower()), file.name
    for measure in catalogue().values():
        assert not any(INDICATORS.search(part) for part in measure.changes)
