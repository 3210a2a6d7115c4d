"""Pages opened in a real browser, for the tests of what a reader sees; loaded by path, as the stories are."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
WITNESS = """<script>
addEventListener("load", () => {
  %s
  const page = document.documentElement;
  const inside = document.querySelector("#measure");
  const seen = {text: document.body.innerText, wide: page.scrollWidth - page.clientWidth, shown: page.clientWidth,
    title: document.title, right: inside && inside.getBoundingClientRect().right,
    alt: [...document.images].filter((each) => each.checkVisibility()).map((each) => [each.alt, each.naturalWidth]),
    pressed: [...document.querySelectorAll("[aria-pressed=true]")].map((each) => each.innerText)};
  page.setAttribute("data-seen", JSON.stringify(seen));
});
</script></body>"""
"""Written into the page: what a reader sees, which a dump of the document alone would not tell."""

MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed, so no page can be opened."),
]
LANGUAGES = pytest.mark.parametrize(
    ("fragment", "act", "language"),
    [
        ("", "", "da"),
        ("#en", "", "en"),
        ("", "document.querySelector('[data-language=en]').click();", "en"),
        ("#en", "document.querySelector('[data-language=da]').click();", "da"),
    ],
    ids=["as written", "by address", "by button", "and back"],
)
"""Every way to a language: as the page is written, by its address, by the button, and back again."""


def opened(page: str, folder: Path, *, fragment: str = "", act: str = "") -> dict:
    """Return what a reader of `page` sees in a narrow window, after the script `act`; no complaint may be logged."""
    place = folder / "page.html"
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
