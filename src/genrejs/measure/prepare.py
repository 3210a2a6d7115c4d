"""How a soft measure moves the levers of preparedness: up to a level, down to a time, or by so much more."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from genrejs.city.model import City

SHARES = (
    "broadcast_reach", "siren_reach", "media_reach", "sms_reach", "phone_tree", "social_media_reach", "clear_order",
    "translated", "known_messengers", "social_capital", "fallback", "rebuild_better", "relocate",
)  # fmt: skip
"""Levers that are shares: no measure takes them above 1."""

HEADS = ("volunteers", "door_pairs")
"""Levers that are whole numbers of people."""


def at_least(city: City, **wanted: float) -> City:
    """Return the city with each lever at its `wanted` value, or where it stands already if that is higher."""
    return city.prepare(**{name: _whole(name, max(_now(city, name), value)) for name, value in wanted.items()})


def at_most(city: City, **wanted: float) -> City:
    """Return the city with each time [h] at its `wanted` value, or where it stands already if that is shorter."""
    return city.prepare(**{name: min(_now(city, name), value) for name, value in wanted.items()})


def more(city: City, **added: float) -> City:
    """Return the city with so much added to each lever; shares end at 1."""
    sums = {name: _now(city, name) + value for name, value in added.items()}
    return city.prepare(
        **{name: _whole(name, min(1.0, value) if name in SHARES else value) for name, value in sums.items()}
    )


def more_crews(city: City, lever: str, added: Mapping[str, float]) -> City:
    """Return the city with crews added by trade to the `lever` "crews" or "aid_crews"."""
    now: Mapping[str, float] = getattr(city.preparedness, lever)
    sums = {**now, **{trade: now.get(trade, 0.0) + count for trade, count in added.items()}}
    return city.prepare(**{lever: MappingProxyType(sums)})


def _now(city: City, lever: str) -> float:
    return float(getattr(city.preparedness, lever))


def _whole(lever: str, value: float) -> float:
    return round(value) if lever in HEADS else value
