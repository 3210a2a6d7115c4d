"""Charts of a damage assessment: loss by rarity, who pays, before and after a measure, and what matters most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.damage_texts import say
from genrejs.report.images import style, svg
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.texts import Phrase

Floats = NDArray[np.float64]
Drawn = dict[Language, bytes]
"""One SVG in each language."""

WIDE = 5.0
"""Width of a chart [inch]: letters of 11 points stay legible where a phone shows it 360 pixels wide."""
MILLION, THOUSAND = 1e6, 1e3
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Return periods [year] that the axis names where the maps' own are too many."""
BEYOND = 2.5
"""How far the axis goes beyond the rarest map: so many times its return period."""
APART = 0.19
"""Least distance of two labels, as a share of the axis."""
HELD = "#0072b2"
BEFORE, AFTER = palette.FIRST_SHOCK, "#7db8de"
ALONE, TOGETHER = "#0f4f82", "#a9cee8"
NOBODY = "#b9c2bf"


@dataclass(frozen=True)
class Exceedance:
    """Losses ``(map,)`` [DKK] by return period [year], their 5 % and 95 % quantiles or None, and the tail."""

    period: Floats
    loss: Floats
    low: Floats | None
    high: Floats | None
    tail: str


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its amount, a second amount or None, the half-width of its line or None, what is written."""

    name: Phrase
    amount: float
    second: float | None = None
    line: float | None = None
    text: Phrase | None = None
    pale: bool = False


def exceedance_chart(curve: Exceedance) -> Drawn:
    """Return the loss by return period with its band and what is assumed beyond the rarest map, in both languages."""
    return _drawn(lambda language: _exceedance(curve, language))


def waterfall_chart(total: Bar, payers: Sequence[Bar]) -> Drawn:
    """Return the whole loss and, each where the one before ends, what every payer bears, in both languages."""
    return _drawn(lambda language: _waterfall(total, payers, language))


def change_chart(categories: Sequence[Bar], yearly: bool) -> Drawn:
    """Return two bars for each category, before (`amount`) and after (`second`) a measure, in both languages."""
    return _drawn(lambda language: _change(categories, yearly, language))


def effect_chart(factors: Sequence[Bar]) -> Drawn:
    """Return how far each factor moves the loss [DKK], the lines being how much that varies, in both languages."""
    return _drawn(lambda language: _effect(factors, language))


def share_chart(factors: Sequence[Bar]) -> Drawn:
    """Return each factor's share of the variation, with others (`amount`) and alone (`second`), in both languages."""
    return _drawn(lambda language: _share(factors, language))


def _drawn(draw: Callable[[Language], bytes]) -> Drawn:
    with style():
        return {language: draw(language) for language in LANGUAGES}


def _unit(largest: float) -> tuple[float, str]:
    """Return the unit [DKK] of an axis and the ending of its name's key."""
    return (MILLION, "") if largest >= MILLION else (THOUSAND, "_small")


def _exceedance(curve: Exceedance, language: Language) -> bytes:
    high = curve.loss if curve.high is None else np.maximum(curve.high, curve.loss)
    unit, ending = _unit(float(high.max()))
    figure = Figure(figsize=(WIDE, 3.7), layout="constrained")
    axes = figure.subplots()
    last = float(curve.period[-1])
    axes.set(xscale="log", xlim=(curve.period[0] / 1.25, last * BEYOND))
    if curve.low is not None and curve.high is not None:
        axes.fill_between(
            curve.period, curve.low / unit, curve.high / unit, color=palette.FIRST_SHOCK, alpha=0.16, linewidth=0,
            label=say("often.band").of(language),
        )  # fmt: skip
    label = say("often.loss").of(language)
    axes.plot(curve.period, curve.loss / unit, "-o", color=palette.FIRST_SHOCK, linewidth=2.4, ms=7, label=label)
    beyond = _beyond(curve)
    if beyond is not None:
        label = say("often.beyond").of(language)
        ends = np.array([last, last * BEYOND])
        axes.plot(ends, beyond / unit, color=palette.FIRST_SHOCK, linewidth=2.0, linestyle=(0, (2, 2)), label=label)
    axes.axvline(last, color=palette.MUTED, linewidth=0.9, linestyle="dotted")
    top = max(float(high.max()), 0.0 if beyond is None else float(beyond[-1])) / unit
    axes.set_ylim(0, 1.16 * top if top > 0 else 1.0)
    axes.set(xlabel=say("often.axis_period").of(language), ylabel=say(f"often.axis_loss{ending}").of(language))
    _periods(axes, curve.period, language)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.significant(value, language, 3)))
    axes.grid(axis="y", color=palette.GRID, linewidth=0.7)
    _labels(axes, curve, unit, language)
    figure.legend(loc="outside upper left", ncols=1, frameon=False, fontsize=10, borderaxespad=0, handlelength=2.2)
    return svg(figure)


