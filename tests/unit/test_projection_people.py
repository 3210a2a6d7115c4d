import numpy as np
import pytest

from genrejs.projection.levels import BASE_YEAR, YEARS
from genrejs.projection.people import (
    LOW_MIGRATION,
    PEOPLE,
    PUBLISHED,
    TOWN,
    TOWN_HIGH,
    movers,
    project_people,
)
from genrejs.projection.people_base import OTHER_LANGUAGE, START_RESIDENTS, start_people


@pytest.fixture(scope="module")
def three():
    return project_people([0.0, 0.5, 1.0], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5])


def at(path, year):
    return path[..., year - BASE_YEAR]


def test_the_start_is_the_published_total():
    people = start_people()
    assert people.sum() == pytest.approx(START_RESIDENTS)
    assert people[1].sum() / people.sum() == pytest.approx(OTHER_LANGUAGE)
    ages = people.sum(axis=(0, 1)) / people.sum()
    # A Danish municipality of 2019: a fifth are children, a seventh are over 70.
    assert ages[:18].sum() == pytest.approx(0.20, abs=0.02) and ages[71:].sum() == pytest.approx(0.14, abs=0.02)


def test_the_middle_path_meets_the_published_forecast(three):
    assert at(three.series["residents"][1], PUBLISHED[0]) == pytest.approx(PUBLISHED[1], abs=0.5)


def test_the_high_path_meets_the_published_town(three):
    assert at(three.series["town_residents"][2], TOWN_HIGH[0]) == pytest.approx(TOWN_HIGH[1], abs=0.5)


def test_moves_found_lie_near_those_published(three):
    known = movers()
    assert known.low == LOW_MIGRATION * known.middle
    assert known.middle == pytest.approx(666, rel=0.2)  # 179 + 487 a year in 2009-18 (trap.lex.dk)


def test_levels_part_only_after_the_base_year(three):
    for name in ("residents", "town_residents", "seniors", "other_language_share", "households"):
        first = three.series[name][:, 0]
        assert first == pytest.approx(first[0])
    assert three.series["town_residents"][:, 0] == pytest.approx(TOWN)
    assert (np.diff(at(three.series["residents"], 2060)) > 0).all()


def test_the_account_balances_every_year(three):
    now = three.series
    change = np.diff(now["residents"], axis=1)
    flows = (now["births"] - now["deaths"] + now["net_migration"])[:, :-1]
    assert np.abs(change - flows).max() < 1e-6


def test_ages_sum_to_all_residents(three):
    now = three.series
    assert np.allclose(now["children"] + now["adults"] + now["seniors"], now["residents"])
    assert np.allclose(three.aged(0, 18), now["children"])
    assert three.groups.shape == (3, YEARS.size, 9)
    assert set(now) == set(PEOPLE)


def test_more_of_a_stress_is_more_of_what_it_says():
    ages = project_people([0.5] * 3, [0.0, 0.5, 1.0], [0.5] * 3).series
    assert (np.diff(at(ages["elderly_share"], 2100)) > 0).all()
    words = project_people([0.5] * 3, [0.5] * 3, [0.0, 0.5, 1.0]).series
    assert (np.diff(at(words["other_language_share"], 2100)) > 0).all()
    assert np.ptp(at(words["residents"], 2100)) < 1e-6


def test_many_futures_at_once_are_the_same_as_one_by_one():
    where = np.random.default_rng(3).random((3, 130))
    together = project_people(*where).series
    for row in (0, 47, 48, 129):
        alone = project_people(*where[:, row]).series
        assert all(np.array_equal(alone[name][0], together[name][row]) for name in alone)
