"""What goes wrong, told as problem details (RFC 9457): a status, a title and one sentence.

What the server itself refuses is told in the language that the asker's Accept-Language wants; where that names none,
and where a sentence comes from a room that has no words of its own, in English, with both languages beside it where
`refusals.toml` knows it.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from genrejs.errors import InputError
from genrejs.web.misread import misread
from genrejs.web.refusals import in_both
from genrejs.workshop.words import say, spoken

MEDIA = "application/problem+json"
OGC = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
TITLES = {
    400: "The input is wrong", 404: "Not found", 405: "Not this way", 413: "Too large", 422: "The input is wrong",
    429: "Too many runs are waiting", 500: "A fault of ours", 503: "Not ready",
}  # fmt: skip
LONGEST = 600
"""Characters of a sentence: what was sent may stand in it, but not all of it."""
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"}, "reason": {"type": "string"},
        "detail_da": {"type": "string"}, "detail_en": {"type": "string"},
    },
}  # fmt: skip
RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"description": words, "content": {MEDIA: {"schema": SCHEMA}}}
    for code, words in (("4XX", "What was asked cannot be done"), ("5XX", "The server cannot answer now"))
}
"""For a router: every refusal has this shape."""


class Problem(Exception):
    """What is told instead of an answer; `kind` ends the type's address where OGC API Processes names one.

    `reason` names for programs what is wrong, where the sentence itself is none of `refusals.toml`.
    """

    def __init__(
        self, status: int, detail: str, kind: str = "", headers: dict[str, str] | None = None, reason: str = ""
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind, self.headers, self.reason = status, detail, kind, headers, reason

    def response(self) -> JSONResponse:
        """Return it as an answer, in both languages where its sentence is one that we have words for."""
        body: dict[str, Any] = {
            "type": OGC + self.kind if self.kind else "about:blank",
            "title": TITLES.get(self.status, "It cannot be done"),
            "status": self.status,
            "detail": self.detail if len(self.detail) <= LONGEST else self.detail[:LONGEST] + " …",
        }
        told = in_both(self.detail)
        if told is not None:
            body |= {"reason": told.reason, "detail_da": told.da, "detail_en": told.en}
        elif self.reason:
            body["reason"] = self.reason
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
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        refused = misread(error)
        return _said(request, 422, refused.key, **refused.values)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            ways = ", ".join(allowed(request, (error.headers or {}).get("Allow", "")))
            answer = _said(request, 405, "method", allowed=ways)
            answer.headers["allow"] = ways
            return answer
        if error.status_code == HTTPStatus.NOT_FOUND:
            return _said(request, 404, "path")
        return Problem(error.status_code, str(error.detail), headers=dict(error.headers or {})).response()

    @app.exception_handler(Exception)
    async def _fault(request: Request, error: Exception) -> JSONResponse:
        return _said(request, 500, "fault")


def _said(request: Request, status: int, key: str, **values: object) -> JSONResponse:
    """Return a problem whose sentence is one of the words of the workshop's files."""
    language = spoken(request.headers.get("accept-language"), "en")
    sentence = say(language, f"refused.{key}", **values)
    return Problem(status, sentence, headers={"content-language": language}, reason=key).response()


def allowed(request: Request, otherwise: str = "") -> list[str]:
    """Return what may be done with the address of a request, by every path of the description that it fits."""
    path, found = str(request.scope["path"]), {each.strip() for each in otherwise.split(",") if each.strip()}
    for template, ways in request.app.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            found |= {way.upper() for way in ways}
    return sorted(found)
