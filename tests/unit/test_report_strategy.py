"""The strategy document's content on a made-up plan: what it says, what it leaves blank and what it refuses."""

from __future__ import annotations

import re
import runpy
from dataclasses import replace
from math import inf, nan
from pathlib import Path

import pytest

from genrejs.errors import InputError
from genrejs.provenance import Provenance
from genrejs.report import strategy_charts, texts
from genrejs.report.strategy import FORMATS, write_strategy
from genrejs.report.strategy_content import content
from genrejs.report.strategy_html import html
from genrejs.report.strategy_pdf import typst_source
from genrejs.report.strategy_plan import PILLARS, Drawing, Goal, Range
from genrejs.report.strategy_tree import Blank, Bullets, Cards, Figure, Grid, Pairs, line_text
from genrejs.report.texts import Phrase, same

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "strategy_story.py"))
make_plan, odd_plans = TELLER["make_plan"], TELLER["odd_plans"]


WATCH = runpy.run_path(str(Path(__file__).parents[1] / "used_texts.py"))["watch"]


@pytest.fixture(scope="module")
def plan():
    return make_plan()


@pytest.fixture(scope="module")
def document(plan):
    return content(plan)


@pytest.fixture
def undrawn(monkeypatch):
    monkeypatch.setattr(strategy_charts, "svg", lambda _: b"<svg/>")


def every_section(sections):
    for section in sections:
        yield section
        yield from every_section(section.below)


def named(document, name):
    return next(section for section in every_section(document.sections) if section.name == name)


def grids(section):
    return [block for block in section.blocks if isinstance(block, Grid)]


def rows(grid, language="da"):
    return [
        ["; ".join(line_text(line, language) for line in cell).replace("\u00a0", " ") for cell in row]
        for row in grid.rows
    ]


def phrases(thing):
    """Yield every phrase within a document."""
    if isinstance(thing, Phrase):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from phrases(each)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from phrases(getattr(thing, name))


def test_a_mayor_reads_four_answers(document):
    cards = named(document, "short").blocks[0]
    assert isinstance(cards, Cards)
    answers = [card.answer.da.replace("\u00a0", " ") for card in cards.cards]
    assert answers[:3] == ["8 handlinger", "434 mio. kr.", "47 % mindre skade"]  # 1 - 33.9 / 63.4 = 0.465
    assert "71 %" in answers[3]
    assert "DKK\u00a0434\u00a0million" in cards.cards[1].answer.en
    said = cards.cards[2].sentence.da.replace("\u00a0", " ")
    assert "33,9 mio. kr. (9,8 mio. kr. til 88,0 mio. kr.)" in said and "10.500 persondøgn" in said
    assert "3 af 8" in cards.cards[3].sentence.da
    decisions = named(document, "short").blocks[2]
    assert isinstance(decisions, Bullets) and "7 handlinger" in decisions.items[1].da


def test_every_pillar_has_its_question_and_its_actions(document, plan):
    pillars = named(document, "pillars").below
    assert [each.name for each in pillars] == [f"pillar-{name}" for name in PILLARS]
    assert all(each.blocks[0].text.da.endswith("?") and each.blocks[0].text.en.endswith("?") for each in pillars)
    listed = [row[0] for each in pillars for grid in grids(each) for row in rows(grid)]
    assert sorted(listed) == sorted(action.name.da for action in plan.actions)
    assert "Halvt så meget skade fra vand i 2066" in {phrase.da for phrase in phrases(pillars[1])}


def test_what_is_the_councils_to_name_is_left_blank(document):
    table = grids(named(document, "actions"))[0]
    blanks = [line for row in table.rows for cell in row for line in cell if isinstance(line, Blank)]
    assert blanks.count(Blank(texts.say("strategy.blank.owner"))) == 7
    assert blanks.count(Blank(texts.say("strategy.blank.target"))) == 6
    told = {row[0]: row for row in rows(table)}
    assert told["Vandparkering i oplandet til Grejs Å"][1:3] == [
        "Teknik og Miljø; Kan udføres af det offentlige og private",
        "Landbruget i ådalen",
    ]
    edge = told["Hævet kant mod fjorden"]
    assert edge[5] == "Fonde: 10 %; Kommunen: 50 %; Endnu ingen: 40 %"
    assert edge[4].startswith("330 mio. kr.; 200 mio. kr. til 700 mio. kr.")
    assert "Mindre skade: 21,4 mio. kr. (9,5 mio. kr. til 47,0 mio. kr.)" in edge[6]


def test_the_calendar_names_every_beginning_and_every_start(document, plan):
    calendar = rows(grids(named(document, "time"))[0])
    assert [row[0] for row in calendar] == sorted(
        {str(year) for each in plan.actions for year in (each.year_begin, each.year_works)}
    )
    assert sum(len(row[1].split("; ")) for row in calendar if row[1] != "–") == len(plan.actions)
    assert calendar[-1][1:] == ["–", "Hævet kant mod fjorden"]


def test_each_action_tells_how_it_may_fail_and_what_comes_with_it(document, plan):
    sheets = named(document, "sheets").below
    assert len(sheets) == len(plan.actions)
    for action in plan.actions:
        told = {phrase.da for phrase in phrases(named(document, f"action-{action.measure.id}"))}
        assert {
            action.measure.failure_da,
            action.measure.derived_da,
            action.measure.conditions_da,
            action.why.da,
        } <= told


