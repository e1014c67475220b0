"""What lives as long as the application: cache, background work, mail, health."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import SecretStr

from app.cache import MemoryCache
from app.database import Database
from app.dependencies import TasksDep
from app.errors import Conflict
from app.mail import LogMailer, Message, SmtpMailer, make_mailer
from app.main import create_app
from app.settings import Settings
from app.background import InProcessTasks
from tests.conftest import make_settings
from tests.support import MemoryMailer

MAIL = Message(to="ada@example.com", subject="Hello", text="Welcome")


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_cached_value_is_gone_after_its_time() -> None:
    clock = Clock()
    cache = MemoryCache(clock=clock)
    await cache.set("key", "value", ttl=5)

    clock.now = 4.9
    assert await cache.get("key") == "value"
    clock.now = 5.0
    assert await cache.get("key") is None


async def test_the_cache_forgets_what_was_not_used_for_longest() -> None:
    cache = MemoryCache(size=2)
    await cache.set("a", "1", ttl=60)
    await cache.set("b", "2", ttl=60)
    await cache.get("a")
    await cache.set("c", "3", ttl=60)
    await cache.delete("c", "unknown")

    assert [await cache.get(key) for key in "abc"] == ["1", None, None]


async def test_work_is_finished_before_the_application_ends_and_a_failure_harms_nobody() -> None:
    tasks = InProcessTasks(concurrency=1)
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        if number == 2:
            raise RuntimeError("this one fails")
        done.append(number)

    for number in (1, 2, 3):
        tasks.enqueue(work, number)
    await tasks.drain()

    assert done == [1, 3]


async def test_the_application_finishes_its_work_before_it_ends(settings: Settings) -> None:
    app = create_app(settings)
    done: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0.01)
        await app.state.database.ping()  # the database is still there
        done.append("work")

    async with app.router.lifespan_context(app):
        app.state.tasks.enqueue(work)

    assert done == ["work"]


async def test_work_beyond_the_room_is_dropped() -> None:
    tasks = InProcessTasks(concurrency=1, waiting=2)
    done: list[int] = []

    async def work(number: int) -> None:
        done.append(number)

    for number in range(5):
        tasks.enqueue(work, number)
    await tasks.drain()

    assert done == [0, 1, 2]


async def test_work_that_does_not_end_is_cancelled() -> None:
    tasks = InProcessTasks()
    tasks.enqueue(asyncio.Event().wait)  # type: ignore[arg-type]  # the result is not looked at

    await tasks.drain(seconds=0.01)

    await tasks.drain(seconds=0.01)  # nothing is left that could be waited for


async def test_work_starts_after_the_answer_and_not_at_all_if_the_request_failed(
    app: FastAPI, client: httpx2.AsyncClient, mailbox: MemoryMailer
) -> None:
    router = APIRouter()

    @router.post("/mail")
    async def send(tasks: TasksDep, *, fail: bool = False) -> int:
        tasks.enqueue(mailbox.send, MAIL)
        if fail:
            raise Conflict
        return len(mailbox.messages)

    routes = list(app.router.routes)
    app.include_router(router)
    try:
        failed = await client.post("/mail?fail=true")
        sent = await client.post("/mail")
        await app.state.tasks.drain()
    finally:
        app.router.routes[:] = routes

    assert failed.status_code == 409
    assert sent.json() == 0
    assert mailbox.messages == [MAIL]


async def test_readiness_follows_the_database_and_liveness_does_not(
    app: FastAPI, client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    ready = await client.get("/health/ready")
    there, app.state.database = app.state.database, Database(make_settings(tmp_path / "missing" / "directory.db"))
    try:
        away = await client.get("/health/ready")
        live = await client.get("/health/live")
    finally:
        await app.state.database.dispose()
        app.state.database = there

    assert ready.json() == {"status": "ok"}
    assert away.status_code == 503
    assert away.headers["retry-after"] == "5"
    assert live.status_code == 200


class SmtpServer:
    """Takes the place of the connection, and keeps what was done with it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.mail: EmailMessage | None = None

    def connect(self, host: str, port: int, *, timeout: float, context: ssl.SSLContext | None = None) -> "SmtpServer":
        assert timeout
        assert context is None or context.verify_mode is ssl.CERT_REQUIRED
        self.calls.append(f"{host}:{port}")
        return self

    def __enter__(self) -> "SmtpServer":
        return self

    def __exit__(self, *_error: object) -> None:
        self.calls.append("quit")

    def starttls(self, *, context: ssl.SSLContext) -> None:
        assert context.verify_mode is ssl.CERT_REQUIRED
        self.calls.append("starttls")

    def login(self, user: str, password: str) -> None:
        self.calls.append(f"login {user} {password}")

    def send_message(self, mail: EmailMessage) -> None:
        self.mail = mail


@pytest.mark.parametrize(
    ("url", "calls"),
    [
        ("smtp://mail.example", ["mail.example:25", "quit"]),
        ("smtp://me:p%40ss@mail.example:587", ["mail.example:587", "starttls", "login me p@ss", "quit"]),
        ("smtps://me:x@mail.example", ["mail.example:465", "login me x", "quit"]),
    ],
)
async def test_mail_goes_to_the_server_and_a_password_never_in_the_clear(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str, calls: list[str]
) -> None:
    server = SmtpServer()
    monkeypatch.setattr(smtplib, "SMTP", server.connect)
    monkeypatch.setattr(smtplib, "SMTP_SSL", server.connect)
    mailer = make_mailer(settings.model_copy(update={"smtp_url": SecretStr(url)}))

    await mailer.send(MAIL)

    assert isinstance(mailer, SmtpMailer)
    assert server.calls == calls
    assert server.mail is not None
    assert server.mail["To"] == MAIL.to
    assert server.mail.get_content().strip() == MAIL.text


async def test_without_a_server_mail_is_written_to_the_log(settings: Settings) -> None:
    mailer = make_mailer(settings)

    assert isinstance(mailer, LogMailer)
    await mailer.send(MAIL)
