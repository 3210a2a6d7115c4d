"""The map of pathways: its words in both languages, its tables, and that nothing hangs on colour alone."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import numpy as np
import pytest

from genrejs.appraisal.pathways import Action, Transfer, pathways_map
from genrejs.errors import InputError
from genrejs.report import pathways_map as pathways_map_module
from genrejs.report.pathways_map import SHOWN, draw, level_name, pathways

INF = np.inf
ACTIONS = (
    Action("today", "I dag: slusen", "Today: the sluice", upkeep=1e6),
    Action("quay", "Højere kaj", "Higher quay", 120e6, 1e6, side_effect=1.0),
    Action("park", "Vandpark", "Water park", 300e6, 3e6, added_value=3.0),
    Action("barrier", "Spærring", "Barrier", 2.4e9, 30e6, side_effect=2.5),
)
"""Made up for the test."""
MOVES = (
    Transfer("today", "quay", 5), Transfer("today", "park", 10), Transfer("today", "barrier", 20),
    Transfer("quay", "park", 10), Transfer("quay", "barrier", 20), Transfer("park", "barrier", 20),
)  # fmt: skip
SELL_BY = [[2062, 2045, 2036], [2095, 2070, 2055], [INF, 2105, 2075], [INF, INF, INF]]


WATCH = runpy.run_path(str(Path(__file__).parents[1] / "used_texts.py"))["watch"]


def made(sell_by=SELL_BY, **more):
    return pathways_map(ACTIONS, MOVES, sell_by, (2026, 2120), **more)


def text(phrase, language="da"):
    return phrase.of(language).replace("\u00a0", " ")


def drawn(part, language="da"):
    return part.drawing.svg[language].decode()


@pytest.fixture(scope="module")
def page():
    found = made(gap=12)
    return [pathways(found, level) for level in found.levels]


def test_there_is_a_map_in_both_languages_for_each_level(page):
    assert [text(level_name(level)) for level in made().levels] == [
        "Langsom udvikling", "Middel udvikling", "Hurtig udvikling",
    ]  # fmt: skip
    for level in page:
        da, en = drawn(level), drawn(level, "en")
        assert "Højere kaj" in da and "Spærring" in da and "beslut senest" in da
        assert "Higher quay" in en and "Barrier" in en and "decide by" in en and "beslut" not in en


def test_lines_differ_in_dash_not_only_in_colour_and_their_last_years_are_written():
    da = draw(made(), "middle")["da"].decode()
    for year in ("2045", "2070", "2105"):
        assert f">{year}<" in da
    thick = re.findall(r"style=\"fill: none; [^\"]*stroke-width: 4\.6[^\"]*\"", da)
    assert len(thick) == 4 and len({re.sub(r"stroke: #\w+", "", each) for each in thick}) >= 3


def test_the_same_map_gives_the_same_bytes():
    assert draw(made(), "low") == draw(made(), "low")


def test_beyond_the_horizon_stands_in_words_never_as_a_year(page):
    rows = {text(row.head): [text(cell.text) for cell in row.cells] for row in page[0].tables[0].rows}
    assert rows["Vandpark"] == ["efter 2120", "2105", "2075"] and rows["Spærring"] == ["efter 2120"] * 3
    assert rows["I dag: slusen"] == ["2062", "2045", "2036"]


def test_routes_stand_with_years_decisions_and_the_cheapest_first(page):
    table = page[2].tables[1]
    heads = [text(row.head, "en") for row in table.rows]
    assert heads[0] == "Today: the sluice → Higher quay (2036) → Water park (2055) → Barrier (2075)"
    notes = [text(row.note, "en") for row in table.rows]
    assert notes[0] == "Decide by: Higher quay in 2031, Water park in 2045 and Barrier in 2055."
    assert text(table.columns[0], "en") == "Is enough" and len(table.columns) == 4
    assert table.rows[0].cells[1].best


def late():
    """The barrier alone, ten years later than it is needed under fast change."""
    return pathways_map(ACTIONS[::3], MOVES[2:3], SELL_BY[::3], (2026, 2120), gap=10)


def test_a_route_that_comes_late_says_for_how_many_years():
    (row,) = pathways(late(), "high").tables[1].rows
    assert text(row.head) == "I dag: slusen → Spærring (2046)"
    assert text(row.note) == "Beslut senest: Spærring i 2026. 10 år undervejs uden nok beskyttelse."


def test_scores_that_nobody_gave_get_no_column():
    plain = [Action(each.id, each.name_da, each.name_en, each.cost) for each in ACTIONS]
    page = pathways(pathways_map(plain, MOVES, SELL_BY, (2026, 2120)), "low")
    assert len(page.tables[1].columns) == 2


def test_the_words_for_who_cannot_see_the_map(page):
    alt = page[1].drawing.alt
    assert text(alt).startswith("Rutekort ved middel udvikling, 2026 til 2120.")
    assert "Vandpark slår til indtil 2105 og Spærring slår til ud over 2120" in text(alt)
    assert "the cheapest is Today: the sluice" in text(alt, "en")


def test_a_map_without_a_way_out_says_so():
    level = pathways(made([[2026, 2026, 2026], *SELL_BY[1:]], gap=0), "low")
    assert "Ingen rute når frem" in text(level.drawing.alt) and "på ingen rute her" in drawn(level)
    assert text(level.tables[1].rows[0].cells[0].text) == "kun til 2026"
    assert level.tables[1].rows[0].note is None


def test_lines_that_end_in_the_same_year_get_trunks_side_by_side():
    count = 3
    actions = [Action(str(k), f"L{k}", f"L{k}", 10.0 - k, side_effect=k) for k in range(count + 1)]
    moves = [Transfer("0", str(k)) for k in (1, 2)] + [Transfer("1", "3"), Transfer("2", "3")]
    found = pathways_map(actions, moves, [[2040], [2070], [2070], [INF]], (2026, 2120), ("mine",))
    trunks = re.findall(
        r"<path d=\"M ([\d.]+) [\d.]+ \nL \1 [\d.]+ \n\"[^>]*stroke-width: 1\.5", draw(found, "mine")["da"].decode()
    )
    assert len(set(trunks)) == 3
    assert text(level_name("mine")) == "mine"


def many():
    actions = [Action("0", "I dag", "Today")] + [
        Action(str(k), f"Løsning {k}", f"Action {k}", 100.0 + k, side_effect=20.0 - k) for k in range(1, SHOWN + 4)
    ]
    moves = [Transfer("0", str(k)) for k in range(1, SHOWN + 4)]
    return pathways_map(actions, moves, [[2040], *[[INF]] * (SHOWN + 3)], (2026, 2120), ("middle",))


def test_routes_beyond_the_table_are_counted_and_every_text_is_used(monkeypatch):
    watched = WATCH(monkeypatch)
    monkeypatch.setattr(pathways_map_module, "svg", lambda _: b"")
    level = pathways(many(), "middle")
    assert len(level.tables[1].rows) == SHOWN
    assert [text(each) for each in level.said[:-1]] == [
        "Desuden er 3 ruter ikke vist: de er dyrere end dem i tabellen."
    ]
    shown = [pathways(made(gap=12), each) for each in made().levels]
    assert any("ruter er ikke vist" in text(each) for part in shown for each in part.said)
    pathways(made([[2026, 2026, 2026], *SELL_BY[1:]], gap=0), "low")
    pathways(late(), "high")
    one_beaten = [*ACTIONS[:3], Action("dear", "Dyr", "Dear", 9e9, side_effect=9.0)]
    moves = [Transfer("today", each) for each in ("quay", "park", "dear")]
    once = pathways(pathways_map(one_beaten, moves, [[2040], [INF], [INF], [INF]], (2026, 2120), ("low",)), "low")
    assert [text(each)[:16] for each in once.said[:-1]] == ["1 rute er ikke v"]
    assert not watched.unused("pathways.")


def test_a_level_that_is_not_there():
    with pytest.raises(InputError, match="'fast'"):
        draw(made(), "fast")
