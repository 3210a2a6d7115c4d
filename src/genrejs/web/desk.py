"""Who asks of a workshop and in which language, what the hall does about it, how it is told."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import segno
from fastapi import Body, FastAPI, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from genrejs.errors import InputError
from genrejs.web.guard import MEDIA, Buckets, Rate, Receive, Scope, Send, address, problem
from genrejs.web.refusals import in_both
from genrejs.workshop import actions, harvest, minutes, stream, told, views
from genrejs.workshop.hall import Hall, Room, exported
from genrejs.workshop.live import Live, packed
from genrejs.workshop.refused import Refused
from genrejs.workshop.rules import Price, priced
from genrejs.workshop.state import LEADER, SECRET
from genrejs.workshop.words import HOME, languages, page_words, spoken

STATUS = {"bad": 400, "denied": 403, "unknown": 404, "conflict": 409, "large": 413, "much": 429, "away": 503}
ADDRESSES = 1_000
"""Remembered of a workshop's participants, in memory only."""
LONGEST_ADDRESS = 300
"""Characters of an address that a QR code can still be read of."""

Code = Annotated[str, Path(description="six letters and digits, as on the screen")]
Token = Annotated[str | None, Header(alias="X-Genrejs-Token", description="of the leader or a participant")]
Tongue = Annotated[str | None, Query(description="language of the text; none: the workshop's")]
Job = Mapping[str, Any]


@dataclass(frozen=True)
class Hooks:
    """What other rooms do for a workshop; each may be absent.

    `start_run(inputs, user)` starts a run of `what-if` and returns its job; it raises InputError for inputs that fit no
    city. `wait_run(job)` returns the results when they are there, None where the run failed. `price(drawn)` returns
    what drawn works cost [DKK]; it raises InputError for works that cannot be built.
    """

    start_run: Callable[[Mapping[str, Any], str], Awaitable[str]] | None = None
    wait_run: Callable[[str], Awaitable[Job | None]] | None = None
    price: Price | None = None


@dataclass(frozen=True)
class WorkshopSettings:
    """How workshops are run here; `address` is the server's own as phones see it (none: as it was asked), for links.

    `tries` are wrong codes from one address, `founding` new workshops from one address (assumptions).
    """

    address: str | None = None
    cities: tuple[str, ...] = ("vejle",)
    tries: Rate = field(default_factory=lambda: Rate(20, 1 / 3))
    founding: Rate = field(default_factory=lambda: Rate(20, 20 / 3600))
    pace: stream.Pace = field(default_factory=stream.Pace)


