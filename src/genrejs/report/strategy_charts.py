"""The strategy's drawings: actions over time, money by year and payer, added value."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.images import style, svg
from genrejs.report.language import Language
from genrejs.report.strategy_money import payer, renewals, spending
from genrejs.report.strategy_plan import NOT_FOUND, PILLARS, Action, StrategyPlan
from genrejs.report.strategy_tree import plain
from genrejs.report.texts import Phrase, say

WIDTH = 7.6  # inches, as the report's other charts
NAME_WIDTH = 30
"""Letters of an action's name on one line of a chart."""
ROW = 0.38  # inches
TALLEST = 9.8  # inches, so that a chart with its heading stands on one page

PILLAR_COLOURS = {"co-creating": "#cc79a7", "climate": "#0072b2", "social": "#d55e00", "smart": "#009e73"}
"""Okabe and Ito's colours; the pillar's name stands above its bars, so that no colour speaks alone."""

PAYER_LOOKS: dict[str, tuple[str, str]] = {
    "utility": ("#0072b2", ""), "state": ("#56b4e9", "//"), "eu": ("#f0e442", ".."), "foundation": ("#cc79a7", "\\\\"),
    "municipality": ("#e69f00", ""), "owners": ("#009e73", "xx"), NOT_FOUND: ("#ffffff", "---"),
    "upkeep": ("#c9cfcc", ""),
}  # fmt: skip
"""Colour and hatch of each payer."""

BUILDING = "///"


@contextmanager
def _style() -> Iterator[None]:
    """Hold the report's style; a name with two dollar signs is a name, not a formula."""
    with style(), mpl.rc_context({"text.parse_math": False, "hatch.linewidth": 0.7}):
        yield


def _wrapped(name: Phrase, language: Language, width: int = NAME_WIDTH) -> str:
    return textwrap.fill(plain(name, language), width, max_lines=2, placeholder=" …")


def timeline_chart(plan: StrategyPlan, language: Language, pillars: tuple[str, ...] = PILLARS) -> bytes:
    """Return when each action of `pillars` is prepared and when it works, as SVG; actions stand under their pillar."""
    rows = _rows(plan, pillars)
    with _style():
        figure = Figure(figsize=(WIDTH, min(1.1 + ROW * len(rows), TALLEST)), layout="constrained")
        axes = figure.subplots()
        for place, row in enumerate(rows):
            if isinstance(row, Action):
                _bar(axes, place, row, plan.years[1])
        _years_axis(axes, plan)
        _row_names(axes, rows, language)
        _timeline_key(axes, language)
        return svg(figure)


def _rows(plan: StrategyPlan, pillars: tuple[str, ...]) -> list[str | Action]:
    """Return the rows of the timeline from the top: a pillar's name, then its actions."""
    rows: list[str | Action] = []
    for pillar in pillars:
        if found := plan.of_pillar(pillar):
            rows += [pillar, *found]
    return rows


def _bar(axes: Axes, place: int, action: Action, last: int) -> None:
    colour = PILLAR_COLOURS[action.measure.pillar]
    look: dict[str, Any] = {"height": 0.56, "edgecolor": colour, "linewidth": 0.8}
    built = min(action.year_works, last + 1) - action.year_begin
    axes.barh(place, built, left=action.year_begin, facecolor="#ffffff", hatch=BUILDING, **look)
    if action.year_works > last:
        return
    axes.barh(place, last + 1 - action.year_works, left=action.year_works, facecolor=colour, **look)
    again = [year + 0.5 for year in renewals(action, last)]
    axes.plot(again, [place] * len(again), "D", color="#ffffff", markeredgecolor=palette.INK, markersize=5)
    box = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.2}
    axes.text(action.year_works + 0.25, place, str(action.year_works), va="center", fontsize=8.5, bbox=box)


def _years_axis(axes: Axes, plan: StrategyPlan) -> None:
    axes.set_xlim(plan.years[0], plan.years[1] + 1)
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10], integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    axes.grid(axis="x", color=palette.GRID, linewidth=0.7)
    axes.set_axisbelow(True)


def _row_names(axes: Axes, rows: list[str | Action], language: Language) -> None:
    names = [
        _wrapped(row.name, language)
        if isinstance(row, Action)
        else _wrapped(say(f"strategy.pillar.{row}.name"), language)
        for row in rows
    ]
    axes.set_yticks(range(len(rows)), names, fontsize=9)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    for row, label in zip(rows, axes.get_yticklabels(), strict=True):
        label.set_fontweight("normal" if isinstance(row, Action) else "bold")


