"""Money is exact and time is aware, on SQLite as well; the transaction has one owner."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, MetaData, Table, func, insert, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError

from app.database import Database, ExactDecimal, UtcDateTime
from tests.conftest import make_settings

PRICES = Table("prices", MetaData(), Column("price", ExactDecimal(12, 2)), Column("at", UtcDateTime))
NOON = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
async def prices(own_database: str) -> AsyncIterator[Database]:
    database = Database(make_settings(own_database))
    async with database.engine.begin() as connection:
        await connection.run_sync(PRICES.metadata.create_all)
    yield database
    await database.dispose()


async def test_decimals_stay_exact_and_compare_and_sort_as_numbers(prices: Database) -> None:
    values = [Decimal("0.10"), Decimal("0.20"), Decimal("9999999999.99"), Decimal("10.00"), Decimal("9.99"), None]
    async with prices.session() as session:
        await session.execute(insert(PRICES), [{"price": value} for value in values])

    async with prices.session() as session:
        column = PRICES.c.price
        ordered = (await session.scalars(select(column).where(column > Decimal("0.15")).order_by(column))).all()
        total = await session.scalar(select(func.sum(column)).where(column < 1))
        missing = await session.scalar(select(func.count()).where(column.is_(None)))

    assert ordered == [Decimal("0.20"), Decimal("9.99"), Decimal("10.00"), Decimal("9999999999.99")]
    assert total == Decimal("0.30")
    assert missing == 1


async def test_moments_come_back_in_utc(prices: Database) -> None:
    async with prices.session() as session:
        await session.execute(insert(PRICES).values(at=NOON))
    async with prices.session() as session:
        stored = await session.scalar(select(PRICES.c.at))

    assert stored == NOON
    assert stored is not None
    assert stored.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(prices: Database) -> None:
    naive = datetime(2026, 7, 1)  # noqa: DTZ001 - that is the point
    async with prices.session() as session:
        with pytest.raises(StatementError, match="without a time zone"):
            await session.execute(insert(PRICES).values(at=naive))


@pytest.mark.parametrize("value", ["0.001", "10000000000.00", "NaN"])
async def test_a_decimal_that_does_not_fit_is_refused_and_not_rounded(prices: Database, value: str) -> None:
    async with prices.session() as session:
        with pytest.raises(StatementError, match=r"does not fit|decimal places"):
            await session.execute(insert(PRICES).values(price=Decimal(value)))


async def test_an_error_takes_the_whole_transaction_back(prices: Database) -> None:
    async def give_up_halfway() -> None:
        async with prices.session() as session:
            await session.execute(insert(PRICES).values(price=Decimal(1)))
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await give_up_halfway()
    async with prices.session() as session:
        count = await session.scalar(select(func.count()).select_from(PRICES))

    assert count == 0


async def test_sqlite_checks_foreign_keys_and_waits_for_locks(prices: Database) -> None:
    if prices.engine.dialect.name != "sqlite":
        pytest.skip("it is of PostgreSQL")
    async with prices.session() as session:
        assert await session.scalar(text("PRAGMA foreign_keys")) == 1
        assert await session.scalar(text("PRAGMA busy_timeout")) == 5000
        assert await session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_postgresql_gets_its_own_types_and_a_bounded_pool() -> None:
    settings = make_settings("postgresql+asyncpg://user:secret@db.example/shop")
    database = Database(settings)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

    assert database.engine.pool.size() == settings.database_pool_size  # type: ignore[attr-defined]
    assert str(ExactDecimal(12, 2).compile(dialect=dialect)) == "NUMERIC(12, 2)"
    assert str(UtcDateTime().compile(dialect=dialect)) == "TIMESTAMP WITH TIME ZONE"
    assert ExactDecimal(12, 2).process_bind_param(None, dialect) is None
    assert ExactDecimal(12, 2).process_result_value(None, dialect) is None
    assert ExactDecimal(12, 2).process_bind_param(Decimal("1.50"), dialect) == Decimal("1.50")
    assert ExactDecimal(12, 2).process_result_value(Decimal("1.50"), dialect) == Decimal("1.50")
    assert UtcDateTime().process_result_value(NOON, dialect) == NOON
