"""What a workshop says, one file a language in `words`: a third language is a third file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from genrejs.errors import Fault


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there is a file for, in the order of the alphabet."""
    files = resources.files("genrejs.workshop").joinpath("words").iterdir()
    return tuple(sorted(each.name.removesuffix(".toml") for each in files if each.name.endswith(".toml")))


@cache
def all_words(language: str) -> Mapping[str, str]:
    """Return every sentence of a language by its dotted key."""
    text = resources.files("genrejs.workshop").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)
    return {f"{table}.{key}": str(words) for table, rows in tables.items() for key, words in rows.items()}


def say(language: str, key: str, /, **values: object) -> str:
    """Return the sentence of `key` with its braces filled; raise Fault for a key that the language lacks."""
    words = all_words(language)
    if key not in words:
        raise Fault(f"The workshop's words in '{language}' lack '{key}'.")
    return words[key].format(**values) if values else words[key]


def spoken(wanted: str | None, otherwise: str) -> str:
    """Return the first language of an Accept-Language header that there is a file for, else `otherwise`."""
    for part in (wanted or "")[:200].split(","):
        tongue = part.split(";")[0].strip().lower().split("-")[0]
        if tongue in languages():
            return tongue
    return otherwise


def number(value: float, language: str) -> str:
    """Return a whole number with the language's mark between thousands."""
    return f"{value:,.0f}".replace(",", say(language, "number.thousands"))


def kroner(value: float, language: str) -> str:
    """Return an amount [DKK] in whole kroner."""
    return say(language, "number.kroner", amount=number(value, language))


def named(thing: Any, language: str) -> str:
    """Return the name of a measure or strategy; those without a name in the language tell it in English."""
    return str(getattr(thing, f"name_{language}", thing.name_en))
