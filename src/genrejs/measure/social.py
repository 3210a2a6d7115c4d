"""Social measures: volunteers who pass a warning on and help, neighbours who know each other."""

from __future__ import annotations

from collections.abc import Mapping

from genrejs.city.model import City
from genrejs.measure.model import Apply
from genrejs.measure.prepare import at_least, more, more_crews

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


def neighbourhood_captains(city: City, settings: Settings) -> City:
    """Put a share `phone_tree` on lists by which one calls the next, and `door_pairs` more pairs at the doors."""
    return more(at_least(city, phone_tree=settings["phone_tree"]), door_pairs=settings["door_pairs"])


def language_cafes(city: City, settings: Settings) -> City:
    """Have a share `translated` of warnings put into the languages people read, with `known_messengers` (0..1)."""
    return at_least(city, translated=settings["translated"], known_messengers=settings["known_messengers"])


def vulnerable_volunteers(city: City, settings: Settings) -> City:
    """Add `volunteers` who have a hard time themselves; being needed ties them to others (`social_capital_gain`)."""
    return more(city, volunteers=settings["volunteers"], social_capital=settings["social_capital_gain"])


def red_cross(city: City, settings: Settings) -> City:
    """Add trained `volunteers` and `door_pairs` that the agreement brings when the city calls."""
    return more(city, volunteers=settings["volunteers"], door_pairs=settings["door_pairs"])


def youth_jobs(city: City, settings: Settings) -> City:
    """Add crews of young people for streets and drains (`civil`)."""
    return more_crews(city, "crews", {"civil": settings["civil"]})


def culture_youth(city: City, settings: Settings) -> City:
    """Let a share `social_media_reach` see what is posted, and people meet across ages (`social_capital_gain`)."""
    seen = at_least(city, social_media_reach=settings["social_media_reach"])
    return more(seen, social_capital=settings["social_capital_gain"])


SOCIAL: Mapping[str, Apply] = {
    "volunteers": volunteers,
    "city_gardens": city_gardens,
    "neighbourhood_captains": neighbourhood_captains,
    "language_cafes": language_cafes,
    "vulnerable_volunteers": vulnerable_volunteers,
    "red_cross": red_cross,
    "youth_jobs": youth_jobs,
    "culture_youth": culture_youth,
}
"""The social measures by id."""
