"""The city going dark and light again: how much works in every district over time, as a map that can be played."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import xarray as xr
from markupsafe import Markup
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from genrejs.city.model import City, residents_by_district
from genrejs.report.language import LANGUAGES
from genrejs.report.story import Story, district_names
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, duration, known, number, percent, same, say, titled
from genrejs.scenario.result import Result

DAY, WEEK = 24.0, 168.0  # h
HOURLY = 2 * DAY
"""Until when [h] any hour may be a picture; later only whole days are."""

PICTURES = 72
"""Pictures that an event is told in, at most about."""

WORKS = 0.995
"""Share from which a district counts as light again."""

ALL = "all"
"""What stands for the mean of all services."""

WIDTH = 1000
"""Width of the drawing; its height follows the city."""

DETAIL = 3.0
"""Corners of districts nearer to the line than this are left out."""

LETTER, LINE = 15.5, 28.0
"""Width of a letter and height of a line of the districts' names, in the drawing."""

NIGHT = (("#0f1830", 0.0), ("#4a3c46", 0.35), ("#a8743f", 0.65), ("#ffe08a", 1.0))
"""Colour by share that works: from a dark street to a lit window, ever lighter."""

PALE, DARK = "#ffffff", "#000000"
"""Ink on dark and on light ground."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """A district in the drawing: its outline, and where its name stands if there is room for it."""

    id: str
    name: str
    outline: str
    x: int
    y: int
    named: bool


@dataclass(frozen=True)
class Film:
    """One event: `moments` ``(picture,)`` and whole percent ``(district and city, picture)`` of every service."""

    title: Phrase
    hours: Floats
    percents: Mapping[str, Integers]
    worst: int


def dark(story: Story) -> dict[str, Any]:
    """Return the map, its pictures as data for the script, and the worst hour as a table; nothing if nothing fails."""
    films = [film(story, result) for result in films_of(story)]
    if not films:
        return {"dark_data": None}
    first, (places, height) = films[0], drawing(story.city)
    worst = first.percents[ALL][:, first.worst]
    ramp = colours()
    drawn = [
        {"place": place, "percent": percent_words(int(value)), "fill": ramp[value]}
        for place, value in zip(places, worst[:-1], strict=True)
    ]
    return {
        "dark_data": Markup(
            json.dumps(_data(films), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        ),
        "dark_box": f"0 0 {WIDTH} {height}",
        "dark_places": drawn,
        "dark_moment": moment(first.hours[first.worst]),
        "dark_state": say("dark.works", share=number(int(worst[-1]))),
        "dark_title": first.title,
        "dark_legend": [(ramp[value], percent_words(value)) for value in (0, 20, 40, 60, 80, 100)],
        "dark_table": _table(films, places),
    }


def films_of(story: Story) -> list[Result]:
    """Return the main event and, of those without water, the one with most person-days, where they turn any dark."""
    dry = [each for each in story.showcase[1:] if not each.event.wet]
    worst = sorted(dry, key=lambda each: -each.recovery.indicators["person_days_without_service"])[:1]
    return [each for each in (story.main, *worst) if float(each.recovery.functionality.min()) < WORKS]


def film(story: Story, result: Result) -> Film:
    """Return an event in pictures, districts in the city's order."""
    ids = story.city.districts["id"].astype(str).to_numpy()
    f = result.recovery.functionality.transpose("service", "district", "time").reindex(district=ids, fill_value=1.0)
    shown = pictures(f.mean("service").to_numpy(), result.recovery.curve.to_numpy(), f["time"].to_numpy())
    curve, f = result.recovery.curve.to_numpy()[shown], f.isel(time=shown)
    people = xr.DataArray(residents_by_district(story.city).to_numpy(), dims="district", coords={"district": ids})
    cities = f.weighted(people).mean("district") if float(people.sum()) > 0 else f.mean("district")
    percents = {
        str(service): whole(np.vstack([f.sel(service=service), cities.sel(service=service)]))
        for service in f["service"].to_numpy()
    }
    every = {ALL: whole(np.vstack([f.mean("service"), curve]))}
    title = titled(result.event)
    return Film(title, f["time"].to_numpy().astype(float), every | percents, int(curve.argmin()))


def pictures(mean: Floats, curve: Floats, hours: Floats) -> Integers:
    """Return which times are shown: more where the districts' `mean` ``(district, time)`` changes, the worst always.

    Hours count at first, whole days later; the last is when every district is light again, or the horizon.
    """
    still = np.flatnonzero((mean < WORKS).any(axis=0))
    end = min(int(still[-1]) + 1 if still.size else 0, hours.size - 1)
    open_to = (np.arange(hours.size) <= end) & ((hours <= HOURLY) | (hours % DAY == 0))
    worst = int(curve.argmin())
    chosen = np.union1d(np.flatnonzero(open_to), [worst, end])
    change = np.abs(np.diff(mean[:, chosen], axis=1)).sum(axis=0).cumsum()
    passed = np.log1p(hours[chosen] - hours[0])
    # Half of the film follows the change, half the clock, or quiet months would be left out or fill it.
    pace = np.r_[0.0, change / max(float(change[-1]), 1e-9) if change.size else change] + passed / max(passed[-1], 1e-9)
    shown = np.union1d([chosen[0]], [worst, end])
    for marks in range(PICTURES, 12 * PICTURES, 8):
        if shown.size >= min(PICTURES, chosen.size):
            break
        found = np.searchsorted(pace, np.linspace(0.0, pace[-1], marks)).clip(0, chosen.size - 1)
        shown = np.union1d(chosen[found], [chosen[0], worst, end])
    return shown.astype(np.int64)


