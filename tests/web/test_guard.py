"""The guard: rates, sizes, paths, names, origins and headers, without the app behind it knowing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from genrejs.web.guard import BUCKETS, DRAIN, Buckets, Guard, Limits, Rate, address, guarded, safe_headers


class Asked:
    """An app that tells what it was asked, and what came of asking it."""

    def __init__(self, limits: Limits | None = None, **headers: str) -> None:
        self.bodies: list[bytes] = []
        self._headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        self.guard = guarded(self.app, limits)

    async def app(self, scope, receive, send) -> None:
        body, more = b"", scope["method"] != "GET"
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": b"hello"})

    def __call__(
        self, method: str = "GET", path: str = "/", parts: list[bytes] | None = None, client: str = "10.0.0.1",
        headers: Mapping[str, str] | None = None, endless: bool = False,
    ) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
        sent: list[dict[str, Any]] = []
        waiting = list(parts or [])
        self.read = 0

        async def receive() -> dict[str, Any]:
            if endless:
                await asyncio.sleep(3600)
            if not waiting:
                return {"type": "http.disconnect"}
            self.read += 1
            return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

        async def send(message) -> None:
            sent.append(message)

        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": raw,
            "client": (client, 1),
            "query_string": b"",
        }
        asyncio.run(self.guard(scope, receive, send))
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:])


def length(parts: list[bytes]) -> dict[str, str]:
    return {"content-length": str(sum(map(len, parts)))}


def test_every_answer_carries_the_safe_headers_and_no_cookie():
    status, headers, body = Asked()()
    assert status == 200 and body == b"hello" and safe_headers().items() <= headers.items()
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy
    assert "script-src" not in policy and "*" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert not {"set-cookie", "access-control-allow-origin"} & set(headers)
    status, refused, _ = Asked()(path="/../etc/passwd")
    assert status == 404 and safe_headers().items() <= refused.items()


def test_a_header_of_the_apps_own_stands():
    _, headers, _ = Asked(**{"content_security_policy": "default-src 'none'"})()
    assert headers["content-security-policy"] == "default-src 'none'"


@pytest.mark.parametrize("path", ["/../x", "/a/../../b", "/a\\..\\b", "/a\x00b", "/a\nb", "/.."])
def test_a_path_that_climbs_is_no_address(path):
    asked = Asked()
    assert asked(path=path)[0] == 404 and asked.bodies == []


@pytest.mark.parametrize("path", ["/a..b", "/æøå", "/w/ABCDEF", "/a.b/c"])
def test_a_plain_path_passes(path):
    assert Asked()(path=path)[0] == 200


def test_a_body_of_the_limit_passes_unchanged_and_one_byte_more_does_not():
    asked = Asked(Limits(body=2048))
    parts = [b"a" * 1000, b"b" * 1048]
    assert asked("POST", parts=parts, headers=length(parts))[0] == 200
    assert asked("POST", parts=parts, headers={"transfer-encoding": "chunked"})[0] == 200
    assert asked.bodies == [b"".join(parts)] * 2
    more = [*parts, b"c"]
    for headers in (length(more), {"transfer-encoding": "chunked"}, {"content-length": "10"}, {"content-length": "x"}):
        status, told, body = asked("POST", parts=more, headers=headers)
        assert status == 413 and told["connection"] == "close" and b"2 kB" in body
    assert len(asked.bodies) == 2


def test_ten_megabytes_are_refused_and_not_held():
    asked = Asked()
    parts = [b"x" * 2**20] * 10
    for headers in (length(parts), {"transfer-encoding": "chunked"}, {"content-length": "9" * 5000}):
        status, _, body = asked("POST", parts=parts, headers=headers)
        assert status == 413 and json.loads(body)["reason"] == "body_large" and asked.bodies == []
    endless = [b"x" * 2**20] * 1000
    assert asked("POST", parts=endless, headers={"transfer-encoding": "chunked"})[0] == 413
    assert asked.read <= DRAIN / 2**20 + 1


def test_a_body_that_never_comes_is_not_waited_for():
    asked = Asked(Limits(body_seconds=0.05))
    assert asked("POST", headers={"content-length": "5"}, endless=True)[0] == 408
    assert asked("POST", headers={"content-length": "9999999"}, endless=True)[0] == 413


def test_a_bucket_fills_again_and_holds_no_more_than_its_burst():
    now = [0.0]
    bucket = Buckets(Rate(3, 2), lambda: now[0])
    assert [bucket.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take("b") == 0 and bucket.wait("a") == 0.5
    now[0] = 0.5
    assert bucket.wait("a") == 0 and bucket.take("a") == 0 and bucket.take("a") == 0.5
    now[0] = 1e6
    assert [bucket.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert Buckets(Rate(0, 0)).take("a") == 0


def test_buckets_forget_the_oldest():
    bucket = Buckets(Rate(1, 1e-9), lambda: 0.0)
    for k in range(BUCKETS + 1):
        bucket.take(str(k))
    assert bucket.take(str(BUCKETS)) > 0 and bucket.take("0") == 0


def test_a_token_may_do_little_at_once_and_an_address_more_whatever_tokens_it_makes_up():
    asked = Asked(Limits(token=Rate(2, 0.01), address=Rate(5, 0.01)))

    def post(token: str, client: str = "10.0.0.1") -> int:
        return asked("POST", headers={"X-Genrejs-Token": token}, client=client)[0]

    assert [post("a"), post("a"), post("a"), post("b")] == [200, 200, 429, 200]
    assert [post("c"), post("d"), post("e")] == [200, 429, 429]
    assert post("a", client="10.0.0.2") == 429 and post("d", client="10.0.0.2") == 200
    status, headers, body = asked("POST", headers={"X-Genrejs-Token": "a", "Accept-Language": "da"})
    assert status == 429 and int(headers["retry-after"]) >= 1 and headers["content-language"] == "da"
    assert json.loads(body)["detail"] == "Det går for hurtigt; vent et øjeblik."
    assert headers["content-type"] == "application/problem+json"


def test_reading_has_a_rate_of_its_own():
    asked = Asked(Limits(reads=Rate(2, 0.01)))
    assert [asked()[0] for _ in range(3)] == [200, 200, 429]
    assert asked("POST")[0] == 200 and asked(client="10.0.0.9")[0] == 200


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_one_or_a_network_of_one_user(client, counted):
    assert address({"client": (client, 1)}) == counted


def test_no_address_is_an_address_too():
    assert address({"client": None}) == address({}) == "unknown"


def test_only_names_of_ours_are_answered_where_they_are_given():
    asked = Asked(Limits(hosts=("genrejs.example", "localhost")))
    for host, status in [
        ("genrejs.example", 200), ("Genrejs.Example:8000", 200), ("localhost:80", 200), ("evil.example", 400), ("", 400),
        ("evil.example@localhost", 400), ("[::1]:80", 400), ("localhost.evil.example", 400), ("[::1", 400),
    ]:  # fmt: skip
        assert asked(headers={"host": host})[0] == status, host
    assert asked()[0] == 400 and Asked()(headers={"host": "anything"})[0] == 200


def test_another_sites_page_can_read_nothing_it_may_not_and_write_nothing():
    asked = Asked()
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert asked("POST", headers=foreign)[0] == 403 and asked("DELETE", headers=foreign)[0] == 403
    assert asked("OPTIONS", headers={**foreign, "access-control-request-method": "POST"})[1].get(
        "access-control-allow-origin"
    ) is None  # fmt: skip
    assert asked("POST", headers={"sec-fetch-site": "same-origin"})[0] == 200 and asked("POST")[0] == 200


def test_an_origin_that_is_named_may_use_the_api():
    asked = Asked(Limits(origins=("https://friend.example",)))
    friend = {"origin": "https://friend.example", "sec-fetch-site": "cross-site"}
    status, headers, _ = asked("POST", headers=friend)
    assert status == 200 and headers["access-control-allow-origin"] == "https://friend.example"
    assert "access-control-allow-credentials" not in headers
    wish = {"access-control-request-method": "POST", "access-control-request-headers": "x-genrejs-token"}
    assert asked("OPTIONS", headers={**friend, **wish})[0] == 200
    other = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert asked("POST", headers=other)[0] == 403
    assert "access-control-allow-origin" not in asked(headers=other)[1]


def test_what_is_no_request_passes():
    seen = []

    async def app(scope, receive, send) -> None:
        seen.append(scope["type"])

    asyncio.run(Guard(app)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
