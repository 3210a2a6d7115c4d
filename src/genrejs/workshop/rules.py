"""What is allowed: an action that somebody asks for becomes what is kept of it, or a refusal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue, find_strategy
from genrejs.workshop import actions as ask
from genrejs.workshop.harvest import EVENT
from genrejs.workshop.refused import Refused
from genrejs.workshop.state import LEADER, Card, Idea, State
from genrejs.workshop.tally import seen_root, shown_cards, starred
from genrejs.workshop.words import kroner, named

Price = Callable[[Sequence[Mapping[str, Any]]], float]
"""Prices drawn works [DKK]; raises InputError where one cannot be built, Refused where it cannot tell now."""

MOST_PEOPLE = 500
MOST_ACTIONS = 20_000
MOST_CARDS, MOST_IDEAS = 600, 300
"""In a workshop: more would not fit a screen, nor a state that is sent five times a second (assumption)."""
MOST_GROUPS = 30
"""Of cards: more would not fit a screen (assumption)."""
OWN_CARDS, OWN_IDEAS = 40, 20
"""Of one person (assumption)."""
MOST_RUNS = 3
"""Runs of a workshop that wait at the same time (assumption)."""
AFTER_CLOSE = frozenset({"undo", "hide", "show", "tally"})
"""What the leader may still do when the workshop is closed."""
FOR_EVER = frozenset({"join"})
"""Kinds that cannot be undone."""


@dataclass(frozen=True)
class Desk:
    """What a decision needs besides the state: who asks, the workshop's language, how drawn works are priced."""

    by: str
    language: str
    price: Price | None = None


def decide(state: State, asked: ask.Given, desk: Desk) -> Mapping[str, Any]:
    """Return what is kept of an action; raise Refused where it is not allowed now, by this person, or at all."""
    _may(state, asked, desk.by)
    data = _DECIDE[asked.kind](state, asked, desk)
    return data if asked.once is None else {**data, "once": asked.once}


def _may(state: State, asked: ask.Given, by: str) -> None:
    leader = by == LEADER
    if ("leader" if leader else "participant") not in asked.WHO:
        raise Refused("denied", "participants_only" if leader else "leader_only")
    if state.closed and asked.kind not in AFTER_CLOSE:
        raise Refused("conflict", "closed")
    if len(state.log) >= MOST_ACTIONS * (2 if leader else 1):
        raise Refused("conflict", "full")
    if state.round not in asked.WHEN:
        raise Refused("conflict", f"when_{asked.kind}")


def _new(state: State, letter: str, kind: str) -> str:
    """Return the next id of a kind; undone ones count, so that no id ever means two things."""
    return f"{letter}{sum(action.kind == kind for action in state.log) + 1}"


def _room(made: Mapping[str, Card] | Mapping[str, Idea], by: str, most: int, own: int) -> None:
    if len(made) >= most:
        raise Refused("conflict", "full")
    if by != LEADER and sum(each.by == by for each in made.values()) >= own:
        raise Refused("conflict", "own_full", most=own)


def _card(state: State, id: str) -> Card:
    if id not in state.cards or state.cards[id].hidden:
        raise Refused("unknown", "no_card")
    return state.cards[id]


def _idea(state: State, id: str) -> Idea:
    """Return the idea to be seen that `id` is, or has become part of."""
    root = seen_root(state, id)
    if root is None:
        raise Refused("unknown", "no_idea")
    return state.ideas[root]


def _add_card(state: State, asked: ask.Card, desk: Desk) -> Mapping[str, Any]:
    _room(state.cards, desk.by, MOST_CARDS, OWN_CARDS)
    return {"id": _new(state, "c", "card"), "text": asked.text}


def _star(state: State, asked: ask.Star, desk: Desk) -> Mapping[str, Any]:
    _card(state, asked.card)
    held = starred(state, desk.by)
    if asked.on and asked.card not in held and len(held) >= state.star_limit:
        raise Refused("conflict", "stars_used", most=state.star_limit)
    return {"card": asked.card, "on": asked.on}


