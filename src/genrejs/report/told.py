"""Who was told in time, understood and acted: by language and age, and how fast the word spread."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.images import style, svg, vector
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, money, number, percent, say
from genrejs.scenario.result import Result
from genrejs.warning.result import Warned

STEPS = ("reached", "understood", "acted")
SHOWN = 240
"""Minutes that the chart shows."""


def told(story: Story) -> dict[str, Any]:
    """Return for the page what the warning did in every shown event with water; nothing where nobody was counted."""
    wet = [result for result in story.showcase if result.event.wet and len(result.warned.groups)]
    if not wet:
        return {"told_table": None}
    main = wet[0]
    return {
        "told_table": _events(wet),
        "told_groups": _groups(main),
        "told_event": _title(main),
        "told_chart": vector({language: _chart(main.warned, language) for language in LANGUAGES}),
        "told_alt": say("told.alt", share=percent(_heard(main.warned.curve))),
    }


def _title(result: Result) -> Phrase:
    return Phrase(result.event.title_da, result.event.title_en)


def _heard(curve: pd.DataFrame) -> float:
    return float(curve["heard"].iloc[-1]) if len(curve) else 0.0


def _events(results: list[Result]) -> Table:
    rows = []
    for result in results:
        totals = result.warned.totals
        count = max(float(totals["people"]), 1.0)
        cells = [
            Cell(number(totals["people_at_risk"])),
            Cell(number(totals["minutes"])),
            *(Cell(percent(totals[step] / count)) for step in STEPS),
            Cell(money(result.warned.avoided + float(totals["value_moved"]))),
        ]
        rows.append(Row(_title(result), tuple(cells)))
    heads = ("at_risk", "minutes", *STEPS, "saved")
    return Table(say("told.caption"), say("water.event"), tuple(say(f"told.{name}") for name in heads), tuple(rows))


def _groups(result: Result) -> Table:
    rows = []
    for row in result.warned.groups.to_dict("records"):
        if row["people"] > 0:
            language, age = say(f"value.language.{row['language']}"), say(f"value.age.{row['age']}")
            head = Phrase(f"{language.da}, {age.da}", f"{language.en}, {age.en}")
            cells = (number(row["people"]), *(percent(row[step]) for step in STEPS))
            rows.append(Row(head, tuple(Cell(cell) for cell in cells)))
    heads = (say("told.people"), *(say(f"told.{step}") for step in STEPS))
    return Table(say("told.groups_caption", event=_title(result)), say("told.group"), heads, tuple(rows))


def _chart(warned: Warned, language: Language) -> bytes:
    curve = warned.curve[warned.curve["minute"] <= SHOWN]
    with style():
        figure = Figure(figsize=(7.6, 2.9), layout="constrained")
        axes = figure.subplots()
        axes.plot(curve["minute"], curve["heard"], color=palette.SECOND_SHOCK, linewidth=2.4)
        axes.fill_between(curve["minute"], curve["heard"], color=palette.SECOND_SHOCK, alpha=0.12, linewidth=0)
        axes.set(ylim=(0, 1.02), xlim=(0, max(float(curve["minute"].max()) if len(curve) else 1.0, 1.0)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: lang.percent(share, language)))
        axes.set_xlabel(say("told.axis_minutes").of(language))
        axes.set_ylabel(say("told.axis_heard").of(language))
        axes.grid(color="#e3e6e4", linewidth=0.7)
        return svg(figure)


def warned_figures(warned: Warned) -> dict[str, float]:
    """Return the figures of `summary.json`: people at risk, and of those counted who was reached and acted."""
    names = ("people_at_risk", "reached", "understood", "acted")
    figures = {name: float(warned.totals.get(name, 0.0)) for name in names}
    return figures | {"damage_avoided_dkk": warned.avoided}
