"""All workshops of a server in memory, each in front of the store: what is answered has been kept."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from genrejs.workshop import tokens, views
from genrejs.workshop.actions import Given
from genrejs.workshop.kept import DAY, Workshop
from genrejs.workshop.live import Live
from genrejs.workshop.refused import Refused
from genrejs.workshop.rules import MOST_PEOPLE, Desk, Price, decide
from genrejs.workshop.state import LEADER, SYSTEM, Action, State, fold, step
from genrejs.workshop.store import Add, Drop, Found, Read, Store, Write
from genrejs.workshop.writer import Writer

LISTENERS = 500
"""Who may follow one workshop at once."""
MOST_WORKSHOPS = 2_000
"""Kept at once, all in memory (assumption)."""


@dataclass
class Room:
    """One workshop: `kept` is on the disk and is what others see, `ahead` counts what is on its way there too."""

    workshop: Workshop
    kept: State
    ahead: State
    tokens: dict[str, str] = field(default_factory=dict)
    most: int = LISTENERS
    waiting: dict[int, asyncio.Future[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.live = Live(lambda: self.kept.version, lambda: views.public(self.workshop, self.kept), self.most)

    def who(self, token: str | None) -> str | None:
        """Return who holds a token, the leader or a participant, None for nobody."""
        return self.held(tokens.digest(token)) if token else None

    def held(self, given: str) -> str | None:
        """Return who holds the token of a digest, the leader or a participant, None for nobody."""
        if tokens.same(given, self.workshop.leader):
            return LEADER
        # Looked up by the digest of what was given: how long that takes tells nothing of any token.
        return self.tokens.get(given)

    def language(self, who: str | None) -> str | None:
        """Return the language of a participant or of the leader, who speaks the workshop's."""
        if who == LEADER:
            return self.workshop.language
        person = self.ahead.people.get(who or "")
        return person.language if person else None


