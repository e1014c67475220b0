"""Listing products: filters, order, search and pages."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.products.models import ProductStatus
from tests.conftest import CountStatements
from tests.factories.categories import make_category
from tests.factories.products import make_product
from tests.factories.tags import make_tag

URL = "/api/v1/products"
LOW: dict[str, Any] = {
    "name": "Alder",
    "price": Decimal("1.00"),
    "status": ProductStatus.DRAFT,
}
HIGH: dict[str, Any] = {
    "name": "Birch",
    "price": Decimal("2.00"),
    "status": ProductStatus.SOLD_OUT,
}


async def listed(client: AsyncClient, **query: str) -> list[str]:
    """Return the identifiers on one page."""
    response = await client.get(URL, params=query)
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("status", "draft", "low"),
        ("price", "1.00", "low"),
        ("price_min", "2.00", "high"),
        ("price_max", "1.00", "low"),
    ],
)
async def test_a_filter_narrows_the_list(
    lister: AsyncClient, session: AsyncSession, name: str, value: str, found: str
) -> None:
    rows = {"low": await make_product(session, **LOW), "high": await make_product(session, **HIGH)}
    assert await listed(lister, **{name: value}) == [str(rows[found].id)]


async def test_the_list_narrows_to_one_category(lister: AsyncClient, session: AsyncSession) -> None:
    target = await make_category(session)
    row = await make_product(session, category_id=target.id)
    await make_product(session)
    assert await listed(lister, category_id=str(target.id)) == [str(row.id)]


@pytest.mark.parametrize("key", ["price", "name", "created_at"])
async def test_the_list_is_sorted_both_ways(lister: AsyncClient, session: AsyncSession, key: str) -> None:
    low = await make_product(session, created_at=datetime(2026, 1, 1, tzinfo=UTC), **LOW)
    high = await make_product(session, created_at=datetime(2026, 1, 2, tzinfo=UTC), **HIGH)
    assert await listed(lister, sort=key) == [str(low.id), str(high.id)]
    assert await listed(lister, sort=f"-{key}") == [str(high.id), str(low.id)]


@pytest.mark.parametrize(
    ("field", "found", "other", "words"),
    [
        ("name", "Alder", "Birch", "alder"),
        ("summary", "Alder", "Birch", "alder"),
    ],
)
async def test_the_search_looks_into(
    lister: AsyncClient, session: AsyncSession, field: str, found: str, other: str, words: str
) -> None:
    row = await make_product(session, **{field: found})
    await make_product(session, **{field: other})
    assert await listed(lister, q=words) == [str(row.id)]


async def test_pages_by_cursor_and_by_offset_show_the_same(lister: AsyncClient, session: AsyncSession) -> None:
    rows = {str((await make_product(session)).id) for _ in range(5)}
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


async def test_the_total_is_counted_on_demand(lister: AsyncClient, session: AsyncSession) -> None:
    await make_product(session)
    assert (await lister.get(URL)).json()["total"] is None
    assert (await lister.get(URL, params={"include_total": True})).json()["total"] == 1


@pytest.mark.parametrize("query", [{"unknown": "1"}, {"sort": "password_hash"}, {"limit": "101"}, {"cursor": "e30"}])
async def test_a_wrong_query_is_refused(lister: AsyncClient, query: dict[str, str]) -> None:
    response = await lister.get(URL, params=query)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_more_rows_need_no_more_statements(
    lister: AsyncClient, session: AsyncSession, count_statements: CountStatements
) -> None:
    counts = []
    for size in (3, 12):
        for _ in range(size):
            await make_product(session, tags=[await make_tag(session)])
        with count_statements() as counter:
            assert len(await listed(lister, limit="100")) >= size
        counts.append(counter.count)
    assert counts[0] == counts[1]
