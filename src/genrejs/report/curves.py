"""Charts over time and over rarity: the resilience curve with its readings, and damage by return period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.images import style, svg
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.story import After, Story
from genrejs.report.texts import Phrase, say, titled
from genrejs.scenario.result import Result
from genrejs.scenario.spread import Band

DAY, WEEK, MONTH, YEAR = 24.0, 168.0, 730.5, 8766.0
TIME_TICKS = (1.0, 6.0, DAY, 3 * DAY, WEEK, MONTH, 3 * MONTH, YEAR, 2 * YEAR, 5 * YEAR, 10 * YEAR)
"""Hours that the time axis names."""

FIRST_HOUR = 0.5
"""Where the logarithmic time axis begins [h]: the hour before the first reading stands for the start."""

RECOVERED = 0.95
"""Functionality from which the city counts as back (definition of bounce back)."""

Drawn = dict[Language, bytes]
"""One SVG in each language."""

Floats = NDArray[np.float64]


def resilience_chart(story: Story) -> Drawn:
    """Return the main event's curve F(t), its readings and the curve after learning, in both languages."""
    name = story.main.event.name
    beside = story.after.get(name), story.bands.get(name)
    return {language: _resilience(story.main, beside, language) for language in LANGUAGES}


def events_chart(story: Story) -> Drawn:
    """Return the curves of all shown events over one another, in both languages."""
    return {language: _events(story.showcase, language) for language in LANGUAGES}


def exceedance_chart(story: Story) -> Drawn:
    """Return damage by return period, a panel for each hazard and year and a line for each strategy."""
    return {language: _exceedance(story, language) for language in LANGUAGES}


def drawn_hazards(table: pd.DataFrame) -> list[str]:
    """Return the hazards of an exceedance table that have events of more than one rarity, in the table's order."""
    counts = table.groupby("hazard", sort=False)["frequency"].nunique()
    return [str(hazard) for hazard, count in counts.items() if count > 1]


def _hours(curve: xr.DataArray) -> tuple[Floats, Floats]:
    """Return hours and shares of a curve, which falls from all that worked before the event."""
    hours = np.maximum(curve["time"].to_numpy().astype(float), FIRST_HOUR)
    return np.r_[FIRST_HOUR, hours], np.r_[1.0, curve.to_numpy().astype(float)]


def _resilience(result: Result, beside: tuple[After | None, Band | None], language: Language) -> bytes:
    after, band = beside
    hours, share = _hours(result.recovery.curve)
    with style():
        figure = Figure(figsize=(7.6, 4.3), layout="constrained")
        axes = figure.subplots()
        floor = _frame(axes, [result, *([after] if after else [])], language)
        axes.fill_between(hours, share, 1.0, color=palette.FIRST_SHOCK, alpha=0.12, linewidth=0)
        axes.plot(hours, share, color=palette.FIRST_SHOCK, linewidth=2.4)
        if band is not None:
            _band(axes, band, language)
        if after is not None:
            axes.plot(*_hours(after.recovery.curve), color=palette.SECOND_SHOCK, linewidth=2.0, linestyle="dashed")
        _withstand(axes, hours, share, (floor, language))
        _bounce_back(axes, result, (floor, language))
        _key(axes, after is not None, language)
        return svg(figure)


def _band(axes: Axes, band: Band, language: Language) -> None:
    """Draw where the curve lies in nine of ten draws; what lies below the axis is cut."""
    times = np.maximum(band.hours.astype(float), FIRST_HOUR)
    label = say("curve.band").of(language)
    axes.fill_between(times, band.low, band.high, color=palette.FIRST_SHOCK, alpha=0.28, linewidth=0, label=label)


def lowest_shown(shown: Sequence[Result | After]) -> float:
    """Return the share at which the vertical axis begins: a tenth below the lowest point of all curves shown."""
    least = min(float(each.recovery.curve.min()) for each in shown)
    return float(max(0.0, np.floor((least - 0.04) * 10) / 10))


def _frame(axes: Axes, shown: Sequence[Result | After], language: Language) -> float:
    """Set both axes and the line at 95 %; return the lowest share on the axis."""
    curves = [each.recovery.curve for each in shown]
    last = max(float(curve["time"].values[-1]) for curve in curves)
    floor = lowest_shown(shown)
    ticks = [tick for tick in TIME_TICKS if tick <= last * 1.01]
    axes.set(xscale="log", xlim=(FIRST_HOUR, last * 1.01), ylim=(floor, 1.012))
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: _tick(hour, language)))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: lang.percent(share, language)))
    for label in axes.get_xticklabels():
        label.set_verticalalignment("baseline")
    axes.tick_params(axis="x", pad=15)
    axes.set_xlabel(say("curve.axis_time").of(language))
    axes.set_ylabel(say("curve.axis_share").of(language))
    axes.axhline(RECOVERED, color=palette.MUTED, linewidth=0.9, linestyle="dotted")
    axes.grid(axis="x", color=palette.GRID, linewidth=0.7)
    return floor


def _tick(hour: float, language: Language) -> str:
    for unit, size, few in (("year", YEAR, 1), ("month", MONTH, 1), ("week", WEEK, 1), ("day", DAY, 1), ("hour", 1, 0)):
        if hour >= size * few * 0.999 and hour >= size:
            return say(f"curve.tick_{unit}", count=f"{hour / size:.0f}").of(language)
    return ""


