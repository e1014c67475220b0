from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session, orders: list[Order]):
    found = []
    for order in orders:
        out = OrderOut()
        out.id = order.id
        out.customer = db.get(Customer, order.customer_id)
        found.append(out)
    return found
