"""Creating posts."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.users.models import User
from tests.posts.bodies import post_body

URL = "/api/v1/posts"
MISSING = "6f1e4a52-0d3b-4c6f-9a57-2b8c90d1e3f4"


async def test_it_is_created_and_can_be_read(
    creator: AsyncClient, reader: AsyncClient, session: AsyncSession, author: User
) -> None:
    body = await post_body(session)
    response = await creator.post(URL, json=body)
    assert response.status_code == 201, response.text
    created = response.json()
    assert response.headers["Location"] == f"{URL}/{created['id']}"
    assert response.headers["ETag"].startswith('"1-')
    for name in body.keys() - {"tag_ids"}:
        assert created[name] == body[name]
    assert created["author"]["id"] == str(author.id)
    assert [each["id"] for each in created["tags"]] == body["tag_ids"]
    assert (await reader.get(response.headers["Location"])).json() == created


async def test_it_is_created_once_by_one_key(creator: AsyncClient, session: AsyncSession) -> None:
    body = await post_body(session)
    first, second = [await creator.post(URL, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert (second.status_code, second.headers["ETag"]) == (201, first.headers["ETag"])
    assert second.content == first.content


async def test_what_is_left_out_takes_its_default(creator: AsyncClient, session: AsyncSession) -> None:
    body = await post_body(session)
    for name in ("published_at", "tag_ids"):
        del body[name]
    created = (await creator.post(URL, json=body)).json()
    assert created["published_at"] is None
    assert created["tags"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 201),
        ("title", ""),
        ("title", "\x00"),
        ("title", None),
        ("body", "x" * 20_001),
        ("body", ""),
        ("body", "\x00"),
        ("body", None),
        ("published_at", "2026-03-01T12:00:00"),
        ("published_at", 1772323200),
        ("tag_ids", [MISSING] * 101),
        ("unknown", "value"),
    ],
)
async def test_a_wrong_value_is_refused(creator: AsyncClient, session: AsyncSession, field: str, value: object) -> None:
    body = await post_body(session)
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["location"].split(".")[1] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tag_ids", [MISSING]),
    ],
)
async def test_a_reference_to_nothing_conflicts(
    creator: AsyncClient, session: AsyncSession, field: str, value: object
) -> None:
    body = await post_body(session)
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 409
