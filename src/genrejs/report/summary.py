"""`summary.json`: the figures of the report for machines, as `summary.schema.json` describes them."""

from __future__ import annotations

import json
from importlib import resources
from math import isfinite
from typing import Any

from genrejs.report import stays
from genrejs.report.afterwards import after_figures
from genrejs.report.reach import travel_figures
from genrejs.report.story import Story, city_title
from genrejs.report.sure import ranges
from genrejs.report.told import warned_figures
from genrejs.scenario.figures import damage_range, flooded_area, total_damage
from genrejs.scenario.result import Result

RANGED = ("ead_now", "ead_future", "npv")
ENDS = ("p05", "p95")
"""Figures of a strategy that carry their 5 % and 95 % quantiles over draws of what is uncertain."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `summary.json`."""
    text = resources.files("genrejs.report").joinpath("summary.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def build_summary(story: Story) -> dict[str, Any]:
    """Return the content of `summary.json` as `schema` describes it: SI units and DKK, None where not known."""
    city, run = story.city, story.run
    return {
        "city": city_title(city),
        "constructed": bool(city.constructed),
        "residents": int(city.buildings["residents"].sum()),
        "buildings": len(city.buildings),
        "seed": int(run.seed),
        "version": run.version,
        "commit": run.commit,
        "created": run.created.isoformat(timespec="seconds"),
        "run_seconds": float(run.seconds),
        "price_year": int(story.comparison.price_year),
        "now": int(story.comparison.now),
        "future": int(story.comparison.future),
        "resilience": {"event": story.main.event.name, **_resilience(story, story.main)},
        "events": [_event(story, result) for result in story.showcase],
        "priorities": _orders(story),
        "levers": _levers(story),
        "strategies": _strategies(story),
    }


def _resilience(story: Story, result: Result) -> dict[str, Any]:
    read = result.recovery.indicators
    censored = bool(read.get("censored", 0))
    horizon = float(result.recovery.curve["time"].values[-1]) / 24
    days = float(read["bounce_back_days"])
    after = story.after.get(result.event.name)
    return {
        "withstand": _number(read["withstand"]),
        "bounce_back_days": horizon if censored and not isfinite(days) else _number(days),
        "censored": censored,
        "emerge_stronger": _number(after.emerge_stronger) if after else None,
    }


def _event(story: Story, result: Result) -> dict[str, Any]:
    event, impact, read = result.event, result.impact, result.recovery.indicators
    solve = story.solves.get(event.name)
    return {
        "name": event.name,
        "kind": event.kind,
        "title_da": event.title_da,
        "title_en": event.title_en,
        "frequency": _number(event.frequency),
        "flooded_area_m2": flooded_area(story.city, result),
        "buildings_flooded": int(impact.buildings["wet"].sum()),
        "damage_dkk": total_damage(result),
        **_damage_range(result),
        "person_days_without_service": _number(read["person_days_without_service"]),
        "person_days_away": _number(read.get("person_days_away")),
        "water_balance_error": solve.relative_error if solve else (None if event.wet else 0.0),
        "resilience": _resilience(story, result),
        **_meaning(story, result),
    }


def _meaning(story: Story, result: Result) -> dict[str, Any]:
    """Return what the event means beyond damage and services, None where it was not computed."""
    name = result.event.name
    after, band = story.aftermath.get(name), story.bands.get(name)
    travel = after.travel if after else None
    return {
        "range": ranges(band) if band else None,
        "warning": warned_figures(result.warned) if result.warned.totals else None,
        "travel": travel_figures(travel) if travel else None,
        "aftermath": after_figures(after) if after else None,
        **stays.summary(stays.stays_after(story.city, result)),
    }


def _orders(story: Story) -> list[dict[str, Any]] | None:
    return None if story.orders is None else story.orders.to_dict(orient="records")  # type: ignore[return-value]


def _levers(story: Story) -> list[dict[str, Any]] | None:
    return None if story.levers is None else story.levers.to_dict(orient="records")  # type: ignore[return-value]


def _strategies(story: Story) -> list[dict[str, Any]]:
    return [
        {
            "name": str(row.id),
            "name_da": str(row.name_da),
            "name_en": str(row.name_en),
            "cost_dkk": _number(row.cost),
            "upkeep_dkk": _number(row.upkeep),
            "ead_now_dkk": _number(row.ead_now),
            "ead_future_dkk": _number(row.ead_future),
            "npv_dkk": _number(row.npv),
            **{f"{name}_dkk_{end}": _number(getattr(row, f"{name}_{end}", None)) for name in RANGED for end in ENDS},
            "benefit_cost": _number(row.benefit_cost),
            "person_days": _number(row.person_days_now),
            "person_days_future": _number(row.person_days_future),
            "added_value_dkk": _number(row.added_value),
            "residents_wet": _number(row.residents_wet_now),
        }
        for row in story.comparison.strategies.itertuples()
    ]


def _damage_range(result: Result) -> dict[str, float | None]:
    low, high = damage_range(result) or (None, None)
    return {"damage_dkk_p05": low, "damage_dkk_p95": high}


def _number(value: Any) -> float | None:
    return float(value) if value is not None and isfinite(value) else None
