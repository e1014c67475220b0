"""The backend never loses its last administrator."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import Login
from app.auth.roles import Role
from app.auth.tokens import encode_access_token
from app.database import Database, utc_now
from app.settings import Settings
from app.users.models import User
from tests.conftest import AsUser, MakeUser

USERS = "/api/v1/users"


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
async def test_the_last_active_administrator_stays(
    make_user: MakeUser, as_user: AsUser, session: AsyncSession, change: dict[str, str | bool]
) -> None:
    last, closed = await make_user(role=Role.ADMIN), await make_user(role=Role.ADMIN)
    closed.is_active = False
    await session.flush()
    admin = await as_user(last)
    response = await admin.patch(f"{USERS}/{last.id}", json=change)
    assert response.status_code == 409
    assert (await admin.get(f"{USERS}/{last.id}")).json()["role"] == "admin"


async def test_an_administrator_may_step_down_while_another_is_there(make_user: MakeUser, as_user: AsUser) -> None:
    leaving, staying = await make_user(role=Role.ADMIN), await make_user(role=Role.ADMIN)
    admin, other = await as_user(leaving), await as_user(staying)
    assert (await admin.patch(f"{USERS}/{leaving.id}", json={"role": "user"})).status_code == 200
    assert (await other.get(f"{USERS}/{staying.id}")).headers["ETag"].startswith('"1-'), "taking the lock changes nobody"


async def test_administrators_who_demote_each_other_at_once_leave_one(
    committed_app: FastAPI, committed_client: httpx2.AsyncClient, committed_settings: Settings
) -> None:
    database: Database = committed_app.state.database
    users, tokens = [], []
    async with database.session() as session:
        now = utc_now()
        for name in ("ada", "bob", "eve"):
            user = User(
                email=f"{name}@example.com",
                display_name=name,
                role=Role.ADMIN,
                password_hash="!",
                email_verified_at=now,
            )
            session.add(user)
            await session.flush()
            login = Login(user_id=user.id, created_at=now, last_used_at=now, expires_at=now + timedelta(days=1))
            session.add(login)
            await session.flush()
            users.append(user.id)
            tokens.append(encode_access_token(committed_settings, user_id=user.id, login_id=login.id))
    await asyncio.gather(
        *(
            committed_client.patch(
                f"{USERS}/{user_id}", json={"role": "user"}, headers={"Authorization": f"Bearer {token}"}
            )
            for user_id, token in zip(users, [*tokens[1:], tokens[0]], strict=True)
        )
    )
    async with database.session() as session:
        assert await session.scalar(select(func.count()).where(User.role == Role.ADMIN)) == 1
