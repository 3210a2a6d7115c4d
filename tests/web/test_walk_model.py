"""The model page as somebody tries it out: water, rain, a lifeline, a year, a strategy, two futures; and the game."""

from __future__ import annotations

import re
import runpy
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

WALK = runpy.run_path(str(Path(__file__).parent / "walk.py"))
pytestmark, address, browser, walk = WALK["MARKS"], WALK["address"], WALK["browser"], WALK["walk"]
until, RUN = WALK["until"], WALK["RUN"]

DESK = {"viewport": {"width": 1100, "height": 720}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LITTLE = 2_000  # [px] of the picture: signs and plants that are blue
MAP = "document.querySelector('.map').glMap"
DRAWN = f"document.querySelector('.map')?.glMap?.loaded() && {MAP}.getSource('water') !== undefined"
SIDE = """share => {
  const box = document.querySelector('.stage').getBoundingClientRect();
  const here = document.elementFromPoint(box.x + share * box.width, box.y + box.height * 0.7);
  return here.closest('.over') ? 'other' : here.closest('.map') ? 'one' : 'none';
}"""
"""Which of two maps is to be seen at a share of the width."""
HOUSE = f"""() => {{
  const map = {MAP}, box = map.getCanvas().getBoundingClientRect();
  for (const each of map.queryRenderedFeatures({{layers: ['buildings']}})) {{
    const at = map.project(each.geometry.coordinates.flat(each.geometry.type === 'Polygon' ? 1 : 2)[0]);
    for (const [right, down] of [[6, 6], [-6, 6], [6, -6], [-6, -6]]) {{
      const here = [at.x + right, at.y + down];
      const free = here[0] > 80 && here[1] > 80 && here[0] < box.width - 80 && here[1] < box.height - 120;
      const found = free ? map.queryRenderedFeatures(here, {{layers: ['components', 'structures-point', 'structures-line', 'buildings']}})[0] : null;
      if (found?.layer.id === 'buildings') return [box.x + here[0], box.y + here[1]];
    }}
  }}
}}"""
"""Where on the page there is a house, and nothing else that can be clicked."""


def opened(walk, **like) -> Page:
    """Open the page and wait for the first picture of the city."""
    page = walk.page("/", **like)
    expect(page.get_by_role("heading", level=1, name="Modellen af Vejle")).to_be_visible()
    until(page, DRAWN)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name, selected=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the page itself scrolls too"


def kept(page: Page) -> Locator:
    """Return the runs that are kept, the newest first; there are none to be seen before the second."""
    return page.get_by_role("group", name="Dine beregninger")


def run(page: Page, button: str, title: str, *, first: bool = False) -> None:
    """Press a button and wait until what it asks for is answered, under the event's name."""
    before = kept(page).get_by_role("button").count()
    press(page, button)
    if not first:  # the words of the run before may still stand: there must be one run more, and it is this one
        expect(kept(page).get_by_role("button").nth(before)).to_be_visible(timeout=RUN)
        expect(kept(page).get_by_role("button", pressed=True)).to_have_count(1)
        expect(kept(page).get_by_role("button").first).to_have_attribute("aria-pressed", "true")
        expect(kept(page).get_by_role("button").first).to_contain_text(title)
    expect(page.get_by_text("Færdig.")).to_be_visible(timeout=RUN)
    expect(page.locator("table.figures caption").first).to_contain_text(title, timeout=RUN)
    brought(page, button)


def brought(page: Page, button: str) -> None:
    """Wait until the answer has come into view by itself, and the focus is still on the button."""
    expect(page.locator(".progress [role=status]")).to_be_in_viewport(ratio=1)
    for place in range(4):
        expect(page.locator("table.figures").first.get_by_role("row").nth(place)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name=button, exact=True)).to_be_focused()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the page itself scrolls too"


def blue(page: Page) -> int:
    """Count the points of the picture that are as blue as water on land, which neither sea nor stream is."""
    shot = Image.open(BytesIO(page.locator(".stage").screenshot())).convert("RGB")
    red, _, deep = (np.asarray(band, dtype=int) for band in shot.split())
    return int(((deep - red > 60) & ((red < 100) | (deep > 195))).sum())


def wet(page: Page, least: int) -> int:
    """Wait until at least so many points are water, and return how many there are."""
    return until(page, lambda: (many := blue(page)) >= least and many)


