"""The strategy as one HTML page in one language that loads nothing from anywhere and prints well."""

from __future__ import annotations

from typing import Any

from genrejs.report.images import data_uri
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
from genrejs.report.templating import fill
from genrejs.report.texts import Phrase, say


def html(document: Document, language: Language) -> str:
    """Return the page; every text in it is escaped."""
    page = {
        "title": plain(document.title, language),
        "subtitle": plain(document.subtitle, language),
        "contents": plain(document.contents, language),
        "foot": plain(document.foot, language),
        "top": _box(document.top, language) if document.top else None,
        "sections": [_section(section, language, 2) for section in document.sections],
        "skip": plain(say("strategy.skip"), language),
    }
    return fill("strategy.html.j2", language, say, page)


def _section(section: Section, language: Language, level: int) -> dict[str, Any]:
    return {
        "name": section.name,
        "title": plain(section.title, language),
        "level": level,
        "look": " ".join(_looks(("own-page", section.own_page), ("turned", section.broad))),
        "blocks": [_block(block, language) for block in section.blocks],
        "below": [_section(each, language, level + 1) for each in section.below],
    }


def _block(block: Block, language: Language) -> dict[str, Any]:
    made: dict[str, Any]
    match block:
        case Text(text, manner):
            made = {"kind": "text", "text": plain(text, language), "manner": manner}
        case Bullets(items, ordered):
            made = {"kind": "list", "items": _all(items, language), "tag": "ol" if ordered else "ul"}
        case Cards(cards):
            told = [_all((card.question, card.answer, card.sentence), language) for card in cards]
            made = {"kind": "cards", "cards": told}
        case Box():
            made = _box(block, language)
        case Pairs(pairs):
            made = {"kind": "pairs", "pairs": [(plain(name, language), _line(line, language)) for name, line in pairs]}
        case Grid():
            made = _grid(block, language)
        case Figure():
            address = data_uri(block.svg[language], "image/svg+xml")
            words = {"caption": plain(block.caption, language), "alt": plain(block.alt, language)}
            made = {"kind": "figure", "address": address, **words}
    return made


def _all(phrases: tuple[Phrase, ...], language: Language) -> list[str]:
    return [plain(phrase, language) for phrase in phrases]


def _box(box: Box, language: Language) -> dict[str, Any]:
    return {"kind": "box", "title": plain(box.title, language), "text": plain(box.text, language)}


def _line(line: Line, language: Language) -> tuple[str, bool]:
    """Return the words of a line, and whether it is a blank to fill in."""
    blank = isinstance(line, Blank)
    return plain(line.text if isinstance(line, Blank) else line, language), blank


def _grid(grid: Grid, language: Language) -> dict[str, Any]:
    return {
        "kind": "grid",
        "caption": plain(grid.caption, language),
        "heads": _all(grid.heads, language),
        "rows": [[[_line(line, language) for line in cell] for cell in row] for row in grid.rows],
        "look": " ".join(_looks(("broad", grid.broad), ("figures", grid.figures))),
    }


def _looks(*looks: tuple[str, bool]) -> list[str]:
    return [name for name, on in looks if on]