def _withstand(axes: Axes, hours: Floats, share: Floats, where: tuple[float, Language]) -> None:
    """Mark the lowest point of the curve and write how much still works there."""
    floor, language = where
    low = int(share.argmin())
    axes.plot(hours[low], share[low], "o", color=palette.FIRST_SHOCK, markersize=8, zorder=5)
    text = say("curve.mark_withstand", share=Phrase(*(lang.percent(share[low], each) for each in LANGUAGES)))
    room_below = share[low] - floor > 0.12 * (1 - floor)
    axes.annotate(
        text.of(language), (hours[low], share[low]), xytext=(0, -10 if room_below else 12), textcoords="offset points",
        ha="center" if 2 < hours[low] < 3000 else "left", va="top" if room_below else "bottom", weight="bold",
        color=palette.FIRST_SHOCK, bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
    )  # fmt: skip


def _bounce_back(axes: Axes, result: Result, where: tuple[float, Language]) -> None:
    """Mark the day from which the city is back, or say that it was not within the horizon."""
    floor, language = where
    read = result.recovery.indicators
    last = float(result.recovery.curve["time"].values[-1])
    words = say("curve.mark_back", time=_span(read["bounce_back_days"] * DAY))
    place = read["bounce_back_days"] * DAY
    if read.get("censored", 0) or not np.isfinite(place):
        words, place = say("curve.mark_never", time=_span(last)), last
    elif place <= 0:
        return
    place = max(place, FIRST_HOUR)
    right = place > 200
    axes.axvline(place, color=palette.INK, linewidth=1.1, linestyle=(0, (4, 3)))
    axes.annotate(
        words.of(language), (place, floor), xytext=(-6 if right else 6, 8), textcoords="offset points",
        ha="right" if right else "left", va="bottom", weight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
    )  # fmt: skip


def _span(hours: float) -> Phrase:
    return Phrase(*(lang.duration(hours, language) for language in LANGUAGES))


def _key(axes: Axes, second: bool, language: Language) -> None:
    axes.plot([], [], color=palette.FIRST_SHOCK, linewidth=2.4, label=say("curve.first").of(language))
    if second:
        label = say("curve.second").of(language)
        axes.plot([], [], color=palette.SECOND_SHOCK, linewidth=2.0, linestyle="dashed", label=label)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=2,
        frameon=False,
        borderaxespad=0,
        handlelength=2.2,
        fontsize=10,
    )


def _events(results: Sequence[Result], language: Language) -> bytes:
    with style():
        figure = Figure(figsize=(7.6, 3.9), layout="constrained")
        axes = figure.subplots()
        _frame(axes, results, language)
        for number, result in enumerate(results):
            colour, dash = palette.EVENT_LINES[number % len(palette.EVENT_LINES)]
            title = titled(result.event).of(language)
            axes.plot(*_hours(result.recovery.curve), color=colour, linestyle=dash, linewidth=2.2, label=title)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1, frameon=False, borderaxespad=0, fontsize=10)
        return svg(figure)


def _exceedance(story: Story, language: Language) -> bytes:
    table = story.comparison.exceedance
    years = (story.comparison.now, story.comparison.future)
    hazards = drawn_hazards(table)
    with style():
        figure = Figure(figsize=(7.6, 0.5 + 2.5 * len(hazards)), layout="constrained")
        grid = figure.subplots(len(hazards), 2, squeeze=False, sharex="row", sharey="row")
        for row, hazard in enumerate(hazards):
            for column, year in enumerate(years):
                part = table[(table["hazard"] == hazard) & (table["year"] == year)]
                _panel(grid[row, column], part, story, language)
                grid[row, column].set_title(
                    f"{say(f'kind.{hazard}').of(language)}, {year}", fontsize=11, weight="bold", loc="left"
                )
            grid[row, 0].set(ylim=(0, None), ylabel=say("curve.axis_damage").of(language))
        for axes in grid[-1:].ravel():
            axes.set_xlabel(say("curve.axis_period").of(language))
        handles, labels = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=2, frameon=False, fontsize=10)
        return svg(figure)


def _panel(axes: Axes, part: pd.DataFrame, story: Story, language: Language) -> None:
    """Draw one line per strategy: damage [million DKK] against return period [year]."""
    for number, row in enumerate(story.comparison.strategies.itertuples()):
        mine = part[part["strategy"] == row.id].sort_values("frequency", ascending=False)
        colour, dash = palette.STRATEGY_LINES[number % len(palette.STRATEGY_LINES)]
        name = Phrase(str(row.name_da), str(row.name_en)).of(language)
        period, damage = 1 / mine["frequency"].to_numpy(dtype=float), mine["damage"].to_numpy(dtype=float) / 1e6
        axes.plot(period, damage, color=colour, linestyle=dash, linewidth=1.9, marker="o", markersize=2.8, label=name)
    axes.set_xscale("log")
    periods = sorted({float(1 / value) for value in part["frequency"]})
    shown = [period for period in (2, 5, 10, 20, 50, 100, 250, 1000) if periods and periods[0] <= period <= periods[-1]]
    axes.xaxis.set_major_locator(FixedLocator(shown))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.number(value, language)))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 4, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.significant(value, language)))
    axes.grid(color=palette.GRID, linewidth=0.7)
