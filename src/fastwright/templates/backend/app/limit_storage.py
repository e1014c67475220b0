"""Where limits are counted when a single process serves: in its memory, with a bound, at the same cost for any number.

`limits` has a storage like that, but it looks at every key on every hit: with 100,000 callers that is 10 ms a request,
which is the very thing a limit is there to prevent.
"""

import time
from collections.abc import Callable
from typing import cast

from limits.aio.storage import Storage
from limits.storage import storage_from_string
from typing_extensions import override

SWEEP_SECONDS = 60


def make_storage(url: str) -> Storage:
    """Return the storage that `url` names: `async+process://`, or any that `limits` knows, `async+redis://…` say."""
    return cast("Storage", storage_from_string(url, wrap_exceptions=True))


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
