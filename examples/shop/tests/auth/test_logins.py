"""The list of logins, and ending them."""

import httpx2
from fastapi import FastAPI

from tests.auth.support import PASSWORD, me, refresh, tokens_of
from tests.conftest import AsUser, CountStatements, MakeUser

LOGINS = "/api/v1/auth/logins"
EMAIL = "ada@example.com"


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    """Return the header that carries the access token."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def test_the_list_shows_each_device_and_which_one_asks(client: httpx2.AsyncClient, make_user: MakeUser) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    client.headers["User-Agent"] = "Phone\t1.0 " + "x" * 300
    await tokens_of(client, EMAIL)
    client.headers["User-Agent"] = "Laptop"
    laptop = await tokens_of(client, EMAIL)
    items = (await client.get(LOGINS, headers=bearer(laptop))).json()["items"]
    assert [item["current"] for item in items] == [True, False]
    assert items[0]["user_agent"] == "Laptop"
    assert items[1]["user_agent"] == ("Phone1.0 " + "x" * 300)[:200]
    assert items[0]["address"] == "127.0.0.1"
    assert items[0]["created_at"] <= items[0]["last_used_at"] < items[0]["expires_at"]


async def test_a_refresh_is_a_use(client: httpx2.AsyncClient, make_user: MakeUser) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    old, new = await tokens_of(client, EMAIL), await tokens_of(client, EMAIL)
    before = (await client.get(LOGINS, headers=bearer(old))).json()["items"]
    assert [item["current"] for item in before] == [False, True]
    await refresh(client, old["refresh_token"])
    after = (await client.get(LOGINS, headers=bearer(new))).json()["items"]
    assert [item["current"] for item in after] == [False, True], "the other one was used last"
    assert after[0]["last_used_at"] > before[0]["last_used_at"]


async def test_one_of_the_own_logins_can_be_ended(client: httpx2.AsyncClient, make_user: MakeUser) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    lost, kept = await tokens_of(client, EMAIL), await tokens_of(client, EMAIL)
    [lost_id] = [
        item["id"] for item in (await client.get(LOGINS, headers=bearer(kept))).json()["items"] if not item["current"]
    ]
    assert (await client.delete(f"{LOGINS}/{lost_id}", headers=bearer(kept))).status_code == 204
    assert (await me(client, lost["access_token"])).status_code == 401
    assert (await refresh(client, lost["refresh_token"])).status_code == 401
    assert (await me(client, kept["access_token"])).status_code == 200
    again = await client.delete(f"{LOGINS}/{lost_id}", headers=bearer(kept))
    assert again.status_code == 404, "it has ended already"


async def test_the_login_of_somebody_else_does_not_exist(make_user: MakeUser, as_user: AsUser) -> None:
    ada, eve = await as_user(await make_user()), await as_user(await make_user())
    [login] = (await ada.get(LOGINS)).json()["items"]
    assert (await eve.delete(f"{LOGINS}/{login['id']}")).status_code == 404
    assert (await ada.get(LOGINS)).status_code == 200
    assert [item["id"] for item in (await eve.get(LOGINS)).json()["items"]] != [login["id"]]


async def test_logging_out_ends_this_login_only(client: httpx2.AsyncClient, make_user: MakeUser) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    phone, laptop = await tokens_of(client, EMAIL), await tokens_of(client, EMAIL)
    assert (await client.post("/api/v1/auth/logout", headers=bearer(phone))).status_code == 204
    assert (await me(client, phone["access_token"])).status_code == 401
    assert (await refresh(client, phone["refresh_token"])).status_code == 401
    assert (await me(client, laptop["access_token"])).status_code == 200


async def test_logging_out_everywhere_ends_all_logins(client: httpx2.AsyncClient, make_user: MakeUser) -> None:
    await make_user(email=EMAIL, password=PASSWORD)
    phone, laptop = await tokens_of(client, EMAIL), await tokens_of(client, EMAIL)
    assert (await client.post("/api/v1/auth/logout-all", headers=bearer(phone))).status_code == 204
    for tokens in (phone, laptop):
        assert (await me(client, tokens["access_token"])).status_code == 401
        assert (await refresh(client, tokens["refresh_token"])).status_code == 401


async def test_the_list_takes_the_same_statements_for_many_logins(
    app: FastAPI, make_user: MakeUser, as_user: AsUser, count_statements: CountStatements
) -> None:
    user = await make_user()
    client = await as_user(user)
    with count_statements() as one:
        assert len((await client.get(LOGINS)).json()["items"]) == 1
    for _ in range(5):
        await as_user(user)
    with count_statements() as many:
        assert len((await client.get(LOGINS)).json()["items"]) == 6
    assert one.count == many.count == 2
