from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


async def read(db) -> list[dict]:
    orders = (await db.scalars(select(Order).limit(10))).all()
    order_customer_ids = list({order.customer_id for order in orders})
    customers_by_id = {
        customer.id: customer
        for start in range(0, len(order_customer_ids), 500)
        for customer in await db.scalars(
            select(Customer).where(Customer.id.in_(order_customer_ids[start : start + 500]))
        )
    }
    return [OrderOut(id=order.id, customer=customers_by_id.get(order.customer_id)) for order in orders]
