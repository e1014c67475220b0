from typing import List

from fastapi import APIRouter, Depends, status

from backend.dependencies import get_coffee_service
from backend.dto.coffee import CoffeeCreateDTO, CoffeeDTO, RestockDTO
from backend.services.coffee_service import CoffeeService

router = APIRouter(prefix="/coffees", tags=["Coffees"])


@router.get(path="/", response_model=List[CoffeeDTO], status_code=status.HTTP_200_OK)
async def get_coffees(service: CoffeeService = Depends(get_coffee_service)):
    return await service.list_coffees()


@router.get(path="/{coffee_id}", response_model=CoffeeDTO, status_code=status.HTTP_200_OK)
async def get_coffee(coffee_id: int, service: CoffeeService = Depends(get_coffee_service)):
    return await service.get_coffee(coffee_id)


@router.post(path="/", response_model=CoffeeDTO, status_code=status.HTTP_201_CREATED)
async def create_coffee(dto: CoffeeCreateDTO, service: CoffeeService = Depends(get_coffee_service)):
    return await service.create_coffee(dto)


@router.post(path="/{coffee_id}/restock", response_model=CoffeeDTO, status_code=status.HTTP_200_OK)
async def restock_coffee(coffee_id: int, dto: RestockDTO, service: CoffeeService = Depends(get_coffee_service)):
    return await service.restock(coffee_id, dto.bags)
