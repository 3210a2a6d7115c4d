"""Who is helped first: what each rule of priority would make of the main event."""

from __future__ import annotations

from typing import Any

from genrejs.report.headline import days_back
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table, barred
from genrejs.report.texts import Phrase, number, say

SHOWN = ("person_days_without_service", "person_days_away", "low_income", "seniors")
"""Columns of `compare_orders` that the table shows after the days to bounce back."""


def first(story: Story) -> dict[str, Any]:
    """Return the table of rules for the page; nothing where they were not compared."""
    return {"first_table": None if story.orders is None else _table(story)}


def _table(story: Story) -> Table:
    orders = story.orders
    assert orders is not None
    columns = [barred([float(each) for each in orders[name]], number, min) for name in SHOWN]
    rows = []
    for place, rule in enumerate(orders.to_dict("records")):
        back = Cell(days_back(rule["bounce_back_days"], bool(rule["censored"])))
        rows.append(Row(_name(str(rule["priority"])), (back, *(column[place] for column in columns))))
    heads = (say("card.bounce_back"), *(say(f"first.{name}") for name in SHOWN))
    return Table(say("first.caption"), say("first.rule"), heads, tuple(rows))


def _name(rule: str) -> Phrase:
    return say(f"first.rule_{rule}")
