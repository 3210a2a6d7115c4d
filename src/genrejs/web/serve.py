"""`genrejs serve`: one process that answers, a few that compute, until somebody stops it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import sys
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from genrejs.errors import InputError
from genrejs.study import Study
from genrejs.web.app import create_app, new_parts
from genrejs.web.early import Early
from genrejs.web.guard import Limits, guarded
from genrejs.web.pages import is_page, pages_app
from genrejs.web.parts import Parts
from genrejs.web.settings import Settings
from genrejs.workshop.store import Store

GRACE = 3
"""[s] that open lines have to end when the server stops."""


@dataclass(frozen=True)
class Where:
    """Where a server listens and keeps things; `database` of its workshops, a file in `data` without one.

    `address` is how phones reach it, for the QR code and links; none: as it was asked.
    """

    host: str
    port: int
    data: Path
    database: str | None = None
    address: str | None = None


def serve(city: str, where: Where, cache: Path | None) -> None:
    """Answer until stopped; the address is printed when it can be opened.

    Raises
    ------
    InputError
        The city is not embedded, the port is taken, the address is none that phones can open, or the data folder or
        the database cannot be used.
    """
    known = embedded()
    if city not in known:
        raise InputError(f"There is no embedded city '{city}'; there are {', '.join(known)}.")
    if where.data.exists() and not where.data.is_dir():
        raise InputError(f"{where.data} is a file; give a folder to keep data in.")
    settings = Settings(where.data, cache, Study(city=city), address=where.address)
    line = listen(where.host, where.port)
    try:
        parts = new_parts(settings)
        store = Store(where.database or where.data / "workshops.db")
        print(greeting(line), flush=True)
        parts.pool.launch()
        try:
            _run(parts, store, line)
        finally:
            parts.pool.close()
        store.close()
    finally:
        line.close()


def embedded() -> list[str]:
    """Return the names of the cities inside the package."""
    folders = resources.files("genrejs.cities").iterdir()
    return sorted(each.name for each in folders if each.joinpath("sources.csv").is_file())


def _run(parts: Parts, store: Store, line: socket.socket) -> None:
    """Serve until stopped; raise what kept the app from being loaded."""
    wrong: list[Exception] = []

    def failed(error: Exception) -> None:
        wrong.append(error)
        server.should_exit = True

    early = Early(pages_app(), is_page, partial(_whole, parts, store), failed)
    config = uvicorn.Config(
        guarded(early, Limits()), log_level="warning", access_log=False, lifespan="on", server_header=False,
        timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
    server = Server(config, parts)
    # A worker that had to be killed leaves a lock of numba's behind; it is removed, and nobody need hear of it.
    sys.warnoptions.append("ignore:resource_tracker")
    # uvicorn stops at either signal and then sends it again: both are the ordinary way to end.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[line])
    if wrong:
        raise wrong[0]


def _whole(parts: Parts, store: Store) -> FastAPI:
    """Return the app with everything in it."""
    from genrejs.web.desk import WorkshopSettings  # noqa: PLC0415  # slow: libraries of maps and tables
    from genrejs.web.hooks import hooks_of  # noqa: PLC0415
    from genrejs.web.workshops import workshop_router  # noqa: PLC0415
    from genrejs.workshop.hall import Hall  # noqa: PLC0415

    asked, hall = parts.settings, Hall(store)
    parts.holder = hall.holder
    settings = WorkshopSettings(asked.address, cities=(asked.study.city,))
    return create_app(parts, [workshop_router(hall, hooks_of(parts), settings)])


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to the address.

    Raises
    ------
    InputError
        The address is taken, not ours, or no address.
    """
    if not 0 <= port <= 65535:
        raise InputError(f"A port is a number from 0 to 65535; got {port}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        line = socket.socket(family, kind, protocol)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind(address)
        line.listen(2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(f"Port {port} of {host} is taken; choose another with --port.") from error
        raise InputError(f"The server cannot listen at {host}, port {port}: {error.strerror or error}.") from error
    return line


def greeting(line: socket.socket) -> str:
    """Return the one line that says where the server is, in Danish and English."""
    host, port = line.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    if host in ("0.0.0.0", "::"):  # every address of the machine: its own name is one of them
        shown = "localhost"
    return f"Genrejs: åbn / open http://{shown}:{port}/  (Ctrl-C stopper / stops)"


class Server(uvicorn.Server):
    """A server that lets whoever follows a run go when it is told to stop."""

    def __init__(self, config: uvicorn.Config, parts: Parts) -> None:
        super().__init__(config)
        self._parts = parts

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: first end what is followed, then as uvicorn does."""
        self._parts.closing.set()
        await asyncio.sleep(0)
        await super().shutdown(sockets)
