"""The city dark and light again: which pictures are taken, what they hold, and what is read without a script."""

from __future__ import annotations

import json
import re
import runpy
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from genrejs.recovery.curve import time_axis
from genrejs.report.dark import (
    ALL,
    PICTURES,
    WIDTH,
    colours,
    contrast,
    dark,
    drawing,
    film,
    films_of,
    ink,
    moment,
    pictures,
    whole,
)
from genrejs.report.services import worst_by_period
from genrejs.report.templating import fill
from genrejs.report.texts import say

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
HOURS = time_axis(14, 730)


@pytest.fixture(scope="module")
def story():
    return TELLER["make_story"]()


@pytest.fixture(scope="module")
def page(story):
    return dark(story)


def with_main(story, functionality):
    recovery = replace(
        story.main.recovery, functionality=functionality, curve=functionality.mean(("service", "district"))
    )
    return replace(story, showcase=(replace(story.main, recovery=recovery),))


def plain(phrase):
    return phrase.da.replace("\u00a0", " "), phrase.en.replace("\u00a0", " ")


def test_nearly_all_is_not_all_and_little_is_not_nothing():
    assert whole(np.array([0.0, 0.001, 0.124, 0.5, 0.9999, 1.0])).tolist() == [0, 1, 12, 50, 99, 100]


@given(arrays(np.float64, 20, elements=some.floats(0, 1)))
def test_whole_percents_keep_the_order_and_are_off_by_one_at_most(share):
    found = whole(np.sort(share))
    assert (np.diff(found) >= 0).all() and np.abs(found - 100 * np.sort(share)).max() <= 1


def test_the_moment_is_said_in_words():
    said = {hours: plain(moment(hours)) for hours in (0, 1, 3, 49, 72, 288, 24 * 152)}
    assert said[0] == ("Da det begyndte", "When it began")
    assert said[1] == ("1 time efter", "1 hour after") and said[3][0] == "3 timer efter"
    assert said[49] == ("49 timer efter", "49 hours after")
    assert said[72][0] == "3 døgn efter" and said[288] == ("12 døgn efter", "12 days after")
    assert said[24 * 152] == ("152 døgn efter (5 måneder)", "152 days after (5 months)")


def test_pictures_are_taken_where_something_changes():
    """All falls in hour 5 and returns on day 100: the worst and both sides of each jump are there, not the end."""
    mean = np.where((HOURS >= 5) & (HOURS < 2400), 0.2, 1.0)[None, :].repeat(3, axis=0)
    shown = HOURS[pictures(mean, mean[0], HOURS)]
    assert {0.0, 4.0, 5.0, 2376.0, 2400.0} <= set(shown) and shown[-1] == 2400.0
    assert PICTURES <= len(shown) <= 1.15 * PICTURES
    assert all(hour <= 48 or hour % 24 == 0 for hour in shown)


def test_an_odd_worst_hour_is_shown_and_a_city_of_light_is_one_picture():
    mean = np.ones((2, HOURS.size))
    assert pictures(mean, mean[0], HOURS).tolist() == [0]
    mean[:, 75] = 0.4
    assert 75 in pictures(mean, mean[0], HOURS)


@given(some.integers(0, 330), some.integers(1, 700), some.floats(0, 0.9))
def test_pictures_run_forward_from_the_start_with_the_worst_among_them(begin, days, least):
    hours = HOURS[begin:]
    mean = np.clip(least + (hours - hours[0]) / (24.0 * days), 0, 1)[None, :]
    shown = pictures(mean, mean[0], hours)
    assert shown[0] == 0 and (np.diff(shown) > 0).all() and int(mean[0].argmin()) in shown
    assert mean[0, shown[-1]] >= 0.995 or shown[-1] == hours.size - 1
    assert len(shown) <= 1.3 * PICTURES


def test_lighter_is_more_and_words_stand_out_everywhere():
    ramp = colours()
    light = [contrast(colour, "#000000") for colour in ramp]
    assert len(ramp) == 101 and all(a < b for a, b in pairwise(light))
    assert min(contrast(ink(colour), colour) for colour in ramp) >= 4.5
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0) and contrast("#777777", "#777777") == 1.0


def test_the_main_event_and_the_worst_dry_one_are_told(story):
    lesser = TELLER["make_result"](story.city, "telecom", None, TELLER["make_recovery"](0.2, 3.0))
    read = {**lesser.recovery.indicators, "person_days_without_service": 5.0}
    lesser = replace(lesser, recovery=replace(lesser.recovery, indicators=read))
    told = films_of(replace(story, showcase=(story.main, lesser, *story.showcase[1:])))
    assert [each.event.name for each in told] == ["storm_1872", "attack"]
    assert [each.event.name for each in films_of(replace(story, showcase=story.showcase[1:]))] == ["attack"]


