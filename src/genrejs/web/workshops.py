"""The workshop's routes: who asks and in which language, what the hall does about it, how it is told."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Body, FastAPI, Header, Path, Query
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from genrejs.errors import InputError
from genrejs.web.guard import MEDIA, Buckets, Rate, Receive, Scope, Send, address, problem
from genrejs.workshop import actions, harvest, minutes, stream, told, views
from genrejs.workshop.clean import clean
from genrejs.workshop.hall import Hall, Room, exported
from genrejs.workshop.live import Live, packed
from genrejs.workshop.refused import Refused
from genrejs.workshop.rules import Price
from genrejs.workshop.state import LEADER, SECRET
from genrejs.workshop.store import Store
from genrejs.workshop.words import languages, spoken

STATUS = {"bad": 400, "denied": 403, "unknown": 404, "conflict": 409, "large": 413, "much": 429, "away": 503}
Responses = dict[int | str, dict[str, Any]]
WORDS: Mapping[int | str, str] = {
    400: "wrong input", 403: "no right to it", 404: "no such workshop or thing", 409: "not now", 413: "too large",
    429: "too many or too fast", 503: "cannot be kept now", "4XX": "refused",
}  # fmt: skip
ADDRESSES = 1_000
"""Remembered of a workshop's participants, in memory only."""

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
    """How workshops are run here; `address` is the server's own as phones see it (none: as it was asked), for the QR.

    `tries` are wrong codes from one address, `founding` new workshops from one address (assumptions).
    """

    address: str | None = None
    cities: tuple[str, ...] = ("vejle",)
    tries: Rate = field(default_factory=lambda: Rate(20, 1 / 3))
    founding: Rate = field(default_factory=lambda: Rate(20, 20 / 3600))
    pace: stream.Pace = field(default_factory=stream.Pace)
    listeners: int = 500


def workshop_router(store: Store, hooks: Hooks | None = None, settings: WorkshopSettings | None = None) -> APIRouter:
    """Return the routes of workshops; the router opens the hall when the app starts and closes it when it ends."""
    settings = settings or WorkshopSettings()
    desk = _Desk(Hall(store, listeners=settings.listeners), hooks or Hooks(), settings)
    router = APIRouter(lifespan=desk.lifespan, route_class=_speaking(desk), tags=["workshop"])
    here = "/api/workshops/{code}"
    text = _text
    routes: list[tuple[str, str, Callable[..., Any], dict[str, Any]]] = [
        ("GET", "/api/workshop", desk.words, {"responses": _json(told.WordsTold)}),
        ("POST", "/api/workshops", desk.found, {"response_model": told.FoundTold, "status_code": 201}),
        ("GET", here, desk.state, {"responses": _json(told.StateTold)}),
        ("DELETE", here, desk.drop, {"status_code": 204}),
        ("POST", f"{here}/join", desk.join, {"response_model": told.JoinedTold, "status_code": 201}),
        ("POST", f"{here}/actions", desk.act, {"response_model": told.DoneTold}),
        ("GET", f"{here}/events", desk.events, text("text/event-stream")),
        ("GET", f"{here}/state", desk.everything, {"responses": _json(told.LeaderTold)}),
        ("GET", f"{here}/mine", desk.mine, {"responses": _json(told.MineTold)}),
        ("GET", f"{here}/qr.svg", desk.qr, text("image/svg+xml")),
        ("GET", f"{here}/minutes.md", desk.minutes, text("text/markdown")),
        ("GET", f"{here}/study.toml", desk.study, text("application/toml")),
        ("GET", f"{here}/ask.json", desk.ask, {"responses": {200: {"description": "inputs of a run"}}}),
        ("GET", f"{here}/export.json", desk.export, {"responses": _json(told.ExportTold)}),
    ]
    for method, path, endpoint, more in routes:
        responses = {**_problems(), **more.pop("responses", {})}
        name = f"workshop_{endpoint.__name__}"
        router.add_api_route(
            path, endpoint, methods=[method], responses=responses, operation_id=name,
            description=endpoint.__doc__, **more,
        )  # fmt: skip
    return router


def _problems() -> Responses:
    schema = told.ProblemTold.model_json_schema()
    return {code: {"description": words, "content": {MEDIA: {"schema": schema}}} for code, words in WORDS.items()}


def _json(model: type[told.Told]) -> Responses:
    return {200: {"model": model}}


