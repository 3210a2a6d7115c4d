"""The people of the municipality in 2019, by origin, sex and age: a published total over an assumed age structure."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from genrejs.projection.cohort import AGES, advance, survival
from genrejs.projection.schedules import fertility, mortality

Floats = NDArray[np.float64]
START_YEAR = 2019
START_RESIDENTS = 114_830.0  # on 1 January 2019 (trap.lex.dk/Vejle_Kommunes_befolkning_og_boliger)
FIRST_YEAR = 1890  # nobody born before it is under 110 in 2019
CHILDREN_A_WOMAN = {
    1890: 4.2, 1905: 3.9, 1915: 3.3, 1925: 2.7, 1935: 2.1, 1940: 2.2, 1946: 3.0, 1955: 2.6, 1966: 2.6, 1975: 1.9,
    1983: 1.4, 1995: 1.8, 2008: 1.9, 2019: 1.7,
}  # fmt: skip
"""Children a woman in Denmark by year (general knowledge, assumption): they make the waves in the age structure."""
BETTER_A_YEAR = 0.015  # mortality fell by this share a year until 2019 (assumption)
OTHER_LANGUAGE = 0.11  # of residents in 2019 speak another language at home (assumption: under the town's 0.15)
OTHER_BY_AGE = ((0, 1.2), (18, 1.5), (50, 0.6), (71, 0.2))  # likelihood from this age on, to scale (assumption)


@cache
def start_people() -> Floats:
    """Return residents of 2019 ``(origin, sex, age)``: Danish and other language; not to be changed."""
    shape = _grown()
    people = START_RESIDENTS * shape / shape.sum()
    ages, weights = zip(*OTHER_BY_AGE, strict=True)
    likely = np.asarray(weights)[np.searchsorted(ages, AGES, side="right") - 1]
    other = people * likely
    other *= OTHER_LANGUAGE * people.sum() / other.sum()
    both = np.stack([people - other, other])
    both.flags.writeable = False
    return both


def _grown() -> Floats:
    """Return the age structure ``(sex, age)`` that a century of births and deaths leaves, to scale."""
    years = list(CHILDREN_A_WOMAN)
    people: Floats = np.exp(-0.01 * AGES) * np.exp(-np.cumsum(mortality(3.0), axis=-1))
    for year in range(FIRST_YEAR, START_YEAR):
        born = fertility(float(np.interp(year, years, list(CHILDREN_A_WOMAN.values()))))
        people = advance(people, survival(mortality((1 - BETTER_A_YEAR) ** (year - START_YEAR))), born).people
    return people
