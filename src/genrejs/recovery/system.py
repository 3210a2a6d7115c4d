"""A system of components that offer, need and repair: what a user describes, and the arrays that the engine reads.

Terms after iRe-CoDeS (Blagojević et al. 2021, 2022): a component has a recovery model (activities, one of them the
repair), offers resources (supply) and needs some to operate (operation demand) and to recover (recovery demand). A
relation turns one share into another: damage into functionality, functionality or met demand into an amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from genrejs.recovery.engine_plan import Plan

RELATIONS = ("Constant", "Linear", "ReverseLinear", "Binary", "ReverseBinary", "MultipleStep")
"""In the order of the engine's codes: 1, x, 1 - x, 1 where x = 1, 1 where x = 0, a table of steps (damage only)."""
REPAIR = "Repair"


@dataclass(frozen=True)
class Amount:
    """`amount` of a `resource` [its unit per step] in an undamaged component.

    `functionality` and `unmet` name the relations from functionality and from met demand (supply only) to the share
    that is left; `consumable`: what is used is gone; `calls`: the need rises with emergency calls.
    """

    resource: str
    amount: float
    functionality: str = "Constant"
    unmet: str = "Constant"
    consumable: bool = False
    calls: bool = False


@dataclass(frozen=True)
class Activity:
    """An activity of `duration` [steps], the median where `dispersion` (of the logarithm) is above 0.

    It begins when all of `after` are done and uses the resources `needs` all along.
    """

    name: str
    duration: float
    dispersion: float = 0.0
    after: tuple[str, ...] = ()
    needs: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of component. `model`: "activities", "none" (never hurt) or "interface" (follows a given course)."""

    name: str
    model: str = "activities"
    relation: str = "Constant"
    steps: tuple[tuple[float, float], ...] = ()
    activities: tuple[Activity, ...] = ()
    supply: tuple[Amount, ...] = ()
    demand: tuple[Amount, ...] = ()
    bridge: bool = False


@dataclass(frozen=True)
class Part:
    """A component: its `kind`, `locality` (one number, or from and to), and which others share its random `draw`.

    `work` are the steps in which its repair is looked at, None for all.
    """

    kind: Kind
    locality: tuple[int, ...]
    draw: int
    work: tuple[int, ...] | None = None

    @property
    def label(self) -> str:
        """Name and place, for people."""
        return f"{self.kind.name} in {'-'.join(map(str, self.locality))}"


@dataclass(frozen=True)
class Resource:
    """How a resource is shared: `model` "utility" (by priority, anywhere), "housing", "bridge" or "transfer".

    `priority` are rows (component, operation True or recovery False); `service` the transfer service it travels by;
    `paths` from (from, to) to lists of localities; `open` the steps in which it is shared, None for all.
    """

    name: str
    model: str = "utility"
    group: str = "Utilities"
    priority: tuple[tuple[int, bool], ...] = ()
    service: str | None = None
    paths: Mapping[tuple[int, int], tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    open: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Goal:
    """`resource` is back when more than the share `level` of its demand is met and stays so."""

    resource: str
    level: float
    scope: str = "All"


@dataclass(frozen=True)
class Description:
    """A system as described: components, resources in order, damage by component (NaN: not given), and the clock."""

    parts: tuple[Part, ...]
    resources: tuple[Resource, ...]
    damage: tuple[float, ...]
    start: int = 0
    stop: int = 500
    disaster: int = 1
    measured: tuple[tuple[str, str], ...] = ()
    goals: tuple[Goal, ...] = ()


@dataclass(frozen=True)
class RecoverySystem:
    """A system ready to run: `plan` for the engine; `median` [step], `dispersion` and `draw` of each activity.

    `scopes` are the places a measure may look at, "All" first.
    """

    description: Description
    plan: Plan
    median: NDArray[np.float64]
    dispersion: NDArray[np.float64]
    draw: NDArray[np.int64]
    scopes: tuple[str, ...]

    @property
    def resources(self) -> tuple[str, ...]:
        """Names of the resources in the engine's order."""
        return tuple(one.name for one in self.description.resources)

    @property
    def random(self) -> bool:
        """Whether any duration is drawn."""
        return bool((self.dispersion > 0).any())