def test_what_is_assumed_is_said_so(document):
    valued, counted = grids(named(document, "added"))
    assert all("Bygger på en antagelse" in row[3] for row in rows(valued))
    assert "Tallet har en kilde" in rows(counted)[1][3]
    assert [row[3] for row in rows(grids(named(document, "basis"))[0])] == ["Har en kilde", "Antagelse"]
    assert document.top is not None


def test_how_sure_and_how_made(document):
    sure = named(document, "sure")
    said = " ".join(item.da for item in sure.blocks[0].items).replace("\u00a0", " ")
    assert "71 % af de 1.000 fremtider" in said and "64 %" in said and "312 mio. kr. mere, end den giver igen" in said
    values = {row[0]: row[1] for row in rows(grids(sure)[1])}
    assert values["Tilbage"] == "143 mio. kr."  # 498 + 141 - 451 - 45, a tenth of the cost
    assert sum(int(row[1]) for row in rows(grids(sure)[2])) == 8
    made = dict(next(block for block in named(document, "made").blocks if isinstance(block, Pairs)).pairs)
    assert same("abcdef123456+") in made.values() and Phrase("24. november 2026", "24 November 2026") in made.values()


def test_figures_have_words_and_stand_in_both_languages(document):
    found = [
        block for section in every_section(document.sections) for block in section.blocks if isinstance(block, Figure)
    ]
    assert [figure.name for figure in found] == ["timeline", "money", "added_value", "pathways"]
    for figure in found[:3]:
        assert figure.alt.da != figure.alt.en and figure.svg["da"] != figure.svg["en"]
    assert "Mio. kr." in found[1].svg["da"].decode() and "DKK million" in found[1].svg["en"].decode()


@pytest.mark.parametrize("name", odd_plans())
def test_odd_plans_read_well(name, undrawn):
    document = content(odd_plans()[name])
    for phrase in phrases(document):
        for text in (phrase.da, phrase.en):
            assert "{" not in text and "nan" not in text.split() and not re.search(r"\.\.(?!\.)|  ", text), text
    assert len({section.name for section in every_section(document.sections)}) == len(
        [*every_section(document.sections)]
    )


def test_many_actions_have_a_timeline_for_each_pillar(undrawn):
    blocks = named(content(odd_plans()["everything"]), "time").blocks
    drawn = [block.name for block in blocks if isinstance(block, Figure)]
    assert drawn == [f"timeline_{pillar}" for pillar in PILLARS]


def test_a_plan_that_does_harm_says_so(undrawn):
    document = content(odd_plans()["nobody"])
    gets = named(document, "short").blocks[0].cards[2]
    assert gets.answer.en == "No less damage" and "more person-days" in gets.sentence.en
    assert document.top is None


def test_every_text_of_the_strategy_is_used(undrawn, monkeypatch):
    watched = WATCH(monkeypatch)
    for plan in odd_plans().values():
        document = content(plan)
    html(document, "da")
    typst_source(document, "da", plan.day)
    assert not watched.unused("strategy.")


def test_what_cannot_be_is_refused(plan):
    one = plan.actions[0]
    for wrong, said in (
        (lambda: Range(2.0, 1.0, 1.0), "low not above high"),
        (lambda: Range(nan, 1.0, 1.0), "finite"),
        (lambda: replace(one, year_works=2026), "before it begins"),
        (lambda: replace(one, upkeep=-1.0), "0 or more"),
        (lambda: replace(one, upkeep=inf), "0 or more"),
        (lambda: replace(one, funding={"king": 1.0}), "shares 0 to 1"),
        (lambda: replace(one, funding={"state": 0.7, "eu": 0.7}), "sum to 1"),
        (lambda: replace(plan.outcomes, pays=1.2), "0 to 1"),
        (lambda: replace(plan.outcomes, goal=None), "together"),
        (lambda: replace(plan.outcomes, worst=nan), "finite"),
        (lambda: replace(plan, actions=()), "one action or more"),
        (lambda: replace(plan, years=(2030, 2030)), "first year before"),
        (lambda: replace(plan, years=(2028, 2060)), "begins in 2027"),
        (lambda: replace(plan, actions=(one, one)), "once"),
        (lambda: replace(plan, goals=(Goal("water", same("x")),)), "Unknown pillar 'water'"),
        (lambda: replace(plan, budget_yearly=nan), "budget"),
        (lambda: replace(plan, provenance=Provenance("1", "2", 3, "4", "soon")), "YYYY-MM-DD"),
        (lambda: replace(plan, pathways_map=Drawing({"da": b"<svg/>"}, same("x"))), "both languages"),
    ):
        with pytest.raises(InputError, match=said):
            wrong()


def test_it_is_written_whole_or_not_at_all(plan, undrawn, tmp_path, monkeypatch):
    for asked, said in (({"languages": ("de",)}, "'de'"), ({"formats": ("doc",)}, "'doc'"), ({"formats": ()}, "none")):
        with pytest.raises(InputError, match=said):
            write_strategy(plan, tmp_path / "out", **asked)
    monkeypatch.setattr("genrejs.report.strategy.markdown", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_strategy(plan, tmp_path / "out", ("da",), ("html", "md"))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    made = write_strategy(plan, tmp_path / "out", ("en",), ("html",))
    assert made == [tmp_path / "out" / "strategy.en.html"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["mine.txt", "strategy.en.html"]


def test_there_are_four_formats():
    assert FORMATS == ("html", "pdf", "docx", "md")
