"""What a shown event means beyond damage and services: well-being, firms and the town's economy."""

from __future__ import annotations

from dataclasses import dataclass

from genrejs.city.model import City
from genrejs.recovery.economy import Economy, Shock, run_economy, town_table
from genrejs.recovery.firms import Firms, firms_after
from genrejs.recovery.wellbeing import Wellbeing, household_losses
from genrejs.scenario.result import Result

VALUE_ADDED = 600_000.0
"""Value added by one job in a year [DKK] (assumption: magnitude of the national accounts)."""


@dataclass(frozen=True)
class Aftermath:
    """Of one event: what its households lose in `wellbeing`, what became of `firms`, how the `economy` went [DKK]."""

    wellbeing: Wellbeing
    firms: Firms
    economy: Economy


def aftermath(city: City, result: Result) -> Aftermath:
    """Return what `result` on `city` means for households, firms and the economy; no chance.

    The firms that are closed are the capacity that the economy lacks, so all damage is rebuilt as `Shock.other`.
    """
    firms = firms_after(city, result.impact, result.recovery)
    jobs = float(city.buildings["jobs"].sum())
    table = town_table(max(jobs, 1.0) * VALUE_ADDED)
    rebuilt = result.impact.buildings[["damage", "cellar"]].to_numpy().sum()
    economy = run_economy(table, Shock(capacity=firms.capacity, other=float(rebuilt)))
    return Aftermath(household_losses(city, result.impact), firms, economy)
