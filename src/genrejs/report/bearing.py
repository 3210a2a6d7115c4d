"""Who pays for an average year's damage to today's city, and whose homes it strikes: a chart and tables."""

from __future__ import annotations

from typing import Any

from genrejs.appraisal.bearers import Bearers
from genrejs.report.damage_money import fall
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table, rows_of
from genrejs.report.texts import Phrase, known, money, number, percent, say

GROUPS = ("income", "age", "language", "tenure")
"""Groups that are shown, in order; districts stand in the map of services."""
VALUES = {
    "income": ("low", "middle", "high"), "age": ("children", "adults", "seniors"), "language": ("da", "other"),
    "tenure": ("owner", "private", "social", "landlord"),
}  # fmt: skip


def bearing(story: Story) -> dict[str, Any]:
    """Return what the page tells of who pays and who bears; nothing where the event set's losses are not known."""
    found = story.bearers
    amounts = None if found is None else found.paid.amounts
    if found is None or amounts is None or not float(amounts.sum()) > 0:
        return {"bear": None}
    chart = fall(amounts, float(amounts.sum()))
    told = say("bear.intro", total=money(float(amounts.sum())))
    return {
        "bear": told,
        "bear_chart": chart["pay_chart"],
        "bear_alt": chart["pay_alt"],
        "bear_groups": tuple(_table(found, group) for group in GROUPS),
        "bear_weighed": _weighed(found),
    }


def _weighed(found: Bearers) -> Phrase:
    """Return how much larger the loss is when a krone weighs more for those who have little."""
    homes = found.groups[found.groups["group"] == "income"]
    homes = homes[homes["value"].isin(VALUES["income"])]
    return say("bear.weighed", plain=money(float(homes["loss"].sum())), weighted=money(float(homes["weighted"].sum())))


def _table(found: Bearers, group: str) -> Table:
    """Return loss a person, share of the loss, and share of the weighted loss of one grouping."""
    part = found.groups[(found.groups["group"] == group) & (found.groups["loss"] > 0)]
    whole, weighted = float(part["loss"].sum()), float(part["weighted"].sum())
    names = {value: known(f"value.{group}.{value}", value) for value in VALUES[group]}
    others = {value: known(f"bear.value.{value}", value) for value in part["value"] if value not in names}
    columns_of = ("per_person", "loss", "weighted")
    table = {str(row["value"]): [float(row[name]) for name in columns_of] for _, row in part.iterrows()}
    rows = []
    for value, name in rows_of(part, {**names, **others}):
        each, loss, weighed = table[value]
        cells = (number(each), percent(loss / whole), percent(weighed / weighted))
        rows.append(Row(name, tuple(Cell(cell) for cell in cells)))
    columns = (say("bear.per_person"), say("bear.share"), say("bear.share_weighted"))
    return Table(known(f"group.{group}", group), known(f"group.{group}", group), columns, tuple(rows))
