"""Every sentence of the page on a damage assessment, in both languages, from `damage_texts.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from genrejs.report import language as lang
from genrejs.report import texts
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.texts import Phrase, both, number, percent

DASH = "–"


@cache
def entries() -> Mapping[str, Mapping[str, Any]]:
    """Return every entry of `damage_texts.toml` by its dotted key: `da`, `en` and what else it holds."""
    source = resources.files("genrejs.report").joinpath("damage_texts.toml").read_text(encoding="utf-8")
    found: dict[str, Mapping[str, Any]] = {}

    def walk(prefix: str, table: Mapping[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value.get("da"), str):
                found[prefix + key] = value
            else:
                walk(f"{prefix}{key}.", value)

    walk("", tomllib.loads(source))
    return found


def say(key: str, /, **values: object) -> Phrase:
    """Return a text of the page with its braces filled, or one of the report's own where the page has none.

    Raises Fault for a key that neither has.
    """
    if key not in entries():
        return texts.say(key, **values)
    entry = entries()[key]
    pair = (fill(str(entry[language]), language, values) for language in LANGUAGES)
    return Phrase(*pair)


def fill(text: str, language: Language, values: Mapping[str, object]) -> str:
    """Return a text with its braces filled, Phrases in that language."""
    filled = text.format(**{n: v.of(language) if isinstance(v, Phrase) else v for n, v in values.items()})
    # A sentence that ends in an amount has one full stop, not that of "kr." and its own.
    return filled.replace("kr..", "kr.")


def named(group: str, name: str) -> Phrase:
    """Return the words for a name of ours, or the name itself where it is a user's own."""
    return say(f"{group}.{name}") if f"{group}.{name}" in entries() else Phrase(name, name)


def sentence(phrase: Phrase) -> Phrase:
    """Return a phrase that begins with a capital letter, on one line."""
    line = on_one_line(phrase)
    return Phrase(line.da[:1].upper() + line.da[1:], line.en[:1].upper() + line.en[1:])


def on_one_line(phrase: Phrase) -> Phrase:
    """Return a name that a chart breaks in two as a table writes it: a hyphen at the break belongs to it in English."""
    return Phrase(phrase.da.replace("-\n", "").replace("\n", " "), phrase.en.replace("\n", " "))


def years(period: float) -> Phrase:
    """Return a number of years without needless decimals."""
    return number(period, 0 if float(period).is_integer() else 1)


def span(low: float, high: float) -> Phrase:
    """Return a range of kroner with the unit once where both ends share it: 325–499 mio. kr."""
    return Phrase(*(_span(lang.money(low, each), lang.money(high, each)) for each in LANGUAGES))


def _span(low: str, high: str) -> str:
    number = re.compile(r"[\d.,]*\d")
    ends = [number.search(low), number.search(high)]
    if ends[0] is None or ends[1] is None or number.sub("", low, 1) != number.sub("", high, 1):
        return f"{low} {DASH} {high}"
    first, last = ends[0].group(), ends[1].group()
    return number.sub(f"{first}{DASH}{last}" if first != last else first, low, 1)


def counted(count: float) -> Phrase:
    """Return a number of buildings: 1 bygning, 564 bygninger."""
    return say("counted.building" if count == 1 else "counted.buildings", count=number(count))


def figure(value: float, unit: str, scale: float = 1.0) -> Phrase:
    """Return a number with its unit: metres, shares in percent, kroner, hours; a calendar year as it is."""
    scaled = value * scale
    if unit == "calendar":
        return Phrase(f"{scaled:.0f}", f"{scaled:.0f}")
    if unit == "share":
        return percent(scaled, 0 if abs(100 * scaled - round(100 * scaled)) < 1e-9 else 1)
    return say(f"unit.{unit}", value=both(_plain, scaled))


def _plain(value: float, language: Language) -> str:
    """Return a number with all the decimals that it has, up to four."""
    if abs(value - round(value)) < 1e-6:
        return lang.number(value, language)
    return lang.number(value, language, 4).rstrip("0").rstrip(",.")


def source(text: str) -> Phrase:
    """Return the words for a source, those it came with where no others are known."""
    for key, entry in entries().items():
        if key.startswith("source.") and entry["en"] == text:
            return say(key)
    return Phrase(text, text)


def note(text: str) -> Phrase | None:
    """Return a sentence of the calculation in both languages, None for one that is not known here."""
    for key, entry in entries().items():
        if key.startswith("note.") and (found := re.fullmatch(str(entry["pattern"]), text)):
            return say(key, **{name: _reading(name, given) for name, given in found.groupdict().items()})
    return None


def _reading(name: str, given: str) -> Phrase:
    """Return what a pattern found, as the two languages write it."""
    if name == "map":
        return _map(given)
    if name == "what":
        return Phrase(given, given)
    value = float(given.replace(",", ""))
    return counted(value) if name == "buildings" else years(value)


def _map(name: str) -> Phrase:
    """Return the name of a depth map: its file's, without folders, or its return period."""
    if not name.startswith("The depth map"):
        return Phrase(Path(name).name, Path(name).name)
    period = re.search(r"for (\S+) years", name)
    return say("note_map.period", years=years(float(period.group(1)))) if period else say("note_map.only")
