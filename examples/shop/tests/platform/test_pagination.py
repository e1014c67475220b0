"""Pages show every row once, whatever the order, and whatever happens between two of them."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.database import ExactDecimal, UtcDateTime
from app.errors import InvalidRequest
from app.pagination import SEARCH, ListStatement, PageParams, SortKey, paginate, search_filter

START = datetime(2026, 1, 1, tzinfo=UTC)


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    rank: Mapped[int | None]
    price: Mapped[Decimal] = mapped_column(ExactDecimal(10, 2))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_on: Mapped[date]
    is_new: Mapped[bool]


KEYS = {
    "name": SortKey(Thing.name, str),
    "rank": SortKey(Thing.rank, int, nullable=True),
    "price": SortKey(Thing.price, Decimal),
    "made_at": SortKey(Thing.made_at, datetime),
    "made_on": SortKey(Thing.made_on, date),
    "is_new": SortKey(Thing.is_new, bool),
}
THINGS = ListStatement(
    select(Thing.id, Thing.name, Thing.rank, Thing.price, Thing.made_at, Thing.made_on, Thing.is_new),
    keys=KEYS,
    tie=Thing.id,
    filters={SEARCH: search_filter(Thing.name)},
)


class Search(PageParams):
    q: str


def thing(number: int) -> Thing:
    """Return a thing; many share their values, so that only the tie-break tells them apart."""
    return Thing(
        id=UUID(int=number * 7919 % 10_007),
        name=f"name {number % 3}",
        rank=None if number % 4 == 0 else number % 5,
        price=Decimal(number % 3) / 4,
        made_at=START + timedelta(hours=number % 3),
        made_on=date(2026, 1, 1 + number % 3),
        is_new=number % 2 == 0,
    )


@pytest.fixture
async def things(own_database: str) -> AsyncIterator[AsyncSession]:
    engine = create_async_engine(own_database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with async_sessionmaker(engine)() as session:
        session.add_all(thing(number) for number in range(1, 24))
        await session.commit()
        yield session
    await engine.dispose()


async def walk(session: AsyncSession, sort: str, *, insert: bool = False) -> list[Any]:
    """Return all rows of a walk by cursor, in pages of four."""
    rows: list[Any] = []
    cursor: str | None = None
    number = 1000
    while True:
        params = PageParams(limit=4, cursor=cursor)
        page = await paginate(session, THINGS, params=params, sort=sort)
        rows.extend(page.rows)
        if insert:
            session.add(thing(number := number + 1))
            await session.commit()
        if (cursor := page.next_cursor) is None or len(rows) > 200:
            return rows


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("direction", ["", "-"])
async def test_a_walk_by_cursor_shows_every_row_once_and_in_order(
    things: AsyncSession, name: str, direction: str
) -> None:
    rows = await walk(things, f"{direction}{name}")

    values = [getattr(row, name) for row in rows]
    known = [value for value in values if value is not None]
    assert len({row.id for row in rows}) == len(rows) == 23
    assert known == sorted(known, reverse=bool(direction))
    assert values[len(known) :] == [None] * (len(values) - len(known))


async def test_rows_that_arrive_meanwhile_neither_repeat_nor_hide_others(things: AsyncSession) -> None:
    before = {row.id for row in await walk(things, "price")}

    rows = [row.id for row in await walk(things, "price", insert=True)]

    assert before <= set(rows)
    assert len(rows) == len(set(rows))


async def test_a_page_by_offset_and_the_total(things: AsyncSession) -> None:
    params = PageParams(limit=5, offset=20, include_total=True)

    page = await paginate(things, THINGS, params=params, sort="name")

    assert len(page.rows) == 3
    assert page.total == 23
    assert page.next_cursor is None


def cursor(*document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


HEX = UUID(int=1).hex


NESTED = base64.urlsafe_b64encode(b"[" * 2000).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("sort", "forged"),
    [
        ("name", "not-base64-json"),
        ("name", "____"),
        ("name", NESTED),
        ("name", cursor("Thing.id price", "1", HEX)),
        ("name", cursor("Other.id name", "a", HEX)),
        ("name", cursor("Thing.id name", "a")),
        ("name", cursor("Thing.id name", None, HEX)),
        ("name", cursor("Thing.id name", 5, HEX)),
        ("name", cursor("Thing.id name", "a\x00", HEX)),
        ("name", cursor("Thing.id name", "\ud800", HEX)),
        ("name", cursor("Thing.id name", "a", "not-an-id")),
        ("name", cursor("Thing.id name", "a", 7)),
        ("rank", cursor("Thing.id rank", "9" * 30, HEX)),
        ("rank", cursor("Thing.id rank", str(2**31), HEX)),
        ("price", cursor("Thing.id price", "NaN", HEX)),
        ("price", cursor("Thing.id price", "much", HEX)),
        ("price", cursor("Thing.id price", "0.001", HEX)),
        ("price", cursor("Thing.id price", "1E9", HEX)),
        ("made_at", cursor("Thing.id made_at", "2026-01-01T00:00:00", HEX)),
        ("made_at", cursor("Thing.id made_at", "0001-01-01T00:00:00+14:00", HEX)),
        ("made_on", cursor("Thing.id made_on", "tomorrow", HEX)),
    ],
)
async def test_a_cursor_that_this_list_did_not_make_is_refused(things: AsyncSession, sort: str, forged: str) -> None:
    with pytest.raises(InvalidRequest):
        await paginate(things, THINGS, params=PageParams(cursor=forged), sort=sort)


def test_cursor_and_offset_exclude_each_other() -> None:
    with pytest.raises(ValidationError, match="exclude each other"):
        PageParams(cursor="abc", offset=1)


async def test_a_search_takes_wildcards_literally_and_ignores_case(things: AsyncSession) -> None:
    found = await paginate(things, THINGS, params=Search(q="NAME 1", include_total=True), sort="name")
    wild = [await paginate(things, THINGS, params=Search(q=words), sort="name") for words in ("name%", "_", "name /")]

    assert len(found.rows) == found.total == 8
    assert [page.rows for page in wild] == [[], [], []]
