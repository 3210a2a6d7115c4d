"""What may be chosen about the way back; every figure without a source is an assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from genrejs.errors import InputError
from genrejs.impact.service import CascadeSettings

PRIORITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "life": ("life", "people", "vulnerable", "cheapest"),
        "people": ("people", "cheapest"),
        "vulnerable": ("vulnerable", "people", "cheapest"),
        "cheapest": ("cheapest", "people"),
        "given": ("given", "life", "people", "vulnerable", "cheapest"),
    }
)
"""Priority rules as data: criteria in the order in which they decide between two repairs."""

LIFE_ORDER = (
    "hospital",
    "rescue",
    "power",
    "telecom",
    "water",
    "wastewater",
    "heat",
    "care",
    "digital",
    "roads",
    "school",
)
"""Services in the order in which lives hang on them, homes last (assumption)."""


@dataclass(frozen=True)
class RecoverySettings:
    """Rules, times and rates of the way back; times in hours or days as named in each comment."""

    horizon_days: int = 730  # d that the recovery is followed
    hourly_days: int = 14  # d with one value an hour, thereafter one a day
    priority: str = "life"  # one of PRIORITIES
    order: tuple[str, ...] = ()  # ids of components in the order of the rule "given"; others come after them
    life_order: tuple[str, ...] = LIFE_ORDER
    working_day: float = 10.0  # h of work per crew and day (assumption)
    gang: int = 4  # crews that can work on one lifeline component at once (assumption)
    cyber_clean_up: float = 40.0  # crew-hours of trade "it" per attacked component before it may restart (assumption)
    water_leaves: float = 24.0  # h until the water has left the buildings (assumption)
    clean_up: float = 276.0  # person-hours per flooded home (national survey, FACTS 15)
    household_hands: float = 2.0  # people of the household who clean up (assumption)
    most_helpers: float = 10.0  # volunteers that one home can use at once (assumption)
    helping_day: float = 8.0  # h of clean-up per person and day (assumption)
    acted_saving: float = 0.3  # share of the clean-up saved where the household acted on the warning (assumption)
    drying_days: float = 45.0  # d from clean to dry enough to rebuild (assumption)
    claim_days: float = 180.0  # d from a clean home to an approved insurance claim and a contract (assumption)
    firm_claim_days: float = (
        30.0  # d likewise for buildings that nobody lives in: agents settle firms first (assumption)
    )
    permit_days: float = 0.0  # d from the claim to a building permit; repairs as before need none (assumption)
    return_days: float = 126.0  # d, mean, from a repaired home to moving back at no social capital (assumption)
    social_gain: float = 1.0  # g in the rate (1 + g S) at which neighbours speed the return (own form, FACTS 9.4)
    regained: float = 0.95  # F at which the city has bounced back (definition)
    held_days: float = 7.0  # d that F must stay there (definition)
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # by service, 1 where unnamed
    cascade: CascadeSettings = field(default_factory=CascadeSettings)
    four_r: bool = False  # run the counterfactuals of redundancy and resourcefulness too

    def __post_init__(self) -> None:
        if self.priority not in PRIORITIES:
            raise InputError(f"recovery.priority is '{self.priority}'; accepted are {', '.join(PRIORITIES)}.")
        if self.priority == "given" and not self.order:
            raise InputError("recovery.priority is 'given'; recovery.order must name components in their order.")
        if not 0 < self.hourly_days < self.horizon_days:
            raise InputError(
                f"recovery.horizon_days is {self.horizon_days}; it must be above the {self.hourly_days} hourly days."
            )
        if not 0 < self.working_day <= 24 or self.gang < 1:
            raise InputError(
                "A working day must be above 0 and at most 24 hours, and at least one crew works on a task."
            )
