"""The strategy document's content, the same in every format."""

from __future__ import annotations

from genrejs.report.language import day
from genrejs.report.strategy_actions import (
    added_section,
    money_section,
    pillar_section,
    sheets_section,
    table_section,
    time_section,
)
from genrejs.report.strategy_plan import StrategyPlan
from genrejs.report.strategy_short import in_short
from genrejs.report.strategy_sure import basis_section, change_section, made_section, sure_section
from genrejs.report.strategy_tree import Box, Document
from genrejs.report.texts import both, calendar_year, say

SECTIONS = (
    in_short, pillar_section, time_section, table_section, money_section, added_section, change_section, sure_section,
    sheets_section, basis_section, made_section,
)  # fmt: skip


def content(plan: StrategyPlan) -> Document:
    """Return the document's content in both languages, its charts drawn."""
    first, last = plan.years
    return Document(
        title=plan.title,
        subtitle=say("strategy.subtitle", city=plan.city, first=calendar_year(first), last=calendar_year(last)),
        city=plan.city,
        top=Box(say("constructed.label"), say("constructed.text")) if plan.constructed else None,
        sections=tuple(section(plan) for section in SECTIONS),
        contents=say("strategy.contents"),
        foot=say("strategy.foot", version=plan.provenance.version, day=both(day, plan.day)),
    )
