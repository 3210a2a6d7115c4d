"""The state of a workshop: the fold of its actions, one frozen step at a time.

`step` never fails: what a step speaks of may be gone, since the leader may undo anything. Whether an action is allowed
is asked before it is kept (`rules.decide`), never here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from genrejs.workshop.actions import ROUNDS

LEADER, SYSTEM = "leader", "system"
"""Who acts, where it is no participant."""
SECRET = frozenset({"budget", "dots"})
"""Kinds that nobody sees a trace of while the tally is hidden."""


@dataclass(frozen=True)
class Action:
    """What was done: its number in the workshop, when [s since 1970], by whom, of what kind, with what."""

    seq: int
    at: float
    by: str
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """A participant: nothing but a language and, for who likes, a nickname."""

    nickname: str | None
    language: str


@dataclass(frozen=True)
class Card:
    """A challenge on a card."""

    id: str
    by: str
    text: str
    group: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Idea:
    """An idea; `cost` [DKK] by `cost_source` (catalogue, drawn, leader), `into` the idea that it became part of."""

    id: str
    by: str
    text: str
    measure: str | None = None
    place: tuple[float, float] | None = None
    drawn: tuple[Mapping[str, Any], ...] = ()
    cost: float | None = None
    cost_source: str | None = None
    hidden: bool = False
    into: str | None = None
    support: frozenset[str] = frozenset()
    goods: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Run:
    """Ideas that the model works out together, and what it said: figures and districts, with and without them."""

    job: str
    ideas: tuple[str, ...]
    event: str
    strategy: str
    year: int | None
    status: Literal["running", "successful", "failed"] = "running"
    answer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """A workshop after its actions; votes are kept by person in the order given, `version` counts public changes.

    `once` holds the number of each action that came with a key, by person and key: undone ones too. `rounds` is the
    plan, `opened` whether the leader has opened a round by hand.
    """

    log: tuple[Action, ...] = ()
    undone: frozenset[int] = frozenset()
    once: Mapping[tuple[str, str], int] = field(default_factory=dict)
    version: int = 0
    rounds: tuple[str, ...] = ROUNDS
    round: str = ROUNDS[0]
    opened: bool = False
    ends_at: float | None = None
    people: Mapping[str, Person] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    ideas: Mapping[str, Idea] = field(default_factory=dict)
    runs: Mapping[str, Run] = field(default_factory=dict)
    stars: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spends: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    budget: int = 50_000_000
    star_limit: int = 3
    dot_limit: int = 3
    tally_open: bool = False
    closed: bool = False

    @property
    def seq(self) -> int:
        """The number of the last action, 0 before the first."""
        return self.log[-1].seq if self.log else 0

    def root(self, idea: str) -> str:
        """Return the idea that `idea` has become part of, itself where it is no part of another."""
        while (into := self.ideas[idea].into) is not None and into in self.ideas:
            idea = into
        return idea


# The budget, stars and dots that a workshop starts with are assumptions; the leader sets others by `rules`.


def fold(actions: Iterable[Action]) -> State:
    """Return the state of a workshop after all its actions."""
    state = State()
    for action in actions:
        state = step(state, action)
    return state


def step(state: State, action: Action) -> State:
    """Return the state after one more action; after an undo, all is folded again without what it marks."""
    log, key = (*state.log, action), action.data.get("once")
    once = {**state.once, (action.by, str(key)): action.seq} if key is not None else state.once
    if action.kind == "undo":
        return replace(_without(log, undone(log), state.version + 1), once=once)
    seen = state.tally_open or action.kind not in SECRET
    return replace(_STEPS[action.kind](state, action), log=log, once=once, version=state.version + seen)


def undone(log: Iterable[Action]) -> frozenset[int]:
    """Return the numbers of the actions that are undone; an undo that is itself undone marks nothing."""
    gone: set[int] = set()
    for action in reversed(tuple(log)):
        if action.kind == "undo" and action.seq not in gone:
            gone.add(int(action.data["seq"]))
    return frozenset(gone)


def _without(log: tuple[Action, ...], gone: frozenset[int], version: int) -> State:
    state = State()
    for action in log:
        if action.kind != "undo" and action.seq not in gone:
            state = _STEPS[action.kind](state, action)
    return replace(state, log=log, undone=gone, version=version)


def _join(state: State, action: Action) -> State:
    person = Person(action.data.get("nickname"), action.data["language"])
    return replace(state, people={**state.people, action.by: person})


def _card(state: State, action: Action) -> State:
    card = Card(action.data["id"], action.by, action.data["text"])
    return replace(state, cards={**state.cards, card.id: card})


def _star(state: State, action: Action) -> State:
    card, held = action.data["card"], state.stars.get(action.by, ())
    if not action.data["on"]:
        now = tuple(each for each in held if each != card)
    else:
        now = held if card in held else (*held, card)
    return replace(state, stars={**state.stars, action.by: now})


def _idea(state: State, action: Action) -> State:
    data = action.data
    place = (data["place"][0], data["place"][1]) if data["place"] else None
    idea = Idea(
        data["id"], action.by, data["text"], data["measure"], place, tuple(data["drawn"]), data["cost"],
        data["cost_source"],
    )  # fmt: skip
    return replace(state, ideas={**state.ideas, idea.id: idea})


def _change_idea(state: State, id: str, change: Callable[[Idea], Idea]) -> State:
    return replace(state, ideas={**state.ideas, id: change(state.ideas[id])}) if id in state.ideas else state


def _toggled(held: frozenset[Any], item: Any, on: bool) -> frozenset[Any]:
    return held | {item} if on else held - {item}


def _support(state: State, action: Action) -> State:
    on = action.data["on"]
    return _change_idea(
        state, action.data["idea"], lambda idea: replace(idea, support=_toggled(idea.support, action.by, on))
    )


def _good(state: State, action: Action) -> State:
    what = (action.data["good"], action.by)
    return _change_idea(
        state, action.data["idea"], lambda idea: replace(idea, goods=_toggled(idea.goods, what, action.data["on"]))
    )


def _budget(state: State, action: Action) -> State:
    return replace(state, spends={**state.spends, action.by: MappingProxyType(dict(action.data["spend"]))})


def _dots(state: State, action: Action) -> State:
    return replace(state, dots={**state.dots, action.by: tuple(action.data["ideas"])})


def _round(state: State, action: Action) -> State:
    return replace(_timer(state, action), round=action.data["name"], opened=True)


def _plan(state: State, action: Action) -> State:
    rounds = tuple(action.data["rounds"])
    stays = state.opened and state.round in rounds
    return replace(state, rounds=rounds, round=state.round if stays else rounds[0])


def _timer(state: State, action: Action) -> State:
    seconds = action.data["seconds"]
    return replace(state, ends_at=None if seconds is None else action.at + seconds)


def _group(state: State, action: Action) -> State:
    for card in action.data.get("cards") or [action.data["card"]]:
        state = _change_card(state, card, group=action.data["group"])
    return state


def _change_card(state: State, id: str, **changes: Any) -> State:
    return (
        replace(state, cards={**state.cards, id: replace(state.cards[id], **changes)}) if id in state.cards else state
    )


def _merge(state: State, action: Action) -> State:
    into, source = action.data["into"], action.data["from"]
    # An undone merge that is done again could close a ring.
    if into not in state.ideas or source not in state.ideas or state.root(into) == source:
        return state
    return _change_idea(state, source, lambda idea: replace(idea, into=into))


def _veil(state: State, action: Action) -> State:
    id, hidden = action.data["id"], action.kind == "hide"
    if action.data["what"] == "card":
        return _change_card(state, id, hidden=hidden)
    return _change_idea(state, id, lambda idea: replace(idea, hidden=hidden))


def _rules(state: State, action: Action) -> State:
    new = {name: action.data[key] for key, name in _RULES.items() if action.data.get(key) is not None}
    return replace(state, **new)


def _cost(state: State, action: Action) -> State:
    price = float(action.data["dkk"])
    return _change_idea(state, action.data["idea"], lambda idea: replace(idea, cost=price, cost_source="leader"))


def _tally(state: State, action: Action) -> State:
    return replace(state, tally_open=bool(action.data["open"]))


def _simulate(state: State, action: Action) -> State:
    data = action.data
    run = Run(data["job"], tuple(data["ideas"]), data["event"], data["strategy"], data["year"])
    return replace(state, runs={**state.runs, run.job: run})


def _ran(state: State, action: Action) -> State:
    job, answer = action.data["job"], action.data["answer"]
    if job not in state.runs:
        return state
    run = replace(state.runs[job], status="successful" if answer is not None else "failed", answer=answer or {})
    return replace(state, runs={**state.runs, job: run})


def _close(state: State, _: Action) -> State:
    return replace(state, closed=True, ends_at=None)


_RULES = MappingProxyType({"budget": "budget", "stars": "star_limit", "dots": "dot_limit"})
_STEPS: Mapping[str, Callable[[State, Action], State]] = MappingProxyType(
    {
        "join": _join, "card": _card, "star": _star, "idea": _idea, "support": _support, "good": _good,
        "budget": _budget, "dots": _dots, "round": _round, "timer": _timer, "group": _group, "merge": _merge,
        "hide": _veil, "show": _veil, "rules": _rules, "plan": _plan, "cost": _cost, "tally": _tally,
        "simulate": _simulate, "ran": _ran, "close": _close,
    }
)  # fmt: skip
