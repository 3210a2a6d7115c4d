"""Measures for safety: crime and terror are not in the model, what such work does for readiness is."""

from __future__ import annotations

from collections.abc import Mapping

from genrejs.city.model import City
from genrejs.measure.model import Apply
from genrejs.measure.prepare import at_least, at_most, more

Settings = Mapping[str, float]


def safe_places(city: City, settings: Settings) -> City:
    """Let news pass at `contagion` [1/min] where people meet out of doors, and raise social capital a little."""
    return more(at_least(city, contagion=settings["contagion"]), social_capital=settings["social_capital_gain"])


def youth_prevention(city: City, settings: Settings) -> City:
    """Make young people and their mentors `known_messengers` (0..1), and `door_pairs` of them go from door to door."""
    known = at_least(city, known_messengers=settings["known_messengers"])
    return more(known, door_pairs=settings["door_pairs"])


def safe_crowds(city: City, settings: Settings) -> City:
    """Have access kept free, so that crews start after `call_up` [h], and add `volunteers` trained in first aid."""
    return more(at_most(city, call_up=settings["call_up"]), volunteers=settings["volunteers"])


SAFETY: Mapping[str, Apply] = {
    "safe_places": safe_places,
    "youth_prevention": youth_prevention,
    "safe_crowds": safe_crowds,
}
"""The measures for safety by id."""
