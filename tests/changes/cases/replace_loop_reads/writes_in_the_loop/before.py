from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    for order in db.scalars(select(Order)).all():
        customer = db.get(Customer, order.customer_id)
        db.delete(order)
