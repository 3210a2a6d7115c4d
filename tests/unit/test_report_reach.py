"""The report's part on ways: what it says of a made-up event, and what it leaves out."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.city.streets import straight_streets
from genrejs.report import maps, reach
from genrejs.report.document import render
from genrejs.report.story import Story

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
MAIN = "storm_1872"


@pytest.fixture(scope="module")
def story() -> Story:
    return TELLER["make_story"]()


def with_travel(story: Story, **parts: object) -> Story:
    """Return the story with another main event's travel."""
    after = story.aftermath[MAIN]
    assert after.travel is not None
    return replace(story, aftermath={MAIN: replace(after, travel=replace(after.travel, **parts))})


def words(phrase) -> tuple[str, str]:
    return phrase.da.replace("\u00a0", " "), phrase.en.replace("\u00a0", " ")


def figures(pairs) -> dict[str, str]:
    return {name.en: figure.en for name, figure in pairs}


def cells(row) -> list[str]:
    return [cell.text.en for cell in row.cells]


@pytest.fixture(scope="module")
def told(story) -> dict:
    return reach.reach(with_travel(story, stuck=3.0, lost=("rescue",)))


def test_every_key_is_its_own(told):
    assert all(key.startswith("reach_") for key in told)


def test_the_facts_are_those_of_the_event(told):
    assert figures(told["reach_facts"]) == {
        "Cannot be reached by car": "40",
        "– and cannot walk out either": "3",
        "Reached by rescue in 10 minutes, ordinarily": "90%",
        "Reached by rescue in 10 minutes, now": "70%",
        "Extra travel, person-hours": "24",
        "Closed streets": "1.2 km",
        "Hit and closed themselves": "Plant for rescue",
    }


def test_nothing_hit_is_said_in_a_word(story):
    assert figures(reach.reach(story)["reach_facts"])["Hit and closed themselves"] == "none"
    bare = story.city.change(components=pd.DataFrame({"service": ["rescue"], "x": [532100.0], "y": [6173000.0]}))
    assert figures(reach.reach(replace(story, city=bare))["reach_facts"])["Hit and closed themselves"] == "none"


def test_times_are_minutes_before_after_and_between(told):
    rows = {row.head.en: cells(row) for row in told["reach_services"].rows}
    assert rows == {"Hospital or health centre": ["40", "5.0", "7.0", "2.0"], "School": ["40", "5.0", "–", "–"]}