def _add_idea(state: State, asked: ask.Idea, desk: Desk) -> Mapping[str, Any]:
    _room(state.ideas, desk.by, MOST_IDEAS, OWN_IDEAS)
    drawn = [work.model_dump(exclude_none=True, mode="json") for work in asked.drawn or ()]
    cost, source = _priced(asked.measure, drawn, desk.price)
    if asked.measure is not None:
        _proposed(state, asked.measure, bool(drawn))
    text = asked.text or (named(catalogue()[asked.measure], desk.language) if asked.measure else None)
    if text is None:
        raise Refused("bad", "idea_empty")
    place = list(asked.place) if asked.place else None
    id = _new(state, "i", "idea")
    return {
        "id": id, "text": text, "measure": asked.measure, "place": place, "drawn": drawn, "cost": cost,
        "cost_source": source,
    }  # fmt: skip


def priced(drawn: Sequence[Mapping[str, Any]], price: Price) -> float:
    """Return what drawn works cost [DKK]; raise Refused for what cannot be built."""
    try:
        return float(price(drawn))
    except Refused:
        raise
    except InputError as error:
        raise Refused("bad", "drawn_wrong") from error


def _priced(measure: str | None, drawn: list[dict[str, Any]], price: Price | None) -> tuple[float | None, str | None]:
    """Return what an idea costs [DKK] and whose figure that is; a cost that is not known in full is none."""
    if measure is not None and measure not in catalogue():
        raise Refused("bad", "no_measure")
    works = (priced(drawn, price) if price else math.nan) if drawn else 0.0
    if math.isnan(works):
        return None, None
    if measure is None:
        return (works, "drawn") if drawn else (None, None)
    return catalogue()[measure].cost + works, "catalogue and drawn" if drawn else "catalogue"


def _proposed(state: State, measure: str, drawn: bool) -> None:
    if measure in find_strategy("today").measures:
        raise Refused("conflict", "stands_today")
    if not drawn and any(idea.measure == measure and seen_root(state, id) for id, idea in state.ideas.items()):
        raise Refused("conflict", "idea_twice")


def _support(state: State, asked: ask.Support, _: Desk) -> Mapping[str, Any]:
    return {"idea": _idea(state, asked.idea).id, "on": asked.on}


def _good(state: State, asked: ask.GoodOf, _: Desk) -> Mapping[str, Any]:
    return {"idea": _idea(state, asked.idea).id, "good": asked.good, "on": asked.on}


def _budget(state: State, asked: ask.Budget, desk: Desk) -> Mapping[str, Any]:
    spend: dict[str, int] = {}
    for id, dkk in asked.spend.items():
        idea = _idea(state, id)
        spend[idea.id] = spend.get(idea.id, 0) + dkk
        if not idea.cost:
            raise Refused("conflict", "no_cost", idea=idea.text)
        if spend[idea.id] > round(idea.cost):
            raise Refused("conflict", "above_cost", idea=idea.text, cost=_money(idea.cost, desk, state))
    if sum(spend.values()) > state.budget:
        raise Refused("conflict", "above_budget", budget=_money(state.budget, desk, state))
    return {"spend": spend}


def _money(dkk: float, desk: Desk, state: State) -> str:
    person = state.people.get(desk.by)
    return kroner(dkk, person.language if person else desk.language)


def _dots(state: State, asked: ask.Dots, _: Desk) -> Mapping[str, Any]:
    if len(asked.ideas) > state.dot_limit:
        raise Refused("conflict", "dots_used", most=state.dot_limit)
    return {"ideas": [_idea(state, id).id for id in asked.ideas]}


def _round(_: State, asked: ask.SetRound, __: Desk) -> Mapping[str, Any]:
    seconds = ask.TALK if asked.name == "talk" and asked.seconds is None else asked.seconds
    return {"name": asked.name, "seconds": seconds}


