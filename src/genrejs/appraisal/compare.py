"""Strategies side by side: expected losses now and in the future, what they cost, who is spared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.appraisal.economics import Flows, discount_factors, measure_flows, no_flows, present_value, price_factor
from genrejs.appraisal.equity import spared
from genrejs.appraisal.ranges import Yearly, expected_draws, npv_draws, quantiles
from genrejs.appraisal.result import Comparison
from genrejs.appraisal.risk import weights
from genrejs.errors import InputError
from genrejs.measure.model import Measure, Strategy

Floats = NDArray[np.float64]
Catalogue = Mapping[str, Measure]

RECORD_COLUMNS = ("strategy", "year", "hazard", "event", "frequency", "damage", "person_days", "residents_wet")
GROUP_COLUMNS = ("strategy", "year", "event", "group", "value", "people", "person_days")
YEARLY = ("damage", "person_days", "residents_wet")


class Loss(NamedTuple):
    """Expected damage [DKK/year], person-days [1/year] and people in wet homes [1/year], in the order of `YEARLY`."""

    damage: float
    person_days: float
    residents_wet: float


Expected = Mapping[tuple[str, int], Loss]


@dataclass(frozen=True)
class AppraisalSettings:
    """How strategies are judged; each an assumption unless its source is given."""

    now: int = 2026
    future: int = 2070
    price_year: int = 2024
    years: int = 50  # period of appraisal from `now` (assumption)
    tax_distortion: float = 0.10  # on public spending: Danish Ministry of Finance 2017
    tail: str = "closed"  # beyond the rarest event, see `risk.TAILS`
    harmless: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # 1/year, by hazard
    price_index: Mapping[int, float] | None = None  # index by year; without one, prices are taken as they stand
    baseline: str = "today"

    def __post_init__(self) -> None:
        if self.future <= self.now or self.years < 1:
            raise InputError(
                f"The future ({self.future}) must lie after now ({self.now}) and the period be 1 year or more; "
                f"got {self.years}."
            )
        if not 0 <= self.tax_distortion <= 1:
            raise InputError(f"The tax distortion is a share from 0 to 1; got {self.tax_distortion}.")


def compare(
    records: pd.DataFrame,
    groups: pd.DataFrame,
    strategies: Sequence[Strategy],
    measures: Catalogue,
    settings: AppraisalSettings | None = None,
) -> Comparison:
    """Return the strategies side by side over an event set.

    `records` has one row per strategy, year and event: `strategy, year, hazard, event`, `frequency` of exceedance
    [1/year] within the hazard's curve (rows without one are left out), `damage` [DKK], `person_days`, `residents_wet`;
    `groups` rows `strategy, year, event, group, value, people, person_days`. Hazards add up (assumed independent).

    Raises InputError for missing columns, years or strategies.
    """
    how = settings or AppraisalSettings()
    chosen = {strategy.id: strategy for strategy in strategies}
    points = _weighted(records, tuple(chosen), how)
    expected, drawn = _expected(points), expected_draws(points)
    flows = {id: strategy_flows(strategy, _standing(chosen, how), measures, how) for id, strategy in chosen.items()}
    against = (chosen[how.baseline], measures, how)
    rows = [_row(strategy, expected, flows, against) for strategy in chosen.values()]
    if drawn:
        rows = [
            _with_ranges(row, strategy, drawn, expected, against)
            for row, strategy in zip(rows, chosen.values(), strict=True)
        ]
    _require(groups, GROUP_COLUMNS, "groups")
    present = groups[(groups["year"] == how.now) & groups["strategy"].isin(chosen)]
    curve = points[["strategy", "year", "hazard", "event", "frequency", "damage", "person_days"]].reset_index(drop=True)
    return Comparison(
        pd.DataFrame(rows), curve, spared(present, points, how.baseline), how.price_year, how.now, how.future
    )


def _require(table: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(f"The table of {name} lacks the columns {', '.join(missing)}; it needs {', '.join(columns)}.")


def _weighted(records: pd.DataFrame, ids: tuple[str, ...], how: AppraisalSettings) -> pd.DataFrame:
    """Return the records that lie on an exceedance curve, with their `weight` [1/year]."""
    _require(records, RECORD_COLUMNS, "records")
    if how.baseline not in ids:
        raise InputError(f"The strategies lack the baseline '{how.baseline}'; they are {', '.join(ids)}.")
    years = (how.now, how.future)
    points = records[records["frequency"].notna() & records["strategy"].isin(ids) & records["year"].isin(years)].copy()
    have = set(zip(points["strategy"], points["year"], strict=True))
    for id in ids:
        for year in years:
            if (id, year) not in have:
                raise InputError(f"The records hold no event with a frequency for the strategy '{id}' in {year}.")
    if not np.isfinite(points[list(YEARLY)].to_numpy(dtype=float)).all():
        raise InputError(f"The records hold values of {', '.join(YEARLY)} that are not finite numbers.")
    points["frequency"] = points["frequency"].astype(float)
    points["weight"] = 0.0
    for (_, _, hazard), part in points.groupby(["strategy", "year", "hazard"], sort=False):
        points.loc[part.index, "weight"] = weights(part["frequency"], how.tail, how.harmless.get(str(hazard)))
    return points


def _expected(points: pd.DataFrame) -> Expected:
    """Return the expected losses a year by strategy and year; hazards are added."""
    yearly = points[list(YEARLY)].mul(points["weight"], axis=0)
    sums = yearly.groupby([points["strategy"], points["year"]]).sum()
    table = sums.to_numpy(dtype=float).tolist()
    return {(str(id), int(year)): Loss(*row) for (id, year), row in zip(sums.index.tolist(), table, strict=True)}


def _with_ranges(
    row: dict[str, object],
    strategy: Strategy,
    drawn: Yearly,
    expected: Expected,
    against: tuple[Strategy, Catalogue, AppraisalSettings],
) -> dict[str, object]:
    """Return a strategy's row with the quantiles of damage a year and net present value over the draws."""
    (baseline, measures, how), id = against, strategy.id
    years = (how.now, how.future)
    mine = np.stack([drawn[id, year] for year in years])
    base = np.stack([drawn[baseline.id, year] for year in years])
    plain = np.array([expected[baseline.id, year].damage - expected[id, year].damage for year in years])
    worth = discount_factors(how.years) * share_in_place(strategy, frozenset(baseline.measures), measures, how.years)
    share = np.interp(how.now + np.arange(how.years), years, (0.0, 1.0))
    npv = npv_draws(float(str(row["npv"])), (worth * (1 - share), worth * share), plain, base - mine)
    return row | quantiles("ead_now", mine[0]) | quantiles("ead_future", mine[1]) | quantiles("npv", npv)


