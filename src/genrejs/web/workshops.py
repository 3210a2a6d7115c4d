"""The workshop's routes, as the description of the API tells them; the desk answers them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from genrejs.web.desk import Desk, Hooks, WorkshopSettings
from genrejs.web.guard import MEDIA
from genrejs.web.misread import misread
from genrejs.workshop import told
from genrejs.workshop.hall import Hall
from genrejs.workshop.refused import Refused

Responses = dict[int | str, dict[str, Any]]
WORDS: Mapping[int | str, str] = {
    400: "wrong input", 403: "no right to it", 404: "no such workshop or thing", 409: "not now", 413: "too large",
    429: "too many or too fast", 503: "cannot be kept now", "4XX": "refused",
}  # fmt: skip


def workshop_router(hall: Hall, hooks: Hooks | None = None, settings: WorkshopSettings | None = None) -> APIRouter:
    """Return the routes of a hall's workshops; the router opens it when the app starts and closes it when it ends."""
    desk = Desk(hall, hooks or Hooks(), settings or WorkshopSettings())
    router = APIRouter(lifespan=desk.lifespan, route_class=_speaking(desk), tags=["workshop"])
    here = "/api/workshops/{code}"
    text = _text
    routes: list[tuple[str, str, Callable[..., Any], dict[str, Any]]] = [
        ("GET", "/api/workshop", desk.words, {"responses": _json(told.WordsTold)}),
        ("GET", "/api/workshop/words/{language}", desk.page, {"responses": _plain()}),
        ("POST", "/api/workshops", desk.found, {"response_model": told.FoundTold, "status_code": 201}),
        ("GET", here, desk.state, {"responses": _json(told.StateTold)}),
        ("DELETE", here, desk.drop, {"status_code": 204}),
        ("POST", f"{here}/join", desk.join, {"response_model": told.JoinedTold, "status_code": 201}),
        ("POST", f"{here}/actions", desk.act, {"response_model": told.DoneTold}),
        ("POST", f"{here}/price", desk.price, {"response_model": told.PriceTold}),
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


def _plain() -> Responses:
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    return {200: {"description": "words by their keys", "content": {"application/json": {"schema": schema}}}}


def _text(media: str) -> dict[str, Any]:
    content = {media: {"schema": {"type": "string"}}}
    return {"response_class": Response, "responses": {200: {"description": "as text", "content": content}}}


def _speaking(desk: Desk) -> type[APIRoute]:
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
