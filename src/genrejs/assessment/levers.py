"""What maturity does in the city model, where somebody asks for it: an open table of assumptions, never a default."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genrejs.assessment.policies import Floats, RoadMap, tables
from genrejs.city.model import City
from genrejs.city.preparedness import Preparedness
from genrejs.measure.prepare import HEADS


@dataclass(frozen=True)
class Lever:
    """A lever of preparedness: its value without the policies, and with them at the levels that the city has."""

    name: str
    name_da: str
    name_en: str
    unit: str
    without: float
    now: float
    policies: tuple[str, ...]


def levers(road: RoadMap, level: Floats, preparedness: Preparedness | None = None) -> tuple[Lever, ...]:
    """Return every lever of the table; each goes from where the city has it towards its full value, never back."""
    has = preparedness or Preparedness()
    at = dict(zip(road.codes, level.tolist(), strict=True))
    found = []
    for name, row in tables()["lever"].items():
        without = float(getattr(has, name))
        better = min if row["better"] == "low" else max
        full = better(without, float(row["full"]))
        part = float(np.mean([at.get(code, 0.0) for code in row["policies"]]))
        now = without + part * (full - without)
        now = float(round(now)) if name in HEADS else now
        found.append(Lever(name, row["da"], row["en"], row["unit"], without, now, tuple(row["policies"])))
    return tuple(found)


def prepared(city: City, road: RoadMap, level: Floats) -> City:
    """Return the city with its preparedness at what these policy levels (policy) are assumed to give."""
    moved = {each.name: each.now for each in levers(road, level, city.preparedness)}
    return city.prepare(**{name: int(value) if name in HEADS else value for name, value in moved.items()})