def _standing(chosen: Mapping[str, Strategy], how: AppraisalSettings) -> frozenset[str]:
    """Return the measures that stand already: those of the baseline, whose cost is sunk in every strategy."""
    return frozenset(chosen[how.baseline].measures)


def strategy_flows(strategy: Strategy, standing: frozenset[str], measures: Catalogue, how: AppraisalSettings) -> Flows:
    """Return the money by year ``(years + 1,)`` [DKK] of all measures of a strategy."""
    parts = []
    for id in strategy.measures:
        price = price_factor(measures[id], how.price_year, how.price_index)
        parts.append(measure_flows(measures[id], how.years, price=price, stands=id in standing))
    return reduce(Flows.__add__, parts, no_flows(how.years))


def share_in_place(strategy: Strategy, standing: frozenset[str], measures: Catalogue, years: int) -> Floats:
    """Return how much of a strategy works in each year ``(years,)``: the built share of its new cost (assumption)."""
    return built_share([measures[id] for id in strategy.measures if id not in standing], years)


def built_share(new: Sequence[Measure], years: int) -> Floats:
    """Return the share of the cost of `new` measures that works in each year ``(years,)``, from their lead times on."""
    if not new:
        return np.ones(years)
    cost = np.array([measure.cost for measure in new])
    cost = cost if cost.sum() > 0 else np.ones(len(new))
    start = np.ceil([measure.lead_time for measure in new])
    return np.asarray((np.arange(years)[:, None] >= start) @ (cost / cost.sum()), dtype=np.float64)


def _path(expected: Expected, id: str, how: AppraisalSettings) -> Floats:
    """Return the expected damage by year ``(years,)`` [DKK]: linear from now to the future, then level (assumption)."""
    ends = (expected[id, how.now].damage, expected[id, how.future].damage)
    return np.asarray(np.interp(how.now + np.arange(how.years), (how.now, how.future), ends), dtype=np.float64)


def _row(
    strategy: Strategy,
    expected: Expected,
    flows: Mapping[str, Flows],
    against: tuple[Strategy, Catalogue, AppraisalSettings],
) -> dict[str, object]:
    """Return one strategy's row of the comparison, with its net present value against the baseline."""
    baseline, measures, how = against
    standing = frozenset(baseline.measures)
    mine, base = flows[strategy.id], flows[baseline.id]
    built = share_in_place(strategy, standing, measures, how.years)
    avoided = built * (_path(expected, baseline.id, how) - _path(expected, strategy.id, how))
    benefit = present_value(avoided) + present_value(mine.added - base.added)
    spent = (1 + how.tax_distortion) * present_value(mine.cost - base.cost)
    price = {id: price_factor(measures[id], how.price_year, how.price_index) for id in strategy.measures}
    now, future = expected[strategy.id, how.now], expected[strategy.id, how.future]
    return {
        "id": strategy.id,
        "name_da": strategy.name_da,
        "name_en": strategy.name_en,
        "cost": float(sum(measures[id].cost * price[id] for id in strategy.measures if id not in standing)),
        "upkeep": float(sum(measures[id].upkeep * price[id] for id in strategy.measures)),
        "ead_now": now.damage,
        "ead_future": future.damage,
        "npv": benefit - spent,
        "benefit_cost": benefit / spent if spent > 0 else float("nan"),
        "person_days_now": now.person_days,
        "person_days_future": future.person_days,
        "added_value": float(
            sum(value.yearly * price[id] for id in strategy.measures for value in measures[id].added_value)
        ),
        "residents_wet_now": now.residents_wet,
    }
