"""The strategy in short: four answers that are read at a glance, and what the council has to decide."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from genrejs.report.language import LANGUAGES
from genrejs.report.strategy_money import added_total, spending
from genrejs.report.strategy_plan import NOT_FOUND, Range, StrategyPlan
from genrejs.report.strategy_tree import Bullets, Card, Cards, Section, Text
from genrejs.report.texts import Phrase, about, calendar_year, listing, money, number, percent, say

DEAREST = 3
"""Actions named in short."""
FIRST_YEARS = 4
"""Years for which the council is asked to set money aside: one council's term."""


def in_short(plan: StrategyPlan) -> Section:
    """Return the page that a mayor reads in ten seconds."""
    blocks = (
        Cards((_does(plan), _costs(plan), _gets(plan), _unknown(plan))),
        Text(say("strategy.short.decide"), "lead"),
        Bullets(_decisions(plan), ordered=True),
        Text(say("strategy.short.explain"), "aside"),
    )
    return Section("short", say("strategy.section.short"), blocks)


def ranged(found: Range, write: Callable[[float], Phrase] = money) -> Phrase:
    """Return a figure with its range: "12 (8 to 20)"."""
    return say("strategy.range", mid=write(found.mid), low=write(found.low), high=write(found.high))


def together(*parts: Phrase) -> Phrase:
    """Return sentences one after the other."""
    return Phrase(*(" ".join(part.of(language) for part in parts) for language in LANGUAGES))


def one_or_more(key: str, count: int, **values: object) -> Phrase:
    """Return the text of `key` for a count, that of `key`_one for 1."""
    return say(f"{key}_one", **values) if count == 1 else say(key, count=number(count), **values)


def _does(plan: StrategyPlan) -> Card:
    dearest = sorted(plan.actions, key=lambda action: -action.cost.mid)[:DEAREST]
    last = max(action.year_works for action in plan.actions)
    when = say("strategy.short.does_when", first=calendar_year(plan.in_order[0].year_begin), last=calendar_year(last))
    names = say("strategy.short.does_names", names=listing(action.name for action in dearest))
    answer = one_or_more("strategy.short.does_answer", len(plan.actions))
    return Card(say("strategy.short.does"), answer, together(when, names))


def whole_cost(plan: StrategyPlan) -> Range:
    """Return the price of all actions once [DKK], from all at their cheapest to all at their dearest."""
    costs = [action.cost for action in plan.actions]
    return Range(sum(each.low for each in costs), sum(each.mid for each in costs), sum(each.high for each in costs))


def _costs(plan: StrategyPlan) -> Card:
    cost, spent = whole_cost(plan), spending(plan)
    upkeep = money(sum(action.upkeep for action in plan.actions))
    sentences = [
        say("strategy.short.cost_range", low=money(cost.low), high=money(cost.high)),
        say("strategy.short.cost_upkeep", upkeep=upkeep, year=calendar_year(plan.price_year)),
    ]
    renewed = float(spent.investment.sum()) + spent.later - cost.mid
    if renewed > 0.5:
        sentences.append(say("strategy.short.cost_renewed", amount=money(renewed), year=calendar_year(plan.years[1])))
    own = float(spent.invested.get("municipality", np.zeros(1)).sum()) / max(float(spent.investment.sum()), 1e-9)
    if own > 0:
        sentences.append(say("strategy.short.cost_own", share=percent(own)))
    return Card(say("strategy.short.costs"), money(cost.mid), together(*sentences))


def _gets(plan: StrategyPlan) -> Card:
    found = plan.outcomes
    less = 1 - found.ead_with.mid / found.ead_without.mid if found.ead_without.mid > 0 else 0.0
    ends = {
        "year": calendar_year(found.future),
        "without": money(found.ead_without.mid),
        "with_": ranged(found.ead_with),
    }
    better = less >= 0.005
    answer = say("strategy.short.gets_answer", share=percent(less)) if better else say("strategy.short.gets_nothing")
    sentences = [say("strategy.short.gets_damage" if better else "strategy.short.gets_not_less", **ends)]
    days = found.person_days_without.mid - found.person_days_with.mid
    key = "strategy.short.gets_days" if days > 0 else "strategy.short.gets_more_days"
    sentences.append(say(key, days=about(abs(days))))
    if (value := added_total(plan)) > 0:
        sentences.append(say("strategy.short.gets_added", value=money(value)))
    return Card(say("strategy.short.gets"), answer, together(*sentences))


def unmeasured(plan: StrategyPlan) -> int:
    """Return how many actions have no measured or computed effect behind them."""
    return sum(action.measure.evidence == "none" for action in plan.actions)


def worst(plan: StrategyPlan) -> Phrase:
    """Return what the plan costs or gives in the worst future."""
    amount = plan.outcomes.worst
    return say("strategy.short.worst_lost" if amount < 0 else "strategy.short.worst_won", amount=money(abs(amount)))


def _unknown(plan: StrategyPlan) -> Card:
    sentences = [say("strategy.short.futures", count=number(plan.futures)), worst(plan)]
    if count := unmeasured(plan):
        sentences.append(one_or_more("strategy.short.unmeasured", count, all=number(len(plan.actions))))
    answer = say("strategy.short.unknown_answer", share=percent(plan.outcomes.pays))
    return Card(say("strategy.short.unknown"), answer, together(*sentences))


def _decisions(plan: StrategyPlan) -> tuple[Phrase, ...]:
    spent = spending(plan)
    until = min(FIRST_YEARS, spent.years.size)
    ends = {"first": calendar_year(int(spent.years[0])), "last": calendar_year(int(spent.years[until - 1]))}
    early = float(spent.investment[:until].sum() + spent.upkeep[:until].sum())
    items = [one_or_more("strategy.short.adopt", len(plan.actions))]
    if missing := sum(action.owner is None for action in plan.actions):
        items.append(one_or_more("strategy.short.owners", missing))
    items.append(say("strategy.short.money", amount=money(early), **ends))
    if NOT_FOUND in spent.invested:
        items.append(say("strategy.short.not_found", amount=money(float(spent.invested[NOT_FOUND].sum()))))
    if plan.change_course:
        items.append(say("strategy.short.watch"))
    return tuple(items)
