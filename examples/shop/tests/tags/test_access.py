"""Who may do what with tags, and who is refused."""

import pytest
from httpx2 import AsyncClient

from app.tags.models import Tag
from tests.conftest import AsUser, MakeUser

URL = "/api/v1/tags"


@pytest.mark.parametrize(
    ("method", "on_one"),
    [("POST", False), ("PATCH", True), ("DELETE", True)],
)
async def test_nobody_gets_in_without_a_login(client: AsyncClient, existing: Tag, method: str, *, on_one: bool) -> None:
    response = await client.request(method, f"{URL}/{existing.id}" if on_one else URL)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "on_one"),
    [("POST", False), ("PATCH", True), ("DELETE", True)],
)
async def test_a_user_without_the_role_is_refused(
    as_user: AsUser, make_user: MakeUser, existing: Tag, method: str, *, on_one: bool
) -> None:
    user = await as_user(await make_user())
    response = await user.request(method, f"{URL}/{existing.id}" if on_one else URL)
    assert response.status_code == 403
