"""The app: every route, the city and the workers behind them; the interface is told at `/openapi.json`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from genrejs.machine import cores
from genrejs.provenance import package_version
from genrejs.web import dynamics, maps, pages, processes
from genrejs.web.cards import Cards
from genrejs.web.films import Films, prune
from genrejs.web.jobs import Jobs
from genrejs.web.parts import Parts
from genrejs.web.problems import tell_problems
from genrejs.web.settings import Settings
from genrejs.web.workers import Pool

if TYPE_CHECKING:
    from genrejs.web.shown import Shown

ABOUT = (
    "How a city withstands a shock, bounces back and emerges stronger. Positions are longitude, latitude (WGS 84); "
    "figures are in SI units and DKK."
)


def load_city(settings: Settings) -> Shown:
    """Make the city ready to be shown: some seconds."""
    from genrejs.web.shown import Shown  # noqa: PLC0415  # slow: two seconds of libraries

    return Shown(settings)


def new_parts(settings: Settings, pool: Pool | None = None, load: Callable[[Settings], Shown] = load_city) -> Parts:
    """Return the parts of a server that is not started yet; `pool` computes its runs, `load` makes its city ready."""
    count = settings.workers or max(1, min(cores(), settings.most_workers))
    films = Films(settings.data / "films")
    hands = pool or Pool(count, partial(open_worker, settings), settings.stop_grace)
    jobs = Jobs(hands, settings, cores(), lambda key: films.times(key) or ())
    return Parts(settings, jobs, hands, Cards(settings.data), films, load)


def open_worker(settings: Settings) -> Any:
    """Make a worker's city ready; in the worker's own process."""
    from genrejs.web.tasks import Worker  # noqa: PLC0415  # slow: only workers need it

    return Worker(settings)


def create_app(parts: Parts, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the app of these parts, with further routers; its workers run while it is served."""
    app = FastAPI(
        title="Genrejs", version=package_version(), description=ABOUT, docs_url=None, redoc_url=None,
        lifespan=partial(_life, parts),
    )  # fmt: skip
    app.state.parts = parts
    tell_problems(app)
    for router in (maps.router, processes.router, dynamics.router, *routers):
        app.include_router(router)
    pages.add_pages(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    return app


@asynccontextmanager
async def _life(parts: Parts, _: FastAPI) -> AsyncIterator[None]:
    """Start the workers and make the city ready beside; end them at last."""
    await asyncio.to_thread(tidy, parts.settings)
    parts.shown = asyncio.get_running_loop().create_future()
    Thread(target=_load, args=(parts, asyncio.get_running_loop()), name="city", daemon=True).start()
    parts.pool.start(parts.jobs.heard)
    try:
        yield
    finally:
        parts.closing.set()
        await asyncio.to_thread(parts.pool.close)


def tidy(settings: Settings) -> None:
    """Remove what an earlier server left half-made in the data folder, and its oldest results beyond what is kept."""
    for place in (settings.store / "records", settings.store / "floods", settings.data / "films",
                  settings.data / "cards", settings.data / "studies"):  # fmt: skip
        prune(place, settings.kept_results)


def _load(parts: Parts, loop: asyncio.AbstractEventLoop) -> None:
    """Make the city ready and tell the loop; the body of a thread, so that pages are answered meanwhile."""
    try:
        outcome: Any = parts.load(parts.settings)
    except Exception as error:  # noqa: BLE001  # whatever it is, whoever asks for the city is told
        outcome = error
    with suppress(RuntimeError):  # the loop has ended: nobody waits
        loop.call_soon_threadsafe(_settle, parts, outcome)
    if not isinstance(outcome, Exception):
        outcome.warm()


def _settle(parts: Parts, outcome: Any) -> None:
    if parts.shown is None or parts.shown.done():
        return
    if isinstance(outcome, Exception):
        parts.shown.set_exception(outcome)
        parts.shown.exception()  # seen: no complaint when nobody ever asks
    else:
        parts.shown.set_result(outcome)
