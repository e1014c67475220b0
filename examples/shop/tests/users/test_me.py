"""The caller's own account."""

from typing import Any

import httpx2
import pytest

from tests.conftest import AsUser, CountStatements, MakeUser

ME = "/api/v1/users/me"


async def test_users_read_their_account_without_any_secret(make_user: MakeUser, as_user: AsUser) -> None:
    client = await as_user(await make_user(email="ada@example.com"))
    response = await client.get(ME)
    assert response.json()["email"] == "ada@example.com"
    assert response.json()["role"] == "user"
    assert "password" not in response.text


async def test_reading_takes_one_statement_besides_the_callers_own(
    make_user: MakeUser, as_user: AsUser, count_statements: CountStatements
) -> None:
    client = await as_user(await make_user())
    with count_statements() as counter:
        await client.get(ME)
    assert counter.count == 2


async def test_users_change_their_name(make_user: MakeUser, as_user: AsUser) -> None:
    client = await as_user(await make_user())
    before = await client.get(ME)
    after = await client.patch(ME, json={"display_name": "Grace"}, headers={"If-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.json()["display_name"] == "Grace"
    assert after.headers["ETag"] != before.headers["ETag"]
    assert (await client.get(ME)).json() == after.json()


async def test_a_stale_copy_does_not_win(make_user: MakeUser, as_user: AsUser) -> None:
    client = await as_user(await make_user())
    headers = {"If-Match": (await client.get(ME)).headers["ETag"]}
    assert (await client.patch(ME, json={"display_name": "First"}, headers=headers)).status_code == 200
    assert (await client.patch(ME, json={"display_name": "Second"}, headers=headers)).status_code == 412
    assert (await client.get(ME)).json()["display_name"] == "First"


async def test_a_change_of_nothing_changes_nothing(make_user: MakeUser, as_user: AsUser) -> None:
    client = await as_user(await make_user())
    before = await client.get(ME)
    after = await client.patch(ME, json={})
    assert (after.status_code, after.json(), after.headers["ETag"]) == (200, before.json(), before.headers["ETag"])


@pytest.mark.parametrize(
    "body",
    [{"display_name": None}, {"display_name": ""}, {"role": "admin"}, {"is_active": False}, {"email": "a@example.com"}],
)
async def test_users_change_nothing_else(make_user: MakeUser, as_user: AsUser, body: dict[str, Any]) -> None:
    client = await as_user(await make_user())
    assert (await client.patch(ME, json=body)).status_code == 422


async def test_strangers_have_no_account(client: httpx2.AsyncClient) -> None:
    assert (await client.get(ME)).status_code == 401
    assert (await client.patch(ME, json={})).status_code == 401
