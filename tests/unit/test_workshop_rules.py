"""What is allowed in a workshop, when, and to whom; what is counted; what is to be seen."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from pydantic import TypeAdapter

from genrejs.errors import InputError
from genrejs.measure.catalogue import catalogue, find_strategy
from genrejs.workshop import harvest, tally, told, views
from genrejs.workshop.actions import AnyAction, Asked, Given
from genrejs.workshop.kept import Workshop
from genrejs.workshop.minutes import _event, escaped, minutes
from genrejs.workshop.refused import Refused
from genrejs.workshop.rules import _DECIDE, MOST_RUNS, OWN_CARDS, Desk, decide
from genrejs.workshop.state import _STEPS, LEADER, SECRET, SYSTEM, Action, State, fold, step

READ = TypeAdapter(AnyAction)
FRAME = Workshop("ABCDEF", "Fjordbyen", "Hvad gør vi?", "vejle", "da", 30, 1_800_000_000.0, "0" * 64)
MEASURE = "raised_edge"
DRAWN = [{"kind": "wall", "line": [[9.5, 55.7], [9.51, 55.7]], "height": 1.5}]


class Bench:
    """A workshop without a server."""

    def __init__(self, people: int = 3, price=None):
        self.state, self.price = State(), price
        for k in range(1, people + 1):
            self.put(f"p{k}", "join", {"nickname": None, "language": "da" if k % 2 else "en"})

    def put(self, by: str, kind: str, data: dict) -> int:
        self.state = step(self.state, Action(self.state.seq + 1, 1_800_000_000.0 + self.state.seq, by, kind, data))
        return self.state.seq

    def do(self, by: str, kind: str, **fields) -> int:
        data = decide(self.state, READ.validate_python({"kind": kind, **fields}), Desk(by, "da", self.price))
        return self.put(by, kind, dict(data))

    def lead(self, kind: str, **fields) -> int:
        return self.do(LEADER, kind, **fields)

    def refused(self, by: str, kind: str, **fields) -> str:
        before = self.state
        with pytest.raises(Refused) as told:
            self.do(by, kind, **fields)
        assert self.state is before
        return told.value.key

    @property
    def seen(self) -> dict:
        return views.public(FRAME, self.state)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def with_ideas(people: int = 3) -> Bench:
    bench = Bench(people, price=lambda drawn: 2e6 * len(drawn))
    bench.lead("round", name="ideas")
    bench.do("p1", "idea", text="Plant træer")
    bench.do("p1", "idea", measure=MEASURE)
    bench.do("p2", "idea", text="En mur", drawn=DRAWN, place=[9.5, 55.7])
    return bench


def test_every_kind_has_its_decision_and_its_step():
    kinds = {given.model_fields["kind"].annotation.__args__[0] for given in Given.__args__}
    assert kinds == set(_DECIDE)
    assert kinds | {"join", "ran", "undo"} == set(_STEPS) | {"undo"}
    assert kinds >= SECRET and all(issubclass(given, Asked) and given.__doc__ for given in Given.__args__)


def test_a_participant_leads_nothing_and_the_leader_does_not_vote(bench):
    leads = {
        "round": {"name": "ideas"}, "timer": {}, "group": {"cards": ["c1"]}, "merge": {"into": "i1", "from": "i2"},
        "hide": {"what": "card", "id": "c1"}, "show": {"what": "card", "id": "c1"}, "undo": {"seq": 1}, "rules": {},
        "plan": {"rounds": ["talk"]}, "cost": {"idea": "i1", "dkk": 1}, "tally": {"open": True}, "simulate": {"ideas": ["i1"]}, "close": {},
    }  # fmt: skip
    for kind, fields in leads.items():
        assert bench.refused("p1", kind, **fields) == "leader_only"
    gives = {"star": {"card": "c1"}, "support": {"idea": "i1"}, "good": {"idea": "i1", "good": "play"},
             "budget": {"spend": {}}, "dots": {"ideas": []}}  # fmt: skip
    for kind, fields in gives.items():
        assert bench.refused(LEADER, kind, **fields) == "participants_only"


def test_each_round_takes_its_own(bench):
    assert bench.refused("p1", "card", text="x") == "when_card"
    bench.lead("round", name="challenges")
    bench.do("p1", "card", text="x")
    assert bench.refused("p1", "idea", text="x") == "when_idea"
    bench.lead("round", name="ideas")
    assert bench.refused("p1", "card", text="x") == "when_card"
    assert bench.refused("p1", "star", card="c1") == "when_star"
    assert bench.refused("p1", "budget", spend={}) == "when_budget"
    assert bench.refused("p1", "dots", ideas=[]) == "when_dots"
    bench.lead("round", name="challenges")
    bench.do("p2", "card", text="again")
    assert [card["text"] for card in bench.seen["cards"]] == ["x", "again"]


def test_a_timer_ends_when_it_should(bench):
    assert bench.seen["timer"] is None and bench.state.round == "talk"
    bench.lead("round", name="talk")
    assert bench.state.ends_at == bench.state.log[-1].at + 120
    bench.lead("timer", seconds=30)
    assert bench.seen["timer"] == {"ends_at": views.moment(bench.state.log[-1].at + 30)}
    bench.lead("timer")
    assert bench.seen["timer"] is None
    assert views.moment(0) == "1970-01-01T00:00:00Z"


def test_stars_are_three_each_and_come_back(bench):
    bench.lead("round", name="challenges")
    for text in "abcd":
        bench.do("p1", "card", text=text)
    for card in ("c1", "c2", "c3"):
        bench.do("p1", "star", card=card)
    assert bench.refused("p1", "star", card="c4") == "stars_used"
    bench.do("p1", "star", card="c1")
    bench.do("p1", "star", card="c1", on=False)
    bench.do("p1", "star", card="c4")
    bench.do("p2", "star", card="c4")
    assert [card["stars"] for card in bench.seen["cards"]] == [0, 1, 1, 2]
    assert bench.refused("p1", "star", card="c9") == "no_card"
    assert views.mine(bench.state, "p1")["stars"] == ["c2", "c3", "c4"]
    # A star on a card that the leader took away can be given again; shown again, nobody has more than three.
    bench.lead("hide", what="card", id="c2")
    bench.do("p1", "star", card="c1")
    bench.lead("show", what="card", id="c2")
    assert tally.stars(bench.state).total() == 4


def test_cards_are_grouped_hidden_and_limited(bench):
    bench.lead("round", name="challenges")
    for _ in range(OWN_CARDS):
        bench.do("p1", "card", text="x")
    assert bench.refused("p1", "card", text="x") == "own_full"
    bench.lead("card", text="read aloud")
    bench.lead("group", cards=["c2"], group="Vand")
    bench.lead("hide", what="card", id="c1")
    assert bench.seen["groups"] == ["Vand"] and bench.seen["cards"][0] == {
        "id": "c2", "text": "x", "group": "Vand", "stars": 0,
    }  # fmt: skip
    assert "c1" not in {card["id"] for card in bench.seen["cards"]}
    assert bench.refused("p2", "star", card="c1") == "no_card"
    bench.lead("group", cards=["c2"], group=None)
    assert bench.seen["groups"] == []


def test_an_idea_takes_name_and_cost_from_the_catalogue_or_from_what_is_drawn():
    bench = with_ideas()
    free, measure, wall = bench.seen["ideas"]
    assert (free["text"], free["cost"], free["cost_source"]) == ("Plant træer", None, None)
    assert measure["text"] == catalogue()[MEASURE].name_da and measure["cost"] == catalogue()[MEASURE].cost
    assert (wall["cost"], wall["cost_source"], wall["place"]) == (2e6, "drawn", [9.5, 55.7])
    assert wall["drawn"] == [{"kind": "wall", "line": [[9.5, 55.7], [9.51, 55.7]], "height": 1.5}]
    assert bench.refused("p2", "idea", measure=MEASURE) == "idea_twice"
    assert bench.refused("p2", "idea", measure="nope") == "no_measure"
    assert bench.refused("p2", "idea", measure=find_strategy("today").measures[0]) == "stands_today"
    assert bench.refused("p2", "idea") == "idea_empty"
    assert bench.refused("p2", "idea", drawn=DRAWN) == "idea_empty"


def test_what_cannot_be_built_is_refused_and_without_a_price_there_is_none():
    def wrong(_):
        raise InputError("A drawn wall needs a line.")

    bench = Bench(price=wrong)
    bench.lead("round", name="ideas")
    assert bench.refused("p1", "idea", text="x", drawn=DRAWN) == "drawn_wrong"

    def busy(_):
        raise Refused("away", "no_runs")

    bench.price = busy
    assert bench.refused("p1", "idea", text="x", drawn=DRAWN) == "no_runs"
    bench.price = None
    bench.do("p1", "idea", text="x", drawn=DRAWN, measure=MEASURE)
    assert bench.seen["ideas"][0]["cost"] is None
    bench.price = lambda _: 1.0
    bench.do("p1", "idea", text="y", drawn=DRAWN, measure=MEASURE)
    assert bench.seen["ideas"][1]["cost_source"] == "catalogue and drawn"


def test_support_and_goods_count_people_once_and_merge():
    bench = with_ideas()
    for person, idea in (("p1", "i1"), ("p2", "i1"), ("p1", "i3"), ("p3", "i3"), ("p3", "i3")):
        bench.do(person, "support", idea=idea)
    bench.lead("round", name="added_value")
    bench.do("p1", "good", idea="i1", good="play")
    bench.do("p1", "good", idea="i3", good="play")
    bench.do("p2", "good", idea="i3", good="nature")
    bench.lead("merge", **{"into": "i1", "from": "i3"})
    first, second = bench.seen["ideas"]
    assert (first["support"], first["goods"], second["support"]) == (3, {"nature": 1, "play": 1}, 0)
    assert bench.refused(LEADER, "merge", **{"into": "i3", "from": "i1"}) == "merged"
    bench.do("p1", "support", idea="i3", on=False)
    assert views.leader(FRAME, bench.state)["merged"] == {"i3": "i1"}
    bench.lead("hide", what="idea", id="i1")
    assert [idea["id"] for idea in bench.seen["ideas"]] == ["i2"]


def test_undone_merges_that_are_done_again_close_no_ring():
    bench = with_ideas()
    first = bench.lead("merge", **{"into": "i1", "from": "i2"})
    undo = bench.lead("undo", seq=first)
    bench.lead("merge", **{"into": "i2", "from": "i1"})
    bench.lead("undo", seq=undo)
    assert [idea["id"] for idea in bench.seen["ideas"]] == ["i1", "i3"]


def test_the_budget_is_never_overspent():
    bench = with_ideas()
    cost = round(catalogue()[MEASURE].cost)
    bench.lead("round", name="decide")
    assert bench.refused("p1", "budget", spend={"i1": 1}) == "no_cost"
    assert bench.refused("p1", "budget", spend={"i2": cost + 1}) == "above_cost"
    assert bench.refused("p1", "budget", spend={"i9": 1}) == "no_idea"
    bench.lead("rules", budget=1_000_000)
    assert bench.refused("p1", "budget", spend={"i2": 600_000, "i3": 600_000}) == "above_budget"
    bench.do("p1", "budget", spend={"i2": 600_000})
    bench.do("p1", "budget", spend={"i2": 100_000, "i3": 900_000})
    bench.do("p2", "budget", spend={"i3": 900_000})
    assert tally.spent(bench.state) == {"i2": tally.Spent(1, 100_000), "i3": tally.Spent(2, 1_800_000)}
    assert bench.refused(LEADER, "rules", budget=5) == "votes_cast"
    bench.lead("rules", stars=5)
    bench.lead("tally", open=True)
    assert bench.seen["budget"] == {
        "total": 1_000_000, "spent": {"i2": {"people": 1, "dkk": 100_000}, "i3": {"people": 2, "dkk": 1_800_000}},
    }  # fmt: skip
    bench.do("p1", "budget", spend={})
    assert tally.spent(bench.state) == {"i3": tally.Spent(1, 900_000)}


def test_dots_are_limited_and_may_lie_on_one_idea():
    bench = with_ideas()
    bench.lead("round", name="decide")
    assert bench.refused("p1", "dots", ideas=["i1"] * 4) == "dots_used"
    bench.do("p1", "dots", ideas=["i1", "i1", "i2"])
    bench.do("p2", "dots", ideas=["i2"])
    assert tally.dots(bench.state) == {"i1": 2, "i2": 2}
    assert bench.refused(LEADER, "rules", dots=1) == "votes_cast"
    bench.do("p1", "dots", ideas=[])
    assert tally.dots(bench.state) == {"i2": 1}


def test_the_leader_prices_words_of_ones_own_only():
    bench = with_ideas()
    assert bench.refused(LEADER, "cost", idea="i2", dkk=5) == "has_cost"
    bench.lead("cost", idea="i1", dkk=5_000)
    bench.lead("cost", idea="i1", dkk=6_000)
    assert bench.seen["ideas"][0]["cost"] == 6_000 and bench.seen["ideas"][0]["cost_source"] == "leader"
    bench.lead("round", name="decide")
    bench.do("p1", "budget", spend={"i1": 6_000})
    assert bench.refused(LEADER, "cost", idea="i1", dkk=7_000) == "votes_cast"


def test_a_hidden_tally_leaves_no_trace():
    bench = with_ideas()
    bench.lead("round", name="decide")
    before = json.dumps(bench.seen)
    assert bench.seen["budget"] == bench.seen["dots"] == bench.seen["tally"] == "hidden"
    bench.do("p3", "budget", spend={"i3": 2_000_000})
    bench.do("p2", "dots", ideas=["i3", "i3"])
    bench.do("p1", "dots", ideas=["i2"])
    assert json.dumps(bench.seen) == before
    version = bench.state.version
    assert minutes(FRAME, bench.state, "da", votes=False) == minutes(
        FRAME, fold(bench.state.log[:-3]), "da", votes=False
    )
    bench.lead("tally", open=True)
    assert bench.state.version == version + 1
    assert list(bench.seen["dots"].items()) == [("i2", 1), ("i3", 2)]
    bench.do("p1", "dots", ideas=[])
    assert bench.state.version == version + 2


def test_undo_is_as_if_it_had_never_been_done_and_can_be_undone():
    bench = with_ideas()
    before = bench.seen
    mark = bench.do("p2", "idea", text="Lort")
    undo = bench.lead("undo", seq=mark)
    assert {**bench.seen, "version": 0} == {**before, "version": 0} and bench.state.version == before["version"] + 2
    assert bench.refused(LEADER, "undo", seq=mark) == "undone"
    assert bench.refused(LEADER, "undo", seq=99) == "no_action"
    assert bench.refused(LEADER, "undo", seq=1) == "not_undone"
    # The next idea does not take the undone one's name.
    bench.do("p2", "idea", text="Ny")
    assert [idea["id"] for idea in bench.seen["ideas"]] == ["i1", "i2", "i3", "i5"]
    bench.lead("undo", seq=undo)
    assert [idea["id"] for idea in bench.seen["ideas"]] == ["i1", "i2", "i3", "i4", "i5"]
    assert [row["undone"] for row in views.leader(FRAME, bench.state)["log"] if row["seq"] in {mark, undo}] == [
        False, True,
    ]  # fmt: skip


def test_a_closed_workshop_takes_nothing_but_is_opened_by_undo():
    bench = with_ideas()
    mark = bench.lead("close")
    assert bench.refused("p1", "idea", text="x") == "closed" and bench.refused(LEADER, "round", name="talk") == "closed"
    bench.lead("hide", what="idea", id="i1")
    bench.lead("undo", seq=mark)
    bench.do("p1", "idea", text="x")
    assert not bench.seen["closed"]


def test_a_run_is_of_measures_or_works_and_its_figures_come_into_the_state():
    bench = with_ideas()
    assert bench.refused(LEADER, "simulate", ideas=["i1"]) == "not_runnable"
    asked = READ.validate_python({"kind": "simulate", "ideas": ["i2", "i3", "i2"], "year": 2070})
    data = decide(bench.state, asked, Desk(LEADER, "da"))
    assert data == {"ideas": ["i2", "i3"], "event": "storm_1872", "strategy": "today", "year": 2070}
    inputs = harvest.inputs([bench.state.ideas[id] for id in data["ideas"]], "storm_1872", "today", 2070)
    assert inputs == {
        "event": "storm_1872", "strategy": "today", "measures": [MEASURE], "drawn": DRAWN, "year": 2070,
    }  # fmt: skip
    for job in "abc":
        bench.put(LEADER, "simulate", {**data, "job": job})
    assert MOST_RUNS == 3 and bench.refused(LEADER, "simulate", ideas=["i2"]) == "runs_wait"
    answer = harvest.shortened(
        {"constructed": True, "cost_dkk": 1e6, "figures": {"damage_dkk": 2e6, "withstand": float("nan")},
         "districts": [{"id": "d1", "residents_wet": 3.0, "services": {"power": 0.5}}]}
    )  # fmt: skip
    bench.put(SYSTEM, "ran", {"job": "a", "answer": answer})
    bench.put(SYSTEM, "ran", {"job": "b", "answer": None})
    bench.put(SYSTEM, "ran", {"job": "gone", "answer": None})
    runs = bench.seen["runs"]
    assert [run["status"] for run in runs] == ["successful", "failed", "running"]
    assert runs[0]["figures"] == {"damage_dkk": 2e6, "withstand": None} and runs[0]["constructed"] is True
    assert runs[0]["districts"] == [{"id": "d1", "buildings_flooded": None, "residents_wet": 3.0, "person_days": None}]


def test_what_is_asked_of_the_model_is_a_question_that_it_takes():
    from genrejs.ensemble.ask import read_ask

    bench = with_ideas()
    ideas = [bench.state.ideas[id] for id in ("i2", "i3")]
    ask = read_ask(json.loads(json.dumps(harvest.inputs(ideas, harvest.EVENT, "today", 2070))))
    assert ask.measures == (MEASURE,) and ask.drawn[0].height == 1.5 and ask.year == 2070
    assert read_ask(harvest.question(bench.state)).measures == ()
    # A measure that the strategy holds is not asked for twice.
    assert read_ask(harvest.inputs(ideas, harvest.EVENT, "grey", None)).measures == ()


def test_a_key_is_remembered_whatever_becomes_of_what_was_done():
    bench = with_ideas()
    seq = bench.do("p1", "support", idea="i1", once="k")
    assert bench.state.once == {("p1", "k"): seq}
    undo = bench.lead("undo", seq=seq, once="k")
    assert bench.state.once == {("p1", "k"): seq, (LEADER, "k"): undo} == fold(bench.state.log).once
    assert all(action.data.get("once") in {None, "k"} for action in bench.state.log)


def test_an_action_as_it_was_kept_before_cards_came_in_numbers_is_still_read():
    bench = Bench()
    bench.lead("round", name="challenges")
    bench.do("p1", "card", text="x")
    bench.put(LEADER, "group", {"card": "c1", "group": "Vand"})
    bench.put(LEADER, "simulate", {"ideas": [], "event": "e", "strategy": "today", "year": None, "job": "j"})
    bench.put(SYSTEM, "ran", {"job": "j", "answer": {"constructed": True, "figures": {}, "districts": []}})
    assert bench.seen["groups"] == ["Vand"] and bench.seen["runs"][0]["before"] is None


def test_views_are_what_the_description_of_the_api_says():
    bench = with_ideas()
    bench.do("p1", "support", idea="i2")
    bench.put(LEADER, "simulate", {"ideas": ["i2"], "event": "e", "strategy": "today", "year": None, "job": "j"})
    bench.lead("round", name="added_value", seconds=60)
    bench.do("p1", "good", idea="i2", good="play")
    for state in (bench.state, step(bench.state, Action(99, 0.0, LEADER, "tally", {"open": True}))):
        told.StateTold.model_validate_json(json.dumps(views.public(FRAME, state)))
        told.LeaderTold.model_validate_json(json.dumps(views.leader(FRAME, state)))
        told.MineTold.model_validate_json(json.dumps(views.mine(state, "p1")))
    told.WordsTold.model_validate(views.words())


def test_what_is_chosen_is_what_the_budget_reaches_to():
    bench = with_ideas()
    bench.lead("round", name="decide")
    assert harvest.chosen(bench.state) == []
    bench.do("p1", "dots", ideas=["i3", "i2"])
    bench.do("p2", "dots", ideas=["i3", "i1"])
    bench.lead("rules", budget=3_000_000)
    assert [idea.id for idea in harvest.ranked(bench.state)] == ["i3", "i1", "i2"]
    assert [idea.id for idea in harvest.chosen(bench.state)] == ["i3"]
    assert bench.seen["chosen"] == "hidden" and views.leader(FRAME, bench.state)["chosen"] == ["i3"]
    bench.lead("tally", open=True)
    assert bench.seen["chosen"] == ["i3"] and "voted" not in bench.seen
    bench.lead("rules", budget=10**10)
    assert [idea.id for idea in harvest.chosen(bench.state)] == ["i3", "i2"]
    assert harvest.question(bench.state) == {
        "event": "storm_1872", "strategy": "today", "measures": [MEASURE], "drawn": DRAWN,
    }  # fmt: skip


def test_minutes_tell_all_in_both_languages_and_take_no_orders():
    bench = with_ideas()
    bench.lead("round", name="challenges")
    bench.do("p1", "card", text="<script>alert(1)</script> | [x](javascript:y) **b**")
    bench.do("p1", "card", text="1. Vand i kælderen")
    bench.lead("group", cards=["c2"], group="Vand")
    bench.do("p2", "star", card="c2")
    bench.lead("round", name="decide")
    bench.do("p1", "budget", spend={"i3": 2_000_000})
    bench.put(LEADER, "simulate", {"ideas": ["i2"], "event": "e", "strategy": "today", "year": None, "job": "j"})
    storm = {"ideas": ["i2"], "event": "storm_1872", "strategy": "today", "year": None, "job": "k"}
    bench.put(LEADER, "simulate", storm)
    answer = {"constructed": True, "figures": {"damage_dkk": 1.5e6, "buildings_flooded": 1234}}
    for job in "jk":
        bench.put(SYSTEM, "ran", {"job": job, "answer": answer})
    danish, english = (minutes(FRAME, bench.state, language, votes=True) for language in ("da", "en"))
    assert "2,0 mio. kr." in danish and "DKK 2.0 m" in english and "| 1.234 |" in danish
    # An event by its title; in English where the language has none, by its name where it is no longer known.
    assert "| Stormflod som 13. november 1872 (" in danish and "| Storm surge as on 13 November 1872 (" in english
    assert _event("storm_1872", "xx").startswith("Storm surge as on 13 November 1872 (")
    assert "| e |" in danish and "storm_1872" not in danish + english
    assert "### Vand\n\n* 1\\. Vand i kælderen (stjerner: 1)" in danish
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\| \\[x\\](javascript:y) \\*\\*b\\*\\*" in danish
    assert "konstruerede" in danish and "constructed" in english and "{" not in danish + english
    assert escaped("- x") == "\\- x" and escaped("3. x") == "3\\. x" and escaped("# x") == "\\# x"


@pytest.mark.parametrize("code", ["ABCDEF", "abcdef", " abcdef "])
def test_a_code_is_read_as_people_type_it(code):
    from genrejs.workshop.tokens import read_code

    assert read_code(code) == "ABCDEF"


def test_who_holds_which_measure_is_told_by_a_name_in_any_language():
    from genrejs.workshop.words import named

    assert named(SimpleNamespace(name_en="Wall", name_da="Mur"), "da") == "Mur"
    assert named(SimpleNamespace(name_en="Wall"), "de") == "Wall"
