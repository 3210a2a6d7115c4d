"""A measure is data plus one small function that changes a named mechanism of the city, never an indicator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from genrejs.city.model import City

Apply = Callable[[City, Mapping[str, float]], City]
"""A measure's function: the city and the settings in, the changed city out."""

KINDS = ("physical", "digital", "social", "economic", "organisational")
"""Kinds of measures."""

PRINCIPLES = ("added_value", "long_term", "consequences", "flexible", "partnership")
"""Vejle's five principles (vejle.dk/om-kommunen/projekter-i-vejle/155129), on which each measure is scored 0-3."""

SERVES = 2
"""Score from which a measure is said to serve a principle."""

ACTORS = ("public", "private", "citizen")
"""Who carries a measure out; several may."""

PAYERS = ("utility", "state", "eu", "foundation", "municipality", "owners")
"""Who may pay for a measure."""


@dataclass(frozen=True)
class AddedValue:
    """A benefit on ordinary days [DKK/year], with where the figure comes from."""

    name_da: str
    name_en: str
    yearly: float
    source: str


@dataclass(frozen=True)
class Counted:
    """A benefit that is counted because no price of it has a source: `amount` [`unit`] and where it comes from."""

    name_da: str
    name_en: str
    amount: float
    unit: str
    source: str


@dataclass(frozen=True)
class Measure:
    """What a city can do: money in DKK (`price_year`), times in years, the mechanism in words, the evidence.

    `pillar` co-creating, climate, social or smart; `kind` one of KINDS; `changes` names the parts of the city that
    `apply` changes ("structures", "terrain", "buildings", "households", "components", "links", "open_sea",
    "preparedness.x").
    `cost_range` is the lowest and highest cost [DKK], `acts` who carries it out (ACTORS), `funding` the share 0..1 that
    each of PAYERS may pay, with `funding_source`.
    `evidence` is model, observational, quasi-experiment or none; `failure` says how it has failed or may fail,
    `conditions` what it needs to work, `derived` what it brings to others.
    `limits` holds the lowest and highest value accepted of each setting; `scores` how far it serves each of PRINCIPLES,
    0 to 3, and `why`.
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
    cost_range: tuple[float, float]
    acts: tuple[str, ...]
    funding: Mapping[str, float]
    funding_source: str
    scores: Mapping[str, int]
    why_da: str
    why_en: str
    conditions_da: str
    conditions_en: str
    derived_da: str
    derived_en: str
    counted: tuple[Counted, ...] = ()

    @property
    def principles(self) -> tuple[str, ...]:
        """The principles that the measure serves: those with a score of 2 or 3."""
        return tuple(name for name in PRINCIPLES if self.scores[name] >= SERVES)


@dataclass(frozen=True)
class Strategy:
    """Measures carried out together, in order; `removes` undoes structures that stand today (as in 2012)."""

    id: str
    name_da: str
    name_en: str
    measures: tuple[str, ...]
    removes: tuple[str, ...] = ()
