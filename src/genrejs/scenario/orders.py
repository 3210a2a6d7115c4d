"""Who is helped first: the same shock under every rule of priority."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from genrejs.city.model import City
from genrejs.recovery.restore import restore
from genrejs.recovery.result import Recovery
from genrejs.recovery.settings import PRIORITIES, RecoverySettings
from genrejs.scenario.result import Result

FRAIL = {"low_income": ("income", "low"), "seniors": ("age", "seniors")}
"""Groups whose person-days are told besides everybody's."""


def compare_orders(city: City, result: Result, settings: RecoverySettings | None = None) -> pd.DataFrame:
    """Return what each rule of priority makes of the recovery from `result`, one row a rule.

    Columns: `priority` (of `PRIORITIES`; "given" only where `settings.order` names an order), `withstand`,
    `bounce_back_days`, `censored`, `person_days_without_service`, `person_days_away`, and person-days of people of low
    income and of those aged 71 or more (`low_income`, `seniors`). Same crews, same impact, no chance.
    """
    chosen = settings or RecoverySettings()
    rules = [rule for rule in PRIORITIES if rule != "given" or chosen.order]
    return pd.DataFrame([_row(rule, _under(city, result, chosen, rule)) for rule in rules])


def _under(city: City, result: Result, settings: RecoverySettings, rule: str) -> Recovery:
    return restore(city, result.impact, result.warned, replace(settings, priority=rule, four_r=False))


def _row(rule: str, recovery: Recovery) -> dict[str, str | float]:
    read, groups = recovery.indicators, recovery.by_group
    names = ("withstand", "bounce_back_days", "censored", "person_days_without_service", "person_days_away")
    frail = {
        name: float(groups.loc[(groups["group"] == group) & (groups["value"] == value), "person_days"].sum())
        for name, (group, value) in FRAIL.items()
    }
    return {"priority": rule} | {name: float(read[name]) for name in names} | frail
