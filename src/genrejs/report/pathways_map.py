"""The map of adaptation pathways, drawn like one of an underground railway, with its tables and words."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from genrejs.appraisal.pathways import Action, PathwaysMap, Route, Station
from genrejs.errors import InputError
from genrejs.report import palette
from genrejs.report.images import style, svg
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.strategy_plan import Drawing, Part
from genrejs.report.tables import Cell, Row, Table, barred
from genrejs.report.texts import Phrase, calendar_year, known, listing, money, number, say, small

SHOWN = 8
"""Routes in the table, the cheapest of those that no other is better than in everything."""

NAME_WIDTH = 20
"""Letters of an action's name on one line of the map."""

SPREAD_BELOW, LABEL_ABOVE = 0.24, 0.16
"""Where the span over levels and a line's last year stand [rows]."""

FEW_YEARS = 0.012
"""How far apart trunks of different lines in the same year are drawn [share of the period]."""

WHITE = palette.PAPER


def pathways(found: PathwaysMap, level: str) -> Part:
    """Return the map under one level, when each action is no longer enough, the routes, and what to know of them."""
    tables = _tips(found), _routes_table(found, level)
    return Part(Drawing(draw(found, level), _alt(found, level)), tables, (*_hidden(found, level), say("pathways.note")))


def draw(found: PathwaysMap, level: str) -> dict[Language, bytes]:
    """Return the map under one level as SVG in both languages; raise InputError for a level it has not."""
    if level not in found.levels:
        raise InputError(f"The map has the levels {list(found.levels)}; got '{level}'.")
    return {language: _drawn(found, level, language) for language in LANGUAGES}


def level_name(level: str) -> Phrase:
    """Return the level in words; one of the caller's own as it stands."""
    return known(f"pathways.level_{level}", level)


def _name(action: Action) -> Phrase:
    return Phrase(action.name_da, action.name_en)


def _best(found: PathwaysMap, level: str) -> list[Route]:
    """Return the routes to show, the cheapest first: those that get there, and where none does the dead ends."""
    kept = [route for route in found.routes[level] if not route.dominated]
    there = [route for route in kept if route.reaches] or kept
    return sorted(there, key=lambda route: (route.cost, route.actions))


def _alt(found: PathwaysMap, level: str) -> Phrase:
    lines = [
        say("pathways.line_lasts", name=_name(action), horizon=calendar_year(found.horizon))
        if (until := found.until(action.id, level)) is None
        else say("pathways.line_until", name=_name(action), year=calendar_year(until))
        for action in found.actions
    ]
    there = [route for route in found.routes[level] if route.reaches]
    words = {
        "level": small(level_name(level)),
        "start": calendar_year(found.start),
        "horizon": calendar_year(found.horizon),
    }
    words["lines"] = listing(lines)
    if not there:
        return say("pathways.alt_none", **words)
    return say("pathways.alt", count=number(len(there)), cheapest=_way(found, _best(found, level)[0]), **words)


def _way(found: PathwaysMap, route: Route) -> Phrase:
    """Return the route as its actions with the years of change: Today → Dike (2040) → Sluice (2060)."""
    parts = [_name(found.actions[found.rows[route.actions[0]]])]
    for stop in route.stops[1:]:
        parts.append(
            say(
                "pathways.next_stop", name=_name(found.actions[found.rows[stop.action]]), year=calendar_year(stop.start)
            )
        )
    return Phrase(*(" → ".join(part.of(language) for part in parts) for language in LANGUAGES))


def _tips(found: PathwaysMap) -> Table:
    rows = []
    for action in found.actions:
        years = [found.until(action.id, level) for level in found.levels]
        beyond = say("pathways.after", horizon=calendar_year(found.horizon))
        cells = [Cell(beyond if year is None else calendar_year(year)) for year in years]
        rows.append(Row(_name(action), tuple(cells)))
    columns = tuple(level_name(level) for level in found.levels)
    return Table(say("pathways.tips_caption"), say("pathways.action"), columns, tuple(rows))


