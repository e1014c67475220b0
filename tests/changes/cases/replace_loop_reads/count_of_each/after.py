from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    customers = db.scalars(select(Customer)).all()
    out = []
    customer_ids = list({customer.id for customer in customers})
    order_counts = {
        key: value
        for start in range(0, len(customer_ids), 500)
        for key, value in db.execute(
            select(Order.customer_id, func.count())
            .select_from(Order)
            .where(Order.customer_id.in_(customer_ids[start : start + 500]))
            .group_by(Order.customer_id)
        )
    }
    for customer in customers:
        count = order_counts.get(customer.id, 0)
        out.append({'name': customer.name, 'orders': count})
    return out
