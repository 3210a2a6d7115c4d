"""Work and welfare by arithmetic on people's ages: who works, what welfare costs, and how many hands it lacks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from genrejs.projection.levels import BASE_YEAR, YEARS, Floats, between, drift
from genrejs.projection.people import People

SKILLED_WORK = 0.80  # of people aged 18-66 with a training are in work (assumption)
UNSKILLED_WORK = 0.58  # of those without one (assumption)
UNSKILLED = 0.22  # of people aged 18-66 have no training beyond school in the base year (assumption)
UNSKILLED_2100 = (0.12, 0.18, 0.28)  # by level of the economy (assumption)
OLDER_WORK = 0.30  # of people aged 67-70 are in work in the base year (assumption)
OLDER_WORK_2060 = (0.65, 0.50, 0.30)  # by level: the age of retirement rises (assumption)
LOW_INCOME_2100 = (0.90, 1.00, 1.30)  # times today's share of people in homes of low income (assumption)
AGED = ((0, 6), (6, 18), (18, 67), (67, 80), (80, 200))  # the groups of the two tables below
COST_A_HEAD = (120e3, 95e3, 40e3, 45e3, 140e3)  # municipal welfare [DKK a year, prices of 2024] (assumption)
STAFF_A_HEAD = (0.17, 0.09, 0.025, 0.035, 0.19)  # municipal full-time staff (assumption)
DEARER = (0.000, 0.002, 0.004)  # welfare costs more a head by this share a year beyond wages (assumption)
SAVED_HANDS = (0.004, 0.002, 0.000)  # welfare technology needs fewer hands by this share a year (assumption)
ECONOMY = (
    "employed", "employment_rate", "unskilled_share", "jobs_ratio", "low_income_ratio", "welfare_cost", "tax_base",
    "welfare_gap", "hands_needed", "hands_missing",
)  # fmt: skip


def project_economy(people: People, level: ArrayLike) -> Mapping[str, Floats]:
    """Return the series of ECONOMY by name ``(n, year)`` of the municipality, at positions 0..1 ``(n,)``.

    Income and cost balance in the base year by construction: a `welfare_gap` [DKK a year, prices of 2024] is what the
    later years lack at the base year's income per person in work; `hands_missing` [full-time staff] is what they lack
    at its share of workers in municipal welfare. Below 0 there is more than enough.
    """
    level = np.atleast_1d(np.asarray(level, dtype=np.float64))
    since = YEARS - BASE_YEAR
    unskilled = drift(UNSKILLED, between(level, *UNSKILLED_2100))
    working, older = people.aged(18, 67), people.aged(67, 71)
    employed = working * (SKILLED_WORK - (SKILLED_WORK - UNSKILLED_WORK) * unskilled)
    employed = employed + older * drift(OLDER_WORK, between(level, *OLDER_WORK_2060), 2060)
    cost = _by_age(people, COST_A_HEAD) * (1.0 + between(level, *DEARER))[:, None] ** since
    income = cost[:, :1] / employed[:, :1] * employed
    needed = _by_age(people, STAFF_A_HEAD) * (1.0 - between(level, *SAVED_HANDS))[:, None] ** since
    residents, town = people.series["residents"], people.series["town_residents"]
    town_share = (town / residents) / (town[:, :1] / residents[:, :1])
    return {
        "employed": employed,
        "employment_rate": employed / (working + older),
        "unskilled_share": unskilled,
        "jobs_ratio": employed / employed[:, :1] * town_share,
        "low_income_ratio": drift(1.0, between(level, *LOW_INCOME_2100)),
        "welfare_cost": cost,
        "tax_base": income,
        "welfare_gap": cost - income,
        "hands_needed": needed,
        "hands_missing": needed - needed[:, :1] / employed[:, :1] * employed,
    }


def _by_age(people: People, a_head: tuple[float, ...]) -> Floats:
    """Return the sum ``(n, year)`` over the groups of AGED of a figure per head."""
    parts = [people.aged(*ages) * figure for ages, figure in zip(AGED, a_head, strict=True)]
    total: Floats = np.sum(parts, axis=0)
    return total
