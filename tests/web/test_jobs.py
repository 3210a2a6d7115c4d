"""The queue's turns, shared runs and limits; worker processes that crash, hang and are stopped."""

from __future__ import annotations

import asyncio
import importlib
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrejs.web.cards import Card, Cards
from genrejs.web.events import follow
from genrejs.web.films import Films, prune
from genrejs.web.jobs import TOO_LONG, Jobs
from genrejs.web.problems import Problem
from genrejs.web.settings import Settings
from genrejs.web.workers import CRASHED, OURS, UNREADY, Pool, Word

SETTINGS = Settings(Path("nowhere"), queued_each=3, queued_all=8, history=5)


class Hands:
    """Workers that do what a test says."""

    def __init__(self, count: int = 1) -> None:
        self.size, self.begun, self.stopped = count, [], []
        self.busy: dict[int, int] = {}

    @property
    def idle(self) -> list[int]:
        return [worker for worker in range(self.size) if worker not in self.busy]

    def begin(self, worker: int, order: int, question: Any, threads: int) -> None:
        self.busy[worker] = order
        self.begun.append((question.key, threads))

    def stop(self, worker: int, order: int) -> None:
        self.stopped.append((worker, order))

    def end(self, jobs: Jobs, worker: int, kind: str = "done", data: Any = None) -> None:
        order = self.busy.pop(worker)
        run = jobs._orders[order]
        jobs.heard(worker, Word(kind, order, data or Card(run.process, run.key, "2026-01-01T00:00:00+00:00")))


def question(key: str, process: str = "what-if", **inputs: Any) -> Any:
    return SimpleNamespace(key=key, process=process, inputs=inputs)


def queue(count: int = 1, cores: int = 2, settings: Settings = SETTINGS) -> tuple[Jobs, Hands]:
    hands = Hands(count)
    return Jobs(hands, settings, cores, lambda key: (0.0, 300.0)), hands


def play(act: Any) -> None:
    asyncio.run(act())


def test_users_take_turns_whoever_asked_first() -> None:
    async def act() -> None:
        jobs, hands = queue()
        first = jobs.submit(question("a0"), "anna")
        waiting = [jobs.submit(question(f"a{n}"), "anna") for n in (1, 2, 3)]
        other = jobs.submit(question("b1"), "bo")
        assert [jobs.position(job) for job in (first, *waiting, other)] == [None, 0, 2, 3, 1]
        while hands.busy:
            hands.end(jobs, 0)
        assert [key for key, _ in hands.begun] == ["a0", "a1", "b1", "a2", "a3"]
        assert {job.status for job in (first, *waiting, other)} == {"successful"}

    play(act)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 40)), max_size=30))
def test_every_run_is_computed_once_and_nobody_waits_behind_two_of_another(wishes) -> None:
    async def act() -> None:
        jobs, hands = queue(settings=replace(SETTINGS, queued_each=99, queued_all=99))
        hands.busy[0] = 0  # something else is computed while all of them ask
        asked = {}
        for user, number in wishes:
            asked.setdefault(f"{user}{number}", user)
            jobs.submit(question(f"{user}{number}"), user)
        del hands.busy[0]
        jobs.heard(0, Word("ready"))
        while hands.busy:
            hands.end(jobs, 0)
        begun = [key for key, _ in hands.begun]
        assert sorted(begun) == sorted(asked)
        for place in range(len(begun) - 1):
            if begun[place][0] == begun[place + 1][0]:  # two of one user in a row: nobody else was waiting
                assert len({key[0] for key in begun[place:]}) == 1

    play(act)


