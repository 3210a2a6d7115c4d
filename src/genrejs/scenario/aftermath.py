"""What a shown event means beyond damage and services: well-being, firms, the town's economy, who gets where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genrejs.city.model import City
from genrejs.impact.travel import Travel, can_travel, travel
from genrejs.recovery.economy import Economy, Shock, Table, run_economy, town_table
from genrejs.recovery.firms import Firms, firms_after
from genrejs.recovery.wellbeing import Wellbeing, household_losses
from genrejs.scenario.result import Result

VALUE_ADDED = 600_000.0
"""Value added by one job in a year [DKK] (assumption: magnitude of the national accounts)."""


@dataclass(frozen=True)
class Aftermath:
    """Of one event: what its households lose in `wellbeing`, what became of `firms`, how the `economy` went [DKK], and
    who could get where (`travel`, None for a city without streets or fire stations)."""

    wellbeing: Wellbeing
    firms: Firms
    economy: Economy
    travel: Travel | None = None


def aftermath(city: City, result: Result) -> Aftermath:
    """Return what `result` on `city` means for households, firms and the economy; no chance.

    The firms that are closed are the capacity that the economy lacks, so all damage is rebuilt as `Shock.other`.
    """
    firms = firms_after(city, result.impact, result.recovery)
    economy = run_economy(table_of(city), shock_of(result, firms))
    ways = travel(city, result.footprint, result.impact) if can_travel(city) else None
    return Aftermath(household_losses(city, result.impact), firms, economy, ways)


def table_of(city: City) -> Table:
    """Return the constructed table of a town with the city's jobs [DKK a year]."""
    return town_table(max(float(city.buildings["jobs"].sum()), 1.0) * VALUE_ADDED)


def shock_of(result: Result, firms: Firms) -> Shock:
    """Return what strikes the economy: firms that are closed, and all damage to buildings as rebuilding [DKK]."""
    rebuilt = result.impact.buildings[["damage", "cellar"]].to_numpy().sum()
    # The last week of the economy reaches past the firms' last day: what is closed then stays so.
    held = np.vstack([firms.capacity, np.repeat(firms.capacity[-1:], 7, axis=0)])
    return Shock(capacity=held, other=float(rebuilt))
