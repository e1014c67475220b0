"""Limits on guessing."""

import httpx2
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from tests.auth.support import PASSWORD, log_in, register
from tests.conftest import AsUser, MakeUser

BY_EMAIL = ["/api/v1/auth/verify-email/resend", "/api/v1/auth/password/reset-request"]
BY_TOKEN = {
    "/api/v1/auth/verify-email": {"token": "x"},
    "/api/v1/auth/password/reset": {"token": "x", "password": PASSWORD},
}


def from_address(app: FastAPI, address: str) -> AsyncClient:
    """Return a client at `address`."""
    return AsyncClient(transport=ASGITransport(app=app, client=(address, 1)), base_url="http://test")


@pytest.mark.parametrize("known", [True, False])
async def test_an_account_is_guessed_five_times_a_minute_from_anywhere(
    app: FastAPI, make_user: MakeUser, known: bool
) -> None:
    if known:
        await make_user(email="ada@example.com", password=PASSWORD)
    answers = []
    for number in range(7):
        async with from_address(app, f"10.0.0.{number}") as client:
            answers.append(await log_in(client, "ADA@example.com", "wrong wrong wrong"))
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json()["type"] == "/problems/too-many-requests"


async def test_an_address_guesses_twenty_times_a_minute_whatever_the_accounts(app: FastAPI) -> None:
    async with from_address(app, "10.0.0.1") as client:
        statuses = [(await log_in(client, f"user{number}@example.com")).status_code for number in range(21)]
        assert statuses == [401] * 20 + [429]
    async with from_address(app, "10.0.0.2") as client:
        assert (await log_in(client, "user20@example.com")).status_code == 401, "refused ones do not count"


async def test_even_the_right_password_waits(app: FastAPI, client: httpx2.AsyncClient, make_user: MakeUser) -> None:
    await make_user(email="ada@example.com", password=PASSWORD)
    for _ in range(5):
        await log_in(client, "ada@example.com", "wrong wrong wrong")
    assert (await log_in(client, "ada@example.com")).status_code == 429
    await app.state.limiter.storage.reset()
    assert (await log_in(client, "ada@example.com")).status_code == 200


async def test_registration_is_limited_for_each_account(client: httpx2.AsyncClient) -> None:
    statuses = [(await register(client, "ada@example.com")).status_code for _ in range(6)]
    assert statuses == [202] * 5 + [429]


@pytest.mark.parametrize("path", BY_EMAIL)
async def test_messages_are_limited_for_each_account(client: httpx2.AsyncClient, path: str) -> None:
    statuses = [(await client.post(path, json={"email": "ada@example.com"})).status_code for _ in range(6)]
    assert statuses == [202] * 5 + [429]
    assert (await client.post(path, json={"email": "bob@example.com"})).status_code == 202


@pytest.mark.parametrize("path", BY_TOKEN)
async def test_tokens_are_guessed_twenty_times_a_minute(client: httpx2.AsyncClient, path: str) -> None:
    statuses = [(await client.post(path, json=BY_TOKEN[path])).status_code for _ in range(21)]
    assert statuses == [404] * 20 + [429]


async def test_the_current_password_is_guessed_five_times_a_minute(make_user: MakeUser, as_user: AsUser) -> None:
    client = await as_user(await make_user())
    body = {"current_password": "guess", "new_password": PASSWORD}
    statuses = [(await client.post("/api/v1/auth/password/change", json=body)).status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]
