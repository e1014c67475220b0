from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    customers = db.scalars(select(Customer)).all()
    out = []
    for customer in customers:
        count = db.scalar(select(func.count()).select_from(Order).where(Order.customer_id == customer.id))
        out.append({'name': customer.name, 'orders': count})
    return out
