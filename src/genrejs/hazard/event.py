"""An event: one occurrence of a hazard, with what drives it and how often it happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shapely import Polygon

from genrejs.hazard.flood.problem import Series

HOUR = 3600.0


@dataclass(frozen=True)
class Outage:
    """Named components down from `start` for `duration` [s], whatever the water does; `cyber` if by an attack."""

    components: tuple[str, ...]
    start: float
    duration: float
    cyber: bool = False


@dataclass(frozen=True)
class Event:
    """Forcing over `duration` [s] from the start of the event; levels [m DVR90], rain [m/s], inflows [m3/s] by stream.

    `kind` is surge, cloudburst, river, compound or outage; `frequency` [1/year] is None for a historic or chosen event;
    rain falls on `rain_area` of the city's map, everywhere without one; `lead_time` [s] is the time between a usable
    forecast and the water.
    """

    name: str
    kind: str
    title_da: str
    title_en: str
    duration: float
    sea_level: Series | None = None
    rain: Series | None = None
    inflows: Mapping[str, Series] = field(default_factory=lambda: MappingProxyType({}))
    outages: tuple[Outage, ...] = ()
    frequency: float | None = None
    lead_time: float = 6 * HOUR
    source: str = "assumption"
    rain_area: Polygon | None = None

    @property
    def wet(self) -> bool:
        """Whether the event moves water at all."""
        return self.sea_level is not None or self.rain is not None or bool(self.inflows)
