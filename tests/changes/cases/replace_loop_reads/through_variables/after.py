from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


async def read(db):
    result = await db.execute(select(Order))
    orders = result.scalars().all()
    found = []
    customers_by_id = {
        customer.id: customer
        for customer in await db.scalars(
            select(Customer).where(
                Customer.id.in_({order.customer_id for order in orders})
            )
        )
    }
    for order in orders:
        customer = customers_by_id.get(order.customer_id)
        found.append(OrderOut(order=order, customer=customer))
    return found
