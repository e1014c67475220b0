"""Rotation of refresh tokens: one chain, a short grace, and the end of the family."""

import asyncio
from datetime import timedelta

import httpx2
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import Login, RefreshToken
from app.auth.tokens import end_of_chain
from app.database import Database, utc_now
from app.settings import Settings
from app.users.models import User
from tests.auth.support import PASSWORD, log_in, me, refresh, tokens_of
from tests.conftest import MakeUser

EMAIL = "ada@example.com"


async def test_a_retry_within_the_grace_gets_the_same_successor(
    client: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    first = await tokens_of(client, EMAIL)
    winner = (await refresh(client, first["refresh_token"])).json()
    loser = (await refresh(client, first["refresh_token"])).json()
    assert loser["refresh_token"] == winner["refresh_token"]
    assert (await me(client, loser["access_token"])).status_code == 200
    assert (await refresh(client, loser["refresh_token"])).status_code == 200


async def test_a_late_retry_within_the_grace_gets_the_end_of_the_chain(
    client: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    tokens = [(await tokens_of(client, EMAIL))["refresh_token"]]
    for _ in range(3):
        tokens.append((await refresh(client, tokens[-1])).json()["refresh_token"])
    assert (await refresh(client, tokens[0])).json()["refresh_token"] == tokens[-1]


async def test_refreshes_at_the_same_moment_all_get_the_same_usable_successor(
    committed_app: FastAPI, committed_client: httpx2.AsyncClient, refresh_token: str
) -> None:
    answers = await asyncio.gather(*(refresh(committed_client, refresh_token) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    [successor] = {answer.json()["refresh_token"] for answer in answers}
    assert (await refresh(committed_client, successor)).status_code == 200
    database: Database = committed_app.state.database
    async with database.session() as session:
        tokens = (await session.scalars(select(RefreshToken.used_at))).all()
    assert [used is None for used in tokens].count(True) == 1, "there is one chain, and it has one end"
    assert len(tokens) == 3


async def test_a_replay_ends_the_login_for_good_although_it_is_refused(
    committed_app: FastAPI, committed_client: httpx2.AsyncClient, refresh_token: str
) -> None:
    pair = (await refresh(committed_client, refresh_token)).json()
    database: Database = committed_app.state.database
    async with database.session() as session:
        await session.execute(
            update(RefreshToken).where(RefreshToken.used_at.is_not(None)).values(used_at=utc_now() - timedelta(hours=1))
        )
    assert (await refresh(committed_client, refresh_token)).status_code == 401
    async with database.session() as session:
        assert await session.scalar(select(Login.revoked_at)) is not None, "the refusal was committed"
    assert (await refresh(committed_client, pair["refresh_token"])).status_code == 401
    assert (await me(committed_client, pair["access_token"])).status_code == 401
    assert (await refresh(committed_client, refresh_token)).status_code == 401, "and stays dead"


async def test_a_replay_ends_only_its_own_login(
    client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    phone, laptop = await tokens_of(client, EMAIL), await tokens_of(client, EMAIL)
    await refresh(client, phone["refresh_token"])
    await session.execute(
        update(RefreshToken).where(RefreshToken.used_at.is_not(None)).values(used_at=utc_now() - timedelta(hours=1))
    )
    assert (await refresh(client, phone["refresh_token"])).status_code == 401
    assert (await refresh(client, laptop["refresh_token"])).status_code == 200


async def test_an_unknown_token_is_refused(client: httpx2.AsyncClient) -> None:
    response = await refresh(client, "x" * 43)
    assert response.status_code == 401
    assert "x" * 43 not in response.text


async def test_a_login_expires_however_often_it_is_refreshed(
    client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    pair = (await refresh(client, (await tokens_of(client, EMAIL))["refresh_token"])).json()
    await session.execute(update(Login).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert (await refresh(client, pair["refresh_token"])).status_code == 401
    assert (await me(client, pair["access_token"])).status_code == 401


async def test_a_closed_account_cannot_refresh(
    client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    user = await make_user(email=EMAIL, password=PASSWORD)
    pair = await tokens_of(client, EMAIL)
    await session.execute(update(User).where(User.id == user.id).values(is_active=False))
    assert (await refresh(client, pair["refresh_token"])).status_code == 401
    assert (await me(client, pair["access_token"])).status_code == 401


async def test_after_a_change_of_the_secret_a_retry_is_refused_but_ends_nothing(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, settings: Settings
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    first = (await tokens_of(client, EMAIL))["refresh_token"]
    second = (await refresh(client, first)).json()["refresh_token"]
    changed = settings.model_copy(update={"secret_key": SecretStr("another-secret-that-is-long-enough-too")})
    app.state.settings = changed
    try:
        assert (await refresh(client, first)).status_code == 401
        assert (await refresh(client, second)).status_code == 200
    finally:
        app.state.settings = settings
    assert end_of_chain(changed, first, None) is None


async def test_tokens_are_stored_as_hashes_only(
    client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    pair = await tokens_of(client, EMAIL)
    stored = (await session.scalars(select(RefreshToken.token_hash))).one()
    assert stored != pair["refresh_token"]


async def test_logins_that_ended_are_forgotten_at_the_next_login(
    client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    await tokens_of(client, EMAIL)
    await session.execute(update(Login).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert (await log_in(client, EMAIL)).status_code == 200
    assert len((await session.scalars(select(Login.id))).all()) == 1
    assert len((await session.scalars(select(RefreshToken.id))).all()) == 1