def test_the_same_question_is_one_run_and_one_who_leaves_does_not_stop_it() -> None:
    async def act() -> None:
        jobs, hands = queue()
        anna, bo = (jobs.submit(question("same"), user) for user in ("anna", "bo"))
        assert anna.run is bo.run and anna.id != bo.id and len(hands.begun) == 1
        jobs.dismiss(anna)
        assert (anna.status, bo.status, hands.stopped) == ("dismissed", "running", [])
        with pytest.raises(Problem, match="over"):
            jobs.dismiss(anna)
        hands.end(jobs, 0)
        assert bo.status == "successful"
        assert jobs.submit(question("same"), "carl").status == "successful" and len(hands.begun) == 1

    play(act)


def test_a_run_that_nobody_wants_is_stopped_and_asked_again_is_new() -> None:
    async def act() -> None:
        jobs, hands = queue()
        running, waiting = jobs.submit(question("one"), "anna"), jobs.submit(question("two"), "anna")
        jobs.dismiss(waiting)
        jobs.dismiss(running)
        assert hands.stopped == [(0, 1)] and waiting.status == running.status == "dismissed"
        again = jobs.submit(question("one"), "anna")
        assert again.status == "accepted" and again.run is not running.run
        hands.end(jobs, 0, "stopped")
        assert again.status == "running" and running.run.status == "dismissed"

    play(act)


def test_too_many_waiting_are_refused_of_one_user_and_in_all() -> None:
    async def act() -> None:
        jobs, hands = queue()
        for n in range(4):
            jobs.submit(question(f"a{n}"), "anna")
        with pytest.raises(Problem, match="You have 3 runs") as told:
            jobs.submit(question("a4"), "anna")
        assert told.value.status == 429 and told.value.headers == {"Retry-After": "10"}
        for n in range(5):
            jobs.submit(question(f"b{n}"), f"user{n}")
        with pytest.raises(Problem, match="Many runs wait"):
            jobs.submit(question("c"), "carl")
        assert jobs.submit(question("a1"), "carl").status == "accepted"  # one that waits already costs nothing
        assert jobs.counts() == {"waiting": 8, "running": 1}
        hands.end(jobs, 0)

    play(act)


def test_a_lone_run_has_every_core_and_studies_leave_a_worker_free() -> None:
    async def act() -> None:
        jobs, hands = queue(count=2, cores=4)
        jobs.submit(question("s1", "study"), "anna")
        waits = jobs.submit(question("s2", "study"), "bo")
        jobs.submit(question("w1"), "bo")
        assert hands.begun == [("s1", 4), ("w1", 2)] and waits.status == "accepted"
        hands.end(jobs, 0)
        assert hands.begun[2:] == [("s2", 2)]

    play(act)


def test_a_run_that_takes_too_long_is_stopped_with_a_word() -> None:
    async def act() -> None:
        jobs, hands = queue(settings=replace(SETTINGS, time_what_if=0.01))
        job = jobs.submit(question("slow"), "anna")
        await asyncio.sleep(0.05)
        assert hands.stopped == [(0, 1)]
        hands.end(jobs, 0, "stopped")
        assert (job.status, job.info(None)["message"]) == ("failed", TOO_LONG)

    play(act)


def test_what_is_over_is_forgotten_but_found_by_its_card(tmp_path) -> None:
    async def act() -> None:
        jobs, hands = queue()
        made = []
        for n in range(9):
            made.append(jobs.submit(question(f"k{n}"), "anna"))
            hands.end(jobs, 0)
        jobs.submit(question("last"), "anna")
        assert jobs.find(made[0].id) is None and jobs.find(made[8].id) is made[8] and len(jobs.runs) <= 6
        card = Card("what-if", "abcdef0123456789", "2026-01-01T00:00:00+00:00", "f" * 16)
        cards = Cards(tmp_path)
        assert cards.find(card.key) is None
        cards.keep(card)
        assert cards.find(card.key) is None  # its result is not there
        cards.result(card).parent.mkdir(parents=True)
        cards.result(card).write_text("{}")
        assert cards.find(card.key) == card
        kept = jobs.submit(question(card.key), "bo", card)
        assert kept.status == "successful" and len(kept.run.pictures) == 2
        assert jobs.recall(card).run is kept.run
        assert cards.find("../../etc/passwd") is None

    play(act)


