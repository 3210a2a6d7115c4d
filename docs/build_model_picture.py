"""Make the pictures of the model and of a workshop in README.md: a server, a browser, a telling moment of each.

Run by hand after the pages are built: `.venv/bin/python docs/build_model_picture.py [model] [workshop]`. The city, the
event and what people write are always the same; a workshop's code is drawn anew each time.
"""

from __future__ import annotations

import io
import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).with_name("pictures")
SERVED = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "served.py"))
PUBLIC = "http://vejle.example"
"""The address that the workshop's screen shows: a name that nobody can have."""
WORKSHOPS = "/api/workshops"
PATIENCE = 300_000  # [ms]: all of the map is drawn by the processor
PEAK = 2.4  # [m]
VIEW = {"center": [9.5515, 55.7045], "zoom": 14.35, "pitch": 62, "bearing": -28}
LIGHT, DARK = "#eef3f1", "#16302b"
TITLE, QUESTION = "Vejle and the water", "What do we do when the fjord comes into town?"
CARDS = (
    ("My mother cannot open her door when the power is gone", "Help each other", 3),
    ("Who knocks at the doors of those who have no phone?", "Help each other", 4),
    ("The bus to school goes through the lowest street", "Get about", 2),
    ("Cellars by the harbour fill first", "Water", 2),
    ("Let the stream have its meadow back", "Water", 3),
    ("We heard of it too late last time", "Help each other", 1),
)
"""What participants write, the group that the leader puts it into, its stars: made up for the picture."""


def save(image: Image.Image, name: str) -> None:
    """Write a picture and say how large it is."""
    place = PICTURES / name
    image.convert("RGB").save(place, quality=82, method=6)
    print(f"{place.name}: {image.width} x {image.height}, {place.stat().st_size / 1000:.0f} kB")


def taken(page: Page) -> Image.Image:
    """Return a picture of a page."""
    return Image.open(io.BytesIO(page.screenshot(timeout=PATIENCE, animations="disabled")))


def still(page: Page) -> None:
    """Wait until all of the map is drawn."""
    page.wait_for_function("document.querySelector('.map')?.glMap?.loaded()")
    page.wait_for_timeout(3000)
    page.wait_for_function("document.querySelector('.map').glMap.loaded()")


def model(browser: Browser, address: str) -> None:
    """Take the model page after a storm surge: the city in relief, the water, and what it does to people."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, bypass_csp=True, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/?lang=en")
    still(page)
    page.evaluate("view => document.querySelector('.map').glMap.jumpTo(view)", VIEW)
    still(page)
    level = page.locator("#level")
    level.fill(str(PEAK))
    level.dispatch_event("change")
    page.get_by_text("Done.").wait_for()
    page.evaluate("document.querySelector('.maplibregl-ctrl-attrib').classList.remove('maplibregl-compact-show')")
    page.evaluate("document.querySelector('#level').closest('.slider').scrollIntoView()")
    still(page)
    save(taken(page), "model.webp")
    page.close()


def gathered(address: str) -> str:
    """Make a workshop with cards, stars and groups; return its code."""
    with httpx.Client(base_url=address, timeout=60) as web:
        asked = {"title": TITLE, "question": QUESTION, "language": "en"}
        made = web.post(WORKSHOPS, json=asked).raise_for_status().json()
        code, leader = made["code"], made["leader_token"]

        def act(token: str, **action: Any) -> int:
            answer = web.post(f"{WORKSHOPS}/{code}/actions", json=action, headers={"X-Genrejs-Token": token})
            return int(answer.raise_for_status().json()["seq"])

        joined = [
            web.post(f"{WORKSHOPS}/{code}/join", json={"language": "en"}).raise_for_status().json() for _ in CARDS
        ]
        tokens = [each["token"] for each in joined]
        act(leader, kind="round", name="challenges")
        for token, (text, _, _) in zip(tokens, CARDS, strict=True):
            act(token, kind="card", text=text)
        cards = web.get(f"{WORKSHOPS}/{code}").json()["cards"]
        told = {text: (group, stars) for text, group, stars in CARDS}
        for number, card in enumerate(cards):
            group, stars = told[card["text"]]
            act(leader, kind="group", cards=[card["id"]], group=group)
            for step in range(stars):
                act(tokens[(number + step) % len(tokens)], kind="star", card=card["id"])
        return str(code)


def workshop(browser: Browser, address: str) -> None:
    """Take the big screen of a workshop with a phone beside it."""
    code = gathered(address)
    like = {"bypass_csp": True, "reduced_motion": "reduce", "locale": "en-GB"}
    screen = browser.new_page(viewport={"width": 1440, "height": 810}, **like)
    screen.goto(f"{address}/screen/{code}")
    phone = browser.new_page(viewport={"width": 360, "height": 740}, device_scale_factor=1.5, **like)
    for page in (screen, phone):
        page.set_default_timeout(PATIENCE)
    phone.goto(f"{address}/w/{code}")
    phone.get_by_role("button", name="Join").click()
    phone.get_by_text(CARDS[1][0]).wait_for()
    screen.get_by_text(CARDS[1][0]).wait_for()
    for page in (screen, phone):
        page.wait_for_timeout(1500)
    save(beside(taken(screen), taken(phone)), "workshop.webp")


def beside(screen: Image.Image, phone: Image.Image) -> Image.Image:
    """Put a phone in front of a screen."""
    board = Image.new("RGB", (1280, 680), LIGHT)
    put(board, screen.resize((896, 504), Image.Resampling.LANCZOS), (34, 84), 12, 14)
    put(board, phone.resize((284, 584), Image.Resampling.LANCZOS), (968, 44), 26, 10)
    return board


def put(board: Image.Image, picture: Image.Image, at: tuple[int, int], corner: int, rim: int) -> None:
    """Put a picture with a dark rim, round corners and a shadow onto a board."""
    frame = (at[0] - rim, at[1] - rim, at[0] + picture.width + rim, at[1] + picture.height + rim)
    shade = Image.new("L", board.size, 0)
    ImageDraw.Draw(shade).rounded_rectangle([frame[0], frame[1] + 8, frame[2], frame[3] + 8], corner + rim, fill=90)
    board.paste(DARK, (0, 0), shade.filter(ImageFilter.GaussianBlur(12)))
    ImageDraw.Draw(board).rounded_rectangle(frame, corner + rim, fill=DARK)
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle([0, 0, picture.width - 1, picture.height - 1], corner, fill=255)
    board.paste(picture.convert("RGB"), at, mask)


def main() -> None:
    """Make the pictures that are named, or both."""
    named = sys.argv[1:] or ["model", "workshop"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=SERVED["CHROMIUM"], args=list(SERVED["SOFT"]))
        with SERVED["served"](Path(folder), "--address", PUBLIC) as server:
            for name in named:
                {"model": model, "workshop": workshop}[name](browser, server.base)
        browser.close()


if __name__ == "__main__":
    main()
