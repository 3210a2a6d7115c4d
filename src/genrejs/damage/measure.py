"""What a measure is worth: the same buildings under the maps before and after it, and money over its years."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from genrejs.appraisal.economics import worth
from genrejs.damage.result import Assessment
from genrejs.errors import InputError


@dataclass(frozen=True)
class Measure:
    """What a measure costs: `cost` [DKK] in year 0, `upkeep` [DKK/year], `lifetime` and period `years` [year].

    Bought again at the end of its life; what is left at the end of the period counts by the share of its life
    (straight line, assumption). `tax_distortion` on public money: 10 % (Ministry of Finance 2017).
    """

    cost: float
    upkeep: float = 0.0
    lifetime: int = 50
    years: int = 50
    tax_distortion: float = 0.10

    def __post_init__(self) -> None:
        if not (math.isfinite(self.cost) and self.cost >= 0 and math.isfinite(self.upkeep) and self.upkeep >= 0):
            raise InputError(f"Cost and upkeep of a measure are 0 DKK or more; got {self.cost} and {self.upkeep}.")
        if self.lifetime < 1 or self.years < 1:
            raise InputError(f"Lifetime and period are 1 year or more; got {self.lifetime} and {self.years}.")


def compare(before: Assessment, after: Assessment) -> pd.DataFrame:
    """Return each category's loss before and after [DKK, an average year's or the only map's] and what is avoided.

    Raises
    ------
    InputError
        One of the two has an average year and the other has not.
    """
    tables = []
    for result in (before, after):
        table = result.totals[result.totals["group"].isin(["all", "category"])]
        annual = table[table["annual"]]
        tables.append((bool(len(annual)), annual if len(annual) else table))
    if tables[0][0] != tables[1][0]:
        raise InputError("Give return periods for the maps before and after a measure, or for none of them.")
    periods = [[row["return_period_years"] for row in result.summary["by_return_period"]] for result in (before, after)]
    if periods[0] != periods[1]:
        first, second = (", ".join(f"{period:g}" for period in given) for given in periods)
        raise InputError(
            f"The maps before a measure have the return periods {first} years, those after it {second}; give the same."
        )
    keys = ["group", "value"]
    for k, (result, (yearly, table)) in enumerate(zip((before, after), tables, strict=True)):
        sectors = result.sectors[result.sectors["annual"].astype(bool) == yearly]
        extra = pd.DataFrame({"group": "sector", "value": sectors["sector"], "loss_dkk": sectors["loss_dkk"]})
        whole = table.assign(loss_dkk=table["loss_dkk"] + (table["group"] == "all") * float(sectors["loss_dkk"].sum()))
        both = pd.concat([whole, extra], ignore_index=True)
        tables[k] = (yearly, both.astype({"loss_dkk": float}))
    left, right = (table.set_index(keys)["loss_dkk"] for _, table in tables)
    joined = pd.DataFrame({"before_dkk": left, "after_dkk": right}).fillna(0.0).reset_index()
    return joined.assign(avoided_dkk=joined["before_dkk"] - joined["after_dkk"])


def appraise(before: Assessment, after: Assessment, measure: Measure) -> Mapping[str, Any]:
    """Return what the measure is worth: the loss that it avoids every year against what it costs.

    The loss of an average year is held over the period: no climate change is in it unless the maps have it.

    Raises
    ------
    InputError
        There is no average year, because the maps have no return periods.
    """
    if before.summary["annual"] is None or after.summary["annual"] is None:
        raise InputError("What a measure is worth needs an average year: give the maps' return periods (100=d.tif).")
    avoided = before.summary["annual"]["whole_dkk"] - after.summary["annual"]["whole_dkk"]
    benefits, costs = np.full(measure.years + 1, avoided), np.full(measure.years + 1, measure.upkeep)
    benefits[-1], costs[-1] = 0.0, 0.0  # the last entry is the end of the period, which holds what is left
    bought = np.arange(0, measure.years, measure.lifetime)
    costs[bought] += measure.cost
    costs[-1] -= measure.cost * (bought[-1] + measure.lifetime - measure.years) / measure.lifetime
    found = worth(benefits, costs, tax_distortion=measure.tax_distortion)
    return {
        "avoided_dkk_per_year": avoided,
        "cost_dkk": measure.cost,
        "upkeep_dkk_per_year": measure.upkeep,
        "lifetime_years": measure.lifetime,
        "period_years": measure.years,
        "present_benefit_dkk": found.benefit,
        "present_cost_dkk": found.cost,
        "npv_dkk": found.npv,
        "benefit_cost": _number(found.benefit_cost),
        "internal_rate": _number(found.rate.value),
        "internal_rate_because": found.rate.reason,
        "payback_years": _number(found.payback),
        "discounted_payback_years": _number(found.discounted_payback),
    }


def with_measure(before: Assessment, after: Assessment, measure: Measure | None) -> Assessment:
    """Return `before` with the table "measure" of what is avoided, and with what it is worth where a cost is given.

    Raises
    ------
    InputError
        See `compare` and `appraise`.
    """
    table = compare(before, after)
    told: dict[str, Any] = {"categories": table.to_dict("records")}
    if measure is not None:
        told |= appraise(before, after, measure)
    return replace(before, summary={**before.summary, "measure": told}, more={**before.more, "measure": table})


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
