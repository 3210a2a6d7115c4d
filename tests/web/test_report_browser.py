"""The report in a real browser: no complaint, the right language to be seen, nothing wider than the window."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from genrejs.report.document import render

BROWSER = runpy.run_path(str(Path(__file__).parents[1] / "browser.py"))
TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
DANISH = ("Hvis det sker i dag", "Holder stand", "Her går vandet hen", "Hvad pengene køber", "mio. kr.", "Dansk")
ENGLISH = ("If it happens today", "Withstands", "Where the water goes", "What the money buys", "DKK", "Danish")
pytestmark, opened = BROWSER["MARKS"], BROWSER["opened"]


@pytest.fixture(scope="module")
def page() -> str:
    return render(TELLER["make_story"]())


@BROWSER["LANGUAGES"]
def test_one_language_is_to_be_seen_without_a_word_of_complaint(page, tmp_path, fragment, act, language):
    seen = opened(page, tmp_path, fragment=fragment, act=act)
    here, there = (DANISH, ENGLISH) if language == "da" else (ENGLISH, DANISH)
    text = seen["text"].replace("\u00a0", " ")
    assert seen["language"] == language and seen["pressed"] == ["Dansk" if language == "da" else "English"]
    assert all(phrase in text for phrase in here)
    assert not [phrase for phrase in there if phrase in text and phrase != "Dansk"]
    assert seen["alt"] and all(width > 0 for _, width in seen["alt"])
    assert all(
        ("Kort" if language == "da" else "Map", "Kurve" if language == "da" else "Curve")[k] in str(seen["alt"])
        for k in (0, 1)
    )
    assert not re.search(r"\bnan\b|\bNone\b|undefined|−0(?![,.\d])|\{\w+\}|\.\.\s", text)
    assert seen["wide"] <= 0
