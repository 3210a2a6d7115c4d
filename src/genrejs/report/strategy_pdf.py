"""The strategy as PDF, set by Typst from the same content: tagged, with alt texts, and the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Literal

import matplotlib as mpl
import typst

from genrejs.errors import Fault
from genrejs.report.language import Language
from genrejs.report.strategy_tree import (
    Blank,
    Block,
    Box,
    Bullets,
    Cards,
    Document,
    Figure,
    Grid,
    Line,
    Pairs,
    Section,
    Text,
    plain,
)  # fmt: skip
from genrejs.report.texts import Phrase, say

Form = Literal["pdf", "png"]

STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1, the standard of accessible PDF; Typst refuses what breaks it, such as a picture without alt text."""

REGIONS: dict[Language, str] = {"da": "DK", "en": "GB"}


def pdf(document: Document, language: Language, day: date) -> bytes:
    """Return the document as accessible PDF, dated `day`; raise Fault where Typst cannot set it."""
    return compiled(typst_source(document, language, day), "pdf", day=day)[0]


def picture(svg: bytes, pixels_an_inch: float = 200.0) -> bytes:
    """Return a drawing as PNG, for formats that take no SVG."""
    paper = "#set page(width: auto, height: auto, margin: 0pt)"
    drawn = f'#image(bytes({quoted(svg.decode("utf-8"))}), format: "svg")'
    return compiled(f"{paper}\n{drawn}", "png", resolution=pixels_an_inch)[0]


def compiled(source: str, form: Form, *, day: date | None = None, resolution: float = 144.0) -> list[bytes]:
    """Return a Typst source as `form`, one entry for PDF and one a page for PNG; nothing is fetched.

    Fonts are those in Typst itself and DejaVu Sans, which matplotlib brings; the machine's own are left alone.
    """
    drawn = str(Path(mpl.get_data_path()) / "fonts" / "ttf")
    try:
        made: bytes | list[bytes] = typst.compile(
            source.encode("utf-8"),
            format=form,
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[drawn]),
            ppi=resolution,
            pdf_standards=STANDARD if form == "pdf" else None,
            timestamp=None if day is None else datetime.combine(day, time(), UTC),
        )
    except typst.TypstError as error:
        raise Fault(f"The document could not be set: {error}") from error
    return [made] if isinstance(made, bytes) else list(made)


def quoted(text: str) -> str:
    """Return a text as a string of Typst, in which nothing is read as markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def typst_source(document: Document, language: Language, day: date) -> str:
    """Return the document as a Typst source; every text in it is a string."""
    head = resources.files("genrejs.report").joinpath("templates", "strategy.typ").read_text(encoding="utf-8")
    given = {
        "doc-title": _said(document.title, language),
        "subtitle": _said(document.subtitle, language),
        "city": _said(document.city, language),
        "foot": _said(document.foot, language),
        "page-words": _said(say("strategy.page", page="PAGE", pages="PAGES"), language),
        "lang": quoted(language),
        "region": quoted(REGIONS[language]),
        "day": f"datetime(year: {day.year}, month: {day.month}, day: {day.day})",
    }
    lets = [f"#let {name} = {value}" for name, value in given.items()]
    return "\n".join([*lets, head, *_body(document, language)]) + "\n"


def _body(document: Document, language: Language) -> Iterator[str]:
    if document.top:
        yield _block(document.top, language)
    short, *others = document.sections
    yield from _section(short, language, 1)
    yield f"#contents({_said(document.contents, language)})"
    for section in others:
        yield from _section(section, language, 1)


def _section(section: Section, language: Language, level: int) -> Iterator[str]:
    if section.own_page:
        yield "#pagebreak(weak: true)"
    if section.broad:
        yield "#broad-page["
    yield f"#heading(level: {level}, {_said(section.title, language)})"
    for block in section.blocks:
        yield _block(block, language)
    for each in section.below:
        yield from _section(each, language, level + 1)
    if section.broad:
        yield "]"


def _said(words: Phrase, language: Language) -> str:
    return quoted(plain(words, language))


def _array(parts: list[str]) -> str:
    """Return an array of Typst; one entry needs its comma."""
    return "(" + "".join(f"{part}, " for part in parts) + ")"


def _all(phrases: tuple[Phrase, ...], language: Language) -> str:
    return _array([_said(phrase, language) for phrase in phrases])


def _line(line: Line, language: Language) -> str:
    return f"blank({_said(line.text, language)})" if isinstance(line, Blank) else _said(line, language)


def _block(block: Block, language: Language) -> str:
    match block:
        case Text(text, manner):
            made = f"#{manner}({_said(text, language)})"
        case Bullets(items, ordered):
            made = f"#items({_all(items, language)}, {'true' if ordered else 'false'})"
        case Cards(cards):
            told = [_all((card.question, card.answer, card.sentence), language) for card in cards]
            made = f"#cards({_array(told)})"
        case Box(title, text):
            made = f"#boxed({_said(title, language)}, {_said(text, language)})"
        case Pairs(pairs):
            told = [f"({_said(name, language)}, {_line(line, language)})" for name, line in pairs]
            made = f"#pairs({_array(told)})"
        case Grid():
            made = _grid(block, language)
        case Figure():
            svg = quoted(block.svg[language].decode("utf-8"))
            made = f"#drawn({svg}, {_said(block.alt, language)}, {_said(block.caption, language)})"
    return made


def _grid(grid: Grid, language: Language) -> str:
    rows = [_array([_array([_line(line, language) for line in cell]) for cell in row]) for row in grid.rows]
    widths = _array([f"{width:g}fr" for width in grid.widths])
    looks = f"broad: {str(grid.broad).lower()}, figures: {str(grid.figures).lower()}"
    return f"#grid-of({_said(grid.caption, language)}, {_all(grid.heads, language)}, {_array(rows)}, {widths}, {looks})"
