from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    orders = db.scalars(select(Order)).all()
    for order in orders:
        customer = db.get(Customer, order.customer_id)
        audit(db, customer)
    return orders
