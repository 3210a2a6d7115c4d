"""The damage page in a real browser: no complaint, the right language to be seen, nothing wider than the window."""

from __future__ import annotations

import html
import json
import re
import runpy
import subprocess
from pathlib import Path

import pytest

from genrejs.report.damage_page import damage_page

CHROMIUM = Path("/usr/bin/chromium")
TELLER = runpy.run_path(str(Path(__file__).parents[1] / "damage_story.py"))
DANISH = ("Den sjældneste hændelse", "Hvor tit og hvor dyrt", "Hvem der betaler", "Før og efter tiltaget", "mio. kr.")
ENGLISH = ("The rarest event", "How often, how costly", "Who pays", "Before and after the measure", "DKK")
WITNESS = """<script>
addEventListener("load", () => {
  %s
  const page = document.documentElement;
  const inside = document.querySelector("#measure").getBoundingClientRect();
  const seen = {text: document.body.innerText, wide: page.scrollWidth - page.clientWidth, shown: page.clientWidth,
    title: document.title, right: inside.right,
    alt: [...document.images].filter((each) => each.checkVisibility()).map((each) => [each.alt, each.naturalWidth]),
    pressed: [...document.querySelectorAll("[aria-pressed=true]")].map((each) => each.innerText)};
  page.setAttribute("data-seen", JSON.stringify(seen));
});
</script></body>"""
"""Written into the page: what a reader sees, which a dump of the document alone would not tell."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed, so no page can be opened."),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    return damage_page(TELLER["make_full"](tmp_path_factory.mktemp("shore")))


def opened(page: str, folder: Path, *, fragment: str = "", act: str = "") -> dict:
    place = folder / "damage_report.html"
    place.write_text(page.replace("</body>", WITNESS % act), encoding="utf-8")
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder / 'profile'}",
         "--window-size=500,900", "--enable-logging=stderr", "--v=0", "--dump-dom", place.as_uri() + fragment],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr
    found = re.search(r'<html lang="(..)"[^>]* data-seen="([^"]*)"', done.stdout)
    assert found, done.stdout[:500]
    return {"language": found[1], **json.loads(html.unescape(found[2]))}


@pytest.mark.parametrize(
    ("fragment", "act", "language"),
    [
        ("", "", "da"),
        ("#en", "", "en"),
        ("", "document.querySelector('[data-language=en]').click();", "en"),
        ("#en", "document.querySelector('[data-language=da]').click();", "da"),
    ],
    ids=["as written", "by address", "by button", "and back"],
)
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
