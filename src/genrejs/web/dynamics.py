"""City dynamics: the policies and areas as a page must know them, and a plan's years in answer to a plan."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from genrejs.assessment.maturity import COUNTED, THRESHOLD, known_stages
from genrejs.assessment.outcome import ASSUMPTION, play
from genrejs.assessment.plan import BUDGET, FIRST, MOST_BUDGET, YEARS, check_plan
from genrejs.assessment.policies import STAGES, road_map, tables
from genrejs.web.problems import RESPONSES, Problem

MOST_YEARS = 40
"""[year] a plan from the net may have; the command takes more."""
MOST_SHARES = 60
BUSY = "Many plans are being compared already; try again in a moment."
AT_ONCE = BoundedSemaphore(2)
"""Comparisons at once: each takes a fifth of a second of one core. None waits: it would hold a thread of the tiles'."""

router = APIRouter(responses=RESPONSES, tags=["dynamics"])
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=0.0, le=MOST_BUDGET, allow_inf_nan=False)]
Area = Annotated[str, Field(pattern="^[LPIC]([1-4]([SMART][1-9]?)?)?$")]


class PeriodAsked(BaseModel):
    """Years in a row with the same split of the money."""

    model_config = ConfigDict(extra="forbid")
    years: int = Field(4, ge=1, le=MOST_YEARS, description="how many years it lasts")
    budget: Money = Field(BUDGET, description="million DKK a year, symbolic")
    split: dict[Area, Share] = Field(
        max_length=MOST_SHARES, description="shares by the start of policy codes, such as L, L1, L1S or L1S1; 1 at most"
    )
    rule: Literal["road-map", "even"] = Field("road-map", description="how an area's money is shared over its policies")


class PlanAsked(BaseModel):
    """A plan: periods one after the other."""

    model_config = ConfigDict(extra="forbid")
    first_year: int = Field(FIRST, ge=1900, le=2200)
    period: list[PeriodAsked] = Field(min_length=1, max_length=MOST_YEARS)
    start: dict[Area, Share] = Field(default_factory=dict, max_length=MOST_SHARES, description="levels at the start")
    compare: bool = Field(False, description="also look for the best way to spend the same money")


@router.get("/api/dynamics")
def dynamics_told() -> dict[str, Any]:
    """Return stages, areas and policies with their words, costs and decays, and what a plan is without a choice."""
    return _told()


@router.post("/api/dynamics")
def dynamics_played(asked: PlanAsked) -> dict[str, Any]:
    """Return the years of a plan: levels, stages, where the money went, what was bought too early."""
    if sum(period.years for period in asked.period) > MOST_YEARS:
        raise Problem(400, f"A plan may have {MOST_YEARS} years at most here.")
    plan = check_plan(asked.model_dump(exclude={"compare"}))
    if not asked.compare:
        return play(plan, best=False).summary
    if not AT_ONCE.acquire(blocking=False):
        raise Problem(503, BUSY, headers={"Retry-After": "2"})
    try:
        return play(plan).summary
    finally:
        AT_ONCE.release()


@cache
def _told() -> dict[str, Any]:
    road, words = road_map(), tables()
    return {
        "assumption": ASSUMPTION,
        "threshold": THRESHOLD, "counted": COUNTED,
        "stages": [{"id": stage, **_names(words["stage"][stage]),
                    "means_da": words["stage"][stage]["means_da"], "means_en": words["stage"][stage]["means_en"]}
                   for stage in STAGES],
        "dimensions": [{"id": name, **_names(row)} for name, row in words["dimension"].items()],
        "subs": [{"id": name, **_names(row), "known": list(known_stages(road, name))}
                 for name, row in words["sub"].items()],
        "policies": [
            {"code": each.code, "sub": each.sub, "stage": each.stage, "name_da": each.name_da, "name_en": each.name_en,
             "cost": each.cost, "cost_range": list(each.cost_range), "decay": each.decay,
             "decay_range": list(each.decay_range), "source": each.source, "note": each.note}
            for each in road.policies
        ],
        "defaults": {"years": YEARS, "budget": BUDGET, "first_year": FIRST},
        "sources": dict(words["site"]),
    }  # fmt: skip


def _names(row: dict[str, Any]) -> dict[str, str]:
    return {"name_da": row["da"], "name_en": row["en"]}