def test_a_film_holds_what_the_recovery_says(story):
    f = story.main.recovery.functionality
    found = film(story, story.main)
    there = np.searchsorted(f["time"].to_numpy(), found.hours)
    assert np.abs(found.percents["heat"][:-1] - 100 * f.sel(service="heat").to_numpy()[:, there]).max() <= 1
    assert np.abs(found.percents[ALL][-1] - 100 * story.main.recovery.curve.to_numpy()[there]).max() <= 1
    strip = worst_by_period(story, f)
    later = (found.hours > 0) & (found.hours <= 6)
    assert found.percents["water"][-1, later].min() == pytest.approx(100 * strip.loc["water", "hours_6"], abs=3)
    assert found.percents[ALL][-1].min() == found.percents[ALL][-1, found.worst]


def test_the_data_unfold_to_the_film(story, page):
    data = json.loads(str(page["dark_data"]))
    found = film(story, story.main)
    first = data["films"][0]
    for service, numbers in first["series"].items():
        rows = [[int(data["rows"][n][k : k + 2], 16) for k in range(0, len(data["rows"][n]), 2)] for n in numbers]
        assert rows == found.percents[service].tolist()
    assert len(first["moments"]["da"]) == len(first["moments"]["en"]) == len(found.hours)
    assert first["worst"] == found.worst and list(data["services"]) == list(first["series"])
    assert data["services"]["power"] == {"da": "Strøm", "en": "Power"}
    assert "{share}" in data["words"]["works"]["da"] and len(page["dark_data"].encode()) < 60_000


def test_a_name_cannot_break_out_of_the_data(story):
    event = replace(story.main.event, title_da="</script><b>", title_en="</script><b>")
    page = dark(replace(story, showcase=(replace(story.main, event=event),)))
    assert (
        "<" not in page["dark_data"] and json.loads(str(page["dark_data"]))["films"][0]["title"]["en"] == "</script><b>"
    )


def test_districts_keep_their_place_and_no_name_covers_another(story):
    places, height = drawing(story.city)
    assert [place.name for place in places] == ["Midtbyen", "Vestbyen", "Havnen"] and height == 750
    spots = [[float(n) for n in re.findall(r"[\d.]+", place.outline)] for place in places]
    assert [(min(s[::2]), max(s[::2])) for s in spots] == [(0, 375), (375, 688), (688, WIDTH)]
    assert all(min(s[1::2]) == 0 and max(s[1::2]) == 750 for s in spots)
    assert all(
        place.named and lo < place.x < hi
        for place, (lo, hi) in zip(places, ((0, 375), (375, 688), (688, 1000)), strict=True)
    )


def test_names_make_room_for_one_another(story):
    heap = story.city.districts.geometry.iloc[[0, 0, 0]].to_list()
    places, _ = drawing(story.city.change(districts=story.city.districts.set_geometry(heap, crs=story.city.grid.crs)))
    named = [place for place in places if place.named]
    assert len(named) > 1 and len({place.y for place in named}) == len(named)


def test_the_table_is_the_worst_hour_of_each_event(story, page):
    table = page["dark_table"]
    assert [plain(row.head)[1] for row in table.rows] == [
        "Midtbyen",
        "Vestbyen",
        "Havnen",
        "Whole city, weighted by people",
    ]
    lowest = [100 * float(each.recovery.curve.min()) for each in films_of(story)]
    shown = [int(cell.text.en.rstrip("%")) for cell in table.rows[-1].cells]
    assert shown == pytest.approx(lowest, abs=1) and len(table.columns) == 2
    assert plain(table.columns[0])[0].startswith("Hændelse storm_1872 (2,15 m): ")


def test_a_city_that_keeps_its_light_has_no_film(story):
    page = dark(with_main(story, story.main.recovery.functionality * 0 + 1.0))
    assert page == {"dark_data": None} and not fill("dark.j2", "da", say, page).strip()


def test_a_district_without_people_is_drawn_but_not_counted(story):
    f = story.main.recovery.functionality * 0 + 1.0
    f[:, 2, 30:60] = 0.0
    empty = story.city.buildings.assign(residents=np.where(story.city.buildings["district"] == "havn", 0, 2))
    found = film(with_main(replace(story, city=story.city.change(buildings=empty)), f), with_main(story, f).main)
    assert found.percents["power"][2].min() == 0 and found.percents["power"][-1].min() == 100


class Reader(HTMLParser):
    """Notes elements and their attributes, and that each is closed in turn."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_markup_shows_the_worst_hour_without_a_script_and_handles_nothing_inline(page, language):
    content = fill("dark.j2", language, say, page)
    reader = Reader()
    reader.feed(content)
    assert reader.open == [] and not [key for _, found in reader.seen for key in found if key.startswith("on")]
    hidden = [found["data-dark"] for _, found in reader.seen if "hidden" in found]
    assert hidden == ["choices", "controls", "stop"]
    paths = [found for tag, found in reader.seen if tag == "path"]
    assert len(paths) == 3 and all(found["fill"] in colours() for found in paths)
    assert page["dark_moment"].da in content and page["dark_moment"].en in content
    assert ("Tallene for den værste time" in content) and ("The figures of the worst hour" in content)
