"""Who may do what with products, and who is refused."""

import pytest
from httpx2 import AsyncClient

from app.auth.roles import Role
from app.products.models import Product
from tests.conftest import AsUser, MakeUser

URL = "/api/v1/products"


@pytest.mark.parametrize(
    ("method", "on_one"),
    [("POST", False), ("PATCH", True), ("DELETE", True)],
)
async def test_nobody_gets_in_without_a_login(
    client: AsyncClient, existing: Product, method: str, *, on_one: bool
) -> None:
    response = await client.request(method, f"{URL}/{existing.id}" if on_one else URL)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_what_belongs_to_somebody_else_does_not_exist(
    as_user: AsUser, make_user: MakeUser, existing: Product, method: str
) -> None:
    other = await as_user(await make_user())
    response = await other.request(method, f"{URL}/{existing.id}", json={} if method == "PATCH" else None)
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("method", "on_one", "role"),
    [("DELETE", True, Role.ADMIN)],
)
async def test_the_role_reaches_everybodys(
    as_user: AsUser, make_user: MakeUser, existing: Product, method: str, role: Role, *, on_one: bool
) -> None:
    holder = await as_user(await make_user(role=role))
    response = await holder.request(
        method, f"{URL}/{existing.id}" if on_one else URL, json={} if method == "PATCH" else None
    )
    assert response.is_success
