"""How the strategies compare."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """Six strategies side by side over the event set.

    `strategies`: one row each: `id, name_da, name_en, cost` [DKK; what stands today is sunk], `upkeep` [DKK/year],
    `ead_now, ead_future` [DKK/year], `npv` [DKK against "today"], `benefit_cost` (NaN where nothing is spent),
    `person_days_now, person_days_future` [expected person-days without service a year], `added_value` [DKK/year],
    `residents_wet_now` [expected people in wet homes a year].
    Where what is uncertain was drawn also `ead_now_p05`, `ead_now_p95`, and so for `ead_future` and `npv`.
    `exceedance`: `strategy, year, hazard, event, frequency` [1/year], `damage` [DKK], `person_days`.
    `spared`: `strategy, group, value, people, person_days, spared` (spared = person-days of "today" less the
    strategy's, in the expected year), group one of district, language, income, age.
    `price_year` of the money, `now` and `future` the calendar years compared.
    """

    strategies: pd.DataFrame
    exceedance: pd.DataFrame
    spared: pd.DataFrame
    price_year: int
    now: int
    future: int
