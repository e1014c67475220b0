"""Who may do what with categories, and who is refused."""

import pytest
from httpx2 import AsyncClient

from app.categories.models import Category
from tests.conftest import AsUser, MakeUser

URL = "/api/v1/categories"


@pytest.mark.parametrize(
    ("method", "on_one"),
    [("POST", False), ("PATCH", True), ("DELETE", True)],
)
async def test_nobody_gets_in_without_a_login(
    client: AsyncClient, existing: Category, method: str, *, on_one: bool
) -> None:
    response = await client.request(method, f"{URL}/{existing.id}" if on_one else URL)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "on_one"),
    [("POST", False), ("PATCH", True), ("DELETE", True)],
)
async def test_a_user_without_the_role_is_refused(
    as_user: AsUser, make_user: MakeUser, existing: Category, method: str, *, on_one: bool
) -> None:
    user = await as_user(await make_user())
    response = await user.request(method, f"{URL}/{existing.id}" if on_one else URL)
    assert response.status_code == 403
