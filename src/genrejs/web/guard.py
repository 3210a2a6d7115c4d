"""What stands between the net and the app: rates, sizes, origins, paths, and the headers that keep a browser safe.

Pure ASGI, so that nothing it does holds back a stream. Rates are token buckets: a bucket holds `burst` requests and
gains `each_second`; who finds it empty is told to wait. A token's bucket is small, an address's is large, since a whole
workshop may sit behind one address.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from starlette.middleware.cors import CORSMiddleware

from genrejs.workshop.live import packed
from genrejs.workshop.words import HOME, say, spoken

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN = b"x-genrejs-token"
BUCKETS = 50_000
"""Remembered at once; the one not used for longest is forgotten first (assumption)."""
DRAIN = 16 * 2**20
"""[byte] of a body too large that are read and thrown away, so that its sender hears the answer."""
MEDIA = "application/problem+json"
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:@/\\\[\]\s]+)(:\d+)?")
"""A Host header: a name or an address, with a port or none."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Nothing from elsewhere; the map makes its worker and its symbols itself (blob:) and styles its parts in place."""


@dataclass(frozen=True)
class Rate:
    """How much one may ask: `burst` at once, `each_second` in the long run; a burst of 0 is no limit."""

    burst: float
    each_second: float


@dataclass(frozen=True)
class Limits:
    """The guard's figures (assumptions, a hundred phones behind one address in mind).

    `hosts` are the names that the server answers to, none for any; `origins` the other sites that may use the API;
    `body` [byte], `body_seconds` [s].
    """

    token: Rate = Rate(20, 5)
    address: Rate = Rate(600, 150)
    reads: Rate = Rate(4000, 800)
    body: int = 64 * 1024
    body_seconds: float = 20.0
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    policy: str = POLICY


class Buckets:
    """Token buckets by key, all of one rate."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, amount: float = 1.0) -> float:
        """Take from a bucket; return 0 when there was enough, else the seconds until there will be."""
        if self._rate.burst <= 0:
            return 0.0
        level = self._level(key)
        short = amount - level
        self._keep(key, level - (amount if short <= 0 else 0.0))
        return 0.0 if short <= 0 else short / self._rate.each_second

    def wait(self, key: str) -> float:
        """Return the seconds until one could be taken, and take none."""
        return 0.0 if self._rate.burst <= 0 else max(0.0, 1.0 - self._level(key)) / self._rate.each_second

    def _level(self, key: str) -> float:
        level, then = self._held.get(key, (self._rate.burst, self._clock()))
        return min(self._rate.burst, level + (self._clock() - then) * self._rate.each_second)

    def _keep(self, key: str, level: float) -> None:
        self._held[key] = (level, self._clock())
        self._held.move_to_end(key)
        if len(self._held) > BUCKETS:
            self._held.popitem(last=False)


def address(scope: Scope) -> str:
    """Return whom a request is counted for: an IPv4 address, or the /64 network that one IPv6 user has."""
    host = str((scope.get("client") or ("unknown", 0))[0])
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else host


class Guard:
    """ASGI middleware that refuses what is too much, too large or not for here, and adds the headers to all else."""

    def __init__(self, app: App, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._app = app
        self._tokens, self._addresses = Buckets(self._limits.token), Buckets(self._limits.address)
        self._reads = Buckets(self._limits.reads)
        self._headers = [(name.encode(), value.encode()) for name, value in safe_headers(self._limits.policy).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value for name, value in reversed(scope["headers"])}
        answer = _Answer(headers, send, self._headers)
        refusal = self._place(scope, headers) or self._rate(scope, headers)
        if refusal is not None:
            await answer.refuse(*refusal)
            return
        if b"content-length" in headers or b"transfer-encoding" in headers:
            body = await self._body(headers, receive)
            if isinstance(body, int):
                values = {"most": self._limits.body // 1024}
                await answer.refuse(body, "body_large" if body == 413 else "body_slow", values=values, close=True)
                return
            receive = _replay(body, receive)
        await self._app(scope, receive, answer.send)

    def _place(self, scope: Scope, headers: Mapping[bytes, bytes]) -> tuple[int, str] | None:
        """Refuse a name that is not ours, a path that climbs, and writing from another site's page."""
        name = HOST.fullmatch(headers.get(b"host", b"").decode("latin-1").lower())
        if self._limits.hosts and (name is None or name["name"] not in self._limits.hosts):
            return 400, "host"
        path = str(scope["path"])
        if not _plain(path) or "\\" in path or ".." in path.split("/"):
            return 404, "path"
        origin = headers.get(b"origin", b"").decode("latin-1")
        foreign = headers.get(b"sec-fetch-site") == b"cross-site" and origin not in self._limits.origins
        return (403, "origin") if foreign and scope["method"] not in SAFE else None

    def _rate(self, scope: Scope, headers: Mapping[bytes, bytes]) -> tuple[int, str, float] | None:
        who = address(scope)
        if scope["method"] in SAFE:
            wait = self._reads.take(who)
        else:
            # The address pays first: a new token for every request does not help.
            wait = self._addresses.take(who)
            token = headers.get(TOKEN)
            if not wait and token:
                wait = self._tokens.take(sha256(token).hexdigest())
        return (429, "too_fast", wait) if wait else None

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> list[Message] | int:
        """Return the messages of a body that is small enough and comes in time, else the status of its refusal."""
        stated = headers.get(b"content-length", b"")
        large = stated.isdigit() and (len(stated) > 18 or int(stated) > self._limits.body)
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                return await self._read(receive, large)
        except TimeoutError:
            return 413 if large else 408

    async def _read(self, receive: Receive, large: bool) -> list[Message] | int:
        held: list[Message] = []
        size = 0
        while True:
            message = await receive()
            size += len(message.get("body", b""))
            large = large or size > self._limits.body
            held = [] if large else [*held, message]
            if message["type"] != "http.request" or not message.get("more_body", False) or size > DRAIN:
                return 413 if large else held


