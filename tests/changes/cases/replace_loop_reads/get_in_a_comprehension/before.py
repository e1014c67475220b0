from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


async def read(db) -> list[dict]:
    orders = (await db.scalars(select(Order).limit(10))).all()
    return [OrderOut(id=order.id, customer=await db.get(Customer, order.customer_id)) for order in orders]
