"""Several processes that share a server behave as one, and go on by themselves while it is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, cast

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.auth.roles import Role
from app.cache import FollowingCache, MemoryCache
from app.database import utc_now
from app.main import create_app
from app.shared import Away, Breaker
from app.users.models import User
from tests.auth.support import PASSWORD, log_in, me, tokens_of
from tests.conftest import make_settings
from tests.platform.valkey import ValkeyServer, start_valkey

USER = "ada@example.com"
WRONG = "wrong wrong wrong"


@pytest.fixture
async def pair(valkey: ValkeyServer, own_database: str) -> AsyncIterator[tuple[AsyncClient, AsyncClient]]:
    """Two applications, as two processes are, on one database and one Valkey."""
    settings = make_settings(
        own_database, redis_url=valkey.connection_url, principal_cache_seconds=60, rate_limit="8/day"
    )
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(2):
            app = create_app(settings)
            await stack.enter_async_context(app.router.lifespan_context(app))
            app.state.shared.breaker.pause = 0.0
            await app.state.cache.heard()
            client = AsyncClient(transport=ASGITransport(app=app), base_url="http://test")
            clients.append(await stack.enter_async_context(client))
        await _add_user(clients[0])
        yield clients[0], clients[1]


def state_of(client: AsyncClient) -> Any:
    transport = client._transport
    assert isinstance(transport, ASGITransport)
    return cast("FastAPI", transport.app).state


async def _add_user(client: AsyncClient) -> None:
    state = state_of(client)
    async with state.database.session() as session:
        hashed = await state.hasher.hash(PASSWORD)
        user = User(email=USER, password_hash=hashed, display_name="Ada", role=Role.USER, email_verified_at=utc_now())
        session.add(user)


async def test_requests_are_counted_together(pair: tuple[AsyncClient, AsyncClient]) -> None:
    one, other = pair
    answers = [await client.get("/api/v1/users/me") for client in (one, other) * 5]
    assert [answer.status_code for answer in answers] == [401] * 8 + [429] * 2
    assert [int(answer.headers["ratelimit-remaining"]) for answer in answers] == [7, 6, 5, 4, 3, 2, 1, 0, 0, 0]


async def test_requests_at_the_same_time_are_counted_one_by_one(pair: tuple[AsyncClient, AsyncClient]) -> None:
    answers = await asyncio.gather(*(client.get("/api/v1/users/me") for client in pair * 5))
    assert sorted(answer.status_code for answer in answers) == [401] * 8 + [429] * 2
    assert sorted(int(answer.headers["ratelimit-remaining"]) for answer in answers) == [0, 0, 0, 1, 2, 3, 4, 5, 6, 7]


async def test_attempts_to_log_in_are_counted_together(pair: tuple[AsyncClient, AsyncClient]) -> None:
    one, other = pair
    statuses = [(await log_in(client, USER, WRONG)).status_code for client in (one, other, one, other, one, other)]
    assert statuses == [401] * 5 + [429]


async def test_a_login_that_ends_in_one_process_has_ended_in_all(pair: tuple[AsyncClient, AsyncClient]) -> None:
    one, other = pair
    tokens = await tokens_of(one, USER)
    assert (await me(other, tokens["access_token"])).status_code == 200, "and it is remembered now"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    left = await one.post("/api/v1/auth/logout", headers=bearer)
    assert left.status_code == 204
    assert (await me(other, tokens["access_token"])).status_code == 401


async def test_without_the_server_each_process_goes_on_with_half_the_attempts(
    pair: tuple[AsyncClient, AsyncClient], valkey: ValkeyServer
) -> None:
    one, other = pair
    assert (await one.get("/health/ready")).json() == {"status": "ok"}
    valkey.stop()

    ready = await one.get("/health/ready")
    statuses = [(await log_in(one, USER, WRONG)).status_code for _ in range(4)]
    elsewhere = await log_in(other, USER)

    assert (ready.status_code, ready.json()) == (200, {"status": "degraded"})
    assert statuses == [401, 401, 429, 429]
    assert elsewhere.status_code == 200
    assert (await me(other, elsewhere.json()["access_token"])).status_code == 200


async def test_it_is_used_again_as_soon_as_it_is_back(
    pair: tuple[AsyncClient, AsyncClient], valkey: ValkeyServer
) -> None:
    one, other = pair
    port = valkey.port
    valkey.stop()
    assert (await one.get("/api/v1/users/me")).headers["ratelimit-remaining"] == "7"

    again = start_valkey(port)
    try:
        answers = [await client.get("/api/v1/users/me") for client in (one, other, one)]
        ready = await one.get("/health/ready")
    finally:
        again.stop()

    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["7", "6", "5"]
    assert ready.json() == {"status": "ok"}


async def test_what_one_process_deletes_all_forget(pair: tuple[AsyncClient, AsyncClient]) -> None:
    cache, other = (state_of(client).cache for client in pair)
    assert isinstance(cache, FollowingCache)
    for key in ("gone", "kept"):
        await other.set(key, "value", ttl=60)
    await cache.delete("gone", "unknown")
    await cache.delete()
    await until(lambda: other.get("gone"), None)
    assert await other.get("kept") == "value"


async def test_a_process_that_cannot_hear_the_others_remembers_nothing(
    pair: tuple[AsyncClient, AsyncClient], valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cache.PAUSE_SECONDS", 0.05)
    cache = state_of(pair[0]).cache
    port = valkey.port
    await cache.set("key", "value", ttl=60)
    valkey.stop()
    await until(lambda: cache.get("key"), None)
    await cache.set("key", "value", ttl=60)
    assert await cache.get("key") is None

    async def keep() -> str | None:
        await cache.set("key", "again", ttl=60)
        found: str | None = await cache.get("key")
        return found

    again = start_valkey(port)
    try:
        await until(keep, "again")
    finally:
        again.stop()


async def until(ask: Callable[[], Awaitable[str | None]], wanted: str | None) -> None:
    async with asyncio.timeout(10):
        while await ask() != wanted:  # noqa: ASYNC110 - the other one stands for a process
            await asyncio.sleep(0.01)


async def test_a_counter_can_be_cleared_everywhere(pair: tuple[AsyncClient, AsyncClient]) -> None:
    storage, other = (state_of(client).limiter.storage for client in pair)
    await storage.incr("key", 60)
    assert await other.get("key") == 1
    await storage.clear("key")
    assert await other.get("key") == 0
    assert await storage.check()
    assert await storage.reset() == 0


async def test_a_server_that_is_away_is_left_alone_for_a_moment() -> None:
    now = 0.0
    calls: list[float] = []
    breaker = Breaker(pause=1.0, clock=lambda: now)

    async def call() -> str:
        calls.append(now)
        if len(calls) == 1:
            raise OSError("refused")
        return "answer"

    for moment in (0.0, 0.5):
        now = moment
        with pytest.raises(Away):
            await breaker.attempt(call, OSError)
    now = 1.0
    assert await breaker.attempt(call, OSError) == "answer"
    assert calls == [0.0, 1.0]


async def test_one_process_alone_needs_no_server(own_database: str) -> None:
    app = create_app(make_settings(own_database))
    async with app.router.lifespan_context(app):
        assert isinstance(app.state.cache, MemoryCache)
