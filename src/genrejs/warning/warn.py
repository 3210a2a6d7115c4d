"""Warn the city: who hears in time, who understands, who acts, and how much loss that avoids."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.hazard.event import Event
from genrejs.impact.people import AGES, harmed
from genrejs.impact.result import Impact
from genrejs.warning.actions import (
    able_in_time,
    action_table,
    by_age,
    damage_avoided,
    held,
    homes,
    people_in,
    share_of_households,
    value_moved,
)
from genrejs.warning.channels import (
    CHANNELS,
    GROUPS,
    MINUTE,
    NEIGHBOURS,
    WarningSettings,
    channels,
    contacts,
    decision_time,
    working,
)
from genrejs.warning.diffusion import Channel, first_told, spread, together, told_by_each
from genrejs.warning.ladder import STEPS, Ladder, Spread, climb
from genrejs.warning.result import Warned

Floats = NDArray[np.float64]

LANGUAGES = ("da", "other")


def warn(city: City, event: Event, impact: Impact, settings: WarningSettings | None = None) -> Warned:
    """Return who heard of `event` in time, understood and acted, and the damage of `impact` that this avoided [DKK].

    The clock of the warning starts with the event; the water comes after the event's lead time.
    """
    settings = settings or WarningSettings()
    who = held(city)
    endangered = harmed(city, impact.buildings)[who.place]
    everybody, at_risk = people_in(who, np.ones(len(endangered), dtype=bool)), people_in(who, endangered)
    sent = decision_time(city, event, settings)
    works = working(city, event, sent * MINUTE)
    left = event.lead_time / MINUTE - sent
    ways = channels(city.preparedness, works, at_risk.sum(), float(endangered.sum()), settings)
    adults = everybody[:, 1:].ravel()
    spoken = spread_by(ways, contacts(city.preparedness, adults, settings), left, settings)
    ladder = climb(city.preparedness, spoken, settings)
    households = share_of_households(who, ladder.acted)
    saved = homes(city, impact, endangered, settings)
    avoided = damage_avoided(who, saved, households, settings)
    counted = at_risk if at_risk.sum() > 0 else everybody
    totals = step_totals(counted, ladder) | {
        "people_at_risk": float(at_risk.sum()), "minutes": max(left, 0.0), "broadcast_works": works.ordered,
        "telecom_works": works.telecom, "avoided": avoided,
        "value_moved": value_moved(saved, households, settings),
    }  # fmt: skip
    return Warned(
        group_table(counted, ladder),
        pd.DataFrame({"acted": households}, index=city.households.index),
        heard_curve(spoken.heard, adults),
        avoided,
        totals,
        channel_table(counted, spoken),
        action_table(who, saved, able_in_time(city.preparedness, spoken, ladder, settings), households, settings),
    )


def spread_by(ways: tuple[Channel, ...], contact: Floats, left: float, settings: WarningSettings) -> Spread:
    """Return how the message spreads by `ways` and `contact` ``(group, group)`` in the `left` minutes."""
    each = told_by_each(ways, int(np.clip(left, 0, settings.horizon)), len(GROUPS))
    return Spread(each, spread(together(each), contact, telling=settings.telling), left)


def step_totals(people: Floats, ladder: Ladder) -> dict[str, float]:
    """Return the number of `people` ``(language, age)``, and of those on each step of the ladder."""
    counts = {name: float((people * by_age(getattr(ladder, name))).sum()) for name in STEPS}
    return counts | {"people": float(people.sum())}


def group_table(people: Floats, ladder: Ladder) -> pd.DataFrame:
    """Return a row for each language and age: its `people` and the share of them on each step of the ladder."""
    index = pd.MultiIndex.from_product([LANGUAGES, AGES], names=["language", "age"])
    columns = {"people": people.ravel()} | {name: by_age(getattr(ladder, name)).ravel() for name in STEPS}
    return pd.DataFrame(columns, index=index).reset_index()


def channel_table(people: Floats, spoken: Spread) -> pd.DataFrame:
    """Return the `people` ``(language, age)`` whom each way told `first`, and whom it would have told `alone`.

    Nobody hears from a neighbour alone: the first must hear in another way.
    """
    groups = np.column_stack([people[:, 0] + people[:, 1], people[:, 2]]).ravel()
    alone = np.append(spoken.each[:, -1] @ groups, 0.0)
    names = [*CHANNELS, NEIGHBOURS]
    return pd.DataFrame({"channel": names, "first": first_told(spoken.each, spoken.heard) @ groups, "alone": alone})


def heard_curve(heard: Floats, people: Floats) -> pd.DataFrame:
    """Return the share of all adults and seniors who have heard, by minute since the warning was sent."""
    weight = people / people.sum() if people.sum() > 0 else np.full(people.size, 1.0 / people.size)
    return pd.DataFrame({"minute": np.arange(len(heard)), "heard": heard @ weight})