def _timeline_key(axes: Axes, language: Language) -> None:
    dark = palette.INK
    handles = [
        Patch(facecolor="#ffffff", edgecolor=dark, hatch=BUILDING, label=say("strategy.time.prepared").of(language)),
        Patch(facecolor=dark, edgecolor=dark, label=say("strategy.time.works").of(language)),
        Line2D([], [], marker="D", color="none", markerfacecolor="#ffffff", markeredgecolor=dark, markersize=5,
               label=say("strategy.time.renewed").of(language)),
    ]  # fmt: skip
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, borderaxespad=0, fontsize=9
    )


def money_chart(plan: StrategyPlan, language: Language) -> bytes:
    """Return investment by payer and upkeep, year by year, with the ceiling where there is one, as SVG."""
    spent = spending(plan)
    parts = {**spent.invested, "upkeep": spent.upkeep}
    with _style():
        figure = Figure(figsize=(WIDTH, 4.2), layout="constrained")
        axes = figure.subplots()
        floor = np.zeros(spent.years.size)
        for name, amounts in parts.items():
            colour, hatch = PAYER_LOOKS[name]
            label = payer(name).of(language)
            axes.bar(spent.years, amounts / 1e6, 0.8, floor, facecolor=colour, hatch=hatch, label=label,
                     edgecolor=palette.INK, linewidth=0.5)  # fmt: skip
            floor = floor + amounts / 1e6
        if plan.budget_yearly is not None:
            label = say("strategy.money.ceiling").of(language)
            axes.axhline(plan.budget_yearly / 1e6, color=palette.FIRST_SHOCK, linestyle="dashed", label=label)
        axes.set_xlim(plan.years[0] - 0.6, plan.years[1] + 0.6)
        _money_axes(axes, language)
        return svg(figure)


def _money_axes(axes: Axes, language: Language) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(10, steps=[1, 2, 5, 10], integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.significant(value, language)))
    axes.set_ylabel(say("strategy.money.axis").of(language))
    axes.grid(axis="y", color=palette.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, borderaxespad=0, fontsize=9)


def added_chart(plan: StrategyPlan, language: Language) -> bytes:
    """Return the added value on ordinary days by action, what is assumed hatched, as SVG."""
    rows = [(action, *_split(action)) for action in plan.in_order if action.effect.added_value]
    rows.sort(key=lambda row: -(row[1] + row[2]))
    colour = PILLAR_COLOURS["smart"]
    with _style():
        figure = Figure(figsize=(WIDTH, min(1.3 + ROW * len(rows), TALLEST)), layout="constrained")
        axes = figure.subplots()
        for place, (_, sourced, assumed) in enumerate(rows):
            axes.barh(place, sourced, 0.6, facecolor=colour, edgecolor=palette.INK, linewidth=0.6)
            axes.barh(place, assumed, 0.6, left=sourced, facecolor="#ffffff", edgecolor=colour, hatch=BUILDING)
            text = lang.money((sourced + assumed) * 1e6, language)
            axes.annotate(text, (sourced + assumed, place), (4, 0), textcoords="offset points", va="center", fontsize=9)
        axes.set_yticks(range(len(rows)), [_wrapped(action.name, language) for action, *_ in rows], fontsize=9)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1.22 * max(sourced + assumed for _, sourced, assumed in rows) or 1.0)
        _added_axes(axes, colour, language)
        return svg(figure)


def _split(action: Action) -> tuple[float, float]:
    """Return the added value whose figure has a source and that which rests on an assumption [million DKK/year]."""
    assumed = sum(value.yearly for value in action.effect.added_value if is_assumed(value.source))
    whole = sum(value.yearly for value in action.effect.added_value)
    return (whole - assumed) / 1e6, assumed / 1e6


def is_assumed(source: str) -> bool:
    """Return whether a source says that its figure rests on an assumption."""
    return "assumption" in source.lower()


def _added_axes(axes: Axes, colour: str, language: Language) -> None:
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.significant(value, language)))
    axes.set_xlabel(say("strategy.added.axis").of(language))
    axes.grid(axis="x", color=palette.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    handles = [
        Patch(facecolor=colour, edgecolor=palette.INK, label=say("strategy.added.sourced").of(language)),
        Patch(facecolor="#ffffff", edgecolor=colour, hatch=BUILDING, label=say("strategy.added.assumed").of(language)),
    ]
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, borderaxespad=0, fontsize=9
    )
