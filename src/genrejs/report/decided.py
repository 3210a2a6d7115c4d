"""A choice as the strategy document takes it, and as `plan.json` for machines."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genrejs.appraisal.decided import Decided, decide
from genrejs.appraisal.many import yearly_figures
from genrejs.ensemble.decades import prepare
from genrejs.ensemble.run import Progress
from genrejs.ensemble.store import Store
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue
from genrejs.projection.futures import factor_words
from genrejs.projection.stresses import STRESSES
from genrejs.provenance import Provenance, commit, package_version, text_hash
from genrejs.report.decided_json import plan_json
from genrejs.report.discovery import FactorWords, discovery
from genrejs.report.pathways_map import draw
from genrejs.report.pathways_map import pathways as pathways_parts
from genrejs.report.produce import Cluster
from genrejs.report.regret import regrets
from genrejs.report.story import city_title
from genrejs.report.strategy import Action, Basis, Drawing, Effect, Outcomes, Range, StrategyPlan, write_strategy
from genrejs.report.texts import Phrase, number, percent, same, say
from genrejs.study import Study
from genrejs.writing import whole

Floats = NDArray[np.float64]
ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Told:
    """What was written: the `documents`, `plan.json` and the lines for the terminal."""

    documents: tuple[Path, ...]
    json: Path
    lines: tuple[str, ...]


def plan(
    study: Study, out: Path, *, progress: Progress, cache: Path | None = None, cluster: Cluster | None = None
) -> Told:
    """Make quick answers ready in ``out/store``, choose a strategy, and write its document and `plan.json`.

    What is kept is not found again. Raises InputError where `out` is a file or the budget buys nothing.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; give a folder to write to.")
    store = Store(out / "store")
    with cluster() if cluster else nullcontext() as client:
        prepared = prepare(
            study, store, progress=lambda share, what: progress(0.9 * share, what), client=client, cache=cache
        )
        decided = decide(prepared, store, lambda share, what: progress(0.9 + 0.1 * share, what), client)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    digest = text_hash(study.model_dump_json())
    return write_decided(decided, out, Provenance(package_version(), commit(), study.seed, digest, made))


def write_decided(decided: Decided, folder: Path, provenance: Provenance) -> Told:
    """Write the strategy document in every format and `plan.json` beside it."""
    documents = write_strategy(strategy_plan(decided, provenance), folder)
    target = folder / "plan.json"
    with whole(target) as beside:
        text = json.dumps(plan_json(decided, provenance), ensure_ascii=False, indent=1, allow_nan=False)
        beside.write_text(text, encoding="utf-8")
    lines = (*_lines(decided), f"{documents[0]} and {len(documents)} more in {folder}")
    return Told(tuple(documents), target, lines)


def _lines(decided: Decided) -> tuple[str, ...]:
    """Return what was chosen in a few lines."""
    valued, row = decided.choosing.valued, len(decided.choosing.shown) - 1
    errors = decided.prepared.water_errors["rmse"].max()
    made = "; the city is constructed" if decided.prepared.lesson.city.constructed else ""
    return (
        f"{len(decided.choosing.chosen.measures)} measures chosen among {len(decided.scene.taught.measures)}, "
        f"DKK {valued.cost[row] / 1e6:.0f} million over {decided.scene.how.years} years",
        f"worth DKK {valued.npv[row].mean() / 1e6:.0f} million on average by damage and added value alone, "
        f"pays in {100 * (valued.npv[row] > 0).mean():.0f} % of {len(decided.scene.futures)} futures",
        f"water between runs errs by at most {100 * errors:.1f} cm (RMSE) on runs held out{made}",
    )


