from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    customers = db.scalars(select(Customer)).all()
    return [
        {'name': customer.name, 'orders': db.scalars(select(Order).where(Order.customer_id == customer.id).order_by(Order.id)).all()}
        for customer in customers
    ]
