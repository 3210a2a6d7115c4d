"""Counting: stars, support, other good, money and dots, by what is to be seen; merged ideas count as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from genrejs.workshop.state import Card, Idea, State


@dataclass(frozen=True)
class Spent:
    """How many people would pay for an idea, and how much together [DKK]."""

    people: int
    dkk: int


def shown_cards(state: State) -> list[Card]:
    """Return the cards that are to be seen, oldest first."""
    return [card for card in state.cards.values() if not card.hidden]


def shown_ideas(state: State) -> list[Idea]:
    """Return the ideas that are to be seen and are no part of another, oldest first."""
    return [idea for idea in state.ideas.values() if not idea.hidden and state.root(idea.id) == idea.id]


def seen_root(state: State, idea: str) -> str | None:
    """Return the idea that stands for `idea` on the screens, None where there is none."""
    root = state.root(idea) if idea in state.ideas else None
    return root if root is not None and not state.ideas[root].hidden else None


def starred(state: State, person: str) -> tuple[str, ...]:
    """Return the cards to be seen that a person's stars are on, at most as many as there are stars."""
    held = [id for id in state.stars.get(person, ()) if id in state.cards and not state.cards[id].hidden]
    return tuple(held[: state.star_limit])


def stars(state: State) -> Mapping[str, int]:
    """Return the stars by card."""
    return Counter(card for person in state.people for card in starred(state, person))


def support(state: State) -> Mapping[str, int]:
    """Return how many people support each idea or one that became part of it."""
    return Counter(
        root for root, _ in {(state.root(id), by) for id, idea in state.ideas.items() for by in idea.support}
    )


def goods(state: State) -> Mapping[str, Mapping[str, int]]:
    """Return how many people see each other good in each idea or one that became part of it."""
    found: dict[str, Counter[str]] = {id: Counter() for id in state.ideas}
    for root, good, _ in {(state.root(id), *each) for id, idea in state.ideas.items() for each in idea.goods}:
        found[root][good] += 1
    return found


def dotted(state: State, person: str) -> tuple[str, ...]:
    """Return the ideas that a person's dots are on, at most as many as there are dots."""
    held = [seen_root(state, idea) for idea in state.dots.get(person, ())]
    return tuple(idea for idea in held if idea is not None)[: state.dot_limit]


def dots(state: State) -> Mapping[str, int]:
    """Return the dots by idea."""
    return Counter(idea for person in state.people for idea in dotted(state, person))


def spending(state: State, person: str) -> Mapping[str, int]:
    """Return what a person would spend by idea [DKK]; nothing where it is above a budget that was lowered since."""
    spend: Counter[str] = Counter()
    for idea, dkk in state.spends.get(person, {}).items():
        root = seen_root(state, idea)
        if root is not None:
            spend[root] += dkk
    return spend if spend.total() <= state.budget else {}


def spent(state: State) -> Mapping[str, Spent]:
    """Return what all would spend together by idea."""
    found: dict[str, Spent] = {}
    for person in state.people:
        for idea, dkk in spending(state, person).items():
            before = found.get(idea, Spent(0, 0))
            found[idea] = Spent(before.people + 1, before.dkk + dkk)
    return found
