"""The policies of the maturity model as data: by stage and sub-dimension, with what they cost and how they fade."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STAGES = "SMART"
"""The stages in order, by the letters that policy codes use: Starting, Moderate, Advanced, Robust, verTebrate."""


@dataclass(frozen=True)
class Policy:
    """One policy; `cost` [million DKK, symbolic] and `decay` [share a year] are assumptions with ranges."""

    code: str
    name_da: str
    name_en: str
    cost: float
    cost_range: tuple[float, float]
    decay: float
    decay_range: tuple[float, float]
    source: str
    note: str = ""

    @property
    def sub(self) -> str:
        """Return the sub-dimension, such as L1."""
        return self.code[:2]

    @property
    def stage(self) -> str:
        """Return the letter of the stage."""
        return self.code[2]


@dataclass(frozen=True, eq=False)
class RoadMap:
    """Policies in order, and as arrays: `cost`, `decay` (policy), `before` (policy, policy).

    A row of `before` holds the weights of the policies that a policy rests on: those of the nearest earlier stage of
    its sub-dimension, equal, with the sum 1; all 0 where no earlier policy is known.
    """

    policies: tuple[Policy, ...]
    cost: Floats
    decay: Floats
    before: Floats

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the policies' codes in order."""
        return tuple(policy.code for policy in self.policies)

    def under(self, key: str) -> NDArray[np.bool_]:
        """Return which policies' codes begin with `key` (policy): a dimension, sub-dimension, stage of one, or code."""
        return np.array([policy.code.startswith(key) for policy in self.policies], bool)


def lay_out(policies: Iterable[Policy]) -> RoadMap:
    """Return policies as a road map, in the order of sub-dimension, stage and number."""
    order = tuple(sorted(policies, key=lambda each: (each.sub, STAGES.index(each.stage), each.code)))
    before = np.zeros((len(order), len(order)))
    for row, policy in enumerate(order):
        rests_on = [column for column, other in enumerate(order) if other.stage == _stage_before(policy, order)
                    and other.sub == policy.sub]  # fmt: skip
        before[row, rests_on] = 1.0 / max(1, len(rests_on))
    cost, decay = (np.array([getattr(each, name) for each in order], float) for name in ("cost", "decay"))
    return RoadMap(order, cost, decay, before)


def _stage_before(policy: Policy, policies: Iterable[Policy]) -> str | None:
    earlier = STAGES[: STAGES.index(policy.stage)]
    known = {other.stage for other in policies if other.sub == policy.sub}
    return next((stage for stage in reversed(earlier) if stage in known), None)


def changed(road: RoadMap, costs: Mapping[str, float], decays: Mapping[str, float]) -> RoadMap:
    """Return the road map with other costs [million DKK] and decays [share a year] by code."""
    return lay_out(
        replace(each, cost=costs.get(each.code, each.cost), decay=decays.get(each.code, each.decay))
        for each in road.policies
    )


@cache
def tables() -> Mapping[str, dict[str, Any]]:
    """Return the tables of `policies.toml`; not to be changed."""
    return tomllib.loads(resources.files("genrejs.assessment").joinpath("policies.toml").read_text(encoding="utf-8"))


@cache
def road_map() -> RoadMap:
    """Return the policies that could be read."""
    data = tables()
    return lay_out(
        policy_of(code, row, data["stage"][code[2]]["cost"], data["sub"][code[:2]]["decay"])
        for code, row in data["policy"].items()
    )


def policy_of(code: str, row: Mapping[str, Any], cost: list[float], decay: list[float]) -> Policy:
    """Return the policy of a row; `cost` and `decay` are [value, lowest, highest]."""
    source = row.get("source", tables()["site"].get(code[0], ""))
    return Policy(
        code, row["da"], row["en"], cost[0], (cost[1], cost[2]), decay[0], (decay[1], decay[2]), source,
        row.get("note", ""),
    )  # fmt: skip


def subs() -> tuple[str, ...]:
    """Return the ten sub-dimensions in order."""
    return tuple(tables()["sub"])


def unread(road: RoadMap) -> tuple[str, ...]:
    """Return the sub-dimensions without a policy."""
    known = {policy.sub for policy in road.policies}
    return tuple(sub for sub in subs() if sub not in known)
