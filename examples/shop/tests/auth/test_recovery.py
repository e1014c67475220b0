"""Changing and resetting passwords."""

from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import AccountToken
from app.database import utc_now
from app.users.models import User
from tests.auth.support import OTHER_PASSWORD, PASSWORD, log_in, me, refresh, token_in, tokens_of
from tests.conftest import CountStatements, MakeUser
from tests.support import MemoryMailer

EMAIL = "ada@example.com"
REQUEST = "/api/v1/auth/password/reset-request"
RESET = "/api/v1/auth/password/reset"
CHANGE = "/api/v1/auth/password/change"


async def reset_token(app: FastAPI, client: httpx2.AsyncClient, mailbox: MemoryMailer) -> str:
    """Ask for a reset and return the token that was mailed."""
    assert (await client.post(REQUEST, json={"email": EMAIL})).status_code == 202
    await app.state.tasks.drain()
    return token_in(mailbox.messages[-1])


async def test_a_reset_is_answered_alike_for_known_and_unknown(
    app: FastAPI,
    client: httpx2.AsyncClient,
    make_user: MakeUser,
    mailbox: MemoryMailer,
    hashes: list[str],
    count_statements: CountStatements,
    session: AsyncSession,
) -> None:
    await make_user(email="known@example.com")
    closed = await make_user(email="closed@example.com")
    closed.is_active = False
    await session.flush()
    answers = set()
    for email in ("unknown@example.com", "closed@example.com", "known@example.com"):
        with count_statements() as counter:
            response = await client.post(REQUEST, json={"email": email})
            statements = counter.count
        answers.add((response.status_code, response.content, statements, tuple(hashes)))
        await app.state.tasks.drain()
    assert len(answers) == 1, "what differs happens after the answer"
    assert [mail.to for mail in mailbox.messages] == ["known@example.com"]


async def test_a_reset_sets_the_password_and_ends_all_logins(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    tokens = await tokens_of(client, EMAIL)
    token = await reset_token(app, client, mailbox)
    assert (await client.post(RESET, json={"token": token, "password": OTHER_PASSWORD})).status_code == 204
    assert (await me(client, tokens["access_token"])).status_code == 401
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401
    assert (await log_in(client, EMAIL, PASSWORD)).status_code == 401
    assert (await log_in(client, EMAIL, OTHER_PASSWORD)).status_code == 200
    await app.state.tasks.drain()
    assert mailbox.messages[-1].subject == "Your password was changed"


async def test_a_reset_link_works_once_and_only_the_newest(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer
) -> None:
    await make_user(email=EMAIL)
    early, late = [await reset_token(app, client, mailbox) for _ in range(2)]
    body = {"token": late, "password": OTHER_PASSWORD}
    assert (await client.post(RESET, json={"token": early, "password": PASSWORD})).status_code == 404
    assert (await client.post(RESET, json=body)).status_code == 204
    assert (await client.post(RESET, json=body)).status_code == 404


async def test_a_reset_link_expires(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer, session: AsyncSession
) -> None:
    await make_user(email=EMAIL)
    token = await reset_token(app, client, mailbox)
    await session.execute(update(AccountToken).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert (await client.post(RESET, json={"token": token, "password": OTHER_PASSWORD})).status_code == 404


async def test_a_refused_password_leaves_the_link_usable(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer
) -> None:
    await make_user(email=EMAIL)
    token = await reset_token(app, client, mailbox)
    refused = await client.post(RESET, json={"token": token, "password": "password1234"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["location"] == "body.password"
    assert (await client.post(RESET, json={"token": token, "password": OTHER_PASSWORD})).status_code == 204


async def test_a_link_that_is_used_while_the_hash_is_computed_is_refused(
    app: FastAPI,
    client: httpx2.AsyncClient,
    make_user: MakeUser,
    mailbox: MemoryMailer,
    session: AsyncSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await make_user(email=EMAIL)
    token = await reset_token(app, client, mailbox)

    async def hash_while_the_link_is_used(password: str) -> str:
        await session.execute(update(AccountToken).values(token_hash="used"))
        return password

    monkeypatch.setattr(app.state.hasher, "hash", hash_while_the_link_is_used)
    assert (await client.post(RESET, json={"token": token, "password": OTHER_PASSWORD})).status_code == 404


async def test_a_reset_verifies_the_address_that_it_was_mailed_to(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer
) -> None:
    await make_user(email=EMAIL, verified=False)
    token = await reset_token(app, client, mailbox)
    await client.post(RESET, json={"token": token, "password": OTHER_PASSWORD})
    assert (await log_in(client, EMAIL, OTHER_PASSWORD)).status_code == 200


async def test_a_reset_token_does_not_verify_an_address(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer
) -> None:
    await make_user(email=EMAIL, verified=False)
    token = await reset_token(app, client, mailbox)
    assert (await client.post("/api/v1/auth/verify-email", json={"token": token})).status_code == 404


async def test_a_change_keeps_this_login_and_ends_the_others(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    phone, laptop = await tokens_of(client, EMAIL), await tokens_of(client, EMAIL)
    client.headers["Authorization"] = f"Bearer {laptop['access_token']}"
    body = {"current_password": PASSWORD, "new_password": OTHER_PASSWORD}
    assert (await client.post(CHANGE, json=body)).status_code == 204
    assert (await me(client, laptop["access_token"])).status_code == 200
    assert (await refresh(client, laptop["refresh_token"])).status_code == 200
    assert (await me(client, phone["access_token"])).status_code == 401
    assert (await refresh(client, phone["refresh_token"])).status_code == 401
    assert (await log_in(client, EMAIL, OTHER_PASSWORD)).status_code == 200
    await app.state.tasks.drain()
    assert [mail.subject for mail in mailbox.to(EMAIL)] == ["Your password was changed"]


async def test_a_change_voids_a_reset_link(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer
) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    tokens = await tokens_of(client, EMAIL)
    token = await reset_token(app, client, mailbox)
    body = {"current_password": PASSWORD, "new_password": OTHER_PASSWORD}
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.post(CHANGE, json=body, headers=headers)).status_code == 204
    assert (await client.post(RESET, json={"token": token, "password": PASSWORD})).status_code == 404


async def test_a_change_does_not_undo_a_reset_that_was_faster(
    app: FastAPI,
    client: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = await make_user(email=EMAIL, password=PASSWORD)
    tokens = await tokens_of(client, EMAIL)

    async def hash_while_somebody_resets(password: str) -> str:
        await session.execute(update(User).where(User.id == user.id).values(password_hash="reset"))
        return password

    monkeypatch.setattr(app.state.hasher, "hash", hash_while_somebody_resets)
    body = {"current_password": PASSWORD, "new_password": OTHER_PASSWORD}
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.post(CHANGE, json=body, headers=headers)).status_code == 403
    assert (await session.scalars(select(User.password_hash).where(User.id == user.id))).one() == "reset"


async def test_a_change_needs_the_current_password(client: httpx2.AsyncClient, make_user: MakeUser) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    tokens = await tokens_of(client, EMAIL)
    client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    body = {"current_password": "something else entirely", "new_password": OTHER_PASSWORD}
    assert (await client.post(CHANGE, json=body)).status_code == 403
    weak = {"current_password": PASSWORD, "new_password": "password1234"}
    response = await client.post(CHANGE, json=weak)
    assert response.status_code == 422
    assert response.json()["errors"][0]["location"] == "body.new_password"
    assert (await log_in(client, EMAIL, PASSWORD)).status_code == 200
