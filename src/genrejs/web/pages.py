"""The pages that the front end is built into; without them, a plain page that says how to build them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

MODEL, WORKSHOP, DYNAMICS = "index.html", "workshop.html", "dynamics.html"
"""The built pages; the workshop's shows what its address asks for: a phone, the leader or the big screen."""
FOREVER = "public, max-age=31536000, immutable"
UNBUILT = """<!doctype html>
<html lang="da"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Genrejs</title></head><body>
<main>
<h1>Genrejs</h1>
<section lang="da"><h2>Siderne er ikke bygget endnu</h2>
<p>Serveren kører, og dens <a href="/openapi.json">grænseflade</a> virker. Byg siderne i
projektets mappe, og genindlæs så denne side:</p>
<pre>make frontend</pre></section>
<section lang="en"><h2>The pages are not built yet</h2>
<p>The server runs, and its <a href="/openapi.json">interface</a> works. Build the pages in the
project's folder, then load this page again:</p>
<pre>make frontend</pre></section>
</main>
</body></html>
"""

router = APIRouter(include_in_schema=False)


def is_page(path: str) -> bool:
    """Return whether a path is a page or a part of one."""
    return path in ("/", "/favicon.ico") or path.split("/")[1] in (
        "static", "workshop", "w", "leader", "screen", "dynamics",
    )  # fmt: skip


def pages_app() -> FastAPI:
    """Return an app of the pages alone."""
    app = FastAPI(openapi_url=None)
    add_pages(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    return app


def add_pages(app: FastAPI) -> None:
    """Let an app answer the pages and their parts."""
    app.include_router(router)
    app.mount("/static", Assets(directory=static_folder(), check_dir=False), name="static")


def static_folder() -> Path:
    """Return the folder that the front end is built into."""
    return Path(str(resources.files("genrejs.web").joinpath("static")))


class Assets(StaticFiles):
    """Built files: those whose name carries their hash may be kept for good."""

    async def check_config(self) -> None:
        """Tell of a file that is not there, where none were built."""
        if not Path(str(self.directory)).is_dir():
            raise HTTPException(404)

    def file_response(self, full_path: str, stat_result: object, scope: Scope, status_code: int = 200) -> Response:  # type: ignore[override]
        """Return the file with how long it may be kept."""
        answer = super().file_response(full_path, stat_result, scope, status_code)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = FOREVER if "/assets/" in str(full_path) else "no-cache"
        return answer


def page(name: str) -> Response:
    """Return a page, or the plain one where it is not built."""
    try:
        text = (static_folder() / name).read_text(encoding="utf-8")
    except OSError:
        return HTMLResponse(UNBUILT, headers={"Cache-Control": "no-store"})
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})


@router.get("/")
def model() -> Response:
    """Return the model of the city."""
    return page(MODEL)


@router.get("/workshop")
@router.get("/w")
@router.get("/leader")
@router.get("/screen")
@router.get("/w/{code}")
@router.get("/leader/{code}")
@router.get("/screen/{code}")
def workshop() -> Response:
    """Return the workshop: how one is made, a participant's phone, the leader's page or the big screen."""
    return page(WORKSHOP)


@router.get("/dynamics")
def dynamics() -> Response:
    """Return the game of city dynamics."""
    return page(DYNAMICS)


@router.get("/favicon.ico")
def favicon() -> Response:
    """Return no picture: the pages carry their own."""
    return Response(status_code=204)
