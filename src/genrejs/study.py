"""The study file (TOML): what to compute, checked in words before anything is computed."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from genrejs.errors import InputError

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Level = Literal["low", "middle", "high"] | Share
Period = Annotated[float, Field(gt=1, le=100_000, allow_inf_nan=False)]


_LADDERS = (
    "surge_levels",
    "surge_periods",
    "rain_periods",
    "rain_anchor_period",
    "river_periods",
    "river_anchor_period",
)


class Section(BaseModel):
    """A table of the study: unknown keys are errors, values are fixed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FloodSection(Section):
    """The grids of the solver runs."""

    cell: Positive = Field(10.0, description="cell size of the shown events [m]")
    risk_cell: Positive = Field(20.0, description="cell size of the risk set [m]")
    scheme: Literal["inertial", "shallow-water", "auto"] = Field(
        "inertial", description="inertial, shallow-water (three times as long), or auto: what suits each event"
    )
    window: tuple[float, float, float, float] | None = Field(
        (531500.0, 6170500.0, 536500.0, 6175500.0), description="west, south, east, north in the city's CRS [m]"
    )

    @model_validator(mode="after")
    def _ordered(self) -> FloodSection:
        if self.window is not None and not (self.window[0] < self.window[2] and self.window[1] < self.window[3]):
            raise ValueError("window must be west, south, east, north with west < east and south < north")
        return self


class RiskSection(Section):
    """The event set behind the yearly figures: solver runs ("anchors") and the events read between them."""

    surge_levels: tuple[float, ...] = Field((1.5, 2.0, 2.5), description="sea levels of the solver runs [m]")
    surge_dry_below: float = Field(1.0, description="sea level that wets no building [m]")
    surge_periods: tuple[Period, ...] = Field(
        (2, 5, 20, 50, 100, 200, 1000), description="return periods read off [year]"
    )
    rain_periods: tuple[Period, ...] = Field(
        (2, 5, 10, 20, 100), description="cloudburst return periods read off [year]"
    )
    rain_anchor_period: tuple[Period, ...] = Field((10, 100), description="return periods of the rain runs [year]")
    rain_anchor_factor: Positive = Field(1.2, description="factor on the rarest rain run, so that later climates fit")
    rain_dry_below: Period = Field(2.0, description="return period that the sewers carry [year]")
    river_periods: tuple[Period, ...] = Field((2, 5, 10, 20, 100), description="river return periods read off [year]")
    river_anchor_period: tuple[Period, ...] = Field((10, 100), description="return periods of the river runs [year]")
    river_anchor_factor: Positive = Field(1.15, description="factor on the rarest river run")
    river_level: float = Field(0.9, description="sea level during river floods [m] (assumption)")
    river_dry_below: Period = Field(2.0, description="return period that stays in the banks [year] (assumption)")
    outage_frequency: Positive = Field(0.02, description="attacks with 48 h outage [1/year] (assumption)")

    @model_validator(mode="after")
    def _rising(self) -> RiskSection:
        for name in _LADDERS:
            values = getattr(self, name)
            if len(values) == 0 or any(b <= a for a, b in pairwise(values)):
                raise ValueError(f"{name} must be one or more rising numbers")
        if self.surge_dry_below >= self.surge_levels[0]:
            raise ValueError("surge_dry_below must lie under the lowest of surge_levels")
        return self


class BankSection(Section):
    """The event bank: solver runs between which the quick answers are read."""

    surge_levels: tuple[float, ...] = Field(
        (1.3, 1.5, 1.7, 1.9, 2.0, 2.1, 2.2, 2.3, 2.45, 2.6, 2.75, 2.9, 2.92, 2.93, 2.975, 3.05, 3.2),
        description="sea levels of the runs [m]",
    )
    rain: tuple[tuple[Period, Positive], ...] = Field(
        ((5, 1.0), (10, 1.0), (20, 1.0), (45, 1.0), (100, 1.0), (100, 1.3), (100, 1.7), (100, 2.1), (100, 2.5)),
        description="return period [year] and factor of the rain runs",
    )
    river: tuple[tuple[Period, Positive], ...] = Field(
        (
            (4, 1.0),
            (7, 1.0),
            (12, 1.0),
            (20, 1.0),
            (45, 1.0),
            (70, 1.0),
            (100, 1.0),
            (100, 1.1),
            (100, 1.2),
            (100, 1.35),
            (100, 1.5),
            (100, 1.75),
        ),
        description="return period [year] and factor of the river runs",
    )
    held_pairs: dict[str, tuple[str, str]] = Field(
        {
            "surge": ("raised_edge", "fjord_barrier"),
            "cloudburst": ("rain_beds_chicanes", "separate_sewers"),
            "river": ("water_parking", "wetlands"),
        },
        description="two measures together that the bank is judged by, by hazard",
    )
    outage_hours: Positive = Field(48.0, description="length of the attack on digital services and telecom [h]")
    answers: int = Field(1000, ge=20, le=5000, description="cities that the quick answer is taught on")
    held_out: int = Field(60, ge=5, le=1000, description="cities that it is judged by")
    futures: int = Field(100, ge=20, le=10000, description="futures drawn")

    @model_validator(mode="after")
    def _rising(self) -> BankSection:
        if len(self.surge_levels) == 0 or any(b <= a for a, b in pairwise(self.surge_levels)):
            raise ValueError("surge_levels must be one or more rising numbers")
        if not self.rain or not self.river:
            raise ValueError("rain and river must hold at least one pair of return period and factor")
        return self