class Hall:
    """The workshops of one server process."""

    def __init__(self, store: Store, *, listeners: int = LISTENERS, clock: Callable[[], float] = time.time) -> None:
        self._store, self._clock, self._listeners = store, clock, listeners
        self._rooms: dict[str, Room] = {}
        self._writer: Writer | None = None
        self._opening: asyncio.Lock | None = None

    async def open(self) -> None:
        """Read what is kept, once; runs that were under way when the server ended are told to have failed."""
        if self._writer is not None:
            return
        self._opening = self._opening or asyncio.Lock()
        async with self._opening:
            if self._writer is None:
                found = await asyncio.to_thread(self._store.read)
                self._rooms = {read.workshop.code: self._room(read) for read in found}
                self._writer = Writer(self._store, {code: room.kept.seq for code, room in self._rooms.items()})
                await self.sweep()
                await self._give_up()

    async def close(self) -> None:
        """End what is followed and write what waits."""
        for room in self._rooms.values():
            room.live.end()
        if self._writer is not None:
            await asyncio.to_thread(self._writer.close)
            self._writer = None
            self._opening = None

    def _room(self, read: Read) -> Room:
        state = fold(read.actions)
        return Room(read.workshop, state, state, dict(read.tokens), self._listeners)

    async def _give_up(self) -> None:
        for room in self._rooms.values():
            for run in [run for run in room.kept.runs.values() if run.status == "running"]:
                await self.ran(room, run.job, None)

    def find(self, code: str) -> Room | None:
        """Return the workshop of a code, None where there is none or its time is over."""
        read = tokens.read_code(code)
        room = self._rooms.get(read) if read else None
        return room if room and room.workshop.expires > self._clock() else None

    def holder(self, token: str) -> str | None:
        """Return who holds a token in any workshop whose time is not over, None for nobody."""
        if not 0 < len(token) <= tokens.LONGEST:
            return None
        given, now = tokens.digest(token), self._clock()
        found = ((code, room.held(given)) for code, room in self._rooms.items() if room.workshop.expires > now)
        return next((f"{code} {who}" for code, who in found if who is not None), None)

    async def found(
        self, frame: Mapping[str, Any], *, rules: Mapping[str, Any] | None = None, rounds: Sequence[str] | None = None
    ) -> tuple[Room, str]:
        """Return a new workshop of this title, question, city, language and days kept, and its leader's token.

        `rules` and `rounds` become its first actions, so that the leader can undo and change them like any other.
        """
        if len(self._rooms) >= MOST_WORKSHOPS:
            raise Refused("conflict", "full")
        token, code = tokens.new_token(), tokens.new_code()
        while code in self._rooms:
            code = tokens.new_code()
        workshop = Workshop(code=code, created=self._clock(), leader=tokens.digest(token), **frame)
        room = Room(workshop, State(), State(), {}, self._listeners)
        self._rooms[code] = room
        try:
            await self._write(Found(workshop))
            if rules is not None:
                await self._append(room, LEADER, "rules", rules)
            if rounds is not None:
                await self._append(room, LEADER, "plan", {"rounds": list(rounds)})
        except Refused:
            # Nobody has its token: what is kept of it already would lie there until its time is over.
            self._rooms.pop(code, None)
            with contextlib.suppress(Refused):
                await self._write(Drop(code))
            raise
        return room, token

    async def join(self, room: Room, nickname: str | None, language: str) -> tuple[str, str]:
        """Return the id and the token of a new participant."""
        if room.ahead.closed:
            raise Refused("conflict", "closed")
        if len(room.ahead.people) >= MOST_PEOPLE:
            raise Refused("conflict", "full")
        token, participant = tokens.new_token(), f"p{len(room.ahead.people) + 1}"
        digest = tokens.digest(token)
        await self._append(room, participant, "join", {"nickname": nickname, "language": language}, digest)
        room.tokens[digest] = participant
        return participant, token

    async def act(self, room: Room, by: str, asked: Given, price: Price | None = None) -> int:
        """Do what somebody asks and return its number; raise Refused where it is not allowed."""
        if (seq := await self.done(room, by, asked.once)) is not None:
            return seq
        return await self._append(room, by, asked.kind, self.judge(room, by, asked, price))

    async def done(self, room: Room, by: str, once: str | None) -> int | None:
        """Return the number of what this person did by this key as soon as it is kept, None where it is new.

        Raises
        ------
        Refused
            It was on its way and could not be kept.
        """
        seq = room.ahead.once.get((by, once)) if once is not None else None
        if seq is not None and (waiting := room.waiting.get(seq)) is not None:
            await self._kept(waiting)
        return seq

    def judge(self, room: Room, by: str, asked: Given, price: Price | None = None) -> Mapping[str, Any]:
        """Return what would be kept of an action; raise Refused where it is not allowed."""
        return decide(room.ahead, asked, Desk(by, room.workshop.language, price))

    async def started(self, room: Room, data: Mapping[str, Any], job: str) -> int:
        """Keep that a run was started and return the action's number."""
        return await self._append(room, LEADER, "simulate", {**data, "job": job})

    async def ran(self, room: Room, job: str, answer: Mapping[str, Any] | None) -> int:
        """Keep what a run answered (None: it failed) and return the action's number."""
        return await self._append(room, SYSTEM, "ran", {"job": job, "answer": answer})

    async def drop(self, room: Room) -> None:
        """Delete a workshop with all that was ever in it."""
        await self._write(Drop(room.workshop.code))
        self._rooms.pop(room.workshop.code, None)
        room.live.end()

    async def sweep(self) -> int:
        """Delete the workshops whose time is over; return how many."""
        over = [room for room in self._rooms.values() if room.workshop.expires <= self._clock()]
        for room in over:
            await self.drop(room)
        return len(over)

    async def sweep_daily(self) -> None:
        """Sweep once a day, for ever."""
        while True:
            await asyncio.sleep(DAY)
            await self.sweep()

    async def _append(self, room: Room, by: str, kind: str, data: Mapping[str, Any], digest: str | None = None) -> int:
        """Number an action, judge the next ones by it at once, and return when it is kept; by a key only once."""
        if (seq := await self.done(room, by, data.get("once"))) is not None:
            return seq
        action = Action(room.ahead.seq + 1, self._clock(), by, kind, data)
        waiting = self._put(Add(room.workshop.code, action, digest))
        room.ahead = step(room.ahead, action)
        room.waiting[action.seq] = waiting
        waiting.add_done_callback(partial(self._settle, room, room.ahead))
        await self._kept(waiting)
        return action.seq

    @staticmethod
    def _settle(room: Room, state: State, done: asyncio.Future[None]) -> None:
        if room.waiting.get(state.seq) is done:
            del room.waiting[state.seq]
        if done.cancelled() or done.exception() is not None:
            room.ahead = room.kept
        elif state.seq > room.kept.seq:
            room.kept = state
            room.live.touch()

    async def _write(self, write: Write) -> None:
        await self._kept(self._put(write))

    def _put(self, write: Write) -> asyncio.Future[None]:
        if self._writer is None:
            raise Refused("away", "away")
        return asyncio.wrap_future(self._writer.put(write))

    @staticmethod
    async def _kept(waiting: asyncio.Future[None]) -> None:
        """Return when a write is on the disk; raise Refused where it could not be kept."""
        try:
            # Whoever asked may go away; what is on its way to the disk is not called back.
            await asyncio.shield(waiting)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            raise Refused("away", "away") from error


def exported(room: Room) -> dict[str, Any]:
    """Return all that is kept of a workshop but its tokens."""
    workshop = {name: value for name, value in asdict(room.workshop).items() if name != "leader"}
    people = {id: asdict(person) for id, person in room.kept.people.items()}
    actions = [asdict(replace(action, data=dict(action.data))) for action in room.kept.log]
    return {"workshop": workshop, "participants": people, "actions": actions, "undone": sorted(room.kept.undone)}
