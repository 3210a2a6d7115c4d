"""Charts of what comes after the water: people out of their homes, and the town's economy with its rebuilding."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator
from numpy.typing import NDArray

from genrejs.recovery.economy import Economy
from genrejs.recovery.firms import SECTORS
from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.curves import MONTH, Drawn
from genrejs.report.images import style, svg
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.texts import say

DAYS = MONTH / 24.0
"""Days of a month."""
QUARTER = 3.0
"""Months between the names on the time axis."""
BUILDERS = SECTORS.index("construction")

Floats = NDArray[np.float64]


def people_chart(away: xr.DataArray) -> Drawn:
    """Return people out of their homes ``(time,)`` over the months, in both languages."""
    return {language: _people(away, language) for language in LANGUAGES}


def economy_chart(economy: Economy) -> Drawn:
    """Return value added relative to normal and what is made for rebuilding, in both languages."""
    return {language: _economy(economy, language) for language in LANGUAGES}


def lowest(economy: Economy) -> float:
    """Return the least value added of all sectors together, as a share of normal."""
    return float(_whole(economy).min())


def boom(economy: Economy) -> float:
    """Return the greatest value added of the builders, as a share of normal."""
    return float(_shares(economy)[:, BUILDERS].max())


def _shares(economy: Economy) -> Floats:
    """Return ``(step, sector)`` value added as shares of normal, without the last step, which outlasts the firms."""
    before = np.maximum(economy.value_before, 1e-9)
    return np.asarray((economy.value_added / before)[:-1], dtype=np.float64)


def _whole(economy: Economy) -> Floats:
    return np.asarray(economy.value_added.sum(axis=1)[:-1] / economy.value_before.sum(), dtype=np.float64)


def _people(away: xr.DataArray, language: Language) -> bytes:
    with style():
        figure = Figure(figsize=(7.6, 2.7), layout="constrained")
        axes = figure.subplots()
        months = away["time"].to_numpy().astype(float) / MONTH
        axes.plot(months, away.to_numpy(), color=palette.FIRST_SHOCK, linewidth=2.4)
        axes.fill_between(months, away.to_numpy(), color=palette.FIRST_SHOCK, alpha=0.12, linewidth=0)
        axes.set(xlim=(0, months[-1]), ylim=(0, None), ylabel=say("after.axis_people").of(language))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: lang.number(count, language)))
        _months(axes, language)
        return svg(figure)


def _economy(economy: Economy, language: Language) -> bytes:
    months = economy.days[:-1] / DAYS
    with style():
        figure = Figure(figsize=(7.6, 4.8), layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 1))
        for shares, colour, dash, label in _lines(economy):
            upper.plot(months, shares, color=colour, linestyle=dash, linewidth=2.2, label=say(label).of(language))
        upper.axhline(1.0, color=palette.MUTED, linewidth=0.9, linestyle="dotted")
        upper.yaxis.set_major_formatter(FuncFormatter(lambda share, _: lang.percent(share, language)))
        upper.set(xlim=(0, months[-1]), ylabel=say("after.axis_value").of(language))
        upper.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, borderaxespad=0, fontsize=10)
        made = economy.rebuilt.sum(axis=1)[:-1] / 12e6
        lower.fill_between(months, made, color=palette.STRATEGY_LINES[3][0], alpha=0.45, linewidth=0)
        lower.set(ylim=(0, None))
        lower.set_title(say("after.axis_rebuilt").of(language), fontsize=11, loc="left")
        lower.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: lang.significant(amount, language)))
        upper.grid(color=palette.GRID, linewidth=0.7)
        _months(lower, language)
        return svg(figure)


def _lines(economy: Economy) -> list[tuple[Floats, str, str, str]]:
    """Return the whole town, the builders, and of the other sectors the one that loses the largest share."""
    shares = _shares(economy)
    worst = int(np.argsort(shares.mean(axis=0) + 9.0 * (np.arange(len(SECTORS)) == BUILDERS))[0])
    (green, solid), (orange, _) = palette.STRATEGY_LINES[3], palette.EVENT_LINES[0]
    return [
        (_whole(economy), palette.INK, solid, "after.all"),
        (shares[:, BUILDERS], green, "dashed", "after.sector.construction"),
        (shares[:, worst], orange, "dashdot", f"after.sector.{economy.sectors[worst]}"),
    ]


def _months(axes: Axes, language: Language) -> None:
    axes.xaxis.set_major_locator(MultipleLocator(QUARTER))
    axes.set_xlabel(say("after.axis_months").of(language))
    axes.grid(color=palette.GRID, linewidth=0.7)
