"""Time a hand on the water: `python -m benchmarks.dragging [--seconds S] [--pixels W H]`.

The real server in a process of its own and the model page in Chromium, drawn by the processor as on a machine without a
graphics card. A mouse drags the water level up and down for S seconds, three times; frames are counted as the browser
shows them, with the water laid over a map that stands still and, as before, with all of the map drawn anew.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.served import CHROMIUM, SOFT, served
from playwright.sync_api import Page, sync_playwright

TIMES = 3
RATE = 40
"""[1/s] frames of a page at rest."""
SWEEP = 1.4
"""[s] down and up again."""
COUNT = """() => {
  const levels = new Set(), slider = document.querySelector('#level');
  const seen = window.seen = {frames: 0, from: performance.now(), levels: 0};
  const map = document.querySelector('.map').glMap;
  const tick = () => {
    if (window.seen !== seen) return;
    seen.frames += 1;
    levels.add(slider.value);
    seen.levels = levels.size;
    const sheet = document.querySelector('.laid');
    if (window.draped && sheet) map.getSource('water').updateImage({image: sheet});
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""
TOLD = """() => {
  const seen = window.seen;
  window.seen = null;
  return {rate: 1000 * seen.frames / (performance.now() - seen.from), levels: seen.levels};
}"""


RESTED = """() => new Promise(done => {
  let frames = 0;
  let on = true;
  const tick = () => { frames += 1; if (on) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  setTimeout(() => { on = false; done(frames); }, 1000);
})"""


def settle(page: Page) -> None:
    """Wait until the page has nothing left to draw: then an empty frame costs next to nothing."""
    for _ in range(60):
        if page.evaluate(RESTED) >= RATE:
            return
    raise SystemExit("The page never comes to rest; the machine has other work to do.")


def drag(page: Page, seconds: float) -> dict[str, Any]:
    """Drag the water level up and down and return frames a second and the levels that were seen."""
    box = page.locator("#level").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.31, middle)
    page.wait_for_timeout(1000)
    settle(page)  # the map has made itself ready to be dragged
    page.evaluate(COUNT)
    begun = time.monotonic()
    while (now := time.monotonic() - begun) < seconds:
        share = 0.6 - 0.3 * abs(now % SWEEP - SWEEP / 2) / (SWEEP / 2)
        page.mouse.move(box["x"] + box["width"] * share, middle)
        time.sleep(1 / 60)
    told: dict[str, Any] = page.evaluate(TOLD)
    page.mouse.up()
    page.locator("#level").press("Home")  # a level that is not computed
    page.wait_for_timeout(1000)
    settle(page)
    return told


def opened(play: Any, address: str, pixels: tuple[int, int]) -> Page:
    """Open the page and wait until all of the map is drawn."""
    browser = play.chromium.launch(executable_path=CHROMIUM, args=list(SOFT))
    page: Page = browser.new_page(viewport={"width": pixels[0], "height": pixels[1]}, bypass_csp=True)
    page.set_default_timeout(180_000)
    page.goto(address)
    page.wait_for_function("document.querySelector('.map')?.glMap?.loaded()")
    settle(page)
    return page


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--pixels", type=int, nargs=2, default=(1280, 800))
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server, sync_playwright() as play:
        page = opened(play, server.base, tuple(told.pixels))
        print(f"{told.pixels[0]} x {told.pixels[1]} pixels, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for words, draped in (("laid over a still map", False), ("draped, all drawn anew", True)):
            page.evaluate(f"() => {{ window.draped = {str(draped).lower()}; }}")
            seen = [drag(page, told.seconds) for _ in range(TIMES)]
            rates = [each["rate"] for each in seen]
            listed = ", ".join(f"{rate:.1f}" for rate in rates)
            print(f"{words:24} {statistics.median(rates):5.1f} frames/s ({listed}), {seen[0]['levels']} levels seen")


if __name__ == "__main__":
    main()
