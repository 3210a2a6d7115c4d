"""What the page tells of the warning: ladder, ways, actions, levers, the dark side and the exercise."""

from __future__ import annotations

import importlib.util
import runpy
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from genrejs.hazard.event import HOUR, Outage
from genrejs.impact.assess import assess
from genrejs.report import practice, told
from genrejs.report.templating import fill
from genrejs.report.texts import say
from genrejs.warning.channels import WarningSettings
from genrejs.warning.exercise import play
from genrejs.warning.levers import LEVERS, one_at_a_time
from genrejs.warning.result import Warned
from genrejs.warning.warn import warn

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)
TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
READY = {"broadcast_reach": 0.91, "door_pairs": 5, "sms_reach": 0.3}


def warning(outages=(), minutes=75.0, **levers):
    city, event = made.city().prepare(**levers), made.event(lead_time=minutes * 60.0, outages=outages)
    impact = assess(city, made.low_flood(1.0), event)
    return warn(city, event, impact), one_at_a_time(city, event, impact, WarningSettings(acting=20.0))


@pytest.fixture(scope="module")
def story():
    return TELLER["make_story"]()


@pytest.fixture(scope="module")
def page(story):
    warned, levers = warning(**READY)
    main = replace(story.main, warned=warned)
    return told.told(replace(story, showcase=(main, *story.showcase[1:])), levers)


def rows(table):
    return {row.head.da: [cell.text.da.replace("\u00a0", " ") for cell in row.cells] for row in table.rows}


def test_every_event_with_water_has_its_row_and_its_tables(page, story):
    assert len(page["told_table"].rows) == len(page["told_each"]) == 1  # the other event is dry
    (cells,) = rows(page["told_table"]).values()
    assert cells[:2] == ["27", "60"]
    shares = [int(cell.split()[0]) for cell in cells[2:6]]
    assert shares == sorted(shares, reverse=True) and shares[-1] > 0
    assert len(page["told_each"][0]["tables"]) == 3


def test_groups_are_told_by_language_and_age_with_every_step(page):
    groups = page["told_each"][0]["tables"][0]
    assert [column.en for column in groups.columns] == [
        "People", "Hear it", "Understand it", "Believe it", "Decide to act", "Act in time",
    ]  # fmt: skip
    table = rows(groups)
    assert table["Dansk, 18–70 år"][0] == "4" and table["Andet sprog, 18–70 år"][0] == "10"
    assert len(table) == 5  # nobody over 70 of another language lives by the water


def test_the_ways_are_told_largest_first_and_without_those_that_told_nobody(page):
    ways = page["told_each"][0]["tables"][1]
    names = [row.head.en for row in ways.rows]
    assert "Cell broadcast" in names and "Phone tree" not in names and "Sirens" not in names
    bars = [row.cells[0].bar for row in ways.rows]
    assert bars == sorted(bars, reverse=True) and bars[0] == 1.0


def test_the_actions_and_the_levers_are_told(page):
    actions = rows(page["told_each"][0]["tables"][2])
    assert list(actions) == ["Forlade huset", "Flytte bilen", "Bære ejendele op", "Lægge sandsække"]
    assert [cells[0] for cells in actions.values()] == ["15", "15", "30", "45"]
    levers = page["told_levers"]
    assert [row.head for row in levers.rows] == [say("told.as_today"), *(say(f"lever.{name}") for name in LEVERS)]
    assert levers.rows[0].cells[0].text.da == "" and levers.rows[1].cells[0].text.da == "fra 0,91 til 0,91"
    assert levers.rows[-1].cells[-1].text.en.startswith("DKK\u00a0−")


def test_the_dark_side_names_the_event_that_silences_most(story):
    attack = Outage(("data",), 0.0, 48 * HOUR, cyber=True)
    hit, _ = warning((attack,), **READY)
    named = told.told(replace(story, showcase=(replace(story.main, warned=hit), *story.showcase[1:])))["told_dark"]
    assert len(named) == 2 and "20\u00a0%" in named[1].da and "storm_1872" in named[1].da
    calm, _ = warning(**READY)
    assert len(told.told(replace(story, showcase=(replace(story.main, warned=calm),)))["told_dark"]) == 1


def test_the_partial_is_filled_and_leaves_out_what_is_not_known(page, story):
    content = fill("told.j2", "da", say, page)
    assert content.count("<table") == 7 and content.count("<img") == 2
    for word in ("Hvad får flere til at handle?", "Øvelse: regnen den 11. oktober 2019", "Teknikken har en skyggeside"):
        assert word in content
    bare = fill("told.j2", "da", say, told.told(story))
    assert "Hvad får flere til at handle?" not in bare and bare.count("<table") == 4
    nobody = Warned(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), 0.0, {})
    silent = told.told(replace(story, showcase=(replace(story.main, warned=nobody),)))
    assert silent == {"told_table": None}
    assert fill("told.j2", "en", say, silent).strip() == ""


def test_the_chart_has_a_line_for_every_event_in_both_languages(story):
    results = [replace(story.main, warned=warning(minutes=minutes, **READY)[0]) for minutes in (30.0, 75.0)]
    for language, word in (("da", "Minutter efter"), ("en", "Minutes after")):
        drawn = told._chart(results, language).decode()
        assert word in drawn and drawn.count("Hændelse storm_1872" if language == "da" else "Event storm_1872") >= 2
    assert told._chart([replace(story.main, warned=warning(minutes=5.0)[0])], "da")  # no minute to spread in


def test_the_exercise_is_told_as_it_is_played():
    page = practice.practice()
    assert rows(page["told_chain"])["17.15"][0] == "Beredskabet er samlet ved slusen"
    assert [row.head.en for row in page["told_chain"].rows][-1] == "20:15"
    assert page["told_plays"].rows[1].head.da == "Kl. 17.15: radio og tv og mobilvarsling; på dansk; klar ordre"
    assert len(page["told_plays"].rows) == len(practice.PLAYS)
    acted = [play(choices).totals["acted"] for choices in practice.PLAYS]
    assert acted[:4] == sorted(acted[:4])  # every choice more lets more act
    assert max(acted[4:]) < acted[3]  # a vague text, too early and too late let fewer act
    assert "8–10 mm" in page["told_happened"].da


def test_the_figures_for_machines():
    warned, _ = warning(**READY)
    figures = told.warned_figures(warned)
    assert figures["people_at_risk"] == 27.0 and figures["damage_avoided_dkk"] == warned.avoided
    assert 27.0 >= figures["reached"] >= figures["understood"] >= figures["acted"] > 0.0
