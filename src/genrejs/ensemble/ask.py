"""A question in plain values, "what if": an event, a strategy with measures more or less, works drawn, a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pyproj import Transformer
from shapely import LineString, Point, Polygon

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.hazard.catalogue import ORDINARY_LEVEL, build_event, named_events
from genrejs.hazard.cloudburst import climate_factor
from genrejs.hazard.event import HOUR, Event
from genrejs.hazard.flood.problem import Series
from genrejs.hazard.river import steady
from genrejs.measure.catalogue import catalogue, find_measure, find_strategy
from genrejs.measure.drawn import Drawn, check_inside
from genrejs.measure.model import Strategy
from genrejs.projection.climate import ClimatePath, middle_path

Place = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-85, le=85)]]
"""Longitude and latitude [degrees, WGS 84]."""
RUN_OFF = 2 * HOUR
"""[s] that water is followed after a cloudburst that somebody releases (assumption)."""
RESTS = 1.0
"""[s] in which a released cloudburst begins and ends."""


class Part(BaseModel):
    """A part of a question: unknown keys are errors, values are fixed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SurgeAsk(Part):
    """A storm surge by its peak."""

    kind: Literal["surge"]
    peak: float = Field(ge=0, le=5, description="highest sea level above normal in today's climate [m]")


class CloudburstAsk(Part):
    """An even rain on a place, or everywhere."""

    kind: Literal["cloudburst"]
    mm: float = Field(gt=0, le=300, description="depth of rain [mm]")
    minutes: float = Field(60, ge=5, le=360, description="how long it falls [min]")
    place: Place | None = Field(None, description="longitude, latitude of its middle; none: everywhere")
    radius: float = Field(1000, ge=100, le=10_000, description="how far it reaches from its middle [m]")


class RiverAsk(Part):
    """A flood of the streams once in so many years."""

    kind: Literal["river"]
    period: float = Field(ge=2, le=1000, description="return period [year]")


class OutageAsk(Part):
    """Components, or the central ones of whole services, switched off."""

    kind: Literal["outage"]
    components: tuple[str, ...] = Field((), max_length=200)
    services: tuple[str, ...] = Field((), max_length=12)
    hours: float = Field(48, ge=1, le=720, description="how long they are off [h]")
    cyber: bool = Field(False, description="by an attack: they must be cleaned up before they start")


Asked = Annotated[SurgeAsk | CloudburstAsk | RiverAsk | OutageAsk, Field(discriminator="kind")]


class DrawnAsk(Part):
    """A work drawn on the map."""

    kind: Literal["wall", "basin", "rain_bed"]
    line: tuple[Place, ...] | None = Field(None, min_length=2, max_length=500, description="of a wall")
    area: tuple[Place, ...] | None = Field(None, min_length=3, max_length=500, description="of a basin or rain bed")
    height: float | None = Field(None, description="of a wall above the ground [m]")
    depth: float | None = Field(None, description="of a basin [m]")


class Ask(Part):
    """What if `event` came in `year` to the city of `strategy`, with measures more or less and works drawn?"""

    event: Annotated[str, Field(max_length=60)] | Asked
    strategy: str = Field("today", max_length=60)
    measures: tuple[str, ...] = Field((), max_length=60, description="measures besides those of the strategy")
    without: tuple[str, ...] = Field((), max_length=60, description="measures of the strategy that are left out")
    drawn: tuple[DrawnAsk, ...] = Field((), max_length=40)
    year: int | None = Field(None, ge=2020, le=2120, description="of the climate; none: as it was in 2020")

    @property
    def measure_ids(self) -> tuple[str, ...]:
        """The measures that are carried out, in the order of the catalogue."""
        chosen = ({*find_strategy(self.strategy).measures} | {*self.measures}) - {*self.without}
        return tuple(id for id in catalogue() if id in chosen)


def read_ask(inputs: Mapping[str, Any]) -> Ask:
    """Return the question that plain values state.

    Raises
    ------
    InputError
        A key, a value, an event, a strategy or a measure is not known; the sentence says where and what is accepted.
    """
    try:
        ask = Ask.model_validate(inputs)
    except ValidationError as error:
        named = isinstance(inputs.get("event"), str)
        told = error.errors(include_url=False, include_context=False)
        # An event is a name or a table: only what is wrong with the one that was given helps.
        fits = [each for each in told if ("constrained-str" in each["loc"]) == named or each["loc"][:1] != ("event",)]
        first = (fits or told)[0]
        where = ".".join(str(part) for part in first["loc"] if "[" not in str(part)) or "the question"
        raise InputError(f"What if: {where}: {first['msg']}.") from error
    if isinstance(ask.event, str) and ask.event not in named_events():
        raise InputError(f"There is no event '{ask.event}'; known are {', '.join(named_events())}.")
    find_strategy(ask.strategy)
    for id in (*ask.measures, *ask.without):
        find_measure(id)
    return ask


def ask_schema() -> dict[str, Any]:
    """Return the JSON Schema of the inputs of `read_ask`."""
    return Ask.model_json_schema()


