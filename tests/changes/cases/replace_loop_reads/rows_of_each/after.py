from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    customers = db.scalars(select(Customer)).all()
    customer_ids = list({customer.id for customer in customers})
    orders_by_customer_id: dict[object, list[Order]] = {}
    for start in range(0, len(customer_ids), 500):
        for order in db.scalars(
            select(Order)
            .where(Order.customer_id.in_(customer_ids[start : start + 500]))
            .order_by(Order.id)
        ):
            orders_by_customer_id.setdefault(order.customer_id, []).append(order)
    return [
        {'name': customer.name, 'orders': orders_by_customer_id.get(customer.id, [])}
        for customer in customers
    ]
