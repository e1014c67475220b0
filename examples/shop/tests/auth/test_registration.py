"""Registration and verification, and what they do not tell."""

from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import AccountToken
from app.database import utc_now
from app.users.models import User
from tests.auth.support import OTHER_PASSWORD, PASSWORD, log_in, register, token_in, tokens_of
from tests.conftest import CountStatements, MakeUser
from tests.support import MemoryMailer


async def test_a_known_address_gets_the_same_answer_for_the_same_work(
    client: httpx2.AsyncClient, make_user: MakeUser, hashes: list[str], count_statements: CountStatements
) -> None:
    await make_user(email="known@example.com")
    await make_user(email="waiting@example.com", verified=False)
    answers = []
    for email in ("unknown@example.com", "known@example.com", "waiting@example.com"):
        hashes.clear()
        with count_statements() as counter:
            response = await register(client, email)
        answers.append((response.status_code, response.content, tuple(hashes), tuple(counter.statements)))
    assert answers[0][0] == 202
    assert len(set(answers)) == 1


async def test_the_owner_of_a_known_address_is_told_by_mail(
    app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser, mailbox: MemoryMailer, session: AsyncSession
) -> None:
    user = await make_user(email="ada@example.com", password=PASSWORD)
    await register(client, "ada@example.com", OTHER_PASSWORD)
    await app.state.tasks.drain()
    assert [mail.subject for mail in mailbox.to("ada@example.com")] == ["You already have an account"]
    assert (await session.scalars(select(User.display_name).where(User.id == user.id))).one() == user.display_name
    assert (await log_in(client, "ada@example.com", OTHER_PASSWORD)).status_code == 401
    assert (await log_in(client, "ada@example.com", PASSWORD)).status_code == 200


async def test_registering_again_replaces_what_nobody_has_verified(
    app: FastAPI, client: httpx2.AsyncClient, mailbox: MemoryMailer
) -> None:
    await register(client, "ada@example.com", PASSWORD)
    await app.state.tasks.drain()
    await register(client, "ada@example.com", OTHER_PASSWORD)
    early = token_in(mailbox.messages[0])
    assert (await client.post("/api/v1/auth/verify-email", json={"token": early})).status_code == 404
    await app.state.tasks.drain()
    late = token_in(mailbox.messages[1])
    assert (await client.post("/api/v1/auth/verify-email", json={"token": late})).status_code == 204
    assert (await log_in(client, "ada@example.com", PASSWORD)).status_code == 401
    await tokens_of(client, "ada@example.com", OTHER_PASSWORD)


async def test_one_mailbox_has_one_account_however_it_is_spelled(
    client: httpx2.AsyncClient, session: AsyncSession
) -> None:
    for email in ("ada@example.com", "ADA@Example.COM", "\uff41da@example.com"):
        assert (await register(client, email)).status_code == 202
    assert await session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("tiny word", "too_short"),
        ("x" * 129, "too_long"),
        ("Password2024!", "common_password"),
        ("P@ssw0rd1234", "common_password"),
        ("qwertyqwerty", "common_password"),
        ("lovelyprincess", "common_password"),
        ("correcthorsebatterystaple", "common_password"),
        ("ada.k@example.com", "personal_password"),
        ("AdaLovelace.42", "personal_password"),
    ],
)
async def test_a_password_that_is_easy_to_guess_is_refused_and_not_repeated(
    client: httpx2.AsyncClient, password: str, code: str
) -> None:
    body = {"email": "ada.k@example.com", "password": password, "display_name": "AdaLovelace"}
    response = await client.post("/api/v1/auth/register", json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["location"] == "body.password"
    assert response.json()["errors"][0]["code"] == code
    assert password not in response.text


@pytest.mark.parametrize(
    "change",
    [
        {"email": "not an address"},
        {"email": "a" * 250 + "@example.com"},
        {"email": "\u0390" * 60 + "@" + ".".join(["d" * 60] * 2) + ".com"},  # grows when it is folded
        {"display_name": ""},
        {"display_name": " padded "},
        {"display_name": "nul\x00"},
        {"role": "admin"},
    ],
)
async def test_a_malformed_registration_is_refused(client: httpx2.AsyncClient, change: dict[str, str]) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD, "display_name": "Ada", **change}
    assert (await client.post("/api/v1/auth/register", json=body)).status_code == 422


async def test_a_verification_link_works_once(app: FastAPI, client: httpx2.AsyncClient, mailbox: MemoryMailer) -> None:
    await register(client, "ada@example.com")
    await app.state.tasks.drain()
    body = {"token": token_in(mailbox.messages[0])}
    assert (await client.post("/api/v1/auth/verify-email", json=body)).status_code == 204
    again = await client.post("/api/v1/auth/verify-email", json=body)
    assert again.status_code == 404
    assert again.json()["type"] == "/problems/invalid-link"


async def test_a_verification_link_expires(
    app: FastAPI, client: httpx2.AsyncClient, mailbox: MemoryMailer, session: AsyncSession
) -> None:
    await register(client, "ada@example.com")
    await app.state.tasks.drain()
    await session.execute(update(AccountToken).values(expires_at=utc_now() - timedelta(seconds=1)))
    body = {"token": token_in(mailbox.messages[0])}
    assert (await client.post("/api/v1/auth/verify-email", json=body)).status_code == 404


async def test_a_verification_token_does_not_reset_a_password(
    app: FastAPI, client: httpx2.AsyncClient, mailbox: MemoryMailer
) -> None:
    await register(client, "ada@example.com")
    await app.state.tasks.drain()
    body = {"token": token_in(mailbox.messages[0]), "password": OTHER_PASSWORD}
    assert (await client.post("/api/v1/auth/password/reset", json=body)).status_code == 404


async def test_asking_for_the_link_again_answers_alike_and_mails_only_who_needs_it(
    app: FastAPI,
    client: httpx2.AsyncClient,
    make_user: MakeUser,
    mailbox: MemoryMailer,
    count_statements: CountStatements,
) -> None:
    await make_user(email="known@example.com")
    await make_user(email="waiting@example.com", verified=False)
    answers = set()
    for email in ("unknown@example.com", "known@example.com", "waiting@example.com"):
        with count_statements() as counter:
            response = await client.post("/api/v1/auth/verify-email/resend", json={"email": email})
            statements = counter.count
        answers.add((response.status_code, response.content, statements))
        await app.state.tasks.drain()
    assert len(answers) == 1
    assert [mail.to for mail in mailbox.messages] == ["waiting@example.com"]


async def test_only_the_hash_of_a_mailed_token_is_stored(
    app: FastAPI, client: httpx2.AsyncClient, mailbox: MemoryMailer, session: AsyncSession
) -> None:
    await register(client, "ada@example.com")
    await app.state.tasks.drain()
    [stored] = await session.scalars(select(AccountToken.token_hash))
    assert stored != token_in(mailbox.messages[0])
    assert len(stored) == 64
