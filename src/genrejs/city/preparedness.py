"""What the city's organisation and people can do before, during and after a shock: the levers of soft measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def _frozen(values: dict[str, float]) -> Mapping[str, float]:
    return MappingProxyType(dict(values))


@dataclass(frozen=True)
class Preparedness:
    """Named mechanisms, each an assumption unless its source says otherwise; shares in 0..1, times in hours."""

    broadcast_reach: float = 0.0  # adults a cell broadcast reaches; 0.91 in the national test of 2025 (FACTS 9.1)
    siren_reach: float = 0.80  # people within a siren's sound (FACTS 9.1); alerts only, the message is sought elsewhere
    media_reach: float = 0.35  # radio and television within half an hour (assumption)
    sms_reach: float = 0.0  # people whose number the municipality may send to (assumption: none)
    phone_tree: float = 0.0  # people on a list by which one calls the next (assumption: none)
    social_media_reach: float = 0.0  # people who see what the municipality posts (assumption: none)
    clear_order: float = 1.0  # 1: what happens, where, what to do; 0: general advice (assumption: an order)
    translated: float = 0.0  # share of warnings sent in the languages people read
    known_messengers: float = 0.0  # 0..1: how far volunteers from the area pass the warning on
    contagion: float = 0.10  # per minute: neighbours telling neighbours (assumption, FACTS 9.2)
    door_pairs: int = 0  # pairs of volunteers going from door to door
    volunteers: int = 0  # volunteers organised to help with clean-up and sandbags
    crews: Mapping[str, float] = field(
        default_factory=lambda: _frozen(
            {"builder": 60.0, "electrician": 20.0, "plumber": 20.0, "it": 4.0, "civil": 20.0}
        )
    )  # crews at work at once, by trade (assumption)
    call_up: float = 12.0  # hours before the first crew is at work (assumption)
    aid_crews: Mapping[str, float] = field(
        default_factory=lambda: _frozen({})
    )  # crews from neighbouring municipalities
    aid_delay: float = 48.0  # hours before those are at work (assumption)
    social_capital: float = 0.4  # 0..1: speeds clean-up and return (own form, FACTS 9.4)
    fallback: float = 0.2  # share of digital services that can be run by hand
    fallback_delay: float = 8.0  # hours before manual operation is up
    rebuild_better: float = 0.2  # share of damaged buildings rebuilt so that the same water no longer harms them
    relocate: float = 0.2  # share of damaged critical components put above the water when repaired
