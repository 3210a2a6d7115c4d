"""Numbers, money and time as Danes and English readers write them."""

from datetime import date
from math import inf, nan

import pytest

from genrejs.report import language


@pytest.mark.parametrize(
    ("value", "decimals", "da", "en"),
    [
        (1234567.84, 1, "1.234.567,8", "1,234,567.8"),
        (0, 0, "0", "0"),
        (-0.2, 0, "0", "0"),
        (-1234, 0, "−1.234", "−1,234"),
        (999.6, 0, "1.000", "1,000"),
        (nan, 0, "–", "–"),
        (inf, 0, "∞", "∞"),
    ],
)
def test_number(value, decimals, da, en):
    assert language.number(value, "da", decimals) == da
    assert language.number(value, "en", decimals) == en


@pytest.mark.parametrize(
    ("value", "da", "en"),
    [
        (1_234_567, "1,2 mio. kr.", "DKK 1.2 million"),
        (999_999, "1,0 mio. kr.", "DKK 1.0 million"),
        (345_678, "346.000 kr.", "DKK 346,000"),
        (2_345, "2.345 kr.", "DKK 2,345"),
        (8.7e9, "8,7 mia. kr.", "DKK 8.7 billion"),
        (-42e6, "−42,0 mio. kr.", "DKK −42.0 million"),
        (123.4e6, "123 mio. kr.", "DKK 123 million"),
        (0, "0 kr.", "DKK 0"),
        (nan, "–", "–"),
    ],
)
def test_money(value, da, en):
    assert language.money(value, "da").replace("\u00a0", " ") == da
    assert language.money(value, "en").replace("\u00a0", " ") == en


@pytest.mark.parametrize(
    ("share", "da", "en"),
    [
        (0.125, "12 %", "12%"),
        (0.9999, "99 %", "99%"),
        (1.0, "100 %", "100%"),
        (0.0001, "under 1 %", "below 1%"),
        (0.0, "0 %", "0%"),
        (-0.3, "−30 %", "−30%"),
        (nan, "–", "–"),
    ],
)
def test_percent_never_rounds_nearly_all_up_to_all(share, da, en):
    assert language.percent(share, "da").replace("\u00a0", " ") == da
    assert language.percent(share, "en") == en


@pytest.mark.parametrize(
    ("hours", "da", "en"),
    [
        (0, "0 timer", "0 hours"),
        (0.5, "30 minutter", "30 minutes"),
        (1, "1 time", "1 hour"),
        (36, "36 timer", "36 hours"),
        (60, "2,5 døgn", "2.5 days"),
        (24 * 30, "30 døgn", "30 days"),
        (24 * 365.25, "12 måneder", "12 months"),
        (24 * 730.5, "2 år", "2 years"),
        (inf, "–", "–"),
    ],
)
def test_duration(hours, da, en):
    assert language.duration(hours, "da").replace("\u00a0", " ") == da
    assert language.duration(hours, "en").replace("\u00a0", " ") == en


def test_significant_digits_carry_no_false_precision():
    assert language.significant(0.001234, "da") == "0,0012"
    assert language.significant(12345.0, "en") == "12,000"
    assert language.significant(0.8, "da", 3) == "0,8"
    assert language.significant(120.0, "da", 3) == "120"
    assert language.significant(0.0, "da") == "0"


def test_day_and_listing():
    assert language.day(date(2026, 11, 23), "da") == "23. november 2026"
    assert language.day(date(2026, 11, 23), "en") == "23 November 2026"
    assert language.listing(["a", "b", "c"], "da") == "a, b og c"
    assert language.listing(["a"], "en") == "a"
    assert language.listing([], "en") == ""
