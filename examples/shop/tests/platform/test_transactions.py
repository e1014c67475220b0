"""The session dependency owns the transaction: commit before the answer, rollback on every error but one kind."""

from uuid import uuid4

import httpx2
import pytest
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import func, select, text

from app.auth.models import RefreshToken
from app.auth.roles import Role
from app.database import utc_now
from app.dependencies import SessionDep
from app.errors import Conflict, Unauthenticated
from app.users.models import User
from tests.platform.conftest import Serve, Served

router = APIRouter()

# Both then look at references only when the transaction ends.
DEFER = {
    "sqlite": "PRAGMA defer_foreign_keys = ON",
    "postgresql": "ALTER TABLE refresh_tokens"
    " ALTER CONSTRAINT fk_refresh_tokens_login_id_logins DEFERRABLE INITIALLY DEFERRED",
}


class Written(BaseModel):
    count: int


class EndOfLogin(Unauthenticated):
    keeps_changes = True


async def add_user(session: SessionDep) -> None:
    session.add(User(email="ada@example.com", password_hash="!", display_name="Somebody", role=Role.USER))
    await session.flush()


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
    await add_user(session)
    return Written(count=2)


@router.post("/commit-fails")
async def fail_at_commit(session: SessionDep) -> Written:
    """Leave a row that the database accepts now and refuses at the end of the transaction."""
    await session.execute(text(DEFER[session.get_bind().dialect.name]))
    await add_user(session)
    session.add(RefreshToken(login_id=uuid4(), token_hash="3", created_at=utc_now()))
    return Written(count=2)


async def count_users(client: Served) -> int:
    async with client.app.state.database.session() as session:
        return await session.scalar(select(func.count()).select_from(User)) or 0


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
        await session.execute(text(f"ALTER TABLE {User.__tablename__} RENAME TO lost"))

    response = await client.post("/succeeds")

    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "users" not in response.text
