from typing import Sequence

from backend.dto.coffee import CoffeeCreateDTO
from backend.entities.coffee import Coffee
from backend.repositories.coffee_repository import CoffeeRepository
from backend.services.exceptions import ConflictError, NotFoundError


class CoffeeService:
    def __init__(self, repository: CoffeeRepository) -> None:
        self._repository = repository

    async def list_coffees(self) -> Sequence[Coffee]:
        return await self._repository.get_all()

    async def get_coffee(self, coffee_id: int) -> Coffee:
        coffee = await self._repository.get_by_id(coffee_id)
        if coffee is None:
            raise NotFoundError(f"Coffee {coffee_id} not found")
        return coffee

    async def create_coffee(self, dto: CoffeeCreateDTO) -> Coffee:
        if await self._repository.get_by_name(dto.name) is not None:
            raise ConflictError(f"Coffee {dto.name!r} already exists")
        return await self._repository.add(Coffee(**dto.model_dump()))

    async def restock(self, coffee_id: int, bags: int) -> Coffee:
        coffee = await self.get_coffee(coffee_id)
        coffee.stock += bags
        return coffee
