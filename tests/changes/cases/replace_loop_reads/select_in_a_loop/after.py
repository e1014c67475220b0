from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    found = []
    orders = db.scalars(select(Order)).all()
    customers_by_id = {
        customer.id: customer
        for customer in db.scalars(
            select(Customer).where(
                Customer.id.in_({order.customer_id for order in orders})
            )
        )
    }
    for order in orders:
        customer = customers_by_id.get(order.customer_id)
        found.append((order, customer))
    return found