def first_picture(walk, page: Page) -> None:
    assert page.evaluate(f"{MAP}.queryRenderedFeatures({{layers: ['buildings']}}).length") > 500
    assert blue(page) < LITTLE
    expect(page.locator(".district-name", has_text="Midtby")).to_be_visible()
    expect(page.get_by_text("Konstrueret by")).to_be_visible()
    walk.look(page, "model-first")
    page.get_by_text("Signaturer og lag").click()
    walk.look(page, "model-legend")
    page.get_by_text("Signaturer og lag").click()


def water(walk, page: Page) -> None:
    """Drag with the mouse and see the flood before it is let go; then the keys; then stop the solver."""
    level = page.get_by_label("Vandstand i fjorden")
    box = level.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=4)
    expect(page.get_by_text("hektar land ligger under vandspejlet")).to_be_visible()
    high = wet(page, 10 * LITTLE)
    expect(page.get_by_text("Regner …")).to_have_count(0)
    walk.look(page, "model-drag")
    page.mouse.up()
    press(page, "Stop")
    expect(page.get_by_text("Stoppet.")).to_be_visible()
    level.press("End")
    wet(page, high + LITTLE)
    level.press("Home")
    level.press("ArrowRight")
    expect(level).to_have_attribute("aria-valuetext", "0,05 m")
    until(page, lambda: blue(page) < LITTLE)


