from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session, orders: list[Order]):
    found = []
    customers_by_id = {
        customer.id: customer
        for customer in db.scalars(
            select(Customer).where(
                Customer.id.in_({order.customer_id for order in orders})
            )
        )
    }
    for order in orders:
        out = OrderOut()
        out.id = order.id
        out.customer = customers_by_id.get(order.customer_id)
        found.append(out)
    return found
