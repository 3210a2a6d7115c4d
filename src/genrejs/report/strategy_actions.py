"""The actions: under their pillars, in one table, one by one, and what they give on ordinary days."""

from __future__ import annotations

from collections.abc import Iterable

from genrejs.measure.model import PRINCIPLES, AddedValue, Counted
from genrejs.report import strategy_charts as charts
from genrejs.report.language import LANGUAGES
from genrejs.report.strategy_money import added_of, added_total, payer, payer_table, spending, year_table
from genrejs.report.strategy_plan import PILLARS, Action, StrategyPlan
from genrejs.report.strategy_short import ranged, together
from genrejs.report.strategy_tree import Blank, Block, Bullets, Figure, Grid, Line, Pairs, Section, Text
from genrejs.report.texts import Phrase, about, calendar_year, known, listing, money, number, percent, same, say

ONE_TIMELINE = 22
"""Rows up to which one drawing holds all actions; of more, each pillar has one."""

UNITS = {"1": "count", "1/year": "yearly", "h/year": "hours", "kg/year": "kilos", "m2": "area"}
"""Words for the units of what is counted."""

BROAD = (2.1, 1.4, 1.4, 0.95, 1.5, 1.35, 2.0, 2.0)
"""Relative widths of the table of all actions."""

Cells = tuple[Line, ...]


def pillar_section(plan: StrategyPlan) -> Section:
    """Return the four pillars, each with its question, aim, goals and actions."""
    below = tuple(_pillar(plan, pillar) for pillar in PILLARS)
    return Section("pillars", say("strategy.section.pillars"), (Text(say("strategy.pillars.intro")),), below, True)


def _pillar(plan: StrategyPlan, pillar: str) -> Section:
    blocks: list[Block] = [Text(say(f"strategy.pillar.{pillar}.question"), "lead")]
    goals = tuple(goal.text for goal in plan.goals if goal.pillar == pillar)
    aim: list[tuple[Phrase, Line]] = [(say("strategy.pillars.aim"), say(f"strategy.pillar.{pillar}.aim"))]
    blocks.append(Pairs((*aim, *(() if goals else ((say("strategy.pillars.goals"), _blank("goals")),)))))
    if goals:
        blocks += [Text(say("strategy.pillars.goals_are")), Bullets(goals)]
    found = plan.of_pillar(pillar)
    blocks.append(_pillar_table(pillar, found) if found else Text(say("strategy.pillars.none")))
    return Section(f"pillar-{pillar}", say(f"strategy.pillar.{pillar}.name"), tuple(blocks))


def _blank(what: str) -> Blank:
    """Return a blank that says who fills it in."""
    return Blank(say(f"strategy.blank.{what}"))


def _pillar_table(pillar: str, found: tuple[Action, ...]) -> Grid:
    rows: list[tuple[Cells, ...]] = [
        ((action.name,), (calendar_year(action.year_works),), (_indicator(action),), (_target(action),))
        for action in found
    ]
    heads = tuple(say(f"strategy.action.{head}") for head in ("action", "works", "indicator", "target"))
    caption = say("strategy.pillars.caption", pillar=say(f"strategy.pillar.{pillar}.name"))
    return Grid(caption, heads, tuple(rows), (2.0, 0.8, 2.2, 1.5))


def _indicator(action: Action) -> Line:
    return action.indicator or _blank("indicator")


def _target(action: Action) -> Line:
    return action.target or _blank("target")


def time_section(plan: StrategyPlan) -> Section:
    """Return when each action begins and works, drawn and in words."""
    ends = {"first": calendar_year(plan.years[0]), "last": calendar_year(plan.years[1])}
    used = tuple(pillar for pillar in PILLARS if plan.of_pillar(pillar))
    if len(used) + len(plan.actions) <= ONE_TIMELINE:
        drawn: tuple[Figure, ...] = (_timeline(plan, used, "timeline", say("strategy.time.caption", **ends)),)
    else:
        drawn = tuple(_pillar_timeline(plan, pillar, ends) for pillar in used)
    return Section("time", say("strategy.section.time"), (*drawn, _calendar(plan)), (), True)


def _pillar_timeline(plan: StrategyPlan, pillar: str, ends: dict[str, Phrase]) -> Figure:
    caption = say("strategy.time.caption_one", pillar=say(f"strategy.pillar.{pillar}.name"), **ends)
    return _timeline(plan, (pillar,), f"timeline_{pillar}", caption)


