from collections.abc import Sequence

from sqlalchemy.orm.interfaces import ORMOption

from app.repository import Repository


class Service:
    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def all(self, limit: int, options: Sequence[ORMOption] = ()) -> list:
        return await self._repository.list(limit, options=options)
