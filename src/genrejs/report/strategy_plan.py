"""What the strategy document tells: a plan, its actions, what comes of them and how it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite

from genrejs.errors import InputError
from genrejs.measure.model import PAYERS, AddedValue, Counted, Measure
from genrejs.provenance import Provenance
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.tables import Table
from genrejs.report.texts import Phrase

PILLARS = ("co-creating", "climate", "social", "smart")
"""The four pillars of Vejle's resilience strategy 2016-2020, in its order."""

NOT_FOUND = "none"
"""Stands for the share of a cost that nobody is named to pay yet."""

MOST = 1 + 1e-9
"""Shares of a funding may sum to 1; what lies above is the rounding of sums of floats."""


@dataclass(frozen=True)
class Range:
    """An expected figure with its low and high end, such as a mean with its 5 and 95 % quantiles; same unit."""

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        if not all(isfinite(each) for each in (self.low, self.mid, self.high)) or self.low > self.high:
            raise InputError(
                f"A range needs three finite numbers, low not above high; got {self.low}, {self.mid}, {self.high}."
            )


@dataclass(frozen=True)
class Effect:
    """What one action gives a year; None where it was not computed.

    `damage_avoided` [DKK/year of `price_year`], `person_days_avoided` [day/year], with 5-95 % ranges; `added_value`
    [DKK/year] and what is only `counted`, on ordinary days.
    """

    damage_avoided: Range | None = None
    person_days_avoided: Range | None = None
    added_value: tuple[AddedValue, ...] = ()
    counted: tuple[Counted, ...] = ()


@dataclass(frozen=True)
class Action:
    """One action of the plan: begun in `year_begin`, at work from `year_works`.

    `cost` [DKK] and `upkeep` [DKK/year] in the plan's price year; `funding` the share 0..1 by PAYERS, the rest has no
    payer yet. `owner`, `partners` and `target` are left to the city where None or empty.
    Raises InputError for years or shares that cannot be.
    """

    measure: Measure
    year_begin: int
    year_works: int
    cost: Range
    upkeep: float
    funding: Mapping[str, float]
    effect: Effect
    why: Phrase
    indicator: Phrase | None = None
    target: Phrase | None = None
    owner: Phrase | None = None
    partners: tuple[Phrase, ...] = ()

    def __post_init__(self) -> None:
        if self.year_works < self.year_begin:
            raise InputError(
                f"The action '{self.measure.id}' works in {self.year_works}, before it begins in {self.year_begin}."
            )
        if self.cost.low < 0 or self.cost.mid < 0 or not (isfinite(self.upkeep) and self.upkeep >= 0):
            raise InputError(f"The action '{self.measure.id}' needs a cost and upkeep that are finite and 0 or more.")
        wrong = [name for name in self.funding if name not in PAYERS]
        shares = list(self.funding.values())
        if wrong or not all(0 <= share <= MOST for share in shares) or sum(shares) > MOST:
            raise InputError(
                f"The funding of '{self.measure.id}' must be shares 0 to 1 of {', '.join(PAYERS)} that sum to 1 at "
                f"most; got {dict(self.funding)}."
            )

    @property
    def name(self) -> Phrase:
        """The action's name."""
        return Phrase(self.measure.name_da, self.measure.name_en)

    @property
    def shares(self) -> dict[str, float]:
        """The share of the cost by payer, in the order of PAYERS, NOT_FOUND last; those of 0 left out."""
        paid = {name: float(self.funding.get(name, 0.0)) for name in PAYERS}
        rest = 1 - sum(paid.values())
        return {name: share for name, share in {**paid, NOT_FOUND: rest}.items() if share > 1e-9}


@dataclass(frozen=True)
class Outcomes:
    """What comes of the plan as a whole, over the futures; money in DKK of the plan's price year.

    `ead_*` expected damage [DKK/year] and `person_days_*` [day/year] in the years `now` and `future`, without and with
    the plan, with 5-95 % ranges; `cost` (less what is left at the end), `benefit` (damage avoided), `added_value` and
    the `tax` distortion of what is spent as present values [DKK].
    `pays` the share 0..1 of futures in which benefit and added value exceed the cost; `meets_goal` that in which the
    city's `goal` is met. `worst` the net present value [DKK] in the worst future, `worst_told` says which it is.
    """

    now: int
    future: int
    ead_now: Range
    ead_without: Range
    ead_with: Range
    person_days_now: Range
    person_days_without: Range
    person_days_with: Range
    cost: Range
    benefit: Range
    added_value: float
    tax: float
    pays: float
    worst: float
    worst_told: Phrase | None = None
    meets_goal: float | None = None
    goal: Phrase | None = None

    def __post_init__(self) -> None:
        shares = [self.pays] + ([self.meets_goal] if self.meets_goal is not None else [])
        if not all(isfinite(share) and 0 <= share <= 1 for share in shares):
            raise InputError(f"Shares of futures must be 0 to 1; got {shares}.")
        if (self.meets_goal is None) != (self.goal is None):
            raise InputError("A share of futures that meet a goal and the goal itself must be given together.")
        if not (isfinite(self.worst) and isfinite(self.added_value)):
            raise InputError("The added value and the worst net present value must be finite.")


