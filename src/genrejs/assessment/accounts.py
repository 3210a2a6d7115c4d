"""Where the money went, to the last krone, and which of it was spent before what it builds on was there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genrejs.assessment.dynamics import Course
from genrejs.assessment.maturity import judge
from genrejs.assessment.policies import Floats, RoadMap


@dataclass(frozen=True)
class Accounts:
    """Money [million DKK] by (year, policy); the four add up to what was given.

    `order` was lost because earlier policies were not in place, `repeated` met what was there already, `upkeep` made
    good what faded, `progress` raised the level (negative where it fell).
    """

    order: Floats
    repeated: Floats
    upkeep: Floats
    progress: Floats


def account(road: RoadMap, course: Course) -> Accounts:
    """Return the accounts of a course: exact, since the mean level over a year is."""
    working = course.money * course.works
    return Accounts(
        course.money - working, working * course.mean, road.cost * road.decay * course.mean,
        road.cost * np.diff(course.level, axis=0),
    )  # fmt: skip


@dataclass(frozen=True)
class Early:
    """Money [million DKK] on a policy before its time; `before` are the codes it builds on, `ready` their mean level.

    `ready` (0..1) is weighted by the money, so that it tells how it stood when the money came.
    """

    code: str
    lost: float
    before: tuple[str, ...]
    ready: float


def early(road: RoadMap, course: Course, first: int = 0, last: int | None = None) -> tuple[Early, ...]:
    """Return what was bought before its precedents in years first..last, the largest loss first."""
    lost = account(road, course).order[first:last].sum(axis=0)
    money = course.money[first:last]
    ready = (road.before @ course.level[:-1].T).T[first:last]
    found = [
        Early(
            code, float(lost[row]),
            tuple(other for other, weight in zip(road.codes, road.before[row], strict=True) if weight > 0),
            float(np.average(ready[:, row], weights=money[:, row])),
        )
        for row, code in enumerate(road.codes) if lost[row] > 1e-9
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-each.lost, each.code)))


def indicators(road: RoadMap, course: Course, first_year: int) -> list[dict[str, float]]:
    """Return one row a year, at its end: what is in place, the stages, and where the year's money went."""
    accounts = account(road, course)
    rows = []
    for year, level in enumerate(course.level[1:]):
        now = judge(road, level)
        rows.append(
            {
                "year": first_year + year, "adopted": now.adopted, "mean_level": float(level.mean()),
                "stage_lowest": now.lowest, "stage_median": now.median,
                "spent": float(course.money[year].sum()),
                **{name: float(getattr(accounts, name)[year].sum())
                   for name in ("order", "repeated", "upkeep", "progress")},
            }
        )  # fmt: skip
    return rows
