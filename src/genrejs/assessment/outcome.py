"""What a plan leads to, as plain values and as files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from genrejs.assessment.accounts import early, indicators
from genrejs.assessment.best import Comparison, compare, run
from genrejs.assessment.dynamics import Course
from genrejs.assessment.levers import levers
from genrejs.assessment.maturity import judge
from genrejs.assessment.plan import Plan
from genrejs.assessment.policies import STAGES, Floats, unread
from genrejs.writing import whole_folder

ASSUMPTION = (
    "Costs, decays, the form of the equation, the rule for stages and the link to the city model are assumptions; "
    "money is a symbolic budget in million DKK. Only policies that could be read are in it."
)


@dataclass(frozen=True)
class Outcome:
    """A plan, its course, and its comparison with the best found (None where nobody asked)."""

    plan: Plan
    course: Course
    comparison: Comparison | None = None

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        road, plan, end = self.plan.road, self.plan, self.course.level[-1]
        return {
            "assumption": ASSUMPTION,
            "years": [plan.first_year + year for year in range(plan.years)],
            "policies": list(road.codes),
            "unread": list(unread(road)),
            "levels": rounded(self.course.level),
            "stages": [dict(judge(road, level).stages) for level in self.course.level],
            "counted": list(judge(road, end).counted),
            "indicators": [{name: round(value, 6) for name, value in row.items()} for row in self.rows],
            "early": self._early(0, plan.years),
            "periods": [self._period(first, last) for first, last in plan.spans()],
            "levers": [asdict(each) for each in levers(road, end)],
            "comparison": self._compared(),
        }

    @cached_property
    def rows(self) -> list[dict[str, float]]:
        """Return the indicators, a row a year."""
        return indicators(self.plan.road, self.course, self.plan.first_year)

    def _early(self, first: int, last: int) -> list[dict[str, Any]]:
        found = early(self.plan.road, self.course, first, last)
        return [asdict(each) | {"lost": round(each.lost, 6), "ready": round(each.ready, 4)} for each in found]

    def _period(self, first: int, last: int) -> dict[str, Any]:
        rows, best = self.rows[first:last], self.comparison
        parts = {name: round(sum(row[name] for row in rows), 6)
                 for name in ("spent", "order", "repeated", "upkeep", "progress")}  # fmt: skip
        return {
            "first": self.plan.first_year + first, "last": self.plan.first_year + last - 1, **parts,
            "early": self._early(first, last),
            "by_stage": self._by_stage(self.course.money[first:last]),
            "best_by_stage": None if best is None else self._by_stage(best.money[first:last]),
        }  # fmt: skip

    def _by_stage(self, money: Floats) -> dict[str, float]:
        stage = np.array([policy.stage for policy in self.plan.road.policies])
        return {each: round(float(money[:, stage == each].sum()), 4) for each in STAGES}

    def _compared(self) -> dict[str, Any] | None:
        told = self.comparison
        if told is None:
            return None
        figures = {
            name: round(float(getattr(told, name)), 6) for name in ("score", "road_map", "even", "best", "share")
        }
        end = judge(self.plan.road, told.course.level[-1])
        return figures | {
            "best_levels": rounded(told.course.level[-1]), "best_money": rounded(told.money),
            "best_adopted": end.adopted, "best_median": end.median, "best_lowest": end.lowest,
        }  # fmt: skip

    def lines(self) -> list[str]:
        """Return what a terminal shows: a table of the years, the stages, and what was lost to order."""
        head = "year   spent  adopted  lowest  median  lost to order  upkeep   (million DKK, symbolic)"
        table = [
            f"{row['year']:.0f}  {row['spent']:6.1f}  {100 * row['adopted']:5.0f} %  {row['stage_lowest']:6.0f}"
            f"  {row['stage_median']:6.1f}  {row['order']:13.1f}  {row['upkeep']:6.1f}"
            for row in self.rows
        ]
        return [head, *table, self._stages_line(), *self._early_lines(), *self._compared_lines(), ASSUMPTION]

    def _stages_line(self) -> str:
        end = judge(self.plan.road, self.course.level[-1])
        told = (f"{sub} {'could not be read' if number is None else number}" for sub, number in end.stages.items())
        return f"Stages at the end (0 none, 1 S, 2 M, 3 A, 4 R, 5 T): {', '.join(told)}."

    def _early_lines(self) -> list[str]:
        return [
            f"Bought before its precedents: {each.code}, {each.lost:.1f} lost; {', '.join(each.before)} stood at "
            f"{100 * each.ready:.0f} %."
            for each in early(self.plan.road, self.course)[:3]
        ]

    def _compared_lines(self) -> list[str]:
        told = self.comparison
        if told is None:
            return []
        plan, road_map, even = (100 * each / (told.best or 1.0) for each in (told.score, told.road_map, told.even))
        return [
            f"The plan gets {plan:.0f} % of what the best plan found gets (mean level over the years); the same money "
            f"split evenly gets {road_map:.0f} % in road-map order, {even:.0f} % with no order."
        ]

    def save(self, out: Path) -> None:
        """Write dynamics.json, levels.csv and indicators.csv into a folder, whole or not at all."""
        codes = self.plan.road.codes
        ends = [self.plan.first_year + year - 1 for year in range(self.plan.years + 1)]
        levels = [dict(zip(codes, row.tolist(), strict=True)) for row in self.course.level.round(6)]
        with whole_folder(Path(out)) as folder:
            text = json.dumps(self.summary, ensure_ascii=False, indent=1)
            (folder / "dynamics.json").write_text(text, encoding="utf-8")
            _table(folder / "levels.csv", ({"year_end": year} | row for year, row in zip(ends, levels, strict=True)))
            _table(folder / "indicators.csv", self.summary["indicators"])


def play(plan: Plan, best: bool = True) -> Outcome:
    """Return what a plan leads to; with `best`, beside the best found for the same money."""
    course = run(plan)
    return Outcome(plan, course, compare(plan, course) if best else None)


def rounded(values: Floats) -> Any:
    """Return an array as lists with four decimals: finer than any of it is known."""
    return np.round(values, 4).tolist()


def _table(place: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    found = list(rows)
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
