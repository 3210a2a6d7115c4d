"""`plan.json`: the figures of a choice for machines."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.appraisal.checked import Checked
from genrejs.appraisal.choosing import AIMS
from genrejs.appraisal.decided import Decided
from genrejs.appraisal.many import WANTED, Scene
from genrejs.appraisal.sensitivity import Indices
from genrejs.appraisal.tipping import Span
from genrejs.appraisal.waiting import Waiting
from genrejs.provenance import Provenance
from genrejs.scenario.pathway import Pathways

Floats = NDArray[np.float64]


def plan_json(decided: Decided, provenance: Provenance) -> dict[str, Any]:
    """Return the figures of a choice: SI units and DKK, None where there is none."""
    choosing, outlook, scene = decided.choosing, decided.outlook, decided.scene
    return {
        "provenance": provenance.as_dict(),
        "constructed": bool(decided.prepared.lesson.city.constructed),
        "period": [scene.how.now, scene.how.now + scene.how.years - 1],
        "price_year": scene.how.price_year,
        "futures": len(scene.futures),
        "solver_runs": decided.prepared.bank.runs,
        "answers": decided.prepared.taught.answers,
        "seconds": {name: round(value, 2) for name, value in decided.stages.items()},
        "errors": _errors(decided),
        "strategies": [_strategy(decided, row, choosing.figures[row]) for row in range(len(choosing.shown))],
        "robustness": {
            name: dict(zip(outlook.robust.names, map(float, row), strict=True))
            for name, row in zip(outlook.robust.criteria, outlook.robust.scores, strict=True)
        },
        "front": {
            "aims": list(AIMS), "found": choosing.front.aims.round(2).tolist(),
            "looked_at": choosing.front.looked_at,
        },
        "exact": {
            f"{budget:g}": {"measures": list(found.measures), "npv_dkk": found.benefit, "gap": found.gap}
            for budget, found in choosing.exact.items()
        },
        "weights": choosing.weighed.weights,
        "calendar": [
            {"measure": id, "begins": begin, "works": works}
            for id, begin, works in zip(*_dates(decided), strict=True)
        ],
        "left_out": list(decided.calendar.left_out),
        "pathways": {id: _pathways(paths) for id, paths in decided.pathways.items()},
        "threshold_dkk": outlook.threshold,
        "deciding": _sobol(outlook.deciding.difference),
        "rival": outlook.rival,
        "waiting": {"measure": outlook.awaited, **_waiting(outlook.waiting)},
    }  # fmt: skip


def _errors(decided: Decided) -> dict[str, Any]:
    return {
        "water": decided.prepared.water_errors.round(5).to_dict(orient="records"),
        "answers": decided.prepared.taught.errors.round(5).to_dict(orient="records"),
        "held": _held(decided.scene),
        "checked": [_checked(each) for each in decided.checked],
    }


def _checked(each: Checked) -> dict[str, Any]:
    told = {name: dict(zip(WANTED, map(float, getattr(each, name)), strict=True)) for name in ("learned", "engine")}
    return {"strategy": each.strategy, "year": each.year, **told}


def _held(scene: Scene) -> dict[str, float]:
    """Return by hazard the share of strengths, over futures, years and return periods, above the strongest run."""
    return {
        hazard: float((scene.world.strengths[hazard] > nodes[-1]).mean())
        for hazard, nodes in scene.taught.values().items()
    }


def _sobol(found: Indices) -> dict[str, float]:
    return dict(zip(found.names, map(float, found.total), strict=True))


def _waiting(waiting: Waiting) -> dict[str, Any]:
    return {
        "npv_now_dkk": waiting.npv_now,
        "npv_wait_dkk": waiting.npv_wait,
        "value_of_waiting_dkk": waiting.value_of_waiting,
        "best_year": waiting.best_year,
        "misfit_m": waiting.misfit,
    }


def _strategy(decided: Decided, row: int, figures: Floats) -> dict[str, Any]:
    each, valued = decided.choosing.shown[row], decided.choosing.valued
    return {
        "id": each.id, "name_da": each.name_da, "name_en": each.name_en, "measures": sorted(each.measures),
        "cost_dkk": float(valued.cost[row]), "added_value_dkk": float(valued.added[row]),
        "npv_dkk": _told(valued.npv[row]), "pays": float((valued.npv[row] > 0).mean()),
        "ead_dkk": {str(int(year)): _told(figures[:, at, 0]) for at, year in enumerate(decided.scene.grid)},
        "person_days": _told(valued.person_days[row]), "person_days_poor": _told(valued.poor[row]),
        "tips": _span(decided.outlook.tipping.spans[row]),
    }  # fmt: skip


def _pathways(paths: Pathways) -> dict[str, Any]:
    return {
        "count": int(paths.future.size),
        "damage_dkk": _told(paths.damage.sum(axis=1)),
        "spent_dkk": _told(paths.spent.sum(axis=1)),
        "missing_dkk": _told(paths.missing.sum(axis=1)),
        "person_days": _told(paths.person_days.sum(axis=1)),
    }


def _dates(decided: Decided) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    return decided.calendar.measures, decided.calendar.begins, decided.calendar.works


def _told(values: Floats) -> dict[str, float]:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return {"mean": float(values.mean()), "p05": float(low), "p50": float(middle), "p95": float(high)}


def _span(span: Span) -> dict[str, int | None]:
    return {"early": span.early, "median": span.median, "late": span.late}
