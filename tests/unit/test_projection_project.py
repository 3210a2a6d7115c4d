import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.city.lifelines import Lifelines, check_lifelines, embedded_lifelines
from genrejs.errors import InputError
from genrejs.projection.homes import AGES
from genrejs.projection.levels import BASE_YEAR
from genrejs.projection.project import Change, project, wanted_people
from genrejs.projection.society import vulnerable_areas
from genrejs.projection.stresses import STRESSES, Stresses

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
tests = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tests)
small_city = tests.city

DISTRICTS = ("north", "south", "harbour")


def town(seed=5, homes=900, buildings=120):
    """A made-up town on the plain of the small one: more homes, three districts, one of them without anybody."""
    rng = np.random.default_rng(seed)
    base = small_city()
    houses = pd.concat([base.buildings] * (buildings // len(base.buildings) + 1), ignore_index=True)[:buildings]
    houses["id"] = [f"b{k}" for k in range(buildings)]
    houses["district"] = np.asarray(DISTRICTS)[np.arange(buildings) % 2]
    children, adults, seniors = rng.integers(0, 3, homes), rng.integers(0, 3, homes), rng.integers(0, 2, homes)
    adults = np.where(children + adults + seniors == 0, 1, adults)
    table = pd.DataFrame(
        {
            "id": [f"h{k}" for k in range(homes)],
            "building": np.sort(rng.integers(0, buildings, homes)),
            "persons": children + adults + seniors,
            "children": children,
            "adults": adults,
            "seniors": seniors,
            "language": rng.choice(["da", "other"], homes, p=[0.85, 0.15]),
            "income": rng.choice(["low", "middle", "high"], homes, p=[0.25, 0.5, 0.25]),
            "tenure": "owner",
            "car": True,
            "volunteers": rng.binomial(adults + seniors, 0.4),
        }
    )
    houses["residents"] = np.bincount(table["building"], table["persons"], buildings).astype(np.int64)
    places = base.districts.iloc[[0, 1, 1]].reset_index(drop=True).assign(id=list(DISTRICTS), residents=[0, 0, 0])
    places["language_other_share"], places["low_income_share"] = 0.1, 0.2
    return base.change(name="town", buildings=houses, households=table, districts=places)


@pytest.fixture(scope="module")
def now():
    return town()


@pytest.mark.parametrize("level", ["low", "middle", "high"])
def test_the_base_year_is_the_same_city(now, level):
    future = Stresses.at(dict.fromkeys(STRESSES, level))
    assert project(now, future, BASE_YEAR) is now and project(now, future, 2020) is now
    assert project(now, future, 2050, now=2050) is now


def test_a_year_without_change_keeps_every_table(now):
    # Past 2100 every series stands still, so that all steps are taken and none changes anything.
    later = project(now, Stresses.high(), 2110, now=2105)
    pd.testing.assert_frame_equal(later.households, now.households)
    pd.testing.assert_frame_equal(later.buildings, now.buildings)
    pd.testing.assert_frame_equal(later.components, now.components)
    pd.testing.assert_frame_equal(later.links, now.links)
    assert later.preparedness == now.preparedness


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries({name: st.floats(0.0, 1.0) for name in STRESSES}), st.integers(2026, 2100))
def test_totals_are_those_of_the_projection(levels, year):
    now = town()
    future = Stresses.at(levels)
    later, change = project(now, future, year), Change(future, BASE_YEAR, year)
    wanted = wanted_people(now, change)
    homes = later.households
    assert tuple(int(homes[name].sum()) for name in AGES) == wanted.ages
    assert int(homes["persons"].sum()) == int(later.buildings["residents"].sum()) == sum(wanted.ages)
    assert (homes[list(AGES)].sum(axis=1) == homes["persons"]).all() and (homes["persons"] > 0).all()
    assert sum(wanted.ages) == round(now.households["persons"].sum() * change.ratio("town_residents"))
    assert homes["id"].is_unique and homes["building"].is_monotonic_increasing
    assert (homes["volunteers"] <= homes["adults"] + homes["seniors"]).all() and (homes["volunteers"] >= 0).all()
    assert int(later.buildings["jobs"].sum()) == round(now.buildings["jobs"].sum() * change.ratio("jobs_ratio"))
    other = homes.loc[homes["language"] == "other", "persons"].sum()
    assert other == pytest.approx(wanted.other_language, abs=60)
    assert later.districts["residents"].tolist() == pytest.approx(list(wanted.districts.values()), abs=60)
    assert later.districts["residents"].sum() == sum(wanted.ages)


def test_the_same_future_gives_the_same_bits_and_near_years_near_homes(now):
    one, two = (project(now, Stresses.middle(), 2060) for _ in range(2))
    pd.testing.assert_frame_equal(one.households, two.households)
    near = project(now, Stresses.middle(), 2061)
    kept = set(one.households["id"]) & set(near.households["id"])
    assert len(kept) > 0.97 * len(one.households)


def test_types_and_columns_stay(now):
    later = project(now, Stresses.high(), 2070)
    for name in ("households", "buildings", "components", "links", "districts"):
        before, after = getattr(now, name), getattr(later, name)
        assert list(before.columns) == list(after.columns)
        assert (before.dtypes == after.dtypes).all(), name


def test_each_stress_moves_what_it_says_and_no_more(now):
    calm = dict.fromkeys(STRESSES, 0.5)

    def after(**levels):
        return project(now, Stresses.at(calm | levels), 2080)

    middle = after()
    worn = after(wear=1.0)
    assert (worn.components["repair"] > middle.components["repair"]).all()
    assert (worn.components["fail_depth"] < middle.components["fail_depth"]).all()
    assert worn.households.equals(middle.households) and worn.preparedness == middle.preparedness
    wired = after(digital=1.0)
    assert wired.preparedness.fallback < middle.preparedness.fallback
    assert (wired.links["loss"] >= middle.links["loss"]).all() and wired.components["repair"].equals(
        middle.components["repair"]
    )
    apart = after(cohesion=1.0)
    assert apart.preparedness.social_capital < middle.preparedness.social_capital
    assert apart.households["volunteers"].sum() < middle.households["volunteers"].sum()
    assert apart.households["persons"].equals(middle.households["persons"])
    poor = after(economy=1.0)
    assert poor.preparedness.crews["civil"] < middle.preparedness.crews["civil"]
    low = [(city.households["income"] == "low").sum() for city in (middle, poor)]
    assert low[1] > low[0]
    older = after(ageing=1.0)
    share = [city.households["seniors"].sum() / city.households["persons"].sum() for city in (middle, older)]
    assert share[1] > share[0]
    assert after(sea=1.0, rain=1.0, river=1.0).households.equals(middle.households)


def test_everything_digital_leans_on_it_within_bounds(now):
    lines = embedded_lifelines()
    wired = now.change(components=lines.components, links=lines.links, supply=lines.supply)
    later = project(wired, Stresses.high(), 2100)
    service = lines.links["source"].map(lines.components.set_index("id")["service"])
    leans = service.isin(["digital", "telecom"])
    assert (later.links["loss"][leans] > lines.links["loss"][leans]).mean() > 0.9
    assert later.links["loss"][~leans].equals(lines.links["loss"][~leans]) and later.links["loss"].max() <= 1.0
    assert later.components["digital"].sum() > lines.components["digital"].sum()
    assert check_lifelines(Lifelines(later.components, later.links, later.supply)) == []


def test_growth_goes_where_it_is_sent(now):
    future = Stresses.at({"growth": "high"})
    later = project(now, future, 2050, places={"south": 1.0})
    before = vulnerable_areas(now)["residents"]
    after = vulnerable_areas(later)["residents"]
    assert after["north"] == pytest.approx(before["north"], abs=30) and after["south"] > 1.8 * before["south"]
    for places in ({"harbour": 1.0}, {"moon": 1.0}, {"north": 0.5}, {"north": 1.5, "south": -0.5}):
        with pytest.raises(InputError, match="growth"):
            project(now, future, 2050, places=places)


def test_organised_volunteers_follow_people(now):
    ready = now.prepare(volunteers=200, door_pairs=50)
    change = Change(Stresses.high(), BASE_YEAR, 2080)
    later = project(ready, Stresses.high(), 2080).preparedness
    ratio = change.ratio("volunteers_share") * change.ratio("town_residents")
    assert later.volunteers == round(200 * ratio) and later.door_pairs == round(50 * ratio)


def test_few_homes_still_meet_the_ages():
    later = project(small_city(), Stresses.middle(), 2050)
    assert later.households["persons"].sum() == later.buildings["residents"].sum()
    assert later.households["persons"].sum() == round(29 * 68_512.86 / 58_000)


def test_a_city_without_households_grows_by_its_residents():
    bare = small_city()
    bare = bare.change(households=bare.households.iloc[:0])
    later = project(bare, Stresses.middle(), 2050)
    assert later.buildings["residents"].sum() == round(29 * 68_512.86 / 58_000)
    assert later.buildings["residents"].iloc[-1] == 0


def test_links_that_stand_in_for_one_another_stay_alike():
    base = small_city()
    links = pd.DataFrame(
        [("data", "street", 0.0, 0.3, "it"), ("mast", "street", 0.0, 0.3, "it"), ("data", "mast", 0.0, 0.3, "")],
        columns=["source", "target", "buffer", "loss", "either"],
    )
    later = project(base.change(links=links), Stresses.high(), 2100).links["loss"]
    assert later.tolist()[:2] == [0.3, 0.3] and later[2] > 0.3


def test_areas_of_hardship_are_counted_from_homes(now):
    areas = vulnerable_areas(now)
    assert areas["residents"].sum() == now.households["persons"].sum()
    assert not areas["listed"].any() and areas.loc["harbour"].tolist()[:3] == [0.0, 0.0, 0.0]
    hard = now.change(households=now.households.assign(language="other", income="low"))
    assert vulnerable_areas(hard)["listed"].tolist() == [bool(n >= 1000) for n in areas["residents"]]


def test_the_sources_say_that_a_projection_made_it(now):
    told = project(now, Stresses.at({"sea": "high"}), 2070).sources.iloc[-1]
    assert told["certainty"] == "assumption" and "2070" in told["what"] and "sea 1" in told["value"]
