"""Who may do what with orders, and who is refused."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.roles import Role
from app.orders.models import Order
from tests.conftest import AsUser, MakeUser
from tests.factories.orders import make_order

URL = "/api/v1/orders"


@pytest.mark.parametrize(
    ("method", "on_one"),
    [("GET", False), ("GET", True), ("POST", False), ("PATCH", True), ("DELETE", True)],
)
async def test_nobody_gets_in_without_a_login(
    client: AsyncClient, existing: Order, method: str, *, on_one: bool
) -> None:
    response = await client.request(method, f"{URL}/{existing.id}" if on_one else URL)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "on_one"),
    [("DELETE", True)],
)
async def test_a_user_without_the_role_is_refused(
    as_user: AsUser, make_user: MakeUser, existing: Order, method: str, *, on_one: bool
) -> None:
    user = await as_user(await make_user())
    response = await user.request(method, f"{URL}/{existing.id}" if on_one else URL)
    assert response.status_code == 403


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_what_belongs_to_somebody_else_does_not_exist(
    as_user: AsUser, make_user: MakeUser, existing: Order, method: str
) -> None:
    other = await as_user(await make_user())
    response = await other.request(method, f"{URL}/{existing.id}", json={} if method == "PATCH" else None)
    assert response.status_code == 404


async def test_the_list_shows_only_the_callers_own(lister: AsyncClient, session: AsyncSession, existing: Order) -> None:
    await make_order(session)
    response = await lister.get(URL)
    assert [item["id"] for item in response.json()["items"]] == [str(existing.id)]


@pytest.mark.parametrize(
    ("method", "on_one", "role"),
    [("GET", True, Role.ADMIN), ("PATCH", True, Role.ADMIN)],
)
async def test_the_role_reaches_everybodys(
    as_user: AsUser, make_user: MakeUser, existing: Order, method: str, role: Role, *, on_one: bool
) -> None:
    holder = await as_user(await make_user(role=role))
    response = await holder.request(
        method, f"{URL}/{existing.id}" if on_one else URL, json={} if method == "PATCH" else None
    )
    assert response.is_success
    if method == "GET":
        assert str(existing.id) in response.text
