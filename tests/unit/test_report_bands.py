"""Two shocks beside each other: which is worse in how many pairs of draws, with known answers."""

from __future__ import annotations

import base64
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from genrejs.recovery.curve import time_axis
from genrejs.report.bands import bands, compared, corners, days, worse
from genrejs.report.templating import fill
from genrejs.report.texts import say
from genrejs.scenario.spread import Band

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
HOURS = time_axis(14, 730)
VALUES = arrays(np.float64, some.integers(1, 9), elements=some.integers(0, 5))


def band(withstand, back, loss, censored=0.0):
    """A band around a curve that falls to `withstand` at once and is back after the median of `back` days."""
    draws = pd.DataFrame({"withstand": withstand, "bounce_back_days": back, "resilience_loss": loss}, dtype=float)
    draws = draws.assign(censored=censored, person_days_without_service=12 * draws["resilience_loss"])
    middle = np.where(24 * np.median(back) > HOURS, float(np.median(withstand)), 1.0)
    return Band(HOURS, np.maximum(middle - 0.1, 0), middle, np.minimum(middle + 0.1, 1), draws)


def told(main, other):
    story = TELLER["make_story"]()
    return replace(story, bands={"storm_1872": main, "attack": other})


@pytest.fixture(scope="module")
def page():
    surge = band([0.52, 0.55, 0.22, 0.6], [20, 24, 31, 26], [700_123, 720_000, 980_000, 650_000])
    attack = band([0.49, 0.5, 0.53, 0.46], [4, 5, 6, 5], [90_000, 100_000, 149_000, 77_000])
    return bands(told(surge, attack))


def plain(phrase):
    return phrase.da.replace("\u00a0", " "), phrase.en.replace("\u00a0", " ")


def test_pairs_are_counted_and_equal_ones_are_shared():
    assert worse(np.array([1.0, 3.0]), np.array([2.0])) == 0.5
    assert worse(np.array([2.0, 2.0]), np.array([2.0])) == 0.5
    assert worse(np.array([5.0, 6.0]), np.array([1.0, 2.0, 6.0])) == pytest.approx((4 + 0.5) / 6)
    assert worse(np.array([np.inf]), np.array([np.inf])) == 0.5


@given(VALUES, VALUES)
def test_one_is_worse_as_often_as_the_other_is_not(one, other):
    assert worse(one, other) + worse(other, one) == pytest.approx(1.0)
    assert worse(one + 10, other) == 1.0


def test_the_table_tells_the_middle_the_range_and_which_is_worse(page):
    rows = {plain(row.head)[1]: [plain(cell.text) for cell in row.cells] for row in page["bands_table"].rows}
    assert rows["Withstands"][0][0] == "52 % (22 % til 60 %)"
    assert rows["Withstands"][2] == ("Kan ikke afgøres", "Cannot be told")
    assert rows["Bounces back"][:2] == [
        ("24 døgn (20 døgn til 31 døgn)", "24 days (20 days to 31 days)"),
        ("5 døgn (4 døgn til 6 døgn)", "5 days (4 days to 6 days)"),
    ]
    assert rows["Bounces back"][2] == ("Stormflod (i 100 % af parrene)", "Storm surge (in 100% of the pairs)")
    assert rows["Area above the curve, person-days"][0][1] == "700,000 (650,000 to 980,000)"
    assert (
        plain(page["bands_pairs"])[0].startswith("Hver gennemregning af det ene stød")
        and "16 par" in page["bands_pairs"].da
    )


def test_the_other_shock_may_be_the_worse_one():
    page = bands(told(band([0.9], [2], [10]), band([0.3], [9], [99])))
    assert {plain(row.cells[2].text)[1] for row in page["bands_table"].rows} == {"Outage (in 100% of the pairs)"}
    assert plain(page["bands_table"].rows[0].cells[0].text)[1] == "90%"


def test_a_way_back_beyond_the_horizon_is_said_to_be_longer_and_worse():
    late = band([0.5] * 4, [20, 30, 730, 730], [1, 2, 3, 4], censored=[0.0, 0.0, 1.0, 1.0])
    assert days(late).tolist() == [20, 30, np.inf, np.inf]
    row = bands(told(late, band([0.5], [400], [1])))["bands_table"].rows[1]
    assert plain(row.cells[0].text) == ("30 døgn (20 døgn til mere end 2 år)", "30 days (20 days to more than 2 years)")
    assert plain(row.cells[2].text)[0] == "Kan ikke afgøres"


def test_two_kinds_are_compared_the_other_with_most_person_days():
    story = told(band([0.5], [9], [5]), band([0.6], [4], [3]))
    city, recovery = story.city, TELLER["make_recovery"]
    storm = TELLER["make_result"](city, "bodil", 1.9)
    small = TELLER["make_result"](city, "telecom", None, recovery(0.1, 2.0))
    small = replace(
        small,
        recovery=replace(small.recovery, indicators={**small.recovery.indicators, "person_days_without_service": 1.0}),
    )
    more = replace(story, showcase=(story.main, storm, small, story.showcase[1]))
    every = replace(more, bands={name: band([0.5], [9], [5]) for name in ("storm_1872", "bodil", "telecom", "attack")})
    assert [each.event.name for each in compared(every)] == ["storm_1872", "attack"]
    few = {name: every.bands[name] for name in ("storm_1872", "telecom")}
    assert [each.event.name for each in compared(replace(every, bands=few))] == ["storm_1872", "telecom"]


@pytest.mark.parametrize("names", [(), ("storm_1872",), ("attack",)])
def test_nothing_is_shown_without_two_bands(names):
    story = TELLER["make_story"]()
    page = bands(replace(story, bands={name: band([0.5], [9], [5]) for name in names}))
    assert page == {"bands_table": None} and not fill("bands.j2", "da", say, page).strip()


@given(some.lists(some.tuples(some.integers(1, 1052), some.floats(0, 1)), max_size=12))
def test_a_drawing_keeps_every_step_of_the_band(steps):
    middle = np.ones(HOURS.size)
    for place, level in sorted(steps):
        middle[place:] = level
    drawn = Band(HOURS, middle * 0.9, middle, np.minimum(middle * 1.1, 1), pd.DataFrame())
    seen = corners(drawn)
    assert seen[0] == 0 and seen[-1] == HOURS.size - 1 and (np.diff(seen) > 0).all()
    assert np.abs(np.interp(HOURS, HOURS[seen], middle[seen]) - middle).max() <= 0.004 * (len(steps) + 1)


def test_the_chart_names_both_in_each_language_and_is_small(page):
    for language, words in (("da", "Hændelse attack"), ("en", "Event attack")):
        content = base64.b64decode(page["bands_chart"][language].split(",")[1])
        assert words in content.decode() and b"<text" in content and len(content) < 8e4
    content = fill("bands.j2", "en", say, page)
    assert "Two kinds of shock" in content and content.count("<img") == 2
