"""The top of the report: three numbers, what happened, and which strategy the figures speak for."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import pandas as pd

from genrejs.report.story import After, Story
from genrejs.report.summary import total_damage
from genrejs.report.texts import Phrase, duration, money, number, percent, say
from genrejs.scenario.result import Result

BASELINE = "today"


@dataclass(frozen=True)
class Card:
    """One of the three headline numbers: its name, the number, one sentence."""

    name: Phrase
    figure: Phrase
    sentence: Phrase


def cards(story: Story) -> tuple[Card, Card, Card]:
    """Return withstand, bounce back and emerge stronger for the main event."""
    share = percent(story.main.recovery.indicators["withstand"])
    after = story.after.get(story.main.event.name)
    learnt, learnt_sentence = _stronger(after)
    return (
        Card(say("card.withstand"), share, say("card.withstand_sentence", share=share)),
        Card(say("card.bounce_back"), bounce_back(story.main), _bounce_sentence(story.main)),
        Card(say("card.emerge_stronger"), learnt, learnt_sentence),
    )


def bounce_back(result: Result) -> Phrase:
    """Return the time until the city is back, or "more than the horizon" when it was not within it."""
    read = result.recovery.indicators
    if _censored(result):
        return say("card.more_than", time=duration(_horizon(result)))
    return duration(read["bounce_back_days"] * 24)


def stronger(after: After | None) -> Phrase:
    """Return emerge stronger in percent, or a dash when it was not computed or there was nothing to lose."""
    return percent(after.emerge_stronger if after else float("nan"))


def facts(result: Result) -> tuple[tuple[Phrase, Phrase], ...]:
    """Return what one event did: buildings under water, people in wet homes, damage, person-days."""
    totals, read = result.impact.totals, result.recovery.indicators
    found = [
        (say("fact.buildings"), number(float(result.impact.buildings["wet"].sum()))),
        (say("fact.damage"), money(total_damage(result))),
        (say("fact.person_days"), number(read["person_days_without_service"])),
    ]
    if "residents_in_wet_homes" in totals:
        found.insert(1, (say("fact.residents"), number(totals["residents_in_wet_homes"])))
    return tuple(found)


def conclusion(story: Story) -> Phrase:
    """Return one sentence: which strategy has the best net present value, and which spares most person-days."""
    choices = open_choices(story)
    table = story.comparison.strategies
    today = table[table["id"] == BASELINE]
    if choices.empty or today.empty:
        return say("conclusion.none")
    best = choices.sort_values("npv", ascending=False, kind="stable").iloc[0]
    kind = choices.sort_values("person_days_now", kind="stable").iloc[0]
    saved = float(today["person_days_now"].iloc[0]) - float(kind["person_days_now"])
    value, days = money(best["npv"]), number(saved)
    if saved <= 0:
        return say("conclusion.no_days", best=_name(best), value=value)
    if best["npv"] <= 0:
        return say("conclusion.no_money", best=_name(best), value=value, kind=_name(kind), days=days)
    if best["id"] == kind["id"]:
        return say("conclusion.same", best=_name(best), value=value, days=days)
    return say("conclusion.two", best=_name(best), value=value, kind=_name(kind), days=days)


def open_choices(story: Story) -> pd.DataFrame:
    """Return the compared strategies that the city can still choose: not today's, none that takes structures away."""
    past = {strategy.id for strategy in story.strategies if strategy.removes} | {BASELINE}
    table = story.comparison.strategies
    return table[~table["id"].isin(past) & table["npv"].notna()]


def _name(row: pd.Series) -> Phrase:
    return Phrase(str(row["name_da"]), str(row["name_en"]))


def _censored(result: Result) -> bool:
    read = result.recovery.indicators
    return bool(read.get("censored", 0)) or not isfinite(read["bounce_back_days"])


def _horizon(result: Result) -> float:
    return float(result.recovery.curve["time"].values[-1])


def _bounce_sentence(result: Result) -> Phrase:
    if _censored(result):
        return say("card.bounce_never", time=duration(_horizon(result)))
    if result.recovery.indicators["bounce_back_days"] <= 0:
        return say("card.bounce_at_once")
    return say("card.bounce_sentence")


def _stronger(after: After | None) -> tuple[Phrase, Phrase]:
    shown = stronger(after)
    if after is None or not isfinite(after.emerge_stronger):
        return shown, say("card.stronger_unknown")
    if after.emerge_stronger > 0.005:
        return shown, say("card.stronger_sentence", share=shown)
    if after.emerge_stronger < -0.005:
        return shown, say("card.weaker_sentence", share=percent(-after.emerge_stronger))
    return shown, say("card.stronger_same")
