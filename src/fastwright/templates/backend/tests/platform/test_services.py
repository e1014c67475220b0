"""What lives as long as the application: cache, mail, health."""

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.cache import MemoryCache
from app.database import Database
from app.mail import LogMailer, Message, SmtpMailer, make_mailer
from app.settings import Settings
from tests.conftest import make_settings

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


async def test_readiness_follows_the_database_and_liveness_does_not(
    app: FastAPI, client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    ready = await client.get("/health/ready")
    missing = f"sqlite+aiosqlite:///{tmp_path}/missing/directory.db"
    there, app.state.database = app.state.database, Database(make_settings(missing))
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
