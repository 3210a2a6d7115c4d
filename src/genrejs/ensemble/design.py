"""The event set: few solver runs ("anchors") per hazard, and the events that are read between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.ensemble.projected import study_climate
from genrejs.hazard import cloudburst, river, surge
from genrejs.hazard.catalogue import build_event
from genrejs.hazard.event import Event
from genrejs.projection.climate import ClimatePath
from genrejs.study import RiskSection, Study

RAIN_HOURS = 1.0
"""[h] the rain depth that places a cloudburst between the anchors is that of one hour."""
MAIN_STREAM = "Grejs Å"
"""The stream whose peak flow places a river flood between the anchors."""


@dataclass(frozen=True)
class Anchor:
    """One solver run of a hazard: its place on the hazard's own scale (level [m], rain depth [m], peak flow [m3/s])."""

    value: float
    event: Event


@dataclass(frozen=True)
class Point:
    """One event of the set, at `value` on the hazard's scale, passed `frequency` times a year in `year`."""

    year: int
    value: float
    frequency: float
    event: Event


@dataclass(frozen=True)
class Ladder:
    """A hazard's anchors and points; at `dry` on the scale no building is wet."""

    hazard: str
    dry: float
    anchors: tuple[Anchor, ...]
    points: tuple[Point, ...]

    def weights(self, value: float) -> NDArray[np.float64]:
        """Return the weight of each anchor ``(n,)`` at `value`: linear between rungs, held beyond the highest.

        The rung at `dry` weighs nothing, since it is without water.
        """
        rungs = np.array([self.dry, *(anchor.value for anchor in self.anchors)])
        place = float(np.interp(value, rungs, np.arange(len(rungs))))
        near = np.maximum(0.0, 1.0 - np.abs(np.arange(len(rungs)) - place))
        return np.asarray(near[1:])


def ladders(city: City, study: Study) -> tuple[Ladder, ...]:
    """Return the wet hazards of the study's event set, for today's and the future climate."""
    path = study_climate(study)
    years = (study.money.now, study.money.future)
    return (
        _surge(city, study.risk, path, years),
        _rain(city, study.risk, path, years),
        _river(city, study.risk, path, years),
    )


def nameless(city: City, name: str, frequency: float | None = None, **settings: Any) -> Event:
    """Return an event of a set, which nobody is shown and so bears its name as its title."""
    return build_event(name, {"title_da": name, "title_en": name, "frequency": frequency, **settings}, city)


def fallen(period: float, factor: float = 1.0) -> float:
    """Return the rain of an hour [m] that places a cloudburst between the anchors."""
    return float(cloudburst.depth(period, RAIN_HOURS * 3600.0)) * factor


def attack(city: City, name: str, hours: float, frequency: float | None = None) -> Event:
    """Return an attack on digital services and telecom of so many `hours`."""
    settings: dict[str, Any] = {"kind": "outage", "services": ["digital", "telecom"], "cyber": True, "lead_hours": 0}
    return nameless(city, name, frequency, outage_hours=hours, **settings)


def _surge(city: City, risk: RiskSection, path: ClimatePath, years: Sequence[int]) -> Ladder:
    anchors = tuple(
        Anchor(level, nameless(city, f"surge_{level:.2f}", kind="surge", peak=level)) for level in risk.surge_levels
    )
    points = []
    for year in years:
        for period in risk.surge_periods:
            level = surge.return_level(period) + path.rise(year)
            event = nameless(city, f"surge_{period:g}y_{year}", 1 / period, kind="surge", peak=level)
            points.append(Point(year, level, 1 / period, event))
    return Ladder("surge", risk.surge_dry_below, anchors, tuple(points))


def _rain(city: City, risk: RiskSection, path: ClimatePath, years: Sequence[int]) -> Ladder:
    factors = _factors(risk.rain_anchor_period, risk.rain_anchor_factor)
    anchors = tuple(
        Anchor(fallen(t, f), nameless(city, f"rain_{t:g}y_x{f:g}", kind="cloudburst", period=t, factor=f))
        for t, f in factors.items()
    )
    points = []
    for year in years:
        for period in risk.rain_periods:
            factor = path.rain_factor(year, cloudburst.climate_factor(period))
            event = nameless(
                city, f"rain_{period:g}y_{year}", 1 / period, kind="cloudburst", period=period, factor=factor
            )
            points.append(Point(year, fallen(period, factor), 1 / period, event))
    return Ladder("cloudburst", fallen(risk.rain_dry_below), anchors, tuple(points))


def _river(city: City, risk: RiskSection, path: ClimatePath, years: Sequence[int]) -> Ladder:
    common: dict[str, Any] = {"kind": "river", "level": risk.river_level}
    factors = _factors(risk.river_anchor_period, risk.river_anchor_factor)
    anchors = tuple(
        Anchor(
            river.peak_flow(MAIN_STREAM, t, factor=f),
            nameless(city, f"river_{t:g}y_x{f:g}", period=t, factor=f, **common),
        )
        for t, f in factors.items()
    )
    points = []
    for year in years:
        factor = path.river_factor(year)
        for period in risk.river_periods:
            event = nameless(city, f"river_{period:g}y_{year}", 1 / period, period=period, factor=factor, **common)
            points.append(Point(year, river.peak_flow(MAIN_STREAM, period, factor=factor), 1 / period, event))
    return Ladder("river", river.peak_flow(MAIN_STREAM, risk.river_dry_below), anchors, tuple(points))


def _factors(periods: Sequence[float], rarest: float) -> Mapping[float, float]:
    """Return each anchor's factor: 1, but `rarest` on the last, so that a later climate still lies between anchors."""
    return {period: (rarest if period == periods[-1] else 1.0) for period in periods}


def outage_points(city: City, study: Study) -> tuple[Point, ...]:
    """Return the attack as an event of both years: it moves no water and needs no run."""
    frequency, hours = study.risk.outage_frequency, study.bank.outage_hours
    return tuple(
        Point(year, hours, frequency, attack(city, f"attack_{hours:g}h_{year}", hours, frequency))
        for year in (study.money.now, study.money.future)
    )
