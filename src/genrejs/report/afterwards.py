"""What comes after the water: well-being by group, firms and jobs, the town's economy, and what would help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from genrejs.report import language as lang
from genrejs.report.afterwards_charts import boom, economy_chart, lowest, people_chart
from genrejs.report.bearing import VALUES
from genrejs.report.headline import days_back
from genrejs.report.images import vector
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table, barred, rows_of
from genrejs.report.texts import Phrase, both, known, money, number, percent, say, titled
from genrejs.scenario.aftermath import Aftermath

GROUPS = ("income", "language", "tenure", "age")
STATES = ("reopened", "closed", "lost")
LEVERS: tuple[tuple[str, Callable[[float], Phrase]], ...] = (
    ("people_away_days", number), ("wellbeing_loss", money), ("value_lost", money), ("jobs_lost", number),
)  # fmt: skip
HUNDRED = 100.0
"""Kroner lost, of which the page says what they mean to a group."""


def afterwards(story: Story) -> dict[str, Any]:
    """Return the page's part on households, firms and the economy after the main event; nothing without them."""
    after = story.aftermath.get(story.main.event.name)
    if after is None:
        return {"after_facts": None}
    away = story.main.recovery.away
    return {
        "after_event": titled(story.main.event),
        "after_facts": _facts(after, float(away.max())),
        "after_hundred": _hundred(after),
        "after_groups": tuple(table for group in GROUPS if (table := _group(after, group)).rows),
        "after_people": vector(people_chart(away)),
        "after_people_alt": say("after.people_alt", most=number(float(away.max())), last=number(float(away[-1]))),
        "after_firms": _firms(after),
        "after_chart": vector(economy_chart(after.economy)),
        "after_chart_alt": _chart_alt(after),
        "after_levers": None if story.levers is None else _levers(story.levers),
        "after_social": None if story.social is None else _social(story.social),
    }


def _facts(after: Aftermath, away: float) -> tuple[tuple[Phrase, Phrase], ...]:
    firms, well = after.firms.by_sector, after.wellbeing
    year = float(after.economy.value_before.sum())
    return (
        (say("after.people_away"), number(away)),
        (say("after.asset_loss"), money(well.asset_loss)),
        (say("after.wellbeing_loss"), money(well.wellbeing_loss)),
        (say("after.resilience"), percent(well.resilience)),
        (say("after.firms_shut"), number(float(firms[list(STATES)].to_numpy().sum()))),
        (say("after.firms_lost"), number(float(firms["lost"].sum()))),
        (say("after.jobs_lost"), number(float(firms["jobs_lost"].sum()))),
        (say("after.value_lost"), money(after.economy.value_loss)),
        (say("after.value_share"), percent(after.economy.value_loss / year if year > 0 else 0.0, 1)),
    )


def _hundred(after: Aftermath) -> Phrase | None:
    """Return what 100 kr. lost mean to those of low and of high income; None where either loses nothing."""
    table = after.wellbeing.by_group
    table = table[(table["group"] == "income") & (table["asset_loss"] > 0)].set_index("value")
    if not {"low", "high"} <= set(table.index):
        return None
    felt = HUNDRED * table["wellbeing_loss"] / table["asset_loss"]
    return say("after.hundred", low=_few(float(felt["low"])), high=_few(float(felt["high"])))


def _few(value: float) -> Phrase:
    return both(lang.significant, value)


def _group(after: Aftermath, group: str) -> Table:
    """Return loss and loss of well-being for each person of one grouping, and what 100 kr. lost mean to them."""
    table = after.wellbeing.by_group
    part = table[(table["group"] == group) & (table["asset_loss"] > 0)]
    figures = {str(row["value"]): row for row in part.to_dict("records")}
    names = {value: known(f"value.{group}.{value}", value) for value in VALUES[group]}
    rows = []
    for value, name in rows_of(part, names):
        lost, felt, people = (float(figures[value][each]) for each in ("asset_loss", "wellbeing_loss", "people"))
        cells = (money(lost / people), money(felt / people), _few(HUNDRED * felt / lost))
        rows.append(Row(name, tuple(map(Cell, cells))))
    heads = (say("after.lost_each"), say("after.felt_each"), say("after.weight"))
    return Table(known(f"group.{group}", group), known(f"group.{group}", group), heads, tuple(rows))


def _firms(after: Aftermath) -> Table:
    rows = []
    heads = ("firms", "open", *STATES, "jobs", "jobs_lost", "job_days")
    for row in after.firms.by_sector.to_dict("records"):
        cells = tuple(Cell(number(float(row[name]))) for name in heads)
        rows.append(Row(say(f"after.sector.{row['sector']}"), cells))
    columns = tuple(say(f"after.{name}") for name in heads)
    return Table(say("after.firms_caption"), say("after.sector_head"), columns, tuple(rows))


def _chart_alt(after: Aftermath) -> Phrase:
    return say("after.chart_alt", least=percent(lowest(after.economy)), most=percent(boom(after.economy)))


def _levers(levers: pd.DataFrame) -> Table:
    """Return the levers, one row each; ✓ marks the least of each column."""
    columns = [barred([float(each) for each in levers[name]], write, min) for name, write in LEVERS]
    rows = []
    felt = float(levers["wellbeing_loss"].iloc[0])
    for place, row in enumerate(levers.to_dict("records")):
        back = Cell(days_back(float(row["bounce_back_days"]), bool(row["censored"])))
        cells = (*(column[place] for column in columns), back)
        rows.append(Row(say(f"after.lever.{row['lever']}"), cells, _brings(row, felt)))
    heads = (*(say(f"after.{name}") for name, _ in LEVERS), say("card.bounce_back"))
    return Table(say("after.levers_caption"), say("after.lever_head"), heads, tuple(rows))


def _brings(row: dict[Any, Any], felt: float) -> Phrase | None:
    """Return what households are given and what a krone of it spares of the loss of well-being `felt` [DKK], or what
    the town earns on ordinary days."""
    if row["given"] > 0:
        spared = (felt - float(row["wellbeing_loss"])) / float(row["given"])
        return say("after.given", amount=money(float(row["given"])), each=_few(spared))
    return say("after.ordinary", amount=money(float(row["ordinary"]))) if row["ordinary"] > 0 else None


def _social(social: pd.DataFrame) -> Table:
    days = barred([float(each) for each in social["people_away_days"]], number, min)
    rows = [
        Row(number(float(capital), 2), (cell,)) for capital, cell in zip(social["social_capital"], days, strict=True)
    ]
    return Table(
        say("after.social_caption"), say("lever.social_capital"), (say("after.people_away_days"),), tuple(rows)
    )


def after_figures(after: Aftermath) -> dict[str, float | None]:
    """Return the figures of `summary.json`: what households, firms and the economy lose."""
    firms, felt = after.firms.by_sector, after.wellbeing.wellbeing_loss
    resilience = after.wellbeing.resilience
    return {
        "households_asset_loss_dkk": after.wellbeing.asset_loss,
        "wellbeing_loss_dkk": felt,
        "socioeconomic_resilience": float(resilience) if np.isfinite(resilience) else None,
        "firms_closed": float(firms[list(STATES)].to_numpy().sum()),
        "firms_lost": float(firms["lost"].sum()),
        "jobs_lost": float(firms["jobs_lost"].sum()),
        "job_days_lost": float(firms["job_days"].sum()),
        "value_added_lost_dkk": after.economy.value_loss,
    }