def cloudburst(walk, page: Page) -> None:
    """Let it rain on one place: the answer's water is on the map, and its figures say what they are."""
    page.get_by_label("Skybrud").check()
    press(page, "Vælg sted på kortet")
    area = page.locator(".map").first.bounding_box()
    page.mouse.click(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    expect(page.get_by_text("Skybruddet falder her")).to_be_visible()
    page.get_by_label("Varighed").press("Home")
    page.get_by_label("Rækker").press("Home")
    walk.look(page, "model-rain")
    run(page, "Slip skybruddet løs", "Skybrud", first=True)
    expect(page.get_by_text("Højeste vand", exact=True)).to_be_visible()
    wet(page, LITTLE)
    expect(page.get_by_role("row").filter(has_text="Land under vand")).to_contain_text(re.compile(r"\d+ hektar"))
    page.locator("summary", has_text="Land under vand").click()
    expect(page.get_by_text("Fra strømningsmodellen.")).to_be_visible()
    walk.look(page, "model-cloudburst")


def compare(walk, page: Page) -> None:
    """The same rain where another strategy is built, then both behind one divider."""
    tab(page, "År")
    walk.look(page, "model-year")
    tab(page, "Tiltag")
    page.get_by_label("Strategi").select_option(label="Social og digital: folk og systemer")
    extra = page.get_by_label("Tætte døre, ventiler og hævede gulve i lave huse")
    expect(extra).not_to_be_checked()
    before = page.locator(".sum").inner_text()
    extra.check()
    expect(page.locator(".sum")).not_to_have_text(before)
    page.get_by_text("Sådan virker det").first.click()
    walk.look(page, "model-choices")
    run(page, "Beregn", "Skybrud")
    beside = kept(page).get_by_role("checkbox", name="Sammenlign").last
    beside.check()
    both = page.get_by_role("table", name="To fremtider")
    expect(both.get_by_role("columnheader")).to_have_count(2)
    until(page, "document.querySelector('.over')?.glMap?.loaded()")
    swipe(page)
    walk.look(page, "model-compare")
    split(walk, page)
    beside.uncheck()


def swipe(page: Page) -> None:
    """Move the divider with the mouse and the keys: to its right there is the other map."""
    divider = page.get_by_label("Skillelinje mellem de to kort")
    box = divider.bounding_box()
    assert [page.evaluate(SIDE, share) for share in (0.4, 0.6)] == ["one", "other"]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    assert [page.evaluate(SIDE, share) for share in (0.2, 0.4)] == ["one", "other"]
    divider.press("End")
    assert page.evaluate(SIDE, 0.9) == "one"
    divider.fill("50")


def split(walk, page: Page) -> None:
    """See both maps whole, beside each other, and go back to one."""
    page.get_by_label("Side om side").check()
    expect(page.get_by_label("Skillelinje mellem de to kort")).to_have_count(0)
    stage, *maps = (page.locator(each).bounding_box() for each in (".stage", ".map:not(.over)", ".map.over"))
    for place, box in enumerate(maps):
        assert box["width"] == pytest.approx(stage["width"] / 2, abs=4) and box["height"] == stage["height"]
        assert box["x"] == pytest.approx(stage["x"] + place * stage["width"] / 2, abs=4)
    until(page, "[...document.querySelectorAll('.map')].every(map => map.glMap.loaded())")
    wide = page.evaluate("[...document.querySelectorAll('.map')].map(map => map.glMap.getCanvas().clientWidth)")
    assert wide == [pytest.approx(box["width"], abs=4) for box in maps]
    assert [page.evaluate(SIDE, share) for share in (0.1, 0.4, 0.6, 0.9)] == ["one", "one", "other", "other"]
    centres = "[...document.querySelectorAll('.map')].map(map => map.glMap.getCenter().toArray())"
    assert page.evaluate(centres)[0] == pytest.approx(page.evaluate(centres)[1])
    for letter in ("a", "b"):
        expect(page.locator(f".future-{letter}")).to_be_in_viewport(ratio=1)
    walk.look(page, "model-split")
    page.get_by_label("Ét kort").check()
    expect(page.get_by_label("Skillelinje mellem de to kort")).to_be_visible()


def lifeline(walk, page: Page) -> None:
    """Switch the power off and see what goes with it; then in another year."""
    tab(page, "Hændelse")
    page.get_by_label("Noget slukkes").check()
    page.get_by_label("Eller ét anlæg").select_option(label="Varmecentral Vejle")
    walk.look(page, "model-off")
    run(page, "Sluk", "Slukket i ")
    gone = page.get_by_role("table", name="Hvad mangler folk?")
    for service in ("Strøm", "Varme"):
        expect(gone.get_by_role("row").filter(has_text=re.compile(service, re.I)).first).to_be_visible()
    walk.look(page, "model-lifeline")
    tab(page, "År")
    page.get_by_label("Klimaet i året").press("End")
    expect(page.get_by_text(re.compile(r"Havet står 0,\d\d m højere"))).to_be_visible()
    run(page, "Beregn", "Slukket i ")
    expect(kept(page).get_by_role("button").first).to_contain_text("2120")


def house(walk, page: Page) -> None:
    """Click a house and read its figures, each with its unit and its source."""
    page.evaluate(f"{MAP}.jumpTo({{zoom: 16.5, pitch: 0}})")
    until(page, f"{MAP}.loaded()")
    page.mouse.click(*until(page, HOUSE))
    box = page.get_by_role("dialog")
    expect(box).to_be_visible()
    facts = box.locator(".facts > div")
    assert facts.count() >= 3
    assert all(facts.locator("small").all_inner_texts())
    assert any(re.search(r"\d (m|m²)\b", text) for text in facts.locator("dd").all_inner_texts())
    walk.look(page, "model-house")
    box.get_by_role("button", name="Luk").click()
    expect(box).to_be_hidden()


def drawing(walk, page: Page) -> None:
    tab(page, "Tegn")
    press(page, "Tegn på kortet")
    area = page.locator(".map").first.bounding_box()
    for share in (0.4, 0.6):
        page.mouse.click(area["x"] + area["width"] * share, area["y"] + area["height"] / 2)
    expect(page.get_by_text("Punkter: 2.")).to_be_visible()
    press(page, "Færdig")
    expect(page.locator(".works")).to_contain_text(re.compile(r"Mur eller dige: \d"))
    walk.look(page, "model-draw")
    refused(walk, page)


def refused(walk, page: Page) -> None:
    """Ask for a wall beside the map: it is refused at once, in Danish, and there is no run of it."""
    before = kept(page).get_by_role("button").count()
    page.get_by_text("Skriv punkterne i stedet").click()
    page.get_by_label("Længde og bredde").fill("9.2 55.706\n9.21 55.706")
    press(page, "Brug punkterne")
    press(page, "Færdig")
    expect(page.locator(".works li")).to_have_count(2)
    with walk.refused():
        press(page, "Beregn")
        expect(page.get_by_role("alert")).to_contain_text("Muren skal ligge inden for byens kort.")
    walk.look(page, "model-refused")
    page.get_by_role("alert").get_by_role("button", name="Luk").click()
    assert kept(page).get_by_role("button").count() == before
    page.get_by_role("button", name="Fjern: Mur eller dige").last.click()
    expect(page.locator(".works li")).to_have_count(1)


def test_the_model_is_tried_out_in_danish(walk) -> None:
    page = opened(walk, **DESK)
    for step in (first_picture, water, cloudburst, compare, lifeline, house, drawing):
        step(walk, page)
    assert page.locator("html").get_attribute("lang") == "da"


WORDS = {"da": ("Noget slukkes", "Sluk"), "en": ("Something goes off", "Switch off")}


@pytest.mark.parametrize("language", WORDS)
def test_the_model_fits_a_phone(walk, language) -> None:
    page = walk.page(f"/?lang={language}", **PHONE)
    until(page, DRAWN)
    narrow(page)
    walk.look(page, f"model-phone-{language}")
    kind, go = WORDS[language]
    page.get_by_label(kind).check()
    page.get_by_role("button", name=go, exact=True).tap()
    expect(page.locator("table.figures").first).to_be_visible(timeout=RUN)
    brought(page, go)
    narrow(page)
    walk.look(page, f"model-phone-answer-{language}")


def narrow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def test_the_model_in_english_shuts_nobody_out(walk) -> None:
    page = walk.page("/?lang=en", **DESK)
    until(page, DRAWN)
    assert page.locator("html").get_attribute("lang") == "en"
    for name in ("Year", "Measures", "Draw", "Event"):
        tab(page, name)
        walk.look(page, f"model-en-{name.lower()}")


def test_the_game_is_played_to_its_end(walk) -> None:
    page = walk.page("/dynamics", **DESK)
    heading = page.locator("#now")
    expect(heading).to_have_text(re.compile("^Runde 1 af 5"))
    walk.look(page, "dynamics-first")
    shared(walk, page)
    for number in range(2, 6):
        page.get_by_role("button", name="Spil årene").click()
        expect(heading).to_have_text(re.compile(f"^Runde {number} af 5"))
        expect(heading).to_be_focused()
        expect(page.get_by_role("heading", name=f"Det skete i runde {number - 1} af 5")).to_be_visible()
        walk.look(page, f"dynamics-round-{number}")
    taken_back(page)
    page.get_by_role("button", name="Spil årene").click()
    the_end(walk, page)


def shared(walk, page: Page) -> None:
    """Give one area more, and let its money go to one stage: the sum stays 100, and all is said."""
    share = page.locator("#share-L1")
    before = int(share.input_value())
    for _ in range(5):
        share.press("ArrowRight")
    expect(share).to_have_value(str(before + 5))
    expect(share).to_have_attribute("aria-valuetext", re.compile(rf"^{before + 5} % – .*mio\.\skr\."))
    assert sum(int(each.input_value()) for each in page.locator(".area input").all()) == 100
    page.get_by_label("Trin i L1").select_option(index=1)
    page.get_by_label("I rækkefølge").check()
    page.get_by_text("Alle 47 indsatser").click()
    walk.look(page, "dynamics-shared")
    page.get_by_text("Alle 47 indsatser").click()


def taken_back(page: Page) -> None:
    """Take the last round back and play it again."""
    page.get_by_role("button", name="Fortryd sidste runde").click()
    expect(page.locator("#now")).to_have_text(re.compile("^Runde 4 af 5"))
    page.get_by_role("button", name="Spil årene").click()
    expect(page.locator("#now")).to_have_text(re.compile("^Runde 5 af 5"))


def the_end(walk, page: Page) -> None:
    """Read how it went, on a desk and on a phone; then begin anew."""
    expect(page.locator("#now")).to_have_text("Alle runder er spillet")
    expect(page.get_by_text(re.compile(r"^Du fik \d+\s%"))).to_be_visible()
    expect(page.get_by_role("button", name="Spil årene")).to_have_count(0)
    page.get_by_text("Din plan som fil").click()
    expect(page.locator("pre")).to_contain_text("[[period]]")
    walk.look(page, "dynamics-end")
    page.set_viewport_size(PHONE["viewport"])
    narrow(page)
    walk.look(page, "dynamics-end-phone")
    page.get_by_role("button", name="Begynd forfra").click()
    expect(page.locator("#now")).to_have_text(re.compile("^Runde 1 af 5"))
