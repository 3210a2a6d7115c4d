"""Tables of a damage assessment: by event, by group of buildings, other losses, people, and every figure used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import pandas as pd

from genrejs.damage.result import Assessment
from genrejs.damage.settings import Settings, told
from genrejs.report.damage_texts import entries, figure, named, say, span, years
from genrejs.report.tables import Cell, Row, Table, barred
from genrejs.report.texts import Phrase, money, number, same

PARTS = ("damage", "contents", "cellar", "value_loss", "people", "tourism")
COUNTS = ("buildings_wet", "buildings_damaged")
GROUPS = ("category", "district", "tenure", "owner")
MOST = 25
"""Rows of a table of groups; the rest are one row."""
OUTSIDE = "outside"
NAMELESS = ("", "unknown")
LOW, HIGH = "loss_dkk_p05", "loss_dkk_p95"
KILOMETRE, HECTARE = 1e3, 1e4
NOTHING = Phrase("–", "–")


@dataclass(frozen=True)
class Setting:
    """A figure that was used: what it is, its value, how certain, whether it was changed, its name on the line."""

    what: Phrase
    value: Phrase
    certainty: Phrase
    assumed: bool
    changed: bool
    name: str


def events_table(result: Assessment) -> Table:
    """Return each part of the loss by event, and of the average year where there is one."""
    annual = result.summary["annual"]
    rows = [*result.summary["by_return_period"], *([annual] if annual else [])]
    columns = tuple(say("when.average") if row is annual else _heading(row) for row in rows)
    # An average year has counts, too, but half a house means nothing to a reader.
    found = [
        Row(say(f"part.{name}"), tuple(Cell(NOTHING if row is annual else number(row[name])) for row in rows))
        for name in COUNTS
    ]
    for name in (*PARTS, "sectors"):
        if any(row[f"{name}_dkk"] for row in rows):
            found.append(Row(say(f"part.{name}"), tuple(Cell(money(row[f"{name}_dkk"])) for row in rows)))
    found.append(Row(say("part.loss"), tuple(Cell(money(row["whole_dkk"])) for row in rows)))
    if LOW in rows[0]:
        found.append(Row(say("part.span"), tuple(Cell(_range(row)) for row in rows)))
    named_ = "table.periods" if rows[0]["return_period_years"] is not None else "table.only"
    return Table(say(named_), say("table.corner"), columns, tuple(found))


def _range(row: Mapping[str, Any]) -> Phrase:
    """Return the range of the whole loss; sectors are not drawn."""
    return span(row[LOW] + row["sectors_dkk"], row[HIGH] + row["sectors_dkk"])


def _heading(row: Mapping[str, Any]) -> Phrase:
    period = row["return_period_years"]
    return say("when.map") if period is None else say("when.years", years=years(period))


def group_tables(result: Assessment, when: Phrase) -> list[Table]:
    """Return a table for each grouping of the buildings that the result has, the dearest group first."""
    have = set(result.totals["group"])
    tables = [_group_table(result, group, when) for group in GROUPS if group in have]
    return [table for table in tables if table.rows]


def _group_table(result: Assessment, group: str, when: Phrase) -> Table:
    table = result.totals[result.totals["group"] == group]
    events, annual = table[~table["annual"]], table[table["annual"]]
    rare = events[_is_rarest(events)].set_index("value").sort_values("loss_dkk", ascending=False, kind="stable")
    yearly = annual.set_index("value")["loss_dkk"].reindex(rare.index) if len(annual) else None
    # Groups without water tell nothing.
    rare = rare[rare["buildings_wet"] > 0]
    shown, rest = rare.iloc[:MOST], rare.iloc[MOST:]
    columns = [say("part.buildings_damaged"), say("part.damage"), say("table.loss")]
    columns += [say("part.span")] if LOW in rare else []
    columns += [say("table.yearly")] if yearly is not None else []
    bars = barred([float(loss) for loss in shown["loss_dkk"]], money)
    rows = [
        Row(
            _group_name(group, str(value)),
            _group_cells(shown.loc[value], bar, None if yearly is None else yearly[value]),
        )
        for value, bar in zip(shown.index, bars, strict=True)
    ]
    if len(rest):
        sums = rest[["buildings_damaged", "damage_dkk", "loss_dkk"]].sum()
        whole = None if yearly is None else float(yearly[rest.index].sum())
        sums[LOW] = sums[HIGH] = float("nan")
        cells = _group_cells(sums if LOW in rare else sums.drop([LOW, HIGH]), Cell(money(sums["loss_dkk"])), whole)
        rows.append(Row(say("table.rest", count=number(len(rest))), cells))
    return Table(say(f"table.{group}", when=when), say(f"table.{group}_corner"), tuple(columns), tuple(rows))


def _is_rarest(events: pd.DataFrame) -> pd.Series[bool]:
    periods = events["return_period_years"]
    return periods.isna() if periods.isna().all() else periods == periods.max()


def _group_cells(row: pd.Series[Any], bar: Cell, yearly: float | None) -> tuple[Cell, ...]:
    cells = [Cell(number(row["buildings_damaged"])), Cell(money(row["damage_dkk"])), bar]
    if LOW in row:
        cells.append(Cell(span(row[LOW], row[HIGH]) if isfinite(row[LOW]) else NOTHING))
    return (*cells, *(() if yearly is None else (Cell(money(yearly)),)))


def _group_name(group: str, value: str) -> Phrase:
    if group == "category":
        return named("category", value)
    if group == "district" and value == OUTSIDE:
        return say("table.outside")
    return say("table.unnamed") if value.strip() in NAMELESS else same(value)


def sector_table(result: Assessment, when: Phrase) -> Table | None:
    """Return what was lost besides buildings on the rarest map and in an average year, None where nothing was asked."""
    table = result.sectors
    if table.empty:
        return None
    events, annual = table[~table["annual"]], table[table["annual"]].set_index("sector")["loss_dkk"]
    rare = events[_is_rarest(events)]
    rows = [
        Row(
            named("sector", str(row["sector"])),
            (
                Cell(number(row["flooded"])),
                Cell(_extent(float(row["quantity"]), str(row["unit"]))),
                Cell(money(row["loss_dkk"])),
                *((Cell(money(annual[row["sector"]])),) if len(annual) else ()),
            ),
        )
        for _, row in rare.iterrows()
    ]
    columns = [say("table.flooded"), say("table.quantity"), say("table.loss")]
    columns += [say("table.yearly")] if len(annual) else []
    return Table(say("table.sectors", when=when), say("table.sector_corner"), tuple(columns), tuple(rows))


def _extent(value: float, unit: str) -> Phrase:
    if unit == "m2":
        return say("extent.ha", value=_about(value / HECTARE))
    if unit == "m" and value >= KILOMETRE:
        return say("extent.km", value=_about(value / KILOMETRE))
    return say(f"extent.{unit}", value=number(value))


def _about(value: float) -> Phrase:
    """Return a number with a decimal where it is below ten."""
    return number(value, 1 if 0 < value < 10 else 0)


def people_table(result: Assessment, when: Phrase) -> Table | None:
    """Return the counts of people on the rarest map, None where the layer knows of none."""
    people: Mapping[str, float] = result.summary["people"]
    rows = [
        Row(say(f"person.{name}"), (Cell(number(people[name])),))
        for name in (key.removeprefix("person.") for key in entries() if key.startswith("person."))
        if name in people
    ]
    if not rows:
        return None
    return Table(say("table.people", when=when), say("table.people_corner"), (say("table.count"),), tuple(rows))


def settings_rows(result: Assessment, at_work: Sequence[str]) -> list[Setting]:
    """Return every figure of the parts of the model that were at work, with how certain it is."""
    used: Mapping[str, float | None] = result.summary["settings"]
    defaults = told(Settings())
    rows = []
    for key, entry in entries().items():
        name = key.removeprefix("setting.")
        if not key.startswith("setting.") or used.get(name) is None or entry["with"] not in at_work:
            continue
        changed = used[name] != defaults.get(name)
        certain = "choice" if changed else str(entry["certain"])
        value = figure(float(used[name] or 0.0), str(entry["unit"]), float(entry.get("scale", 1.0)))
        certainty = say(f"ground.{'changed' if changed else certain}")
        rows.append(Setting(say(key), value, certainty, certain == "assumed", changed, name))
    return rows


def choice_rows(result: Assessment) -> list[tuple[Phrase, Phrase]]:
    """Return how the assessment was made: what depth counts, the tail, the draws, the columns, the version."""
    told_ = result.summary
    rows = [(say("ground.take"), say(f"ground.take_{told_['take']}"))]
    if told_["annual"]:
        rows.append((say("ground.tail"), say(f"ground.tail_{told_['tail']}")))
    samples = number(told_["samples"]) if told_["samples"] else say("ground.no_samples")
    rows.append((say("ground.samples"), samples))
    if told_["samples"] or "sensitivity" in result.more:
        rows.append((say("ground.seed"), same(str(told_["seed"]))))
    rows.append((say("ground.columns"), _columns(told_["columns"])))
    return [*rows, (say("ground.version"), same(str(told_["version"])))]


def _columns(columns: Mapping[str, str]) -> Phrase:
    """Return which column of the layer each of ours came from, and where the areas are from if from none."""
    words = [(named("column", ours), theirs) for ours, theirs in columns.items()]
    parts = [Phrase(f"{word.da}: {theirs}", f"{word.en}: {theirs}") for word, theirs in words]
    parts += [] if "area" in columns else [say("table.footprints")]
    return Phrase("; ".join(part.da for part in parts), "; ".join(part.en for part in parts))
