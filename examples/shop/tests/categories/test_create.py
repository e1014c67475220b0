"""Creating categories."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from tests.categories.bodies import category_body
from tests.factories.categories import make_category

URL = "/api/v1/categories"
MISSING = "6f1e4a52-0d3b-4c6f-9a57-2b8c90d1e3f4"


async def test_it_is_created_and_can_be_read(creator: AsyncClient, reader: AsyncClient, session: AsyncSession) -> None:
    body = await category_body(session)
    response = await creator.post(URL, json=body)
    assert response.status_code == 201, response.text
    created = response.json()
    assert response.headers["Location"] == f"{URL}/{created['id']}"
    assert response.headers["ETag"].startswith('"1-')
    for name in body.keys() - {"parent_id"}:
        assert created[name] == body[name]
    assert created["parent"]["id"] == body["parent_id"]
    assert (await reader.get(response.headers["Location"])).json() == created


async def test_it_is_created_once_by_one_key(creator: AsyncClient, session: AsyncSession) -> None:
    body = await category_body(session)
    first, second = [await creator.post(URL, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert (second.status_code, second.headers["ETag"]) == (201, first.headers["ETag"])
    assert second.content == first.content


async def test_what_is_left_out_takes_its_default(creator: AsyncClient, session: AsyncSession) -> None:
    body = await category_body(session)
    for name in ("parent_id",):
        del body[name]
    created = (await creator.post(URL, json=body)).json()
    assert created["parent"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 81),
        ("name", ""),
        ("name", "\x00"),
        ("name", None),
        ("parent_id", "1"),
        ("unknown", "value"),
    ],
)
async def test_a_wrong_value_is_refused(creator: AsyncClient, session: AsyncSession, field: str, value: object) -> None:
    body = await category_body(session)
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["location"].split(".")[1] for error in response.json()["errors"]] == [field]


async def test_a_name_that_is_taken_conflicts(creator: AsyncClient, session: AsyncSession) -> None:
    await make_category(session, name="Alder")
    response = await creator.post(URL, json=await category_body(session))
    assert response.status_code == 409
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parent_id", MISSING),
    ],
)
async def test_a_reference_to_nothing_conflicts(
    creator: AsyncClient, session: AsyncSession, field: str, value: object
) -> None:
    body = await category_body(session)
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 409