def _timeline(plan: StrategyPlan, pillars: tuple[str, ...], name: str, caption: Phrase) -> Figure:
    svg = {language: charts.timeline_chart(plan, language, pillars) for language in LANGUAGES}
    count = sum(len(plan.of_pillar(pillar)) for pillar in pillars)
    ends = {"first": calendar_year(plan.years[0]), "last": calendar_year(plan.years[1])}
    return Figure(name, svg, caption, say("strategy.time.alt", count=number(count), **ends))


def _calendar(plan: StrategyPlan) -> Grid:
    """Return year by year what begins and what starts to work."""
    changes = sorted({year for each in plan.actions for year in (each.year_begin, each.year_works)})
    rows: list[tuple[Cells, ...]] = []
    for when in changes:
        begun = tuple(each.name for each in plan.in_order if each.year_begin == when)
        works = tuple(each.name for each in plan.in_order if each.year_works == when)
        rows.append(((calendar_year(when),), begun or (same("–"),), works or (same("–"),)))
    heads = tuple(say(f"strategy.time.{head}") for head in ("year", "begins", "starts"))
    return Grid(say("strategy.time.table"), heads, tuple(rows), (0.5, 2.0, 2.0))


def table_section(plan: StrategyPlan) -> Section:
    """Return all actions in one table: who, when, what it costs, who pays, what it gives, how it is measured."""
    heads = ("action", "owner", "partners", "years", "cost", "payers", "effect", "measured")
    rows = tuple(_row(action) for action in plan.in_order)
    caption = say("strategy.action.caption", year=calendar_year(plan.price_year))
    grid = Grid(caption, tuple(say(f"strategy.action.{head}") for head in heads), rows, BROAD, broad=True)
    return Section("actions", say("strategy.section.actions"), (Text(say("strategy.action.intro")), grid), broad=True)


def _row(action: Action) -> tuple[Cells, ...]:
    return (
        (action.name,),
        (action.owner or _blank("owner"), say("strategy.action.acts", who=_acts(action))),
        action.partners or (_blank("partners"),),
        (
            say("strategy.action.from", year=calendar_year(action.year_begin)),
            say("strategy.action.at", year=calendar_year(action.year_works)),
        ),
        _cost(action),
        tuple(
            say("strategy.action.pays", who=payer(name), share=percent(part)) for name, part in action.shares.items()
        ),
        _effect(action),
        (_indicator(action), say("strategy.action.aim", target=action.target) if action.target else _blank("target")),
    )


def _acts(action: Action) -> Phrase:
    return listing(say(f"strategy.actor.{who}") for who in action.measure.acts)


def _cost(action: Action) -> Cells:
    span = say("strategy.action.span", low=money(action.cost.low), high=money(action.cost.high))
    return money(action.cost.mid), span, say("strategy.action.upkeep", upkeep=money(action.upkeep))


def _effect(action: Action) -> Cells:
    """Return what an action gives a year, each with its range, and what was not computed."""
    found, lines = action.effect, list[Line]()
    if found.damage_avoided is not None:
        lines.append(say("strategy.action.damage", amount=ranged(found.damage_avoided)))
    if found.person_days_avoided is not None:
        lines.append(say("strategy.action.days", amount=ranged(found.person_days_avoided, about)))
    if (value := added_of(action)) > 0:
        lines.append(say("strategy.action.added", amount=money(value)))
    lines += [_amount(each) for each in found.counted]
    return tuple(lines) or (say("strategy.action.unknown"),)


def _amount(counted: Counted) -> Phrase:
    """Return what is counted with its amount: "Old houses protected: 53"."""
    name = Phrase(counted.name_da, counted.name_en)
    return say("strategy.action.counted", name=name, amount=_counted(counted))


def _counted(counted: Counted) -> Phrase:
    if counted.unit in UNITS:
        return say(f"strategy.unit.{UNITS[counted.unit]}", amount=about(counted.amount))
    return say("strategy.unit.other", amount=about(counted.amount), unit=same(counted.unit))


