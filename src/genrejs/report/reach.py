"""Who can get where: people cut off, times to services by group, the fire engines' way on a map."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from shapely import get_coordinates

from genrejs.city.model import City
from genrejs.impact.travel import IN_TIME, Travel
from genrejs.report import maps, palette
from genrejs.report.images import data_uri
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, duration, known, number, percent, say
from genrejs.scenario.result import Result

HOUR, MINUTE = 3600.0, 60.0
BANDS = ((0.0, "#2f7fb9"), (300.0, "#a9cee8"), (IN_TIME, "#ee8a4a"), (1200.0, "#8f2f06"))
"""From how many seconds to the engine's arrival, and the colour of a building there."""
NEVER = "#000000"
KINDS = ("age", "language", "income", "car")
SHOWN = "hospital"


def reach(story: Story) -> dict[str, Any]:
    """Return the page's part on ways and engines in the main event; nothing for a city without streets."""
    found = _travels(story)
    wet = [(result, way) for result, way in found if result.footprint is not None]
    if not wet:
        return {"reach_facts": None}
    result, way = wet[0]
    lost = way.bridge[0]
    return {
        "reach_event": _title(result),
        "reach_facts": _facts(way),
        "reach_services": _services(way),
        "reach_events": _events(wet),
        "reach_groups": _groups(way),
        "reach_image": data_uri(_picture(story.city, result, way), "image/webp"),
        "reach_alt": say("reach.alt", share=percent(way.in_time[1]), event=_title(result)),
        "reach_legend": _legend(),
        "reach_bridge": say("reach.bridge", hours=number(lost)) if np.isfinite(lost) and lost > 0 else None,
    }


def _travels(story: Story) -> list[tuple[Result, Travel]]:
    found = ((result, story.aftermath.get(result.event.name)) for result in story.showcase)
    return [(result, after.travel) for result, after in found if after is not None and after.travel is not None]


def _title(result: Result) -> Phrase:
    return Phrase(result.event.title_da, result.event.title_en)


def _facts(way: Travel) -> tuple[tuple[Phrase, Phrase], ...]:
    return (
        (say("reach.cut_off"), number(way.cut_off)),
        (say("reach.closed"), say("reach.km", km=number(way.closed_length / 1000, 1))),
        (say("reach.in_time_before"), percent(way.in_time[0])),
        (say("reach.in_time"), percent(way.in_time[1])),
    )


def _minutes(seconds: float) -> Phrase:
    return duration(seconds / HOUR) if np.isfinite(seconds) else Phrase("–", "–")


def _services(way: Travel) -> Table:
    rows = [
        Row(
            known(f"reach.to.{row['service']}", str(row["service"])),
            (Cell(number(row["isolated"])), Cell(_minutes(row["before"])), Cell(_minutes(row["after"]))),
        )
        for row in way.by_service.to_dict("records")
    ]
    heads = (say("reach.isolated"), say("reach.before"), say("reach.after"))
    return Table(say("reach.services_caption"), say("reach.to_where"), heads, tuple(rows))


def _events(wet: list[tuple[Result, Travel]]) -> Table:
    rows = []
    for result, way in wet:
        cells = (number(way.cut_off), number(way.person_hours), percent(way.in_time[1]))
        rows.append(Row(_title(result), tuple(Cell(cell) for cell in cells)))
    heads = (say("reach.cut_off"), say("reach.person_hours"), say("reach.in_time"))
    return Table(say("reach.events_caption"), say("water.event"), heads, tuple(rows))


def _groups(way: Travel) -> Table:
    table = way.by_group[(way.by_group["service"] == SHOWN) & way.by_group["kind"].isin(KINDS)]
    rows = []
    for row in table.to_dict("records"):
        if row["people"] > 0:
            cells = (number(row["isolated"]), _minutes(row["before"]), _minutes(row["after"]))
            rows.append(Row(_group(str(row["kind"]), row["group"]), tuple(Cell(cell) for cell in cells)))
    heads = (say("reach.isolated"), say("reach.before"), say("reach.after"))
    return Table(say("reach.groups_caption"), say("told.group"), heads, tuple(rows))


def _group(kind: str, value: object) -> Phrase:
    if kind == "car":
        return say("reach.with_car" if value else "reach.without_car")
    return known(f"value.{kind}.{value}", str(value))


def _colours(seconds: np.ndarray) -> list[str]:
    place = np.searchsorted([start for start, _ in BANDS], seconds, side="right") - 1
    return [BANDS[k][1] if np.isfinite(s) else NEVER for k, s in zip(place.clip(0), seconds, strict=True)]


def _picture(city: City, result: Result, way: Travel) -> bytes:
    colour = pd.Series(_colours(way.response_after), index=city.buildings.index)

    def draw(axes: Axes) -> None:
        streets = city.streets
        if streets is not None and way.closed.any():
            lines = [get_coordinates(line) for line in streets.lines[way.closed]]
            axes.add_collection(LineCollection(lines, colors=palette.WATER_CLASSES[2][1], linewidths=2.2, zorder=5))
        for shade in dict.fromkeys(colour):
            maps.draw_buildings(axes, city.buildings[(colour == shade).to_numpy()], shade)

    return maps.window_map(city, result, draw)


def _legend() -> list[tuple[str, Phrase]]:
    ends = [number(start / MINUTE) for start, _ in BANDS[1:]]
    between = [say("reach.minutes", low=a, high=b) for a, b in pairwise(ends)]
    words = [say("reach.under", high=ends[0]), *between, say("reach.over", low=ends[-1])]
    return [*((shade, word) for (_, shade), word in zip(BANDS, words, strict=True)), (NEVER, say("reach.never"))]


def travel_figures(way: Travel) -> dict[str, float | None]:
    """Return the figures of `summary.json`."""
    lost = way.bridge[1]
    return {
        "people_cut_off": way.cut_off,
        "person_hours": way.person_hours,
        "reached_in_time_before": way.in_time[0],
        "reached_in_time": way.in_time[1],
        "closed_streets_m": way.closed_length,
        "bridge_closed_vehicle_hours": lost if np.isfinite(lost) else None,
    }