def _routes_table(found: PathwaysMap, level: str) -> Table:
    """Return the routes with what they cost and do; scores only where an action has one."""
    routes = _best(found, level)[:SHOWN]
    heads, columns = ["until", "cost"], [tuple(Cell(_until(found, route)) for route in routes)]
    columns.append(barred([route.cost for route in routes], money, min))
    if any(action.side_effect for action in found.actions):
        heads.append("side")
        columns.append(barred([route.side_effect for route in routes], _score, min))
    if any(action.added_value for action in found.actions):
        heads.append("added")
        columns.append(barred([route.added_value for route in routes], _score, max))
    cells = zip(*columns, strict=True)
    rows = [Row(_way(found, route), each, _moves(found, route)) for route, each in zip(routes, cells, strict=True)]
    caption = say("pathways.routes_caption", level=small(level_name(level)))
    return Table(caption, say("pathways.route"), tuple(say(f"pathways.{head}") for head in heads), tuple(rows))


def _score(value: float) -> Phrase:
    return number(value, 1)


def _until(found: PathwaysMap, route: Route) -> Phrase:
    if route.reaches:
        return say("pathways.lasts", horizon=calendar_year(found.horizon))
    return say("pathways.dead_end", year=calendar_year(route.end))


def _moves(found: PathwaysMap, route: Route) -> Phrase | None:
    """Return by when each change is to be decided, and whether the route leaves years uncovered."""
    if len(route.stops) == 1:
        return None
    moves = [
        say("pathways.move", name=_name(found.actions[found.rows[stop.action]]), year=calendar_year(stop.decision))
        for stop in route.stops[1:]
    ]
    said = say("pathways.decisions", moves=listing(moves))
    if not route.gap:
        return said
    gap = say("pathways.gap", years=number(route.gap))
    return Phrase(f"{said.da} {gap.da}", f"{said.en} {gap.en}")


def _hidden(found: PathwaysMap, level: str) -> tuple[Phrase, ...]:
    """Return how many routes the table leaves out, and why."""
    beaten = sum(route.dominated for route in found.routes[level])
    more = len(_best(found, level)) - SHOWN
    said = [say("pathways.hidden_one") if beaten == 1 else say("pathways.hidden", count=number(beaten))] * (beaten > 0)
    return (*said, *([say("pathways.more", count=number(more))] if more > 0 else []))


def _drawn(found: PathwaysMap, level: str, language: Language) -> bytes:
    count = len(found.actions)
    with style():
        figure = Figure(figsize=(7.6, 1.75 + 0.62 * count), layout="constrained")
        axes = figure.subplots()
        stations = found.stations(level)
        _frame(axes, found, language)
        _trunks(axes, found, stations)
        for row, action in enumerate(found.actions):
            if any(action.id in route.actions for route in found.routes[level]):
                _spread(axes, found, row)
                _line(axes, found, (row, level), stations)
            else:
                axes.text(
                    found.start, row, say("pathways.unused").of(language), color=palette.MUTED, va="center", size=9.5
                )
        for stop in stations:
            axes.plot(stop.year, found.rows[stop.target], "o", mfc=WHITE, mec=palette.INK, mew=1.8, ms=9, zorder=6)
        _key(figure, found, language)
        return svg(figure)


def _frame(axes: Axes, found: PathwaysMap, language: Language) -> None:
    """Name the lines on the left and the years below."""
    names = [textwrap.fill(_name(action).of(language), NAME_WIDTH) for action in found.actions]
    span = found.horizon - found.start
    axes.set_yticks(range(len(names)), names, fontsize=10.5)
    axes.set(ylim=(len(names) - 0.35, -0.65), xlim=(found.start - 0.015 * span, found.horizon + 0.05 * span))
    axes.tick_params(axis="y", length=0)
    ticks = MaxNLocator(8, steps=[1, 2, 5, 10], integer=True).tick_values(found.start, found.horizon)
    shown = [int(tick) for tick in np.asarray(ticks) if found.start <= tick <= found.horizon]
    axes.set_xticks(shown, [str(year) for year in shown])
    axes.set_xlabel(say("pathways.year").of(language))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=palette.GRID, linewidth=0.7)
    axes.set_axisbelow(True)


