"""Where people stay: conservation, closed forms, what never makes it worse, and bad input in words."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.errors import InputError
from genrejs.recovery.curve import widths
from genrejs.recovery.restore import RecoverySettings, restore
from genrejs.recovery.shelter import PLACES, ShelterSettings, where_people_stay

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, tiny_impact, nobody_warned = CITY["tiny_city"], CITY["tiny_impact"], CITY["nobody_warned"]

HORIZON = 500
NOBODY = {"low": 0.0, "middle": 0.0, "high": 0.0}
EVERYBODY = {"low": 1.0, "middle": 1.0, "high": 1.0}
NEVER = {"owner": 1e9, "social": 1e9, "private": 1e9}
ALONE = ShelterSettings(relatives=0.0, social_gain=0.0, insured=NOBODY, places=0.0, leaving_days=NEVER)
"""Nobody has anywhere to go but the shelter, and nobody moves."""


def town(homes=60, **levers):
    """The tiny city with every tenure and income."""
    city = tiny_city(homes=homes, **levers)
    n = np.arange(homes)
    tenure = np.array(["owner", "social", "private"])[n % 3]
    income = np.array(["low", "middle", "high"])[(n // 3) % 3]
    return city.change(households=city.households.assign(tenure=tenure, income=income))


def flooded(city, wet, back=None):
    """Impact and recovery of the homes in rows `wet`; `back` [d] overrules when all of them are restored."""
    impact = tiny_impact(city, wet=wet)
    found = restore(city, impact, nobody_warned(city), RecoverySettings(horizon_days=HORIZON))
    if back is not None:
        restored = np.where(impact.buildings["habitable"], 0.0, 24.0 * back)
        found = replace(found, buildings=pd.DataFrame({"restored": restored}))
    return impact, found


def at(stays, place, day):
    return float(stays.people.sel(place=place, time=24.0 * day))


def person_days(stays, *places):
    counts = stays.people.sel(place=list(places)).to_numpy().sum(axis=0)
    return float(counts @ widths(stays.people["time"].to_numpy())) / 24


@pytest.fixture(scope="module")
def event():
    city = town()
    return city, *flooded(city, range(45))


def test_without_water_all_are_at_home():
    city = town()
    stays = where_people_stay(city, *flooded(city, []))
    assert (stays.people.sel(place="home") == 120).all() and float(stays.people.sum("place").max()) == 120
    assert stays.beds == stays.nights == stays.by_group["displaced"].sum() == stays.by_group["moved"].sum() == 0
    assert set(stays.households["outcome"]) == {"dry"} and (stays.households["back"] == 0).all()


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 40), st.floats(0, 200), st.floats(1, 2000), st.floats(0, 60))
def test_nobody_is_lost_or_counted_twice(event, social, share, first, places, leaving, rehousing):
    city, *after = event
    how = ShelterSettings(
        insured={"low": share, "middle": share, "high": share}, insurer_first=first, insurer_last=first + 9,
        places=places, rehousing_days=rehousing, leaving_days={"owner": 2 * leaving, "social": leaving, "private": 3},
    )  # fmt: skip
    stays = where_people_stay(city.prepare(social_capital=social), *after, how)
    assert tuple(stays.people["place"].to_numpy()) == PLACES
    np.testing.assert_allclose(stays.people.sum("place"), 120, atol=1e-9)
    assert float(stays.people.min()) > -1e-9
    assert float(stays.people.sel(place="rehoused").max()) <= places + 1e-9
    assert stays.nights == pytest.approx(person_days(stays, "shelter"), abs=1e-9)
    assert stays.nights == pytest.approx((2 * stays.households["shelter_nights"]).sum(), abs=1e-6)
    for _, table in stays.by_group.groupby("group"):
        assert table["people"].sum() == 120 and table["displaced"].sum() == 90
        assert table["shelter_nights"].sum() == pytest.approx(stays.nights, abs=1e-6)
        assert table["moved"].sum() == pytest.approx(at(stays, "moved", HORIZON), abs=1e-9)


def test_who_is_not_at_home_is_who_the_recovery_has_away(event):
    city, impact, recovery = event
    stays = where_people_stay(city, impact, recovery, replace(ShelterSettings(), leaving_days=NEVER))
    np.testing.assert_allclose(120 - stays.people.sel(place="home"), recovery.away, atol=1e-9)


def test_with_nowhere_else_every_day_away_is_a_night_in_the_shelter(event):
    city, impact, recovery = event
    stays = where_people_stay(city, impact, recovery, ALONE)
    assert stays.nights == pytest.approx(recovery.indicators["person_days_away"])
    assert stays.beds == pytest.approx(90) and stays.beds_day == 0
    assert set(stays.households["outcome"][:45]) <= {"returned", "away"}


@pytest.mark.parametrize(
    ("change", "nights"),
    [
        ({"places": 1e6, "rehousing_days": 14.0}, 14.0),
        ({"places": 1e6, "rehousing_days": 14.5}, 14.5),
        ({"places": 1e6, "rehousing_days": 300.0}, 200.0),
        ({"places": 30.0, "rehousing_days": 14.0}, 14.0 + 186.0 * 2 / 3),
        ({"insured": EVERYBODY, "insurer_first": 7.0, "insurer_last": 7.0}, 7.0),
        ({"insured": EVERYBODY, "insurer_first": 0.0, "insurer_last": 0.0}, 0.0),
    ],
)
def test_nights_of_ninety_people_two_hundred_days_away(change, nights):
    city = town()
    stays = where_people_stay(city, *flooded(city, range(45), back=200.0), replace(ALONE, **change))
    assert stays.nights == pytest.approx(90 * nights)
    assert stays.households["shelter_nights"].to_numpy()[:45] == pytest.approx(nights)
    assert (stays.households["back"].to_numpy()[:45] == 4800).all()


def test_places_are_full_and_the_rest_stay_in_the_shelter():
    city = town()
    stays = where_people_stay(city, *flooded(city, range(45), back=200.0), replace(ALONE, places=30.0))
    assert at(stays, "shelter", 13) == 90 and at(stays, "rehoused", 13) == 0
    assert at(stays, "shelter", 14) == 60 and at(stays, "rehoused", 14) == 30
    assert at(stays, "shelter", 200) == at(stays, "rehoused", 200) == 0 and at(stays, "home", 200) == 120


def test_guests_leave_at_a_rate_and_insurers_find_homes_day_by_day():
    city = town(1200, social_capital=0.4)
    after = flooded(city, range(1200), back=np.inf)
    how = replace(ALONE, relatives=0.5, social_gain=0.5, guest_days=60.0)
    stays = where_people_stay(city, *after, how)
    for day in (0, 30, 60, 180):
        assert at(stays, "relatives", day) == pytest.approx(2400 * 0.7 * np.exp(-day / 60), abs=30)
    paid = replace(ALONE, insured=EVERYBODY, insurer_first=5.0, insurer_last=15.0)
    stays = where_people_stay(city, *after, paid)
    assert [at(stays, "insured", day) for day in (4, 15)] == pytest.approx([0, 2400])
    assert at(stays, "insured", 10) == pytest.approx(1200, abs=20)


def test_the_longer_away_the_more_move_and_tenants_sooner():
    city = town(1200)
    how = replace(ALONE, leaving_days={"owner": 1000.0, "social": 500.0, "private": 250.0})
    stays = where_people_stay(city, *flooded(city, range(1200), back=np.inf), how)
    for day in (50, 200, 499):
        expected = 800 * sum(1 - np.exp(-((day / scale) ** 2)) for scale in (1000, 500, 250))
        assert at(stays, "moved", day) == pytest.approx(expected, abs=25)
    moved = stays.by_group[stays.by_group["group"] == "tenure"].set_index("value")["moved"]
    assert moved["owner"] < moved["social"] < moved["private"]


def test_who_moved_does_not_return(event):
    city, impact, recovery = event
    how = replace(ShelterSettings(), leaving_days={"owner": 900.0, "social": 600.0, "private": 300.0})
    stays = where_people_stay(city, impact, recovery, how)
    moved, back = stays.people.sel(place="moved"), stays.households["back"]
    assert 0 < moved[-1] < 90 and (np.diff(moved) >= -1e-9).all()
    gone = stays.households["outcome"] == "moved"
    assert np.isinf(back[gone]).all() and np.isfinite(stays.households["moved"][gone]).all()
    restored = recovery.buildings["restored"]
    assert (stays.households["moved"][gone] < restored[gone]).all()
    returned = stays.households["outcome"] == "returned"
    assert (back[returned] == restored[returned]).all()
    at_end = 2 * ((stays.households["outcome"] == "dry").sum() + returned.sum())
    assert at(stays, "home", HORIZON) == pytest.approx(at_end)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 60), st.booleans())
def test_more_social_capital_is_never_more_shelter_nights(event, one, two, places, again):
    city, impact, recovery = event
    how = replace(ShelterSettings(), places=places)
    few, many = (city.prepare(social_capital=each) for each in sorted((one, two)))
    later = flooded(many, range(45))[1] if again else recovery
    first = flooded(few, range(45))[1] if again else recovery
    less, more = where_people_stay(few, impact, first, how), where_people_stay(many, impact, later, how)
    assert more.nights <= less.nights + 1e-6 and more.beds <= less.beds + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 60), st.floats(0, 60))
def test_more_insured_is_never_more_nights_of_the_municipality(event, one, two, places, rehousing):
    city, impact, recovery = event
    nights = []
    for share in sorted((one, two)):
        insured = {"low": share, "middle": share, "high": min(1.0, 1.5 * share)}
        how = replace(ShelterSettings(), insured=insured, places=places, rehousing_days=rehousing)
        nights.append(person_days(where_people_stay(city, impact, recovery, how), "shelter", "rehoused"))
    assert nights[1] <= nights[0] + 1e-6


def test_more_places_are_never_more_shelter_nights(event):
    nights = [where_people_stay(*event, replace(ALONE, places=places)).nights for places in (0, 5, 20, 80, 200)]
    assert nights == sorted(nights, reverse=True) and nights[0] > nights[-1]


def test_wet_homes_that_can_be_lived_in_are_stayed_in():
    city = town()
    impact, recovery = flooded(city, range(10))
    wet = impact.buildings["wet"] | (np.arange(60) < 30)
    stays = where_people_stay(city, replace(impact, buildings=impact.buildings.assign(wet=wet)), recovery)
    assert (stays.households["outcome"][10:30] == "stayed").all() and at(stays, "home", 0) == 100


def test_a_city_without_households():
    city = town()
    after = flooded(city, range(9))
    stays = where_people_stay(city.change(households=pd.DataFrame()), *after)
    assert stays.beds == stays.nights == float(stays.people.sum()) == 0
    assert len(stays.by_group) == len(stays.households) == 0


def test_wrong_input_is_answered_in_words(event):
    city, impact, recovery = event
    wrong = (
        ({"relatives": 1.2}, "shelter.relatives is a share of households, 0..1; got 1.2"),
        ({"social_gain": float("nan")}, "shelter.social_gain"),
        ({"places": -1.0}, "shelter.places must be 0 or more; got -1.0"),
        ({"guest_days": float("inf")}, "shelter.guest_days"),
        ({"insurer_first": 9.0, "insurer_last": 3.0}, "shelter.insurer_last not before it"),
        ({"insured": {"low": 0.5}}, "shelter.insured needs a share of 0..1 for each of low, middle, high"),
        ({"leaving_days": NEVER | {"owner": 0.0}}, "shelter.leaving_days needs days above 0"),
    )
    for change, words in wrong:
        with pytest.raises(InputError) as error:
            ShelterSettings(**change)
        assert words in str(error.value)
    other = replace(impact, buildings=impact.buildings.iloc[:3])
    with pytest.raises(InputError, match="another number of buildings"):
        where_people_stay(city, other, recovery)
    odd = city.change(households=city.households.assign(tenure="guest"))
    with pytest.raises(InputError, match="unknown tenure; accepted are owner, social, private"):
        where_people_stay(odd, impact, recovery)
