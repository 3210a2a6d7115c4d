"""A whole choice on a made-up city of formulas: it holds together, says the same again, and keeps the rules."""

import json
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genrejs.appraisal.many import money, scene_of, value, with_futures
from genrejs.ensemble.store import Store
from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue
from genrejs.provenance import Provenance
from genrejs.report.decided import course_of, strategy_plan, write_decided
from genrejs.report.decided_json import plan_json

WATCH = runpy.run_path(str(Path(__file__).parents[1] / "used_texts.py"))["watch"]
STORY = runpy.run_path(str(Path(__file__).parents[1] / "decided_story.py"))
MADE = Provenance("0", "abc", 1, "made-up", "2026-01-01T00:00:00+00:00")


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    return STORY["decided"](tmp_path_factory.mktemp("decided"))


def test_the_chosen_strategy_keeps_within_the_budget_and_the_rules(decided) -> None:
    chosen = decided.choosing.chosen.measures
    cost, _ = money([chosen], decided.scene.how)
    assert chosen and cost[0] <= decided.prepared.study.choice.budget
    assert not {"fjord_barrier", "raised_edge"} <= chosen


def test_doing_nothing_is_worth_nothing_in_every_future(decided) -> None:
    found = value(decided.scene, [frozenset()])
    assert np.allclose(found.npv, 0.0) and found.cost[0] == 0.0


def test_what_a_strategy_is_worth_is_what_it_spares_less_what_it_costs(decided) -> None:
    one = frozenset({"flood_doors"})
    found, none = value(decided.scene, [one]), value(decided.scene, [frozenset()])
    spared = none.damage - found.damage
    expected = spared + found.added[0] - 1.1 * found.cost[0]
    assert np.allclose(found.npv, expected)
    assert (spared > 0).all()


def test_the_order_of_strategies_and_futures_changes_nothing(decided) -> None:
    many = [frozenset({id}) for id in decided.scene.taught.measures]
    found = value(decided.scene, many)
    assert np.allclose(value(decided.scene, many[::-1]).npv[::-1], found.npv)
    few = with_futures(decided.scene, 3)
    assert np.allclose(value(few, many).npv, found.npv[:, :3])


def test_no_exact_portfolio_is_worth_less_than_its_best_single_measure(decided) -> None:
    for budget, found in decided.choosing.exact.items():
        few = with_futures(decided.scene, 20)
        alone = value(few, [frozenset({id}) for id in few.taught.measures])
        able = alone.npv.mean(axis=1)[alone.cost <= budget]
        assert found.benefit >= able.max() - 1.0 and found.gap == 0.0


def test_the_calendar_keeps_the_yearly_money_and_lead_times(decided) -> None:
    calendar, how = decided.calendar, decided.prepared.study.choice
    assert (np.cumsum(calendar.spent) <= how.yearly * (1 + np.arange(calendar.spent.size)) + 1.0).all()
    for id, begin, works in zip(calendar.measures, calendar.begins, calendar.works, strict=True):
        assert works - begin == np.ceil(catalogue()[id].lead_time)


def test_pathways_of_all_strategies_meet_the_same_future(decided) -> None:
    today, chosen = decided.pathways["today"], decided.pathways["chosen"]
    assert (today.future == chosen.future).all()
    assert not today.spent.any() and chosen.spent.any()
    assert chosen.damage.sum() <= today.damage.sum() and chosen.person_days.sum() < today.person_days.sum()
    assert (chosen.missing == today.missing).all() and today.missing.any()


def test_what_is_reckoned_again_is_what_the_quick_answer_said(decided) -> None:
    assert [(each.strategy, each.year) for each in decided.checked] == [
        (name, year) for name in ("today", "chosen") for year in (2026, 2075)
    ]
    for each in decided.checked:
        assert np.allclose(each.engine, each.learned) and (each.engine > 0).all()
    assert decided.checked[3].engine[1] < decided.checked[1].engine[1]


