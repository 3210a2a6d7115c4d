"""Who can get where: people cut off, times to services by group, the fire engines' way on a map."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray
from shapely import get_coordinates

from genrejs.city.model import City
from genrejs.impact.travel import IN_TIME, Travel
from genrejs.report import maps, palette
from genrejs.report.images import data_uri
from genrejs.report.services import VALUES
from genrejs.report.story import Story, district_names
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, known, listing, number, percent, same, say, titled
from genrejs.scenario.result import Result

MINUTE = 60.0
BANDS = ((0.0, "#a9cdea"), (300.0, "#5a9fd0"), (IN_TIME, "#d2601a"), (1200.0, "#86290a"))
"""From how many seconds to the engine's arrival, and the colour of a building there: the later, the darker."""
NEVER = "#000000"
CLOSED, STREET = palette.WATER_CLASSES[2][1], "#c9c1b3"
NEVER_EDGE = 0.9
"""Width of the edge [point] that lets buildings out of reach stand out."""
KINDS = ("age", "language", "income")
SHOWN = "hospital"
DIFFERENT = 3.0
"""[s] of extra time between the groups of one kind from which the kind is shown."""
MOST_HIT = 3


def reach(story: Story) -> dict[str, Any]:
    """Return the page's part on ways and engines in the main event; nothing for a city without streets.

    Where no water moves in the main event, the first shown event with water takes its place.
    """
    found = _travels(story)
    wet = [(result, way) for result, way in found if result.footprint is not None]
    if not wet:
        return {"reach_facts": None}
    result, way = wet[0]
    return {
        "reach_event": titled(result.event),
        "reach_facts": _facts(story.city, way),
        "reach_most": _most_cut_off(story.city, way),
        "reach_services": _services(way),
        "reach_events": _events(wet) if len(wet) > 1 else None,
        "reach_groups": _groups(way),
        "reach_image": data_uri(_picture(story.city, result, way), "image/webp"),
        "reach_alt": _alt(result, way),
        "reach_legend": _legend(),
        "reach_closed": CLOSED,
        "reach_street": STREET,
        "reach_bridge": _bridge(way),
    }


def _travels(story: Story) -> list[tuple[Result, Travel]]:
    found = ((result, story.aftermath.get(result.event.name)) for result in story.showcase)
    return [(result, after.travel) for result, after in found if after is not None and after.travel is not None]


def _facts(city: City, way: Travel) -> tuple[tuple[Phrase, Phrase], ...]:
    shown = [column in city.components for column in ("id", "name_da", "name_en")]
    rows = city.components[["id", "name_da", "name_en"]].astype(str).to_numpy() if all(shown) else np.empty((0, 3))
    lost = [Phrase(str(da), str(en)) for id, da, en in rows if id in way.lost]
    return (
        (say("reach.cut_off"), number(way.cut_off)),
        (say("reach.stuck"), number(way.stuck)),
        (say("reach.in_time_before"), percent(way.in_time[0])),
        (say("reach.in_time"), percent(way.in_time[1])),
        (say("reach.person_hours"), number(way.person_hours)),
        (say("reach.closed"), say("reach.km", km=number(way.closed_length / 1000, 1))),
        (say("reach.lost"), listing(lost) if lost else say("reach.none")),
    )


def _most_cut_off(city: City, way: Travel) -> Phrase | None:
    """Return the districts where most people lose the way to a service by car, None where nobody does."""
    table = way.by_district
    lost = table.groupby(table["group"].astype(str), sort=False)["isolated"].max()
    worst = lost[lost > 0].sort_values(ascending=False, kind="stable").head(MOST_HIT)
    names = district_names(city)
    each = [say("reach.district", name=same(names.get(str(id), str(id))), people=number(n)) for id, n in worst.items()]
    return say("reach.most", districts=listing(each)) if each else None


def _minutes(seconds: float) -> Cell:
    return Cell(number(seconds / MINUTE, 1))


def _times(row: dict[Any, Any]) -> tuple[Cell, ...]:
    """Return the people who lose the way, and the mean minutes before, after and between."""
    before, after = float(row["before"]), float(row["after"])
    return Cell(number(row["isolated"])), _minutes(before), _minutes(after), _minutes(after - before)