def _group(state: State, asked: ask.Group, _: Desk) -> Mapping[str, Any]:
    held = {card.group for card in shown_cards(state)} - {None}
    if asked.group is not None and asked.group not in held and len(held) >= MOST_GROUPS:
        raise Refused("conflict", "groups_full", most=MOST_GROUPS)
    return {"cards": [_card(state, card).id for card in dict.fromkeys(asked.cards)], "group": asked.group}


def _merge(state: State, asked: ask.Merge, _: Desk) -> Mapping[str, Any]:
    into, source = _idea(state, asked.into), _idea(state, asked.source)
    if into.id == source.id:
        raise Refused("conflict", "merged")
    return {"into": into.id, "from": source.id}


def _hide(state: State, asked: ask.Hide, _: Desk) -> Mapping[str, Any]:
    id = _card(state, asked.id).id if asked.what == "card" else _idea(state, asked.id).id
    return {"what": asked.what, "id": id}


def _show(state: State, asked: ask.Show, _: Desk) -> Mapping[str, Any]:
    if asked.id not in (state.cards if asked.what == "card" else state.ideas):
        raise Refused("unknown", "no_card" if asked.what == "card" else "no_idea")
    return {"what": asked.what, "id": asked.id}


def _undo(state: State, asked: ask.Undo, _: Desk) -> Mapping[str, Any]:
    found = [action for action in state.log if action.seq == asked.seq]
    if not found:
        raise Refused("unknown", "no_action")
    if asked.seq in state.undone:
        raise Refused("conflict", "undone")
    if found[0].kind in FOR_EVER:
        raise Refused("conflict", "not_undone")
    return {"seq": asked.seq}


def _rules(state: State, asked: ask.Rules, _: Desk) -> Mapping[str, Any]:
    # A rule that changes after the first vote would make votes worth different things.
    if (asked.budget is not None and any(state.spends.values())) or (
        asked.dots is not None and any(state.dots.values())
    ):
        raise Refused("conflict", "votes_cast")
    return {"budget": asked.budget, "stars": asked.stars, "dots": asked.dots}


def _cost(state: State, asked: ask.Cost, _: Desk) -> Mapping[str, Any]:
    idea = _idea(state, asked.idea)
    if idea.cost_source not in {None, "leader"}:
        raise Refused("conflict", "has_cost")
    if any(idea.id in spend for spend in state.spends.values()):
        raise Refused("conflict", "votes_cast")
    return {"idea": idea.id, "dkk": asked.dkk}


def _simulate(state: State, asked: ask.Simulate, _: Desk) -> Mapping[str, Any]:
    ideas = list(dict.fromkeys(_idea(state, id).id for id in asked.ideas))
    for idea in (state.ideas[id] for id in ideas):
        if idea.measure is None and not idea.drawn:
            raise Refused("conflict", "not_runnable", idea=idea.text)
    if sum(run.status == "running" for run in state.runs.values()) >= MOST_RUNS:
        raise Refused("conflict", "runs_wait", most=MOST_RUNS)
    return {
        "ideas": ideas, "event": asked.event or EVENT, "strategy": asked.strategy or "today",
        "year": asked.year,
    }  # fmt: skip


def _plain(_: State, asked: ask.Given, __: Desk) -> Mapping[str, Any]:
    return asked.model_dump(exclude={"kind", "once"})


_DECIDE: Mapping[str, Callable[[State, Any, Desk], Mapping[str, Any]]] = MappingProxyType(
    {
        "card": _add_card, "star": _star, "idea": _add_idea, "support": _support, "good": _good, "budget": _budget,
        "dots": _dots, "round": _round, "timer": _plain, "group": _group, "merge": _merge, "hide": _hide,
        "show": _show, "undo": _undo, "rules": _rules, "plan": _plain, "cost": _cost, "tally": _plain,
        "simulate": _simulate, "close": _plain,
    }
)  # fmt: skip
