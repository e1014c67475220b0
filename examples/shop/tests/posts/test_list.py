"""Listing posts: filters, order, search and pages."""

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import CountStatements
from tests.factories.posts import make_post
from tests.factories.tags import make_tag
from tests.factories.users import make_user

URL = "/api/v1/posts"
LOW: dict[str, Any] = {
    "published_at": datetime.fromisoformat("2026-03-01T12:00:00Z"),
}
HIGH: dict[str, Any] = {
    "published_at": datetime.fromisoformat("2026-04-02T08:30:00Z"),
}


async def listed(client: AsyncClient, **query: str) -> list[str]:
    """Return the identifiers on one page."""
    response = await client.get(URL, params=query)
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


async def test_the_list_narrows_to_one_author(lister: AsyncClient, session: AsyncSession) -> None:
    target = await make_user(session)
    row = await make_post(session, author_id=target.id)
    await make_post(session)
    assert await listed(lister, author_id=str(target.id)) == [str(row.id)]


@pytest.mark.parametrize("key", ["published_at", "created_at"])
async def test_the_list_is_sorted_both_ways(lister: AsyncClient, session: AsyncSession, key: str) -> None:
    low = await make_post(session, created_at=datetime(2026, 1, 1, tzinfo=UTC), **LOW)
    high = await make_post(session, created_at=datetime(2026, 1, 2, tzinfo=UTC), **HIGH)
    assert await listed(lister, sort=key) == [str(low.id), str(high.id)]
    assert await listed(lister, sort=f"-{key}") == [str(high.id), str(low.id)]


@pytest.mark.parametrize(
    ("field", "found", "other", "words"),
    [
        ("title", "Alder", "Birch", "alder"),
        ("body", "Alder", "Birch", "alder"),
    ],
)
async def test_the_search_looks_into(
    lister: AsyncClient, session: AsyncSession, field: str, found: str, other: str, words: str
) -> None:
    row = await make_post(session, **{field: found})
    await make_post(session, **{field: other})
    assert await listed(lister, q=words) == [str(row.id)]


async def test_pages_by_cursor_and_by_offset_show_the_same(lister: AsyncClient, session: AsyncSession) -> None:
    rows = {str((await make_post(session)).id) for _ in range(5)}
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


@pytest.mark.parametrize("sort", ["published_at", "-published_at"])
async def test_rows_without_published_at_come_last(lister: AsyncClient, session: AsyncSession, sort: str) -> None:
    without = [str((await make_post(session, published_at=None)).id) for _ in range(2)]
    with_value = str((await make_post(session)).id)
    first = (await lister.get(URL, params={"sort": sort, "limit": 1})).json()
    second = (await lister.get(URL, params={"sort": sort, "limit": 1, "cursor": first["next_cursor"]})).json()
    third = (await lister.get(URL, params={"sort": sort, "limit": 1, "cursor": second["next_cursor"]})).json()
    ids = [page["items"][0]["id"] for page in (first, second, third)]
    assert ids[0] == with_value
    assert sorted(ids[1:]) == sorted(without)


async def test_the_total_is_counted_on_demand(lister: AsyncClient, session: AsyncSession) -> None:
    await make_post(session)
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
            await make_post(session, tags=[await make_tag(session)])
        with count_statements() as counter:
            assert len(await listed(lister, limit="100")) >= size
        counts.append(counter.count)
    assert counts[0] == counts[1]
