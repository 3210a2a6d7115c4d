"""What the report tells of where people stay: facts, chart and tables of a small made-up story, and odd cases."""

import base64
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.recovery.shelter import PLACES
from genrejs.report.stays import WHEN, stays, stays_after, summary
from genrejs.report.templating import fill
from genrejs.report.texts import say

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
FIGURES = ("shelter_beds", "shelter_person_nights", "moved_away")


def told(out, back=400.0):
    """The story with households of every kind; the buildings in rows `out` cannot be lived in for `back` days."""
    story = TELLER["make_story"]()
    n = np.arange(200)
    income, tenure = np.array(["low", "middle", "high"])[n % 3], np.array(["owner", "social", "private"])[n // 3 % 3]
    homes = story.city.households.assign(building=n, income=income, tenure=tenure)
    left = np.isin(n, list(out))
    impact = replace(story.main.impact, buildings=pd.DataFrame({"wet": left | (n > 190), "habitable": ~left}))
    recovery = replace(story.main.recovery, buildings=pd.DataFrame({"restored": np.where(left, 24.0 * back, 0.0)}))
    main = replace(story.main, impact=impact, recovery=recovery)
    return replace(story, city=story.city.change(households=homes), showcase=(main, *story.showcase[1:]))


@pytest.fixture(scope="module")
def story():
    return told(range(90))


@pytest.fixture(scope="module")
def page(story):
    return stays(story)


def count(cell):
    return int(cell.text.en.replace(",", ""))


def test_every_key_is_the_parts_own(page):
    assert set(page) == {f"stays_{name}" for name in ("intro", "facts", "chart", "alt", "places", "groups", "note")}
    assert page["stays_intro"].en.startswith("180 people must leave their homes. 18 others")


def test_the_facts_are_those_of_the_stays(page, story):
    found = stays_after(story.city, story.main)
    facts = {name.en.replace("\u00a0", " "): figure.en for name, figure in page["stays_facts"]}
    assert facts["Must leave their homes"] == "180"
    assert facts["Most people in the shelter at once"] == f"{found.beds:.0f} (day {found.beds_day + 1})"
    assert facts["Nights in the shelter, all added up"] == f"{found.nights:,.0f}"
    assert facts["Move away for good within 2 years"] == f"{float(found.people.sel(place='moved')[-1]):.0f}"
    figures = summary(found)
    assert tuple(figures) == FIGURES and figures["shelter_beds"] == found.beds


def test_each_time_in_the_table_holds_everyone_who_left(page):
    table = page["stays_places"]
    assert len(table.columns) == len(WHEN) and len(table.rows) == len(PLACES)
    for column in range(len(WHEN)):
        assert sum(count(row.cells[column]) for row in table.rows) == pytest.approx(180, abs=3)
    home = [count(row.cells[-1]) for row in table.rows if row.head.en == "Home again"]
    assert home and 0 < home[0] < 180


def test_groups_tell_who_left_and_for_how_long(page):
    tables = {table.caption.en: table for table in page["stays_groups"]}
    assert list(tables) == ["Income", "Language", "Tenure"]
    for table in tables.values():
        assert sum(count(row.cells[0]) for row in table.rows) == 180
        for row in table.rows:
            assert float(row.cells[2].text.en) == pytest.approx(count(row.cells[1]) / count(row.cells[0]), abs=0.06)
    assert [row.head.en for row in tables["Income"].rows] == ["Low", "Middle", "High"]
    assert [row.head.da for row in tables["Tenure"].rows] == ["Ejer sin bolig", "Lejer privat", "Lejer alment"]


def test_the_chart_is_drawn_in_both_languages(page):
    drawn = {
        language: base64.b64decode(page["stays_chart"][language].split(",")[1]).decode() for language in ("da", "en")
    }
    assert "Genhuset af kommunen" in drawn["da"] and "Rehoused by the municipality" in drawn["en"]
    assert all(len(content) < 100_000 for content in drawn.values())
    assert page["stays_alt"].da != page["stays_alt"].en


def test_the_part_fills_its_template(page):
    text = fill("stays.j2", "da", say, page)
    assert text.count("<h3>") == 1 and text.count("<table") == 4 and "{{" not in text
    assert fill("stays.j2", "da", say, {"stays_intro": None}).strip() == ""


def test_a_short_horizon_has_one_panel_and_fewer_columns(story):
    main = story.main
    curve = main.recovery.curve
    short = replace(main, recovery=replace(main.recovery, curve=curve[curve["time"] <= 480]))
    page = stays(replace(story, showcase=(short,)))
    assert [column.en for column in page["stays_places"].columns] == ["1 day", "3 days", "1 week", "2 weeks"]
    assert "Months" not in base64.b64decode(page["stays_chart"]["en"].split(",")[1]).decode()


def test_nothing_is_told_where_all_live_at_home_or_nothing_is_known(story):
    assert stays(told(())) == {"stays_intro": None}
    empty = replace(story, city=story.city.change(households=pd.DataFrame()))
    assert stays(empty) == {"stays_intro": None}
    unknown = TELLER["make_story"]()
    unknown = replace(unknown.main, recovery=replace(unknown.main.recovery, buildings=pd.DataFrame()))
    assert stays_after(story.city, unknown) is None
    assert summary(None) == dict.fromkeys(FIGURES)
