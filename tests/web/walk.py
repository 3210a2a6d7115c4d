"""What the walks through the pages share: a real server, a real browser, and what is wrong on a page; loaded by path."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

import genrejs.web

CHROMIUM = Path("/usr/bin/chromium")
BUILT = Path(genrejs.web.__file__).parent / "static" / "workshop.html"
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
NEEDED = {CHROMIUM: "Chromium is not installed", BUILT: "the front end is not built", AXE: "axe-core is not installed"}
MISSING = "; ".join(f"{words}: {place}" for place, words in NEEDED.items() if not place.exists())
MARKS = [pytest.mark.browser, pytest.mark.skipif(bool(MISSING), reason=f"No page can be walked through. {MISSING}.")]

# The software renderer draws the map where there is no graphics card.
DRAWN = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 60_000  # [ms] for whatever a page is waited for; a busy machine is not a fault
RUN = 300_000  # [ms] for an answer of the model: seconds to half a minute where two cores are free
PICTURES = os.environ.get("GENREJS_PICTURES")
"""A folder for pictures of all that is walked through, for who wants to look."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the city from an empty `folder` as a user does, and yield the address."""
    command = [str(Path(sys.executable).with_name("genrejs")), "serve", "--port", "0", "--data", str(folder)]
    with (folder / "server.txt").open("w") as said:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            yield re.search(r"http://[\d.]+:\d+", server.stdout.readline())[0]
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("served")) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(CHROMIUM), args=DRAWN)
        yield opened
        opened.close()


class Walk:
    """Pages of one walk, the complaints that they made, and a look at each."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address, self.complaints = browser, address, []

    def page(self, path: str, **like: Any) -> Page:
        """Open `path` on a machine of its own, which keeps nothing of the others'."""
        page = self.browser.new_context(locale="da-DK", reduced_motion="reduce", **like).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(f"{path}: {error}"))
        page.on("console", lambda said: said.type == "error" and self._note(path, said))
        page.on("request", lambda asked: self._judge(path, asked.url))
        page.on("websocket", lambda line: self._judge(path, line.url))
        page.goto(self.address + path)
        return page

    def _note(self, path: str, said: ConsoleMessage) -> None:
        self.complaints.append(f"{path}: {said.text} {said.location.get('url', '')}")

    def _judge(self, path: str, url: str) -> None:
        home, there = urlsplit(self.address), urlsplit(url)
        if there.scheme not in ("data", "blob") and (there.scheme, there.netloc) != (home.scheme, home.netloc):
            self.complaints.append(f"{path}: asks another host: {url}")

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Forgive what the browser itself writes of one request that the server refuses as wrong input."""
        before = len(self.complaints)
        yield
        said = [each for each in self.complaints[before:] if "status of 400" in each]
        assert len(said) == 1, f"{len(said)} requests were refused, not one"
        self.complaints.remove(said[0])

    def look(self, page: Page, name: str) -> None:
        """Keep what a page does that shuts somebody out, and a picture of it where one is wanted."""
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}.png")
        page.evaluate(AXE.read_text(encoding="utf-8") if page.evaluate("typeof axe") == "undefined" else "0")
        done = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", LEVELS)
        assert done["passes"], f"{name}: nothing was looked at"
        for each in done["violations"]:
            where = "; ".join(f"{node['target']} {node['failureSummary']}" for node in each["nodes"][:4])
            self.complaints.append(f"{name}: {each['id']}: {each['help']}: {where}")


def until(page: Page, asked: str | Callable[[], Any]) -> Any:
    """Ask until the answer is yes, and return it; the browser's own waiting is against the rules of these pages."""
    end = time.monotonic() + PATIENCE / 1000
    while not (answer := asked() if callable(asked) else page.evaluate(asked)):
        assert time.monotonic() < end, f"It never came to {asked}"
        page.wait_for_timeout(250)
    return answer


@pytest.fixture
def walk(browser: Browser, address: str) -> Iterator[Walk]:
    """Yield a walk, at whose end nobody may have complained of anything."""
    here = Walk(browser, address)
    yield here
    for context in browser.contexts:
        context.close()
    assert not here.complaints, "\n".join(dict.fromkeys(here.complaints))
