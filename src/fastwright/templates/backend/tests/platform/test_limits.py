"""Requests, addresses and bodies are limited, and whoever is refused is told so."""

from collections.abc import AsyncIterator

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.limit_storage import ProcessStorage
from app.rate_limit import RateLimitMiddleware, client_address
from tests.platform.conftest import Serve


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_requests_over_the_limit_are_told_when_to_come_back(serve: Serve) -> None:
    client = await serve(rate_limit="3/day")

    answers = [await client.get("/api/v1/users/me", headers={"Origin": "https://shop.example"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["ratelimit-limit"] == "3"
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]
    assert 1 <= int(refused.headers["retry-after"]) <= 86_400
    assert refused.headers["access-control-allow-origin"] == "https://shop.example"
    assert refused.json()["request_id"] == refused.headers["x-request-id"]


async def test_health_and_metrics_are_not_limited(serve: Serve) -> None:
    client = await serve(rate_limit="1/day")

    paths = ["/health/live", "/health/ready", "/metrics"] * 2

    assert {(await client.get(path)).status_code for path in paths} == {200}


async def test_each_address_has_its_own_count() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})

    limited = RateLimitMiddleware(app, counts=ProcessStorage(), limit="1/day")

    statuses = [await _status(limited, address) for address in ("10.0.0.1", "10.0.0.2", "10.0.0.1")]

    assert statuses == [204, 204, 429]


async def _status(app: RateLimitMiddleware, address: str) -> int:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "http", "path": "/api/v1/things", "client": (address, 1)}, receive, send)
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "testclient"),
        ("not:an:address", "not:an:address"),
        (None, ""),
    ],
)
def test_an_address_of_ipv6_is_counted_by_its_network(host: str | None, counted: str) -> None:
    assert client_address({"client": (host, 1) if host else None}) == counted


async def test_a_counter_ends_with_its_time() -> None:
    clock = Clock()
    storage = ProcessStorage(clock=clock)

    assert [await storage.incr("key", 10) for _ in range(3)] == [1, 2, 3]
    assert await storage.get("key") == 3
    assert await storage.get_expiry("key") == 1010
    clock.now += 10
    assert await storage.get("key") == 0
    assert await storage.get_expiry("key") == 1010
    assert await storage.incr("key", 10) == 1


async def test_the_memory_of_the_counters_is_bounded() -> None:
    clock = Clock()
    storage = ProcessStorage(size=3, clock=clock)
    for number in range(5):
        await storage.incr(f"key {number}", 600)
    kept = [await storage.get(f"key {number}") for number in range(5)]

    clock.now += 700
    await storage.incr("later", 600)

    assert kept == [0, 0, 1, 1, 1]
    assert await storage.check()
    assert await storage.reset() == 1


async def test_a_counter_can_be_cleared() -> None:
    storage = ProcessStorage()
    await storage.incr("key", 10)

    await storage.clear("key")

    assert await storage.get("key") == 0


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_limit_is_refused(serve: Serve, *, announced: bool) -> None:
    client = await serve(max_body_bytes=1000)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 500

    content = b"x" * 1500 if announced else chunks()
    response = await client.post("/api/v1/auth/refresh", content=content, headers={"Content-Type": "application/json"})

    assert response.status_code == 413
    assert response.json()["type"] == "/problems/payload-too-large"


async def test_a_body_within_the_limit_is_read(serve: Serve) -> None:
    client = await serve(max_body_bytes=1000)

    response = await client.post("/api/v1/auth/refresh", json={"refresh_token": "x" * 43})

    assert response.status_code == 401
