"""Deleting posts."""

from uuid import uuid4

from httpx2 import AsyncClient

from app.posts.models import Post

URL = "/api/v1/posts"


async def test_it_is_gone_afterwards(deleter: AsyncClient, reader: AsyncClient, existing: Post) -> None:
    response = await deleter.delete(f"{URL}/{existing.id}")
    assert (response.status_code, response.content) == (204, b"")
    assert (await reader.get(f"{URL}/{existing.id}")).status_code == 404


async def test_an_unknown_id_is_not_found(deleter: AsyncClient) -> None:
    response = await deleter.delete(f"{URL}/{uuid4()}")
    assert response.status_code == 404
