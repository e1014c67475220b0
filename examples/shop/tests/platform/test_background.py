"""Work that a request leaves is done after it, at least once, whatever happens in between."""

import asyncio
from datetime import timedelta
from enum import StrEnum
from uuid import uuid4

import httpx2
import pytest
from fastapi import APIRouter
from sqlalchemy import func, select, update

from app.background import LEASE, MAX_ATTEMPTS, Worker
from app.database import utc_now
from app.dependencies import TasksDep
from app.errors import Conflict
from app.outbox import OutboxMessage, take_due
from app.work import Services
from tests.platform.conftest import Serve, Served

ROUTER = APIRouter()


class Work(StrEnum):
    """What the tests leave."""

    NOTE = "note"
    FAIL = "fail"


@ROUTER.post("/api/v1/work")
async def leave_work(tasks: TasksDep, *, task: Work = Work.NOTE, count: int = 1, fail: bool = False) -> None:
    for number in range(count):
        tasks.leave(task, number=str(number))
    if fail:
        raise Conflict


class Office:
    """An application, and workers that note what they do."""

    def __init__(self, client: Served) -> None:
        self.client = client
        self.noted: list[str] = []
        self.has_noted = asyncio.Event()

    @property
    def services(self) -> Services:
        services: Services = self.client.app.state.services
        return services

    def worker(self) -> Worker:
        return Worker(self.services, {Work.NOTE: self._note, Work.FAIL: self._fail})

    async def leave(self, **query: str | int) -> httpx2.Response:
        return await self.client.post("/api/v1/work", params=query)

    async def waiting(self) -> int:
        async with self.services.database.session() as session:
            return await session.scalar(select(func.count()).select_from(OutboxMessage)) or 0

    async def only_message(self) -> OutboxMessage:
        async with self.services.database.session() as session:
            return (await session.scalars(select(OutboxMessage))).one()

    async def make_due(self) -> None:
        """Let the time pass that a lease or a pause takes."""
        async with self.services.database.session() as session:
            await session.execute(update(OutboxMessage).values(due_at=utc_now() - timedelta(seconds=1)))

    async def _note(self, _services: Services, payload: dict[str, str]) -> None:
        await asyncio.sleep(0)
        self.noted.append(payload["number"])
        self.has_noted.set()

    async def _fail(self, _services: Services, _payload: dict[str, str]) -> None:
        raise RuntimeError("this one fails")


@pytest.fixture
async def office(serve: Serve) -> Office:
    return Office(await serve(ROUTER))


async def test_work_is_left_with_the_transaction_and_done_once(office: Office) -> None:
    assert (await office.leave(count=3)).status_code == 200
    assert await office.waiting() == 3

    await office.worker().drain()

    assert sorted(office.noted) == ["0", "1", "2"]
    assert await office.waiting() == 0


async def test_a_request_that_fails_leaves_nothing(office: Office) -> None:
    assert (await office.leave(count=3, fail="true")).status_code == 409
    assert await office.waiting() == 0


async def test_two_workers_do_no_work_twice(office: Office) -> None:
    await office.leave(count=50)
    await asyncio.gather(office.worker().drain(), office.worker().drain())
    assert sorted(office.noted, key=int) == [str(number) for number in range(50)]


async def test_work_of_a_worker_that_died_is_done_when_its_lease_ends(office: Office) -> None:
    await office.leave()
    async with office.services.database.session() as session:
        assert len((await session.execute(take_due(utc_now(), LEASE, count=10))).all()) == 1  # and then it was killed

    await office.worker().drain()
    assert office.noted == [], "somebody may still be at it"
    await office.make_due()
    await office.worker().drain()
    assert office.noted == ["0"]


async def test_work_that_fails_is_tried_again_later_and_given_up_in_the_end(office: Office) -> None:
    await office.leave(task="fail")
    for attempt in range(1, MAX_ATTEMPTS):
        await office.worker().drain()
        message = await office.only_message()
        assert message.attempts == attempt
        assert message.due_at > utc_now(), "there is a pause"
        await office.make_due()
    await office.worker().drain()
    await office.worker().drain()

    message = await office.only_message()
    assert message.attempts == MAX_ATTEMPTS
    assert message.failed_at is not None, "it is kept for people to look at"


async def test_one_message_can_be_done_by_its_name(office: Office) -> None:
    await office.leave(count=2)
    async with office.services.database.session() as session:
        names = list(await session.scalars(select(OutboxMessage.id)))
    worker = office.worker()

    await worker.do_one(names[0])
    await worker.do_one(names[0])
    await worker.do_one(uuid4())

    assert len(office.noted) == 1
    assert await office.waiting() == 1


async def test_a_worker_that_runs_is_woken_by_new_work_and_finishes_it(serve: Serve) -> None:
    office = Office(await serve(ROUTER))
    worker = office.worker()
    office.client.app.state.tasks = worker
    worker.start()
    await asyncio.sleep(0.05)

    await office.leave(count=2)
    async with asyncio.timeout(2):
        await office.has_noted.wait()
    await worker.stop()
    await worker.stop()

    assert await office.waiting() == 0


async def test_a_database_that_is_away_does_not_end_the_worker(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = office.worker()
    failures = 0

    async def away() -> list[object]:
        nonlocal failures
        failures += 1
        raise OSError("refused")

    monkeypatch.setattr(worker, "_take", away)
    monkeypatch.setattr("app.background.POLL_SECONDS", 0.01)
    worker.start()
    await asyncio.sleep(0.1)
    await worker.stop()

    assert failures > 1


async def test_the_process_that_serves_does_the_work_by_default(serve: Serve) -> None:
    client = await serve(run_tasks=True)
    body = {"email": "ada@example.com", "password": "violet staircase humming", "display_name": "Ada"}
    sent = asyncio.Event()

    class Mailer:
        async def send(self, _message: object) -> None:
            sent.set()

    client.app.state.services.mailer = Mailer()
    assert (await client.post("/api/v1/auth/register", json=body)).status_code == 202
    async with asyncio.timeout(5):
        await sent.wait()
