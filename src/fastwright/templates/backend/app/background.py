"""Work that happens after the response, behind a small interface. In this process here; a queue fits behind it, too."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import ParamSpec, Protocol

import structlog

P = ParamSpec("P")
log = structlog.get_logger(__name__)


class Tasks(Protocol):
    """Somewhere to leave work."""

    def enqueue(self, function: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None: ...


class InProcessTasks:
    """Runs work on the event loop of this process, `concurrency` at a time, with at most `waiting` more in line.

    A crash loses what is waiting, so this is for mail that can be asked for again, and not for what must not be lost.
    """

    def __init__(self, *, concurrency: int = 10, waiting: int = 10_000) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(concurrency)
        self._room = concurrency + waiting

    def enqueue(self, function: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
        name = getattr(function, "__qualname__", repr(function))
        if len(self._running) >= self._room:
            log.error("task_dropped", task=name)  # losing one is better than running out of memory and losing all
            return
        task = asyncio.create_task(self._run(partial(function, *args, **kwargs), name))
        self._running.add(task)  # the event loop itself keeps only weak references
        task.add_done_callback(self._running.discard)

    async def drain(self, *, seconds: float = 10.0) -> None:
        """Wait until nothing is left, for so long at most; what is still running then is cancelled."""
        try:
            async with asyncio.timeout(seconds):
                while self._running:
                    await asyncio.wait(set(self._running))
        except TimeoutError:
            late = set(self._running)
            log.warning("tasks_cancelled", count=len(late))
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, job: Callable[[], Awaitable[None]], name: str) -> None:
        async with self._slots:
            try:
                await job()
            except Exception:  # nobody waits for the result, so the log is the only place where a failure can show
                log.exception("task_failed", task=name)


class DeferredTasks:
    """Keeps work until the request that left it has succeeded."""

    def __init__(self) -> None:
        self._jobs: list[Callable[[Tasks], None]] = []

    def enqueue(self, function: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
        def hand_over(tasks: Tasks) -> None:
            tasks.enqueue(function, *args, **kwargs)

        self._jobs.append(hand_over)

    def hand_over(self, tasks: Tasks) -> None:
        """Leave everything that was kept with `tasks`, in order."""
        for job in self._jobs:
            job(tasks)
        self._jobs.clear()
