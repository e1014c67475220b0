"""Logs are JSON lines with the request id, and hold no secrets."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
import structlog
from fastapi import APIRouter

from app.auth.models import Login
from app.auth.tokens import encode_access_token
from app.database import utc_now
from app.log_config import configure_logging, redact
from app.settings import Settings
from app.users.models import User
from tests.platform.conftest import Serve

failing = APIRouter()
Captured = pytest.CaptureFixture[bytes]


@failing.get("/failing/{number}")
async def fail(number: int) -> None:
    password = "hunter2" * number
    raise RuntimeError(f"a password of {len(password)} letters")


def lines(captured: Captured, event: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in captured.readouterr().out.splitlines()]
    return [line for line in found if line["event"] == event]


async def test_a_request_is_one_line_without_path_query_or_credentials(serve: Serve, capfdbinary: Captured) -> None:
    client = await serve(log_level="INFO")
    response = await client.delete(
        "/api/v1/auth/logins/3f8b0b52-6d4f-4a7e-9f3e-1c2d3e4f5a6b?key=s3cret",
        headers={"Authorization": "Bearer s3cret"},
    )

    (line,) = lines(capfdbinary, "request")

    assert line.pop("duration_ms") > 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "DELETE",
        "request_id": response.headers["x-request-id"],
        "route": "/api/v1/auth/logins/{login_id}",
        "status": 401,
    }


async def test_the_line_of_a_request_says_who_called(serve: Serve, capfdbinary: Captured) -> None:
    client = await serve(log_level="INFO")
    now = utc_now()
    user = User(email="ada@example.com", display_name="Ada", password_hash="!")
    async with client.app.state.database.session() as session:
        session.add(user)
        await session.flush()
        login = Login(user_id=user.id, created_at=now, last_used_at=now, expires_at=now + timedelta(days=1))
        session.add(login)
    token = encode_access_token(client.app.state.settings, user_id=user.id, login_id=login.id)

    await client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {token}"})
    await client.get("/api/v1/users/me")

    known, unknown = lines(capfdbinary, "request")
    assert known["user_id"] == str(user.id)
    assert "user_id" not in unknown


async def test_a_failure_is_logged_with_its_traceback_but_without_variables(
    serve: Serve, capfdbinary: Captured
) -> None:
    client = await serve(failing)
    response = await client.get("/failing/2")

    output = capfdbinary.readouterr().out.decode()

    (line,) = [json.loads(line) for line in output.splitlines()]
    assert response.status_code == 500
    assert line["event"] == "unhandled_error"
    assert line["request_id"] == response.headers["x-request-id"]
    assert line["exception"][0]["exc_value"] == "a password of 14 letters"
    assert line["exception"][0]["frames"][-1]["name"] == "fail"
    assert "hunter2" not in output


def test_the_logs_of_libraries_look_the_same(settings: Settings, capfdbinary: Captured) -> None:
    configure_logging(settings)
    logging.getLogger("uvicorn.error").warning("%s is on fire", "everything")

    (line,) = lines(capfdbinary, "everything is on fire")

    assert line["logger"] == "uvicorn.error"
    assert line["level"] == "warning"


def test_a_person_can_have_readable_lines(settings: Settings, capfdbinary: Captured) -> None:
    configure_logging(settings.model_copy(update={"log_json": False}))
    structlog.get_logger().warning("hello", token="s3cret")
    configure_logging(settings)

    output = capfdbinary.readouterr().out.decode()
    assert "hello" in output
    assert "s3cret" not in output


def test_values_that_sound_like_secrets_are_not_logged() -> None:
    event = {"event": "mail", "new_password": "hunter2", "headers": {"Authorization": "Bearer x"}, "count": 3}

    assert redact(None, "info", event) == {
        "event": "mail",
        "new_password": "[redacted]",
        "headers": {"Authorization": "[redacted]"},
        "count": 3,
    }
