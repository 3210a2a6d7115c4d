"""One lever at a time: what trust, translated messages, volunteers at doors and new channels do to who acts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from genrejs.city.model import City
from genrejs.hazard.event import Event
from genrejs.impact.result import Impact
from genrejs.warning.channels import WarningSettings
from genrejs.warning.warn import warn

LEVERS: Mapping[str, float] = MappingProxyType(
    {
        "broadcast_reach": 0.91,  # FACTS 9.1, test of 2025
        "translated": 1.0,
        "door_pairs": 60,  # as the measure "volunteers" sets it (assumption)
        "known_messengers": 0.5,  # as the measure "volunteers" sets it (assumption)
        "contagion": 0.15,  # as the measure "crisis_hubs" sets it (assumption)
        "social_capital": 1.0,
        "sms_reach": 0.5,  # assumption
        "phone_tree": 0.2,  # assumption
        "social_media_reach": 0.4,  # assumption
        "clear_order": 0.0,  # what a vague text costs
    }
)
"""The value to which each lever is set, all others as they are."""


def one_at_a_time(city: City, event: Event, impact: Impact, settings: WarningSettings | None = None) -> pd.DataFrame:
    """Return a row for each lever: its value `before` and `after`, shares `reached`, `understood`, `acted` of people,
    and how many `more` act [people] and how much more is `saved` [DKK] than with the city as it is; the first row,
    lever "", is the city as it is."""
    base = warn(city, event, impact, settings)
    rows = [_row("", 0.0, 0.0, base.totals, base.totals)]
    for lever, after in LEVERS.items():
        moved = warn(city.prepare(**{lever: after}), event, impact, settings)
        before = float(getattr(city.preparedness, lever))
        rows.append(_row(lever, before, float(after), moved.totals, base.totals))
    return pd.DataFrame(rows)


def _row(
    lever: str, before: float, after: float, now: Mapping[str, float], base: Mapping[str, float]
) -> dict[str, object]:
    people = max(now["people"], 1.0)
    shares = {name: now[name] / people for name in ("reached", "understood", "acted")}
    saved = sum(now[name] - base[name] for name in ("avoided", "value_moved"))
    row = {"lever": lever, "before": before, "after": after}
    return row | shares | {"more": now["acted"] - base["acted"], "saved": saved}
