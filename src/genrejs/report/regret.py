"""What one may come to regret: how much worse than the best choice each strategy is, future by future."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from genrejs.appraisal.robust import Outcomes, max_regret, regret, regret_at
from genrejs.errors import InputError
from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.images import style, svg
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.strategy_plan import Drawing, Part
from genrejs.report.tables import Cell, Row, Table, lost, share_of
from genrejs.report.texts import Phrase, about, both, listing, percent, say, short

Floats = NDArray[np.float64]
Write = Callable[[float], Phrase]

FEW = 8
"""Futures that get a column each; of more, the spread is shown."""

OFTEN = 0.90
"""Share of futures of the third column of the spread."""

ENDS = (0.05, 0.95)
"""Quantiles that the chart's thick bar spans."""

BAR = "#f9bd8b"
"""Colour of that bar."""

NAME_WIDTH = 22
"""Letters of a strategy's name on one line of the chart."""


def regrets(
    outcomes: Outcomes,
    names: Mapping[str, Phrase],
    unit: Phrase,
    futures: Sequence[Phrase] = (),
    write: Write = about,
) -> Part:
    """Return the heat table of regret, the chart, and in a sentence whom one would regret least.

    `names` by strategy; `futures` names each future, where they are few; `write` sets a figure without its
    unit.
    Raises InputError for a strategy without a name or names that do not fit the futures.
    """
    missing = [name for name in outcomes.names if name not in names]
    if missing or (futures and len(futures) != outcomes.values.shape[1]):
        raise InputError(
            f"Each strategy and future needs a name; there are none for {missing}, and {len(futures)} names for "
            f"{outcomes.values.shape[1]} futures."
        )
    titles = [names[name] for name in outcomes.names]
    few = 0 < len(futures) <= FEW
    table = _each_future(outcomes, titles, futures, write) if few else _spread(outcomes, titles, write)
    caption = say("regret.caption", unit=unit) if few else _spread_caption(outcomes, unit)
    chart = {each: _chart(outcomes, titles, (unit, write), each) for each in LANGUAGES}
    said = _said(outcomes, titles, (unit, write)), say("regret.note")
    return Part(Drawing(chart, _alt(outcomes, titles, write)), (Table(caption, say("regret.strategy"), *table),), said)


def _spread_caption(outcomes: Outcomes, unit: Phrase) -> Phrase:
    return say("regret.spread_caption", count=both(lang.number, float(outcomes.values.shape[1])), unit=unit)


def _heat(values: Floats, top: float, write: Write) -> list[Cell]:
    """Return cells darker the larger the regret; the figure stands in each, and a tick where there is none."""
    return [
        Cell(write(value), best=True) if value == 0 else lost(write(value), share_of(float(value), top))
        for value in values
    ]


def _each_future(
    outcomes: Outcomes, titles: Sequence[Phrase], futures: Sequence[Phrase], write: Write
) -> tuple[tuple[Phrase, ...], tuple[Row, ...]]:
    found, largest = regret(outcomes), max_regret(outcomes)
    top = float(largest.max())
    rows = []
    for title, row, worst in zip(titles, found, largest, strict=True):
        last = Cell(write(float(worst)), bar=share_of(float(worst), top), best=bool(worst == largest.min()))
        rows.append(Row(title, (*_heat(row, top, write), last)))
    return (*futures, say("regret.largest")), tuple(rows)


def _spread(outcomes: Outcomes, titles: Sequence[Phrase], write: Write) -> tuple[tuple[Phrase, ...], tuple[Row, ...]]:
    """Return a row a strategy: how often it is best itself, and its regret in half, most and the worst of futures."""
    found, largest = regret(outcomes), max_regret(outcomes)
    best = (found == 0).mean(axis=1)
    columns = np.stack([regret_at(outcomes, 0.5), regret_at(outcomes, OFTEN), largest], axis=1)
    top = float(largest.max())
    rows = []
    for title, share, row in zip(titles, best, columns, strict=True):
        cells = [lost(write(float(value)), share_of(float(value), top)) for value in row[:-1]]
        last = Cell(write(float(row[-1])), bar=share_of(float(row[-1]), top), best=bool(row[-1] == largest.min()))
        rows.append(Row(title, (Cell(percent(float(share))), *cells, last)))
    heads = (
        say("regret.share_zero"),
        say("regret.half"),
        say("regret.most", share=percent(OFTEN)),
        say("regret.largest"),
    )
    return heads, tuple(rows)


