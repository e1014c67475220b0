"""The first administrator."""

import asyncio
import io
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import create_async_engine
from typing_extensions import override

from app import manage
from app.settings import Settings
from tests.conftest import make_settings

PASSWORD = "violet staircase humming"


@pytest.fixture
def own_settings(own_database: str) -> Settings:
    return make_settings(own_database)


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(manage.PASSWORD_VARIABLE, PASSWORD)
    return PASSWORD


def account(database: str) -> tuple[str, bool, bool, str]:
    """Return role, is_active, whether verified, and hash of the one account."""
    [row] = execute(database, "SELECT role, is_active, email_verified_at IS NOT NULL, password_hash FROM users")
    role, is_active, verified, password_hash = row
    return role, bool(is_active), bool(verified), password_hash


def execute(database: str, statement: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the rows of a statement, if it has any."""

    async def run() -> Sequence[Row[*tuple[Any, ...]]]:
        engine = create_async_engine(database)
        async with engine.begin() as connection:
            result = await connection.execute(text(statement))
            rows = result.all() if result.returns_rows else []
        await engine.dispose()
        return rows

    return asyncio.run(run())


def test_the_first_administrator_is_made_verified(
    own_database: str, own_settings: Settings, password: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert manage.main(["create-admin", "Ada@Example.com"], own_settings) == 0
    assert "ada@example.com" in capsys.readouterr().out
    role, is_active, verified, password_hash = account(own_database)
    assert (role, is_active, verified) == ("admin", True, True)
    assert password_hash.startswith("$argon2id$")


def test_a_verified_account_is_promoted_and_keeps_its_password(
    own_database: str, own_settings: Settings, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    manage.main(["create-admin", "ada@example.com"], own_settings)
    execute(own_database, "UPDATE users SET role = 'user', is_active = false, password_hash = 'theirs'")
    monkeypatch.delenv(manage.PASSWORD_VARIABLE)
    assert manage.main(["create-admin", "ada@example.com"], own_settings) == 0
    assert account(own_database) == ("admin", True, True, "theirs")


def test_whoever_registered_the_address_without_verifying_it_does_not_become_administrator(
    own_database: str, own_settings: Settings, password: str
) -> None:
    manage.main(["create-admin", "ada@example.com"], own_settings)
    execute(own_database, "UPDATE users SET role = 'user', email_verified_at = NULL, password_hash = 'a stranger''s'")
    assert manage.main(["create-admin", "ada@example.com"], own_settings) == 0
    role, is_active, verified, password_hash = account(own_database)
    assert (role, is_active, verified) == ("admin", True, True)
    assert password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("email", "password", "complaint"),
    [
        ("nobody", PASSWORD, "not a valid email"),
        ("ada@example.com", "short", "12 to 128 characters"),
        ("ada@example.com", "password1234", "most common"),
    ],
)
def test_what_registration_would_refuse_is_refused(
    own_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    email: str,
    password: str,
    complaint: str,
) -> None:
    monkeypatch.setenv(manage.PASSWORD_VARIABLE, password)
    assert manage.main(["create-admin", email], own_settings) == 1
    assert complaint in capsys.readouterr().err


class Terminal(io.StringIO):
    """A standard input with a person behind it."""

    @override
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answers", "code"), [([PASSWORD, PASSWORD], 0), ([PASSWORD, "something else"], 1)])
def test_the_password_is_asked_for_twice(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, answers: list[str], code: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal())
    remaining = iter(answers)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(remaining))
    assert manage.main(["create-admin", "ada@example.com"], own_settings) == code


def test_without_a_terminal_the_variable_is_named(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert manage.main(["create-admin", "ada@example.com"], own_settings) == 1
    assert manage.PASSWORD_VARIABLE in capsys.readouterr().err


def test_a_command_is_needed() -> None:
    with pytest.raises(SystemExit) as exit_:
        manage.main([])
    assert exit_.value.code == 2