def strategy_plan(decided: Decided, provenance: Provenance) -> StrategyPlan:
    """Return the chosen strategy as the document tells it."""
    scene, outlook, study = decided.scene, decided.outlook, decided.prepared.study
    found = discovery(outlook.fails, say("plan.chosen"), _factor_words(decided))
    names = {each.id: Phrase(each.name_da, each.name_en) for each in decided.choosing.shown}
    table = regrets(outlook.outcomes, names, say("plan.million"), write=_millions)
    middle = "middle"
    return StrategyPlan(
        city=same(city_title(decided.prepared.lesson.city)),
        title_da=say("plan.title").da,
        title_en=say("plan.title").en,
        years=(scene.how.now, scene.how.now + scene.how.years - 1),
        price_year=scene.how.price_year,
        budget_yearly=study.choice.yearly,
        actions=actions_of(decided),
        outcomes=outcomes_of(decided),
        futures=len(scene.futures),
        pathways=decided.pathways["chosen"].future.size,
        constructed=bool(decided.prepared.lesson.city.constructed),
        sources=bases_of(decided),
        provenance=provenance,
        pathways_map=Drawing(draw(outlook.map, middle), pathways_parts(outlook.map)["pathways_levels"][1]["alt"]),
        regret=table["regret_table"],
        change_course=course_of(decided),
        discovered=tuple(found["discovery_said"]),
        weights=tuple((say(f"plan.aim_{name}"), percent(share)) for name, share in _weights(decided)),
    )  # fmt: skip


def _weights(decided: Decided) -> list[tuple[str, float]]:
    return list(decided.choosing.weighed.weights.items())


def _millions(value: float) -> Phrase:
    return number(value / 1e6)


def actions_of(decided: Decided) -> tuple[Action, ...]:
    """Return the actions of the calendar, each with what the strategy would lose without it in the last year."""
    calendar, scene = decided.calendar, decided.scene
    whole_set = frozenset(calendar.measures)
    asked = [whole_set, *(whole_set - {id} for id in calendar.measures)]
    figures = yearly_figures(scene, asked)[:, :, -1, :]
    lost = figures[1:] - figures[0]
    rows = []
    for place, id in enumerate(calendar.measures):
        measure = catalogue()[id]
        effect = Effect(_range(lost[place, :, 0]), _range(lost[place, :, 1]), measure.added_value, measure.counted)
        low, high = measure.cost_range
        rows.append(
            Action(
                measure, calendar.begins[place], calendar.works[place], Range(low, measure.cost, high), measure.upkeep,
                dict(measure.funding), effect, Phrase(measure.mechanism_da, measure.mechanism_en),
            )
        )  # fmt: skip
    return tuple(rows)


def _range(values: Floats) -> Range:
    low, high = np.quantile(values, ENDS)
    return Range(float(low), float(values.mean()), float(high))


def outcomes_of(decided: Decided) -> Outcomes:
    """Return what comes of the strategy as a whole, over the futures."""
    scene, chosen = decided.scene, decided.choosing.chosen
    figures = yearly_figures(scene, [frozenset(), chosen.measures])
    valued, row = decided.choosing.valued, len(decided.choosing.shown) - 1
    npv, cost = valued.npv[row], float(valued.cost[row])
    benefit = npv + (1 + scene.how.tax_distortion) * cost - float(valued.added[row])
    ratios = [catalogue()[id].cost_range for id in sorted(chosen.measures)]
    middle = sum(catalogue()[id].cost for id in sorted(chosen.measures))
    low, high = (sum(end) / middle for end in zip(*ratios, strict=True))
    harsh = int(np.argmin(npv))
    meets = float((figures[1, :, -1, 0] <= decided.outlook.threshold).mean())
    return Outcomes(
        now=int(scene.grid[0]),
        future=int(scene.grid[-1]),
        ead_now=_range(figures[0, :, 0, 0]),
        ead_without=_range(figures[0, :, -1, 0]),
        ead_with=_range(figures[1, :, -1, 0]),
        person_days_now=_range(figures[0, :, 0, 1]),
        person_days_without=_range(figures[0, :, -1, 1]),
        person_days_with=_range(figures[1, :, -1, 1]),
        cost=Range(cost * min(low, 1.0), cost, cost * max(high, 1.0)),
        benefit=_range(benefit),
        added_value=float(valued.added[row]),
        pays=float((npv > 0).mean()),
        worst=float(npv.min()),
        worst_told=say("plan.worst", rise=number(float(scene.futures.factors["sea_rise_2100"].iloc[harsh]), 2)),
        meets_goal=meets,
        goal=say("plan.goal", year=same(str(int(scene.grid[-1])))),
    )