def _beyond(curve: Exceedance) -> Floats | None:
    """Return the loss [DKK] at the rarest map and at the end of the axis, as the average year takes it."""
    if curve.tail == "cut":
        return None
    rise = 0.0
    if curve.tail == "log" and curve.period.size > 1:
        rise = float((curve.loss[-1] - curve.loss[-2]) / np.log(curve.period[-1] / curve.period[-2]))
    return np.array([curve.loss[-1], curve.loss[-1] + rise * np.log(BEYOND)])


def _periods(axes: Axes, period: Floats, language: Language) -> None:
    """Name the maps' own return periods where they are few and apart, else round ones."""
    apart = np.diff(np.log(period)) / np.log(period[-1] * BEYOND * 1.25 / period[0])
    own = period.size <= 8 and (apart.size == 0 or float(apart.min()) > 0.06)
    shown = period if own else [tick for tick in TICKS if period[0] <= tick <= period[-1]]
    axes.xaxis.set_major_locator(FixedLocator(list(shown)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.significant(value, language, 4)))


def _labels(axes: Axes, curve: Exceedance, unit: float, language: Language) -> None:
    """Write the loss beside the points where there is room, the rarest first, on the side that the line leaves free."""
    whole = np.log(curve.period[-1] * BEYOND * 1.25 / curve.period[0])
    falls = np.append(np.diff(curve.loss) < 0, False)
    falls[-1] = curve.loss.size < 2 or curve.loss[-1] >= curve.loss[-2]
    free, last = np.inf, curve.loss.size - 1
    for row in range(last, -1, -1):
        place = np.log(curve.period[row] * 1.25 / curve.period[0]) / whole
        if free - place < APART:
            continue
        free = place
        up = bool(falls[row])
        axes.annotate(
            lang.money(float(curve.loss[row]), language), (curve.period[row], curve.loss[row] / unit),
            xytext=(8 if row == last else 7, 9 if up else -6), textcoords="offset points",
            ha="right" if row == last else "left", va="bottom" if up else "top", weight="bold", fontsize=10,
            color=palette.INK, zorder=6,
        )  # fmt: skip


def _rows(count: int, each: float, room: float = 0.75) -> tuple[Figure, Axes]:
    """Return a figure for `count` bars that lie, `each` of them [inch] high."""
    figure = Figure(figsize=(WIDE, room + each * count), layout="constrained")
    axes = figure.subplots()
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure, axes


