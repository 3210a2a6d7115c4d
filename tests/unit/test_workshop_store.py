"""What is acknowledged is kept: after kill -9, in SQLite and PostgreSQL, and until its time is over."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from genrejs.errors import Fault, InputError
from genrejs.workshop.actions import AnyAction
from genrejs.workshop.hall import Hall, Room, exported
from genrejs.workshop.kept import DAY, Workshop
from genrejs.workshop.refused import Refused
from genrejs.workshop.state import LEADER, Action
from genrejs.workshop.store import Add, Drop, Found, Store
from genrejs.workshop.writer import Writer

READ = TypeAdapter(AnyAction)
FRAME = {"title": "T", "question": "Q", "city": "vejle", "language": "da", "keep_days": 30}
ODD = ["'; DROP TABLE actions; --", "<script>alert(1)</script>", "æøå 👩\u200d🌾", '"\\u0000"', "x" * 280]


def workshop(code: str = "ABCDEF") -> Workshop:
    return Workshop(code=code, created=1.5, leader="0" * 64, **FRAME)


def add(seq: int, text: str = "x", code: str = "ABCDEF", digest: str | None = None) -> Add:
    return Add(code, Action(seq, 2.5, "p1", "card", {"id": f"c{seq}", "text": text}), digest)


def postgres_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    beside = shutil.which("pg_ctl")
    return found[-1].parent if found else Path(beside).parent if beside else None


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A server of our own in a folder of its own, on a socket only."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server here (Debian: apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres", "postgres")

    def run(*words: str) -> None:
        subprocess.run(
            words, check=True, capture_output=True, cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **user
        )

    data = str(folder / "data")
    try:
        run(str(binaries / "initdb"), "-D", data, "-A", "trust", "-U", "genrejs", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(str(binaries / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql://genrejs@/postgres?host={folder}"
        run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path) -> str:
    return str(tmp_path / "w.sqlite") if request.param == "sqlite" else request.getfixturevalue("postgres")


def test_what_is_written_is_read_back_and_deleted_without_rest(place):
    store = Store(place)
    odd = [add(seq, text, digest="d" * 64 if seq == 1 else None) for seq, text in enumerate(ODD, 1)]
    store.write([Found(workshop()), *odd, Found(workshop("BBBBBB")), add(1, code="BBBBBB", digest="d" * 64)])
    store.close()
    first, second = Store(place).read()
    assert first.workshop == workshop() and first.tokens == {"d" * 64: "p1"}
    assert first.actions == tuple(each.action for each in odd)
    again = Store(place)
    again.write([Drop("ABCDEF")])
    assert again.read() == [second]
    again.write([Drop("BBBBBB")])
    assert again.read() == []


def test_a_batch_is_kept_whole_or_not_at_all(place):
    store = Store(place)
    store.write([Found(workshop()), add(1)])
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.write([add(2), add(1)])
    assert [action.seq for action in store.read()[0].actions] == [1]
    store.write([Drop("ABCDEF")])


def test_the_writer_fails_what_follows_on_what_was_lost(tmp_path):
    store = Store(tmp_path / "w.sqlite")
    writer = Writer(store, {})
    futures = [writer.put(write) for write in (Found(workshop()), add(1), add(3), add(2), add(2), add(3))]
    errors = [future.exception(timeout=10) for future in futures]
    writer.close()
    assert [type(error) for error in errors] == [type(None), type(None), Fault, type(None), Fault, type(None)]
    assert [action.seq for action in store.read()[0].actions] == [1, 2, 3]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://x@y/z", "accepted are sqlite and postgresql"),
        ("postgresql://:bad:@:x/", "no address"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "cannot be opened"),
        ("/proc/none/w.sqlite", "cannot be made"),
    ],
)
def test_a_wrong_address_is_refused_in_one_sentence_without_its_password(address, sentence):
    with pytest.raises(InputError, match=sentence) as told:
        Store(address)
    assert "secret" not in str(told.value)


def test_the_file_is_its_owners_only_and_holds_no_token(tmp_path):
    async def play() -> tuple[str, str]:
        hall = Hall(Store(tmp_path / "w.sqlite"))
        await hall.open()
        room, leader = await hall.found(FRAME)
        _, token = await hall.join(room, "Bo", "da")
        assert leader not in str(exported(room)) and token not in str(exported(room))
        await hall.close()
        return leader, token

    leader, token = asyncio.run(play())
    assert (tmp_path / "w.sqlite").stat().st_mode & 0o077 == 0
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert leader.encode() not in raw and token.encode() not in raw


async def filled(hall: Hall) -> tuple[Room, str, str]:
    await hall.open()
    room, leader = await hall.found(FRAME)
    participant, token = await hall.join(room, None, "en")
    await hall.act(room, LEADER, READ.validate_python({"kind": "round", "name": "challenges"}))
    await hall.act(room, participant, READ.validate_python({"kind": "card", "text": "Vand"}))
    return room, leader, token


def test_a_server_that_starts_again_knows_all(place):
    async def play() -> None:
        hall = Hall(Store(place))
        room, leader, token = await filled(hall)
        await hall.started(room, {"ideas": [], "event": "e", "strategy": "today", "year": None}, "j")
        before = room.live.body()
        await hall.close()
        hall = Hall(Store(place))
        await hall.open()
        again = hall.find(room.workshop.code.lower())
        assert again is not None and again.who(token) == "p1" and again.who(leader) == LEADER
        assert again.who("x") is again.who(None) is again.who("\ud800æ") is None and again.language("p1") == "en"
        # A run that was under way is told to have failed; all else is as it was.
        assert again.kept.runs["j"].status == "failed" and again.live.body()[0] == before[0] + 1
        assert again.kept.cards["c1"].text == "Vand"
        await hall.drop(again)
        assert hall.find(room.workshop.code) is None
        await hall.close()

    asyncio.run(play())


def test_a_workshop_is_deleted_when_its_time_is_over(tmp_path):
    now = [1e9]

    async def play() -> None:
        hall = Hall(Store(tmp_path / "w.sqlite"), clock=lambda: now[0])
        room, leader, token = await filled(hall)
        now[0] += 30 * DAY - 1
        assert hall.find(room.workshop.code) is room and await hall.sweep() == 0
        assert hall.holder(token) == f"{room.workshop.code} p1" and hall.holder(leader) is not None
        now[0] += 1
        assert hall.find(room.workshop.code) is hall.holder(token) is hall.holder(leader) is None
        assert await hall.sweep() == 1 and room.live.over
        await hall.close()
        assert Store(tmp_path / "w.sqlite").read() == []

    asyncio.run(play())


def test_what_cannot_be_kept_is_refused_and_leaves_no_trace(tmp_path):
    store = Store(tmp_path / "w.sqlite")
    write = store.write
    broken = [False]

    def fails(batch):
        if broken[0]:
            raise OSError("no space left on device")
        write(batch)

    store.write = fails  # type: ignore[method-assign]

    async def play() -> None:
        hall = Hall(store)
        room, _, _ = await filled(hall)
        before = room.live.body()
        broken[0] = True
        card = READ.validate_python({"kind": "card", "text": "lost"})
        lost = await asyncio.gather(*[hall.act(room, "p1", card) for _ in range(5)], return_exceptions=True)
        assert all(isinstance(each, Refused) and each.why == "away" for each in lost)
        with pytest.raises(Refused):
            await hall.found(FRAME)
        assert room.live.body() == before and room.ahead is room.kept
        broken[0] = False
        assert await hall.act(room, "p1", card) == 4
        await hall.close()
        assert len(store.read()[0].actions) == 4

    asyncio.run(play())


@pytest.mark.parametrize("kind", ["rules", "plan"])
def test_a_workshop_that_is_kept_in_part_is_no_workshop(tmp_path, kind):
    store = Store(tmp_path / "w.sqlite")
    write, written = store.write, []

    def fails(batch):
        if any(isinstance(each, Add) and each.action.kind == kind for each in batch):
            raise OSError("no space left on device")
        write(batch)
        written.extend(batch)

    store.write = fails  # type: ignore[method-assign]

    async def play() -> None:
        hall = Hall(store)
        await hall.open()
        with pytest.raises(Refused) as told:
            await hall.found(FRAME, rules={"budget": None, "stars": 2, "dots": None}, rounds=["ideas"])
        assert told.value.why == "away" and isinstance(written[0], Found)
        code = written[0].workshop.code
        assert hall.find(code) is None and written[-1] == Drop(code) and store.read() == []
        await hall.close()

    asyncio.run(play())


WRITES = """
import asyncio, sys
from genrejs.workshop.hall import Hall
from genrejs.workshop.store import Store
from genrejs.workshop.actions import Card, SetRound
from genrejs.workshop.state import LEADER

async def play():
    hall = Hall(Store(sys.argv[1]))
    await hall.open()
    room, _ = await hall.found(dict(title="T", question="", city="vejle", language="da", keep_days=30))
    await hall.act(room, LEADER, SetRound(kind="round", name="challenges"))
    async def one(person):
        while True:
            seq = await hall.act(room, LEADER, Card(kind="card", text=f"card {person}"))
            print(seq, flush=True)
    await asyncio.gather(*[one(k) for k in range(8)])

asyncio.run(play())
"""


def test_kill_minus_nine_loses_nothing_that_was_acknowledged(tmp_path):
    base = tmp_path / "w.sqlite"
    writer = subprocess.Popen([sys.executable, "-c", WRITES, str(base)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    told = [writer.stdout.readline() for _ in range(40)]
    time.sleep(0.05)
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().split("\n")
    writer.wait()
    writer.stdout.close()
    # A last line that was cut off in the middle was not told.
    acknowledged = {int(line) for line in [*told, *rest[:-1]] if line.strip()}
    assert len(acknowledged) >= 40
    actions = Store(base).read()[0].actions
    assert acknowledged <= {action.seq for action in actions}
    assert [action.seq for action in actions] == list(range(1, len(actions) + 1))
