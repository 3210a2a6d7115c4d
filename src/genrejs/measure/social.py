"""Social measures: volunteers who pass a warning on and help, neighbours who know each other."""

from __future__ import annotations

from collections.abc import Mapping

from genrejs.city.model import City
from genrejs.measure.model import Apply

Settings = Mapping[str, float]


def volunteers(city: City, settings: Settings) -> City:
    """Organise at least so many `volunteers` and `door_pairs`, with `known_messengers` (0..1) from the districts."""
    now = city.preparedness
    return city.prepare(
        volunteers=max(now.volunteers, round(settings["volunteers"])),
        door_pairs=max(now.door_pairs, round(settings["door_pairs"])),
        known_messengers=max(now.known_messengers, settings["known_messengers"]),
    )


def city_gardens(city: City, settings: Settings) -> City:
    """Raise social capital (0..1) by `social_capital_gain`; what little rain garden soil takes is left out."""
    capital = min(1.0, city.preparedness.social_capital + settings["social_capital_gain"])
    return city.prepare(social_capital=capital)


SOCIAL: Mapping[str, Apply] = {"volunteers": volunteers, "city_gardens": city_gardens}
"""The social measures by id."""
