"""How an area's money is shared over its policies: by a stated rule, or by the player, who names policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from genrejs.assessment.maturity import in_place, known_stages
from genrejs.assessment.policies import STAGES, Floats, RoadMap

Rule = Callable[[RoadMap, Floats], Floats]
"""Return the weights (policy) by which policies draw on their area's money, given the level on 1 January."""


def even(road: RoadMap, level: Floats) -> Floats:
    """Return the policies' costs: each gets the same share of its price, whatever its stage."""
    return road.cost


def in_order(road: RoadMap, level: Floats) -> Floats:
    """Return what is still lacking, up to the first stage that is not reached: the order of the road map."""
    return road.cost * (1.0 - level) * open_policies(road, level)


def open_policies(road: RoadMap, level: Floats) -> Floats:
    """Return 1 for policies up to the first stage of their sub-dimension that is not in place, else 0 (policy)."""
    first = {sub: _first_open(road, level, sub) for sub in {policy.sub for policy in road.policies}}
    return np.array([float(STAGES.index(each.stage) <= first[each.sub]) for each in road.policies])


def _first_open(road: RoadMap, level: Floats, sub: str) -> int:
    for stage in known_stages(road, sub):
        if not in_place(level[road.under(sub + stage)]).all():
            return STAGES.index(stage)
    return len(STAGES)


RULES: Mapping[str, Rule] = {"road-map": in_order, "even": even}
"""The rules by name."""


def shared(road: RoadMap, split: Mapping[str, float], budget: float, rule: str, level: Floats) -> Floats:
    """Return the money (policy) [million DKK] of one year: `split` holds shares of `budget` by the start of codes."""
    weights, money = RULES[rule](road, level), np.zeros(len(road.policies))
    for key, share in split.items():
        under = road.under(key)
        own = np.where(under, weights, 0.0)
        if own.sum() <= 0:  # all is in place: what is left is upkeep, by cost
            own = np.where(under, road.cost, 0.0)
        money += budget * share * own / own.sum()
    return money
