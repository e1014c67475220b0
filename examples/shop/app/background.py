"""Does the work of the outbox: in the process that serves, or in processes of its own (app/worker.py).

Every message is done at least once. One that was begun by a process that died is begun again when its lease ends, so
work has to bear being done twice: a second mail with a fresh link, for example.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from app import outbox
from app.database import utc_now
from app.work import Job, Services

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
POLL_SECONDS = 5.0
BATCH = 20
MAX_ATTEMPTS = 10
LONGEST_PAUSE = timedelta(hours=1)


class Worker:
    """Takes what is due and does it, `concurrency` at a time."""

    def __init__(self, services: Services, jobs: Mapping[str, Job], *, concurrency: int = 10) -> None:
        self._services = services
        self._jobs = jobs
        self._slots = asyncio.Semaphore(concurrency)
        self._news = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Look for work from now on, at once when told of it and every few seconds otherwise."""
        self._stopping = False
        self._loop = asyncio.create_task(self._run())

    def wake(self, _messages: list[UUID], /) -> None:
        """There is new work."""
        self._news.set()

    async def stop(self) -> None:
        """Finish what was begun; everything else waits in the database."""
        self._stopping = True
        self._news.set()
        if self._loop is not None:
            await self._loop
            self._loop = None

    async def drain(self) -> None:
        """Do everything that is due, or what is left of a batch if it is to stop."""
        while batch := await self._take():
            await asyncio.gather(*(self._do(*message) for message in batch))
            if self._stopping:
                return

    async def do_one(self, message_id: UUID) -> None:
        """Do one message, unless somebody else does or did."""
        async with self._services.database.session() as session:
            taken = (await session.execute(outbox.take_one(message_id, utc_now(), LEASE))).one_or_none()
        if taken is not None:
            await self._do(*taken)

    async def _run(self) -> None:
        while not self._stopping:
            self._news.clear()
            try:
                await self.drain()
            except (SQLAlchemyError, OSError) as error:
                log.warning("outbox_unavailable", reason=type(error).__name__)
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _take(self) -> list[Row[UUID, str, dict[str, str], int]]:
        async with self._services.database.session() as session:
            rows = await session.execute(outbox.take_due(utc_now(), LEASE, count=BATCH))
            return list(rows)

    async def _do(self, message_id: UUID, task: str, payload: dict[str, str], attempts: int) -> None:
        async with self._slots:
            try:
                await self._jobs[task](self._services, payload)
            except Exception:  # nobody waits for the result, so the log is the only place where a failure can show
                log.exception("task_failed", task=task, attempts=attempts)
                await self._put_back(message_id, attempts)
                return
        async with self._services.database.session() as session:
            await session.execute(outbox.done(message_id))

    async def _put_back(self, message_id: UUID, attempts: int) -> None:
        """Try again after 2, 4, 8… seconds; what never works is kept, for people."""
        now = utc_now()
        pause = min(timedelta(seconds=2**attempts), LONGEST_PAUSE)
        is_last = attempts >= MAX_ATTEMPTS
        statement = outbox.give_up(message_id, now) if is_last else outbox.try_again(message_id, now + pause)
        async with self._services.database.session() as session:
            await session.execute(statement)
