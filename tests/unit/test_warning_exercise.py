import importlib.util
from pathlib import Path

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.impact.assess import assess
from genrejs.warning.exercise import Choices, clock_of, exposed, minutes_of, october_2019, play

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

BEST = Choices("17:15", ("media", "broadcast", "doors"), ("da", "other"))


def test_the_chain_of_the_day_is_that_of_the_municipalitys_account():
    exercise = october_2019()
    clocks = {step.id: clock_of(step.clock) for step in exercise.steps}
    assert clocks == {"forecast": "08:00", "rain": "16:00", "alarm": "17:00", "crew": "17:15", "water": "20:15"}
    assert exercise.water - minutes_of("17:15") == 3 * 60
    assert sorted(step.clock for step in exercise.steps) == [step.clock for step in exercise.steps]
    for step in exercise.steps:
        assert "vejle.dk" in step.source and step.what_da and step.what_en and 0.0 <= step.signs <= 1.0
    for part in ("8–10 mm", "55 mm", "17.15", "Abelones Plads", "vest for Omløbsåen"):
        assert part in exercise.happened_da
    assert exercise is october_2019()


def test_the_outcome_tells_the_chain_from_forecast_to_acted():
    outcome = play(BEST)
    chain = outcome.chain.set_index("link")
    assert chain.index.tolist()[:6] == ["forecast", "rain", "alarm", "crew", "decision", "message"]
    assert chain.loc["message", "clock"] == "17:35"  # a message to write and one to translate
    assert outcome.totals["minutes"] == 160.0
    counts = chain.loc[["reached", "understood", "believed", "decided", "acted"], "people"]
    assert counts.is_monotonic_decreasing and 0.0 < counts.iloc[-1] < 2554.0
    assert chain["people"].isna().tolist()[:6] == [True] * 6
    assert outcome.groups["people"].sum() == outcome.totals["people"] == 2554.0
    assert outcome.curve["minute"].iloc[-1] == 160
    assert outcome.happened_da == october_2019().happened_da


def test_each_choice_moves_its_link_of_the_chain():
    radio, mobile = play(Choices()), play(Choices(channels=("media", "broadcast")))
    assert mobile.totals["reached"] > radio.totals["reached"]
    spoken = play(Choices(channels=("media", "broadcast"), languages=("da", "other")))
    assert spoken.totals["understood"] > mobile.totals["understood"]
    assert spoken.totals["minutes"] == mobile.totals["minutes"] - 10.0
    vague = play(Choices(channels=("media", "broadcast"), wording="advice"))
    assert vague.totals["reached"] == mobile.totals["reached"]
    assert vague.totals["understood"] < mobile.totals["understood"]
    assert vague.totals["acted"] < 0.5 * mobile.totals["acted"]
    assert mobile.totals["avoided"] > radio.totals["avoided"] > vague.totals["avoided"] > 0.0


def test_too_early_is_not_believed_and_too_late_is_not_acted_on():
    early, now, late = (play(Choices(clock, ("media", "broadcast"))) for clock in ("08:00", "17:15", "19:45"))
    assert early.totals["believed"] < 0.7 * now.totals["believed"]
    assert late.totals["acted"] < 0.5 * now.totals["acted"]
    after = play(Choices("20:30", ("media", "broadcast")))
    assert after.totals["reached"] == after.totals["acted"] == after.totals["minutes"] == 0.0
    assert after.chain.set_index("link").loc["acted", "clock"] == ""


def test_nobody_hears_without_a_channel():
    silent = play(Choices(channels=()))
    assert silent.totals["reached"] == silent.totals["avoided"] == silent.totals["value_moved"] == 0.0
    assert not silent.channels["first"].any()


def test_the_same_choices_give_the_same_outcome():
    assert play(BEST).totals == play(BEST).totals


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (Choices(warn_at="soon"), "The clock 'soon' cannot be read; write hours and minutes, such as 17:15."),
        (Choices(warn_at="25:00"), "The clock '25:00'"),
        (Choices(warn_at="07:30"), "before the forecast at 08:00"),
        (Choices(channels=("pigeons",)), "Unknown channel 'pigeons'.*broadcast, sirens, media, doors"),
        (Choices(languages=("de",)), "Unknown language 'de'.*da, other"),
        (Choices(wording="shout"), "Unknown wording 'shout'.*order, advice"),
    ],
)
def test_a_choice_that_is_not_known_is_told_in_a_sentence(choices, words):
    with pytest.raises(InputError, match=words):
        play(choices)


def test_clocks_are_read_with_a_colon_or_a_point():
    assert minutes_of("17:15") == minutes_of("17.15") == minutes_of(" 17:15 ") == 1035.0
    assert clock_of(1035.0) == "17:15" and clock_of(485.0) == "08:05" and clock_of(np.nan) == ""


def test_the_exercise_can_be_played_on_a_computed_flood():
    from dataclasses import replace

    city = made.city()
    here = exposed(city, assess(city, made.low_flood(1.0), made.event()))
    assert here.people.tolist() == [[2.0, 4.0, 6.0], [5.0, 10.0, 0.0]]
    assert (here.households, here.goods, here.cars) == (4.0, 4.0, 2.0)
    outcome = play(BEST, replace(october_2019(), exposed=here))
    share = outcome.totals["acted"] / 27.0
    assert outcome.totals["avoided"] == pytest.approx(0.15 * share * here.damage)
    assert outcome.totals["value_moved"] == pytest.approx(share * (4 * 30_000 + 2 * 60_000))
