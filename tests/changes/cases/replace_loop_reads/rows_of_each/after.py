from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    customers = db.scalars(select(Customer)).all()
    orders_by_customer_id: dict[object, list[Order]] = {}
    for order in db.scalars(
        select(Order)
        .where(Order.customer_id.in_({customer.id for customer in customers}))
        .order_by(Order.id)
    ):
        orders_by_customer_id.setdefault(order.customer_id, []).append(order)
    return [
        {'name': customer.name, 'orders': orders_by_customer_id.get(customer.id, [])}
        for customer in customers
    ]
