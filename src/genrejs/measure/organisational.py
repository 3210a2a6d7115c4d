"""Organisational measures: how fast crews start, who comes to help, and how the city rebuilds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from genrejs.city.model import City
from genrejs.measure.model import Apply
from genrejs.measure.prepare import at_least, at_most, more

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


def drills(city: City, settings: Settings) -> City:
    """Have practised crews start after `call_up` [h] and running by hand be up after `fallback_delay` [h]."""
    return at_most(city, call_up=settings["call_up"], fallback_delay=settings["fallback_delay"])


def high_water_watch(city: City, settings: Settings) -> City:
    """Have crews on watch start after `call_up` [h] and a share `sms_reach` of people told by message."""
    return at_least(at_most(city, call_up=settings["call_up"]), sms_reach=settings["sms_reach"])


def resilience_officer(city: City, settings: Settings) -> City:
    """See to it that lessons are used: shares `rebuild_better` and `relocate` (0..1) of what is mended."""
    return at_least(city, rebuild_better=settings["rebuild_better"], relocate=settings["relocate"])


def co_creation(city: City, settings: Settings) -> City:
    """Raise social capital (0..1) by `social_capital_gain`: people follow whom they have planned with."""
    return more(city, social_capital=settings["social_capital_gain"])


ORGANISATIONAL: Mapping[str, Apply] = {
    "crisis_hubs": crisis_hubs,
    "mutual_aid": mutual_aid,
    "rebuild_better": rebuild_better,
    "drills": drills,
    "high_water_watch": high_water_watch,
    "resilience_officer": resilience_officer,
    "co_creation": co_creation,
}
"""The organisational measures by id."""
