"""The session dependency owns the transaction: commit before the answer, rollback on every error but one kind."""

import httpx2
import pytest
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text

from app.dependencies import SessionDep
from app.errors import Conflict, Unauthenticated
from tests.platform.conftest import Serve, Served

router = APIRouter()

INSERT_USER = text(
    "INSERT INTO users (id, email, password_hash, display_name, role, is_active, created_at, updated_at, version)"
    " VALUES (:id, :email, '!', 'Somebody', 'user', 1, '2026-01-01', '2026-01-01', 1)"
)
INSERT_ORPHAN = text(
    "INSERT INTO refresh_tokens (id, login_id, token_hash, created_at) VALUES ('1', 'nobody', '3', '2026-01-01')"
)


class Written(BaseModel):
    count: int


class EndOfLogin(Unauthenticated):
    keeps_changes = True


async def add_user(session: SessionDep) -> None:
    await session.execute(INSERT_USER, {"id": "1", "email": "ada@example.com"})


@router.post("/succeeds")
async def succeed(session: SessionDep) -> Written:
    await add_user(session)
    return Written(count=1)


@router.post("/fails")
async def fail(session: SessionDep) -> Written:
    await add_user(session)
    raise Conflict("on second thoughts")


@router.post("/breaks")
async def break_down(session: SessionDep) -> Written:
    await add_user(session)
    raise RuntimeError("out of order")


@router.post("/keeps")
async def keep(session: SessionDep) -> Written:
    await add_user(session)
    raise EndOfLogin


@router.post("/repeats")
async def repeat(session: SessionDep) -> Written:
    await add_user(session)
    await session.execute(INSERT_USER, {"id": "2", "email": "ada@example.com"})
    return Written(count=2)


@router.post("/commit-fails")
async def fail_at_commit(session: SessionDep) -> Written:
    """Leave a row that the database accepts now and refuses at the end of the transaction."""
    await session.execute(text("PRAGMA defer_foreign_keys = ON"))
    await add_user(session)
    await session.execute(INSERT_ORPHAN)
    return Written(count=2)


async def count_users(client: Served) -> int:
    async with client.app.state.database.session() as session:
        return int(await session.scalar(text("SELECT count(*) FROM users")))


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [("/succeeds", 200, 1), ("/fails", 409, 0), ("/breaks", 500, 0), ("/keeps", 401, 1), ("/repeats", 409, 0)],
)
async def test_a_change_is_kept_if_the_request_succeeds(serve: Serve, path: str, status: int, kept: int) -> None:
    client = await serve(router)

    response = await client.post(path)

    assert response.status_code == status
    assert await count_users(client) == kept


async def test_a_commit_that_fails_is_a_conflict_and_not_a_success(serve: Serve) -> None:
    client = await serve(router)

    response: httpx2.Response = await client.post("/commit-fails")

    assert response.status_code == 409
    assert response.json()["detail"] == "a referenced row does not exist, or this row is still referenced"
    assert await count_users(client) == 0


async def test_a_server_that_cannot_be_reached_is_said_to_be_unavailable(serve: Serve) -> None:
    client = await serve(router, database_url="postgresql://user:pw@127.0.0.1:1/shop")

    response = await client.post("/succeeds")

    assert response.status_code == 503
    assert "127.0.0.1" not in response.text


async def test_a_database_without_its_tables_is_not_the_callers_fault(serve: Serve) -> None:
    client = await serve(router)
    async with client.app.state.database.session() as session:
        await session.execute(text("DROP TABLE users"))

    response = await client.post("/succeeds")

    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "users" not in response.text
