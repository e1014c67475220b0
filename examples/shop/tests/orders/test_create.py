"""Creating orders."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.users.models import User
from tests.orders.bodies import order_body

URL = "/api/v1/orders"
MISSING = "6f1e4a52-0d3b-4c6f-9a57-2b8c90d1e3f4"


async def test_it_is_created_and_can_be_read(creator: AsyncClient, session: AsyncSession, author: User) -> None:
    body = await order_body(session)
    response = await creator.post(URL, json=body)
    assert response.status_code == 201, response.text
    created = response.json()
    assert response.headers["Location"] == f"{URL}/{created['id']}"
    assert response.headers["ETag"].startswith('"1-')
    for name in body.keys() - {"product_id"}:
        assert created[name] == body[name]
    assert created["product"]["id"] == body["product_id"]
    assert created["buyer"]["id"] == str(author.id)
    assert (await creator.get(response.headers["Location"])).json() == created


async def test_it_is_created_once_by_one_key(creator: AsyncClient, session: AsyncSession) -> None:
    body = await order_body(session)
    first, second = [await creator.post(URL, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert (second.status_code, second.headers["ETag"]) == (201, first.headers["ETag"])
    assert second.content == first.content


async def test_what_is_left_out_takes_its_default(creator: AsyncClient, session: AsyncSession) -> None:
    body = await order_body(session)
    for name in ("quantity", "paid", "note"):
        del body[name]
    created = (await creator.post(URL, json=body)).json()
    assert created["quantity"] == 1
    assert created["paid"] is False
    assert created["note"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", 0),
        ("quantity", 1_001),
        ("quantity", "1"),
        ("quantity", None),
        ("unit_price", "-0.01"),
        ("unit_price", "100000000.00"),
        ("unit_price", 1.5),
        ("unit_price", None),
        ("paid", "yes"),
        ("paid", None),
        ("note", "x" * 501),
        ("note", "\x00"),
        ("product_id", "1"),
        ("unknown", "value"),
    ],
)
async def test_a_wrong_value_is_refused(creator: AsyncClient, session: AsyncSession, field: str, value: object) -> None:
    body = await order_body(session)
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["location"].split(".")[1] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("product_id", MISSING),
    ],
)
async def test_a_reference_to_nothing_conflicts(
    creator: AsyncClient, session: AsyncSession, field: str, value: object
) -> None:
    body = await order_body(session)
    response = await creator.post(URL, json=body | {field: value})
    assert response.status_code == 409
