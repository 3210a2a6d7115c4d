"""Cohort-component arithmetic against what is known of stable populations, life tables and accounts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq

from genrejs.projection.cohort import AGES, GIRLS, WOMEN, advance, leslie, life_expectancy, person_years, survival
from genrejs.projection.schedules import (
    BACKGROUND,
    INFANCY,
    MODAL_AGE,
    STEEPNESS,
    fertility,
    mortality,
    moving,
)


def people(seed=1, shape=(2, 111)):
    return np.random.default_rng(seed).uniform(1.0, 100.0, shape)


@pytest.mark.parametrize("children", [1.2, 2.05, 4.0])
def test_a_stable_population_grows_by_the_dominant_eigenvalue(children):
    alive, births = survival(mortality()), fertility(children)
    values, vectors = np.linalg.eig(leslie(alive, births))
    first = int(np.argmax(values.real))
    growth, women = values[first].real, np.abs(vectors[:, first].real)
    now = np.stack([women, np.zeros_like(women)])
    for _ in range(3):
        later = advance(now, alive, births).people
        assert np.allclose(later[WOMEN], growth * now[WOMEN], rtol=1e-10)
        now = np.stack([later[WOMEN], np.zeros_like(women)])


@pytest.mark.parametrize("children", [1.2, 2.05, 4.0])
def test_the_eigenvalue_solves_lotkas_equation(children):
    alive, births = survival(mortality()), fertility(children)
    growth = np.abs(np.linalg.eigvals(leslie(alive, births))).max()
    living = alive.living[WOMEN]
    reached = np.concatenate([[1.0], np.cumprod(living[:-1])])
    maternity = leslie(alive, births)[0] * reached

    def lotka(r):
        return float((np.exp(-r * (AGES + 1)) * maternity).sum()) - 1.0

    assert np.log(growth) == pytest.approx(brentq(lotka, -0.1, 0.1, xtol=1e-14), abs=1e-10)


def test_any_start_ends_at_the_stable_growth():
    alive, births = survival(mortality()), fertility(2.6)
    growth = np.abs(np.linalg.eigvals(leslie(alive, births))).max()
    now = people()
    for _ in range(600):
        now = advance(now, alive, births).people
        now = now / now.sum()
    assert advance(now, alive, births).people.sum() == pytest.approx(growth, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 5.0), st.floats(0.2, 5.0), st.floats(-3.0, 3.0))
def test_births_less_deaths_and_moves_are_the_change(seed, children, dying, moved):
    before = people(seed, (3, 2, 2, 111))
    migrants = moved * people(seed + 1, (3, 2, 2, 111))
    passes = np.array([[1.0, 0.0], [0.3, 0.7]])
    alive = survival(mortality(dying))
    year = advance(before, alive, fertility(children), migrants, passes)
    change = year.people.sum() - before.sum()
    assert change == pytest.approx(year.births.sum() - year.deaths.sum() + migrants.sum(), abs=1e-7)


def test_nobody_is_left_without_births_and_moves():
    now, alive = people(), survival(mortality())
    for _ in range(250):
        year = advance(now, alive, fertility(0.0))
        assert year.people.sum() < now.sum() and year.births == 0.0
        now = year.people
    assert now.sum() < 1e-6


@pytest.mark.parametrize("rate", [0.01, 1 / 70])
def test_constant_mortality_gives_a_life_of_one_over_it(rate):
    assert life_expectancy(np.full(111, rate)) == pytest.approx(1.0 / rate, rel=1e-12)


def test_the_life_table_is_that_of_the_continuous_law():
    for sex, modal in enumerate(MODAL_AGE):
        whole = AGES[1:].astype(float)

        def reaches(age, modal=modal):
            grown = np.exp(-STEEPNESS * modal) * np.expm1(STEEPNESS * age)
            return np.exp(-BACKGROUND * age - grown - INFANCY * min(age, 1.0))

        expected = quad(reaches, 0.0, 130.0, points=[1.0, 50.0, 80.0, 100.0], limit=200)[0]
        assert life_expectancy(mortality())[sex] == pytest.approx(expected, abs=0.02)
        table = np.exp(-np.cumsum(mortality()[sex]))[:-1]
        assert np.allclose(table, [reaches(age) for age in whole], rtol=1e-10)


def test_a_birth_cohort_lives_its_life_expectancy():
    rates = mortality()
    alive = survival(rates)
    born = np.zeros((2, 111))
    born[:, 0] = alive.newborn
    lived, now = np.zeros(2), born
    for _ in range(700):
        lived += now.sum(axis=-1)
        now = advance(now, alive, fertility(0.0)).people
    assert np.allclose(lived, life_expectancy(rates), rtol=1e-9)


def test_life_expectancies_are_those_stated():
    assert life_expectancy(mortality()) == pytest.approx([83.5, 79.5], abs=0.2)
    assert (np.diff(life_expectancy(mortality(np.array([1.5, 1.0, 0.5]))), axis=0) > 0).all()


def test_person_years_of_the_closed_ages_are_under_one():
    lived = person_years(mortality())
    assert (lived[:, :-1] < 1.0).all() and (lived > 0.0).all()


def test_schedules_sum_to_what_they_share_out():
    assert fertility(np.array([1.7, 2.1])).sum(axis=-1) == pytest.approx([1.7, 2.1])
    assert moving().sum() == pytest.approx(1.0)
    assert (fertility(1.7) * (AGES + 0.5)).sum() / 1.7 == pytest.approx(31.2, abs=0.1)


def test_boys_and_girls_are_born_as_stated_and_languages_pass_on():
    start = np.zeros((2, 2, 111))
    start[1, WOMEN, 30] = 1000.0
    passes = np.array([[1.0, 0.0], [0.25, 0.75]])
    year = advance(start, survival(mortality()), fertility(1.7), 0.0, passes)
    assert year.births[1] == pytest.approx(3.0 * year.births[0])
    newborn = year.people[:, :, 0].sum(axis=0) / survival(mortality()).newborn
    assert newborn[0] / newborn.sum() == pytest.approx(GIRLS)
