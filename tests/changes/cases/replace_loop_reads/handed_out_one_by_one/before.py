from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session, orders: list[Order]):
    for order in orders:
        yield db.get(Customer, order.customer_id)
