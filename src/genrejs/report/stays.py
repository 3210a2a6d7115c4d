"""Where people stay after the main event while their homes are out of use: facts, a chart over time, who is hit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.recovery.shelter import PLACES, ShelterSettings, Stays, where_people_stay
from genrejs.report import language as lang
from genrejs.report import palette
from genrejs.report.images import data_uri, style, svg
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.services import VALUES
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table, barred, rows_of
from genrejs.report.texts import Phrase, duration, number, percent, say
from genrejs.scenario.result import Result

DAY = 24.0
WHEN = (
    ("day_1", DAY), ("day_3", 3 * DAY), ("week_1", 7 * DAY), ("week_2", 14 * DAY), ("month_1", 30 * DAY),
    ("month_3", 91 * DAY), ("year_1", 365 * DAY), ("year_2", 730 * DAY),
)  # fmt: skip
"""Name and time [h] of each column of the table."""

AREAS = (
    ("shelter", palette.FIRST_SHOCK, ""), ("rehoused", "#f0b66a", "|||"), ("relatives", "#0f4f82", ""),
    ("insured", "#a9cee8", ""), ("moved", palette.GRID, "///"),
)  # fmt: skip
"""Place, colour and pattern of each area of the chart, from the ground up."""

YEAR = 365.25 * DAY
MONTH = YEAR / 12.0
TURN = 28 * DAY
"""Where the chart turns from the first weeks, in days, to the time after, in months [h]."""

POINTS = 120
"""Times that each half of the chart draws: enough to look smooth."""

GROUPS: dict[str, tuple[str, ...]] = {
    "income": VALUES["income"], "language": VALUES["language"], "tenure": ("owner", "private", "social"),
}  # fmt: skip

Floats = NDArray[np.float64]


def stays_after(city: City, result: Result) -> Stays | None:
    """Return where people stay after an event; None where the households or the way back are not known."""
    if len(city.households) == 0 or len(result.recovery.buildings) != len(city.buildings):
        return None
    return where_people_stay(city, result.impact, result.recovery)


def summary(stays: Stays | None) -> dict[str, float | None]:
    """Return the figures of an event for `summary.json`: beds, person-nights and people who moved away for good."""
    if stays is None:
        return {"shelter_beds": None, "shelter_person_nights": None, "moved_away": None}
    moved = float(stays.people.sel(place="moved")[-1])
    return {"shelter_beds": stays.beds, "shelter_person_nights": stays.nights, "moved_away": moved}


def stays(story: Story) -> dict[str, Any]:
    """Return what the page tells of where people stay after the main event; nothing where all live at home."""
    found = stays_after(story.city, story.main)
    left = 0.0 if found is None else _left(found)
    if found is None or not left > 0:
        return {"stays_intro": None}
    persons = story.city.households["persons"].to_numpy(np.float64)
    stayed = persons[(found.households["outcome"] == "stayed").to_numpy()].sum()
    return {
        "stays_intro": say("stays.intro", people=number(left), stayed=number(stayed)),
        "stays_facts": _facts(found, left),
        "stays_chart": {language: data_uri(_chart(found, language), "image/svg+xml") for language in LANGUAGES},
        "stays_alt": say("stays.alt", people=number(left)),
        "stays_places": _places(found, left),
        "stays_groups": tuple(_group(found.by_group, group) for group in GROUPS),
        "stays_note": _note(story.city),
    }


def _left(found: Stays) -> float:
    return float(found.by_group.loc[found.by_group["group"] == "income", "displaced"].sum())


def _facts(found: Stays, left: float) -> tuple[tuple[Phrase, Phrase], ...]:
    hours, shelter = _hours(found), found.people.sel(place="shelter").to_numpy()
    most = say("stays.most_value", people=number(found.beds), day=number(found.beds_day + 1))
    return (
        (say("stays.leave"), number(left)),
        (say("stays.first_night"), number(float(shelter[hours < DAY].max()))),
        (say("stays.most"), most),
        (say("stays.nights"), number(found.nights)),
        (say("stays.moved_away", time=duration(hours[-1])), number(float(found.people.sel(place="moved")[-1]))),
    )


def _hours(found: Stays) -> Floats:
    return found.people["time"].to_numpy().astype(np.float64)


def _shown(found: Stays) -> list[tuple[str, float]]:
    last = _hours(found)[-1]
    return [(name, hour) for name, hour in WHEN if hour <= last]


def _places(found: Stays, left: float) -> Table:
    """Return how many of those who left are in each place at each time; each column sums to all who left."""
    shown = _shown(found)
    rows = np.searchsorted(_hours(found), [hour for _, hour in shown])
    counts = found.people.to_numpy()[:, rows]
    counts[PLACES.index("home")] += left - counts.sum(axis=0)
    order = [*(place for place, *_ in AREAS), "home"]
    table = [
        Row(say(f"stays.place.{place}"), tuple(Cell(number(value)) for value in counts[PLACES.index(place)]))
        for place in order
    ]
    columns = tuple(say(f"stays.when.{name}") for name, _ in shown)
    return Table(say("stays.when_caption"), say("stays.where"), columns, tuple(table))


def _group(by_group: pd.DataFrame, group: str) -> Table:
    """Return people who leave, their nights in the shelter, in all and each, and the share that moves for good."""
    part = by_group[(by_group["group"] == group) & (by_group["displaced"] > 0)]
    names = {value: say(f"value.{group}.{value}") for value in GROUPS[group]}
    figures = part.set_index("value")[["displaced", "shelter_nights", "moved"]]
    order = rows_of(part, names)
    left, nights, moved = (figures.loc[[value for value, _ in order]].to_numpy(np.float64)).T
    each = barred(list(nights / left), lambda value: number(value, 1))
    gone = barred(list(moved / left), percent)
    rows = tuple(
        Row(name, (Cell(number(left[row])), Cell(number(nights[row])), each[row], gone[row]))
        for row, (_, name) in enumerate(order)
    )
    columns = (say("stays.people"), say("stays.group_nights"), say("stays.each"), say("stays.group_moved"))
    return Table(say(f"group.{group}"), say(f"group.{group}"), columns, rows)


def _note(city: City) -> Phrase:
    how = ShelterSettings()
    hosts = min(how.relatives + how.social_gain * city.preparedness.social_capital, 1.0)
    return say(
        "stays.note", relatives=percent(hosts), insurer=number(how.insurer_last), places=number(how.places),
        from_day=number(how.rehousing_days), low=percent(1 - how.insured["low"]), high=percent(1 - how.insured["high"]),
    )  # fmt: skip


def _chart(found: Stays, language: Language) -> bytes:
    """Return those who are not at home over time, place upon place: the first weeks, then all after them."""
    last = float(_hours(found)[-1])
    spans = [(0.0, TURN), (TURN, last)] if last > TURN else [(0.0, last)]
    with style():
        figure = Figure(figsize=(7.6, 4.6), layout="constrained")
        panels = figure.subplots(1, len(spans), sharey=True, squeeze=False)[0]
        for axes, span in zip(panels, spans, strict=True):
            _areas(axes, found, span, language)
        early = panels[0]
        _axis(early, (7, DAY), say("stays.axis_days").of(language), language)
        if last > TURN:
            _axis(panels[1], (3 if last < 3 * YEAR else 12, MONTH), say("stays.axis_months").of(language), language)
        early.set(ylim=(0, None), ylabel=say("stays.axis_people").of(language))
        early.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        early.yaxis.set_major_formatter(FuncFormatter(lambda value, _: lang.number(value, language)))
        handles, labels = early.get_legend_handles_labels()
        figure.legend(
            handles[::-1], labels[::-1], loc="outside upper left", ncols=2, frameon=False, fontsize=10,
            borderaxespad=0, handlelength=2.2,
        )  # fmt: skip
        return svg(figure)


def _areas(axes: Axes, found: Stays, span: tuple[float, float], language: Language) -> None:
    hours = _hours(found)
    drawn = np.unique(np.searchsorted(hours, np.linspace(*span, POINTS)))
    ground = np.zeros(drawn.size)
    for place, colour, pattern in AREAS:
        top = ground + found.people.sel(place=place).to_numpy()[drawn]
        axes.fill_between(
            hours[drawn], ground, top, facecolor=colour, hatch=pattern, edgecolor=palette.MUTED, linewidth=0.5,
            label=say(f"stays.place.{place}").of(language),
        )  # fmt: skip
        ground = top
    axes.grid(axis="y", color=palette.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    # A hair more, so that the last tick of two years of 365 days is on the axis.
    axes.set_xlim(span[0], 1.001 * span[1])


def _axis(axes: Axes, step: tuple[float, float], name: str, language: Language) -> None:
    """Count time in units: `step` holds units between ticks and the unit [h]."""
    every, unit = step
    axes.xaxis.set_major_locator(MultipleLocator(every * unit))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: lang.number(hour / unit, language)))
    axes.set_xlabel(name)
