from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

engine = create_async_engine("sqlite+aiosqlite:///museum.db")
Session = async_sessionmaker(engine, expire_on_commit=False)
T = TypeVar("T")


class Base(DeclarativeBase):
    pass


async def session() -> AsyncIterator[AsyncSession]:
    async with Session() as opened:
        yield opened


async def fetch_all(db: AsyncSession, statement: Select[tuple[T]]) -> Sequence[T]:
    """Run any statement; every list of this app goes through here."""
    statement = statement.execution_options(fresh=True)
    result: Any = await db.execute(statement)
    return result.scalars().all()
