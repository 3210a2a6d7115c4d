"""What is refused is told in both languages: every sentence of the file is one that the code still says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import genrejs
from genrejs.city.embedded import load_city
from genrejs.ensemble.ask import read_ask, works_of
from genrejs.errors import InputError
from genrejs.hazard.catalogue import build_event
from genrejs.measure.drawn import carry_out_drawn
from genrejs.study import Study
from genrejs.web.problems import LONGEST, Problem
from genrejs.web.questions import read_question
from genrejs.web.refusals import _tables, in_both
from genrejs.web.runs import Job, Run

SURGE = {"event": {"kind": "surge", "peak": 2.0}}
HERE, BESIDE, NORTH = (9.53, 55.706), (9.54, 55.706), (9.53, 55.71)


def wall(**parts):
    return {**SURGE, "drawn": [{"kind": "wall", "line": [HERE, BESIDE], "height": 1.0, **parts}]}


@pytest.fixture(scope="module")
def city():
    return load_city("vejle", cache=Path.home() / ".cache" / "genrejs")


@pytest.mark.parametrize(
    ("inputs", "reason", "danish"),
    [
        ({"event": {"kind": "surge", "peak": 9}}, "ask.field", "Vandstand: tallet må højst være 5."),
        ({"event": {"kind": "cloudburst", "mm": 0}}, "ask.field", "Regn: tallet skal være over 0."),
        ({**SURGE, "year": 1999}, "ask.field", "År: tallet skal være mindst 2020."),
        (wall(line=[HERE]), "ask.field", "Linjen: der skal være mindst 2; der er 1."),
        ({**SURGE, "frames": "perhaps"}, "ask.frames", "Feltet frames skal være sandt eller falsk."),
        ({"event": "flood of floods"}, "ask.event", "Hændelsen “flood of floods” findes ikke."),
        ({**SURGE, "strategy": "none"}, "ask.strategy", "Strategien “none” findes ikke."),
        ({**SURGE, "measures": ["none"]}, "ask.measure", "Tiltaget “none” findes ikke."),
    ],
)
def test_a_wrong_question_is_told_in_danish(inputs, reason, danish):
    with pytest.raises(InputError) as error:
        read_question("what-if", inputs, Study())
    told = in_both(str(error.value))
    assert (told.reason, told.da) == (reason, danish)


@pytest.mark.parametrize(
    ("ask", "reason", "danish"),
    [
        (wall(height=None), "drawn.needs", "Muren: Der mangler noget, eller der er for meget."),
        (wall(height=40), "drawn.figure", "Muren: højden skal være fra 0,2 til"),
        (wall(line=[HERE, HERE]), "drawn.crosses", "Muren må ikke krydse sig selv."),
        (wall(line=[HERE, (11.0, 55.706)]), "drawn.large", "Muren må højst være"),
        (wall(line=[(9.2, 55.706), (9.21, 55.706)]), "drawn.outside", "Muren skal ligge inden for byens kort."),
    ],
)
def test_a_wrong_work_is_told_in_danish(ask, reason, danish, city):
    with pytest.raises(InputError) as error:
        carry_out_drawn(city, works_of(read_ask(ask), city))
    told = in_both(str(error.value))
    assert told.reason == reason and told.da.startswith(danish)


@pytest.mark.parametrize(("parts", "reason"), [(["mill"], "event.component"), ([], "event.nothing_off")])
def test_a_wrong_outage_is_told_in_danish(parts, reason, city):
    with pytest.raises(InputError) as error:
        build_event("off", {"kind": "outage", "components": parts, "outage_hours": 1.0}, city)
    assert in_both(str(error.value)).reason == reason


def test_every_sentence_is_still_in_the_code():
    rooms = (each for each in Path(genrejs.__file__).parent.rglob("*.py") if each.name != "refusals.py")
    code = re.sub(r'"\s+f?"', "", "\n".join(each.read_text("utf-8") for each in rooms))
    for table, rows in _tables().items():
        if table in ("name", "check"):
            continue
        for key, words in rows.items():
            plain = [part for part in re.split(r"\{\w+\}", words["told"]) if len(part) > 3]
            assert all(part in code for part in plain), (table, key)


def test_both_languages_say_all_and_are_filled_alike():
    for table, rows in _tables().items():
        for key, words in rows.items():
            braces = [set(re.findall(r"\{\w+\}", words[each])) for each in ("da", "en")]
            assert braces[0] == braces[1] <= set(re.findall(r"\{\w+\}", words.get("told", ""))), (table, key)


def test_an_unknown_sentence_is_left_alone():
    assert in_both("The moon is made of cheese.") is None


def test_what_was_sent_is_cut():
    assert len(in_both(f"Unknown measure '{'x' * 5000}'; known are a.").da) < 200


def test_a_problem_and_a_failed_job_carry_both_languages():
    sentence = "Many runs wait already; try again in a minute."
    body = Problem(429, sentence).response().body.decode()
    assert sentence in body and "Prøv igen om et minut." in body and '"reason":"run.many"' in body
    assert len(Problem(400, "x" * 9000).response().body) < LONGEST + 120
    run = Run("what-if", "0" * 8)
    run.end("failed", "The process that computed the run ended; try once more.")
    info = Job(run, "me").info(None)
    assert info["message_da"] == "Beregningen gik i stå. Prøv igen." and info["message"] == run.message
    run.message = "something of its own"
    assert "message_da" not in Job(run, "me").info(None)
