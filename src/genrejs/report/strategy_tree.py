"""What a document is made of, written once and set in any format: sections of texts, tables and figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from genrejs.report.language import Language
from genrejs.report.texts import Phrase

# What XML forbids in any text, and line ends, which would break a row of a table.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")

Manner = Literal["plain", "lead", "aside"]


@dataclass(frozen=True)
class Text:
    """A paragraph, in its manner."""

    text: Phrase
    manner: Manner = "plain"


@dataclass(frozen=True)
class Bullets:
    """A list; `ordered` with numbers."""

    items: tuple[Phrase, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Card:
    """An answer that is read at a glance: question, the answer in large letters, a sentence."""

    question: Phrase
    answer: Phrase
    sentence: Phrase


@dataclass(frozen=True)
class Cards:
    """Cards side by side."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Box:
    """A marked box with a title."""

    title: Phrase
    text: Phrase


@dataclass(frozen=True)
class Blank:
    """Something that the city has to fill in, marked as such."""

    text: Phrase


Line = Phrase | Blank


@dataclass(frozen=True)
class Pairs:
    """Names, each with a text or a blank to fill in."""

    pairs: tuple[tuple[Phrase, Line], ...]


@dataclass(frozen=True)
class Grid:
    """A table: heads ``(columns,)``; each row's cells ``(columns,)`` hold one line or more, its first cell heads it.

    `shares` the width of each column relative to the others; `broad` says that small letters are needed; `figures` sets
    all but the first column to the right.
    """

    caption: Phrase
    heads: tuple[Phrase, ...]
    rows: tuple[tuple[tuple[Line, ...], ...], ...]
    shares: tuple[float, ...] = ()
    broad: bool = False
    figures: bool = False

    @property
    def widths(self) -> tuple[float, ...]:
        """The columns' widths; alike where no shares are given."""
        return self.shares or (1.0,) * len(self.heads)


@dataclass(frozen=True)
class Figure:
    """A drawing in each language with a caption and, in words, what it shows; `name` names its file."""

    name: str
    svg: Mapping[Language, bytes]
    caption: Phrase
    alt: Phrase


Block = Text | Bullets | Cards | Box | Pairs | Grid | Figure


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it, and sections below it.

    `own_page` begins on a new page; `broad` stands on pages turned on their side.
    """

    name: str
    title: Phrase
    blocks: tuple[Block, ...] = ()
    below: tuple[Section, ...] = ()
    own_page: bool = False
    broad: bool = False


@dataclass(frozen=True)
class Document:
    """A document: its title, who and when, a word on top, and its sections, of which the first is the short one."""

    title: Phrase
    subtitle: Phrase
    city: Phrase
    top: Box | None
    sections: tuple[Section, ...]
    contents: Phrase
    foot: Phrase


def plain(words: Phrase, language: Language) -> str:
    """Return the words in that language on one line, without letters that no format can show."""
    return _BREAKS.sub(" ", _UNPRINTABLE.sub("", words.of(language)))


def line_text(line: Line, language: Language) -> str:
    """Return the words of a line, a blank's in brackets."""
    return f"[{plain(line.text, language)}]" if isinstance(line, Blank) else plain(line, language)
