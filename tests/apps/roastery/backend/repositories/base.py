from typing import Generic, Optional, Sequence, Type, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.entities.base import BaseEntity

EntityT = TypeVar("EntityT", bound=BaseEntity)


class BaseRepository(Generic[EntityT]):
    model: Type[EntityT]

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get_by_id(self, entity_id: int) -> Optional[EntityT]:
        return await self.session.get(self.model, entity_id)

    async def get_all(self, limit: int = 100, offset: int = 0) -> Sequence[EntityT]:
        result = await self.session.execute(select(self.model).limit(limit).offset(offset))
        return result.scalars().all()

    async def add(self, entity: EntityT) -> EntityT:
        self.session.add(entity)
        await self.session.flush()
        return entity

    async def delete(self, entity: EntityT) -> None:
        await self.session.delete(entity)
        await self.session.flush()
