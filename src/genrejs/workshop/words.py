"""What a workshop says, one file a language in `words`: a third language is a third file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from genrejs.errors import Fault

HOME = "da"
"""The language of whoever has asked for none."""
COMMON = "en"
"""The language of what a file lacks: it is whole."""
FINE = 1e4
"""[DKK] below which an amount is told in single kroner."""
PAGE = "page"
"""The table of a file that holds the pages' words, where the pages are not built with them."""


def folder() -> Traversable:
    """Return where the files are."""
    return resources.files("genrejs.workshop").joinpath("words")


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there is a file for, in the order of the alphabet."""
    files = folder().iterdir()
    return tuple(sorted(each.name.removesuffix(".toml") for each in files if each.name.endswith(".toml")))


@cache
def all_words(language: str) -> Mapping[str, str]:
    """Return every sentence of a language by its dotted key, but not the pages'."""
    rows = ((table, key, words) for table, own in _tables(language).items() for key, words in own.items())
    return {f"{table}.{key}": str(words) for table, key, words in rows if table != PAGE}


def page_words(language: str) -> Mapping[str, str]:
    """Return the pages' words that the file of a language holds: none where the pages are built with them."""
    return {key: str(words) for key, words in _tables(language).get(PAGE, {}).items()}


@cache
def _tables(language: str) -> Mapping[str, dict[str, Any]]:
    return tomllib.loads(folder().joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def say(language: str, key: str, /, **values: object) -> str:
    """Return the sentence of `key` with its braces filled, in English where the language lacks it.

    Raises
    ------
    Fault
        English lacks it too.
    """
    sentence = all_words(language).get(key) or all_words(COMMON).get(key)
    if sentence is None:
        raise Fault(f"The workshop's words in '{language}' lack '{key}'.")
    return sentence.format(**values) if values else sentence


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


def money(value: float, language: str) -> str:
    """Return an amount [DKK, not below 0] with as few digits as one can keep in mind, as the pages tell it."""
    for unit, size in (("number.billion", 1e9), ("number.million", 1e6)):
        if value >= size:
            digits = 0 if value >= 10 * size else 1
            told = f"{_rounded(value / size, digits):.{digits}f}".replace(".", say(language, "number.decimal"))
            return say(language, unit, amount=told)
    return kroner(_rounded(value, -3 if value >= FINE else 0), language)


def _rounded(value: float, digits: int) -> float:
    """Return a value rounded as browsers do: a half goes up."""
    return math.floor(value * 10.0**digits + 0.5) / 10.0**digits


def named(thing: Any, language: str) -> str:
    """Return the name of a measure or strategy; those without a name in the language tell it in English."""
    return str(getattr(thing, f"name_{language}", thing.name_en))
