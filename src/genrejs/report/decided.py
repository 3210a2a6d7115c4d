"""A choice as the strategy document takes it, and as `plan.json` for machines."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genrejs.appraisal.choosing import FEW, Named
from genrejs.appraisal.dated import SOON
from genrejs.appraisal.decided import Decided, decide
from genrejs.appraisal.many import WANTED, value, yearly_figures
from genrejs.appraisal.tipping import Span
from genrejs.ensemble.decades import prepare
from genrejs.ensemble.run import Progress
from genrejs.ensemble.store import Store
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue
from genrejs.measure.model import Measure
from genrejs.projection.futures import factor_words
from genrejs.projection.stresses import STRESSES
from genrejs.provenance import Provenance, commit, package_version, text_hash
from genrejs.report.decided_json import plan_json
from genrejs.report.discovery import FactorWords, discovery
from genrejs.report.pathways_map import pathways
from genrejs.report.produce import Cluster
from genrejs.report.regret import regrets
from genrejs.report.story import city_title
from genrejs.report.strategy import Action, Basis, Effect, Outcomes, Range, StrategyPlan, write_strategy
from genrejs.report.texts import Phrase, calendar_year, listing, money, number, percent, same, say
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
    names = {each.id: _name(each) for each in decided.choosing.shown}
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
        pathways_map=pathways(outlook.map, "middle"),
        regret=regrets(outlook.outcomes, names, say("plan.million"), write=_millions),
        change_course=course_of(decided),
        discovered=discovery(outlook.fails, say("plan.chosen"), _factor_words(decided)),
        weights=tuple((say(f"plan.aim_{name}"), percent(share)) for name, share in _weights(decided)),
    )  # fmt: skip


def _weights(decided: Decided) -> list[tuple[str, float]]:
    return list(decided.choosing.weighed.weights.items())


def _millions(value: float) -> Phrase:
    return number(value / 1e6)


def actions_of(decided: Decided) -> tuple[Action, ...]:
    """Return the actions of the calendar, each with what the strategy would lose without it in the last year.

    What is smaller than the quick answer can tell is left out.
    """
    calendar, scene = decided.calendar, decided.scene
    whole_set = frozenset(calendar.measures)
    asked = [whole_set, *(whole_set - {id} for id in calendar.measures)]
    figures = yearly_figures(scene, asked)[:, :, -1, :]
    lost = figures[1:] - figures[0]
    least = [_least(decided, name) * float(figures[0, :, column].mean()) for column, name in enumerate(WANTED)]
    rows = []
    for place, id in enumerate(calendar.measures):
        measure = catalogue()[id]
        damage, days = (_range(lost[place, :, column]) for column in (0, 1))
        effect = Effect(
            damage if abs(damage.mid) > least[0] else None, days if abs(days.mid) > least[1] else None,
            measure.added_value, measure.counted,
        )  # fmt: skip
        low, high = measure.cost_range
        rows.append(
            Action(
                measure, calendar.begins[place], calendar.works[place], Range(low, measure.cost, high), measure.upkeep,
                dict(measure.funding), effect, Phrase(measure.mechanism_da, measure.mechanism_en),
            )
        )  # fmt: skip
    return tuple(rows)


def _least(decided: Decided, figure: str) -> float:
    """Return the share of a figure below which no effect can be told: the largest bias on cities held out."""
    errors = decided.prepared.taught.errors
    return float(errors.loc[errors["figure"] == figure, "bias"].abs().max())


def _range(values: Floats) -> Range:
    low, high = np.quantile(values, ENDS)
    return Range(float(low), float(values.mean()), float(high))


def outcomes_of(decided: Decided) -> Outcomes:
    """Return what comes of the strategy over the futures, each measure from the year of the calendar on."""
    scene, calendar, how = decided.scene, decided.calendar, decided.scene.how
    valued = value(scene, [frozenset(calendar.measures)], calendar.dated(how.now))
    today, planned = yearly_figures(scene, [frozenset(), frozenset(calendar.measures)])
    npv, cost, tax = valued.npv[0], float(valued.cost[0]), how.tax_distortion * float(valued.cost[0])
    measures = [catalogue()[id] for id in calendar.measures]
    middle = sum(each.cost for each in measures)
    low, high = (sum(end) / middle for end in zip(*(each.cost_range for each in measures), strict=True))
    harsh = int(np.argmin(npv))
    return Outcomes(
        now=int(scene.grid[0]),
        future=int(scene.grid[-1]),
        ead_now=_range(today[:, 0, 0]),
        ead_without=_range(today[:, -1, 0]),
        ead_with=_range(planned[:, -1, 0]),
        person_days_now=_range(today[:, 0, 1]),
        person_days_without=_range(today[:, -1, 1]),
        person_days_with=_range(planned[:, -1, 1]),
        cost=Range(cost * min(low, 1.0), cost, cost * max(high, 1.0)),
        benefit=_range(npv + cost + tax - float(valued.added[0])),
        added_value=float(valued.added[0]),
        tax=tax,
        pays=float((npv > 0).mean()),
        worst=float(npv.min()),
        worst_told=say("plan.worst", rise=number(float(scene.futures.factors["sea_rise_2100"].iloc[harsh]), 2)),
        meets_goal=float((planned[:, -1, 0] <= decided.outlook.threshold).mean()),
        goal=say("plan.goal", year=calendar_year(int(scene.grid[-1]))),
    )


def course_of(decided: Decided) -> tuple[Phrase, ...]:
    """Return what would make the city choose otherwise, and what the yearly money does not reach."""
    shown = zip(decided.choosing.shown, decided.outlook.tipping.spans, strict=True)
    said = [_tips(decided, each, span) for each, span in shown if each.id in ("today", "chosen")]
    said += [_decides(decided), _delicate(decided), _waits(decided)]
    if decided.calendar.left_out:
        said.append(say("plan.left_out", names=listing(_name(catalogue()[id]) for id in decided.calendar.left_out)))
    return tuple(said)


def _tips(decided: Decided, each: Named, span: Span) -> Phrase:
    horizon = calendar_year(decided.outlook.tipping.horizon)
    if span.median is None:
        return say("plan.never_tips", name=_name(each), horizon=horizon)
    ends = [
        say("plan.later", horizon=horizon) if end is None else calendar_year(end) for end in (span.early, span.late)
    ]
    return say("plan.tips", name=_name(each), year=calendar_year(span.median), early=ends[0], late=ends[1])


def _decides(decided: Decided) -> Phrase:
    """Return which stress turns the choice between the chosen strategy and its rival, and how often each is better."""
    outlook, ids = decided.outlook, [each.id for each in decided.choosing.shown]
    rival = ids.index(outlook.rival)
    name = _name(decided.choosing.shown[rival])
    share = percent(float((decided.choosing.valued.npv[-1] > decided.choosing.valued.npv[rival]).mean()))
    if outlook.deciding.settled:
        return say("plan.settled", rival=name, share=share)
    stress = Phrase(*STRESSES[outlook.deciding.winner.order[0]])
    return say("plan.decides", stress=stress, rival=name, share=share)


def _name(thing: Measure | Named) -> Phrase:
    return Phrase(thing.name_da, thing.name_en)


def _delicate(decided: Decided) -> Phrase:
    reach = decided.choosing.weighed.most_delicate
    if not (reach.below or reach.above):
        return say("plan.firm")
    return say(
        "plan.delicate", aim=say(f"plan.aim_{reach.objective}"), weight=percent(reach.weight), low=percent(reach.low),
        high=percent(reach.high),
    )  # fmt: skip


def _waits(decided: Decided) -> Phrase:
    """Return whether the dearest measure against the sea is decided now, later, in some futures only, or never."""
    waiting, measure = decided.outlook.waiting, catalogue()[decided.outlook.awaited]
    part = say("plan.in_plan" if measure.id in decided.calendar.measures else "plan.not_in_plan")
    words = {"name": _name(measure), "part": part, "now": _millions(waiting.npv_now)}
    if waiting.npv_now > waiting.npv_wait:
        return say("plan.build_now", **words)
    if waiting.npv_wait <= 0:
        return say("plan.build_never", **words)
    worth = _millions(waiting.value_of_waiting)
    if waiting.best_year is None:
        return say("plan.build_seldom", worth=worth, **words)
    return say("plan.wait", year=calendar_year(decided.scene.how.now + waiting.best_year), worth=worth, **words)


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
    return (*rows, *_checked(decided), *_rules(decided), *_stresses(decided))


def _checked(decided: Decided) -> list[Basis]:
    """Return the quick answer of both strategies beside the engine's own."""
    rows = []
    for each in decided.checked:
        for column, (figure, told) in enumerate((("damage", money), ("person_days", number))):
            what = say(
                "plan.basis_checked",
                figure=say(f"plan.figure_{figure}"),
                year=calendar_year(each.year),
                strategy=say(f"plan.checked_{each.strategy}"),
            )
            values = {name: told(float(getattr(each, name)[column])) for name in ("engine", "learned")}
            rows.append(Basis(what, say("plan.checked", **values), say("plan.measured"), False))
    return rows


