"""The server that processes share their short-lived state through: Redis, or Valkey. Nothing stops while it is away.

What is kept there can be forgotten: counters, and messages about what is no longer so. While the server does not
answer, values are read from the database, and each process counts for itself (app/limit_storage.py).
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

T = TypeVar("T")

TIMEOUT_SECONDS = 0.5
PAUSE_SECONDS = 1.0
LISTEN_SECONDS = 5.0
CONNECTIONS = 50


class Away(Exception):
    """The server did not answer, just now or a moment ago."""


class Breaker:
    """Keeps requests from waiting for a server that is away: after a failure it is left alone for a moment."""

    def __init__(self, *, pause: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self.pause = pause
        self._clock = clock
        self._closed_until = 0.0
        self.is_away = False

    async def attempt(self, call: Callable[[], Awaitable[T]], *failures: type[Exception]) -> T:
        """Return what `call` does. Raises `Away` if it fails in one of these ways, or the pause is not over."""
        if self._clock() < self._closed_until:
            raise Away
        try:
            result = await call()
        except failures as error:
            self._closed_until = self._clock() + self.pause
            if not self.is_away:
                log.warning("shared_state_away", reason=str(error))
            self.is_away = True
            raise Away from error
        if self.is_away:
            log.info("shared_state_back")
        self.is_away = False
        return result


class SharedServer:
    """Connections to the server at `url`, such as `redis://:password@host:6379/0`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.breaker = Breaker()
        self.pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            health_check_interval=LISTEN_SECONDS,
            retry=Retry(NoBackoff(), 1),  # once more, for a connection that was closed while it was idle
            decode_responses=True,
        )
        self._client = Redis(connection_pool=self.pool)

    async def ask(self, question: Callable[["Redis"], Awaitable[T]]) -> T:
        """Return the server's answer. Raises `Away` if there is none."""
        return await self.breaker.attempt(lambda: question(self._client), RedisError, OSError)

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncIterator[AsyncIterator[str]]:
        """Yield the messages of a channel as they come. Raises `OSError` and the server's errors when it goes away."""
        async with self._client.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(channel)
            await subscription.get_message(timeout=TIMEOUT_SECONDS)  # that it is subscribed
            yield self._messages(subscription)

    @staticmethod
    async def _messages(subscription: PubSub) -> AsyncIterator[str]:
        while True:
            message = await subscription.get_message(timeout=LISTEN_SECONDS)
            if message is not None and message["type"] == "message":
                yield message["data"]

    async def is_there(self) -> bool:
        """Ask it, whatever was known before."""
        try:
            await self._client.ping()
        except (RedisError, OSError):
            return False
        return True

    async def close(self) -> None:
        """Close all connections; they are opened again if they are needed."""
        await self.pool.disconnect()
