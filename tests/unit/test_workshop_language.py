"""A third language is one file: dropped beside the others, a workshop is held in it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

import genrejs
from genrejs.web.guard import guarded
from genrejs.web.workshops import workshop_router
from genrejs.workshop import words
from genrejs.workshop.hall import Hall
from genrejs.workshop.store import Store

PAGES = Path(genrejs.__file__).parents[2] / "frontend" / "src" / "text"
TONGUE = "aa"
"""Made up, and the first of the alphabet: nobody hears it who has not asked for it."""


def marked(text: str) -> str:
    """Return a sentence in the made-up language: its words with a mark, its blanks as they are."""
    return f"Å {text}"


def made_up() -> str:
    """Return a file of the made-up language with every word of the server and of the pages."""
    english: dict[str, dict[str, str]] = {}
    for key, text in words.all_words("en").items():
        table, name = key.split(".")
        english.setdefault(table, {})[name] = text if table == "number" else marked(text)
    english["language"]["name"] = "Åbensk"
    pages = json.loads((PAGES / "workshop.en.json").read_text("utf-8"))
    english["page"] = {key: marked(text) for key, text in pages.items()}
    lines = []
    for table, rows in english.items():
        lines += [
            f"[{table}]",
            *(f"{json.dumps(key)} = {json.dumps(text, ensure_ascii=False)}" for key, text in rows.items()),
        ]
    return "\n".join(lines)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[Path]:
    """A folder of words with the two languages of the package."""
    place = tmp_path / "words"
    place.mkdir()
    for language in words.languages():
        source = words.folder().joinpath(f"{language}.toml").read_text(encoding="utf-8")
        (place / f"{language}.toml").write_text(source, encoding="utf-8")
    clear = [words.languages.cache_clear, words.all_words.cache_clear, words._tables.cache_clear]
    with monkeypatch.context() as patched:
        patched.setattr(words, "folder", lambda: place)
        for each in clear:
            each()
        yield place
    for each in clear:
        each()


def test_one_file_makes_a_workshop_in_a_third_language(folder, tmp_path):
    (folder / f"{TONGUE}.toml").write_text(made_up(), encoding="utf-8")
    for each in (words.languages, words.all_words, words._tables):
        each.cache_clear()
    app = FastAPI()
    app.include_router(workshop_router(Hall(Store(tmp_path / "w.sqlite"))))

    async def play() -> None:
        transport = httpx.ASGITransport(guarded(app), client=("10.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://genrejs.example") as web:
            frame = {"title": "Fjordbyen", "language": TONGUE}
            found = (await web.post("/api/workshops", json=frame)).json()
            here, lead = f"/api/workshops/{found['code']}", {"X-Genrejs-Token": found["leader_token"]}
            assert (await web.get(here)).json()["language"] == TONGUE
            terms = (await web.get("/api/workshop")).json()
            assert {"id": TONGUE, "name": "Åbensk"} in terms["languages"]
            assert terms["rounds"][0]["names"][TONGUE] == marked("Talk two minutes with your neighbour")
            assert terms["rule"][TONGUE].startswith("Å How the budget is used")
            # Refusals, minutes and the pages' own words.
            refused = await web.post(f"{here}/actions", json={"kind": "merge", "into": "a", "from": "b"}, headers=lead)
            assert refused.json()["detail"] == marked("The idea is no longer there.")
            assert refused.headers["content-language"] == TONGUE
            assert "## Å Challenges" in (await web.get(f"{here}/minutes.md")).text
            pages = (await web.get(f"/api/workshop/words/{TONGUE}")).json()
            assert pages == {
                key: marked(text) for key, text in json.loads((PAGES / "workshop.en.json").read_text("utf-8")).items()
            }
            # The two that the pages are built with have nothing to fetch; one that is not there is no address.
            assert (await web.get("/api/workshop/words/da")).json() == {}
            assert (await web.get("/api/workshop/words/..%2Fda")).status_code == 404
            missing = await web.get("/api/workshop/words/fi", headers={"Accept-Language": "fi"})
            assert missing.json()["detail"] == "Adressen findes ikke."
            joined = (await web.post(f"{here}/join", json={}, headers={"Accept-Language": TONGUE})).json()
            mine = await web.get(f"{here}/mine", headers={"X-Genrejs-Token": joined["token"]})
            assert mine.json()["language"] == TONGUE

    asyncio.run(play())


def test_what_a_file_lacks_is_told_in_english(folder):
    (folder / "bb.toml").write_text('[language]\nname = "Bb"\n[refused]\nclosed = "Zu."\n', encoding="utf-8")
    words.languages.cache_clear()
    assert words.say("bb", "refused.closed") == "Zu." and words.kroner(1234, "bb") == "DKK 1,234"
    assert words.say("bb", "refused.merged") == words.say("en", "refused.merged")
    assert words.page_words("bb") == {}


def test_the_pages_have_the_same_words_in_the_languages_that_they_are_built_with():
    built = {path.name.split(".")[1] for path in PAGES.glob("workshop.*.json")}
    assert built == set(words.languages())
    (told,) = re.findall(r"const LANGUAGES = \[(.*)\] as const", (PAGES / "text.ts").read_text("utf-8"))
    assert set(re.findall(r'id: "(\w+)"', told)) == built