def groups(*rows: tuple[str, object, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["kind", "group", "after"])
    return table.assign(service="hospital", people=10.0, isolated=0.0, before=300.0)


def test_only_groups_that_fare_differently_are_shown_and_always_those_without_a_car(story):
    table = groups(
        ("age", "children", 360.0), ("age", "seniors", 361.0), ("income", "middle", 330.0), ("income", "low", 420.0),
        ("income", "high", np.nan), ("language", "da", 360.0), ("car", True, 360.0), ("car", False, 360.0),
    )  # fmt: skip
    shown = reach.reach(with_travel(story, by_group=table))["reach_groups"]
    assert [row.head.en for row in shown.rows] == [
        "Income: Low", "Income: Middle", "Income: High", "With a car", "Without a car",
    ]  # fmt: skip
    assert cells(shown.rows[0]) == ["0", "5.0", "7.0", "2.0"]
    assert reach.reach(with_travel(story, by_group=table.iloc[:2]))["reach_groups"] is None


def test_the_districts_with_most_people_cut_off_are_named(story):
    table = pd.DataFrame(
        {
            "group": ["midtby", "midtby", "havn", "vestby"],
            "service": ["hospital", "school", "school", "school"],
            "isolated": [5.0, 30.0, 1064.0, 0.0],
        }
    )
    most = reach.reach(with_travel(story, by_district=table))["reach_most"]
    assert words(most)[0] == "Flest afskårne: Havnen (1.064) og Midtbyen (30)."
    nobody = table.assign(isolated=0.0)
    assert reach.reach(with_travel(story, by_district=nobody))["reach_most"] is None


def test_the_bridge_is_told_for_a_dry_day_and_for_the_event(story):
    assert (
        "lose 500 hours on the way round on a dry day. During the event it is no hours, for there is no way"
        in (words(reach.reach(story)["reach_bridge"])[1])
    )
    both = reach.reach(with_travel(story, bridge=(9413.0, 10184.0)))["reach_bridge"]
    assert words(both)[0] == (
        "Bliver motorvejsbroen lukket et døgn, mister bilisterne tilsammen 9.413 timer på omvejen på en tør dag. "
        "Under hændelsen er det 10.184 timer. Kø er ikke regnet med."
    )
    for none in ((0.0, 0.0), (np.nan, np.nan)):
        assert reach.reach(with_travel(story, bridge=none))["reach_bridge"] is None


def test_colours_are_darker_the_later_help_comes():
    found = reach.colours(np.array([0.0, 299.0, 300.0, 599.0, 600.0, 1200.0, 9e9, np.inf]))
    bands = [colour for _, colour in reach.BANDS]
    assert found == [bands[0], bands[0], bands[1], bands[1], bands[2], bands[3], bands[3], reach.NEVER]
    light = [sum(w * int(c[k : k + 2], 16) for w, k in ((0.2126, 1), (0.7152, 3), (0.0722, 5))) for c in bands]
    assert all(a > b + 25 for a, b in zip(light, [*light[1:], 0.0], strict=True))
    assert [word.en for _, word in reach.reach(TELLER["make_story"]())["reach_legend"]] == [
        "under 5 minutes", "5–10 minutes", "10–20 minutes", "over 20 minutes", "cannot be reached by car",
    ]  # fmt: skip


def test_the_map_shows_houses_and_closed_streets(story, monkeypatch):
    drawn = []
    monkeypatch.setattr(maps, "window_map", lambda city, result, draw: drawn.append(draw) or b"")
    streets = straight_streets([532000, 532900, 533500], [6173000] * 3, [0, 1], [1, 2])
    reach.reach(replace(story, city=story.city.change(streets=streets)))
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    drawn[0](axes)
    lines = [each for each in axes.collections if type(each).__name__ == "LineCollection"]
    assert [len(each.get_segments()) for each in lines] == [1, 1]
    houses = [each for each in axes.collections if type(each).__name__ == "PolyCollection"]
    assert sum(len(each.get_paths()) for each in houses) == len(story.city.buildings)


def test_the_map_is_a_small_picture_with_words(told):
    assert told["reach_image"].startswith("data:image/webp;base64,")
    assert len(told["reach_image"]) < 1e6
    da, en = words(told["reach_alt"])
    assert "70 % af borgerne" in da and "70% of residents" in en and "40 cannot be reached by car" in en


def test_one_event_has_no_table_of_events_and_two_have(story):
    assert reach.reach(story)["reach_events"] is None
    second = TELLER["make_result"](story.city, "bodil", 1.5)
    more = replace(
        story,
        showcase=(*story.showcase, second),
        aftermath={**story.aftermath, "bodil": story.aftermath[MAIN], "attack": story.aftermath[MAIN]},
    )
    rows = reach.reach(more)["reach_events"].rows
    assert [row.head.en for row in rows] == ["Event storm_1872 (2.15 m)", "Event bodil (2.15 m)"]
    assert cells(rows[0]) == ["40", "24", "70%"]


def test_a_dry_main_event_hands_over_to_the_first_with_water(story):
    turned = replace(
        story, showcase=story.showcase[::-1], aftermath={**story.aftermath, "attack": story.aftermath[MAIN]}
    )
    assert turned.main.footprint is None
    assert reach.reach(turned)["reach_event"].en.startswith("Event storm_1872")
    assert reach.reach(replace(turned, showcase=turned.showcase[:1])) == {"reach_facts": None}


def test_without_ways_the_page_leaves_the_part_out(story):
    page = render(story, "en")
    assert "Who can get where?" in page and "Most people cut off" in page
    assert "How long until rescue arrives" in page
    after = replace(story.aftermath[MAIN], travel=None)
    assert reach.reach(replace(story, aftermath={MAIN: after})) == {"reach_facts": None}
    assert "Who can get where?" not in render(replace(story, aftermath={}), "en")


def test_figures_for_machines_hold_null_where_there_is_no_way_round(story):
    way = story.aftermath[MAIN].travel
    assert reach.travel_figures(way) == {
        "people_cut_off": 40.0, "person_hours": 24.0, "reached_in_time_before": 0.9, "reached_in_time": 0.7,
        "closed_streets_m": 1234.0, "bridge_closed_vehicle_hours": None,
    }  # fmt: skip
    assert reach.travel_figures(replace(way, bridge=(1.0, 2.0)))["bridge_closed_vehicle_hours"] == 2.0