class ChoiceSection(Section):
    """How a strategy is chosen (assumptions)."""

    budget: Positive = Field(400e6, description="money for new measures over the period, present value [DKK]")
    budgets: tuple[Positive, ...] = Field(
        (100e6, 400e6, 1500e6), description="budgets for which the exact best portfolio is told [DKK]"
    )
    yearly: Positive = Field(60e6, description="money for new measures a year [DKK]")
    slump_period: float = Field(12.0, ge=1, description="years between two economic shocks on average")
    slump_depth: Share = Field(0.3, description="share of the yearly money that an economic shock takes")
    slump_lasts: Positive = Field(3.0, description="years until half of that money is back")
    capacity: Positive = Field(4.0, description="new measures that can be under way at once")
    weights: dict[str, float] = Field(
        {"cost": 1.0, "damage": 2.0, "person_days": 2.0, "poor": 1.0, "added": 1.0},
        description="points by aim: cost, damage, person_days, poor, added; a workshop's votes may stand here",
    )
    years: int = Field(50, ge=5, le=75, description="period of appraisal from now [year]")
    pathways: int = Field(10000, ge=100, le=1000000, description="pathways of today's city and of the chosen strategy")
    people: int = Field(100, ge=8, le=1000, description="strategies in a generation of the search")
    generations: int = Field(60, ge=1, le=2000, description="generations of the search")


class ClimateSection(Section):
    """The climate path (assumptions)."""

    sea_rise: dict[int, float] = Field({2020: 0.0, 2050: 0.2, 2100: 0.5}, description="sea-level rise by year [m]")
    river_growth: float = Field(0.3, ge=0, description="share added to flood flows in 100 years")


class ProjectionSection(Section):
    """The slow stresses: low, middle, high or a number from 0 to 1 (assumptions)."""

    follow: bool = Field(True, description="whether what-if questions of a later year meet the city of that year")
    sea: Level | None = Field(None, description="rise of the sea; none: as [climate] says")
    rain: Level | None = Field(None, description="harder rain; none: the climate factors as they stand")
    river: Level | None = Field(None, description="fuller streams; none: as [climate] says")
    growth: Level = Field("middle", description="residents, homes and jobs")
    ageing: Level = Field("middle", description="people grow older")
    language: Level = Field("middle", description="more speak another language")
    economy: Level = Field("middle", description="fewer in work and dearer welfare")
    cohesion: Level = Field("middle", description="cohesion weakens, fewer volunteer")
    wear: Level = Field("middle", description="installations wear")
    digital: Level = Field("middle", description="everything turns digital")
    places: dict[str, float] = Field({}, description="shares of growth by district; empty: everywhere in proportion")


class MoneySection(Section):
    """Years and prices."""

    now: int = Field(2026, ge=1900, le=2200, description="calendar year of today")
    future: int = Field(2070, ge=1900, le=2300, description="calendar year of the future compared")
    price_year: int = Field(2024, ge=1990, le=2100, description="price year of the money")

    @model_validator(mode="after")
    def _later(self) -> MoneySection:
        if self.future <= self.now:
            raise ValueError("future must be later than now")
        return self


class DamageSection(Section):
    """Settings of the damage model that a study may change."""

    minimum_depth: float = Field(0.30, ge=0, le=3, description="depth from which damage counts [m]")
    samples: int = Field(32, ge=0, le=1000, description="draws of what is uncertain in the damage; 0 for none")
    floor_offset: float = Field(0.0, ge=-1, le=1, description="added to every floor level [m], to see its effect")


