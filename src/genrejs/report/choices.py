"""Strategies side by side: money, people, who is spared, and what each strategy does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from genrejs.measure.model import Measure
from genrejs.report.services import GROUPS, value_names
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table, barred, gained, rows_of, share_of
from genrejs.report.texts import Phrase, calendar_year, listing, money, number, say, short
from genrejs.report.verdict import BASELINE, open_choices

Best = Callable[[Sequence[float]], float]

LINES: tuple[tuple[str, Callable[[float], Phrase], Best | None], ...] = (
    ("cost", money, None),
    ("upkeep", money, None),
    ("ead_now", money, min),
    ("ead_future", money, min),
    ("npv", money, max),
    ("benefit_cost", lambda value: number(value, 1), max),
    ("person_days_now", number, min),
    ("person_days_future", number, min),
    ("residents_wet_now", number, min),
    ("added_value", money, max),
)
"""Column of the comparison, how it is written, and which end of it is the better."""

THOUSAND = 1000.0

DARK = 0.9
"""Quantile of the gains of open choices from which a cell has the darkest colour."""


@dataclass(frozen=True)
class Action:
    """One measure as a reader meets it."""

    name: Phrase
    mechanism: Phrase
    evidence: Phrase
    cost: Phrase
    value: Phrase
    failure: Phrase
    source: str
    used_in: Phrase


def comparison_table(story: Story) -> Table:
    """Return one column per strategy and one row per figure, with bars and the best marked."""
    table, comparison = story.comparison.strategies, story.comparison
    years = {"now": calendar_year(comparison.now), "future": calendar_year(comparison.future)}
    rows: list[Row] = []
    for name, write, best in LINES:
        cells = barred([float(value) for value in table[name]], write, best)
        rows.append(Row(say(f"choice.{name}", **years), cells, say(f"choice.{name}_note", **years)))
        if f"{name}_p05" in table:
            rows.append(_range_row(table, name, noted=any(row.head == say("choice.range") for row in rows)))
    caption = say("choice.caption", year=calendar_year(comparison.price_year))
    return Table(caption, say("choice.corner"), _names(story), tuple(rows))


def _range_row(table: pd.DataFrame, name: str, noted: bool) -> Row:
    """Return the row that tells between what amounts a figure lies in nine of ten draws of what is uncertain."""
    ends = zip(table[f"{name}_p05"], table[f"{name}_p95"], strict=True)
    cells = tuple(Cell(say("choice.range_cell", low=money(low), high=money(high))) for low, high in ends)
    return Row(say("choice.range"), cells, None if noted else say("choice.range_note"))


def spared_tables(story: Story) -> tuple[Table, ...]:
    """Return the person-days that each strategy spares a thousand people of every group in an expected year."""
    spared = story.comparison.spared
    spared = spared[spared["people"] > 0]
    ids = [str(id) for id in story.comparison.strategies["id"] if id != BASELINE]
    per_thousand = spared.assign(each=THOUSAND * spared["spared"] / spared["people"])
    top = _full_colour(per_thousand[per_thousand["strategy"].isin(open_choices(story)["id"])]["each"])
    return tuple(
        _spared_table(story, per_thousand[per_thousand["group"] == group], group, (ids, top))
        for group in GROUPS
        if (spared["group"] == group).any()
    )


def _full_colour(each: pd.Series) -> float:
    """Return the gain that takes the darkest colour: one small district must not make all others pale."""
    known = each.abs().dropna()
    return float(known.quantile(DARK)) if len(known) else 0.0


def _spared_table(story: Story, part: pd.DataFrame, group: str, how: tuple[list[str], float]) -> Table:
    ids, top = how
    values = part.assign(value=part["value"].astype(str)).set_index(["strategy", "value"])["each"]
    rows = []
    for value, name in rows_of(part, value_names(story, group)):
        each = [float(values.get((id, value), float("nan"))) for id in ids]
        cells = tuple(gained(number(figure), share_of(figure, top)) for figure in each)
        rows.append(Row(name, cells))
    columns = tuple(
        short(name) for id, name in zip(story.comparison.strategies["id"], _names(story), strict=True) if id in ids
    )
    return Table(say(f"group.{group}"), say(f"group.{group}"), columns, tuple(rows))


def actions(story: Story) -> tuple[Action, ...]:
    """Return every measure with its mechanism, evidence, cost, added value and the strategies that use it."""
    return tuple(_action(story, measure) for measure in story.measures)


def _action(story: Story, measure: Measure) -> Action:
    used = [short(Phrase(each.name_da, each.name_en)) for each in story.strategies if measure.id in each.measures]
    return Action(
        name=Phrase(measure.name_da, measure.name_en),
        mechanism=Phrase(measure.mechanism_da, measure.mechanism_en),
        evidence=say(f"evidence.{measure.evidence}"),
        cost=money(measure.cost),
        value=money(sum(benefit.yearly for benefit in measure.added_value)),
        failure=Phrase(measure.failure_da, measure.failure_en),
        source=measure.source,
        used_in=listing(used),
    )


def _names(story: Story) -> tuple[Phrase, ...]:
    table = story.comparison.strategies
    return tuple(Phrase(str(row.name_da), str(row.name_en)) for row in table.itertuples())
