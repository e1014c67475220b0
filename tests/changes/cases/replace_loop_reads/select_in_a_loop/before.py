from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    found = []
    for order in db.scalars(select(Order)).all():
        customer = db.scalars(select(Customer).where(Customer.id == order.customer_id)).first()
        found.append((order, customer))
    return found
