"""Where limits are counted: on the server that all processes share, or in the memory of the one that there is.

`limits` has a storage in memory, too, but it looks at every key on every hit: with 100,000 callers that is 10 ms a
request, which is the very thing a limit is there to prevent.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from limits.aio.storage import Storage
from limits.errors import StorageError
from limits.storage import storage_from_string
from typing_extensions import override

from app.shared import Away, Breaker, SharedServer

SWEEP_SECONDS = 60


def make_storage(server: SharedServer | None, *, weight: int = 1) -> Storage:
    """Return the counters of all processes, or of this one if they share no server (`weight`: see `SharedStorage`)."""
    if server is None:
        return ProcessStorage()
    options: dict[str, Any] = {"implementation": "redispy", "connection_pool": server.pool}  # typed as plain values
    counters = storage_from_string(f"async+{server.url}", wrap_exceptions=True, **options)
    return SharedStorage(cast("Storage", counters), server.breaker, weight=weight)


class SharedStorage(Storage):
    """Counters that all processes share. While their server is away, each process counts for itself.

    A hit counts `weight` times there: with 2, a process alone lets half of the limit through, since the others count
    for themselves as well. What was counted before is not known then, and counts again once the server is back.
    """

    STORAGE_SCHEME = ["async+shared"]  # noqa: RUF012 - that is how `limits` declares it

    def __init__(self, shared: Storage, breaker: Breaker, *, weight: int = 1) -> None:
        super().__init__(None, wrap_exceptions=False)
        self._shared = shared
        self._breaker = breaker
        self._weight = weight
        self._own = ProcessStorage()

    @property
    @override
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return ()  # there is always somewhere to count

    @override
    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        try:
            return await self._breaker.attempt(lambda: self._shared.incr(key, int(expiry), amount), StorageError)
        except Away:
            return await self._own.incr(key, expiry, amount * self._weight)

    @override
    async def get(self, key: str) -> int:
        try:
            return await self._breaker.attempt(lambda: self._shared.get(key), StorageError)
        except Away:
            return await self._own.get(key)

    @override
    async def get_expiry(self, key: str) -> float:
        try:
            return await self._breaker.attempt(lambda: self._shared.get_expiry(key), StorageError)
        except Away:
            return await self._own.get_expiry(key)

    @override
    async def check(self) -> bool:
        return await self._shared.check()

    @override
    async def reset(self) -> int | None:
        return await self._shared.reset()

    @override
    async def clear(self, key: str) -> None:
        await self._own.clear(key)
        with suppress(Away):
            await self._breaker.attempt(lambda: self._shared.clear(key), StorageError)


class ProcessStorage(Storage):
    """Counters that end on their own. Beyond `size` of them, the oldest makes room."""

    STORAGE_SCHEME = ["async+process"]  # noqa: RUF012 - that is how `limits` declares it

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,
        *,
        size: int = 100_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(uri, wrap_exceptions)
        self._size = size
        self._clock = clock
        self._counters: dict[str, tuple[int, float]] = {}
        self._next_sweep = clock() + SWEEP_SECONDS

    @property
    @override
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return ()  # memory does not fail

    @override
    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = self._clock()
        if now >= self._next_sweep:
            self._sweep(now)
        count, ends = self._counters.get(key, (0, 0.0))
        if ends <= now:
            count, ends = 0, now + expiry
            self._make_room()
        self._counters[key] = (count + amount, ends)
        return count + amount

    @override
    async def get(self, key: str) -> int:
        count, ends = self._counters.get(key, (0, 0.0))
        return count if ends > self._clock() else 0

    @override
    async def get_expiry(self, key: str) -> float:
        _count, ends = self._counters.get(key, (0, 0.0))
        return max(ends, self._clock())

    @override
    async def check(self) -> bool:
        return True

    @override
    async def reset(self) -> int | None:
        count = len(self._counters)
        self._counters.clear()
        return count

    @override
    async def clear(self, key: str) -> None:
        self._counters.pop(key, None)

    def _sweep(self, now: float) -> None:
        self._counters = {key: counter for key, counter in self._counters.items() if counter[1] > now}
        self._next_sweep = now + SWEEP_SECONDS

    def _make_room(self) -> None:
        if len(self._counters) >= self._size:
            del self._counters[next(iter(self._counters))]
