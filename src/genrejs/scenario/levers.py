"""What would make the aftermath of the same impact lighter: one lever at a time, each an assumption."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.recovery.economy import Economy, more_local, run_economy
from genrejs.recovery.firms import Firms, firms_after
from genrejs.recovery.restore import restore
from genrejs.recovery.result import Recovery
from genrejs.recovery.settings import RecoverySettings
from genrejs.recovery.wellbeing import HouseholdSettings, Wellbeing, household_losses
from genrejs.scenario.aftermath import shock_of, table_of
from genrejs.scenario.result import Result


@dataclass(frozen=True)
class LeverSettings:
    """How far each lever is pulled; all are assumptions."""

    trust: float = 0.2  # added to the social capital, 1 at most in all
    aid: float = 1.0  # crews that neighbours send besides, for each crew of today's, their own and the city's
    claims: float = 0.5  # share that is left of the days for claims and permits
    relief: float = 50_000.0  # DKK for each person whose household bears a loss
    local: float = 0.2  # share of what the town buys outside that is bought in it instead

    def __post_init__(self) -> None:
        if not all(0 <= value <= 1 for value in (self.trust, self.claims, self.local)):
            raise InputError("levers.trust, levers.claims and levers.local must be 0..1.")
        if not all(0 <= value < math.inf for value in (self.aid, self.relief)):
            raise InputError("levers.aid must be 0 or more crews for each crew, levers.relief 0 DKK or more.")


@dataclass(frozen=True)
class _After:
    """What one course of events leaves."""

    recovery: Recovery
    wellbeing: Wellbeing
    firms: Firms
    economy: Economy


def levers(
    city: City, result: Result, settings: RecoverySettings | None = None, how: LeverSettings | None = None
) -> pd.DataFrame:
    """Return what `result` on `city` costs as it is ("none", first) and with each lever alone, one row each.

    Columns: `lever`, `bounce_back_days`, `censored`, `people_away_days` (person-days out of the home),
    `wellbeing_loss`, `value_lost` (value added over the horizon) [DKK], `jobs_lost`, `given` [DKK] that households get
    on top, and `ordinary` [DKK a year], value added that the lever brings on ordinary days. The water, the damage and
    who was warned are the same in all; no chance. `settings` are those of `result`.
    """
    pulled = how or LeverSettings()
    base = _base(city, result)
    rows = [_row("none", base, base)]
    for name, changed, way in _ways(city, replace(settings or RecoverySettings(), four_r=False), pulled):
        rows.append(_row(name, _slower_or_faster(base, changed, result, way), base))
    for name, homes in _homes(pulled):
        rows.append(_row(name, replace(base, wellbeing=household_losses(city, result.impact, homes=homes)), base))
    economy = run_economy(more_local(table_of(city), pulled.local), shock_of(result, base.firms))
    rows.append(_row("local", replace(base, economy=economy), base))
    return pd.DataFrame(rows)


def _ways(city: City, settings: RecoverySettings, how: LeverSettings) -> Iterator[tuple[str, City, RecoverySettings]]:
    """Yield the levers that change the way back."""
    plan = city.preparedness
    yield "social_capital", city.prepare(social_capital=min(1.0, plan.social_capital + how.trust)), settings
    today = {trade: plan.crews.get(trade, 0.0) + plan.aid_crews.get(trade, 0.0) for trade in plan.crews}
    sent = {trade: plan.aid_crews.get(trade, 0.0) + how.aid * crews for trade, crews in today.items()}
    yield "aid", city.prepare(aid_crews={**plan.aid_crews, **sent}), settings
    claim, permit = settings.claim_days * how.claims, settings.permit_days * how.claims
    yield "claims", city, replace(settings, claim_days=claim, permit_days=permit)


def _homes(how: LeverSettings) -> Iterator[tuple[str, HouseholdSettings]]:
    """Yield the levers that change what households can fall back on."""
    yield "insurance", HouseholdSettings(insured=MappingProxyType({"low": 1.0, "middle": 1.0, "high": 1.0}))
    yield "relief", HouseholdSettings(relief=how.relief)


def _base(city: City, result: Result) -> _After:
    firms = firms_after(city, result.impact, result.recovery)
    economy = run_economy(table_of(city), shock_of(result, firms))
    return _After(result.recovery, household_losses(city, result.impact), firms, economy)


def _slower_or_faster(base: _After, city: City, result: Result, settings: RecoverySettings) -> _After:
    recovery = restore(city, result.impact, result.warned, settings)
    firms = firms_after(city, result.impact, recovery)
    return replace(base, recovery=recovery, firms=firms, economy=run_economy(table_of(city), shock_of(result, firms)))


def _row(name: str, after: _After, base: _After) -> dict[str, str | float]:
    read = after.recovery.indicators
    stock = [float(each.wellbeing.households["stock"].sum()) for each in (after, base)]
    ordinary = [float(each.economy.value_before.sum()) for each in (after, base)]
    return {
        "lever": name,
        "bounce_back_days": float(read["bounce_back_days"]),
        "censored": float(read["censored"]),
        "people_away_days": float(read["person_days_away"]),
        "wellbeing_loss": after.wellbeing.wellbeing_loss,
        "value_lost": after.economy.value_loss,
        "jobs_lost": float(after.firms.by_sector["jobs_lost"].sum()),
        "given": stock[0] - stock[1],
        "ordinary": ordinary[0] - ordinary[1],
    }


def social_effect(
    city: City,
    result: Result,
    settings: RecoverySettings | None = None,
    capitals: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0),
) -> pd.DataFrame:
    """Return `social_capital` (0..1) and the `people_away_days` that the recovery from `result` takes with it.

    That social capital speeds the return is an assumption of the model (own form, FACTS 9.4): this shows how much
    hangs on it. Raises InputError where a capital is not 0..1.
    """
    if not all(0 <= capital <= 1 for capital in capitals):
        raise InputError(f"Social capital is a share 0..1; got {', '.join(str(each) for each in capitals)}.")
    chosen = replace(settings or RecoverySettings(), four_r=False)
    away = [
        restore(city.prepare(social_capital=capital), result.impact, result.warned, chosen).indicators
        for capital in capitals
    ]
    return pd.DataFrame({"social_capital": capitals, "people_away_days": [each["person_days_away"] for each in away]})
