"""The exercise of 11 October 2019 on the page: what happened, and what a warning of one's own choice would do."""

from __future__ import annotations

from typing import Any

from genrejs.report.language import LANGUAGES, Language
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, listing, money, number, percent, say, small
from genrejs.warning.exercise import Choices, Exercise, clock_of, october_2019, play

SHARES = ("reached", "understood", "believed", "acted")
BOTH = ("da", "other")
PLAYS = (
    Choices("17:15", ("media",)),
    Choices("17:15", ("media", "broadcast")),
    Choices("17:15", ("media", "broadcast"), BOTH),
    Choices("17:15", ("media", "broadcast", "doors"), BOTH),
    Choices("17:15", ("media", "broadcast", "doors"), BOTH, "advice"),
    Choices("08:00", ("media", "broadcast", "doors"), BOTH),
    Choices("19:30", ("media", "broadcast", "doors"), BOTH),
)
"""What is played for the page: one choice more at a time, then a vague text, too early, and too late."""


def practice() -> dict[str, Any]:
    """Return for the page the chain of that day and what came of each play."""
    exercise = october_2019()
    return {
        "told_practice": Phrase(exercise.title_da, exercise.title_en),
        "told_happened": Phrase(exercise.happened_da, exercise.happened_en),
        "told_chain": _chain(exercise),
        "told_plays": _plays(exercise),
    }


def _chain(exercise: Exercise) -> Table:
    marks = {False: say("told.known"), True: say("told.assumed")}
    rows = tuple(
        Row(_clock(step.clock), (Cell(Phrase(step.what_da, step.what_en)), Cell(marks["assumption" in step.source])))
        for step in exercise.steps
    )
    return Table(say("told.chain_caption"), say("told.clock"), (say("told.what"), say("told.origin")), rows)


def _plays(exercise: Exercise) -> Table:
    rows = []
    for choices in PLAYS:
        totals = play(choices, exercise).totals
        shares = (percent(totals[step] / totals["people"]) for step in SHARES)
        cells = (number(totals["minutes"]), *shares, money(totals["avoided"] + totals["value_moved"]))
        rows.append(Row(_said(choices), tuple(Cell(cell) for cell in cells)))
    heads = ("minutes", *SHARES, "saved")
    return Table(
        say("told.plays_caption"), say("told.choice"), tuple(say(f"told.{head}") for head in heads), tuple(rows)
    )


def _said(choices: Choices) -> Phrase:
    """Return the choices in words: when, by which channels, in which languages, how worded."""
    ways = listing(small(say(f"told.way_{channel}")) for channel in choices.channels)
    spoken = say("told.translated" if "other" in choices.languages else "told.danish")
    worded = say(f"told.wording_{choices.wording}")
    hour, minute = choices.warn_at.split(":")
    clock = Phrase(f"{int(hour)}.{minute}", choices.warn_at)
    return say("told.play", clock=clock, ways=ways, spoken=spoken, worded=worded)


def _clock(minutes: float) -> Phrase:
    shown = clock_of(minutes)
    return Phrase(*(_written(shown, language) for language in LANGUAGES))


def _written(clock: str, language: Language) -> str:
    return clock.replace(":", ".") if language == "da" else clock
