"""The password login."""

from typing import Any

import bcrypt
import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.passwords import PasswordHasher
from app.settings import Settings
from app.users.models import User
from tests.auth.support import OTHER_PASSWORD, PASSWORD, log_in, me
from tests.conftest import CountStatements, MakeUser


async def test_every_refusal_is_the_same_answer_for_the_same_work(
    client: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    hashes: list[str],
    count_statements: CountStatements,
) -> None:
    await make_user(email="known@example.com", password=PASSWORD)
    await make_user(email="waiting@example.com", password=PASSWORD, verified=False)
    closed = await make_user(email="closed@example.com", password=PASSWORD)
    closed.is_active = False
    await make_user(email="imported@example.com")
    await session.flush()
    attempts = [
        ("unknown@example.com", PASSWORD),
        ("known@example.com", OTHER_PASSWORD),
        ("waiting@example.com", PASSWORD),
        ("closed@example.com", PASSWORD),
        ("imported@example.com", PASSWORD),
        ("not an address", PASSWORD),
    ]
    answers = set()
    for email, password in attempts:
        hashes.clear()
        with count_statements() as counter:
            response = await log_in(client, email, password)
        problem = response.json()
        problem.pop("request_id")
        answers.add((response.status_code, str(problem), tuple(hashes), counter.count))
    assert len(answers) == 1
    [(status, _, computed, statements)] = answers
    assert (status, computed, statements) == (401, ("verify",), 1)


async def test_the_answer_is_what_oauth2_asks_for(client: httpx2.AsyncClient, make_user: MakeUser) -> None:
    await make_user(email="ada@example.com", password=PASSWORD)
    response = await log_in(client, "ada@example.com")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json()["token_type"] == "bearer"
    assert response.json()["expires_in"] == 600


async def test_the_form_of_the_docs_is_understood(
    client: httpx2.AsyncClient, make_user: MakeUser, app: FastAPI
) -> None:
    await make_user(email="ada@example.com", password=PASSWORD)
    schema: dict[str, Any] = app.openapi()
    flow = schema["components"]["securitySchemes"]["OAuth2PasswordBearer"]["flows"]["password"]
    form = {
        "grant_type": "password",
        "username": "ada@example.com",
        "password": PASSWORD,
        "scope": "",
        "client_id": "",
        "client_secret": "",
    }
    tokens = (await client.post(flow["tokenUrl"], data=form)).json()
    assert (await me(client, tokens["access_token"])).status_code == 200


@pytest.mark.parametrize(
    "change", [{"grant_type": "client_credentials"}, {"username": ""}, {"username": "a\x00b"}, {"surprise": "1"}]
)
async def test_a_malformed_form_is_refused_without_repeating_the_password(
    client: httpx2.AsyncClient, change: dict[str, str]
) -> None:
    form = {"username": "ada@example.com", "password": PASSWORD, **change}
    response = await client.post("/api/v1/auth/token", data=form)
    assert response.status_code == 422
    assert PASSWORD not in response.text


async def test_a_bcrypt_hash_is_replaced_at_the_first_login(
    client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    user = await make_user(email="ada@example.com")
    user.password_hash = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    await session.flush()
    version = user.version
    assert (await log_in(client, "ada@example.com", OTHER_PASSWORD)).status_code == 401
    assert (await log_in(client, "ada@example.com")).status_code == 200
    stored = (await session.execute(select(User.password_hash, User.version))).one()
    assert stored.password_hash.startswith("$argon2id$")
    assert stored.version == version, "nobody's copy of the account has become stale"
    assert (await log_in(client, "ada@example.com")).status_code == 200


async def test_a_long_password_still_matches_its_bcrypt_hash(app: FastAPI) -> None:
    hasher: PasswordHasher = app.state.hasher
    long = "a" * 60 + "b" * 60
    stored = bcrypt.hashpw(long[:72].encode(), bcrypt.gensalt(4)).decode()
    matches, upgraded = await hasher.verify_and_upgrade(long, stored)
    assert matches
    assert upgraded is not None
    assert await hasher.verify(long, upgraded)
    assert not await hasher.verify(long[:72], upgraded), "argon2 hashes all of it"


async def test_stronger_parameters_replace_weaker_hashes(app: FastAPI, settings: Settings) -> None:
    weak: PasswordHasher = app.state.hasher
    strong = PasswordHasher(settings.model_copy(update={"argon2_time_cost": 2}))
    stored = await weak.hash(PASSWORD)
    assert await weak.verify_and_upgrade(PASSWORD, stored) == (True, None)
    matches, upgraded = await strong.verify_and_upgrade(PASSWORD, stored)
    assert matches
    assert upgraded is not None
    assert "t=2" in upgraded


async def test_a_password_may_be_typed_on_another_system(app: FastAPI) -> None:
    hasher: PasswordHasher = app.state.hasher
    composed, decomposed = "caf\u00e9 au lait, sil vous plait", "cafe\u0301 au lait, sil vous plait"
    assert await hasher.verify(decomposed, await hasher.hash(composed))


async def test_an_account_that_changes_while_the_hash_is_computed_is_not_logged_in(
    client: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = await make_user(email="ada@example.com", password=PASSWORD)
    verify = app.state.hasher.verify

    async def verify_while_somebody_resets(password: str, stored: str | None) -> bool:
        user.password_hash = await app.state.hasher.hash(OTHER_PASSWORD)
        await session.flush()
        return bool(await verify(password, stored))

    monkeypatch.setattr(app.state.hasher, "verify", verify_while_somebody_resets)
    assert (await log_in(client, "ada@example.com")).status_code == 401
