"""Who repairs what, and when: queues with known answers, the trade that is short, and what the page says."""

from __future__ import annotations

import base64
import runpy
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from genrejs.city.preparedness import Preparedness
from genrejs.recovery.crews import work as crews_work
from genrejs.report.gantt import SHOWN, crews_at, gantt, part_times, queue_at
from genrejs.report.templating import fill
from genrejs.report.texts import say

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
COLUMNS = ["component", "row", "trade", "hours", "release", "start", "finish"]
MONTH = 730.5


def repairs(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def town_work():
    """Three plants, one of them hit twice, and twelve houses for two builders: one a month each, from month six on."""
    plants = [
        (True, 0, "electrician", 40.0, 24.0, 24.0, 96.0),
        (True, 1, "it", 40.0, 48.0, 60.0, 84.0),
        (True, 1, "plumber", 40.0, 30.0, 30.0, 200.0),
        (True, 2, "plumber", 40.0, 30.0, 100.0, np.inf),
    ]
    begin = [(6 + k // 2) * MONTH for k in range(12)]
    houses = [(False, k, "builder", 300.0, 6 * MONTH, begin[k], begin[k] + MONTH) for k in range(12)]
    return repairs(*plants, *houses, (False, 40, "plumber", 20.0, 6 * MONTH, np.nan, np.inf))


def told(work, **plan):
    story = TELLER["make_story"]()
    main = replace(story.main, recovery=replace(story.main.recovery, work=work))
    city = story.city.prepare(crews={"builder": 2.0, "plumber": 3.0, "electrician": 4.0, "it": 1.0}, **plan)
    return replace(story, city=city, showcase=(main, *story.showcase[1:]))


def plain(phrase):
    return phrase.da.replace("\u00a0", " "), phrase.en.replace("\u00a0", " ")


def drawn(address):
    return base64.b64decode(address.split(",")[1]).decode().replace("\u00a0", " ")


@pytest.fixture(scope="module")
def page():
    return gantt(told(town_work()))


def test_three_equal_jobs_for_one_crew_stand_in_line():
    tasks = repairs(*[(False, k, "builder", 5.0, 10.0, 10.0 + 5 * k, 15.0 + 5 * k) for k in range(3)])
    found = queue_at(tasks, np.array([0.0, 10.0, 15.0, 20.0, 24.9, 25.0]), np.ones(6))
    assert found.hold.tolist() == [3, 0, 0, 0, 0, 0]
    assert found.queue.tolist() == [0, 2, 1, 0, 0, 0]
    assert found.at_work.tolist() == [0, 1, 1, 1, 1, 0]
    assert found.done.tolist() == [0, 0, 1, 2, 2, 3]


def test_a_job_from_which_the_crew_was_called_away_waits_again():
    tasks = repairs((False, 0, "builder", 9.0, 0.0, 0.0, 9.0), (False, 1, "builder", 3.0, 2.0, 2.0, 5.0))
    found = queue_at(tasks, np.array([1.0, 3.0, 6.0]), np.ones(3))
    assert found.at_work.tolist() == [1, 1, 1] and found.queue.tolist() == [0, 1, 0]


Spans = some.lists(some.tuples(*[some.floats(0, 900)] * 3), min_size=1, max_size=30)


@given(Spans, some.integers(0, 9))
def test_every_job_is_in_one_place_at_a_time_and_no_more_are_worked_on_than_there_are_crews(spans, crews):
    tasks = repairs(*[(False, k, "it", 1.0, a, a + b, a + b + c) for k, (a, b, c) in enumerate(spans)])
    tasks.loc[0, ["start", "finish"]] = [np.nan, np.inf]
    hours = np.linspace(0, 3000, 50)
    found = queue_at(tasks, hours, np.full(50, float(crews)))
    parts = np.stack([found.hold, found.queue, found.at_work, found.done])
    assert (parts >= 0).all() and (parts.sum(axis=0) == len(tasks)).all()
    assert (found.at_work <= crews).all() and (np.diff(found.done) >= 0).all()


def test_the_table_agrees_with_the_crews_that_did_the_work():
    """n equal jobs of d hours for one crew: n - 1 wait at first, and the last waits (n - 1) d."""
    n, d = 7, 30.0
    worked = crews_work(np.full(n, d), np.zeros(n), np.arange(n), np.zeros(1), 1e5)
    work = repairs(*[(False, k, "it", d, 0.0, worked.start[k], worked.finish[k]) for k in range(n)])
    row = gantt(told(work))["gantt_table"].rows[0]
    texts = [plain(cell.text)[1] for cell in row.cells]
    assert plain(row.head) == ("It", "IT")
    assert texts == ["1", "7", "210", "6", "7.5 days", "8.8 days"]


def test_crews_come_when_they_are_called_and_their_neighbours_later():
    plan = Preparedness(crews={"it": 2.4}, call_up=12.0, aid_crews={"it": 3.0}, aid_delay=48.0)
    hours = np.array([0.0, 12.0, 47.0, 48.0])
    assert crews_at(plan, "it", hours).tolist() == [0, 2, 2, 5]
    assert crews_at(plan, "builder", hours).tolist() == [0, 0, 0, 0]


def test_two_repairs_of_a_component_are_one_bar():
    parts = part_times(TELLER["make_city"](), town_work())
    assert parts["release"].tolist() == [24, 30, 30] and parts["start"].tolist() == [24, 30, 100]
    assert parts["finish"].tolist() == [96, 200, np.inf]
    assert parts["da"].tolist() == ["Anlæg for power", "Anlæg for heat", "Anlæg for water"]


def test_the_trade_that_people_wait_for_is_named(page):
    da, en = plain(page["gantt_short"])
    assert da.startswith("Der mangler især håndværkere. Når flest venter, står 10 opgaver uden et hold")
    assert "the longest wait is 5 months. Crews in all: 2." in en
    aid = gantt(told(town_work(), aid_crews={"builder": 3.0}))
    assert plain(aid["gantt_short"])[0].endswith("Hold i alt: 2 + 3 udefra.")


def test_where_nobody_waits_a_day_that_is_said():
    calm = gantt(told(repairs((True, 3, "civil", 9.0, 5.0, 28.9, 60.0))))
    assert plain(calm["gantt_short"])[1] == "Nobody waits more than a day for a crew."
    assert calm["gantt_trades"] is None and calm["gantt_parts"]


def test_what_is_not_done_is_said_to_be_longer(page):
    plumbers = next(row for row in page["gantt_table"].rows if row.head.en == "Plumbers")
    assert plain(plumbers.cells[-1].text) == ("Mere end 2 år", "More than 2 years")
    assert plain(plumbers.cells[4].text)[0] == "18 måneder"
    last = page["gantt_parts_table"].rows[-1]
    assert last.head.en == "Plant for water" and plain(last.cells[-1].text)[1] == "More than 2 years"
    assert "→ ikke færdig" in drawn(page["gantt_parts"]["da"]) and "→ not done" in drawn(page["gantt_parts"]["en"])


def test_the_charts_speak_their_language_and_name_the_crews(page):
    for language, day, crew in (("da", "Døgn efter", "Hold i alt"), ("en", "Days since", "Crews in all")):
        assert day in drawn(page["gantt_parts"][language]) and crew in drawn(page["gantt_trades"][language])
    assert "Måneder efter" in drawn(page["gantt_trades"]["da"])
    assert "8,3 døgn" in drawn(page["gantt_parts"]["da"]) and "8.3 days" in drawn(page["gantt_parts"]["en"])
    assert plain(page["gantt_parts_alt"])[1].startswith(
        "Timeline of 3 plants under repair. Done first is Plant for power"
    )


def test_a_chart_has_room_for_the_slowest_alone():
    story = told(repairs(*[(True, k, "it", 1.0, 1.0, 2.0, 30.0 + k) for k in range(SHOWN + 9)]))
    many = pd.concat([story.city.components] * 4, ignore_index=True)
    page = gantt(replace(story, city=story.city.change(components=many)))
    assert len(page["gantt_parts_table"].rows) == SHOWN
    assert plain(page["gantt_parts_note"])[1] == f"{SHOWN} of {SHOWN + 9} plants hit are shown, the slowest last."


def test_nothing_is_shown_where_nothing_is_repaired():
    story = TELLER["make_story"]()
    none = replace(story.main, recovery=replace(story.main.recovery, work=pd.DataFrame()))
    page = gantt(replace(story, showcase=(none,)))
    assert page == {"gantt_table": None} and not fill("gantt.j2", "da", say, page).strip()


def test_houses_alone_have_no_timeline_of_plants():
    page = gantt(told(town_work().iloc[4:]))
    assert page["gantt_parts"] is None and page["gantt_parts_alt"] is None
    assert "Anlæg og veje" not in fill("gantt.j2", "da", say, page)


class Closed(HTMLParser):
    """Notes what is open, and that each is closed in turn."""

    open: tuple[str, ...] = ()

    def handle_starttag(self, tag, attributes):
        self.open += () if tag == "img" else (tag,)

    def handle_endtag(self, tag):
        assert self.open[-1] == tag
        self.open = self.open[:-1]


def test_the_markup_closes_and_says_no_nonsense(page):
    content = fill("gantt.j2", "da", say, page)
    reader = Closed()
    reader.feed(content)
    assert reader.open == () and content.count("<h3>") == 1
    assert not [word for word in ("nan", "None", "inf<", "{") if f">{word}" in content]
