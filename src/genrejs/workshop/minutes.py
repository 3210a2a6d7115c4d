"""The minutes of a workshop in Markdown: what was said, wished, worked out and decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from genrejs.hazard.catalogue import named_events
from genrejs.workshop import tally
from genrejs.workshop.harvest import chosen, ranked
from genrejs.workshop.kept import Workshop
from genrejs.workshop.state import Card, Idea, Run, State
from genrejs.workshop.words import money, number, say

FIGURES = ("buildings_flooded", "residents_in_wet_homes", "damage_dkk", "person_days_without_service")
"""Of a run, told in the minutes."""
Say = Callable[..., str]


def escaped(text: str) -> str:
    """Return people's words so that Markdown shows them as they were written, HTML and all."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = re.sub(r"([\\`*_\[\]#|~!$])", r"\\\1", plain)
    # A dash, a plus or a number with a dot at the start of a line would open a list.
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", plain)


def minutes(workshop: Workshop, state: State, language: str, votes: bool) -> str:
    """Return the minutes in a language; the votes are in them where `votes` says so."""
    tell = partial(say, language)
    parts = [
        _head(workshop, state, tell),
        _challenges(state, tell),
        _ideas(state, tell, language),
        _runs(state, tell, language),
        _decision(state, tell, language) if votes else [f"## {tell('minutes.decision')}", tell("minutes.not_open")],
        [tell("minutes.end")],
    ]
    return "\n\n".join(block for part in parts for block in part) + "\n"


def _head(workshop: Workshop, state: State, tell: Say) -> list[str]:
    day = datetime.fromtimestamp(workshop.created, UTC).date().isoformat()
    return [
        f"# {escaped(workshop.title)}",
        *([escaped(workshop.question)] if workshop.question else []),
        tell("minutes.when", day=day, people=len(state.people), code=workshop.code),
    ]


def _challenges(state: State, tell: Say) -> list[str]:
    stars, cards = tally.stars(state), tally.shown_cards(state)
    if not cards:
        return [f"## {tell('rounds.challenges')}", tell("minutes.nothing")]

    def lines(group: str | None) -> str:
        held = sorted((card for card in cards if card.group == group), key=lambda card: -stars.get(card.id, 0))
        return "\n".join(_bullet(card, stars.get(card.id, 0), tell) for card in held)

    blocks = [f"## {tell('rounds.challenges')}"]
    for group in dict.fromkeys(card.group for card in cards if card.group is not None):
        blocks += [f"### {escaped(group)}", lines(group)]
    loose = lines(None)
    if loose:
        blocks += [*([f"### {tell('minutes.loose')}"] if len(blocks) > 1 else []), loose]
    return blocks


def _bullet(card: Card, stars: int, tell: Say) -> str:
    return f"* {escaped(card.text)}" + (f" ({tell('minutes.stars', n=stars)})" if stars else "")


def _ideas(state: State, tell: Say, language: str) -> list[str]:
    ideas = ranked(state) if state.tally_open else tally.shown_ideas(state)
    if not ideas:
        return [f"## {tell('rounds.ideas')}", tell("minutes.nothing")]
    support, goods = tally.support(state), tally.goods(state)
    lines = [_idea(idea, support.get(idea.id, 0), goods[idea.id], language) for idea in ideas]
    return [f"## {tell('rounds.ideas')}", "\n".join(lines)]


def _idea(idea: Idea, support: int, goods: Mapping[str, int], language: str) -> str:
    tell = partial(say, language)
    facts = [tell("minutes.support", n=support), _cost(idea, language)]
    also = sorted(f"{tell(f'goods.{good}')} ({n})" for good, n in goods.items())
    told = f"* {escaped(idea.text)}: {'; '.join(facts)}"
    return f"{told}; {tell('minutes.also')}: {', '.join(also)}" if also else told


def _cost(idea: Idea, language: str) -> str:
    tell = partial(say, language)
    if idea.cost is None:
        return tell("minutes.no_cost")
    whose = "leader" if idea.cost_source == "leader" else "model"
    return tell(f"minutes.cost_{whose}", cost=money(idea.cost, language))


def _runs(state: State, tell: Say, language: str) -> list[str]:
    done = [run for run in state.runs.values() if run.status == "successful"]
    if not done:
        return []
    constructed = any(run.answer.get("constructed") for run in done)
    heads = [tell("minutes.ideas_run"), tell("minutes.event"), *(tell(f"figures.{name}") for name in FIGURES)]
    rows = [_row(run, state, language) for run in done]
    table = "\n".join([_line(heads), _line(["---"] * len(heads)), *map(_line, rows)])
    return [f"## {tell('rounds.run')}", table, *([tell("minutes.constructed")] if constructed else [])]


def _row(run: Run, state: State, language: str) -> list[str]:
    texts = ", ".join(escaped(state.ideas[id].text) for id in run.ideas if tally.seen_root(state, id) is not None)
    figures: dict[str, Any] = dict(run.answer.get("figures") or {})
    without: dict[str, Any] = dict((run.answer.get("before") or {}).get("figures") or {})
    cells = [_compared(name, figures.get(name), without.get(name), language) for name in FIGURES]
    return [texts or "–", escaped(_event(run.event, language)), *cells]


def _event(name: str, language: str) -> str:
    """Return an event's title, in English where it has none in the language, its name where it is no longer known."""
    told = named_events().get(name, {})
    return str(told.get(f"title_{language}") or told.get("title_en") or name)


def _compared(name: str, value: float | None, without: float | None, language: str) -> str:
    """Return a figure, with what it is without the ideas where that is known."""
    told = _figure(name, value, language)
    if without is None:
        return told
    return f"{told} ({say(language, 'minutes.without', n=_figure(name, without, language))})"


def _figure(name: str, value: float | None, language: str) -> str:
    if value is None:
        return "–"
    return money(value, language) if name.endswith("_dkk") else number(value, language)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _decision(state: State, tell: Say, language: str) -> list[str]:
    spent, dots, bought = tally.spent(state), tally.dots(state), chosen(state)
    blocks = [f"## {tell('minutes.decision')}", tell("minutes.budget", budget=money(state.budget, language))]
    voted = [idea for idea in ranked(state) if idea.id in spent or idea.id in dots]
    if voted:
        heads = [tell(f"minutes.{key}") for key in ("idea", "payers", "money", "dots")]
        rows = []
        for idea in voted:
            given = spent.get(idea.id, tally.Spent(0, 0))
            cells = [str(given.people), money(given.dkk, language), str(dots.get(idea.id, 0))]
            rows.append([escaped(idea.text), *cells])
        blocks.append("\n".join([_line(heads), _line(["---"] * 4), *map(_line, rows)]))
    blocks.append(f"### {tell('minutes.chosen')}")
    if not bought:
        return [*blocks, tell("minutes.nothing")]
    blocks.append("\n".join(f"* {escaped(idea.text)}: {money(idea.cost or 0, language)}" for idea in bought))
    sum_up = tell("minutes.reach", cost=money(sum(idea.cost or 0 for idea in bought), language))
    return [*blocks, sum_up, tell("minutes.rule")]
