"""Numbers, money, shares, spans of time and dates as Danes and as English readers write them."""

from __future__ import annotations

from datetime import date
from math import isfinite, isinf
from typing import Literal

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")
MISSING = "–"
"""What stands for a number that is not known."""

HOURS_A_DAY = 24.0
DAYS_A_YEAR = 365.25
MINUS = "−"

_MONTHS: dict[Language, tuple[str, ...]] = {
    "da": (
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
        "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip

_SCALES: tuple[tuple[float, dict[Language, str]], ...] = (
    (1e9, {"da": "mia.", "en": "billion"}),
    (1e6, {"da": "mio.", "en": "million"}),
)

_SPANS: dict[Language, dict[str, tuple[str, str]]] = {
    "da": {
        "minute": ("minut", "minutter"),
        "hour": ("time", "timer"),
        "day": ("døgn", "døgn"),
        "month": ("måned", "måneder"),
        "year": ("år", "år"),
    },
    "en": {
        "minute": ("minute", "minutes"),
        "hour": ("hour", "hours"),
        "day": ("day", "days"),
        "month": ("month", "months"),
        "year": ("year", "years"),
    },
}


def number(value: float, language: Language, decimals: int = 0) -> str:
    """Return the number with the language's separators: 1.234.567,8 in Danish, 1,234,567.8 in English."""
    if not isfinite(value):
        return MISSING if not isinf(value) else ("∞" if value > 0 else MINUS + "∞")
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit in "123456789" for digit in text)
    if language == "da":
        text = text.translate(str.maketrans(",.", ".,"))
    return (MINUS if negative else "") + text


def significant(value: float, language: Language, digits: int = 2) -> str:
    """Return the number with about `digits` significant digits, never with false precision behind the comma."""
    if not isfinite(value) or value == 0:
        return number(value, language)
    exponent = int(f"{abs(value):e}".split("e")[1])
    places = max(0, digits - 1 - exponent)
    text = number(round(value, digits - 1 - exponent), language, places)
    return text.rstrip("0").rstrip(",.") if places else text


def percent(share: float, language: Language, decimals: int = 0) -> str:
    """Return a share 0..1 in percent: 12,5 % in Danish, 12.5% in English; nearly all is never rounded up to all."""
    if not isfinite(share):
        return MISSING
    limit = 10.0 ** -(decimals + 2)
    if 0 < 1 - share < limit / 2:
        share = 1 - limit
    elif 0 < share < limit / 2:
        return ("under " if language == "da" else "below ") + percent(limit, language, decimals)
    return number(100 * share, language, decimals) + ("\u00a0%" if language == "da" else "%")


def money(value: float, language: Language) -> str:
    """Return kroner: 1,2 mio. kr. in Danish, DKK 1.2 million in English; below 10.000 in whole kroner."""
    if not isfinite(value):
        return MISSING
    size, word = 1.0, ""
    for scale, words in _SCALES:
        if abs(value) >= scale * 0.9995:
            size, word = scale, "\u00a0" + words[language]
            break
    figure = value / size
    if not word:
        figure = round(figure, -3) if abs(figure) >= 10_000 else round(figure)
    text = number(figure, language, 1 if word and abs(figure) < 99.95 else 0) + word
    return f"{text}\u00a0kr." if language == "da" else f"DKK\u00a0{text}"


def _counted(amount: float, unit: str, language: Language) -> str:
    decimals = 1 if amount < 9.95 and abs(amount - round(amount)) > 0.05 else 0
    rounded = round(amount, decimals)
    one, many = _SPANS[language][unit]
    return f"{number(rounded, language, decimals)}\u00a0{one if rounded == 1 else many}"


def duration(hours: float, language: Language) -> str:
    """Return a span of time [h] in the unit that people would use: minutes, hours, days, months or years."""
    if not isfinite(hours):
        return MISSING
    days = hours / HOURS_A_DAY
    if 0 < hours < 1:
        amount, unit = max(1.0, round(hours * 60)), "minute"
    elif days < 2:
        amount, unit = float(round(hours)), "hour"
    elif days < 61:
        amount, unit = (days if days < 10 else float(round(days))), "day"
    elif days < 2 * DAYS_A_YEAR - 1:
        amount, unit = float(round(days / (DAYS_A_YEAR / 12))), "month"
    else:
        amount, unit = days / DAYS_A_YEAR, "year"
    return _counted(amount, unit, language)


def day(when: date, language: Language) -> str:
    """Return the date: 23. november 2026 in Danish, 23 November 2026 in English."""
    dot = "." if language == "da" else ""
    return f"{when.day}{dot} {_MONTHS[language][when.month - 1]} {when.year}"


def listing(parts: list[str], language: Language) -> str:
    """Return the parts joined with commas and a last "og" or "and"."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + (" og " if language == "da" else " and ") + parts[-1]
