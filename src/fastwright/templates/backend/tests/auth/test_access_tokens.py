"""Access tokens: everything that is wrong with one is found."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import jwt
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import Login
from app.auth.tokens import TOKEN_TYPE, derive_key, encode_access_token
from app.cache import MemoryCache
from app.database import utc_now
from app.settings import Settings
from app.users.models import User
from tests.auth.support import me
from tests.conftest import AsUser, CountStatements, MakeUser


NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def login(make_user: MakeUser, session: AsyncSession) -> Login:
    user = await make_user()
    now = utc_now()
    login = Login(user_id=user.id, created_at=now, last_used_at=now, expires_at=now + timedelta(days=1))
    session.add(login)
    await session.flush()
    return login


def signed(settings: Settings, login: Login, *, typ: str = TOKEN_TYPE, **changes: object) -> str:
    """Return a token that is right but for `changes`: None leaves a claim out, a timedelta is counted from now."""
    now = utc_now()
    claims = {
        "iss": settings.public_url,
        "aud": f"{settings.public_url}/api/v1",
        "sub": str(login.user_id),
        "sid": str(login.id),
        "jti": uuid4().hex,
        "iat": now,
        "exp": now + timedelta(minutes=5),
        **changes,
    }
    present = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in claims.items()
        if value is not None
    }
    return jwt.encode(present, derive_key(settings, "access-token"), "HS256", headers={"typ": typ})


async def test_a_token_without_faults_is_accepted(
    client: httpx2.AsyncClient, login: Login, settings: Settings
) -> None:
    assert (await me(client, signed(settings, login))).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "JWT"},
        {"iss": "https://elsewhere.example"},
        {"aud": "https://elsewhere.example"},
        {"aud": ["http://localhost:8000/api/v1", "https://elsewhere.example"]},
        {"exp": timedelta(seconds=-1)},
        {"iat": timedelta(hours=1)},
        {"sub": "not a uuid"},
        {"sub": NOBODY},
        {"sid": NOBODY},
        {"sid": 5},
        *({claim: None} for claim in ("iss", "aud", "exp", "iat", "jti", "sid", "sub")),
    ],
    ids=str,
)
async def test_a_token_with_one_fault_is_refused(
    client: httpx2.AsyncClient, login: Login, settings: Settings, changes: dict[str, Any]
) -> None:
    response = await me(client, signed(settings, login, **changes))
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


async def test_a_token_that_others_signed_is_refused(
    client: httpx2.AsyncClient, login: Login, settings: Settings
) -> None:
    token = signed(settings, login)
    header, claims, signature = token.split(".")
    payload = jwt.decode(token, options={"verify_signature": False})
    secret = settings.secret_key.get_secret_value()
    for forged in (
        jwt.encode(payload, "", "none", headers={"typ": TOKEN_TYPE}),
        jwt.encode(payload, "a key that is long enough but not ours", "HS256", headers={"typ": TOKEN_TYPE}),
        jwt.encode(payload, secret, "HS256", headers={"typ": TOKEN_TYPE}),
        jwt.encode(payload, derive_key(settings, "access-token") * 2, "HS512", headers={"typ": TOKEN_TYPE}),
        f"{header}.{claims[:-2]}.{signature}",
        f"{header}.{claims}.{signature[:-2]}",
        f"{header}.{claims}.",
        "not a token",
    ):
        assert (await me(client, forged)).status_code == 401, forged


async def test_no_token_is_asked_for_one(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/users/me")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_another_scheme_is_no_token(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/users/me", headers={"Authorization": "Basic YWRhOnNlY3JldA=="})
    assert response.status_code == 401


@pytest.mark.parametrize("ended", [{"revoked_at": utc_now()}, {"expires_at": utc_now() - timedelta(seconds=1)}])
async def test_a_token_ends_with_its_login(
    client: httpx2.AsyncClient, login: Login, settings: Settings, session: AsyncSession, ended: dict[str, Any]
) -> None:
    token = encode_access_token(settings, user_id=login.user_id, login_id=login.id)
    assert (await me(client, token)).status_code == 200
    for name, value in ended.items():
        setattr(login, name, value)
    await session.flush()
    assert (await me(client, token)).status_code == 401


async def test_a_token_ends_with_its_account(
    client: httpx2.AsyncClient, login: Login, settings: Settings, session: AsyncSession
) -> None:
    token = encode_access_token(settings, user_id=login.user_id, login_id=login.id)
    user = await session.get_one(User, login.user_id)
    user.is_active = False
    await session.flush()
    assert (await me(client, token)).status_code == 401


@pytest.fixture
def clock(app: FastAPI, settings: Settings) -> Iterator[list[float]]:
    """Let the application remember callers for five seconds of a clock that only the test turns."""
    now = [0.0]
    app.state.cache = MemoryCache(clock=lambda: now[0])
    app.state.settings = settings.model_copy(update={"principal_cache_seconds": 5})
    yield now
    app.state.settings = settings


async def test_a_caller_is_remembered_for_a_few_seconds(
    clock: list[float], make_user: MakeUser, as_user: AsUser, count_statements: CountStatements
) -> None:
    client = await as_user(await make_user())
    counts = []
    for clock[0] in (0.0, 4.9, 5.1):
        with count_statements() as counter:
            await client.get("/api/v1/auth/logins")
        counts.append(counter.count)
    assert counts == [2, 1, 2]


async def test_a_login_that_another_process_ended_is_accepted_no_longer_than_that(
    clock: list[float], make_user: MakeUser, as_user: AsUser, session: AsyncSession
) -> None:
    client = await as_user(await make_user())
    assert (await client.get("/api/v1/users/me")).status_code == 200
    await session.execute(update(Login).values(revoked_at=utc_now()))
    clock[0] = 5.1
    assert (await client.get("/api/v1/users/me")).status_code == 401


async def test_logging_out_does_not_wait_for_the_memory_to_fade(
    clock: list[float], make_user: MakeUser, as_user: AsUser
) -> None:
    client = await as_user(await make_user())
    assert (await client.get("/api/v1/users/me")).status_code == 200
    assert (await client.post("/api/v1/auth/logout")).status_code == 204
    assert (await client.get("/api/v1/users/me")).status_code == 401
