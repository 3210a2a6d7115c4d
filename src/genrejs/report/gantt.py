"""Who repairs what, and when: a Gantt chart of the lifelines, the queue of houses by trade, which trade is short."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.city.preparedness import Preparedness
from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.images import style, svg, vector
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, duration, known, number, say

DAY, MONTH = 24.0, 730.5  # h
SHOWN = 24
"""Lifeline components that the chart has room for: those that take longest."""

POINTS = 60
"""Even times at which the queues are drawn, and the most others."""

MONTHS_FROM = 92 * DAY
"""Length [h] from which a time axis counts months, not days."""

NAME_WIDTH = 34
"""Letters of a component's name on one line of the chart."""

HOLD, QUEUE, AT_WORK, CREWS = "#d5ddd9", "#f6c9a4", "#0b3569", "#b3400f"
STAGES = ((HOLD, ""), (QUEUE, "////"), (AT_WORK, ""))
"""Colour and pattern of what a repair goes through: it cannot begin, it waits for a crew, it is worked on."""

CREW_LINE: Any = {"color": palette.INK, "linewidth": 1.8, "linestyle": (0, (4, 2))}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Queue:
    """Repairs by what they go through at `hours` ``(time,)``: `hold`, `queue`, `at_work`, `done`, and the `crews`."""

    hours: Floats
    hold: Floats
    queue: Floats
    at_work: Floats
    done: Floats
    crews: Floats


def gantt(story: Story) -> dict[str, Any]:
    """Return the charts, the table by trade and what is short in the main event; nothing where nothing is repaired."""
    work = story.main.recovery.work
    if len(work) == 0:
        return {"gantt_table": None}
    parts, houses = part_times(story.city, work), work[~work["component"].to_numpy(dtype=np.bool_)]
    shown = parts.nlargest(SHOWN, "finish", keep="all").head(SHOWN).sort_values(["finish", "start"], kind="stable")
    trades = _by_need(houses)
    end = _horizon(story)
    return {
        "gantt_table": _table(story, work),
        "gantt_short": _short(story, work),
        "gantt_parts": vector({each: _parts_chart(shown, end, each) for each in LANGUAGES}) if len(shown) else None,
        "gantt_parts_alt": _parts_alt(parts, end) if len(shown) else None,
        "gantt_parts_note": say("crews.shown", shown=number(len(shown)), all=number(len(parts))),
        "gantt_parts_table": _parts_table(shown, end) if len(shown) else None,
        "gantt_trades": vector({each: _trades_chart(story, trades, each) for each in LANGUAGES}) if trades else None,
        "gantt_trades_alt": say("crews.trades_alt", count=number(len(houses))),
    }


def part_times(city: City, work: pd.DataFrame) -> pd.DataFrame:
    """Return one row a component under repair: names, trade, `release`, first `start` and last `finish` [h]."""
    mine = work[work["component"].to_numpy(dtype=np.bool_)]
    times = mine.groupby("row", sort=True).agg(
        trade=("trade", "first"), release=("release", "min"), start=("start", "min"), finish=("finish", "max")
    )
    named = city.components.iloc[times.index.to_numpy(dtype=np.int64)]
    names = {language: [_capital(str(name)) for name in named[f"name_{language}"]] for language in LANGUAGES}
    return times.assign(**names).reset_index(drop=True)


def queue_at(tasks: pd.DataFrame, hours: Floats, crews: Floats) -> Queue:
    """Return how many of `tasks` are where at `hours`; no more are worked on than there are `crews` ``(time,)``."""
    released, begun, done = (_until(tasks[name], hours) for name in ("release", "start", "finish"))
    at_work = np.minimum(begun - done, crews)
    return Queue(hours, len(tasks) - released, released - done - at_work, at_work, done, crews)


def crews_at(plan: Preparedness, trade: str, hours: Floats) -> Floats:
    """Return ``(time,)`` the crews of `trade` that there are: the city's own from the call-up, then its neighbours'."""
    own, aid = _crews(plan, trade)
    return np.where(hours >= plan.call_up, own, 0.0) + np.where(hours >= plan.aid_delay, aid, 0.0)


def _crews(plan: Preparedness, trade: str) -> tuple[float, float]:
    return float(round(plan.crews.get(trade, 0.0))), float(round(plan.aid_crews.get(trade, 0.0)))


def _until(times: pd.Series, hours: Floats) -> Floats:
    """Return how many `times` [h] have come at each of `hours`; what never comes is NaN or inf."""
    return np.searchsorted(np.sort(times.fillna(np.inf).to_numpy(np.float64)), hours, side="right").astype(np.float64)


def _horizon(story: Story) -> float:
    return float(story.main.recovery.curve["time"].values[-1])


def _waits(tasks: pd.DataFrame, end: float) -> Floats:
    """Return ``(task,)`` [h] from when it can begin until a crew comes, or until the end of the computation."""
    waits = tasks["start"].fillna(end).to_numpy(np.float64) - tasks["release"].to_numpy(np.float64)
    return np.asarray(np.maximum(waits, 0.0), dtype=np.float64)


