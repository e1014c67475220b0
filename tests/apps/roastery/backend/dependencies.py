from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import db_manager
from backend.repositories.coffee_repository import CoffeeRepository
from backend.repositories.order_repository import OrderRepository
from backend.services.coffee_service import CoffeeService
from backend.services.order_service import OrderService


def get_coffee_repository(session: AsyncSession = Depends(db_manager.session_dependency)) -> CoffeeRepository:
    return CoffeeRepository(session)


def get_order_repository(session: AsyncSession = Depends(db_manager.session_dependency)) -> OrderRepository:
    return OrderRepository(session)


def get_coffee_service(repository: CoffeeRepository = Depends(get_coffee_repository)) -> CoffeeService:
    return CoffeeService(repository)


def get_order_service(
    orders: OrderRepository = Depends(get_order_repository),
    coffees: CoffeeRepository = Depends(get_coffee_repository),
) -> OrderService:
    return OrderService(orders, coffees)
