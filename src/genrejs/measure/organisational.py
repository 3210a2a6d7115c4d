"""Organisational measures: how fast crews start, who comes to help, and how the city rebuilds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from genrejs.city.model import City
from genrejs.measure.model import Apply

Settings = Mapping[str, float]

TRADES = ("builder", "electrician", "plumber", "it", "civil")
"""The trades of `Preparedness.crews`."""


def crisis_hubs(city: City, settings: Settings) -> City:
    """Let news pass between neighbours at `contagion` [1/min] and the first crews start after `call_up` [h]."""
    now = city.preparedness
    return city.prepare(
        contagion=max(now.contagion, settings["contagion"]), call_up=min(now.call_up, settings["call_up"])
    )


def mutual_aid(city: City, settings: Settings) -> City:
    """Bring crews by trade from neighbouring municipalities after `delay` [h]."""
    now = city.preparedness
    crews = {trade: max(now.aid_crews.get(trade, 0.0), settings[trade]) for trade in TRADES}
    return city.prepare(aid_crews=MappingProxyType(crews), aid_delay=min(now.aid_delay, settings["delay"]))


def rebuild_better(city: City, settings: Settings) -> City:
    """Rebuild a share `rebuild_better` of damaged buildings, and `relocate` a share of components, out of reach."""
    now = city.preparedness
    return city.prepare(
        rebuild_better=max(now.rebuild_better, settings["rebuild_better"]),
        relocate=max(now.relocate, settings["relocate"]),
    )


ORGANISATIONAL: Mapping[str, Apply] = {
    "crisis_hubs": crisis_hubs,
    "mutual_aid": mutual_aid,
    "rebuild_better": rebuild_better,
}
"""The organisational measures by id."""
