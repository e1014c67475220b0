"""Listing orders: filters, order, search and pages."""

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.users.models import User
from tests.conftest import CountStatements
from tests.factories.orders import make_order
from tests.factories.products import make_product

URL = "/api/v1/orders"
LOW: dict[str, Any] = {
    "quantity": 1,
    "paid": False,
}
HIGH: dict[str, Any] = {
    "quantity": 2,
    "paid": True,
}


async def listed(client: AsyncClient, **query: str) -> list[str]:
    """Return the identifiers on one page."""
    response = await client.get(URL, params=query)
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("paid", "false", "low"),
    ],
)
async def test_a_filter_narrows_the_list(
    lister: AsyncClient, session: AsyncSession, author: User, name: str, value: str, found: str
) -> None:
    rows = {
        "low": await make_order(session, buyer_id=author.id, **LOW),
        "high": await make_order(session, buyer_id=author.id, **HIGH),
    }
    assert await listed(lister, **{name: value}) == [str(rows[found].id)]


async def test_the_list_narrows_to_one_product(lister: AsyncClient, session: AsyncSession, author: User) -> None:
    target = await make_product(session)
    row = await make_order(session, buyer_id=author.id, product_id=target.id)
    await make_order(session, buyer_id=author.id)
    assert await listed(lister, product_id=str(target.id)) == [str(row.id)]


@pytest.mark.parametrize("key", ["quantity", "created_at"])
async def test_the_list_is_sorted_both_ways(lister: AsyncClient, session: AsyncSession, author: User, key: str) -> None:
    low = await make_order(session, buyer_id=author.id, created_at=datetime(2026, 1, 1, tzinfo=UTC), **LOW)
    high = await make_order(session, buyer_id=author.id, created_at=datetime(2026, 1, 2, tzinfo=UTC), **HIGH)
    assert await listed(lister, sort=key) == [str(low.id), str(high.id)]
    assert await listed(lister, sort=f"-{key}") == [str(high.id), str(low.id)]


async def test_pages_by_cursor_and_by_offset_show_the_same(
    lister: AsyncClient, session: AsyncSession, author: User
) -> None:
    rows = {str((await make_order(session, buyer_id=author.id)).id) for _ in range(5)}
    by_cursor: list[str] = []
    query = {"limit": "2"}
    while True:
        page = (await lister.get(URL, params=query)).json()
        by_cursor += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    by_offset = [await listed(lister, limit="1", offset=str(offset)) for offset in range(5)]
    assert by_cursor == [each for page in by_offset for each in page]
    assert set(by_cursor) == rows


async def test_the_total_is_counted_on_demand(lister: AsyncClient, session: AsyncSession, author: User) -> None:
    await make_order(session, buyer_id=author.id)
    assert (await lister.get(URL)).json()["total"] is None
    assert (await lister.get(URL, params={"include_total": True})).json()["total"] == 1


@pytest.mark.parametrize("query", [{"unknown": "1"}, {"sort": "password_hash"}, {"limit": "101"}, {"cursor": "e30"}])
async def test_a_wrong_query_is_refused(lister: AsyncClient, query: dict[str, str]) -> None:
    response = await lister.get(URL, params=query)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_more_rows_need_no_more_statements(
    lister: AsyncClient, session: AsyncSession, count_statements: CountStatements, author: User
) -> None:
    counts = []
    for size in (3, 12):
        for _ in range(size):
            await make_order(session, buyer_id=author.id)
        with count_statements() as counter:
            assert len(await listed(lister, limit="100")) >= size
        counts.append(counter.count)
    assert counts[0] == counts[1]
