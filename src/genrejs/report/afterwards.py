"""What comes after the water: well-being by group, firms and jobs, the town's economy, and what would help."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from genrejs.recovery.economy import Economy
from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.images import style, svg, vector
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table, barred
from genrejs.report.texts import Phrase, known, money, number, percent, say
from genrejs.scenario.aftermath import Aftermath

GROUPS = ("income", "language", "tenure", "age")
STATES = ("reopened", "closed", "lost")
LEVERS = ("people_away_days", "wellbeing_loss", "value_lost", "jobs_lost")


def afterwards(story: Story) -> dict[str, Any]:
    """Return the page's part on households, firms and the economy after the main event; nothing without them."""
    after = story.aftermath.get(story.main.event.name)
    if after is None or after.wellbeing.asset_loss <= 0:
        return {"after_facts": None}
    return {
        "after_event": Phrase(story.main.event.title_da, story.main.event.title_en),
        "after_facts": _facts(after),
        "after_groups": _groups(after),
        "after_firms": _firms(after),
        "after_chart": vector({language: _chart(after.economy, language) for language in LANGUAGES}),
        "after_levers": _levers(story.levers) if story.levers is not None else None,
    }


def _facts(after: Aftermath) -> tuple[tuple[Phrase, Phrase], ...]:
    firms, well = after.firms.by_sector, after.wellbeing
    year = float(after.economy.value_before.sum())
    return (
        (say("after.asset_loss"), money(well.asset_loss)),
        (say("after.wellbeing_loss"), money(well.wellbeing_loss)),
        (say("after.firms_shut"), number(float(firms[list(STATES)].to_numpy().sum()))),
        (say("after.firms_lost"), number(float(firms["lost"].sum()))),
        (say("after.jobs_lost"), number(float(firms["jobs_lost"].sum()))),
        (say("after.value_lost"), money(after.economy.value_loss)),
        (say("after.value_share"), percent(after.economy.value_loss / year if year > 0 else 0.0, 1)),
    )


def _groups(after: Aftermath) -> Table:
    table = after.wellbeing.by_group
    rows = []
    for group in GROUPS:
        for row in table[(table["group"] == group) & (table["asset_loss"] > 0)].to_dict("records"):
            lost, felt, people = float(row["asset_loss"]), float(row["wellbeing_loss"]), max(float(row["people"]), 1.0)
            cells = (money(lost / people), money(felt / people), number(felt / lost, 2))
            rows.append(Row(known(f"value.{group}.{row['value']}", str(row["value"])), tuple(map(Cell, cells))))
    heads = (say("after.lost_each"), say("after.felt_each"), say("after.weight"))
    return Table(say("after.groups_caption"), say("told.group"), heads, tuple(rows))


def _firms(after: Aftermath) -> Table:
    rows = []
    heads = ("firms", *STATES, "jobs", "job_days")
    for row in after.firms.by_sector.to_dict("records"):
        if row["firms"] > 0:
            cells = tuple(Cell(number(float(row[name]))) for name in heads)
            rows.append(Row(say(f"after.sector.{row['sector']}"), cells))
    return Table(
        say("after.firms_caption"), say("after.sector_head"), tuple(say(f"after.{h}") for h in heads), tuple(rows)
    )


def _chart(economy: Economy, language: Language) -> bytes:
    months = economy.days / 30.4
    with style():
        figure = Figure(figsize=(7.6, 3.2), layout="constrained")
        axes = figure.subplots()
        for number_, sector in enumerate(economy.sectors):
            share = economy.value_added[:, number_] / max(float(economy.value_before[number_]), 1e-9)
            colour, dash = palette.STRATEGY_LINES[number_ % len(palette.STRATEGY_LINES)]
            label = say(f"after.sector.{sector}").of(language)
            axes.plot(months, share, color=colour, linestyle=dash, linewidth=1.6, label=label)
        total = economy.value_added.sum(axis=1) / economy.value_before.sum()
        axes.plot(months, total, color=palette.INK, linewidth=3, label=say("after.all").of(language))
        axes.axhline(1.0, color=palette.MUTED, linewidth=0.9, linestyle="dotted")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: lang.percent(share, language)))
        axes.set(xlim=(0, float(months.max())))
        axes.set_xlabel(say("after.axis_months").of(language))
        axes.set_ylabel(say("after.axis_value").of(language))
        axes.grid(color="#e3e6e4", linewidth=0.7)
        figure.legend(loc="outside upper left", ncols=4, frameon=False, fontsize=10)
        return svg(figure)


def _levers(levers: pd.DataFrame) -> Table:
    columns = [barred([float(each) for each in levers[name]], _writer(name), min) for name in LEVERS]
    rows = tuple(
        Row(say(f"after.lever.{name}"), tuple(column[place] for column in columns))
        for place, name in enumerate(levers["lever"])
    )
    return Table(say("after.levers_caption"), say("after.lever_head"), tuple(say(f"after.{h}") for h in LEVERS), rows)


def _writer(name: str) -> Any:
    return money if name in ("wellbeing_loss", "value_lost") else number


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
