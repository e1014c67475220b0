from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


async def read(db):
    result = await db.execute(select(Order))
    orders = result.scalars().all()
    found = []
    for order in orders:
        stmt = select(Customer).where(Customer.id == order.customer_id)
        res = await db.execute(stmt)
        customer = res.scalar_one_or_none()
        found.append(OrderOut(order=order, customer=customer))
    return found
