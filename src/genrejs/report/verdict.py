"""What the figures point to: what the money buys, said plainly also where a strategy costs more than it saves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from genrejs.report.story import Story
from genrejs.report.texts import Phrase, money, number, percent, same, say, short

BASELINE = "today"
"""The strategy that all others are judged against."""

AS_GOOD_AS_NOTHING = 0.5
"""Differences below this many person-days a year, or this many million DKK, are not called differences (assumption)."""

WORTH_NAMING, NEARLY = 0.1, 0.02
"""Shares of today's damage: a reduction worth naming, and a difference that is none (assumption)."""

MILLION = 1e6


@dataclass(frozen=True)
class Verdict:
    """One strategy in words: its name, whether it pays for itself, and one sentence for each thing it brings."""

    name: Phrase
    balance: Phrase
    brings: tuple[Phrase, ...]
    pays: bool


class Rare(NamedTuple):
    """The costliest event: hazard, return period [year], damage [DKK] under a strategy and as the city is today."""

    hazard: str
    period: float
    mine: float
    today: float

    def words(self) -> dict[str, Phrase]:
        """Return the blanks of a sentence about it."""
        hazard, years = say(f"kind.{self.hazard}"), number(self.period)
        return {"hazard": hazard, "years": years, "mine": money(self.mine), "today": money(self.today)}


def open_choices(story: Story) -> pd.DataFrame:
    """Return the compared strategies that the city can still choose: not today's, none that takes structures away."""
    past = {strategy.id for strategy in story.strategies if strategy.removes} | {BASELINE}
    table = story.comparison.strategies
    return table[~table["id"].isin(past) & table["npv"].notna()]


def conclusion(story: Story) -> tuple[Phrase, ...]:
    """Return the few sentences a decision rests on: does it pay, what spares people most, what makes things worse."""
    today, choices = _today(story), open_choices(story)
    if choices.empty or today is None:
        return (say("conclusion.none"),)
    choices = choices.assign(saved=float(today["person_days_now"]) - choices["person_days_now"])
    best = choices.sort_values("npv", ascending=False, kind="stable").iloc[0]
    spends = _of_no_profit(best, choices) if best["npv"] <= 0 else _of_profit(best, choices)
    kinder = choices[choices["saved"] > AS_GOOD_AS_NOTHING]
    if kinder.empty:
        return (*spends, say("conclusion.no_days"))
    kind = kinder.sort_values("saved", ascending=False, kind="stable").iloc[0]
    thrifty = _thriftiest(kinder) if best["npv"] <= 0 else kind
    most = [] if thrifty["id"] == kind["id"] else [say("conclusion.thrifty", **_bought(thrifty, today))]
    worse = choices[choices["saved"] < -AS_GOOD_AS_NOTHING]
    warned = [say("conclusion.worse", name=_name(row)) for _, row in worse.iterrows()]
    return (*spends, *most, say("conclusion.kindest", **_bought(kind, today)), *_shield(story, choices), *warned)


def _shield(story: Story, choices: pd.DataFrame) -> tuple[Phrase, ...]:
    """Return which strategy does most against the costliest event, the better net present value among equals."""
    rare = {str(row["id"]): found for _, row in choices.iterrows() if (found := _rarest(story, str(row["id"])))}
    if not rare:
        return ()
    today = next(iter(rare.values())).today
    least = min(found.mine for found in rare.values())
    if today - least < WORTH_NAMING * today:
        return ()
    equals = [id for id, found in rare.items() if found.mine <= least + NEARLY * today]
    row = choices[choices["id"].isin(equals)].sort_values("npv", ascending=False, kind="stable").iloc[0]
    return (say("conclusion.shield", name=_name(row), **rare[str(row["id"])].words()),)


