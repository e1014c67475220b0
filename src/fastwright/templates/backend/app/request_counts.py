"""Counts requests: on the server that all processes share, or in the memory of the one that there is.

What comes in while that server is being asked goes there in one question, next. Asking it for each request by itself
took longer than all other layers together.
"""

import asyncio
from typing import Protocol, cast

from app.limit_storage import ProcessStorage
from app.shared import Away, SharedServer

# A key that is new by its amount ends after ARGV[1] seconds.
INCREASE = """
local counts = {}
for i, key in ipairs(KEYS) do
    counts[i] = redis.call("INCRBY", key, ARGV[i + 1])
    if counts[i] == tonumber(ARGV[i + 1]) then redis.call("EXPIRE", key, ARGV[1]) end
end
return counts
"""


class Counts(Protocol):
    """Where requests are counted."""

    async def incr(self, key: str, expiry: float, /) -> int:
        """Count one more under `key`, which ends `expiry` seconds after its first, and return how many there are."""
        ...


def make_counts(server: SharedServer | None) -> Counts:
    """Return the counts of all processes, or of this one if they share no server."""
    return ProcessStorage() if server is None else SharedCounts(server)


class SharedCounts:
    """The counts of all processes. While their server is away, each process counts for itself."""

    def __init__(self, server: SharedServer) -> None:
        self._server = server
        self._own = ProcessStorage()
        self._waiting: dict[str, list[asyncio.Future[int]]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def incr(self, key: str, expiry: float, /) -> int:
        turn: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(turn)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(int(expiry)))
        return await turn

    async def _ask(self, expiry: int) -> None:
        turns: dict[str, list[asyncio.Future[int]]] = {}
        try:
            while self._waiting:
                turns, self._waiting = self._waiting, {}
                amounts = {key: len(waiting) for key, waiting in turns.items()}
                for waiting, count in zip(turns.values(), await self._add(amounts, expiry), strict=True):
                    for place, turn in enumerate(reversed(waiting)):
                        if not turn.done():  # its client may have gone
                            turn.set_result(count - place)
        finally:
            self._asking = None
            for turn in (turn for waiting in turns.values() for turn in waiting):
                turn.cancel()  # so that nobody waits for ever

    async def _add(self, amounts: dict[str, int], expiry: int) -> list[int]:
        try:
            answer = await self._server.ask(
                lambda redis: redis.eval(INCREASE, len(amounts), *amounts, expiry, *amounts.values())
            )
        except Away:
            return [await self._own.incr(key, expiry, amount) for key, amount in amounts.items()]
        return cast("list[int]", answer)