class SpreadSection(Section):
    """How much each part of the damage may be off, evenly to both sides, the threshold downwards (assumptions)."""

    depth: float = Field(0.10, ge=0, le=2, description="depth of the water may be off by [m] (assumption)")
    depth_share: float = Field(0.25, ge=0, le=1, description="but at most by this share of the depth (assumption)")
    curve: float = Field(0.30, ge=0, le=1, description="damage amounts may be off by this share (assumption)")
    threshold: float = Field(0.10, ge=0, le=1, description="minimum depth may be lower by [m] (documentation 0.20 m)")
    value: float = Field(0.20, ge=0, le=1, description="prices may be off by this share (assumption)")
    people: float = Field(0.25, ge=0, le=1, description="people's hours may be off by this share (assumption)")


class RecoverySection(Section):
    """Settings of the way back."""

    horizon_days: int = Field(730, ge=30, le=3650, description="how far the recovery is followed [day]")
    priority: str = Field(
        "life", description="which repairs come first: life, people, vulnerable, cheapest, or given (see order)"
    )
    order: tuple[str, ...] = Field((), description="ids of components in the order of the rule given")
    samples: int = Field(32, ge=0, le=1000, description="draws of what is uncertain in the recovery; 0 for none")


class RecoverySpreadSection(Section):
    """How much the way back may be off (assumptions)."""

    work: float = Field(0.3, ge=0, le=2, description="log spread of each repair's crew-hours (assumption)")
    work_common: float = Field(0.2, ge=0, le=2, description="log spread of all repairs together (assumption)")
    crews: float = Field(0.25, ge=0, le=1, description="crews may be fewer or more by this share (assumption)")
    delays: float = Field(0.3, ge=0, le=1, description="each delay may be off by this share (assumption)")
    outage: float = Field(0.3, ge=0, le=2, description="log spread of an outage's length (assumption)")
    coincidence: float = Field(0.01, ge=0, le=1, description="chance of each common cause at once (assumption)")
    coincidence_hours: float = Field(24.0, ge=0, le=8760, description="how long that lasts [h] (assumption)")


class Study(Section):
    """One study: a city, events to show, strategies to compare."""

    name: str = Field("Vejle", description="title of the study")
    city: str = Field("vejle", description="an embedded city")
    seed: int = Field(1, ge=0, description="seed of everything constructed or drawn")
    events: tuple[str, ...] = Field(
        ("storm_1872", "rain_2019", "cloudburst_100", "attack_48h"), description="events shown one by one"
    )
    main_event: str = Field("storm_1872", description="the event of the three headline figures")
    strategies: tuple[str, ...] = Field(
        ("no_sluice_2012", "today", "grey", "green", "social_digital", "together"), description="strategies compared"
    )
    flood: FloodSection = FloodSection()
    risk: RiskSection = RiskSection()
    bank: BankSection = BankSection()
    choice: ChoiceSection = ChoiceSection()
    climate: ClimateSection = ClimateSection()
    projection: ProjectionSection = ProjectionSection()
    money: MoneySection = MoneySection()
    damage: DamageSection = DamageSection()
    spread: SpreadSection = SpreadSection()
    recovery: RecoverySection = RecoverySection()
    recovery_spread: RecoverySpreadSection = RecoverySpreadSection()

    @model_validator(mode="after")
    def _whole(self) -> Study:
        if not self.events or self.main_event not in self.events:
            raise ValueError("events must name at least one event, and main_event one of them")
        if "today" not in self.strategies:
            raise ValueError("strategies must hold 'today', which the others are compared with")
        return self


def read_study(path: Path) -> Study:
    """Return the study in a TOML file; raise InputError that names the place and what is accepted."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The study {path} cannot be read as UTF-8 text: {error}.") from error
    try:
        return check_study(tomllib.loads(text), str(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The study {path} is not valid TOML: {error}.") from error


def check_study(values: dict[str, Any], place: str = "study") -> Study:
    """Return the study of plain values; raise InputError with the first thing that is wrong, and where."""
    try:
        return Study.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the study"
        message = f"{place}: {where}: {first['msg'].removeprefix('Value error, ')}; got {_short(first['input'])}."
        if first["type"] == "extra_forbidden":
            message = f"{place}: unknown key '{where}'; accepted are {', '.join(_keys(first['loc'][:-1]))}."
        raise InputError(message) from error


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _keys(location: tuple[int | str, ...]) -> list[str]:
    """Return the keys of the table at `location`."""
    section: type[BaseModel] = Study
    for part in location:
        annotation = section.model_fields[str(part)].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            section = annotation
    return list(section.model_fields)


def settings_table() -> list[tuple[str, str, str]]:
    """Return every setting as (key, default, description), for the reference in the documentation."""
    rows = []
    for key, field in Study.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for name, inner in annotation.model_fields.items():
                rows.append((f"{key}.{name}", repr(inner.default), inner.description or ""))
        else:
            rows.append((key, repr(field.default), field.description or ""))
    return rows
