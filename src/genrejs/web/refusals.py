"""What the rooms below the server say, in Danish and in citizens' English: found by the sentence itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

NAMES, CHECKS = "name", "check"
"""Tables of `refusals.toml` that only fill the sentences of the others."""
NUMBER = re.compile(r"-?\d+(,\d{3})*(\.\d+)?")
COUNTED = re.compile(r"\.\d+(?=\.|$)")
"""The number of a part in a list, as in `drawn.0.line`."""
LONGEST = 120
"""Characters of a value that is put into a sentence: what was sent may stand in it, but not all of it."""


@dataclass(frozen=True)
class Told:
    """A sentence in both languages; `reason` names it for programs."""

    reason: str
    da: str
    en: str


def in_both(sentence: str) -> Told | None:
    """Return what a room's English sentence is in both languages, None for one that the file does not know."""
    for reason, pattern, words in _sentences():
        found = pattern.fullmatch(sentence)
        if found:
            return Told(reason, *(_filled(words[each], found.groupdict(), each) for each in ("da", "en")))
    return None


def _filled(text: str, values: Mapping[str, str], language: str) -> str:
    shown = {name: _value(name, value, language) for name, value in values.items()}
    filled = text.format(**shown)
    return filled[:1].upper() + filled[1:]


def _value(name: str, value: str, language: str) -> str:
    if name == CHECKS:
        return _checked(value, language)
    known = _tables()[NAMES].get(COUNTED.sub("", value))
    if known is not None:
        return str(known[language])
    if NUMBER.fullmatch(value):
        return value.translate(str.maketrans(",.", ".,")) if language == "da" else value
    return value if len(value) <= LONGEST else value[:LONGEST] + " …"


def _checked(check: str, language: str) -> str:
    """Return what is wrong with one field; the file's last words of the kind take whatever the others do not know."""
    for told in _tables()[CHECKS].values():
        found = _pattern(told["told"]).fullmatch(check)
        if found:
            shown = {name: _value(name, value, language) for name, value in found.groupdict().items()}
            return str(told[language].format(**shown))
    return check


@cache
def _tables() -> Mapping[str, dict[str, Any]]:
    text = resources.files("genrejs.web").joinpath("refusals.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _sentences() -> tuple[tuple[str, re.Pattern[str], Mapping[str, str]], ...]:
    rows = ((table, key, words) for table, own in _tables().items() for key, words in own.items())
    return tuple(
        (f"{table}.{key}", _pattern(words["told"]), words) for table, key, words in rows if table not in (NAMES, CHECKS)
    )


def _pattern(told: str) -> re.Pattern[str]:
    """Return what a sentence with `{braces}` looks like; the braces take anything."""
    parts = re.split(r"\{(\w+)\}", told)
    written = (f"(?P<{part}>.+?)" if k % 2 else re.escape(part) for k, part in enumerate(parts))
    return re.compile("".join(written), re.DOTALL)
