"""The damage page in a real browser: no complaint, the right language to be seen, nothing wider than the window."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from genrejs.report.damage_page import damage_page

BROWSER = runpy.run_path(str(Path(__file__).parents[1] / "browser.py"))
TELLER = runpy.run_path(str(Path(__file__).parents[1] / "damage_story.py"))
DANISH = ("Den sjældneste hændelse", "Hvor tit og hvor dyrt", "Hvem der betaler", "Før og efter tiltaget", "mio. kr.")
ENGLISH = ("The rarest event", "How often, how costly", "Who pays", "Before and after the measure", "DKK")
opened = BROWSER["opened"]
pytestmark = [*BROWSER["MARKS"], pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")]


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    return damage_page(TELLER["make_full"](tmp_path_factory.mktemp("shore")))


@BROWSER["LANGUAGES"]
def test_one_language_is_to_be_seen_without_a_word_of_complaint(page, tmp_path, fragment, act, language):
    seen = opened(page, tmp_path, fragment=fragment, act=act)
    here, there = (DANISH, ENGLISH) if language == "da" else (ENGLISH, DANISH)
    text = seen["text"].replace("\u00a0", " ")
    assert seen["language"] == language and seen["pressed"] == ["Dansk" if language == "da" else "English"]
    assert seen["title"] == ("Genrejs: Skadeberegning" if language == "da" else "Genrejs: Damage assessment")
    assert all(phrase in text for phrase in here)
    assert not [phrase for phrase in there if phrase in text]
    assert len(seen["alt"]) == 5 and all(width > 0 for _, width in seen["alt"])
    words = ("Kort over", "Kurve over", "Søjler") if language == "da" else ("Map of", "Curve of", "Bars")
    assert all(word in str(seen["alt"]) for word in words)
    assert not re.search(r"\bnan\b|\bNone\b|undefined|−0(?![,.\d])|\{\w+\}|\.\.\s", text)
    assert seen["wide"] <= 0 and seen["right"] <= seen["shown"]
