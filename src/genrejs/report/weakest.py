"""What hurts most when it fails: the worst components, common causes, attacks with and without hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from genrejs.city.model import City
from genrejs.impact.criticality import common_causes, group_failures, single_failures
from genrejs.impact.digital import attack_losses, attacks, smart_measures
from genrejs.impact.service import service_system
from genrejs.report.tables import Cell, Row, Table, barred
from genrejs.report.texts import Phrase, known, listing, number, percent, same, say, small

DAY = 24.0  # h
SHOWN = 8
"""Single failures that are shown."""


@dataclass(frozen=True)
class Weakness:
    """What hurts today's city most: `singles` and `groups` down for 48 hours, `attacks` with and without hands.

    Tables of `criticality` and `digital`; `names` are those of components, groups and attacks in Danish and English.
    """

    singles: pd.DataFrame
    groups: pd.DataFrame
    attacks: pd.DataFrame
    names: Mapping[str, tuple[str, str]]


def weakness(city: City) -> Weakness:
    """Return what hurts an embedded `city` most; raise InputError for one without groups of its own."""
    system, groups = service_system(city), common_causes(city.name)
    parts = city.components
    names = {
        str(id): (str(da), str(en)) for id, da, en in zip(parts["id"], parts["name_da"], parts["name_en"], strict=True)
    }
    names |= {group.id: (group.name_da, group.name_en) for group in groups}
    names |= {attack.id: (attack.title_da, attack.title_en) for attack in attacks().values()}
    return Weakness(single_failures(system), group_failures(system, groups), attack_losses(city, groups), names)


def weakest(found: Weakness | None) -> dict[str, Any]:
    """Return the three tables for the page; nothing where they were not computed."""
    if found is None:
        return {"weak": (), "smart_table": None}
    return {"weak": (_singles(found), _groups(found), _attacks(found)), "smart_table": _smart()}


def _name(found: Weakness, id: str) -> Phrase:
    return Phrase(*found.names[id]) if id in found.names else same(id)


def _days(hours: pd.Series[float]) -> tuple[Cell, ...]:
    return barred([float(each) / DAY for each in hours], number)


def _singles(found: Weakness) -> Table:
    table = found.singles.head(SHOWN)
    cells = zip(table["id"], table["others"], _days(table["people_hours"]), strict=True)
    rows = []
    for id, others, days in cells:
        dragged = [known(f"service.{name}", name) for name in str(others).split(", ") if name]
        dragged = [phrase if row == 0 else small(phrase) for row, phrase in enumerate(dragged)]
        rows.append(Row(_name(found, str(id)), (days, Cell(listing(dragged) if dragged else say("weak.alone")))))
    return Table(say("weak.singles"), say("weak.part"), (say("weak.days"), say("weak.drags")), tuple(rows))


def _groups(found: Weakness) -> Table:
    table = found.groups
    rows = [
        Row(_name(found, str(id)), (days, Cell(number(members))))
        for id, members, days in zip(table["id"], table["members"], _days(table["people_hours"]), strict=True)
    ]
    return Table(say("weak.groups"), say("weak.cause"), (say("weak.days"), say("weak.members")), tuple(rows))


def _attacks(found: Weakness) -> Table:
    bare = found.attacks[~found.attacks["by_hand"]]
    hands = found.attacks[found.attacks["by_hand"]].set_index("id")
    rows = []
    for id, hours, days in zip(bare["id"], bare["hours"], _days(bare["people_hours"]), strict=True):
        helped = hands.loc[id]
        cells = (
            Cell(number(float(hours))), days, Cell(number(float(helped["people_hours"]) / DAY)),
            Cell(percent(float(helped["saved"]))),
        )  # fmt: skip
        rows.append(Row(_name(found, str(id)), cells))
    columns = (say("weak.hours"), say("weak.without"), say("weak.with"), say("weak.saved"))
    return Table(say("weak.attacks"), say("weak.attack"), columns, tuple(rows))


def _smart() -> Table:
    """Return what every smart measure saves, what it comes to depend on, and what it learns about people."""
    rows = []
    for smart in smart_measures().values():
        needs = listing(small(known(f"service.{service}", service)) for service in smart.needs)
        cells = (Phrase(smart.saving_da, smart.saving_en), needs, Phrase(smart.privacy_da, smart.privacy_en))
        rows.append(Row(Phrase(smart.name_da, smart.name_en), tuple(Cell(cell) for cell in cells)))
    heads = (say("weak.saves"), say("weak.needs"), say("weak.privacy"))
    return Table(say("weak.smart"), say("weak.smart_measure"), heads, tuple(rows))