def _of_profit(best: pd.Series, choices: pd.DataFrame) -> tuple[Phrase, ...]:
    value = money(best["npv"])
    if best["saved"] >= choices["saved"].max() > AS_GOOD_AS_NOTHING:
        return (say("conclusion.same", best=_name(best), value=value),)
    return (say("conclusion.pays", best=_name(best), value=value),)


def _of_no_profit(best: pd.Series, choices: pd.DataFrame) -> tuple[Phrase, ...]:
    least, most = money(-float(best["npv"])), money(-float(choices["npv"].min()))
    return (say("conclusion.no_money", best=_name(best), least=least, most=most),)


def _thriftiest(kinder: pd.DataFrame) -> pd.Series:
    """Return the strategy that spares most person-days for each krone it costs more than it saves."""
    each = kinder["saved"] / (-kinder["npv"]).clip(lower=1.0)
    return kinder.assign(each=each).sort_values("each", ascending=False, kind="stable").iloc[0]


def _bought(row: pd.Series, today: pd.Series) -> dict[str, object]:
    before, upkeep = float(today["person_days_now"]), float(row["upkeep"] - today["upkeep"])
    return {
        "name": _name(row),
        "days": number(row["saved"]),
        "share": percent(row["saved"] / before if before > 0 else float("nan")),
        "cost": money(row["cost"]),
        "upkeep": money(upkeep),
    }


def verdicts(story: Story) -> tuple[Verdict, ...]:
    """Return every strategy that the city can still choose, in words, against today."""
    today = _today(story)
    if today is None:
        return ()
    return tuple(_verdict(story, row, today) for _, row in open_choices(story).iterrows())


def _verdict(story: Story, row: pd.Series, today: pd.Series) -> Verdict:
    comparison, npv = story.comparison, float(row["npv"])
    if abs(npv) < AS_GOOD_AS_NOTHING * MILLION:
        balance = say("verdict.even")
    else:
        balance = say("verdict.pays" if npv > 0 else "verdict.costs", value=money(abs(npv)))
    saved = float(today["person_days_now"] - row["person_days_now"])
    added = float(row["added_value"] - today["added_value"])
    brings = [
        say("verdict.price", cost=money(row["cost"]), upkeep=money(row["upkeep"] - today["upkeep"])),
        say("verdict.damage", year=same(str(comparison.future)), mine=money(row["ead_future"]),
            today=money(today["ead_future"])),
        *_rare(story, str(row["id"])),
        _days(saved),
        say("verdict.added" if added > 0 else "verdict.no_added", value=money(added)),
    ]  # fmt: skip
    return Verdict(_name(row), balance, tuple(brings), npv > 0)


def _days(saved: float) -> Phrase:
    if abs(saved) < AS_GOOD_AS_NOTHING:
        return say("verdict.days_same")
    return say("verdict.days_fewer" if saved > 0 else "verdict.days_more", days=number(abs(saved)))


def _rare(story: Story, id: str) -> tuple[Phrase, ...]:
    found = _rarest(story, id)
    return (say("verdict.rare", **found.words()),) if found else ()


def _rarest(story: Story, id: str) -> Rare | None:
    """Return what the costliest of today's events does now under a strategy and under today's; None if not known."""
    table = story.comparison.exceedance
    now = table[table["year"] == story.comparison.now]
    today = now[now["strategy"] == BASELINE]
    if today.empty or float(today["damage"].max()) <= 0:
        return None
    worst = today.sort_values("damage", ascending=False, kind="stable").iloc[0]
    mine = now[(now["strategy"] == id) & (now["event"] == worst["event"])]
    if mine.empty:
        return None
    period = 1 / float(worst["frequency"])
    return Rare(str(worst["hazard"]), period, float(mine["damage"].iloc[0]), float(worst["damage"]))


def _today(story: Story) -> pd.Series | None:
    table = story.comparison.strategies
    today = table[table["id"] == BASELINE]
    return None if today.empty else today.iloc[0]


def _name(row: pd.Series) -> Phrase:
    return short(Phrase(str(row["name_da"]), str(row["name_en"])))