def whole(share: Floats) -> Integers:
    """Return shares 0..1 as whole percent; nearly all is never rounded up to all, and little never down to nothing."""
    rounded = np.rint(100 * share)
    rounded = np.where((rounded == 100) & (share < 1 - 1e-9), 99, rounded)
    return np.where((rounded == 0) & (share > 1e-9), 1, rounded).astype(np.int64)


def moment(hours: float) -> Phrase:
    """Return when a picture was taken, in words: hours, days, or days and about how many months."""
    if hours <= 0:
        return say("dark.start")
    if HOURLY < hours < WEEK and hours % DAY:
        return say("dark.hours_after", hours=number(hours))
    if hours < 61 * DAY:
        return say("dark.after", time=duration(hours))
    return say("dark.months_after", days=number(round(hours / DAY)), time=duration(hours))


def colours() -> tuple[str, ...]:
    """Return the colour of 0, 1 .. 100 percent."""
    shares = np.array([share for _, share in NIGHT])
    parts = np.array([to_rgb(colour) for colour, _ in NIGHT])
    steps = np.linspace(0.0, 1.0, 101)
    bands = [np.interp(steps, shares, parts[:, band]) for band in range(3)]
    return tuple(to_hex((float(red), float(green), float(blue))) for red, green, blue in zip(*bands, strict=True))


def ink(ground: str) -> str:
    """Return the ink that stands out more from `ground`."""
    return PALE if contrast(PALE, ground) >= contrast(DARK, ground) else DARK


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1..21, as the web's guidelines for accessibility define it (WCAG 2)."""
    light, deep = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (deep + 0.05)


def _luminance(colour: str) -> float:
    part = np.asarray(to_rgb(colour))
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def percent_words(value: int) -> Phrase:
    """Return a whole percent in both languages."""
    return percent(value / 100)


def drawing(city: City) -> tuple[tuple[Place, ...], int]:
    """Return the districts as outlines of a drawing that is WIDTH wide, in the city's order, and its height."""
    west, south, east, north = city.districts.total_bounds
    scale = WIDTH / (east - west)
    shapes = [
        shapely.transform(shape, lambda spot: np.stack([spot[:, 0] - west, north - spot[:, 1]], axis=1) * scale)
        for shape in city.districts.geometry
    ]
    names, crowd = district_names(city), residents_by_district(city).to_numpy()
    spots, taken = {}, list[tuple[float, float, float]]()
    for row in np.argsort(-crowd, kind="stable"):
        id = str(city.districts["id"].iloc[row])
        spots[int(row)] = _room(shapes[row], names[id], taken)
    ids = [str(id) for id in city.districts["id"]]
    places = [Place(id, names[id], outline(shapes[row]), *spots[row]) for row, id in enumerate(ids)]
    return tuple(places), round((north - south) * scale)


def outline(shape: BaseGeometry) -> str:
    """Return the path of a shape, simplified, in whole units."""
    rings = [
        ring for part in shapely.get_parts(shapely.simplify(shape, DETAIL)) for ring in (part.exterior, *part.interiors)
    ]
    return "".join(
        "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z" for ring in rings
    )


def _room(shape: BaseGeometry, name: str, taken: list[tuple[float, float, float]]) -> tuple[int, int, bool]:
    """Return where a name and its percent stand, moved up or down until they meet no other, and whether they fit."""
    parts = shapely.get_parts(shape)
    spot = shapely.maximum_inscribed_circle(parts[int(shapely.area(parts).argmax())]).coords[0]
    half = LETTER * max(len(name), 5) / 2
    x = float(np.clip(spot[0], half, WIDTH - half))
    for shift in (0.0, LINE, -LINE, 2 * LINE, -2 * LINE):
        y = spot[1] + shift
        if all(abs(x - other) > half + width or abs(y - height) >= 2 * LINE for other, height, width in taken):
            taken.append((x, y, half))
            return round(x), round(y), True
    return round(x), round(spot[1]), False


def _data(films: Sequence[Film]) -> dict[str, Any]:
    """Return the pictures for the script: every row of percents once, two hexadecimal digits a picture."""
    services = list(films[0].percents)
    rows: dict[str, int] = {}
    told = []
    for each in films:
        series = {
            service: [rows.setdefault("".join(f"{v:02x}" for v in row), len(rows)) for row in each.percents[service]]
            for service in services
            if service in each.percents
        }
        words = [moment(hour) for hour in each.hours]
        told.append({"title": _pair(each.title), "moments": {k: [w.of(k) for w in words] for k in LANGUAGES},
                     "worst": each.worst, "series": series})  # fmt: skip
    names = {service: _pair(known(f"service.{service}", service)) for service in services if service != ALL}
    said = {name: _pair(say(f"dark.{name}", share="{share}")) for name in ("works", "has", "percent")}
    return {
        "colours": colours(), "rows": list(rows), "films": told,
        "services": {ALL: _pair(say("dark.all")), **names}, "words": said,
    }  # fmt: skip


def _pair(phrase: Phrase) -> dict[str, str]:
    return {language: phrase.of(language) for language in LANGUAGES}


def _table(films: Sequence[Film], places: Sequence[Place]) -> Table:
    """Return how much works in each district in the worst hour of each event, as the map shows it."""
    ramp = colours()
    rows = []
    for row, name in enumerate([*(same(place.name) for place in places), say("dark.city")]):
        values = [int(each.percents[ALL][row, each.worst]) for each in films]
        rows.append(Row(name, tuple(Cell(percent_words(v), ramp[v], ink(ramp[v])) for v in values)))
    columns = tuple(say("dark.column", event=each.title, moment=moment(each.hours[each.worst])) for each in films)
    return Table(say("dark.caption"), say("group.district"), columns, tuple(rows))
