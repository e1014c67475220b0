"""What an app runs in a thread is waited for on the spot, for as long as such a thing usually takes.

AnyIO sends every dependency and endpoint that is no coroutine to a thread, and lets the loop turn until it has ended.
We send one request at a time, so the loop has nothing else to do, and to turn takes longer than most of them. They
still run in a thread of AnyIO's, beside the loop: one that blocks, or needs the loop, is waited for as ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import queue
import threading
from collections.abc import Callable, Generator
from typing import Any

from fastwright.project.probe.foreign import foreign

_MOMENT = 0.005


@contextlib.contextmanager
def waiting_on_the_spot() -> Generator[None]:
    """Let one thread of AnyIO's do what there is for threads, as long as the block lasts."""
    threads = foreign("anyio.to_thread")
    ordinary = threads.run_sync
    hand = _Hand(ordinary)
    serving = asyncio.ensure_future(ordinary(hand.serve, limiter=foreign("anyio").CapacityLimiter(1)))
    threads.run_sync = hand.run_sync
    try:
        yield
    finally:
        threads.run_sync = ordinary
        hand.rest()
        serving.cancel()


class _Job:
    """A function, and what became of it."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._work = (function, *arguments)
        self._context = contextvars.copy_context()
        self._result: Any = None
        self._error: BaseException | None = None
        self.running = threading.Lock()
        self.running.acquire()

    def run(self) -> None:
        try:
            self._result = self._context.run(*self._work)
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is wanted
            self._error = error

    def result(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._result

    def awaited_result(self) -> Any:
        with self.running:
            return self.result()


class _Hand:
    """A thread that does one job at a time; what comes while it has one is done in the ordinary way."""

    def __init__(self, ordinary: Callable[..., Any]) -> None:
        self._ordinary = ordinary
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._free = False

    def serve(self) -> None:
        """Do what comes, in a thread, until there is rest."""
        self._free = True
        while (job := self._jobs.get()) is not None:
            job.run()
            self._free = True
            job.running.release()

    def rest(self) -> None:
        self._free = False
        self._jobs.put(None)

    async def run_sync(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Return what the function returns, as `anyio.to_thread.run_sync` does."""
        if not self._free or asyncio.get_running_loop() is not self._loop:
            return await self._ordinary(function, *arguments, **options)
        self._free = False
        job = _Job(function, arguments)
        self._jobs.put(job)
        if job.running.acquire(timeout=_MOMENT):
            return job.result()
        return await self._ordinary(job.awaited_result, **options)
