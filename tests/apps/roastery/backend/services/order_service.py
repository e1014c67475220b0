from typing import Sequence

from backend.dto.order import OrderCreateDTO
from backend.entities.order import Order, OrderLine
from backend.repositories.coffee_repository import CoffeeRepository
from backend.repositories.order_repository import OrderRepository
from backend.services.exceptions import ConflictError, NotFoundError


class OrderService:
    def __init__(self, orders: OrderRepository, coffees: CoffeeRepository) -> None:
        self._orders = orders
        self._coffees = coffees

    async def place_order(self, dto: OrderCreateDTO) -> Order:
        order = Order(customer_email=dto.customer_email)
        for line in dto.lines:
            coffee = await self._coffees.get_by_id(line.coffee_id)
            if coffee is None:
                raise NotFoundError(f"Coffee {line.coffee_id} not found")
            if coffee.stock < line.bags:
                raise ConflictError(f"Only {coffee.stock} bags of {coffee.name} left")
            coffee.stock -= line.bags
            order.lines.append(OrderLine(coffee_id=coffee.id, bags=line.bags))
        await self._orders.add(order)
        return await self.get_order(order.id)

    async def get_order(self, order_id: int) -> Order:
        order = await self._orders.get_with_lines(order_id)
        if order is None:
            raise NotFoundError(f"Order {order_id} not found")
        return order

    async def list_by_state(self, state: str) -> Sequence[Order]:
        return await self._orders.get_by_state(state)

    async def mark_shipped(self, order_id: int) -> Order:
        order = await self.get_order(order_id)
        if order.state != "new":
            raise ConflictError(f"Order {order_id} is {order.state}")
        order.state = "shipped"
        return order
