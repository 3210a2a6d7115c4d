"""Who was told in time, understood, believed and acted, how fast the word spread, and what would tell more people."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.images import style, svg, vector
from genrejs.report.language import LANGUAGES, Language, significant
from genrejs.report.practice import practice
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table, barred
from genrejs.report.texts import Phrase, both, money, number, percent, say, titled
from genrejs.scenario.result import Result
from genrejs.warning.actions import ACTIONS
from genrejs.warning.channels import CHANNELS, NEIGHBOURS
from genrejs.warning.ladder import STEPS
from genrejs.warning.result import Warned

SHOWN = 240
"""Minutes that the chart shows."""
LEVER_STEPS = ("reached", "understood", "acted")
EVENT_STEPS = ("reached", "understood", "believed", "acted")
"""Steps of the ladder in the table of events; the table by group has them all."""


def told(story: Story, levers: pd.DataFrame | None = None) -> dict[str, Any]:
    """Return for the page what the warning did in every shown event with water; nothing where nobody was counted.

    `levers` is the table of `one_at_a_time` for the main event.
    """
    wet = [result for result in story.showcase if result.event.wet and len(result.warned.groups)]
    if not wet:
        return {"told_table": None}
    return {
        "told_table": _events(wet),
        "told_dark": _dark(story),
        "told_each": [_one(result) for result in wet],
        "told_chart": vector({language: _chart(wet, language) for language in LANGUAGES}),
        "told_alt": say("told.alt", event=titled(wet[0].event), share=percent(_heard(wet[0].warned.curve))),
        "told_levers": _levers(levers),
        **practice(),
    }


def _one(result: Result) -> dict[str, Any]:
    """Return the tables of one event: who, by which way, and what they do."""
    return {
        "title": titled(result.event),
        "tables": [table for table in (_groups(result), _ways(result.warned), _actions(result.warned)) if table],
    }


def _heard(curve: pd.DataFrame) -> float:
    return float(curve["heard"].iloc[-1]) if len(curve) else 0.0


def _steps(known: Any) -> dict[str, Phrase]:
    """Return the steps of the ladder that a result knows, with their headings."""
    heads = {step: say(f"told.{step}") for step in STEPS}
    return {step: head for step, head in heads.items() if step in known}


def _events(results: list[Result]) -> Table:
    known = _steps(results[0].warned.totals)
    steps, rows = {step: head for step, head in known.items() if step in EVENT_STEPS}, []
    for result in results:
        totals = result.warned.totals
        count = max(float(totals["people"]), 1.0)
        cells = [
            Cell(number(totals["people_at_risk"])),
            Cell(number(totals["minutes"])),
            *(Cell(percent(totals[step] / count)) for step in steps),
            Cell(money(result.warned.avoided + float(totals["value_moved"]))),
        ]
        rows.append(Row(titled(result.event), tuple(cells)))
    heads = (say("told.at_risk"), say("told.minutes"), *steps.values(), say("told.saved"))
    return Table(say("told.caption"), say("water.event"), heads, tuple(rows))


def _dark(story: Story) -> tuple[Phrase, ...]:
    """Return what silences a warning, and in which shown event it does so most."""
    works = [float(result.warned.totals.get("broadcast_works", 1.0)) for result in story.showcase]
    worst = min(range(len(works)), key=works.__getitem__)
    named = say("told.dark_event", event=titled(story.showcase[worst].event), share=percent(works[worst]))
    return (say("told.dark"), named) if works[worst] < 1.0 else (say("told.dark"),)


def _groups(result: Result) -> Table:
    steps, rows = _steps(result.warned.groups), []
    for row in result.warned.groups.to_dict("records"):
        if row["people"] > 0:
            language, age = say(f"value.language.{row['language']}"), say(f"value.age.{row['age']}")
            head = Phrase(f"{language.da}, {age.da}", f"{language.en}, {age.en}")
            cells = (number(row["people"]), *(percent(row[step]) for step in steps))
            rows.append(Row(head, tuple(Cell(cell) for cell in cells)))
    caption = say("told.groups_caption")
    return Table(caption, say("told.group"), (say("told.people"), *steps.values()), tuple(rows))


def _ways(warned: Warned) -> Table | None:
    """Return whom each way told first, largest first; ways that told nobody are left out."""
    names = {way: say(f"told.way_{way}") for way in (*CHANNELS, NEIGHBOURS)}
    shell = Table(say("told.ways_caption"), say("told.way"), (say("told.first"), say("told.share")), ())
    if warned.channels.empty or not float(warned.channels["first"].sum()) > 0:
        return None
    used = warned.channels[warned.channels["first"] >= 0.5].sort_values("first", ascending=False, kind="stable")
    first = [float(each) for each in used["first"]]
    whole = float(warned.channels["first"].sum())
    rows = tuple(
        Row(names[str(way)], (bar, Cell(percent(count / whole))))
        for way, count, bar in zip(used["channel"], first, barred(first, number), strict=True)
    )
    return Table(shell.caption, shell.corner, shell.columns, rows)


def _actions(warned: Warned) -> Table | None:
    """Return what is done in time, in the order of the time that it takes."""
    names = {action: say(f"told.action_{action}") for action in ACTIONS}
    heads = tuple(say(f"told.{name}") for name in ("takes", "households", "people", "saved"))
    caption, corner = say("told.actions_caption"), say("told.action")
    if warned.actions.empty:
        return None
    rows = []
    for row in warned.actions.to_dict("records"):
        cells = (number(row["minutes"]), number(row["households"]), number(row["people"]), money(row["avoided"]))
        rows.append(Row(names[str(row["action"])], tuple(Cell(cell) for cell in cells)))
    return Table(caption, corner, heads, tuple(rows))


def _levers(found: pd.DataFrame | None) -> Table | None:
    """Return what each lever alone does to those who hear, understand and act in the main event."""
    steps = {step: say(f"told.{step}") for step in LEVER_STEPS}
    heads = (say("told.value"), *steps.values(), say("told.more"), say("told.more_saved"))
    caption, corner, today = say("told.levers_caption"), say("told.lever"), say("told.as_today")
    if found is None:
        return None
    rows = []
    for row in found.to_dict("records"):
        lever = str(row["lever"])
        values = tuple(both(significant, row[end], 3) for end in ("before", "after"))
        moved = say("told.from_to", low=values[0], high=values[1]) if lever else Phrase("", "")
        shares = (percent(row[step]) for step in steps)
        cells = (moved, *shares, number(row["more"]), money(row["saved"]))
        rows.append(Row(say(f"lever.{lever}") if lever else today, tuple(Cell(cell) for cell in cells)))
    return Table(caption, corner, heads, tuple(rows))


def _chart(results: list[Result], language: Language) -> bytes:
    """Return the share who have heard by minute, a line for each event."""
    with style():
        figure = Figure(figsize=(7.6, 3.2), layout="constrained")
        axes = figure.subplots()
        last = 1.0
        for place, result in enumerate(results):
            curve = result.warned.curve[result.warned.curve["minute"] <= SHOWN]
            colour, dash = palette.EVENT_LINES[place % len(palette.EVENT_LINES)]
            label = titled(result.event).of(language)
            axes.plot(curve["minute"], curve["heard"], color=colour, linestyle=dash, linewidth=2.2, label=label)
            last = max(last, float(curve["minute"].max()))
        axes.set(ylim=(0, 1.02), xlim=(0, last))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: lang.percent(share, language)))
        axes.set_xlabel(say("told.axis_minutes").of(language))
        axes.set_ylabel(say("told.axis_heard").of(language))
        axes.grid(color=palette.GRID, linewidth=0.7)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1, frameon=False, borderaxespad=0, fontsize=10)
        return svg(figure)


def warned_figures(warned: Warned) -> dict[str, float]:
    """Return the figures of `summary.json`: people at risk, and of those counted who was reached and acted."""
    names = ("people_at_risk", "reached", "understood", "acted")
    figures = {name: float(warned.totals.get(name, 0.0)) for name in names}
    return figures | {"damage_avoided_dkk": warned.avoided}