def _heads() -> tuple[Phrase, ...]:
    return tuple(say(f"reach.{name}") for name in ("isolated", "before", "after", "extra"))


def _services(way: Travel) -> Table:
    rows = [
        Row(known(f"reach.to.{row['service']}", str(row["service"])), _times(row))
        for row in way.by_service.to_dict("records")
    ]
    return Table(say("reach.services_caption"), say("reach.to_where"), _heads(), tuple(rows))


def _events(wet: list[tuple[Result, Travel]]) -> Table:
    rows = []
    for result, way in wet:
        cells = (number(way.cut_off), number(way.person_hours), percent(way.in_time[1]))
        rows.append(Row(titled(result.event), tuple(Cell(cell) for cell in cells)))
    heads = (say("reach.cut_off"), say("reach.person_hours"), say("reach.in_time"))
    return Table(say("reach.events_caption"), say("water.event"), heads, tuple(rows))


def _groups(way: Travel) -> Table | None:
    """Return times to the hospital with and without a car, and by what else makes a difference."""
    table = way.by_group[(way.by_group["service"] == SHOWN) & (way.by_group["people"] > 0)]
    rows = []
    for kind in (*KINDS, "car"):
        part = table[table["kind"] == kind]
        extra = (part["after"] - part["before"]).to_numpy(np.float64)
        if kind != "car" and (extra.size < 2 or not np.nanmax(extra) - np.nanmin(extra) >= DIFFERENT):
            continue
        order = {value: place for place, value in enumerate(VALUES.get(kind, ()))}
        for row in sorted(part.to_dict("records"), key=lambda row: order.get(str(row["group"]), 0)):
            rows.append(Row(_group(kind, row["group"]), _times(row)))
    return Table(say("reach.groups_caption"), say("told.group"), _heads(), tuple(rows)) if rows else None


def _group(kind: str, value: object) -> Phrase:
    if kind == "car":
        return say("reach.with_car" if value else "reach.without_car")
    name, of = known(f"value.{kind}.{value}", str(value)), known(f"group.{kind}", kind)
    return Phrase(f"{of.da}: {name.da}", f"{of.en}: {name.en}")


def _bridge(way: Travel) -> Phrase | None:
    """Return what a closed motorway bridge would cost on a dry day and in the event, None without a bridge."""
    dry, wet = way.bridge
    if not (np.isfinite(dry) and dry > 0):
        return None
    now = say("reach.hours", hours=number(wet)) if np.isfinite(wet) else say("reach.no_way")
    return say("reach.bridge", hours=say("reach.hours", hours=number(dry)), now=now)


def _alt(result: Result, way: Travel) -> Phrase:
    return say("reach.alt", share=percent(way.in_time[1]), people=number(way.cut_off), event=titled(result.event))


def colours(seconds: NDArray[np.float64]) -> list[str]:
    """Return the colour of each time from alarm to arrival [s], that of `NEVER` where nobody comes."""
    place = np.searchsorted([start for start, _ in BANDS], seconds, side="right") - 1
    return [BANDS[k][1] if np.isfinite(s) else NEVER for k, s in zip(place.clip(0), seconds, strict=True)]


def _picture(city: City, result: Result, way: Travel) -> bytes:
    shade = pd.Series(colours(way.response_after), index=city.buildings.index)

    def draw(axes: Axes) -> None:
        _streets(axes, city, way)
        for colour in (*(colour for _, colour in BANDS), NEVER):
            some = city.buildings[(shade == colour).to_numpy()]
            if len(some):
                maps.draw_buildings(axes, some, colour, edge=NEVER_EDGE if colour == NEVER else 0.0)
        posts = city.components[city.components["service"] == "rescue"]
        axes.scatter(posts["x"], posts["y"], s=60, marker="D", color=palette.GATE, edgecolor="black", zorder=6)

    return maps.window_map(city, result, draw)


def _streets(axes: Axes, city: City, way: Travel) -> None:
    """Draw all streets thin, the closed ones over them."""
    if city.streets is None:
        return
    for some, colour, width in ((~way.closed, STREET, 0.35), (way.closed, CLOSED, 1.4)):
        lines = [get_coordinates(line) for line in city.streets.lines[some]]
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, zorder=2))


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
