"""The strategy as Markdown to go on writing in: pictures lie in a folder beside it."""

from __future__ import annotations

import re

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
    line_text,
    plain,
)  # fmt: skip
from genrejs.report.texts import Phrase

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&^])")
_LIST = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=:])")


def escaped(text: str) -> str:
    """Return a text in which nothing is read as Markdown: each letter that may be has a backslash before it."""
    return _LIST.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", _SPECIAL.sub(r"\\\1", text.strip()))


def markdown(document: Document, language: Language, pictures: str) -> str:
    """Return the document as GitHub-flavoured Markdown; `pictures` is the folder of its figures, beside it."""
    parts = [f"# {_said(document.title, language)}", f"**{_said(document.subtitle, language)}**"]
    if document.top:
        parts.append(_box(document.top, language))
    for section in document.sections:
        parts += _section(section, (language, pictures), 2)
    parts += ["---", _said(document.foot, language)]
    return "\n\n".join(parts) + "\n"


Setting = tuple[Language, str]
"""The language and the folder of the pictures."""


def _said(words: Phrase, language: Language) -> str:
    return escaped(plain(words, language))


def _line(line: Line, language: Language) -> str:
    text = escaped(line_text(line, language))
    return f"**{text}**" if isinstance(line, Blank) else text


def _section(section: Section, setting: Setting, level: int) -> list[str]:
    parts = [f"{'#' * level} {_said(section.title, setting[0])}"]
    parts += [_block(block, setting) for block in section.blocks]
    for each in section.below:
        parts += _section(each, setting, level + 1)
    return parts


def _block(block: Block, setting: Setting) -> str:
    language, pictures = setting
    match block:
        case Text(text, manner):
            said = _said(text, language)
            made = {"plain": said, "lead": f"**{said}**", "aside": f"*{said}*"}[manner]
        case Bullets(items, ordered):
            made = "\n".join(
                f"{f'{at}.' if ordered else '-'} {_said(each, language)}" for at, each in enumerate(items, 1)
            )
        case Cards(cards):
            each = ((_said(card.question, language), card) for card in cards)
            made = "\n".join(
                f"- {name} **{_said(c.answer, language)}** – {_said(c.sentence, language)}" for name, c in each
            )
        case Box():
            made = _box(block, language)
        case Pairs(pairs):
            made = "\n".join(f"- **{_said(name, language)}:** {_line(line, language)}" for name, line in pairs)
        case Grid():
            made = _grid(block, language)
        case Figure():
            address = f"{pictures}/{block.name}.svg"
            made = f"![{_said(block.alt, language)}]({address})\n\n*{_said(block.caption, language)}*"
    return made


def _box(box: Box, language: Language) -> str:
    return f"> **{_said(box.title, language)}.** {_said(box.text, language)}"


def _grid(grid: Grid, language: Language) -> str:
    """Return a pipe table under its caption; the lines of a cell are joined, since a cell has one line only."""
    rule = [("---:" if grid.figures and place else "---") for place in range(len(grid.heads))]
    rows = [[_said(head, language) for head in grid.heads], rule]
    rows += [["; ".join(_line(line, language) for line in cell) for cell in row] for row in grid.rows]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"**{_said(grid.caption, language)}**\n\n{table}"
