"""Events by name, and events for a return period: data in `events.toml`, one small builder for each kind."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.hazard import cloudburst, river, surge
from genrejs.hazard.event import HOUR, Event, Outage
from genrejs.hazard.flood.problem import Series

KINDS = ("surge", "cloudburst", "river", "compound", "outage")
ORDINARY_LEVEL = 0.2
"""[m] sea level while it rains (assumption)."""
COMMON = {"kind", "title_da", "title_en", "lead_hours", "frequency", "source"}


@cache
def named_events() -> Mapping[str, Mapping[str, Any]]:
    """Return the settings of every named event."""
    text = resources.files("genrejs.hazard").joinpath("events.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def event(name: str, city: City) -> Event:
    """Return the named event; raise InputError that lists the names when there is none."""
    known = named_events()
    if name not in known:
        raise InputError(f"There is no event '{name}'; known are {', '.join(known)}.")
    return build_event(name, known[name], city)


def build_event(name: str, settings: Mapping[str, Any], city: City) -> Event:
    """Return the event that `settings` (keys as in `events.toml`) describe for `city`; InputError for wrong keys."""
    kind = settings.get("kind")
    if kind not in KINDS:
        raise InputError(f"Event '{name}': kind is {kind!r}; accepted are {', '.join(KINDS)}.")
    builder, keys = _BUILDERS[kind]
    unknown = set(settings) - COMMON - keys
    if unknown:
        raise InputError(
            f"Event '{name}': unknown key {', '.join(sorted(unknown))}; "
            f"a {kind} takes {', '.join(sorted(COMMON | keys))}."
        )
    own = {key: value for key, value in settings.items() if key in keys}
    try:
        parts = builder(city, **own)
    except TypeError as error:
        raise InputError(f"Event '{name}' ({kind}): {error}; it takes {', '.join(sorted(keys))}.") from error
    return Event(
        name=name,
        kind=kind,
        title_da=settings.get("title_da", name),
        title_en=settings.get("title_en", name),
        lead_time=float(settings.get("lead_hours", 6)) * HOUR,
        source=settings.get("source", "assumption"),
        frequency=settings.get("frequency"),
        **parts,
    )


def _surge(
    city: City, *, peak: float | None = None, period: float | None = None, rise: float = 0.0, stretch: float = 1.0
) -> dict[str, Any]:
    """A surge by its peak [m] or return period [year], lifted by the `rise` [m]; the streams flow as usual."""
    if (peak is None) == (period is None):
        raise InputError("A surge takes either peak or period, not both.")
    level = peak if peak is not None else surge.return_level(float(period or 0))
    series = surge.hydrograph(float(level) + rise, stretch=stretch)
    known = set(city.streams["name"]) if len(city.streams) else set()
    base = {name: river.steady(flow) for name, flow in river.BASE_FLOW.items() if name in known}
    return {"sea_level": series, "inflows": MappingProxyType(base), "duration": float(series.times[-1])}


def _cloudburst(
    city: City, *, period: float, factor: float = 1.0, level: float = ORDINARY_LEVEL, rain_hours: float = 2.0
) -> dict[str, Any]:
    """A Chicago storm of `period` years on the whole city, times a climate `factor`, and two hours of run-off."""
    rain = cloudburst.chicago_storm(period, duration=rain_hours * HOUR, factor=factor)
    return {"rain": rain, "sea_level": _constant(level), "duration": (rain_hours + 2) * HOUR}


def _river(  # noqa: PLR0913 one key of the event file each
    city: City,
    *,
    inflows: Mapping[str, float] | None = None,
    period: float | None = None,
    factor: float = 1.0,
    level: float = ORDINARY_LEVEL,
    base_hours: float = 2.0,
    rise_hours: float = 6.0,
    duration_hours: float = 16.0,
) -> dict[str, Any]:
    """Flood waves in the streams, by their peaks [m3/s] or by return period, on a constant sea `level` [m]."""
    if (inflows is None) == (period is None):
        raise InputError("A river flood takes either inflows or period, not both.")
    peaks = dict(inflows or {s: river.peak_flow(s, float(period or 0)) for s in river.BASE_FLOW})
    known = set(city.streams["name"]) if len(city.streams) else set()
    if missing := set(peaks) - known:
        raise InputError(f"No stream {', '.join(sorted(missing))} in {city.name}; it has {', '.join(sorted(known))}.")
    waves = {}
    for stream, peak in peaks.items():
        base = min(river.BASE_FLOW.get(stream, 0.1 * peak), peak * factor)
        wave = river.triangle(base, peak * factor, rise_hours * HOUR, duration_hours * HOUR)
        waves[stream] = Series(wave.times + base_hours * HOUR, wave.values)
    duration = (base_hours + 0.7 * duration_hours) * HOUR
    return {"inflows": MappingProxyType(waves), "sea_level": _constant(level), "duration": duration}


def _outage(
    city: City, *, services: tuple[str, ...] | list[str] = (), components: tuple[str, ...] | list[str] = (),
    outage_hours: float, cyber: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Named components, or the central ones of whole services, down for `outage_hours`."""
    chosen = tuple(components) + tuple(_central(city, services))
    if missing := set(chosen) - set(city.components["id"]):
        raise InputError(f"No component {', '.join(sorted(missing))} in {city.name}.")
    if not chosen:
        raise InputError("An outage names services or components that the city has; it found none.")
    outage = Outage(chosen, start=0.0, duration=outage_hours * HOUR, cyber=cyber)
    return {"outages": (outage,), "duration": outage_hours * HOUR}


def _central(city: City, services: tuple[str, ...] | list[str]) -> list[str]:
    """Return the components of `services` that others of the same service need: the centres, not the masts."""
    table = city.components
    service = dict(zip(table["id"], table["service"], strict=True))
    needed = {row.source for row in city.links.itertuples() if service.get(row.source) in services}
    return [i for i in table["id"] if i in needed and service[i] in services]


def _constant(level: float) -> Series:
    return river.steady(level)


_FLOW_KEYS = {"inflows", "period", "factor", "level", "base_hours", "rise_hours", "duration_hours"}
_BUILDERS: Mapping[str, tuple[Callable[..., dict[str, Any]], set[str]]] = MappingProxyType(
    {
        "surge": (_surge, {"peak", "period", "rise", "stretch"}),
        "cloudburst": (_cloudburst, {"period", "factor", "level", "rain_hours"}),
        "river": (_river, _FLOW_KEYS),
        "compound": (_river, _FLOW_KEYS),
        "outage": (_outage, {"services", "components", "outage_hours", "cyber"}),
    }
)
