from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


async def read(db):
    customers = (await db.scalars(select(Customer))).all()
    return [
        {'name': c.name, 'orders': (await db.execute(select(func.count(Order.id)).where(Order.customer_id == c.id))).scalar_one()}
        for c in customers
    ]
