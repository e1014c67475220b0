from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session, key: int):
    order = db.get(Order, key)
    for _ in range(10):
        order = db.get(Order, order.parent_id)
    return order