def _plain(text: str) -> bool:
    return all(" " <= letter != "\x7f" for letter in text)


def _replay(body: list[Message], receive: Receive) -> Receive:
    """Give a body that was read once more, then what comes after it."""
    waiting = iter(body)

    async def again() -> Message:
        message = next(waiting, None)
        return message if message is not None else await receive()

    return again


class _Answer:
    """Sends what the app answers with the safe headers added, or a refusal."""

    def __init__(self, headers: Mapping[bytes, bytes], send: Send, safe: list[tuple[bytes, bytes]]) -> None:
        self._language = spoken(headers.get(b"accept-language", b"").decode("latin-1"), HOME)
        self._send, self._safe = send, safe

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            message = {**message, "headers": given + [each for each in self._safe if each[0] not in names]}
        await self._send(message)

    async def refuse(
        self, status: int, key: str, wait: float = 0.0, *, values: Mapping[str, int] | None = None, close: bool = False
    ) -> None:
        body = problem(status, say(self._language, f"refused.{key}", **(values or {})), key)
        headers = [(b"content-type", MEDIA.encode()), (b"content-length", str(len(body)).encode())]
        headers += [(b"content-language", self._language.encode())]
        headers += [(b"retry-after", str(math.ceil(wait)).encode())] if wait else []
        headers += [(b"connection", b"close")] if close else []
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def problem(status: int, detail: str, reason: str) -> bytes:
    """Return a refusal as problem details (RFC 9457): a sentence for people, `reason` for programs."""
    title = HTTPStatus(status).phrase
    return packed({"type": "about:blank", "title": title, "status": status, "detail": detail, "reason": reason})


def safe_headers(policy: str = POLICY) -> Mapping[str, str]:
    """Return the headers of every answer that has none of its own by that name."""
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-frame-options": "DENY",
    }


def guarded(app: App, limits: Limits | None = None) -> App:
    """Return the app behind the guard; other sites' pages may use it only from the origins that `limits` names."""
    limits = limits or Limits()
    if limits.origins:
        headers = ["Content-Type", "X-Genrejs-Token", "Accept-Language"]
        methods = ["GET", "POST", "DELETE"]
        app = CORSMiddleware(app, allow_origins=limits.origins, allow_methods=methods, allow_headers=headers)
    return Guard(app, limits)
