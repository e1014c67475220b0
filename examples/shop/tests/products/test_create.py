"""Creating products."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.users.models import User
from tests.products.bodies import product_body

URL = "/api/v1/products"
MISSING = "6f1e4a52-0d3b-4c6f-9a57-2b8c90d1e3f4"


async def test_it_is_created_and_can_be_read(
    creator: AsyncClient, reader: AsyncClient, session: AsyncSession, author: User
) -> None:
    body = await product_body(session)
    response = await creator.post(URL, json=body)
    assert response.status_code == 201, response.text
    created = response.json()
    assert response.headers["Location"] == f"{URL}/{created['id']}"
    assert response.headers["ETag"].startswith('"1-')
    for name in body.keys() - {"category_id", "tag_ids"}:
        assert created[name] == body[name]
    assert created["category"]["id"] == body["category_id"]
    assert created["seller"]["id"] == str(author.id)
    assert [each["id"] for each in created["tags"]] == body["tag_ids"]
    assert (await reader.get(response.headers["Location"])).json() == created


async def test_it_is_created_once_by_one_key(creator: AsyncClient, session: AsyncSession) -> None:
    body = await product_body(session)
    first, second = [await creator.post(URL, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert (second.status_code, second.headers["ETag"]) == (201, first.headers["ETag"])
    assert second.content == first.content


async def test_what_is_left_out_takes_its_default(creator: AsyncClient, session: AsyncSession) -> None:
    body = await product_body(session)
    for name in ("summary", "stock", "status", "homepage", "tag_ids"):
        del body[name]
    created = (await creator.post(URL, json=body)).json()
    assert created["summary"] is None
    assert created["stock"] == 0
    assert created["status"] == "draft"
    assert created["homepage"] is None
    assert created["tags"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 121),
        ("name", ""),
        ("name", "\x00"),
        ("name", None),
        ("summary", "x" * 2_001),
        ("summary", "\x00"),
        ("price", "-0.01"),
        ("price", "100000000.00"),
        ("price", 1.5),
        ("price", None),
        ("stock", -1),
        ("stock", 2_147_483_648),
        ("stock", "1"),
        ("stock", None),
        ("status", "no such value"),
        ("status", None),
        ("homepage", "javascript:alert(1)"),
        ("contact", "nobody"),
        ("contact", None),
        ("category_id", "1"),
        ("tag_ids", [MISSING] * 101),
        ("unknown", "value"),
    ],
)
async def test_a_wrong_value_is_refused(creator: AsyncClient, session: AsyncSession, field: str, value: object) -> None:
    body = await product_body(session)
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["location"].split(".")[1] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category_id", MISSING),
        ("tag_ids", [MISSING]),
    ],
)
async def test_a_reference_to_nothing_conflicts(
    creator: AsyncClient, session: AsyncSession, field: str, value: object
) -> None:
    body = await product_body(session)
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 409
