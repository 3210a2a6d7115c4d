"""Refusals of the server itself: in the asker's language, with what is allowed, and without what was sent."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict

from genrejs.errors import InputError
from genrejs.web.problems import LONGEST, tell_problems


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    parts: list[dict[str, int]] = []


def app() -> FastAPI:
    router, made = APIRouter(), FastAPI()

    @router.get("/things/{name}")
    async def thing(name: str) -> str:
        raise InputError(f"There is no thing '{name}'.")

    @router.delete("/things/{name}")
    async def drop(name: str) -> str:
        raise RuntimeError(name)

    @router.post("/things")
    async def make(wish: Wish) -> str:
        return wish.name

    @router.get("/page", include_in_schema=False)
    async def page() -> str:
        return "page"

    made.include_router(router)
    tell_problems(made)
    return made


def ask(method: str, path: str, language: str | None = None, **more: Any) -> httpx.Response:
    async def play() -> httpx.Response:
        transport = httpx.ASGITransport(app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as web:
            headers = {"Accept-Language": language} if language else {}
            return await web.request(method, path, headers=headers, **more)

    return asyncio.run(play())


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("POST", "/things/a", "DELETE, GET"), ("GET", "/things", "POST"), ("POST", "/page", "GET")],
)
def test_what_cannot_be_done_is_told_with_all_that_can(method, path, allow):
    answer = ask(method, path, "da")
    assert answer.status_code == 405 and answer.headers["allow"] == allow
    assert answer.json()["reason"] == "method"
    assert answer.json()["detail"].endswith(f"er: {allow}.") and answer.headers["content-language"] == "da"


@pytest.mark.parametrize(
    ("language", "told", "detail"),
    [
        ("da-DK,da;q=0.9", "da", "Adressen findes ikke."),
        ("en", "en", "There is no such address."),
        ("fi", "en", "There is no such address."),
        (None, "en", "There is no such address."),
    ],
)
def test_a_refusal_follows_the_accepted_languages(language, told, detail):
    answer = ask("GET", "/nope", language)
    assert (answer.status_code, answer.headers["content-language"]) == (404, told)
    assert answer.json()["detail"] == detail and answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["reason"] == "path"


def test_a_fault_tells_nothing_of_itself_in_either_language():
    assert ask("DELETE", "/things/secret", "da").json()["detail"] == "Der er en fejl hos os; serverens log siger mere."
    assert "secret" not in ask("DELETE", "/things/secret").text


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "The field 'name' is missing."),
        ({"name": 3}, "The field 'name' has a value that cannot be used."),
        ({"name": "a", "x" * 9000: 1}, f"The field '{'x' * 40}' is not known."),
        ({"name": "a", "parts": [{"y" * 9000: "z"}]}, f"The field '{'y' * 40}' has a value that cannot be used."),
        ({"name": "a", "<b>\u202e\n": 1}, "The field '<b>' is not known."),
        ([1] * 9000, "The content cannot be read; send one JSON object in UTF-8."),
    ],
)
def test_what_is_wrong_is_told_by_a_clean_place_and_never_sent_back(body, detail):
    answer = ask("POST", "/things", json=body)
    assert answer.status_code == 422 and answer.json()["detail"] == detail
    broken = ask(
        "POST",
        "/things",
        "da",
        content=b'{"name": ' + b"x" * 9000,
    )
    assert broken.status_code == 422 and len(broken.text) < 250 and "læses" in broken.json()["detail"]


def test_a_long_sentence_of_another_room_is_cut():
    assert len(ask("GET", f"/things/{'x' * 5000}").json()["detail"]) == LONGEST + 2
    assert ask("GET", "/things/a").json()["detail"] == "There is no thing 'a'."