def event_of(ask: Ask, city: City, path: ClimatePath | None = None) -> Event:
    """Return the event in the climate of the question's year: a higher sea, harder rain, fuller streams."""
    climate, year = path or middle_path(), ask.year
    rise, flow = (0.0, 1.0) if year is None else (climate.rise(year), climate.river_factor(year))
    if isinstance(ask.event, CloudburstAsk):
        return _cloudburst(ask.event, city, 1.0 if year is None else _rain_factor(climate, year), rise)
    settings = dict(named_events()[ask.event]) if isinstance(ask.event, str) else _settings(ask.event)
    name = ask.event if isinstance(ask.event, str) else settings["kind"]
    if settings["kind"] == "surge":
        settings["rise"] = settings.get("rise", 0.0) + rise
    elif settings["kind"] != "outage":
        hard = 1.0 if year is None else _rain_factor(climate, year)
        factor = hard if settings["kind"] == "cloudburst" else flow
        settings["level"] = settings.get("level", ORDINARY_LEVEL) + rise
        settings["factor"] = settings.get("factor", 1.0) * factor
    return build_event(name, settings, city)


def _rain_factor(climate: ClimatePath, year: int) -> float:
    return climate.rain_factor(year, climate_factor(100.0))


def _settings(event: SurgeAsk | RiverAsk | OutageAsk) -> dict[str, Any]:
    if isinstance(event, SurgeAsk):
        level = f"{event.peak:.2f}"
        return {
            "kind": "surge", "peak": event.peak, "source": "chosen",
            "title_da": f"Stormflod på {level.replace('.', ',')} m", "title_en": f"Storm surge of {level} m",
        }  # fmt: skip
    if isinstance(event, RiverAsk):
        years = f"{event.period:g}"
        return {
            "kind": "river", "period": event.period, "source": "chosen",
            "title_da": f"Åerne går over, {years}-årshændelse", "title_en": f"The streams flood, once in {years} years",
        }  # fmt: skip
    hours = f"{event.hours:g}"
    return {
        "kind": "outage", "components": list(event.components), "services": list(event.services),
        "outage_hours": event.hours, "cyber": event.cyber, "source": "chosen", "lead_hours": 0,
        "title_da": f"Slukket i {hours} timer", "title_en": f"Switched off for {hours} hours",
    }  # fmt: skip


def _cloudburst(asked: CloudburstAsk, city: City, factor: float, rise: float) -> Event:
    lasts, depth = asked.minutes * 60.0, asked.mm * factor
    rate = depth / 1000.0 / lasts
    # Straight rises and falls of a second, and the middle as long as the rain: the depth is exactly what was asked.
    rain = Series(np.array([0.0, RESTS, lasts, lasts + RESTS]), np.array([0.0, rate, rate, 0.0]))
    there = _project(city).transform(*asked.place) if asked.place else None
    amount = f"{depth:.3g} mm på {asked.minutes:g} minutter", f"{depth:.3g} mm in {asked.minutes:g} minutes"
    return Event(
        "cloudburst", "cloudburst", f"Skybrud: {amount[0].replace('.', ',')}", f"Cloudburst: {amount[1]}",
        lasts + RUN_OFF, sea_level=steady(ORDINARY_LEVEL + rise), rain=rain, lead_time=HOUR, source="chosen",
        rain_area=Point(there).buffer(asked.radius) if there else None,
    )  # fmt: skip


@cache
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


def _project(city: City) -> Transformer:
    return _transformer(str(city.grid.crs))


def works_of(ask: Ask, city: City) -> tuple[Drawn, ...]:
    """Return the drawn works in the city's coordinates; raise InputError for one that cannot be built."""
    return tuple(drawn_work(each, city) for each in ask.drawn)


def drawn_work(asked: DrawnAsk, city: City) -> Drawn:
    """Return one drawn work in the city's coordinates.

    Raises
    ------
    InputError
        Its line, area or figure is missing, too many, or out of its limits, or it lies outside the city's map.
    """
    line = asked.kind == "wall"
    wanted, other = (asked.line, asked.area) if line else (asked.area, asked.line)
    figure = asked.height if line else asked.depth
    needed = {"wall": "a line and a height", "basin": "an area and a depth", "rain_bed": "an area"}[asked.kind]
    lacks = wanted is None or (figure is None and asked.kind != "rain_bed")
    if wanted is None or lacks or other is not None:
        raise InputError(f"A drawn {asked.kind} needs {needed}, nothing else.")
    places = _places(wanted, city)
    shape = LineString(places) if line else Polygon(places)
    work = Drawn(asked.kind, shape, figure or 0.0)
    check_inside(city, work)
    return work


def _places(points: Sequence[Place], city: City) -> list[tuple[float, float]]:
    change = _project(city)
    return [change.transform(*point) for point in points]


def strategy_of(ask: Ask) -> Strategy:
    """Return the strategy of the question: the named one with measures more or less."""
    named = find_strategy(ask.strategy)
    return Strategy(named.id, named.name_da, named.name_en, ask.measure_ids, named.removes)


def cost_of(ask: Ask, city: City) -> float:
    """Return what is not standing today costs [DKK]: measures beyond those of "today", and drawn works."""
    standing = set(find_strategy("today").measures)
    measures = sum(catalogue()[id].cost for id in ask.measure_ids if id not in standing)
    return float(measures + sum(work.cost for work in works_of(ask, city)))
