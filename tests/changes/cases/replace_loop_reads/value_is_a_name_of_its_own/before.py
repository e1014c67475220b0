from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session, value: str):
    orders = db.scalars(select(Order)).all()
    return {
        order.id: db.scalar(select(Customer.name).where(Customer.id == order.customer_id, Customer.email != value))
        for order in orders
    }
