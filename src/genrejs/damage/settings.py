"""Every constant of the damage model that a user may set, by room: ``damage.minimum_depth=0.20``."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from genrejs.appraisal.equity import EquitySettings
from genrejs.appraisal.payers import PayerSettings
from genrejs.errors import InputError
from genrejs.impact.damage import DamageSettings
from genrejs.impact.health import HealthSettings
from genrejs.impact.infrastructure import InfrastructureSettings
from genrejs.impact.prices import PriceSettings
from genrejs.impact.roads import StretchSettings
from genrejs.impact.sectors import SectorSettings
from genrejs.impact.uncertainty import Spread


@dataclass(frozen=True)
class Settings:
    """The settings of every part; defaults are the sources' own or stated assumptions."""

    damage: DamageSettings = field(default_factory=DamageSettings)
    spread: Spread = field(default_factory=Spread)
    prices: PriceSettings = field(default_factory=PriceSettings)
    sectors: SectorSettings = field(default_factory=SectorSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    roads: StretchSettings = field(default_factory=StretchSettings)
    infrastructure: InfrastructureSettings = field(default_factory=InfrastructureSettings)
    payers: PayerSettings = field(default_factory=PayerSettings)
    equity: EquitySettings = field(default_factory=EquitySettings)


NOT_USED = {
    "health.work_hours", "health.travel_hours", "health.sick_hours", "health.holiday_hours", "health.time_cost",
    "sectors.closed_days", "sectors.day_wage", "sectors.neighbour_distance", "sectors.neighbour_share",
    "sectors.perimeter_share", "sectors.minimum_depth", "health.minimum_depth",
}  # fmt: skip
"""Settings of rooms below that an assessment does not use, or takes from the damage's own."""


def alike(settings: Settings) -> Settings:
    """Return the settings with one minimum depth for all: the damage's."""
    least = settings.damage.minimum_depth
    return replace(
        settings,
        sectors=replace(settings.sectors, minimum_depth=least),
        health=replace(settings.health, minimum_depth=least),
    )


def set_words(settings: Settings, words: Iterable[str]) -> Settings:
    """Return the settings with every ``part.name=number`` of `words` replaced; without a part it is the damage's.

    Raises
    ------
    InputError
        A word has no ``=``, names nothing that can be set, or gives no number.
    """
    for word in words:
        name, sign, text = word.partition("=")
        part, dot, key = name.strip().rpartition(".")
        part = part if dot else "damage"
        known = names(settings)
        if not sign or f"{part}.{key}" not in known:
            near = difflib.get_close_matches(f"{part}.{key}", known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}."
            raise InputError(f"There is no setting {name!r} of the damage model; {hint}")
        settings = _replaced(settings, part, key, _number(text, word))
    return settings


def names(settings: Settings) -> list[str]:
    """Return every setting that is a number, as ``part.name``."""
    return list(_values(settings))


def _values(settings: Settings) -> dict[str, float | None]:
    parts = {part.name: getattr(settings, part.name) for part in dataclasses.fields(settings)}
    return {
        f"{part}.{field.name}": getattr(held, field.name)
        for part, held in parts.items()
        for field in dataclasses.fields(held)
        if field.type in ("int", "float", "float | None") and f"{part}.{field.name}" not in NOT_USED
    }


def told(settings: Settings) -> dict[str, float | None]:
    """Return every number that may be set and what it is, for the summary."""
    return _values(settings)


def _number(text: str, word: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise InputError(f"The setting {word!r} needs a number of 0 or more.")
    return value


def _replaced(settings: Settings, part: str, key: str, value: float) -> Settings:
    held: Any = getattr(settings, part)
    whole = isinstance(getattr(held, key), int)
    if whole and not value.is_integer():
        raise InputError(f"The setting {part}.{key} is a whole number; got {value:g}.")
    given: Any = int(value) if whole else value
    changed: Any = {part: replace(held, **{key: given})}
    return replace(settings, **changed)
