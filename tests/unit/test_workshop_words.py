"""The workshop's words: every language says all of it, nothing is said that nobody asks for; text is cleaned."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import genrejs
from genrejs.errors import Fault
from genrejs.workshop import tokens
from genrejs.workshop.actions import GOODS, ROUNDS, Given
from genrejs.workshop.clean import clean
from genrejs.workshop.minutes import FIGURES
from genrejs.workshop.refused import Refused
from genrejs.workshop.words import all_words, kroner, languages, money, say, spoken

SOURCE = Path(genrejs.__file__).parent


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_language_has_the_same_keys_with_the_same_gaps():
    assert languages() == ("da", "en")
    first, *others = (all_words(language) for language in languages())
    for words in others:
        assert set(words) == set(first)
        assert {key: fields(text) for key, text in words.items()} == {key: fields(text) for key, text in first.items()}


def test_every_word_is_used_and_every_word_used_is_there():
    files = [*(SOURCE / "workshop").glob("*.py"), *(SOURCE / "web").glob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in files)
    quoted = set(re.findall(r"[\"']([a-z_.]+)[\"']", text))
    made = {
        f"when_{given.model_fields['kind'].annotation.__args__[0]}" for given in Given.__args__ if len(given.WHEN) < 7
    }
    known = {key: key.split(".")[1] for key in all_words("en")}
    for key, name in known.items():
        table = key.split(".")[0]
        if table in {"rounds", "goods", "figures"}:
            assert name in {*ROUNDS, *GOODS, *FIGURES}
        elif key not in {"minutes.cost_leader", "minutes.cost_model"}:
            assert key in quoted or name in quoted | made, key
    refusals = set(re.findall(r"Refused\(\s*\"\w+\", \"(\w+)\"", text)) | made
    assert refusals <= {key.split(".")[1] for key in known if key.startswith("refused.")}


def test_a_refusal_is_one_sentence_in_each_language():
    for language in languages():
        for key, words in all_words(language).items():
            if key.startswith("refused."):
                assert words[0].isupper() and words.endswith(".") and "\n" not in words
    refused = Refused("conflict", "stars_used", most=3)
    assert refused.sentence("da") == "Du har givet dine 3 stjerner; tag en tilbage først."
    assert str(refused) == refused.sentence("en")


def test_an_unknown_word_is_a_fault():
    with pytest.raises(Fault, match="nope"):
        say("da", "refused.nope")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("DA", "da"),
        ("de, en;q=0.5", "en"),
        ("de", "da"),
        ("", "da"),
        (None, "da"),
        (";;,", "da"),
    ],
)
def test_the_first_language_known_is_spoken(wanted, language):
    assert spoken(wanted, "da") == language


def test_money_is_written_as_each_language_does():
    assert kroner(1_234_567, "da") == "1.234.567 kr." and kroner(1_234_567, "en") == "DKK 1,234,567"


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (0, "0 kr.", "DKK 0"), (7, "7 kr.", "DKK 7"), (9_999, "9.999 kr.", "DKK 9,999"), (12_500, "13.000 kr.", "DKK 13,000"),
        (2_500_000, "2,5 mio. kr.", "DKK 2.5 m"), (2_250_000, "2,3 mio. kr.", "DKK 2.3 m"), (1e6, "1,0 mio. kr.", "DKK 1.0 m"),
        (67e6, "67 mio. kr.", "DKK 67 m"), (1_234e6, "1,2 mia. kr.", "DKK 1.2 bn"), (25e9, "25 mia. kr.", "DKK 25 bn"),
    ],
)  # fmt: skip
def test_an_amount_is_told_as_the_pages_tell_it(value, danish, english):
    assert money(value, "da") == danish and money(value, "en") == english


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  a \t b\r\nc ", "a b c"),
        ("a\x00\x1b[31mb\x7f", "a[31mb"),
        ("\u202eabc\u2066", "abc"),
        ("a\ud800b", "ab"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("e\u0301", "é"),
        ("👩\u200d🌾 æøå", "👩\u200d🌾 æøå"),
        ("Z" + "\u0335" * 50, "Z" + "\u0335" * 3),
        ("\u2028\u2029\u0085\u00a0", ""),
        ("", ""),
    ],
)
def test_text_is_one_line_that_hides_nothing(given, kept):
    assert clean(given) == kept and clean(kept) == kept


def test_codes_have_no_look_alikes_and_tokens_128_bits():
    assert len(set(tokens.LETTERS)) == len(tokens.LETTERS) == 27 and not set(tokens.LETTERS) & set("0O1ILZ2S5")
    codes = {tokens.new_code() for _ in range(200)}
    assert len(codes) == 200 and all(tokens.read_code(code.lower()) == code for code in codes)
    assert tokens.read_code("ABCDE") is tokens.read_code("ABCDE0") is tokens.read_code("'; DROP") is None
    assert len(tokens.new_token()) == 22
    assert tokens.same(tokens.digest("a"), tokens.digest("a")) and not tokens.same(
        tokens.digest("a"), tokens.digest("b")
    )
    assert len(tokens.digest("\ud800")) == 64
