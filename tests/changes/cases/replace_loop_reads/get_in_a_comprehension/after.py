from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


async def read(db) -> list[dict]:
    orders = (await db.scalars(select(Order).limit(10))).all()
    customers_by_id = {
        customer.id: customer
        for customer in await db.scalars(
            select(Customer).where(Customer.id.in_({order.customer_id for order in orders}))
        )
    }
    return [OrderOut(id=order.id, customer=customers_by_id.get(order.customer_id)) for order in orders]
