"""What would make the aftermath of the same impact lighter: one lever at a time, each an assumption."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from genrejs.city.model import City
from genrejs.recovery.economy import more_local, run_economy
from genrejs.recovery.firms import firms_after
from genrejs.recovery.restore import restore
from genrejs.recovery.settings import RecoverySettings
from genrejs.recovery.wellbeing import HouseholdSettings, household_losses
from genrejs.scenario.aftermath import shock_of, table_of
from genrejs.scenario.result import Result

TRUST = 0.2  # added to the social capital (assumption)
RELIEF = 50_000.0  # DKK for each person whose household bears a loss (assumption)
CREWS = 20.0  # more crews of builders from the neighbours (assumption)
CLAIMS = 0.5  # share of the time that claims take (assumption)
LOCAL = 0.2  # share of what is bought outside the town that is bought in it instead (assumption)


def levers(city: City, result: Result, settings: RecoverySettings | None = None) -> pd.DataFrame:
    """Return what `result` on `city` costs as it is ("none") and with each lever alone, one row each.

    Columns: `lever`, `people_away_days` (person-days out of the home), `wellbeing_loss`, `value_lost` (value added over
    the horizon) [DKK] and `jobs_lost`. The water, the damage and who was warned are the same in all; no chance.
    """
    chosen = replace(settings or RecoverySettings(), four_r=False)
    plan = city.preparedness
    trusting = city.prepare(social_capital=min(1.0, plan.social_capital + TRUST))
    helped = city.prepare(aid_crews={**plan.aid_crews, "builder": plan.aid_crews.get("builder", 0.0) + CREWS})
    quick = replace(chosen, claim_days=chosen.claim_days * CLAIMS)
    insured = HouseholdSettings(insured=MappingProxyType({"low": 1.0, "middle": 1.0, "high": 1.0}))
    rows = [
        _row("none", (city, chosen), result),
        _row("social_capital", (trusting, chosen), result),
        _row("aid", (helped, chosen), result),
        _row("claims", (city, quick), result),
        _row("insurance", (city, chosen), result, homes=insured),
        _row("relief", (city, chosen), result, homes=HouseholdSettings(relief=RELIEF)),
        _row("local", (city, chosen), result, local=LOCAL),
    ]
    return pd.DataFrame(rows)


def _row(
    name: str, how: tuple[City, RecoverySettings], result: Result, *, homes: HouseholdSettings | None = None,
    local: float = 0.0,
) -> dict[str, str | float]:  # fmt: skip
    city, settings = how
    recovery = restore(city, result.impact, result.warned, settings)
    firms = firms_after(city, result.impact, recovery)
    economy = run_economy(more_local(table_of(city), local), shock_of(result, firms))
    return {
        "lever": name,
        "people_away_days": float(recovery.indicators["person_days_away"]),
        "wellbeing_loss": household_losses(city, result.impact, homes=homes).wellbeing_loss,
        "value_lost": economy.value_loss,
        "jobs_lost": float(firms.by_sector["jobs_lost"].sum()),
    }


def social_effect(
    city: City, result: Result, capitals: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
) -> pd.DataFrame:
    """Return `social_capital` (0..1) and the `people_away_days` that the recovery from `result` takes with it."""
    rows = []
    for capital in capitals:
        recovery = restore(city.prepare(social_capital=capital), result.impact, result.warned)
        rows.append((capital, float(recovery.indicators["person_days_away"])))
    return pd.DataFrame(rows, columns=["social_capital", "people_away_days"])
