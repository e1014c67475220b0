"""Reading tags, one at a time."""

from uuid import uuid4

from httpx2 import AsyncClient

from app.tags.models import Tag

URL = "/api/v1/tags"


async def test_the_answer_has_its_version_as_etag(reader: AsyncClient, existing: Tag) -> None:
    response = await reader.get(f"{URL}/{existing.id}")
    assert response.status_code == 200
    assert response.headers["ETag"].startswith(f'"{response.json()["version"]}-')


async def test_a_client_with_the_current_version_gets_no_body(reader: AsyncClient, existing: Tag) -> None:
    first = await reader.get(f"{URL}/{existing.id}")
    again = await reader.get(f"{URL}/{existing.id}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


async def test_an_unknown_id_is_not_found(reader: AsyncClient) -> None:
    response = await reader.get(f"{URL}/{uuid4()}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
