"""The map of the dark and light city in a real browser: it plays only when asked, by mouse or keyboard, in two languages."""

from __future__ import annotations

import runpy
from importlib import resources
from pathlib import Path

import pytest

from genrejs.report.dark import colours, dark, film, moment
from genrejs.report.templating import fill
from genrejs.report.texts import say

BROWSER = runpy.run_path(str(Path(__file__).parents[1] / "browser.py"))
TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
pytestmark = BROWSER["MARKS"]
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8"><title>x</title>
<meta http-equiv="Content-Security-Policy" content="{policy}"><link rel="icon" href="data:,">
<style>{style}{dark}</style></head><body data-title-da="x" data-title-en="x">
<button type="button" data-language="da">Dansk</button><button type="button" data-language="en">English</button>
<main>{content}</main><script>{switch}</script><script>{script}</script></body></html>"""


def playwright():
    return pytest.importorskip("playwright.sync_api")


def part(name):
    return f'[data-dark="{name}"]'


@pytest.fixture(scope="module")
def story():
    return TELLER["make_story"]()


@pytest.fixture(scope="module")
def place(story, tmp_path_factory):
    kept = resources.files("genrejs.report").joinpath("templates")
    files = {"style": "style.css", "dark": "dark.css", "switch": "switch.js", "script": "dark.js"}
    texts = {name: kept.joinpath(file).read_text("utf-8") for name, file in files.items()}
    written = tmp_path_factory.mktemp("dark") / "page.html"
    content = fill("dark.j2", "da", say, dark(story))
    written.write_text(PAGE.format(policy=POLICY, content=content, **texts), encoding="utf-8")
    return written.as_uri()


@pytest.fixture(scope="module")
def browser():
    with playwright().sync_playwright() as tool:
        opened = tool.chromium.launch(executable_path=str(BROWSER["CHROMIUM"]), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser, place):
    shown = browser.new_page(viewport={"width": 500, "height": 900}, reduced_motion="reduce")
    complaints = []
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(place)
    yield shown
    assert complaints == []
    shown.close()


def told(page):
    return page.inner_text(part("moment")), page.inner_text(part("state"))


def test_it_opens_at_the_worst_hour_and_stays_there(page, story):
    first = film(story, story.main)
    page.wait_for_timeout(400)
    assert told(page)[0] == moment(first.hours[first.worst]).da
    assert page.input_value(part("time")) == str(first.worst) and page.inner_text(part("play")) == "Afspil"
    assert page.locator(part("controls")).is_visible() and page.inner_text(part("said")) == ""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_keyboard_moves_time_and_the_slider_says_where_it_is(page, story):
    first = film(story, story.main)
    page.focus(part("time"))
    page.keyboard.press("Home")
    assert told(page)[0] == "Da det begyndte"
    page.keyboard.press("End")
    assert page.get_attribute(part("time"), "aria-valuetext") == ". ".join(told(page))
    assert told(page)[0] == moment(first.hours[-1]).da and "99" in told(page)[1]
    fills = page.locator("#dark path").evaluate_all("all => all.map((each) => each.getAttribute('fill'))")
    assert fills == [colours()[share] for share in first.percents["all"][:-1, -1]]


def test_it_plays_and_pauses_when_asked(page):
    page.focus(part("play"))
    page.keyboard.press("Enter")
    assert told(page)[0] == "Da det begyndte" and page.inner_text(part("play")) == "Pause"
    assert page.inner_text(part("said")).startswith("Da det begyndte")
    playwright().expect(page.locator(part("moment"))).to_have_text("1 time efter")
    page.keyboard.press("Enter")
    stands = page.input_value(part("time"))
    assert page.inner_text(part("play")) == "Afspil" and page.inner_text(part("said")) == ". ".join(told(page))
    page.wait_for_timeout(1300)
    assert page.input_value(part("time")) == stands


def test_another_event_and_service_in_the_other_language(page, story):
    page.click("[data-language=en]")
    playwright().expect(page.locator(part("state"))).to_contain_text("Whole city")
    assert page.locator(part("service") + " option").all_inner_texts()[:3] == ["Mean of all services", "Home", "Power"]
    page.select_option(part("event"), label="Event attack (2.15 m)")
    page.select_option(part("service"), label="Home")
    second = film(story, story.showcase[1])
    share = second.percents["housing"][-1, second.worst]
    assert told(page) == (moment(second.hours[second.worst]).en, f"Whole city: {share}% of people have the service")
    assert page.inner_text(part("title")) == "Event attack (2.15 m)"
    page.click("[data-language=da]")
    playwright().expect(page.locator(part("state"))).to_contain_text("Hele byen")
    assert page.input_value(part("service")) == "housing"


def test_without_scripts_there_is_a_still_and_a_table(browser, place, story):
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(place)
    assert not still.is_visible(part("controls")) and not still.is_visible(part("choices"))
    first = film(story, story.main)
    assert still.inner_text("#dark " + part("moment")) == moment(first.hours[first.worst]).da
    assert still.locator("#dark path").count() == 3 and still.locator("details table").count() == 1
    context.close()
