"""A cache in the memory of the process. Where several processes share a server, what one deletes is gone in all."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from redis.exceptions import RedisError
from typing_extensions import override

from app.shared import PAUSE_SECONDS, Away, SharedServer

CHANNEL = "cache:deleted"


class Cache(Protocol):
    """Text that may be forgotten at any time."""

    async def get(self, key: str) -> str | None: ...

    async def set(self, key: str, value: str, *, ttl: float) -> None: ...

    async def delete(self, *keys: str) -> None: ...


class MemoryCache:
    """The most recently used values of this process, each for `ttl` seconds."""

    def __init__(self, *, size: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._entries: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def get(self, key: str) -> str | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        expires, value = entry
        if expires <= self._clock():
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return value

    async def set(self, key: str, value: str, *, ttl: float) -> None:
        self._entries[key] = (self._clock() + ttl, value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    async def delete(self, *keys: str) -> None:
        for key in keys:
            self._entries.pop(key, None)

    async def close(self) -> None:
        """Let go of what it holds."""
        self._entries.clear()


class FollowingCache(MemoryCache):
    """A memory of this process, in which what any process deletes is forgotten: they tell each other over their server.

    While it cannot hear the others it remembers nothing. A message that is lost on the way leaves a value for the rest
    of its `ttl`, so that is kept short.
    """

    def __init__(self, server: SharedServer) -> None:
        super().__init__()
        self._server = server
        self._hears = asyncio.Event()
        self._following = asyncio.create_task(self._follow())

    @override
    async def set(self, key: str, value: str, *, ttl: float) -> None:
        if self._hears.is_set():
            await super().set(key, value, ttl=ttl)

    @override
    async def delete(self, *keys: str) -> None:
        await super().delete(*keys)
        if keys:
            with suppress(Away):
                await self._server.ask(lambda redis: redis.publish(CHANNEL, "\n".join(keys)))

    async def heard(self) -> None:
        """Wait until it hears the others."""
        await self._hears.wait()

    @override
    async def close(self) -> None:
        self._following.cancel()
        with suppress(asyncio.CancelledError):
            await self._following

    async def _follow(self) -> None:
        while True:
            with suppress(RedisError, OSError):
                async with self._server.listen(CHANNEL) as messages:
                    self._hears.set()
                    async for message in messages:
                        await super().delete(*message.split("\n"))
            self._hears.clear()
            self._entries.clear()
            await asyncio.sleep(PAUSE_SECONDS)


def make_cache(server: SharedServer | None) -> MemoryCache:
    """Return a cache that follows those of the other processes, if they share a server. Needs a running event loop."""
    return FollowingCache(server) if server is not None else MemoryCache()
