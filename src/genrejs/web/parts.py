"""What every route finds in the app: the settings, the city once it is ready, the jobs, what is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request, Response

from genrejs.web.cards import Cards
from genrejs.web.films import Films
from genrejs.web.guard import TOKEN, address
from genrejs.web.jobs import Jobs
from genrejs.web.problems import Problem
from genrejs.web.settings import Settings
from genrejs.web.workers import Pool

if TYPE_CHECKING:
    from genrejs.web.shown import Shown


@dataclass
class Parts:
    """The parts of a running server; `load` makes the city ready, `shown` is set when that begins and done after.

    `holder` tells who holds a token of a workshop here, None for nobody; none where there are no workshops.
    """

    settings: Settings
    jobs: Jobs
    pool: Pool
    cards: Cards
    films: Films
    load: Callable[[Settings], Shown]
    shown: asyncio.Future[Shown] | None = None
    holder: Callable[[str], str | None] | None = None
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ready(self) -> Shown | None:
        """The city where it is ready."""
        done = self.shown is not None and self.shown.done() and self.shown.exception() is None
        return self.shown.result() if self.shown is not None and done else None

    async def city(self) -> Shown:
        """Return the city; wait until it is ready.

        Raises
        ------
        Problem
            It could not be made ready (503).
        """
        if self.shown is None:
            raise Problem(503, "The server is not started.")
        try:
            return await asyncio.shield(self.shown)
        except Exception as error:
            raise Problem(503, f"The city could not be made ready: {error}") from error


async def parts_of(request: Request) -> Parts:
    """Return the server's parts."""
    return cast(Parts, request.app.state.parts)


async def shown_of(request: Request) -> Shown:
    """Return the city; wait until it is ready."""
    return await (await parts_of(request)).city()


async def user_of(request: Request) -> str:
    """Return whom runs are counted for: who holds a token of a workshop here, else an address."""
    token, holder = request.headers.get(TOKEN.decode()), (await parts_of(request)).holder
    return (holder(token) if token and holder else None) or address(request.scope)


Ours = Annotated[Parts, Depends(parts_of)]
City = Annotated["Shown", Depends(shown_of)]
User = Annotated[str, Depends(user_of)]


def tagged(request: Request, body: bytes, tag: str, media: str, **headers: str) -> Response:
    """Return `body`, or 304 to a browser that has it by its tag."""
    marked = f'"{tag}"'
    own = {"ETag": marked, "Cache-Control": "no-cache"}
    own |= {name.replace("_", "-"): text for name, text in headers.items()}
    given = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if marked in given or "*" in given:
        return Response(status_code=304, headers=own)
    return Response(body, media_type=media, headers=own)