def _names(axes: Axes, bars: Sequence[Bar], language: Language) -> None:
    """Write the bars' names beside them, the first on top."""
    axes.set_yticks(np.arange(len(bars)), [bar.name.of(language) for bar in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)


def _write(axes: Axes, place: tuple[float, float], text: str) -> None:
    """Write what a bar means to the right of its end at ``(x, y)``."""
    axes.annotate(
        text, place, xytext=(5, 0), textcoords="offset points", ha="left", va="center", fontsize=10, weight="bold",
        color=palette.INK,
    )  # fmt: skip


def _waterfall(total: Bar, payers: Sequence[Bar], language: Language) -> bytes:
    bars = [total, *payers]
    figure, axes = _rows(len(bars), 0.44, 0.2)
    top = total.amount
    end = top
    for row, bar in enumerate(bars):
        start = 0.0 if row == 0 else end - bar.amount
        colour = palette.INK if row == 0 else NOBODY if bar.pale else HELD
        axes.barh(row, bar.amount, left=start, height=0.66, color=colour, linewidth=0)
        if row:
            axes.plot([end, end], [row - 0.67, row - 0.33], color=palette.MUTED, linewidth=0.8)
        if bar.text is not None:
            _write(axes, (start + bar.amount, row), bar.text.of(language))
        end = end if row == 0 else start
    axes.set_xlim(0, 1.8 * top)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    _names(axes, bars, language)
    return svg(figure)


def _change(categories: Sequence[Bar], yearly: bool, language: Language) -> bytes:
    largest = max((max(bar.amount, bar.second or 0.0) for bar in categories), default=0.0)
    unit, ending = _unit(largest)
    figure, axes = _rows(len(categories), 0.52)
    place = np.arange(len(categories))
    before = np.array([bar.amount for bar in categories]) / unit
    after = np.array([bar.second or 0.0 for bar in categories]) / unit
    axes.barh(place - 0.19, before, height=0.36, color=BEFORE, label=say("change.before").of(language))
    axes.barh(place + 0.19, after, height=0.36, color=AFTER, label=say("change.after").of(language))
    for row, bar in enumerate(categories):
        if bar.text is not None:
            _write(axes, (max(before[row], after[row]), row), bar.text.of(language))
    axes.set_xlim(0, 1.36 * largest / unit if largest > 0 else 1.0)
    axes.set_xlabel(say(f"change.axis_{'year' if yearly else 'once'}{ending}").of(language))
    _money_axis(axes, language)
    _names(axes, categories, language)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=10, borderaxespad=0)
    return svg(figure)


def _effect(factors: Sequence[Bar], language: Language) -> bytes:
    largest = max(bar.amount + (bar.line or 0.0) for bar in factors)
    unit, ending = _unit(largest)
    figure, axes = _rows(len(factors), 0.5)
    for row, bar in enumerate(factors):
        axes.barh(row, bar.amount / unit, height=0.62, color=HELD)
        _whisker(axes, (bar.amount / unit, row), (bar.line or 0.0) / unit)
        if bar.text is not None:
            _write(axes, ((bar.amount + (bar.line or 0.0)) / unit, row), bar.text.of(language))
    axes.set_xlim(0, 1.32 * largest / unit)
    axes.set_xlabel(say(f"matter.axis_effect{ending}").of(language))
    _money_axis(axes, language)
    _names(axes, factors, language)
    return svg(figure)


def _share(factors: Sequence[Bar], language: Language) -> bytes:
    figure, axes = _rows(len(factors), 0.5)
    whole = np.array([max(bar.amount, 0.0) for bar in factors])
    alone = np.minimum([max(bar.second or 0.0, 0.0) for bar in factors], whole)
    place = np.arange(len(factors))
    axes.barh(place, alone, height=0.62, color=ALONE, label=say("matter.alone").of(language))
    label = say("matter.together").of(language)
    axes.barh(place, whole - alone, left=alone, height=0.62, color=TOGETHER, label=label)
    for row, bar in enumerate(factors):
        _whisker(axes, (whole[row], row), bar.line or 0.0)
        if bar.text is not None:
            _write(axes, (whole[row] + (bar.line or 0.0), row), bar.text.of(language))
    axes.set_xlim(0, 1.2 * max(whole[row] + (bar.line or 0.0) for row, bar in enumerate(factors)))
    axes.set_xlabel(say("matter.axis_share").of(language))
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.percent(value, language)))
    axes.grid(axis="x", color=palette.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    _names(axes, factors, language)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=10, borderaxespad=0)
    return svg(figure)


def _whisker(axes: Axes, place: tuple[float, float], half: float) -> None:
    """Draw the line over the end of a bar at ``(x, y)``, `half` of its length to each side."""
    if half > 0:
        axes.errorbar(*place, xerr=half, color=palette.INK, linewidth=1.4, capsize=4)


def _money_axis(axes: Axes, language: Language) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.significant(value, language, 3)))
    axes.grid(axis="x", color=palette.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
