"""How the city came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import xarray as xr


@dataclass(frozen=True)
class Recovery:
    """Functionality over time and what is read off it.

    `functionality` DataArray ``(service, district, time)`` 0..1, `time` in hours from the start of the event (hourly
    for the first 14 days, then daily to the horizon; a value is the mean until the next time); `curve` DataArray
    ``(time,)``: F(t), the people-weighted mean over all services; `away` DataArray ``(time,)`` people out of their
    homes; `buildings`: `restored` [h] row for row with `City.buildings` (0 where never out of use, inf beyond the
    horizon); `components`: `restored` [h] likewise.
    `work`, one row a repair: `component` bool (else a building), `row` of it, `trade`, crew-`hours`, `release` [h] when
    it can begin, `start` [h] when a crew first works on it (NaN if never), `finish` [h] (inf beyond the horizon).
    `indicators`: withstand, bounce_back_days, censored (0/1), resilience_loss (person-days, all services' mean),
    person_days_without_service (summed over services), person_days_away, robustness, rapidity [1/d], redundancy and
    resourcefulness (NaN unless asked for).
    `by_group`: person-days without service by district, language, income, age (`group`, `value`, `people`,
    `person_days`).
    `crew_hours` used by trade.
    """

    functionality: xr.DataArray
    curve: xr.DataArray
    away: xr.DataArray
    buildings: pd.DataFrame
    components: pd.DataFrame
    work: pd.DataFrame
    indicators: Mapping[str, float]
    by_group: pd.DataFrame
    crew_hours: Mapping[str, float]
