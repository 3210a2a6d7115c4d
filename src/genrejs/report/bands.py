"""Two shocks of different kinds beside each other, each with its band: which is worse, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from genrejs.impact.uncertainty import QUANTILES
from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.curves import FIRST_HOUR, RECOVERED, TIME_TICKS
from genrejs.report.headline import days_back
from genrejs.report.images import style, svg, vector
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, about, known, number, percent, say, small, titled
from genrejs.scenario.result import Result
from genrejs.scenario.spread import Band

SURE = 0.9
"""Share of pairs of draws from which one shock is called the worse."""

LOOKS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    (palette.FIRST_SHOCK, "solid", {"facecolor": "#f0d5c7", "edgecolor": "#cf8f70", "hatch": "///"}),
    (palette.SECOND_SHOCK, "dashed", {"facecolor": "#c7dff0", "edgecolor": "#6ba8d0", "hatch": "\\\\\\\\"}),
)
"""Colour and line of each shock, and the area of its band."""

DAY = 24.0  # h
BEND = 0.004
"""Change of F from one time to the next that can be seen."""

POINTS = 90
"""Times on the way from one end of the axis to the other that are drawn in any case."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """What is read off a curve: column of `Band.indicators`, heading, how to write it, whether less of it is worse."""

    column: str
    head: str
    write: Callable[[float], Phrase]
    less_is_worse: bool = False


READINGS = (
    Reading("withstand", "card.withstand", percent, less_is_worse=True),
    Reading("bounce_back_days", "card.bounce_back", lambda days: days_back(days, censored=False)),
    Reading("resilience_loss", "curve.loss", about),
    Reading("person_days_without_service", "fact.person_days", about),
)


def bands(story: Story) -> dict[str, Any]:
    """Return the two curves with their bands and what is worse about each; nothing where there are no two bands."""
    pair = compared(story)
    if pair is None:
        return {"bands_table": None}
    drawn = story.bands[pair[0].event.name], story.bands[pair[1].event.name]
    titles = titled(pair[0].event), titled(pair[1].event)
    return {
        "bands_table": _table(pair, drawn),
        "bands_chart": vector({language: _chart(pair, drawn, language) for language in LANGUAGES}),
        "bands_alt": say("bands.alt", one=titles[0], other=titles[1]),
        "bands_pairs": say("bands.pairs", pairs=number(len(drawn[0].indicators) * len(drawn[1].indicators))),
    }


def compared(story: Story) -> tuple[Result, Result] | None:
    """Return the main event and, of the other kinds, the one with most person-days; both with a band, or None."""
    main = story.main
    others = [each for each in story.showcase if each.event.kind != main.event.kind and each.event.name in story.bands]
    if main.event.name not in story.bands or not others:
        return None
    return main, max(others, key=lambda each: each.recovery.indicators["person_days_without_service"])


def days(band: Band) -> Floats:
    """Return ``(draw,)`` days to bounce back, inf where the horizon came first."""
    found = band.indicators["bounce_back_days"].to_numpy(np.float64)
    return np.where(band.indicators["censored"].to_numpy(np.float64) > 0, np.inf, found)


def values_of(band: Band, column: str) -> Floats:
    """Return ``(draw,)`` of one column of the indicators; days that the horizon cut short are inf."""
    return days(band) if column == "bounce_back_days" else band.indicators[column].to_numpy(np.float64)


def worse(one: Floats, other: Floats) -> float:
    """Return the share 0..1 of all pairs of draws in which `one` is the greater; an equal pair counts half."""
    greater, equal = one[:, None] > other[None, :], one[:, None] == other[None, :]
    return float((greater + 0.5 * equal).mean())


def _kind(result: Result) -> Phrase:
    return known(f"kind.{result.event.kind}", result.event.kind)


def _table(pair: tuple[Result, Result], drawn: tuple[Band, Band]) -> Table:
    rows = []
    for reading in READINGS:
        one, other = (values_of(band, reading.column) for band in drawn)
        cells = [range_cell(reading, band) for band in drawn]
        share = worse(other, one) if reading.less_is_worse else worse(one, other)
        rows.append(Row(say(reading.head), (*cells, Cell(_verdict(pair, share)))))
    columns = (titled(pair[0].event), titled(pair[1].event), say("bands.worse"))
    return Table(say("bands.caption"), say("bands.reading"), columns, tuple(rows))


def quantiles_of(band: Band, column: str) -> list[float]:
    """Return the 5 %, 50 % and 95 % quantiles of a column, each a draw itself, so that the horizon stays a horizon."""
    return [float(each) for each in np.quantile(values_of(band, column), QUANTILES, method="inverted_cdf")]


def range_cell(reading: Reading, band: Band) -> Cell:
    """Return the middle of a reading with its range."""
    low, middle, high = (_write(each, reading, band) for each in quantiles_of(band, reading.column))
    if low == high:
        return Cell(middle)
    return Cell(say("bands.range", middle=middle, low=small(low), high=small(high)))


def _write(value: float, reading: Reading, band: Band) -> Phrase:
    return days_back(float(band.hours[-1]) / DAY, censored=True) if np.isinf(value) else reading.write(value)


def _verdict(pair: tuple[Result, Result], share: float) -> Phrase:
    if SURE > share > 1 - SURE:
        return say("bands.unsure")
    which, how_often = (pair[0], share) if share >= SURE else (pair[1], 1 - share)
    return say("bands.sure", kind=_kind(which), share=percent(how_often))


def _chart(pair: tuple[Result, Result], drawn: tuple[Band, Band], language: Language) -> bytes:
    with style():
        figure = Figure(figsize=(7.6, 4.2), layout="constrained")
        axes = figure.subplots()
        for result, band, (colour, line, area) in zip(pair, drawn, LOOKS, strict=True):
            seen = corners(band)
            hours, low, high = np.maximum(band.hours[seen], FIRST_HOUR), band.low[seen], band.high[seen]
            axes.fill_between(hours, low, high, alpha=0.65, linewidth=0, **area)
            axes.plot(
                hours,
                band.middle[seen],
                color=colour,
                linestyle=line,
                linewidth=2.2,
                label=titled(result.event).of(language),
            )
        _frame(axes, drawn, language)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1, frameon=False, borderaxespad=0, fontsize=10)
        return svg(figure)


def corners(band: Band) -> NDArray[np.int64]:
    """Return the places in time that a drawing of `band` needs: its bends, and some on the way along the axis."""
    every = np.stack([band.low, band.middle, band.high])
    bends = np.flatnonzero((np.abs(np.diff(every, axis=1)) > BEND).any(axis=0))
    spread = np.geomspace(FIRST_HOUR, max(float(band.hours[-1]), 1.0), POINTS)
    along = np.searchsorted(band.hours, spread).clip(0, band.hours.size - 1)
    return np.unique(np.concatenate([[0, band.hours.size - 1], bends, bends + 1, along])).astype(np.int64)


def _frame(axes: Axes, drawn: tuple[Band, Band], language: Language) -> None:
    """Set both axes, time running faster to the right, and the line at 95 %."""
    last = max(float(band.hours[-1]) for band in drawn)
    axes.set(xscale="log", xlim=(FIRST_HOUR, last * 1.01), ylim=(0.0, 1.012))
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in TIME_TICKS if tick <= last * 1.01]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: _tick(hour, language)))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: lang.percent(share, language)))
    for label in axes.get_xticklabels():
        label.set_verticalalignment("baseline")
    axes.tick_params(axis="x", pad=15)
    axes.set(xlabel=say("curve.axis_time").of(language), ylabel=say("curve.axis_share").of(language))
    axes.axhline(RECOVERED, color=palette.MUTED, linewidth=0.9, linestyle="dotted")
    axes.grid(axis="x", color=palette.GRID, linewidth=0.7)


def _tick(hour: float, language: Language) -> str:
    for unit, size in (("year", 8766.0), ("month", 730.5), ("week", 168.0), ("day", DAY)):
        if hour >= size * 0.999:
            return say(f"curve.tick_{unit}", count=f"{hour / size:.0f}").of(language)
    return say("curve.tick_hour", count=f"{hour:.0f}").of(language)
