from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    orders = db.scalars(select(Order)).all()
    return [db.scalars(select(Customer).where(Customer.id == order.customer_id)).one() for order in orders]