class Desk:
    """Answers the routes."""

    def __init__(self, hall: Hall, hooks: Hooks, settings: WorkshopSettings) -> None:
        self.hall, self._hooks, self._settings = hall, hooks, settings
        self._tries, self._founding = Buckets(settings.tries), Buckets(settings.founding)
        self._seen: dict[str, set[str]] = {}
        self._followed: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Open the hall, sweep daily, and close it."""
        await self.hall.open()
        sweeping = asyncio.create_task(self.hall.sweep_daily())
        try:
            yield
        finally:
            for task in (sweeping, *self._followed):
                task.cancel()
            await self.hall.close()

    def refuse(self, request: Request, refused: Refused) -> Response:
        """Return a refusal in the language of who asked."""
        language = self._language(request)
        status = STATUS[refused.why]
        headers = {"content-language": language, "cache-control": "no-store"}
        if refused.why == "much":
            headers["retry-after"] = str(int(self._tries.wait(address(request.scope))) + 1)
        return Response(problem(status, _sentence(refused, language), refused.key), status, headers, MEDIA)

    def _language(self, request: Request) -> str:
        room = self.hall.find(request.path_params.get("code", ""))
        otherwise = room.workshop.language if room else HOME
        own = room.language(room.who(request.headers.get("x-genrejs-token"))) if room else None
        # What the page speaks now comes before what was chosen when somebody came in.
        return spoken(request.headers.get("accept-language"), own or otherwise)

    def _room(self, request: Request, code: str, token: str | None = None) -> tuple[Room, str | None]:
        """Return the workshop and who asks; whoever has tried too many wrong codes must wait, unless known in it."""
        here, room = address(request.scope), self.hall.find(code)
        who = room.who(token) if room else None
        if room is not None and (who is not None or here in self._seen.get(room.workshop.code, ())):
            if who is not None:
                self._note(room, here)
            return room, who
        if self._tries.wait(here):
            raise Refused("much", "code_tries")
        if room is None:
            self._tries.take(here)
            raise Refused("unknown", "no_workshop")
        return room, None

    def _note(self, room: Room, here: str) -> None:
        seen = self._seen.setdefault(room.workshop.code, set())
        if len(seen) < ADDRESSES:
            seen.add(here)

    def _someone(self, request: Request, code: str, token: str | None) -> tuple[Room, str]:
        room, who = self._room(request, code, token)
        if who is None:
            raise Refused("denied", "no_token")
        return room, who

    def _led(self, request: Request, code: str, token: str | None) -> Room:
        room, who = self._someone(request, code, token)
        if who != LEADER:
            raise Refused("denied", "leader_only")
        return room

    def _open(self, request: Request, code: str, token: str | None) -> Room:
        """Return the workshop where its votes may be told to who asks."""
        room, who = self._room(request, code, token)
        if who != LEADER and not room.kept.tally_open:
            raise Refused("conflict", "not_open")
        return room

    async def words(self) -> Response:
        """Tell what a workshop is made of, in every language."""
        return _packed(packed(views.words(self._settings.address)))

    async def page(self, language: Annotated[str, Path(max_length=8)]) -> Response:
        """Tell the pages' words in a language that the pages are not built with: those that its file holds."""
        if language not in languages():
            raise Refused("unknown", "path")
        return _packed(packed(page_words(language)))

    async def found(self, request: Request, response: Response, body: actions.Frame) -> told.FoundTold:
        """Set up a workshop; the leader's token is told this once."""
        if self._founding.take(address(request.scope)):
            raise Refused("much", "too_fast")
        if body.city not in self._settings.cities:
            raise Refused("unknown", "no_city", cities=", ".join(self._settings.cities))
        frame = body.model_dump(exclude={"rules", "rounds"})
        rules = body.rules.model_dump() if body.rules else None
        room, token = await self.hall.found(frame, rules=rules, rounds=body.rounds)
        self._note(room, address(request.scope))
        response.headers["location"] = f"/api/workshops/{room.workshop.code}"
        response.headers["cache-control"] = "no-store"
        return told.FoundTold(code=room.workshop.code, leader_token=token)

    async def state(self, request: Request, code: Code) -> Response:
        """Tell what everybody may see."""
        return _packed(self._room(request, code)[0].live.body()[1])

    async def join(self, request: Request, response: Response, code: Code, body: actions.Join) -> told.JoinedTold:
        """Come in as a participant; the token is told this once."""
        room, _ = self._room(request, code)
        language = body.language or spoken(request.headers.get("accept-language"), room.workshop.language)
        participant, token = await self.hall.join(room, body.nickname or None, language)
        self._note(room, address(request.scope))
        response.headers["cache-control"] = "no-store"
        return told.JoinedTold(participant=participant, token=token)

    async def act(
        self, request: Request, code: Code, body: Annotated[actions.AnyAction, Body()], token: Token = None
    ) -> told.DoneTold:
        """Do one thing, by its kind; when this is answered it is kept."""
        room, who = self._someone(request, code, token)
        if isinstance(body, actions.Simulate):
            return told.DoneTold(seq=await self._simulate(room, who, body))
        seq = await self.hall.act(room, who, body, self._hooks.price)
        secret = body.kind in SECRET and not room.kept.tally_open
        return told.DoneTold(seq=None if secret else seq)

    async def price(self, request: Request, code: Code, body: actions.Sketch, token: Token = None) -> told.PriceTold:
        """Tell what drawn works cost, before they become an idea; refuse those that cannot be built."""
        self._someone(request, code, token)
        if self._hooks.price is None:
            raise Refused("away", "no_runs")
        drawn = [work.model_dump(exclude_none=True, mode="json") for work in body.drawn]
        return told.PriceTold(dkk=priced(drawn, self._hooks.price))

    async def _simulate(self, room: Room, who: str, asked: actions.Simulate) -> int:
        if (done := await self.hall.done(room, who, asked.once)) is not None:
            return done
        data = self.hall.judge(room, who, asked)
        if self._hooks.start_run is None:
            raise Refused("away", "no_runs")
        ideas = [room.ahead.ideas[id] for id in data["ideas"]]
        user = f"workshop-{room.workshop.code}"
        try:
            given = harvest.inputs(ideas, data["event"], data["strategy"], data["year"])
            job = await self._hooks.start_run(given, user)
        except Refused:
            raise
        except InputError as error:
            raise Refused("bad", "run_wrong") from error
        without = None
        with contextlib.suppress(InputError):  # a run is worth having without what it is held against
            without = await self._hooks.start_run(harvest.before(given), user)
        seq = await self.hall.started(room, data, job)
        if job in room.ahead.runs:  # else the same was started by its key meanwhile
            task = asyncio.create_task(self._follow(room, job, without))
            self._followed.add(task)
            task.add_done_callback(self._followed.discard)
        return seq

    async def _follow(self, room: Room, job: str, without: str | None) -> None:
        """Wait for a run and for the one without its ideas, and keep what both answered."""
        answer = await self._answer(job)
        before = await self._answer(without) if answer is not None and without is not None else None
        with contextlib.suppress(Refused):
            await self.hall.ran(room, job, harvest.shortened(answer, before) if answer is not None else None)

    async def _answer(self, job: str) -> Job | None:
        """Return what a run answers; one that fails in whatever way has failed."""
        with contextlib.suppress(Exception):
            return await self._hooks.wait_run(job) if self._hooks.wait_run else None
        return None

    async def events(self, request: Request, code: Code) -> Response:
        """Follow the workshop: the public state now and after every change, five times a second at most."""
        room, _ = self._room(request, code)
        if room.live.count >= room.most:
            raise Refused("much", "listeners")
        return _Events(room.live, self._settings.pace)

    async def everything(self, request: Request, code: Code, token: Token = None) -> Response:
        """Tell the leader everything."""
        room = self._led(request, code, token)
        return _packed(packed(views.leader(room.workshop, room.kept)))

    async def mine(self, request: Request, code: Code, token: Token = None) -> Response:
        """Tell a participant what they have given."""
        room, who = self._someone(request, code, token)
        if who == LEADER:
            raise Refused("denied", "participants_only")
        return _packed(packed(views.mine(room.kept, who)))

    async def qr(self, request: Request, code: Code) -> Response:
        """Draw the participants' address as a QR code."""
        room, _ = self._room(request, code)
        base = self._settings.address or str(request.base_url)
        if len(base) > LONGEST_ADDRESS:
            raise Refused("bad", "host")
        out = io.BytesIO()
        segno.make(f"{base.rstrip('/')}/w/{room.workshop.code}", error="m").save(
            out, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=3
        )
        return Response(out.getvalue(), media_type="image/svg+xml", headers={"cache-control": "no-store"})

    async def minutes(self, request: Request, code: Code, token: Token = None, language: Tongue = None) -> Response:
        """Tell what was said and decided; the votes only where they are open, or to the leader."""
        room, who = self._room(request, code, token)
        votes = room.kept.tally_open or who == LEADER
        text = minutes.minutes(room.workshop, room.kept, _tongue(room, language), votes)
        return _file(text, "text/markdown", room, "md")

    async def study(self, request: Request, code: Code, token: Token = None, language: Tongue = None) -> Response:
        """Tell the chosen ideas as a study."""
        room = self._open(request, code, token)
        return _file(harvest.study(room.workshop, room.kept, _tongue(room, language)), "application/toml", room, "toml")

    async def ask(self, request: Request, code: Code, token: Token = None) -> Response:
        """Tell the chosen ideas as the inputs of a run, as `genrejs whatif` takes them."""
        return _packed(packed(harvest.question(self._open(request, code, token).kept)))

    async def export(self, request: Request, code: Code, token: Token = None) -> Response:
        """Give the leader all that is kept, but no tokens."""
        room = self._led(request, code, token)
        return _file(packed(exported(room)).decode(), "application/json", room, "json")

    async def drop(self, request: Request, code: Code, token: Token = None) -> Response:
        """Delete the workshop with all that was ever in it."""
        room = self._led(request, code, token)
        await self.hall.drop(room)
        self._seen.pop(room.workshop.code, None)
        return Response(status_code=204)


class _Events(Response):
    """Follows a workshop for as long as the line stands."""

    def __init__(self, live: Live, pace: stream.Pace) -> None:
        super().__init__()
        self._live, self._pace = live, pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._live.follower():
            await stream.follow(self._live, receive, send, self._pace)


def _sentence(refused: Refused, language: str) -> str:
    """Return a refusal in words; what the model said of an input, where it can be told in the language, says more."""
    told = in_both(str(refused.__cause__)) if type(refused.__cause__) is InputError else None
    exact = {"da": told.da, "en": told.en}.get(language) if told is not None else None
    return exact or refused.sentence(language)


def _tongue(room: Room, language: str | None) -> str:
    return language if language in languages() else room.workshop.language


def _packed(body: bytes) -> Response:
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def _file(text: str, media: str, room: Room, ending: str) -> Response:
    name = f'attachment; filename="genrejs-{room.workshop.code}.{ending}"'
    headers = {"cache-control": "no-store", "content-disposition": name}
    return Response(text.encode(), media_type=f"{media}; charset=utf-8", headers=headers)