def test_a_killed_run_finds_its_pathways_again(decided, tmp_path) -> None:
    first = STORY["decided"](tmp_path)
    kept = sorted(path.name for path in (tmp_path / "arrays").iterdir())
    again = STORY["decided"](tmp_path)
    assert kept == sorted(path.name for path in (tmp_path / "arrays").iterdir())
    assert (first.pathways["chosen"].damage == again.pathways["chosen"].damage).all()
    assert (first.pathways["chosen"].damage == decided.pathways["chosen"].damage).all()
    assert first.choosing.chosen == decided.choosing.chosen


def test_it_is_told_in_the_document_and_as_json(decided, tmp_path) -> None:
    plan = strategy_plan(decided, MADE)
    assert len(plan.actions) == len(decided.calendar.measures) and plan.futures == 20
    for phrase in (*plan.change_course, *plan.discovered.said):
        assert phrase.da and phrase.en and "{" not in phrase.da + phrase.en
    told = plan_json(decided, MADE)
    assert json.loads(json.dumps(told, allow_nan=False))["strategies"][-1]["id"] == "chosen"
    written = write_decided(decided, tmp_path / "out", MADE)
    assert {path.suffix for path in written.documents} == {".html", ".pdf", ".docx", ".md"}
    assert all(path.stat().st_size for path in (*written.documents, written.json)) and written.lines


def test_a_budget_that_buys_nothing_and_years_beyond_the_projection_are_refused(decided, tmp_path) -> None:
    study = decided.prepared.study
    how = decided.scene.how
    with pytest.raises(InputError, match="within the projections"):
        scene_of(decided.scene.taught, decided.scene.futures, study, type(how)(now=2060, future=2109, years=50))
    with pytest.raises(InputError, match="never met the measure 'magic'"):
        value(decided.scene, [frozenset({"magic"})])
    assert Store(tmp_path)


def test_every_text_of_the_plan_is_used(decided, monkeypatch) -> None:
    watched = WATCH(monkeypatch)
    strategy_plan(decided, MADE)
    outlook, weighed = decided.outlook, decided.choosing.weighed
    delicate = replace(weighed.reaches[0], below="other", above="")
    firm = tuple(replace(each, below="", above="") for each in weighed.reaches)
    spans = outlook.tipping.years.copy()
    rows = []
    for years in (np.full(spans.shape, np.inf), np.full(spans.shape, 2040.0), np.full(spans.shape, 2050.0)):
        rows.append(replace(outlook.tipping, years=years))
    rows[2].years[:, :3] = np.inf
    for waiting in (
        replace(outlook.waiting, npv_now=2e6, npv_wait=1e6),
        replace(outlook.waiting, npv_now=-2e6, npv_wait=0.0),
        replace(outlook.waiting, npv_now=-2e6, npv_wait=1e6, chances=np.ones(3) / 3),
    ):
        for tipping, reaches in zip(rows, ((delicate,), firm, (delicate,)), strict=True):
            changed = replace(outlook, waiting=waiting, tipping=tipping)
            choosing = replace(decided.choosing, weighed=replace(weighed, reaches=reaches))
            course_of(replace(decided, outlook=changed, choosing=choosing))
    known = decided.calendar
    ways = (0.0, 1.0) if outlook.deciding.settled else (1.0, 0.0)
    for variance, measures, left_out in zip(ways, ((), (outlook.awaited,)), ((), ("raised_edge",)), strict=True):
        winner = replace(outlook.deciding.winner, variance=variance)
        seldom = replace(outlook.waiting, npv_now=-2e6, npv_wait=1e6, chances=np.zeros(3))
        changed = replace(outlook, deciding=replace(outlook.deciding, winner=winner), waiting=seldom)
        calendar = replace(known, measures=measures, left_out=left_out)
        course_of(replace(decided, outlook=changed, calendar=calendar))
    assert not watched.unused("plan.")