def course_of(decided: Decided) -> tuple[Phrase, ...]:
    """Return what would make the city choose otherwise: tipping, the deciding stress, the weights, waiting."""
    outlook, said = decided.outlook, []
    for each, span in zip(decided.choosing.shown, outlook.tipping.spans, strict=True):
        if each.id not in ("today", "chosen"):
            continue
        name = Phrase(each.name_da, each.name_en)
        if span.median is None:
            said.append(say("plan.never_tips", name=name, horizon=same(str(outlook.tipping.horizon))))
        else:
            late = (
                same(str(span.late))
                if span.late is not None
                else say("plan.later", horizon=same(str(outlook.tipping.horizon)))
            )
            early = same(str(span.early)) if span.early is not None else late
            said.append(say("plan.tips", name=name, year=same(str(span.median)), early=early, late=late))
    rival = next(each for each in decided.choosing.shown if each.id == outlook.rival)
    stress = outlook.deciding.difference.order[0]
    share = outlook.deciding.first_better
    said.append(
        say(
            "plan.decides",
            stress=Phrase(*STRESSES[stress]),
            rival=Phrase(rival.name_da, rival.name_en),
            share=percent(share),
        )
    )
    said.append(_delicate(decided))
    said.append(_waits(decided))
    return tuple(said)


def _delicate(decided: Decided) -> Phrase:
    reach = decided.choosing.weighed.most_delicate
    if not (reach.below or reach.above):
        return say("plan.firm")
    return say(
        "plan.delicate", aim=say(f"plan.aim_{reach.objective}"), weight=percent(reach.weight), low=percent(reach.low),
        high=percent(reach.high),
    )  # fmt: skip


def _waits(decided: Decided) -> Phrase:
    outlook = decided.outlook
    measure, waiting = catalogue()[outlook.awaited], outlook.waiting
    name = Phrase(measure.name_da, measure.name_en)
    if waiting.npv_now > waiting.npv_wait:
        return say("plan.build_now", name=name, now=_millions(waiting.npv_now))
    if waiting.npv_wait <= 0 or waiting.best_year is None:
        return say("plan.build_never", name=name, now=_millions(waiting.npv_now))
    year = same(str(decided.scene.how.now + waiting.best_year))
    return say("plan.wait", name=name, year=year, worth=_millions(waiting.value_of_waiting))


def bases_of(decided: Decided) -> tuple[Basis, ...]:
    """Return what the figures rest on: the emulators' errors, the stresses, the settings of the choice."""
    taught, water = decided.prepared.taught, decided.prepared.water_errors
    errors = taught.errors.set_index(["hazard", "figure"])
    worst = say("plan.cm", value=number(100 * float(water["rmse"].max()), 1))
    rows = [Basis(say("plan.basis_water"), worst, say("plan.measured"), False)]
    for hazard, figure in errors.index:
        if figure in ("damage", "person_days"):
            mean, p90 = (percent(float(errors.loc[(hazard, figure), name])) for name in ("mean", "p90"))
            what = say("plan.basis_quick", figure=say(f"plan.figure_{figure}"), hazard=say(f"plan.hazard_{hazard}"))
            rows.append(Basis(what, say("plan.mean_p90", mean=mean, p90=p90), say("plan.measured"), False))
    words = factor_words()
    factors = decided.scene.futures.factors
    for name in factors.columns:
        low, high = float(factors[name].min()), float(factors[name].max())
        digits = 2 if high < 20 else 0
        span = say(
            "plan.span", low=number(low, digits), high=number(high, digits), unit=same(str(words.loc[name, "unit"]))
        )
        title = Phrase(str(words.loc[name, "name_da"]), str(words.loc[name, "name_en"]))
        rows.append(Basis(title, span, say("plan.drawn"), True))
    return tuple(rows)


def _factor_words(decided: Decided) -> dict[str, FactorWords]:
    words, factors = factor_words(), decided.scene.futures.factors
    return {
        name: FactorWords(
            Phrase(str(words.loc[name, "name_da"]), str(words.loc[name, "name_en"])),
            same(str(words.loc[name, "unit"])),
            max(float(np.ptp(factors[name])), 1e-9),
        )
        for name in factors.columns
    }
