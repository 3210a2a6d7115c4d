"""Text as people may send it: no control characters, one line, nothing that hides or turns other text around."""

from __future__ import annotations

import unicodedata

JOINER = "\u200d"
"""Zero-width joiner: invisible, but parts of an emoji hang together by it."""
MARKS = 3
"""Combining marks in a row that a letter may carry; more are used to smear over the lines around."""


def clean(text: str) -> str:
    """Return the text in one line (NFC) without control, direction and unpaired characters; spaces are single."""
    kept, marks = [], 0
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if letter.isspace():
            kept.append(" ")
        elif kind not in {"Cc", "Cs", "Cf"} or letter == JOINER:
            kept.append(letter if marks <= MARKS else "")
    return " ".join("".join(kept).split())