def money_section(plan: StrategyPlan) -> Section:
    """Return what the plan costs by year and who is to pay, drawn and in tables."""
    svg = {language: charts.money_chart(plan, language) for language in LANGUAGES}
    spent = spending(plan)
    top = int(spent.investment.argmax())
    dear = {"year": calendar_year(int(spent.years[top])), "most": money(float(spent.investment[top]))}
    alt = say("strategy.money.alt", total=money(float(spent.investment.sum())), **dear)
    blocks: list[Block] = [Text(say("strategy.money.intro"))]
    if plan.budget_yearly is not None:
        blocks.append(Text(_ceiling(plan, float(spent.investment.max()))))
    blocks += [
        Figure("money", svg, say("strategy.money.caption", year=calendar_year(plan.price_year)), alt),
        payer_table(plan),
        year_table(plan),
        Text(say("strategy.money.note"), "aside"),
    ]
    return Section("money", say("strategy.section.money"), tuple(blocks), (), True)


def _ceiling(plan: StrategyPlan, most: float) -> Phrase:
    limit = plan.budget_yearly or 0.0
    key = "strategy.money.kept" if most <= limit * (1 + 1e-6) else "strategy.money.broken"
    return say(key, limit=money(limit), most=money(most))


def added_section(plan: StrategyPlan) -> Section:
    """Return what the actions give on ordinary days: valued in kroner, and only counted."""
    blocks: list[Block] = [Text(say("strategy.added.intro"))]
    if added_total(plan) > 0:
        svg = {language: charts.added_chart(plan, language) for language in LANGUAGES}
        alt = say("strategy.added.alt", total=money(added_total(plan)))
        blocks += [Figure("added_value", svg, say("strategy.added.caption"), alt), _valued(plan)]
    else:
        blocks.append(Text(say("strategy.added.none")))
    if any(action.effect.counted for action in plan.actions):
        blocks += [Text(say("strategy.added.counted")), _counted_table(plan)]
    return Section("added", say("strategy.section.added"), tuple(blocks), (), True)


def certainty(source: str) -> Phrase:
    """Return whether a source says that its figure rests on an assumption, in words."""
    return say("strategy.added.assumed" if charts.is_assumed(source) else "strategy.added.sourced")


def _goods(rows: Iterable[tuple[Action, AddedValue | Counted, Phrase]], title: str, figure: str) -> Grid:
    """Return a row for each good of an action with its figure; `title` and `figure` are keys of the words."""
    cells = tuple(
        (
            (Phrase(good.name_da, good.name_en),),
            (action.name,),
            (amount,),
            (certainty(good.source), same(good.source)),
        )
        for action, good, amount in rows
    )
    heads = tuple(say(f"strategy.added.{head}") for head in ("what", "action", figure, "basis"))
    return Grid(say(f"strategy.added.{title}"), heads, cells, (1.6, 1.6, 1.0, 2.4))


def _valued(plan: StrategyPlan) -> Grid:
    rows = ((action, good, money(good.yearly)) for action in plan.in_order for good in action.effect.added_value)
    return _goods(rows, "table", "yearly")


def _counted_table(plan: StrategyPlan) -> Grid:
    rows = ((action, good, _counted(good)) for action in plan.in_order for good in action.effect.counted)
    return _goods(rows, "counted_table", "amount")


def sheets_section(plan: StrategyPlan) -> Section:
    """Return the actions one by one: why, how it works, what it asks, what else follows, how it may fail."""
    below = tuple(_sheet(action) for pillar in PILLARS for action in plan.of_pillar(pillar))
    return Section("sheets", say("strategy.section.sheets"), (Text(say("strategy.sheet.intro")),), below, True)


def _sheet(action: Action) -> Section:
    measure = action.measure
    told = {
        "mechanism": Phrase(measure.mechanism_da, measure.mechanism_en),
        "conditions": Phrase(measure.conditions_da, measure.conditions_en),
        "derived": Phrase(measure.derived_da, measure.derived_en),
        "failure": Phrase(measure.failure_da, measure.failure_en),
        "evidence": known(f"evidence.{measure.evidence}", measure.evidence),
        "principles": _principles(action),
        "source": same(measure.source),
        "funding_source": same(measure.funding_source),
    }
    pairs = tuple((say(f"strategy.sheet.{name}"), text) for name, text in told.items() if text.da.strip())
    return Section(f"action-{measure.id}", action.name, (Text(action.why), Pairs(pairs)))


def _principles(action: Action) -> Phrase:
    """Return the scores on the five principles and why."""
    measure = action.measure
    scores = listing(
        say("strategy.sheet.score", name=say(f"strategy.principle.{name}"), score=number(measure.scores[name]))
        for name in PRINCIPLES
    )
    return together(say("strategy.sheet.scores", scores=scores), Phrase(measure.why_da, measure.why_en))
