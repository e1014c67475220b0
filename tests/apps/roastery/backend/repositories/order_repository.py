from typing import Optional, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backend.entities.order import Order, OrderLine
from backend.repositories.base import BaseRepository


class OrderRepository(BaseRepository[Order]):
    model = Order

    async def get_with_lines(self, order_id: int) -> Optional[Order]:
        result = await self.session.execute(
            select(Order)
            .options(selectinload(Order.lines).selectinload(OrderLine.coffee))
            .where(Order.id == order_id)
            .execution_options(populate_existing=True)
        )
        return result.scalar_one_or_none()

    async def get_by_state(self, state: str) -> Sequence[Order]:
        result = await self.session.execute(select(Order).where(Order.state == state).order_by(Order.id))
        return result.scalars().all()
