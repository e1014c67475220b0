from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session, orders: list[Order]):
    return [db.get(Customer, order.customer_id) for order in orders]
