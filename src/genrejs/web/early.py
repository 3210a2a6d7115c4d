"""A server that answers its pages at once, and everything else as soon as the rest of it is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from threading import Thread

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

Build = Callable[[], FastAPI]
"""Loads what is slow and returns the whole app."""


class Early:
    """An app in front of one that takes seconds to load; `front` answers the `paths` that begin so meanwhile.

    `failed` is called with what went wrong when the app cannot be loaded.
    """

    def __init__(
        self, front: ASGIApp, pages: Callable[[str], bool], build: Build, failed: Callable[[Exception], None]
    ) -> None:
        self._front, self._pages = front, pages
        self._build, self._failed = build, failed
        self._whole: asyncio.Future[FastAPI] | None = None
        self._stack = AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live from start to end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self._pages(scope["path"]):
            await self._front(scope, receive, send)
        elif self._whole is not None:
            await (await asyncio.shield(self._whole))(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Say that we are started, load the app, let it live until the end."""
        await receive()
        self._whole = asyncio.get_running_loop().create_future()
        opening = asyncio.create_task(self._open(self._whole))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if not self._whole.done():
            opening.cancel()
        await asyncio.wait([opening])
        await self._stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self, whole: asyncio.Future[FastAPI]) -> None:
        try:
            app = await self._built()
            await self._stack.enter_async_context(app.router.lifespan_context(app))
            whole.set_result(app)
        except Exception as error:  # noqa: BLE001  # whatever it is, the server must end with it
            whole.set_exception(error)
            whole.exception()  # seen: no complaint when nobody waits
            self._failed(error)

    async def _built(self) -> FastAPI:
        """Build the app in a thread that does not keep the server from ending."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[FastAPI] = loop.create_future()

        def settle(app: FastAPI | None, error: Exception | None) -> None:
            if not done.done():
                done.set_result(app) if app is not None else done.set_exception(error or RuntimeError())

        def build() -> None:
            app, wrong = None, None
            try:
                app = self._build()
            except Exception as error:  # noqa: BLE001  # passed on
                wrong = error
            with suppress(RuntimeError):  # the loop has ended: nobody waits
                loop.call_soon_threadsafe(settle, app, wrong)

        Thread(target=build, name="app", daemon=True).start()
        return await done
