import os
from typing import AsyncGenerator

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

SQLALCHEMY_DATABASE_URL: str = os.getenv("ROASTERY_DATABASE_URL", "sqlite+aiosqlite:///./roastery.db")


class DatabaseManager:
    """Owns the engine. There is one instance of it, `db_manager`."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = create_async_engine(url, echo=False)
        self.session_factory = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    async def dispose(self) -> None:
        await self.engine.dispose()

    async def session_dependency(self) -> AsyncGenerator[AsyncSession, None]:
        async with self.session_factory() as session:
            try:
                yield session
                await session.commit()
            except Exception:
                await session.rollback()
                raise


db_manager = DatabaseManager(SQLALCHEMY_DATABASE_URL)