def _by_need(tasks: pd.DataFrame) -> list[str]:
    """Return the trades of `tasks`, the one with most of them first."""
    return [str(trade) for trade in tasks["trade"].astype(str).value_counts().index]


def _trade(trade: str) -> Phrase:
    return known(f"trade.{trade}", trade)


def _name(trade: str) -> Phrase:
    """Return the trade as the heading of a row: with a capital."""
    return Phrase(*(_capital(_trade(trade).of(language)) for language in LANGUAGES))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _moment(hours: float, end: float) -> Phrase:
    return duration(hours) if np.isfinite(hours) else say("card.more_than", time=duration(end))


def _wait(hours: float) -> Phrase:
    return duration(hours) if hours >= 0.5 else say("crews.none")


def _table(story: Story, work: pd.DataFrame) -> Table:
    rows = []
    for trade in _by_need(work):
        mine = work[work["trade"].astype(str) == trade]
        figures = (
            _crew_words(story.city.preparedness, trade),
            number(len(mine)),
            number(float(mine["hours"].sum())),
            number(_most_waiting(mine)),
            _wait(float(_waits(mine, _horizon(story)).max())),
            _moment(float(mine["finish"].max()), _horizon(story)),
        )
        rows.append(Row(_name(trade), tuple(Cell(figure) for figure in figures)))
    heads = ("own", "tasks", "hours", "most_waiting", "longest", "last")
    return Table(say("crews.caption"), say("crews.trade"), tuple(say(f"crews.{head}") for head in heads), tuple(rows))


def _crew_words(plan: Preparedness, trade: str) -> Phrase:
    own, aid = _crews(plan, trade)
    return say("crews.with_aid", own=number(own), aid=number(aid)) if aid else number(own)


def _most_waiting(tasks: pd.DataFrame) -> float:
    """Return the most tasks that could begin but had no crew yet at one time; whoever is helped at once never waits."""
    hours = np.unique(tasks["release"].to_numpy(np.float64))
    return float(np.max(_until(tasks["release"], hours) - _until(tasks["start"], hours)))


def _short(story: Story, work: pd.DataFrame) -> Phrase:
    """Return which trade people wait for most, in a sentence."""
    end, plan = _horizon(story), story.city.preparedness
    waits = pd.Series(_waits(work, end), index=work["trade"].astype(str).to_numpy())
    if float(waits.max()) < DAY:
        return say("crews.enough")
    trade = str(waits.groupby(level=0).sum().idxmax())
    mine = work[work["trade"].astype(str) == trade]
    figures = {"waiting": number(_most_waiting(mine)), "crews": _crew_words(plan, trade)}
    return say("crews.short", trade=_trade(trade), wait=duration(float(waits[waits.index == trade].max())), **figures)


def _parts_alt(parts: pd.DataFrame, end: float) -> Phrase:
    finish = parts["finish"].to_numpy(np.float64)
    first, last = int(finish.argmin()), int(finish.argmax())
    named = {"first": _part(parts, first), "last": _part(parts, last)}
    times = {"soon": _moment(float(finish[first]), end), "late": _moment(float(finish[last]), end)}
    return say("crews.parts_alt", count=number(len(parts)), **named, **times)


def _part(parts: pd.DataFrame, place: int) -> Phrase:
    return Phrase(str(parts["da"].iloc[place]), str(parts["en"].iloc[place]))


def _parts_table(parts: pd.DataFrame, end: float) -> Table:
    rows = []
    times = zip(parts["release"].to_numpy(float), _waits(parts, end), parts["finish"].to_numpy(float), strict=True)
    for place, (ready, wait, finish) in enumerate(times):
        figures = (_trade(str(parts["trade"].iloc[place])), duration(ready), _wait(wait), _moment(finish, end))
        rows.append(Row(_part(parts, place), tuple(Cell(figure) for figure in figures)))
    heads = ("trade", "ready", "longest", "done")
    columns = tuple(say(f"crews.{head}") for head in heads)
    return Table(say("crews.parts_caption"), say("crews.part"), columns, tuple(rows))


