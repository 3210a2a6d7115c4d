"""Write the list in docs/measures.md from the catalogue of measures; what stands above the list is kept."""

from __future__ import annotations

from pathlib import Path

from genrejs.measure.catalogue import catalogue, strategies
from genrejs.measure.model import PRINCIPLES, Measure

PLACE = Path(__file__).with_name("measures.md")
LIST = "## The list"
"""The heading from which on the page is written by this script."""


def text() -> str:
    """Return the whole page."""
    head = PLACE.read_text(encoding="utf-8").partition(LIST)[0].rstrip()
    parts = [head, "", LIST, "", *table(), "", *plans(), "", "## The measures", ""]
    return "\n".join([*parts, *(line for each in catalogue().values() for line in entry(each))]).rstrip() + "\n"


def table() -> list[str]:
    """Return the measures in one table."""
    lines = [
        "| Measure | Kind | Cost [M DKK] | Range [M DKK] | Upkeep [M/year] | Lifetime [year] | Evidence | Changes |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in catalogue().values():
        low, high = each.cost_range
        figures = f"{million(each.cost)} ({each.price_year}) | {million(low)}-{million(high)} | {million(each.upkeep)}"
        name = f"[{each.name_en}](#{each.id})"
        changes = ", ".join(each.changes)
        lines.append(f"| {name} | {each.kind} | {figures} | {each.lifetime} | {each.evidence} | {changes} |")
    return lines


def plans() -> list[str]:
    """Return the strategies."""
    lines = ["## Strategies", "", "| Strategy | Measures |", "|---|---|"]
    for plan in strategies():
        undone = f"; removes structures whose id starts with {' or '.join(f'`{id}`' for id in plan.removes)}"
        held = ", ".join(f"`{id}`" for id in plan.measures) or "none"
        lines.append(f"| {plan.name_en} (`{plan.id}`) | {held}{undone if plan.removes else ''} |")
    return [
        *lines,
        "",
        "`carry_out(city, strategy, overrides)` removes first, then applies the measures in order. `sluice_pumps` and "
        "`dikes_vejle_aa` stand today:",
        "with their default settings they leave the embedded city as it is. Other settings work on what stands, for "
        'example `carry_out(city, "today",',
        '{"dikes_vejle_aa": {"crest": 2.5}})`. Every setting has a lowest and a highest accepted value. Measures that '
        "are in no strategy are",
        "offered one by one, in a workshop and in the question what if.",
    ]


def entry(each: Measure) -> list[str]:
    """Return the section on one measure."""
    scores = ", ".join(f"{name} {each.scores[name]}" for name in PRINCIPLES)
    pays = ", ".join(f"{payer} {share:.0%}" for payer, share in each.funding.items())
    lines = [
        f'<a id="{each.id}"></a>', "", f"### {each.name_en} (`{each.id}`)", "",
        f"*{each.name_da}.* {each.mechanism_en} ({each.mechanism_da})", "",
        f"How it fails: {each.failure_en}", "",
        f"- Settings: {settings(each)}",
        f"- Needs: {each.conditions_en}",
        f"- Brings to others: {each.derived_en}",
        f"- Acts: {', '.join(each.acts)}. Pays: {pays} ({each.funding_source}).",
        f"- Evidence: {each.evidence}. Takes {each.lead_time:g} years to work.",
        f"- Principles (0-3): {scores}. {each.why_en}",
        f"- Source: {each.source}",
    ]  # fmt: skip
    for value in each.added_value:
        lines.append(f"- Added value: {value.name_en}, {million(value.yearly)} M DKK/year ({value.source})")
    for count in each.counted:
        unit = "" if count.unit == "1" else f" {count.unit}"
        lines.append(f"- Counted: {count.name_en}, {count.amount:,.0f}{unit} ({count.source})")
    return [*lines, ""]


def settings(each: Measure) -> str:
    """Return the settings with their limits."""
    told = (f"`{name}` {value:g} (from {each.limits[name][0]:g} to {each.limits[name][1]:g})"
            for name, value in each.settings.items())  # fmt: skip
    return "; ".join(told)


def million(amount: float) -> str:
    """Return an amount [DKK] in millions."""
    return f"{amount / 1e6:g}"


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