def _text(media: str) -> dict[str, Any]:
    content = {media: {"schema": {"type": "string"}}}
    return {"response_class": Response, "responses": {200: {"description": "as text", "content": content}}}


def _speaking(desk: _Desk) -> type[APIRoute]:
    """Return a kind of route that tells what it refuses in the language of whoever asked."""

    class Speaking(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                try:
                    await desk.hall.open()
                    return await handle(request)
                except Refused as error:
                    return desk.refuse(request, error)
                except RequestValidationError as error:
                    return desk.refuse(request, misread(error))
                except HTTPException as error:
                    if error.status_code != 400:
                        raise
                    return desk.refuse(request, Refused("bad", "body"))

            return answer

    return Speaking


def misread(error: RequestValidationError) -> Refused:
    """Return the first thing that is wrong with a body as a refusal; nothing that was sent is sent back but a name."""
    first = error.errors()[0]
    where = [str(part) for part in first["loc"][1:] if isinstance(part, str)]
    kind, field = str(first["type"]), clean(where[-1])[:40] if where else ""
    if kind == "string_too_long":
        return Refused("bad", "text_long", most=first["ctx"]["max_length"])
    if kind in {"text_empty", "string_too_short"}:
        return Refused("bad", "text_empty")
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return Refused("bad", "field_missing" if kind.endswith("found") else "field_wrong", field="kind")
    if not where or kind == "json_invalid":
        return Refused("bad", "body")
    key = {"missing": "field_missing", "extra_forbidden": "field_unknown"}.get(kind, "field_wrong")
    return Refused("bad", key, field=field)


class _Desk:
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
        return Response(problem(status, refused.sentence(language), refused.key), status, headers, MEDIA)

    def _language(self, request: Request) -> str:
        room = self.hall.find(request.path_params.get("code", ""))
        otherwise = room.workshop.language if room else languages()[0]
        own = room.language(room.who(request.headers.get("x-genrejs-token"))) if room else None
        return own or spoken(request.headers.get("accept-language"), otherwise)

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
        return _packed(packed(views.words()))

    async def found(self, request: Request, response: Response, body: actions.Frame) -> told.FoundTold:
        """Set up a workshop; the leader's token is told this once."""
        if self._founding.take(address(request.scope)):
            raise Refused("much", "too_fast")
        if body.city not in self._settings.cities:
            raise Refused("unknown", "no_city", cities=", ".join(self._settings.cities))
        room, token = await self.hall.found(body.model_dump())
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

    async def _simulate(self, room: Room, who: str, asked: actions.Simulate) -> int:
        data = self.hall.judge(room, who, asked)
        if self._hooks.start_run is None:
            raise Refused("away", "no_runs")
        ideas = [room.ahead.ideas[id] for id in data["ideas"]]
        try:
            given = harvest.inputs(ideas, data["event"], data["strategy"], data["year"])
            job = await self._hooks.start_run(given, f"workshop-{room.workshop.code}")
        except Refused:
            raise
        except InputError as error:
            raise Refused("bad", "run_wrong") from error
        seq = await self.hall.started(room, data, job)
        task = asyncio.create_task(self._follow(room, job))
        self._followed.add(task)
        task.add_done_callback(self._followed.discard)
        return seq

    async def _follow(self, room: Room, job: str) -> None:
        """Wait for a run and keep what it answered; a run that fails in whatever way has failed."""
        answer = None
        with contextlib.suppress(Exception):
            answer = await self._hooks.wait_run(job) if self._hooks.wait_run else None
        with contextlib.suppress(Refused):
            await self.hall.ran(room, job, harvest.shortened(answer) if answer is not None else None)

    async def events(self, request: Request, code: Code) -> Response:
        """Follow the workshop: the public state now and after every change, five times a second at most."""
        room, _ = self._room(request, code)
        if room.live.count >= self._settings.listeners:
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


def _tongue(room: Room, language: str | None) -> str:
    return language if language in languages() else room.workshop.language


def _packed(body: bytes) -> Response:
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def _file(text: str, media: str, room: Room, ending: str) -> Response:
    name = f'attachment; filename="genrejs-{room.workshop.code}.{ending}"'
    headers = {"cache-control": "no-store", "content-disposition": name}
    return Response(text.encode(), media_type=f"{media}; charset=utf-8", headers=headers)
