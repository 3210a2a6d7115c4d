"""The heat table of regret, its chart and its sentence, in both languages."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

from genrejs.appraisal.robust import Outcomes
from genrejs.errors import InputError
from genrejs.report.regret import FEW, regrets
from genrejs.report.texts import Phrase

NAMES = {
    "grey": Phrase("Grå: mure og pumper", "Grey: walls and pumps"),
    "green": Phrase("Grøn: plads til vandet", "Green: room for the water"),
    "none": Phrase("I dag", "Today"),
}
UNIT = Phrase("mio. kr. om året", "DKK million a year")
FUTURES = [Phrase("Mildt", "Mild"), Phrase("Middel", "Medium"), Phrase("Vildt", "Wild")]
FEW_COSTS = Outcomes(tuple(NAMES), np.array([[40.0, 42.0, 45.5], [30.0, 40.0, 70.0], [10.0, 60.0, 1300.0]]))
"""Made up for the test."""


WATCH = runpy.run_path(str(Path(__file__).parents[1] / "used_texts.py"))["watch"]


def text(phrase, language="da"):
    return phrase.of(language).replace("\u00a0", " ")


def many(count=400):
    sea = np.linspace(0, 1, count)
    return Outcomes(tuple(NAMES), np.stack([40 + 5 * sea, 25 + 40 * sea, 10 + 1290 * sea**2]))


def test_few_futures_get_a_column_each_with_the_figure_in_every_cell():
    table = regrets(FEW_COSTS, NAMES, UNIT, FUTURES).tables[0]
    assert [text(column) for column in table.columns] == ["Mildt", "Middel", "Vildt", "Størst"]
    rows = {text(row.head, "en"): [text(cell.text, "en") for cell in row.cells] for row in table.rows}
    assert rows["Grey: walls and pumps"] == ["30", "2", "0", "30"]
    assert rows["Green: room for the water"] == ["20", "0", "24.5", "24.5"]
    assert rows["Today"] == ["0", "20", "1,250", "1,250"]
    marked = [[cell.best for cell in row.cells] for row in table.rows]
    assert marked == [[False, False, True, False], [False, True, False, True], [True, False, False, False]]
    worst, mild = table.rows[2].cells[2], table.rows[1].cells[0]
    assert worst.background != mild.background and worst.ink != mild.ink


def test_many_futures_are_summed_up():
    table = regrets(many(), NAMES, UNIT).tables[0]
    assert "over 400 fremtider" in text(table.caption)
    assert [text(column, "en") for column in table.columns][2] == "In 90% at most"
    shares = [text(row.cells[0].text) for row in table.rows]
    assert len(shares) == 3 and all(share.endswith("%") for share in shares)


def test_the_sentence_names_whom_one_regrets_least():
    said = regrets(FEW_COSTS, NAMES, UNIT, FUTURES).said[0]
    assert text(said) == (
        "»Grøn« er det valg, man i værste fald fortryder mindst: 24,5 mio. kr. om året værre end det bedste."
    )
    assert text(said, "en").startswith("“Green” is the choice")


def test_a_strategy_that_always_wins_and_two_that_tie():
    always = Outcomes(("grey", "none"), np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert "bedst i alle" in text(regrets(always, NAMES, UNIT).said[0])
    tied = Outcomes(("grey", "none"), np.array([[1.0, 2.0], [2.0, 1.0]]))
    assert text(regrets(tied, NAMES, UNIT).said[0], "en").startswith("Grey and Today are equally good: at worst 1 ")


@pytest.mark.parametrize("outcomes", [FEW_COSTS, many()], ids=["few", "many"])
def test_the_chart_is_drawn_in_both_languages_with_words_beside_it(outcomes):
    found = regrets(outcomes, NAMES, UNIT)
    da, en = (found.drawing.svg[each].decode() for each in ("da", "en"))
    assert "værste fremtid" in da and "worst future" in en and "mio. kr." not in en
    assert ("én fremtid" in da) == (outcomes.values.shape[1] <= FEW)
    assert text(found.drawing.alt).count("midterste fremtid") == 3


def test_a_table_in_which_all_are_alike_is_drawn_too():
    alike = Outcomes(("grey", "none"), np.ones((2, 3)))
    assert all(regrets(alike, NAMES, UNIT, FUTURES).drawing.svg.values())


def test_every_text_is_used(monkeypatch):
    watched = WATCH(monkeypatch)
    for outcomes in (FEW_COSTS, many()):
        regrets(outcomes, NAMES, UNIT, FUTURES if outcomes is FEW_COSTS else ())
    test_a_strategy_that_always_wins_and_two_that_tie()
    assert not watched.unused("regret.")


def test_names_that_are_missing():
    with pytest.raises(InputError, match="'grey'"):
        regrets(FEW_COSTS, {}, UNIT)
    with pytest.raises(InputError, match="3 futures"):
        regrets(FEW_COSTS, NAMES, UNIT, FUTURES[:2])
