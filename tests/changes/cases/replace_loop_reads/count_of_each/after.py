from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    customers = db.scalars(select(Customer)).all()
    out = []
    order_counts = dict(
        db.execute(
            select(Order.customer_id, func.count())
            .select_from(Order)
            .where(Order.customer_id.in_({customer.id for customer in customers}))
            .group_by(Order.customer_id)
        ).all()
    )
    for customer in customers:
        count = order_counts.get(customer.id, 0)
        out.append({'name': customer.name, 'orders': count})
    return out
