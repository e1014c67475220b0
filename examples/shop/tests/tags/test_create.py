"""Creating tags."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from tests.factories.tags import make_tag
from tests.tags.bodies import tag_body

URL = "/api/v1/tags"


async def test_it_is_created_and_can_be_read(creator: AsyncClient, reader: AsyncClient) -> None:
    body = await tag_body()
    response = await creator.post(URL, json=body)
    assert response.status_code == 201, response.text
    created = response.json()
    assert response.headers["Location"] == f"{URL}/{created['id']}"
    assert response.headers["ETag"].startswith('"1-')
    for name in body:
        assert created[name] == body[name]
    assert (await reader.get(response.headers["Location"])).json() == created


async def test_it_is_created_once_by_one_key(creator: AsyncClient) -> None:
    body = await tag_body()
    first, second = [await creator.post(URL, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert (second.status_code, second.headers["ETag"]) == (201, first.headers["ETag"])
    assert second.content == first.content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 41),
        ("name", ""),
        ("name", "\x00"),
        ("name", None),
        ("unknown", "value"),
    ],
)
async def test_a_wrong_value_is_refused(creator: AsyncClient, field: str, value: object) -> None:
    body = await tag_body()
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["location"].split(".")[1] for error in response.json()["errors"]] == [field]


async def test_a_name_that_is_taken_conflicts(
    creator: AsyncClient,
    session: AsyncSession,
) -> None:
    await make_tag(session, name="Alder")
    response = await creator.post(URL, json=await tag_body())
    assert response.status_code == 409
    assert response.headers["Content-Type"] == "application/problem+json"
