"""Clients that ask, wait for the answer, and ask again, over connections that stay open.

Written by hand, since a client library costs more than some of the servers that are measured.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[], bytes]


@dataclass
class Round:
    """What the clients saw: seconds of each answer, and statuses that were not the expected one."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list[float])
    unexpected: list[bytes] = field(default_factory=list[bytes])

    def percentile(self, share: float) -> float:
        """Return the time, in milliseconds, within which `share` of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


class _Client(asyncio.Protocol):
    """One connection with one request on its way at a time."""

    def __init__(self, request: Request, status: bytes, seen: Round, done: asyncio.Future[None]) -> None:
        self._request, self._status, self._seen, self._done = request, b" " + status + b" ", seen, done
        self._buffer = b""
        self._wanted = -1
        self._asked = 0.0
        self._is_last = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def finish(self) -> None:
        self._is_last = True

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._request())

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if self._wanted < 0:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self._wanted = end + 4 + _length(self._buffer[:end])
        if len(self._buffer) < self._wanted:
            return
        self._seen.times.append(time.perf_counter() - self._asked)
        if self._status not in self._buffer[:20]:
            self._seen.unexpected.append(self._buffer[:400])
        self._buffer, self._wanted = b"", -1
        if self._is_last:
            self._transport.close()
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_last:
            self._seen.unexpected.append(f"connection lost: {exc}".encode())
        if not self._done.done():
            self._done.set_result(None)


def _length(head: bytes) -> int:
    start = head.lower().index(b"content-length:") + 15
    end = head.find(b"\r\n", start)
    return int(head[start:] if end < 0 else head[start:end])


async def load(port: int, request: Request, *, status: int, connections: int, seconds: float) -> Round:
    """Ask for `seconds` over so many connections; the last answers are waited for."""
    loop = asyncio.get_running_loop()
    seen = Round()
    clients: list[_Client] = []
    ends: list[asyncio.Future[None]] = []
    started = time.perf_counter()
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        client = _Client(request, str(status).encode(), seen, done)
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)
        clients.append(client)
        ends.append(done)
    await asyncio.sleep(seconds)
    for client in clients:
        client.finish()
    await asyncio.wait(ends, timeout=30)
    seen.seconds = time.perf_counter() - started
    return seen
