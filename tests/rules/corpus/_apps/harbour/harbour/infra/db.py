from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from harbour.core.config import settings


class Base(DeclarativeBase):
    pass


engine = create_async_engine(str(settings().database_url), pool_pre_ping=True)
Maker = async_sessionmaker(engine, expire_on_commit=False)


async def session() -> AsyncGenerator[AsyncSession, None]:
    async with Maker() as opened:
        yield opened


async def transaction() -> AsyncGenerator[AsyncSession, None]:
    async with Maker() as opened:
        async with opened.begin():  # found: commit-after-response
            yield opened


Db = Annotated[AsyncSession, Depends(session)]
Tx = Annotated[AsyncSession, Depends(transaction)]
