from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


async def read(db):
    customers = (await db.scalars(select(Customer))).all()
    order_counts = dict(
        (
            await db.execute(
                select(Order.customer_id, func.count(Order.id))
                .where(Order.customer_id.in_({c.id for c in customers}))
                .group_by(Order.customer_id)
            )
        ).all()
    )
    return [
        {'name': c.name, 'orders': order_counts.get(c.id, 0)}
        for c in customers
    ]
