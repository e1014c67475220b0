"""Changing posts."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.posts.models import Post
from app.users.models import User
from tests.factories.posts import make_post
from tests.factories.tags import make_tag

URL = "/api/v1/posts"
MISSING = "6f1e4a52-0d3b-4c6f-9a57-2b8c90d1e3f4"


async def test_only_what_is_sent_changes(
    updater: AsyncClient, reader: AsyncClient, session: AsyncSession, owner: User
) -> None:
    row = await make_post(session, author_id=owner.id, title="Alder")
    before = (await reader.get(f"{URL}/{row.id}")).json()
    response = await updater.patch(f"{URL}/{row.id}", json={"title": "Birch"})
    assert response.status_code == 200, response.text
    after = response.json()
    assert after["updated_at"] > before["updated_at"]
    assert after == before | {"title": "Birch", "version": 2, "updated_at": after["updated_at"]}
    assert response.headers["ETag"].startswith('"2-')


async def test_a_stale_copy_does_not_overwrite(updater: AsyncClient, existing: Post) -> None:
    url = f"{URL}/{existing.id}"
    mine = {"If-Match": '"1"'}
    assert (await updater.patch(url, json={"title": "Birch"}, headers=mine)).status_code == 200
    response = await updater.patch(url, json={"title": "Birch"}, headers=mine)
    assert response.status_code == 412
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_an_unknown_id_is_not_found(updater: AsyncClient) -> None:
    response = await updater.patch(f"{URL}/{MISSING}", json={})
    assert response.status_code == 404


@pytest.mark.parametrize("body", [{"unknown": 1}, {"id": MISSING}, {"version": 7}, {"title": None}, {"body": None}])
async def test_a_wrong_change_is_refused(updater: AsyncClient, existing: Post, body: dict[str, object]) -> None:
    response = await updater.patch(f"{URL}/{existing.id}", json=body)
    assert response.status_code == 422


async def test_null_empties_published_at(updater: AsyncClient, existing: Post) -> None:
    response = await updater.patch(f"{URL}/{existing.id}", json={"published_at": None})
    assert response.status_code == 200, response.text
    assert response.json()["published_at"] is None


async def test_other_tags_are_a_new_version(updater: AsyncClient, session: AsyncSession, existing: Post) -> None:
    target = await make_tag(session)
    response = await updater.patch(f"{URL}/{existing.id}", json={"tag_ids": [str(target.id)]})
    assert response.status_code == 200, response.text
    assert [each["id"] for each in response.json()["tags"]] == [str(target.id)]
    assert response.headers["ETag"].startswith('"2-')
    emptied = await updater.patch(f"{URL}/{existing.id}", json={"tag_ids": []})
    assert emptied.json()["tags"] == []
    assert emptied.headers["ETag"].startswith('"3-')


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tag_ids", [MISSING]),
    ],
)
async def test_a_reference_to_nothing_conflicts(
    updater: AsyncClient, existing: Post, field: str, value: object
) -> None:
    response = await updater.patch(f"{URL}/{existing.id}", json={field: value})
    assert response.status_code == 409