def _said(outcomes: Outcomes, titles: Sequence[Phrase], how: tuple[Phrase, Write]) -> Phrase:
    unit, write = how
    worst = max_regret(outcomes)
    least = float(worst.min())
    first = [title for title, value in zip(titles, worst, strict=True) if value <= least + 1e-12 * abs(worst).max()]
    if len(first) > 1:
        return say(
            "regret.said_tied", strategies=listing(short(title) for title in first), regret=write(least), unit=unit
        )
    if least == 0:
        return say("regret.said_never", strategy=short(first[0]))
    return say("regret.said", strategy=short(first[0]), regret=write(least), unit=unit)


def _alt(outcomes: Outcomes, titles: Sequence[Phrase], write: Write) -> Phrase:
    figures = zip(titles, regret_at(outcomes, 0.5), max_regret(outcomes), strict=True)
    lines = [
        say("regret.alt_line", name=title, half=write(float(half)), largest=write(float(largest)))
        for title, half, largest in figures
    ]
    return say("regret.alt", lines=Phrase(*("; ".join(line.of(each) for line in lines) for each in LANGUAGES)))


def _chart(outcomes: Outcomes, titles: Sequence[Phrase], how: tuple[Phrase, Write], language: Language) -> bytes:
    """Draw for each strategy the regret of every future where they are few, else its spread, and the worst."""
    unit, write = how
    found, largest = regret(outcomes), max_regret(outcomes)
    top = float(largest.max()) or 1.0
    with style():
        figure = Figure(figsize=(7.6, 1.3 + 0.5 * len(titles)), layout="constrained")
        axes = figure.subplots()
        for row in range(len(titles)):
            axes.plot([0, largest[row]], [row, row], color=palette.MUTED, linewidth=1.0, zorder=2)
            _one(axes, row, found[row])
            axes.plot(largest[row], row, "D", color=palette.FIRST_SHOCK, ms=7, zorder=5)
            axes.annotate(
                write(float(largest[row])).of(language), (largest[row], row), xytext=(9, 0), va="center", size=10,
                textcoords="offset points",
            )  # fmt: skip
        axes.set_yticks(range(len(titles)), [textwrap.fill(title.of(language), NAME_WIDTH) for title in titles])
        axes.set(ylim=(len(titles) - 0.45, -0.55), xlim=(-0.015 * top, 1.16 * top))
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(say("regret.axis", unit=unit).of(language))
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.significant(value, language, 3)))
        axes.grid(axis="x", color=palette.GRID, linewidth=0.7)
        axes.set_axisbelow(True)
        _key(figure, found.shape[1] <= FEW, language)
        return svg(figure)


def _one(axes: Axes, row: int, values: Floats) -> None:
    """Draw one strategy's regrets: each of a few as a ring, of many the bar of nine in ten and the middle."""
    if values.size <= FEW:
        axes.plot(values, np.full(values.size, row), "o", mfc=palette.PAPER, mec=palette.INK, mew=1.5, ms=8, zorder=3)
        return
    low, half, high = np.quantile(values, (ENDS[0], 0.5, ENDS[1]), method="inverted_cdf")
    axes.barh(row, high - low, left=low, height=0.34, color=BAR, zorder=3)
    axes.plot(half, row, "|", color=palette.INK, ms=15, mew=3, zorder=4)


def _key(figure: Figure, few: bool, language: Language) -> None:
    none: Any = {"linestyle": "none"}
    each = {"each": Line2D([], [], marker="o", mfc=palette.PAPER, mec=palette.INK, mew=1.5, ms=8, **none)}
    many = {
        "range": Line2D([], [], color=BAR, linewidth=8),
        "half": Line2D([], [], color=palette.INK, marker="|", ms=13, mew=3, **none),
    }
    largest = {"largest": Line2D([], [], color=palette.FIRST_SHOCK, marker="D", ms=7, **none)}
    marks = (each if few else many) | largest
    words = [say(f"regret.key_{name}").of(language) for name in marks]
    figure.legend(list(marks.values()), words, loc="outside upper left", ncols=3, frameon=False, fontsize=10)
