from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session) -> list[dict]:
    orders = db.scalars(select(Order)).all()
    found = []

    # each with its customer
    for order in orders:
        customer = db.get(Customer, order.customer_id)
        found.append({'id': order.id, 'customer': customer.name if customer else None})
    return found
