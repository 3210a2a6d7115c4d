"""A measure is data plus one small function that changes a named mechanism of the city, never an indicator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from genrejs.city.model import City

Apply = Callable[[City, Mapping[str, float]], City]
"""A measure's function: the city and the settings in, the changed city out."""


@dataclass(frozen=True)
class AddedValue:
    """A benefit on ordinary days [DKK/year], with where the figure comes from."""

    name_da: str
    name_en: str
    yearly: float
    source: str


@dataclass(frozen=True)
class Measure:
    """What a city can do: money in DKK (`price_year`), times in years, the mechanism in words, the evidence.

    `pillar` co-creating, climate, social or smart; `kind` physical, social, digital or organisational; `changes` names
    the parts of the city that `apply` changes ("structures", "terrain", "buildings", "components", "links",
    "preparedness.x").
    `evidence` is model, observational, quasi-experiment or none; `failure` says how it has failed or may fail.
    `limits` holds the lowest and highest value accepted of each setting; `principles` Vejle's principles it serves
    (added_value, long_term, consequences, flexible, partnership).
    """

    id: str
    name_da: str
    name_en: str
    pillar: str
    kind: str
    cost: float
    upkeep: float
    lifetime: int
    lead_time: float
    price_year: int
    mechanism_da: str
    mechanism_en: str
    evidence: str
    source: str
    changes: tuple[str, ...]
    added_value: tuple[AddedValue, ...]
    apply: Apply
    settings: Mapping[str, float]
    limits: Mapping[str, tuple[float, float]]
    failure_da: str
    failure_en: str
    principles: tuple[str, ...]


@dataclass(frozen=True)
class Strategy:
    """Measures carried out together, in order; `removes` undoes structures that stand today (as in 2012)."""

    id: str
    name_da: str
    name_en: str
    measures: tuple[str, ...]
    removes: tuple[str, ...] = ()
