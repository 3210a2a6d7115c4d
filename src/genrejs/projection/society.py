"""Ties between people over decades: volunteers, social capital, and areas where hardship gathers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from genrejs.city.model import City
from genrejs.projection.levels import Floats, between, drift
from genrejs.projection.people import People

VOLUNTEERS = 0.40  # of people aged 18 or more volunteered in 2024 (cancer.dk/frivillig)
HOURS_A_MONTH = 18.0  # by each who does, in 2024 (cancer.dk/frivillig)
BY_AGE = ((18, 30, 0.43), (30, 70, 0.355), (70, 200, 0.42))  # who volunteers in 2020-24 (dersamler.dk; 30-69: 35-36 %)
VOLUNTEERS_2100 = (1.10, 1.00, 0.70)  # times what the ages alone give, by level of lost cohesion (assumption)
SOCIAL_CAPITAL = 0.40  # in the base year, as in `Preparedness` (assumption)
SOCIAL_CAPITAL_2100 = (0.50, 0.40, 0.25)  # by level; no figure shows a drift, so the middle has none (assumption)
SOCIETY = ("volunteers_share", "volunteers", "volunteer_hours", "social_capital")
LISTED_RESIDENTS = 1000  # an area on the list of 2015 has as many (spotidoc.com/doc/3870459)
LISTED_SHARE = 0.50  # of residents of another language, and of low income: our stand-in for the list's criteria


def project_society(people: People, cohesion_lost: ArrayLike) -> Mapping[str, Floats]:
    """Return the series of SOCIETY by name ``(n, year)`` of the municipality, at positions 0..1 ``(n,)``.

    Each age keeps its readiness to volunteer, scaled to the published 40 % in the base year, so that ageing moves the
    share; the level moves it besides. `volunteer_hours` [h a year] are at the published hours a month.
    """
    level = np.atleast_1d(np.asarray(cohesion_lost, dtype=np.float64))
    grown = people.aged(18)
    willing = np.sum([people.aged(first, before) * share for first, before, share in BY_AGE], axis=0) / grown
    share = VOLUNTEERS * willing / willing[:, :1] * drift(1.0, between(level, *VOLUNTEERS_2100))
    return {
        "volunteers_share": share,
        "volunteers": share * grown,
        "volunteer_hours": share * grown * 12.0 * HOURS_A_MONTH,
        "social_capital": drift(SOCIAL_CAPITAL, between(level, *SOCIAL_CAPITAL_2100)),
    }


def vulnerable_areas(city: City) -> pd.DataFrame:
    """Return by district `residents`, `other_language_share`, `low_income_share` of people, and whether it is `listed`.

    Listed are areas of 1,000 residents or more where more than half speak another language and more than half live in
    homes of low income: our stand-in for the national list of 2015, which counts origin, work, school and crime.
    """
    homes = city.households
    place = city.buildings["district"].astype(str).to_numpy()[homes["building"].to_numpy(np.int64)]
    persons = homes["persons"].astype(float)
    heads = pd.DataFrame(
        {
            "residents": persons,
            "other_language_share": persons.where(homes["language"] == "other", 0.0),
            "low_income_share": persons.where(homes["income"] == "low", 0.0),
        }
    )
    table = heads.groupby(place).sum().reindex(city.districts["id"].astype(str), fill_value=0.0)
    shares = ["other_language_share", "low_income_share"]
    table[shares] = table[shares].div(table["residents"].where(table["residents"] > 0, 1.0), axis=0)
    much = (table[shares] > LISTED_SHARE).all(axis=1)
    return table.assign(listed=much & (table["residents"] >= LISTED_RESIDENTS))
