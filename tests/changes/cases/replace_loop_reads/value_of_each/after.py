from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    orders = db.scalars(select(Order)).all()
    customer_values = dict(
        db.execute(
            select(Customer.id, Customer.name).where(Customer.id.in_({order.customer_id for order in orders}))
        ).all()
    )
    return {order.id: customer_values.get(order.customer_id) for order in orders}
