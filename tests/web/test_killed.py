"""A server that is killed while people write: what was answered is there once it is started again, and only once."""

from __future__ import annotations

import asyncio
import runpy
from pathlib import Path
from typing import Any

import httpx

PEOPLE = 10
PATIENCE = 60.0
"""[s] for what takes a second or two; a busy machine is not a fault."""
MEASURE = "flood_doors"
started = runpy.run_path(str(Path(__file__).parent / "small_server.py"))["started"]


class Person:
    """Somebody who writes one thing after the other: what was answered, and what hung when the line broke."""

    def __init__(self, id: str, token: str) -> None:
        self.id, self.headers = id, {"X-Genrejs-Token": token}
        self.answered: list[str] = []
        self.hung = ""

    async def write(self, web: httpx.AsyncClient, here: str) -> None:
        """Write cards until the line breaks."""
        for number in range(30):
            self.hung = f"Kort {number} fra {self.id}"
            body = {"kind": "card", "text": self.hung}
            answer = await web.post(f"{here}/actions", json=body, headers=self.headers)
            assert answer.status_code == 200, answer.text
            self.answered.append(self.hung)
        self.hung = ""


async def write_until_killed(base: str, kill: Any) -> tuple[str, str, list[Person], str]:
    """Return the workshop's address, its leader's token, who wrote in it and the run that was under way."""
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE) as web:
        found = (await web.post("/api/workshops", json={"title": "Fjordbyen"})).json()
        here, lead = f"/api/workshops/{found['code']}", {"X-Genrejs-Token": found["leader_token"]}

        async def leads(**body: Any) -> None:
            answer = await web.post(f"{here}/actions", json=body, headers=lead)
            assert answer.status_code == 200, answer.text

        people = []
        for _ in range(PEOPLE):
            told = (await web.post(f"{here}/join", json={})).json()
            people.append(Person(told["participant"], told["token"]))
        await leads(kind="round", name="ideas")
        await leads(kind="idea", measure=MEASURE)
        await leads(kind="simulate", ideas=["i1"])
        await leads(kind="round", name="challenges")
        writing = [asyncio.create_task(each.write(web, here)) for each in people]
        async with asyncio.timeout(PATIENCE):
            while sum(len(each.answered) for each in people) < 8 * PEOPLE:
                await asyncio.sleep(0.002)
        (run,) = (await web.get(here)).json()["runs"]
        assert run["status"] == "running" and (await web.get(f"/jobs/{run['job']}")).status_code == 200
        kill()
        ends = await asyncio.gather(*writing, return_exceptions=True)
        assert all(isinstance(each, httpx.TransportError) for each in ends), ends
    return here, found["leader_token"], people, run["job"]


async def look_again(base: str, here: str, token: str, people: list[Person], job: str, data: Path) -> None:
    """Look for every answered action, and let the run that was lost be done."""
    lead = {"X-Genrejs-Token": token}
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE) as web:
        told = await web.get(f"{here}/export.json", headers=lead)
        actions = told.json()["actions"]
        assert [each["seq"] for each in actions] == list(range(1, len(actions) + 1))
        for person in people:
            there = [each["data"]["text"] for each in actions if each["by"] == person.id and each["kind"] == "card"]
            assert there in (person.answered, [*person.answered, person.hung]), person.id
        (run,) = (await web.get(here)).json()["runs"]
        assert run["status"] == "failed" and run["job"] == job
        assert (await web.get(f"/jobs/{job}")).status_code == 404
        (data / "slow").unlink()
        again = await web.post(f"{here}/actions", json={"kind": "simulate", "ideas": ["i1"]}, headers=lead)
        assert again.status_code == 200, again.text
        async with asyncio.timeout(PATIENCE):
            while (run := (await web.get(here)).json()["runs"][-1])["status"] == "running":
                await asyncio.sleep(0.02)
        assert run["status"] == "successful" and run["figures"]["damage_dkk"] == 7.0
        writes = await web.post(
            f"{here}/actions", json={"kind": "card", "text": "Videre"}, headers=people[0].headers
        )  # fmt: skip
        assert writes.status_code == 200


def test_what_was_answered_is_kept_when_the_server_is_killed_and_a_run_can_be_started_again(tmp_path) -> None:
    (tmp_path / "slow").touch()
    with started(tmp_path) as server:
        here, token, people, job = asyncio.run(write_until_killed(server.base, server.kill))
    assert sum(len(each.answered) for each in people) >= 8 * PEOPLE
    with started(tmp_path) as server:
        asyncio.run(look_again(server.base, here, token, people, job, tmp_path))
