"""What goes wrong, told as problem details (RFC 9457): a status, a title and one sentence."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from genrejs.errors import InputError

MEDIA = "application/problem+json"
OGC = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
TITLES = {
    400: "The input is wrong", 404: "Not found", 405: "Not this way", 413: "Too large", 422: "The input is wrong",
    429: "Too many runs are waiting", 500: "A fault of ours", 503: "Not ready",
}  # fmt: skip
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}  # fmt: skip
RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"description": words, "content": {MEDIA: {"schema": SCHEMA}}}
    for code, words in (("4XX", "What was asked cannot be done"), ("5XX", "The server cannot answer now"))
}
"""For a router: every refusal has this shape."""


class Problem(Exception):
    """What is told instead of an answer; `kind` ends the type's address where OGC API Processes names one."""

    def __init__(self, status: int, detail: str, kind: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind, self.headers = status, detail, kind, headers

    def response(self) -> JSONResponse:
        """Return it as an answer."""
        body = {
            "type": OGC + self.kind if self.kind else "about:blank",
            "title": TITLES.get(self.status, "It cannot be done"),
            "status": self.status,
            "detail": self.detail,
        }
        return JSONResponse(body, self.status, self.headers, MEDIA)


def tell_problems(app: FastAPI) -> None:
    """Let `app` answer every refusal and fault as a problem."""

    @app.exception_handler(Problem)
    async def _problem(_: Request, error: Problem) -> JSONResponse:
        return error.response()

    @app.exception_handler(InputError)
    async def _input(_: Request, error: InputError) -> JSONResponse:
        return Problem(400, str(error)).response()

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return Problem(422, f"{where}: {first['msg']}.").response()

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        return Problem(error.status_code, str(error.detail), headers=dict(error.headers or {})).response()

    @app.exception_handler(Exception)
    async def _fault(_: Request, error: Exception) -> JSONResponse:
        return Problem(500, "A fault of ours; the server's log says more.").response()
