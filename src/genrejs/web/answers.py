"""What the model's routes answer, declared: the pages' types are made from it, and a test holds the answers to it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Place = tuple[float, float]
"""Longitude, latitude [degrees, WGS 84]."""


class Told(BaseModel):
    """A part of an answer: no key more and none less."""

    model_config = ConfigDict(extra="forbid")


class Named(Told):
    """What has a name in both languages."""

    name_da: str
    name_en: str


class District(Told):
    """A part of the town."""

    id: str
    name: str
    residents: int
    centre: Place


class Service(Named):
    """What people use a lifeline for."""

    id: str


class Component(Named):
    """A plant."""

    id: str
    service: str


class NamedEvent(Told):
    """An event of the catalogue."""

    name: str
    kind: str
    title_da: str
    title_en: str
    source: str


class Strategy(Named):
    """Measures that go together."""

    id: str
    measures: list[str]


class Good(Named):
    """What a measure gives on ordinary days [DKK/year]."""

    yearly: float
    source: str


class Measure(Named):
    """What the city can do; money in DKK, lifetime in years."""

    id: str
    pillar: str
    kind: str
    cost: float
    upkeep: float
    lifetime: float
    price_year: int
    mechanism_da: str
    mechanism_en: str
    failure_da: str
    failure_en: str
    evidence: str
    source: str
    acts: list[str]
    principles: list[str]
    funding_source: str
    why_da: str
    why_en: str
    conditions_da: str
    conditions_en: str
    derived_da: str
    derived_en: str
    added_value: list[Good]
    cost_range: list[float]
    funding: dict[str, float]
    scores: dict[str, float]
    counted: list[dict[str, str | float | None]]


class DrawnPrice(Told):
    """What a work drawn on the map costs [DKK a unit], within which limits [m]."""

    kind: Literal["wall", "basin", "rain_bed"]
    unit_cost: float
    unit: str
    figure: str
    limits: Place
    largest: float
    source: str


class Climate(Told):
    """A year; the sea's rise in m, residents null where nothing projects them."""

    year: int
    sea_rise: float
    rain_factor: float
    river_factor: float
    residents: int | None


class Window(Told):
    """The window that is computed; corners NW, NE, SE, SW, cell in m."""

    corners: tuple[Place, Place, Place, Place]
    rows: int
    columns: int
    cell: float


class Years(Told):
    """The first and last year that can be asked for, and today's."""

    first: int
    last: int
    now: int


class City(Told):
    """What `GET /api/city` tells."""

    name: str
    title: str
    constructed: bool
    bounds: tuple[float, float, float, float]
    centre: Place
    window: Window
    residents: int
    buildings: int
    districts: list[District]
    services: list[Service]
    components: list[Component]
    events: list[NamedEvent]
    strategies: list[Strategy]
    measures: list[Measure]
    years: Years
    climate: list[Climate]
    drawn: list[DrawnPrice]


class Colour(Told):
    """A colour of a legend, from a value up."""

    from_: float = Field(alias="from")
    colour: str


class Variable(Told):
    """A named variable."""

    name: str
    unit: str
    sentence_da: str
    sentence_en: str
    source: str
    legend: list[Colour]


class Fact(Named):
    """One figure of a thing; words in both languages where it is words."""

    value: float | str | None
    value_da: str | None = None
    value_en: str | None = None
    unit: str
    source: str
    constructed: bool


class Thing(Told):
    """What one thing on the map is."""

    title_da: str
    title_en: str
    facts: list[Fact]


class Frame(Told):
    """A moment of the water."""

    n: int
    time_s: float
    address: str


class EventTold(Told):
    """The event that was run."""

    name: str
    kind: str
    title_da: str
    title_en: str
    source: str
    duration_s: float
    wet: bool


class Figures(Told):
    """The figures of a run, SI and DKK."""

    flooded_area_m2: float
    buildings_flooded: int
    residents_in_wet_homes: float
    damage_dkk: float
    damage_dkk_p05: float | None
    damage_dkk_p95: float | None
    person_days_without_service: float
    person_days_away: float
    withstand: float
    bounce_back_days: float
    censored: bool
    resilience_loss: float
    people_warned_in_time: float
    water_balance_error: float


class Curve(Told):
    """The resilience curve."""

    hours: list[float]
    f: list[float]


class ServiceTold(Told):
    """How a service fared, on the curve's hours."""

    id: str
    hours_without: float
    f: list[float]


class DistrictTold(Told):
    """How a district fared; the worst hour of each service."""

    id: str
    buildings_flooded: int
    residents_wet: float
    person_days: float
    services: dict[str, float]


class GroupTold(Told):
    """How a group of people fared."""

    group: str
    value: str
    people: float
    person_days: float


class ComponentTold(Told):
    """A plant that was out."""

    id: str
    flooded: bool
    depth: float
    back_hours: float | None


class BuildingsTold(Told):
    """The buildings with water outside, by their row, with the depth [m]."""

    rows: list[int]
    depth: list[float]


class Answer(Told):
    """The result of a what-if."""

    constructed: bool
    key: str
    event: EventTold
    strategy: str
    measures: list[str]
    year: int | None
    cost_dkk: float
    figures: Figures
    curve: Curve
    services: list[ServiceTold]
    districts: list[DistrictTold]
    groups: list[GroupTold]
    components: list[ComponentTold]
    buildings: BuildingsTold
