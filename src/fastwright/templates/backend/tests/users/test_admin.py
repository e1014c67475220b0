"""Accounts in the hands of administrators."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.roles import Role
from tests.conftest import AsUser, CountStatements, MakeUser

USERS = "/api/v1/users"


async def test_plain_users_manage_nobody(make_user: MakeUser, as_user: AsUser) -> None:
    other = await make_user()
    client = await as_user(await make_user())
    assert (await client.get(USERS)).status_code == 403
    assert (await client.get(f"{USERS}/{other.id}")).status_code == 403
    response = await client.patch(f"{USERS}/{other.id}", json={"role": "admin"})
    assert response.status_code == 403
    assert response.json()["type"] == "/problems/forbidden"


async def test_administrators_read_accounts(make_user: MakeUser, as_user: AsUser) -> None:
    other = await make_user(email="ada@example.com")
    admin = await as_user(await make_user(role=Role.ADMIN))
    response = await admin.get(f"{USERS}/{other.id}")
    assert response.json()["email"] == "ada@example.com"
    assert response.headers["ETag"].startswith('"1-')
    assert (await admin.get(f"{USERS}/{uuid4()}")).status_code == 404
    assert (await admin.patch(f"{USERS}/{uuid4()}", json={})).status_code == 404


@pytest.mark.parametrize(
    ("query", "emails"),
    [
        ({"sort": "email"}, ["ada@example.com", "admin@example.com", "bob@example.com"]),
        ({"sort": "-email", "limit": 1}, ["bob@example.com"]),
        ({"role": "admin"}, ["admin@example.com"]),
        ({"is_active": "false"}, ["bob@example.com"]),
        ({"q": "ADA"}, ["ada@example.com"]),
        ({"q": "%"}, []),
    ],
)
async def test_the_list_is_filtered_sorted_and_searched(
    make_user: MakeUser, as_user: AsUser, session: AsyncSession, query: dict[str, Any], emails: list[str]
) -> None:
    await make_user(email="ada@example.com")
    bob = await make_user(email="bob@example.com")
    bob.is_active = False
    await session.flush()
    admin = await as_user(await make_user(email="admin@example.com", role=Role.ADMIN))
    response = await admin.get(USERS, params=query)
    assert [item["email"] for item in response.json()["items"]] == emails


async def test_the_list_is_walked_by_cursor_in_as_many_statements_for_any_size(
    make_user: MakeUser, as_user: AsUser, count_statements: CountStatements
) -> None:
    admin = await as_user(await make_user(role=Role.ADMIN))
    for _ in range(4):
        await make_user()
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2, "include_total": True}
    counts = set()
    while True:
        with count_statements() as counter:
            page = (await admin.get(USERS, params=params)).json()
        counts.add(counter.count)
        seen.extend(item["id"] for item in page["items"])
        assert page["total"] == 5
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert len(set(seen)) == len(seen) == 5
    assert counts == {3}, "who asks, how many there are, and the page"


@pytest.mark.parametrize("change", [{"role": "admin"}, {"is_active": False}])
async def test_a_change_takes_effect_at_once(make_user: MakeUser, as_user: AsUser, change: dict[str, Any]) -> None:
    other = await make_user()
    theirs = await as_user(other)
    admin = await as_user(await make_user(role=Role.ADMIN))
    response = await admin.patch(f"{USERS}/{other.id}", json=change, headers={"If-Match": '"1"'})
    assert response.status_code == 200
    assert change.items() <= response.json().items()
    assert response.headers["ETag"].startswith('"2-')
    assert (await theirs.get(f"{USERS}/me")).status_code == 401
    assert (await admin.get(f"{USERS}/me")).status_code == 200


async def test_a_change_to_the_same_ends_no_login(make_user: MakeUser, as_user: AsUser) -> None:
    other = await make_user()
    theirs = await as_user(other)
    admin = await as_user(await make_user(role=Role.ADMIN))
    body = {"role": "user", "is_active": True}
    assert (await admin.patch(f"{USERS}/{other.id}", json=body)).status_code == 200
    assert (await theirs.get(f"{USERS}/me")).status_code == 200


async def test_a_stale_copy_does_not_win(make_user: MakeUser, as_user: AsUser) -> None:
    other = await make_user()
    admin = await as_user(await make_user(role=Role.ADMIN))
    response = await admin.patch(f"{USERS}/{other.id}", json={"is_active": False}, headers={"If-Match": '"7"'})
    assert response.status_code == 412


@pytest.mark.parametrize("body", [{"role": None}, {"role": "king"}, {"is_active": "maybe"}, {"password_hash": "x"}])
async def test_a_malformed_change_is_refused(make_user: MakeUser, as_user: AsUser, body: dict[str, Any]) -> None:
    other = await make_user()
    admin = await as_user(await make_user(role=Role.ADMIN))
    assert (await admin.patch(f"{USERS}/{other.id}", json=body)).status_code == 422