@dataclass(frozen=True)
class Goal:
    """A goal that the city has set within one of PILLARS."""

    pillar: str
    text: Phrase


@dataclass(frozen=True)
class Drawing:
    """A drawing made elsewhere: SVG by language, and what it shows in words."""

    svg: Mapping[Language, bytes]
    alt: Phrase

    def __post_init__(self) -> None:
        if set(self.svg) != set(LANGUAGES):
            raise InputError(f"A drawing is needed in both languages, {', '.join(LANGUAGES)}; got {sorted(self.svg)}.")


@dataclass(frozen=True)
class Part:
    """Something told elsewhere: a drawing, tables and sentences."""

    drawing: Drawing | None = None
    tables: tuple[Table, ...] = ()
    said: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Basis:
    """Something that the figures rest on: what, its value, where it comes from, and whether it is an assumption."""

    what: Phrase
    value: Phrase
    source: Phrase
    assumed: bool


@dataclass(frozen=True)
class StrategyPlan:
    """All that the strategy document tells of the strategy chosen.

    `years` the first and last of the plan; `budget_yearly` the most that may be invested in one year by all payers
    [DKK/year], None where there is no such limit; `futures` and `pathways` how many were computed.
    `pathways_map`, `regret` and `discovered` (in which futures the plan fails) are told by `report.pathways_map`,
    `report.regret` and `report.discovery`; `change_course` what would make the city choose otherwise; `weights` what
    was weighed how.
    Raises InputError for a plan without actions and for years that do not fit.
    """

    city: Phrase
    title_da: str
    title_en: str
    years: tuple[int, int]
    price_year: int
    budget_yearly: float | None
    actions: tuple[Action, ...]
    outcomes: Outcomes
    futures: int
    pathways: int
    constructed: bool
    sources: tuple[Basis, ...]
    provenance: Provenance
    goals: tuple[Goal, ...] = ()
    pathways_map: Part = Part()
    regret: Part = Part()
    change_course: tuple[Phrase, ...] = ()
    discovered: Part = Part()
    weights: tuple[tuple[Phrase, Phrase], ...] = field(default=())

    def __post_init__(self) -> None:
        first, last = self.years
        if not self.actions or not first < last:
            raise InputError(
                f"A strategy needs one action or more and a first year before its last; got {len(self.actions)} "
                f"actions for {first}-{last}."
            )
        for action in self.actions:
            if not first <= action.year_begin <= last:
                raise InputError(
                    f"The action '{action.measure.id}' begins in {action.year_begin}; the plan runs {first}-{last}."
                )
        ids = [action.measure.id for action in self.actions]
        if len(set(ids)) != len(ids):
            raise InputError(f"Each action may stand in the plan once; got {ids}.")
        wrong = [name for name in self._pillars() if name not in PILLARS]
        if wrong:
            raise InputError(f"Unknown pillar '{wrong[0]}'; known are {', '.join(PILLARS)}.")
        if self.budget_yearly is not None and not self.budget_yearly >= 0:
            raise InputError(f"The yearly budget must be 0 or more; got {self.budget_yearly}.")
        _ = self.day

    def _pillars(self) -> list[str]:
        return [action.measure.pillar for action in self.actions] + [goal.pillar for goal in self.goals]

    @property
    def title(self) -> Phrase:
        """The title of the strategy."""
        return Phrase(self.title_da, self.title_en)

    @property
    def day(self) -> date:
        """The day that the result was made; raises InputError where the provenance has none."""
        try:
            return date.fromisoformat(self.provenance.created[:10])
        except ValueError as error:
            raise InputError(
                f"The provenance must say when it was created as YYYY-MM-DD; got '{self.provenance.created}'."
            ) from error

    def of_pillar(self, pillar: str) -> tuple[Action, ...]:
        """Return the actions of one pillar in the order in which they begin."""
        return tuple(each for each in self.in_order if each.measure.pillar == pillar)

    @property
    def in_order(self) -> tuple[Action, ...]:
        """The actions in the order in which they begin, then work, then stand in the plan."""
        return tuple(sorted(self.actions, key=lambda each: (each.year_begin, each.year_works)))
