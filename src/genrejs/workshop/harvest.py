"""What comes out of a workshop for the model: the ideas chosen, as a question "what if" and as a study."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from genrejs.measure.catalogue import catalogue, find_strategy, strategies
from genrejs.study import Study
from genrejs.workshop import tally
from genrejs.workshop.kept import Workshop
from genrejs.workshop.state import Idea, State
from genrejs.workshop.words import named, say

KEPT = ("id", "buildings_flooded", "residents_wet", "person_days")
"""Of each district in the results of a run."""
EVENT = "storm_1872"
"""The event of a question, where the workshop ran none."""


def ranked(state: State) -> list[Idea]:
    """Return the ideas in the order of the votes: who would pay, then money, dots, support, and age."""
    spent, dots, support = tally.spent(state), tally.dots(state), tally.support(state)

    def weight(idea: Idea) -> tuple[int, int, int, int]:
        money = spent.get(idea.id, tally.Spent(0, 0))
        return (-money.people, -money.dkk, -dots.get(idea.id, 0), -support.get(idea.id, 0))

    return sorted(tally.shown_ideas(state), key=weight)


def chosen(state: State) -> list[Idea]:
    """Return the ideas that the budget reaches to when the best liked come first; without a cost or a voice none."""
    left, bought = float(state.budget), []
    voted, support = {*tally.spent(state), *tally.dots(state)}, tally.support(state)
    for idea in ranked(state):
        liked = idea.id in voted if voted else idea.id in support
        if idea.cost is not None and idea.cost <= left and liked:
            left -= idea.cost
            bought.append(idea)
    return bought


def inputs(ideas: Sequence[Idea], event: str, strategy: str, year: int | None) -> dict[str, Any]:
    """Return the inputs of a run (docs/web.md) in which these ideas are carried out together."""
    measures = dict.fromkeys(idea.measure for idea in ideas if idea.measure is not None)
    given: dict[str, Any] = {
        "event": event,
        "strategy": strategy,
        "measures": [id for id in measures if id not in find_strategy(strategy).measures],
        "drawn": [dict(work) for idea in ideas for work in idea.drawn],
    }
    return given if year is None else {**given, "year": year}


def before(run_inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of the same run without its ideas."""
    return {**run_inputs, "measures": [], "drawn": []}


def question(state: State) -> dict[str, Any]:
    """Return the chosen ideas as a question "what if", in the event, strategy and year of the last run."""
    last = next(iter(reversed(list(state.runs.values()))), None)
    if last is None:
        return inputs(chosen(state), EVENT, "today", None)
    return inputs(chosen(state), last.event, last.strategy, last.year)


def study(workshop: Workshop, state: State, language: str) -> str:
    """Return a study (TOML) of the strategies that hold a chosen measure; its comments tell the chosen ideas."""
    ideas, settings = chosen(state), Study()
    measures = [idea.measure for idea in ideas if idea.measure is not None]
    event = question(state)["event"]
    events = settings.events if event in settings.events else (*settings.events, event)
    values: Mapping[str, Any] = {
        "name": workshop.title,
        "city": workshop.city,
        "events": list(events),
        "main_event": event,
        "strategies": ["today", *_holding(measures)],
    }
    told = [say(language, "harvest.of", title=workshop.title, code=workshop.code), say(language, "harvest.exact")]
    told += [say(language, "harvest.chosen")] + [f"  {_named(idea, language)}" for idea in ideas]
    told += [] if ideas else [f"  {say(language, 'harvest.none')}"]
    lines = [f"# {line}" for line in told] + [f"{key} = {_toml(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _holding(measures: Sequence[str]) -> list[str]:
    """Return the strategies of the catalogue, besides today's, that hold one of the measures."""
    return [each.id for each in strategies() if each.id != "today" and set(each.measures) & set(measures)]


def _named(idea: Idea, language: str) -> str:
    if idea.measure is None:
        return idea.text
    name = f"{idea.measure} ({named(catalogue()[idea.measure], language)})"
    return name if idea.text in name else f"{name}: {idea.text}"


def _toml(value: Any) -> str:
    # JSON's texts and lists of texts are TOML's, once no surrogate pair is written out.
    return json.dumps(value, ensure_ascii=False)


def shortened(answer: Mapping[str, Any], without: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what a workshop keeps of a run's results and of those without its ideas; no number JSON lacks is kept."""
    return {
        "constructed": bool(answer.get("constructed", True)),
        "cost_dkk": _finite(answer.get("cost_dkk")),
        **_hit(answer),
        "before": _hit(without) if without is not None else None,
    }


def _hit(answer: Mapping[str, Any]) -> dict[str, Any]:
    figures = {name: _finite(value) for name, value in dict(answer.get("figures") or {}).items()}
    districts = [{key: _finite(row.get(key)) for key in KEPT} for row in answer.get("districts") or ()]
    return {"figures": figures, "districts": districts}


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
