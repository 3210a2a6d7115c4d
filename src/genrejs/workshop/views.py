"""What is to be seen of a workshop, in plain values: by everybody, by one participant, by the leader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from genrejs.workshop import actions as ask
from genrejs.workshop import harvest, tally
from genrejs.workshop.kept import Workshop
from genrejs.workshop.state import Action, Card, Idea, Run, State
from genrejs.workshop.words import languages, say

HIDDEN = "hidden"
"""What stands in the place of votes that nobody may see yet."""
LOG = 200
"""Actions that the leader sees, the last ones: enough to undo."""


def moment(at: float) -> str:
    """Return a time [s since 1970] in ISO 8601, UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def public(workshop: Workshop, state: State) -> dict[str, Any]:
    """Return what everybody may see; while the tally is hidden no vote has left a trace in it."""
    return _state(workshop, state, votes=state.tally_open)


def _state(workshop: Workshop, state: State, votes: bool) -> dict[str, Any]:
    stars, support, goods = tally.stars(state), tally.support(state), tally.goods(state)
    parts = _parts(state)
    return {
        "code": workshop.code,
        "title": workshop.title,
        "question": workshop.question,
        "city": workshop.city,
        "language": workshop.language,
        "rounds": list(state.rounds),
        "round": state.round,
        "timer": {"ends_at": moment(state.ends_at)} if state.ends_at is not None else None,
        "people": len(state.people),
        "rules": {"budget": state.budget, "stars": state.star_limit, "dots": state.dot_limit},
        "cards": [_card(card, stars) for card in tally.shown_cards(state)],
        "groups": _groups(state),
        "ideas": [
            {**_idea(each, support.get(each.id, 0), goods[each.id]), "parts": parts.get(each.id, [])}
            for each in tally.shown_ideas(state)
        ],
        "runs": [_run(run) for run in state.runs.values()],
        "tally": "open" if state.tally_open else HIDDEN,
        "budget": _budget(state) if votes else HIDDEN,
        "dots": _counted(state, tally.dots(state)) if votes else HIDDEN,
        "chosen": [idea.id for idea in harvest.chosen(state)] if votes else HIDDEN,
        "closed": state.closed,
        "version": state.version,
    }


def _card(card: Card, stars: Mapping[str, int]) -> dict[str, Any]:
    return {"id": card.id, "text": card.text, "group": card.group, "stars": stars.get(card.id, 0)}


def _groups(state: State) -> list[str]:
    return list(dict.fromkeys(card.group for card in tally.shown_cards(state) if card.group is not None))


def _idea(idea: Idea, support: int, goods: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": idea.id,
        "text": idea.text,
        "measure": idea.measure,
        "place": list(idea.place) if idea.place else None,
        "drawn": [dict(work) for work in idea.drawn],
        "support": support,
        "goods": dict(sorted(goods.items())),
        "cost": idea.cost,
        "cost_source": idea.cost_source,
    }


def _parts(state: State) -> dict[str, list[dict[str, str]]]:
    """Return the ideas that have become part of each idea, in their own words."""
    parts: dict[str, list[dict[str, str]]] = {}
    for idea in state.ideas.values():
        if not idea.hidden and (root := state.root(idea.id)) != idea.id:
            parts.setdefault(root, []).append({"id": idea.id, "text": idea.text})
    return parts


def _run(run: Run) -> dict[str, Any]:
    return {
        "job": run.job,
        "ideas": list(run.ideas),
        "event": run.event,
        "strategy": run.strategy,
        "year": run.year,
        "status": run.status,
        "constructed": run.answer.get("constructed"),
        "cost_dkk": run.answer.get("cost_dkk"),
        "figures": run.answer.get("figures"),
        "districts": run.answer.get("districts", []),
        "before": run.answer.get("before"),
    }


def _counted(state: State, votes: Mapping[str, Any]) -> dict[str, Any]:
    """Return votes by idea in the order of the ideas, which tells nothing of when they came."""
    return {idea.id: votes[idea.id] for idea in tally.shown_ideas(state) if idea.id in votes}


def _budget(state: State) -> dict[str, Any]:
    spent = _counted(state, tally.spent(state))
    return {"total": state.budget, "spent": {id: {"people": s.people, "dkk": s.dkk} for id, s in spent.items()}}


def mine(state: State, participant: str) -> dict[str, Any]:
    """Return what one participant has given, so that a phone that starts again knows it."""
    ideas = {idea.id: idea for idea in state.ideas.values()}
    person = state.people[participant]
    return {
        "participant": participant,
        "nickname": person.nickname,
        "language": person.language,
        "stars": list(tally.starred(state, participant)),
        "support": [id for id, idea in ideas.items() if participant in idea.support],
        "goods": {
            id: sorted(good for good, by in idea.goods if by == participant)
            for id, idea in ideas.items()
            if any(by == participant for _, by in idea.goods)
        },
        "budget": dict(tally.spending(state, participant)),
        "dots": list(tally.dotted(state, participant)),
        "ideas": [id for id, idea in ideas.items() if idea.by == participant and not idea.hidden],
    }


def leader(workshop: Workshop, state: State) -> dict[str, Any]:
    """Return everything: the votes, what is hidden, who gave what, and the last actions with their numbers."""
    return {
        **_state(workshop, state, votes=True),
        "keep_until": moment(workshop.expires),
        "voted": {
            "budget": sum(1 for spend in state.spends.values() if spend),
            "dots": sum(1 for dots in state.dots.values() if dots),
        },
        "participants": [
            {"id": id, "nickname": person.nickname, "language": person.language} for id, person in state.people.items()
        ],
        "hidden": {
            "cards": [{"id": c.id, "text": c.text, "by": c.by} for c in state.cards.values() if c.hidden],
            "ideas": [{"id": i.id, "text": i.text, "by": i.by} for i in state.ideas.values() if i.hidden],
        },
        "merged": {i.id: state.root(i.id) for i in state.ideas.values() if state.root(i.id) != i.id},
        "log": [_told(action, state) for action in state.log[-LOG:]],
    }


def _told(action: Action, state: State) -> dict[str, Any]:
    data = {name: value for name, value in action.data.items() if name not in {"answer", "inputs", "once"}}
    return {
        "seq": action.seq,
        "at": moment(action.at),
        "by": action.by,
        "kind": action.kind,
        "undone": action.seq in state.undone,
        "data": data,
    }


def words(address: str | None = None) -> dict[str, Any]:
    """Return what a workshop is made of: rounds and other goods by their names, languages, and what fits a text."""
    limits = {"text": ask.TEXT, "nickname": ask.NAME, "title": ask.TITLE, "group": ask.GROUP}
    return {
        "address": address,
        "languages": [{"id": each, "name": say(each, "language.name")} for each in languages()],
        "rounds": _named("rounds", ask.ROUNDS),
        "goods": _named("goods", ask.GOODS),
        "rule": {each: say(each, "minutes.rule") for each in languages()},
        "limits": {**limits, "works": ask.WORKS, "points": ask.POINTS, "cards": ask.CARDS},
    }


def _named(table: str, ids: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"id": id, "names": {each: say(each, f"{table}.{id}") for each in languages()}} for id in ids]