def _rules(decided: Decided) -> list[Basis]:
    """Return the settings of the choice, which are assumptions all."""
    how, choice = decided.scene.how, decided.prepared.study.choice
    told = {
        "budget": money(choice.budget),
        "yearly": money(choice.yearly),
        "slump": say(
            "plan.rule_slump_value",
            period=number(choice.slump_period),
            depth=percent(choice.slump_depth),
            lasts=number(choice.slump_lasts),
        ),
        "hands": number(choice.capacity),
        "tax": percent(how.tax_distortion),
        "together": say("plan.rule_together_value"),
        "search": say("plan.rule_search_value", futures=number(FEW)),
        "soon": say("plan.rule_soon_value", years=number(SOON)),
        "prices": say("plan.rule_prices_value"),
        "futures": say("plan.rule_futures_value"),
    }
    return [Basis(say(f"plan.rule_{name}"), each, say("plan.assumed"), True) for name, each in told.items()]


def _stresses(decided: Decided) -> list[Basis]:
    """Return the span of every factor over the futures."""
    rows, factors = [], decided.scene.futures.factors
    for name, words in _factor_words(decided).items():
        span = _between(float(factors[name].min()), float(factors[name].max()), words.unit.en)
        rows.append(Basis(words.name, span, say("plan.drawn"), True))
    return rows


def _between(low: float, high: float, unit: str) -> Phrase:
    if unit == "DKK":
        return say("plan.between", low=money(low), high=money(high))
    digits = 2 if high < 20 else 0
    ends = {"low": number(low, digits), "high": number(high, digits)}
    if unit == "1":
        return say("plan.between", **ends)
    return say("plan.span", **ends, unit=say("plan.people") if unit == "persons" else same(unit))


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
