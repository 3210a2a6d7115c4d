"""Every sentence of the report in both languages: `Phrase` holds a pair, `say` fetches one from a file of `words`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Protocol

from markupsafe import Markup, escape

from genrejs.errors import Fault
from genrejs.report import language as lang
from genrejs.report.language import LANGUAGES, Language


@dataclass(frozen=True)
class Phrase:
    """The same words in Danish and English; in a template it becomes two marked spans, of which the page shows one."""

    da: str
    en: str

    def of(self, language: Language) -> str:
        """Return the words in that language."""
        return self.da if language == "da" else self.en

    def __html__(self) -> Markup:
        if self.da == self.en:
            return escape(self.da)
        return Markup('<span lang="da">{}</span><span lang="en">{}</span>').format(self.da, self.en)


class Titled(Protocol):
    """What bears a title in both languages, such as an event."""

    @property
    def title_da(self) -> str:
        """The title in Danish."""

    @property
    def title_en(self) -> str:
        """The title in English."""


def titled(thing: Titled) -> Phrase:
    """Return the title of an event."""
    return Phrase(thing.title_da, thing.title_en)


def small(name: Phrase) -> Phrase:
    """Return a name as it stands inside a sentence."""
    return Phrase(name.da[:1].lower() + name.da[1:], name.en[:1].lower() + name.en[1:])


def short(name: Phrase) -> Phrase:
    """Return a name without what follows its colon: "Green: room for the water" becomes "Green"."""
    return Phrase(name.da.split(":")[0], name.en.split(":")[0])


@cache
def all_texts() -> Mapping[str, Phrase]:
    """Return every text of the files in `words` by its dotted key; each file has tables of its own."""
    files = [each for each in resources.files("genrejs.report").joinpath("words").iterdir() if each.is_file()]
    sources = [each.read_text(encoding="utf-8") for each in sorted(files, key=lambda each: each.name)]
    found: dict[str, Phrase] = {}

    def walk(prefix: str, table: Mapping[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value.get("da"), str):
                found[prefix + key] = Phrase(value["da"], value["en"])
            else:
                walk(f"{prefix}{key}.", value)

    for source in sources:
        walk("", tomllib.loads(source))
    return found


def say(key: str, /, **values: object) -> Phrase:
    """Return the text with its braces filled, Phrases in their own language; raise Fault for an unknown key."""
    texts = all_texts()
    if key not in texts:
        raise Fault(f"The report has no text '{key}'.")
    filled = [
        texts[key].of(language).format(**{name: _in(value, language) for name, value in values.items()})
        if values
        else texts[key].of(language)
        for language in LANGUAGES
    ]
    return Phrase(*filled)


def known(key: str, otherwise: str) -> Phrase:
    """Return the text of `key` when there is one, else `otherwise` in both languages (a user's own name)."""
    return all_texts().get(key, same(otherwise))


def same(text: str) -> Phrase:
    """Return a text that reads alike in both languages, such as a proper name."""
    return Phrase(text, text)


def both(function: Callable[..., str], value: object, *more: object) -> Phrase:
    """Return `function(value, language, *more)` in both languages."""
    return Phrase(*(function(value, language, *more) for language in LANGUAGES))


def number(value: float, decimals: int = 0) -> Phrase:
    """Return the number in both languages."""
    return both(lang.number, float(value), decimals)


def about(value: float) -> Phrase:
    """Return a figure with three digits that mean something, in both languages."""
    return both(lang.significant, float(value), 3)


def calendar_year(year: int) -> Phrase:
    """Return a calendar year, which takes no thousands separator."""
    return same(str(year))


def money(value: float) -> Phrase:
    """Return kroner in both languages."""
    return both(lang.money, float(value))


def percent(share: float, decimals: int = 0) -> Phrase:
    """Return a share in percent in both languages."""
    return both(lang.percent, float(share), decimals)


def duration(hours: float) -> Phrase:
    """Return a span of time [h] in both languages."""
    return both(lang.duration, float(hours))


def listing(phrases: Iterable[Phrase]) -> Phrase:
    """Return the phrases as a list in words."""
    every = list(phrases)
    return Phrase(*(lang.listing([phrase.of(language) for phrase in every], language) for language in LANGUAGES))


def _in(value: object, language: Language) -> object:
    return value.of(language) if isinstance(value, Phrase) else value