def _parts_chart(parts: pd.DataFrame, end: float, language: Language) -> bytes:
    """Draw a bar for each component: it cannot begin, it waits for a crew, it is worked on."""
    finish = parts["finish"].to_numpy(np.float64)
    edge = _edge([finish, parts["release"].to_numpy(np.float64), parts["start"].to_numpy(np.float64)], end)
    starts = parts["start"].fillna(np.inf).to_numpy(np.float64).clip(0, edge)
    ready, ends = parts["release"].to_numpy(np.float64).clip(0, edge), finish.clip(0, edge)
    places = np.arange(len(parts))
    with style():
        figure = Figure(figsize=(7.6, 1.3 + 0.36 * len(parts)), layout="constrained")
        axes = figure.subplots()
        for (colour, hatch), begin, until in zip(
            STAGES, (0 * ready, ready, starts), (ready, starts, ends), strict=True
        ):
            axes.barh(places, until - begin, left=begin, height=0.62, color=colour, hatch=hatch, edgecolor=CREWS, lw=0)
        for place, (value, stop) in enumerate(zip(finish, ends, strict=True)):
            words = duration(value) if np.isfinite(value) else say("crews.not_done")
            axes.annotate(
                words.of(language), (stop, place), xytext=(4, 0), textcoords="offset points", va="center", size=9
            )
        names = [textwrap.fill(str(name), NAME_WIDTH) for name in parts[language]]
        axes.set_yticks(places, names, fontsize=9.5)
        axes.set(ylim=(len(parts) - 0.4, -0.6))
        axes.tick_params(axis="y", length=0)
        _time(axes, edge * 1.14, language)
        _legend(figure, "hold", language)
        return svg(figure)


def _edge(times: Sequence[Floats], end: float) -> float:
    """Return where a time axis may end [h]: the last thing that happens, the horizon where nothing is known."""
    every = np.concatenate(times)
    return float(np.nanmax(every[np.isfinite(every)], initial=0.0)) or end


def _time(axes: Axes, last: float, language: Language) -> None:
    """Set a time axis in days, or in months where it is long."""
    name, unit = ("months", MONTH) if last >= MONTHS_FROM else ("days", DAY)
    ticks = MaxNLocator(9, steps=[1, 2, 3, 5, 6, 10], integer=True).tick_values(0, last / unit)
    axes.set(xlim=(0, last), xlabel=say(f"crews.axis_{name}").of(language))
    axes.set_xticks([float(tick) * unit for tick in np.asarray(ticks) if 0 <= tick <= last / unit])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: lang.number(hour / unit, language)))
    axes.grid(axis="x", color=palette.GRID, linewidth=0.7)
    axes.set_axisbelow(True)


def _legend(figure: Figure, hold: str, language: Language, *more: Artist) -> None:
    """Name what a repair goes through; `hold` is why it cannot begin."""
    handles: list[Any] = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=CREWS, linewidth=0, label=say(f"crews.{name}").of(language))
        for (colour, hatch), name in zip(STAGES, (hold, "queue", "at_work"), strict=True)
    ]
    handles += more
    figure.legend(handles=handles, loc="outside upper left", ncols=3 - len(more), frameon=False, fontsize=10)


def _trades_chart(story: Story, trades: Sequence[str], language: Language) -> bytes:
    """Draw, a panel for each trade, how many houses are where over time, and how many crews there are."""
    work = story.main.recovery.work
    houses = work[~work["component"].to_numpy(dtype=np.bool_)]
    last = min(1.02 * _edge([houses["finish"].to_numpy(np.float64)], _horizon(story)), _horizon(story))
    if not np.isfinite(houses["finish"]).all():
        last = _horizon(story)
    with style():
        figure = Figure(figsize=(7.6, 1.4 + 1.75 * len(trades)), layout="constrained")
        panels = figure.subplots(len(trades), 1, squeeze=False, sharex=True)[:, 0]
        for axes, trade in zip(panels, trades, strict=True):
            mine = houses[houses["trade"].astype(str) == trade]
            hours = _drawn(mine, last, story.city.preparedness)
            _panel(axes, queue_at(mine, hours, crews_at(story.city.preparedness, trade, hours)), language)
            axes.set_title(_name(trade).of(language), fontsize=11, weight="bold", loc="left")
            _time(axes, last, language)
        for axes in panels[:-1]:
            axes.set_xlabel("")
        label = say("crews.there").of(language)
        _legend(figure, "hold_house", language, Line2D([], [], label=label, **CREW_LINE))
        return svg(figure)


def _drawn(tasks: pd.DataFrame, last: float, plan: Preparedness) -> Floats:
    """Return times [h] that show the queue's course: even ones, and as many of those at which something happens."""
    events = np.sort(tasks[["release", "start", "finish"]].to_numpy(np.float64).ravel())
    events = events[np.isfinite(events) & (events < last)]
    come = np.minimum([plan.call_up, plan.aid_delay], last)
    return np.unique(np.concatenate([np.linspace(0.0, last, POINTS), come, events[:: 1 + events.size // POINTS]]))


def _panel(axes: Axes, queue: Queue, language: Language) -> None:
    below = np.zeros_like(queue.hours)
    for (colour, hatch), count in zip(STAGES[::-1], (queue.at_work, queue.queue, queue.hold), strict=True):
        axes.fill_between(
            queue.hours, below, below + count, facecolor=colour, hatch=hatch, edgecolor=CREWS, linewidth=0
        )
        below = below + count
    axes.step(queue.hours, queue.crews, where="post", **CREW_LINE)
    axes.set(
        ylim=(0, 1.08 * max(float(below.max()), float(queue.crews.max()), 1.0)),
        ylabel=say("crews.axis_tasks").of(language),
    )
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: lang.number(count, language)))
