"""The top of the report: what happened, and the three headline numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from genrejs.report.story import After, Story
from genrejs.report.texts import Phrase, duration, money, number, percent, say, titled
from genrejs.scenario.figures import damage_range, total_damage
from genrejs.scenario.result import Result


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
    services = number(story.main.recovery.functionality.sizes["service"])
    return (
        Card(say("card.withstand"), share, say("card.withstand_sentence", share=share, services=services)),
        Card(say("card.bounce_back"), bounce_back(story.main), _bounce_sentence(story.main)),
        Card(say("card.emerge_stronger"), learnt, learnt_sentence),
    )


def bounce_back(result: Result) -> Phrase:
    """Return the time until the city is back, or "more than the horizon" when it was not within it."""
    censored = _censored(result)
    return days_back(_horizon(result) / 24 if censored else result.recovery.indicators["bounce_back_days"], censored)


def days_back(days: float, censored: bool) -> Phrase:
    """Return the time until a city is back after `days`, or "more than" them where the horizon cut it short."""
    if censored:
        return say("card.more_than", time=duration(days * 24))
    return say("card.never_below") if days <= 0 else duration(days * 24)


def stronger(after: After | None) -> Phrase:
    """Return emerge stronger in percent, or a dash when it was not computed or there was nothing to lose."""
    return percent(after.emerge_stronger if after else float("nan"))


def facts(result: Result) -> tuple[tuple[Phrase, Phrase], ...]:
    """Return what one event did: buildings in water and damaged, people, damage, person-days."""
    totals, read = result.impact.totals, result.recovery.indicators
    counted = [(name, totals[name]) for name in ("residents_in_wet_homes", "buildings_damaged") if name in totals]
    return (
        (say("fact.buildings"), number(float(result.impact.buildings["wet"].sum()))),
        *((say(f"fact.{name}"), number(value)) for name, value in counted),
        (say("fact.damage"), money(total_damage(result))),
        *_range(result),
        (say("fact.person_days"), number(read["person_days_without_service"])),
    )


def _range(result: Result) -> tuple[tuple[Phrase, Phrase], ...]:
    """Return the range of the damage over what is uncertain, nothing where it was not drawn or nothing is lost."""
    ends = damage_range(result)
    if ends is None or ends[1] <= 0:
        return ()
    return ((say("fact.damage_range"), say("fact.range", low=money(ends[0]), high=money(ends[1]))),)


def lead(story: Story) -> tuple[Phrase, ...]:
    """Return what happens in the main event, and which other event people feel more, in plain sentences."""
    main = story.main
    wet = float(main.impact.buildings["wet"].sum())
    told = {
        "buildings": number(wet),
        "people": number(main.impact.totals.get("residents_in_wet_homes", 0.0)),
        "damage": money(total_damage(main)),
        "days": number(_person_days(main)),
    }
    worst = max(story.showcase, key=_person_days)
    first = say("lead.wet" if wet else "lead.dry", **told)
    if _person_days(worst) <= _person_days(main):
        return (first,)
    title = titled(worst.event)
    share = percent(worst.recovery.indicators["withstand"])
    return (first, say("lead.worse", event=title, days=number(_person_days(worst)), share=share))


def _person_days(result: Result) -> float:
    return float(result.recovery.indicators["person_days_without_service"])


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
