from app.repository import Repository


class Service:
    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def all(self, limit: int) -> list:
        return await self._repository.list(limit)
