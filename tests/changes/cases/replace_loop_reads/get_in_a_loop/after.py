from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session) -> list[dict]:
    orders = db.scalars(select(Order)).all()
    found = []

    order_customer_ids = list({order.customer_id for order in orders})
    customers_by_id = {
        customer.id: customer
        for start in range(0, len(order_customer_ids), 500)
        for customer in db.scalars(
            select(Customer).where(
                Customer.id.in_(order_customer_ids[start : start + 500])
            )
        )
    }
    # each with its customer
    for order in orders:
        customer = customers_by_id.get(order.customer_id)
        found.append({'id': order.id, 'customer': customer.name if customer else None})
    return found
