"""What would change the plan, how sure it is, what it rests on and how it was made."""

from __future__ import annotations

from collections.abc import Callable

from genrejs.report import tables
from genrejs.report.language import day
from genrejs.report.strategy_plan import Part, Range, StrategyPlan
from genrejs.report.strategy_short import ranged, worst
from genrejs.report.strategy_tree import Block, Bullets, Figure, Grid, Line, Pairs, Section, Text
from genrejs.report.texts import Phrase, about, both, calendar_year, known, listing, money, number, percent, same, say

EVIDENCE = ("observational", "quasi-experiment", "model", "none")
"""Kinds of evidence, the best first."""


def change_section(plan: StrategyPlan) -> Section:
    """Return what would make the city change course, and the map of routes where there is one."""
    blocks: list[Block] = [Text(say("strategy.change.intro"))]
    blocks.append(Bullets(plan.change_course) if plan.change_course else Text(say("strategy.change.none")))
    blocks += _told(plan.pathways_map, "pathways", say("strategy.change.map"))
    return Section("change", say("strategy.section.change"), tuple(blocks), (), True)


def sure_section(plan: StrategyPlan) -> Section:
    """Return how sure the figures are: ranges, futures, evidence, where the plan fails and what was weighed how."""
    blocks: list[Block] = [Bullets(_robust(plan)), _ranges(plan), _values(plan), _evidence(plan)]
    if plan.discovered.said:
        blocks += [Text(say("strategy.sure.fails")), *_told(plan.discovered, "discovered")]
    blocks += _told(plan.regret, "regret", say("strategy.sure.regret"))
    if plan.weights:
        blocks += [Text(say("strategy.sure.weights")), Pairs(plan.weights)]
    return Section("sure", say("strategy.section.sure"), tuple(blocks))


def _told(part: Part, name: str, caption: Phrase | None = None) -> list[Block]:
    """Return what was told elsewhere: the drawing under its caption, the tables, the sentences."""
    blocks: list[Block] = []
    if part.drawing is not None and caption is not None:
        blocks.append(Figure(name, part.drawing.svg, caption, part.drawing.alt))
    blocks += [grid_of(table) for table in part.tables]
    return [*blocks, Bullets(part.said)] if part.said else blocks


def _robust(plan: StrategyPlan) -> tuple[Phrase, ...]:
    found = plan.outcomes
    said = [say("strategy.sure.pays", share=percent(found.pays), count=number(plan.futures))]
    if found.meets_goal is not None and found.goal is not None:
        said.append(say("strategy.sure.goal", share=percent(found.meets_goal), goal=found.goal))
    said.append(worst(plan))
    if found.worst_told is not None:
        said.append(found.worst_told)
    return tuple(said)


def _ranges(plan: StrategyPlan) -> Grid:
    """Return damage and person-days a year: today, and later without and with the plan, each with its range."""
    found = plan.outcomes
    columns = (
        say("strategy.sure.now", year=calendar_year(found.now)),
        say("strategy.sure.without", year=calendar_year(found.future)),
        say("strategy.sure.with", year=calendar_year(found.future)),
    )
    rows = (
        _range_row("damage", (found.ead_now, found.ead_without, found.ead_with), money),
        _range_row("days", (found.person_days_now, found.person_days_without, found.person_days_with), about),
    )
    return Grid(say("strategy.sure.caption"), (say("strategy.sure.what"), *columns), rows, figures=True)


def _range_row(name: str, found: tuple[Range, ...], write: Callable[[float], Phrase]) -> tuple[tuple[Line, ...], ...]:
    cells = tuple(
        (write(each.mid), say("strategy.sure.span", low=write(each.low), high=write(each.high))) for each in found
    )
    return ((say(f"strategy.sure.{name}"),), *cells)


def _values(plan: StrategyPlan) -> Grid:
    """Return cost, benefit and added value as present values, and what is left."""
    found = plan.outcomes
    left = found.benefit.mid + found.added_value - found.cost.mid - found.tax
    amounts = {"benefit": ranged(found.benefit), "value": money(found.added_value), "cost": ranged(found.cost)}
    amounts |= {"tax": money(found.tax), "left": money(left)}
    rows = tuple(((say(f"strategy.sure.{name}"),), (amount,)) for name, amount in amounts.items())
    heads = (say("strategy.sure.what"), say("strategy.sure.present", year=calendar_year(plan.price_year)))
    return Grid(say("strategy.sure.values"), heads, rows, figures=True)


def _evidence(plan: StrategyPlan) -> Grid:
    """Return how many actions rest on which kind of evidence."""
    kinds = (*EVIDENCE, *sorted({each.measure.evidence for each in plan.actions} - set(EVIDENCE)))
    rows = []
    for kind in kinds:
        names = [each.name for each in plan.in_order if each.measure.evidence == kind]
        if names:
            rows.append(((known(f"evidence.{kind}", kind),), (number(len(names)),), (listing(names),)))
    heads = tuple(say(f"strategy.sure.{head}") for head in ("evidence", "count", "actions"))
    return Grid(say("strategy.sure.evidence_caption"), heads, tuple(rows), (1.4, 0.6, 4.0))


def grid_of(table: tables.Table) -> Grid:
    """Return a table of the report as one of the document; its colours and bars are left out."""
    rows = tuple(
        ((row.head, *((row.note,) if row.note else ())), *((cell.text,) for cell in row.cells)) for row in table.rows
    )
    return Grid(table.caption, (table.corner, *table.columns), rows, figures=True)


def basis_section(plan: StrategyPlan) -> Section:
    """Return what the figures rest on, and which of it is assumed."""
    rows = tuple(
        (
            (each.what,),
            (each.value,),
            (each.source,),
            (say(f"strategy.basis.{'assumed' if each.assumed else 'found'}"),),
        )
        for each in plan.sources
    )
    heads = tuple(say(f"strategy.basis.{head}") for head in ("what", "value", "source", "certainty"))
    table = Grid(say("strategy.basis.caption"), heads, rows, (1.5, 1.2, 2.4, 0.9))
    shown: tuple[Block, ...] = (table,) if rows else (Text(say("strategy.basis.none")),)
    return Section("basis", say("strategy.section.basis"), (Text(say("strategy.basis.intro")), *shown), (), True)


def made_section(plan: StrategyPlan) -> Section:
    """Return who made the result, from what, so that it can be made again."""
    made = plan.provenance
    told = {
        "created": both(day, plan.day),
        "version": same(made.version),
        "commit": same(made.commit),
        "study": same(made.study),
        "seed": same(str(made.seed)),
        "futures": number(plan.futures),
        "pathways": number(plan.pathways),
        "prices": calendar_year(plan.price_year),
    }
    pairs = tuple((say(f"strategy.made.{name}"), text) for name, text in told.items())
    return Section("made", say("strategy.section.made"), (Text(say("strategy.made.intro")), Pairs(pairs)))
