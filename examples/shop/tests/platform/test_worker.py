"""Work goes to a worker process over Redis, and survives that Redis loses it or the worker is killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from redis.asyncio import Redis
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database, utc_now
from app.main import create_app
from app.outbox import OutboxMessage
from app.settings import Settings
from tests.auth.support import register
from tests.conftest import ROOT, make_settings
from tests.platform.valkey import ValkeyServer

SECONDS = 20


class Site:
    """A web application, a database, and a place for a worker."""

    def __init__(self, client: AsyncClient, settings: Settings, log: Path) -> None:
        self.client = client
        self.settings = settings
        self.log = log

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run a worker process, and kill it at the end."""
        variables = {
            "DATABASE_URL": self.settings.database_url,
            "TASKS_URL": str(self.settings.tasks_url),
            "ENVIRONMENT": "test",
            "LOG_LEVEL": "INFO",
        }
        command = [sys.executable, "-m", "taskiq", "worker", "app.worker:broker", "--workers", "1"]
        with self.log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603
                command, cwd=ROOT, env={**os.environ, **variables}, stdout=output, stderr=output, start_new_session=True
            )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    async def mails(self, address: str) -> int:
        """Return how many mails the worker has sent to an address, once no work is left."""
        for _ in range(SECONDS * 20):
            await asyncio.sleep(0.05)
            if not await self.waiting():
                break
        return self.log.read_text(encoding="utf-8").count(f'"to":"{address}"')

    async def waiting(self) -> int:
        """Return how many messages are in the outbox."""
        async with self.session() as session:
            return await session.scalar(select(func.count()).select_from(OutboxMessage)) or 0

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        database = Database(self.settings)
        async with database.session() as session:
            yield session
        await database.dispose()


@pytest.fixture
async def site(valkey: ValkeyServer, own_database: str, tmp_path: Path) -> AsyncIterator[Site]:
    settings = make_settings(own_database, tasks_url=valkey.connection_url)
    app = create_app(settings)
    log = tmp_path / "worker.log"
    log.touch()
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client,
    ):
        yield Site(client, settings, log)


async def test_a_worker_is_told_of_work_and_does_it(site: Site) -> None:
    with site.worker():
        assert (await register(site.client, "ada@example.com")).status_code == 202
        assert await site.mails("ada@example.com") == 1


async def test_what_redis_has_lost_and_a_killed_worker_had_begun_is_still_done(
    site: Site, valkey: ValkeyServer
) -> None:
    assert (await register(site.client, "ada@example.com")).status_code == 202
    async with Redis.from_url(valkey.connection_url) as redis:
        await redis.flushall()
    async with site.session() as session:  # as a worker leaves it that was killed a while ago
        await session.execute(update(OutboxMessage).values(attempts=1, due_at=utc_now()))

    with site.worker():
        assert await site.mails("ada@example.com") == 1


async def test_without_redis_requests_succeed_and_work_waits(site: Site, valkey: ValkeyServer) -> None:
    valkey.stop()
    assert (await register(site.client, "ada@example.com")).status_code == 202
    assert await site.waiting() == 1
