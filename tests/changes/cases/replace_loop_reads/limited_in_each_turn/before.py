from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session, customers: list[Customer]):
    return [db.scalars(select(Order).where(Order.customer_id == c.id).limit(3)).all() for c in customers]