def test_events_tell_what_was_and_then_what_comes() -> None:
    async def act() -> list[tuple[str, Any]]:
        jobs, hands = queue()
        job = jobs.submit(question("one"), "anna")
        jobs.heard(0, Word("picture", 1, (0.0, b"a")))
        heard: list[tuple[str, Any]] = []

        async def listen() -> None:
            async for text in follow(jobs, job, asyncio.Event()):
                name, data = text.strip().split("\n")
                heard.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.02)
        assert [name for name, _ in heard] == ["frame", "status"]
        jobs.heard(0, Word("picture", 1, (300.0, b"b")))
        jobs.heard(0, Word("progress", 1, (0.4, "water")))
        await asyncio.sleep(0.4)
        hands.end(jobs, 0)
        await asyncio.wait_for(listening, 5)
        assert not job.run.followers
        return heard

    heard = asyncio.run(act())
    frames = [data for name, data in heard if name == "frame"]
    assert [each["n"] for each in frames] == [0, 1] and frames[1]["time_s"] == 300.0
    assert [data["progress"] for name, data in heard if name == "status"] == [0, 40]
    assert heard[-1][0] == "done" and heard[-1][1]["status"] == "successful"


def test_films_are_whole_and_the_oldest_go(tmp_path) -> None:
    films = Films(tmp_path)
    assert films.times("a" * 16) is None and films.picture("../../secret", 0) is None
    films.keep("a" * 16, [(0.0, b"first"), (300.0, b"second")], b"deepest")
    assert films.times("a" * 16) == (0.0, 300.0)
    assert films.picture("a" * 16, 1) == b"second" and films.picture("a" * 16, None) == b"deepest"
    assert films.picture("a" * 16, 2) is None
    (tmp_path / ".half.part").mkdir()
    prune(tmp_path, 1)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a" * 16]
    prune(tmp_path, 0)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def tasks(monkeypatch) -> Any:
    """The tasks of `worker_tasks.py`, by a name under which a worker process finds them too."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("worker_tasks")


def with_pool(open_task: Any, act: Any, count: int = 1) -> None:
    async def played() -> None:
        pool = Pool(count, open_task, grace=0.3)
        jobs = Jobs(pool, SETTINGS, 2, lambda key: ())
        pool.start(jobs.heard)
        try:
            await asyncio.wait_for(act(jobs), 60)
        finally:
            await asyncio.to_thread(pool.close)

    asyncio.run(played())


def test_worker_processes_answer_fail_crash_and_are_stopped(tasks) -> None:
    async def act(jobs: Jobs) -> None:
        async def ended(job: Any) -> tuple[str, str]:
            await jobs.wait(job)
            return job.status, job.run.message

        good = jobs.submit(question("good"), "anna")
        assert (await ended(good))[0] == "successful" and good.run.pictures == [(60.0, b"png")]
        for wish, says in (("refuse", "That does not fit the city."), ("break", OURS), ("crash", CRASHED)):
            assert await ended(jobs.submit(question(wish, do=wish), "anna")) == ("failed", says)
        for wish in ("wait", "hang"):  # one stops by itself, the other is killed
            job = jobs.submit(question(wish, do=wish), "anna")
            while not job.run.pictures:
                await asyncio.sleep(0.01)
            jobs.dismiss(job)
            assert (await ended(jobs.submit(question(f"after {wish}"), "anna")))[0] == "successful"
            assert job.run.status == "dismissed"

    with_pool(tasks.open_echo, act)


def test_a_city_that_cannot_be_made_ready_fails_what_waits(tasks, capfd) -> None:
    async def act(jobs: Jobs) -> None:
        job = jobs.submit(question("one"), "anna")
        await jobs.wait(job)
        assert (job.status, job.run.message) == ("failed", UNREADY)

    with_pool(tasks.open_never, act)
    assert "no city here" in capfd.readouterr().err
