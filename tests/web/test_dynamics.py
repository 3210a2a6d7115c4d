"""City dynamics over the net: what is told, what a plan answers, what is refused."""

from __future__ import annotations

import asyncio
import json
from threading import BoundedSemaphore
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from genrejs.assessment.outcome import play
from genrejs.assessment.plan import check_plan
from genrejs.web import dynamics
from genrejs.web.problems import tell_problems

PATH = "/api/dynamics"
PERIOD = {"years": 4, "budget": 30.0, "split": {"L": 0.5, "P1S": 0.3, "P2S1": 0.2}, "rule": "even"}


def app() -> FastAPI:
    made = FastAPI()
    made.include_router(dynamics.router)
    tell_problems(made)
    return made


def ask(method: str, **more: Any) -> httpx.Response:
    async def play_it() -> httpx.Response:
        transport = httpx.ASGITransport(app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as web:
            return await web.request(method, PATH, **more)

    return asyncio.run(play_it())


def test_what_a_page_must_know_is_told() -> None:
    told = ask("GET").json()
    assert [stage["id"] for stage in told["stages"]] == list("SMART")
    assert len(told["subs"]) == 10 and len(told["policies"]) == 47
    assert [sub["id"] for sub in told["subs"] if not sub["known"]] == ["I1", "I2"]
    assert all(each["source"].startswith("http") and each["name_da"] for each in told["policies"])


def test_a_plan_is_answered_as_the_command_answers_it() -> None:
    plan = {"period": [PERIOD, {"years": 2, "split": {}}]}
    told = ask("POST", json=plan).json()
    assert told == json.loads(json.dumps(play(check_plan(plan), best=False).summary))
    assert len(told["years"]) == 6 and len(told["levels"]) == 7 and told["comparison"] is None
    assert told["early"] and told["early"][0]["before"]
    first, second = told["periods"]
    assert (first["first"], first["last"], second["last"]) == (2026, 2029, 2031) and second["early"] == []
    assert sum(first["by_stage"].values()) == pytest.approx(first["spent"]) == 120.0


def test_a_plan_is_compared_with_the_best_found() -> None:
    told = ask("POST", json={"period": [{**PERIOD, "years": 2}], "compare": True}).json()["comparison"]
    assert 0 < told["share"] < 1 and told["best"] >= max(told["score"], told["road_map"], told["even"])


class Turns(BoundedSemaphore):
    """Turns that nobody may wait for: a thread that waits answers no tile."""

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        assert not blocking
        return super().acquire(blocking=False)


def test_a_comparison_that_finds_no_turn_is_told_to_come_again_at_once(monkeypatch) -> None:
    monkeypatch.setattr(dynamics, "AT_ONCE", Turns(2))
    assert all(dynamics.AT_ONCE.acquire(blocking=False) for _ in range(2))
    answer = ask("POST", json={"period": [PERIOD], "compare": True})
    assert answer.status_code == 503 and answer.headers["retry-after"] == "2"
    dynamics.AT_ONCE.release(2)
    assert ask("POST", json={"period": [{**PERIOD, "years": 1}], "compare": True}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"period": []}, 422),
        ({"period": [{**PERIOD, "split": {"X1": 1.0}}]}, 422),
        ({"period": [{**PERIOD, "budget": -1}]}, 422),
        ({"period": [{**PERIOD, "wish": 1}]}, 422),
        ({"period": [{**PERIOD, "split": {"L1": 0.9, "P1": 0.2}}]}, 400),
        ({"period": [{**PERIOD, "split": {"I1": 1.0}}]}, 400),
        ({"period": [{**PERIOD, "years": 30}] * 2}, 400),
        ({"period": [PERIOD] * 41}, 422),
    ],
)
def test_a_wrong_plan_is_refused_in_one_sentence(body, status) -> None:
    answer = ask("POST", json=body)
    assert answer.status_code == status and answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
