"""In which futures a strategy fails, in words: "where the sea rises more than 0.4 m and fewer than 300 volunteer"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, isfinite, log10

from genrejs.appraisal.discovery import Box, Discovery, Restriction
from genrejs.errors import InputError
from genrejs.report import language as lang
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.strategy_plan import Part
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, listing, number, percent, say, short, small

DIGITS = 2
"""Powers of ten below a factor's span to which its limits are rounded: 0.01 m of 1.2 m."""


@dataclass(frozen=True)
class FactorWords:
    """How a factor is spoken of: `name`, `unit`, its `span` from lowest to highest [unit], and clauses of its own.

    `more` and `less` hold a clause with ``{value}``, `between` one with ``{low}`` and ``{high}``; such as "the sea
    rises more than {value}". Without one the clause is "NAME is above VALUE".
    """

    name: Phrase
    unit: Phrase
    span: float
    more: Phrase | None = None
    less: Phrase | None = None
    between: Phrase | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.span) and self.span > 0):
            raise InputError(f"The span of '{self.name.en}' must be above 0; got {self.span}.")


Words = Mapping[str, FactorWords]


def discovery(found: Discovery, strategy: Phrase, words: Words) -> Part:
    """Return the sentences and a table for each box; `words` by the factor's name.

    Raises InputError for a factor without words.
    """
    base = say("discovery.base", strategy=short(strategy), share=percent(found.share), futures=number(found.futures))
    if not found.boxes:
        return Part(said=(base, say("discovery.none")))
    said = [base]
    for place, box in enumerate(found.boxes):
        clauses = where(box, words)
        first = say("discovery.fails", strategy=short(strategy), where=clauses)
        said.append(say("discovery.also", where=clauses) if place else first)
        said.append(_measures(box))
    said.append(say("discovery.note"))
    return Part(tables=tuple(_table(box, words) for box in found.boxes), said=tuple(said))


def where(box: Box, words: Words) -> Phrase:
    """Return the restrictions of a box as clauses joined by "and"."""
    return listing(_clause(each, _of(each, words)) for each in box.restrictions)


def _of(restriction: Restriction, words: Words) -> FactorWords:
    if restriction.factor not in words:
        raise InputError(f"There are no words for the factor '{restriction.factor}'; there are for {sorted(words)}.")
    return words[restriction.factor]


def _clause(restriction: Restriction, word: FactorWords) -> Phrase:
    low, high = _value(restriction.low, word), _value(restriction.high, word)
    if isfinite(restriction.low) and isfinite(restriction.high):
        given, key, values = word.between, "between", {"low": low, "high": high}
    elif isfinite(restriction.low):
        given, key, values = word.more, "more", {"value": low}
    else:
        given, key, values = word.less, "less", {"value": high}
    if given is None:
        return say(f"discovery.{key}", factor=small(word.name), **values)
    return Phrase(*(_filled(given, values, language) for language in LANGUAGES))


def _filled(clause: Phrase, values: Mapping[str, Phrase], language: Language) -> str:
    return clause.of(language).format(**{name: value.of(language) for name, value in values.items()})


def _value(value: float, word: FactorWords) -> Phrase:
    """Return a limit with its unit, no finer than the span of the factor bears."""
    return Phrase(*(_written(value, word, language) for language in LANGUAGES))


def _written(value: float, word: FactorWords, language: Language) -> str:
    if not isfinite(value):
        return lang.MISSING
    places = DIGITS - floor(log10(word.span))
    text = lang.number(round(value, places), language, max(places, 0))
    if places > 0:
        text = text.rstrip("0").rstrip(",.")
    unit = word.unit.of(language)
    return f"{text}\u00a0{unit}" if unit else text


def _measures(box: Box) -> Phrase:
    shares = {"support": box.support, "density": box.density, "coverage": box.coverage}
    return say("discovery.measures", **{name: percent(share) for name, share in shares.items()})


def _table(box: Box, words: Words) -> Table:
    rows = tuple(
        Row(_of(each, words).name, (Cell(_limit(each, _of(each, words))), Cell(percent(each.quasi_p))))
        for each in box.restrictions
    )
    columns = (say("discovery.limit"), say("discovery.chance"))
    return Table(say("discovery.caption"), say("discovery.factor"), columns, rows)


def _limit(restriction: Restriction, word: FactorWords) -> Phrase:
    low, high = _value(restriction.low, word), _value(restriction.high, word)
    if isfinite(restriction.low) and isfinite(restriction.high):
        return say("discovery.from_to", low=low, high=high)
    return say("discovery.over", value=low) if isfinite(restriction.low) else say("discovery.under", value=high)