def _trunks(axes: Axes, found: PathwaysMap, stations: tuple[Station, ...]) -> None:
    """Draw from each line that ends down or up to all lines that may follow it."""
    aside: dict[int, list[str]] = {}
    for stop in stations:
        others = aside.setdefault(stop.left, [])
        if stop.origin not in others:
            others.append(stop.origin)
        # Lines that end in the same year get trunks side by side, or one could not tell them apart.
        place = stop.left + others.index(stop.origin) * FEW_YEARS * (found.horizon - found.start)
        rows = found.rows[stop.origin], found.rows[stop.target]
        axes.plot([place, place], rows, color=palette.INK, linewidth=1.5, zorder=2, solid_capstyle="butt")
        if stop.year > stop.left:
            axes.plot([place, stop.year], [rows[1]] * 2, color=palette.INK, linewidth=1.5, linestyle="dotted", zorder=2)


def _line(axes: Axes, found: PathwaysMap, place: tuple[int, str], stations: tuple[Station, ...]) -> None:
    """Draw one line with the preparation before it, the years by which it is to be decided, and its end."""
    row, level = place
    action = found.actions[row].id
    colour, dash = palette.STRATEGY_LINES[row % len(palette.STRATEGY_LINES)]
    into = [stop for stop in stations if stop.target == action]
    begin = min((stop.year for stop in into), default=found.start)
    until = found.until(action, level)
    end = found.horizon if until is None else max(until, begin)
    axes.plot([begin, end], [row, row], color=colour, linestyle=dash, linewidth=4.6, zorder=3, solid_capstyle="butt")
    early = min((stop.decision for stop in into), default=begin)
    axes.plot([early, begin], [row, row], color=palette.MUTED, linewidth=1.3, linestyle=(0, (1, 2)), zorder=2)
    for year in sorted({stop.decision for stop in into if stop.decision < stop.year}):
        axes.plot(year, row, "D", mfc=palette.GATE, mec=palette.INK, mew=1.1, ms=6.5, zorder=5)
    if until is None:
        axes.plot(end, row, ">", color=colour, ms=12, zorder=4)
        return
    axes.plot([end, end], [row - 0.2, row + 0.2], color=palette.INK, linewidth=3.4, zorder=4, solid_capstyle="butt")
    axes.annotate(
        str(until), (end, row - LABEL_ABOVE), xytext=(4, 1), textcoords="offset points", va="bottom", size=10, zorder=7,
        weight="bold", bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.6},
    )  # fmt: skip


def _spread(axes: Axes, found: PathwaysMap, row: int) -> None:
    """Draw below a line where its end moves between the levels; an arrow where that is beyond the horizon."""
    years = found.sell_by[row]
    low, high = float(years.min()), float(years.max())
    if len(years) < 2 or low > found.horizon or high < found.start:
        return
    ends = max(low, found.start), min(high, found.horizon)
    axes.plot(ends, [row + SPREAD_BELOW] * 2, color=palette.MUTED, linewidth=1.4, zorder=2)
    axes.plot(ends[0], row + SPREAD_BELOW, "|", color=palette.MUTED, ms=6, mew=1.4)
    axes.plot(ends[1], row + SPREAD_BELOW, ">" if high > found.horizon else "|", color=palette.MUTED, ms=5.5, mew=1.4)


def _key(figure: Figure, found: PathwaysMap, language: Language) -> None:
    none: Any = {"linestyle": "none"}
    marks = {
        "change": Line2D([], [], marker="o", mfc=WHITE, mec=palette.INK, mew=1.8, ms=9, **none),
        "decide": Line2D([], [], marker="D", mfc=palette.GATE, mec=palette.INK, mew=1.1, ms=6.5, **none),
        "fails": Line2D([], [], marker="|", color=palette.INK, ms=12, mew=3.4, **none),
        "lasts": Line2D([], [], marker=">", color=palette.INK, ms=10, **none),
        "spread": Line2D([], [], color=palette.MUTED, linewidth=1.4, marker="|", ms=6, mew=1.4),
    }
    words = [say(f"pathways.{name}", horizon=found.horizon).of(language) for name in marks]
    figure.legend(list(marks.values()), words, loc="outside upper left", ncols=3, frameon=False, fontsize=10)
