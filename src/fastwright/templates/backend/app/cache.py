"""A cache behind a small interface: in the memory of one process, or shared by all of them."""

import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from app.shared import Away, SharedServer

PREFIX = "cache:"


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


class SharedCache:
    """Values that all processes see; while their server is away, nothing is found and nothing is kept.

    A value that could not be deleted meanwhile is found again for the rest of its `ttl`, so that is kept short.
    """

    def __init__(self, server: SharedServer) -> None:
        self._server = server

    async def get(self, key: str) -> str | None:
        try:
            value = await self._server.ask(lambda redis: redis.get(PREFIX + key))
        except Away:
            return None
        return None if value is None else str(value)

    async def set(self, key: str, value: str, *, ttl: float) -> None:
        with suppress(Away):
            await self._server.ask(lambda redis: redis.set(PREFIX + key, value, px=max(1, round(ttl * 1000))))

    async def delete(self, *keys: str) -> None:
        if keys:
            with suppress(Away):
                await self._server.ask(lambda redis: redis.delete(*(PREFIX + key for key in keys)))


def make_cache(server: SharedServer | None) -> Cache:
    """Return the cache of all processes, or of this one if they share no server."""
    return SharedCache(server) if server is not None else MemoryCache()
