"""Whatever people do in whatever order: the same actions are the same state, undone is as if never done, votes add up."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from genrejs.errors import InputError
from genrejs.workshop import tally, views
from genrejs.workshop.actions import ROUNDS, AnyAction
from genrejs.workshop.clean import clean
from genrejs.workshop.harvest import chosen, study
from genrejs.workshop.kept import Workshop
from genrejs.workshop.minutes import minutes
from genrejs.workshop.rules import Desk, decide
from genrejs.workshop.state import LEADER, Action, State, fold, step
from genrejs.workshop.words import languages

READ = TypeAdapter(AnyAction)
FRAME = Workshop("ABCDEF", "T", "Q", "vejle", "da", 30, 0.0, "0" * 64)
PEOPLE = ("p1", "p2", "p3")
WALL = [{"kind": "wall", "line": [[9.5, 55.7], [9.6, 55.7]], "height": 1.0}]
cards, ideas = st.sampled_from([f"c{k}" for k in range(1, 5)]), st.sampled_from([f"i{k}" for k in range(1, 5)])
texts = st.sampled_from(["Vand", "<b>", "'; DROP TABLE actions; --"])
flags = st.booleans()


def asked(kind: str, **fields: st.SearchStrategy) -> st.SearchStrategy[dict]:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


given_by_people = st.tuples(
    st.sampled_from(PEOPLE),
    st.one_of(
        asked("card", text=texts),
        asked("star", card=cards, on=flags),
        asked("idea", text=texts, drawn=st.just(WALL)),
        asked("support", idea=ideas, on=flags),
        asked("good", idea=ideas, good=st.sampled_from(["play", "meet"]), on=flags),
        asked("budget", spend=st.dictionaries(ideas, st.integers(1, 30), max_size=3)),
        asked("dots", ideas=st.lists(ideas, max_size=4)),
    ),
)
led = st.tuples(
    st.just(LEADER),
    st.one_of(
        asked("round", name=st.sampled_from(ROUNDS)),
        asked("group", cards=st.lists(cards, min_size=1, max_size=3), group=texts),
        asked("merge", into=ideas, **{"from": ideas}),
        asked("hide", what=st.just("idea"), id=ideas),
        asked("hide", what=st.just("card"), id=cards),
        asked("show", what=st.just("idea"), id=ideas),
        asked("show", what=st.just("card"), id=cards),
        asked("undo", seq=st.integers(1, 30)),
        asked("rules", budget=st.integers(10, 60), stars=st.integers(0, 3), dots=st.integers(0, 3)),
        asked("tally", open=flags),
        asked("close"),
    ),
)
wishes = st.lists(st.one_of(given_by_people, led), max_size=30)
START = [(LEADER, {"kind": "round", "name": name}) for name in ("ideas", "decide")]
FILL = [
    (LEADER, {"kind": "round", "name": "challenges"}), *[("p1", {"kind": "card", "text": "x"})] * 3,
    (LEADER, {"kind": "round", "name": "ideas"}), *[("p2", {"kind": "idea", "text": "x", "drawn": WALL})] * 3,
    (LEADER, {"kind": "rules", "budget": 40}), (LEADER, {"kind": "round", "name": "decide"}),
]  # fmt: skip


def play(asks: list[tuple[str, dict]]) -> State:
    """Return a workshop in which everything was asked and some of it was allowed."""
    state = State()
    for person in PEOPLE:
        state = step(state, Action(state.seq + 1, 0.0, person, "join", {"nickname": None, "language": "da"}))
    for by, wish in [*FILL, *asks]:
        try:
            data = decide(state, READ.validate_python(wish), Desk(by, "da", lambda _: 20.0))
        except InputError:
            continue
        state = step(state, Action(state.seq + 1, float(state.seq), by, wish["kind"], data))
    return state


def shown(state: State) -> tuple[str, str]:
    return tuple(
        json.dumps({**view(FRAME, state), "version": 0, "log": 0}, allow_nan=False)
        for view in (views.public, views.leader)
    )


@settings(max_examples=60, deadline=None)
@given(wishes)
def test_the_same_actions_are_the_same_state_step_by_step_or_all_at_once(asks):
    state = play(asks)
    assert fold(state.log) == state
    kept = [Action(a.seq, a.at, a.by, a.kind, json.loads(json.dumps(dict(a.data)))) for a in state.log]
    assert shown(fold(kept)) == shown(state) and fold(kept).version == state.version


@settings(max_examples=60, deadline=None)
@given(wishes, st.data())
def test_undone_is_as_if_never_done(asks, data):
    state = play(asks)
    able = [a for a in state.log if a.kind not in {"join", "undo"} and a.seq not in state.undone]
    target = data.draw(st.sampled_from(able))
    undo = Action(state.seq + 1, 0.0, LEADER, "undo", {"seq": target.seq})
    after = step(state, undo)
    never = fold(a for a in state.log if a.seq != target.seq)
    assert shown(after) == shown(never)
    assert after.version > state.version
    again = step(after, Action(undo.seq + 1, 0.0, LEADER, "undo", {"seq": undo.seq}))
    assert shown(again) == shown(state)


@settings(max_examples=60, deadline=None)
@given(wishes)
def test_votes_add_up_and_nobody_has_more_than_others(asks):
    state = play(asks)
    assert tally.stars(state).total() <= len(state.people) * state.star_limit
    assert tally.dots(state).total() <= len(state.people) * state.dot_limit
    for person in state.people:
        assert len(tally.starred(state, person)) <= state.star_limit
        assert len(tally.dotted(state, person)) <= state.dot_limit
        assert sum(tally.spending(state, person).values()) <= state.budget
    spent = tally.spent(state)
    each = [tally.spending(state, person) for person in state.people]
    assert sum(s.dkk for s in spent.values()) == sum(sum(spend.values()) for spend in each)
    assert sum(s.people for s in spent.values()) == sum(len(spend) for spend in each)
    assert sum(idea.cost for idea in chosen(state)) <= state.budget
    seen = {idea.id for idea in tally.shown_ideas(state)}
    assert set(spent) | set(tally.dots(state)) <= seen


@settings(max_examples=60, deadline=None)
@given(wishes)
def test_while_the_tally_is_hidden_votes_leave_no_trace(asks):
    state = play([each for each in asks if each[1]["kind"] != "tally"])
    without = fold(a for a in state.log if a.kind not in {"budget", "dots"})
    ours, theirs = views.public(FRAME, state), views.public(FRAME, without)
    assert json.dumps(ours) == json.dumps(theirs)
    for language in languages():
        assert minutes(FRAME, state, language, votes=False) == minutes(FRAME, without, language, votes=False)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once_and_leaves_nothing_that_hides(text):
    once = clean(text)
    assert clean(once) == once
    assert not any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 or ord(letter) == 0x7F for letter in once)
    once.encode()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80).map(clean).filter(bool))
def test_any_title_makes_a_study_that_reads_back(title):
    import tomllib
    from dataclasses import replace

    text = study(replace(FRAME, title=title), State(), "da")
    assert tomllib.loads(text)["name"] == title
