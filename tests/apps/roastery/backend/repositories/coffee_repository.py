from typing import Optional

from sqlalchemy import select

from backend.entities.coffee import Coffee
from backend.repositories.base import BaseRepository


class CoffeeRepository(BaseRepository[Coffee]):
    model = Coffee

    async def get_by_name(self, name: str) -> Optional[Coffee]:
        result = await self.session.execute(select(Coffee).where(Coffee.name == name))
        return result.scalar_one_or_none()
