"""How mature the city is, by a stated rule: a stage is reached when all its policies, and all before, are in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from genrejs.assessment.policies import STAGES, Floats, RoadMap, subs

THRESHOLD = 0.7
"""[share] a policy counts as in place from this level on (assumption, the source states no rule)."""
COUNTED = 4
"""A sub-dimension counts for the city when policies of so many of the five stages could be read (assumption)."""


@dataclass(frozen=True)
class Maturity:
    """The stages reached: 0 none, 1 S ... 5 T; None where no policy could be read.

    `stages` by sub-dimension; `counted` are those that the city's `lowest` and `median` stage rest on.
    """

    stages: Mapping[str, int | None]
    counted: tuple[str, ...]
    lowest: int
    median: float
    adopted: float


def judge(road: RoadMap, level: Floats, threshold: float = THRESHOLD) -> Maturity:
    """Return the maturity at a `level` (policy) in 0..1; `adopted` is the share of policies in place."""
    stages = {sub: reached(road, level, sub, threshold) for sub in subs()}
    counted = tuple(sub for sub in subs() if len(known_stages(road, sub)) >= COUNTED)
    numbers = [number for sub in counted if (number := stages[sub]) is not None] or [0]
    return Maturity(
        stages, counted, min(numbers), float(np.median(numbers)), float(np.mean(in_place(level, threshold)))
    )


def reached(road: RoadMap, level: Floats, sub: str, threshold: float = THRESHOLD) -> int | None:
    """Return the last stage of `sub` that is reached with all before it; stages without a known policy are passed."""
    if not known_stages(road, sub):
        return None
    number = 0
    for stage in known_stages(road, sub):
        if not in_place(level[road.under(sub + stage)], threshold).all():
            break
        number = STAGES.index(stage) + 1
    return number


def known_stages(road: RoadMap, sub: str) -> tuple[str, ...]:
    """Return the stages of a sub-dimension that have a known policy, in order."""
    known = {policy.stage for policy in road.policies if policy.sub == sub}
    return tuple(stage for stage in STAGES if stage in known)


def in_place(level: Floats, threshold: float = THRESHOLD) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which policies are in place; a hair below the threshold, by rounding, is at it."""
    return np.asarray(level >= threshold - 1e-12)
