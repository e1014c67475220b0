from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://db/studio")
sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


async def get_session():
    async with sessions() as session:
        yield session


async def get_saving_session():
    async with sessions() as session:
        yield session
        await session.commit()


shared = sessions()
