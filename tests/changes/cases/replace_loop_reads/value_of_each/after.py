from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    orders = db.scalars(select(Order)).all()
    order_customer_ids = list({order.customer_id for order in orders})
    customer_values = {
        key: value
        for start in range(0, len(order_customer_ids), 500)
        for key, value in db.execute(
            select(Customer.id, Customer.name).where(Customer.id.in_(order_customer_ids[start : start + 500]))
        )
    }
    return {order.id: customer_values.get(order.customer_id) for order in orders}
